#!/usr/bin/env python3
"""Runs the contract and end-to-end suites: python3 tests/contract/run.py [--lab sandbox] [-k TEXT]… [--jobs N] [--list] [suite…]

Suites run as processes of their own, two at a time. The end is one line: `contract: N passed, N failed, N skipped`. Every skip is shown with
its reason; with CI=true in the environment a skip is a failure, so that nothing is left out unseen. Tests that differences.py names are
expected to fail against that backend.
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

import backends
from differences import DIFFERENCES

HERE = Path(__file__).resolve().parent
SUITE_TIMEOUT = 900
# The longest first, so that the processes end at about the same time.
LONGEST = ["test_faults", "test_failed_reads", "test_paging", "test_peer_defects", "test_crash", "test_notify_failures", "test_notify_life", "test_lambda_run", "moto_state_machine", "test_lambda_runtime", "test_life", "test_probe_cut", "test_probe", "sandbox_age", "sandbox_age_central", "test_lab"]


def suites(names) -> list:
    """Those for every backend (test_*.py) and the chosen backend's own (as sandbox_*.py)."""
    found = sorted(path.stem for kind in ("test", backends.chosen_name()) for path in HERE.glob(f"{kind}_*.py"))
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
    return sorted_by_expectation({
        "passed": [test for test in result.passed if test not in failed and test not in skipped],
        "failed": sorted(failed), "problems": problems, "skipped": skipped, "times": result.times,
        "unexpected": [test.id() for test in result.unexpectedSuccesses],
    })


def sorted_by_expectation(outcome) -> dict:
    """Takes the differences of this backend out of the failures, and puts those that are none any more among them."""
    expected = DIFFERENCES[backends.chosen_name()]
    outcome["differing"] = {test: expected[test] for test in outcome["failed"] if test in expected}
    surprises = [test for test in outcome["passed"] if test in expected]
    outcome["passed"] = [test for test in outcome["passed"] if test not in expected]
    outcome["failed"] = [test for test in outcome["failed"] if test not in expected] + surprises
    outcome["problems"] = [
        (test, text) for test, text in outcome["problems"] if not any(test.startswith(known) for known in expected)
    ] + [(test, "passes, and yet differences.py lists it: " + expected[test]) for test in surprises]
    return outcome


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
            "passed": [], "failed": [name], "problems": [(name, detail)], "skipped": {}, "times": {}, "unexpected": [], "differing": {},
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
    arguments.add_argument("--lab", choices=("moto", "sandbox"), help="the backend (default: $REKEYER_LAB, else moto)")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--list", action="store_true", help="list the suites")
    arguments.add_argument("-v", "--verbose", action="store_true", help="show each suite's slowest tests")
    arguments.add_argument("--child", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if named := os.environ.get("REKEYER"):
        os.environ["REKEYER"] = str(Path(named).resolve())  # the suites run in another folder
    if options.lab:
        os.environ["REKEYER_LAB"] = options.lab
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
    totals, skips, differing = {"passed": 0, "failed": 0}, {}, {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(child, name, options.k): name for name in chosen}
        for finished in concurrent.futures.as_completed(running):
            outcome = finished.result()
            if options.k and not any(outcome[kind] for kind in ("passed", "failed", "skipped", "differing")):
                continue
            show(running[finished], outcome, options.verbose)
            totals["passed"] += len(outcome["passed"])
            totals["failed"] += len(outcome["failed"]) + len(outcome["unexpected"])
            skips.update(outcome["skipped"])
            differing.update(outcome["differing"])
    for test, reason in sorted(differing.items()):
        print(f"DIFFERS {test}: {reason}")
    for test, reason in sorted(skips.items()):
        print(f"SKIPPED {test}: {reason}")
    if skips and in_ci:
        print("CI: a skipped test is a failure here")
    differ = f", {len(differing)} differ as listed" if differing else ""
    print(f"contract: {totals['passed']} passed, {totals['failed']} failed, {len(skips)} skipped{differ}")
    nothing = totals["passed"] + totals["failed"] + len(skips) + len(differing) == 0
    if nothing:
        print("no test has that name")
    return 1 if totals["failed"] or nothing or (skips and in_ci) else 0


if __name__ == "__main__":
    sys.exit(main())
