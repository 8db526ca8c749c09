"""rekeyer probe cut short: by Ctrl-C, and by kill -9 after calls that change something. `probe --clean` takes away what is left.

In CI the first call of each operation that makes something is met; nightly (REKEYER_NIGHTLY) every call is. tests/probe does the same with every call in
virtual time, without a process to kill.
"""

import os
import signal
import stat
import unittest

from probe_case import OF_EACH_KIND, PREFIX, ProbeCase


NIGHTLY = bool(os.environ.get("REKEYER_NIGHTLY"))
MAKES = ("AttachUserPolicy", "CreateAccessKey", "CreateSecret", "CreateTopic", "CreateUser", "Put", "Replicate")


class Cut(ProbeCase):
    """The run ends in the middle."""

    def changes(self):
        """The operations of the changing calls that the checks make, in their order."""
        self.probe(*OF_EACH_KIND)
        operations = [call["operation"] for call in self.lab.calls() if call["changing"]]
        self.assertGreater(len(operations), 30)
        return operations

    def steps(self):
        """After which of them a run is cut short."""
        operations = self.changes()
        firsts = {operation: number for number, operation in reversed(list(enumerate(operations)))}
        makes = sorted(number for operation, number in firsts.items() if operation.startswith(MAKES))
        return range(len(operations)) if NIGHTLY else makes

    def cut_after(self, number, sent):
        """In a new world: its holdings, and the run that the signal met after that many changing calls."""
        self.world()
        before = self.holdings()
        self.lab.forget_calls()
        self.lab.fault(op="changing", skip=number, kind="signal", signal=int(sent), when="after")
        run = self.probe(*OF_EACH_KIND)
        self.assertEqual([rule["hit"] for rule in self.lab.end_faults()], [1], run)
        return before, run

    def test_killed(self):
        steps = self.steps()
        self.assertGreaterEqual(len(steps), len(MAKES), steps)
        for number in steps:
            with self.subTest(after=number + 1):
                before, run = self.cut_after(number, signal.SIGKILL)
                self.assertEqual(run.code, -signal.SIGKILL, run)
                self.assertEqual(len(self.journals()), 1, run)
                self.assertNoSecrets(run)
                cleaned = self.clean()
                self.assertNothingChanged(before, f"{run}\n{cleaned}")

    def test_interrupted(self):
        for number in range(0, len(self.changes()) - 1, 5 if NIGHTLY else 17):
            with self.subTest(after=number + 1):
                before, run = self.cut_after(number, signal.SIGINT)
                self.assertEqual(run.code, 130, run)
                self.assertEqual(self.journals(), [], run)
                self.assertNothingChanged(before, run)

    def test_cleans_by_names_and_tags_without_a_journal(self):
        for number in (3, 14, 22, 30) if NIGHTLY else (3, 22):
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
