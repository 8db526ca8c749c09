"""Plays the organization day by day against a sandbox: its people work, its administrators do what they do, some version of rekeyer runs."""

import datetime as dt
import json
import os
import subprocess
import urllib.request
from pathlib import Path

import backends
from lab import Lab
from rekeyer import Rekeyer

from . import organization
from .organization import BEGIN, People


class Sandbox(backends.Sandbox):
    """Served by this very program, whatever version it is."""

    def __init__(self, program: Path):
        self.program = program

    def start(self, log):
        command = [str(self.program), "sandbox", "serve", "--port", "0", "--accounts", "1", "--users", "0", "--quiet"]
        if "--victims-of" in subprocess.run([*command[:3], "--help"], capture_output=True, text=True, check=True).stdout:
            command += ["--victims-of", str(os.getpid())]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=backends.end_with_parent
        )
        url = process.stdout.readline().strip()
        if not url.startswith("http://127.0.0.1:"):
            process.kill()
            raise backends.LabError(f"{self.program} does not serve a sandbox")
        return process, url


class Player:
    """A lab, a program, and where in its days the organization is. `lab` may be shared by several players."""

    def __init__(self, lab: Lab, program: Path | None = None, settings: dict | None = None):
        self.lab, self.people = lab, People()
        self.rekeyer = Rekeyer(lab, settings or organization.SETTINGS, program)

    def close(self) -> None:
        self.rekeyer.close()

    def dump(self) -> dict:
        """The world as it is now, as a world file."""
        with urllib.request.urlopen(f"{self.lab.url}{self.lab.backend.control_prefix}world", timeout=120) as reply:
            return json.load(reply)

    def go_to(self, day: float) -> None:
        """To that time after the first run, never back."""
        there = (BEGIN + dt.timedelta(days=day)).timestamp() - self.lab.now()
        if there > 0:
            self.lab.advance(seconds=there)

    def work(self, day: int) -> None:
        for key in self.people.keys_in_use(self.dump(), day):
            self.lab.control("key", id=key, used=0.01, service="s3")

    def apply(self, *arguments):
        return self.rekeyer.apply(*arguments)
