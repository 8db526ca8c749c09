"""rekeyer probe: every check is tried, only known differences are found, and nothing is left: not after a whole run, not after Ctrl-C, not after
kill -9 at every step and `probe --clean`."""

import json
import os
import signal
import stat
import unittest

from probe_case import ACCOUNT, PREFIX, ProbeCase
from probe_differences import PROBE_DIFFERENCES

#: checks that make everything that is ever made, in every way: few enough to be killed at each of their steps
OF_EACH_KIND = (
    "iam.user-rename-keeps-id", "iam.policy-comes-back", "iam.user-name-ignores-case", "iam.deny-all-stops-key",
    "secrets.label-moves-once", "secrets.policy-not-action", "secrets.scheduled-put", "secrets.copy-stops-deletion",
    "sns.published",
)
ONLY = [word for name in OF_EACH_KIND for word in ("--only", name)]


class Whole(ProbeCase):
    def test_everything_is_tried_and_nothing_is_left(self):
        before = self.holdings()
        run = self.probe("--format", "json", timeout=900)
        self.assertNothingChanged(before, run)
        self.assertEqual(self.journals(), [], run)
        self.assertEqual(run.json["left"], [])
        self.look_at_findings(run)
        self.look_for_secrets(run)

    def look_at_findings(self, run):
        known = PROBE_DIFFERENCES[self.lab.backend.name]
        listed = json.loads(self.rekeyer.run("probe", "--list", "--format", "json").out)["checks"]
        never = {check["name"] for check in listed if check["never_tried"]}
        checks = run.json["checks"]
        self.assertEqual([check["name"] for check in checks], [check["name"] for check in listed])
        self.assertGreaterEqual(len(checks), 100)
        found = {
            check["name"]: check["verdict"] for check in checks
            if check["verdict"] != "as_believed" and check["name"] not in never
        }
        expected = {name: verdict for name, (verdict, _) in known.items()}
        seen = {name: next(check["seen"] for check in checks if check["name"] == name) for name in found}
        self.maxDiff = None
        self.assertEqual(found, expected, json.dumps(seen, indent=1))
        self.assertExit(run, 1 if "different" in found.values() else 0)

    def look_for_secrets(self, run):
        made = [event for event in self.lab.key_events() if event.get("secret")]
        self.assertGreater(len(made), 10)
        for event in made:
            self.assertNotIn(event["secret"], run.out + run.err)
            self.assertNotIn(event["id"], run.out)
        self.assertNotIn(ACCOUNT, run.out)
        self.assertNotIn("rekeyer-runner", run.out)

    def test_quick_leaves_out_what_waits(self):
        before = self.holdings()
        run = self.probe("--quick", "--format", "json", "--only", "iam.key*")
        self.assertExit(run, 0)
        verdicts = {check["name"]: check["verdict"] for check in run.json["checks"]}
        self.assertEqual(verdicts["iam.key-off-spreads"], "not_tried")
        self.assertEqual(verdicts["iam.key-never-used"], "as_believed")
        self.assertNothingChanged(before)

    def test_without_rights_nothing_is_claimed(self):
        self.build(
            {"id": ACCOUNT, "name": "probed"}, options={"strict_auth": True},
            caller_policy={"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]},
        )
        self.use()
        run = self.probe("--only", "iam.third-key", "--only", "secrets.copy-tags", "--format", "json")
        self.assertExit(run, 0)
        self.assertEqual(len(run.json["checks"]), 2)
        for check in run.json["checks"]:
            self.assertEqual(check["verdict"], "not_tried", check)
            self.assertIn("no right for it", check["seen"])
        self.assertEqual(self.journals(), [])

    def test_asks_first_and_knows_its_words(self):
        self.assertExit(self.rekeyer.run("probe"), 2)
        self.assertExit(self.rekeyer.run("probe", "--clean"), 2)
        self.assertExit(self.rekeyer.run("probe", "--only", "nothing", "--yes"), 2)
        self.assertEqual(self.lab.calls(), [])


class Cut(ProbeCase):
    """The run ends in the middle."""

    def clean_run(self):
        """How many changing calls the checks make."""
        run = self.probe(*ONLY)
        self.assertNotIn("not tried", run.out)
        return sum(1 for call in self.lab.calls() if call["changing"])

    def cut_after(self, number, sent):
        """In a new world: its holdings, and the run that the signal met after that many changing calls."""
        self.world()
        before = self.holdings()
        self.lab.forget_calls()
        self.lab.fault(op="changing", skip=number, kind="signal", signal=int(sent), when="after")
        run = self.probe(*ONLY)
        self.assertEqual([rule["hit"] for rule in self.lab.end_faults()], [1], run)
        return before, run

    def test_killed_at_every_step(self):
        steps = self.clean_run()
        self.assertGreater(steps, 40)
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
        for number in (3, 14, 28, 40):
            with self.subTest(after=number + 1):
                before, run = self.cut_after(number, signal.SIGKILL)
                for journal in self.journals():
                    journal.unlink()
                cleaned = self.clean()
                self.assertNothingChanged(before, f"{run}\n{cleaned}")

    def test_a_request_under_way_is_waited_for(self):
        """Killed before the request arrives: the journal remembers the thing until no such request can arrive any more."""
        self.lab.fault(op="CreateSecret", kind="signal", when="before")
        self.probe(*ONLY)
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
        self.probe(*ONLY, "--journal", str(journal))
        self.assertEqual(stat.S_IMODE(os.stat(journal).st_mode), 0o600)
        self.clean("--journal", str(journal))
        self.assertFalse(journal.exists())


class Others(ProbeCase):
    """What looks like a probe's and is not."""

    NAME = PREFIX + "0123456789abcdef-ann"

    def test_nothing_without_the_tag_is_touched(self):
        self.admin("iam").create_user(UserName=self.NAME, Path="/rekeyer-probe/")
        self.admin("iam").create_user(UserName=PREFIX + "ann", Path="/rekeyer-probe/")
        self.admin("secretsmanager").create_secret(Name=self.NAME, ClientRequestToken="t" * 32)
        self.admin("sns").create_topic(Name=self.NAME, Tags=[{"Key": "rekeyer:probe", "Value": "another"}])
        before = self.holdings()
        run = self.clean(code=1)
        self.assertEqual(run.err.count("was left alone"), 3, run)
        self.assertNothingChanged(before, run)

    def test_a_journal_can_name_nothing_else(self):
        before = self.holdings()
        journal = self.rekeyer.folder / "forged.journal"
        for name in ("ann", PREFIX + "0123456789abcdef-ann"):
            journal.write_text(
                f"make 2026-01-01T00:00:00Z user {ACCOUNT} us-east-1 0123456789abcdef {name}\n", encoding="utf-8"
            )
            self.clean("--journal", str(journal), code=2 if name == "ann" else 0)
        self.assertNothingChanged(before)

    def test_a_thing_that_lost_its_tag_is_told_and_left(self):
        self.lab.fault(op="GetUserPolicy", kind="signal", when="after")
        self.probe(*ONLY)
        user = next(name for name in self._users() if name.startswith(PREFIX))
        self.admin("iam").untag_user(UserName=user, TagKeys=["rekeyer:probe"])
        before = self.holdings()
        self.assertIn("was left alone", self.clean(code=1).err)
        self.assertNothingChanged(before)


if __name__ == "__main__":
    unittest.main()
