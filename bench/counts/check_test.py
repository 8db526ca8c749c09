#!/usr/bin/env python3
"""The check on counts fails where it should: on altered counts, on what is missing, and where nothing was counted."""

import copy
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import bounds
import callgrind_file

HERE = Path(__file__).resolve().parent

CALLGRIND = """# callgrind format
version: 1
positions: line
events: Ir
fn=(1) main
0 10
cfn=(2) a::sweep_to_its_end(b, Runner&)
calls=1 0
0 1000

fn=(2)
0 100
cfn=(3) malloc
calls=30 0
0 600
cfn=(4) a::sweep_to_its_end(b, Runner&)::lambda::operator()()
calls=7 0
0 300

fn=(4)
0 50
cfn=(3)
calls=10 0
0 200

totals: 1010
"""

#: Stands in for valgrind: writes CALLGRIND where it is told to, and says what the simulation would.
VALGRIND = """#!/bin/sh
for argument; do case "$argument" in --callgrind-out-file=*) file="${argument#*=}";; esac; done
cp "$(dirname "$0")/callgrind" "$file"
cat "$(dirname "$0")/printed"
"""
PRINTED = "20 accounts\n  iam:ListUsers        17\n  sts:AssumeRole        3\n"


class Comparing(unittest.TestCase):
    def setUp(self):
        self.expected = {"audit": {"calls": {"iam:ListUsers": 17, "sts:AssumeRole": 3}, "instructions": 100_000, "allocations": 1000}}
        self.counted = copy.deepcopy(self.expected)

    def problems(self):
        return bounds.compare(self.expected, self.counted)

    def test_the_same_is_no_problem_and_neither_is_a_little_more_or_less(self):
        self.assertEqual(self.problems(), [])
        for instructions in (97_000, 103_000):
            self.counted["audit"]["instructions"] = instructions
            self.assertEqual(self.problems(), [])

    def test_more_instructions_fail_with_what_grew_and_by_how_much(self):
        self.counted["audit"]["instructions"] = 103_100
        self.assertEqual(self.problems(), ["audit: instructions grew by 3.1%, from 100,000 to 103,100"])

    def test_fewer_fail_too_so_that_the_gain_is_kept(self):
        self.counted["audit"]["allocations"] = 900
        self.assertEqual(self.problems(), ["audit: allocations fell by 10.0%, from 1,000 to 900: keep the gain with --update"])

    def test_one_call_more_or_less_fails(self):
        self.counted["audit"]["calls"] = {"iam:ListUsers": 18, "sts:AssumeRole": 2}
        more, fewer = self.problems()
        self.assertEqual(more, "audit: iam:ListUsers is called 18 times, 1 more than expected")
        self.assertIn("sts:AssumeRole is called 2 times instead of 3", fewer)

    def test_a_new_operation_and_one_that_is_gone_fail(self):
        self.counted["audit"]["calls"] = {"iam:ListUsers": 17, "iam:GetUser": 5}
        self.assertEqual(len(self.problems()), 2)

    def test_a_sweep_that_is_not_expected_or_not_counted_fails(self):
        self.counted["another"] = self.counted.pop("audit")
        self.assertEqual(len(self.problems()), 2)


class Reading(unittest.TestCase):
    def test_calls_and_instructions_are_added_up_by_callee(self):
        calls, instructions = callgrind_file.read(CALLGRIND)
        self.assertEqual(calls["malloc"], 40)
        self.assertEqual(instructions["malloc"], 800)
        self.assertEqual(instructions["a::sweep_to_its_end(b, Runner&)"], 1000)

    def test_what_is_cut_short_or_something_else_is_refused(self):
        for text in ("", "totals: 5", CALLGRIND[: CALLGRIND.index("0 1000")]):
            with self.assertRaises(callgrind_file.Unreadable):
                callgrind_file.read(text)


class Checking(unittest.TestCase):
    """The program itself, with something in valgrind's place."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rekeyer-counts-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "valgrind").write_text(VALGRIND)
        (self.folder / "valgrind").chmod(0o755)
        (self.folder / "callgrind").write_text(CALLGRIND)
        (self.folder / "printed").write_text(PRINTED)
        self.expected = self.folder / "expected.json"
        self.assertEqual(self.check("--update").returncode, 0)

    def check(self, *flags):
        command = [sys.executable, HERE / "check.py", "--simulation", self.folder / "valgrind", "--expected", self.expected, *flags]
        path = f"{self.folder}:{os.environ['PATH']}"
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=os.environ | {"PATH": path})

    def test_what_was_written_down_is_what_passes(self):
        self.assertEqual(self.check().returncode, 0)
        written = json.loads(self.expected.read_text())
        self.assertTrue(written)
        for sweep in written.values():
            self.assertEqual(sweep, {"calls": {"iam:ListUsers": 17, "sts:AssumeRole": 3}, "instructions": 1000, "allocations": 40})

    def test_altered_counts_fail(self):
        for old, new in (("0 1000", "0 1031"), ("calls=30", "calls=32"), ("0 1000", "0 960")):
            (self.folder / "callgrind").write_text(CALLGRIND.replace(old, new))
            done = self.check()
            self.assertEqual(done.returncode, 1, new)
            self.assertRegex(done.stderr, "grew by|fell by")
        (self.folder / "callgrind").write_text(CALLGRIND)
        (self.folder / "printed").write_text(PRINTED.replace("17", "18"))
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn("iam:ListUsers is called 18 times, 1 more than expected", done.stderr)

    def test_counting_nothing_is_no_success(self):
        for broken in (CALLGRIND.replace("sweep_to_its_end", "inlined"), CALLGRIND.replace("malloc", "another"), ""):
            (self.folder / "callgrind").write_text(broken)
            self.assertEqual(self.check().returncode, 2, broken)
        (self.folder / "callgrind").write_text(CALLGRIND)
        (self.folder / "printed").write_text("nothing\n")
        self.assertEqual(self.check().returncode, 2)


if __name__ == "__main__":
    unittest.main()
