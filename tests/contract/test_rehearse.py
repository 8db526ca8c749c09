"""A rehearsal begins with what a survey of the real organization tells, changes nothing, and starts with the day that plan shows."""

import csv
import io
import signal
import time

from case import MEMBER, SECOND, RekeyerCase
from letterbox import Letterbox

#: the rows of a plan that a day of a rehearsal counts
COUNTED = {"rotate": "rotated", "deactivate": "deactivated", "delete": "deleted", "recover": "recovered", "warn": "near", "hold": "held"}


class Rehearse(RekeyerCase):
    def world(self, **options):
        users = [
            {"name": "due", "keys": [{"age": 95, "used": 1}], "tags": {"owner": "team-a@example.com"}},
            {"name": "near", "keys": [{"age": 85, "used": 1}], "tags": {"owner": "team-a@example.com"}},
            {"name": "young", "keys": [{"age": 5, "used": 1}]},
            {"name": "unused", "keys": [{"age": 200}]},
            {"name": "disabled", "keys": [{"age": 200, "used": 50, "status": "Inactive"}]},
            {"name": "idle", "keys": [{"age": 200, "used": 60}, {"age": 150, "used": 1}]},
            {"name": "twice", "keys": [{"age": 200, "used": 1}, {"age": 150, "used": 1}]},
            {"name": "keyless"},
        ]
        self.build({"id": MEMBER, "users": users}, {"id": SECOND, "users": users}, options=options)
        self.use()

    def rehearse(self, *arguments, **more):
        return self.rekeyer.run("rehearse", *arguments, **more)

    def assertFirstDayIsThePlan(self, *arguments, plan=()):
        planned = self.rekeyer.plan(*plan).json["actions"]
        run = self.rehearse("--format", "json", "--days", "3", *arguments)
        self.assertExit(run, 0)
        first = run.json["days"][0]
        for action, member in COUNTED.items():
            rows = [row for row in planned if row["action"] == action and row["reason"] != "root_key_active"]
            self.assertEqual(first[member], len(rows), f"{action}\n{run}")
        return run

    def test_the_first_day_is_the_plan(self):
        self.world()
        run = self.assertFirstDayIsThePlan("--from-organization")
        self.assertEqual(run.json["days"][0]["rotated"], 2)
        self.assertEqual(run.json["before"]["owners"], 3, "the team, and who reads the mail of each of the two accounts")

    def test_the_first_day_is_the_plan_where_only_direct_calls_are_allowed(self):
        self.world()
        self.use({"discovery": {"mode": "direct"}})
        self.assertFirstDayIsThePlan("--from-organization")

    def test_the_first_day_is_the_plan_in_the_middle_of_retirements(self):
        self.world()
        self.assertExit(self.rekeyer.apply(), 0)
        self.lab.move_clock(10.2)
        self.install_all()
        run = self.assertFirstDayIsThePlan("--from-organization")
        self.assertGreater(run.json["days"][0]["deactivated"] + run.json["days"][0]["deleted"], 0, run)

    def test_one_account_can_be_surveyed(self):
        self.world()
        run = self.assertFirstDayIsThePlan("--from-account", SECOND, plan=("--account", SECOND))
        self.assertEqual(run.json["before"]["accounts"], 1)

    def test_nothing_is_changed(self):
        self.world()
        self.lab.forget_calls()
        self.assertExit(self.rehearse("--from-organization", "--days", "30"), 0)
        self.assertEqual([call["operation"] for call in self.changing_calls()], [])

    def test_an_account_without_the_role_is_left_out_with_the_reason(self):
        self.build({"id": MEMBER, "users": [{"name": "due", "keys": [{"age": 95, "used": 1}]}]}, {"id": SECOND, "roles": []})
        self.use()
        run = self.rehearse("--from-organization", "--days", "2", "--format", "json")
        self.assertExit(run, 0)
        self.assertIn(SECOND, [left["account"] for left in run.json["left_out"]])
        self.assertEqual(run.json["before"]["accounts"], 1)


class RehearsedMails(Letterbox):
    def test_each_days_mails_are_those_that_the_runs_send(self):
        shared = {"owner": "team-a@example.com"}
        self.build({"id": MEMBER, "users": [
            {"name": "due", "keys": [{"age": 95, "used": 1}], "tags": shared},
            {"name": "near", "keys": [{"age": 85, "used": 1}], "tags": shared},
            {"name": "unused", "keys": [{"age": 200}], "tags": {"owner": "team-b@example.com team-c@example.com"}},
            {"name": "twice", "keys": [{"age": 200, "used": 1}, {"age": 150, "used": 1}], "tags": {"owner": "team-b@example.com"}},
            {"name": "nobodys", "keys": [{"age": 95, "used": 1}]},
        ]})
        self.lab.verify_sender("example.com")
        self.use(self.settings(owner={"chain": ["user-tag"]}))
        days = self.rekeyer.run("rehearse", "--from-organization", "--format", "json", "--days", "3", "--install-after", "0d", "--never-install", "0").json["days"]
        self.assertEqual(days[0]["mails"], {"all": 3, "to_nobody": 1})
        self.assertEqual(days[0]["told"]["rotated"], 1)
        for number, day in enumerate(days):
            run = self.on_day(number)
            with self.subTest(day=number):
                self.assertEqual(sum(len(mail["to"]) for mail in self.new_mails()), day["mails"]["all"], run)


class RehearseMadeUp(RekeyerCase):
    def setUp(self):
        super().setUp()
        self.one_user([])
        self.use()

    def rehearse(self, *arguments):
        return self.rekeyer.run("rehearse", "--start", "2026-11-22", *arguments, endpoint=False)

    def test_a_generated_world_needs_nothing_and_repeats(self):
        runs = [self.rehearse("--users", "60", "--days", "60", "--seed", "4") for _ in range(2)]
        self.assertExit(runs[0], 0)
        self.assertEqual(runs[0].out, runs[1].out)
        self.assertIn("Held at the end", runs[0].out)
        self.assertNotEqual(runs[0].out, self.rehearse("--users", "60", "--days", "60", "--seed", "5").out)

    def test_csv_has_every_day_and_its_totals_add_up(self):
        run = self.rehearse("--users", "60", "--days", "40", "--format", "csv")
        days = list(csv.DictReader(io.StringIO(run.out)))
        self.assertEqual([day["day"] for day in days], [str(number) for number in range(40)])
        self.assertEqual(days[-1]["total_rotated"], str(sum(int(day["rotated"]) for day in days)))
        self.assertGreater(int(days[-1]["total_rotated"]), 0)

    def test_interrupted_it_prints_what_was_computed(self):
        process = self.rekeyer.start(
            "rehearse", "--accounts", "40", "--users", "80000", "--days", "3650", endpoint=False
        )
        time.sleep(8)
        process.send_signal(signal.SIGINT)
        run = self.rekeyer.finish(process)
        self.assertExit(run, 130)
        self.assertRegex(run.out, r"Stopped after \d+ of 3650 days")

    def test_a_wrong_world_file_names_the_member(self):
        file = self.rekeyer.folder / "world.json"
        file.write_text('{"accounts": [{"id": "111111111111", "users": [{"name": "ann", "keys": [{"age": "old"}]}]}]}')
        run = self.rehearse("--world", str(file))
        self.assertExit(run, 2)
        self.assertIn("age", run.err)
