"""The two AWSs that the suites can run against: moto behind the lab's gateway, and rekeyer's own sandbox.

$REKEYER_LAB chooses: "moto" (the default) or "sandbox". A backend knows how its server is started and what its own calls and headers are
named; all else is the same, and where it is not, differences.py says so.
"""

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

from rekeyer import binary

CONTRACT = Path(__file__).resolve().parent


class LabError(Exception):
    pass


def _environment() -> dict:
    return {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}


class Moto:
    """moto in a process of the lab's own; see server.py."""

    name = "moto"
    control_prefix = "/__lab/"
    any_date, unseen = "x-lab-any-date", "x-lab-unseen"
    modules = ("moto", "boto3", "botocore")

    def start(self, log):
        """The process, and the URL at which it answers."""
        process = subprocess.Popen(
            [
                sys.executable, "-m", "lab.server"
            ], cwd=CONTRACT, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        first = process.stdout.readline().split()
        if len(first) != 2 or first[0] != "ready":
            process.kill()
            raise LabError("the lab did not start; run `python3 -m lab.server` in tests/contract to see why")
        return process, f"http://127.0.0.1:{first[1]}"

    @staticmethod
    def end(process) -> None:
        process.stdin.close()  # it ends with whoever started it


class Sandbox:
    """`rekeyer sandbox serve`, of the binary under test."""

    name = "sandbox"
    control_prefix = "/_sandbox/"
    any_date, unseen = "x-sandbox-any-date", "x-sandbox-unseen"
    modules = ("boto3", "botocore")

    def start(self, log):
        program = binary()
        if program is None:
            raise LabError("there is no rekeyer binary to serve the sandbox: build it, or set REKEYER")
        process = subprocess.Popen(
            [
                program, "sandbox", "serve", "--port", "0", "--accounts", "1", "--users", "0", "--quiet", "--victims-of", str(os.getpid())
            ], env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=end_with_parent
        )
        url = process.stdout.readline().strip()
        if not url.startswith("http://127.0.0.1:"):
            process.kill()
            raise LabError("the sandbox did not start; run `rekeyer sandbox serve` to see why")
        return process, url

    @staticmethod
    def end(process) -> None:
        process.send_signal(signal.SIGTERM)


def end_with_parent() -> None:
    """In the child: a suite that is killed takes its server with it (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


_BACKENDS = {backend.name: backend for backend in (Moto, Sandbox)}


def chosen_name() -> str:
    name = os.environ.get("REKEYER_LAB") or "moto"
    if name not in _BACKENDS:
        raise SystemExit(f"REKEYER_LAB is {name!r}; there are {', '.join(_BACKENDS)}")
    return name


def chosen():
    return _BACKENDS[chosen_name()]()
