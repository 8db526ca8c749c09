"""A member of the account with every right to Secrets Manager and none to IAM, against the real binary: what he makes, tags and writes at users' names
before rekeyer, beside it and after it lets him read no key that rekeyer issued, and switches no key off. With the sandbox only: moto judges no secret's policy.
"""

import datetime
import hashlib
import json
import unittest

from botocore.exceptions import ClientError
from case import ADMINISTRATOR, MEMBER, RekeyerCase, secret_name

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}]}
NAME = secret_name(MEMBER, "ann")
HIS = {"Version": "2012-10-17", "Statement": [{
    "Sid": "mine", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/dev"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*",
}]}


def stamp(moment) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


class HostileMember(RekeyerCase):
    def stand_up(self, *keys, **sections):
        """Ann's key is due, unless other keys are given; dev is he."""
        self.build({"id": MEMBER, "name": "member", "users": [
            {"name": "ann", "keys": list(keys) or [{"age": 95, "used": 0.5}]},
            {"name": "dev", "policies": {"p": EVERYTHING}, "keys": [{"age": 1, "id": "AKIADEVDEVDEVDEVDEV1", "secret": "devsecret" * 4 + "devs"}]},
        ]}, options={"strict_auth": True})
        self.use(sections)
        self.his = self.lab.client_with("AKIADEVDEVDEVDEVDEV1", "devsecret" * 4 + "devs", "secretsmanager")
        self.anns = self.lab.keys_of(MEMBER, "ann")

    def now(self):
        return datetime.datetime.fromtimestamp(self.lab.now(), datetime.UTC)

    def reasons(self, run) -> set:
        return {(action["user"], action["reason"], action["status"]) for action in run.json["actions"]}

    def apply(self):
        return self.rekeyer.apply()

    def assertHeld(self, words):
        """The same on three days, and no key was made."""
        for day in (0, 1, 2):
            self.lab.move_clock(day)
            self.lab.control("key", id=self.anns[0], used=0.1)
            run = self.apply()
            self.assertExit(run, 1)
            self.assertEqual(self.reasons(run), {("ann", "not_ours", "failed")}, run)
            self.assertIn(words, run.json["actions"][0]["detail"])
        self.assertEqual(self.operations(operation="CreateAccessKey"), [])
        self.assertEqual(set(self.keys().values()), {"Active"})

    def test_a_policy_that_lets_him_read(self):
        self.stand_up()
        self.his.create_secret(Name=NAME)
        self.his.put_resource_policy(SecretId=NAME, ResourcePolicy=json.dumps(HIS))
        self.assertHeld("a policy with Allow for arn:aws:iam::111111111111:user/dev (Sid mine)")

    def test_a_tag_that_his_own_policy_lets_him_read_by(self):
        self.stand_up()
        self.his.create_secret(Name=NAME, Tags=[{"Key": "team", "Value": "dev"}])
        self.assertHeld("tag team")

    def test_a_value_under_a_token_of_ours(self):
        """Tokens are made of public facts: one says that a spare key was published in the other's place."""
        self.stand_up({"age": 100, "used": 5}, {"age": 20})
        token = hashlib.sha256(f"rekeyer:1\n{MEMBER}\nann\n{self.anns[1]}".encode()).hexdigest()
        self.his.create_secret(Name=NAME, SecretString="junk", ClientRequestToken=token)
        for day in (0, 10.2, 20.4, 40):
            self.lab.move_clock(day)
            self.lab.control("key", id=self.anns[0], used=3)
            self.apply()
            self.assertEqual(self.keys()[self.anns[0]], "Active", f"day {day}")

    def test_forged_records_switch_nothing_off(self):
        long_ago = "20260101T000000Z"
        for tags in (
            {"rekeyer:custody": "1 {0}:orphan:" + long_ago},
            {"rekeyer:custody": "1 {0}:retiring:" + long_ago + ":off=" + long_ago + ":by=rekeyer", "rekeyer:proof": "1 none " + long_ago},
            {"rekeyer:intent": "1 run=deadbeefdeadbeef start={1} lease={1} had="},
            {"rekeyer:notice": "1 {0}:deactivation-soon/3:20260101:" + long_ago},
            {"rekeyer:custody": "1 {0}:retiring:" + long_ago, "rekeyer:custody-2": "{0}:orphan:" + long_ago},
            {"rekeyer:custody-2": "1 {0}:orphan:" + long_ago},
            {"rekeyer:intent": "1 run=deadbeefdeadbeef start={1} lease={1} had=", "rekeyer:issued-nothing": "deadbeefdeadbeef"},
            {"rekeyer:intent": "none until=99991231T000000Z"},
            {"rekeyer:proof": "1 kms " + long_ago + " AAAA BBBB", "rekeyer:custody": "1 {0}:orphan:" + long_ago},
            {"rekeyer:id": "AIDANOBODYATALLEVERX1", "rekeyer:custody": "1 {0}:orphan:" + long_ago},
        ):
            with self.subTest(tags=sorted(tags)):
                self.stand_up({"age": 20})
                earlier = stamp(self.now() - datetime.timedelta(hours=2))
                self.his.create_secret(Name=NAME, Tags=[{"Key": key, "Value": value.format(self.anns[0], earlier)} for key, value in tags.items()])
                for day in (0, 1.1, 11, 22):
                    self.lab.move_clock(day)
                    self.apply()
                    self.assertEqual(self.keys(), {self.anns[0]: "Active"}, f"day {day}")

    def test_an_intent_that_he_made_up_breaks_no_exemption(self):
        """A sealed key, 300 days old and never used, looks like what a run issued and lost; its user is exempt by configuration."""
        self.stand_up({"age": 300}, **{"exempt.user": [{"match": {"user": "ann"}, "reason": "sealed envelope"}]})
        earlier = self.now() - datetime.timedelta(hours=2)
        lease = stamp(earlier + datetime.timedelta(minutes=15))
        intent = f"1 run=deadbeefdeadbeef start={stamp(earlier)} lease={lease} had="
        self.his.create_secret(Name=NAME, Tags=[{"Key": "rekeyer:intent", "Value": intent}])
        for day in (0, 1.1, 11, 40):
            self.lab.move_clock(day)
            self.assertEqual({row for row in self.reasons(self.apply()) if row[0] == "ann" and row[2] == "done"}, set())
            self.assertEqual(self.keys(), {self.anns[0]: "Active"}, f"day {day}")

    def test_secrets_in_other_states(self):
        """With a value, a copy in another Region, or marked for deletion with a value in it."""
        for made, words in (
            ({"SecretString": "x"}, "1 value(s)"), ({"SecretBinary": b"x"}, "1 value(s)"), ({"AddReplicaRegions": [{"Region": "eu-west-1"}]}, "a copy in eu-west-1"),
            ({"SecretString": "x", "deleted": True}, "1 value(s)"),
        ):
            with self.subTest(made):
                self.stand_up()
                deleted = made.pop("deleted", False)
                self.his.create_secret(Name=NAME, **made)
                if deleted:
                    self.his.delete_secret(SecretId=NAME, RecoveryWindowInDays=30)
                self.assertHeld(words)

    def test_policies_that_call_themselves_rekeyers(self):
        """They are written over, and the lock has to be enforced before a key is issued; he reads nothing."""
        open_actions = [f"secretsmanager:{name}" for name in ("GetSecretValue", "DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds")]
        writers = [f"arn:aws:iam::{MEMBER}:role/rekeyer-member", f"arn:aws:iam::{MEMBER}:user/dev"]
        for statement in (
            {**HIS["Statement"][0], "Sid": "RekeyerOwnerRead"},
            {"Sid": "RekeyerLock", "Effect": "Deny", "Principal": "*", "NotAction": open_actions, "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": writers}}},
        ):
            with self.subTest(statement["Sid"]):
                self.stand_up()
                self.his.create_secret(Name=NAME)
                self.his.put_resource_policy(SecretId=NAME, ResourcePolicy=json.dumps({**HIS, "Statement": [statement]}))
                self.assertEqual(self.reasons(self.apply()), {("ann", "lock_spreading", "held")})
                self.lab.move_clock(0.005)
                self.assertEqual(self.reasons(self.apply()), {("ann", "rotation_due", "done")})
                policy = self.lab.admin(MEMBER, "secretsmanager").get_resource_policy(SecretId=NAME)["ResourcePolicy"]
                self.assertNotIn("user/dev", policy)
                with self.assertRaises(ClientError):
                    self.his.tag_resource(SecretId=NAME, Tags=[{"Key": "rekeyer:custody", "Value": "1"}])

    def test_a_bare_secret_is_locked_and_taken_over(self):
        self.stand_up()
        self.his.create_secret(Name=NAME)
        run = self.apply()
        self.assertEqual(self.reasons(run), {("ann", "lock_spreading", "held")}, run)
        self.lab.move_clock(0.005)
        run = self.apply()
        self.assertEqual(self.reasons(run), {("ann", "rotation_due", "done")}, run)

    def test_what_is_locked_is_closed_to_him(self):
        self.stand_up(store={"lock": "all", "break_glass": [ADMINISTRATOR]})
        self.assertExit(self.apply(), 0)
        for call, arguments in (
            (self.his.tag_resource, {"Tags": [{"Key": "rekeyer:custody", "Value": "1"}]}),
            (self.his.untag_resource, {"TagKeys": ["rekeyer:custody"]}),
            (self.his.put_resource_policy, {"ResourcePolicy": json.dumps(HIS)}),
            (self.his.delete_resource_policy, {}),
            (self.his.put_secret_value, {"SecretString": "junk"}),
            (self.his.update_secret, {"Description": "mine"}),
            (self.his.delete_secret, {"ForceDeleteWithoutRecovery": True}),
            (self.his.replicate_secret_to_regions, {"AddReplicaRegions": [{"Region": "eu-west-1"}]}),
            (self.his.get_secret_value, {}),
        ):
            with self.subTest(call=call.__name__), self.assertRaises(ClientError) as caught:
                call(SecretId=NAME, **arguments)
            self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDeniedException")
        self.assertEqual(self.his.describe_secret(SecretId=NAME)["Name"], NAME, "whoever looks after accounts may look")
        value = self.stored()
        anns = self.lab.client_with(value["AccessKeyId"], value["SecretAccessKey"], "secretsmanager")
        self.assertEqual(json.loads(anns.get_secret_value(SecretId=NAME)["SecretString"]), value, "its owner reads, without naming a stage")

    def test_reading_stays_open_by_default(self):
        """Teams read their service users' keys by roles of theirs; `lock = "all"` is for whoever wants it closed."""
        self.stand_up()
        self.assertExit(self.apply(), 0)
        self.assertEqual(json.loads(self.his.get_secret_value(SecretId=NAME)["SecretString"]), self.stored())


if __name__ == "__main__":
    unittest.main()
