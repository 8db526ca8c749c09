"""Each way of the standard credential chain reaches AWS: environment, profiles, process, web identity, container, instance, SSO."""

import hashlib
import json
import unittest
from datetime import datetime, timedelta, timezone

from case import MEMBER, RekeyerCase

MANAGEMENT = "100000000000"
CALLER_ROLE = "rekeyer-caller"


class Credentials(RekeyerCase):
    def setUp(self):
        super().setUp()
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}, "Action": "sts:AssumeRole"}
            ],
        }
        guarded = json.loads(json.dumps(trust))
        guarded["Statement"][0]["Condition"] = {"StringEquals": {"sts:ExternalId": "orchid-7"}}
        roles = [{"name": CALLER_ROLE, "trust": trust}, {"name": "guarded", "trust": guarded}]
        self.build(
            {"id": MEMBER, "users": [{"name": "ann", "keys": [{"age": 95, "used": 1}]}]},
            {"id": MANAGEMENT, "name": "management", "roles": roles},
        )
        self.use({"organization": {"include_accounts": [MEMBER]}})
        self.caller = self.lab.made["caller"]
        self.rekeyer.environment = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1"}
        self.metadata = None

    def tearDown(self):
        if self.metadata:
            self.metadata.stop()
        super().tearDown()

    def aws_files(self, config="", credentials=""):
        folder = self.rekeyer.folder / ".aws"
        folder.mkdir(exist_ok=True)
        (folder / "config").write_text(config)
        (folder / "x.credentials").write_text(credentials)
        self.rekeyer.environment["AWS_SHARED_CREDENTIALS_FILE"] = str(folder / "x.credentials")
        return folder

    def static(self, name="base"):
        return f"[{name}]\naws_access_key_id = {self.caller['key']}\naws_secret_access_key = {self.caller['secret']}\n"

    def session(self):
        sts = self.lab.client_with(self.caller["key"], self.caller["secret"], "sts")
        return sts.assume_role(
            RoleArn=f"arn:aws:iam::{MANAGEMENT}:role/{CALLER_ROLE}", RoleSessionName="from-metadata"
        )["Credentials"]

    def serve(self):
        from lab.metadata import Metadata

        issued = self.session()
        self.lab.forget_calls()
        self.metadata = Metadata(
            {
                "AccessKeyId": issued["AccessKeyId"], "SecretAccessKey": issued["SecretAccessKey"],
                "Token": issued["SessionToken"], "Expiration": issued["Expiration"],
            }
        )
        return issued

    def works(self, *arguments, by=None, key=None):
        run = self.rekeyer.plan(*arguments)
        self.assertExit(run, 0)
        self.assertTrue(run.actions(action="rotate"), run)
        listed = self.lab.calls(operation="AssumeRole")
        entered = [c for c in listed if c["input"]["RoleArn"].endswith("/rekeyer-member")]
        self.assertTrue(entered)
        if by:
            self.assertTrue(all(by in c["principal"] for c in entered), entered)
        if key:
            self.assertTrue(all(c["key"] == key for c in entered), entered)
        return run

    def test_environment(self):
        self.rekeyer.environment.update(
            AWS_ACCESS_KEY_ID=self.caller["key"], AWS_SECRET_ACCESS_KEY=self.caller["secret"]
        )
        self.works(key=self.caller["key"])

    def test_environment_with_session_token(self):
        issued = self.session()
        self.rekeyer.environment.update(
            AWS_ACCESS_KEY_ID=issued["AccessKeyId"], AWS_SECRET_ACCESS_KEY=issued["SecretAccessKey"],
            AWS_SESSION_TOKEN=issued["SessionToken"],
        )
        self.works(key=issued["AccessKeyId"])

    def test_endpoint_from_the_environment(self):
        self.rekeyer.environment.update(
            AWS_ACCESS_KEY_ID=self.caller["key"], AWS_SECRET_ACCESS_KEY=self.caller["secret"],
            AWS_ENDPOINT_URL=self.lab.url,
        )
        run = self.rekeyer.plan(endpoint=False)
        self.assertExit(run, 0)
        self.assertTrue(run.actions(action="rotate"))

    def test_static_profile_by_flag_and_by_environment(self):
        self.aws_files(credentials=self.static("ops"))
        self.works("--profile", "ops", key=self.caller["key"])
        self.rekeyer.environment["AWS_PROFILE"] = "ops"
        self.works(key=self.caller["key"])

    def test_default_profile(self):
        self.aws_files(credentials=self.static("default"))
        self.works(key=self.caller["key"])

    def test_profile_with_colons_beside_one_that_can_not_be_read(self):
        self.aws_files(credentials=self.static("ops").replace(" =", ":") + "[broken]\nnonsense\n")
        self.works("--profile", "ops", key=self.caller["key"])
        run = self.rekeyer.plan("--profile", "broken")
        self.assertExit(run, 2)
        self.assertIn("x.credentials:5: ", run.err)

    def test_profile_with_the_older_name_of_the_token(self):
        issued = self.session()
        self.aws_files(
            credentials=f"[default]\naws_access_key_id = {issued['AccessKeyId']}\n"
            f"aws_secret_access_key = {issued['SecretAccessKey']}\naws_security_token = {issued['SessionToken']}\n"
        )
        self.works(key=issued["AccessKeyId"])

    def test_certificates_that_are_not_there_end_the_run_before_any_call(self):
        self.rekeyer.environment.update(
            AWS_ACCESS_KEY_ID=self.caller["key"], AWS_SECRET_ACCESS_KEY=self.caller["secret"], AWS_CA_BUNDLE="/not/there.pem"
        )
        run = self.rekeyer.plan()
        self.assertExit(run, 2)
        self.assertIn("/not/there.pem (AWS_CA_BUNDLE", run.err)
        self.assertEqual(self.lab.calls(), [])

    def test_a_store_of_another_partition_ends_the_run_at_the_first_answer(self):
        self.rekeyer.environment.update(
            AWS_ACCESS_KEY_ID=self.caller["key"], AWS_SECRET_ACCESS_KEY=self.caller["secret"]
        )
        self.use({"organization": {"include_accounts": [MEMBER]}, "store": {"region": "us-gov-west-1"}})
        run = self.rekeyer.plan()
        self.assertExit(run, 2)
        self.assertIn("`store.region` is us-gov-west-1", run.err)
        self.assertEqual([call["operation"] for call in self.lab.calls()], ["GetCallerIdentity"])

    def test_missing_profile_is_an_error_that_names_it(self):
        self.aws_files(credentials=self.static("ops"))
        run = self.rekeyer.plan("--profile", "oops")
        self.assertNotEqual(run.code, 0)
        self.assertIn("oops", run.err)
        self.assertEqual(self.lab.calls(), [])

    def test_profile_with_role_and_source_profile(self):
        self.aws_files(
            f"[profile ops]\nrole_arn = arn:aws:iam::{MANAGEMENT}:role/{CALLER_ROLE}\nsource_profile = base\nrole_session_name = nightly\n",
            self.static(),
        )
        self.works("--profile", "ops", by=f"assumed-role/{CALLER_ROLE}/nightly")

    def test_profile_with_role_and_external_id(self):
        self.aws_files(
            f"[profile ops]\nrole_arn = arn:aws:iam::{MANAGEMENT}:role/guarded\nsource_profile = base\nexternal_id = orchid-7\n",
            self.static(),
        )
        self.works("--profile", "ops", by="assumed-role/guarded/")

    def test_profile_with_role_and_credential_source_environment(self):
        self.aws_files(
            f"[profile ops]\nrole_arn = arn:aws:iam::{MANAGEMENT}:role/{CALLER_ROLE}\ncredential_source = Environment\n"
        )
        self.rekeyer.environment.update(
            AWS_ACCESS_KEY_ID=self.caller["key"], AWS_SECRET_ACCESS_KEY=self.caller["secret"]
        )
        self.works("--profile", "ops", by=f"assumed-role/{CALLER_ROLE}/")

    def test_cycle_of_source_profiles_is_an_error(self):
        role = f"role_arn = arn:aws:iam::{MANAGEMENT}:role/{CALLER_ROLE}\n"
        self.aws_files(f"[profile a]\n{role}source_profile = b\n[profile b]\n{role}source_profile = a\n")
        run = self.rekeyer.plan("--profile", "a", timeout=30)
        self.assertNotIn(run.code, (0, -9), run)

    def test_credential_process(self):
        issued = self.session()
        answer = {
            "Version": 1, "AccessKeyId": issued["AccessKeyId"], "SecretAccessKey": issued["SecretAccessKey"],
            "SessionToken": issued["SessionToken"], "Expiration": issued["Expiration"].isoformat(),
        }
        script = self.rekeyer.folder / "give me.credentials"
        script.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(answer)}\nEND\n")
        script.chmod(0o755)
        self.aws_files(f'[profile ops]\ncredential_process = "{script}" --quiet\n')
        self.works("--profile", "ops", key=issued["AccessKeyId"])

    def test_credential_process_that_fails_is_said(self):
        self.aws_files("[profile ops]\ncredential_process = /bin/sh -c 'echo the vault is sealed >&2; exit 3'\n")
        run = self.rekeyer.plan("--profile", "ops")
        self.assertNotEqual(run.code, 0)
        self.assertIn("the vault is sealed", run.err)

    def test_web_identity_from_the_environment(self):
        token = self.rekeyer.folder / "token.credentials"
        token.write_text("lab-web-identity-1234")
        self.rekeyer.environment.update(
            AWS_WEB_IDENTITY_TOKEN_FILE=str(token), AWS_ROLE_ARN=f"arn:aws:iam::{MANAGEMENT}:role/{CALLER_ROLE}",
            AWS_ROLE_SESSION_NAME="pod",
        )
        self.works(by=f"assumed-role/{CALLER_ROLE}/pod")
        self.assertTrue(self.lab.calls(operation="AssumeRoleWithWebIdentity", key=""), "that call is not signed")

    def test_web_identity_profile(self):
        token = self.rekeyer.folder / "token.credentials"
        token.write_text("lab-web-identity-1234")
        self.aws_files(
            f"[profile ops]\nrole_arn = arn:aws:iam::{MANAGEMENT}:role/{CALLER_ROLE}\nweb_identity_token_file = {token}\n"
        )
        self.works("--profile", "ops", by=f"assumed-role/{CALLER_ROLE}/")

    def test_container(self):
        from lab.metadata import CONTAINER_TOKEN

        issued = self.serve()
        self.rekeyer.environment.update(
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.metadata.url}/container",
            AWS_CONTAINER_AUTHORIZATION_TOKEN=CONTAINER_TOKEN,
        )
        self.works(key=issued["AccessKeyId"])

    def test_container_token_from_a_file(self):
        from lab.metadata import CONTAINER_TOKEN

        issued = self.serve()
        path = self.rekeyer.folder / "container.credentials"
        path.write_text(CONTAINER_TOKEN + "\n")
        self.rekeyer.environment.update(
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{self.metadata.url}/container",
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(path),
        )
        self.works(key=issued["AccessKeyId"])

    def test_instance_metadata_version_2(self):
        issued = self.serve()
        del self.rekeyer.environment["AWS_EC2_METADATA_DISABLED"]
        self.rekeyer.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = self.metadata.url
        self.works(key=issued["AccessKeyId"])
        self.assertEqual(self.metadata.seen[0], "PUT /latest/api/token")

    def test_metadata_is_never_asked_through_a_proxy(self):
        issued = self.serve()
        del self.rekeyer.environment["AWS_EC2_METADATA_DISABLED"]
        self.rekeyer.environment.update(
            AWS_EC2_METADATA_SERVICE_ENDPOINT=self.metadata.url, HTTPS_PROXY="http://127.0.0.1:9",
            https_proxy="http://127.0.0.1:9",
        )
        self.works(key=issued["AccessKeyId"])

    def test_disabled_metadata_is_not_asked(self):
        self.serve()
        self.rekeyer.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = self.metadata.url
        self.assertNotEqual(self.rekeyer.plan().code, 0)
        self.assertEqual(self.metadata.seen, [])

    def sso(self, expires):
        from lab.metadata import SSO_TOKEN

        issued = self.serve()
        folder = self.aws_files(
            "[profile ops]\nsso_session = corp\nsso_account_id = 100000000000\nsso_role_name = Admin\n"
            "[sso-session corp]\nsso_start_url = https://d-123.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n"
        )
        cache = folder / "sso" / "cache"
        cache.mkdir(parents=True)
        token = {
            "accessToken": SSO_TOKEN, "expiresAt": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "region": "eu-west-1",
            "startUrl": "https://d-123.awsapps.com/start",
        }
        (cache / (hashlib.sha1(b"corp").hexdigest() + ".json")).write_text(json.dumps(token))
        self.rekeyer.environment["AWS_ENDPOINT_URL_SSO"] = self.metadata.url
        return issued

    def test_sso_with_cached_token(self):
        issued = self.sso(datetime.now(timezone.utc) + timedelta(hours=4))
        self.rekeyer.environment["AWS_ENDPOINT_URL"] = self.lab.url
        run = self.rekeyer.plan("--profile", "ops", endpoint=False)
        self.assertExit(run, 0)
        self.assertIn(issued["AccessKeyId"], {c["key"] for c in self.lab.calls(operation="AssumeRole")})

    def test_sso_with_expired_token_says_what_to_do(self):
        self.sso(datetime.now(timezone.utc) - timedelta(hours=4))
        self.rekeyer.environment["AWS_ENDPOINT_URL"] = self.lab.url
        run = self.rekeyer.plan("--profile", "ops", endpoint=False)
        self.assertNotEqual(run.code, 0)
        self.assertIn("aws sso login", run.err)

    def test_session_is_renewed_when_it_ends_during_a_run(self):
        """The member's session expires under the run (the lab ends it early): it is renewed once and the work goes on."""
        self.rekeyer.environment.update(
            AWS_ACCESS_KEY_ID=self.caller["key"], AWS_SECRET_ACCESS_KEY=self.caller["secret"]
        )
        self.lab.fault(
            op="GetAccountAuthorizationDetails", kind="error", code="ExpiredToken", status=403,
            message="The security token included in the request is expired",
        )
        self.works()


if __name__ == "__main__":
    unittest.main()
