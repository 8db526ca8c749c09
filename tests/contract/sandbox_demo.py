"""Rehearses `make demo`: all goes as told, its files are where it says, its last words work when typed; and it says so where something is wrong."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from case import missing_needs
from printed import Shell, blocks
from rekeyer import ROOT, binary


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if why := missing_needs():
            raise unittest.SkipTest(why)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rekeyer-demo-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def play(self, program):
        return subprocess.run(
            [sys.executable, ROOT / "demo" / "demo.py", "--fast", "--folder", self.folder / "files"], env={
                **os.environ, "REKEYER": str(program), "PYTHONDONTWRITEBYTECODE": "1"
            }, capture_output=True, text=True, timeout=600, cwd=self.folder,
        )

    def changed_program(self, script):
        """The binary behind a shell script."""
        program = self.folder / "rekeyer"
        program.write_text(f'#!/bin/sh\nreal="{binary()}"\n{script}\n')
        program.chmod(0o755)
        return program

    def test_all_goes_as_told_and_the_last_words_work(self):
        done = self.play(binary())
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("all as told.", done.stdout.splitlines()[-1])
        self.assertGreater(done.stdout.count("  ok  "), 20)
        self.assertNotIn("WRONG", done.stdout)
        self.assertEqual(len(json.loads((self.folder / "files" / "world.json").read_text())["accounts"]), 12)
        farewell = done.stdout.partition("Look around")[2]
        with Shell(self, self.folder) as shell:
            printed = shell.run([command for block in blocks(farewell) for command in block])
        self.assertEqual(sum(command.startswith("aws ") for command in printed), 3, farewell)
        self.assertEqual(sum(" rehearse " in command for command in printed), 1, farewell)

    def test_it_says_so_when_a_run_does_nothing(self):
        done = self.play(self.changed_program('[ "$1" = apply ] && exit 0\nexec "$real" "$@"'))
        self.assertEqual((done.returncode, done.stderr), (1, ""), done.stdout)
        self.assertGreater(done.stdout.count("WRONG"), 8)
        self.assertIn("things were not as told.", done.stdout.splitlines()[-1])

    def test_it_says_so_when_there_is_no_sandbox(self):
        done = self.play(self.changed_program("exit 3"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("the sandbox did not start", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
