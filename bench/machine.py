"""What the figures were measured on, and when."""

import os
import platform
import re
import subprocess
import time
from pathlib import Path

from place import ROOT


def _said_by(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _compiler(rekeyer: Path) -> str:
    """Of the build that the program is from, else the one that is installed."""
    cache = rekeyer.parent / "CMakeCache.txt"
    named = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", cache.read_text(), re.MULTILINE) if cache.exists() else None
    return _said_by(named.group(1) if named else "clang++-19", "--version").partition("\n")[0]


def described(rekeyer: Path) -> dict:
    facts = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", facts, re.MULTILINE)
    memory = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    return {
        "cpu": model.group(1) if model else platform.machine(), "cores": os.cpu_count(), "memory_gb": round(int(memory.group(1)) * 1024 / 1e9),
        "kernel": platform.release(), "compiler": _compiler(rekeyer), "python": platform.python_version(), "boto3": _boto3(),
        "rekeyer": _said_by(str(rekeyer), "--version"), "commit": _said_by("git", "rev-parse", "--short=10", "HEAD"),
        "changed": bool(_said_by("git", "status", "--porcelain", "--untracked-files=no")), "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load": load(),
    }


def _boto3() -> str:
    import boto3

    return boto3.__version__


def load() -> list:
    """Of the last minute, five, fifteen: more than the cores of this machine, and its times are somebody else's too."""
    return [round(value, 2) for value in os.getloadavg()]
