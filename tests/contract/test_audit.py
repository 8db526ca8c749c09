"""Plan changes nothing whatever it meets, and says the same in every format."""

import csv
import io
import time
import unittest

from case import MEMBER, SECOND, RekeyerCase


class Audit(RekeyerCase):
    def world(self, **options):
        """One user for each kind of work, so that a plan that acted would have something to do everywhere."""
        users = [
            {"name": "due", "keys": [{"age": 95, "used": 1}]}, {
                "name": "near", "keys": [{"age": 85, "used": 1}]
            }, {"name": "young", "keys": [{"age": 5, "used": 1}]},
            {"name": "unused", "keys": [{"age": 200}]}, {
                "name": "disabled", "keys": [{"age": 200, "used": 50, "status": "Inactive"}]
            },
            {
                "name": "idle", "keys": [{"age": 200, "used": 60}, {"age": 150, "used": 1}]
            }, {"name": "twice", "keys": [{"age": 200, "used": 1}, {"age": 150, "used": 1}]},
            {"name": "keyless"},
        ]
        self.build({"id": MEMBER, "users": users}, {"id": SECOND, "users": users}, options=options)
        self.use()

    def retire(self):
        """Further into the calendar, so that rotations, deactivations, deletions and recoveries are all due somewhere."""
        self.lab.fault(op="UpdateSecretVersionStage", account=SECOND, kind="deny", times=0)
        self.rekeyer.apply()
        self.lab.end_faults()
        self.lab.move_clock(10.2)
        self.install_all()

    def assertNoChange(self, run):
        self.assertEqual([(c["operation"], c["input"]) for c in self.changing_calls()], [], run)

    def test_plan_makes_no_changing_call_in_a_fresh_world(self):
        self.world()
        for arguments in (
            (), ("--all",), ("--exit-code",), ("--at", "2030-01-01T00:00:00Z"), ("--user", "due"), ("--account", MEMBER)
        ):
            self.assertNoChange(self.rekeyer.plan(*arguments))

    def test_plan_makes_no_changing_call_in_the_middle_of_everything(self):
        self.world()
        self.retire()
        self.lab.forget_calls()
        run = self.rekeyer.plan("--all")
        self.assertNoChange(run)
        kinds = {a["action"] for a in run.json["actions"]}
        self.assertLessEqual({"rotate", "hold", "keep"}, kinds)
        self.assertTrue(kinds & {"deactivate", "delete", "recover"}, kinds)
        self.may_end_without_keys = {(account, user) for account in (MEMBER, SECOND) for user in ("unused", "disabled")}
        self.assertInvariants()

    def test_explain_makes_no_changing_call(self):
        self.world()
        self.retire()
        self.lab.forget_calls()
        for user in ("due", "unused", "disabled", "idle", "twice", "keyless"):
            run = self.rekeyer.explain(SECOND, user)
            self.assertExit(run, 0)
            self.assertNoChange(run)

    def test_plan_under_faults_changes_nothing_either(self):
        self.world()
        for operation in (
            "ListSecrets", "GetAccountAuthorizationDetails", "GetCredentialReport", "ListAccessKeys",
            "GetAccessKeyLastUsed", "DescribeSecret",
        ):
            self.lab.fault(op=operation, kind="deny", times=0)
            # Without ids, this first day asks for no user at all: discovery by lists does.
            if operation == "GetAccessKeyLastUsed":
                self.use({"discovery": {"mode": "direct"}})
            run = self.rekeyer.plan("--ids")
            self.assertNoChange(run)
            self.assertTrue([rule for rule in self.lab.end_faults() if rule["hit"]], f"{operation} was never called\n{run}")

    def test_exit_code_tells_whether_something_is_due(self):
        self.world()
        self.assertExit(self.rekeyer.plan("--exit-code"), 3)
        self.assertExit(self.rekeyer.plan(), 0)
        self.assertExit(self.rekeyer.plan("--exit-code", "--user", "young"), 0)

    def test_users_with_nothing_due_are_counted_and_listed_only_on_request(self):
        self.world()
        run = self.rekeyer.plan("--account", MEMBER)
        self.assertEqual(run.account(MEMBER)["users"], 8)
        self.assertNotIn("young", {a["user"] for a in run.json["actions"]})
        self.assertIn(
            "young", {a["user"] for a in self.rekeyer.plan("--account", MEMBER, "--all").actions(action="keep")}
        )

    def test_json_has_the_documented_shape(self):
        self.world()
        report = self.rekeyer.plan().json
        self.assertEqual(
            set(report["run"]) & {"id", "started", "finished", "mode"}, {"id", "started", "finished", "mode"}
        )
        self.assertEqual(report["run"]["mode"], "plan")
        self.assertTrue(report["accounts"] and report["actions"])
        for entry in report["accounts"]:
            self.assertLessEqual({"id", "name", "status", "users"}, set(entry))
        for entry in report["actions"]:
            self.assertLessEqual({"account", "user", "key", "action", "reason", "status"}, set(entry))
        self.assertIsInstance(report["totals"], dict)
        self.assertEqual(self.rekeyer.apply().json["run"]["mode"], "apply")

    def test_csv_and_json_hold_the_same_actions(self):
        self.world()
        rows = list(csv.DictReader(io.StringIO(self.rekeyer.run("plan", "--format", "csv").out)))
        wanted = [
            (a["account"], a["user"], a["key"], a["action"], a["reason"]) for a in self.rekeyer.plan().json["actions"]
        ]
        self.assertEqual(
            sorted((r["account"], r["user"], r["key"], r["action"], r["reason"]) for r in rows), sorted(wanted)
        )

    def test_table_shows_what_is_due_and_a_summary(self):
        self.world()
        run = self.rekeyer.run("plan", "--format", "table")
        self.assertExit(run, 0)
        for word in ("due", "rotate", MEMBER, SECOND):
            self.assertIn(word, run.out)

    def test_same_state_same_plan(self):
        self.world()
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.lab.now() + 3600))
        first, second = (self.rekeyer.plan("--all", "--at", at).json["actions"] for _ in range(2))
        self.assertEqual(first, second, "actions, and their order, must not depend on which account answered first")

    def test_stale_report_never_causes_an_action(self):
        self.world(report_frozen=True)
        self.rekeyer.plan()
        self.lab.control("key", id=self.lab.keys_of(MEMBER, "due")[0], age=3)
        self.lab.forget_calls()
        run = self.rekeyer.apply("--account", MEMBER, "--user", "due")
        self.assertNoChange(run)

    def test_report_still_being_made_is_waited_for(self):
        self.world(report_build_polls=2)
        run = self.rekeyer.plan("--account", MEMBER)
        self.assertExit(run, 0)
        self.assertTrue(run.actions(user="due", action="rotate"))

    def test_denied_report_falls_back_or_is_reported_but_never_reads_as_nothing_due(self):
        self.world()
        self.lab.fault(op="GetCredentialReport", kind="deny", times=0, account=MEMBER)
        self.lab.fault(op="GenerateCredentialReport", kind="deny", times=0, account=MEMBER)
        run = self.rekeyer.plan("--account", MEMBER)
        self.assertTrue(run.code == 1 or run.actions(user="due", action="rotate"), run)


if __name__ == "__main__":
    unittest.main()
