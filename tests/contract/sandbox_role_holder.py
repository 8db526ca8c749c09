"""What somebody can do who has taken the member role over, as SECURITY.md tells it: both what he can, so that the page is corrected when that ends, and what he
cannot. With the sandbox only: moto does not know users' groups in policies of secrets.
"""

import json
import unittest

from botocore.exceptions import ClientError
from case import MEMBER, RekeyerCase, secret_name
from least_privilege import policies_of

MANAGEMENT = "100000000000"
#: For users that read by a policy of their own (store.grant = "none"), where secrets have no lock (store.lock = "none"), as SECURITY.md has it.
OWN_SECRET = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
    "Resource": f"arn:aws:secretsmanager:*:{MEMBER}:secret:Account_{MEMBER}_User_${{aws:username}}_AccessKey-??????",
}]}


class RoleHolder(RekeyerCase):
    def stand_up(self, **store):
        """Ann's key was rotated yesterday; rob is another user, without any right of his own but to read his own secret."""
        sections = {"store": store} if store else {}
        policies = policies_of(sections, MANAGEMENT)
        users = [
            {"name": name, "keys": [{"age": age, "used": 0.5}], "policies": {"own": OWN_SECRET} if store else {}} for name, age in (("ann", 95), ("rob", 1))
        ]
        self.build(
            {"id": MEMBER, "name": "member", "users": users}, options={"strict_auth": True}, member_policy=policies["rekeyer-member"],
            caller_policy=policies["caller"],
        )
        self.use(sections)
        self.assertExit(self.rekeyer.apply(), 0)
        self.lab.move_clock(1)
        self.yesterdays = self.stored()["AccessKeyId"]
        self.holder = self.lab.assume(MEMBER)

    def secrets_of(self, user):
        """Secrets Manager as a user of whom the holder issues a key."""
        key = self.holder("iam").create_access_key(UserName=user)["AccessKey"]
        return self.lab.client_with(key["AccessKeyId"], key["SecretAccessKey"], "secretsmanager")

    def lets_read(self, user) -> dict:
        return {"SecretId": secret_name(MEMBER, "ann"), "ResourcePolicy": json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/{user}"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*",
        }]})}

    def assertDenied(self, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDeniedException")

    def read_by(self, secrets) -> str:
        return json.loads(secrets.get_secret_value(SecretId=secret_name(MEMBER, "ann"))["SecretString"])["AccessKeyId"]

    def test_its_holder_lets_another_user_read_yesterdays_key(self):
        self.stand_up()
        rob = self.secrets_of("rob")
        self.assertDenied(rob.get_secret_value, SecretId=secret_name(MEMBER, "ann"))
        self.holder("secretsmanager").put_resource_policy(**self.lets_read("rob"))
        self.assertEqual(self.read_by(rob), self.yesterdays)

    def test_without_the_right_to_write_policies_he_reads_as_the_owner_alone(self):
        self.stand_up(grant="none", lock="none")
        self.assertDenied(self.holder("secretsmanager").put_resource_policy, **self.lets_read("rob"))
        self.assertDenied(self.secrets_of("rob").get_secret_value, SecretId=secret_name(MEMBER, "ann"))
        # Ann has two keys since her rotation, so the holder has to delete one, which shows.
        self.holder("iam").delete_access_key(UserName="ann", AccessKeyId=self.lab.keys_of(MEMBER, "ann")[0])
        self.assertEqual(self.read_by(self.secrets_of("ann")), self.yesterdays)

    def test_a_lock_needs_that_right(self):
        """Whatever the grant: so the advice takes both settings."""
        self.stand_up(grant="none")
        self.holder("secretsmanager").put_resource_policy(**self.lets_read("rob"))
        self.assertEqual(self.read_by(self.secrets_of("rob")), self.yesterdays)

    def test_owners_read_their_own_secrets_by_a_policy_with_their_name_in_it(self):
        """What SECURITY.md advises instead of grants on secrets works, for the owner and nobody else."""
        self.stand_up(grant="none", lock="none")
        value = self.stored()
        ann = self.lab.client_with(value["AccessKeyId"], value["SecretAccessKey"], "secretsmanager")
        self.assertEqual(self.read_by(ann), self.yesterdays)


if __name__ == "__main__":
    unittest.main()
