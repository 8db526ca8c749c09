"""Sweeping an organization: nested OUs, suspended accounts, missing roles, pages, one account's trouble kept to itself."""

import unittest

from case import MEMBER, SECOND, THIRD, RekeyerCase

MANAGEMENT = "100000000000"
FOURTH, FIFTH = "444444444444", "555555555555"


def due_user(name="ann"):
    return {"name": name, "keys": [{"age": 95, "used": 1}]}


def account(number, **more):
    return {"id": number, "name": f"acct-{number[0]}", "users": [due_user()], **more}


class Organization(RekeyerCase):
    def tree(self, **spec):
        self.build(
            account(MEMBER, ou="Workloads/Prod/Core"), account(SECOND, ou="Workloads"), account(THIRD, ou="Sandbox"),
            account(FOURTH, ou="Workloads/Prod", state="SUSPENDED"), account(FIFTH, ou="Sandbox", roles=[]),
            {"id": MANAGEMENT, "name": "management", "users": [due_user("root-ish")]},
            ous=["Workloads/Prod/Core", "Sandbox"], **spec,
        )
        return self.lab.made["ous"]

    def planned(self, *arguments):
        run = self.rekeyer.plan(*arguments)
        return run, {a["account"] for a in run.actions(action="rotate")}

    def test_every_account_is_accounted_for(self):
        self.tree()
        self.use()
        run, rotated = self.planned()
        self.assertExit(run, 1, "an account without the role is a failure to report")
        self.assertEqual(rotated, {MEMBER, SECOND, THIRD})
        self.assertEqual({a["id"] for a in run.json["accounts"]}, {MEMBER, SECOND, THIRD, FOURTH, FIFTH, MANAGEMENT})
        self.assertEqual(run.account(FOURTH)["status"], "skipped")
        self.assertIn("suspended", run.account(FOURTH)["reason"].lower())
        self.assertEqual(run.account(FIFTH)["status"], "denied")
        self.assertIn("rekeyer-member", run.account(FIFTH)["reason"])
        self.assertEqual(run.account(MANAGEMENT)["status"], "skipped")
        self.assertEqual([run.account(a)["status"] for a in (MEMBER, SECOND, THIRD)], ["done"] * 3)
        self.assertEqual(run.account(MEMBER)["users"], 1)
        self.assertEqual(run.account(MEMBER)["name"], "acct-1")
        self.assertInvariants()

    def test_suspended_account_is_not_entered(self):
        self.tree()
        self.use()
        self.rekeyer.plan()
        entered = {c["input"]["RoleArn"].split(":")[4] for c in self.lab.calls(operation="AssumeRole")}
        self.assertNotIn(FOURTH, entered)
        self.assertNotIn(MANAGEMENT, entered)

    def test_missing_role_does_not_stop_the_others(self):
        self.tree()
        self.use()
        run = self.rekeyer.apply()
        self.assertExit(run, 1)
        for number in (MEMBER, SECOND, THIRD):
            self.assertSettled(number, active=2)
        self.assertEqual(len(self.keys(FIFTH)), 1)
        self.assertInvariants()

    def test_include_ou_takes_what_stands_below_it(self):
        ous = self.tree()
        self.use({"organization": {"include_ous": [ous["Workloads"]]}})
        run, rotated = self.planned()
        self.assertExit(run, 0)
        self.assertEqual(rotated, {MEMBER, SECOND})

    def test_exclude_ou_takes_out_what_stands_below_it(self):
        ous = self.tree()
        self.use({"organization": {"exclude_ous": [ous["Workloads/Prod"], ous["Sandbox"]]}})
        run, rotated = self.planned()
        self.assertExit(run, 0)
        self.assertEqual(rotated, {SECOND})

    def test_include_and_exclude_accounts(self):
        self.tree()
        self.use({"organization": {"include_accounts": [MEMBER, SECOND]}})
        self.assertEqual(self.planned()[1], {MEMBER, SECOND})
        self.use({"organization": {"exclude_accounts": [MEMBER, FIFTH]}})
        run, rotated = self.planned()
        self.assertExit(run, 0)
        self.assertEqual(rotated, {SECOND, THIRD})

    def test_flags_narrow_the_run(self):
        ous = self.tree()
        self.use()
        self.assertEqual(self.planned("--account", SECOND)[1], {SECOND})
        self.assertEqual(self.planned("--account", SECOND, "--account", THIRD)[1], {SECOND, THIRD})
        self.assertEqual(self.planned("--ou", ous["Workloads/Prod"])[1], {MEMBER})

    def test_names_that_nothing_has_are_an_error_and_nothing_is_changed(self):
        ous = self.tree()
        self.use()
        for arguments, words in (
            (("--account", "999999999999"), "999999999999"), (("--ou", "ou-none-00000000"), "ou-none-00000000"),
            (("--account", SECOND, "--user", "nobody"), "nobody"), (("--account", SECOND, "--ou", ous["Workloads/Prod"]), "no account in scope"),
        ):
            for command in (self.rekeyer.plan, self.rekeyer.apply):
                run = command(*arguments)
                self.assertExit(run, 2)
                self.assertIn(words, run.err)
        for name, value in (("include_accounts", "999999999999"), ("exclude_accounts", "999999999999"), ("exclude_ous", "ou-none-00000000")):
            self.use({"organization": {name: [value]}})
            run = self.rekeyer.apply()
            self.assertExit(run, 2)
            self.assertIn(f"organization.{name} {value}", run.err)
        for number in (MEMBER, SECOND, THIRD):
            self.assertEqual(len(self.keys(number)), 1, number)

    def test_rules_and_exemptions_for_what_is_not_there_are_an_error(self):
        """A misspelt account would exempt nobody, and say nothing."""
        self.tree()
        for table, match in (
            ("override", {"account": "999999999999"}), ("override", {"ou": "ou-none-00000000"}), ("exempt.user", {"account": "999999999999", "user": "ann"}),
        ):
            more = {"reason": "sealed"} if table == "exempt.user" else {"rotation_period": "30d"}
            self.use({table: [{"match": match, **more}]})
            for command in (self.rekeyer.plan, self.rekeyer.apply):
                run = command()
                self.assertExit(run, 2)
                member = "account" if "account" in match else "ou"
                self.assertRegex(run.err, rf"rekeyer\.toml:\d+: match\.{member} {match[member]}: (not an account|no OU) of this organization")
        self.use({"exempt.user": [{"match": {"account": SECOND}, "reason": "sealed"}]})
        self.assertNotEqual(self.rekeyer.plan().code, 2, "what is there is no mistake")
        for number in (MEMBER, SECOND, THIRD):
            self.assertEqual(len(self.keys(number)), 1, number)

    def test_what_can_be_no_users_name_is_wrong_usage_and_asks_nobody(self):
        self.tree()
        self.use()
        for name in ("ci-*", "service/ci-build", "", "a b", "\x1b[2Jann", "ann\n", "x" * 129):
            for words in (("plan",), ("apply", "--yes"), ("rotate", "--account", MEMBER, "--yes"), ("explain", "--account", MEMBER)):
                run = self.rekeyer.run(*words, "--user", name)
                self.assertExit(run, 2)
                self.assertIn("--user takes a user's", run.err)
                self.assertNotIn("\x1b", run.err)
        self.assertEqual(self.lab.calls(), [])

    def test_management_account_only_where_asked_for(self):
        self.tree()
        self.use({"organization": {"management_account": True, "include_accounts": [MANAGEMENT]}})
        _, rotated = self.planned()
        self.assertEqual(rotated, {MANAGEMENT})

    def test_empty_pages_with_a_token_do_not_end_the_list(self):
        self.build(*[account(f"{n:012d}") for n in range(1, 46)], options={"organizations_empty_pages": True})
        self.use()
        run, rotated = self.planned()
        self.assertExit(run, 0)
        self.assertEqual(len(rotated), 45)
        self.assertEqual(len(run.json["accounts"]), 46)

    def test_accounts_with_the_old_status_only_are_still_read(self):
        self.tree(options={"organizations_omit_state": True})
        self.use()
        run, rotated = self.planned()
        self.assertEqual(rotated, {MEMBER, SECOND, THIRD})
        self.assertEqual(run.account(FOURTH)["status"], "skipped")

    def test_denied_organization_is_an_error_and_never_an_empty_organization(self):
        self.tree()
        self.lab.fault(op="ListAccounts", kind="deny", times=0)
        self.lab.fault(op="ListAccountsForParent", kind="deny", times=0)
        self.use()
        run = self.rekeyer.plan()
        self.assertExit(run, 1)
        self.assertIn("ListAccounts", run.out + run.err)

    def test_throttled_organization_is_waited_for(self):
        self.tree()
        self.lab.fault(op="ListAccounts", kind="throttle", times=3)
        self.use()
        self.assertEqual(self.planned()[1], {MEMBER, SECOND, THIRD})

    def test_list_role_reads_the_organization_where_the_caller_may_not(self):
        tooling = "999999999999"
        reader = {
            "name": "org-reader",
            "trust": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{tooling}:root"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
        }
        self.build(account(MEMBER), {"id": MANAGEMENT, "name": "management", "roles": [{}, reader]}, tooling=tooling)
        self.use({"organization": {"list_role_arn": f"arn:aws:iam::{MANAGEMENT}:role/org-reader"}})
        run, rotated = self.planned()
        self.assertEqual(rotated, {MEMBER}, run)
        listed = self.lab.calls(operation="ListAccounts")
        self.assertTrue(listed and all(c["account"] == MANAGEMENT for c in listed))

    def test_fixed_map_needs_no_organizations_call(self):
        self.tree()
        self.use({"accounts": {MEMBER: ["ann"], SECOND: ["*"]}})
        run, rotated = self.planned()
        self.assertExit(run, 0)
        self.assertEqual(rotated, {MEMBER, SECOND})
        self.assertEqual(self.lab.calls(service="organizations"), [])

    def test_fixed_map_touches_only_the_users_it_names(self):
        self.build({"id": MEMBER, "users": [due_user("ann"), due_user("bob")]})
        self.use({"accounts": {MEMBER: ["ann"]}})
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual((len(self.keys(user="ann")), len(self.keys(user="bob"))), (2, 1))
        self.assertInvariants()

    def test_external_id_is_sent(self):
        self.tree(external_id="orchid-7")
        self.use({"organization": {"external_id": "orchid-7", "include_accounts": [MEMBER]}})
        run, rotated = self.planned()
        self.assertExit(run, 0)
        self.assertEqual(rotated, {MEMBER})

    def test_an_account_that_fails_all_the_time_fails_alone(self):
        self.tree()
        self.lab.fault(op="*", service="iam", account=SECOND, kind="error", times=0)
        self.use({"organization": {"exclude_accounts": [FIFTH]}}).few_attempts()
        run = self.rekeyer.apply()
        self.assertExit(run, 1)
        self.assertEqual(run.account(SECOND)["status"], "failed")
        self.assertSettled(MEMBER, active=2)
        self.assertSettled(THIRD, active=2)
        self.assertEqual(len(self.keys(SECOND)), 1)
        self.assertInvariants()

    def test_root_access_key_is_reported_and_not_touched(self):
        self.build(account(MEMBER), options={"report_root_keys": 1})
        self.use()
        run = self.rekeyer.apply()
        self.assertIn("root", (run.out + run.err).lower())
        self.assertNotIn("root", " ".join(c["input"].get("UserName", "") for c in self.changing_calls()))
        self.assertInvariants()


if __name__ == "__main__":
    unittest.main()
