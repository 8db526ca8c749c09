"""Both examples, deployed by the real provider to an AWS on this machine: what stands there then, what a second plan and an upgrade change, what is left."""

import json
import unittest

from examples import CENTRAL, Life
from policies import by_sid, differences, documented, listed
from terraform import TREE

FUNCTIONS = ("inventory", "account", "allot", "summarise")
BUCKET = f"rekeyer-runs-{CENTRAL}-us-east-1"
STATES = f"arn:aws:states:us-east-1:{CENTRAL}"
ALARMS = {
    "rekeyer-no-run": "No run", "rekeyer-run-failed": "A run failed", "rekeyer-accounts-failed": "Accounts failed", "rekeyer-keys-failed": "Keys failed",
    "rekeyer-accounts-denied": "Accounts denied", "rekeyer-mails-refused": "Mails refused", "rekeyer-failed-starts": "Runs that could not be started",
}
#: what the documents say nothing of: these belong to running on Lambda at all
LOGS = f"arn:aws:logs:us-east-1:{CENTRAL}:log-group:/aws/lambda/rekeyer-"
CONFIGURATION = {"Action": "ssm:GetParameter", "Resource": f"arn:aws:ssm:us-east-1:{CENTRAL}:parameter/rekeyer/rekeyer/config"}
KEEPS_RUNS = {
    "KeepRuns": {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{BUCKET}/runs/*"},
    "TellMissingObjects": {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"},
}
WRITES_RUNS = {"WriteRuns": {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/runs/*"}}


def runs_on_lambda(*functions: str) -> dict:
    logs = {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": [f"{LOGS}{function}:*" for function in functions]}
    folder = WRITES_RUNS if functions == ("inventory",) else KEEPS_RUNS
    return folder | {"WriteLogs": logs, "ReadConfiguration": CONFIGURATION}


def query_of(alarm: dict, name: str) -> dict:
    [query] = [query for query in alarm["Metrics"] if query["Id"] == name]
    return query


class Deployment:
    """What holds of every deployment of the central module, whatever is beside it."""

    example = ""
    organization = False
    lists_accounts = {}  # statements of the inventory's role
    places_accounts = {}  # of the account function's
    sends = {}           # statements of the account's role
    digests = {}         # statements of the summary's role
    configuration = ""
    on_behalf_of = {     # for what the engines may assume their roles
        "rekeyer-states": {
            "StringEquals": {"aws:SourceAccount": CENTRAL}, "ArnLike": {"aws:SourceArn": [f"{STATES}:stateMachine:rekeyer", f"{STATES}:stateMachine:rekeyer/*"]},
        },
        "rekeyer-schedule": {
            "StringEquals": {"aws:SourceAccount": CENTRAL, "aws:SourceArn": f"arn:aws:scheduler:us-east-1:{CENTRAL}:schedule-group/default"},
        },
    }
    let_go = ()          # what Terraform must forget before all can be destroyed
    stays = {}           # what is left then

    @classmethod
    def setUpClass(cls):
        cls.life = Life(cls.example, cls.organization, cls.let_go)

    @classmethod
    def tearDownClass(cls):
        cls.life.close()

    def held(self, kind: str) -> dict:
        return self.life.deployed[kind]

    def test_functions(self):
        found = self.held("functions")
        self.assertEqual(sorted(found), sorted(f"rekeyer-{function}" for function in FUNCTIONS))
        for function in FUNCTIONS:
            made = found[f"rekeyer-{function}"]
            role = "summary" if function in ("allot", "summarise") else function
            self.assertEqual((made["Handler"], made["Runtime"], made["Architectures"], made["Timeout"]), (function, "provided.al2023", ["arm64"], 900))
            self.assertEqual(made["Role"], f"arn:aws:iam::{CENTRAL}:role/rekeyer-{role}")
            self.assertEqual(made["Environment"]["Variables"], {
                "REKEYER_CONFIG": "ssm:/rekeyer/rekeyer/config", "REKEYER_RUNS": f"s3://{BUCKET}/runs", "REKEYER_MODE": "plan",
                "REKEYER_DEPLOYMENT": "rekeyer", "REKEYER_LOG_LEVEL": "info",
            })

    def test_logs_are_kept_for_a_while_only(self):
        kept = {name: group.get("retentionInDays") for name, group in self.held("log groups").items()}
        self.assertEqual(kept, {f"/aws/lambda/rekeyer-{function}": 90 for function in FUNCTIONS})

    def test_roles_hold_what_the_document_says(self):
        wanted = {
            "rekeyer-inventory": self.lists_accounts | runs_on_lambda("inventory"),
            "rekeyer-account": {"EnterMemberAccounts": documented("Caller: entering")["EnterMemberAccounts"]} | self.places_accounts | self.sends | runs_on_lambda("account"),
            "rekeyer-summary": self.digests | runs_on_lambda("allot", "summarise"),
        }
        for role, statements in wanted.items():
            held = self.held("roles")[role]
            self.assertEqual(list(held["policies"]), ["rekeyer"])
            self.assertEqual(held["attached"], [])
            self.assertEqual(differences(by_sid(held["policies"]["rekeyer"]), statements), [], role)
            self.assertEqual([statement["Principal"] for statement in held["trust"]["Statement"]], [{"Service": "lambda.amazonaws.com"}], role)

    def test_engines_roles(self):
        machine, children = f"{STATES}:stateMachine:rekeyer", [f"{STATES}:execution:rekeyer:*", f"{STATES}:execution:rekeyer/*"]
        wanted = {
            "rekeyer-states": {
                "InvokeFunctions": {
                    "Action": "lambda:InvokeFunction", "Resource": [f"arn:aws:lambda:us-east-1:{CENTRAL}:function:rekeyer-{function}" for function in FUNCTIONS],
                },
                "RunChildren": {"Action": "states:StartExecution", "Resource": machine},
                "FollowChildren": {"Action": ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"], "Resource": children},
                "KeepRuns": {
                    "Action": ["s3:GetObject", "s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
                    "Resource": f"arn:aws:s3:::{BUCKET}/runs/*",
                },
            },
            "rekeyer-schedule": {
                "StartRuns": {"Action": "states:StartExecution", "Resource": machine},
                "KeepFailedStarts": {"Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:us-east-1:{CENTRAL}:rekeyer-failed-starts"},
            },
        }
        for role, statements in wanted.items():
            held = self.held("roles")[role]
            self.assertEqual(differences(by_sid(held["policies"]["rekeyer"]), statements), [], role)
            self.assertEqual(held["trust"]["Statement"][0]["Condition"], self.on_behalf_of[role], role)

    def test_state_machine_is_the_projects_own(self):
        machine = self.held("state machines")["rekeyer"]
        made, source = json.loads(machine["definition"]), (TREE.parent / "state-machine" / "rekeyer.asl.json").read_text("utf-8")
        values = {
            "Partition": "aws", "RunsBucket": BUCKET, "RunsPrefix": "runs", "MaxConcurrency": "40", "ToleratedFailurePercentage": "100",
            **{f"{function.capitalize()}FunctionArn": f"arn:aws:lambda:us-east-1:{CENTRAL}:function:rekeyer-{function}" for function in FUNCTIONS},
        }
        for name, value in values.items():
            source = source.replace(f"${{{name}}}", value)
        self.assertEqual(made, json.loads(source))
        self.assertEqual((machine["type"], machine["roleArn"]), ("STANDARD", f"arn:aws:iam::{CENTRAL}:role/rekeyer-states"))

    def test_schedule_begins_an_audit(self):
        schedule = self.held("schedules")["rekeyer"]
        target = schedule["Target"]
        self.assertEqual(schedule["GroupName"], "default", "what its role trusts")
        self.assertEqual((schedule["State"], schedule["FlexibleTimeWindow"]["Mode"]), ("ENABLED", "OFF"))
        self.assertEqual((schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]), self.when)
        self.assertEqual((target["Arn"], json.loads(target["Input"])), (f"{STATES}:stateMachine:rekeyer", {"mode": "plan"}))
        self.assertEqual(target["RoleArn"], f"arn:aws:iam::{CENTRAL}:role/rekeyer-schedule")
        self.assertEqual(target["DeadLetterConfig"]["Arn"], f"arn:aws:sqs:us-east-1:{CENTRAL}:rekeyer-failed-starts")

    def test_configuration_is_the_file(self):
        self.assertEqual(list(self.held("parameters")), ["/rekeyer/rekeyer/config"])
        parameter = self.held("parameters")["/rekeyer/rekeyer/config"]
        text = (TREE / "examples" / self.example / "rekeyer.toml").read_text("utf-8").replace("${account}", CENTRAL)
        self.assertEqual((parameter["Value"], parameter["Type"], parameter["Tier"]), (text, "String", "Standard"))

    def test_bucket_is_closed(self):
        self.assertEqual(list(self.held("buckets")), [BUCKET])
        bucket = self.held("buckets")[BUCKET]
        self.assertEqual(bucket["encryption"][0]["ApplyServerSideEncryptionByDefault"], {"SSEAlgorithm": "AES256"})
        self.assertEqual(set(bucket["block"].values()), {True})
        self.assertEqual(bucket["ownership"], [{"ObjectOwnership": "BucketOwnerEnforced"}])
        [rule] = bucket["lifecycle"]
        self.assertEqual((rule["Status"], rule["Filter"], rule["Expiration"]), ("Enabled", {"Prefix": "runs/"}, {"Days": 400}))
        [statement] = bucket["policy"]["Statement"]
        self.assertEqual((statement["Effect"], statement["Principal"], statement["Action"]), ("Deny", "*", "s3:*"))
        self.assertEqual(statement["Resource"], [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"])
        self.assertEqual(statement["Condition"], {"Bool": {"aws:SecureTransport": "false"}})

    def test_alarms_tell_somebody_what_to_do(self):
        alarms, topic = self.held("alarms"), f"arn:aws:sns:us-east-1:{CENTRAL}:rekeyer-operation"
        self.assertEqual(sorted(alarms), sorted(ALARMS))
        for name, chapter in ALARMS.items():
            self.assertEqual((alarms[name]["AlarmActions"], alarms[name]["OKActions"]), ([topic], [topic]), name)
            self.assertIn(f'docs/operations.md, "{chapter}".', alarms[name]["AlarmDescription"], name)
        no_run = alarms["rekeyer-no-run"]
        reported, runs = (query_of(no_run, name) for name in ("reported", "runs"))
        self.assertEqual((reported["Expression"], reported["ReturnData"], runs["ReturnData"]), ("FILL(runs, 0)", True, False))
        self.assertEqual(runs["MetricStat"], {
            "Metric": {"Namespace": "rekeyer", "MetricName": "Accounts", "Dimensions": [{"Name": "Deployment", "Value": "rekeyer"}]}, "Period": 3600, "Stat": "SampleCount",
        })
        self.assertEqual((no_run["Threshold"], no_run["ComparisonOperator"]), (1.0, "LessThanThreshold"))
        self.assertEqual((no_run["TreatMissingData"], no_run["EvaluationPeriods"]), ("breaching", 26))
        self.assertNotIn("DatapointsToAlarm", no_run, "all of these hours must have been without a report")
        for name, metric in (("accounts-denied", "AccountsDenied"), ("accounts-failed", "AccountsFailed"), ("keys-failed", "KeysFailed"), ("mails-refused", "MailsRefused")):
            alarm = alarms[f"rekeyer-{name}"]
            self.assertEqual((alarm["MetricName"], alarm["Threshold"], alarm["ComparisonOperator"]), (metric, 0.0, "GreaterThanThreshold"))
            self.assertEqual(alarm["TreatMissingData"], "ignore", "an alarm must stay until a run says that all is well again")
        run_failed = alarms["rekeyer-run-failed"]
        self.assertEqual((run_failed["DatapointsToAlarm"], run_failed["EvaluationPeriods"]), (1, 3), "its numbers may come late")
        ends = {query["MetricStat"]["Metric"]["MetricName"] for query in run_failed["Metrics"] if "MetricStat" in query}
        self.assertEqual(ends, {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"})
        self.assertEqual(alarms["rekeyer-failed-starts"]["Dimensions"], [{"Name": "QueueName", "Value": "rekeyer-failed-starts"}])

    def test_topic_and_queue(self):
        [topic] = self.held("topics").values()
        allowed, denied = json.loads(topic["Policy"])["Statement"]
        self.assertEqual((allowed["Principal"], allowed["Condition"]), ({"Service": "cloudwatch.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": CENTRAL}}))
        self.assertEqual(denied["Effect"], "Deny")
        queue = self.held("queues")["rekeyer-failed-starts"]
        self.assertEqual((queue["SqsManagedSseEnabled"], queue["MessageRetentionPeriod"]), ("true", "1209600"))
        self.assertEqual(json.loads(queue["Policy"])["Statement"][0]["Effect"], "Deny")

    def test_second_plan_changes_nothing(self):
        self.assertEqual(self.life.again, {})

    def test_upgrade_changes_the_mode_and_nothing_else(self):
        upgrade = dict(self.life.upgrade)
        for function in FUNCTIONS:
            changed = upgrade.pop(f'module.central.aws_lambda_function.this["{function}"]')
            self.assertEqual(list(changed), ["environment"])
            before, after = (environment[0]["variables"] for environment in changed["environment"])
            self.assertEqual(before | {"REKEYER_MODE": "apply"}, after)
        changed = upgrade.pop("module.central.aws_scheduler_schedule.this")
        self.assertEqual(list(changed), ["target"])
        before, after = (target[0] for target in changed["target"])
        self.assertEqual(json.loads(after.pop("input")), {"mode": "apply"})
        self.assertEqual(json.loads(before.pop("input")), {"mode": "plan"})
        self.assertEqual(before, after)
        self.upgraded_member(upgrade)
        self.assertEqual(upgrade, {})

    def test_nothing_is_left_but_what_stays(self):
        self.assertEqual({kind: list(left) for kind, left in self.life.left.items() if left}, self.stays)

    def test_who_tries_it_in_a_checkout_finds_no_new_files_there(self):
        here = f"examples/{self.example}/"
        self.assertLessEqual({here + ".terraform.lock.hcl", here + "terraform.tfstate"}, set(self.life.files_left), "what is to be ignored")
        self.assertEqual(self.life.untracked, [], "to be put into .gitignore")


class SingleAccount(Deployment, unittest.TestCase):
    example = "single-account"
    when = ("cron(0 6 * * ? *)", "UTC")
    let_go = ("module.member.aws_iam_group.exempt[0]",)
    stays = {"groups": ["IAMKeyRotationExemptionGroup"]}

    def test_member_role_reads_only(self):
        role = self.held("roles")["rekeyer-member"]
        self.assertEqual(role["tags"], {"rekeyer:role-version": "2-plan"})
        held = by_sid(role["policies"]["rekeyer"])
        self.assertEqual(listed(held["CheckItself"]["Resource"]), ["arn:aws:iam::*:role/rekeyer-member"])
        actions = [action for statement in held.values() for action in listed(statement["Action"])]
        self.assertIn("iam:GetAccountAuthorizationDetails", actions)
        for action in actions:
            self.assertRegex(action, r":(Get|List|Describe|Simulate|GenerateCredentialReport)")
        [trust] = role["trust"]["Statement"]
        self.assertEqual((trust["Principal"], trust["Action"]), ({"AWS": f"arn:aws:iam::{CENTRAL}:root"}, "sts:AssumeRole"))
        self.assertEqual(trust["Condition"], {"ArnLike": {"aws:PrincipalArn": [f"arn:aws:iam::{CENTRAL}:role/rekeyer-account"]}})

    def test_exemption_group(self):
        self.assertEqual(list(self.held("groups")), ["IAMKeyRotationExemptionGroup"])
        self.assertEqual(self.life.kept, list(self.let_go), "nothing is destroyed before Terraform was told to forget it")

    def test_destroying_ends_with_an_error_at_a_bucket_with_reports_when_the_rest_is_gone(self):
        self.assertIn("BucketNotEmpty", self.life.report_in_the_way)
        self.assertEqual(self.life.left_with_a_report, ["module.central.aws_s3_bucket.runs"])

    def upgraded_member(self, upgrade):
        role = upgrade.pop("module.member.aws_iam_role.member")
        self.assertEqual(set(role), {"description", "tags", "tags_all"})
        self.assertEqual(role["tags"][1], {"rekeyer:role-version": "2-apply"})
        policy = upgrade.pop("module.member.aws_iam_role_policy.member")
        self.assertEqual(list(policy), ["policy"])
        self.assertIn("RotateKeys", by_sid(json.loads(policy["policy"][1])))


class Organization(Deployment, unittest.TestCase):
    example = "organization"
    organization = True
    when = ("cron(30 5 * * ? *)", "Europe/Berlin")
    lists_accounts = {"ReadOrganization": documented("Caller: entering")["ReadOrganization"]}
    # Of the document's example no OU is named, so it needs no ListParents; the module does not know what the configuration names.
    places_accounts = {
        "PlaceAccounts": {
            "Sid": "PlaceAccounts", "Effect": "Allow", "Action": ["organizations:DescribeOrganization", "organizations:ListParents"], "Resource": "*",
        }
    }
    sends = {sid: documented("Messages", tooling_account=CENTRAL)[sid] for sid in ("SendMails", "ReadAlternateContacts", "ReadAccountTags")}
    digests = {"SendMails": sends["SendMails"]}

    def test_stack_set_reaches_accounts_to_come(self):
        made = self.held("stack sets")["rekeyer-member"]
        self.assertEqual((made["PermissionModel"], made["AutoDeployment"]["Enabled"], made["Capabilities"]), ("SERVICE_MANAGED", True, ["CAPABILITY_NAMED_IAM"]))
        self.assertEqual(made["ManagedExecution"], {"Active": True}, "an update and a new account's deployment may meet")
        self.assertEqual(made["TemplateBody"].strip(), (TREE.parent / "cloudformation" / "member-role.yaml").read_text("utf-8").strip())

    def test_member_role_stands_in_the_accounts(self):
        role = self.life.member_roles["rekeyer-member"]
        self.assertEqual(role["tags"]["rekeyer:role-version"], "2-plan")
        [trust] = role["trust"]["Statement"]
        self.assertEqual(trust["Principal"], {"AWS": f"arn:aws:iam::{CENTRAL}:root"})
        self.assertEqual(trust["Condition"], {
            "StringEquals": {"aws:PrincipalOrgID": self.life.organization["id"], "sts:ExternalId": "rekeyer"},
            "ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{CENTRAL}:role/rekeyer-account"},
        })
        self.assertIn("SurveyUsers", by_sid(role["policies"]["rekeyer"]))

    def test_no_member_role_is_left(self):
        self.assertEqual(self.life.member_roles_left, {})

    def test_tags(self):
        for role in ("inventory", "account", "summary", "states", "schedule"):
            self.assertEqual(self.held("roles")[f"rekeyer-{role}"]["tags"], {"team": "cloud"}, role)

    def upgraded_member(self, upgrade):
        changed = upgrade.pop("module.member.aws_cloudformation_stack_set.member")
        # moto keeps nothing of how an operation is to be spread, so the provider finds that changed with every update.
        changed.pop("operation_preferences", None)
        self.assertEqual(list(changed), ["parameters"])
        before, after = changed["parameters"]
        self.assertEqual(before | {"Mode": "apply"}, after)


if __name__ == "__main__":
    unittest.main()
