"""Commands that a document prints, run as a reader would type them: one shell, one sandbox for each that is served."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from rekeyer import binary

PRINTED_URL = re.compile(r"http://127\.0\.0\.1:\d+")
RAN = "printed-command-ran"


def section(document: str, title: str) -> str:
    """The text below a heading of a Markdown document, until the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^#{{1,2}} |\Z)", document, re.M | re.S)
    if not found:
        raise AssertionError(f"the document has no section `{title}`")
    return found.group(2)


def blocks(text: str) -> list:
    """The indented blocks, each as a list of commands; a line that ends with a backslash, a loop and a here-document go on in the next lines."""
    found, block = [], []
    for line in [*text.splitlines(), "end"]:
        if line.startswith("    "):
            if block and block[-1].endswith("\\"):
                block[-1] = block[-1][:-1] + line.strip()
            elif block and unfinished(block[-1]):
                block[-1] += "\n" + line[4:]
            else:
                block.append(line.strip())
        elif line.strip() and block:
            found.append(block)
            block = []
    return found


def unfinished(command: str) -> bool:
    """Does the command go on in the next line: a loop without its `done`, a here-document without its end?"""
    lines = command.splitlines()
    if here := re.search(r"<<'(\w+)'$", lines[0]):
        return lines[-1] != here.group(1)
    return lines[0].startswith("for ") and lines[-1] != "done"


def steps(text: str) -> list:
    """The numbered steps of a list, each as its indented lines in order: ("config", lines that belong into rekeyer.toml) or ("command", one)."""
    found = []
    for step in re.split(r"^(?=\d+\. )", text, flags=re.M)[1:]:
        parts, part = [], []
        for line in [*(line for block in blocks(step) for line in block), ""]:
            if re.match(r"\[|[a-z_]+ = ", line):
                part.append(line)
                continue
            if part:
                parts.append(("config", part))
                part = []
            if line:
                parts.append(("command", line))
        found.append(parts)
    return found


class Shell:
    """Runs commands as if in one shell, in a folder of its own, with `rekeyer` and `aws` in the path and nothing of AWS in the environment.

    What is served listens at a free port, and the commands that follow are led there.
    """

    def __init__(self, test, folder: Path):
        self._test, self._folder, self._servers, self._exports, self._url = test, folder, [], [], None
        tools = folder / "bin"
        tools.mkdir()
        for name, command in (("rekeyer", [str(binary())]), ("aws", [sys.executable, "-m", "awscli"])):
            (tools / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
            (tools / name).chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self._environment = {**kept, "PATH": f"{tools}:{kept['PATH']}", "HOME": str(folder), "AWS_PAGER": "", "PYTHONDONTWRITEBYTECODE": "1"}

    @property
    def url(self) -> str:
        """Of what is being served."""
        return self._url

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self._servers:
            server.kill()
            server.communicate()

    def run(self, commands: list) -> list:
        """Each must end well. Returns those that were run; `curl` is left out where there is none."""
        ran, batch = [], []
        for command in commands:
            if command.split()[0] == "curl" and not shutil.which("curl"):
                continue
            ran.append(command)
            if " sandbox serve" in command:
                self._run_batch(batch)
                batch = []
                self._serve([word for word in shlex.split(command, comments=True) if word != "&"])
            else:
                batch.append(command)
        self._run_batch(batch)
        return ran

    def _run_batch(self, batch: list) -> None:
        """In a shell that knows what earlier ones have exported; each command leaves a mark on standard error."""
        commands = self._exports + batch
        self._exports = [command for command in commands if command.startswith("export ")]
        script = "\n".join(["set -e", *(f"{self._aimed(command)}\necho {RAN} >&2" for command in commands)])
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=self._environment, cwd=self._folder, timeout=300)
        passed = done.stderr.count(RAN)
        failed = commands[passed] if passed < len(commands) else "(all ended well)"
        self._test.assertEqual((done.returncode, passed), (0, len(commands)), f"\n$ {failed}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")

    def _aimed(self, command: str) -> str:
        """At the sandbox that is being served; curl ends well only where the reply is a good one."""
        command = PRINTED_URL.sub(self._url or "", command)
        return re.sub(r"^curl ", "curl --fail-with-body --silent --show-error ", command)

    def _serve(self, words: list) -> None:
        """One sandbox at a time is what the commands mean; an earlier one gives way."""
        port = words.index("--port") if "--port" in words else None
        if port is not None:
            del words[port:port + 2]
        server = subprocess.Popen(
            [*words, "--port", "0", "--quiet"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self._environment, cwd=self._folder,
        )
        self._servers.append(server)
        self._url = server.stdout.readline().strip()
        self._test.assertRegex(self._url, PRINTED_URL, f"{words}: {self._url or server.stderr.read()}")
