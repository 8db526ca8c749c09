"""Forced rotation of named users, the emergency form, and what explain tells."""

import unittest

from case import MEMBER, SECOND, RekeyerCase


class Force(RekeyerCase):
    def setUp(self):
        super().setUp()
        users = [{"name": "ann", "keys": [{"age": 5, "used": 0.1}]}, {"name": "bob", "keys": [{"age": 5, "used": 0.1}]}]
        self.build({"id": MEMBER, "users": users}, {"id": SECOND, "users": users})
        self.old = self.lab.keys_of(MEMBER, "ann")[0]
        self.use()

    def test_only_the_named_user_of_the_named_account_is_rotated(self):
        run = self.rekeyer.rotate(MEMBER, "ann")
        self.assertExit(run, 0)
        self.assertSettled(active=2)
        self.assertEqual(
            {(c["account"], c["input"].get("UserName", "ann")) for c in self.changing_calls()}, {(MEMBER, "ann")}
        )
        self.assertEqual(len(self.keys(MEMBER, "bob")) + len(self.keys(SECOND, "ann")), 2)
        self.assertEqual(
            {c["account"] for c in self.lab.calls(service="iam")}, {MEMBER}, "no other account is even read"
        )
        self.assertInvariants()

    def test_several_users(self):
        self.assertExit(self.rekeyer.rotate(MEMBER, "ann", "bob"), 0)
        self.assertSettled(MEMBER, "ann", active=2)
        self.assertSettled(MEMBER, "bob", active=2)

    def test_forced_key_retires_on_the_usual_days(self):
        self.rekeyer.rotate(MEMBER, "ann")
        self.lab.move_clock(10.1)
        self.install()
        self.rekeyer.apply()
        self.assertEqual(self.keys()[self.old], "Inactive")
        self.lab.move_clock(20.2)
        self.rekeyer.apply()
        self.assertNotIn(self.old, self.keys())
        self.assertInvariants()

    def test_deactivate_now_retires_the_old_key_after_the_new_one_is_stored_and_verified(self):
        run = self.rekeyer.rotate(MEMBER, "ann", options=["--deactivate-now"])
        self.assertExit(run, 0)
        self.assertEqual(self.keys()[self.old], "Inactive")
        self.assertSettled(active=1)
        order = [(c["operation"], c["n"]) for c in self.lab.calls() if c["status"] == 200]
        off = next(n for operation, n in order if operation == "UpdateAccessKey")
        published = next(n for operation, n in order if operation in ("UpdateSecretVersionStage", "PutSecretValue"))
        worked = [
            c["n"] for c in self.lab.calls(
                operation="GetCallerIdentity", key=self.stored()["AccessKeyId"]
            ) if c["status"] == 200
        ]
        self.assertGreater(off, published)
        self.assertGreater(off, max(worked))
        self.assertInvariants()

    def test_deactivate_now_leaves_the_old_key_alone_when_storing_fails(self):
        self.lab.fault(op="PutSecretValue", kind="deny", times=0)
        run = self.rekeyer.rotate(MEMBER, "ann", options=["--deactivate-now"])
        self.assertExit(run, 1)
        self.assertEqual(self.keys().get(self.old), "Active")
        self.assertInvariants()

    def test_unknown_user_is_an_error_and_nothing_happens(self):
        run = self.rekeyer.rotate(MEMBER, "nobody")
        self.assertIn(run.code, (1, 2), run)
        self.assertIn("nobody", run.out + run.err)
        self.assertEqual(self.changing_calls(), [])

    def test_user_with_two_active_keys_in_use_can_not_be_forced_into_a_third(self):
        self.build(
            {"id": MEMBER, "users": [{"name": "ann", "keys": [{"age": 5, "used": 0.1}, {"age": 9, "used": 0.1}]}]}
        )
        self.use()
        before = self.keys()
        run = self.rekeyer.rotate(MEMBER, "ann")
        self.assertExit(run, 1)
        self.assertEqual(self.keys(), before)
        self.assertInvariants()

    def test_rotate_needs_yes_where_nobody_can_be_asked(self):
        run = self.rekeyer.run("rotate", "--account", MEMBER, "--user", "ann")
        self.assertExit(run, 2)
        self.assertIn("--yes", run.err)
        self.assertEqual(self.changing_calls(), [])

    def test_explain_names_rule_source_decision_and_what_comes_next(self):
        self.use({"override": [{"match": {"user": "ann"}, "rotation_period": "30d"}]})
        run = self.rekeyer.explain(MEMBER, "ann")
        self.assertExit(run, 0)
        self.assertIn(self.old, run.out)
        self.assertIn("30d", run.out)
        self.assertRegex(run.out, r"rekeyer\.toml:\d+")
        self.assertEqual(self.changing_calls(), [])


if __name__ == "__main__":
    unittest.main()
