#!/usr/bin/env python3
"""The CloudFormation templates by themselves: well-formed, whole, and saying the same as the documents and the state machine's source.

usage: templates_test.py [-v]     REKEYER names the binary that reads the rendered configuration. What is missing is skipped loudly; with
CI=true a skip is a failure.
"""

import fnmatch
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from needs import binary, program, run_suite
from states import problems_of
from template import FOLDER, ROOT, DuplicateKey, Template, read

TEMPLATES = sorted(FOLDER.glob("*.yaml"))
MACHINE = ROOT / "deploy" / "state-machine" / "rekeyer.asl.json"
CENTRAL, MEMBER = Template(FOLDER / "central.yaml"), Template(FOLDER / "member-role.yaml")
LIST, STACKSET = Template(FOLDER / "list-accounts-role.yaml"), Template(FOLDER / "stackset.yaml")
ENDPOINTS = Template(FOLDER / "vpc-endpoints.yaml")
CODE = {"CodeBucket": "code-bucket", "CodeKey": "rekeyer.zip"}
TOOLING, ORGANIZATION = "999999999999", "o-abcdefghij"
KEY = "arn:aws:kms:eu-central-1:999999999999:key/aaaaaaaa-0000-4000-8000-000000000000"
TOPIC = "arn:aws:sns:eu-central-1:999999999999:access-keys"
IN_MEMBER = {"ToolingAccount": TOOLING, "AWSOrgID": ORGANIZATION}
#: Parameters of the older stack (aws-iam-access-key-auto-rotation) that central.yaml takes by their names.
OLDER = [
    "RotationPeriod", "InactivePeriod", "InactiveBuffer", "RecoveryGracePeriod", "DryRunFlag", "IAMExemptionGroup", "OrgListAccount", "OrgListRole",
    "StoreSecretsInCentralAccount", "CredentialReplicationRegions", "ResourceOwnerTag", "RunLambdaInVPC", "VpcId", "SubnetId",
    "SMTPUserParamName", "SMTPPasswordParamName", "AdminEmailAddress", "S3BucketName", "S3BucketPrefix", "AWSOrgID",
]

def central(**more):
    return CENTRAL.with_parameters(**CODE, **more)


def listed(value) -> list:
    return [value] if isinstance(value, str) else list(value)


def allowed(statement, arn) -> bool:
    """Whether the statement's resources, with * and ? in them, are those of the ARN."""
    return any(fnmatch.fnmatchcase(arn, resource) for resource in listed(statement["Resource"]))


class WellFormed(unittest.TestCase):
    def test_a_key_that_stands_twice_is_found(self):
        with self.assertRaises(DuplicateKey):
            read("a: 1\nb:\n  c: 1\n  c: 2\n")

    def test_every_parameter_is_used_and_every_reference_has_a_target(self):
        for path in TEMPLATES:
            with self.subTest(path.name):
                template = Template(path)  # refuses duplicate keys
                references = template.references()
                conditions = json.dumps(template.body.get("Conditions", {})) + json.dumps(template.body.get("Rules", {}))
                unused = {name for name in template.parameters if name not in references and f'"{name}"' not in conditions}
                self.assertEqual(unused, set(), "parameters that nothing uses")
                known = set(template.parameters) | set(template.resources)
                dangling = {name for name in references if name not in known and not name.startswith("AWS::")}
                self.assertEqual(dangling, set(), "references to what is not there")

    def test_conditions_are_used_and_there(self):
        for path in TEMPLATES:
            with self.subTest(path.name):
                template = Template(path)
                declared = template.body.get("Conditions", {})
                used = set()

                def visit(node, used=used):
                    if isinstance(node, dict):
                        for key, inner in node.items():
                            if key == "Condition" and isinstance(inner, str):
                                used.add(inner)
                            elif key == "Fn::If":
                                used.add(inner[0])
                                visit(inner[1:])
                            else:
                                visit(inner)
                    elif isinstance(node, list):
                        for item in node:
                            visit(item)

                visit(template.body)
                self.assertEqual(used, set(declared), "conditions that are used and those that are declared")

    def test_every_parameter_is_explained_grouped_and_checked(self):
        for path in TEMPLATES:
            template = Template(path)
            interface = template.body["Metadata"]["AWS::CloudFormation::Interface"]
            grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
            with self.subTest(path.name):
                self.assertEqual(sorted(grouped), sorted(template.parameters), "every parameter stands in one group")
                self.assertLessEqual(set(interface.get("ParameterLabels", {})), set(template.parameters))
                self.assertLessEqual(len(template.body["Description"]), 1024)
            for name, parameter in template.parameters.items():
                with self.subTest(path.name, parameter=name):
                    self.assertGreater(len(parameter["Description"].strip()), 20, "a description that a person understands")
                    if parameter["Type"] == "String" and "AllowedValues" not in parameter:
                        self.assertIn("AllowedPattern", parameter, "a free text is checked")
                        self.assertIn("ConstraintDescription", parameter, "and says what it takes")
                    if parameter["Type"] == "Number" and "AllowedValues" not in parameter:
                        self.assertIn("MinValue", parameter)

    def test_resources_and_outputs_are_neutral_to_partitions(self):
        for path in TEMPLATES:
            with self.subTest(path.name):
                body = {**Template(path).body, "Parameters": {}}
                self.assertNotRegex(json.dumps(body), r"arn:aws[:-]|[a-z]{2}-[a-z]+-[0-9]\b", "an ARN of one partition, or a region")

    def test_no_policy_takes_a_whole_service_or_reads_secrets(self):
        roles = [(path.name, name, json.dumps(role)) for path in TEMPLATES for name, role in Template(path).of_type("AWS::IAM::Role").items()]
        self.assertLessEqual({"MemberRole", "AccountRole", "ScheduleRole"}, {name for _, name, _ in roles})
        for template, name, text in roles:
            with self.subTest(template, role=name):
                self.assertNotRegex(text, r'"[a-z]+:\*"|"\*:\*"')
                self.assertNotIn("GetSecretValue", text)
                self.assertNotIn(":aws:policy/", text, "managed policies of AWS's are wider than needed")

    @unittest.skipIf(program("cfn-lint") is None, "cfn-lint is not installed (scripts/python-deps.txt)")
    def test_cfn_lint_finds_nothing(self):
        done = subprocess.run(
            [program("cfn-lint"), "--non-zero-exit-code", "informational", *map(str, TEMPLATES)], capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_what_would_be_lost_is_retained(self):
        """And is no remainder of a stack whose creation failed: Retain alone would leave a bucket and a key each time."""
        kept = [(CENTRAL, name) for name in ("RunsBucket", "RunsBucketPolicy", "SecretsKey")] + [(MEMBER, "ExemptionGroup")]
        for template, name in kept:
            policies = [template.resources[name].get(policy) for policy in ("DeletionPolicy", "UpdateReplacePolicy")]
            self.assertEqual(policies, ["RetainExceptOnCreate", "Retain"], name)


class StateMachine(unittest.TestCase):
    def setUp(self):
        self.source = MACHINE.read_text("utf-8")
        self.properties = CENTRAL.resources["StateMachine"]["Properties"]

    @staticmethod
    def parsed(text, values):
        return json.loads(re.sub(r"\$\{(\w+)\}", lambda found: str(values[found[1]]), text))

    def test_the_embedded_definition_is_the_source(self):
        values = {name: f"<{name}>" for name in re.findall(r"\$\{(\w+)\}", self.source)}
        values |= {"MaxConcurrency": 7, "ToleratedFailurePercentage": 8}
        self.assertEqual(self.parsed(self.properties["DefinitionString"], values), self.parsed(self.source, values))

    def test_every_placeholder_is_filled_and_no_other(self):
        wanted = set(re.findall(r"\$\{(\w+)\}", self.properties["DefinitionString"]))
        self.assertEqual(set(self.properties["DefinitionSubstitutions"]), wanted)
        filled = central().properties("StateMachine")["DefinitionSubstitutions"]
        self.assertTrue(all(isinstance(value, str) for value in filled.values()), "the map is from text to text")
        machine = self.parsed(self.properties["DefinitionString"], filled)
        self.assertEqual(machine["States"]["SurveyAccounts"]["MaxConcurrency"], 40)
        self.assertNotIn("${", json.dumps(machine))

    def test_every_state_leads_somewhere_and_is_reached(self):
        machine = self.parsed(self.source, central().properties("StateMachine")["DefinitionSubstitutions"])
        self.assertEqual(problems_of(machine), [])

    def test_what_passes_by_itself_is_tried_again(self):
        machine = self.parsed(self.source, central().properties("StateMachine")["DefinitionSubstitutions"])
        inner = {name: child for state in machine["States"].values() for name, child in state.get("ItemProcessor", {}).get("States", {}).items()}
        tasks = {name: state["Retry"] for name, state in {**machine["States"], **inner}.items() if state["Type"] == "Task"}
        self.assertEqual(set(tasks), {"Inventory", "Allot", "Summarise", "Survey", "Rotate"})
        ours = {"rekeyer.Throttled", "rekeyer.ServerFault", "rekeyer.NotSent", "rekeyer.OutcomeUnknown"}
        lambdas = {"Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.ClientExecutionTimeoutException"}
        #: a function that is waited for costs nothing: 40 children on the 10 functions at once of a new account get their turn
        crowded = {"Lambda.TooManyRequestsException", "Lambda.EC2ThrottledException", "Lambda.ResourceNotReadyException"}
        died = {"Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory", "Lambda.Unknown"}
        for name, retriers in tasks.items():
            with self.subTest(name):
                attempts = {error: retrier["MaxAttempts"] for retrier in retriers for error in retrier["ErrorEquals"]}
                self.assertEqual(sum(len(retrier["ErrorEquals"]) for retrier in retriers), len(attempts), "no error stands twice")
                self.assertEqual(set(attempts), ours | lambdas | crowded | (died if name in ("Survey", "Rotate") else set()))
                waiting, = [retrier for retrier in retriers if set(retrier["ErrorEquals"]) == crowded]
                longest = sum(min(waiting["IntervalSeconds"] * waiting["BackoffRate"]**n, waiting["MaxDelaySeconds"]) for n in range(waiting["MaxAttempts"]))
                self.assertGreater(longest / 2, 1200, "seconds, as full jitter halves them on average")
                self.assertEqual(waiting["JitterStrategy"], "FULL")

    def test_the_check_of_states_finds_what_is_wrong(self):
        def broken(change):
            machine = self.parsed(self.source, central().properties("StateMachine")["DefinitionSubstitutions"])
            change(machine["States"])
            return " ".join(problems_of(machine))

        self.assertIn("Nowhere", broken(lambda states: states["Inventory"].update(Next="Nowhere")))
        self.assertIn("MayChange is not reached", broken(lambda states: states["SurveyAccounts"].update(Next="Summarise")))
        self.assertIn("neither", broken(lambda states: states["Summarise"].pop("End")))
        inner = ("SurveyAccounts", "ItemProcessor", "States")
        self.assertIn("SurveyRest", broken(lambda s: s[inner[0]][inner[1]][inner[2]].pop("SurveyRest")))

    def test_its_role_may_do_what_it_does(self):
        statements = {statement["Sid"]: statement for statement in central().statements("StatesRole")}
        machine = self.parsed(self.source, central().properties("StateMachine")["DefinitionSubstitutions"])
        functions = set(re.findall(r"<(\w+Function)\.Arn>", json.dumps(machine)))
        self.assertEqual({f"<{name}.Arn>" for name in functions}, set(statements["InvokeFunctions"]["Resource"]))
        arn = f"arn:aws:states:eu-central-1:{TOOLING}:"
        self.assertEqual(statements["RunChildren"]["Resource"], arn + "stateMachine:" + central().properties("StateMachine")["StateMachineName"])
        for sid, actions, run in (
            ("FollowChildren", {"states:DescribeExecution", "states:StopExecution"}, True), ("RedriveChildren", {"states:RedriveExecution"}, False),
        ):
            self.assertEqual(set(listed(statements[sid]["Action"])), actions)
            reached = [allowed(statements[sid], arn + "execution:" + name) for name in ("rekeyer/Survey:1f-2e", "rekeyer:today", "rekeyer-pilot:today", "rekeyer-pilot/Survey:1")]
            self.assertEqual(reached, [True, run, False, False], sid)

    def test_its_role_is_entered_by_it_and_its_children_alone(self):
        condition = central().properties("StatesRole")["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
        machine = f"arn:aws:states:eu-central-1:{TOOLING}:stateMachine:rekeyer"
        self.assertEqual(condition, {"StringEquals": {"aws:SourceAccount": TOOLING}, "ArnLike": {"aws:SourceArn": [machine, machine + "/*"]}})


class Functions(unittest.TestCase):
    HANDLERS = {"InventoryFunction": "inventory", "AccountFunction": "account", "AllotFunction": "allot", "SummariseFunction": "summarise"}

    def test_they_are_what_the_design_says(self):
        found = {name: central().properties(name) for name in CENTRAL.of_type("AWS::Lambda::Function")}
        self.assertEqual({name: properties["Handler"] for name, properties in found.items()}, self.HANDLERS)
        for name, properties in found.items():
            with self.subTest(name):
                self.assertEqual((properties["Runtime"], properties["MemorySize"], properties["Timeout"]), ("provided.al2023", "256", 900))
                self.assertEqual(properties["FunctionName"], f"rekeyer-{self.HANDLERS[name]}")
                self.assertEqual(properties["Architectures"], ["arm64"])
                self.assertEqual(properties["Code"], {"S3Bucket": "code-bucket", "S3Key": "rekeyer.zip"})
                self.assertEqual(
                    properties["Environment"]["Variables"], {
                        "REKEYER_CONFIG": "ssm:/rekeyer/rekeyer/config", "REKEYER_RUNS": "s3://<RunsBucket>/runs", "REKEYER_MODE": "plan",
                        "REKEYER_DEPLOYMENT": "rekeyer", "REKEYER_LOG_LEVEL": "info",
                    }
                )
                self.assertNotIn("VpcConfig", properties)
                self.assertNotIn("ReservedConcurrentExecutions", properties)

    def test_each_writes_to_the_log_group_that_the_stack_makes_for_it(self):
        groups = {properties["LogGroupName"] for properties in map(central().properties, CENTRAL.of_type("AWS::Logs::LogGroup"))}
        self.assertEqual(groups, {f"/aws/lambda/rekeyer-{handler}" for handler in self.HANDLERS.values()})
        allowed = json.dumps([central().statements(role) for role in ("InventoryRole", "AccountRole", "SummaryRole")])
        for group in groups:
            self.assertIn(f"log-group:{group}:*", allowed)

    def test_the_first_run_is_an_audit_and_false_rotates(self):
        def modes(**more):
            made = central(**more)
            return {made.properties(name)["Environment"]["Variables"]["REKEYER_MODE"] for name in self.HANDLERS} | {
                json.loads(made.properties("Schedule")["Target"]["Input"])["mode"]
            }

        self.assertEqual(modes(), {"plan"})
        self.assertEqual(modes(DryRunFlag="False"), {"apply"})

    def test_in_a_vpc_they_have_its_subnets_and_a_security_group(self):
        made = central(RunLambdaInVPC="True", SubnetId="subnet-0a,subnet-0b", VpcId="vpc-01")
        self.assertEqual(
            made.properties("AccountFunction")["VpcConfig"], {"SubnetIds": ["subnet-0a", "subnet-0b"], "SecurityGroupIds": ["<FunctionSecurityGroup>"]}
        )
        self.assertTrue(made.exists("FunctionSecurityGroup"))
        made = central(RunLambdaInVPC="True", SubnetId="subnet-0a", SecurityGroupIds="sg-01")
        self.assertEqual(made.properties("AllotFunction")["VpcConfig"]["SecurityGroupIds"], ["sg-01"])
        self.assertFalse(made.exists("FunctionSecurityGroup"))
        for role in ("InventoryRole", "AccountRole", "SummaryRole"):
            self.assertIn("AttachToVpc", [statement["Sid"] for statement in made.statements(role)])
            self.assertNotIn("AttachToVpc", [statement["Sid"] for statement in central().statements(role)])

    def test_their_network_interfaces_can_be_removed_when_they_leave_the_vpc_or_the_stack_goes(self):
        """Lambda does it by the functions' roles, some time later; and no security group goes while an interface is in it."""
        left = central(RunLambdaInVPC="False", SubnetId="subnet-0a", VpcId="vpc-01")
        self.assertNotIn("VpcConfig", left.properties("AccountFunction"))
        self.assertTrue(left.exists("FunctionSecurityGroup"))
        roles = {"InventoryRole", "AccountRole", "SummaryRole"}
        self.assertEqual({role for role in roles if "AttachToVpc" in [s["Sid"] for s in left.statements(role)]}, roles)
        self.assertEqual(set(CENTRAL.resources["FunctionSecurityGroup"]["DependsOn"]), roles, "what is depended on is deleted later")
        self.assertEqual({CENTRAL.resources[name]["Properties"]["Role"]["Fn::GetAtt"][0] for name in self.HANDLERS}, roles)

    def test_their_memory_is_what_the_parameters_say(self):
        made = central(InventoryMemory=300, AccountMemory=512, SummaryMemory=1024)
        memory = {handler: made.properties(name)["MemorySize"] for name, handler in self.HANDLERS.items()}
        self.assertEqual(memory, {"inventory": "300", "account": "512", "allot": "1024", "summarise": "1024"})

    def test_a_proxy_is_told_to_all_of_them_and_may_be_reached(self):
        proxy = {"HttpsProxy": "http://proxy.example.com:3128", "NoProxy": "sts.eu-central-1.amazonaws.com,10.0.0.0/16"}
        in_vpc = {"RunLambdaInVPC": "True", "SubnetId": "subnet-0a", "VpcId": "vpc-01"}
        made = central(**in_vpc, **proxy)
        self.assertEqual(made.broken_rules(), [])
        for name in self.HANDLERS:
            variables = made.properties(name)["Environment"]["Variables"]
            self.assertEqual((variables["HTTPS_PROXY"], variables["NO_PROXY"]), (proxy["HttpsProxy"], proxy["NoProxy"]), name)

        def ports(**more):
            rules = central(**in_vpc, **more).properties("FunctionSecurityGroup")["SecurityGroupEgress"]
            self.assertTrue(all(rule["FromPort"] == rule["ToPort"] for rule in rules))
            return [int(rule["ToPort"]) for rule in rules]

        smtp = {"AdminEmailAddress": "a@example.com", "SMTPUserParamName": "/smtp/user", "SMTPPasswordParamName": "/smtp/password"}
        self.assertEqual((ports(), ports(**proxy), ports(**proxy, **smtp)), ([443], [443, 3128], [443, 465, 3128]))
        for port in (443, 465):
            self.assertEqual(ports(HttpsProxy=f"https://proxy.example.com:{port}", **smtp), [443, 465], "no rule stands there twice")
        for refused in ("proxy.example.com:3128", "http://proxy.example.com", "http://user:password@proxy.example.com:3128", "http://proxy.example.com:3128/"):
            with self.subTest(refused), self.assertRaises(ValueError):
                central(HttpsProxy=refused)

    def test_concurrency_is_reserved_only_where_asked(self):
        self.assertEqual(central(ReservedConcurrency=50).properties("AccountFunction")["ReservedConcurrentExecutions"], "50")


class Permissions(unittest.TestCase):
    """Which statements a role has under which parameters. That they say what `rekeyer permissions` prints, tests/permissions looks at."""

    @staticmethod
    def sids(statements) -> set:
        return {statement["Sid"] for statement in statements}

    def test_the_rotating_member_role(self):
        made = MEMBER.with_parameters(**IN_MEMBER, Mode="apply")
        plain = self.sids(made.statements("MemberRole"))
        self.assertLessEqual({"RotateKeys", "ListSecrets", "KeepSecrets", "CheckItself"}, plain)
        self.assertFalse({"EncryptSecrets", "EncryptReplicas", "LookAtKey"} & plain)
        everything = MEMBER.with_parameters(**IN_MEMBER, Mode="apply", StoreGrant="both", SecretsKmsKeyArn=KEY).statements("MemberRole")
        self.assertLessEqual({"EncryptSecrets", "EncryptReplicas", "LookAtKey"}, self.sids(everything) - plain)
        granting = [s["Sid"] for s in everything if "iam:PutUserPolicy" in listed(s["Action"])]
        self.assertEqual(len(granting), 1)
        self.assertNotIn(granting[0], plain, "users' policies are written only where the store grants by them")
        elsewhere = self.sids(MEMBER.with_parameters(**IN_MEMBER, Mode="apply", StoreSecretsInCentralAccount="True").statements("MemberRole"))
        self.assertFalse({"ListSecrets", "KeepSecrets"} & elsewhere)

    def test_secrets_policies_are_written_only_where_secrets_are_locked_or_the_store_grants_by_them(self):
        writing = {"secretsmanager:GetResourcePolicy", "secretsmanager:PutResourcePolicy"}
        for grant in MEMBER.parameters["StoreGrant"]["AllowedValues"]:
            locking = MEMBER.with_parameters(**IN_MEMBER, Mode="apply", StoreGrant=grant).statements("MemberRole")
            [keeping] = [s for s in locking if s["Sid"] == "KeepSecrets"]
            self.assertLessEqual(writing, set(keeping["Action"]), f"{grant}: locks are the default")
            member = MEMBER.with_parameters(**IN_MEMBER, Mode="apply", StoreGrant=grant, LockSecrets="False").statements("MemberRole")
            # A central store is not locked by what these templates configure.
            account = central(StoreSecretsInCentralAccount="True", AWSOrgID=ORGANIZATION, DryRunFlag="False", StoreGrant=grant).statements("AccountRole")
            for statements in (member, account):
                [keeping] = [s for s in statements if s["Sid"] == "KeepSecrets"]
                self.assertEqual(writing & set(keeping["Action"]), writing if grant in ("secret-policy", "both") else set(), grant)

    def test_the_audit_only_member_role_can_change_nothing(self):
        made = MEMBER.with_parameters(**IN_MEMBER, StoreGrant="both", SecretsKmsKeyArn=KEY)
        self.assertIn("CheckItself", self.sids(made.statements("MemberRole")))
        actions = [action for statement in made.statements("MemberRole") for action in listed(statement["Action"])]
        self.assertIn("iam:GetAccountAuthorizationDetails", actions)
        for action in actions:
            self.assertRegex(action, r":(Get|List|Describe|Simulate|GenerateCredentialReport)")

    def test_the_account_role(self):
        everything = {
            "DryRunFlag": "False", "StoreSecretsInCentralAccount": "True", "AWSOrgID": ORGANIZATION, "SecretsKmsKeyArn": KEY, "AdminEmailAddress": "keys@example.com",
            "OwnersFromAccountTags": "True", "OwnersFromAlternateContacts": "True", "EventsTopicArn": TOPIC, "S3BucketName": "templates-bucket",
            "CredentialReplicationRegions": "eu-west-1", "ReplicaKmsKeyIds": '"eu-west-1" = "alias/keys"',
        }
        sids = self.sids(central(**everything).statements("AccountRole"))
        self.assertLessEqual({"EnterMemberAccounts", "KeepSecrets", "EncryptSecrets", "SendMails", "PublishToTopics", "ReadTemplates", "ReadAccountTags"}, sids)
        self.assertNotIn("ReadOrganization", sids, "listing accounts is the inventory's")
        smtp = central(AdminEmailAddress="keys@example.com", SMTPUserParamName="/smtp/user", SMTPPasswordParamName="/smtp/password")
        read = [s for s in smtp.statements("AccountRole") if s["Sid"] == "ReadParameters"]
        self.assertEqual([len(listed(s["Resource"])) for s in read], [2], "user and password, and no other parameter")
        self.assertNotIn("SendMails", self.sids(smtp.statements("AccountRole")))
        self.assertEqual(
            {s["Sid"] for s in central().statements("AccountRole")},
            {"EnterMemberAccounts", "KeepRuns", "TellMissingObjects", "WriteLogs", "ReadConfiguration", "PlaceAccounts"}, "what is not used is not granted"
        )

    def test_the_central_store_of_an_audit_is_only_looked_at(self):
        made = central(StoreSecretsInCentralAccount="True", AWSOrgID=ORGANIZATION)
        sids = self.sids(made.statements("AccountRole"))
        self.assertTrue({sid for sid in sids if "Secrets" in sid}, sids)
        self.assertFalse({"KeepSecrets", "EncryptSecrets"} & sids)

    def test_the_inventory_reads_organizations_or_enters_the_list_role(self):
        self.assertIn("ReadOrganization", self.sids(central().statements("InventoryRole")))
        made = {s["Sid"]: s for s in central(OrgListAccount="111111111111").statements("InventoryRole")}
        self.assertNotIn("ReadOrganization", made)
        self.assertEqual(made["EnterListRole"]["Resource"], "arn:aws:iam::111111111111:role/rekeyer-list-accounts")
        list_role = LIST.with_parameters(**IN_MEMBER, OwnersFromAccountTags="True")
        self.assertEqual(self.sids(list_role.statements("ListAccountsRole")), {"ReadOrganization", "ReadAccountTags"})

    def test_the_summary_role_mails_administrators_and_no_more(self):
        self.assertIn("SendMails", self.sids(central(AdminEmailAddress="a@example.com", Administrators="b@example.com").statements("SummaryRole")))
        self.assertNotIn("SendMails", [s["Sid"] for s in central(AdminEmailAddress="a@example.com").statements("SummaryRole")])

    def test_a_configuration_of_ones_own_is_readable_and_nothing_else(self):
        for place, action, resource in (
            ("s3://settings-bucket/rekeyer.toml", "s3:GetObject", "arn:aws:s3:::settings-bucket/rekeyer.toml"),
            ("ssm:/own/rekeyer", "ssm:GetParameter", f"arn:aws:ssm:eu-central-1:{TOOLING}:parameter/own/rekeyer"),
        ):
            made = central(ConfigurationLocation=place)
            self.assertFalse(made.exists("Configuration"))
            for role, function in (("InventoryRole", "InventoryFunction"), ("AccountRole", "AccountFunction"), ("SummaryRole", "AllotFunction")):
                statements = [s for s in made.statements(role) if s["Sid"] == "ReadConfiguration"]
                self.assertEqual([(s["Action"], s["Resource"]) for s in statements], [(action, resource)])
                self.assertEqual(made.properties(function)["Environment"]["Variables"]["REKEYER_CONFIG"], place)

    def test_member_role_lets_in_the_account_role_only(self):
        trust = MEMBER.with_parameters(**IN_MEMBER, ExternalId="orchid-7").properties("MemberRole")["AssumeRolePolicyDocument"]["Statement"]
        account_role = f"arn:aws:iam::{TOOLING}:role/" + central().properties("AccountRole")["RoleName"]
        self.assertEqual(
            trust, [
                {
                    "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{TOOLING}:root"}, "Action": "sts:AssumeRole", "Condition": {
                        "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION, "sts:ExternalId": "orchid-7"},
                        "ArnLike": {"aws:PrincipalArn": account_role},
                    }
                }
            ]
        )
        more = MEMBER.with_parameters(**IN_MEMBER, AlsoTrusted=f"arn:aws:iam::{TOOLING}:role/admin,arn:aws:iam::{TOOLING}:role/sso/*")
        condition = more.properties("MemberRole")["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
        self.assertNotIn("sts:ExternalId", condition["StringEquals"])
        self.assertEqual(condition["ArnLike"]["aws:PrincipalArn"], [account_role, f"arn:aws:iam::{TOOLING}:role/admin", f"arn:aws:iam::{TOOLING}:role/sso/*"])
        inventory = LIST.with_parameters(**IN_MEMBER).properties("ListAccountsRole")["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
        self.assertEqual(inventory["ArnLike"]["aws:PrincipalArn"], [f"arn:aws:iam::{TOOLING}:role/" + central().properties("InventoryRole")["RoleName"]])

    def test_member_role_is_bounded_where_it_is_told(self):
        self.assertNotIn("PermissionsBoundary", MEMBER.with_parameters(**IN_MEMBER).properties("MemberRole"))
        bounded = MEMBER.with_parameters(**IN_MEMBER, PermissionsBoundary="security/boundary").properties("MemberRole")["PermissionsBoundary"]
        self.assertTrue(re.fullmatch(r"arn:aws:iam::[0-9]{12}:policy/security/boundary", bounded), bounded)

    def test_member_role_leaves_users_out_where_it_is_told(self):
        def denials(**parameters):
            return {s["Sid"]: s for s in MEMBER.with_parameters(**IN_MEMBER, **parameters).statements("MemberRole") if s["Effect"] == "Deny"}

        users = {"ExceptUsers": "arn:aws:iam::*:user/break-glass/*,arn:aws:iam::*:user/root-keeper"}
        self.assertEqual(denials(Mode="apply"), {})
        self.assertEqual(denials(Mode="plan", **users, ExceptTaggedUsers="True"), {}, "what only reads touches nobody")
        path = denials(Mode="apply", **users)
        self.assertEqual({sid: s["Resource"] for sid, s in path.items()}, {"LeavePathsAlone": users["ExceptUsers"].split(",")})
        tag = denials(Mode="apply", ExceptTaggedUsers="True")
        self.assertEqual({sid: s["Condition"] for sid, s in tag.items()}, {"LeaveTaggedUsersAlone": {"Null": {"aws:ResourceTag/rekeyer:exempt": "false"}}})
        changing = {"iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey", "iam:PutUserPolicy"}
        self.assertEqual([set(s["Action"]) for s in (*path.values(), *tag.values())], [changing, changing])
        for wide in ("*", "arn:aws:iam::*:user/*", "arn:aws:iam::*:*", "arn:aws:iam::*:role/a", "arn:aws:iam::*:user/a, arn:aws:iam::*:user/b"):
            with self.subTest(wide), self.assertRaises(ValueError):
                denials(Mode="apply", ExceptUsers=wide)

    def test_member_role_says_which_edition_it_is(self):
        for mode in ("plan", "apply"):
            tags = MEMBER.with_parameters(**IN_MEMBER, Mode=mode).properties("MemberRole")["Tags"]
            self.assertEqual(tags, [{"Key": "rekeyer:role-version", "Value": f"2-{mode}"}])

    def test_the_key_decrypts_for_the_organization_through_secrets_manager(self):
        made = central(StoreSecretsInCentralAccount="True", AWSOrgID=ORGANIZATION)
        self.assertTrue(made.exists("SecretsKey"))
        own, users = made.properties("SecretsKey")["KeyPolicy"]["Statement"]
        self.assertEqual(own["Principal"], {"AWS": f"arn:aws:iam::{TOOLING}:root"})
        self.assertEqual(users["Action"], ["kms:Decrypt", "kms:DescribeKey"])
        self.assertEqual(users["Condition"], {
            "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}, "StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"},
        })
        self.assertFalse(central(StoreSecretsInCentralAccount="True", SecretsKmsKeyArn=KEY).exists("SecretsKey"))
        self.assertFalse(central().exists("SecretsKey"))


class Operation(unittest.TestCase):
    def test_the_bucket_is_closed_and_runs_expire(self):
        bucket = central(RetentionDays=30).properties("RunsBucket")
        self.assertTrue(all(bucket["PublicAccessBlockConfiguration"].values()))
        self.assertEqual(len(bucket["PublicAccessBlockConfiguration"]), 4)
        self.assertNotIn("VersioningConfiguration", bucket)
        self.assertIn("BucketEncryption", bucket)
        rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
        self.assertEqual(rules["expire-runs"]["ExpirationInDays"], "30")
        self.assertIn("AbortIncompleteMultipartUpload", rules["abort-uploads"])
        deny, = central().properties("RunsBucketPolicy")["PolicyDocument"]["Statement"]
        self.assertEqual((deny["Effect"], deny["Condition"]), ("Deny", {"Bool": {"aws:SecureTransport": "false"}}))

    def test_a_run_begins_daily_in_a_time_zone_and_failed_starts_are_kept(self):
        schedule = central(ScheduleTimezone="Europe/Berlin").properties("Schedule")
        self.assertEqual((schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]), ("cron(0 6 * * ? *)", "Europe/Berlin"))
        self.assertEqual(schedule["Target"]["Arn"], "<StateMachine>")
        self.assertEqual(schedule["Target"]["DeadLetterConfig"], {"Arn": "<FailedStarts.Arn>"})
        statements = {s["Sid"]: s for s in central().statements("ScheduleRole")}
        self.assertEqual({sid: s["Resource"] for sid, s in statements.items()}, {"StartRuns": "<StateMachine>", "KeepFailedStarts": "<FailedStarts.Arn>"})
        self.assertNotIn("GroupName", schedule, "the group is the default one")
        self.assertEqual(
            central().properties("ScheduleRole")["AssumeRolePolicyDocument"]["Statement"][0]["Condition"],
            {"StringEquals": {"aws:SourceAccount": TOOLING}, "ArnEquals": {"aws:SourceArn": f"arn:aws:scheduler:eu-central-1:{TOOLING}:schedule-group/default"}}
        )

    def test_alarms_tell_the_topic_and_name_their_section(self):
        notes = (ROOT / "docs" / "operations.md").read_text("utf-8")
        metrics = set()
        alarms = CENTRAL.of_type("AWS::CloudWatch::Alarm")
        self.assertGreater(len(alarms), 5)
        for name, resource in alarms.items():
            alarm = resource["Properties"]
            with self.subTest(name):
                self.assertEqual(central().value(alarm["AlarmActions"]), ["<OperationTopic>"])
                section = re.search(r'docs/operations\.md, "(.+?)"\.', alarm["AlarmDescription"])
                self.assertIsNotNone(section, alarm["AlarmDescription"])
                self.assertIn(f"### {section[1]}\n", notes)
                self.assertIn(f"`NAME-{central().properties(name)['AlarmName'].removeprefix('rekeyer-')}`", notes)
            for metric in [alarm] + [item["MetricStat"]["Metric"] for item in alarm.get("Metrics", []) if "MetricStat" in item]:
                if metric.get("Namespace") == "rekeyer":
                    self.assertEqual(central().value(metric["Dimensions"]), [{"Name": "Deployment", "Value": "rekeyer"}])
                metrics.add(metric.get("MetricName"))
        bad_ends = {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}
        self.assertLessEqual({"KeysFailed", "AccountsFailed", "AccountsDenied", "MailsRefused", "Accounts"} | bad_ends, metrics)
        ours = metrics - bad_ends - {"ApproximateNumberOfMessagesVisible", None}
        design = (ROOT / "docs" / "design" / "0009-on-aws.md").read_text("utf-8")
        self.assertEqual({name for name in ours if f"`{name}`" not in design}, set(), "metrics that rekeyer does not write")

    def test_silence_is_what_the_missed_run_alarm_hears(self):
        alarm = central().properties("NoRunAlarm")
        self.assertEqual((alarm["TreatMissingData"], alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]), ("breaching", "26", "26"))
        told, = [metric for metric in alarm["Metrics"] if metric["ReturnData"]]
        counted, = [metric for metric in alarm["Metrics"] if not metric["ReturnData"]]
        self.assertEqual(told["Expression"], f"FILL({counted['Id']}, 0)", "an hour of silence counts as none, and is no gap")
        statistic = counted["MetricStat"]
        self.assertEqual((statistic["Stat"], statistic["Period"], statistic["Metric"]["MetricName"]), ("SampleCount", 3600, "Accounts"))
        self.assertFalse(central(ScheduleState="DISABLED").exists("NoRunAlarm"), "nothing is missed where nothing is started")

    def test_only_alarms_of_this_account_may_publish(self):
        allow = central().properties("OperationTopicPolicy")["PolicyDocument"]["Statement"][0]
        self.assertEqual(allow["Condition"], {"StringEquals": {"aws:SourceAccount": TOOLING}})

    def test_the_stackset_hands_every_parameter_on(self):
        self.assertLessEqual(set(MEMBER.parameters), set(STACKSET.parameters))
        for name, declared in MEMBER.parameters.items():
            same = {key: declared.get(key) for key in ("Type", "Default", "AllowedValues", "AllowedPattern")}
            self.assertEqual({key: STACKSET.parameters[name].get(key) for key in same}, same, name)
        made = STACKSET.with_parameters(**IN_MEMBER, OrganizationalUnitIds="r-ab12", MemberTemplateUrl="https://bucket/member.yaml").properties("MemberRoles")
        self.assertEqual({item["ParameterKey"] for item in made["Parameters"]}, set(MEMBER.parameters))
        self.assertEqual((made["PermissionModel"], made["CallAs"]), ("SERVICE_MANAGED", "DELEGATED_ADMIN"))
        self.assertTrue(made["AutoDeployment"]["Enabled"])
        self.assertEqual(made["StackInstancesGroup"], [{"DeploymentTargets": {"OrganizationalUnitIds": ["r-ab12"]}, "Regions": ["eu-central-1"]}])

    def test_the_stackset_may_use_a_region_that_every_account_has(self):
        wanted = {**IN_MEMBER, "OrganizationalUnitIds": "r-ab12", "MemberTemplateUrl": "https://bucket/member.yaml", "StackSetRegion": "us-east-1"}
        self.assertEqual(STACKSET.with_parameters(**wanted).properties("MemberRoles")["StackInstancesGroup"][0]["Regions"], ["us-east-1"])
        with self.assertRaises(ValueError):
            STACKSET.with_parameters(**{**wanted, "StackSetRegion": "us-east-1,eu-west-1"})


class Endpoints(unittest.TestCase):
    CHINA = {"AWS::Partition": "aws-cn", "AWS::Region": "cn-north-1", "AWS::URLSuffix": "amazonaws.com.cn"}
    ALWAYS = {"sts", "secretsmanager", "ssm"}
    #: what the functions call in some configurations, and what only people call
    WHERE_ASKED = {"sns", "events", "email", "email-smtp", "kms", "iam", "states", "lambda", "logs"}

    @staticmethod
    def endpoints(pseudo=None, **parameters):
        made = ENDPOINTS.with_parameters(VpcId="vpc-01", VpcCidr="10.0.0.0/16", SubnetId="subnet-0a", **parameters)
        made.PSEUDO = {**made.PSEUDO, **(pseudo or {})}
        return made

    @staticmethod
    def services(made) -> dict:
        """What there is an endpoint for, by the last part of its name: the whole name."""
        names = [made.properties(name)["ServiceName"] for name in ENDPOINTS.of_type("AWS::EC2::VPCEndpoint") if made.exists(name)]
        return {name.rpartition(".")[2]: name for name in names}

    def test_each_service_has_a_switch_of_its_own(self):
        self.assertEqual(set(self.services(self.endpoints())), self.ALWAYS)
        switches = [name for name, declared in ENDPOINTS.parameters.items() if declared.get("AllowedValues") == ["True", "False"]]
        self.assertEqual(len(switches), len(self.ALWAYS | self.WHERE_ASKED))
        switched = set()
        for name in switches:
            with self.subTest(name):
                other = "False" if ENDPOINTS.parameters[name]["Default"] == "True" else "True"
                switched |= (difference := set(self.services(self.endpoints(**{name: other}))) ^ self.ALWAYS)
                self.assertEqual(len(difference), 1)
        self.assertEqual(switched, self.ALWAYS | self.WHERE_ASKED)
        self.assertEqual(set(self.services(self.endpoints(RouteTableIds="rtb-0a,rtb-0b"))), self.ALWAYS | {"s3"})

    def test_names_begin_differently_in_china_for_some_services_only(self):
        everything = {name: "True" for name, declared in ENDPOINTS.parameters.items() if "AllowedValues" in declared} | {"RouteTableIds": "rtb-0a"}
        here, there = (self.services(self.endpoints(pseudo, **everything)) for pseudo in (None, self.CHINA))
        self.assertEqual(here, {service: f"com.amazonaws.eu-central-1.{service}" for service in here} | {"iam": "com.amazonaws.iam"})
        own = {service for service, name in there.items() if name.startswith("cn.com.amazonaws.cn-north-1.")}
        self.assertEqual(own, {"sts", "lambda", "states"})
        self.assertTrue(all(name.startswith(("com.amazonaws.cn-north-1.", "com.amazonaws.iam")) for service, name in there.items() if service not in own))

    def test_mails_by_smtp_reach_their_endpoint(self):
        def ports(**parameters):
            return [rule["ToPort"] for rule in self.endpoints(**parameters).properties("EndpointSecurityGroup")["SecurityGroupIngress"]]

        self.assertEqual((ports(), ports(CallSmtp="True")), ([443], [443, 465]))

    def test_what_is_to_pass_the_proxy_by_is_told(self):
        def told(**parameters):
            made = self.endpoints(**parameters)
            return made.value(ENDPOINTS.body["Outputs"]["NoProxy"]["Value"]).split(","), made.value(ENDPOINTS.body["Outputs"]["StillNeedsAWayOut"]["Value"])

        hosts, outside = told(RouteTableIds="rtb-0a")
        self.assertEqual(hosts, [f"{service}.eu-central-1.amazonaws.com" for service in ("sts", "secretsmanager", "ssm", "s3")])
        self.assertEqual(outside, "iam.amazonaws.com, organizations.amazonaws.com")
        hosts, outside = told(CallIam="True", CallSts="False")
        self.assertEqual((hosts[-1], outside), ("iam.amazonaws.com", "organizations.amazonaws.com"))


class Parameters(unittest.TestCase):
    def test_names_of_the_older_stack_are_taken(self):
        self.assertEqual([name for name in OLDER if name not in CENTRAL.parameters], [])
        self.assertIn("VpcCidr", ENDPOINTS.parameters)

    def test_what_contradicts_itself_is_refused_with_a_rule(self):
        cases = {
            "InactivePeriodAgrees": {"InactivePeriod": "120"},
            "SmtpNeedsUserAndPassword": {"AdminEmailAddress": "a@example.com", "SMTPUserParamName": "/smtp/user"},
            "MailsNeedASender": {"Administrators": "a@example.com"},
            "SmtpHostIsForSmtp": {"SmtpHost": "mail.example.com"},
            "CentralStoreNeedsTheOrganization": {"StoreSecretsInCentralAccount": "True"},
            "ReplicaKeysAreForReplicas": {"ReplicaKmsKeyIds": '"eu-west-1" = "alias/keys"'},
            "ConfigurationIsOneOrTheOther": {"ConfigurationLocation": "ssm:/own", "ExtraConfiguration": "[limits]"},
            "VpcNeedsSubnets": {"RunLambdaInVPC": "True", "VpcId": "vpc-01"},
            "NoProxyIsForAProxy": {"NoProxy": "sts.eu-central-1.amazonaws.com"},
        }
        self.assertEqual(set(cases), set(CENTRAL.body["Rules"]), "every rule has a case")
        for rule, parameters in cases.items():
            self.assertEqual(central(**parameters).broken_rules(), [rule], parameters)
        self.assertEqual(central(StoreSecretsInCentralAccount="True", AWSOrgID=ORGANIZATION, StoreGrant="user-policy").broken_rules(), ["CentralStoreNeedsTheOrganization"])
        self.assertEqual(central().broken_rules(), [])
        self.assertEqual(central(InactivePeriod="100").broken_rules(), [], "the older stack's own defaults agree")
        self.assertEqual(central(InactivePeriod="100", InactiveBuffer=7).broken_rules(), ["InactivePeriodAgrees"])

    def test_free_texts_cannot_break_out_of_the_configuration(self):
        for name in ("ExternalId", "IAMExemptionGroup", "SecretName", "AdminEmailAddress", "Administrators", "ResourceOwnerTag", "S3BucketPrefix", "SmtpHost", "IncludeOUs"):
            with self.subTest(name), self.assertRaises(ValueError):
                central(**{name: 'a"\n[policy]\nunused = "ignore"@x'})


@unittest.skipIf(binary() is None, "no rekeyer binary to read the rendered configuration: build it, or set REKEYER")
class Configuration(unittest.TestCase):
    CASES = {
        "the defaults": {},
        "everything told": {
            "StoreSecretsInCentralAccount": "True", "AWSOrgID": ORGANIZATION, "AdminEmailAddress": "keys@example.com", "Administrators": "a@example.com,b@example.com",
            "IncludeOUs": "ou-ab12-cdef3456,ou-ab12-ghij7890", "ExcludeAccounts": "111111111111", "EventsTopicArn": TOPIC, "OrgListAccount": "222222222222",
            "CredentialReplicationRegions": "eu-west-1", "ReplicaKmsKeyIds": '"eu-west-1" = "alias/keys"', "StoreGrant": "both",
            "OwnersFromAccountTags": "True", "OwnersFromAlternateContacts": "True", "S3BucketName": "templates-bucket", "ExternalId": "orchid-7",
            "ExtraConfiguration": '[[override]]\nmatch = { user = "ci-*" }\nrotation_period = "30d"\n',
        },
        "mails by SMTP": {"AdminEmailAddress": "keys@example.com", "SMTPUserParamName": "/smtp/user", "SMTPPasswordParamName": "/smtp/password"},
        "events only": {"EventsTopicArn": TOPIC, "ResourceOwnerTag": "", "IAMExemptionGroup": ""},
        "as short as it may be": {"RotationPeriod": 2, "InactiveBuffer": 1, "RecoveryGracePeriod": 1, "IncludeManagementAccount": "True"},
    }

    def check(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rekeyer.toml"
            file.write_text(text)
            environment = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
            return subprocess.run(
                [binary(), "config", "check", "--config", file], capture_output=True, text=True, timeout=60, env={**environment, "HOME": folder}
            )

    def test_rekeyer_takes_every_configuration_that_the_stack_renders(self):
        for name, parameters in self.CASES.items():
            with self.subTest(name):
                made = central(**parameters)
                self.assertEqual(made.broken_rules(), [])
                text = made.properties("Configuration")["Value"].replace("<SecretsKey.Arn>", KEY)
                self.assertLess(len(text), 4096, "room for a standard parameter")
                done = self.check(text)
                self.assertEqual(done.returncode, 0, done.stderr + text)

    def test_a_configuration_with_a_mistake_is_not_taken(self):
        done = self.check(central(ExtraConfiguration='[limits]\nmax_changes = 1\n').properties("Configuration")["Value"])
        self.assertEqual(done.returncode, 2, done.stdout)


if __name__ == "__main__":
    sys.exit(run_suite(__name__))
