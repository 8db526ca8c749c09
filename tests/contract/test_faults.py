"""Every fault on every changing call: whatever is thrown at a run, nothing is lost, nobody is locked out, and later runs finish the work.

One world holds an account for each pair of operation and fault, so that one run of the program meets them all at once; the accounts
show at the same time that one account's trouble stays its own.
"""

import re
import unittest

from case import RekeyerCase

REPLICA = "eu-west-1"
SECTIONS = {
    "store": {"replica_regions": [REPLICA], "grant": "both"},
    "limits": {"max_changes": 10000},
}
ATTEMPTS = 3
# Each is a list of rules; `op` and `account` are filled in.
KINDS = {
    "throttled twice": [{"kind": "throttle", "times": 2}],
    "throttled for the whole run": [{"kind": "throttle", "times": 0}],
    "server error once, not performed": [{"kind": "error"}],
    "server errors for the whole run": [{"kind": "error", "times": 0}],
    "server error once, performed": [{"kind": "error", "when": "after"}],
    "balancer's page": [{"kind": "html"}],
    "cut before": [{"kind": "cut"}],
    "cut after: reply lost": [{"kind": "cut", "when": "after"}],
    "cut after, each time": [{"kind": "cut", "when": "after", "times": 0}],
    "half a reply": [{"kind": "truncate"}],
    "denied": [{"kind": "deny", "times": 0}],
}
# A key that was made is stored until its lease ends, seven minutes of real time; long enough is a few tries here. What happens at the
# end of a lease is proved on a virtual clock by the C++ simulation.
LONG_ENOUGH = {"PutSecretValue": 2 * ATTEMPTS}
CREATION = ["CreateSecret", "TagResource", "CreateAccessKey", "PutSecretValue", "UpdateSecretVersionStage", "PutResourcePolicy", "PutUserPolicy", "ReplicateSecretToRegions"]


def account(number):
    return f"7{number:011d}"


class Faults(RekeyerCase):
    def use(self, sections=None):
        rekeyer = super().use(sections)
        rekeyer.few_attempts(ATTEMPTS)
        return rekeyer

    def worlds(self, operations, age=95):
        """{account: (operation, fault's name)}, an account for each pair; the world holds them all."""
        pairs = [(operation, kind) for operation in operations for kind in KINDS]
        cases = {account(n + 1): pair for n, pair in enumerate(pairs)}
        self.build(*[{"id": a, "users": [{"name": "ann", "keys": [{"age": age, "used": 1}]}]} for a in cases])
        self.use(SECTIONS)
        return cases

    def order_faults(self, cases):
        for number, (operation, kind) in cases.items():
            for rule in KINDS[kind]:
                times = rule.get("times", 1)
                limited = LONG_ENOUGH.get(operation, 0) if times == 0 and rule["kind"] != "deny" else times
                self.lab.fault(op=operation, account=number, **{**rule, "times": limited})

    def assertAllHit(self, cases):
        """A fault that never struck proves nothing, so it fails the test."""
        missed = [(rule["op"], cases[rule["account"]][1]) for rule in self.lab.end_faults() if not rule["hit"]]
        self.assertEqual(missed, [], "these calls were never made")

    def assertNoSecondKey(self, cases):
        """CreateAccessKey is not sent again after a reply that does not tell whether a key was made."""
        seen = 0
        for number, (operation, kind) in cases.items():
            created = self.lab.calls(operation="CreateAccessKey", account=number) if operation == "CreateAccessKey" else []
            ambiguous = [c for c in created if c["status"] in (0, 500, 503) or (c["fault"] or "").endswith("after")]
            seen += len(ambiguous)
            if ambiguous:
                self.assertEqual(created[-1]["n"], ambiguous[0]["n"], f"CreateAccessKey was sent again: {kind}")
        self.assertGreater(seen, 0, "no reply of CreateAccessKey was lost")

    def assertEachAccount(self, cases, check):
        for number, (operation, kind) in cases.items():
            with self.subTest(operation=operation, fault=kind, account=number):
                check(number)

    def finish(self):
        """Later days: leases end, orphans' grace ends."""
        for step in ({"minutes": 16}, {"days": 1.1}):
            self.lab.advance(**step)
            self.rekeyer.apply(timeout=240)
            self.assertInvariants()
        self.settle(runs=4, step={"hours": 1})

    def test_the_list_of_changing_calls_is_complete(self):
        """If rekeyer learns to make another changing call, this list and with it the faults must follow."""
        self.one_user([{"age": 95, "used": 1}])
        self.use(SECTIONS)
        self.rekeyer.apply()
        self.lab.move_clock(10.1)
        self.install_all()
        self.rekeyer.apply()
        self.lab.move_clock(20.2)
        self.rekeyer.apply()
        made = {c["operation"] for c in self.changing_calls()}
        self.assertEqual(made - {"UntagResource"}, set(CREATION) | {"UpdateAccessKey", "DeleteAccessKey"})

    def test_faults_while_a_key_is_rotated(self):
        cases = self.worlds(CREATION)
        self.order_faults(cases)
        run = self.rekeyer.apply(timeout=300)
        self.assertIn(run.code, (0, 1), run)
        self.assertAllHit(cases)
        self.assertNoSecondKey(cases)
        self.assertInvariants()
        self.rekeyer.apply(timeout=240)  # another run at once: leases are live
        self.assertInvariants()
        self.finish()
        self.assertEachAccount(cases, self.assertSettled)

    def test_faults_while_a_key_is_deactivated_and_deleted(self):
        for operation, first, day in (("UpdateAccessKey", 10.1, 10.2), ("DeleteAccessKey", 20.2, 20.3)):
            cases = self.worlds([operation])
            old = {number: self.lab.keys_of(number, "ann")[0] for number in cases}
            self.assertExit(self.rekeyer.apply(timeout=240), 0)
            if operation == "DeleteAccessKey":
                self.lab.move_clock(10.1)
                self.install_all()
                self.assertExit(self.rekeyer.apply(timeout=240), 0)
            self.lab.move_clock(first)
            self.install_all()
            self.order_faults(cases)
            self.assertIn(self.rekeyer.apply(timeout=240).code, (0, 1))
            self.assertAllHit(cases)
            self.assertInvariants()
            self.lab.move_clock(day)
            self.settle(runs=4, step={"hours": 1})
            self.assertInvariants()
            gone = (lambda keys, key: keys.get(key) == "Inactive") if operation == "UpdateAccessKey" else (lambda keys, key: key not in keys)
            self.assertEachAccount(cases, lambda number, gone=gone, old=old: self.assertTrue(gone(self.keys(number), old[number]), self.keys(number)))

    def test_faults_while_an_orphan_is_withdrawn(self):
        """The secret can't be stored and the withdrawal fails as well: the worst that can happen to a rotation."""
        cases = self.worlds(["UpdateAccessKey", "DeleteAccessKey"])
        left = {number: case for number, case in cases.items() if case[0] == "UpdateAccessKey"}
        self.order_faults({number: case for number, case in cases.items() if case[0] == "DeleteAccessKey"})
        self.lab.faults({"op": "PutSecretValue", "account": number, "kind": "deny", "times": 0} for number in cases)
        self.lab.faults({"op": "DeleteAccessKey", "account": number, "kind": "deny", "times": 0} for number in left)
        self.assertExit(self.rekeyer.apply(timeout=240), 1)
        self.assertAllHit(cases)
        self.assertInvariants()
        # Whose withdrawal failed, that key is switched off once the lease has ended; and that fails as well.
        self.lab.advance(minutes=16)
        self.order_faults(left)
        self.assertIn(self.rekeyer.apply(timeout=240).code, (0, 1))
        self.assertAllHit(left)
        self.assertInvariants()
        self.finish()
        self.assertEachAccount(cases, self.assertSettled)

    def told(self, run) -> list:
        """Without the names that each attempt has anew: ids of requests, and of a key that was made and withdrawn."""
        plain = [re.sub(r"AKIA[A-Z0-9]{16}", "(key)", re.sub(r"request id [^)]*", "request id", a["detail"])) for a in run.actions(user="ann")]
        return [(a["action"], a["reason"], a["status"], detail) for a, detail in zip(run.actions(user="ann"), plain, strict=True)]

    def test_what_is_refused_for_good_is_told_each_day_in_the_same_words_and_leaves_nothing(self):
        for operation, keys_a_day in (("CreateAccessKey", 0), ("PutResourcePolicy", 0), ("PutSecretValue", 1)):
            with self.subTest(operation):
                self.one_user([{"age": 95, "used": 1}])
                self.use(SECTIONS)
                self.lab.fault(op=operation, kind="deny", times=0)
                said = []
                for day in (0, 1, 2):
                    self.lab.move_clock(day)
                    run = self.rekeyer.apply()
                    self.assertExit(run, 1)
                    said.append(self.told(run))
                    self.assertEqual([(action, status) for action, _, status, _ in said[-1]], [("rotate", "failed")], run)
                    noted, *why = self.tags()["rekeyer:issued-nothing"].split()
                    self.assertEqual(self.intent().split()[1].removeprefix("run="), noted, "whose run it was that issued nothing")
                    self.assertEqual([word.partition("=")[0] for word in why], ["store"] * keys_a_day, "what waits for the next day")
                    self.assertEqual(list(self.keys().values()), ["Active"])
                self.assertEqual(said, [said[0]] * 3)
                self.assertEqual(len(self.lab.key_events(event="created", by_lab=False)), 3 * keys_a_day)
                self.assertGreater(self.lab.end_faults()[0]["hit"], 0)
                self.lab.move_clock(3)
                if operation == "PutResourcePolicy":  # anybody may have been at the secret while it had no lock
                    run = self.rekeyer.apply()
                    self.assertEqual([(a["action"], a["reason"]) for a in run.actions(user="ann")], [("rotate", "lock_spreading")], run)
                    self.lab.advance(minutes=6)
                run = self.rekeyer.apply()
                self.assertExit(run, 0)
                self.assertEqual([(a["action"], a["status"]) for a in run.actions(user="ann")], [("rotate", "done")], run)
                self.assertSettled(active=2)
                self.assertInvariants()

    def test_what_a_lost_run_left_is_looked_at_and_the_key_is_made_in_one_run(self):
        self.one_user([{"age": 95, "used": 1}])
        self.use(SECTIONS)
        self.lab.fault(op="CreateAccessKey", kind="cut", times=0)
        run = self.rekeyer.apply()
        self.assertEqual([(a["action"], a["reason"]) for a in run.actions(user="ann")], [("rotate", "outcome_unknown")], run)
        self.assertNotIn("rekeyer:issued-nothing", self.tags())
        self.lab.end_faults()
        self.lab.advance(minutes=16)
        self.lab.forget_calls()
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        self.assertEqual([(a["action"], a["status"]) for a in run.actions(user="ann")], [("recover", "done"), ("rotate", "done")], run)
        asked = [o for o in self.operations() if o in ("GetUser", "ListAccessKeys", "CreateAccessKey")]
        at = asked.index("GetUser")
        self.assertEqual(asked[at:at + 3], ["GetUser", "ListAccessKeys", "GetUser"], "whose keys they are is known before and after")
        self.assertSettled(active=2)
        self.assertInvariants()

    def test_faults_while_a_secret_without_user_is_deleted(self):
        cases = self.worlds(["DeleteSecret"])
        self.rekeyer.configure({**SECTIONS, "store": {}})
        self.assertExit(self.rekeyer.apply(timeout=240), 0)
        for number in cases:
            self.lab.control("user", account=number, remove="ann")
        self.lab.move_clock(1)
        self.order_faults(cases)
        self.assertIn(self.rekeyer.apply(timeout=240).code, (0, 1))
        self.assertAllHit(cases)
        for day in (2, 3):
            self.lab.move_clock(day)
            self.rekeyer.apply(timeout=240)

        def scheduled(number):
            self.assertIn("DeletedDate", self.described(number))

        self.assertEachAccount(cases, scheduled)


if __name__ == "__main__":
    unittest.main()
