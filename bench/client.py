"""One program run against a server and measured: wall time, CPU, peak memory, what it printed, and the calls that the server saw."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from place import MEASURED, BenchError, end_with_parent


@dataclass
class Measured:
    """What one run took. Seconds, and megabytes of 1,000,000 bytes."""

    wall: float
    user: float
    system: float
    peak_mb: float
    calls: dict = field(default_factory=dict)  # by operation, as "iam:ListAccessKeys"
    throttled: int = 0

    @property
    def cpu(self) -> float:
        return self.user + self.system

    @property
    def all_calls(self) -> int:
        return sum(self.calls.values())

    def as_json(self) -> dict:
        return {**asdict(self), "cpu": self.cpu, "all_calls": self.all_calls}


class Client:
    """Runs commands in a folder of its own with the caller's credentials and nothing else of this machine's settings."""

    def __init__(self, folder: Path, environment: dict):
        self.folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "ASAN_SYMBOLIZER_PATH") if name in os.environ}
        self.environment = {**kept, "HOME": str(folder), **environment}

    def run(self, server, command: list, timeout: float) -> tuple:
        """What it took, and its standard output."""
        server.forget_calls()
        result, out, err = (self.folder / name for name in ("measured.json", "stdout", "stderr"))
        with out.open("wb") as stdout, err.open("wb") as stderr:
            subprocess.run(
                [sys.executable, "-I", "-S", str(MEASURED), str(result), str(timeout), *map(str, command)], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, check=True, preexec_fn=end_with_parent,
            )
        taken = json.loads(result.read_text())
        words = " ".join(map(str, command))
        if taken["timed_out"]:
            raise BenchError(f"{words}: did not end within {timeout:.0f} s")
        if taken["exit"]:
            raise BenchError(f"{words}: exit code {taken['exit']}\n{err.read_text(errors='replace')[-3000:]}")
        calls, throttled = server.take_calls()
        measured = Measured(taken["wall"], taken["user"], taken["system"], taken["peak_kb"] * 1024 / 1e6, calls, throttled)
        return measured, out.read_text(encoding="utf-8")
