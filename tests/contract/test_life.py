"""One access key's whole life on the calendar: days 0, 83, 90, 97, 100, 110, seen by plan and done by apply."""

import unittest
from datetime import datetime, timezone

from case import MEMBER, RekeyerCase

QUIET = {"keep", "hold", "warn", "exempt"}


class Life(RekeyerCase):
    def setUp(self):
        super().setUp()
        self.one_user([{"age": 0, "used": 0}])
        self.old = self.lab.keys_of(MEMBER, "ann")[0]
        self.use()

    def old_used(self, days_ago):
        self.lab.control("key", id=self.old, used=days_ago)

    def due_now(self, *arguments) -> dict:
        """{key: (action, reason)} of what a plan shows, and the plan changes nothing."""
        self.lab.forget_calls()
        run = self.rekeyer.plan("--account", MEMBER, "--ids", *arguments)
        self.assertExit(run, 0)
        self.assertEqual(self.changing_calls(), [])
        return {a["key"]: (a["action"], a["reason"]) for a in run.actions(user="ann") if a["action"] != "keep"}

    def apply(self):
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        self.assertInvariants()
        return run

    def rotate_on_day_90(self):
        self.lab.move_clock(90.001)
        self.old_used(1)
        self.apply()
        new = self.stored()["AccessKeyId"]
        self.assertNotEqual(new, self.old)
        return new

    def test_nothing_is_due_on_day_0_and_apply_changes_nothing(self):
        self.assertEqual(self.due_now(), {})
        self.lab.forget_calls()
        self.apply()
        self.assertEqual([c["operation"] for c in self.changing_calls()], [])

    def test_days_83_to_110(self):
        self.lab.move_clock(82.9)
        self.assertEqual(self.due_now(), {})

        self.lab.move_clock(83.01)
        self.old_used(1)
        self.assertEqual(self.due_now()[self.old][0], "warn")
        self.apply()
        self.assertEqual(self.keys(), {self.old: "Active"})

        self.lab.move_clock(89.9)
        self.assertEqual(self.due_now()[self.old][0], "warn")

        self.lab.move_clock(90.01)
        self.old_used(1)
        self.assertEqual(self.due_now()[self.old], ("rotate", "rotation_due"))
        run = self.apply()
        done = run.actions(user="ann", action="rotate")
        self.assertEqual([(a["key"], a["status"], a["account"]) for a in done], [(self.old, "done", MEMBER)], run)
        new = self.stored()["AccessKeyId"]
        self.assertEqual(self.keys(), {self.old: "Active", new: "Active"})
        self.assertSettled(active=2)
        self.assertIn("rekeyer:custody", self.tags())

        for day in (90.1, 97.1):
            self.lab.move_clock(day)
            self.old_used(day - 91 if day > 91 else 0.05)
            self.assertLessEqual({action for action, _ in self.due_now().values()}, {"warn"}, f"day {day}")
            self.apply()
            self.assertEqual(self.keys(), {self.old: "Active", new: "Active"}, f"day {day}")
        self.assertEqual(
            self.due_now().get(self.old, ("", ""))[0], "warn", "the deactivation is near: its owner is to be told"
        )

        self.lab.move_clock(100.005)
        self.assertNotEqual(
            self.due_now().get(self.old, ("", ""))[0], "deactivate", "ten days from day 90.01 are not over"
        )
        self.lab.move_clock(100.02)
        self.old_used(9)
        self.assertEqual(self.due_now()[self.old], ("hold", "successor_unused"), "nobody but rekeyer has used the new key")
        self.install()
        self.assertEqual(self.due_now()[self.old], ("deactivate", "installation_over"))
        self.apply()
        self.assertEqual(self.keys(), {self.old: "Inactive", new: "Active"})
        self.assertSettled(active=1)

        self.lab.move_clock(105)
        self.assertNotIn("delete", {action for action, _ in self.due_now().values()})
        self.apply()
        self.assertEqual(self.keys(), {self.old: "Inactive", new: "Active"})

        self.lab.move_clock(110.01)
        self.assertNotEqual(
            self.due_now().get(self.old, ("", ""))[0], "delete", "ten days from day 100.02 are not over"
        )
        self.lab.move_clock(110.03)
        self.assertEqual(self.due_now()[self.old], ("delete", "recovery_over"))
        self.apply()
        self.assertEqual(self.keys(), {new: "Active"})
        self.assertSettled(active=1)

        self.lab.move_clock(180.02)
        self.lab.control("key", id=new, used=1)
        self.assertEqual(self.due_now()[new][0], "rotate", "and the next life begins")

    def test_a_daily_run_at_the_same_second_keeps_the_promised_days(self):
        self.lab.move_clock(90.001)
        self.old_used(1)
        started = self.lab.now()
        self.apply()
        self.lab.advance(seconds=started + 10 * 86400 + 1 - self.lab.now())
        self.old_used(9)
        self.install()
        self.apply()
        self.assertEqual(
            self.keys()[self.old], "Inactive",
            "a run that starts exactly ten days after the rotating run must not leave it to the day after",
        )
        self.lab.advance(seconds=started + 20 * 86400 + 2 - self.lab.now())
        self.apply()
        self.assertNotIn(self.old, self.keys())

    def test_old_key_still_in_use_holds_its_deactivation_until_the_hard_deadline(self):
        new = self.rotate_on_day_90()
        self.lab.move_clock(101)
        self.old_used(1)
        held = self.rekeyer.plan("--ids").actions(user="ann", key=self.old)
        self.assertEqual([(a["action"], a["reason"]) for a in held], [("hold", "still_in_use")])
        self.apply()
        self.assertEqual(self.keys(), {self.old: "Active", new: "Active"})
        self.lab.move_clock(131)
        self.old_used(1)
        self.apply()
        self.assertEqual(self.keys(), {self.old: "Inactive", new: "Active"})

    def test_held_key_is_deactivated_once_it_is_idle(self):
        self.rotate_on_day_90()
        self.lab.move_clock(101)
        self.old_used(1)
        self.apply()
        self.lab.move_clock(104.5)
        self.apply()
        self.assertEqual(self.keys()[self.old], "Active", "its owner has not used the new key")
        self.install()
        self.apply()
        self.assertEqual(self.keys()[self.old], "Inactive")

    def test_key_that_somebody_reactivated_is_not_deleted(self):
        new = self.rotate_on_day_90()
        self.lab.move_clock(100.1)
        self.install()
        self.apply()
        self.assertEqual(self.keys()[self.old], "Inactive")
        self.lab.control("key", id=self.old, status="Active")
        for day in (100.2, 110.2, 111):
            self.lab.move_clock(day)
            self.old_used(0.01)
            self.apply()
            self.assertEqual(self.keys(), {self.old: "Active", new: "Active"}, f"day {day}")

    def test_plan_at_a_later_instant_shows_the_future(self):
        self.assertEqual(self.due_now(), {})
        later = datetime.fromtimestamp(self.lab.now() + 91 * 86400, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        run = self.rekeyer.plan("--at", later, "--ids")
        self.assertExit(run, 0)
        # What its last use will be is not known for a day that has not come; what is shown must at least not be "nothing".
        self.assertTrue([a for a in run.actions(key=self.old) if a["action"] != "keep"], run)

    def test_due_instant_is_the_rotation_day(self):
        self.lab.move_clock(85)
        self.old_used(1)
        warn = self.rekeyer.plan("--ids").actions(key=self.old)[0]
        created = self.lab.admin(MEMBER, "iam").list_access_keys(UserName="ann")["AccessKeyMetadata"][0]["CreateDate"]
        due = datetime.fromisoformat(warn["due"].replace("Z", "+00:00"))
        self.assertAlmostEqual(due.timestamp(), created.timestamp() + 90 * 86400, delta=2)

    def test_running_twice_in_a_row_does_the_work_once(self):
        self.lab.move_clock(90.01)
        self.old_used(1)
        self.apply()
        keys = self.keys()
        self.lab.forget_calls()
        self.apply()
        self.assertEqual(self.keys(), keys)
        self.assertEqual([c["operation"] for c in self.changing_calls()], [])

    def test_a_new_key_that_needs_time_to_spread_is_waited_for(self):
        self.lab.options(new_key_refusals=3)
        self.lab.move_clock(90.01)
        self.old_used(1)
        self.lab.forget_calls()
        self.apply()
        asked = self.lab.calls(operation="GetCallerIdentity", code="InvalidClientTokenId")
        self.assertEqual(len(asked), 3)
        self.assertSettled(active=2)
        moved = self.lab.calls(operation="UpdateSecretVersionStage")
        self.assertEqual(len(moved), 1)
        worked = [
            c["n"] for c in self.lab.calls(
                operation="GetCallerIdentity", key=self.stored()["AccessKeyId"]
            ) if c["status"] == 200
        ]
        self.assertGreaterEqual(len(worked), 2, "the new key must have answered twice")
        self.assertGreater(moved[0]["n"], max(worked), "published before it was verified")


if __name__ == "__main__":
    unittest.main()
