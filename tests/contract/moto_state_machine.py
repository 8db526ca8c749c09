"""deploy/state-machine/rekeyer.asl.json as it is deployed, in moto's interpreter of Amazon States Language: its functions are processes
of the real binary, its S3 is the lab's. With moto only: the sandbox has no Step Functions."""

import json
import re
import time
import unittest

from case import MEMBER, SECOND, THIRD
from lambda_case import BUCKET, PREFIX, LambdaCase, due_user
from rekeyer import ROOT

DEFINITION = ROOT / "deploy/state-machine/rekeyer.asl.json"
ARN = "arn:aws:lambda:us-east-1:100000000000:function:"
HANDLERS = ("inventory", "account", "allot", "summarise")


class StateMachine(LambdaCase):
    def world(self, **more):
        self.build(
            {"id": MEMBER, "name": "acct-1", "users": [due_user("ann"), due_user("bob", 20)]},
            {"id": SECOND, "name": "acct-2", "users": [due_user("eve", 200)]},
            {"id": THIRD, "name": "acct-3", "users": [due_user("new", 3)]}, **more,
        )

    def definition(self, concurrency=2) -> str:
        """With every placeholder filled."""
        values = {
            "Partition": "aws", "RunsBucket": BUCKET, "RunsPrefix": PREFIX, "MaxConcurrency": str(concurrency), "ToleratedFailurePercentage": "100",
            **{f"{handler.capitalize()}FunctionArn": f"{ARN}rekeyer-{handler}" for handler in HANDLERS},
        }
        text = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], DEFINITION.read_text())
        json.loads(text)
        return text

    def execute(self, name, event, **more) -> dict:
        """Starts it and waits for its end; what DescribeExecution then says."""
        self.lambdas = self.host({f"rekeyer-{handler}": handler for handler in HANDLERS})
        self.lab.control("functions", url=self.lambdas.url)
        states = self.lab.admin(self.lab.made["tooling"], "stepfunctions")
        machine = states.create_state_machine(
            name=f"rekeyer-{name}", definition=self.definition(**more), roleArn="arn:aws:iam::100000000000:role/rekeyer-states"
        )["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine, name=name, input=json.dumps(event))["executionArn"]
        deadline = time.monotonic() + 300
        while (told := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            self.assertLess(time.monotonic(), deadline, f"the execution goes on and on\n{self.prints()}")
            time.sleep(0.05)  # Step Functions tells nobody when an execution ends
        self.assertEqual(told["status"], "SUCCEEDED", f"{told}\n{self.prints()}")
        return json.loads(told["output"])

    def invoked(self, handler) -> list:
        """The events with which the handler's function was invoked."""
        return [event for name, event, _ in self.lambdas.invoked if name == f"rekeyer-{handler}"]

    def assertOutputIsTheReports(self, output, run):
        report = self.kept(f"{run}/report.json")
        self.assertEqual(output["run"], run)
        self.assertEqual(output["totals"], report["totals"])
        self.assertEqual(self.kept("latest.json")["run"], run)
        return report

    def test_audit_writes_a_report_and_changes_nothing(self):
        self.world()
        self.deploy(mode="apply")
        output = self.execute("audit-1", {"mode": "plan"})
        report = self.assertOutputIsTheReports(output, "audit-1")
        self.assertNothingChanged()
        self.assertEqual((output["mode"], output["failures"]), ("plan", False))
        planned = {(row["user"], row["action"], row["status"]) for row in report["actions"]}
        self.assertEqual(planned, {("ann", "rotate", "planned"), ("eve", "rotate", "planned")})
        self.assertEqual([event["mode"] for event in self.invoked("account")], ["plan"] * 3)
        self.assertEqual((len(self.invoked("allot")), len(self.invoked("summarise"))), (0, 1))
        self.assertInvariants()

    def test_relocking_run_visits_accounts_twice_at_most_and_rotates_nobody(self):
        self.world()
        self.deploy()
        self.distributed("run-1")
        self.lab.move_clock(0.1)  # the locks of the new secrets hold everywhere
        latest = self.kept("latest.json")
        self.end_functions()
        self.rekeyer.configure({"store": {"writers": ["arn:aws:iam::{account}:role/deputy"]}})
        self.lab.forget_calls()
        output = self.execute("relock-1", {"mode": "relock"})
        self.assertEqual(output["totals"]["actions"], {"relock": {"done": 2}}, output)
        events = [(event["mode"], event["run_mode"], event["account"]["id"]) for event in self.invoked("account")]
        wanted = [("plan", "relock", account) for account in (MEMBER, SECOND, THIRD)] + [("apply", "relock", account) for account in (MEMBER, SECOND)]
        self.assertEqual(sorted(events), sorted(wanted))
        self.assertLessEqual({operation for operation, _ in self.changes_of_accounts()}, {"AssumeRole", "PutResourcePolicy", "TagResource"})
        self.assertEqual(self.kept("latest.json"), latest)

    def test_applying_run_rotates_what_is_due(self):
        self.world()
        self.deploy()
        output = self.execute("run-1", {"mode": "apply"})
        report = self.assertOutputIsTheReports(output, "run-1")
        done = {(row["account"], row["user"], row["status"]) for row in report["actions"] if row["action"] == "rotate"}
        self.assertEqual(done, {(MEMBER, "ann", "done"), (SECOND, "eve", "done")})
        self.assertEqual(output["failures"], False)
        self.assertSettled(MEMBER, "ann", active=2)
        self.assertSettled(SECOND, "eve", active=2)
        self.assertEqual((self.created("bob", MEMBER), self.created("new", THIRD)), (0, 0))
        self.assertEqual(
            sorted((event["mode"], event["run_mode"], event["account"]["id"]) for event in self.invoked("account")),
            [("apply", "apply", MEMBER), ("apply", "apply", SECOND)] + [("plan", "apply", number) for number in (MEMBER, SECOND, THIRD)],
        )
        # Where the second pass was not needed the first one's outcome tells.
        self.assertEqual({entry["id"]: entry["status"] for entry in report["accounts"]}[THIRD], "done")
        self.assertInvariants()

    def test_run_with_nothing_due_ends_with_a_report(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("new", 3)]})
        self.deploy()
        output = self.execute("run-6", {"mode": "apply"})
        report = self.assertOutputIsTheReports(output, "run-6")
        self.assertEqual((output["failures"], report["actions"]), (False, []))
        self.assertEqual(self.kept("run-6/allotted.json"), [])
        self.assertEqual([event["mode"] for event in self.invoked("account")], ["plan"])
        self.assertNothingChanged()

    def test_mode_that_the_input_leaves_open_is_the_deployments(self):
        """EventBridge Scheduler is told {"mode": null} or a mode: what is sent is what the inventory gets."""
        self.world()
        self.deploy(mode="plan")
        output = self.execute("run-2", {"mode": None})
        self.assertEqual(output["mode"], "plan")
        self.assertNothingChanged()

    def test_function_that_dies_each_time_does_not_fail_the_run(self):
        self.world()
        self.deploy()
        # Its survey kills the account's process, whoever looks, and however often it is tried again.
        self.lab.fault(op="GetAccountAuthorizationDetails", account=SECOND, kind="signal", times=0)
        output = self.execute("run-3", {"mode": "apply"}, concurrency=1)
        report = self.assertOutputIsTheReports(output, "run-3")
        accounts = {entry["id"]: entry for entry in report["accounts"]}
        self.assertEqual(accounts[SECOND]["status"], "failed")
        self.assertIn("left no outcome", accounts[SECOND]["reason"])
        self.assertEqual(accounts[MEMBER]["status"], "done")
        self.assertEqual(output["failures"], True)
        self.assertSettled(MEMBER, "ann", active=2)
        self.assertEqual(self.created("eve", SECOND), 0)
        # Twice more, as its Retry says; the waits are what AWS would have waited.
        tried = [event for event in self.invoked("account") if event["account"]["id"] == SECOND]
        self.assertEqual(len(tried), 3, tried)
        self.assertEqual(len(self.lab.control("functions")["waits"]), 2)
        self.assertInvariants()

    def test_function_that_dies_once_is_tried_again(self):
        self.world()
        self.deploy()
        self.lab.fault(op="GetAccountAuthorizationDetails", account=SECOND, kind="signal", times=1)
        output = self.execute("run-4", {"mode": "apply"}, concurrency=1)
        report = self.assertOutputIsTheReports(output, "run-4")
        self.assertEqual(output["failures"], False, report["accounts"])
        self.assertSettled(SECOND, "eve", active=2)
        self.assertInvariants()

    def test_account_that_is_not_done_in_time_is_gone_on_with(self):
        """A call that answers `more` is followed by another one of the same account."""
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user(f"u{n}") for n in range(3)]})
        self.deploy({"limits": {"users_per_account": 1}})
        slow = iter([True])

        def first_apply_is_slow(_, body):
            if json.loads(body)["mode"] == "apply" and next(slow, False):
                self.lab.fault(op="CreateAccessKey", kind="delay", seconds=8)
                return {"seconds": 26}
            return None

        self.function("account").before = first_apply_is_slow
        output = self.execute("run-5", {"mode": "apply"})
        report = self.assertOutputIsTheReports(output, "run-5")
        applied = [event for event in self.invoked("account") if event["mode"] == "apply"]
        self.assertEqual(len(applied), 2, report)
        self.assertEqual([row["status"] for row in report["actions"]], ["done"] * 3)
        self.assertEqual([self.created(f"u{n}", MEMBER) for n in range(3)], [1, 1, 1])
        self.assertInvariants()


if __name__ == "__main__":
    unittest.main()
