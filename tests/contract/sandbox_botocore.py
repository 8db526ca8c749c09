"""The sandbox speaks AWS's language: boto3 and the aws CLI make calls of every kind against `rekeyer sandbox serve`, and each reply is
checked against botocore's own models, member by member (lossless.py). Errors too.
"""

import importlib.util
import json
import os
import subprocess
import sys
import unittest

from botocore.exceptions import ClientError

import lossless
from case import MEMBER, SECOND, LabCase

TOKEN = "0123456789abcdef0123456789abcdef"
READS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [READS]})
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": MEMBER}, "Action": "sts:AssumeRole"}],
    }
)
#: Where a service signs with another name than botocore knows it by.
SIGNED_AS = {"sesv2": "ses", "stepfunctions": "states"}


class Calls:
    """Makes calls through watched clients, each of which must end as told."""

    def __init__(self, test):
        self.test, self.lab, self.spy, self._clients = test, test.lab, lossless.Spy(), {}

    def client(self, service, account=MEMBER, region="us-east-1"):
        key, secret = self.lab.made["admins"][account]
        return self._watched((key, secret, None), service, region)

    def role(self, service, account=MEMBER, region="us-east-1"):
        """As rekeyer would call: a session of the member role."""
        caller = self.lab.made["caller"]
        sts = self._watched((caller["key"], caller["secret"], None), "sts", region)
        issued = sts.assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/rekeyer-member", RoleSessionName="looks"
        )["Credentials"]
        return self._watched(
            (issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"]), service, region
        )

    def _watched(self, credentials, service, region):
        place = (credentials, service, region)
        if place not in self._clients:
            key, secret, token = credentials
            # A client of its own, not the lab's: those must not be watched.
            self._clients[place] = self.spy.watch(self.lab.new_client(key, secret, service, region, token))
        return self._clients[place]

    def refused(self, code, call, **arguments):
        with self.test.assertRaises(ClientError) as caught:
            call(**arguments)
        self.test.assertEqual(caught.exception.response["Error"]["Code"], code, caught.exception)


class Boto3(LabCase):
    #: What is called in all, at least: different operations, and different ways in which operations end.
    OPERATIONS, ENDINGS = 175, 265

    def test_every_reply_and_every_error_is_parsed_without_loss(self):
        seen = set()
        for scenario in (
            self.iam_users, self.iam_keys, self.iam_groups, self.iam_policies, self.iam_roles, self.iam_reports, self.iam_refusals,
            self.sts, self.organizations, self.organizations_policies, self.secrets, self.secrets_versions, self.secrets_refusals,
            self.kms, self.mail, self.mail_version_one, self.topics, self.events, self.schedules, self.state_machines, self.parameters, self.objects, self.contacts, self.faults, self.pages,
        ):
            with self.subTest(scenario.__name__):
                self.build(
                    {
                        "id": MEMBER, "name": "prod", "ou": "Work", "users": [
                            {"name": "ann", "path": "/ci/", "tags": {"owner": "ann@example.com"}, "groups": ["Devs"],
                             "policies": {"own": json.loads(DOCUMENT)}, "keys": [{"age": 95, "used": 1}]},
                            {"name": "bob", "keys": [{"age": 5}, {"age": 50, "status": "Inactive"}]},
                        ]
                    }, {"id": SECOND, "name": "old", "state": "SUSPENDED"}, ous=["Work"],
                )
                calls = Calls(self)
                scenario(calls)
                seen |= set(calls.spy.seen)
                self.assertEqual(calls.spy.problems, [])
        operations = {(service, operation) for service, operation, _ in seen}
        refused = {code for _, _, code in seen if code}
        print(f"measured: operations: {len(operations)}, endings: {len(seen)}, error codes: {len(refused)}")
        self.assertGreaterEqual(len(operations), self.OPERATIONS, sorted(operations))
        self.assertEqual(self.operations() - {(SIGNED_AS.get(service, service), name) for service, name in operations}, set())
        self.assertGreaterEqual(len(seen), self.ENDINGS, sorted(map(str, seen)))

    def operations(self) -> set:
        """All that the sandbox can be asked: none is left out."""
        return {(service, name) for service, names in self.lab.control("operations").items() for name in names}

    # --- IAM

    def iam_users(self, calls):
        iam = calls.client("iam")
        iam.create_user(UserName="eve", Path="/new/", Tags=[{"Key": "team", "Value": "a b +=@"}])
        iam.get_user(UserName="eve")
        iam.list_users()
        iam.list_users(PathPrefix="/new/")
        iam.list_user_tags(UserName="ann")
        iam.tag_user(UserName="ann", Tags=[{"Key": "x", "Value": ""}])
        iam.untag_user(UserName="ann", TagKeys=["x"])
        iam.update_user(UserName="eve", NewUserName="eva", NewPath="/")
        iam.list_groups_for_user(UserName="ann")
        iam.delete_user(UserName="eva")

    def iam_keys(self, calls):
        iam, key = calls.role("iam"), self.lab.keys_of(MEMBER, "ann")[0]
        made = iam.create_access_key(UserName="ann")["AccessKey"]
        iam.list_access_keys(UserName="ann")
        iam.get_access_key_last_used(AccessKeyId=key)
        iam.get_access_key_last_used(AccessKeyId=made["AccessKeyId"])
        iam.update_access_key(UserName="ann", AccessKeyId=key, Status="Inactive")
        calls.refused("LimitExceeded", iam.create_access_key, UserName="ann")
        iam.delete_access_key(UserName="ann", AccessKeyId=key)
        calls.refused("NoSuchEntity", iam.delete_access_key, UserName="ann", AccessKeyId=key)
        calls.refused("NoSuchEntity", iam.update_access_key, UserName="ann", AccessKeyId=key, Status="Active")

    def iam_groups(self, calls):
        iam = calls.client("iam")
        iam.create_group(GroupName="Ops", Path="/a/")
        iam.add_user_to_group(GroupName="Ops", UserName="ann")
        iam.get_group(GroupName="Ops")
        iam.list_groups()
        iam.put_group_policy(GroupName="Ops", PolicyName="p", PolicyDocument=DOCUMENT)
        iam.list_group_policies(GroupName="Ops")
        iam.get_group_policy(GroupName="Ops", PolicyName="p")
        calls.refused("DeleteConflict", iam.delete_group, GroupName="Ops")
        iam.delete_group_policy(GroupName="Ops", PolicyName="p")
        iam.remove_user_from_group(GroupName="Ops", UserName="ann")
        iam.delete_group(GroupName="Ops")
        calls.refused("NoSuchEntity", iam.get_group, GroupName="Ops")

    def iam_policies(self, calls):
        iam = calls.client("iam")
        arn = iam.create_policy(PolicyName="reads", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
        iam.get_policy(PolicyArn=arn)
        iam.get_policy_version(PolicyArn=arn, VersionId="v1")
        iam.list_policies(Scope="Local")
        iam.attach_user_policy(UserName="ann", PolicyArn=arn)
        iam.list_attached_user_policies(UserName="ann")
        iam.attach_group_policy(GroupName="Devs", PolicyArn=arn)
        iam.list_attached_group_policies(GroupName="Devs")
        calls.refused("DeleteConflict", iam.delete_policy, PolicyArn=arn)
        iam.detach_user_policy(UserName="ann", PolicyArn=arn)
        iam.detach_group_policy(GroupName="Devs", PolicyArn=arn)
        iam.delete_policy(PolicyArn=arn)
        iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=DOCUMENT)
        iam.list_user_policies(UserName="ann")
        iam.get_user_policy(UserName="ann", PolicyName="p")
        iam.delete_user_policy(UserName="ann", PolicyName="p")
        calls.refused("NoSuchEntity", iam.get_user_policy, UserName="ann", PolicyName="p")
        calls.refused("MalformedPolicyDocument", iam.put_user_policy, UserName="ann", PolicyName="p", PolicyDocument="{")

    def iam_roles(self, calls):
        iam = calls.client("iam")
        iam.create_role(
            RoleName="job", AssumeRolePolicyDocument=TRUST, Description="does <it> & more", MaxSessionDuration=7200,
            Tags=[{"Key": "a", "Value": "b"}],
        )
        iam.get_role(RoleName="job")
        iam.list_roles()
        iam.put_role_policy(RoleName="job", PolicyName="p", PolicyDocument=DOCUMENT)
        iam.list_role_policies(RoleName="job")
        iam.get_role_policy(RoleName="job", PolicyName="p")
        iam.update_assume_role_policy(RoleName="job", PolicyDocument=TRUST)
        arn = iam.create_policy(PolicyName="reads", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="job", PolicyArn=arn)
        iam.list_attached_role_policies(RoleName="job")
        iam.detach_role_policy(RoleName="job", PolicyArn=arn)
        iam.tag_role(RoleName="job", Tags=[{"Key": "c", "Value": "d"}])
        iam.list_role_tags(RoleName="job")
        iam.untag_role(RoleName="job", TagKeys=["c"])
        iam.update_role(RoleName="job", Description="", MaxSessionDuration=3600)
        calls.refused("DeleteConflict", iam.delete_role, RoleName="job")
        iam.delete_role_policy(RoleName="job", PolicyName="p")
        iam.delete_role(RoleName="job")
        calls.refused("NoSuchEntity", iam.get_role, RoleName="job")
        calls.refused("EntityAlreadyExists", iam.create_role, RoleName="rekeyer-member", AssumeRolePolicyDocument=TRUST)

    def iam_reports(self, calls):
        self.lab.options(report_at_hand=False, report_build_polls=1)
        iam = calls.role("iam")
        calls.refused("ReportNotPresent", iam.get_credential_report)
        iam.generate_credential_report()
        calls.refused("ReportInProgress", iam.get_credential_report)
        iam.generate_credential_report()
        iam.get_credential_report()
        for kind in ("User", "Role", "Group", "LocalManagedPolicy"):
            iam.get_account_authorization_details(Filter=[kind])
        iam.get_account_authorization_details()
        iam.get_account_summary()
        owner = calls.client("iam")
        owner.create_account_alias(AccountAlias="prod-shop")
        owner.list_account_aliases()
        owner.delete_account_alias(AccountAlias="prod-shop")
        owner.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{MEMBER}:user/ci/ann", ActionNames=["s3:GetObject", "iam:ListUsers"]
        )
        self.lab.advance(hours=5)
        calls.refused("ReportExpired", calls.role("iam").get_credential_report)

    def iam_refusals(self, calls):
        iam = calls.client("iam")
        calls.refused("EntityAlreadyExists", iam.create_user, UserName="ANN")
        calls.refused("NoSuchEntity", iam.get_user, UserName="nobody")
        calls.refused("DeleteConflict", iam.delete_user, UserName="ann")
        calls.refused("ValidationError", iam.list_users, Marker="made-up")
        calls.refused("AccessDenied", calls.role("iam").get_access_key_last_used, AccessKeyId=self.lab.made["caller"]["key"])
        stranger = calls._watched(("AKIAUNKNOWNUNKNOWN00", "x", None), "iam", "us-east-1")
        calls.refused("InvalidClientTokenId", stranger.list_users)
        calls.refused("SignatureDoesNotMatch", calls._watched((self.lab.made["caller"]["key"], "x", None), "iam", "us-east-1").list_users)
        calls.refused("InvalidAction", iam.list_virtual_mfa_devices)

    # --- STS, Organizations

    def sts(self, calls):
        sts = calls.role("sts")
        sts.get_caller_identity()
        sts.get_access_key_info(AccessKeyId=self.lab.keys_of(MEMBER, "ann")[0])
        caller = self.lab.made["caller"]
        own = calls._watched((caller["key"], caller["secret"], None), "sts", "eu-central-1")
        own.get_caller_identity()
        own.get_session_token(DurationSeconds=900)
        issued = own.get_federation_token(Name="guest", DurationSeconds=900, Policy=DOCUMENT, Tags=[{"Key": "a", "Value": "b"}])["Credentials"]
        guest = (issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])
        calls._watched(guest, "sts", "us-east-1").get_caller_identity()
        calls.refused("AccessDenied", calls._watched(guest, "sts", "us-east-1").get_session_token)
        calls.refused("InvalidClientTokenId", calls._watched(guest, "iam", "us-east-1").list_users)
        calls.refused("MalformedPolicyDocument", own.get_federation_token, Name="guest", Policy="{")
        own.assume_role(
            RoleArn=f"arn:aws:iam::{MEMBER}:role/rekeyer-member", RoleSessionName="some", SourceIdentity="somebody",
            Tags=[{"Key": "a", "Value": "b"}], Policy=DOCUMENT,
        )
        calls.refused(
            "AccessDenied", own.assume_role, RoleArn=f"arn:aws:iam::{MEMBER}:role/none", RoleSessionName="some"
        )
        own.assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{MEMBER}:role/rekeyer-member", RoleSessionName="some", WebIdentityToken="web-identity-token"
        )
        calls.refused(
            "AccessDenied", own.assume_role_with_web_identity, RoleArn=f"arn:aws:iam::{MEMBER}:role/rekeyer-member",
            RoleSessionName="some", WebIdentityToken="of.somebody.else",
        )
        calls.client("iam").create_role(RoleName="hop", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=43200)
        calls.refused(
            "ValidationError", sts.assume_role, RoleArn=f"arn:aws:iam::{MEMBER}:role/hop", RoleSessionName="some",
            DurationSeconds=7200,
        )
        calls.refused(
            "MalformedPolicyDocument", own.assume_role, RoleArn=f"arn:aws:iam::{MEMBER}:role/rekeyer-member",
            RoleSessionName="some", Policy="{",
        )

    def organizations(self, calls):
        org = calls.client("organizations", "100000000000")
        root = org.list_roots()["Roots"][0]["Id"]
        unit = self.lab.made["ous"]["Work"]
        org.describe_organization()
        org.list_accounts()
        org.describe_account(AccountId=SECOND)
        org.list_accounts_for_parent(ParentId=unit)
        org.list_organizational_units_for_parent(ParentId=root)
        org.describe_organizational_unit(OrganizationalUnitId=unit)
        org.list_children(ParentId=root, ChildType="ACCOUNT")
        org.list_parents(ChildId=MEMBER)
        made = org.create_organizational_unit(ParentId=unit, Name="Deep", Tags=[{"Key": "a", "Value": "b"}])
        deep = made["OrganizationalUnit"]["Id"]
        org.move_account(AccountId=MEMBER, SourceParentId=unit, DestinationParentId=deep)
        request = org.create_account(AccountName="new", Email="new@example.com")["CreateAccountStatus"]["Id"]
        org.describe_create_account_status(CreateAccountRequestId=request)
        org.tag_resource(ResourceId=MEMBER, Tags=[{"Key": "k", "Value": "v"}])
        org.list_tags_for_resource(ResourceId=MEMBER)
        org.untag_resource(ResourceId=MEMBER, TagKeys=["k"])
        calls.refused("AccountNotFoundException", org.describe_account, AccountId="999999999999")
        calls.refused("ParentNotFoundException", org.list_accounts_for_parent, ParentId="ou-none-00000000")
        calls.refused("InvalidInputException", org.list_accounts, NextToken="made-up")
        member = calls.role("organizations")
        calls.refused("AccessDeniedException", member.list_accounts)
        org.register_delegated_administrator(AccountId=MEMBER, ServicePrincipal="iam.amazonaws.com")
        org.list_delegated_administrators()
        member.list_accounts()
        calls.refused(
            "DuplicateOrganizationalUnitException", org.create_organizational_unit, ParentId=unit, Name="Deep"
        )
        calls.refused("AlreadyInOrganizationException", org.create_organization)
        org.close_account(AccountId=MEMBER)
        calls.refused("AccountAlreadyClosedException", org.close_account, AccountId=MEMBER)

    def organizations_policies(self, calls):
        org = calls.client("organizations", "100000000000")
        denies = json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}
        )
        policy = org.create_policy(
            Name="no iam", Description="", Type="SERVICE_CONTROL_POLICY", Content=denies
        )["Policy"]["PolicySummary"]["Id"]
        org.describe_policy(PolicyId=policy)
        org.update_policy(PolicyId=policy, Description="changed")
        org.list_policies(Filter="SERVICE_CONTROL_POLICY")
        org.attach_policy(PolicyId=policy, TargetId=MEMBER)
        org.list_targets_for_policy(PolicyId=policy)
        org.list_policies_for_target(TargetId=MEMBER, Filter="SERVICE_CONTROL_POLICY")
        calls.refused("PolicyInUseException", org.delete_policy, PolicyId=policy)
        calls.refused("AccessDenied", calls.role("iam").list_users)
        org.detach_policy(PolicyId=policy, TargetId=MEMBER)
        org.delete_policy(PolicyId=policy)
        calls.refused("PolicyNotFoundException", org.describe_policy, PolicyId=policy)

    # --- Secrets Manager, KMS

    def secrets(self, calls):
        secrets = calls.role("secretsmanager")
        secrets.create_secret(
            Name="db/one", Description="d", SecretString="s", ClientRequestToken=TOKEN, Tags=[{"Key": "a", "Value": "b"}]
        )
        secrets.describe_secret(SecretId="db/one")
        secrets.list_secrets(Filters=[{"Key": "name", "Values": ["db/"]}])
        secrets.tag_resource(SecretId="db/one", Tags=[{"Key": "c", "Value": "d"}])
        secrets.untag_resource(SecretId="db/one", TagKeys=["c"])
        secrets.update_secret(SecretId="db/one", Description="e", SecretString="t")
        secrets.put_resource_policy(SecretId="db/one", ResourcePolicy=self.granting(), BlockPublicPolicy=True)
        secrets.get_resource_policy(SecretId="db/one")
        secrets.validate_resource_policy(SecretId="db/one", ResourcePolicy=self.granting())
        secrets.delete_resource_policy(SecretId="db/one")
        secrets.replicate_secret_to_regions(SecretId="db/one", AddReplicaRegions=[{"Region": "eu-west-1"}])
        secrets.describe_secret(SecretId="db/one")
        calls.role("secretsmanager", region="eu-west-1").describe_secret(SecretId="db/one")
        secrets.remove_regions_from_replication(SecretId="db/one", RemoveReplicaRegions=["eu-west-1"])
        secrets.replicate_secret_to_regions(SecretId="db/one", AddReplicaRegions=[{"Region": "eu-west-1"}])
        calls.role("secretsmanager", region="eu-west-1").stop_replication_to_replica(SecretId="db/one")
        calls.refused("InvalidRequestException", secrets.stop_replication_to_replica, SecretId="db/one")
        secrets.delete_secret(SecretId="db/one", RecoveryWindowInDays=7)
        secrets.describe_secret(SecretId="db/one")
        secrets.list_secrets(IncludePlannedDeletion=True)
        secrets.restore_secret(SecretId="db/one")
        secrets.delete_secret(SecretId="db/one", ForceDeleteWithoutRecovery=True)

    def secrets_versions(self, calls):
        secrets = calls.client("secretsmanager")
        secrets.create_secret(Name="s", SecretString="one")
        secrets.put_secret_value(SecretId="s", SecretString="two", ClientRequestToken=TOKEN, VersionStages=["AWSPENDING"])
        secrets.get_secret_value(SecretId="s")
        secrets.get_secret_value(SecretId="s", VersionStage="AWSPENDING")
        secrets.list_secret_version_ids(SecretId="s", IncludeDeprecated=True)
        current = secrets.get_secret_value(SecretId="s")["VersionId"]
        secrets.update_secret_version_stage(
            SecretId="s", VersionStage="AWSCURRENT", MoveToVersionId=TOKEN, RemoveFromVersionId=current
        )
        secrets.put_secret_value(SecretId="s", SecretBinary=b"\x00\xff\x10")
        secrets.get_secret_value(SecretId="s")
        secrets.batch_get_secret_value(SecretIdList=["s", "none"])
        secrets.get_random_password(PasswordLength=20)

    def secrets_refusals(self, calls):
        secrets = calls.role("secretsmanager")
        secrets.create_secret(Name="s", SecretString="one", ClientRequestToken=TOKEN)
        calls.refused("ResourceExistsException", secrets.create_secret, Name="s", SecretString="two")
        calls.refused("ResourceNotFoundException", secrets.describe_secret, SecretId="none")
        calls.refused("ResourceExistsException", secrets.put_secret_value, SecretId="s", SecretString="x", ClientRequestToken=TOKEN)
        denial = {"Effect": "Deny", "Action": "secretsmanager:GetSecretValue", "Resource": "*", "Principal": "*"}
        secrets.put_resource_policy(SecretId="s", ResourcePolicy=json.dumps({"Statement": [denial]}))
        calls.refused("AccessDeniedException", secrets.get_secret_value, SecretId="s")
        calls.refused("InvalidParameterException", secrets.delete_secret, SecretId="s", RecoveryWindowInDays=3)
        calls.refused("MalformedPolicyDocumentException", secrets.put_resource_policy, SecretId="s", ResourcePolicy="{" + " " * 20)
        secrets.delete_secret(SecretId="s", RecoveryWindowInDays=7)
        calls.refused("InvalidRequestException", secrets.put_secret_value, SecretId="s", SecretString="y")
        stranger = calls._watched(("AKIAUNKNOWNUNKNOWN00", "x", None), "secretsmanager", "us-east-1")
        calls.refused("UnrecognizedClientException", stranger.list_secrets)
        calls.refused("UnknownOperationException", secrets.rotate_secret, SecretId="s")

    def kms(self, calls):
        kms = calls.client("kms")
        key = kms.create_key(Description="d")["KeyMetadata"]["KeyId"]
        kms.describe_key(KeyId=key)
        kms.disable_key(KeyId=key)
        self.assertFalse(kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"])
        kms.enable_key(KeyId=key)
        kms.list_keys()
        kms.list_aliases()
        kms.get_key_policy(KeyId=key, PolicyName="default")
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=self.granting("kms:*"), BypassPolicyLockoutSafetyCheck=True)
        calls.refused("NotFoundException", kms.describe_key, KeyId="aaaaaaaa-0000-4000-8000-000000000000")
        signer = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        kms.describe_key(KeyId=signer)
        kms.get_public_key(KeyId=signer)
        asked = {"KeyId": signer, "Message": bytes(range(256)), "SigningAlgorithm": "ECDSA_SHA_256"}
        made = kms.sign(**asked)["Signature"]
        self.assertTrue(kms.verify(**asked, Signature=made)["SignatureValid"])
        calls.refused("KMSInvalidSignatureException", kms.verify, **{**asked, "Message": b"another"}, Signature=made)
        calls.refused("InvalidKeyUsageException", kms.sign, **{**asked, "KeyId": key})
        calls.refused("DryRunOperationException", kms.sign, **asked, DryRun=True)
        calls.refused("UnsupportedOperationException", kms.get_public_key, KeyId=key)
        kms.disable_key(KeyId=signer)
        calls.refused("DisabledException", kms.sign, **asked)

    @staticmethod
    def granting(action="secretsmanager:GetSecretValue"):
        return json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow", "Action": action, "Resource": "*",
                        "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/ci/ann"},
                    }
                ],
            }
        )

    # --- mails and messages

    def mail(self, calls):
        mail = calls.client("sesv2")
        mail.create_email_identity(EmailIdentity="example.com")
        mail.list_email_identities()
        mail.get_email_identity(EmailIdentity="example.com")
        mail.get_account()
        mail.send_email(
            FromEmailAddress="Keys <keys@example.com>", Destination={"ToAddresses": ["ann@example.com"]},
            Content={"Simple": {"Subject": {"Data": "Grüße"}, "Body": {"Text": {"Data": "t"}, "Html": {"Data": "<b>h</b>"}}}},
        )
        mail.send_email(
            Content={"Raw": {"Data": b"From: keys@example.com\r\nTo: ann@example.com\r\nSubject: raw\r\n\r\ntext\r\n"}}
        )
        calls.refused("AlreadyExistsException", mail.create_email_identity, EmailIdentity="example.com")
        calls.refused("NotFoundException", mail.get_email_identity, EmailIdentity="nowhere.example")
        calls.refused(
            "MessageRejected", mail.send_email, FromEmailAddress="keys@unknown.example",
            Destination={"ToAddresses": ["ann@example.com"]},
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        )
        mail.delete_email_identity(EmailIdentity="example.com")
        self.assertEqual([m["subject"] for m in self.lab.control("mails")["mails"]], ["Grüße", "raw"])

    def mail_version_one(self, calls):
        calls.client("sesv2").create_email_identity(EmailIdentity="example.com")
        mail = calls.client("ses")
        mail.send_email(
            Source="keys@example.com", Destination={"ToAddresses": ["ann@example.com"]},
            Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
        )
        mail.send_raw_email(RawMessage={"Data": "From: keys@example.com\r\nTo: a@example.com\r\nSubject: r\r\n\r\nx\r\n"})
        mail.list_identities()
        mail.get_send_quota()
        mail.get_send_statistics()
        mail.verify_email_identity(EmailAddress="more@example.org")
        calls.refused(
            "MessageRejected", mail.send_email, Source="keys@unknown.example",
            Destination={"ToAddresses": ["ann@example.com"]},
            Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
        )

    def topics(self, calls):
        sns = calls.client("sns")
        arn = sns.create_topic(Name="keys")["TopicArn"]
        sns.list_topics()
        tagged = sns.create_topic(Name="tagged", Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
        sns.list_tags_for_resource(ResourceArn=tagged)
        calls.refused("ResourceNotFound", sns.list_tags_for_resource, ResourceArn=tagged + "x")
        sns.delete_topic(TopicArn=tagged)
        sns.get_topic_attributes(TopicArn=arn)
        sns.set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="Keys & more")
        subscription = sns.subscribe(
            TopicArn=arn, Protocol="email", Endpoint="ann@example.com", ReturnSubscriptionArn=True
        )["SubscriptionArn"]
        sns.list_subscriptions_by_topic(TopicArn=arn)
        sns.list_subscriptions()
        sns.unsubscribe(SubscriptionArn=subscription)
        sns.publish(
            TopicArn=arn, Subject="s", Message="m", MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}}
        )
        calls.refused("NotFound", sns.publish, TopicArn=arn + "x", Message="m")
        sns.delete_topic(TopicArn=arn)
        calls.refused("NotFound", sns.get_topic_attributes, TopicArn=arn)

    def events(self, calls):
        events = calls.role("events")
        events.put_events(
            Entries=[
                {"Source": "rekeyer", "DetailType": "Key", "Detail": '{"a": 1}', "Resources": ["arn:x"], "Time": 1772366400},
                {"Source": "aws.iam", "DetailType": "Key", "Detail": "{}"},
            ]
        )
        events.create_event_bus(Name="keys", Description="of keys")
        events.describe_event_bus()
        events.describe_event_bus(Name="keys")
        events.list_event_buses()
        events.list_event_buses(Limit=1)
        calls.refused("ResourceAlreadyExistsException", events.create_event_bus, Name="keys")
        calls.refused("ResourceNotFoundException", events.describe_event_bus, Name="none")
        events.delete_event_bus(Name="keys")
        kept = self.lab.control("events", account=MEMBER)
        self.assertEqual([(event["source"], event["detail"]) for event in kept], [("rekeyer", {"a": 1})])

    def schedules(self, calls):
        scheduler = calls.role("scheduler")
        daily = {
            "ScheduleExpression": "cron(0 4 * * ? *)", "ScheduleExpressionTimezone": "Europe/Berlin", "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": "arn:aws:states:us-east-1:1:stateMachine:m", "RoleArn": "arn:aws:iam::1:role/r", "Input": "{}"},
        }
        scheduler.create_schedule(Name="rekeyer", State="DISABLED", **daily)
        scheduler.create_schedule(Name="rekeyer-2", **daily)
        self.assertEqual(scheduler.get_schedule(Name="rekeyer")["State"], "DISABLED")
        page = scheduler.list_schedules(MaxResults=1)
        self.assertEqual(scheduler.list_schedules(NextToken=page["NextToken"])["Schedules"][0]["Name"], "rekeyer-2")
        self.assertEqual(len(scheduler.list_schedules(State="ENABLED", NamePrefix="re")["Schedules"]), 1)
        calls.refused("ConflictException", scheduler.create_schedule, Name="rekeyer", **daily)
        calls.refused("ResourceNotFoundException", scheduler.get_schedule, Name="none")
        calls.refused("ResourceNotFoundException", scheduler.create_schedule, Name="x", GroupName="none", **daily)
        calls.refused("ValidationException", scheduler.create_schedule, Name="x", **{**daily, "ScheduleExpression": "daily"})

    def state_machines(self, calls):
        states = calls.role("stepfunctions")
        arn = states.create_state_machine(name="rekeyer", definition="{}", roleArn="arn:aws:iam::111111111111:role/r")["stateMachineArn"]
        self.assertEqual(states.describe_state_machine(stateMachineArn=arn)["status"], "ACTIVE")
        states.list_state_machines(maxResults=1)
        states.start_execution(stateMachineArn=arn, name="one", input="{}")
        states.start_execution(stateMachineArn=arn)
        page = states.list_executions(stateMachineArn=arn, maxResults=1)
        self.assertEqual(states.list_executions(stateMachineArn=arn, nextToken=page["nextToken"])["executions"][0]["name"], "one")
        calls.refused("ExecutionAlreadyExists", states.start_execution, stateMachineArn=arn, name="one")
        calls.refused("StateMachineDoesNotExist", states.describe_state_machine, stateMachineArn=arn + "x")
        calls.refused("InvalidArn", states.list_executions, stateMachineArn="rekeyer")
        calls.refused("InvalidToken", states.list_executions, stateMachineArn=arn, nextToken="made up")
        calls.refused(
            "InvalidDefinition", states.create_state_machine, name="x", definition="no JSON", roleArn="arn:aws:iam::111111111111:role/r"
        )

    def parameters(self, calls):
        ssm = calls.role("ssm")
        ssm.put_parameter(Name="/smtp/password", Type="SecureString", Value="hidden", Description="d")
        ssm.put_parameter(Name="/smtp/password", Value="hidden again", Overwrite=True)
        read = ssm.get_parameter(Name="/smtp/password", WithDecryption=True)["Parameter"]
        self.assertEqual((read["Value"], read["Version"]), ("hidden again", 2))
        self.assertNotIn("hidden", ssm.get_parameter(Name="/smtp/password:2")["Parameter"]["Value"])
        ssm.get_parameters(Names=["/smtp/password", "none"])
        ssm.describe_parameters()
        ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": ["/smtp"]}], MaxResults=1)
        calls.refused("ParameterAlreadyExists", ssm.put_parameter, Name="/smtp/password", Type="String", Value="x")
        calls.refused("ParameterNotFound", ssm.get_parameter, Name="none")
        calls.refused("ParameterVersionNotFound", ssm.get_parameter, Name="/smtp/password:7")
        calls.refused("InvalidKeyId", ssm.put_parameter, Name="k", Type="SecureString", Value="x", KeyId="none")
        calls.refused("ValidationException", ssm.put_parameter, Name="a/b", Type="String", Value="x")
        ssm.delete_parameter(Name="/smtp/password")
        calls.refused("ParameterNotFound", ssm.delete_parameter, Name="/smtp/password")

    def objects(self, calls):
        s3 = calls.role("s3")
        s3.create_bucket(Bucket="templates")
        body = bytes(range(256))
        s3.put_object(Bucket="templates", Key="a b/ü+1//x", Body=body, ContentType="image/png")
        got = s3.get_object(Bucket="templates", Key="a b/ü+1//x")
        self.assertEqual((got["Body"].read(), got["ContentType"], got["ContentLength"]), (body, "image/png", 256))
        part = s3.get_object(Bucket="templates", Key="a b/ü+1//x", Range="bytes=250-999")
        self.assertEqual((part["Body"].read(), part["ContentRange"]), (body[250:], "bytes 250-255/256"))
        self.assertEqual(s3.head_object(Bucket="templates", Key="a b/ü+1//x")["ContentLength"], 256)
        s3.put_object(Bucket="templates", Key="c", Body=b"")
        self.assertEqual([each["Key"] for each in s3.list_objects_v2(Bucket="templates")["Contents"]], ["a b/ü+1//x", "c"])
        s3.list_objects_v2(Bucket="templates", Delimiter="/", MaxKeys=1)
        s3.list_buckets()
        s3.head_bucket(Bucket="templates")
        s3.get_bucket_location(Bucket="templates")
        calls.refused("NoSuchKey", s3.get_object, Bucket="templates", Key="none")
        calls.refused("NoSuchBucket", s3.get_object, Bucket="nowhere", Key="none")
        calls.refused("404", s3.head_object, Bucket="templates", Key="none")
        calls.refused("InvalidRange", s3.get_object, Bucket="templates", Key="c", Range="bytes=0-9")
        calls.refused("BucketNotEmpty", s3.delete_bucket, Bucket="templates")
        calls.refused("BucketAlreadyOwnedByYou", s3.create_bucket, Bucket="templates")
        stranger = calls._watched(("AKIAUNKNOWNUNKNOWN00", "x", None), "s3", "us-east-1")
        calls.refused("InvalidAccessKeyId", stranger.list_buckets)
        key, _ = self.lab.made["admins"][MEMBER]
        forger = calls._watched((key, "wrong", None), "s3", "us-east-1")
        calls.refused("SignatureDoesNotMatch", forger.list_buckets)
        # botocore goes on to the region that the reply names.
        self.assertEqual(calls.role("s3", region="eu-west-1").get_object(Bucket="templates", Key="c")["Body"].read(), b"")
        far = calls.role("s3", region="eu-west-1")
        far.create_bucket(Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.assertEqual(far.get_bucket_location(Bucket="far-away")["LocationConstraint"], "eu-west-1")
        far.delete_bucket(Bucket="far-away")
        for key in ("a b/ü+1//x", "c", "none"):
            s3.delete_object(Bucket="templates", Key=key)
        s3.delete_bucket(Bucket="templates")

    def contacts(self, calls):
        account = calls.client("account", "100000000000")
        contact = {"AlternateContactType": "SECURITY", "AccountId": MEMBER}
        calls.refused("ResourceNotFoundException", account.get_alternate_contact, **contact)
        account.put_alternate_contact(
            **contact, EmailAddress="security@example.com", Name="Security", PhoneNumber="+1 555 0100", Title="Team"
        )
        found = account.get_alternate_contact(**contact)["AlternateContact"]
        self.assertEqual(found["EmailAddress"], "security@example.com")
        self.assertEqual(calls.role("account").get_alternate_contact(AlternateContactType="SECURITY")["AlternateContact"], found)
        calls.refused("AccessDeniedException", calls.role("account").get_alternate_contact, **contact)
        account.delete_alternate_contact(**contact)
        calls.refused("ResourceNotFoundException", account.delete_alternate_contact, **contact)

    # --- trouble, and long lists

    def faults(self, calls):
        ordered = (
            ("iam", "list_users", {}, {"throttle": "Throttling", "error": "ServiceFailure", "deny": "AccessDenied", "expired": "ExpiredToken"}),
            ("sts", "get_caller_identity", {}, {"throttle": "Throttling", "expired": "ExpiredToken"}),
            ("secretsmanager", "list_secrets", {},
             {"throttle": "ThrottlingException", "error": "InternalServiceError", "deny": "AccessDeniedException",
              "expired": "ExpiredTokenException"}),
            ("organizations", "list_roots", {}, {"throttle": "TooManyRequestsException", "error": "ServiceException"}),
            ("sesv2", "list_email_identities", {}, {"throttle": "TooManyRequestsException"}),
            ("sns", "list_topics", {}, {"throttle": "Throttling", "error": "InternalError", "deny": "AuthorizationError"}),
            ("events", "list_event_buses", {}, {"throttle": "ThrottlingException", "error": "InternalException"}),
            ("ssm", "describe_parameters", {}, {"throttle": "ThrottlingException", "error": "InternalServerError"}),
            ("s3", "list_buckets", {},
             {"throttle": "SlowDown", "error": "InternalError", "deny": "AccessDenied", "expired": "ExpiredToken"}),
            ("account", "get_alternate_contact", {"AlternateContactType": "SECURITY"},
             {"throttle": "TooManyRequestsException", "error": "InternalServerException", "deny": "AccessDeniedException"}),
        )
        for service, operation, arguments, kinds in ordered:
            client = calls.role(service, "100000000000" if service == "organizations" else MEMBER)
            for kind, code in kinds.items():
                self.lab.fault(op="*", service="ses" if service == "sesv2" else service, kind=kind)
                calls.refused(code, getattr(client, operation), **arguments)

    def pages(self, calls):
        self.lab.control(
            "secrets_bulk", account=MEMBER, secrets=[{"name": f"many-{number:03}"} for number in range(120)]
        )
        self.lab.options(iam_page=1, organizations_empty_pages=True)
        secrets, iam = calls.client("secretsmanager"), calls.client("iam")
        found = [s["Name"] for page in secrets.get_paginator("list_secrets").paginate() for s in page["SecretList"]]
        self.assertEqual(len(set(found)), 120)
        self.assertEqual(
            [u["UserName"] for page in iam.get_paginator("list_users").paginate() for u in page["Users"]], ["ann", "bob"]
        )
        for kind in ("list_roles", "list_groups", "get_account_authorization_details", "list_policies"):
            self.assertGreaterEqual(len(list(iam.get_paginator(kind).paginate())), 1)
        org = calls.client("organizations", "100000000000")
        found = [a["Id"] for page in org.get_paginator("list_accounts").paginate() for a in page["Accounts"]]
        self.assertEqual(sorted(found), sorted(self.lab.made["admins"]))


class Checker(LabCase):
    """The checker itself finds what it is for."""

    def check(self, service, operation, body, parsed, status=200, content_type="text/xml"):
        import botocore.session

        model = botocore.session.get_session().get_service_model(service).operation_model(operation)
        parsed = {"ResponseMetadata": {"RequestId": "1"}, **parsed}
        return lossless.check(model, status, {"content-type": content_type}, body.encode(), parsed)

    def test_unknown_and_lost_members_are_found(self):
        def reply(inner):
            return (
                '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' + inner +
                "</GetCallerIdentityResult><ResponseMetadata/></GetCallerIdentityResponse>"
            )

        self.assertEqual(self.check("sts", "GetCallerIdentity", reply("<Arn>a</Arn>"), {"Arn": "a"}), [])
        self.assertIn("not in the model", self.check("sts", "GetCallerIdentity", reply("<Name>a</Name>"), {})[0])
        self.assertIn("does not arrive", self.check("sts", "GetCallerIdentity", reply("<Arn>a</Arn>"), {})[0])
        self.assertIn("arrives as", self.check("sts", "GetCallerIdentity", reply("<Arn>a</Arn>"), {"Arn": "b"})[0])
        json_type = "application/x-amz-json-1.1"
        self.assertIn(
            "not in the model", self.check("secretsmanager", "DescribeSecret", '{"Nmae": "a"}', {}, content_type=json_type)[0]
        )
        self.assertIn(
            "is no string", self.check("secretsmanager", "DescribeSecret", '{"Name": 1}', {"Name": 1}, content_type=json_type)[0]
        )
        self.assertIn(
            "neither declared", self.check(
                "secretsmanager", "DescribeSecret", '{"__type": "Oops"}', {"Error": {"Code": "Oops"}}, 400, json_type
            )[0]
        )


class CommandLine(LabCase):
    """The aws CLI itself, as a process, with the commands that a person looks around with."""

    def setUp(self):
        if importlib.util.find_spec("awscli") is None:
            self.skipTest("Python module awscli is not installed")
        self.one_user([{"age": 95, "used": 1}])

    def aws(self, *words, account=MEMBER, refused=False):
        key, secret = self.lab.made["admins"][account]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        done = subprocess.run(
            [sys.executable, "-m", "awscli", *words], capture_output=True, text=True, timeout=60, env={
                **kept, "AWS_ENDPOINT_URL": self.lab.url, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
            },
        )
        self.assertEqual(done.returncode != 0, refused, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout.strip().startswith(("{", "[")) else done.stdout + done.stderr

    def test_looking_around(self):
        self.assertEqual(self.aws("sts", "get-caller-identity")["Account"], MEMBER)
        self.assertEqual([u["UserName"] for u in self.aws("iam", "list-users")["Users"]], ["ann"])
        keys = self.aws("iam", "list-access-keys", "--user-name", "ann")["AccessKeyMetadata"]
        self.assertEqual([k["AccessKeyId"] for k in keys], self.lab.keys_of(MEMBER, "ann"))
        accounts = self.aws("organizations", "list-accounts", account="100000000000")["Accounts"]
        self.assertIn(MEMBER, [a["Id"] for a in accounts])
        self.assertEqual(self.aws("secretsmanager", "list-secrets")["SecretList"], [])

    def test_changing_and_being_refused(self):
        self.aws("iam", "create-user", "--user-name", "eve", "--tags", "Key=a,Value=b")
        self.aws("iam", "create-access-key", "--user-name", "eve")
        self.assertIn("EntityAlreadyExists", self.aws("iam", "create-user", "--user-name", "eve", refused=True))
        self.aws("secretsmanager", "create-secret", "--name", "s", "--secret-string", "v")
        self.assertEqual(self.aws("secretsmanager", "get-secret-value", "--secret-id", "s")["SecretString"], "v")
        self.aws("sesv2", "create-email-identity", "--email-identity", "example.com")
        self.assertIn("arn:aws:sns:us-east-1", self.aws("sns", "create-topic", "--name", "t")["TopicArn"])


if __name__ == "__main__":
    unittest.main()
