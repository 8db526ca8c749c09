#!/usr/bin/env python3
"""deploy.sh and cleanup.sh against moto's CloudFormation, by the real aws CLI: what comes of them, that they may be repeated, and that --plan
changes nothing.

usage: scripts_test.py [-v] [word…]     words choose tests by name. moto leaves out some kinds of resources (schedules, alarms, StackSets, groups,
bucket policies) without a word; what their properties are is looked at in templates_test.py.
"""

import functools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from needs import ROOT, program, run_suite

SCRIPTS = ROOT / "deploy" / "scripts"
REGION, ACCOUNT = "eu-central-1", "123456789012"
MACHINES = {"arm64": 0xB7, "x86_64": 0x3E}


def missing() -> str | None:
    try:
        import awscli  # noqa: F401
        import moto.server  # noqa: F401
    except ImportError as problem:
        return f"{problem.name} is not installed (scripts/python-deps.txt)"
    return None if program("unzip") else "unzip is not installed (scripts/deps.txt)"


def package(folder, name="rekeyer.zip", architecture="arm64", contents=b"") -> str:
    """A zip with a bootstrap that says what it was built for, and does nothing."""
    path = Path(folder) / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bootstrap", b"\x7fELF" + bytes(14) + bytes([MACHINES[architecture], 0]) + bytes(64) + contents)
    return str(path)


class Shellcheck(unittest.TestCase):
    @unittest.skipIf(program("shellcheck") is None, "shellcheck is not installed (scripts/deps.txt)")
    def test_it_finds_nothing(self):
        done = subprocess.run(
            [program("shellcheck"), "-x", *sorted(SCRIPTS.glob("*.sh"))], cwd=ROOT, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stdout)


class Rights(unittest.TestCase):
    """docs/deploy.md names what whoever deploys needs: what the scripts call themselves, and what CloudFormation does for them."""

    #: calls of the aws CLI that are named otherwise in IAM, or need no right
    ACTIONS = {
        "sts get-caller-identity": None, "s3api head-bucket": "s3:ListBucket", "s3api head-object": "s3:GetObject", "s3 rm": "s3:DeleteObject",
        "s3api put-public-access-block": "s3:PutBucketPublicAccessBlock", "stepfunctions list-executions": "states:ListExecutions",
        "resourcegroupstaggingapi get-resources": "tag:GetResources",
    }
    #: what the scripts only tell people to call, and what is no call
    TOLD = {
        "cloudformation activate-organizations-access", "organizations register-delegated-administrator", "s3 ls", "s3 cp", "s3 rb",
        "stepfunctions start-execution", "stepfunctions stop-execution", "sns subscribe", "kms schedule-key-deletion",
        "service-quotas request-service-quota-increase", "sso login", "configure get",
    }
    PREFIXES = {"stepfunctions": "states", "s3api": "s3"}

    def setUp(self):
        page = (ROOT / "docs" / "deploy.md").read_text()
        section = page.partition("### Rights of whoever deploys")[2].partition("\n## ")[0]
        self.assertTrue(section)
        self.rights, service = set(), ""
        for word in re.findall(r"`([A-Za-z0-9:*]+)`", section):
            if ":" in word:
                service = word.partition(":")[0]
            self.rights.add(word if ":" in word else f"{service}:{word}")

    def test_every_call_of_the_scripts_is_allowed(self):
        text = "".join(script.read_text() for script in SCRIPTS.glob("*.sh"))
        called = {" ".join(found) for found in re.findall(r"\baws ([a-z0-9]+) ([a-z]+[a-z-]*)", text)} - self.TOLD
        self.assertGreater(len(called), 20)
        for call in sorted(called):
            service, name = call.split()
            camel = "".join(part.capitalize() for part in name.split("-"))
            action = self.ACTIONS.get(call, f"{self.PREFIXES.get(service, service)}:{camel}")
            if action:
                self.assertTrue({action, action.partition(":")[0] + ":*"} & self.rights, f"{action} for aws {call}")

    def test_every_service_of_the_templates_is_named(self):
        services = {"Logs": "logs", "StepFunctions": "states"}
        for name in ("central.yaml", "stackset.yaml"):
            found = set(re.findall(r"^    Type: AWS::(\w+)::", (ROOT / "deploy/cloudformation" / name).read_text(), re.MULTILINE))
            self.assertIn("CloudFormation" if name == "stackset.yaml" else "Lambda", found)
            for service in found:
                prefix = services.get(service, service.lower())
                self.assertTrue([right for right in self.rights if right.startswith(prefix + ":")], f"nothing of {prefix}")

    def test_roles_are_passed_to_the_services_that_take_them(self):
        page = (ROOT / "docs" / "deploy.md").read_text()
        for role, service in (("account", "lambda"), ("inventory", "lambda"), ("summary", "lambda"), ("states", "states"), ("schedule", "scheduler")):
            self.assertRegex(page, rf"`{service}\.amazonaws\.com`: [^;|]*`NAME-{role}`")
        for script in ("deploy.sh", "cleanup.sh"):
            self.assertIn("brew install bash", (SCRIPTS / script).read_text())


class Usage(unittest.TestCase):
    """What is wrong with the command line is said before AWS is asked anything: there is no aws here."""

    def run_script(self, script, *words):
        with tempfile.TemporaryDirectory() as folder:
            fake = Path(folder) / "aws"
            fake.write_text("#!/bin/sh\necho 'aws was called' >&2\nexit 99\n")
            fake.chmod(0o755)
            return subprocess.run(
                ["bash", SCRIPTS / script, *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                env={"PATH": f"{folder}:{os.environ['PATH']}", "AWS_REGION": REGION}
            )

    def test_every_flag_is_checked(self):
        with tempfile.TemporaryDirectory() as folder:
            good, other = package(folder), Path(folder) / "other.zip"
            with zipfile.ZipFile(other, "w") as archive:
                archive.writestr("bootstrap", "#!/bin/sh\n")
            empty = Path(folder) / "empty.zip"
            with zipfile.ZipFile(empty, "w") as archive:
                archive.writestr("readme", "")
            cases = {
                "deploy.sh": [
                    (["--nonsense"], "--nonsense is no option"), (["--name"], "--name needs a value"), (["--name", "Upper"], "lower-case"),
                    (["--mode", "rotate"], "plan or apply"), (["--member-mode", "x"], "plan or apply"), (["--ou", "ou-1"], "ou-ab12-cdef3456"),
                    (["--architecture", "mips"], "arm64 or x86_64"), (["--parameter", "IncludeOUs"], "KEY=VALUE"),
                    (["--parameter", "DryRunFlag=False"], "--mode"), (["--code-bucket", "A"], "no bucket's name"),
                    (["--no-stackset", "--ou", "r-ab12"], "--no-stackset leaves alone"),
                    (["--no-stackset", "--except-tagged-users"], "--no-stackset leaves alone"), (["--except-path", "/"], "slash at both ends"),
                    (["--except-path", "/*/"], "slash at both ends"), (["--member-parameter", "AlsoTrusted"], "KEY=VALUE"),
                    (["--member-parameter", "Mode=apply"], "--member-mode"), (["--member-parameter", "RoleName=x"], "IAMAssumedRoleName"),
                    (["--member-parameter", "Nonsense=x"], "no such parameter"), (["--member-parameter", "ExternalId=x"], "--parameter ExternalId"),
                    (["--no-stackset", "--member-parameter", "AlsoTrusted="], "--no-stackset leaves alone"), (["--package", folder + "/none.zip"], "no such file"),
                    (["--package", str(other)], "no program for"), (["--package", str(empty)], "no zip with bootstrap"),
                    (["--package", good, "--architecture", "x86_64"], "was built for arm64"), (["--region", "here"], "is no region"),
                ],
                "cleanup.sh": [
                    (["--nonsense"], "--nonsense is no option"), (["--name", "Upper"], "lower-case"), (["--region"], "--region needs a value"),
                ],
            }
            for script, tries in cases.items():
                for words, expected in tries:
                    with self.subTest(script, words=words):
                        done = self.run_script(script, *words)
                        self.assertEqual(done.returncode, 2, done.stderr)
                        self.assertIn(expected, done.stderr)
                        self.assertIn("--help", done.stderr)
                        self.assertNotIn("aws was called", done.stderr)

    def test_help_tells_every_option(self):
        for script in ("deploy.sh", "cleanup.sh"):
            done = self.run_script(script, "--help")
            self.assertEqual(done.returncode, 0)
            text = (SCRIPTS / script).read_text()
            for option in ("--name", "--region", "--list-role-profile", "--plan"):
                self.assertIn(option, done.stdout)
                self.assertIn(option, text)
            self.assertNotIn("set -euo", done.stdout)

    def test_credentials_that_aws_does_not_know_end_it(self):
        done = self.run_script("deploy.sh")
        self.assertEqual(done.returncode, 1)
        self.assertIn("AWS_PROFILE", done.stderr)


def answered(operation, inside) -> str:
    """What CloudFormation answers, recorded."""
    return (
        f'<{operation}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><{operation}Result>{inside}</{operation}Result>'
        f"</{operation}Response>"
    )


def members(*rows) -> str:
    """A list of structures; a dict in a structure is one more."""
    def fields(row):
        return "".join(f"<{name}>{fields(value) if isinstance(value, dict) else value}</{name}>" for name, value in row.items())

    return "".join(f"<member>{fields(row)}</member>" for row in rows)


@functools.cache
def servers() -> tuple:
    """moto and the aws CLI, started once for all classes."""
    from moto_server import Aws
    from quick_aws import QuickAws

    aws, cli = Aws(), QuickAws()
    unittest.addModuleCleanup(aws.stop)
    unittest.addModuleCleanup(cli.stop)
    return aws, cli


class AwsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.aws, cls.cli = servers()

    def setUp(self):
        self.aws.reset()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.aws.answer("DescribeOrganizationsAccess", answered("DescribeOrganizationsAccess", "<Status>ENABLED</Status>"))
        self.aws.answer("Get /2016-08-19/account-settings", '{"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}}')
        self.organization = self.aws.client("organizations").create_organization(FeatureSet="ALL")["Organization"]
        self.environment = {
            "PATH": f"{self.cli.folder}:{os.environ['PATH']}", "HOME": self.folder.name, "AWS_ENDPOINT_URL": self.aws.url, "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test", "REKEYER_POLL_SECONDS": "0.1",
        }
        self.aws.calls()

    def script(self, name, *words, code=0):
        """Runs it in the region; what it called is in self.called."""
        done = subprocess.run(
            ["bash", SCRIPTS / name, "--region", REGION, *words], env=self.environment, capture_output=True, text=True, timeout=900,
            stdin=subprocess.DEVNULL
        )
        self.called = self.aws.calls()
        self.assertEqual(done.returncode, code, f"{name} {' '.join(words)}\n{done.stdout}\n{done.stderr}")
        return done

    def assertChangedNothing(self):
        self.assertEqual([call for call in self.called if call["changing"]], [])
        self.assertTrue(self.called, "AWS was asked")

    def parameters(self, stack) -> dict:
        found = self.aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
        return {item["ParameterKey"]: item["ParameterValue"] for item in found}

    def stacks(self) -> list:
        return sorted(stack["StackName"] for stack in self.aws.client("cloudformation").describe_stacks()["Stacks"])

    def buckets(self) -> list:
        return sorted(bucket["Name"] for bucket in self.aws.client("s3").list_buckets()["Buckets"])

    def say_instances(self, *rows, pages=1):
        """The StackSet's instances from now on, each (account, status, detailed status, reason)."""
        instances = [
            {"Account": account, "Region": "us-east-1", "OrganizationalUnitId": "ou-ab12-cdef3456", "Status": status,
             "StackInstanceStatus": {"DetailedStatus": detailed}, **({"StatusReason": reason} if reason else {})}
            for account, status, detailed, reason in rows
        ]
        size = -(-len(instances) // pages)
        # The last page comes first here: only the question for the first page holds no token.
        for page in reversed(range(pages)):
            more = f"<NextToken>page-{page + 1}</NextToken>" if page + 1 < pages else ""
            inside = f"<Summaries>{members(*instances[page * size:(page + 1) * size])}</Summaries>{more}"
            self.aws.answer("ListStackInstances", answered("ListStackInstances", inside), holds=f"NextToken=page-{page}" if page else "")

    def operations(self) -> list:
        return [call["operation"] for call in self.called]


class WithAws(AwsCase):
    def test_a_deployment_from_nothing_to_nothing(self):
        first = package(self.folder.name)
        planned = self.script("deploy.sh", "--package", first, "--plan", "--parameter", "IncludeOUs=ou-ab12-cdef3456,ou-ab12-ghij7890")
        self.assertChangedNothing()
        self.assertIn("create   stack rekeyer (central.yaml)", planned.stdout)
        self.assertIn("create   stack rekeyer-member-roles", planned.stdout)
        self.assertIn("nothing was changed", planned.stdout)
        self.assertEqual((self.stacks(), self.buckets()), ([], []))

        done = self.script("deploy.sh", "--package", first, "--parameter", "IncludeOUs=ou-ab12-cdef3456,ou-ab12-ghij7890")
        self.assertIn("""--input '{"mode": "plan"}'""", done.stdout)
        self.assertIn(f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:rekeyer", done.stdout)
        self.assertEqual(self.stacks(), ["rekeyer", "rekeyer-member-roles"])
        self.look_at_what_was_made(done.stdout)
        member = self.parameters("rekeyer-member-roles")
        root = self.aws.client("organizations").list_roots()["Roots"][0]["Id"]
        self.assertEqual((member["OrganizationalUnitIds"], member["Mode"], member["CallAs"]), (root, "plan", "SELF"))
        self.assertEqual((member["ToolingAccount"], member["AWSOrgID"]), (ACCOUNT, self.organization["Id"]))
        self.aws.calls()

        again = self.script("deploy.sh", "--package", first)
        self.assertChangedNothing()
        self.assertIn("nothing  stack rekeyer is as wanted", again.stdout)

        excepting = ("--except-path", "/break-glass/", "--except-path", "/a/b/", "--except-tagged-users")
        planned = self.script("deploy.sh", "--member-mode", "apply", *excepting, "--plan")
        self.assertChangedNothing()
        self.assertIn("nothing  stack rekeyer is as wanted", planned.stdout)
        self.assertIn('Mode: "plan" -> "apply"', planned.stdout)
        self.assertIn('ExceptUsers: "" -> "arn:aws:iam::*:user/break-glass/*,arn:aws:iam::*:user/a/b/*"', planned.stdout)
        self.assertIn('ExceptTaggedUsers: "False" -> "True"', planned.stdout)

        newer = package(self.folder.name, "newer.zip", "x86_64", b"newer")
        # Planned only: moto falls over the update of a stack that has resources whose condition does not hold.
        planned = self.script("deploy.sh", "--package", newer, "--mode", "apply", "--plan")
        self.assertChangedNothing()
        for line in ('DryRunFlag: "True" -> "False"', 'Architecture: "arm64" -> "x86_64"', "CodeKey: ", 'Mode: "plan" -> "apply"'):
            self.assertIn(line, planned.stdout)
        self.take_it_down()

    def look_at_what_was_made(self, printed):
        functions = {function["FunctionName"]: function for function in self.aws.client("lambda").list_functions()["Functions"]}
        self.assertEqual(set(functions), {f"rekeyer-{word}" for word in ("inventory", "account", "allot", "summarise")})
        for name, function in functions.items():
            self.assertEqual((function["Runtime"], "rekeyer-" + function["Handler"]), ("provided.al2023", name))
            self.assertEqual(function["Environment"]["Variables"]["REKEYER_MODE"], "plan")
            self.assertIn(function["Environment"]["Variables"]["REKEYER_RUNS"], printed)
        iam = self.aws.client("iam")
        roles = {role["RoleName"] for role in iam.list_roles()["Roles"]}
        self.assertLessEqual({f"rekeyer-{word}" for word in ("inventory", "account", "summary", "states", "schedule")}, roles)
        # moto keeps a policy with conditions in it as Python prints it.
        policy = str(iam.get_role_policy(RoleName="rekeyer-account", PolicyName="rekeyer")["PolicyDocument"])
        self.assertIn("role/rekeyer-member", policy)
        configuration = self.aws.client("ssm").get_parameter(Name="/rekeyer/rekeyer/config")["Parameter"]["Value"]
        self.assertIn('include_ous = ["ou-ab12-cdef3456", "ou-ab12-ghij7890"]', configuration)
        states = self.aws.client("stepfunctions")
        machine = states.list_state_machines()["stateMachines"][0]
        definition = states.describe_state_machine(stateMachineArn=machine["stateMachineArn"])["definition"]
        self.assertEqual(definition.strip(), (ROOT / "deploy" / "state-machine" / "rekeyer.asl.json").read_text().strip())
        self.assertEqual([t["TopicArn"] for t in self.aws.client("sns").list_topics()["Topics"]], [f"arn:aws:sns:{REGION}:{ACCOUNT}:rekeyer-operation"])
        self.assertIn("rekeyer-failed-starts", self.aws.client("sqs").list_queues()["QueueUrls"][0])
        groups = {group["logGroupName"]: group["retentionInDays"] for group in self.aws.client("logs").describe_log_groups()["logGroups"]}
        self.assertEqual(groups, {f"/aws/lambda/{name}": 90 for name in functions})
        code = f"rekeyer-code-{ACCOUNT}-{REGION}"
        self.assertIn(code, self.buckets())
        self.assertEqual(len(self.buckets()), 2, "and one for runs")
        s3 = self.aws.client("s3")
        self.assertIn("aws:SecureTransport", s3.get_bucket_policy(Bucket=code)["Policy"])
        self.assertTrue(all(s3.get_public_access_block(Bucket=code)["PublicAccessBlockConfiguration"].values()))
        kept = {item["Key"].rpartition("/")[2] for item in s3.list_objects_v2(Bucket=code)["Contents"]}
        self.assertLessEqual({"central.yaml", "stackset.yaml", "member-role.yaml"}, kept)

    def take_it_down(self):
        runs = [name for name in self.buckets() if "runs" in name][0]
        self.aws.client("s3").put_object(Bucket=runs, Key="runs/first/report.csv", Body=b"account,user\n")
        self.aws.calls()
        planned = self.script("cleanup.sh", "--plan")
        self.assertChangedNothing()
        self.assertIn(f"keep     bucket {runs}", planned.stdout)
        refused = self.script("cleanup.sh", code=1)
        self.assertChangedNothing()
        self.assertIn("--yes", refused.stderr)
        self.script("cleanup.sh", "--yes")
        self.assertIn(runs, self.buckets(), "the reports outlive the stack")
        self.assertEqual(self.stacks(), [])
        self.assertEqual(self.aws.client("lambda").list_functions()["Functions"], [])
        self.script("cleanup.sh", "--yes", "--delete-data")
        self.assertEqual(self.buckets(), [f"rekeyer-code-{ACCOUNT}-{REGION}"], "the code bucket stays")
        last = self.script("cleanup.sh", "--yes", "--delete-data")
        self.assertChangedNothing()
        self.assertIn("nothing to remove", last.stdout)

    def older_stack(self, **changes):
        parameters = {
            "RotationPeriod": "60", "InactivePeriod": "75", "InactiveBuffer": "15", "RecoveryGracePeriod": "20", "DryRunFlag": "False", "IAMExemptionGroup": "Exempt",
            "IAMRoleName": "asa-iam-key-rotation-lambda-assumed-role", "CredentialReplicationRegions": "us-west-1, us-west-2", "RunLambdaInVPC": "False",
            "VpcCidr": "10.0.0.0/16", "AdminEmailAddress": "keys@example.com", "EnvironmentName": "production", "StoreSecretsInCentralAccount": "False", **changes
        }
        template = {"Parameters": {name: {"Type": "String"} for name in parameters}, "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
        self.aws.client("cloudformation").create_stack(
            StackName="asa-iam-key-rotation", TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
        )
        self.aws.calls()

    def test_settings_of_the_older_stack_are_taken_or_said_to_be_left_out(self):
        self.older_stack()
        words = ("--package", package(self.folder.name), "--no-stackset", "--from-stack", "asa-iam-key-rotation", "--plan")
        planned = self.script("deploy.sh", *words)
        self.assertChangedNothing()
        for line in (
            'RotationPeriod = "60"', 'InactiveBuffer = "15"', 'RecoveryGracePeriod = "20"', 'IAMExemptionGroup = "Exempt"',
            'CredentialReplicationRegions = "us-west-1,us-west-2"', 'AdminEmailAddress = "keys@example.com"',
        ):
            self.assertIn(f"  {line}\n", planned.stdout)
        for name in ("DryRunFlag", "IAMRoleName", "EnvironmentName", "VpcCidr"):
            self.assertIn(f"left out {name}: ", planned.stdout)
            self.assertNotIn(f"  {name} = ", planned.stdout)
        self.assertNotIn("InactivePeriod = \"", planned.stdout)
        self.older_stack_contradicts(words)

    def older_stack_contradicts(self, words):
        self.aws.client("cloudformation").delete_stack(StackName="asa-iam-key-rotation")
        self.older_stack(InactiveBuffer="7")
        refused = self.script("deploy.sh", *words, code=1)
        self.assertIn("contradicts itself", refused.stderr)
        planned = self.script("deploy.sh", *words, "--parameter", "InactiveBuffer=7")
        self.assertIn('InactiveBuffer = "7"', planned.stdout)

    def test_inactive_period_is_worked_out_and_unknown_parameters_are_refused(self):
        first = package(self.folder.name)
        planned = self.script("deploy.sh", "--package", first, "--no-stackset", "--plan", "--parameter", "InactivePeriod=120")
        self.assertIn('InactiveBuffer = "30"', planned.stdout)
        refused = self.script("deploy.sh", "--package", first, "--no-stackset", "--plan", "--parameter", "InactivePeriod=80", code=2)
        self.assertIn("must be more than RotationPeriod", refused.stderr)
        refused = self.script("deploy.sh", "--package", first, "--no-stackset", "--plan", "--parameter", "RotationDays=80", code=1)
        self.assertIn("central.yaml has no parameter RotationDays", refused.stderr)
        self.assertChangedNothing()
        refused = self.script("deploy.sh", "--no-stackset", code=1)
        self.assertIn("--package", refused.stderr)

    def test_from_a_member_account_the_list_role_is_made_by_a_profile(self):
        member = self.aws.client("organizations").create_account(AccountName="tooling", Email="t@example.com")["CreateAccountStatus"]["AccountId"]
        key, secret, token = self.aws.credentials_of(member)
        file = Path(self.folder.name) / "credentials"
        file.write_text("[management]\naws_access_key_id = test\naws_secret_access_key = test\n")
        self.environment.update(AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret, AWS_SESSION_TOKEN=token, AWS_SHARED_CREDENTIALS_FILE=str(file))
        self.aws.calls()
        words = ("--package", package(self.folder.name), "--list-role-profile", "management", "--ou", "ou-ab12-cdef3456")
        planned = self.script("deploy.sh", *words, "--plan")
        self.assertChangedNothing()
        self.assertIn("create   stack rekeyer-list-accounts", planned.stdout)
        self.assertIn(f'OrgListAccount = "{ACCOUNT}"', planned.stdout)
        self.assertIn('CallAs = "DELEGATED_ADMIN"', planned.stdout)
        self.script("deploy.sh", *words)
        self.assertEqual(self.stacks(), ["rekeyer-list-accounts"], "in the management account")
        trust = json.dumps(self.aws.client("iam").get_role(RoleName="rekeyer-list-accounts")["Role"]["AssumeRolePolicyDocument"])
        self.assertIn(f"arn:aws:iam::{member}:role/rekeyer-inventory", trust)
        self.script("cleanup.sh", "--yes", "--list-role-profile", "management")
        self.assertEqual(self.stacks(), [])

    def test_a_stackset_that_a_stack_does_not_take_along_is_removed_with_its_instances(self):
        formation = self.aws.client("cloudformation")
        formation.create_stack_set(StackSetName="rekeyer-member", TemplateBody='{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}')
        self.aws.calls()
        done = self.script("cleanup.sh", "--yes")
        self.assertIn("StackSet rekeyer-member", done.stdout)
        self.assertIn("DeleteStackSet", [call["operation"] for call in self.called])


EXISTS = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. Use the DescribeEvents API for details."


class StackInReview(AwsCase):
    """A change set that creates makes the stack at once, in REVIEW_IN_PROGRESS, where it stays until a change set is executed."""

    def setUp(self):
        super().setUp()
        self.words = ("--package", package(self.folder.name), "--no-stackset")

    def leave_a_stack_in_review(self, name):
        self.aws.client("cloudformation").create_change_set(
            StackName=name, ChangeSetName="left", ChangeSetType="CREATE", TemplateBody='{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
        )
        self.assertEqual(self.status(name), "REVIEW_IN_PROGRESS")
        self.aws.calls()

    def status(self, name):
        found = [stack["StackStatus"] for stack in self.aws.client("cloudformation").describe_stacks()["Stacks"] if stack["StackName"] == name]
        return found[0] if found else None

    def refuse_the_change_set(self):
        self.aws.answer("DescribeChangeSet", answered("DescribeChangeSet", f"<Status>FAILED</Status><StatusReason>{EXISTS}</StatusReason>"))

    def test_one_that_was_left_is_deployed_as_if_it_were_not_there(self):
        self.leave_a_stack_in_review("rekeyer")
        planned = self.script("deploy.sh", *self.words, "--plan")
        self.assertChangedNothing()
        self.assertIn("create   stack rekeyer (central.yaml)", planned.stdout)
        self.script("deploy.sh", *self.words)
        self.assertEqual(self.status("rekeyer"), "CREATE_COMPLETE")

    def test_a_refused_change_set_says_which_resource_and_leaves_nothing(self):
        self.refuse_the_change_set()
        event = {
            "EventType": "VALIDATION_ERROR", "LogicalResourceId": "AccountRole", "ValidationName": "NAME_CONFLICT_VALIDATION",
            "ValidationStatusReason": "Resource of type 'AWS::IAM::Role' with identifier 'rekeyer-account' already exists.",
        }
        self.aws.answer("DescribeEvents", answered("DescribeEvents", f"<OperationEvents>{members(event)}</OperationEvents>"))
        refused = self.script("deploy.sh", *self.words, code=1)
        for words in ("ResourceExistenceCheck", "AccountRole", "'rekeyer-account' already exists", "Nothing was changed"):
            self.assertIn(words, refused.stderr)
        told, removed = (self.operations().index(name) for name in ("DescribeEvents", "DeleteChangeSet"))
        self.assertLess(told, removed, "what is deleted can't be asked any more")
        self.assertIsNone(self.status("rekeyer"))

    def test_without_an_answer_of_describe_events_the_reason_is_told_all_the_same(self):
        self.refuse_the_change_set()
        self.aws.answer("DescribeEvents", "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>", status=403)
        refused = self.script("deploy.sh", *self.words, code=1)
        self.assertIn("ResourceExistenceCheck", refused.stderr)
        self.assertIsNone(self.status("rekeyer"))

    def test_an_update_that_is_refused_leaves_the_stack(self):
        self.script("deploy.sh", *self.words)
        self.refuse_the_change_set()
        refused = self.script("deploy.sh", *self.words, "--mode", "apply", code=1)
        self.assertIn("ResourceExistenceCheck", refused.stderr)
        self.assertIn("DeleteChangeSet", self.operations())
        self.assertEqual(self.status("rekeyer"), "CREATE_COMPLETE")

    def test_ctrl_c_before_the_change_leaves_nothing(self):
        self.aws.answer("DescribeChangeSet", answered("DescribeChangeSet", "<Status>CREATE_IN_PROGRESS</Status>"))
        running = subprocess.Popen(
            ["bash", SCRIPTS / "deploy.sh", "--region", REGION, *self.words], env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
        )
        self.addCleanup(running.stderr.close)
        called = []
        while "DescribeChangeSet" not in called:
            self.assertIsNone(running.poll())
            called += [call["operation"] for call in self.aws.calls()]
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        self.assertEqual(running.wait(60), 130)
        self.assertIn("interrupted", running.stderr.read())
        self.assertIsNone(self.status("rekeyer"))
        self.assertIn("DeleteChangeSet", [call["operation"] for call in self.aws.calls()])

    def test_cleanup_removes_one(self):
        self.leave_a_stack_in_review("rekeyer")
        self.leave_a_stack_in_review("rekeyer-member-roles")
        planned = self.script("cleanup.sh", "--plan")
        self.assertIn("remove   stack rekeyer, of which nothing was ever made", planned.stdout)
        self.script("cleanup.sh", "--yes")
        self.assertEqual(self.stacks(), [])


class Waiting(AwsCase):
    """What takes hours is waited for by asking for its status, as long as AWS can be asked."""

    def setUp(self):
        super().setUp()
        self.words = ("--package", package(self.folder.name), "--no-stackset")

    def say_status(self, status, times=None, code=200):
        stack = {"StackName": "rekeyer", "StackStatus": status, "CreationTime": "2026-01-01T00:00:00Z"}
        body = answered("DescribeStacks", f"<Stacks>{members(stack)}</Stacks>")
        if code != 200:
            body = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token has expired</Message></Error></ErrorResponse>"
        self.aws.answer("DescribeStacks", body, holds="StackName=rekeyer", times=times, status=code)

    def nothing_there(self):
        missing_stack = "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id rekeyer does not exist</Message></Error></ErrorResponse>"
        self.aws.answer("DescribeStacks", missing_stack, holds="StackName=rekeyer", times=2, status=400)

    def test_a_stack_under_way_is_asked_after_until_it_has_ended(self):
        self.nothing_there()
        self.say_status("CREATE_IN_PROGRESS", times=6)
        self.script("deploy.sh", *self.words)
        self.assertGreaterEqual(self.operations().count("DescribeStacks"), 9)

    def test_a_question_that_fails_once_ends_nothing(self):
        self.nothing_there()
        self.say_status("CREATE_IN_PROGRESS", times=2)
        self.say_status("", times=2, code=403)
        self.script("deploy.sh", *self.words)

    def test_credentials_that_run_out_end_it_with_what_to_do(self):
        self.nothing_there()
        self.say_status("CREATE_IN_PROGRESS", times=2)
        self.say_status("", code=403)
        ended = self.script("deploy.sh", *self.words, code=1)
        self.assertIn("The token has expired", ended.stderr)
        self.assertIn("run this again", ended.stderr)

    def test_it_gives_up_in_the_end(self):
        self.environment["REKEYER_WAIT_SECONDS"] = "2"
        self.nothing_there()
        self.say_status("CREATE_IN_PROGRESS")
        ended = self.script("deploy.sh", *self.words, code=1)
        self.assertIn("the stack rekeyer is still CREATE_IN_PROGRESS", ended.stderr)

    def test_a_stack_that_fails_says_what_it_is(self):
        self.nothing_there()
        self.say_status("ROLLBACK_IN_PROGRESS", times=2)
        self.say_status("ROLLBACK_COMPLETE")
        ended = self.script("deploy.sh", *self.words, code=1)
        self.assertIn("the stack rekeyer is ROLLBACK_COMPLETE", ended.stderr)


class MemberRoles(AwsCase):
    def setUp(self):
        super().setUp()
        self.words = ("--package", package(self.folder.name))

    def test_a_second_deployment_has_a_member_role_of_its_own(self):
        planned = self.script("deploy.sh", *self.words, "--name", "pilot", "--plan")
        self.assertIn('  IAMAssumedRoleName = "pilot-member"\n', planned.stdout)
        self.assertIn('  RoleName = "pilot-member"\n', planned.stdout)
        self.script("deploy.sh", *self.words, "--name", "pilot")
        self.assertEqual(self.parameters("pilot")["IAMAssumedRoleName"], "pilot-member")
        self.assertEqual(self.parameters("pilot-member-roles")["RoleName"], "pilot-member")
        self.script("deploy.sh", "--name", "pilot", "--plan")
        self.assertChangedNothing()

    def test_what_was_said_or_is_deployed_keeps_its_member_role(self):
        words = (*self.words, "--name", "pilot")
        planned = self.script("deploy.sh", *words, "--plan", "--parameter", "IAMAssumedRoleName=rekeyer-member")
        self.assertIn('  RoleName = "rekeyer-member"\n', planned.stdout)
        self.script("deploy.sh", *words, "--parameter", "IAMAssumedRoleName=rekeyer-member")
        planned = self.script("deploy.sh", *words, "--plan")
        self.assertIn("nothing  stack pilot is as wanted", planned.stdout)
        self.assertIn("nothing  stack pilot-member-roles is as wanted", planned.stdout)
        self.aws.client("cloudformation").delete_stack(StackName="pilot")
        planned = self.script("deploy.sh", *words, "--plan")
        self.assertNotIn("pilot-member\"", planned.stdout, "the StackSet is still there, and keeps its role")

    def test_accounts_that_did_not_get_the_role_are_counted_and_the_first_is_explained(self):
        exists = "ResourceLogicalId:Role, ResourceType:AWS::IAM::Role, ResourceStatusReason:rekeyer-member already exists."
        self.say_instances(
            *[(f"{number:012}", "CURRENT", "SUCCEEDED", "") for number in range(1, 100)], ("222222222222", "OUTDATED", "FAILED", exists),
            ("333333333333", "OUTDATED", "PENDING", ""), ("444444444444", "OUTDATED", "SKIPPED_SUSPENDED_ACCOUNT", "suspended"),
            ("555555555555", "INOPERABLE", "INOPERABLE", "another"), pages=2
        )
        done = self.script("deploy.sh", *self.words, code=1)
        self.assertIn("accounts with the member role: 99 of 103\n", done.stdout)
        self.assertIn("1 more are under way", done.stdout)
        self.assertIn("1 are suspended", done.stdout)
        self.assertIn(f"or with an older one: 2; the first is 222222222222: {exists}\n", done.stderr)
        self.assertNotIn("another", done.stderr)
        self.assertIn("Next:", done.stdout, "the rest of the deployment is there")

    def test_accounts_that_all_have_the_role_end_well(self):
        self.say_instances(("222222222222", "CURRENT", "SUCCEEDED", ""), ("444444444444", "OUTDATED", "SKIPPED_SUSPENDED_ACCOUNT", "suspended"))
        done = self.script("deploy.sh", *self.words)
        self.assertIn("accounts with the member role: 1 of 2\n", done.stdout)
        self.assertNotIn("warning", done.stderr)

    def test_more_roles_may_be_trusted(self):
        role = f"arn:aws:iam::{ACCOUNT}:role/oncall"
        self.script("deploy.sh", *self.words, "--member-parameter", f"AlsoTrusted={role}")
        self.assertEqual(self.parameters("rekeyer-member-roles")["AlsoTrusted"], role)
        self.assertIn("nothing  stack rekeyer-member-roles", self.script("deploy.sh", "--plan").stdout)
        self.assertIn(f'AlsoTrusted: "{role}" -> ""', self.script("deploy.sh", "--plan", "--member-parameter", "AlsoTrusted=").stdout)

    def test_an_ou_is_not_let_go_without_a_word(self):
        first, second, root = "ou-ab12-cdef3456", "ou-ab12-ghij7890", "r-ab12"
        self.script("deploy.sh", *self.words, "--ou", first)
        lost = f"takes the member role away from the accounts below {first}, other than those below {second}"
        planned = self.script("deploy.sh", "--ou", second, "--plan")
        self.assertIn(lost, planned.stderr)
        self.assertIn(f"--ou {first} --ou {second}", planned.stderr)
        refused = self.script("deploy.sh", "--ou", second, "--mode", "apply", code=1)
        self.assertChangedNothing()
        self.assertIn(lost, refused.stderr)
        self.assertIn("--yes", refused.stderr)
        for words in (["--ou", first, "--ou", second], ["--ou", root], []):
            self.assertNotIn("away", self.script("deploy.sh", *words, "--plan").stderr)
        agreed = self.script("deploy.sh", "--ou", second, "--yes")
        self.assertIn(lost, agreed.stderr)
        self.assertEqual(self.parameters("rekeyer-member-roles")["OrganizationalUnitIds"], second)

    def test_the_management_account_needs_trusted_access(self):
        self.aws.forget_answers()
        self.aws.answer("DescribeOrganizationsAccess", answered("DescribeOrganizationsAccess", "<Status>DISABLED</Status>"))
        refused = self.script("deploy.sh", *self.words, code=1)
        self.assertChangedNothing()
        self.assertIn("activate-organizations-access", refused.stderr)
        self.assertNotIn("register-delegated", refused.stderr, "the management account needs no delegation")


class Concurrency(AwsCase):
    def planned(self, most, unreserved, *words) -> str:
        self.aws.forget_answers()
        self.aws.answer(
            "Get /2016-08-19/account-settings",
            json.dumps({"AccountLimit": {"ConcurrentExecutions": most, "UnreservedConcurrentExecutions": unreserved}, "AccountUsage": {}})
        )
        return self.script("deploy.sh", "--package", package(self.folder.name), "--no-stackset", "--plan", *words).stderr

    def test_an_account_that_runs_too_few_functions_is_told_before(self):
        told = self.planned(10, 10)
        self.assertIn("warning: Lambda runs 10 functions at a time here, and MaxConcurrency is 40", told)
        self.assertIn("L-B99A9384", told)
        self.assertIn("--parameter MaxConcurrency=10", told)
        self.assertIn("runs 30 functions", self.planned(1000, 30), "the rest is reserved for others")
        self.assertNotIn("warning", self.planned(10, 10, "--parameter", "MaxConcurrency=10"))
        self.assertNotIn("warning", self.planned(1000, 1000))
        self.assertNotIn("warning", self.planned(1000, 30, "--parameter", "ReservedConcurrency=60"))

    def test_who_may_not_ask_is_told_and_goes_on(self):
        self.aws.forget_answers()
        self.aws.answer("Get /2016-08-19/account-settings", '{"Message": "not authorized"}', status=403)
        done = self.script("deploy.sh", "--package", package(self.folder.name), "--no-stackset", "--plan")
        self.assertIn("could not be asked", done.stderr)
        self.assertIn("not authorized", done.stderr)


class Cleanup(AwsCase):
    def say_stack_set(self, accounts, pages=1):
        self.aws.answer("DescribeStackSet", answered("DescribeStackSet", "<StackSet><Status>ACTIVE</Status></StackSet>"))
        self.say_instances(*[(f"{number:012}", "CURRENT", "SUCCEEDED", "") for number in range(accounts)], pages=pages)

    def test_more_accounts_than_a_page_holds_are_counted_once(self):
        self.say_stack_set(accounts=300, pages=3)
        planned = self.script("cleanup.sh", "--plan")
        self.assertIn("remove   member roles of 300 accounts (StackSet rekeyer-member)\n", planned.stdout)

    def test_what_stands_on_one_of_several_pages_is_read_once(self):
        self.deploy_stub("rekeyer", StoreSecretsInCentralAccount="True")
        key = {"LogicalResourceId": "SecretsKey", "PhysicalResourceId": "11111111-2222-3333-4444-555555555555"}
        empty = "<StackResourceSummaries/>"
        self.aws.answer("ListStackResources", answered("ListStackResources", empty), holds="NextToken=second")
        first = f"<StackResourceSummaries>{members(key)}</StackResourceSummaries><NextToken>second</NextToken>"
        self.aws.answer("ListStackResources", answered("ListStackResources", first))
        execution = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:rekeyer:daily"
        running = {"executions": [{"executionArn": execution, "stateMachineArn": "m", "name": "daily", "status": "RUNNING", "startDate": 1}]}
        self.aws.answer("ListExecutions", json.dumps(running), holds="nextToken")
        self.aws.answer("ListExecutions", json.dumps({"executions": [], "nextToken": "second"}))
        refused = self.script("cleanup.sh", "--yes", code=1)
        self.assertIn(f"error: a run is under way: {execution}\n", refused.stderr)
        planned = self.script("cleanup.sh", "--plan")
        self.assertIn(f"keep     KMS key {key['PhysicalResourceId']} of the users' secrets\n", planned.stdout)

    def test_roles_are_removed_where_the_stack_set_put_them(self):
        self.say_stack_set(accounts=2)
        self.aws.answer("DeleteStackInstances", answered("DeleteStackInstances", "<OperationId>one</OperationId>"))
        for status in ("QUEUED", "RUNNING"):
            inside = f"<StackSetOperation><Status>{status}</Status></StackSetOperation>"
            self.aws.answer("DescribeStackSetOperation", answered("DescribeStackSetOperation", inside), times=2)
        inside = "<StackSetOperation><Status>SUCCEEDED</Status></StackSetOperation>"
        self.aws.answer("DescribeStackSetOperation", answered("DescribeStackSetOperation", inside))
        self.aws.answer("DeleteStackSet", answered("DeleteStackSet", ""))
        self.script("cleanup.sh", "--yes")
        removal = next(call for call in self.called if call["operation"] == "DeleteStackInstances")
        self.assertIn("Regions.member.1=us-east-1", removal["body"], "and not where this script runs")

    def test_buckets_that_are_gone_but_still_listed_are_passed_over(self):
        self.aws.client("s3").create_bucket(Bucket="runs-there", CreateBucketConfiguration={"LocationConstraint": REGION})
        listed = [
            {"ResourceARN": f"arn:aws:s3:::runs-{word}", "Tags": [{"Key": "rekeyer:deployment", "Value": "rekeyer"}]} for word in ("gone", "there")
        ]
        self.aws.answer("GetResources", json.dumps({"ResourceTagMappingList": listed}))
        done = self.script("cleanup.sh", "--yes", "--delete-data")
        self.assertIn("removing the bucket runs-there", done.stdout)
        self.assertNotIn("runs-gone", done.stdout)
        self.assertEqual(self.buckets(), [])
        again = self.script("cleanup.sh", "--yes", "--delete-data")
        self.assertChangedNothing()
        self.assertIn("nothing to remove", again.stdout)

    def deploy_stub(self, name, **parameters):
        """A central stack that has a key and these parameters, and nothing else."""
        template = {
            "Parameters": {key: {"Type": "String"} for key in parameters}, "Resources": {"SecretsKey": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}}}
        }
        if parameters.get("SecretsKmsKeyArn"):
            template["Resources"] = {"Topic": {"Type": "AWS::SNS::Topic"}}
        self.aws.client("cloudformation").create_stack(
            StackName=name, TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        )

    def test_what_stays_is_told_with_the_way_to_deploy_again(self):
        self.deploy_stub("rekeyer", StoreSecretsInCentralAccount="True")
        key = self.aws.client("kms").list_keys()["Keys"][0]["KeyArn"]
        done = self.script("cleanup.sh", "--yes")
        again = f"--name rekeyer --region {REGION} --parameter StoreSecretsInCentralAccount=True --parameter SecretsKmsKeyArn={key}\n"
        self.assertIn(f"kept: the KMS key of the users' secrets, {key}\n", done.stdout)
        self.assertIn(again, done.stdout)
        self.assertIn("aws kms schedule-key-deletion", done.stdout)
        self.assertNotIn("code bucket", done.stdout, "there is none")

        own = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
        self.deploy_stub("rekeyer", StoreSecretsInCentralAccount="False", SecretsKmsKeyArn=own)
        done = self.script("cleanup.sh", "--yes")
        self.assertIn(f"--region {REGION} --parameter SecretsKmsKeyArn={own}\n", done.stdout)
        self.assertNotIn("schedule-key-deletion", done.stdout, "a key of somebody's own")


class CodeBucket(AwsCase):
    def test_it_is_tagged_asked_for_by_its_owner_and_never_taken_for_data(self):
        code = "packages-and-templates"
        self.script("deploy.sh", "--package", package(self.folder.name), "--no-stackset", "--code-bucket", code)
        tags = {tag["Key"]: tag["Value"] for tag in self.aws.client("s3").get_bucket_tagging(Bucket=code)["TagSet"]}
        self.assertEqual(tags, {"rekeyer:deployment": "rekeyer", "rekeyer:content": "code"})
        to_bucket = [call for call in self.called if call["service"] == "s3" and call["changing"]]
        self.assertEqual({call["owner"] for call in to_bucket if call["operation"] != f"Put /{code}" or call["query"]}, {ACCOUNT})
        done = self.script("cleanup.sh", "--yes", "--delete-data")
        self.assertEqual(self.buckets(), [code])
        self.assertIn(f"kept: the code bucket {code}", done.stdout)
        self.assertIn(f"aws s3 rb s3://{code} --region {REGION} --force\n", done.stdout)
        self.script("cleanup.sh", "--yes", "--delete-data")
        self.assertEqual(self.buckets(), [code], "nothing but its tag tells what it is any more")


if __name__ == "__main__":
    sys.exit(run_suite(__name__))
