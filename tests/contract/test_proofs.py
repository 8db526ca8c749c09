"""Proofs that a secret is rekeyer's, signed by a KMS key of the caller's account: made twice in a secret's life, checked by the key's public half by a program that is
not rekeyer's, and not to be had by writing tags.
"""

import base64
import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from case import MEMBER, RekeyerCase, secret_name

TOOLING = "100000000000"


class Proofs(RekeyerCase):
    def stand_up(self, *keys):
        self.one_user(list(keys) or [{"age": 95, "used": 1}], tooling=TOOLING)
        kms = self.lab.admin(TOOLING, "kms")
        self.key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        self.public_key = kms.get_public_key(KeyId=self.key)["PublicKey"]
        self.use({"store": {"proof": self.key}})

    def tags(self) -> dict:
        return {tag["Key"]: tag["Value"] for tag in self.described()["Tags"]}

    def verified(self, message: str, signature: str) -> bool:
        """By OpenSSL's own program."""
        raw = base64.b64decode(signature)
        self.assertEqual(len(raw), 64)
        numbers = b"".join(b"\x02" + bytes([len(n)]) + n for n in (
            (b"\0" if half.lstrip(b"\0")[:1] >= b"\x80" else b"") + half.lstrip(b"\0") for half in (raw[:32], raw[32:])
        ))
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("key", self.public_key), ("message", message.encode()), ("signature", b"\x30" + bytes([len(numbers)]) + numbers)):
                Path(folder, name).write_bytes(content)
            command = ["openssl", "dgst", "-sha256", "-verify", "key", "-keyform", "DER", "-signature", "signature", "message"]
            return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0

    @unittest.skipIf(shutil.which("openssl") is None, "the program openssl is not installed")
    def test_openssl_verifies_what_is_on_the_secret(self):
        self.stand_up()
        self.assertExit(self.rekeyer.apply(), 0)
        tags = self.tags()
        fresh = self.assertVerifies("kms-fresh", "rekeyer-proof-1-fresh")
        self.lab.move_clock(0.1)
        self.assertExit(self.rekeyer.apply(), 0)
        settled = self.assertVerifies("kms", "rekeyer-proof-1")
        self.assertFalse(self.verified(settled[0], fresh[1]), "a fresh proof is none for good")

    def assertVerifies(self, kind: str, first_line: str) -> tuple[str, str]:
        """By openssl: the proof on the secret is of that kind. Returns what is signed, and the signature."""
        tags = self.tags()
        version, said, instant, signature = tags["rekeyer:proof"].split(" ")
        self.assertEqual((version, said), ("1", kind))
        message = f"{first_line}\n{self.described()['ARN']}\n{tags['rekeyer:id']}\n{instant}"
        self.assertTrue(self.verified(message, signature))
        self.assertFalse(self.verified(message + "0", signature))
        return message, signature

    def test_a_secrets_life_takes_two_signatures_and_a_run_one_public_key(self):
        self.stand_up()
        for day in (0, 10.2, 20.4):
            self.lab.move_clock(day)
            for key in self.keys():
                self.lab.control("key", id=key, used=0.1)
            self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(len(self.keys()), 2, "rotated once")
        self.assertEqual(len(self.operations(service="kms", operation="Sign")), 2)
        self.assertEqual(len(self.operations(service="kms", operation="GetPublicKey")), 3)

    def test_who_forges_everything_else_is_not_believed(self):
        """Our lock, the user's id, a record and an unsigned proof, all written before rekeyer came."""
        self.stand_up({"age": 95, "used": 1})
        secrets, name = self.lab.admin(MEMBER, "secretsmanager"), secret_name(MEMBER, "ann")
        user = self.lab.admin(MEMBER, "iam").get_user(UserName="ann")["User"]
        secrets.create_secret(Name=name, SecretString="{}", Tags=[
            {"Key": "rekeyer:id", "Value": user["UserId"]}, {"Key": "rekeyer:proof", "Value": "1 none 20260101T000000Z"},
            {"Key": "rekeyer:custody", "Value": f"1 {self.lab.keys_of(MEMBER, 'ann')[0]}:current:20260101T000000Z"},
        ])
        secrets.put_resource_policy(SecretId=name, ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Sid": "RekeyerLock", "Effect": "Deny", "Principal": "*", "Resource": "*",
            "NotAction": [f"secretsmanager:{action}" for action in ("GetSecretValue", "DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds")],
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{MEMBER}:role/rekeyer-member"]}},
        }]}))
        run = self.rekeyer.apply()
        self.assertExit(run, 1)
        self.assertEqual([action["reason"] for action in run.json["actions"]], ["not_ours"], run)
        self.assertEqual(self.operations(operation="CreateAccessKey"), [])

    def test_a_key_that_is_not_there_ends_the_account_before_anything_is_changed(self):
        self.stand_up()
        self.use({"store": {"proof": self.key[:-1] + ("0" if self.key[-1] != "0" else "1")}})
        run = self.rekeyer.apply()
        self.assertExit(run, 1)
        self.assertIn("`store.proof` can't be checked", run.out + run.err)
        self.assertEqual(self.operations(operation="CreateAccessKey") + self.operations(operation="CreateSecret"), [])


if __name__ == "__main__":
    unittest.main()
