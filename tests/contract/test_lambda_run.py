"""A run spread over functions, made by hand as the state machine makes it: the report is the one that `apply` would have given, the limit
holds over all accounts, and nothing that happens to a function makes an account disappear or a user be changed twice."""

import re
import threading
import unittest

from case import MEMBER, SECOND, THIRD
from lambda_case import LambdaCase, due_user

MANAGEMENT, SUSPENDED = "100000000000", "444444444444"
KEY_ID = re.compile(r"\bAKIA[A-Z0-9]{16}\b")


class Run(LambdaCase):
    def organization(self) -> list:
        """Something of everything."""
        return [
            {"id": MEMBER, "name": "acct-1", "groups": [{"name": "IAMKeyRotationExemptionGroup"}], "users": [
                due_user("ann"), due_user("bob", 20), due_user("dan", 85), due_user("root-of-all", 400, groups=["IAMKeyRotationExemptionGroup"]),
                {"name": "two-keys", "keys": [{"age": 200, "used": 1}, {"age": 120, "used": 2}]}, {"name": "no-keys", "keys": []},
            ]},
            {"id": SECOND, "name": "acct-2", "users": [due_user("eve", 200), {"name": "idle", "keys": [{"age": 95, "status": "Inactive"}]}]},
            {"id": THIRD, "name": "denied", "users": [due_user("out-of-reach")], "roles": []},
            {"id": SUSPENDED, "name": "old", "state": "SUSPENDED"},
        ]

    def in_general(self, report) -> dict:
        """A report without what differs from one run of the same world to another: ids, instants, the number of calls."""
        known = {key for name in self.lab.made["keys"] for key in self.lab.made["keys"][name]}

        def plain(text):
            text = KEY_ID.sub(lambda found: "(its key)" if found[0] in known else "(new key)", text)
            text = re.sub(r"\b20\d\d-\d\d-\d\d\b", "(date)", text)  # the runs may be on both sides of midnight
            return re.sub(r"\(request id [^)]*\)", "(request id)", text)

        actions = [{**action, "key": plain(action["key"]), "detail": plain(action["detail"]), "due": bool(action["due"])} for action in report["actions"]]
        return {
            "run": {name: report["run"][name] for name in ("mode", "interrupted", "incomplete")},
            "accounts": [{**account, "reason": plain(account["reason"])} for account in report["accounts"]],
            "actions": sorted(actions, key=repr),  # two keys of a user stand in the order of their ids, which each world draws anew
            "totals": {**report["totals"], "calls": report["totals"]["calls"] > 0},
        }

    # --- the report

    def test_report_is_the_one_that_apply_would_have_given(self):
        self.build(*self.organization())
        self.use()
        alone = self.in_general(self.rekeyer.apply().json)
        self.build(*self.organization())
        self.deploy()
        report = self.distributed("run-1")
        self.maxDiff = None
        self.assertEqual(self.in_general(report), alone)
        self.assertEqual(report["run"]["id"], "run-1")
        statuses = {account["id"]: account["status"] for account in report["accounts"]}
        self.assertEqual(statuses, {MANAGEMENT: "skipped", MEMBER: "done", SECOND: "done", THIRD: "denied", SUSPENDED: "skipped"})
        self.assertEqual(len(self.text_of("run-1/report.csv").splitlines()), 1 + len(report["actions"]))
        latest = self.kept("latest.json")
        self.assertEqual((latest["run"], latest["mode"], latest["totals"]), ("run-1", "apply", report["totals"]))
        self.assertEqual(latest["finished"], report["run"]["finished"])
        self.assertInvariants()

    def test_audit_is_the_one_that_plan_would_have_given(self):
        self.build(*self.organization())
        self.use()
        alone = self.in_general(self.rekeyer.plan().json)
        self.deploy(mode="plan")
        self.assertEqual(self.in_general(self.distributed("audit-1", mode="plan")), alone)
        self.assertNothingChanged()
        self.assertEqual({name for name in self.objects() if "apply" in name or "allotted" in name}, set())
        self.assertInvariants()

    def test_rule_that_fits_nobody_is_told_by_the_run_and_by_doctor(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann"), due_user("bob", 20)]}, {"id": SECOND, "name": "acct-2"})
        self.deploy({"override": [{"match": {"user": name}, "in_use": "warn"} for name in ("bob", "cl-*")]})
        report = self.distributed("run-1")
        self.assertEqual([told.split("for ", 1)[-1] for told in report["run"]["fits_nobody"]], ['user = "cl-*"'], "bob has no share: the second pass did not see him")
        self.assertEqual(self.kept("latest.json")["fits_nobody"], report["run"]["fits_nobody"])

    def test_second_pass_enters_only_accounts_with_something_to_do(self):
        self.build(
            {"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]}, {"id": SECOND, "name": "acct-2"},
            {"id": THIRD, "name": "acct-3", "users": [{"name": "no-keys", "keys": []}]},
        )
        self.deploy()
        self.survey("run-1")
        items = self.allot("run-1")
        self.assertEqual([(item["id"], item["changes"]) for item in items], [(MEMBER, 1)])

    def test_users_of_a_fixed_map_are_kept_through_the_run(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann"), due_user("bob")]})
        self.deploy({"accounts": {MEMBER: ["ann", "ghost"]}})
        report = self.distributed("run-1")
        rows = {row["user"]: (row["status"], row["reason"]) for row in report["actions"]}
        self.assertEqual(rows, {"ann": ("done", "rotation_due"), "ghost": ("failed", "user_not_found")})
        self.assertEqual(self.created("bob", MEMBER), 0)

    def test_changes_that_were_not_dealt_out_make_the_report_incomplete(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]})
        self.deploy()
        self.survey("run-1")
        self.call("summarise", {"run": "run-1", "mode": "apply"})
        report = self.kept("run-1/report.json")
        self.assertIn("not dealt out", report["run"]["incomplete"])
        self.assertEqual(self.kept("latest.json")["incomplete"], report["run"]["incomplete"])
        self.assertNothingChanged()

    def test_owner_and_administrators_each_get_one_mail(self):
        owned = {"tags": {"owner": "ann@example.com"}}
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann", **owned)]}, {"id": SECOND, "name": "acct-2", "users": [due_user("eve", **owned)]})
        self.lab.verify_sender("example.com")
        self.deploy({
            "notify": {"from": "keys@example.com", "administrators": ["administrators@example.com"]}, "notify.channel": [{"type": "ses", "rate": 1000}],
        })
        self.distributed("run-1")
        # One for each account of hers: its function tells her right after it is done, so that it is known to have been told.
        self.assertEqual([mail["subject"].count("was replaced") for mail in self.lab.mails("ann@example.com")], [1, 1])
        self.assertEqual(len(self.lab.mails("administrators@example.com")), 1)
        for item in self.kept("run-1/allotted.json"):
            self.visit("run-1", item, "apply", "apply")
        self.assertEqual(len(self.lab.mails()), 3, "a second delivery tells nobody a second time")
        self.assertInvariants()

    def test_audit_mail_of_a_planning_deployment_names_keys_by_their_ids(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]})
        self.lab.verify_sender("example.com")
        self.deploy({
            "notify": {"from": "keys@example.com", "administrators": ["administrators@example.com"]}, "notify.channel": [{"type": "ses", "rate": 1000}],
        }, mode="plan")
        report = self.distributed("audit-1", mode="plan")
        self.assertEqual([row["key"] for row in report["actions"] if row["action"] == "rotate"], list(self.keys(MEMBER, "ann")))
        mails = self.lab.mails("administrators@example.com")
        self.assertEqual(len(mails), 1)
        self.assertNotIn("slot 1", str(mails[0]))
        self.assertEqual({operation for operation, _ in self.changes_of_accounts()}, {"SendEmail"})

    # --- the limit

    def many(self):
        ages = {MEMBER: (100, 140, 95), SECOND: (130, 96), THIRD: (150, 120)}
        self.build(*[
            {"id": number, "name": f"acct-{number[0]}", "users": [due_user(f"u{age}", age) for age in those]} for number, those in ages.items()
        ])

    def rotated(self, report) -> set:
        return {row["user"] for row in report["actions"] if row["action"] == "rotate" and row["status"] == "done"}

    def test_limit_holds_over_the_run_and_takes_the_oldest(self):
        self.many()
        self.deploy({"limits": {"max_changes": 3}})
        report = self.distributed("run-1")
        self.assertEqual(self.rotated(report), {"u150", "u140", "u130"})
        held = {row["user"]: row["reason"] for row in report["actions"] if row["status"] == "held"}
        self.assertEqual(held, {user: "run_limit" for user in ("u120", "u100", "u96", "u95")})
        self.assertEqual(self.rotated(self.distributed("run-2")), {"u120", "u100", "u96"})
        self.assertEqual(self.rotated(self.distributed("run-3")), {"u95"})
        self.assertInvariants()

    def test_limit_of_an_account_holds_in_each(self):
        self.many()
        self.deploy({"limits": {"max_changes": 4, "max_changes_per_account": 1}})
        self.assertEqual(self.rotated(self.distributed("run-1")), {"u150", "u140", "u130"})
        self.assertInvariants()

    # --- a function that dies, or that fails

    def test_account_whose_function_died_is_failed_and_the_next_run_repairs_it(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]}, {"id": SECOND, "name": "acct-2", "users": [due_user("eve")]})
        self.deploy()
        self.survey("run-1")
        self.lab.fault(op="CreateAccessKey", account=SECOND, kind="signal", when="after")
        ends = {item["id"]: self.visit("run-1", item, "apply", "apply") for item in self.allot("run-1")}
        self.assertEqual((ends[MEMBER].kind, ends[SECOND].kind, ends[SECOND].exit_code), ("answer", "died", -9))
        answer = self.call("summarise", {"run": "run-1", "mode": "apply"})
        self.assertEqual(answer["failures"], True)
        accounts = {account["id"]: account for account in self.kept("run-1/report.json")["accounts"]}
        self.assertEqual((accounts[MEMBER]["status"], accounts[SECOND]["status"]), ("done", "failed"))
        self.assertIn("left no outcome", accounts[SECOND]["reason"])
        self.assertInvariants()
        self.assertIsNotNone(self.intent(SECOND, "eve"), "nothing tells whose key this is")
        self.lab.advance(days=1)
        report = self.distributed("run-2")
        self.assertEqual([account["status"] for account in report["accounts"] if account["id"] == SECOND], ["done"])
        self.assertTrue([row for row in report["actions"] if row["user"] == "eve" and row["action"] == "recover"], report["actions"])
        # What was withdrawn is deleted after a day; then there is room for the rotation.
        for run in ("run-3", "run-4"):
            self.lab.advance(days=1.1)
            self.distributed(run)
        self.assertSettled(SECOND, "eve", active=2)
        self.assertSettled(MEMBER, "ann", active=2)
        self.assertEqual(self.created("ann", MEMBER), 1)
        self.assertInvariants()

    def test_account_whose_survey_failed_is_in_the_report(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]}, {"id": SECOND, "name": "acct-2", "users": [due_user("eve")]})
        self.deploy(AWS_MAX_ATTEMPTS="2")
        self.lab.fault(op="*", service="iam", account=SECOND, kind="error", times=0)
        report = self.distributed("run-1")
        accounts = {account["id"]: account for account in report["accounts"]}
        self.assertEqual((accounts[MEMBER]["status"], accounts[SECOND]["status"]), ("done", "failed"))
        self.assertTrue(accounts[SECOND]["reason"])
        self.assertEqual(len(self.keys(SECOND, "eve")), 1)
        self.assertInvariants()

    def test_outcome_that_can_not_be_kept_is_an_error_and_the_next_call_does_nothing_twice(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]})
        self.deploy(AWS_MAX_ATTEMPTS="2")
        self.survey("run-1")
        (item,) = self.allot("run-1")
        self.lab.fault(op="PutObject", kind="deny")
        event = {"run": "run-1", "mode": "apply", "run_mode": "apply", "account": item}
        self.assertIn("apply/111111111111.json", self.refused_event("account", event, "rekeyer.AccessDenied"))
        self.assertEqual(self.call("account", event)["failed"], 0)
        self.assertEqual(self.created("ann", MEMBER), 1)
        self.assertSettled(active=2)

    def test_lost_reply_to_the_outcome_is_made_good(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]})
        self.deploy()
        self.survey("run-1")
        (item,) = self.allot("run-1")
        self.lab.fault(op="PutObject", kind="cut", when="after")
        answer = self.call("account", {"run": "run-1", "mode": "apply", "run_mode": "apply", "account": item})
        self.assertEqual((answer["done"], answer["failed"], answer["more"]), (1, 0, False))
        record = self.kept("run-1/apply/111111111111.json")
        self.assertEqual([row["status"] for row in record["actions"]], ["done"])
        self.assertEqual(record["calls"]["iam:CreateAccessKey"], 1)

    # --- the time

    def stopped(self, users, changes):
        """An account's second pass that is stopped while it is at the first of its users."""
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user(f"u{n}", 100 + n) for n in range(users)]})
        self.deploy({"limits": {"users_per_account": 1}})
        self.survey("run-1")
        (item,) = self.allot("run-1")
        item["changes"] = changes
        # Work begins at once and must have reached the first user 6 s later; its key is made only after that.
        self.lab.fault(op="CreateAccessKey", kind="delay", seconds=6.5)
        event = {"run": "run-1", "mode": "apply", "run_mode": "apply", "account": item}
        answer = self.call("account", event, seconds=26)
        self.assertEqual((answer["more"], answer["done"]), (True, 1))
        self.assertEqual(sum(self.created(f"u{n}", MEMBER) for n in range(users)), 1)
        return event

    def test_deadline_stops_the_work_and_the_next_call_goes_on(self):
        event = self.stopped(users=5, changes=5)
        record = self.kept("run-1/apply/111111111111.json")
        self.assertEqual([row["reason"] for row in record["actions"] if row["status"] == "held"], ["interrupted"] * 4)
        self.lab.forget_calls()
        answer = self.call("account", event)
        self.assertEqual((answer["more"], answer["done"], answer["held"], answer["users"]), (False, 5, 0, 5))
        self.assertEqual({call["input"]["UserName"] for call in self.lab.calls(operation="CreateAccessKey")}, {f"u{n}" for n in range(4)})
        record = self.kept("run-1/apply/111111111111.json")
        self.assertEqual([(row["user"], row["status"]) for row in record["actions"]], [(f"u{n}", "done") for n in range(5)])
        self.assertEqual(record["users"], 5)
        self.call("summarise", {"run": "run-1", "mode": "apply"})
        report = self.kept("run-1/report.json")
        self.assertEqual((report["totals"]["actions"], report["totals"]["users"]), ({"rotate": {"done": 5}}, 5))
        self.assertEqual([self.created(f"u{n}", MEMBER) for n in range(5)], [1] * 5)
        self.assertInvariants()

    def test_limit_holds_over_the_calls_of_one_account(self):
        event = self.stopped(users=5, changes=3)
        answer = self.call("account", event)
        self.assertEqual((answer["more"], answer["done"], answer["held"]), (False, 3, 2))
        self.assertEqual(sum(self.created(f"u{n}", MEMBER) for n in range(5)), 3)
        self.assertEqual([self.created(f"u{n}", MEMBER) for n in (4, 3, 2)], [1, 1, 1], "the oldest come first")
        self.assertInvariants()

    def test_deadline_without_a_run_tells_who_is_left(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user(f"u{n}", 100 + n) for n in range(3)]})
        self.deploy({"limits": {"users_per_account": 1}})
        self.lab.fault(op="CreateAccessKey", kind="delay", seconds=6.5)
        answer = self.call("account", {"account": {"id": MEMBER}}, seconds=26)
        self.assertEqual((answer["more"], answer["done"], answer["left"]), (True, 1, ["u0", "u1"]))

    def test_time_that_is_over_before_anything_is_begun_is_an_error(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann")]})
        self.deploy()
        outcome = self.function("account").invoke({"account": {"id": MEMBER}}, seconds=15)
        self.assertIn("timeout", self.assertLambdaError(outcome, "rekeyer.Cancelled"))
        self.assertNothingChanged()
        outcome = self.function("inventory").invoke({"run": "run-1"}, seconds=15)
        self.assertIn("timeout", self.assertLambdaError(outcome, "rekeyer.Cancelled"))
        self.assertEqual(self.objects(), set())

    # --- twice

    def ready(self, users=4):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user(f"u{n}") for n in range(users)]})
        self.deploy()
        self.survey("run-1")
        (item,) = self.allot("run-1")
        return {"run": "run-1", "mode": "apply", "run_mode": "apply", "account": item}

    def test_event_that_is_delivered_twice_is_done_once(self):
        event = self.ready()
        first = self.call("account", event)
        self.lab.forget_calls()
        self.assertEqual(self.call("account", event), first)
        self.assertEqual(self.changing_calls(), [])
        self.assertEqual([self.created(f"u{n}", MEMBER) for n in range(4)], [1] * 4)
        self.assertIn("done before", [line["message"] for line in self.function("account").log])

    def test_event_that_is_delivered_twice_at_once_is_done_once(self):
        event = self.ready()
        containers = [self.container("account") for _ in range(2)]
        for container in containers:
            container.api.wait_until_asked()
        # Both have read that nothing is there before either has written: the keys are held back until both are at work.
        self.lab.fault(op="CreateAccessKey", kind="delay", seconds=1, times=4)
        ends = [None, None]

        def deliver(index):
            ends[index] = containers[index].invoke(event, request_id="99999999-9999-4999-8999-999999999999")

        threads = [threading.Thread(target=deliver, args=(index,)) for index in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for end in ends:
            self.assertEqual((end.answer["status"], end.answer["failed"], end.answer["more"]), ("done", 0, False), f"{end}\n{self.prints()}")
        self.assertEqual([self.created(f"u{n}", MEMBER) for n in range(4)], [1] * 4)
        record = self.kept("run-1/apply/111111111111.json")
        rows = {}
        for row in record["actions"]:
            rows.setdefault(row["user"], []).append((row["action"], row["status"]))
        self.assertEqual({user: ("rotate", "done") in those for user, those in rows.items()}, {f"u{n}": True for n in range(4)}, record)
        self.call("summarise", {"run": "run-1", "mode": "apply"})
        self.assertEqual(self.kept("run-1/report.json")["totals"]["actions"]["rotate"]["done"], 4)
        for n in range(4):
            self.assertSettled(MEMBER, f"u{n}", active=2)
        self.assertInvariants()

    def test_run_that_is_repeated_under_its_name_changes_nothing_more(self):
        """A state machine that is started again with the same name, as `redrive` does."""
        self.ready()
        self.distributed("run-1")
        report = self.kept("run-1/report.json")
        self.lab.forget_calls()
        again = self.distributed("run-1")
        self.assertNothingChanged()
        self.assertEqual(again["actions"], report["actions"])


if __name__ == "__main__":
    unittest.main()
