"""What stands in an account, read by boto3: plain dictionaries by name, so that a test can look at them after all is taken down again."""

import ast
import json
from urllib.parse import unquote

import boto3
from botocore.config import Config


class Account:
    def __init__(self, endpoint: str, region: str = "us-east-1", credentials: dict | None = None):
        keys = credentials or {"AccessKeyId": "test", "SecretAccessKey": "test"}
        self._session = {
            "endpoint_url": endpoint, "region_name": region, "aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys.get("SessionToken"), "config": Config(retries={"total_max_attempts": 1}),
        }
        self._endpoint = endpoint

    def client(self, service: str):
        return boto3.client(service, **self._session)

    def member(self, account: str) -> "Account":
        """The same AWS as seen from another account of the organization."""
        role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
        return Account(self._endpoint, credentials=self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"])

    def organization(self) -> dict:
        """Makes one with one OU and one account in it."""
        service = self.client("organizations")
        made = service.create_organization(FeatureSet="ALL")["Organization"]
        root = service.list_roots()["Roots"][0]["Id"]
        unit = service.create_organizational_unit(ParentId=root, Name="workloads")["OrganizationalUnit"]["Id"]
        account = service.create_account(Email="one@example.com", AccountName="one")["CreateAccountStatus"]["AccountId"]
        service.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
        return {"id": made["Id"], "unit": unit, "account": account}

    def holdings(self) -> dict:
        return {
            "functions": self.functions(), "roles": self.roles(), "groups": self.groups(), "state machines": self.state_machines(),
            "schedules": self.schedules(), "parameters": self.parameters(), "buckets": self.buckets(), "alarms": self.alarms(),
            "log groups": self.log_groups(), "topics": self.topics(), "queues": self.queues(), "stack sets": self.stack_sets(),
        }

    def functions(self) -> dict:
        return {each["FunctionName"]: each for each in self.client("lambda").list_functions()["Functions"]}

    def roles(self) -> dict:
        iam = self.client("iam")
        found = {}
        for role in iam.list_roles()["Roles"]:
            name = role["RoleName"]
            if name == "OrganizationAccountAccessRole":
                continue  # every account of an organization has it
            found[name] = {
                "trust": role["AssumeRolePolicyDocument"],
                "policies": {policy: _document(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]) for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]},
                "attached": iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"],
                "tags": {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=name)["Tags"]},
                "boundary": iam.get_role(RoleName=name)["Role"].get("PermissionsBoundary"),
            }
        return found

    def groups(self) -> dict:
        return {group["GroupName"]: group for group in self.client("iam").list_groups()["Groups"]}

    def state_machines(self) -> dict:
        service = self.client("stepfunctions")
        return {
            each["name"]: service.describe_state_machine(stateMachineArn=each["stateMachineArn"]) for each in service.list_state_machines()["stateMachines"]
        }

    def schedules(self) -> dict:
        service = self.client("scheduler")
        return {each["Name"]: service.get_schedule(Name=each["Name"]) for each in service.list_schedules()["Schedules"]}

    def parameters(self) -> dict:
        service = self.client("ssm")
        return {
            each["Name"]: service.get_parameter(Name=each["Name"])["Parameter"] | {"Tier": each["Tier"]} for each in service.describe_parameters()["Parameters"]
        }

    def buckets(self) -> dict:
        s3 = self.client("s3")
        found = {}
        for bucket in (each["Name"] for each in s3.list_buckets()["Buckets"]):
            found[bucket] = {
                "encryption": s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"],
                "block": s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
                "policy": json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]),
                "lifecycle": s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"],
                "ownership": s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"],
            }
        return found

    def alarms(self) -> dict:
        return {each["AlarmName"]: each for each in self.client("cloudwatch").describe_alarms()["MetricAlarms"]}

    def log_groups(self) -> dict:
        return {each["logGroupName"]: each for each in self.client("logs").describe_log_groups()["logGroups"]}

    def topics(self) -> dict:
        sns = self.client("sns")
        return {arn: sns.get_topic_attributes(TopicArn=arn)["Attributes"] for arn in (each["TopicArn"] for each in sns.list_topics()["Topics"])}

    def queues(self) -> dict:
        sqs = self.client("sqs")
        urls = sqs.list_queues().get("QueueUrls", [])
        return {url.rsplit("/", 1)[1]: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] for url in urls}

    def stack_sets(self) -> dict:
        service = self.client("cloudformation")
        names = [each["StackSetName"] for each in service.list_stack_sets()["Summaries"] if each["Status"] == "ACTIVE"]
        return {name: service.describe_stack_set(StackSetName=name)["StackSet"] for name in names}


def _document(document) -> dict:
    """A policy. moto shows those that a stack made as Python writes a dictionary, and keeps AWS::NoValue in them as None."""
    if isinstance(document, str):
        text = unquote(document)
        document = ast.literal_eval(text) if text.startswith("{'") else json.loads(text)
    return document | {"Statement": [statement for statement in document["Statement"] if statement is not None]}
