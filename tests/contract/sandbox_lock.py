"""The sandbox shows what is wrong without a lock on a secret, and what a lock stops: wide identity policies, names that pass to somebody
else, policies and replicas that come late. By boto3, without rekeyer.
"""

import json
import unittest

from case import MEMBER, ServiceCase

ALLOWED = "arn:aws:iam::aws:policy/"
TRUST = {"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::100000000000:root"}, "Action": "sts:AssumeRole"}}
READING = [f"secretsmanager:{name}" for name in ("GetSecretValue", "DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds")]
TEAM = {"StringEquals": {"aws:ResourceTag/team": "thieves"}}
ABAC = {
    "Statement": [
        {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*", "Condition": TEAM},
        {"Effect": "Allow", "Action": ["secretsmanager:CreateSecret", "secretsmanager:TagResource"], "Resource": "*",
         "Condition": {"StringEquals": {"aws:RequestTag/team": "thieves"}}},
    ]
}


def lock(owner_id: str) -> dict:
    """Changes are the member role's, and values the owner's and one reader's, whatever identity policies say."""
    return {
        "Version": "2012-10-17", "Statement": [
            {"Sid": "Lock", "Effect": "Deny", "Principal": "*", "NotAction": READING, "Resource": "*",
             "Condition": {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{MEMBER}:role/rekeyer-member"]}}},
            {"Sid": "Readers", "Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*",
             "Condition": {"StringNotEquals": {"aws:userid": owner_id},
                           "ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{MEMBER}:role/reader"}}},
        ]
    }


def granting(user: str) -> dict:
    return {
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/{user}"}, "Action": READING[0], "Resource": "*"}
        ]
    }


class LockCase(ServiceCase):
    def setUp(self):
        self.build({
            "id": MEMBER, "name": "member", "roles": [
                {},
                {"name": "power", "path": "/people/", "trust": TRUST, "policies": {}, "attached": [ALLOWED + "PowerUserAccess"]},
                {"name": "admin", "path": "/people/", "trust": TRUST, "policies": {}, "attached": [ALLOWED + "AdministratorAccess"]},
                {"name": "abac", "trust": TRUST, "policies": {"p": ABAC}},
            ], "users": [
                {"name": "ann", "policies": {"p": {"Statement": {"Effect": "Allow", "Action": READING[0], "Resource": "*"}}}},
                {"name": "boss", "attached": [ALLOWED + "AdministratorAccess"]},
            ],
        })
        self.iam = self.lab.admin(MEMBER, "iam")
        self.secrets = self.member("secretsmanager")
        self.secrets.create_secret(Name="s", SecretString="ann's key")

    def role(self, name, service="secretsmanager", **more):
        path = "people/" if name in ("power", "admin") else ""
        return self.lab.assume(MEMBER, path + name)(service, **more)

    def user(self, name, service="secretsmanager"):
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return self.lab.client_with(key["AccessKeyId"], key["SecretAccessKey"], service)

    def put_policy(self, policy):
        self.secrets.put_resource_policy(SecretId="s", ResourcePolicy=json.dumps(policy), BlockPublicPolicy=True)

    def policy(self) -> dict:
        return json.loads(self.secrets.get_resource_policy(SecretId="s")["ResourcePolicy"])

    def id_of(self, user) -> str:
        return self.iam.get_user(UserName=user)["User"]["UserId"]


class Lock(LockCase):
    def test_wide_rights_reach_every_secret_that_has_no_lock(self):
        for client in (self.role("power"), self.role("admin"), self.user("boss")):
            self.assertEqual(client.get_secret_value(SecretId="s")["SecretString"], "ann's key")
            client.tag_resource(SecretId="s", Tags=[{"Key": "team", "Value": "thieves"}])
            self.assertEqual(self.role("abac").get_secret_value(SecretId="s")["SecretString"], "ann's key")
            client.untag_resource(SecretId="s", TagKeys=["team"])
            self.refused("AccessDeniedException", self.role("abac").get_secret_value, SecretId="s")
        self.assertEqual(self.lab.violations(), [])

    def test_a_squatter_makes_the_secret_before_its_time_and_reads_whatever_comes_in(self):
        squatter = self.role("abac")
        squatter.create_secret(Name="t", Tags=[{"Key": "team", "Value": "thieves"}])
        self.refused("AccessDeniedException", squatter.create_secret, Name="untagged")
        self.secrets.put_secret_value(SecretId="t", SecretString="bob's key")
        self.assertEqual(squatter.get_secret_value(SecretId="t")["SecretString"], "bob's key")

    def test_a_lock_stops_everybody_but_those_it_names(self):
        self.put_policy(lock(self.id_of("ann")))
        self.secrets.tag_resource(SecretId="s", Tags=[{"Key": "team", "Value": "thieves"}])
        for client in (self.role("power"), self.role("admin"), self.role("abac"), self.user("boss")):
            self.refused("AccessDeniedException", client.get_secret_value, SecretId="s")
            for call, arguments in (
                (client.put_secret_value, {"SecretString": "theirs"}),
                (client.update_secret, {"Description": "theirs"}),
                (client.update_secret_version_stage, {"VersionStage": "theirs"}),
                (client.tag_resource, {"Tags": [{"Key": "a", "Value": "b"}]}),
                (client.untag_resource, {"TagKeys": ["team"]}),
                (client.put_resource_policy, {"ResourcePolicy": json.dumps(granting("boss"))}),
                (client.delete_resource_policy, {}),
                (client.replicate_secret_to_regions, {"AddReplicaRegions": [{"Region": "eu-west-1"}]}),
                (client.delete_secret, {"ForceDeleteWithoutRecovery": True}),
                (client.restore_secret, {}),
            ):
                refused = self.refused("AccessDeniedException", call, SecretId="s", **arguments)
                self.assertIn("with an explicit deny in a resource-based policy", refused["Error"]["Message"])
        batch = self.role("power").batch_get_secret_value(SecretIdList=["s"])
        self.assertEqual((batch["SecretValues"], batch["Errors"][0]["ErrorCode"]), ([], "AccessDeniedException"))
        self.assertEqual(self.user("ann").get_secret_value(SecretId="s")["SecretString"], "ann's key")
        self.secrets.put_secret_value(SecretId="s", SecretString="ann's next key")
        self.assertIn("LastChangedDate", self.role("power").describe_secret(SecretId="s"))

    def test_the_owners_name_does_not_open_the_lock_to_the_next_who_has_it(self):
        self.put_policy(lock(self.id_of("ann")))
        self.iam.update_user(UserName="ann", NewUserName="anna", NewPath="/renamed/")
        self.assertEqual(self.user("anna").get_secret_value(SecretId="s")["SecretString"], "ann's key")
        self.iam.create_user(UserName="ann")
        self.iam.attach_user_policy(UserName="ann", PolicyArn=ALLOWED + "AdministratorAccess")
        self.refused("AccessDeniedException", self.user("ann").get_secret_value, SecretId="s")

    def test_a_federated_session_of_the_owner_is_not_the_owner(self):
        self.iam.put_user_policy(
            UserName="ann", PolicyName="f", PolicyDocument=json.dumps({"Statement": {"Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": "*"}})
        )
        issued = self.user("ann", "sts").get_federation_token(
            Name="guest", Policy=json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
        )["Credentials"]
        guest = {
            service: self.lab.client_with(issued["AccessKeyId"], issued["SecretAccessKey"], service, token=issued["SessionToken"])
            for service in ("sts", "secretsmanager", "iam")
        }
        identity = guest["sts"].get_caller_identity()
        self.assertEqual((identity["Arn"], identity["UserId"]), (f"arn:aws:sts::{MEMBER}:federated-user/guest", f"{MEMBER}:guest"))
        self.assertEqual(guest["secretsmanager"].get_secret_value(SecretId="s")["SecretString"], "ann's key")
        self.put_policy(lock(self.id_of("ann")))
        self.refused("AccessDeniedException", guest["secretsmanager"].get_secret_value, SecretId="s")
        self.refused("InvalidClientTokenId", guest["iam"].list_users)


class Names(LockCase):
    def test_a_user_is_its_id_everywhere_and_keeps_it(self):
        ann, key = self.id_of("ann"), self.iam.create_access_key(UserName="ann")["AccessKey"]
        own = self.lab.client_with(key["AccessKeyId"], key["SecretAccessKey"], "sts")
        self.iam.tag_user(UserName="ann", Tags=[{"Key": "team", "Value": "core"}])
        for name in ("Ann", "anna"):
            self.iam.update_user(UserName="ann" if name == "Ann" else "Ann", NewUserName=name)
            user = self.iam.get_user(UserName=name)["User"]
            self.assertEqual((user["UserId"], user["UserName"], user["Tags"]), (ann, name, [{"Key": "team", "Value": "core"}]))
            self.assertEqual(own.get_caller_identity()["UserId"], ann)
            self.assertEqual(self.iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["UserName"], name)
            details = self.iam.get_account_authorization_details(Filter=["User"])["UserDetailList"]
            for users in (self.iam.list_users()["Users"], details):
                self.assertEqual({u["UserName"]: u["UserId"] for u in users}[name], ann)
        self.refused("EntityAlreadyExists", self.iam.update_user, UserName="anna", NewUserName="BOSS")
        self.iam.create_user(UserName="ann")
        self.assertNotEqual(self.id_of("ann"), ann)
        self.assertRegex(self.role("power", "sts").get_caller_identity()["UserId"], r"^AROA[A-Z2-7]{17}:lab-test$")

    def test_a_policy_follows_its_principal_and_is_nobodys_when_that_is_gone(self):
        self.iam.create_user(UserName="bob")
        self.put_policy(granting("bob"))
        bob, bobs_id = self.user("bob"), self.id_of("bob")
        self.assertEqual(bob.get_secret_value(SecretId="s")["SecretString"], "ann's key")
        self.iam.update_user(UserName="bob", NewUserName="robert")
        self.assertEqual(self.policy(), granting("robert"))
        self.assertEqual(bob.get_secret_value(SecretId="s")["SecretString"], "ann's key")
        self.iam.create_user(UserName="bob")
        self.refused("AccessDeniedException", self.user("bob").get_secret_value, SecretId="s")
        for key in self.iam.list_access_keys(UserName="robert")["AccessKeyMetadata"]:
            self.iam.delete_access_key(UserName="robert", AccessKeyId=key["AccessKeyId"])
        self.iam.delete_user(UserName="robert")
        left = self.policy()
        self.assertEqual(left["Statement"][0]["Principal"]["AWS"], bobs_id)
        refused = self.refused(
            "MalformedPolicyDocumentException", self.secrets.put_resource_policy, SecretId="s", ResourcePolicy=json.dumps(left)
        )
        self.assertEqual(refused["Error"]["Message"], "This resource policy contains an unsupported principal.")


class Lateness(LockCase):
    def test_a_policy_is_shown_before_it_is_enforced(self):
        self.lab.options(resource_policy_delay=60)
        self.put_policy(lock(self.id_of("ann")))
        self.assertEqual(self.policy(), lock(self.id_of("ann")))
        self.role("power").get_secret_value(SecretId="s")
        self.lab.advance(seconds=61)
        self.refused("AccessDeniedException", self.role("power").get_secret_value, SecretId="s")

    def test_a_replica_takes_its_time_or_fails(self):
        self.lab.options(replication_time=60, failing_replica_regions=["eu-west-2"])
        regions = [{"Region": "eu-west-1"}, {"Region": "eu-west-2"}]
        status = self.secrets.replicate_secret_to_regions(SecretId="s", AddReplicaRegions=regions)["ReplicationStatus"]
        self.assertEqual([each["Status"] for each in status], ["InProgress", "InProgress"])
        self.refused("ResourceNotFoundException", self.role("power", region="eu-west-1").describe_secret, SecretId="s")
        self.lab.advance(seconds=61)
        status = self.secrets.describe_secret(SecretId="s")["ReplicationStatus"]
        self.assertEqual([each["Status"] for each in status], ["InSync", "Failed"])
        self.assertIn("Replication failed", status[1]["StatusMessage"])
        self.role("power", region="eu-west-1").describe_secret(SecretId="s")

    def test_a_lock_goes_along_to_replicas_and_stops_their_being_taken_off(self):
        self.put_policy(lock(self.id_of("ann")))
        self.secrets.replicate_secret_to_regions(SecretId="s", AddReplicaRegions=[{"Region": "eu-west-1"}])
        thief = self.role("admin", region="eu-west-1")
        self.refused("AccessDeniedException", thief.get_secret_value, SecretId="s")
        self.refused("AccessDeniedException", thief.stop_replication_to_replica, SecretId="s")
        self.member("secretsmanager").remove_regions_from_replication(SecretId="s", RemoveReplicaRegions=["eu-west-1"])
        self.refused("ResourceNotFoundException", thief.describe_secret, SecretId="s")

    def test_every_change_shows_in_the_date_of_the_last_one(self):
        before = self.secrets.describe_secret(SecretId="s")["LastChangedDate"]
        self.lab.advance(seconds=1.25)
        self.put_policy(lock(self.id_of("ann")))
        after = self.secrets.describe_secret(SecretId="s")["LastChangedDate"]
        self.assertGreaterEqual((after - before).total_seconds(), 1.2)
        self.assertEqual(self.secrets.list_secrets()["SecretList"][0]["LastChangedDate"], after)


if __name__ == "__main__":
    unittest.main()
