"""The inventory: every key of the scope in one state, for a few calls, and nothing is changed."""

import csv
import io
import json
import unittest

from case import MEMBER, RekeyerCase


class Inventory(RekeyerCase):
    def world(self):
        self.build(
            {
                "id": MEMBER,
                "users": [
                    {"name": "due", "keys": [{"age": 95, "used": 1}], "tags": {"owner": "ann@example.com"}},
                    {"name": "young", "keys": [{"age": 5, "used": 1}]},
                    {"name": "twice", "keys": [{"age": 95, "used": 1}, {"age": 20, "used": 1}]},
                    {"name": "off", "keys": [{"age": 95, "status": "Inactive"}]},
                    {"name": "keyless", "keys": []},
                ],
            }
        )
        self.use({})
        self.lab.forget_calls()

    def take(self, *arguments):
        run = self.rekeyer.run("inventory", *arguments)
        self.assertExit(run, 0)
        self.assertEqual(self.changing_calls(), [])
        return run

    def test_each_key_is_in_one_state_and_no_user_is_asked_about(self):
        self.world()
        found = json.loads(self.take("--format", "json").out)
        states = {user["user"]: [key["state"] for key in user["keys"]] for user in found["users"]}
        self.assertEqual(states, {"due": ["due"], "young": ["within"], "twice": ["held", "within"], "off": ["inactive"], "keyless": []})
        asked = {call["operation"] for call in self.lab.calls() if call["service"] == "iam"}
        self.assertLessEqual(asked, {"GenerateCredentialReport", "GetCredentialReport", "GetAccountAuthorizationDetails"})
        due = next(user for user in found["users"] if user["user"] == "due")
        self.assertEqual((due["owners"], due["owner_source"]), (["ann@example.com"], "user tag owner"))
        self.assertEqual((due["keys"][0]["next"], due["keys"][0]["age_days"]), ("rotate", 95))
        self.assertEqual(due["login"]["password"], False)

    def test_all_formats_say_the_same_of_each_key(self):
        self.world()
        whole = json.loads(self.take("--format", "json", "--ids").out)
        lines = [json.loads(line) for line in self.take("--format", "jsonl", "--ids").out.splitlines()]
        rows = [row for row in csv.DictReader(io.StringIO(self.take("--format", "csv", "--ids").out)) if row["key"]]
        keys = {(user["user"], key["key"], key["state"]) for user in whole["users"] for key in user["keys"]}
        self.assertEqual({(line["user"], line["key"], line["state"]) for line in lines}, keys)
        self.assertEqual({(row["user"], row["key"], row["state"]) for row in rows}, keys)
        self.assertEqual({key for _, key, _ in keys}, {key for user in ("due", "young", "twice", "off") for key in self.keys(user=user)})

    def test_an_account_that_cannot_be_read_is_said_and_is_exit_code_1(self):
        self.world()
        self.lab.fault(op="AssumeRole", kind="deny", times=0)
        run = self.rekeyer.run("inventory", "--format", "json")
        self.assertExit(run, 1)
        self.assertIn("not in these numbers", run.err)
        self.assertEqual([account["status"] for account in json.loads(run.out)["accounts"] if account["account"] == MEMBER], ["denied"])

    def test_a_scope_that_matches_nothing_is_wrong_usage(self):
        self.world()
        self.assertExit(self.rekeyer.run("inventory", "--account", "999999999999"), 2)


if __name__ == "__main__":
    unittest.main()
