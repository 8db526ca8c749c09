#!/usr/bin/env python3
"""reserved-names.yaml is what `rekeyer permissions --organization-policy` prints, for every choice, and holds nowhere unless told where.

usage: reserved_names_test.py [-v]     REKEYER names the binary. What is missing is skipped loudly; with CI=true a skip is a failure.
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from needs import binary, run_suite
from template import FOLDER, Template

TEMPLATE = Template(FOLDER / "reserved-names.yaml")
TOOLING = "999999999999"
ROTATOR = "arn:aws:iam::*:role/old-rotator"
KEY = f"arn:aws:kms:us-east-1:{TOOLING}:key/aaaaaaaa-0000-4000-8000-000000000000"
#: parameters, rekeyer.toml, flags
CHOICES = {
    "the defaults": ({}, "", []),
    "a role with a path": ({"MemberRole": "security/keys"}, '[organization]\nmember_role = "security/keys"\n', []),
    "names of one's own": ({"SecretNamePattern": "keys/*/*.key"}, '[store]\nname = "keys/{account}/{user}.key"\n', []),
    "more writers": ({"AlsoWriters": f"{ROTATOR},{ROTATOR}-2"}, "", ["--writer", ROTATOR, "--writer", f"{ROTATOR}-2"]),
    "the tooling account's own users": ({"ToolingAccount": TOOLING}, "", ["--own-account", "--tooling-account", TOOLING]),
    "a central store": (
        {"StoreSecretsInCentralAccount": "True", "ToolingAccount": TOOLING, "AccountRoleName": "keys-account"},
        f'[store]\nlocation = "central"\nkms_key_id = "{KEY}"\n', ["--tooling-account", TOOLING, "--deployment", "keys"],
    ),
}


def made(**parameters) -> dict:
    return TEMPLATE.with_parameters(**parameters).properties("ReservedNames")


def as_lists(policy: dict) -> dict:
    """One principal stands alone in what is printed, and in a list of one in what a template makes."""
    for statement in policy["Statement"]:
        arns = statement["Condition"]["ArnNotLike"]
        arns["aws:PrincipalArn"] = [arns["aws:PrincipalArn"]] if isinstance(arns["aws:PrincipalArn"], str) else arns["aws:PrincipalArn"]
    return policy


class ReservedNames(unittest.TestCase):
    @unittest.skipIf(binary() is None, "no rekeyer binary to print the policy: build it, or set REKEYER")
    def test_it_says_what_is_printed(self):
        for name, (parameters, configuration, flags) in CHOICES.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                config = Path(folder) / "rekeyer.toml"
                config.write_text(configuration)
                done = subprocess.run([binary(), "permissions", "--organization-policy", "--config", config, *flags], capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                content = made(**parameters)["Content"]
                self.assertEqual(as_lists(content), as_lists(json.loads(done.stdout)))
                self.assertLess(len(json.dumps(content)), 5120)

    def test_it_holds_nowhere_unless_told_where(self):
        self.assertNotIn("TargetIds", made())
        self.assertEqual(made(TargetIds="ou-ab12-cdef3456,111111111111")["TargetIds"], ["ou-ab12-cdef3456", "111111111111"])
        self.assertEqual(made()["Type"], "SERVICE_CONTROL_POLICY")

    def test_a_central_store_needs_an_account_to_be_in(self):
        self.assertEqual(TEMPLATE.with_parameters(StoreSecretsInCentralAccount="True").broken_rules(), ["CentralStoreNeedsTheToolingAccount"])
        self.assertEqual(TEMPLATE.with_parameters(StoreSecretsInCentralAccount="True", ToolingAccount=TOOLING).broken_rules(), [])
        self.assertEqual(TEMPLATE.with_parameters().broken_rules(), [])

    def test_nothing_wider_is_taken(self):
        for name, values in {
            "SecretNamePattern": ("*", "*/*", "a_*", "Account*Key?"),
            "MemberRole": ("*", "rekeyer*", ""),
            "AlsoWriters": ("*", "arn:aws:iam::*:role/*", "arn:aws:iam::*:*", f"{ROTATOR}, {ROTATOR}", "arn:aws:iam::1:role/a"),
            "TargetIds": ("all", "r-ab12,"),
        }.items():
            for value in values:
                with self.subTest(name, value=value), self.assertRaises(ValueError):
                    made(**{name: value})


if __name__ == "__main__":
    sys.exit(run_suite(__name__))
