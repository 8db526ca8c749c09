"""Statements that others wrote into the policy of a user's secret: they are kept, keep nobody from being rotated, and stop the rotation before a key is
issued where they keep its owner from reading or let everybody in. With the sandbox only: moto binds no principal to its id."""

import json
import unittest

from case import ADMINISTRATOR, MEMBER, RekeyerCase

LIVING, GONE = (f"arn:aws:iam::{MEMBER}:role/{name}" for name in ("reader", "gone"))
ROOT = f"arn:aws:iam::{MEMBER}:root"
OWNER = f"arn:aws:iam::{MEMBER}:user/ann"
READ = "secretsmanager:GetSecretValue"


def statement(effect="Allow", action=READ, **more):
    return {"Sid": "Team", "Effect": effect, "Action": action, "Resource": "*", **more}


class OthersPolicies(RekeyerCase):
    def with_statement(self, added, changes=None):
        """A user who was rotated once and works with the new key; then `added` is put into the secret's policy by whom the lock lets in, and the
        role `gone` is deleted."""
        roles = [{"name": "rekeyer-member"}, {"name": "reader", "policies": {}}, {"name": "gone", "policies": {}}]
        self.one_user([{"age": 95, "used": 1}], account_spec={"roles": roles})
        self.use({"store": {"break_glass": [ADMINISTRATOR]}})
        self.assertExit(self.rekeyer.apply(), 0)
        self.current = self.stored()["AccessKeyId"]
        self.lab.control("key", id=self.current, used=0.01)
        self.write(self.policy()["Statement"] + [added])
        self.lab.admin(MEMBER, "iam").delete_role(RoleName="gone")

    def admin(self):
        return self.lab.admin(MEMBER, "secretsmanager")

    def policy(self) -> dict:
        return json.loads(self.admin().get_resource_policy(SecretId=self.described()["ARN"])["ResourcePolicy"])

    def write(self, statements):
        document = {"Version": "2012-10-17", "Statement": statements}
        self.admin().put_resource_policy(SecretId=self.described()["ARN"], ResourcePolicy=json.dumps(document))

    def team(self) -> dict:
        return next(entry for entry in self.policy()["Statement"] if entry["Sid"] == "Team")

    def later(self):
        """The next rotation is due, and the configuration names one more writer: the policy has to be written."""
        for day in (10.1, 20.2, 95):
            self.lab.move_clock(day)
            self.lab.control("key", id=self.current, used=0.01)
            if day == 95:
                role = "arn:aws:iam::{account}:role/other"
                self.rekeyer.configure({"store": {"break_glass": [ADMINISTRATOR], "writers": [role]}})
            run = self.rekeyer.apply()
        return run

    def test_those_who_are_gone_beside_those_who_live(self):
        for added, kept in (
            (statement(Principal={"AWS": [GONE, LIVING]}), {"AWS": LIVING}),
            (statement(Principal={"AWS": GONE, "Service": "lambda.amazonaws.com"}), {"Service": "lambda.amazonaws.com"}),
            (statement("Deny", "secretsmanager:DeleteSecret", NotPrincipal={"AWS": [GONE, ROOT]}), {"AWS": ROOT}),
        ):
            with self.subTest(added):
                self.with_statement(added)
                member = "Principal" if "Principal" in added else "NotPrincipal"
                self.assertIn("AROA", json.dumps(self.team()[member]))
                run = self.later()
                self.assertExit(run, 0)
                self.assertEqual([(a["action"], a["status"]) for a in run.actions(user="ann")], [("rotate", "done")], run)
                self.assertEqual(self.team()[member], kept)

    def test_denials_that_do_not_mean_the_owner(self):
        for added in (
            statement("Deny", "secretsmanager:*", Principal={"AWS": "arn:aws:iam::222222222222:root"}),
            statement("Deny", NotPrincipal={"AWS": [OWNER, ROOT]}),
            statement("Deny", "secretsmanager:*", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        ):
            with self.subTest(added):
                self.with_statement(added)
                run = self.later()
                self.assertEqual([(a["action"], a["status"]) for a in run.actions(user="ann")], [("rotate", "done")], run)

    def test_denials_that_mean_the_owner_cost_no_key(self):
        for added in (
            statement("Deny", Principal={"AWS": ROOT}), statement("Deny", Principal={"AWS": OWNER}), statement("Deny", Principal="*"),
            statement("Deny", NotPrincipal={"AWS": [OWNER, LIVING]}),
        ):
            with self.subTest(added):
                self.with_statement(added)
                self.lab.forget_calls()
                run = self.later()
                self.assertExit(run, 1)
                self.assertEqual([(a["action"], a["reason"]) for a in run.actions(user="ann")], [("rotate", "owner_denied")], run)
                self.assertIn("keeps its owner from reading", run.actions(user="ann")[0]["detail"])
                self.assertNotIn("CreateAccessKey", self.operations())


if __name__ == "__main__":
    unittest.main()
