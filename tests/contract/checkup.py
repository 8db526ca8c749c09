"""The base of doctor's suites: an organization in which everything is as it should be, and words for what doctor finds in it."""

import json
from datetime import datetime, timezone

import backends
from case import MEMBER, SECOND, RekeyerCase

TOOLING, MANAGEMENT = "999999999999", "100000000000"
SUSPENDED = "444444444444"
REGION = "us-east-1"
RUNNER = "rekeyer-account"
MACHINE = f"arn:aws:states:{REGION}:{TOOLING}:stateMachine:rekeyer"
TOPIC = f"arn:aws:sns:{REGION}:{TOOLING}:key-news"
RUNS = "s3://rekeyer-runs/daily"
EXTERNAL_ID = "hunter-2"
DEPLOYMENT = ("--schedule", "rekeyer", "--state-machine", MACHINE, "--runs", RUNS)
ON_MOTO = backends.chosen_name() == "moto"
#: What moto answers wrongly: no subscription of a topic is ever confirmed.
WRONG = {"sns.topic"} if ON_MOTO else set()
#: moto's lab refuses everybody but the management account.
CHAIN = ["user-tag", "account-tag"] if ON_MOTO else ["user-tag", "account-tag", "alternate-contact"]
DEFINITION = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})


class Checkup(RekeyerCase):
    def healthy(self, **spec) -> None:
        """Two members, a suspended one, and a tooling account with the whole deployment. rekeyer runs as a role of the latter."""
        self.build(
            {"id": MEMBER, "name": "shop", "ou": "Work", "users": [{"name": "ann", "keys": [{"age": 5, "used": 1}]}]},
            {"id": SECOND, "name": "bank", "ou": "Bank"}, {"id": SUSPENDED, "name": "old", "state": "SUSPENDED"},
            {"id": TOOLING, "name": "tooling", "roles": [{"name": RUNNER}, {"name": "rekeyer-member"}]},
            {"id": MANAGEMENT, "name": "management", "roles": [{"name": "rekeyer-list"}]},
            tooling=TOOLING, external_id=EXTERNAL_ID, ous=["Work", "Bank"], **spec,
        )
        for account, role in ((TOOLING, RUNNER), (MANAGEMENT, "rekeyer-list")):
            self.admin("iam", account).update_assume_role_policy(RoleName=role, PolicyDocument=self.trust())
        for account in (MEMBER, SECOND):
            self.tag_role(account, "2-apply")
        if not ON_MOTO:
            self.admin("organizations", MANAGEMENT).register_delegated_administrator(
                AccountId=TOOLING, ServicePrincipal="account.amazonaws.com"
            )
        self.deploy()
        self.use(self.settings())
        self.rekeyer.environment = self.session()
        self.rekeyer.few_attempts(2)
        self.lab.forget_calls()

    def deploy(self, state="ENABLED") -> None:
        target = {"Arn": MACHINE, "RoleArn": f"arn:aws:iam::{TOOLING}:role/rekeyer-schedule"}
        self.admin("scheduler").create_schedule(
            Name="rekeyer", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target, State=state
        )
        states = self.admin("stepfunctions")
        states.create_state_machine(
            name="rekeyer", definition=DEFINITION, roleArn=f"arn:aws:iam::{TOOLING}:role/rekeyer-states"
        )
        self.start_execution()
        sns = self.admin("sns")
        sns.create_topic(Name="key-news")
        sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="ann@example.com")
        self.admin("s3").create_bucket(Bucket="rekeyer-runs")
        self.leave_latest()

    def start_execution(self) -> None:
        self.admin("stepfunctions").start_execution(stateMachineArn=MACHINE, name="daily")

    def leave_latest(self, hours_ago=3.0, denied=0) -> None:
        """What the last run left in the runs' folder."""
        finished = datetime.fromtimestamp(self.lab.now() - hours_ago * 3600, timezone.utc)
        latest = {
            "run": "0123456789abcdef", "mode": "apply", "finished": f"{finished:%Y-%m-%dT%H:%M:%SZ}",
            "totals": {"accounts": {"done": 3, "denied": denied, "skipped": 1, "failed": 0}, "users": 1, "actions": {}},
        }
        self.admin("s3").put_object(Bucket="rekeyer-runs", Key="daily/latest.json", Body=json.dumps(latest).encode())

    def settings(self, **sections) -> dict:
        return {
            "organization": {"external_id": EXTERNAL_ID, "list_role_arn": f"arn:aws:iam::{MANAGEMENT}:role/rekeyer-list"},
            "notify.channel": [{"type": "sns", "name": "news", "topic_arn": TOPIC}],
            "owner": {"chain": CHAIN}, **sections,
        }

    def admin(self, service, account=TOOLING):
        return self.lab.admin(account, service, REGION)

    @staticmethod
    def trust(external_id=None) -> str:
        statement = {
            "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{TOOLING}:root"}, "Action": "sts:AssumeRole",
        }
        if external_id:
            statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def tag_role(self, account, version) -> None:
        self.admin("iam", account).tag_role(
            RoleName="rekeyer-member", Tags=[{"Key": "rekeyer:role-version", "Value": version}]
        )

    def session(self) -> dict:
        """The environment in which rekeyer runs: a session of the role in the tooling account."""
        caller = self.lab.made["caller"]
        issued = self.lab.client_with(caller["key"], caller["secret"], "sts").assume_role(
            RoleArn=f"arn:aws:iam::{TOOLING}:role/{RUNNER}", RoleSessionName="doctor"
        )["Credentials"]
        return {
            **self.lab.caller_environment(), "AWS_ACCESS_KEY_ID": issued["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": issued["SecretAccessKey"], "AWS_SESSION_TOKEN": issued["SessionToken"],
        }

    def doctor(self, *arguments, code=0):
        """The checks by name; and every run of it must have changed nothing."""
        run = self.rekeyer.run("doctor", "--format", "json", *DEPLOYMENT, *arguments)
        self.assertExit(run, code)
        self.assertEqual(self.changing(), [], run)
        checks = {}
        self.assertTrue(run.json["checks"], run)
        for check in run.json["checks"]:
            checks.setdefault(check["name"], []).append(check)
            if check["status"] in ("warning", "problem"):
                self.assertTrue(check["remedy"], check)
        return checks

    def changing(self) -> list:
        """Entering an account opens a session and changes nothing."""
        return [call["operation"] for call in self.changing_calls()]

    def statuses(self, checks) -> dict:
        """{name: status}, for names of which there is one check, or several of the same status."""
        return {name: "/".join(sorted({check["status"] for check in found})) for name, found in checks.items()}

    def found(self, checks, name, status="problem"):
        """The one check of that name and status."""
        fitting = [check for check in checks[name] if check["status"] == status]
        self.assertEqual(len(fitting), 1, checks[name])
        return fitting[0]

    def assertOnly(self, checks, *names):
        """Nothing else is a problem or a warning, but for what the backend gets wrong."""
        wrong = {name for name, found in checks.items() if any(c["status"] in ("warning", "problem") for c in found)}
        if "sns.topic" in checks:
            wrong -= WRONG - set(names)
        self.assertEqual(wrong, set(names), json.dumps(checks, indent=1))
