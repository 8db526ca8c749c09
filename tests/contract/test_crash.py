"""The program dies with kill -9 at every step of the protocol, or runs twice at once: the invariants hold, and later runs finish."""

import signal
import unittest

from case import MEMBER, RekeyerCase

SECTIONS = {"store": {"replica_regions": ["eu-west-1"], "grant": "both"}}


class Crash(RekeyerCase):
    def world(self, days=0.0):
        """A user in that stage of a life: 0 due for rotation, 10.1 due for deactivation, 20.2 due for deletion."""
        self.one_user([{"age": 95, "used": 1}])
        self.use(SECTIONS)
        for day in (0, 10.1):
            if day < days:
                self.move_to(day)
                self.assertExit(self.rekeyer.apply(), 0)
        self.move_to(days)
        self.lab.forget_calls()

    def move_to(self, day):
        self.lab.move_clock(day)
        if day:
            self.install()

    def calls_of_a_clean_run(self, days):
        """Where a run can die: after each changing call and each check of the new key, by their place among their like."""
        self.world(days)
        self.assertExit(self.rekeyer.apply(), 0)
        seen, places = {}, []
        for call in self.lab.calls():
            operation = call["operation"]
            if call["changing"] or (
                operation == "GetCallerIdentity" and call["key"].startswith("AKIA") and call["account"] == MEMBER
            ):
                places.append((operation, seen.get(operation, 0)))
                seen[operation] = seen.get(operation, 0) + 1
        return places

    def die(self, operation, skip, when):
        """Runs until the lab kills it there; returns the run."""
        self.lab.fault(op=operation, account=MEMBER, skip=skip, kind="signal", when=when)
        run = self.rekeyer.apply()
        self.assertEqual(
            [rule["hit"] for rule in self.lab.end_faults()], [1], f"{operation} {skip} {when} was not reached\n{run}"
        )
        self.assertEqual(run.code, -9, run)
        return run

    def each_step(self, days, check):
        places = self.calls_of_a_clean_run(days)
        self.assertTrue(places)
        # Dying before a call is dying after the one before it; only the first call needs both.
        steps = [(*places[0], "before")] + [(operation, skip, "after") for operation, skip in places]
        for operation, skip, when in steps:
            with self.subTest(step=f"{when} {operation} number {skip + 1}"):
                self.world(days)
                self.die(operation, skip, when)
                self.assertInvariants()
                self.rekeyer.apply()  # at once: the dead run's lease is live
                self.assertInvariants()
                self.lab.advance(minutes=16)
                self.rekeyer.apply()
                self.assertInvariants()
                self.lab.advance(days=1.1)
                self.settle(runs=4, step={"minutes": 16})
                self.assertInvariants()
                check()

    def test_killed_at_each_step_of_a_rotation(self):
        def settled():
            self.assertSettled()
            self.assertLessEqual(len(self.keys()), 2)

        self.each_step(0, settled)

    def test_killed_at_each_step_of_a_deactivation(self):
        self.each_step(10.1, lambda: self.assertSettled(active=1))

    def test_killed_at_each_step_of_a_deletion(self):
        def gone():
            self.assertSettled(active=1)
            self.assertEqual(len(self.keys()), 1)

        self.each_step(20.2, gone)

    def test_key_that_was_made_but_never_stored_is_withdrawn(self):
        self.world()
        self.die("CreateAccessKey", 0, "after")
        orphan = self.lab.key_events(event="created")[0]["id"]
        self.assertEqual(self.keys()[orphan], "Active")
        self.assertIsNotNone(self.intent(), "nothing tells whose key this is")
        self.lab.advance(minutes=16)
        run = self.rekeyer.apply()
        self.assertNotEqual(self.keys().get(orphan), "Active", run)
        self.assertTrue(run.actions(user="ann", action="recover"), run)
        self.lab.advance(days=1.1)
        self.rekeyer.apply()
        self.assertNotIn(orphan, self.keys())
        self.settle()
        self.assertSettled(active=2)
        self.assertInvariants()

    def test_key_that_was_stored_is_taken_up_again_not_made_anew(self):
        self.world(20.2)
        self.rekeyer.apply()
        self.assertEqual(len(self.keys()), 1, "the secret has been locked for weeks, and there is room")
        self.lab.fault(op="PutSecretValue", account=MEMBER, kind="signal", when="after")
        run = self.rekeyer.rotate(MEMBER, "ann")
        self.assertEqual(run.code, -9, run)
        self.lab.end_faults()
        stored = self.stored(stage="AWSPENDING")["AccessKeyId"]
        self.lab.advance(minutes=16)
        self.rekeyer.apply()
        self.assertEqual(self.stored()["AccessKeyId"], stored)
        self.assertEqual(len(self.lab.key_events(event="created")), 2)
        self.assertSettled(active=2)

    # Whoever saw the key in a list could have put a value under its token before the lock held everywhere.
    def test_key_that_was_stored_in_a_secret_of_the_same_run_and_never_used_is_withdrawn(self):
        self.world()
        self.die("PutSecretValue", 0, "after")
        stored = self.stored(stage="AWSPENDING")["AccessKeyId"]
        self.lab.advance(minutes=16)
        self.rekeyer.apply()
        self.assertEqual(self.keys()[stored], "Inactive")
        self.lab.advance(days=1.1)
        self.settle()
        self.assertSettled(active=2)
        self.assertNotIn(stored, self.keys())
        self.assertInvariants()

    def test_user_whose_intent_is_live_is_skipped_with_that_reason(self):
        self.world()
        self.die("CreateAccessKey", 0, "before")
        self.lab.forget_calls()
        run = self.rekeyer.apply()
        reasons = {a["reason"] for a in run.actions(user="ann") if a["action"] != "keep"}
        self.assertEqual(reasons, {"in_progress"}, run)
        self.assertEqual([c["operation"] for c in self.changing_calls()], [])

    def two_at_once(self, users=6):
        self.build({"id": MEMBER, "users": [{"name": f"u{n}", "keys": [{"age": 95, "used": 1}]} for n in range(users)]})
        self.use(SECTIONS)
        processes = [self.rekeyer.start("apply", "--yes", "--format", "json") for _ in range(2)]
        return [self.rekeyer.finish(process) for process in processes]

    def test_two_runs_at_once_do_the_work_once(self):
        runs = self.two_at_once()
        self.assertLessEqual({run.code for run in runs}, {0, 1}, runs)
        self.assertInvariants()
        self.settle()
        for n in range(6):
            self.assertSettled(MEMBER, f"u{n}", active=2)
            published = [k for k, s in self.keys(user=f"u{n}").items()]
            self.assertEqual(len(published), 2)
        self.assertInvariants()

    def test_slow_replies_between_two_runs_keep_the_invariants(self):
        self.build({"id": MEMBER, "users": [{"name": "ann", "keys": [{"age": 95, "used": 1}]}]})
        self.use(SECTIONS)
        self.lab.fault(op="CreateAccessKey", kind="delay", seconds=2, when="before")
        first = self.rekeyer.start("apply", "--yes", "--format", "json")
        second = self.rekeyer.start("apply", "--yes", "--format", "json")
        for process in (first, second):
            self.rekeyer.finish(process)
        self.assertInvariants()
        self.settle()
        self.assertSettled(active=2)

    def test_interrupt_stops_cleanly_between_steps(self):
        """SIGINT in the middle of a rotation: what was begun is finished or owned, the exit code is 130."""
        for operation in ("CreateAccessKey", "PutSecretValue", "UpdateSecretVersionStage"):
            with self.subTest(operation=operation):
                self.world()
                self.lab.fault(op=operation, account=MEMBER, kind="signal", signal=2, when="before")
                run = self.rekeyer.apply()
                self.assertExit(run, 130)
                self.assertInvariants()
                self.settle()
                self.assertSettled()

    def test_every_request_to_stop_is_as_clean_as_interrupt(self):
        """A supervisor's SIGTERM, the SIGHUP of a connection that dropped, a SIGQUIT: the key in hand is finished and told."""
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(signal=number.name):
                self.world()
                self.lab.fault(op="PutSecretValue", account=MEMBER, kind="signal", signal=int(number), when="after")
                run = self.rekeyer.apply()
                self.assertExit(run, 130)
                self.assertEqual([a["status"] for a in run.actions(action="rotate")], ["done"], run)
                self.assertInvariants()
                self.settle()
                self.assertSettled()


if __name__ == "__main__":
    unittest.main()
