"""rekeyer doctor against what only the sandbox answers: the policy simulator, service control policies, SES, KMS; and denials."""

import json

from case import MEMBER, SECOND
from checkup import TOOLING, Checkup

SENDER = {"from": "keys@example.com"}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ORGANIZATION_MAY_DECRYPT = {
    "Sid": "Organization", "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "ORGANIZATION"}},
}


def document(*statements) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class DoctorOnTheSandbox(Checkup):
    def healthy(self, **spec) -> None:
        super().healthy(**spec)
        self.lab.verify_sender("example.com")
        self.lab.forget_calls()

    def deny(self, *actions, unit="Bank") -> None:
        """A service control policy on one OU."""
        organizations = self.admin("organizations", "100000000000")
        policy = organizations.create_policy(
            Name="guardrail", Description="d", Type="SERVICE_CONTROL_POLICY",
            Content=document(EVERYTHING, {"Effect": "Deny", "Action": list(actions), "Resource": "*"}),
        )["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy, TargetId=self.lab.made["ous"][unit])
        self.lab.forget_calls()

    def test_a_service_control_policy_that_denies_is_named(self):
        self.healthy()
        self.deny("iam:CreateAccessKey")
        checks = self.doctor(code=1)
        self.assertOnly(checks, "accounts.users")
        found = self.found(checks, "accounts.users")
        self.assertEqual(found["accounts"], [SECOND])
        self.assertIn("a service control policy denies iam:CreateAccessKey", found["finding"])
        self.assertIn("aws:PrincipalArn", found["remedy"])
        self.assertOnly(self.doctor("--mode", "plan"), "accounts.role-version")

    def test_a_role_that_lacks_a_permission_is_told_which(self):
        self.healthy()
        self.admin("iam", MEMBER).put_role_policy(
            RoleName="rekeyer-member", PolicyName="rekeyer", PolicyDocument=document(
                EVERYTHING, {"Effect": "Deny", "Action": "secretsmanager:PutSecretValue", "Resource": "*"}
            )
        )
        self.lab.forget_calls()
        checks = self.doctor(code=1)
        self.assertOnly(checks, "accounts.secrets")
        found = self.found(checks, "accounts.secrets")
        self.assertEqual(found["accounts"], [MEMBER])
        self.assertIn("secretsmanager:PutSecretValue", found["finding"])

    def let_member(self, policy) -> None:
        self.admin("iam", MEMBER).put_role_policy(
            RoleName="rekeyer-member", PolicyName="rekeyer", PolicyDocument=json.dumps(policy)
        )
        self.lab.forget_calls()

    def test_the_published_policy_suffices_and_whichever_action_it_lacks_is_named(self):
        shared = {"grant": "both", "replica_regions": ["eu-west-1"]}
        self.healthy()
        self.rekeyer.configure(self.settings(store=shared))
        for mode in ("plan", "apply"):
            self.tag_role(MEMBER, f"2-{mode}")
            run = self.rekeyer.run("permissions", "--member", "--mode", mode)
            self.assertExit(run, 0)
            published = run.json
            arguments = ("--mode", mode, "--account", MEMBER)
            self.let_member(published)
            self.assertOnly(self.doctor(*arguments))
            statements = [(s, [s["Action"]] if isinstance(s["Action"], str) else s["Action"]) for s in published["Statement"]]
            lacking = [action for statement, actions in statements if statement["Sid"] != "CheckItself" for action in actions]
            self.assertGreater(len(lacking), 8)
            for action in lacking:
                with self.subTest(mode=mode, action=action):
                    less = [{**s, "Action": [each for each in actions if each != action]} for s, actions in statements]
                    self.let_member({**published, "Statement": [statement for statement in less if statement["Action"]]})
                    name = "accounts.users" if action.startswith("iam:") else "accounts.secrets"
                    problem = self.found(self.doctor(*arguments, code=1), name)
                    self.assertIn(f"no policy allows {action}", problem["finding"])

    def test_what_the_role_may_not_ask_is_not_checked_and_never_ok(self):
        self.healthy()
        self.admin("iam", MEMBER).put_role_policy(
            RoleName="rekeyer-member", PolicyName="rekeyer", PolicyDocument=document(
                EVERYTHING,
                {"Effect": "Deny", "Action": ["iam:GetRole", "iam:SimulatePrincipalPolicy"], "Resource": "*"},
            )
        )
        self.lab.forget_calls()
        checks = self.doctor("--account", MEMBER)
        for name in ("accounts.external-id", "accounts.role-version", "accounts.users", "accounts.secrets"):
            self.assertEqual([check["status"] for check in checks[name]], ["not_checked"], name)
            self.assertIn("on itself", checks[name][0]["remedy"])
        self.assertOnly(checks)

    def test_secrets_manager_that_is_denied_is_found(self):
        self.healthy()
        self.deny("secretsmanager:*")
        checks = self.doctor(code=1)
        self.assertOnly(checks, "accounts.secrets", "accounts.store-region")
        self.assertEqual(self.found(checks, "accounts.store-region")["accounts"], [SECOND])

    # --- mails

    def mails(self, **spec) -> None:
        self.healthy(**spec)
        self.rekeyer.configure(self.settings(notify=SENDER, **{"notify.channel": [{"type": "ses", "name": "mail", "rate": 1}]}))

    def test_a_verified_sender_is_ok_and_an_unknown_one_is_found(self):
        self.mails()
        checks = self.doctor()
        self.assertOnly(checks)
        self.assertEqual(self.statuses(checks)["ses.identity"], "ok")
        self.admin("sesv2").delete_email_identity(EmailIdentity="example.com")
        self.lab.forget_calls()
        checks = self.doctor(code=1)
        self.assertOnly(checks, "ses.identity")
        self.assertIn("keys@example.com", self.found(checks, "ses.identity")["finding"])

    def test_parameters_and_webhooks_are_looked_at_without_being_shown(self):
        self.healthy()
        secret = "https://127.0.0.1:9/services/very-secret-path"
        self.rekeyer.configure(
            self.settings(**{"notify.channel": [{"type": "webhook", "name": "chat", "body": "slack", "url_parameter": "/chat/url"}]})
        )
        self.found(self.doctor(code=1), "webhook.url")
        self.admin("ssm").put_parameter(Name="/chat/url", Type="SecureString", Value=secret)
        self.lab.forget_calls()
        checks = self.doctor()
        self.assertEqual(self.statuses(checks)["webhook.url"], "ok")
        self.assertNotIn("very-secret-path", "".join(run.out + run.err for run in self.rekeyer.runs))

    def test_a_mail_server_that_does_not_answer_is_found(self):
        self.healthy()
        self.rekeyer.configure(
            self.settings(notify=SENDER, **{"notify.channel": [{"type": "smtp", "name": "relay", "host": "127.0.0.1", "port": 9}]})
        )
        checks = self.doctor(code=1)
        self.assertOnly(checks, "smtp.server")
        self.assertIn("relay", self.found(checks, "smtp.server")["finding"])

    def test_a_bus_that_is_missing_is_found(self):
        self.healthy()
        self.rekeyer.configure(
            self.settings(**{"notify.channel": [{"type": "eventbridge", "name": "bus", "bus": "keys"}]})
        )
        self.assertOnly(self.doctor(code=1), "eventbridge.bus")
        self.admin("events").create_event_bus(Name="keys")
        self.lab.forget_calls()
        self.assertOnly(self.doctor())

    def test_templates_that_are_broken_are_found(self):
        self.healthy()
        s3 = self.admin("s3")
        s3.create_bucket(Bucket="templates")
        s3.put_object(Bucket="templates", Key="mail/owner.txt", Body=b"{{nobody_knows}}")
        self.lab.forget_calls()
        channel = {"notify.channel": [{"type": "file", "name": "mails", "path": str(self.rekeyer.folder / "mails")}]}
        self.rekeyer.configure(self.settings(notify={**SENDER, "templates": "s3://templates/mail"}, **channel))
        checks = self.doctor(code=1)
        self.assertOnly(checks, "notify.templates")
        self.assertIn("nobody_knows", self.found(checks, "notify.templates")["finding"])

    # --- the central store

    def central(self, *statements) -> str:
        """A store in the tooling account under a key of its own; gives the key's id."""
        self.healthy()
        policy = json.loads(document(
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{TOOLING}:root"}, "Action": "kms:*", "Resource": "*"}, *statements
        ).replace("ORGANIZATION", self.lab.made["organization"]))
        key = self.admin("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]
        self.lab.forget_calls()
        self.rekeyer.configure(self.settings(store={"location": "central", "kms_key_id": key["Arn"]}))
        return key["KeyId"]

    def test_a_central_store_that_works_is_ok(self):
        self.central(ORGANIZATION_MAY_DECRYPT)
        checks = self.doctor()
        self.assertOnly(checks)
        self.assertEqual(
            {name: status for name, status in self.statuses(checks).items() if name.startswith("store.")},
            {"store.region": "ok", "store.key": "ok", "store.key-policy": "ok", "store.permissions": "ok"},
        )
        self.assertNotIn("accounts.secrets", checks)

    def test_a_key_that_is_disabled_is_found(self):
        key = self.central(ORGANIZATION_MAY_DECRYPT)
        self.admin("kms").disable_key(KeyId=key)
        self.lab.forget_calls()
        checks = self.doctor(code=1)
        self.assertOnly(checks, "store.key")
        self.assertIn("enable-key", self.found(checks, "store.key")["remedy"])

    def test_a_key_that_owners_cannot_use_is_found(self):
        self.central()
        checks = self.doctor(code=1)
        self.assertOnly(checks, "store.key-policy")
        self.assertIn(self.lab.made["organization"], self.found(checks, "store.key-policy")["remedy"])

    # --- permissions of owners' places

    def test_owners_places_that_are_denied_are_found(self):
        self.healthy()
        self.admin("iam").put_role_policy(
            RoleName="rekeyer-account", PolicyName="rekeyer",
            PolicyDocument=document(EVERYTHING, {"Effect": "Deny", "Action": "account:GetAlternateContact", "Resource": "*"}),
        )
        self.lab.forget_calls()
        checks = self.doctor(code=1)
        self.assertOnly(checks, "owner.alternate-contact")
