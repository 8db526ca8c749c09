"""What these tests need of the machine, and a runner that shows every skip: with CI=true a skip is a failure."""

import os
import shutil
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def program(name) -> str | None:
    """Beside this Python first: scripts/deps may have made an environment of its own."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.is_file() else shutil.which(name)


def binary() -> Path | None:
    """rekeyer: $REKEYER, else the developer's build, else the release build."""
    if named := os.environ.get("REKEYER"):
        return Path(named).resolve()
    return next((ROOT / name for name in ("build/dev/rekeyer", "build/release/rekeyer") if (ROOT / name).is_file()), None)


def run_suite(name) -> int:
    """Runs the tests of the module; the last line is `deploy: N passed, N failed, N skipped`."""
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    verbosity = 2 if "-v" in sys.argv else 1
    patterns = [f"*{word}*" for word in sys.argv[1:] if not word.startswith("-")]
    loader = unittest.TestLoader()
    loader.testNamePatterns = patterns or None
    result = unittest.TextTestRunner(verbosity=verbosity).run(loader.loadTestsFromModule(sys.modules[name]))
    for test, reason in result.skipped:
        print(f"SKIPPED {test}: {reason}")
    failed = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors})
    passed = result.testsRun - failed - len(result.skipped)
    print(f"deploy: {passed} passed, {failed} failed, {len(result.skipped)} skipped")
    if result.skipped and in_ci:
        print("CI: a skipped test is a failure here")
    return 1 if failed or passed <= 0 or (result.skipped and in_ci) else 0
