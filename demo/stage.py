"""The stage of the demo: the embedded AWS as a process of its own, and rekeyer run against it as a person would. Standard library only."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE = 120


class StageError(Exception):
    pass


class Stage:
    """Starts `rekeyer sandbox serve` and keeps everything of the demo in one folder."""

    def __init__(self, program: Path, folder: Path, *shape: str):
        self.program, self.folder = program, folder
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "runs").mkdir(parents=True)
        self._runs = 0
        self._ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        with open(folder / "sandbox.log", "w") as log:
            self._server = subprocess.Popen(
                [str(program), "sandbox", "serve", "--port", "0", "--victims-of", str(os.getpid()), *shape], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                text=True, env=self._environment(), preexec_fn=_end_with_parent,
            )
        self.url = self._server.stdout.readline().strip()
        if not self.url.startswith("http://127.0.0.1:"):
            self.close()
            raise StageError(f"the sandbox did not start; see {folder / 'sandbox.log'}")
        self.world = self.control("introduction")

    def close(self) -> None:
        self._server.terminate()
        self._server.communicate(timeout=20)

    @staticmethod
    def _environment() -> dict:
        """This process's, without what would lead to a real AWS."""
        return {name: value for name, value in os.environ.items() if not (name.startswith("AWS_") or name.lower().endswith("_proxy"))}

    # --- the embedded AWS

    def control(self, what: str, **body):
        request = urllib.request.Request(f"{self.url}/_sandbox/{what}", json.dumps(body).encode() if body else None)
        try:
            with self._ask(request, timeout=PATIENCE) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as problem:
            raise StageError(f"{what}: {problem.read().decode()}") from None
        except OSError as problem:
            raise StageError(f"{what}: {problem}; see {self.folder / 'sandbox.log'}") from None

    def day(self, number: float) -> None:
        self.control("clock", days=number)

    def minutes(self, count: float) -> None:
        self.control("clock", advance=60 * count)

    def use(self, key: str) -> None:
        """Somebody works with the key: its last use was a quarter of an hour ago."""
        self.control("key", id=key, used=0.01)

    # --- rekeyer

    def _caller_environment(self) -> dict:
        caller = self.world["caller"]
        return {
            **self._environment(), "AWS_ACCESS_KEY_ID": caller["key"], "AWS_SECRET_ACCESS_KEY": caller["secret"], "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.url, "HOME": str(self.folder),
        }

    def run(self, *words: str) -> "Run":
        """Runs rekeyer to its end and keeps what it printed; the sandbox knows its process, for the fault that kills it."""
        process = subprocess.Popen(
            [str(self.program), *words, "--config", str(self.folder / "rekeyer.toml")], cwd=self.folder, env=self._caller_environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        begun = time.monotonic()
        try:
            self.control("victim", pid=process.pid)
            out, err = process.communicate(timeout=PATIENCE)
        except (StageError, subprocess.TimeoutExpired) as problem:
            process.kill()
            process.communicate()
            raise StageError(f"rekeyer {' '.join(words)}: {problem}") from None
        self._runs += 1
        name = self.folder / "runs" / f"{self._runs:02}-{words[0]}"
        name.with_suffix(".out").write_text(out)
        name.with_suffix(".log").write_text(err)
        return Run(process.returncode, out, err, time.monotonic() - begun)

    def written(self) -> str:
        """All that rekeyer and the sandbox have printed, but for the hints that show the caller's own credentials."""
        return "".join(path.read_text(errors="replace") for path in sorted((self.folder / "runs").iterdir()))


class Run:
    """One finished run of rekeyer."""

    def __init__(self, code: int, out: str, err: str, seconds: float):
        self.code, self.out, self.err, self.seconds = code, out, err, seconds
        try:
            self.report = json.loads(out)
        except ValueError:
            self.report = {"accounts": [], "actions": []}

    def actions(self, **wanted) -> list:
        return [action for action in self.report["actions"] if all(action.get(name) == value for name, value in wanted.items())]

    def summary(self) -> str:
        """The closing sentence on standard error."""
        return next((line for line in self.err.splitlines() if " users in " in line), self.err.strip())


def _end_with_parent() -> None:
    """In the child: a demo that is killed takes its sandbox with it (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
