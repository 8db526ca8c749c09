#!/usr/bin/env python3
"""The templates below deploy/ grant what `rekeyer permissions` prints, and nothing else.

usage: deploy_policies_test.py <rekeyer binary> [<folder with cloudformation/ and terraform/>]

A template serves many configurations, so it may hold what some configuration needs, behind a condition; what the defaults need must be there. Compared
are Sid, effect, actions and resources; what a template takes from a parameter fits anything, and so does its region. Templates that are not there yet are named;
once both folders are there, a role that neither of them has is a failure.
"""

import os
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/contract"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from statements import Template, listed, meets, opened, terraform_statements  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None
DEPLOY = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "deploy"

#: What a role's name ends in → the generated documents that it may hold. A role that is none of these is not rekeyer's own code's.
ROLES = {
    "member": ("rekeyer-member", "rekeyer-member-plan"),
    "list-accounts": ("rekeyer-list-accounts",),
    "inventory": ("rekeyer-inventory",),
    "account": ("rekeyer-account",),
    "summary": ("rekeyer-summary",),
}
#: A folder of Terraform's → the roles whose statements stand in its file of that name; the engine's own roles have their policies elsewhere.
STATEMENTS = "permissions.tf"
MODULES = {"member": ("member",), "central": ("inventory", "account", "summary")}

#: What a template may offer although no configuration can tell: statement → why.
OFFERED = {
    "UseKeysOfMessages": "under which key a topic or a parameter is encrypted does not stand in rekeyer.toml",
    "LeaveNetworkToLambda": "a denial, of what AttachToVpc allows, to the functions' own code",
}

_KEYS = {"kms_key_id": "KEY", "replica_regions": ["eu-west-1"], "replica_kms_key_ids": {"eu-west-1": "COPY"}}
_CENTRAL = {**_KEYS, "location": "central", "kms_key_id": "arn:aws:kms:us-east-1:999999999999:key/KEY"}
_NOTIFY = {"from": "keys@example.com", "administrators": ["admin@example.com"], "templates": "s3://bucket/prefix"}
_CHANNELS = [
    {"type": "ses", "configuration_set": "set"}, {"type": "smtp", "host": "mail.example.com", "user_parameter": "/user", "password_parameter": "/password"},
    {"type": "sns", "topic_arn": "arn:aws:sns:us-east-1:999999999999:topic"}, {"type": "eventbridge", "bus": "bus"},
    {"type": "webhook", "url_parameter": "/hook"},
]
#: Names that settings choose freely; a template has parameters in their place.
FREE = {
    "key/KEY": "key/<KEY>", "key/COPY": "key/<KEY>", "bucket": "<BUCKET>", "prefix": "<PREFIX>", ":topic": ":<TOPIC>", "event-bus/bus": "event-bus/<BUS>",
    "parameter/user": "parameter/<P>", "parameter/password": "parameter/<P>", "parameter/hook": "parameter/<P>", "keys@example.com": "<SENDER>",
    "identity/example.com": "identity/<DOMAIN>", "configuration-set/set": "configuration-set/<SET>", "Account_*_User_*_AccessKey": "<SECRETS>",
    "user/excepted/": "user<EXCEPTED>", "role/lists": "role/<LIST>", "::100000000000:": "::<LIST_ACCOUNT>:", "function-config": "<CONFIG>",
}
CONFIGURATIONS = [
    {}, {"discovery": {"mode": "direct"}}, {"store": {**_KEYS, "grant": "both"}}, {"store": {**_KEYS, "kms_key_id": "alias/a"}}, {"store": _CENTRAL},
    {"store": {**_CENTRAL, "replica_kms_key_ids": {"eu-west-1": "alias/a"}}}, {"notify": _NOTIFY, "notify.channel": _CHANNELS},
    {"organization": {"list_role_arn": "arn:aws:iam::100000000000:role/lists"}, "notify": _NOTIFY, "notify.channel": _CHANNELS},
    {"organization": {"exclude_ous": ["ou-ab12-cdef3456"]}},
]
FLAGS = [
    (), ("--mode", "plan"), ("--except-path", "/excepted/", "--except-tag", "rekeyer:exempt"), ("--vpc", "--function-config", "ssm:/function-config"), ("--function-config", "s3://bucket/function-config"),
]


def generated_statements(policy) -> list:
    found = []
    for statement in policy["Statement"]:
        resources = []
        for resource in listed(statement.get("Resource", [])):
            for name, placeholder in FREE.items():
                resource = resource.replace(name, placeholder)
            resources.append(opened(resource))
        # An alias is one more way to name a key, and a template can't tell which it is given.
        found.append({
            "sid": statement["Sid"].removesuffix("ByAlias"), "effect": statement["Effect"], "actions": listed(statement["Action"]), "resources": resources,
        })
    return found


class Expected:
    """What a role must hold (by the defaults) and may hold (by any configuration)."""

    def __init__(self, documents, role):
        self.role = role
        self.required = [statement for name in ROLES[role] for statement in generated_statements(documents[0][name])]
        self.allowed = {}
        for each in documents:
            for name in ROLES[role]:
                for statement in generated_statements(each.get(name, {"Statement": []})):
                    known = self.allowed.setdefault(statement["sid"], {"effect": statement["effect"], "actions": set(), "resources": set()})
                    known["actions"] |= set(statement["actions"])
                    known["resources"] |= set(statement["resources"])

    def problems(self, statements) -> list:
        return self.too_much(statements) + self.too_little(statements)

    def too_much(self, statements) -> list:
        found = []
        for statement in statements:
            known = self.allowed.get(statement["sid"])
            if statement["sid"] in OFFERED:
                continue
            if known is None:
                found.append(f"{self.role}: statement {statement['sid']!r} is none that `rekeyer permissions` prints for any configuration")
                continue
            if statement["effect"] != known["effect"]:
                found.append(f"{self.role}: {statement['sid']}: its effect is {statement['effect']} in place of {known['effect']}")
            for action in statement["actions"]:
                if not any(meets(action, other) for other in known["actions"]):
                    found.append(f"{self.role}: {statement['sid']}: {action} is not needed")
            for resource in statement["resources"]:
                if not any(meets(resource, other) for other in known["resources"]):
                    expected = ", ".join(sorted(known["resources"])).replace("\0", "…")
                    found.append(f"{self.role}: {statement['sid']}: the resource {resource.replace(chr(0), '…')} is none of {expected}")
        return found

    def too_little(self, statements) -> list:
        found = []
        for statement in self.required:
            there = [one for one in statements if one["sid"] == statement["sid"]]
            if not there:
                found.append(f"{self.role}: statement {statement['sid']} is missing")
            for action in statement["actions"]:
                if there and not any(meets(action, other) for one in there for other in one["actions"]):
                    found.append(f"{self.role}: {statement['sid']}: {action} is missing")
        return found


def documents_of_all_configurations() -> list:
    """The defaults first."""
    os.environ["REKEYER"] = PROGRAM
    from least_privilege import policies_of

    return [policies_of(sections, "999999999999", *flags) for sections in CONFIGURATIONS for flags in FLAGS]


def role_of(name: str) -> str | None:
    """By the role's name, or by its logical id where a parameter names it."""
    plain = name.lower().replace("-", "").removesuffix("role")
    return next((role for role in ROLES if plain.endswith(role.replace("-", ""))), None)


class Deployment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if PROGRAM is None:
            raise unittest.SkipTest("no rekeyer binary was named")
        documents = documents_of_all_configurations()
        cls.expected = {role: Expected(documents, role) for role in ROLES}
        cls.both = (DEPLOY / "cloudformation").is_dir() and (DEPLOY / "terraform").is_dir()

    def check_folder(self, name):
        folder = DEPLOY / name
        if not folder.is_dir():
            self.skipTest(f"there is no {name} folder in deploy/ yet")
        return folder

    def test_cloudformation(self):
        folder = self.check_folder("cloudformation")
        problems, seen = [], set()
        for path in sorted(folder.rglob("*.yaml")):
            for name, statements in Template(path.read_text("utf-8")).roles().items():
                role = role_of(name)
                if role is None or not statements:
                    continue
                seen.add(role)
                problems += [f"{path.name}: {problem}" for problem in self.expected[role].problems(statements)]
        if self.both:
            problems += [f"no template has a role whose name ends in {role}" for role in ROLES if role not in seen]
        self.assertEqual(problems, [], "\n" + "\n".join(problems))

    def test_terraform(self):
        folder = self.check_folder("terraform")
        problems, seen = [], set()
        for module, roles in MODULES.items():
            paths = [path for path in sorted(folder.rglob(STATEMENTS)) if path.parent.name == module]
            statements = [statement for path in paths for statement in terraform_statements(path.read_text("utf-8"))]
            if not statements:
                continue
            seen.add(module)
            mine = {sid for role in roles for sid in self.expected[role].allowed}
            for statement in statements:
                if statement["sid"] in OFFERED:
                    continue
                if statement["sid"] not in mine:
                    problems.append(f"{module}: statement {statement['sid']!r} is none that `rekeyer permissions` prints for any configuration")
                    continue
                # One of the module's roles must hold it so.
                by_role = [self.expected[role].too_much([statement]) for role in roles if statement["sid"] in self.expected[role].allowed]
                if all(by_role):
                    problems += [f"{module}: {problem}" for problem in by_role[0]]
            for role in roles:
                problems += [f"{module}: {problem}" for problem in self.expected[role].too_little(statements)]
        if self.both:
            problems += [f"no module called {module} has statements" for module in MODULES if module not in seen]
        self.assertEqual(problems, [], "\n" + "\n".join(problems))


class Comparing(unittest.TestCase):
    """The comparison itself can fail."""

    def setUp(self):
        policy = {"Statement": [
            {"Sid": "Look", "Effect": "Allow", "Action": ["iam:GetUser", "iam:ListUsers"], "Resource": "arn:aws:iam::*:user/*"},
            {"Sid": "Keep", "Effect": "Allow", "Action": "secretsmanager:TagResource", "Resource": "arn:aws:secretsmanager:us-east-1:999999999999:secret:A_*-??????"},
        ]}
        self.expected = Expected([{"rekeyer-list-accounts": policy}], "list-accounts")

    def problems(self, text):
        roles = Template(text).roles()
        return self.expected.problems(next(iter(roles.values())))

    TEMPLATE = """
Parameters: {RoleName: {Type: String, Default: lists}, Account: {Type: String}}
Resources:
  ListRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Policies:
        - PolicyName: rekeyer
          PolicyDocument:
            Statement:
              - Sid: Look
                Effect: Allow
                Action: [iam:GetUser, iam:ListUsers]
                Resource: !Sub "arn:${AWS::Partition}:iam::*:user/*"
              - !If
                - Stores
                - Sid: Keep
                  Effect: Allow
                  Action: secretsmanager:TagResource
                  Resource: !Sub "arn:${AWS::Partition}:secretsmanager:*:${Account}:secret:A_*-??????"
                - !Ref AWS::NoValue
"""

    def test_what_is_equal_agrees(self):
        self.assertEqual(self.problems(self.TEMPLATE), [])

    def test_every_difference_is_found(self):
        for old, new, words in (
            ("Sid: Look", "Sid: Other", ["'Other' is none", "Look is missing"]),
            ("Effect: Allow", "Effect: Deny", ["its effect is Deny in place of Allow"]),
            ("iam:GetUser, ", "", ["iam:GetUser is missing"]),
            ("[iam:GetUser,", "[iam:GetRole, iam:GetUser,", ["iam:GetRole is not needed"]),
            (":user/*", ":*", ["the resource arn:aws:iam::*:*"]),
            ("secret:A_*-??????", "secret:*", ["secret:* is none"]),
            ("                - Sid: Keep", "                - Sid: Keeps", ["'Keeps' is none", "Keep is missing"]),
        ):
            found = "\n".join(self.problems(self.TEMPLATE.replace(old, new, 1)))
            for word in words:
                self.assertIn(word, found, new)

    def test_terraform_is_read(self):
        found = terraform_statements("""
locals {
  all = concat([{
    Sid      = "Look" # why
    Action   = concat(["iam:GetUser"], var.lists ? ["iam:ListUsers"] : [])
    Resource = ["arn:${local.partition}:iam::*:user/*"]
  }], [for keys in length(var.keys) == 0 ? [] : [var.keys] : {
    Sid      = "Keep"
    Action   = ["secretsmanager:TagResource"]
    Resource = ["arn:${local.partition}:secretsmanager:*:${local.account}:secret:${var.names}-??????"]
  }])
}
data "aws_iam_policy_document" "more" {
  statement {
    sid       = "Extra"
    actions   = ["s3:GetObject"]
    resources = [aws_s3_bucket.runs.arn]
  }
}
""")
        self.assertEqual([(s["sid"], s["actions"]) for s in found], [
            ("Look", ["iam:GetUser", "iam:ListUsers"]), ("Keep", ["secretsmanager:TagResource"]), ("Extra", ["s3:GetObject"]),
        ])
        self.assertEqual(self.expected.problems(found), ["list-accounts: statement 'Extra' is none that `rekeyer permissions` prints for any configuration"])
        wider = terraform_statements('x = {\n  Sid = "Look"\n  Action = "iam:GetUser"\n  Resource = "*"\n}\n')
        self.assertIn("the resource * is none", self.expected.too_much(wider)[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
