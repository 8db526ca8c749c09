"""The policies in docs/permissions.md, as a person would copy them, are enough for a whole life, and hold no right to read a secret's value.

That nothing in them is left over, and the policies for other settings, are test_least_privilege's.

The document's JSON blocks are taken as they stand; a block is told apart by the nearest heading above it. Placeholders in angle
brackets or capitals (<ACCOUNT>, MANAGEMENT_ACCOUNT_ID, …) are filled in by their name.
"""

import fnmatch
import json
import re
import unittest

from case import MEMBER, RekeyerCase
from rekeyer import ROOT

DOCUMENT = ROOT / "docs" / "permissions.md"
MANAGEMENT, TOOLING = "100000000000", "999999999999"
KEY = "aaaaaaaa-0000-4000-8000-000000000000"
KEY_ARN = f"arn:aws:kms:us-east-1:{TOOLING}:key/{KEY}"


def blocks() -> list:
    """[(heading, JSON text)] of the document."""
    found, heading, text, inside = [], "", [], False
    for line in DOCUMENT.read_text("utf-8").splitlines():
        if not inside and line.startswith("#"):
            heading = line.lstrip("# ").strip()
        elif line.strip().startswith("```"):
            if inside:
                found.append((heading, "\n".join(text)))
                inside = False
            elif line.strip() == "```json":
                inside, text = True, []
        elif inside:
            text.append(line)
    return found


def fill(text, values) -> dict:
    """The block with its placeholders replaced; an unknown placeholder fails the test."""

    def one(match):
        name = match[0].strip("<>").lower().replace("-", "_")
        for pattern, value in values.items():
            if fnmatch.fnmatch(name, pattern):
                return value
        raise AssertionError(f"docs/permissions.md has the placeholder {match[0]}, which this test does not know")

    return json.loads(re.sub(r"<[A-Za-z_ -]+>", one, text))


class Permissions(RekeyerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not DOCUMENT.exists():
            cls.lab.stop()
            raise unittest.SkipTest("docs/permissions.md does not exist yet")
        cls.blocks = blocks()

    def policy(self, *words, tooling=MANAGEMENT, trust=False, required=True):
        """The policy of the block whose heading has all these words."""
        values = {
            "*management*": MANAGEMENT, "*member*": MEMBER, "*tool*": tooling, "*central*": tooling, "*caller*account*": tooling, "*account*": tooling, "*region*": "us-east-1",
            "*org*id*": self.lab.made.get(
                "organization", "o-unknown"
            ), "*external*": "orchid-7", "*key*arn*": KEY_ARN, "*kms*": KEY, "*key*": KEY, "*role*": "rekeyer-member", "*runner*": "rekeyer-runner",
            "*partition*": "aws", "*store*": tooling,
        }
        for heading, text in self.blocks:
            parsed = fill(text, values)
            statements = parsed.get("Statement", [])
            is_trust = any("Principal" in s for s in statements)
            if all(word in heading.lower() for word in words) and is_trust == trust:
                return parsed
        if required:
            self.fail(
                f"docs/permissions.md has no JSON block under a heading with {words} (trust: {trust}); it has {[h for h, _ in self.blocks]}"
            )
        return None

    def allowed(self) -> list:
        """(heading, action) for all that the document's policies for identities allow."""
        found = []
        for heading, text in self.blocks:
            for statement in fill(text, {"*": "x"}).get("Statement", []):
                actions = statement.get("Action", [])
                if statement["Effect"] == "Allow" and "Principal" not in statement:
                    found += [(heading, action) for action in ([actions] if isinstance(actions, str) else actions)]
        self.assertIn("iam:CreateAccessKey", [action for _, action in found])
        self.assertIn("secretsmanager:PutSecretValue", [action for _, action in found])
        return found

    def test_no_policy_in_the_document_allows_reading_a_value(self):
        reads = ("secretsmanager:getsecretvalue", "secretsmanager:batchgetsecretvalue")
        allowing = [(heading, action) for heading, action in self.allowed() if any(fnmatch.fnmatchcase(read, action.lower()) for read in reads)]
        self.assertEqual(allowing, [])

    def test_no_policy_in_the_document_allows_everything_of_a_service(self):
        everything = {"*", "iam:*", "sts:*", "secretsmanager:*", "organizations:*"}
        self.assertEqual([(heading, action) for heading, action in self.allowed() if action in everything], [])

    def life(self, **more):
        old = self.lab.keys_of(MEMBER, "ann")[0]
        for day in (0, 10.1, 20.2):
            self.lab.move_clock(day)
            self.install_all()
            run = self.rekeyer.apply()
            self.assertExit(run, 0, f"day {day}")
            self.assertEqual([c for c in self.lab.calls() if (c["code"] or "").startswith("AccessDenied")], [], run)
            self.assertInvariants(**more)
        self.assertNotIn(old, self.keys())
        self.assertEqual(self.lab.violations(), [])

    def strict_world(self, tooling=MANAGEMENT, member_words=("member",), unit="", **spec):
        user = {"name": "ann", "path": "/team/", "keys": [{"age": 95, "used": 1}], "tags": {"owner": "ann@example.com"}}
        self.lab.build()
        policies = {
            "member_policy": self.policy(*member_words, tooling=tooling),
            "caller_policy": self.policy("caller", tooling=tooling),
        }
        self.build(
            {"id": MEMBER, "ou": unit, "users": [user]}, tooling=tooling, options={"strict_auth": True}, **{**policies, **spec}
        )

    def assertAllUsed(self, policy):
        made = {f"{call['service']}:{call['operation']}" for call in self.lab.calls()}
        rights = set()
        for statement in policy["Statement"]:
            rights |= {statement["Action"]} if isinstance(statement["Action"], str) else set(statement["Action"])
        self.assertEqual(rights - made, set(), "rights that nothing uses")

    def test_member_and_caller_policy_are_enough_for_a_whole_life(self):
        self.strict_world()
        self.use({"organization": {"include_accounts": [MEMBER]}})
        self.life()

    def test_they_are_enough_for_force_and_explain(self):
        self.strict_world()
        self.use({"organization": {"include_accounts": [MEMBER]}})
        self.assertExit(self.rekeyer.rotate(MEMBER, "ann", options=["--deactivate-now"]), 0)
        self.assertExit(self.rekeyer.explain(MEMBER, "ann"), 0)
        self.assertEqual([c["operation"] for c in self.lab.calls() if (c["code"] or "").startswith("AccessDenied")], [])

    def test_they_are_enough_for_organizational_units(self):
        self.strict_world(ous=["Workloads/Prod", "Sandbox"], unit="Workloads/Prod")
        units = self.lab.made["ous"]
        for chosen in ({"include_ous": [units["Workloads"]]}, {"exclude_ous": [units["Sandbox"]]}):
            self.use({"organization": {**chosen, "exclude_accounts": [MANAGEMENT]}})
            run = self.rekeyer.plan()
            self.assertExit(run, 0, str(chosen))
            self.assertTrue(run.actions(user="ann", action="rotate"), run)
        self.assertAllUsed(self.policy("caller"))

    def test_fixed_accounts_need_no_right_on_the_organization(self):
        self.lab.build()
        caller = self.policy("caller")
        caller["Statement"] = [s for s in caller["Statement"] if "organizations:" not in str(s["Action"])]
        self.strict_world(caller_policy=caller)
        self.use({"accounts": {MEMBER: ["ann"]}})
        self.life()

    def test_trust_policy_lets_the_caller_in_and_nobody_without_the_external_id(self):
        self.strict_world()
        trust = self.policy("trust", trust=True)
        self.lab.admin(MEMBER, "iam").update_assume_role_policy(RoleName="rekeyer-member", PolicyDocument=json.dumps(trust))
        organization = {"include_accounts": [MEMBER]}
        self.use({"organization": organization})
        self.assertExit(self.rekeyer.plan(), 1)
        self.use({"organization": {**organization, "external_id": "orchid-7"}})
        self.assertExit(self.rekeyer.plan(), 0)

    def test_central_store_needs_the_rights_that_are_added_to_the_caller(self):
        self.lab.build()
        member, caller = self.policy("member"), self.policy("caller", tooling=TOOLING)
        lister = {"Version": "2012-10-17", "Statement": [s for s in caller["Statement"] if "organizations:" in str(s["Action"])]}
        enter = [s for s in caller["Statement"] if s not in lister["Statement"]]
        list_role = f"arn:aws:iam::{MANAGEMENT}:role/rekeyer-list"
        enter.append({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": list_role})
        caller["Statement"] = enter + self.policy("central", tooling=TOOLING)["Statement"]
        member["Statement"] = [s for s in member["Statement"] if "secretsmanager:" not in str(s["Action"])]
        user = {"name": "ann", "keys": [{"age": 95, "used": 1}]}
        self.build(
            {"id": MEMBER, "users": [user]}, {"id": TOOLING, "kms_keys": [{"id": KEY}]},
            {"id": MANAGEMENT, "roles": [{"name": "rekeyer-list", "policies": {"rekeyer": lister}}]},
            tooling=TOOLING, options={"strict_auth": True}, member_policy=member, caller_policy=caller,
        )
        self.use(
            {
                "organization": {"include_accounts": [MEMBER], "list_role_arn": list_role},
                "store": {"location": "central", "kms_key_id": KEY_ARN},
            }
        )
        self.life(store=TOOLING)

    def test_read_only_policy_is_enough_for_a_plan_and_too_little_for_an_apply(self):
        if self.policy("read", required=False) is None and self.policy("plan", required=False) is None:
            self.skipTest("docs/permissions.md gives no read-only policy")
        words = ("read",) if self.policy("read", required=False) else ("plan",)
        self.strict_world(member_words=words)
        self.use({"organization": {"include_accounts": [MEMBER]}})
        plan = self.rekeyer.plan()
        self.assertExit(plan, 0)
        self.assertTrue(plan.actions(action="rotate"))
        self.assertExit(self.rekeyer.apply(), 1)
        self.assertEqual(len(self.keys()), 1)
        self.assertInvariants()

    def test_rotating_role_can_not_read_what_it_stored(self):
        self.strict_world()
        self.use({"organization": {"include_accounts": [MEMBER]}})
        self.assertExit(self.rekeyer.apply(), 0)
        from botocore.exceptions import ClientError

        with self.assertRaisesRegex(ClientError, "AccessDenied"):
            self.lab.assume(MEMBER)("secretsmanager").get_secret_value(SecretId=self.described()["ARN"])

    def test_one_right_less_is_noticed(self):
        """The strict run can fail: without CreateAccessKey it does, and nothing is left behind."""
        self.lab.build()
        member = self.policy("member")
        for statement in member["Statement"]:
            actions = statement.get("Action", [])
            statement["Action"] = [
                a for a in ([actions] if isinstance(actions, str) else actions) if a != "iam:CreateAccessKey"
            ] or ["iam:GetUser"]
        self.strict_world(member_policy=member)
        self.use({"organization": {"include_accounts": [MEMBER]}})
        self.assertExit(self.rekeyer.apply(), 1)
        self.assertEqual(len(self.keys()), 1)
        self.assertInvariants()


if __name__ == "__main__":
    unittest.main()
