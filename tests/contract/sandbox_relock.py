"""rekeyer relock and what rekeyer doctor counts, by the real binary: after a change of the configuration each secret of rekeyer's gets the policy that is
wanted now, a renamed role locks nobody out that can't be brought back, and nobody else's secret is written. With the sandbox only: moto judges no secret's policy.
"""

import json
import unittest

from case import ADMINISTRATOR, MEMBER, SECOND, RekeyerCase, secret_name
from least_privilege import policies_of

MANAGEMENT = "100000000000"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}, "Action": "sts:AssumeRole",
}]})
OLD, NEW = "rekeyer-member", "rekeyer-rotator"
OWN = {"PutResourcePolicy", "TagResource"}


def arn(role, account="{account}") -> str:
    return f"arn:aws:iam::{account}:role/{role}"


class RelockCase(RekeyerCase):
    def stand_up(self, **more):
        """Ann's and bob's keys were rotated, and their secrets are locked for the role of now. Nobody may more than docs/permissions.md says."""
        self.policies = policies_of({}, MANAGEMENT)
        may_enter = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn(NEW, "*")}
        caller = {**self.policies["caller"], "Statement": [*self.policies["caller"]["Statement"], may_enter]}
        due = [{"age": 95, "used": 0.5}]
        self.build(
            {"id": MEMBER, "name": "member", "users": [{"name": "ann", "keys": due}, {"name": "bob", "keys": due}]},
            {"id": SECOND, "name": "second", "users": [{"name": "cid", "keys": due}]}, options={"strict_auth": True},
            member_policy=self.policies[OLD], caller_policy=caller,
        )
        self.settings(**more)
        self.assertExit(self.rekeyer.apply(), 0)
        self.lab.move_clock(0.1)  # the locks of the new secrets hold everywhere
        for account, user in ((MEMBER, "ann"), (MEMBER, "bob"), (SECOND, "cid")):
            self.install(account, user)
        self.lab.forget_calls()

    def settings(self, role=OLD, **store):
        sections = {"organization": {"member_role": role}, "store": store, "limits": {"concurrency": 1, "users_per_account": 1}}
        if self.rekeyer is None:
            self.use(sections)
        else:
            self.rekeyer.configure(sections)

    def relock(self, *arguments, code=0):
        self.lab.forget_calls()
        run = self.rekeyer.run("relock", "--format", "json", *(arguments or ("--yes",)))
        self.assertExit(run, code)
        made = {call["operation"] for call in self.changing_calls()} - {"AssumeRole"}
        self.assertLessEqual(made, set() if "--plan" in arguments else OWN, "neither keys nor values are touched")
        return run

    def rows(self, run) -> dict:
        return {action["user"]: (action["action"], action["status"], action["reason"]) for action in run.json["actions"]}

    def policy(self, user="ann", account=MEMBER) -> str:
        return self.lab.admin(account, "secretsmanager").get_resource_policy(SecretId=secret_name(account, user))["ResourcePolicy"]

    def doctor(self, code=0) -> dict:
        self.lab.forget_calls()
        run = self.rekeyer.run("doctor", "--format", "json", "--account", MEMBER, "--account", SECOND)
        self.assertEqual(self.operations(operation="GetResourcePolicy") + self.operations(operation="GetSecretValue"), [])
        self.assertEqual(len(self.operations(operation="ListSecrets")), 2, "one list an account, and no call a secret")
        return {check["name"]: check for check in run.json["checks"]}


class Renamed(RelockCase):
    def make_role(self, name):
        for account in (MEMBER, SECOND):
            iam = self.lab.admin(account, "iam")
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
            iam.put_role_policy(RoleName=name, PolicyName="rekeyer", PolicyDocument=json.dumps(self.policies[OLD]))

    def drop_role(self, name):
        for account in (MEMBER, SECOND):
            iam = self.lab.admin(account, "iam")
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                iam.delete_role_policy(RoleName=name, PolicyName=policy)
            iam.delete_role(RoleName=name)

    def test_a_renamed_role_is_brought_back(self):
        self.stand_up()
        values = {user: self.stored(MEMBER, user) for user in ("ann", "bob")}
        keys = self.keys()
        self.make_role(NEW)
        self.drop_role(OLD)
        self.settings(NEW, former_writers=[arn(OLD)])

        for arguments in (("--plan",), ("--yes",)):
            run = self.relock(*arguments, code=1)
            self.assertEqual(set(self.rows(run).values()), {("relock", "failed", "shut_out")}, run)
            self.assertIn(f"{arn(OLD, MEMBER)} change it, and not {arn(NEW, MEMBER)}", run.actions(user="ann")[0]["detail"])
            self.assertEqual(run.err.count("an IAM administrator makes a role with the ARN that the lock names"), 1, run)
            self.assertEqual(self.changing_calls(), [call for call in self.changing_calls() if call["operation"] == "AssumeRole"])
        self.assertEqual(self.keys(), keys, "nobody lost a key by it")

        # As it says: a role under the old ARN, the new one among the writers, the old one among the former.
        self.make_role(OLD)
        self.settings(OLD, writers=[arn(NEW)], former_writers=[arn(OLD)])
        planned = self.relock("--plan")
        self.assertEqual(set(self.rows(planned).values()), {("relock", "planned", "lock_differs")}, planned)
        self.assertIn(f"a lock for {arn(NEW, MEMBER)}, in place of one for {arn(OLD, MEMBER)}", planned.actions(user="ann")[0]["detail"])
        done = self.relock()
        self.assertEqual(self.rows(done), {user: ("relock", "done", "lock_differs") for user in ("ann", "bob", "cid")}, done)
        self.assertEqual(self.rows(self.relock()), {}, "begun again, it has nothing to do")
        self.drop_role(OLD)

        self.settings(NEW, former_writers=[arn(OLD)])
        self.assertEqual(self.rows(self.relock()), {})
        checks = self.doctor()
        self.assertEqual((checks["accounts.locks"]["status"], checks["accounts.proofs"]["status"]), ("ok", "ok"), checks)
        self.assertIn("3 users' secrets locked as the configuration wants", checks["accounts.locks"]["finding"])
        self.assertNotIn(OLD, self.policy())
        for user, value in values.items():
            self.assertEqual(self.stored(MEMBER, user), value)
            own = self.lab.client_with(value["AccessKeyId"], value["SecretAccessKey"], "secretsmanager")
            self.assertEqual(json.loads(own.get_secret_value(SecretId=secret_name(MEMBER, user))["SecretString"]), value)
        self.settle_days()

    def settle_days(self):
        """The whole life of the keys goes on under the new role: the old keys retire, and the next rotation is stored."""
        for day in (11, 12, 22, 23, 96, 97):
            self.lab.move_clock(day)
            for account, user in ((MEMBER, "ann"), (MEMBER, "bob"), (SECOND, "cid")):
                self.install(account, user)
            self.assertExit(self.rekeyer.apply(), 0)
        created = [event for event in self.lab.key_events(event="created", by_lab=False)]
        self.assertEqual(len(created), 6)
        self.assertInvariants()

    def test_the_secret_of_a_user_who_is_gone_is_brought_along(self):
        self.stand_up()
        iam = self.lab.admin(MEMBER, "iam")
        for key in self.keys(MEMBER, "bob"):
            iam.delete_access_key(UserName="bob", AccessKeyId=key)
        iam.delete_user(UserName="bob")
        self.may_end_without_keys.add((MEMBER, "bob"))
        self.make_role(NEW)
        self.settings(OLD, writers=[arn(NEW)])  # in time: while the old one is there
        self.assertEqual(self.rows(self.relock())["bob"], ("relock", "done", "lock_differs"))
        self.drop_role(OLD)
        self.settings(NEW, former_writers=[arn(OLD)])
        self.assertEqual(self.rows(self.relock()), {user: ("relock", "done", "lock_differs") for user in ("ann", "bob", "cid")})
        gone = self.rekeyer.apply()
        self.assertExit(gone, 0)
        self.assertEqual([(a["user"], a["status"]) for a in gone.actions(reason="user_gone")], [("bob", "done")], gone)

    def test_in_time_it_takes_two_commands_and_nobody_is_held(self):
        self.stand_up()
        self.make_role(NEW)
        self.settings(OLD, writers=[arn(NEW)])
        self.relock()
        self.drop_role(OLD)
        self.settings(NEW, former_writers=[arn(OLD)])
        self.relock()
        self.assertNotIn(OLD, self.policy())
        self.assertExit(self.rekeyer.apply(), 0)


class Relock(RelockCase):
    def test_a_setting_takes_effect_at_once(self):
        self.stand_up()
        self.settings(lock="all", break_glass=[ADMINISTRATOR])
        self.assertEqual(self.doctor()["accounts.locks"]["counts"], {MEMBER: 2, SECOND: 1})
        self.relock("--plan")
        self.assertNotIn("RekeyerReaders", self.policy())
        narrowed = self.relock("--yes", "--account", MEMBER, "--user", "ann")
        self.assertEqual(self.rows(narrowed), {"ann": ("relock", "done", "lock_differs")})
        checks = self.doctor()
        self.assertEqual(checks["accounts.locks"]["counts"], {MEMBER: 1, SECOND: 1})
        self.assertEqual(checks["accounts.locks"]["finding"], "2 of 3 users' secrets not locked as the configuration wants")
        self.assertIn("rekeyer relock", checks["accounts.locks"]["remedy"])
        self.relock()
        self.assertIn("RekeyerReaders", self.policy("bob"))
        self.assertEqual(self.doctor()["accounts.locks"]["status"], "ok")

    def test_what_is_not_proved_is_never_written(self):
        self.stand_up()
        secrets = self.lab.admin(MEMBER, "secretsmanager")
        self.settings(break_glass=[ADMINISTRATOR])
        self.relock()
        secrets.untag_resource(SecretId=secret_name(MEMBER, "bob"), TagKeys=["rekeyer:proof"])
        before = self.policy("bob")
        self.settings(lock="all", break_glass=[ADMINISTRATOR])
        run = self.relock()
        self.assertEqual(self.rows(run)["bob"], ("relock", "held", "not_ours"), run)
        self.assertEqual(self.policy("bob"), before)
        proofs = self.doctor()["accounts.proofs"]
        self.assertEqual((proofs["status"], proofs["counts"]), ("warning", {MEMBER: 1}), proofs)
        self.assertIn("rekeyer adopt --before", proofs["remedy"])

    def test_a_secret_of_before_the_tag_is_no_alarm(self):
        self.stand_up(break_glass=[ADMINISTRATOR])
        self.lab.admin(MEMBER, "secretsmanager").untag_resource(SecretId=secret_name(MEMBER, "ann"), TagKeys=["rekeyer:lock"])
        locks = self.doctor()["accounts.locks"]
        self.assertEqual(locks["status"], "ok", locks)
        self.assertIn("of 1 it is not known", locks["finding"])
        self.lab.move_clock(0.2)  # who took the tag off has changed the secret: its lock has to spread, as it is new
        self.assertEqual(self.rows(self.relock()), {"ann": ("relock", "done", "lock_unmarked")})
        self.assertNotIn("not known", self.doctor()["accounts.locks"]["finding"])

    def test_a_user_with_a_run_at_work_is_left_to_the_next_time(self):
        self.stand_up(break_glass=[ADMINISTRATOR])
        self.die_in_a_rotation()
        self.assertIsNotNone(self.intent())
        self.settings(lock="all", break_glass=[ADMINISTRATOR])
        rows = self.rows(self.relock())
        self.assertEqual((rows["ann"], rows["bob"]), (("relock", "held", "in_progress"), ("relock", "done", "lock_differs")))
        self.lab.advance(minutes=16)
        self.assertEqual(self.rows(self.relock()), {"ann": ("relock", "done", "lock_differs")})

    def die_in_a_rotation(self):
        iam = self.lab.admin(MEMBER, "iam")
        current = self.stored()["AccessKeyId"]
        for key in self.keys():
            if key != current:
                iam.delete_access_key(UserName="ann", AccessKeyId=key)
        self.lab.advance(minutes=16)  # what the first rotation signed can't land any more
        self.lab.fault(op="PutSecretValue", account=MEMBER, kind="signal", when="before")
        self.assertExit(self.rekeyer.rotate(MEMBER, "ann"), -9)

    def test_what_was_killed_or_stopped_is_gone_on_with(self):
        for operation in ("PutResourcePolicy", "TagResource"):
            for number, code in ((9, -9), (2, 130)):
                with self.subTest(operation=operation, signal=number):
                    self.rekeyer = self.rekeyer and self.rekeyer.close()
                    self.stand_up()
                    self.settings(break_glass=[ADMINISTRATOR])
                    self.lab.fault(op=operation, account=MEMBER, kind="signal", signal=number, when="after")
                    self.assertExit(self.rekeyer.run("relock", "--yes", "--format", "json"), code)
                    self.lab.end_faults()
                    self.relock()
                    self.assertEqual(self.rows(self.relock()), {})
                    self.assertIn("sandbox-administrator", self.policy("bob"))
                    self.assertEqual(self.doctor()["accounts.locks"]["status"], "ok")

    def test_a_central_store_is_relocked_as_the_caller(self):
        key = "0a1b2c3d-0000-4000-8000-000000000000"
        store = {"location": "central", "kms_key_id": f"arn:aws:kms:us-east-1:{MANAGEMENT}:key/{key}", "lock": "write"}
        self.build(
            {"id": MEMBER, "name": "member", "users": [{"name": "ann", "keys": [{"age": 95, "used": 0.5}]}]}, {"id": SECOND, "name": "second"},
            {"id": MANAGEMENT, "name": "management", "kms_keys": [{"id": key}]}, options={"strict_auth": True},
        )
        caller = f"arn:aws:iam::{MANAGEMENT}:user/rekeyer-*"
        self.settings(**store, writers=[caller])
        self.assertExit(self.rekeyer.apply(), 0)
        self.lab.move_clock(0.1)
        self.settings(**store, writers=[caller, arn("another", MANAGEMENT)])
        self.assertEqual(self.doctor()["accounts.locks"]["counts"], {MEMBER: 1})
        self.assertEqual(self.rows(self.relock()), {"ann": ("relock", "done", "lock_differs")})
        self.assertEqual(self.doctor()["accounts.locks"]["status"], "ok")
        secret = self.lab.admin(MANAGEMENT, "secretsmanager").get_resource_policy(SecretId=secret_name(MEMBER, "ann"))
        self.assertIn("role/another", secret["ResourcePolicy"])

        self.settings(**store, writers=[arn("another", MANAGEMENT)], former_writers=[caller])
        self.assertEqual(self.rows(self.relock()), {"ann": ("relock", "done", "lock_differs")}, "one of before hands over")
        self.settings(**store, writers=[arn("another", MANAGEMENT), caller], former_writers=[])
        run = self.relock(code=1)
        self.assertEqual(self.rows(run), {"ann": ("relock", "failed", "shut_out")}, run)

    def test_wrong_usage_is_told(self):
        self.stand_up()
        self.assertExit(self.rekeyer.run("relock"), 2)
        self.settings(lock="none", grant="none")
        run = self.rekeyer.run("relock", "--yes")
        self.assertExit(run, 2)
        self.assertIn("delete-resource-policy", run.err)
        self.settings(lock="write", location="central", kms_key_id="alias/k")
        run = self.rekeyer.run("relock", "--yes", "--format", "json")
        self.assertExit(run, 1)
        self.assertIn("neither the member role nor named", run.account(MEMBER)["reason"])


if __name__ == "__main__":
    unittest.main()
