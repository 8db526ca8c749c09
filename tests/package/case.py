"""What the packaging tests share: the release binary, packages built into a scratch folder, needs that a machine may lack."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
#: the release build under test
BINARY = Path(os.environ.get("REKEYER") or ROOT / "build" / "release" / "rekeyer").resolve()
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


def needs(*programs):
    """Skips a class where the machine lacks a program; run.py shows each skip, and in CI makes it a failure."""
    missing = [program for program in programs if shutil.which(program) is None]
    return unittest.skipIf(missing, f"there is no {', '.join(missing)} here: run `make deps`")


class PackageTest(unittest.TestCase):
    """Gives every class a scratch folder, and a way to run the packaging scripts."""

    @classmethod
    def setUpClass(cls):
        cls._scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls._scratch.cleanup)
        cls.scratch = Path(cls._scratch.name)
        if not BINARY.is_file():
            raise unittest.SkipTest(f"there is no {BINARY}: run `make release`")

    @staticmethod
    def script(name, *arguments, environment=None):
        return subprocess.run(
            [ROOT / "scripts" / name, *map(str, arguments)], capture_output=True, text=True, env=os.environ | (environment or {})
        )

    @classmethod
    def built(cls, script, file, *arguments, environment=None) -> Path:
        out = cls.scratch / file
        done = cls.script(script, "--binary", BINARY, "--out", out, *arguments, environment=environment)
        if done.returncode != 0:
            raise AssertionError(f"{script} failed: {done.stderr}")
        return out

    def refused(self, script, *arguments, environment=None) -> str:
        """What a script says that must fail, and must leave no package."""
        out = self.scratch / "refused"
        done = self.script(script, "--out", out, *arguments, environment=environment)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertFalse(out.exists())
        self.assertEqual(done.stderr.count("\n"), 1, "one clear error")
        return done.stderr
