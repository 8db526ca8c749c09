"""An embedded AWS in a process of its own, served by a given binary: its worlds loaded and dumped whole, its clock set, its records read."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "contract"))

from backends import LabError, end_with_parent  # noqa: E402


class Served:
    def __init__(self, program: Path):
        command = [str(program), "sandbox", "serve", "--port", "0", "--accounts", "1", "--users", "0", "--quiet", "--victims-of", str(os.getpid())]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=end_with_parent)
        self.url = self._process.stdout.readline().strip()
        if not self.url.startswith("http://127.0.0.1:"):
            self._process.kill()
            raise LabError(f"{program} does not serve a sandbox")
        self._connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=120)

    def close(self) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()

    def control(self, what: str, **body):
        self._connection.request("POST" if body else "GET", f"/_sandbox/{what}", json.dumps(body) if body else None, {"Content-Type": "application/json"})
        reply = self._connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise LabError(f"{what}: {text.decode()}")
        return json.loads(text)

    def load(self, world: dict, seed: int) -> dict:
        """Puts that world up; what it leaves open, and what this world's AWS draws from then on, comes from `seed`. What a client must know of it."""
        self.control("seed", seed=seed)
        return self.control("world", **world)

    def world(self) -> dict:
        return self.control("world")

    def go_to(self, epoch: float) -> None:
        self.control("clock", advance=epoch - self.control("clock")["epoch"])

    def taken(self, record: str):
        """calls, mails or events since they were last taken."""
        return self.control(record, clear=True)
