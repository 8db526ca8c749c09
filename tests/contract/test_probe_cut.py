"""rekeyer probe cut short: by Ctrl-C, and by kill -9 after every call that changes something. `probe --clean` takes away what is left."""

import os
import signal
import stat
import unittest

from probe_case import OF_EACH_KIND, PREFIX, ProbeCase


class Cut(ProbeCase):
    """The run ends in the middle."""

    def clean_run(self):
        """How many changing calls the checks make."""
        self.probe(*OF_EACH_KIND)
        return sum(1 for call in self.lab.calls() if call["changing"])

    def cut_after(self, number, sent):
        """In a new world: its holdings, and the run that the signal met after that many changing calls."""
        self.world()
        before = self.holdings()
        self.lab.forget_calls()
        self.lab.fault(op="changing", skip=number, kind="signal", signal=int(sent), when="after")
        run = self.probe(*OF_EACH_KIND)
        self.assertEqual([rule["hit"] for rule in self.lab.end_faults()], [1], run)
        return before, run

    def test_killed_at_every_step(self):
        steps = self.clean_run()
        self.assertGreater(steps, 30)
        for number in range(steps):
            with self.subTest(after=number + 1):
                before, run = self.cut_after(number, signal.SIGKILL)
                self.assertEqual(run.code, -signal.SIGKILL, run)
                cleaned = self.clean()
                self.assertNothingChanged(before, f"{run}\n{cleaned}")

    def test_interrupted_at_many_steps(self):
        for number in range(0, self.clean_run() - 1, 5):
            with self.subTest(after=number + 1):
                before, run = self.cut_after(number, signal.SIGINT)
                self.assertEqual(run.code, 130, run)
                self.assertEqual(self.journals(), [], run)
                self.assertNothingChanged(before, run)

    def test_cleans_by_names_and_tags_without_a_journal(self):
        for number in (3, 14, 22, 30):
            with self.subTest(after=number + 1):
                before, run = self.cut_after(number, signal.SIGKILL)
                for journal in self.journals():
                    journal.unlink()
                cleaned = self.clean()
                self.assertNothingChanged(before, f"{run}\n{cleaned}")

    def test_a_request_under_way_is_waited_for(self):
        """Killed before the request arrives: the journal remembers the thing until no such request can arrive any more."""
        self.lab.fault(op="CreateSecret", kind="signal", when="before")
        self.probe(*OF_EACH_KIND)
        self.assertIn("may still make it until", self.clean().err)
        name = self.journals()[0].read_text().split()[-1]
        self.assertTrue(name.startswith(PREFIX), name)
        run = name.removeprefix(PREFIX).split("-")[0]
        self.admin("secretsmanager").create_secret(
            Name=name, ClientRequestToken="t" * 32, Tags=[{"Key": "rekeyer:probe", "Value": run}]
        )
        self.assertIn("1 thing taken away", self.clean().err)
        self.assertEqual(self.journals(), [])

    def test_the_journal_is_for_nobody_else(self):
        journal = self.rekeyer.folder / "deep" / "mine.journal"
        self.lab.fault(op="CreateUser", kind="signal", when="after")
        self.probe(*OF_EACH_KIND, "--journal", str(journal))
        self.assertEqual(stat.S_IMODE(os.stat(journal).st_mode), 0o600)
        self.clean("--journal", str(journal))
        self.assertFalse(journal.exists())


if __name__ == "__main__":
    unittest.main()
