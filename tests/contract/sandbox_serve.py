"""`rekeyer sandbox serve` and `rekeyer sandbox generate` as a person meets them: one line on stdout, hints on stderr, a clean end."""

import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from case import missing_needs
from rekeyer import binary


class Served:
    """A sandbox of its own with these arguments."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [binary(), "sandbox", "serve", "--port", "0", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def call(self, what, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/_sandbox/{what}", data, headers), timeout=20) as reply:
            return json.load(reply)

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


class Serve(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if why := missing_needs():
            raise unittest.SkipTest(why)

    def refused(self, *arguments):
        done = subprocess.run([binary(), "sandbox", *map(str, arguments)], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        return done.stderr

    def test_stdout_is_the_url_and_stderr_tells_how_to_go_on(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Served("--accounts", 3, "--users", 5, "--seed", 7) as served:
                self.assertRegex(served.url, r"^http://127\.0\.0\.1:\d+$")
                made = served.call("introduction")
                code, out, err = served.end(number)
                self.assertEqual((code, out), (0, ""))
                self.assertIn(f"export AWS_ENDPOINT_URL={served.url}", err)
                self.assertIn(f"AWS_ACCESS_KEY_ID={made['caller']['key']}", err)
                self.assertIn(f"AWS_ACCESS_KEY_ID=SANDBOXADMIN{made['management']}", err)
                self.assertEqual(len(re.findall(r"^  aws ", err, re.M)), 3)

    def test_quiet_is_quiet(self):
        with Served("--quiet", "--accounts", 1, "--users", 0) as served:
            self.assertEqual(served.end(), (0, "", ""))

    def test_the_hints_work_as_printed(self):
        with Served("--accounts", 3, "--users", 30) as served, tempfile.TemporaryDirectory() as home:
            hints = []
            while not hints or "/clock" not in hints[-1]:
                hints.append(served.process.stderr.readline())
            exports = [line.strip().removeprefix("export ") for line in hints if line.startswith("  export ")]

            def run(exported, *words):
                environment = dict(pair.split("=", 1) for line in exported for pair in line.split())
                return subprocess.run(
                    words, capture_output=True, text=True, timeout=60, cwd=home, env={
                        "PATH": os.environ["PATH"], "HOME": home, **environment
                    },
                )

            done = run(exports[:2], binary(), "plan")
            self.assertIn(done.returncode, (0, 1), done.stderr)  # 1: a made-up account that denies us
            self.assertIn("ACCOUNT", done.stdout.upper())
            commands = [line.split()[1:] for line in hints if line.startswith("  aws ")]
            self.assertEqual(len(commands), 3)
            if importlib.util.find_spec("awscli") is None:
                self.skipTest("Python module awscli is not installed: its commands were not tried")
            for words in commands:
                done = run(exports[2:], sys.executable, "-m", "awscli", *words)
                self.assertEqual(done.returncode, 0, done.stderr)
                json.loads(done.stdout)

    def test_a_generated_file_is_served_and_a_dump_too(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "world.json"
            done = subprocess.run(
                [
                    binary(), "sandbox", "generate", "--seed", "3", "--accounts", "2", "--users", "9", "--out", file
                ], capture_output=True, text=True, timeout=20,
            )
            self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
            played = subprocess.run(
                [binary(), "rehearse", "--days", "2", "--world", file], capture_output=True, text=True, timeout=60, cwd=folder
            )
            self.assertEqual(played.returncode, 0, played.stderr)
            with Served("--world", file) as served:
                dumped = served.call("world")
                file.write_text(json.dumps(dumped))
            with Served("--world", file) as served:
                again = served.call("world")
            self.assertEqual({**again, "at": None}, {**dumped, "at": None})

    def test_the_same_seed_is_the_same_world(self):
        worlds = []
        for _ in range(2):
            with Served("--seed", 5, "--accounts", 2, "--users", 6) as served:
                worlds.append(served.call("introduction"))
        self.assertEqual({**worlds[0], "built": 0}, {**worlds[1], "built": 0})

    def test_days_ahead_sets_the_clock(self):
        with Served("--accounts", 1, "--users", 0) as now, Served("--accounts", 1, "--users", 0, "--days-ahead", 30) as later:
            self.assertAlmostEqual(later.call("clock")["epoch"] - now.call("clock")["epoch"], 30 * 86400, delta=10)

    def test_wrong_arguments_are_one_clear_error(self):
        self.assertIn("--port", self.refused("serve", "--port", "70000"))
        self.assertIn("loopback", self.refused("serve", "--port", "0", "--listen", "0.0.0.0"))
        self.assertIn("/nowhere/w.json", self.refused("serve", "--port", "0", "--world", "/nowhere/w.json"))
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{"accounts": [{"id": "111111111111", "users": [{"name": "ann", "keys": [{"agee": 3}]}]}]}')
            file.flush()
            self.assertIn("accounts[0].users[0].keys[0].agee", self.refused("serve", "--port", "0", "--world", file.name))
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            self.assertIn("can't listen", self.refused("serve", "--port", taken.getsockname()[1]))
        self.assertIn("--accounts", self.refused("generate", "--accounts", "0"))
        self.assertNotEqual(self.refused("nonsense"), "")

    def test_every_control_call_and_every_option_is_documented(self):
        text = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text("utf-8")
        with Served("--accounts", 1, "--users", 0) as served:
            names = [*served.call(""), *served.call("options")]
        self.assertLessEqual({"clock", "faults", "iam_page"}, set(names))
        self.assertEqual([name for name in names if f"`{name}`" not in text], [])

    def test_a_web_page_is_refused(self):
        with Served("--accounts", 1, "--users", 0) as served, self.assertRaises(urllib.error.HTTPError) as caught:
            served.call("ping", {}, Origin="https://example.com")
        self.assertEqual(caught.exception.code, 403)
        caught.exception.close()


if __name__ == "__main__":
    unittest.main()
