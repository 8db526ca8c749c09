"""rekeyer doctor: a deployment that works has nothing to say, each thing that breaks is found with what to do about it, and looking
changes nothing. What moto can't answer is in sandbox_deployment.py.
"""

import json

from case import MEMBER, SECOND
from checkup import CHAIN, DEPLOYMENT, EXTERNAL_ID, ON_MOTO, SUSPENDED, TOOLING, WRONG, Checkup

#: What moto is asked in vain: it has no policy simulator.
UNANSWERED = {"accounts.users", "accounts.secrets"} if ON_MOTO else set()


class Doctor(Checkup):
    def test_a_healthy_organization_is_ok_throughout(self):
        self.healthy()
        checks = self.doctor()
        expected = {name: "not_checked" if name in UNANSWERED else "warning" if name in WRONG else "ok" for name in checks}
        self.assertEqual(self.statuses(checks), expected, json.dumps(checks, indent=1))
        for name in (
            "caller.identity", "clock", "organization.accounts", "accounts.role", "accounts.external-id", "accounts.role-version", "accounts.users",
            "accounts.secrets", "accounts.store-region", "sns.topic", *(f"owner.{place}" for place in CHAIN[1:]), "deployment.schedule",
            "deployment.state-machine", "deployment.executions", "deployment.runs",
        ):
            self.assertIn(name, checks)
        scope = checks["accounts.scope"][0]["finding"]
        self.assertIn("3 accounts in scope", scope)
        self.assertIn("account is suspended", scope)
        entered = checks["accounts.role"]
        self.assertEqual(sorted(a for check in entered for a in check["accounts"]), [MEMBER, SECOND, TOOLING])
        self.assertNotIn(SUSPENDED, json.dumps(checks["accounts.role"]))

    def test_the_table_is_for_people(self):
        self.healthy()
        run = self.rekeyer.run("doctor", *DEPLOYMENT)
        self.assertExit(run, 0)
        self.assertRegex(run.out, r"(?m)^ok  +accounts\.role  +2 accounts: the role can be assumed$")
        self.assertNotIn("\x1b", run.out)
        self.assertRegex(run.err, rf"\d+ ok, {len(WRONG)} warnings?, 0 problems, \d+ not checked")

    def test_a_missing_role_is_found(self):
        self.healthy()
        self.drop_role(SECOND)
        checks = self.doctor(code=1)
        self.assertOnly(checks, "accounts.role")
        found = self.found(checks, "accounts.role")
        self.assertEqual(found["accounts"], [SECOND])
        self.assertIn("StackSet", found["remedy"])

    def drop_role(self, account) -> None:
        iam = self.admin("iam", account)
        for name in iam.list_role_policies(RoleName="rekeyer-member")["PolicyNames"]:
            iam.delete_role_policy(RoleName="rekeyer-member", PolicyName=name)
        iam.delete_role(RoleName="rekeyer-member")
        self.lab.forget_calls()

    def test_accounts_can_be_narrowed(self):
        self.healthy()
        self.drop_role(SECOND)
        self.assertOnly(self.doctor("--account", MEMBER))
        self.assertOnly(self.doctor("--ou", self.lab.made["ous"]["Bank"], code=1), "accounts.role")

    def test_a_name_that_nothing_has_is_told(self):
        self.healthy()
        for words in (("--account", "999999999998"), ("--account", MEMBER, "--ou", "ou-abcd-12345678")):
            found = self.found(self.doctor(*words, code=1), "accounts.scope")
            self.assertEqual(found["status"], "problem")
            self.assertIn(words[-1], found["finding"])
            self.assertIn(words[-2], found["finding"])

    def test_a_wrong_external_id_is_found(self):
        self.healthy()
        settings = self.settings()
        settings["organization"]["external_id"] = "another"
        self.rekeyer.configure(settings)
        found = self.found(self.doctor(code=1), "accounts.role")
        self.assertEqual(found["accounts"], [MEMBER, SECOND])
        self.assertIn("external id", found["finding"])
        self.assertIn("external id", found["remedy"])

    def test_a_role_that_asks_for_no_external_id_is_a_warning(self):
        self.healthy()
        self.admin("iam", MEMBER).update_assume_role_policy(RoleName="rekeyer-member", PolicyDocument=self.trust())
        self.lab.forget_calls()
        checks = self.doctor()
        self.assertOnly(checks, "accounts.external-id")
        self.assertEqual(self.found(checks, "accounts.external-id", "warning")["accounts"], [MEMBER])

    def test_the_roles_edition_is_looked_at(self):
        self.healthy()
        self.tag_role(SECOND, "2-plan")
        self.lab.forget_calls()
        found = self.found(self.doctor(code=1), "accounts.role-version")
        self.assertEqual(found["accounts"], [SECOND])
        self.assertIn("plan only", found["finding"])
        checks = self.doctor("--mode", "plan")
        self.assertEqual(self.found(checks, "accounts.role-version", "warning")["accounts"], [MEMBER])
        self.tag_role(SECOND, "1-apply")  # the policy that 0.1 needed
        self.lab.forget_calls()
        found = self.found(self.doctor(code=1), "accounts.role-version")
        self.assertEqual((found["accounts"], "edition 1; 2 is current" in found["finding"]), ([SECOND], True), found)
        self.tag_role(SECOND, "0-apply")
        self.lab.forget_calls()
        self.assertEqual(self.found(self.doctor(), "accounts.role-version", "warning")["accounts"], [SECOND])

    def test_a_topic_that_is_gone_is_found(self):
        self.healthy()
        self.admin("sns").delete_topic(TopicArn=f"arn:aws:sns:us-east-1:{TOOLING}:key-news")
        self.lab.forget_calls()
        checks = self.doctor(code=1)
        self.assertOnly(checks, "sns.topic")
        self.assertIn("news", self.found(checks, "sns.topic")["finding"])

    def test_a_schedule_that_is_disabled_or_missing_is_found(self):
        self.healthy()
        scheduler = self.admin("scheduler")
        scheduler.create_schedule(
            Name="paused", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, State="DISABLED",
            Target={"Arn": f"arn:aws:states:us-east-1:{TOOLING}:stateMachine:rekeyer", "RoleArn": f"arn:aws:iam::{TOOLING}:role/r"},
        )
        self.lab.forget_calls()
        self.assertIn("disabled", self.found(self.again("--schedule", "paused"), "deployment.schedule")["finding"])
        self.assertIn("no schedule", self.found(self.again("--schedule", "none"), "deployment.schedule")["finding"])

    def again(self, *deployment, code=1):
        """Checks with these flags alone."""
        run = self.rekeyer.run("doctor", "--format", "json", *deployment)
        self.assertExit(run, code)
        checks = {}
        for check in run.json["checks"]:
            checks.setdefault(check["name"], []).append(check)
        return checks

    def test_a_state_machine_that_is_missing_is_found(self):
        self.healthy()
        arn = f"arn:aws:states:us-east-1:{TOOLING}:stateMachine:none"
        self.assertIn(arn, self.found(self.again("--state-machine", arn), "deployment.state-machine")["finding"])

    def test_runs_that_are_stale_failing_or_missing_are_found(self):
        self.healthy()
        self.leave_latest(hours_ago=30)
        self.lab.forget_calls()
        checks = self.doctor(code=1)
        self.assertOnly(checks, "deployment.runs")
        self.assertIn("30 hours ago", self.found(checks, "deployment.runs")["finding"])
        self.leave_latest(denied=2)
        self.lab.forget_calls()
        self.assertIn("2 accounts denied", self.found(self.doctor(), "deployment.runs", "warning")["finding"])
        nowhere = self.again("--runs", "s3://rekeyer-runs/other")
        self.assertIn("no latest.json", self.found(nowhere, "deployment.runs")["finding"])

    def test_the_runs_folder_may_come_from_the_environment(self):
        self.healthy()
        self.rekeyer.environment["REKEYER_RUNS"] = "s3://rekeyer-runs/daily"
        self.assertEqual(self.again(code=0)["deployment.runs"][0]["status"], "ok")

    def test_a_clock_that_is_off_is_found(self):
        for seconds, status, code in ((90, "warning", 0), (600, "problem", 1)):
            with self.subTest(seconds=seconds):
                self.healthy()
                self.lab.move_clock(seconds / 86400)
                checks = self.doctor(code=code)
                self.assertOnly(checks, "clock")
                self.assertIn("behind", self.found(checks, "clock", status)["finding"])

    def test_a_users_own_key_and_the_management_account_are_warnings(self):
        self.healthy()
        self.rekeyer.environment = self.lab.caller_environment()
        self.rekeyer.few_attempts(2)
        checks = self.doctor()
        self.assertIn(self.lab.made["caller"]["key"], self.found(checks, "caller.credentials", "warning")["finding"])
        key, secret = self.lab.made["admins"]["100000000000"]
        sections = self.settings()
        del sections["organization"]["list_role_arn"]
        self.rekeyer.configure(sections)
        self.rekeyer.environment.update(AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret)
        run = self.rekeyer.run("doctor", "--format", "json", "--account", MEMBER)
        callers = [c for c in run.json["checks"] if c["name"] == "organization.caller"]
        self.assertEqual([c["status"] for c in callers], ["warning"], run)

    def test_without_credentials_it_says_so(self):
        self.healthy()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            self.rekeyer.environment.pop(name, None)
        self.rekeyer.environment["AWS_EC2_METADATA_DISABLED"] = "true"
        checks = self.again()
        self.assertEqual(self.found(checks, "caller.identity")["status"], "problem")
        self.assertEqual(checks["accounts.scope"][0]["status"], "not_checked")

    def test_a_fixed_map_of_accounts_needs_no_organization(self):
        self.healthy()
        sections = self.settings(accounts={MEMBER: ["*"]}, owner={"chain": [place for place in CHAIN if place != "account-tag"]})
        sections["organization"] = {"external_id": EXTERNAL_ID}
        self.rekeyer.configure(sections)
        checks = self.doctor()
        self.assertNotIn("organization.accounts", checks)
        self.assertEqual(checks["accounts.role"][0]["accounts"], [MEMBER])

    def test_wrong_usage_is_told(self):
        self.healthy()
        for words in (("--runs", "/tmp/runs"), ("--state-machine", "rekeyer"), ("--mode", "both"), ("--format", "csv")):
            self.assertExit(self.rekeyer.run("doctor", *words), 2)

    def test_no_channel_is_a_warning(self):
        self.healthy()
        sections = self.settings()
        del sections["notify.channel"], sections["owner"]
        self.rekeyer.configure(sections)
        self.assertOnly(self.doctor(), "notify.channels")
