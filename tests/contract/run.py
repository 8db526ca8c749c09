#!/usr/bin/env python3
"""Runs the contract and end-to-end suites: python3 tests/contract/run.py [-k TEXT]… [--jobs N] [--list] [suite…]

Suites run as processes of their own, two at a time. The end is one line: `contract: N passed, N failed, N skipped`. Every skip is shown with
its reason; with CI=true in the environment a skip is a failure, so that nothing is left out unseen.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUITE_TIMEOUT = 900
# The longest first, so that the processes end at about the same time.
LONGEST = ["test_faults", "test_paging", "test_peer_defects", "test_crash", "test_life", "test_lab"]


def suites(names) -> list:
    found = sorted(path.stem for path in HERE.glob("test_*.py"))
    wanted = [Path(name).stem for name in names] or found
    unknown = set(wanted) - set(found)
    if unknown:
        raise SystemExit(f"no such suite: {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    return sorted(wanted, key=lambda name: (LONGEST.index(name) if name in LONGEST else len(LONGEST), name))


class Result(unittest.TestResult):
    """Keeps a test's outcome; a test with several failing subtests counts as one failure."""

    def __init__(self):
        super().__init__()
        self.passed, self.times = [], {}

    def startTest(self, test):
        super().startTest(test)
        self._begun = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        self.times[test.id()] = time.monotonic() - self._begun

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed.append(test.id())


def run_suite(name, patterns) -> dict:
    """In the child: one suite, its outcome as a dictionary."""
    sys.path.insert(0, str(HERE))
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns] or None
    result = Result()
    loader.loadTestsFromName(name).run(result)

    def identity(test):
        return getattr(test, "test_case", test).id()

    problems = [(test.id(), text) for test, text in result.errors + result.failures]
    failed = {identity(test) for test, _ in result.errors + result.failures}
    skipped = {identity(test): reason for test, reason in result.skipped}
    return {
        "passed": [test for test in result.passed if test not in failed and test not in skipped],
        "failed": sorted(failed), "problems": problems, "skipped": skipped, "times": result.times,
        "unexpected": [test.id() for test in result.unexpectedSuccesses],
    }


def child(name, patterns) -> dict:
    """In the parent: the suite in a process of its own."""
    command = [
        sys.executable, str(HERE / "run.py"), "--child", name,
        *(word for pattern in patterns for word in ("-k", pattern)),
    ]
    begun = time.monotonic()
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=SUITE_TIMEOUT)
        outcome = json.loads(done.stdout.splitlines()[-1])
        outcome["measured"] = [line for line in done.stdout.splitlines() if line.startswith("measured: ")]
    except (subprocess.TimeoutExpired, ValueError, IndexError) as problem:
        detail = f"{type(problem).__name__}: {problem}\n{getattr(locals().get('done'), 'stderr', '') or ''}"
        outcome = {
            "passed": [], "failed": [name], "problems": [(name, detail)], "skipped": {}, "times": {}, "unexpected": []
        }
    outcome["seconds"] = time.monotonic() - begun
    return outcome


def show(name, outcome, verbose) -> None:
    print(
        f"{name:24} {len(outcome['passed']):3} passed {len(outcome['failed']):3} failed {len(outcome['skipped']):3} skipped  {outcome['seconds']:6.1f} s",
        flush=True,
    )
    for test, text in outcome["problems"]:
        print(f"\nFAILED {test}\n{text}", flush=True)
    for line in outcome.get("measured", []):
        print(f"    {line}")
    if verbose:
        for test, seconds in sorted(outcome["times"].items(), key=lambda item: -item[1])[:5]:
            print(f"    {seconds:6.1f} s  {test}")


def missing() -> str | None:
    sys.path.insert(0, str(HERE))
    from case import missing_needs

    return missing_needs()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("suite", nargs="*")
    arguments.add_argument(
        "-k", action="append", default=[], metavar="TEXT", help="only tests whose name holds this text"
    )
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--list", action="store_true", help="list the suites")
    arguments.add_argument("-v", "--verbose", action="store_true", help="show each suite's slowest tests")
    arguments.add_argument("--child", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if named := os.environ.get("REKEYER"):
        os.environ["REKEYER"] = str(Path(named).resolve())  # the suites run in another folder
    if options.child:
        outcome = run_suite(options.child, options.k)
        print("\n" + json.dumps(outcome))
        return 0
    chosen = suites(options.suite)
    if options.list:
        print("\n".join(chosen))
        return 0
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    if why := missing():
        print("*" * 100 + f"\n*** SKIPPED: none of the contract tests ran: {why}\n" + "*" * 100)
        print(f"contract: 0 passed, {len(chosen) if in_ci else 0} failed, {0 if in_ci else len(chosen)} skipped")
        return 1 if in_ci else 0
    totals, skips = {"passed": 0, "failed": 0}, {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(child, name, options.k): name for name in chosen}
        for finished in concurrent.futures.as_completed(running):
            outcome = finished.result()
            if options.k and not (outcome["passed"] or outcome["failed"] or outcome["skipped"]):
                continue
            show(running[finished], outcome, options.verbose)
            totals["passed"] += len(outcome["passed"])
            totals["failed"] += len(outcome["failed"]) + len(outcome["unexpected"])
            skips.update(outcome["skipped"])
    for test, reason in sorted(skips.items()):
        print(f"SKIPPED {test}: {reason}")
    if skips and in_ci:
        print("CI: a skipped test is a failure here")
    print(f"contract: {totals['passed']} passed, {totals['failed']} failed, {len(skips)} skipped")
    nothing = totals["passed"] + totals["failed"] + len(skips) == 0
    if nothing:
        print("no test has that name")
    return 1 if totals["failed"] or nothing or (skips and in_ci) else 0


if __name__ == "__main__":
    sys.exit(main())
