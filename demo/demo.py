#!/usr/bin/env python3
"""An organization's keys, rotated before your eyes: 12 accounts, 300 users, a month and a half, on an AWS inside this machine.

usage: python3 demo/demo.py [--folder build/demo] [--fast]      ($REKEYER names the binary; default: the release build)
Exits with 1 if anything does not go as told.
"""

import argparse
import collections
import json
import os
import sys
import textwrap
import time
from pathlib import Path

from narrator import COLOUR, Narrator, paint
from organization import ROLE, Organization, People
from stage import Run, Stage, StageError

ROOT = Path(__file__).resolve().parent.parent
# 297 users are drawn, and three are put among them whose keys the story follows.
SHAPE = ("--seed", "17", "--accounts", "12", "--users", "297")
FOLLOWED = {"payments-api": 91, "ci-build": 92, "reports": 70}
CHANGES = ("rotate", "deactivate", "delete", "recover")
#: nobody else calls this IAM, so there is nobody to leave half of it to
CONFIGURATION = '[organization]\nmember_role = "rekeyer-member"\n\n[policy]\nrotation_period = "90d"\n\n[limits]\niam_share = 1\n'


def short(path: Path) -> str:
    """As one would type it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


class Story:
    """What happens, day by day."""

    def __init__(self, stage: Stage, narrator: Narrator):
        self.stage, self.say = stage, narrator
        (stage.folder / "rekeyer.toml").write_text(CONFIGURATION)
        self.team = max(self.look().in_scope(), key=lambda account: len(account.get("users", [])))["id"]
        self.old_keys = {}
        for name, age in FOLLOWED.items():
            user = {"name": name, "tags": {"owner": f"{name}@example.com"}, "keys": [{"age": age, "used": 0.1}]}
            (self.old_keys[name],) = stage.control("user", account=self.team, user=user)["keys"]
        self.people = People(self.look())

    def tell(self) -> None:
        self.opening()
        self.day_0_plan()
        self.day_0_apply()
        self.day_10()
        self.day_20()
        self.days_21_to_45()
        self.ending()

    # --- looking at the world, and letting its people work

    def look(self) -> Organization:
        return Organization(self.stage.control("world"))

    def keys(self, name: str) -> dict:
        return self.look().keys(self.team, name)

    def status(self, name: str) -> str:
        """Of the key that the user had on day 0: Active, Inactive or gone."""
        return self.keys(name).get(self.old_keys[name], "gone")

    def new_day(self, number: float, stay: tuple = ()) -> None:
        self.stage.day(number)
        for key in self.people.work(self.look(), stay):
            self.stage.use(key)

    def apply(self, show: bool = True) -> Run:
        if show:
            self.say.command("rekeyer apply --yes")
        run = self.stage.run("apply", "--yes", "--format", "json")
        if show and run.code >= 0:
            self.say.lines(run.summary())
            self.say.census(self.look().census())
        return run

    # --- the days

    def opening(self) -> None:
        stage, say = self.stage, self.say
        say.chapter("An organization on an AWS of its own")
        say.command(f"rekeyer sandbox serve {' '.join(SHAPE)}")
        say.lines(stage.url)
        world = self.stage.control("world")
        people = sum(len(account.get("users", [])) for account in world["accounts"]) - 1  # without the one that rekeyer runs as
        say.tell(
            f"{len(world['accounts'])} accounts, {people} users, keys of all ages. It checks signatures, rights, limits and tokens as AWS does; "
            "nothing leaves this machine."
        )
        say.check(len(world["accounts"]) == 12 and people == 300, "12 accounts and 300 users are there")
        say.census(self.look().census())

    def day_0_plan(self) -> None:
        stage, say = self.stage, self.say
        say.chapter("Day 0: look, and change nothing")
        say.command("rekeyer plan")
        run = stage.run("plan", "--color", "on" if COLOUR else "off")
        say.lines(run.out, 11)
        say.lines(run.summary())
        calls = [call for call in stage.control("calls") if not call["lab"]]
        say.check(bool(calls) and not any(call["changing"] for call in calls), f"{len(calls)} calls to AWS, none of which changes anything")

    def day_0_apply(self) -> None:
        stage, say = self.stage, self.say
        say.chapter("Day 0: do what is due")
        run = self.apply()
        rotated = run.actions(action="rotate", status="done")
        say.tell(
            f"{len(rotated)} keys got a successor in {run.seconds:.0f} s: issued, stored in Secrets Manager, verified, published. The old ones "
            "still work, and their owners have ten days to switch. Keys that nobody ever used, or left idle beside another, are switched off."
        )
        issued = self.look().issued()
        say.check(len(rotated) > 20 and len(issued) == len(rotated) and all(issued.values()), "every new key's secret is stored, and is the right one")
        say.check(
            all(sorted(self.keys(name).values()) == ["Active", "Active"] for name in ("payments-api", "ci-build")),
            "payments-api and ci-build have two working keys now, the old one and the new one"
        )
        say.check(len(self.keys("reports")) == 1, "reports, whose key is 70 days old, was left alone")
        denied = [account["name"] for account in run.report["accounts"] if account["status"] == "denied"]
        say.check(run.code == 1 and len(denied) == 1, f"an account that can't be entered is no silence but exit code 1: {', '.join(denied)}")

    def day_10(self) -> None:
        stage, say = self.stage, self.say
        say.chapter("Day 10: the old keys retire, unless they are still in use")
        for account in self.look().without_role():
            stage.control("role", account=account, role={"name": ROLE})
        self.new_day(10.01, stay=("payments-api",))
        say.tell("All owners have installed their new keys, but one: payments-api. And the role is deployed to the account that lacked it.")
        run = self.apply()
        say.check(run.code == 0, "every account can be entered now")
        say.check(self.status("ci-build") == "Inactive", "ci-build has switched: its old key is off, and can be switched on again for ten days")
        say.check(self.status("payments-api") == "Active", "payments-api works with its old key still: held, not cut")
        say.command("rekeyer explain --account … --user payments-api")
        explained = stage.run("explain", "--account", self.team, "--user", "payments-api").out.splitlines()
        decision = next((number for number, line in enumerate(explained) if line.startswith("Decision")), 0)
        say.lines("\n".join(explained[decision:decision + 4]))

    def day_20(self) -> None:
        stage, say = self.stage, self.say
        say.chapter("Day 20: kill -9 in the worst of moments")
        self.new_day(20.05, stay=("payments-api",))
        say.tell("The key of reports is 90 days old. The run is killed right after AWS has issued the new one, before its secret could be stored.")
        stage.control("faults", add=[{"op": "CreateAccessKey", "match": "UserName=reports", "when": "after", "kind": "signal", "signal": 9}])
        run = self.apply()
        say.check(run.code == -9, "the run is dead")
        orphans = set(self.keys("reports")) - {self.old_keys["reports"]}
        say.check(
            len(orphans) == 1 and not any(self.look().issued().get(key, True) for key in orphans),
            f"a key exists whose secret nobody has: {', '.join(orphans)}"
        )
        say.tell("Before it asked for the key, it had written down that it would. A quarter of an hour later its lease is over, and the next run tidies up:")
        stage.control("faults", clear=True)
        stage.minutes(16)
        run = self.apply()
        say.check(
            bool(run.actions(action="recover", user="reports", status="done")) and {self.keys("reports").get(key) for key in orphans} == {"Inactive"},
            "it found the note, and switched the useless key off"
        )
        say.tell(f"{len(run.actions(action='recover', status='done'))} users were in the middle of a rotation; each was finished or undone.")
        say.check(self.status("reports") == "Active", "the key that reports works with was never touched")
        say.check(all(self.look().issued().values()), "no key of rekeyer's making works anywhere without being stored")
        say.check(self.status("ci-build") == "gone", "the old key of ci-build is deleted, ten days after it was switched off")

        self.new_day(21.2, stay=("payments-api",))
        self.apply(show=False)
        self.apply(show=False)
        keys = self.keys("reports")
        say.check(not orphans & set(keys) and len(keys) == 2, "a day later the useless key is deleted, and reports gets one that is stored")

    def days_21_to_45(self) -> None:
        say = self.say
        say.chapter("Day 21 to 45: payments-api switches at last, and all comes to rest")
        say.check(self.status("payments-api") == "Active", "day 21: the old key of payments-api is held still")
        self.new_day(21.5)
        self.new_day(25.1)
        self.apply(show=False)
        say.check(self.status("payments-api") == "Inactive", "day 25: idle for three days, so it is switched off")
        for day in (28, 32, 35.5, 40):
            self.new_day(day)
            self.apply(show=False)
        say.check(self.status("payments-api") == "gone", "day 35: deleted")
        self.new_day(45)
        self.apply()
        self.apply(show=False)  # what the first one has made room for
        self.new_day(45)

    def ending(self) -> None:
        stage, say = self.stage, self.say
        say.chapter("Day 45: nothing is due")
        say.command("rekeyer plan --ids --exit-code")
        run = stage.run("plan", "--ids", "--exit-code", "--format", "json")
        say.lines(run.summary())
        due = [action for action in run.actions(status="planned") if action["action"] in CHANGES]
        say.check(run.code == 0 and not due, "exit code 0: nothing is due")
        self.check_overdue(run)
        say.check(not self.people.stranded, f"all {len(self.people)} users who worked with a key could do so on every day")
        secrets, written = stage.control("known_secrets"), stage.written()
        leaks = [secret for secret in secrets if secret in written]
        say.check(len(secrets) > 300 and not leaks, f"none of {len(secrets)} secrets and session tokens is in anything that rekeyer printed")
        say.check(stage.control("violations") == [], "rekeyer never asked for a stored secret's value")

    def check_overdue(self, plan: Run) -> None:
        """Keys that are still old must each have a reason, and rekeyer must say it."""
        world = self.look()
        by_key = {action["key"]: action for action in plan.actions(status="held")}
        exempt = {(action["account"], action["user"]) for action in plan.actions(action="exempt")}
        why = collections.Counter()
        for account, user, key in world.overdue():
            if (account, user) in exempt:
                why["exempt"] += 1
            elif key in by_key:
                why["held: " + by_key[key]["reason"]] += 1
            else:
                why["replaced a few days ago" if world.replaced(account, user) else "unexplained"] += 1
        told = ", ".join(f"{count} {reason}" for reason, count in why.most_common())
        self.say.check(why.total() > 0 and not why["unexplained"], f"{why.total()} keys are older than 90 days still, each for a reason: {told}")


def farewell(stage: Stage, team: str) -> None:
    world = stage.folder / "world.json"
    world.write_text(json.dumps(stage.control("world"), indent=1))
    program, file, admin = short(stage.program), short(world), f"SANDBOXADMIN{stage.world['management']}"
    print("\n" + paint("1;36", "Look around"))
    print(textwrap.indent(textwrap.dedent(f"""\
        Everything is in {short(stage.folder)}/: the world as it is now, the configuration, what each run printed.
        Serve the world again, and ask it with the aws CLI:

          {program} sandbox serve --port 5000 --world {file} &
          export AWS_ENDPOINT_URL=http://127.0.0.1:5000 AWS_DEFAULT_REGION=us-east-1
          export AWS_ACCESS_KEY_ID={admin} AWS_SECRET_ACCESS_KEY=sandbox-administrator
          aws organizations list-accounts --query 'Accounts[].[Id,Name,State]' --output table
          export AWS_ACCESS_KEY_ID=SANDBOXADMIN{team}
          aws iam list-access-keys --user-name payments-api
          aws secretsmanager get-secret-value --secret-id Account_{team}_User_payments-api_AccessKey

        Play a policy forward on it, half a year in a second:

          {program} rehearse --world {file} --days 180
    """), "  "))


def play(stage: Stage, narrator: Narrator) -> None:
    story = Story(stage, narrator)
    story.tell()
    farewell(stage, story.team)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "demo", help="for all files; what is in it is removed first")
    parser.add_argument("--fast", action="store_true", help="no pauses")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(errors="replace")
    program = Path(os.environ.get("REKEYER", ROOT / "build" / "release" / "rekeyer")).resolve()
    if not program.is_file():
        print(f"demo: there is no {program}; run `make release`", file=sys.stderr)
        return 1
    begun = time.monotonic()
    narrator = Narrator(0 if arguments.fast or not sys.stdout.isatty() else 1.5)
    stage = None
    try:
        stage = Stage(program, arguments.folder.resolve(), *SHAPE)
        play(stage, narrator)
    except StageError as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if stage is not None:
            stage.close()
    verdict = paint("1;32", "all as told.") if not narrator.wrong else paint("1;31", f"{narrator.wrong} things were not as told.")
    print(f"45 days in {time.monotonic() - begun:.0f} seconds: {verdict}")
    return 1 if narrator.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
