#!/usr/bin/env python3
"""Runs the packaging tests on the release build: python3 tests/package/run.py [-k TEXT]… [-v]

They build every package from build/release/rekeyer (or $REKEYER) and look into it: some twenty seconds. Every skip is shown with its
reason; with CI=true in the environment a skip is a failure. The end is one line: `package: N passed, N failed, N skipped`.
"""

import argparse
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from case import IN_CI  # noqa: E402


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("-k", action="append", default=[], metavar="TEXT", help="only tests whose name holds this text")
    arguments.add_argument("-v", "--verbose", action="store_true")
    options = arguments.parse_args()
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{text}*" for text in options.k] or None
    suite = loader.discover(str(HERE), "test_*.py", str(HERE))
    result = unittest.TextTestRunner(sys.stdout, verbosity=2 if options.verbose else 1).run(suite)
    for test, reason in result.skipped:
        print(f"SKIPPED {test.id()}: {reason}")
    if result.skipped and IN_CI:
        print("CI: a skipped test is a failure here")
    failed = len({test.id().split(" ")[0] for test, _ in result.failures + result.errors}) + len(result.unexpectedSuccesses)
    passed = max(0, result.testsRun - failed - len(result.skipped))
    print(f"package: {passed} passed, {failed} failed, {len(result.skipped)} skipped")
    if result.testsRun + len(result.skipped) == 0:
        print("no test has that name")
        return 1
    return 1 if failed or (result.skipped and IN_CI) else 0


if __name__ == "__main__":
    sys.exit(main())
