#!/usr/bin/env python3
"""scripts/soak with a simulation that is none: every seed is run once, all is added up, and nothing that goes wrong is lost."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOAK = Path(__file__).resolve().parent.parent / "scripts" / "soak"


class Soak(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rekeyer-soak-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def soak(self, script, *arguments):
        """`script` sees the first seed as $2 and the number of seeds as $4."""
        program = self.folder / "simulation"
        program.write_text(f'#!/bin/sh\necho "$2 $4" >> {self.folder}/ran\n{script}\n')
        program.chmod(0o755)
        return subprocess.run([sys.executable, SOAK, "--simulation", program, *arguments], capture_output=True, text=True, timeout=60)

    def test_every_seed_runs_once_and_counts_are_added_up(self):
        done = self.soak('echo "$4 seeds: 2 runs (1 crashed), 10 simulated key-days, 0 violations" >&2', "--seeds", "1203", "--from", "5", "--jobs", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        ran = [tuple(map(int, line.split())) for line in (self.folder / "ran").read_text().splitlines()]
        self.assertEqual(sorted(seed for first, count in ran for seed in range(first, first + count)), list(range(5, 1208)))
        self.assertRegex(done.stdout, rf"^1203 seeds in \d+ s on 3 cores: {2 * len(ran)} runs, .*{10 * len(ran)} simulated key-days, 0 violations: all clean$")

    def test_a_violation_is_shown_and_fails(self):
        done = self.soak(
            'echo "$4 seeds: 0 violations" >&2; [ "$2" = 1 ] || exit 0; echo "simulation --seed 3: I1 broken"; exit 1', "--seeds", "40", "--jobs", "2"
        )
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.count("simulation --seed 3: I1 broken"), 1)
        self.assertIn("NOT CLEAN", done.stdout.splitlines()[-1])

    def test_a_simulation_that_dies_or_says_nothing_fails(self):
        for script in ("echo out of memory >&2; exit 134", "exit 0"):
            done = self.soak(script, "--seeds", "4", "--jobs", "2")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("from seed 1: exit", done.stdout)

    def test_seeds_that_did_not_run_fail(self):
        done = self.soak('echo "1 seeds: 0 violations" >&2', "--seeds", "80", "--jobs", "1")
        self.assertEqual(done.returncode, 1, done.stdout)


if __name__ == "__main__":
    unittest.main()
