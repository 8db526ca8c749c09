"""What each function is invoked with and what it answers: the forms of events, the older ones too, and events that are refused before
anything is changed."""

import json
import unittest

from case import MEMBER, SECOND
from lambda_case import BUCKET, PREFIX, LambdaCase, due_user

MANAGEMENT = "100000000000"

#: What EventBridge sends where a rule or schedule says nothing else.
SCHEDULED = {
    "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event", "source": "aws.events",
    "account": "123456789012", "time": "2026-10-08T16:53:06Z", "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/daily"], "detail": {},
}
UNITS = {"Count", "Seconds", "None"}
METRICS = {
    "KeysRotated", "KeysDeactivated", "KeysDeleted", "KeysDue", "KeysHeld", "KeysFailed", "UsersUnowned", "UsersUndeliverable", "OldestKeyAge", "Accounts", "AccountsDenied",
    "AccountsFailed", "MailsRefused", "Duration",
}


class Events(LambdaCase):
    def world(self):
        self.build(
            {"id": MEMBER, "name": "acct-1", "users": [due_user("ann"), due_user("bob", 20)]}, {"id": SECOND, "name": "acct-2", "users": [due_user("eve", 200)]},
        )

    def assertMetrics(self, line, **wanted):
        """An embedded metrics line by CloudWatch's rules, with these values."""
        metrics = json.loads(line)
        header = metrics["_aws"]
        self.assertIsInstance(header["Timestamp"], int)
        self.assertLess(abs(header["Timestamp"] / 1000 - self.lab.now()), 7200)
        (directive,) = header["CloudWatchMetrics"]
        self.assertEqual(directive["Namespace"], "rekeyer")
        self.assertEqual({metric["Name"] for metric in directive["Metrics"]}, METRICS)
        for metric in directive["Metrics"]:
            self.assertIn(metric["Unit"], UNITS)
            value = metrics[metric["Name"]]
            self.assertTrue(isinstance(value, (int, float)) and not isinstance(value, bool), metric)
        self.assertEqual(directive["Dimensions"], [["Deployment"]])
        self.assertIsInstance(metrics["Deployment"], str)
        self.assertTrue(1 <= len(metrics["Deployment"]) <= 1024)
        self.assertLess(len(line), 256 * 1024)
        self.assertFalse({"ann", "bob", "eve", MEMBER, SECOND} & {str(value) for value in metrics.values()})
        self.assertEqual({name: metrics[name] for name in wanted}, wanted)

    # --- account

    def test_account_in_the_newer_form(self):
        self.world()
        self.deploy()
        account = {"id": MEMBER, "name": "acct-1", "email": "x@example.com"}
        planned = self.call("account", {"mode": "plan", "account": account})
        self.assertEqual(
            planned, {"account": MEMBER, "status": "done", "reason": "", "users": 2, "due": 1, "done": 0, "held": 0, "failed": 0, "more": False}
        )
        self.assertNothingChanged()
        applied = self.call("account", {"account": account})
        self.assertEqual((applied["due"], applied["done"], applied["more"]), (0, 1, False))
        self.assertSettled(active=2)
        self.assertEqual(self.created("bob", MEMBER), 0)
        self.assertEqual(self.objects(), set(), "an event without a run leaves nothing in the runs' folder")
        self.assertInvariants()

    def test_account_with_users_named_touches_no_other(self):
        self.build({"id": MEMBER, "users": [due_user("ann"), due_user("bob")]})
        self.deploy()
        answer = self.call("account", {"account": {"id": MEMBER, "users": ["bob"]}})
        self.assertEqual((answer["users"], answer["done"]), (1, 1))
        self.assertEqual((self.created("ann", MEMBER), self.created("bob", MEMBER)), (0, 1))

    def test_account_with_changes_allowed_changes_no_more(self):
        self.build({"id": MEMBER, "users": [due_user(f"u{n}") for n in range(3)]})
        self.deploy()
        answer = self.call("account", {"account": {"id": MEMBER, "changes": 0}})
        self.assertEqual((answer["done"], answer["held"]), (0, 3))
        self.assertNothingChanged()
        answer = self.call("account", {"account": {"id": MEMBER, "changes": 2}})
        self.assertEqual((answer["done"], answer["held"]), (2, 1))

    def test_account_in_the_older_form(self):
        self.world()
        self.deploy()
        event = {"account": MEMBER, "name": "acct-1", "email": "x@example.com"}
        self.assertEqual(self.call("account", {**event, "dryrun": True})["due"], 1)
        self.assertEqual(self.call("account", {**event, "dryrun": "True"})["due"], 1)
        self.assertNothingChanged()
        self.assertEqual(self.call("account", {**event, "dryrun": "False"})["done"], 1)
        self.assertSettled(active=2)
        self.assertInvariants()

    def test_older_form_rotates_whom_force_rotate_names(self):
        self.world()
        self.deploy()
        answer = self.call("account", {"account": MEMBER, "ForceRotate": "bob"})
        self.assertEqual((answer["done"], answer["failed"]), (1, 0))
        self.assertEqual((self.created("ann", MEMBER), self.created("bob", MEMBER)), (0, 1))
        self.assertSettled(user="bob", active=2)
        answer = self.call("account", {"account": MEMBER, "ForceRotate": "nobody"})
        self.assertEqual((answer["done"], answer["failed"]), (0, 1), "a name that is not there must not look like success")
        self.assertInvariants()

    def test_account_out_of_scope_is_skipped_whichever_form_names_it(self):
        self.build({"id": MEMBER, "users": [due_user("ann")]})
        self.deploy(sections={"organization": {"exclude_accounts": [MEMBER]}})
        for account in (MEMBER, MANAGEMENT):
            for event in ({"account": account, "name": "x"}, {"account": {"id": account}}):
                answer = self.call("account", event)
                self.assertEqual((answer["status"], answer["users"]), ("skipped", 0))
                self.assertIn("management" if account == MANAGEMENT else "exclude_accounts", answer["reason"])
        self.assertNothingChanged()

    def test_account_that_can_not_be_entered_is_an_answer(self):
        """The map goes on; the report says it."""
        self.build({"id": MEMBER, "roles": []})
        self.deploy()
        answer = self.call("account", {"account": {"id": MEMBER}})
        self.assertEqual((answer["status"], answer["more"]), ("denied", False))
        self.assertIn("rekeyer-member", answer["reason"])

    def test_lambda_that_may_nothing_is_an_error(self):
        self.world()
        self.deploy()
        self.lab.fault(op="GetCallerIdentity", kind="deny", times=0)
        self.assertIn("GetCallerIdentity", self.refused_event("account", {"account": MEMBER}, "rekeyer.AccessDenied"))
        self.assertNothingChanged()

    # --- what is refused

    def test_wrong_events_of_an_account_change_nothing(self):
        self.world()
        self.deploy()
        for event, word in (
            ("not json", "not JSON"), ("", "not JSON"), ("[]", "object"), ("null", "object"), ({}, "account"), ({"mode": "apply"}, "account"),
            ({"account": 111111111111}, "account"), ({"account": "1234"}, "1234"), ({"account": "1111111111111"}, "twelve digits"),
            ({"account": {"id": "12345678901x"}}, "12345678901x"), ({"account": {}}, "id"), ({"account": {"id": MEMBER, "user": ["ann"]}}, '"user"'),
            ({"account": {"id": MEMBER, "users": "ann"}}, "users"), ({"account": {"id": MEMBER, "users": ["ann", "ci-*"]}}, "ci-*"),
            ({"account": MEMBER, "ForceRotate": "team/ann"}, "team/ann"), ({"account": {"id": MEMBER, "changes": -1}}, "changes"),
            ({"account": {"id": MEMBER, "changes": "5"}}, "changes"), ({"account": {"id": MEMBER}, "mode": "dry"}, "mode"),
            ({"account": {"id": MEMBER}, "dryrun": True}, '"dryrun"'), ({"account": {"id": MEMBER}, "run": "../../etc"}, "run"),
            ({"account": {"id": MEMBER}, "run": "x" * 81}, "run"), ({"account": MEMBER, "forceRotate": "ann"}, '"forceRotate"'),
            ({"account": MEMBER, "mode": "apply"}, '"mode"'), ({"account": MEMBER, "dryrun": "no"}, "dryrun"), ({"account": MEMBER, "dryrun": 1}, "dryrun"),
            ({"account": MEMBER, "ForceRotate": ["ann"]}, "ForceRotate"), (SCHEDULED, "known are"), (b"\xff\xfe", "not JSON"),
        ):
            with self.subTest(event=event):
                self.assertIn(word, self.refused_event("account", event))
        self.assertEqual(len(self.function("account").containers), 1, "a wrong event is no reason to end the process")
        self.assertEqual(self.changing_calls(), [])

    def test_wrong_events_of_runs_change_nothing(self):
        self.world()
        self.deploy()
        for handler in ("inventory", "allot", "summarise", "sweep"):
            for event, word in (
                ("{", "not JSON"), ("7", "object"), ({"run": "a/b"}, "run"), ({"run": 5}, "run"), ({"modus": "apply"}, '"modus"'), ({"mode": "rotate"}, "rotate"),
            ):
                with self.subTest(handler=handler, event=event):
                    self.assertIn(word, self.refused_event(handler, event))
        for handler in ("allot", "summarise"):
            self.assertIn("which run?", self.refused_event(handler, {}))
            self.assertIn("inventory comes first", self.refused_event(handler, {"run": "never"}, "rekeyer.NotFound"))
        self.assertEqual(self.changing_calls(), [])

    def test_apply_is_refused_where_the_deployment_may_only_plan(self):
        self.world()
        for variables in ({"mode": "plan"}, {"mode": None}):
            self.deploy(**variables)
            for handler, event in (
                ("account", {"account": {"id": MEMBER}, "mode": "apply"}),
                ("account", {"account": {"id": MEMBER}, "mode": "apply", "run": "run-1", "run_mode": "apply"}),
                ("inventory", {"mode": "apply", "run": "run-1"}), ("sweep", {"mode": "apply"}),
            ):
                with self.subTest(handler=handler, event=event, **variables):
                    self.assertIn("REKEYER_MODE", self.refused_event(handler, event))
            self.assertEqual(self.call("account", {"account": MEMBER})["due"], 1)
            self.assertEqual(self.changing_calls(), [])
            self.world()

    # --- inventory

    def test_inventory_lists_into_the_runs_folder(self):
        self.build(
            {"id": MEMBER, "name": "acct-1"}, {"id": SECOND, "name": "acct-2"}, {"id": "444444444444", "name": "old", "state": "SUSPENDED"},
        )
        self.deploy()
        answer = self.call("inventory", {"run": "run-1", "mode": "apply"})
        self.assertEqual(answer, {"run": "run-1", "mode": "apply", "accounts": 2, "bucket": BUCKET, "key": f"{PREFIX}/run-1/accounts.json"})
        items = {item["id"]: item for item in self.kept("run-1/accounts.json")}
        self.assertEqual(set(items), {MEMBER, SECOND})
        self.assertEqual((items[MEMBER]["name"], items[MEMBER]["email"]), ("acct-1", f"{MEMBER}@example.com"))
        skipped = {entry["id"]: entry["reason"] for entry in self.kept("run-1/skipped.json")}
        self.assertIn("suspended", skipped["444444444444"])
        self.assertIn("management", skipped["100000000000"])
        self.assertNothingChanged()

    def test_inventory_without_a_run_takes_the_invocations_name(self):
        self.world()
        self.deploy(mode="plan")
        for event in ({}, {"mode": None}, SCHEDULED):
            outcome = self.function("inventory").invoke(event)
            self.assertEqual((outcome.answer["run"], outcome.answer["mode"], outcome.answer["accounts"]), (outcome.request_id, "plan", 2))

    def test_inventory_that_can_not_list_all_is_an_error(self):
        self.world()
        self.deploy()
        self.lab.fault(op="ListAccounts", kind="deny", times=0)
        self.assertIn("ListAccounts", self.refused_event("inventory", {"run": "run-1"}, "rekeyer.AccessDenied"))
        self.assertEqual(self.objects(), set())

    def test_inventory_without_a_place_for_accounts_says_which_there_are(self):
        self.world()
        self.deploy(REKEYER_RUNS=None)
        message = self.refused_event("inventory", {})
        self.assertIn("REKEYER_RUNS", message)
        self.assertIn("REKEYER_ACCOUNT_FUNCTION", message)

    def test_inventory_invokes_the_account_function_as_older_systems_did(self):
        self.world()
        self.deploy(REKEYER_RUNS=None, REKEYER_ACCOUNT_FUNCTION="rekeyer-account")
        host = self.host({"rekeyer-account": "account"})
        answer = self.function("inventory", AWS_ENDPOINT_URL_LAMBDA=host.url).invoke(SCHEDULED).answer
        self.assertEqual(answer, {"mode": "apply", "accounts": 2})
        self.assertEqual(sorted(event["account"]["id"] for _, event in host.asynchronous), [MEMBER, SECOND])
        for name, event in host.asynchronous:
            self.assertEqual((name, event["mode"]), ("rekeyer-account", "apply"))
            self.assertEqual(self.call("account", event)["done"], 1)
        self.assertSettled(MEMBER, "ann", active=2)
        self.assertInvariants()

    def test_inventory_invokes_the_function_of_the_older_variable(self):
        self.world()
        self.deploy(packaged=False, mode=None, REKEYER_RUNS=None, LambdaRotationFunction="old-rotation", DryRunFlag="False")
        host = self.host({"old-rotation": "account"})
        answer = self.function("inventory", AWS_ENDPOINT_URL_LAMBDA=host.url).invoke({}).answer
        self.assertEqual(answer, {"mode": "apply", "accounts": 2})
        self.assertEqual({name for name, _ in host.asynchronous}, {"old-rotation"})

    def test_inventory_of_a_function_that_is_not_there_fails(self):
        self.world()
        self.deploy(REKEYER_RUNS=None, REKEYER_ACCOUNT_FUNCTION="nobody")
        outcome = self.function("inventory", AWS_ENDPOINT_URL_LAMBDA=self.host({}).url).invoke({})
        self.assertIn("nobody", self.assertLambdaError(outcome, "rekeyer.NotFound"))

    # --- sweep

    def test_sweep_does_the_whole_scope_at_once(self):
        self.world()
        self.deploy(REKEYER_DEPLOYMENT="payments")
        planned = self.call("sweep", {"mode": "plan"})
        self.assertEqual((planned["mode"], planned["totals"]["actions"]["rotate"]), ("plan", {"planned": 2}))
        self.assertNothingChanged()
        answer = self.call("sweep", {"run": "daily-1"})
        self.assertEqual((answer["run"], answer["mode"], answer["failures"]), ("daily-1", "apply", False))
        self.assertEqual(answer["totals"]["actions"]["rotate"], {"done": 2})
        self.assertEqual(self.kept("daily-1/report.json")["totals"], answer["totals"])
        self.assertEqual(self.kept("latest.json")["run"], "daily-1")
        lines = self.function("sweep").out.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertMetrics(lines[0], Deployment="payments", KeysDue=2, KeysRotated=0, Accounts=2, OldestKeyAge=200)
        self.assertMetrics(lines[1], Deployment="payments", KeysDue=0, KeysRotated=2, AccountsDenied=0, AccountsFailed=0)
        self.assertInvariants()

    def test_sweep_by_a_schedule_does_what_the_deployment_may(self):
        self.world()
        self.deploy(mode="plan")
        self.assertEqual(self.call("sweep", {})["mode"], "plan")
        self.deploy_again_for_apply()
        self.assertEqual(self.call("sweep", {})["totals"]["actions"]["rotate"], {"done": 2})

    def deploy_again_for_apply(self):
        self.world()
        self.deploy(mode="apply")

    def test_sweep_understands_the_older_form(self):
        self.world()
        self.deploy()
        self.assertEqual(self.call("sweep", {"account": MEMBER, "dryrun": True})["due"], 1)
        self.assertEqual(self.call("sweep", {"account": MEMBER, "ForceRotate": "bob"})["done"], 1)
        self.assertEqual((self.created("ann", MEMBER), self.created("bob", MEMBER), self.created("eve", SECOND)), (0, 1, 0))

    def test_sweep_by_eventbridges_own_event_does_the_whole_scope(self):
        self.world()
        self.deploy(mode="plan")
        self.assertEqual(self.call("sweep", SCHEDULED)["totals"]["actions"]["rotate"], {"planned": 2})

    # --- summarise

    def test_summarise_writes_metrics(self):
        self.world()
        self.deploy()
        self.distributed("run-1")
        (line,) = self.function("summarise").out.splitlines()
        self.assertMetrics(
            line, Deployment="rekeyer", run="run-1", mode="apply", KeysRotated=2, KeysDue=0, KeysFailed=0, Accounts=2, AccountsFailed=0, MailsRefused=0
        )
        for handler in ("inventory", "account", "allot"):
            self.assertEqual(self.function(handler).out, "")

    def test_runs_functions_need_a_folder(self):
        self.world()
        self.deploy(REKEYER_RUNS=None)
        for handler, event in (
            ("allot", {"run": "run-1"}), ("summarise", {"run": "run-1"}), ("account", {"run": "run-1", "account": {"id": MEMBER}}),
        ):
            with self.subTest(handler=handler):
                self.assertIn("REKEYER_RUNS", self.refused_event(handler, event))
        self.assertNothingChanged()


if __name__ == "__main__":
    unittest.main()
