"""What KMS signs in the sandbox is true outside of it: OpenSSL's own program verifies it by the public key that GetPublicKey gives."""

import hashlib
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from case import MEMBER, ServiceCase

KEY = "aaaaaaaa-0000-4000-8000-000000000000"
ASKED = {"KeyId": KEY, "SigningAlgorithm": "ECDSA_SHA_256"}


class Signatures(ServiceCase):
    def setUp(self):
        self.build({"id": MEMBER, "name": "a", "kms_keys": [{"id": KEY, "spec": "ECC_NIST_P256"}], "users": [{"name": "ann", "keys": [{"age": 1}]}]})

    def openssl_verifies(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for name, content in {"key.der": public_key, "message": message, "signature": signature}.items():
                paths[name] = Path(folder, name)
                paths[name].write_bytes(content)
            done = subprocess.run(
                ["openssl", "dgst", "-sha256", "-verify", paths["key.der"], "-keyform", "DER", "-signature", paths["signature"], paths["message"]],
                capture_output=True, text=True, timeout=30,
            )
        self.assertIn(done.stdout.strip(), ("Verified OK", "Verification failure", "Verification Failure"), done.stderr)
        return done.stdout.strip() == "Verified OK"

    @unittest.skipIf(shutil.which("openssl") is None, "openssl is not installed")
    def test_openssl_verifies_what_kms_signed(self):
        kms, message = self.lab.admin(MEMBER, "kms"), b"this secret is ann's"
        public_key = kms.get_public_key(KeyId=KEY)["PublicKey"]
        raw = kms.sign(**ASKED, Message=message)["Signature"]
        digest = kms.sign(**ASKED, Message=hashlib.sha256(message).digest(), MessageType="DIGEST")["Signature"]
        self.assertTrue(self.openssl_verifies(public_key, message, raw))
        self.assertTrue(self.openssl_verifies(public_key, message, digest))
        self.assertFalse(self.openssl_verifies(public_key, b"this secret is bob's", raw))

    def test_who_may_sign_is_said_by_identity_and_key_policies(self):
        admin = self.lab.admin(MEMBER, "iam")
        key = admin.create_access_key(UserName="ann")["AccessKey"]
        ann = self.lab.client_with(key["AccessKeyId"], key["SecretAccessKey"], "kms")
        self.refused("AccessDeniedException", ann.sign, **ASKED, Message=b"x")
        admin.put_user_policy(
            UserName="ann", PolicyName="p",
            PolicyDocument='{"Statement": {"Effect": "Allow", "Action": ["kms:Sign", "kms:GetPublicKey"], "Resource": "*"}}',
        )
        made = ann.sign(**ASKED, Message=b"x")["Signature"]
        ann.get_public_key(KeyId=KEY)
        self.refused("AccessDeniedException", ann.verify, **ASKED, Message=b"x", Signature=made)
        self.lab.admin(MEMBER, "kms").disable_key(KeyId=KEY)
        self.refused("DisabledException", ann.sign, **ASKED, Message=b"x")


if __name__ == "__main__":
    unittest.main()
