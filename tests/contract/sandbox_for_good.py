"""What fails for good: each daily run says it in the same words and with the same exit code, no key is made and deleted again, and once the cause is gone the
next run goes on. With the sandbox only: moto knows no service control policies, quotas of policies' sizes and states of KMS keys."""

import json
import re
import unittest

from case import ADMINISTRATOR, MEMBER, RekeyerCase

KMS = "11111111-2222-3333-4444-555555555555"
EVERYTHING = {"name": "FullAWSAccess", "targets": ["root", MEMBER], "document": {
    "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}


def denial(action, condition=None) -> dict:
    statement = {"Effect": "Deny", "Action": action, "Resource": "*", **({"Condition": condition} if condition else {})}
    return {"name": "denial", "targets": [MEMBER], "document": {"Version": "2012-10-17", "Statement": [statement]}}


def words_of(action) -> str:
    """Without what differs from run to run: the session's name and the request's id."""
    return re.sub(r"rekeyer-[0-9a-f]{16}", "rekeyer-RUN", action["detail"].split(" (request id")[0])


class ForGood(RekeyerCase):
    def each_day(self, days, reason) -> str:
        told = []
        for day in days:
            self.lab.move_clock(day)
            run = self.rekeyer.apply()
            self.assertExit(run, 1, f"day {day}")
            told.append([(a["action"], a["reason"], a["status"], words_of(a)) for a in run.actions(user="ann")])
            self.assertEqual([row[:3] for row in told[-1]], [("rotate", reason, "failed")], run)
        self.assertEqual(told, [told[0]] * len(days), "the same words each day")
        self.assertEqual([event["event"] for event in self.lab.key_events(by_lab=False)], self.events, "no key came or went")
        return told[0][0][3]

    def stand_up(self, sections=None, controls=(), **spec):
        organization = {"controls": [EVERYTHING, *controls]} if controls else {}
        self.one_user([{"age": 95, "used": 1}], **({"organization": organization} if organization else {}), **spec)
        self.use(sections)
        self.events = []

    def test_a_service_control_policy_against_new_keys(self):
        self.stand_up(controls=[denial("iam:CreateAccessKey")])
        self.assertIn("service control policy", self.each_day(range(8), "access_denied"))

    def test_a_service_control_policy_that_demands_tags_on_secrets(self):
        control = denial("secretsmanager:CreateSecret", {"Null": {"aws:RequestTag/CostCenter": "true"}})
        self.stand_up(controls=[control])
        self.each_day((0, 1, 2), "store_not_ready")
        self.rekeyer.configure({"store": {"tags": {"CostCenter": "42"}}})
        self.lab.move_clock(3)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.tags()["CostCenter"], "42")
        self.assertSettled(active=2)

    def test_a_service_control_policy_that_demands_a_kms_key_or_forbids_the_region(self):
        for condition in ({"Null": {"secretsmanager:KmsKeyArn": "true"}}, {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}):
            with self.subTest(condition):
                self.stand_up(controls=[denial("secretsmanager:CreateSecret", condition)])
                self.each_day((0, 1, 2), "store_not_ready")

    def test_a_user_whose_own_policies_have_no_room(self):
        queues = [f"arn:aws:sqs:eu-west-2:{MEMBER}:queue-{number:03}" for number in range(41)]
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": queues}]}
        self.stand_up({"store": {"grant": "user-policy"}}, user_spec={"policies": {"sqs": document}})
        self.assertIn("2048", self.each_day((0, 1, 2), "store_not_ready"))

    def test_a_secret_whose_policy_has_no_room(self):
        self.stand_up({"store": {"break_glass": [ADMINISTRATOR]}})
        self.grow_old()
        accounts = [{"Sid": f"Team{number}", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:root"},
                     "Action": "secretsmanager:GetSecretValue", "Resource": "*",
                     "Condition": {"StringEquals": {"aws:PrincipalTag/team": "x" * 200}}} for number in range(45)]
        admin = self.lab.admin(MEMBER, "secretsmanager")
        policy = json.loads(admin.get_resource_policy(SecretId=self.described()["ARN"])["ResourcePolicy"])
        policy["Statement"] += accounts
        admin.put_resource_policy(SecretId=self.described()["ARN"], ResourcePolicy=json.dumps(policy))
        role = "arn:aws:iam::{account}:role/" + "r" * 60
        self.rekeyer.configure({"store": {"break_glass": [ADMINISTRATOR], "writers": [role + str(number) for number in range(20)]}})
        self.each_day((95, 96, 97), "store_not_ready")

    def grow_old(self):
        """One whole life: the user has one key, of rekeyer's making, which is due from day 90 on."""
        self.assertExit(self.rekeyer.apply(), 0)
        current = self.stored()["AccessKeyId"]
        for day in (10.1, 20.2, 89):
            self.lab.move_clock(day)
            self.lab.control("key", id=current, used=0.01)
            self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(list(self.keys()), [current])
        self.lab.control("key", id=current, used=0.01)
        self.events = [event["event"] for event in self.lab.key_events(by_lab=False)]

    def test_a_kms_key_that_was_switched_off_after_the_first_rotation(self):
        self.stand_up({"store": {"kms_key_id": KMS}}, account_spec={"kms_keys": [{"id": KMS}]})
        self.grow_old()
        kms = self.lab.admin(MEMBER, "kms")
        kms.disable_key(KeyId=KMS)
        self.assertIn(KMS, self.each_day((91, 92, 93), "kms_key_unusable"))
        kms.enable_key(KeyId=KMS)
        self.lab.move_clock(94)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertSettled(active=2)

    def test_a_secret_full_of_tags(self):
        self.stand_up({"store": {"break_glass": [ADMINISTRATOR]}})
        self.grow_old()
        admin = self.lab.admin(MEMBER, "secretsmanager")
        room = 50 - len(self.tags())
        admin.tag_resource(SecretId=self.described()["ARN"], Tags=[{"Key": f"team{number}", "Value": "x"} for number in range(room)])
        self.assertIn("AWS takes 50", self.each_day((91, 92, 93), "too_many_tags"))

    def test_sts_that_is_off_in_the_callers_region(self):
        """It is about the caller, and no account's role: no hint leads elsewhere."""
        self.one_user([{"age": 95, "used": 1}])
        self.use()
        words = "STS is not activated in this region for account:100000000000."
        for operation in ("AssumeRole", "GetCallerIdentity"):
            self.lab.end_faults()
            self.lab.fault(op=operation, kind="error", code="RegionDisabledException", status=403, message=words, times=0)
            run = self.rekeyer.run("plan")
            self.assertExit(run, 1)
            self.assertIn("set AWS_REGION to a region in which STS is on", run.out + run.err)
            self.assertNotIn("is the role deployed there", run.out + run.err)

    def test_a_store_in_a_region_that_the_account_has_not_switched_on(self):
        self.one_user([{"age": 95, "used": 1}])
        self.use({"store": {"region": "me-south-1"}})
        self.lab.fault(op="ListSecrets", kind="error", code="UnrecognizedClientException", status=400, message="The security token included in the request is invalid.", times=0)
        run = self.rekeyer.plan()
        self.assertExit(run, 1)
        self.assertIn("is the Region me-south-1 (store.region) switched on in this account?", run.account(MEMBER)["reason"])


if __name__ == "__main__":
    unittest.main()
