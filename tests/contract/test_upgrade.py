"""Moving from the older stack (aws-iam-access-key-auto-rotation): its accounts as it leaves them, rekeyer with the settings that
deploy/cloudformation/central.yaml renders from that stack's parameters.

The older system keeps a secret of the same name, whose value is one JSON object; it leaves two active keys behind a rotation, and no record.
"""

import datetime
import importlib.util
import json
import sys
import unittest

from case import MEMBER, RekeyerCase, secret_name
from rekeyer import ROOT

sys.path.append(str(ROOT / "tests" / "deploy"))

TAGS = {"owner": "ann@example.com", "managed-by": "terraform"}
OLDER_SETTINGS = {
    "RotationPeriod": 90, "InactivePeriod": "100", "InactiveBuffer": 10, "RecoveryGracePeriod": 10, "IAMExemptionGroup": "IAMKeyRotationExemptionGroup",
    "ResourceOwnerTag": "owner", "StoreSecretsInCentralAccount": "False", "RunLambdaInVPC": "False",
}


@unittest.skipIf(importlib.util.find_spec("yaml") is None, "Python module yaml is not installed")
class Upgrade(RekeyerCase):
    def left_by_the_older_system(self, old, new):
        """ann with these two keys, the newer of which is in her secret, as the older system writes it."""
        from template import FOLDER, Template

        self.one_user([old, new], user_spec={"tags": TAGS, "path": "/team/"})
        self.old, self.new = self.lab.keys_of(MEMBER, "ann")
        value = {
            "AccessKeyId": self.new, "SecretAccessKey": "kept/by/the/older/system/EXAMPLE", "UserName": "ann", "Status": "Active",
            "CreateDate": "2026-01-01 06:00:00+00:00",
        }
        self.value = json.dumps(value)
        created = self.lab.admin(MEMBER, "secretsmanager").create_secret(Name=secret_name(MEMBER, "ann"), SecretString=self.value)
        self.arn = created["ARN"]
        made = Template(FOLDER / "central.yaml").with_parameters(
            CodeBucket="code-bucket", CodeKey="rekeyer.zip", SecretsRegion="us-east-1", **OLDER_SETTINGS
        )
        self.assertEqual(made.broken_rules(), [])
        self.use(made.properties("Configuration")["Value"])
        self.vouch()

    def vouch(self):
        """What stood at users' names before is not believed without a word of the operator's."""
        tomorrow = datetime.datetime.fromtimestamp(self.lab.now() + 86400, datetime.UTC).strftime("%Y-%m-%d")
        for moment, ends in ((0, ("held", "lock_spreading")), (0.005, ("done", "vouched"))):
            self.lab.move_clock(moment)
            run = self.rekeyer.run("adopt", "--before", tomorrow, "--yes", "--no-wait", "--format", "json")
            self.assertExit(run, 0)
            self.assertEqual([(action["user"], action["status"], action["reason"]) for action in run.json["actions"]], [("ann", *ends)], run)
        self.lab.forget_calls()

    def assertUserIsAsBefore(self):
        iam = self.lab.admin(MEMBER, "iam")
        self.assertEqual({tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName="ann")["Tags"]}, TAGS)
        self.assertEqual(self.operations(service="iam", operation="TagUser") + self.operations(service="iam", operation="UntagUser"), [])

    def assertNothingWasRotated(self):
        self.assertEqual(self.operations(operation="CreateAccessKey"), [])
        self.assertEqual(self.described()["ARN"], self.arn)
        self.assertEqual(self.stored(), json.loads(self.value), "the secret that users read is as it was")

    def secrets(self) -> list:
        return [item["Name"] for item in self.lab.admin(MEMBER, "secretsmanager").list_secrets()["SecretList"]]

    def test_what_was_rotated_is_not_rotated_again(self):
        self.left_by_the_older_system({"age": 95, "used": 1}, {"age": 4, "used": 1})
        plan = self.rekeyer.plan()
        self.assertExit(plan, 0)
        self.assertEqual(self.changing_calls(), [])
        self.assertEqual(plan.actions(user="ann", action="rotate"), [], plan)
        for day in (0, 1, 5):
            self.lab.move_clock(day)
            self.lab.control("key", id=self.old, used=0.1)
            self.assertExit(self.rekeyer.apply(), 0)
            self.assertNothingWasRotated()
            self.assertEqual(self.keys(), {self.old: "Active", self.new: "Active"}, "a key in use is not cut")
        self.assertUserIsAsBefore()
        self.assertEqual(self.secrets(), [secret_name(MEMBER, "ann")])

    def test_an_old_key_that_nobody_uses_retires_one_step_after_the_other(self):
        self.left_by_the_older_system({"age": 140, "used": 45}, {"age": 41, "used": 1})
        seen = []
        for day in (0, 10.1, 20.2):
            self.lab.move_clock(day)
            self.assertExit(self.rekeyer.apply(), 0)
            seen.append(self.keys())
        self.assertNotEqual(seen[0].get(self.old), None, "deactivated, not deleted at once")
        self.assertEqual(seen[0][self.old], "Inactive")
        self.assertNotIn(self.old, seen[-1])
        self.assertEqual(seen[-1], {self.new: "Active"})
        self.assertNothingWasRotated()
        self.assertUserIsAsBefore()

    def test_the_next_rotation_goes_into_the_same_secret(self):
        self.left_by_the_older_system({"age": 200, "used": 90, "status": "Inactive"}, {"age": 80, "used": 1})
        for day in (0, 5, 10.1, 11, 12):
            self.lab.move_clock(day)
            self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.operations(operation="CreateAccessKey"), ["CreateAccessKey"], "once")
        self.assertEqual((self.described()["ARN"], self.secrets()), (self.arn, [secret_name(MEMBER, "ann")]))
        stored = self.stored()
        self.assertNotEqual(stored["AccessKeyId"], self.new)
        self.assertLessEqual({"AccessKeyId", "SecretAccessKey", "UserName", "Status", "CreateDate"}, set(stored), "what readers of the older value look for")
        self.assertEqual(self.keys()[self.new], "Active", "the time to install the new one is not over")
        self.assertUserIsAsBefore()
