"""The lab is as strict as it says: each rule that rekeyer's safety rests on is proved here with boto3, without rekeyer."""

import http.client
import json
import unittest
from datetime import timedelta

from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, HTTPClientError

from case import MEMBER, SECOND, ServiceCase

TOKEN = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"


class Clock(ServiceCase):
    def test_date_header_and_key_dates_follow_the_clock(self):
        self.one_user([{"age": 10}])
        self.lab.move_clock(80)
        reply = self.caller("sts").get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]["date"]
        key = self.member().create_access_key(UserName="ann")["AccessKey"]
        from email.utils import parsedate_to_datetime

        moved = self.lab.now()
        self.assertAlmostEqual(parsedate_to_datetime(reply).timestamp(), moved, delta=5)
        self.assertAlmostEqual(key["CreateDate"].timestamp(), moved, delta=5)

    def test_connections_are_kept_alive(self):
        self.build()
        connection = http.client.HTTPConnection("127.0.0.1", self.lab.port)
        for _ in range(3):
            connection.request("POST", self.lab.backend.control_prefix + "ping", "{}")
            reply = connection.getresponse()
            reply.read()
            self.assertEqual(reply.version, 11)
            self.assertFalse(reply.will_close)
        connection.close()


class Signatures(ServiceCase):
    def test_wrong_secret_is_refused(self):
        made = self.build()["caller"]
        self.refused("SignatureDoesNotMatch", self.lab.client_with(made["key"], "wrong", "sts").get_caller_identity)
        self.refused(
            "InvalidSignatureException", self.lab.client_with(made["key"], "wrong", "organizations").list_roots
        )

    def test_unknown_and_inactive_keys_look_the_same(self):
        made = self.one_user([{"age": 1, "status": "Inactive"}])
        unknown = self.lab.client_with("AKIAUNKNOWNUNKNOWN00", "x", "sts")
        self.assertEqual(
            self.refused("InvalidClientTokenId", unknown.get_caller_identity)["ResponseMetadata"]["HTTPStatusCode"], 403
        )
        inactive = self.lab.client_with(self.lab.keys_of(MEMBER, "ann")[0], "x", "secretsmanager")
        self.refused("UnrecognizedClientException", inactive.list_secrets)
        self.assertEqual(made["management"], "100000000000")

    def test_signature_older_than_five_minutes_is_refused(self):
        made = self.build()["caller"]
        client = self.lab.client_with(made["key"], made["secret"], "sts", any_date=False)
        client.get_caller_identity()
        self.lab.advance(minutes=4)
        client.get_caller_identity()
        self.lab.advance(minutes=2)
        problem = self.refused("SignatureDoesNotMatch", client.get_caller_identity)
        self.assertIn("Signature expired", problem["Error"]["Message"])
        self.lab.advance(hours=-1)
        self.assertIn(
            "not yet current", self.refused("SignatureDoesNotMatch", client.get_caller_identity)["Error"]["Message"]
        )

    def test_iam_must_be_signed_for_its_home_region(self):
        self.build()
        self.refused("SignatureDoesNotMatch", self.caller("iam", region="eu-west-1").list_users)

    def test_session_expires(self):
        self.one_user([])
        client = self.member()
        client.list_users()
        self.lab.advance(hours=1, seconds=1)
        self.refused("ExpiredToken", client.list_users)


class Sessions(ServiceCase):
    def test_missing_role_suspended_account_and_foreign_caller_are_denied_alike(self):
        self.build({"id": MEMBER, "roles": []}, {"id": SECOND, "state": "SUSPENDED"})
        for account in (MEMBER, SECOND):
            with self.assertRaisesRegex(ClientError, "AccessDenied"):
                self.lab.assume(account)

    def test_external_id_must_match(self):
        self.one_user([], external_id="lab-id")
        with self.assertRaisesRegex(ClientError, "AccessDenied"):
            self.lab.assume(MEMBER)
        with self.assertRaisesRegex(ClientError, "AccessDenied"):
            self.lab.assume(MEMBER, ExternalId="other")
        self.lab.assume(MEMBER, ExternalId="lab-id")("iam").list_users()

    def test_chained_session_longer_than_an_hour_is_an_error(self):
        self.build(
            {
                "id": MEMBER,
                "roles": [
                    {},
                    {
                        "name": "hop", "max_session": 43200,
                        "trust": {
                            "Statement": {"Effect": "Allow", "Principal": {"AWS": MEMBER}, "Action": "sts:AssumeRole"}
                        },
                    },
                ],
            }
        )
        sts = self.member("sts")
        self.refused(
            "ValidationError", sts.assume_role, RoleArn=f"arn:aws:iam::{MEMBER}:role/hop", RoleSessionName="lab",
            DurationSeconds=7200,
        )

    def test_identity_names_the_session(self):
        self.one_user([])
        self.assertEqual(
            self.member("sts").get_caller_identity()["Arn"],
            f"arn:aws:sts::{MEMBER}:assumed-role/rekeyer-member/lab-test",
        )


class Organizations(ServiceCase):
    def many(self, **options):
        self.build(
            *[{"id": f"{n:012d}", "ou": "A/B" if n % 2 else ""} for n in range(1, 46)], ous=["A/B"], options=options
        )

    def test_pages_hold_twenty_accounts(self):
        self.many()
        client = self.caller("organizations")
        first = client.list_accounts()
        self.assertEqual(len(first["Accounts"]), 20)
        self.refused("InvalidInputException", client.list_accounts, MaxResults=20, NextToken="nonsense")
        everything = [a["Id"] for page in client.get_paginator("list_accounts").paginate() for a in page["Accounts"]]
        self.assertEqual(len(set(everything)), 46)

    def test_empty_pages_carry_a_token(self):
        self.many(organizations_empty_pages=True)
        pages = list(self.caller("organizations").get_paginator("list_accounts").paginate())
        self.assertEqual(pages[0]["Accounts"], [])
        self.assertIn("NextToken", pages[0])
        self.assertEqual(sum(len(page["Accounts"]) for page in pages), 46)

    def test_only_the_management_account_is_answered(self):
        self.one_user([])
        client = self.member("organizations")
        self.refused("AccessDeniedException", client.list_accounts)
        self.assertEqual(client.describe_organization()["Organization"]["MasterAccountId"], "100000000000")

    def test_state_is_there_and_status_is_gone(self):
        self.build({"id": MEMBER, "state": "SUSPENDED"})
        client = self.caller("organizations")
        shown = {a["Id"]: a for a in client.list_accounts()["Accounts"]}[MEMBER]
        self.assertEqual(shown["State"], "SUSPENDED")
        self.assertNotIn("Status", shown)
        self.lab.options(organizations_omit_state=True)
        old = client.describe_account(AccountId=MEMBER)["Account"]
        self.assertEqual((old["Status"], "State" in old), ("SUSPENDED", False))

    def test_accounts_of_a_parent_are_its_direct_children(self):
        self.many()
        client = self.caller("organizations")
        count = lambda ou: sum(
            len(p["Accounts"]) for p in client.get_paginator("list_accounts_for_parent").paginate(
                ParentId=self.lab.made["ous"][ou]
            )
        )
        self.assertEqual((count("A"), count("A/B"), count("")), (0, 23, 23))


class Iam(ServiceCase):
    def test_lists_come_in_pages(self):
        self.build(
            {
                "id": MEMBER, "users": [{"name": f"u{n:03d}"} for n in range(130)],
                "groups": [{"name": "Exempt", "members": 120}],
            }
        )
        client = self.member()
        self.assertEqual(len(client.list_users()["Users"]), 100)
        self.assertEqual(len(client.list_users(MaxItems=1000)["Users"]), 250)
        self.lab.options(iam_page=100)
        self.assertEqual(len(client.list_users(MaxItems=1000)["Users"]), 100)
        self.assertEqual(len(client.get_group(GroupName="Exempt")["Users"]), 100)
        self.assertEqual(len(client.get_account_authorization_details(Filter=["User"])["UserDetailList"]), 100)
        self.assertEqual(sum(len(p["Users"]) for p in client.get_paginator("list_users").paginate()), 250)
        self.assertEqual(
            sum(len(p["Users"]) for p in client.get_paginator("get_group").paginate(GroupName="Exempt")), 120
        )
        self.refused("ValidationError", client.list_users, Marker="made-up")

    def test_two_key_limit_counts_inactive_keys(self):
        self.one_user([{"age": 5}, {"age": 50, "status": "Inactive"}])
        problem = self.refused("LimitExceeded", self.member().create_access_key, UserName="ann")
        self.assertEqual(problem["ResponseMetadata"]["HTTPStatusCode"], 409)

    def test_last_use_as_aws_words_it(self):
        self.one_user([{"age": 5}, {"age": 50, "used": 2}])
        never, used = self.lab.keys_of(MEMBER, "ann")
        client = self.member()
        self.assertEqual(
            client.get_access_key_last_used(AccessKeyId=never)["AccessKeyLastUsed"],
            {"ServiceName": "N/A", "Region": "N/A"},
        )
        self.assertEqual(client.get_access_key_last_used(AccessKeyId=used)["AccessKeyLastUsed"]["ServiceName"], "s3")
        self.refused("AccessDenied", client.get_access_key_last_used, AccessKeyId=self.lab.made["caller"]["key"])

    def test_user_name_must_be_given_by_a_role(self):
        self.one_user([])
        self.refused("ValidationError", self.member().create_access_key)

    def test_deleting_twice_is_no_such_entity(self):
        self.one_user([{"age": 5}])
        client, key = self.member(), self.lab.keys_of(MEMBER, "ann")[0]
        client.delete_access_key(UserName="ann", AccessKeyId=key)
        self.assertEqual(
            self.refused(
                "NoSuchEntity", client.delete_access_key, UserName="ann", AccessKeyId=key
            )["ResponseMetadata"]["HTTPStatusCode"],
            404,
        )

    def test_a_new_key_needs_time_to_spread(self):
        self.one_user([], options={"new_key_refusals": 2})
        made = self.member().create_access_key(UserName="ann")["AccessKey"]
        client = self.lab.client_with(made["AccessKeyId"], made["SecretAccessKey"], "sts", any_date=False)
        self.refused("InvalidClientTokenId", client.get_caller_identity)
        self.refused("InvalidClientTokenId", client.get_caller_identity)
        self.assertEqual(client.get_caller_identity()["Arn"], f"arn:aws:iam::{MEMBER}:user/ann")

    def test_report_has_the_root_row_and_ages(self):
        self.one_user([{"age": 95, "used": 3}], options={"report_at_hand": False})
        client = self.member()
        self.assertEqual(
            self.refused("ReportNotPresent", client.get_credential_report)["ResponseMetadata"]["HTTPStatusCode"], 410
        )
        self.assertEqual(client.generate_credential_report()["State"], "STARTED")
        report = client.get_credential_report()
        rows = report["Content"].decode().split("\n")
        self.assertTrue(rows[1].startswith("<root_account>,arn:aws:iam::111111111111:root,"))
        self.assertAlmostEqual(report["GeneratedTime"].timestamp(), self.lab.now(), delta=5)
        client.create_access_key(UserName="ann")
        self.lab.advance(hours=3)
        client = self.member()
        self.assertEqual(client.generate_credential_report()["State"], "COMPLETE")
        self.assertEqual(
            client.get_credential_report()["Content"].decode().split("\n"), rows,
            "a report of less than four hours is reused",
        )
        self.lab.advance(hours=2)
        client = self.member()
        self.refused("ReportExpired", client.get_credential_report)
        client.generate_credential_report()
        self.assertNotEqual(client.get_credential_report()["Content"].decode().split("\n"), rows)

    def test_report_in_progress(self):
        self.one_user([], options={"report_build_polls": 2})
        client = self.member()
        client.generate_credential_report()
        self.assertEqual(
            self.refused("ReportInProgress", client.get_credential_report)["ResponseMetadata"]["HTTPStatusCode"], 404
        )
        self.assertEqual(client.generate_credential_report()["State"], "INPROGRESS")
        self.assertEqual(client.generate_credential_report()["State"], "COMPLETE")
        client.get_credential_report()


class Secrets(ServiceCase):
    def setUp(self):
        self.one_user([{"age": 1}])
        self.client = self.member("secretsmanager")
        self.client.create_secret(Name="s", ClientRequestToken=TOKEN)

    def put(self, token=TOKEN, value="one", stages=("AWSPENDING",)):
        return self.client.put_secret_value(
            SecretId="s", ClientRequestToken=token, SecretString=value, VersionStages=list(stages)
        )

    def stages(self):
        return {
            k: sorted(v) for k, v in self.client.describe_secret(SecretId="s").get("VersionIdsToStages", {}).items()
        }

    def test_a_secret_may_be_created_without_a_value(self):
        self.assertEqual(self.stages(), {})
        self.refused("ResourceExistsException", self.client.create_secret, Name="s", ClientRequestToken=OTHER)

    def test_token_binds_a_version_to_its_value(self):
        self.put()
        self.put()
        self.refused("ResourceExistsException", self.put, value="two")

    def test_pending_in_an_empty_secret_both_ways(self):
        self.put()
        self.assertEqual(self.stages(), {TOKEN: ["AWSPENDING"]})
        self.lab.options(pending_first_version_becomes_current=True)
        self.client.create_secret(Name="t", ClientRequestToken=TOKEN)
        self.client.put_secret_value(
            SecretId="t", ClientRequestToken=TOKEN, SecretString="x", VersionStages=["AWSPENDING"]
        )
        self.assertEqual(
            sorted(self.client.describe_secret(SecretId="t")["VersionIdsToStages"][TOKEN]), ["AWSCURRENT", "AWSPENDING"]
        )

    def test_moving_a_label_needs_the_version_that_holds_it(self):
        self.put(stages=["AWSCURRENT"])
        self.put(OTHER, "two")
        move = self.client.update_secret_version_stage
        self.refused("InvalidParameterException", move, SecretId="s", VersionStage="AWSCURRENT", MoveToVersionId=OTHER)
        self.refused(
            "InvalidParameterException", move, SecretId="s", VersionStage="AWSCURRENT", MoveToVersionId=OTHER,
            RemoveFromVersionId=OTHER,
        )
        move(SecretId="s", VersionStage="AWSCURRENT", MoveToVersionId=OTHER, RemoveFromVersionId=TOKEN)
        self.assertEqual(self.stages(), {TOKEN: ["AWSPREVIOUS"], OTHER: ["AWSCURRENT", "AWSPENDING"]})
        admin = self.lab.admin(MEMBER, "secretsmanager")
        self.assertEqual(admin.get_secret_value(SecretId="s")["SecretString"], "two")

    def test_secret_marked_for_deletion_refuses_changes_until_it_is_gone(self):
        self.client.delete_secret(SecretId="s", RecoveryWindowInDays=7)
        self.refused("InvalidRequestException", self.put)
        self.refused(
            "InvalidRequestException", self.client.tag_resource, SecretId="s", Tags=[{"Key": "a", "Value": "b"}]
        )
        self.refused("InvalidRequestException", self.client.create_secret, Name="s", ClientRequestToken=OTHER)
        deleted = self.client.describe_secret(SecretId="s")["DeletedDate"].timestamp()
        self.assertAlmostEqual(deleted, self.lab.now(), delta=5, msg="DescribeSecret shows when deletion was asked for")
        self.assertEqual(self.client.list_secrets()["SecretList"], [])
        self.lab.advance(days=8)
        self.client = self.member("secretsmanager")
        self.refused("ResourceNotFoundException", self.client.describe_secret, SecretId="s")
        self.client.create_secret(Name="s", ClientRequestToken=OTHER)

    def test_tags_have_rules(self):
        for value in ("a,b", "a;b", "x" * 257):
            self.refused(
                "InvalidParameterException", self.client.tag_resource, SecretId="s", Tags=[{"Key": "k", "Value": value}]
            )
        self.client.tag_resource(SecretId="s", Tags=[{"Key": "k", "Value": "a b_1.:/=+-@" + "x" * 240}])

    def test_list_is_paged_filtered_by_prefix_and_can_be_stale(self):
        self.lab.control(
            "secrets_bulk", account=MEMBER,
            secrets=[{"name": f"Account_{n:03d}"} for n in range(150)] + [{"name": "x-Account_"}],
        )
        wanted = [{"Key": "name", "Values": ["Account_"]}]
        first = self.client.list_secrets(Filters=wanted)
        self.assertEqual((len(first["SecretList"]), "NextToken" in first), (100, True))
        self.assertEqual(
            sum(len(p["SecretList"]) for p in self.client.get_paginator("list_secrets").paginate(Filters=wanted)), 150
        )
        self.lab.options(secrets_list_frozen=True)
        self.client.list_secrets(Filters=wanted)
        self.lab.control("secret", account=MEMBER, secret={"name": "Account_late"})
        self.assertEqual(
            sum(len(p["SecretList"]) for p in self.client.get_paginator("list_secrets").paginate(Filters=wanted)), 150
        )

    def test_resource_policy_is_checked(self):
        put = self.client.put_resource_policy
        self.refused("MalformedPolicyDocumentException", put, SecretId="s", ResourcePolicy="{")
        statement = {
            "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*",
            "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/nobody"},
        }
        self.refused(
            "MalformedPolicyDocumentException", put, SecretId="s", ResourcePolicy=json.dumps({"Statement": [statement]})
        )
        statement["Principal"] = "*"
        self.refused(
            "PublicPolicyException", put, SecretId="s", ResourcePolicy=json.dumps({"Statement": [statement]}),
            BlockPublicPolicy=True,
        )

    def test_a_role_that_may_not_read_a_value_is_refused_and_the_attempt_is_recorded(self):
        self.put()
        denial = {"Effect": "Deny", "Action": "secretsmanager:GetSecretValue", "Resource": "*", "Principal": "*"}
        self.client.put_resource_policy(SecretId="s", ResourcePolicy=json.dumps({"Statement": [denial]}))
        self.refused("AccessDeniedException", self.client.get_secret_value, SecretId="s", VersionStage="AWSPENDING")
        self.assertEqual(self.lab.violations()[0]["operation"], "GetSecretValue")

    def test_owner_reads_what_the_resource_policy_grants(self):
        self.put(stages=["AWSCURRENT"])
        made = self.member().create_access_key(UserName="ann")["AccessKey"]
        owner = self.lab.client_with(made["AccessKeyId"], made["SecretAccessKey"], "secretsmanager")
        self.refused("AccessDeniedException", owner.get_secret_value, SecretId="s")
        statement = {
            "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*",
            "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/ann"},
        }
        self.client.put_resource_policy(
            SecretId="s", ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        )
        self.assertEqual(owner.get_secret_value(SecretId="s")["SecretString"], "one")

    def test_policy_can_mean_an_owner_by_the_unique_id(self):
        self.put(stages=["AWSCURRENT"])
        made = self.member().create_access_key(UserName="ann")["AccessKey"]
        owner = self.lab.client_with(made["AccessKeyId"], made["SecretAccessKey"], "secretsmanager")
        statement = {
            "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*",
            "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/ann"},
        }
        for user_id in (self.member().get_user(UserName="ann")["User"]["UserId"], "AIDAANOTHERUSERSID000"):
            statement["Condition"] = {"StringEquals": {"aws:userid": user_id}}
            self.client.put_resource_policy(
                SecretId="s", ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            )
            if user_id.startswith("AIDAANOTHER"):
                self.refused("AccessDeniedException", owner.get_secret_value, SecretId="s")
            else:
                self.assertEqual(owner.get_secret_value(SecretId="s")["SecretString"], "one")

    def test_policy_of_a_secret_that_is_marked_for_deletion_is_shown_to_nobody(self):
        self.client.delete_secret(SecretId="s", RecoveryWindowInDays=30)
        self.refused("InvalidRequestException", self.client.get_resource_policy, SecretId="s")
        self.client.restore_secret(SecretId="s")
        self.client.get_resource_policy(SecretId="s")

    def test_replicas_block_deletion(self):
        self.client.replicate_secret_to_regions(SecretId="s", AddReplicaRegions=[{"Region": "eu-west-1"}])
        self.refused("InvalidRequestException", self.client.delete_secret, SecretId="s")
        self.assertEqual(
            self.lab.assume(MEMBER)("secretsmanager", "eu-west-1").describe_secret(SecretId="s")["PrimaryRegion"],
            "us-east-1",
        )


class Faults(ServiceCase):
    def setUp(self):
        self.one_user([{"age": 1}])

    def test_throttle_speaks_each_services_format(self):
        for service, op, call, code in (
            ("iam", "ListUsers", lambda c: c.list_users(), "Throttling"),
            ("secretsmanager", "ListSecrets", lambda c: c.list_secrets(), "ThrottlingException"),
        ):
            self.lab.fault(op=op, kind="throttle")
            client = self.member(service)
            self.refused(code, lambda client=client, call=call: call(client))
            call(client)
        self.lab.fault(op="ListRoots", kind="throttle")
        self.refused("TooManyRequestsException", self.caller("organizations").list_roots)

    def test_lost_reply_was_performed_and_a_cut_before_was_not(self):
        for when, count in (("before", 1), ("after", 2)):
            self.lab.fault(op="CreateAccessKey", kind="cut", when=when)
            with self.assertRaises((ConnectionClosedError, EndpointConnectionError, HTTPClientError)):
                self.member().create_access_key(UserName="ann")
            self.assertEqual(len(self.member().list_access_keys(UserName="ann")["AccessKeyMetadata"]), count)

    def test_error_after_and_truncated_reply_were_performed(self):
        self.lab.fault(op="UpdateAccessKey", kind="error", when="after")
        key = self.lab.keys_of(MEMBER, "ann")[0]
        self.refused(
            "ServiceFailure", self.member().update_access_key, UserName="ann", AccessKeyId=key, Status="Inactive"
        )
        self.assertEqual(self.member().list_access_keys(UserName="ann")["AccessKeyMetadata"][0]["Status"], "Inactive")
        self.lab.fault(op="CreateAccessKey", kind="truncate")
        with self.assertRaises(Exception):
            self.member().create_access_key(UserName="ann")
        self.assertEqual(len(self.lab.key_events(event="created")), 1)

    def test_faults_are_picked_by_count_account_and_text(self):
        self.lab.fault(op="ListAccessKeys", match="UserName=ann", account=MEMBER, skip=1, kind="deny")
        client = self.member()
        client.list_access_keys(UserName="ann")
        self.refused("AccessDenied", client.list_access_keys, UserName="ann")
        client.list_access_keys(UserName="ann")
        self.assertEqual(self.lab.end_faults()[0]["hit"], 1)

    def test_signal_reaches_the_victim_and_cuts(self):
        import subprocess

        victim = subprocess.Popen(["sleep", "60"])
        self.lab.victim(victim.pid)
        self.lab.fault(op="ListUsers", kind="signal")
        with self.assertRaises((ConnectionClosedError, EndpointConnectionError, HTTPClientError)):
            self.member().list_users()
        self.assertEqual(victim.wait(5), -9)


class Log(ServiceCase):
    def test_calls_tell_who_where_and_what_without_secrets(self):
        self.one_user([{"age": 1}])
        client = self.member("secretsmanager")
        client.create_secret(Name="s", SecretString="very-secret-value")
        text = json.dumps(self.lab.calls())
        self.assertNotIn("very-secret-value", text)
        call = self.lab.calls(operation="CreateSecret")[0]
        self.assertEqual(
            (call["account"], call["service"], call["region"], call["changing"], call["status"]),
            (MEMBER, "secretsmanager", "us-east-1", True, 200),
        )
        self.assertEqual(call["input"]["Name"], "s")
        self.lab.admin(MEMBER, "iam").list_users()
        self.assertNotIn("ListUsers", [c["operation"] for c in self.lab.calls()], "the lab's own calls are kept apart")

    def test_key_history_outlives_the_log(self):
        self.one_user([{"age": 1}])
        client, key = self.member(), self.lab.keys_of(MEMBER, "ann")[0]
        client.update_access_key(UserName="ann", AccessKeyId=key, Status="Inactive")
        self.lab.forget_calls()
        client.delete_access_key(UserName="ann", AccessKeyId=key)
        self.assertEqual([e["event"] for e in self.lab.key_events(id=key)], ["deactivated", "deleted"])


class StrictAuth(ServiceCase):
    def allow(self, *actions, resource="*", condition=None):
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
        if condition:
            statement["Condition"] = condition
        return {"Version": "2012-10-17", "Statement": [statement]}

    def strict(self, policy, **spec):
        self.one_user(
            [{"age": 1}], member_policy=policy, options={"strict_auth": True}, user_spec={"path": "/ci/"}, **spec
        )

    def test_action_and_resource_must_be_allowed(self):
        self.strict(self.allow("iam:ListAccessKeys", resource=f"arn:aws:iam::{MEMBER}:user/ci/*"))
        client = self.member()
        client.list_access_keys(UserName="ann")
        self.refused("AccessDenied", client.list_users)
        self.strict(self.allow("iam:*", resource=f"arn:aws:iam::{MEMBER}:user/other/*"))
        self.refused("AccessDenied", self.member().list_access_keys, UserName="ann")

    def test_caller_must_be_allowed_to_assume(self):
        self.strict(self.allow("*"), caller_policy=self.allow("sts:AssumeRole", resource="arn:aws:iam::*:role/other"))
        with self.assertRaisesRegex(ClientError, "AccessDenied"):
            self.lab.assume(MEMBER)

    def test_create_secret_with_tags_needs_the_tagging_permission(self):
        self.strict(self.allow("secretsmanager:CreateSecret"))
        client = self.member("secretsmanager")
        client.create_secret(Name="plain")
        self.refused("AccessDeniedException", client.create_secret, Name="tagged", Tags=[{"Key": "a", "Value": "b"}])

    def test_conditions_fail_closed(self):
        org = {"StringEquals": {"aws:PrincipalOrgID": "o-unknown"}}
        self.strict(self.allow("iam:*", condition=org))
        self.refused("AccessDenied", self.member().list_users)
        self.strict(self.allow("iam:*", condition={"BinaryEquals": {"aws:PrincipalAccount": MEMBER}}))
        self.refused("AccessDenied", self.member().list_users)
        self.strict(self.allow("iam:*", condition={"StringEquals": {"aws:PrincipalAccount": MEMBER}}))
        self.member().list_users()

    def test_session_policy_narrows(self):
        self.strict(self.allow("*"))
        client = self.lab.assume(MEMBER, Policy=json.dumps(self.allow("iam:ListUsers")))("iam")
        client.list_users()
        self.refused("AccessDenied", client.list_access_keys, UserName="ann")

    def test_customer_key_needs_kms_permissions(self):
        self.strict(
            self.allow("secretsmanager:*"),
            account_spec={"kms_keys": [{"id": "aaaaaaaa-0000-4000-8000-000000000000", "policy": {"Statement": []}}]},
        )
        client = self.member("secretsmanager")
        client.create_secret(Name="s", KmsKeyId="aaaaaaaa-0000-4000-8000-000000000000")
        self.refused("AccessDeniedException", client.put_secret_value, SecretId="s", SecretString="x")


if __name__ == "__main__":
    unittest.main()
