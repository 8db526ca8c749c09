#!/usr/bin/env python3
"""The benchmark runs, and what it writes is what docs/performance.md is made of: $(scripts/python) bench/quick_test.py [--micro FILE] REKEYER SIMULATION

Sizes are small and times are not looked at. What the machine lacks is a skip, and with CI=true in the environment a failure.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import aims
import bound
import model
import plots
import tables
import virtual
from comparison import Comparison
from place import ROOT, BenchError
from worlds import World

PROGRAMS = argparse.Namespace(rekeyer=None, simulation=None, micro=None)


def missing() -> str | None:
    if importlib.util.find_spec("boto3") is None:
        return "Python module boto3 is not installed"
    return next((f"{program} is not installed" for program in ("stunnel4", "gnuplot", "openssl") if shutil.which(program) is None), None)


def run(*flags) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, str(ROOT / "bench/run.py"), "--quick", *map(str, flags)], capture_output=True, text=True, check=False, timeout=600)


class WholeRun(unittest.TestCase):
    """One run for all of these tests."""

    @classmethod
    def setUpClass(cls):
        if why := missing():
            raise unittest.SkipTest(why)
        cls.folder = Path(tempfile.mkdtemp(prefix="rekeyer-bench-test-"))
        cls.out = cls.folder / "results.json"
        micro = ["--micro", PROGRAMS.micro] if PROGRAMS.micro else []
        cls.parts = {*tables.SHOWS} - (set() if micro else {"micro"})
        cls.done = run("--only", ",".join(cls.parts), "--rekeyer", PROGRAMS.rekeyer, "--simulation", PROGRAMS.simulation, *micro, "--out", cls.out)
        if cls.done.returncode:
            raise AssertionError(f"exit code {cls.done.returncode}\n{cls.done.stderr[-6000:]}")
        cls.results = json.loads(cls.out.read_text())

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def test_every_part_that_was_asked_for_has_results(self):
        self.assertLessEqual({"sweeps", "large", "python", "virtual"}, self.parts)
        self.assertEqual([part for part in self.parts if not self.results[part]], [])

    def test_every_table_is_printed_with_rows(self):
        self.assertTrue(self.parts)
        for part in self.parts:
            for name in tables.SHOWS[part]:
                title = tables.PARTS[name][1]
                self.assertIn(f"## {title}\n", self.done.stdout)
                rows = [line for line in tables.PARTS[name][0](self.results).splitlines() if line.startswith("| ")]
                self.assertGreater(len(rows), 1, f"{title}: a header and nothing else")

    def test_both_transports_and_both_commands_are_measured(self):
        measured = {(row["shape"], row["mode"], row["transport"]) for row in self.results["sweeps"]}
        wanted = {("tended", "plan"), ("ordinary", "apply"), ("first", "plan"), ("first", "apply")}
        self.assertEqual(measured, {(*what, transport) for what in wanted for transport in ("plain", "TLS")})

    def test_every_run_took_time_and_memory_and_made_the_calls_that_were_predicted(self):
        for rows in (self.results["sweeps"], self.results["large"]["account"], self.results["large"]["memory"]):
            self.assertTrue(rows)
            for row in rows:
                self.assertGreater(row["wall"], 0)
                self.assertGreater(row["cpu"], 0)
                self.assertGreater(row["peak_mb"], 1)
                self.assertEqual(row["all_calls"], row["predicted"])
                self.assertEqual(sum(row["parts"].values()), row["predicted"])

    def test_the_python_way_calls_user_by_user(self):
        rows = [row for row in self.results["python"]["rows"] if row["way"] != "rekeyer"]
        self.assertEqual({row["way"] for row in rows}, {"python", "python, 16 threads"})
        for row in rows:
            for operation in ("iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:ListUserTags"):
                self.assertEqual(row["calls"][operation], row["users"])

    def test_no_audit_in_virtual_time_is_faster_than_the_lower_bound(self):
        ratios = [row["ratio"] for row in self.results["virtual"]["rows"] if row["ratio"] is not None]
        self.assertTrue(ratios)
        self.assertGreaterEqual(min(ratios), 1)

    def test_every_aim_is_judged_or_not_measured(self):
        self.assertEqual([aim["what"] for aim in self.results["aims"]], [aim.what for aim in aims.judged({})])
        self.assertIn("| aim ", self.done.stdout)

    def test_the_document_takes_every_table_and_both_plots(self):
        copy, images = self.folder / "performance.md", self.folder / "images"
        shutil.copy(ROOT / "docs/performance.md", copy)
        written = subprocess.run(
            [sys.executable, str(ROOT / "scripts/performance_docs"), str(self.out), "--docs", str(copy), "--images", str(images)], capture_output=True,
            text=True, check=False,
        )
        self.assertEqual(written.returncode, 0, written.stderr)
        text = copy.read_text()
        for name in tables.SHOWS["sweeps"]:
            self.assertIn(tables.PARTS[name][0](self.results), text)
        drawn = list(images.glob("*.svg"))
        self.assertEqual({path.name for path in drawn}, set(plots.PLOTS))
        for path in drawn:
            self.assertEqual(xml.etree.ElementTree.parse(path).getroot().tag, "{http://www.w3.org/2000/svg}svg")
        shown = set(re.findall(r"\(images/([\w-]+\.svg)\)", text))
        self.assertLessEqual({path.name for path in drawn}, shown)

    def test_counts_alone_take_no_time_along(self):
        copy = self.folder / "counts.md"
        shutil.copy(ROOT / "docs/performance.md", copy)
        before = copy.read_text()
        sweeps = self.folder / "sweeps.json"
        sweeps.write_text(json.dumps({name: self.results[name] for name in ("quick", "machine", "sweeps")}))
        done = subprocess.run([sys.executable, str(ROOT / "scripts/performance_docs"), str(sweeps), "--counts", "--docs", str(copy)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = copy.read_text()
        for name in tables.PARTS:
            start, end = f"<!-- generated: {name} -->", f"<!-- end of {name} -->"
            cut = [each.split(start, 1)[1].split(end, 1)[0] for each in (before, text)]
            self.assertEqual(cut[0] == cut[1], name not in tables.COUNTS, name)

    def test_quick_figures_never_reach_the_document_itself(self):
        refused = subprocess.run([sys.executable, str(ROOT / "scripts/performance_docs"), str(self.out)], capture_output=True, text=True, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("of a part of the benchmark only", refused.stderr)


class Failures(unittest.TestCase):
    def test_a_program_that_does_not_run_fails_the_benchmark(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("--only", "virtual", "--simulation", "/bin/false", "--out", Path(folder) / "results.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("part virtual FAILED", done.stderr)

    def test_a_call_more_than_predicted_is_a_failure_that_names_it(self):
        world = World("ordinary", 3, 20)
        calls = dict(model.expected(world, "apply"))
        model.check(world, "apply", calls)
        with self.assertRaisesRegex(BenchError, "iam:ListAccessKeys: 4 measured, 3 predicted"):
            model.check(world, "apply", {**calls, "iam:ListAccessKeys": 4})
        with self.assertRaisesRegex(BenchError, "iam:ListUserTags: 1 measured, 0 predicted"):
            model.check(world, "apply", {**calls, "iam:ListUserTags": 1})
        with self.assertRaisesRegex(BenchError, "sts:AssumeRole: 0 measured, 3 predicted"):
            model.check(world, "apply", {name: count for name, count in calls.items() if name != "sts:AssumeRole"})

    def test_what_simulation_no_longer_prints_is_a_failure_that_names_it(self):
        with self.assertRaisesRegex(BenchError, "virtual_seconds"):
            virtual.read("10 accounts (7 done), 1001 users, 873 keys; 12 rows reported\n")


def timed(way, users, latency, wall, calls=None) -> dict:
    """A row of the comparison."""
    return {"way": way, "accounts": 1, "users": users, "latency": latency, "wall": wall, "all_calls": calls or users * 3, "cpu": wall / 2, "peak_mb": 50.0}


class Ratios(unittest.TestCase):
    def setUp(self):
        self.comparison = Comparison(Path("rekeyer"), None, quick=False)

    def test_what_was_measured_is_divided_and_not_marked(self):
        self.comparison.rows = [timed("rekeyer", 1000, 0, 0.1, 20), timed("python", 1000, 0, 12.0)]
        (ratio,) = self.comparison.ratios()
        self.assertAlmostEqual(ratio["wall"], 120)
        self.assertAlmostEqual(ratio["calls"], 150)
        self.assertIsNone(ratio["scaled_from"])

    def test_a_scaled_time_says_what_it_was_scaled_from_and_nothing_else_is_scaled(self):
        self.comparison.rows = [timed("rekeyer", 100, 0.04, 0.3), timed("python", 100, 0.04, 15.0), timed("rekeyer", 1000, 0.04, 0.5)]
        self.comparison.left_out = [{"way": "python", "accounts": 1, "users": 1000, "latency": 0.04}]
        scaled = self.comparison.ratios()[-1]
        self.assertEqual(scaled["scaled_from"], 100)
        self.assertAlmostEqual(scaled["wall"], 300)
        self.assertEqual([scaled[name] for name in ("calls", "cpu", "memory")], [None, None, None])
        self.assertIn("scaled from 100 users, not measured", tables.python_ratios({"python": {"ratios": [scaled]}}))

    def test_what_can_not_be_scaled_is_left_out(self):
        self.comparison.left_out = [{"way": "python, 16 threads", "accounts": 100, "users": 10_000, "latency": 0.04}]
        self.assertEqual(self.comparison.ratios(), [])


class Aims(unittest.TestCase):
    def results(self, factor) -> dict:
        """Every figure at its limit times this."""
        largest = {"accounts": 10_000, "concurrency": 64, "peak_mb": 150 * factor, "cpu": 15 * factor}
        report = {"name": "CredentialReport/100000", "cpu": 0.1 * factor, "counters": {}}
        transports = [{"name": f"Transport/{kind}/64", "cpu": 1.0, "counters": {"requests_per_cpu_second": rate}} for kind, rate in
                      (("keep_alive", 12_000 * factor), ("tls", 90_000))]
        return {
            "virtual": {"rows": [{"accounts": 10_000, "run": "audit, nothing due", "ratio": 1.1 * factor, "cpu": 15 * factor}]},
            "large": {"memory": [largest, {"accounts": 1_000, "concurrency": 64, "peak_mb": 120}]},
            "python": {"ratios": [{"way": "python", "accounts": 1, "users": 1_000, "latency": 0, "calls": 50 * factor, "wall": 100 * factor}]},
            "micro": [report, *transports],
        }

    def test_a_figure_at_its_limit_is_met_and_one_beyond_it_is_not(self):
        self.assertEqual({aim.met for aim in aims.judged(self.results(1))}, {True})
        for factor in (0.99, 1.01):
            judged = aims.judged(self.results(factor))
            self.assertGreater(len(judged), 5)
            for aim in judged:
                self.assertEqual(aim.met, aim.at_most == (factor < 1), aim)

    def test_what_was_not_measured_is_neither(self):
        self.assertEqual({aim.met for aim in aims.judged({})}, {None})
        self.assertNotIn("NOT met", tables.the_aims({}))
        self.assertIn("NOT met", tables.the_aims(self.results(1.01)))


class Bound(unittest.TestCase):
    def test_ten_thousand_accounts_are_listed_in_a_minute(self):
        # 500 pages, of which 12 go at once and 8 a second after that; the last page's reply, and 3 calls of its account.
        self.assertAlmostEqual(bound.seconds(10_000, 100)["seconds"], (500 - 12) / 8 + (1 + 3) * 0.04)

    def test_few_accounts_are_bound_by_the_chain_of_calls(self):
        self.assertAlmostEqual(bound.seconds(10, 100)["seconds"], (1 + 3) * 0.04)

    def test_pages_that_need_one_another_are_not_asked_for_at_once(self):
        self.assertAlmostEqual(bound.seconds(240, 100)["seconds"], (12 + 3) * 0.04)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rekeyer", type=Path)
    parser.add_argument("simulation", type=Path)
    parser.add_argument("--micro", type=Path)
    PROGRAMS, rest = parser.parse_known_args()
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    if (why := missing()) and in_ci:
        raise SystemExit(f"bench: {why}, and in CI nothing is skipped")
    unittest.main(argv=[sys.argv[0], *rest])
