"""One world under one version of rekeyer: plays its days, and tells of each what was left, place by place."""

import collections
import copy
import datetime as dt
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "contract"))

import people  # noqa: E402
from alike import FOLDER_PREFIX, Names  # noqa: E402
from draw_settings import FILE, MANAGEMENT  # noqa: E402
from draw_world import Drawn, instant  # noqa: E402
from functions import Functions  # noqa: E402
from rekeyer import document  # noqa: E402
from served import Served  # noqa: E402

#: A day lasts eleven minutes longer than a day, and all of its runs begin within ten: so no run ever looks at the very minute at which something that
#: an earlier one did falls due, whatever the period, and what is due does not hang on the seconds of a run.
DAY = dt.timedelta(days=1, minutes=11)
TELLING = {"ListTagsForResource", "GetAlternateContact", "SendEmail", "Publish", "PutEvents"}
#: a line of the log
LOGGED = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z (?:warn|error|info) ")
#: minutes of a day
PLAN, APPLY, EXPLAIN, ROTATE, RELOCK, ADOPT, FUNCTIONS, NOTIFY, DOCTOR, REHEARSE = range(10)
FAULTS = ("error", "throttle", "deny", "html", "garbage", "cut", "truncate", "signal")
STRUCK = (
    "changing", "changing", "CreateAccessKey", "PutSecretValue", "UpdateSecretVersionStage", "TagResource", "PutResourcePolicy", "UpdateAccessKey", "DeleteAccessKey", "CreateSecret",
    "GetAccessKeyLastUsed", "ListAccessKeys", "DescribeSecret", "ListSecrets", "GetCredentialReport", "GetAccountAuthorizationDetails", "AssumeRole", "SendEmail", "ListAccounts",
)


class Player:
    def __init__(self, program: Path, server: Path, drawn: Drawn, draws: int = 0):
        """`draws`: so many ids AWS has drawn for others before each day."""
        self.program, self.drawn, self.draws, self.names = program, drawn, draws, Names()
        self.served = Served(server)
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
        self.functions = Functions(program, self.folder)
        self.names.places = {self.served.url.removeprefix("http://"): "<sandbox>"}
        self.world, self.told = copy.deepcopy(drawn.world), []
        self.unordered = set()  # places of which only the lines are compared
        self.commands = self.calls = self.mails = 0
        self.kinds = collections.Counter()  # of rows in JSON: what the worlds are rich in

    def close(self) -> None:
        self.functions.close()
        self.served.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def rewind(self) -> None:
        """To before the day that was played last."""
        self.world, self.names = self.before

    def follow(self, other: "Player") -> None:
        """Goes on from the other's world: a difference is told once, and not again on every day that comes of it."""
        places = self.names.places
        self.world, self.names = copy.deepcopy(other.world), other.names.copy()
        self.names.places = places

    # --- a day

    def play(self, day: int) -> list:
        """(place, text) for everything that the day left."""
        self.before = copy.deepcopy(self.world), self.names.copy()
        self.now, self.told = self.drawn.begin + day * DAY, []
        morning = self._morning(day)
        self._runs(day, random.Random(f"runs {self.drawn.seed} {day}"))
        calls, messages, events = (self.served.taken(record) for record in ("calls", "mails", "events"))
        self.world = self.served.world()
        self.names.learn(self.world)
        for call in calls:
            session = call["input"].get("RoleSessionName", "") if call["operation"] == "AssumeRole" else ""
            self.names.ran(session.removeprefix("rekeyer-"), "<run>")
        self._tell("calls", "\n".join(_in_order(calls) if self.drawn.orderly else _counted(calls)))
        self._messages(messages, events)
        self.calls, self.mails = self.calls + len(calls), self.mails + len(messages["mails"])
        self._tell("world", _change(morning, self.names.lines(self.world)))
        self._tell("keys", "\n".join(sorted(f"{event['account']}/{event['user']} {event['key']} {event['what']} by {event['by']}" for event in self.world.get("key_events", []))))
        # Names are known only at the end of the day.
        return [(f"day {day:03} {place}", self._comparable(place, self.names.document(text))) for place, text in self.told]

    def _comparable(self, place: str, text: str) -> str:
        return "\n".join(sorted(text.splitlines())) if place in self.unordered else text

    def _morning(self, day: int) -> list:
        self.world["at"], self.world["key_events"] = instant(self.now), []
        if day:
            people.Day(self.drawn, day, self.world, self.now).live()
        made = self.served.load(self.world, self.drawn.seed * 1000 + day)
        for _ in range(self.draws):
            self.served.control("user", account=MANAGEMENT, user={"name": "passer-by"})
            self.served.control("user", account=MANAGEMENT, remove="passer-by")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "AWS_ACCESS_KEY_ID": made["caller"]["key"], "AWS_SECRET_ACCESS_KEY": made["caller"]["secret"],
            "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": self.served.url, "AWS_MAX_ATTEMPTS": "3",
        }
        loaded = self.served.world()
        self.names.learn(loaded)
        if day in self.drawn.settings:
            (self.folder / "rekeyer.toml").write_text(document(self.drawn.settings[day]))
            self._run(None, "config", "check")
            self._run(None, "permissions", "--all")
        return self.names.lines(loaded)

    def _runs(self, day: int, draw) -> None:
        format_of = draw.choice(("json", "json", "table", "csv"))
        self._run(PLAN, "plan", "--format", draw.choice(("json", "table", "csv")), *draw.choice(((), (), ("--all",), ("--exit-code",), ("--at", "+30d"))))
        self._disturb(draw)
        if draw.random() < 0.04:
            self._distributed(day)
        else:
            self._run(APPLY, "apply", "--yes", "--format", format_of, *draw.choice(((), (), (), ("--all",), ("--max-changes", "1") if self.drawn.orderly else ())))
        self.served.control("faults", clear=True)
        if draw.random() < 0.15:
            self._explain(draw)
        if draw.random() < 0.03:
            self._rotate(draw)
        if day - 1 in self.drawn.settings or draw.random() < 0.01:
            self._run(RELOCK, "relock", *draw.choice((("--yes",), ("--plan",))), "--format", format_of)
        if day in (1, 2) and self.drawn.seed % 3 == 0:
            self._run(ADOPT, "adopt", "--before", str((self.drawn.begin + dt.timedelta(days=1)).date()), "--yes", "--no-wait", "--format", format_of)
        if draw.random() < 0.03:
            self._run(NOTIFY, "plan", "--notify", "--format", format_of)
        if day == 5 + self.drawn.seed % 50:
            self._run(DOCTOR, "doctor", "--format", draw.choice(("json", "table")))
            self._run(REHEARSE, "rehearse", "--from-organization", "--days", "60", "--every", "week", "--format", draw.choice(("json", "table", "csv")))
            self._run(REHEARSE, "notify", "preview", "--stage", draw.choice(("rotated", "deactivated", "deletion-soon")))

    def _disturb(self, draw) -> None:
        if self.drawn.faulty and draw.random() < 0.5:
            self.served.control("faults", add=[self._fault(draw) for _ in range(draw.choice((1, 1, 2)))])

    def _fault(self, draw) -> dict:
        rule = {"op": draw.choice(STRUCK), "kind": draw.choice(FAULTS), "when": draw.choice(("before", "after")), "skip": draw.choice((0, 0, 1, 2, 5)), "times": draw.choice((1, 1, 2, 5))}
        service, for_all = draw.choice(("iam", "secretsmanager")), draw.choice(("error", "deny"))
        # Mails are sent at once, whatever the limits: a fault strikes all of them, or it strikes any.
        if rule["op"] == "SendEmail":
            return {**rule, "kind": for_all, "skip": 0, "times": 0}
        if rule["op"] == "changing":
            rule["service"] = service
        if rule["kind"] == "signal":
            rule["times"] = 1  # whoever comes next is another process
        return rule

    def _some_user(self, draw):
        found = [(account["id"], user["name"]) for account in self.world["accounts"] if account["id"] in self.drawn.members for user in account.get("users", [])]
        return draw.choice(found)

    def _explain(self, draw) -> None:
        account, user = self._some_user(draw)
        self._run(EXPLAIN, "explain", "--account", account, f"--user={user}", "--format", draw.choice(("json", "table")))

    def _rotate(self, draw) -> None:
        account, user = self._some_user(draw)
        self._run(ROTATE, "rotate", "--account", account, f"--user={user}", "--yes", "--format", "json", *draw.choice(((), ("--deactivate-now",))))

    def _distributed(self, day: int) -> None:
        """A run over the functions, as the state machine makes it."""
        self._at(FUNCTIONS)
        for name, text in self.functions.run(f"d{day}", self.environment, self.served):
            self._tell(f"function {name}", text)

    # --- what they are made of

    def _at(self, minute: int) -> None:
        self.served.go_to((self.now + dt.timedelta(minutes=minute)).timestamp())

    def _run(self, minute: int | None, *arguments) -> None:
        if minute is not None:
            self._at(minute)
        process = subprocess.Popen([str(self.program), *arguments], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.served.control("victim", pid=process.pid)
        try:
            out, err = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        self.commands += 1
        name = " ".join(arguments[:2] if arguments[0] in ("config", "notify") else arguments[:1])
        self._tell(f"{name} exit code", str(process.returncode))
        self._tell(f"{name} stdout", out.decode())
        self._count_rows(out)
        self._tell(f"{name} stderr", _log_sorted(err.decode()))
        file = self.folder / FILE
        if file.exists():
            self._tell_people(f"{name} file", [file.read_text()])
            file.unlink()

    def _count_rows(self, out: bytes) -> None:
        try:
            rows = json.loads(out)["actions"]
        except (ValueError, KeyError, TypeError):
            return
        self.kinds.update(f"{row['action']}/{row['reason']}/{row['status']}" for row in rows)

    def _tell(self, place: str, text: str) -> None:
        self.told.append((place, text))

    def _messages(self, messages: dict, events: list) -> None:
        # In the order in which they were sent, which is no owner's concern: by whom they are for.
        for mail in sorted(messages["mails"], key=lambda mail: (mail["to"], mail["subject"], self.names.text(mail["text"]))):
            head = {name: value for name, value in mail.items() if name not in ("id", "at", "text", "html", "raw")}
            self._tell_people(f"mail to {', '.join(mail['to'])}", [str(head), mail["text"], mail["html"], mail.get("raw", "")])
        self._tell_people("published", [f"{message['subject']}\n{message['message']}\n{message['attributes']}" for message in messages["published"]])
        self._tell_people("events", [str({name: value for name, value in event.items() if name not in ("id", "at", "time")}) for event in events])

    def _tell_people(self, place: str, texts: list) -> None:
        """What a mail tells of goes by the instant at which it falls due, and that by which of several users was worked on first."""
        self._tell(place, "\n".join(texts))
        if not self.drawn.orderly:
            self.unordered.add(place)


def _called(call: dict) -> str:
    return " ".join(filter(None, (call["account"] or "nobody", f"{call['service']}:{call['operation']}", str(call["status"]), call["code"], call["fault"])))


def _in_order(calls: list) -> list:
    """Owners are looked up and told at once, whatever the limits."""
    telling = [call for call in calls if call["operation"] in TELLING]
    return [*map(_called, (call for call in calls if call["operation"] not in TELLING)), *_counted(telling)]


def _counted(calls: list) -> list:
    """Several at once come in any order."""
    return [f"{what} × {number}" for what, number in sorted(collections.Counter(map(_called, calls)).items())]


def _log_sorted(text: str) -> str:
    """Warnings of what went on at once, in any order. (Mails always do.)"""
    lines = text.splitlines()
    logged = [number for number, line in enumerate(lines) if LOGGED.match(line)]
    for number, line in zip(logged, sorted((lines[number] for number in logged), key=lambda line: line.partition("Z ")[2]), strict=True):
        lines[number] = line
    return "\n".join(lines)


def _change(before: list, after: list) -> str:
    """What is no more and what is new, in the places' order."""
    gone, come = collections.Counter(before) - collections.Counter(after), collections.Counter(after) - collections.Counter(before)
    return "\n".join(sorted([*(f"{line}   (no more)" for line in gone.elements()), *(f"{line}   (new)" for line in come.elements())]))
