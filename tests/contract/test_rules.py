"""Rules, overrides and exemptions as they work through the whole program; every row of the decision is proved in the C++ tests."""

import unittest
from datetime import date, timedelta

from case import MEMBER, SECOND, RekeyerCase

GROUP = "IAMKeyRotationExemptionGroup"


class Rules(RekeyerCase):
    def users(self, *users, **spec):
        self.build({"id": MEMBER, "users": [{"keys": [{"age": 40, "used": 1}], **user} for user in users]}, **spec)

    def rotated(self, sections=None, *arguments) -> set:
        self.use(sections or {})
        run = self.rekeyer.plan(*arguments)
        self.assertExit(run, 0)
        return {a["user"] for a in run.actions(action="rotate")}

    def test_override_by_user_path_and_tag(self):
        self.users(
            {"name": "ci-build"}, {"name": "deep", "path": "/ci/x/"}, {"name": "tagged", "tags": {"team": "payments"}},
            {"name": "other"},
        )
        for match, wanted in (
            ({"user": "ci-*"}, "ci-build"), ({"path": "/ci/"}, "deep"), ({"tag": "team=payments"}, "tagged")
        ):
            self.assertEqual(self.rotated({"override": [{"match": match, "rotation_period": "30d"}]}), {wanted}, match)

    def test_override_by_account_and_ou(self):
        one = {"users": [{"name": "ann", "keys": [{"age": 40, "used": 1}]}]}
        made = self.build({"id": MEMBER, "ou": "A/B", **one}, {"id": SECOND, "ou": "C", **one}, ous=["A/B", "C"])
        for match in ({"account": MEMBER}, {"ou": made["ous"]["A/B"]}, {"ou": made["ous"]["A"]}):
            self.use({"override": [{"match": match, "rotation_period": "30d"}]})
            self.assertEqual({a["account"] for a in self.rekeyer.plan().actions(action="rotate")}, {MEMBER}, match)

    def told_of_nobody(self, *arguments, code=0, command="plan") -> list:
        run = getattr(self.rekeyer, command)(*arguments)
        self.assertExit(run, code)
        told = run.json["run"]["fits_nobody"]
        self.assertEqual([line.removeprefix("Fits no user: ") for line in run.err.splitlines() if line.startswith("Fits no user: ")], told, run.err)
        return told

    def test_pattern_that_fits_nobody_is_told_with_its_place_where_all_was_seen(self):
        one = {"users": [{"name": "ci-build", "path": "/ci/", "tags": {"team": "payments"}, "keys": [{"age": 40, "used": 1}]}]}
        self.build({"id": MEMBER, "name": "acct-1", **one}, {"id": SECOND, "name": "acct-2", "users": [{"name": "break-glass-1", "keys": []}]})
        good = {
            "override": [{"match": match, "in_use": "warn"} for match in ({"user": "CI-*"}, {"path": "/ci/"}, {"tag": "team=pay*"}, {"account": SECOND})],
            "exempt.user": [{"match": {"user": "break-glass-*"}, "reason": "sealed"}],
        }
        self.use(good)
        self.assertEqual(self.told_of_nobody(), [])
        self.assertEqual(self.told_of_nobody("--account", MEMBER), [], "whom the exemption is for is elsewhere")
        missed = [{"user": "cl-*"}, {"path": "/cd/"}, {"tag": "team=sales"}, {"user": "ci-*", "account": SECOND}]
        self.use({"override": [{"match": match, "in_use": "warn"} for match in missed]})
        lines = [line for line, text in enumerate(self.rekeyer.config.read_text().splitlines(), 1) if text == "[[override]]"]
        wanted = [f"{self.rekeyer.config}:{line}: [[override]] for {words}" for line, words in zip(lines, (
            'user = "cl-*"', 'path = "/cd/"', 'tag = "team=sales"', f'user = "ci-*", account = "{SECOND}"'
        ), strict=True)]
        self.lab.calls(clear=True)
        self.assertEqual(self.told_of_nobody(), wanted)
        with_rules = len(self.lab.calls(clear=True))
        for command in ("plan", "apply"):
            self.assertEqual(len(self.told_of_nobody(command=command)), len(missed), "a warning, whatever is done")
        for narrowed in (("--account", MEMBER), ("--user", "ci-build")):
            self.assertEqual(self.told_of_nobody(*narrowed), [], narrowed)
        self.lab.faults([{"op": "ListSecrets", "account": SECOND, "kind": "deny", "times": 0}])
        self.assertEqual(self.told_of_nobody(code=1), [], "it may be for somebody in the account that failed")
        self.lab.end_faults()
        self.use()
        self.lab.calls(clear=True)
        self.rekeyer.plan()
        self.assertEqual(len(self.lab.calls()), with_rules, "told without a call")

    def test_user_tag_wins_over_an_override(self):
        self.users({"name": "ann", "tags": {"rekeyer:policy": "rotation_period=60d"}}, {"name": "bob"})
        self.assertEqual(self.rotated({"override": [{"match": {"user": "*"}, "rotation_period": "30d"}]}), {"bob"})

    def test_user_override_wins_over_one_by_account(self):
        self.users({"name": "ann"}, {"name": "bob"})
        overrides = [
            {"match": {"account": MEMBER}, "rotation_period": "365d"},
            {"match": {"user": "bob"}, "rotation_period": "30d"},
        ]
        self.assertEqual(self.rotated({"override": overrides}), {"bob"})

    def test_unreadable_user_tag_holds_the_user(self):
        self.build(
            {
                "id": MEMBER,
                "users": [
                    {
                        "name": "ann", "keys": [{"age": 400, "used": 1}],
                        "tags": {"rekeyer:policy": "rotation_period=soon"},
                    }
                ],
            }
        )
        self.use()
        run = self.rekeyer.apply()
        self.assertEqual(self.changing_iam(), [])
        self.assertIn("hold", {a["action"] for a in run.actions(user="ann")}, run)
        self.assertInvariants()

    def changing_iam(self):
        return [c["operation"] for c in self.changing_calls() if c["service"] == "iam"]

    def test_exempt_by_group_tag_and_list(self):
        future = date.fromtimestamp(0) + timedelta(days=40000)
        old = {"keys": [{"age": 200, "used": 1}]}
        self.users(
            {"name": "grouped", "groups": [GROUP], **old},
            {"name": "tagged", "tags": {"rekeyer:exempt": "vendor appliance"}, **old}, {"name": "break-glass-1", **old},
            {"name": "ann", **old},
        )
        exempt = {
            "exempt.user": [
                {"match": {"user": "break-glass-*"}, "reason": "sealed envelope", "until": future, "ticket": "SEC-123"}
            ]
        }
        self.assertEqual(self.rotated(exempt), {"ann"})
        shown = {a["user"]: a for a in self.rekeyer.plan("--all").actions(action="exempt")}
        self.assertEqual(set(shown), {"grouped", "tagged", "break-glass-1"})
        self.assertIn("vendor appliance", str(shown["tagged"]))
        self.assertIn("sealed envelope", str(shown["break-glass-1"]))

    def test_exemption_that_has_ended_enrols_again(self):
        past, future = date(2020, 1, 31), date(2090, 1, 31)
        old = {"keys": [{"age": 200, "used": 1}]}
        self.users(
            {"name": "past-tag", "tags": {"rekeyer:exempt": f"migration until={past}"}, **old}, {
                "name": "future-tag", "tags": {"rekeyer:exempt": f"migration until={future}"}, **old
            },
            {"name": "past-list", **old}, {"name": "future-list", **old},
        )
        listed = [
            {"match": {"user": "past-list"}, "reason": "r", "until": past},
            {"match": {"user": "future-list"}, "reason": "r", "until": future},
        ]
        self.assertEqual(self.rotated({"exempt.user": listed}), {"past-tag", "past-list"})

    def test_exempt_user_is_not_touched_by_apply(self):
        self.users(
            {"name": "ann", "groups": [GROUP], "keys": [{"age": 200, "used": 1}]},
            {"name": "bob", "keys": [{"age": 200, "used": 1}]},
        )
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual({c["input"].get("UserName") for c in self.changing_calls() if c["service"] == "iam"}, {"bob"})
        self.assertInvariants()

    def two_keys(self, first, second):
        self.build({"id": MEMBER, "users": [{"name": "ann", "keys": [first, second]}]})
        return self.lab.keys_of(MEMBER, "ann")

    def test_two_old_keys_in_use_are_held_and_the_owner_is_told(self):
        self.two_keys({"age": 200, "used": 1}, {"age": 150, "used": 2})
        self.use()
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        self.assertEqual(self.changing_iam(), [])
        self.assertIn("two_active", {a["reason"] for a in run.actions(user="ann", action="hold")}, run)
        self.assertInvariants()

    def test_idle_one_of_two_is_deactivated_and_the_other_rotated_once_there_is_room(self):
        idle, used = self.two_keys({"age": 200, "used": 60}, {"age": 150, "used": 1})
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.keys(), {idle: "Inactive", used: "Active"})
        self.assertInvariants()
        for day in (10.1, 10.2):
            self.lab.move_clock(day)
            self.lab.control("key", id=used, used=0.1)
            self.assertExit(self.rekeyer.apply(), 0)
            self.assertInvariants()
        self.assertNotIn(idle, self.keys())
        self.assertSettled(active=2)

    def test_inactive_key_beside_a_due_one_waits_out_its_own_recovery(self):
        disabled, used = self.two_keys({"age": 200, "used": 1, "status": "Inactive"}, {"age": 150, "used": 1})
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(
            self.keys(), {disabled: "Inactive", used: "Active"},
            "first sight starts the clock; nothing may be deleted today",
        )
        self.lab.move_clock(9.5)
        self.rekeyer.apply()
        self.assertIn(disabled, self.keys())
        for day in (10.1, 10.2):
            self.lab.move_clock(day)
            self.lab.control("key", id=used, used=0.1)
            self.assertExit(self.rekeyer.apply(), 0)
        self.assertNotIn(disabled, self.keys())
        self.assertSettled(active=2)
        self.assertInvariants()

    def test_single_inactive_key_is_never_replaced(self):
        self.may_end_without_keys = {(MEMBER, "ann")}
        self.build(
            {"id": MEMBER, "users": [{"name": "ann", "keys": [{"age": 200, "used": 100, "status": "Inactive"}]}]}
        )
        self.use()
        for day in (0, 5, 10.1, 20):
            self.lab.move_clock(day)
            self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.lab.key_events(event="created"), [])
        self.assertEqual(self.keys(), {})

    def test_unused_old_key_is_deactivated_and_later_deleted_or_what_policy_says(self):
        for policy, active, created in (("retire", 0, 0), ("rotate", 2, 1), ("ignore", 1, 0)):
            with self.subTest(unused=policy):
                self.may_end_without_keys = {(MEMBER, "ann")}
                self.build({"id": MEMBER, "users": [{"name": "ann", "keys": [{"age": 200}]}]})
                self.use({"policy": {"unused": policy}})
                self.assertExit(self.rekeyer.apply(), 0)
                self.assertEqual(
                    (list(self.keys().values()).count("Active"), len(self.lab.key_events(event="created"))),
                    (active, created),
                )
                self.assertInvariants()

    def test_signers_own_key_is_not_retired_by_the_run_that_it_signs(self):
        made = self.build({"id": MEMBER}, tooling="100000000000")
        caller = made["caller"]
        self.lab.control("key", id=caller["key"], age=120, used=1)
        self.use({
            "organization": {"management_account": True, "include_accounts": [caller["account"]]},
            "policy": {"in_use": "ignore"},  # or it would stay for being in use
        })
        for day, row in ((0, ("rotate", "rotation_due", "done")), (10.1, ("hold", "signer_key", "held")), (40, ("hold", "signer_key", "held"))):
            self.lab.move_clock(day)
            run = self.rekeyer.apply()
            self.assertExit(run, 0)
            rows = [(a["action"], a["reason"], a["status"]) for a in run.actions(user=caller["user"], key=caller["key"])]
            self.assertEqual(rows, [row], f"day {day}\n{run}")
            self.assertEqual(self.keys(caller["account"], caller["user"]).get(caller["key"]), "Active", f"day {day}")

    def test_limits_hold_the_rest_with_that_reason(self):
        users = [{"name": f"u{n}", "keys": [{"age": 95, "used": 1}]} for n in range(5)]
        self.build({"id": MEMBER, "users": users}, {"id": SECOND, "users": users})
        self.use({"limits": {"max_changes_per_account": 2}})
        run = self.rekeyer.apply()
        done = run.actions(action="rotate", status="done")
        self.assertEqual(len([a for a in done if a["account"] == MEMBER]), 2, run)
        self.assertEqual(len(done), 4)
        held = run.actions(status="held")
        self.assertEqual(len(held), 6, run)
        self.assertEqual({(a["action"], a["reason"]) for a in held}, {("rotate", "account_limit")}, run)
        self.assertEqual(len(self.lab.key_events(event="created")), 4)
        self.assertInvariants()

    def test_limit_of_a_run_takes_the_oldest_of_all_accounts_and_tells_how_long_the_rest_waits(self):
        def users(*ages):
            return [{"name": f"u{age}", "keys": [{"age": age, "used": 1}]} for age in ages]

        self.build({"id": MEMBER, "users": users(95, 96, 130)}, {"id": SECOND, "users": users(97, 150, 140)})
        self.use({"limits": {"max_changes": 3}})
        planned = self.rekeyer.plan()
        self.assertEqual({a["user"] for a in planned.actions(status="planned")}, {"u150", "u140", "u130"}, planned)
        for oldest, waiting in (("u150", "u140", "u130"), {"users": 3, "runs": 1}), (("u97", "u96", "u95"), {"users": 0, "runs": 0}):
            run = self.rekeyer.apply()
            self.assertEqual({a["user"] for a in run.actions(action="rotate", status="done")}, set(oldest), run)
            self.assertEqual(run.json["totals"]["waiting"], waiting | {"a_day": 1, "run_keeps_up": True, "accounts_behind": 0})
            self.assertEqual("more due than [limits] lets a run change" in run.err, waiting["users"] > 0, run.err)
        self.assertInvariants()

    def test_who_waits_costs_no_call(self):
        self.build({"id": MEMBER, "users": [{"name": f"u{n}", "keys": [{"age": 95 + n, "used": 1}]} for n in range(30)]})
        self.use({"limits": {"max_changes": 1}})
        run = self.rekeyer.plan()
        self.assertEqual(len(run.actions(status="held")), 29, run)
        self.assertEqual({a["user"] for a in run.actions(status="planned")}, {"u29"})
        self.assertLess(run.json["totals"]["calls"], 15, run)

    def test_max_changes_flag_caps_the_whole_run(self):
        users = [{"name": f"u{n}", "keys": [{"age": 95, "used": 1}]} for n in range(3)]
        self.build({"id": MEMBER, "users": users}, {"id": SECOND, "users": users})
        self.use()
        run = self.rekeyer.apply("--max-changes", "2")
        self.assertEqual(len(self.lab.key_events(event="created")), 2, run)
        self.assertEqual(len(run.actions(status="held")), 4, run)


if __name__ == "__main__":
    unittest.main()
