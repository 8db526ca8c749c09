"""Runs the real binary against a lab, the way a person or a cron job would, and keeps all it printed."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CANDIDATES = ("build/dev/rekeyer", "build/release/rekeyer")


def binary() -> Path | None:
    """The program under test: $REKEYER, else the developer's build, else the release build."""
    if named := os.environ.get("REKEYER"):
        return Path(named).resolve()
    return next((ROOT / name for name in CANDIDATES if (ROOT / name).is_file()), None)


class Run:
    """One finished run."""

    def __init__(self, arguments, code, out, err, seconds):
        self.arguments, self.code, self.out, self.err, self.seconds = arguments, code, out, err, seconds

    @property
    def json(self) -> dict:
        try:
            return json.loads(self.out)
        except ValueError:
            raise AssertionError(f"standard output is not one JSON document\n{self}") from None

    def actions(self, **wanted) -> list:
        """The actions of the JSON output, filtered by members, as user="ann"; a set of values means any of them."""

        def fits(action):
            return all(
                action.get(k) in v if isinstance(v, (set, tuple)) else action.get(k) == v for k, v in wanted.items()
            )

        return [action for action in self.json["actions"] if fits(action)]

    def account(self, account: str) -> dict:
        found = [entry for entry in self.json["accounts"] if entry["id"] == account]
        if len(found) != 1:
            raise AssertionError(f"account {account} is listed {len(found)} times\n{self}")
        return found[0]

    def __str__(self) -> str:
        words = " ".join(map(str, self.arguments))
        return f"--- rekeyer {words}: exit {self.code} after {self.seconds:.1f} s\n--- stdout\n{self.out[-6000:]}\n--- stderr\n{self.err[-6000:]}"


def toml(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_name(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return json.dumps(value)


def _name(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() else json.dumps(key)


def document(sections: dict) -> str:
    """A rekeyer.toml from nested dictionaries; a list of dictionaries becomes an array of tables."""
    lines = []
    for section, members in sections.items():
        tables = members if isinstance(members, list) else [members]
        opener = f"[[{section}]]" if isinstance(members, list) else f"[{section}]"
        for table in tables:
            lines.append(opener)
            lines += [f"{_name(key)} = {toml(value)}" for key, value in table.items()]
            lines.append("")
    return "\n".join(lines)


class Rekeyer:
    """The binary with a folder of its own: configuration, home, and everything it prints."""

    def __init__(self, lab, sections=None, program=None):
        self.lab = lab
        self.program = program or binary()
        self.folder = Path(tempfile.mkdtemp(prefix="rekeyer-contract-"))
        self.runs = []
        self.environment = lab.caller_environment()
        self.configure(sections or {})

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def configure(self, sections) -> None:
        """Writes rekeyer.toml; a string is taken as it is. Without a map of accounts, the organization is swept."""
        if isinstance(sections, dict) and "accounts" not in sections:
            sections = {"organization": {}, **sections}
        self.config.write_text(sections if isinstance(sections, str) else document(sections))

    def few_attempts(self, attempts=3) -> None:
        """For faults that never end: back-off is slept in real time. How long it is is proved on a virtual clock, beside the C++ code."""
        self.environment["AWS_MAX_ATTEMPTS"] = str(attempts)

    @property
    def config(self) -> Path:
        return self.folder / "rekeyer.toml"

    def full_environment(self, extra=None) -> dict:
        kept = {
            name: os.environ[name] for name in (
                "PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TMPDIR"
            ) if name in os.environ
        }
        return {**kept, "HOME": str(self.folder), **self.environment, **(extra or {})}

    def command(self, *arguments, endpoint=True, config=True) -> list:
        words = [str(self.program), *map(str, arguments)]
        if config:
            words += ["--config", str(self.config)]
        if endpoint:
            words += ["--endpoint-url", self.lab.url]
        return words

    def start(self, *arguments, env=None, **more) -> subprocess.Popen:
        """Starts it and tells the lab its process id, for faults that send a signal."""
        process = subprocess.Popen(
            self.command(*arguments, **more), cwd=self.folder, env=self.full_environment(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
        )
        self.lab.victim(process.pid)
        return process

    def finish(self, process, timeout=120) -> Run:
        begun = time.monotonic()
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, err = process.communicate()
            err += f"\n(the test ended it after {timeout} s)"
        run = Run(process.args[1:], process.returncode, out, err, time.monotonic() - begun)
        self.runs.append(run)
        return run

    def run(self, *arguments, timeout=120, **more) -> Run:
        return self.finish(self.start(*arguments, **more), timeout)

    def plan(self, *arguments, **more) -> Run:
        return self.run("plan", "--format", "json", *arguments, **more)

    def apply(self, *arguments, **more) -> Run:
        return self.run("apply", "--yes", "--format", "json", *arguments, **more)

    def rotate(self, account, *users, **more) -> Run:
        options = more.pop("options", ())
        return self.run(
            "rotate", "--account", account, *(word for user in users for word in ("--user", user)), "--yes", "--format",
            "json", *options, **more,
        )

    def explain(self, account, user, *arguments, **more) -> Run:
        return self.run("explain", "--account", account, "--user", user, *arguments, **more)
