"""The service control policy of `rekeyer permissions --organization-policy`: whoever has all rights to Secrets Manager, and none to IAM, can neither make nor
change a secret that is called like a user's; rekeyer can. With the sandbox only: moto knows no service control policies.
"""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from botocore.exceptions import ClientError
from case import MEMBER, RekeyerCase, secret_name
from least_privilege import policies_of
from rekeyer import binary, document

MANAGEMENT = "100000000000"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ALL_OF_SECRETS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}]}
#: The person's key.
KEY = {"id": "AKIAPERSONPERSON0001", "secret": "secret-of-the-person"}
READING = ["GetSecretValue", "DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds"]
#: All that changes a secret, in the words of AWS's service authorization reference; the last ones are younger than most lists of actions.
CHANGING = [
    "CreateSecret", "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "PutResourcePolicy", "DeleteResourcePolicy", "TagResource", "UntagResource",
    "DeleteSecret", "RestoreSecret", "RotateSecret", "CancelRotateSecret", "ReplicateSecretToRegions", "RemoveRegionsFromReplication",
    "StopReplicationToReplica", "AssociateCrossAccountReplica", "DisassociateCrossAccountReplica", "AcceptCrossAccountReplication",
]


def reservation(*flags, sections=None) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "rekeyer.toml"
        config.write_text(document(sections or {}))
        done = subprocess.run([str(binary()), "permissions", "--organization-policy", "--config", str(config), *flags], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class ReservedNames(RekeyerCase):
    def stand_up(self, *documents, roles=()):
        """A member account with ann, whose key is due, and a person who may do anything with secrets; rekeyer has its own policies and no more."""
        policies = policies_of({}, MANAGEMENT)
        controls = [{"name": f"policy-{number}", "document": each, "targets": ["root"]} for number, each in enumerate([EVERYTHING, *documents])]
        users = [
            {"name": "ann", "keys": [{"age": 95, "used": 1}]},
            {"name": "person", "keys": [{**KEY, "age": 1}], "policies": {"secrets": ALL_OF_SECRETS}},
        ]
        member = {"id": MEMBER, "name": "member", "users": users}
        if roles:
            member["roles"] = [{"name": "rekeyer-member"}, *roles]
        self.build(
            member, organization={"controls": controls} if documents else {}, options={"strict_auth": True},
            member_policy=policies["rekeyer-member"], caller_policy=policies["caller"],
        )
        self.use()

    def person(self, region="us-east-1"):
        return self.lab.client_with(KEY["id"], KEY["secret"], "secretsmanager", region)

    def as_role(self, name):
        role = f"arn:aws:iam::{MEMBER}:role/{name}"
        issued = self.lab.admin(MANAGEMENT, "sts").assume_role(RoleArn=role, RoleSessionName="person")["Credentials"]
        return self.lab.client_with(issued["AccessKeyId"], issued["SecretAccessKey"], "secretsmanager", token=issued["SessionToken"])

    def assertReserved(self, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], "AccessDeniedException", error)
        self.assertIn("with an explicit deny in a service control policy", error["Message"])

    @staticmethod
    def changes(secrets, name) -> list:
        """Every changing call that the sandbox has, in an order in which all of them go well."""
        allow = json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MEMBER}:user/person"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*",
        }]})
        by_id = {"SecretId": name}
        return [
            (secrets.put_secret_value, {**by_id, "SecretString": "mine"}), (secrets.update_secret, {**by_id, "Description": "mine"}),
            (secrets.tag_resource, {**by_id, "Tags": [{"Key": "rekeyer:custody", "Value": "forged"}]}), (secrets.untag_resource, {**by_id, "TagKeys": ["rekeyer:custody"]}),
            (secrets.put_resource_policy, {**by_id, "ResourcePolicy": allow}), (secrets.delete_resource_policy, by_id),
            (secrets.replicate_secret_to_regions, {**by_id, "AddReplicaRegions": [{"Region": "eu-west-1"}]}),
            (secrets.remove_regions_from_replication, {**by_id, "RemoveReplicaRegions": ["eu-west-1"]}),
            (secrets.delete_secret, by_id), (secrets.restore_secret, by_id),
        ]

    def test_without_it_a_person_makes_and_changes_such_a_secret(self):
        """What the policy is for; and the calls below are right in themselves."""
        self.stand_up()
        self.person().create_secret(Name=secret_name(MEMBER, "ann"))
        for call, arguments in self.changes(self.person(), secret_name(MEMBER, "ann")):
            call(**arguments)

    def test_with_it_nobody_makes_such_a_secret_in_any_region(self):
        self.stand_up(reservation())
        for region in ("us-east-1", "eu-west-1"):
            self.assertReserved(self.person(region).create_secret, Name=secret_name(MEMBER, "ann"))
            self.assertReserved(self.person(region).create_secret, Name=secret_name(MEMBER, "nobody.yet"), SecretString="mine", Tags=[{"Key": "team", "Value": "a"}])
        self.assertIsNone(self.described())

    def test_making_is_denied_by_the_name_alone_too(self):
        """AWS does not document on which ARN it decides about what is not there yet; the sandbox takes that of the secret to be."""
        policy = reservation()
        by_name = {**policy, "Statement": [statement for statement in policy["Statement"] if statement["Resource"] == "*"]}
        self.assertEqual(len(by_name["Statement"]), 1)
        self.stand_up(by_name)
        self.assertReserved(self.person().create_secret, Name=secret_name(MEMBER, "ann"))
        self.person().create_secret(Name="team/database")
        self.assertExit(self.rekeyer.apply(), 0)

    def test_with_it_rekeyer_lives_on_and_nobody_changes_what_it_keeps(self):
        self.stand_up(reservation())
        old = self.lab.keys_of(MEMBER, "ann")[0]
        for day in (0, 10.1, 20.2):
            self.lab.move_clock(day)
            self.install_all()
            self.assertExit(self.rekeyer.apply(), 0, f"day {day}")
            self.assertInvariants()
            tried = self.changes(self.person(), self.described()["ARN"]) + self.changes(self.person(), secret_name(MEMBER, "ann"))
            self.assertEqual(len(tried), 20)
            for call, arguments in tried:
                self.assertReserved(call, **arguments)
        self.assertNotIn(old, self.keys())
        self.assertSettled(active=1)
        refused = {c["operation"] for c in self.lab.calls() if (c["code"] or "").startswith("AccessDenied")}
        self.assertLessEqual(refused, set(CHANGING), "only the person's calls were refused")

    def test_reading_is_not_touched(self):
        self.stand_up(reservation())
        self.assertExit(self.rekeyer.apply(), 0)
        name = secret_name(MEMBER, "ann")
        self.assertEqual(json.loads(self.person().get_secret_value(SecretId=name)["SecretString"])["UserName"], "ann")
        for call in (self.person().describe_secret, self.person().get_resource_policy, self.person().list_secret_version_ids):
            call(SecretId=name)
        self.assertEqual(len(self.person().batch_get_secret_value(SecretIdList=[name])["SecretValues"]), 1)
        self.assertIn(name, [secret["Name"] for secret in self.person().list_secrets()["SecretList"]])

    def test_other_secrets_are_not_touched(self):
        self.stand_up(reservation())
        for name in ("team/database", "Account_of_the_team", f"{secret_name(MEMBER, 'ann')}_of_the_team", f"my_{secret_name(MEMBER, 'ann')}"):
            self.person().create_secret(Name=name, SecretString="theirs")
            for call, arguments in self.changes(self.person(), name):
                call(**arguments)

    def test_every_changing_action_is_denied_those_that_came_late_too(self):
        self.stand_up(reservation())
        simulate = self.lab.admin(MEMBER, "iam").simulate_principal_policy
        arn = f"arn:aws:secretsmanager:us-east-1:{MEMBER}:secret:{secret_name(MEMBER, 'ann')}-Ab1Cd2"

        def left_by_the_organization(resource) -> set:
            """The actions that the person has and that no service control policy takes away."""
            found = simulate(
                PolicySourceArn=f"arn:aws:iam::{MEMBER}:user/person", ActionNames=[f"secretsmanager:{name}" for name in CHANGING + READING], ResourceArns=[resource]
            )["EvaluationResults"]
            self.assertEqual(len(found), len(CHANGING + READING))
            for each in found:
                self.assertEqual(each["EvalDecision"] == "allowed", each["OrganizationsDecisionDetail"]["AllowedByOrganizations"], each)
            return {each["EvalActionName"].split(":")[1] for each in found if each["EvalDecision"] == "allowed"}

        self.assertEqual(left_by_the_organization(arn), set(READING))
        self.assertEqual(left_by_the_organization(arn.replace("Account_", "Invoice_")), set(CHANGING + READING))

    def test_doctor_finds_nothing_wrong_with_it_and_finds_a_wrong_role(self):
        rights = "accounts.secrets"
        for sections, status in ({}, "ok"), ({"organization": {"member_role": "other/rekeyer-member"}}, "problem"):
            self.stand_up(reservation(sections=sections))
            checks = {check["name"]: check for check in self.rekeyer.run("doctor", "--format", "json").json["checks"]}
            self.assertEqual(checks[rights]["status"], status, checks[rights])

    def test_a_role_that_is_named_may_and_one_of_a_similar_name_may_not(self):
        rights = {"policies": {"secrets": ALL_OF_SECRETS}}
        writer = f"arn:aws:iam::{MEMBER}:role/old-rotator"
        self.stand_up(reservation("--writer", writer), roles=[{"name": "old-rotator", **rights}, {"name": "old-rotator-2", **rights}])
        self.as_role("old-rotator").create_secret(Name=secret_name(MEMBER, "bob"))
        self.assertReserved(self.as_role("old-rotator-2").tag_resource, SecretId=secret_name(MEMBER, "bob"), Tags=[{"Key": "a", "Value": "b"}])

    def test_a_role_of_the_same_name_under_another_path_may_not(self):
        self.stand_up(reservation(sections={"organization": {"member_role": "security/rekeyer-member"}}))
        self.assertReserved(self.as_role("rekeyer-member").create_secret, Name=secret_name(MEMBER, "bob"))


if __name__ == "__main__":
    unittest.main()
