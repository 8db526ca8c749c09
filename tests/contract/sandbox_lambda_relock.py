"""What `rekeyer relock` does, done by the functions: one event brings all locks to the configuration of now, a run of it looks like no daily one, and the roles
need no right that a rotation does not need. With the sandbox only: moto judges no secret's policy."""

import json
import unittest

from case import MEMBER, SECOND, THIRD, secret_name
from lambda_case import LambdaCase, due_user
from least_privilege import policies_of

MANAGEMENT = "100000000000"
OWN = {"PutResourcePolicy", "TagResource"}
DEPUTY = "arn:aws:iam::{account}:role/deputy"
FUNCTIONS = ("rekeyer-inventory", "rekeyer-account", "rekeyer-summary")


class LambdaRelock(LambdaCase):
    def stand_up(self):
        """Three users' keys were rotated under locks for the member role; another user of the third account has no secret."""
        policies = policies_of({}, MANAGEMENT)
        caller = {"Version": "2012-10-17", "Statement": [
            {name: value for name, value in statement.items() if name != "Sid"} for role in FUNCTIONS for statement in policies[role]["Statement"]
        ]}
        # The lab's caller stands for all three functions, and owns the bucket that this test calls something else.
        caller["Statement"].append({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"], "Resource": "*"})
        self.build(
            {"id": MEMBER, "name": "member", "users": [due_user("ann"), due_user("bob")]}, {"id": SECOND, "name": "second", "users": [due_user("cid")]},
            {"id": THIRD, "name": "third", "users": [{"name": "new", "keys": []}]},
            options={"strict_auth": True}, member_policy=policies["rekeyer-member"], caller_policy=caller,
        )
        self.deploy()
        report = self.distributed("run-1")
        self.assertEqual(report["totals"]["actions"], {"rotate": {"done": 3}}, report)
        self.lab.move_clock(0.1)  # the locks of the new secrets hold everywhere
        self.before = {(account, user): self.keys(account, user) for account, user in ((MEMBER, "ann"), (MEMBER, "bob"), (SECOND, "cid"))}

    def reconfigure(self, **store):
        self.end_functions()  # a function keeps its configuration for five minutes
        self.rekeyer.configure({"store": store})
        self.lab.forget_calls()

    def policy(self, account, user) -> str:
        return self.lab.admin(account, "secretsmanager").get_resource_policy(SecretId=secret_name(account, user))["ResourcePolicy"]

    def named(self) -> dict:
        """Whose secret's lock names the deputy."""
        return {user: f"arn:aws:iam::{account}:role/deputy" in self.policy(account, user) for account, user in self.before}

    def rows(self, report) -> dict:
        return {row["user"]: (row["action"], row["status"], row["reason"]) for row in report["actions"]}

    def assertOnlyPolicies(self):
        made = {operation for operation, _ in self.changes_of_accounts()} - {"AssumeRole"}
        self.assertLessEqual(made, OWN, "neither keys nor values are touched")
        self.assertEqual({(account, user): self.keys(account, user) for account, user in self.before}, self.before)

    def test_a_run_brings_all_locks_to_the_configuration(self):
        self.stand_up()
        latest = self.kept("latest.json")
        self.reconfigure(writers=[DEPUTY])
        planned = self.distributed("relock-1", "relock-plan")
        self.assertEqual(self.rows(planned), {user: ("relock", "planned", "lock_differs") for user in ("ann", "bob", "cid")}, planned)
        self.assertEqual(set(self.named().values()), {False})
        done = self.distributed("relock-2", "relock")
        self.assertEqual(self.rows(done), {user: ("relock", "done", "lock_differs") for user in ("ann", "bob", "cid")}, done)
        self.assertEqual({account["id"]: account["status"] for account in done["accounts"]}, {MANAGEMENT: "skipped", **dict.fromkeys((MEMBER, SECOND, THIRD), "done")})
        self.assertEqual([item["id"] for item in self.kept("relock-2/allotted.json")], [MEMBER, SECOND], "where nothing is to be written nobody comes a second time")
        self.assertEqual(set(self.named().values()), {True})
        self.assertOnlyPolicies()
        self.assertEqual(self.kept("latest.json"), latest, "doctor would take it for the daily run")
        self.assertEqual(self.rows(self.distributed("relock-3", "relock")), {}, "begun again, it has nothing to do")

    def test_metrics_are_those_of_daily_runs_alone(self):
        self.stand_up()
        self.assertIn('"KeysRotated":', self.prints())
        self.reconfigure(writers=[DEPUTY])
        seen = self.prints().count('"KeysRotated":')
        self.distributed("relock-1", "relock")
        self.call("sweep", {"mode": "relock-plan", "run": "relock-2"})
        self.assertEqual(self.prints().count('"KeysRotated":'), seen)

    def test_one_account_and_one_invocation_for_all(self):
        self.stand_up()
        self.reconfigure(writers=[DEPUTY])
        answer = self.call("account", {"mode": "relock", "account": {"id": SECOND}})
        self.assertEqual((answer["done"], answer["failed"]), (1, 0), answer)
        self.assertEqual(self.named(), {"ann": False, "bob": False, "cid": True})
        totals = self.call("sweep", {"mode": "relock", "run": "relock-1"})["totals"]
        self.assertEqual(totals["actions"], {"relock": {"done": 2}})
        self.assertEqual(set(self.named().values()), {True})
        self.assertOnlyPolicies()

    def test_a_deployment_for_plans_and_a_store_without_policies_refuse(self):
        self.stand_up()
        self.reconfigure(writers=[DEPUTY])
        self.assertIn("may only plan", self.refusal("account", {"mode": "relock", "account": {"id": MEMBER}}, REKEYER_MODE="plan"))
        self.reconfigure(lock="none", grant="none")
        for handler, event in (("inventory", {"run": "r"}), ("sweep", {}), ("account", {"account": {"id": MEMBER}})):
            self.assertIn("writes no policies", self.refusal(handler, {"mode": "relock", **event}), handler)
        self.assertEqual(self.changes_of_accounts(), [])

    def refusal(self, handler, event, **variables) -> str:
        return self.assertLambdaError(self.function(handler, **variables).invoke(event), "rekeyer.Usage")


if __name__ == "__main__":
    unittest.main()
