#!/usr/bin/env python3
"""Runs one suite of the Terraform modules' tests: python3 tests/terraform/run.py test_documents | test_modules | test_examples[.SingleAccount]

test_documents needs nothing; the others need terraform, a mirror of the AWS provider (see terraform.py) and moto. What is missing is a skip that nobody can
overlook; with CI=true it is a failure.
"""

import importlib.util
import os
import sys
import unittest

import terraform

NEED_NOTHING = {"test_documents"}


def missing() -> str | None:
    for module in ("moto", "boto3", "flask"):
        if importlib.util.find_spec(module) is None:
            return f"Python module {module} is not installed"
    return terraform.missing()


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    suite = sys.argv[1]
    why = None if suite in NEED_NOTHING else missing()
    if why:
        print("*" * 100 + f"\n*** SKIPPED: {suite} did not run: {why}\n" + "*" * 100)
        print("terraform: 0 passed, 1 skipped")
        return 1 if os.environ.get("CI", "").lower() in ("1", "true", "yes") else 0
    tests = unittest.defaultTestLoader.loadTestsFromName(suite)
    if tests.countTestCases() == 0:
        print(f"no suite {suite}", file=sys.stderr)
        return 2
    return 0 if unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
