"""rekeyer probe: every check is tried, only known differences are found, nothing is left, and nothing of others is touched."""

import json
import unittest

from probe_case import ACCOUNT, OF_EACH_KIND, PREFIX, ProbeCase
from probe_differences import PROBE_DIFFERENCES


class Whole(ProbeCase):
    def test_everything_is_tried_and_nothing_is_left(self):
        before = self.holdings()
        run = self.probe("--format", "json", "--log-level", "debug", timeout=900)
        self.assertIn("DeleteUser", run.err, "the log tells each call")
        self.assertNothingChanged(before, run)
        self.assertEqual(self.journals(), [], run)
        self.assertEqual(run.json["left"], [])
        self.look_at_names()
        self.look_at_findings(run)
        self.look_for_secrets(run)

    def look_at_names(self):
        """Whatever was asked to change is the probe's own by its name, wherever the log of calls shows a name."""
        changing = [call for call in self.lab.calls() if call["changing"] and call["input"]]
        self.assertGreater(len(changing), 200)
        others = [(call["operation"], call["input"]) for call in changing if PREFIX not in json.dumps(call["input"])]
        self.assertEqual(others, [])

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
        self.assertGreater(self.assertNoSecrets(run), 10)
        made = [event["id"] for event in self.lab.key_events()]
        self.assertGreater(len(made), 10)
        for identity in made:
            self.assertNotIn(identity, run.out)
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

    def test_the_root_user_is_refused_before_anything_is_made(self):
        before = self.holdings()
        self.rekeyer.environment = self.lab.root_environment(ACCOUNT)
        for words in ([], ["--quick", "--only", "iam"], ["--format", "json"], ["--clean"]):
            run = self.rekeyer.run("probe", "--yes", *words)
            self.assertExit(run, 2)
            self.assertEqual(run.out, "")
            self.assertEqual(len(run.err.splitlines()), 1, run)
            self.assertIn("credentials of the account's root user", run.err)
        self.assertEqual({call["operation"] for call in self.lab.calls(lab=True) if call["principal"].endswith(":root")}, {"GetCallerIdentity"})
        self.assertEqual(self.journals(), [])
        self.assertNothingChanged(before)

    def test_asks_first_and_knows_its_words(self):
        self.assertExit(self.rekeyer.run("probe"), 2)
        self.assertExit(self.rekeyer.run("probe", "--clean"), 2)
        self.assertExit(self.rekeyer.run("probe", "--only", "nothing", "--yes"), 2)
        self.assertEqual(self.lab.calls(), [])


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

    def test_a_damaged_journal_is_told_and_hides_nothing(self):
        before = self.holdings()
        self.lab.fault(op="GetUserPolicy", kind="signal", when="after")
        self.probe(*OF_EACH_KIND)
        journal = self.journals()[0]
        journal.write_text("make 2026-\n" + journal.read_text(), encoding="utf-8")
        run = self.clean(code=2)
        self.assertIn(f"{journal.name} can't be used as the journal: line 1", run.err)
        self.assertEqual(self.journals(), [journal])
        self.assertNothingChanged(before, run)

    def test_a_thing_that_lost_its_tag_is_told_and_left(self):
        self.lab.fault(op="GetUserPolicy", kind="signal", when="after")
        self.probe(*OF_EACH_KIND)
        user = next(name for name in self._users() if name.startswith(PREFIX))
        self.admin("iam").untag_user(UserName=user, TagKeys=["rekeyer:probe"])
        before = self.holdings()
        self.assertIn("was left alone", self.clean(code=1).err)
        self.assertNothingChanged(before)


if __name__ == "__main__":
    unittest.main()
