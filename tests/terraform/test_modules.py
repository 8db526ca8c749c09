"""The modules by themselves: formatted, valid, strict about what they are given, and with the right policies for every choice."""

import fnmatch
import json
import subprocess
import unittest

from aws import Server
from examples import CENTRAL
from holdings import Account
from policies import by_sid, differences, documented
from terraform import TREE, Workspace, changes_of

REQUIRED = """\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"""

PACKAGE = "a package"  # stands for the path of one that is there
KEY = f"arn:aws:kms:us-east-1:{CENTRAL}:key/11111111-2222-3333-4444-555555555555"

# Whatever can be wrong with one value by itself is wrong in these calls; Terraform names all of it at once.
REFUSED = {
    "central": [
        ({
            "name": "Rekeyer", "mode": "yes", "configuration": " \n", "architecture": "x86", "log_level": "verbose", "log_retention_days": 8,
            "package_path": "nowhere.zip", "schedule_expression": "daily", "schedule_timezone": "Berlin!", "max_concurrency": 0,
            "tolerated_failure_percentage": 101, "runs_bucket_name": "Runs", "runs_retention_days": 1, "operations_emails": ["oncall"], "missed_run_hours": 169,
            "denied_accounts_tolerated": -1, "permissions_boundary": "boundary", "organization_id": "123", "secret_names": "*", "memory_mb": {"account": 64},
            "vpc": {"subnet_ids": [], "security_group_ids": []}, "messages": {"templates": "bucket/prefix", "smtp_parameters": ["smtp"], "ses_identities": ["example.com"], "sender": "example.com", "ses_identity_arns": ["example.com"]},
        }, [
            "name is 2 to 28", 'mode is "plan" or "apply"', "configuration is empty", 'architecture is "x86_64" or "arm64"', "log_level is",
            "log_retention_days must be", "package_path is no file", "schedule_expression looks like", "schedule_timezone is the IANA",
            "max_concurrency is a whole", "tolerated_failure_percentage is", "runs_bucket_name is the name", "runs_retention_days is a whole",
            "operations_emails are mail", "missed_run_hours is a whole", "denied_accounts_tolerated is 0", "permissions_boundary is the ARN",
            "organization_id is an id", "memory_mb takes whole", "vpc needs at least one", "messages.templates looks like",
            "Parameters of messages are names", "messages.ses_identities is gone", "messages.sender is", "messages.ses_identity_arns are", "secret_names is a pattern",
        ]),
        ({"package_path": PACKAGE, "configuration": "#" * 8200}, ["configuration is longer than the 8 KiB"]),
        ({
            "package_path": PACKAGE, "configuration": "# good", "store_location": "here", "list_role_arn": "reader", "member_role": "arn:aws:iam::1:role/x",
            "https_proxy": "http://proxy.example.com:3128", "no_proxy": ["a, b"],
        }, [
            "no_proxy are hosts", 'store_location is "member" or "central"', "list_role_arn is a role's ARN", "member_role is a role's name",
        ]),
        ({"package_path": PACKAGE, "configuration": "# good", "store_kms_key_arn": "alias/key", "https_proxy": "http://keys:secret@proxy.example.com:3128"}, [
            "store_kms_key_arn is a key's ARN", "https_proxy is a proxy with its port",
        ]),
    ],
    "member": [
        ({
            "name": "a/b", "path": "security", "mode": "rotate", "trusted_account_id": "1", "trusted_role": "/r", "also_trusted": ["me"], "external_id": "x",
            "organization_id": "mine", "store_location": "there", "secret_names": "**", "exemption_group": "a b", "permissions_boundary": "b", "except_paths": ["/"],
        }, [
            "except_paths begin and end",
            "name is a role's name", "path begins and ends", 'mode is "plan" or "apply"', "trusted_account_id is twelve", "trusted_role is a role's name",
            "also_trusted are roles' ARNs", "external_id is 2 to 1224", "organization_id is an id", 'store_location is "member" or "central"',
            "secret_names is a pattern", "exemption_group is a group's name", "permissions_boundary is the ARN",
        ]),
        ({"trusted_account_id": CENTRAL, "kms_key_arns": ["alias/x"]}, ["kms_key_arns are keys' ARNs"]),
    ],
    "reserved-names": [
        ({
            "name": "a b", "target_ids": ["all"], "secret_names": "*/*", "member_role": "/rekeyer", "store_location": "there", "trusted_role": "a/b",
            "also_writers": ["arn:aws:iam::*:role/*"],
        }, [
            "name is 1 to 128", "target_ids are ids", "secret_names is a pattern", "member_role is a role's name", 'store_location is "member" or "central"',
            "trusted_role is a role's name", "also_writers are ARNs",
        ]),
        ({"trusted_account_id": "1"}, ["trusted_account_id is twelve"]),
    ],
    "stackset": [
        ({
            "name": "1", "organizational_unit_ids": ["all"], "call_as": "ME", "region": "Frankfurt", "mode": "on", "role_name": "a/b", "trusted_account_id": "1",
            "trusted_role": "rekeyer-*", "also_trusted": ["me"], "external_id": "x", "organization_id": "mine", "store_location": "there", "secret_names": "*",
            "kms_key_arn": "alias/x", "exemption_group": "a b", "except_paths": ["/a/,/b/"],
        }, [
            "except_paths begin and end",
            "name is letters, digits", "organizational_unit_ids are ids", 'call_as is "SELF"', "region is a region's name", 'mode is "plan" or "apply"',
            "role_name is a role's name", "trusted_account_id is twelve", "trusted_role is a role's name", "also_trusted are roles' ARNs",
            "external_id is 2 to 1224", "organization_id is an id", 'store_location is "member" or "central"', "secret_names is a pattern",
            "kms_key_arn is a key's ARN", "exemption_group is a group's name",
        ]),
    ],
}

# What variables say of each other is looked at later, when all of them are good by themselves.
CONTRADICTIONS = {
    "central": [
        ({"package_path": PACKAGE, "package_s3": {"bucket": "b", "key": "k"}, "configuration": "# good"}, ["Give the package once"]),
        ({
            "package_path": PACKAGE, "reserved_concurrency": 10,
            "configuration": '[organization]\nmember_role = "other"\nlist_role_arn = "arn:aws:iam::1:role/r"\n[store]\nlocation = "central"\n[accounts]\n"1" = ["*"]\n',
        }, [
            "member_role and organization.member_role in the configuration differ", "list_role_arn and organization.list_role_arn in the configuration differ",
            "store_location and store.location in the configuration differ", "read_organization is false exactly where", "reserved_concurrency is less",
        ]),
        ({"package_path": PACKAGE, "configuration": "# good", "store_replica_kms_key_arns": [KEY], "store_kms_key_arn": KEY}, [
            "store_replica_kms_key_arns are for", 'store_kms_key_arn is for store_location = "central"',
        ]),
        ({"configuration": "# good", "no_proxy": ["localhost"]}, ["Give the package once", "no_proxy is for https_proxy"]),
    ],
    "member": [
        ({"trusted_account_id": CENTRAL, "grant_user_policy": True, "store_location": "central", "kms_key_arns": [KEY], "replica_kms_key_arns": [KEY]}, [
            'grant_user_policy is for mode = "apply"', 'kms_key_arns are for store_location = "member"', 'replica_kms_key_arns are for store_location = "member"',
        ]),
    ],
    "reserved-names": [({"store_location": "central"}, ["trusted_account_id is needed"])],
    "stackset": [
        ({
            "organizational_unit_ids": ["r-ab12"], "trusted_account_id": CENTRAL, "organization_id": "o-a1b2c3d4e5", "grant_user_policy": True,
        }, ['grant_user_policy is for mode = "apply"']),
    ],
}

CONFIGURATION = '[organization]\nlist_role_arn = "arn:aws:iam::111111111111:role/reader"\n[store]\nlocation = "central"\nkms_key_id = "alias/rekeyer-secrets"\n'
MEMBERS = {
    "rotates": {"mode": "apply"},
    "grants": {"mode": "apply", "grant_user_policy": True, "kms_key_arns": [KEY], "replica_kms_key_arns": [KEY]},
    "grants_nothing": {"mode": "apply", "grant_secret_policy": False},
    "leaves_out": {"mode": "apply", "except_paths": ["/break-glass/", "/vendors/payroll/"], "except_tagged_users": True},
    "rotates_centrally": {"mode": "apply", "store_location": "central"},
    "looks_centrally": {"store_location": "central", "path": "/security/", "external_id": "orchid-7", "organization_id": "o-a1b2c3d4e5"},
}
CENTRALS = {
    "full": {
        "name": "full", "mode": "apply", "configuration": CONFIGURATION, "list_role_arn": "arn:aws:iam::111111111111:role/reader", "store_location": "central",
        "store_kms_key_arn": KEY, "store_replica_kms_key_arns": [KEY], "vpc": {"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]},
        "https_proxy": "http://proxy.example.com:3128", "no_proxy": [".secretsmanager.us-east-1.amazonaws.com", "10.0.0.0/8"],
        "permissions_boundary": f"arn:aws:iam::{CENTRAL}:policy/boundary",
        "messages": {
            "sender": "keys@example.com", "ses_identity_arns": ["arn:aws:ses:us-east-1:111111111111:identity/example.com"], "smtp_parameters": ["/rekeyer/smtp/*"], "webhook_parameters": ["/rekeyer/slack"],
            "topic_arns": [f"arn:aws:sns:us-east-1:{CENTRAL}:events"], "event_bus_arns": [f"arn:aws:events:us-east-1:{CENTRAL}:event-bus/keys"],
            "templates": "s3://templates/mails/", "alternate_contacts": True, "account_tags": True,
        },
    },
    "quiet": {"name": "quiet", "configuration": '[store]\nlocation = "central"\n', "store_location": "central", "organization_id": "o-a1b2c3d4e5", "messages": {"administrators": False, "sender": "keys@example.com"}},
}
RESERVATIONS = {
    "reserves": {},
    "reserves_centrally": {
        "name": "central", "target_ids": ["ou-ab12-cdef3456", CENTRAL], "secret_names": "keys/*/*", "store_location": "central", "trusted_account_id": CENTRAL,
        "also_writers": ["arn:aws:iam::*:role/old-rotator"],
    },
}
CHECKS_ITSELF = {"CheckItself": {"Action": ["iam:GetRole", "iam:SimulatePrincipalPolicy"], "Resource": "arn:aws:iam::*:role/*"}}


def call(module: str, label: str, /, **arguments) -> dict:
    return {label: {"source": f"../modules/{module}", **arguments}}


def literal(value) -> str:
    """JSON is HCL's syntax for the same values, but that it would fill in ${…}."""
    return json.dumps(value).replace("${", "$${")


def root(calls: dict) -> str:
    """A root of Terraform that calls modules."""
    made = [
        f'module "{name}" {{\n' + "".join(f"  {key} = {literal(value)}\n" for key, value in arguments.items()) + "}\n" for name, arguments in calls.items()
    ]
    return REQUIRED + "\n".join(made)


class Formatting(unittest.TestCase):
    def test_all_is_as_terraform_fmt_would_have_it(self):
        done = subprocess.run(["terraform", "fmt", "-check", "-recursive", "-diff", "-no-color", str(TREE)], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)


class Refusals(unittest.TestCase):
    """In the modules' own words, and for no other reason: what fails otherwise proves nothing."""

    def refuses(self, groups: dict, workspace: Workspace) -> None:
        calls, wanted = {}, []
        for module, cases in groups.items():
            for number, (arguments, messages) in enumerate(cases):
                given = {key: str(workspace.package) if value == PACKAGE else value for key, value in arguments.items()}
                calls |= call(module, f"{module}_{number}", **given)
                wanted += [(f"{module}_{number}", message) for message in messages]
        workspace.write(main=root(calls))
        workspace.init()
        said = workspace.refusals().split("Error: ")[1:]
        # Of a variable that was left to its default, Terraform says no place.
        missing = [
            (name, message) for name, message in wanted
            if not any(message in error and (f'in module "{name}"' in error or "(source code not available)" in error) for error in said)
        ]
        shown = "\n".join(error[-400:] for error in said)
        self.assertEqual(missing, [], shown)
        self.assertEqual([error for error in said if not error.startswith("Invalid value for variable")], [], shown)
        self.assertEqual(len(said), len(wanted), shown)

    def test_bad_values(self):
        workspace = Workspace("refusals")
        self.addCleanup(workspace.close)
        self.refuses(REFUSED, workspace)

    def test_contradictions(self):
        server = Server()
        self.addCleanup(server.stop)
        workspace = Workspace("contradictions", server.endpoint)
        self.addCleanup(workspace.close)
        self.refuses(CONTRADICTIONS, workspace)


class Policies(unittest.TestCase):
    """Planned, not deployed: a plan shows whole policies."""

    @classmethod
    def setUpClass(cls):
        server = Server()
        workspace = Workspace("variants", server.endpoint)
        try:
            calls = {}
            for name, arguments in MEMBERS.items():
                calls |= call("member", name, name=f"rekeyer-{name.replace('_', '-')}", trusted_account_id=CENTRAL, **arguments)
            for name, arguments in CENTRALS.items():
                calls |= call("central", name, package_s3={"bucket": "packages", "key": "rekeyer.zip"}, **arguments)
            for name, arguments in RESERVATIONS.items():
                calls |= call("reserved-names", name, **arguments)
            workspace.write(main=root(calls))
            workspace.init()
            workspace.run("validate")
            changes = workspace.plan()["resource_changes"]
        finally:
            workspace.close()
            server.stop()
        cls.planned = {change["address"]: change["change"]["after"] for change in changes}

    def held(self, address: str) -> dict:
        return by_sid(json.loads(self.planned[address]["policy"]))

    def member(self, name: str) -> dict:
        return self.held(f"module.{name}.aws_iam_role_policy.member")

    def test_rotating_role(self):
        """Which statements; that they say what `rekeyer permissions` prints, tests/permissions looks at."""
        rotating, everything = self.member("rotates"), self.member("grants")
        self.assertLessEqual({"RotateKeys", "ListSecrets", "KeepSecrets", *CHECKS_ITSELF}, set(rotating))
        granting = {sid for sid, statement in everything.items() if "iam:PutUserPolicy" in statement["Action"]}
        self.assertEqual(len(granting), 1, "users' policies are written only where the store grants by them")
        self.assertEqual(set(everything) - set(rotating), granting | {"EncryptSecrets", "EncryptReplicas", "LookAtKey"})

    def test_secrets_policies_are_written_only_where_secrets_are_locked_or_the_store_grants_by_them(self):
        granting, not_granting = (set(self.member(name)["KeepSecrets"]["Action"]) for name in ("rotates", "grants_nothing"))
        self.assertEqual(granting - not_granting, {"secretsmanager:GetResourcePolicy", "secretsmanager:PutResourcePolicy"})
        self.assertLess(not_granting, granting)

    def test_rotating_role_leaves_users_out(self):
        """As documented; and of users' policies, which it may write with other settings."""
        held = self.member("leaves_out")
        documents = documented("Users that are left out")
        self.assertEqual(set(held) - set(self.member("rotates")), set(documents))
        for sid, document in documents.items():
            self.assertEqual(held[sid]["Effect"], "Deny")
            self.assertEqual(held[sid]["Action"], document["Action"] + ["iam:PutUserPolicy"])
            self.assertEqual(held[sid].get("Condition"), document.get("Condition"))
        self.assertEqual(held["LeavePathsAlone"]["Resource"], ["arn:aws:iam::*:user/break-glass/*", "arn:aws:iam::*:user/vendors/payroll/*"])
        self.assertEqual(held["LeaveTaggedUsersAlone"]["Resource"], [documents["LeaveTaggedUsersAlone"]["Resource"]])

    def test_role_beside_a_central_store_has_no_right_to_secrets(self):
        for name in ("rotates_centrally", "looks_centrally"):
            self.assertLessEqual({"SurveyUsers", *CHECKS_ITSELF}, set(self.member(name)))
            self.assertNotIn("secretsmanager", json.dumps(self.member(name)))

    def test_trust(self):
        role = self.planned["module.looks_centrally.aws_iam_role.member"]
        self.assertEqual((role["path"], role["tags"]), ("/security/", {"rekeyer:role-version": "2-plan"}))
        [trust] = json.loads(role["assume_role_policy"])["Statement"]
        documents = documented("Member role: trust", tooling_account=CENTRAL, external_id="orchid-7", org_id="o-a1b2c3d4e5")
        [document] = documents.values()
        self.assertEqual((trust["Principal"], trust["Action"]), (document["Principal"], document["Action"]))
        narrowed = {"ArnLike": {"aws:PrincipalArn": [f"arn:aws:iam::{CENTRAL}:role/rekeyer-account"]}}
        self.assertEqual(trust["Condition"], document["Condition"] | narrowed)

    def test_account_function_with_everything(self):
        held = self.held('module.full.aws_iam_role_policy.function["account"]')
        runs = {sid: held.pop(sid) for sid in ("KeepRuns", "TellMissingObjects", "WriteLogs", "ReadConfiguration", "AttachToVpc", "LeaveNetworkToLambda")}
        self.assertLessEqual(
            {"EnterMemberAccounts", "EnterListRole", "KeepSecrets", "EncryptSecrets", "EncryptReplicas", "SendMails", "PublishToTopics", "ReadTemplates"}, set(held)
        )
        self.assertNotIn("ReadAccountTags", held, "asked through the list role, where there is one")
        self.assertEqual(runs["KeepRuns"]["Resource"], [f"arn:aws:s3:::full-runs-{CENTRAL}-us-east-1/runs/*"])
        self.assertNotIn("secretsmanager:GetSecretValue", json.dumps(held))

    def test_inventory_asks_through_the_list_role(self):
        held = self.held('module.full.aws_iam_role_policy.function["inventory"]')
        self.assertEqual(sorted(held), ["AttachToVpc", "EnterListRole", "LeaveNetworkToLambda", "ReadConfiguration", "WriteLogs", "WriteRuns"])

    def test_summary_mails_administrators_only_where_there_are_some(self):
        held = self.held('module.full.aws_iam_role_policy.function["summary"]')
        self.assertLessEqual({"SendMails", "ReadParameters", "ReadTemplates", "TellMissingTemplates"}, set(held))
        self.assertEqual(held["ReadParameters"]["Resource"], [f"arn:aws:ssm:*:{CENTRAL}:parameter/rekeyer/smtp/*"])
        self.assertNotIn("SendMails", self.held('module.quiet.aws_iam_role_policy.function["summary"]'))

    def test_audit_of_a_central_store_reads_only(self):
        held = self.held('module.quiet.aws_iam_role_policy.function["account"]')
        documents = documented("Read-only role")
        self.assertEqual(differences({"ListSecrets": held["ListSecrets"]}, {"ListSecrets": documents["ListSecrets"]}), [])
        looking = held["SurveySecrets"]
        self.assertEqual(looking["Action"], ["secretsmanager:DescribeSecret"])
        names = f"arn:aws:secretsmanager:*:{CENTRAL}:secret:Account_*_AccessKey"
        self.assertEqual(looking["Resource"], [f"{names}-??????", names], "also one that is not there")
        self.assertFalse({"KeepSecrets", "EncryptSecrets", "LookAtKey"} & held.keys())

    def test_central_store_makes_a_key_that_the_organization_decrypts_with(self):
        key = self.planned["module.quiet.aws_kms_key.store[0]"]
        own, users = json.loads(key["policy"])["Statement"]
        self.assertEqual(own["Principal"], {"AWS": f"arn:aws:iam::{CENTRAL}:root"})
        self.assertEqual((users["Action"], users["Condition"]["StringEquals"]), (["kms:Decrypt", "kms:DescribeKey"], {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}))
        self.assertTrue(key["enable_key_rotation"])
        self.assertNotIn("module.full.aws_kms_key.store[0]", self.planned)

    def test_names_are_reserved_as_documented_and_nowhere_unless_told(self):
        policy = self.planned["module.reserves.aws_organizations_policy.reserved_names"]
        self.assertEqual(policy["type"], "SERVICE_CONTROL_POLICY")
        statements = {statement["Sid"]: statement for statement in json.loads(policy["content"])["Statement"]}
        document = documented("Reserved names")
        # Terraform writes a list of one as a list.
        for statement in document.values():
            statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"] = [statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"]]
        self.assertEqual(statements, document)
        attached = {address: after["target_id"] for address, after in self.planned.items() if ".aws_organizations_policy_attachment." in address}
        self.assertEqual(sorted(attached.values()), sorted(["ou-ab12-cdef3456", CENTRAL]))
        self.assertTrue(all(address.startswith("module.reserves_centrally.") for address in attached), attached)

    def test_names_of_a_central_store_are_the_account_functions(self):
        content = json.loads(self.planned["module.reserves_centrally.aws_organizations_policy.reserved_names"]["content"])
        self.assertEqual(len(content["Statement"]), 2)
        for statement in content["Statement"]:
            self.assertEqual(
                statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"], [f"arn:aws:iam::{CENTRAL}:role/rekeyer-account", "arn:aws:iam::*:role/old-rotator"]
            )
        self.assertEqual(content["Statement"][0]["Resource"], ["arn:aws:secretsmanager:*:*:secret:keys/*/*", "arn:aws:secretsmanager:*:*:secret:keys/*/*-??????"])
        self.assertEqual(content["Statement"][1]["Condition"]["StringLike"], {"secretsmanager:Name": "keys/*/*"})

    def test_functions_own_code_may_not_touch_the_network_that_lambda_attaches_it_to(self):
        for role, functions in {"inventory": ["inventory"], "account": ["account"], "summary": ["allot", "summarise"]}.items():
            held = self.held(f'module.full.aws_iam_role_policy.function["{role}"]')
            allowed, denied = held["AttachToVpc"], held["LeaveNetworkToLambda"]
            self.assertEqual((denied["Action"], denied["Resource"]), (allowed["Action"], allowed["Resource"]))
            arns = [f"arn:aws:lambda:us-east-1:{CENTRAL}:function:full-{function}" for function in functions]
            self.assertEqual(denied["Condition"], {"ArnEquals": {"lambda:SourceFunctionArn": arns}})
            self.assertNotIn("LeaveNetworkToLambda", self.held(f'module.quiet.aws_iam_role_policy.function["{role}"]'))

    def test_engine_may_assume_its_role_for_the_children_of_a_map(self):
        """They come as `stateMachine:NAME/Label`; a machine whose name only begins so is another."""
        [trust] = json.loads(self.planned["module.full.aws_iam_role.states"]["assume_role_policy"])["Statement"]
        patterns = trust["Condition"]["ArnLike"]["aws:SourceArn"]
        machine = f"arn:aws:states:us-east-1:{CENTRAL}:stateMachine:full"
        matched = {arn: any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns) for arn in (machine, machine + "/SurveyAccounts", machine + "er")}
        self.assertEqual(matched, {machine: True, machine + "/SurveyAccounts": True, machine + "er": False})

    def test_everything_has_the_boundary_and_the_network(self):
        roles = [after for address, after in self.planned.items() if address.startswith("module.full.aws_iam_role.")]
        self.assertEqual(len(roles), 5)
        self.assertEqual({role["permissions_boundary"] for role in roles}, {f"arn:aws:iam::{CENTRAL}:policy/boundary"})
        functions = [after for address, after in self.planned.items() if address.startswith("module.full.aws_lambda_function.")]
        self.assertEqual([function["vpc_config"][0]["subnet_ids"] for function in functions], [["subnet-1"]] * 4)
        variables = [function["environment"][0]["variables"] for function in functions]
        proxy = {"HTTPS_PROXY": "http://proxy.example.com:3128", "NO_PROXY": ".secretsmanager.us-east-1.amazonaws.com,10.0.0.0/8"}
        self.assertEqual([{name: each.get(name) for name in proxy} for each in variables], [proxy] * 4)
        self.assertEqual({(function["s3_bucket"], function["s3_key"], function["filename"]) for function in functions}, {("packages", "rekeyer.zip", None)})


class Kept(unittest.TestCase):
    """What nobody can bring back is not destroyed, whichever way a plan comes to it."""

    ALIAS, KEY, GROUP = "module.stores.aws_kms_alias.store[0]", "module.stores.aws_kms_key.store[0]", "module.exempts.aws_iam_group.exempt[0]"

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        cls.workspace = Workspace("kept", cls.server.endpoint)
        cls.addClassCleanup(cls.workspace.close)
        cls.given()
        cls.workspace.init()
        cls.workspace.apply("-target=module.stores.aws_kms_alias.store", "-target=module.exempts.aws_iam_group.exempt")

    @classmethod
    def given(cls, group: str | None = "exempt", **central) -> None:
        """The calls, with other settings than at first."""
        store = {"configuration": '[store]\nlocation = "central"\n', "store_location": "central"}
        calls = call("central", "stores", package_s3={"bucket": "packages", "key": "rekeyer.zip"}, **(store | central))
        calls |= call("member", "exempts", trusted_account_id=CENTRAL, exemption_group=group)
        cls.workspace.write(main=root(calls))

    def setUp(self):
        self.given()

    def let_go(self, *addresses: str) -> None:
        """Until the test has ended."""
        state = self.workspace.folder / "terraform.tfstate"
        self.addCleanup(state.write_bytes, state.read_bytes())
        self.workspace.let_go(*addresses)

    def test_destroying_all(self):
        """What a plan may not destroy, it does not look behind: of the key that the alias depends on it says nothing."""
        self.assertEqual(self.workspace.kept("-destroy"), [self.GROUP, self.ALIAS])
        self.let_go(self.ALIAS)
        self.assertEqual(self.workspace.kept("-destroy"), [self.GROUP, self.KEY])

    def test_secrets_that_move_into_the_members(self):
        self.given(store_location="member", configuration="# members")
        self.assertEqual(self.workspace.kept(), [self.KEY])

    def test_another_key(self):
        self.given(store_kms_key_arn=KEY)
        self.assertEqual(self.workspace.kept(), [self.KEY])

    def test_another_name_of_the_deployment(self):
        self.given(name="other")
        self.assertEqual(self.workspace.kept(), [self.ALIAS])

    def test_no_exemption_group_any_more(self):
        self.given(group=None)
        self.assertEqual(self.workspace.kept(), [self.GROUP])

    def test_exemption_group_may_be_renamed(self):
        """IAM keeps its members."""
        self.given(group="left-alone")
        self.assertEqual(changes_of(self.workspace.plan())[self.GROUP]["name"], ("exempt", "left-alone"))

    def test_what_was_let_go_stays_in_aws(self):
        """As README.md has it: the key stays, and a later deployment is given it."""
        self.let_go(self.ALIAS, self.KEY, self.GROUP)
        self.assertEqual(changes_of(self.workspace.plan("-destroy")), {})
        self.assertEqual(list(Account(self.server.endpoint).groups()), ["exempt"])
        key = Account(self.server.endpoint).client("kms").describe_key(KeyId="alias/rekeyer-secrets")["KeyMetadata"]
        self.assertEqual(key["KeyState"], "Enabled")
        self.given(store_kms_key_arn=key["Arn"])
        planned = changes_of(self.workspace.plan())
        self.assertFalse({self.ALIAS, self.KEY} & planned.keys())


if __name__ == "__main__":
    unittest.main()
