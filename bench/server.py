"""The server that everything is measured against: `rekeyer sandbox serve` on loopback, with stunnel before it where TLS is wanted."""

import collections
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import worlds
from place import Authority, BenchError, end_with_parent

PATIENCE = 300  # seconds: a world of a million users is read first


class Server:
    """One sandbox with one world; a context manager."""

    def __init__(self, rekeyer: Path, world_file: Path | None = None, generated: tuple = ()):
        words = ["--world", str(world_file)] if world_file else [str(word) for word in generated]
        self.process = subprocess.Popen(
            [str(rekeyer), "sandbox", "serve", "--port", "0", "--quiet", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")}, preexec_fn=end_with_parent,
        )
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http://127.0.0.1:"):
            self.stop()
            raise BenchError(f"`rekeyer sandbox serve {' '.join(words)}` did not start")
        self.caller = worlds.CALLER if world_file else self.read("introduction")["caller"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def read(self, name: str):
        with urllib.request.urlopen(f"{self.url}/_sandbox/{name}", timeout=PATIENCE) as reply:
            return json.load(reply)

    def control(self, name: str, **body):
        request = urllib.request.Request(f"{self.url}/_sandbox/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            return json.load(reply)

    def set_latency(self, seconds: float) -> None:
        self.control("options", latency=seconds)

    def forget_calls(self) -> None:
        self.control("calls", clear=True)

    def take_calls(self) -> tuple:
        """How often each operation was called since they were last forgotten, and how many calls were throttled."""
        calls, throttled = collections.Counter(), 0
        for call in self.control("calls", clear=True):
            calls[f"{call['service']}:{call['operation']}"] += 1
            code = call["code"] or ""
            throttled += "Thrott" in code or code == "TooManyRequestsException"
        return dict(sorted(calls.items())), throttled

    def peak_mb(self) -> float:
        """Of the server itself, so far."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise BenchError("the kernel does not say how much memory the server takes")

    def environment(self) -> dict:
        """What a client needs: the caller's credentials and the region."""
        return {
            "AWS_ACCESS_KEY_ID": self.caller["key"], "AWS_SECRET_ACCESS_KEY": self.caller["secret"], "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


class TlsFront:
    """stunnel before a server, with a certificate of a CA that is made for the run; a context manager."""

    def __init__(self, server: Server, folder: Path):
        program = shutil.which("stunnel4") or shutil.which("stunnel")
        if program is None:
            raise BenchError("stunnel4 is not installed: `make deps` does it")
        self.authority = Authority(folder / "authority", "IP:127.0.0.1")
        self.port = _free_port()
        settings = folder / "stunnel.conf"
        settings.write_text(
            f"foreground = yes\npid =\nsyslog = no\ndebug = warning\noutput = {folder / 'stunnel.log'}\n"
            f"[aws]\naccept = 127.0.0.1:{self.port}\nconnect = 127.0.0.1:{server.port}\n"
            f"cert = {self.authority.chain}\nkey = {self.authority.server_key}\n"
        )
        self.process = subprocess.Popen(
            [program, str(settings)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=end_with_parent
        )
        self._wait(folder)

    def _wait(self, folder: Path) -> None:
        for _ in range(200):
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        log = folder / "stunnel.log"
        raise BenchError("stunnel did not start\n" + (log.read_text() if log.exists() else ""))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict:
        return {"AWS_CA_BUNDLE": str(self.authority.certificate)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
