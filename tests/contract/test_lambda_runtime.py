"""The binary as Lambda's custom runtime: initialisation, one event after the other, a Runtime API that misbehaves, configuration from
everywhere, logs and metrics."""

import json
import unittest

from case import MEMBER
from lambda_case import BUCKET, ERROR_MEMBERS, LambdaCase, due_user
from rekeyer import document
from runtime_api import LONGEST_ANSWER, TRACE, RuntimeApi

ASK = {"account": {"id": MEMBER}, "mode": "plan"}
SECTIONS = {"organization": {}, "policy": {"rotation_period": "60d"}}


class Runtime(LambdaCase):
    def world(self, *ages):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user(f"u{n}", age) for n, age in enumerate(ages or (95,))]})

    def assertInitError(self, handler, kind, *words, **variables):
        """The process reports why it can't begin, and ends without asking for an event."""
        container = self.container(handler, **variables)
        self.assertEqual(container.wait_for_end(), 1)
        self.assertEqual(container.api.times_asked, 0)
        self.assertIsNotNone(container.api.init_error, container.err)
        header, body = container.api.init_error
        self.assertEqual((header, body["errorType"], set(body), body["stackTrace"]), (kind, kind, ERROR_MEMBERS, []))
        for word in words:
            self.assertIn(word, body["errorMessage"])
        self.assertEqual(container.log[-1]["message"], "initialisation failed")
        self.assertEqual(self.changes_of_accounts(), [])

    # --- the beginning

    def test_unknown_handler_ends_the_initialisation(self):
        self.world()
        self.deploy()
        self.assertInitError("rotate", "rekeyer.Usage", '"rotate"', "inventory, account, allot, summarise, sweep")

    def test_variable_that_is_wrong_ends_the_initialisation(self):
        self.world()
        self.deploy()
        for name, value in (
            ("REKEYER_MODE", "dry"), ("REKEYER_RUNS", "rekeyer-runs/prefix"), ("REKEYER_RUNS", "s3:///prefix"), ("REKEYER_LOG_LEVEL", "loud"),
        ):
            with self.subTest(variable=f"{name}={value}"):
                self.assertInitError("account", "rekeyer.Usage", name, **{name: value})

    def test_older_variable_that_is_wrong_ends_the_initialisation(self):
        self.world()
        self.deploy(packaged=False, DryRunFlag="perhaps", REKEYER_MODE=None)
        self.assertInitError("account", "rekeyer.Usage", "DryRunFlag")

    def test_runtime_api_that_is_not_there_ends_the_process(self):
        self.world()
        self.deploy()
        api = RuntimeApi()
        api.close()
        container = self.container("account", api=api)
        self.assertEqual(container.wait_for_end(), 1)
        self.assertEqual(container.log[-1]["message"], "no event could be fetched")

    def test_nothing_is_asked_of_aws_before_the_first_event(self):
        """What costs a call may take longer than an initialisation is allowed to."""
        self.world()
        self.deploy()
        self.container("account").api.wait_until_asked()
        self.assertEqual(self.lab.calls(), [])

    # --- one event after the other

    def test_one_process_serves_many_events(self):
        self.world()
        self.deploy()
        container = self.container("account")
        for _ in range(3):
            self.assertEqual(container.invoke(ASK).answer["due"], 1)
        self.assertEqual(container.invoke("not json").kind, "error")
        self.assertEqual(container.invoke(ASK).answer["due"], 1)
        self.assertTrue(container.alive)
        container.api.wait_until_asked(6)

    def test_account_that_another_process_changed_is_seen_anew(self):
        self.world()
        self.deploy()
        container = self.container("account")
        self.assertEqual(container.invoke(ASK).answer["due"], 1)
        self.assertEqual(self.call("account", {"account": MEMBER})["done"], 1)
        self.assertEqual(container.invoke(ASK).answer["due"], 0)

    def test_failing_event_leaves_nothing_behind_for_the_next(self):
        self.world()
        self.deploy()
        container = self.container("account")
        self.lab.fault(op="GetCallerIdentity", kind="deny", times=1)
        self.assertLambdaError(container.invoke(ASK), "rekeyer.AccessDenied")
        self.assertEqual(container.invoke(ASK).answer["due"], 1)

    def test_broken_connection_is_opened_again(self):
        self.world()
        self.deploy()
        container = self.container("account")
        container.api.wait_until_asked()
        self.assertEqual(container.invoke(ASK).answer["due"], 1)
        container.api.wait_until_asked(2)
        self.assertEqual(container.invoke(ASK).answer["due"], 1)

    # --- a Runtime API that misbehaves

    def test_next_that_hangs_up_at_once_ends_the_process(self):
        self.world()
        self.deploy()
        api = RuntimeApi()
        api.hang_ups = 5
        container = self.container("account", api=api)
        self.assertEqual(container.wait_for_end(), 1)
        self.assertLess(api.times_asked, 3)

    def test_next_that_hangs_up_on_a_kept_connection_is_asked_once_more(self):
        self.world()
        self.deploy()
        container = self.container("account")
        container.api.wait_until_asked()
        container.api.hang_ups = 1
        self.assertEqual(container.invoke(ASK).answer["due"], 1)
        container.api.wait_until_asked(3)
        self.assertEqual(container.invoke(ASK).answer["due"], 1)
        self.assertTrue(container.alive)

    def test_answer_that_is_not_taken_ends_the_process(self):
        """500 from the Runtime API says that the container is of no more use."""
        self.world()
        self.deploy()
        container = self.container("account")
        container.api.response_statuses = [500]
        outcome = container.invoke(ASK)
        self.assertTrue(outcome.died, outcome)
        self.assertEqual(container.wait_for_end(), 1)
        self.assertEqual(container.log[-1]["message"], "the answer could not be given")

    def test_answer_that_is_too_long_for_lambda_is_an_error(self):
        self.world()
        self.deploy()
        container = self.container("account")
        container.api.response_statuses = [413]
        message = self.assertLambdaError(container.invoke(ASK), "rekeyer.LimitExceeded")
        self.assertIn("6 MB", message)
        self.assertEqual(container.invoke(ASK).answer["due"], 1)

    def test_longest_answer_never_leaves_the_process(self):
        """An answer names the users that are left; with names enough it is longer than Lambda takes."""
        self.assertEqual(LONGEST_ANSWER, 6 * 1024 * 1024)
        self.world()
        self.deploy()
        event = {"account": {"id": MEMBER, "name": "n" * 2000, "users": [f"u{n:058d}" for n in range(1000)]}, "mode": "plan"}
        self.assertEqual(self.container("account").invoke(event).answer["users"], 0)

    # --- configuration

    def due_with(self, **variables) -> int:
        """With a key of 70 days, which is due where the configuration was read."""
        return self.container("account", **variables).invoke(ASK).answer["due"]

    def test_configuration_comes_from_the_package(self):
        self.world(70)
        self.deploy(SECTIONS)
        self.assertEqual(self.due_with(), 1)
        self.rekeyer.config.unlink()
        self.assertEqual(self.due_with(), 0)

    def test_configuration_comes_from_where_rekeyer_config_points(self):
        self.world(70)
        self.deploy({"policy": {"rotation_period": "365d"}})
        text = document(SECTIONS)
        self.s3.put_object(Bucket=BUCKET, Key="config/rekeyer.toml", Body=text.encode())
        parameters = self.lab.admin(self.lab.made["tooling"], "ssm")
        parameters.put_parameter(Name="/rekeyer/config", Value=text, Type="SecureString")
        (self.rekeyer.folder / "other.toml").write_text(text)
        self.assertEqual(self.due_with(), 0)
        for place in (f"s3://{BUCKET}/config/rekeyer.toml", "ssm:/rekeyer/config", str(self.rekeyer.folder / "other.toml")):
            with self.subTest(place=place):
                self.assertEqual(self.due_with(REKEYER_CONFIG=place), 1)

    def test_configuration_that_is_not_there_fails_each_event(self):
        self.world()
        self.deploy()
        for place, kind in (
            (f"s3://{BUCKET}/nowhere.toml", "rekeyer.NotFound"), ("ssm:/nowhere", "rekeyer.NotFound"), ("/nowhere/rekeyer.toml", "rekeyer.Usage"),
        ):
            with self.subTest(place=place):
                container = self.container("account", REKEYER_CONFIG=place)
                for _ in range(2):
                    self.assertIn("nowhere", self.assertLambdaError(container.invoke(ASK), kind))
                self.assertTrue(container.alive)

    def test_configuration_that_is_wrong_fails_each_event_until_it_is_right(self):
        self.world(70)
        self.deploy('[policy]\nrotation_perio = "60d"\n[organization]\n')
        container = self.container("account")
        for _ in range(2):
            message = self.assertLambdaError(container.invoke({**ASK, "mode": "apply"}), "rekeyer.Usage")
            self.assertIn("rotation_perio", message)
            self.assertIn("rekeyer.toml:2", message)
        self.assertEqual(self.lab.calls(), [])
        self.rekeyer.configure(SECTIONS)
        self.assertEqual(container.invoke(ASK).answer["due"], 1)

    def test_configuration_is_read_once_for_events_that_come_soon(self):
        self.world(70)
        self.deploy(SECTIONS)
        self.s3.put_object(Bucket=BUCKET, Key="config/rekeyer.toml", Body=document(SECTIONS).encode())
        container = self.container("account", REKEYER_CONFIG=f"s3://{BUCKET}/config/rekeyer.toml")
        for _ in range(3):
            self.assertEqual(container.invoke(ASK).answer["due"], 1)
        self.assertEqual(len(self.lab.calls(operation="GetObject")), 1)

    # --- the environment of an older system

    OLDER = {"RotationPeriod": "60", "InactivePeriod": "70", "RecoveryGracePeriod": "10"}

    def test_older_variables_configure_where_there_is_no_file(self):
        self.world(70)
        self.deploy(packaged=False)
        self.assertEqual(self.due_with(), 0)
        self.assertEqual(self.due_with(**self.OLDER), 1)

    def test_dry_run_flag_of_an_older_deployment_is_its_mode(self):
        self.world()
        self.deploy(packaged=False, REKEYER_MODE=None)
        event = {"account": MEMBER, "name": "acct-1", "email": "x@example.com"}
        self.assertEqual(self.container("account", DryRunFlag="True").invoke(event).answer["due"], 1)
        self.assertNothingChanged()
        # To the older system, too, this meant "as deployed".
        self.assertEqual(self.container("account", DryRunFlag="True").invoke({**event, "dryrun": False}).answer["due"], 1)
        self.assertNothingChanged()
        self.assertEqual(self.container("account", DryRunFlag="False").invoke(event).answer["done"], 1)
        self.assertInvariants()

    def test_older_exemption_group_exempts(self):
        self.build({"id": MEMBER, "name": "acct-1", "users": [due_user("ann", groups=["NotMe"]), due_user("bob")]})
        self.deploy(packaged=False)
        self.assertEqual(self.due_with(), 2)
        self.assertEqual(self.due_with(IAMExemptionGroup="NotMe"), 1)

    def test_variables_that_mean_nothing_are_warned_of_by_name_once(self):
        self.world()
        self.deploy(packaged=False)
        container = self.container("account", RotationPeriodd="60", MY_OWN="1")
        for _ in range(2):
            self.assertEqual(container.invoke(ASK).kind, "answer")
        warnings = [line["warning"] for line in container.log if line["level"] == "warn" and line["message"] == "configuration"]
        for name, times in (("RotationPeriodd", 1), ("MY_OWN", 1), ("AWS_LAMBDA_RUNTIME_API", 0), ("REKEYER_RUNS", 0), ("LAMBDA_TASK_ROOT", 0)):
            self.assertEqual(sum(name in warning for warning in warnings), times, f"{name}: {warnings}")
        self.assertIn("RotationPeriod?", next(w for w in warnings if "RotationPeriodd" in w).replace(" ", "") + "?")

    def test_older_variables_beside_a_file_are_warned_of_by_name(self):
        self.world(70)
        self.deploy({"policy": {"rotation_period": "365d"}})
        container = self.container("account", RotationPeriod="60")
        self.assertEqual(container.invoke(ASK).answer["due"], 0)
        warnings = [line["warning"] for line in container.log if line["level"] == "warn"]
        self.assertTrue(any(w.startswith("RotationPeriod means nothing beside") for w in warnings), warnings)

    # --- logs

    def test_log_is_json_and_says_which_invocation_wrote_a_line(self):
        self.world()
        self.deploy()
        container = self.container("account")
        for request_id in ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"):
            self.assertEqual(container.invoke({"account": MEMBER}, request_id=request_id, trace=TRACE).kind, "answer")
        for line in container.log:
            self.assertLessEqual({"time", "level", "message", "requestId"}, set(line), line)
        issued = [line["requestId"] for line in container.log if line["message"] == "access key issued"]
        self.assertEqual(issued, ["11111111-1111-4111-8111-111111111111"], "the second had nothing left to do")
        self.assertLessEqual({line["requestId"] for line in container.log}, {issued[0], "22222222-2222-4222-8222-222222222222"})
        self.assertEqual(container.out, "")
        self.assertInvariants()

    def test_log_level_is_the_deployments(self):
        self.world()
        self.deploy(REKEYER_LOG_LEVEL="error")
        container = self.container("account")
        self.assertEqual(container.invoke({"account": MEMBER}).answer["done"], 1)
        self.assertEqual(container.err, "")
        self.assertEqual(container.invoke("[]").kind, "error")
        self.assertEqual([line["message"] for line in container.log], ["the invocation failed"])

    def test_secret_is_seen_nowhere_when_things_go_wrong(self):
        self.world(95, 96, 97)
        self.deploy(REKEYER_LOG_LEVEL="debug")
        self.lab.faults([
            {"op": "PutSecretValue", "kind": "deny"}, {"op": "CreateAccessKey", "kind": "truncate", "skip": 1},
        ])
        outcome = self.container("account", AWS_MAX_ATTEMPTS="2").invoke({"account": MEMBER})
        self.assertGreater(outcome.answer["failed"], 0)
        self.lab.end_faults()
        (self.rekeyer.folder / "logs" / "outcome").write_text(outcome.text)
        self.assertInvariants()


if __name__ == "__main__":
    unittest.main()
