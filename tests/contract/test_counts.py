"""How many calls a run costs: an audit does not grow with the number of users, a rotation stays small. Counted by the lab's log."""

import collections
import hashlib
import time
import unittest

from case import MEMBER, RekeyerCase, secret_name


def token(account, user, key) -> str:
    """The version id that rekeyer derives from the key; see docs/design."""
    return hashlib.sha256(f"rekeyer:1\n{account}\n{user}\n{key}".encode()).hexdigest()


class Counts(RekeyerCase):
    def settled_account(self, users, two_keys):
        """An account whose users all have a secret of ours: every second one with a retiring key beside the current one."""
        described = [
            {
                "name": f"user-{n:04d}",
                "keys": [{"age": 20, "used": 1}] + ([{"age": 110, "used": 21}] if n < two_keys else []),
            } for n in range(users)
        ]
        self.build({"id": MEMBER, "users": described}, options={"report_at_hand": False})
        since = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self.lab.made["built"] - 20 * 86400))
        secrets = []
        for user in described:
            current, *old = self.lab.keys_of(MEMBER, user["name"])
            words = sorted([f"{current}:current:{since}"] + [f"{key}:retiring:{since}" for key in old])
            tags = {"rekeyer:custody": " ".join(["1", *words]), "rekeyer:intent": "none", "rekeyer:proof": f"1 none {since}"}
            secrets.append(
                {
                    "name": secret_name(MEMBER, user["name"]), "value": "{}", "tags": tags,
                    "token": token(MEMBER, user["name"], current),
                }
            )
        self.lab.control("secrets_bulk", account=MEMBER, secrets=secrets)
        # The retiring keys have 40 days left to be installed elsewhere, so nothing is due and nobody is to be warned.
        self.use({"policy": {"installation_grace": "60d"}, "organization": {"include_accounts": [MEMBER]}})

    @staticmethod
    def measured(what, number):
        """The figure itself, which run.py prints; the assertions hold its bound."""
        print(f"measured: {what}: {number}", flush=True)

    @staticmethod
    def summed(calls) -> dict:
        return dict(sorted(collections.Counter(call["operation"] for call in calls).items()))

    def audit(self) -> list:
        self.lab.forget_calls()
        run = self.rekeyer.plan()
        self.assertExit(run, 0)
        self.assertEqual(len(run.json["actions"]), 0, f"nothing is due, and yet: {run.json['actions'][:3]}")
        return self.lab.calls()

    def test_custody_written_by_hand_here_is_what_rekeyer_writes(self):
        """Guards the other tests: if format or token change, the accounts above would no longer be "with a secret of ours"."""
        self.one_user([{"age": 95, "used": 1}])
        self.use()
        self.assertExit(self.rekeyer.apply(), 0)
        old = self.lab.keys_of(MEMBER, "ann")[0]
        new = self.stored()["AccessKeyId"]
        self.assertIn(token(MEMBER, "ann", new), self.described()["VersionIdsToStages"])
        custody = self.tags()["rekeyer:custody"]
        self.assertRegex(custody, rf"^1 (.* )?{new}:current:\d{{8}}T\d{{6}}Z")
        self.assertRegex(custody, rf"{old}:retiring:\d{{8}}T\d{{6}}Z")
        self.assertRegex(self.tags()["rekeyer:proof"], r"^1 none-fresh \d{8}T\d{6}Z$")
        self.lab.move_clock(0.1)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertRegex(self.tags()["rekeyer:proof"], r"^1 none \d{8}T\d{6}Z$")

    def test_audit_of_1000_users_and_1500_keys_takes_at_most_25_calls(self):
        self.settled_account(1000, 500)
        calls = self.audit()
        self.measured("calls of an audit of 1000 users with 1500 keys, nothing due", f"{len(calls)} {self.summed(calls)}")
        self.assertLessEqual(len(calls), 25, self.summed(calls))
        self.assertGreater(len(calls), 10, "pages of 100 for 1000 users must be there: is the lab paging?")

    def test_audit_does_not_grow_with_users_apart_from_pages(self):
        counted = {}
        for users in (20, 90):
            self.settled_account(users, users // 2)
            counted[users] = self.summed(c for c in self.audit() if not c["page"])
        self.assertEqual(counted[20], counted[90])

    def test_each_first_rotation_costs_at_most_17_calls(self):
        """Three of them to know the user's keys and secret: the others lock the new secret and prove it, and look at whose name it is around the key."""
        counted = {}
        for users in (1, 6):
            self.build(
                {"id": MEMBER, "users": [{"name": f"u{n}", "keys": [{"age": 95, "used": 1}]} for n in range(users)]}
            )
            self.use({"organization": {"include_accounts": [MEMBER]}})
            run = self.rekeyer.apply()
            self.assertExit(run, 0)
            self.assertEqual(len(run.actions(action="rotate", status="done")), users)
            counted[users] = self.lab.calls()
        each = (len(counted[6]) - len(counted[1])) / 5
        self.measured("calls of each first rotation of a user", each)
        self.assertLessEqual(each, 17, self.summed(counted[1]))

    def test_each_further_rotation_costs_at_most_15_calls(self):
        """Four of them to know the user's keys, secret, and whose lock is on it."""
        self.one_user([{"age": 95, "used": 1}])
        self.use({"organization": {"include_accounts": [MEMBER]}})
        self.assertExit(self.rekeyer.apply(), 0)
        for day in (10.1, 20.2):
            self.lab.move_clock(day)
            self.install()
            self.assertExit(self.rekeyer.apply(), 0)
        current = self.stored()["AccessKeyId"]
        self.lab.move_clock(21)
        quiet = len(self.audit())
        self.lab.move_clock(91)
        self.lab.control("key", id=current, used=1)
        self.lab.forget_calls()
        run = self.rekeyer.apply()
        self.assertEqual(len(run.actions(action="rotate", status="done")), 1, run)
        cost = len(self.lab.calls()) - quiet
        self.measured("calls of each further rotation of a user", cost)
        self.assertLessEqual(cost, 15, self.summed(self.lab.calls()))


if __name__ == "__main__":
    unittest.main()
