"""Every read that can fail: what can't be read is never taken for "none" or "never", and whoever it concerns keeps what they have.

Each case is an account of its own in which one read fails for a whole run, on a day on which something of every kind is due. An account
in which nothing fails shows what that run would have done. What is promised stands in `PROMISES`: a case that is not met, a rule that
nothing hits, or a read that stands in no list fails the suite.
"""

import re
import unittest

from case import RekeyerCase, secret_name

ATTEMPTS = 2
DAY = 10.1  # of the run in which the reads fail; the first run was on day 0
GROUP = "IAMKeyRotationExemptionGroup"
KINDS = {"denied": "deny", "throttled": "throttle", "server error": "error", "cut": "cut"}
#: One user for each thing that is due on that day, and one for each that must not be.
USERS = [
    {"name": "stale", "keys": [{"age": 300, "used": 200, "status": "Inactive"}, {"age": 20, "used": 1}]},
    {"name": "followed", "keys": [{"age": 95, "used": 1}]},
    {"name": "unused", "keys": [{"age": 85}]},
    {"name": "idle", "keys": [{"age": 85, "used": 80}, {"age": 60, "used": 1}]},
    {"name": "due", "keys": [{"age": 85, "used": 1}]},
    {"name": "spared", "keys": [{"age": 300, "used": 1}], "groups": [GROUP]},
    {"name": "gone", "keys": [{"age": 95, "used": 1}]},
]
#: What a run does that reads all: {user: {(action, reason, status)}}.
UNDISTURBED = {
    "stale": {("delete", "recovery_over", "done")},
    "followed": {("deactivate", "installation_over", "done")},
    "unused": {("deactivate", "unused", "done")},
    "idle": {("deactivate", "idle", "done")},
    "due": {("rotate", "rotation_due", "done")},
    "spared": {("exempt", "exempt", "held")},
    "gone": {("delete", "user_gone", "done")},
}
RETIRED = ("stale", "followed", "unused", "idle")
DUE = (*RETIRED, "due")


class Promise:
    """How a run in which that read fails ends for an account: its exit code, each user's rows, the account's own status.

    `begun`: whose secret was made ready for a key that was then not issued.
    """

    def __init__(self, code, rows, status="done", begun=()):
        self.code, self.rows, self.status, self.begun = code, rows, status, set(begun)

    @property
    def changed(self) -> set:
        """The users of whom anything is changed: a key, a secret, a tag."""
        return self.changed_keys | self.begun

    @property
    def changed_keys(self) -> set:
        """The users of whom a key is made, switched off or deleted, or a secret removed."""
        return {user for user, rows in self.rows.items() for _, _, status in rows if status == "done"}


def all_of(users, *row) -> dict:
    return {user: {row} for user in users}


AS_WITHOUT_A_FAULT = Promise(0, UNDISTURBED)
_NOTHING_RETIRES = {  # and what adds goes on
    **UNDISTURBED, **all_of(("stale", "followed", "idle"), "hold", "last_use_unknown", "held"), **all_of(("unused", "due"), "rotate", "rotation_due", "done"),
}
NO_KEY_RETIRES = Promise(0, _NOTHING_RETIRES)
#: What a user who is gone left is kept, too, as long as a key of it may be somebody's.
NOTHING_RETIRES = Promise(1, {**_NOTHING_RETIRES, "gone": {("delete", "unreadable", "failed")}})
NO_KEY_IS_TOUCHED = Promise(1, {**UNDISTURBED, **all_of(DUE, "hold", "unreadable", "failed")})
NO_USER_IS_TOUCHED = Promise(1, {**NO_KEY_IS_TOUCHED.rows, "gone": {("delete", "unreadable", "failed")}})
NOBODY_AT_ALL_IS_TOUCHED = Promise(1, all_of((*DUE, "spared"), "hold", "unreadable", "failed"))
#: Who has a user's name now is asked right before a key is issued for it, retired or recorded, and before what a user who is gone left is deleted.
WHO_IT_IS_CANT_BE_TOLD = Promise(
    1, {
        **UNDISTURBED, **{user: {(action, "unreadable", "failed") for action, _, _ in UNDISTURBED[user]} for user in RETIRED},
        "due": {("rotate", "identity_unknown", "failed")}, "gone": {("delete", "unreadable", "failed")},
    }, begun={"due"},
)
#: Whoever has a secret is left alone: it may be in other hands. Who has none needs a lock on it before a key; and a record that is new is not rekeyer's
#: own until its lock was seen.
LOCKS_CANT_BE_SEEN = Promise(
    1, {
        **UNDISTURBED, **all_of(("stale", "followed"), "hold", "unreadable", "failed"), "due": {("rotate", "store_not_ready", "failed")},
        **{user: UNDISTURBED[user] | {("hold", "not_recorded", "failed")} for user in ("unused", "idle")},
        "gone": {("delete", "unreadable", "failed")},  # whose secret it is shows by its lock alone
    }, begun={"due"},
)
#: Of users named one by one, whose name no secret has: a secret may be theirs under another.
WHOSE_SECRET_CANT_BE_TOLD = Promise(1, {**UNDISTURBED, **all_of(("unused", "idle", "due", "spared"), "hold", "unreadable", "failed")})
EVERYBODY_IS_EXEMPT = Promise(0, {**UNDISTURBED, **all_of((*DUE, "spared"), "exempt", "exemption_unreadable", "held")})
ACCOUNT_IS_LEFT_ALONE = Promise(1, {}, "failed")


PROMISES = {
    "report": {
        "GenerateCredentialReport": ACCOUNT_IS_LEFT_ALONE,
        "GetCredentialReport": ACCOUNT_IS_LEFT_ALONE,
        "GetAccountAuthorizationDetails": ACCOUNT_IS_LEFT_ALONE,
        "ListSecrets": ACCOUNT_IS_LEFT_ALONE,
        "ListAccessKeys": NO_KEY_IS_TOUCHED,
        "GetAccessKeyLastUsed": NOTHING_RETIRES,
        "DescribeSecret": NO_USER_IS_TOUCHED,
        "GetResourcePolicy": LOCKS_CANT_BE_SEEN,
        "GetUser": WHO_IT_IS_CANT_BE_TOLD,
    },
    "direct": {
        "ListUsers": ACCOUNT_IS_LEFT_ALONE,
        "ListSecrets": ACCOUNT_IS_LEFT_ALONE,
        "GetGroup": EVERYBODY_IS_EXEMPT,
        "ListUserTags": ACCOUNT_IS_LEFT_ALONE,
        "ListAccessKeys": ACCOUNT_IS_LEFT_ALONE,
        "GetAccessKeyLastUsed": NOTHING_RETIRES,
        "DescribeSecret": NO_USER_IS_TOUCHED,
        "GetResourcePolicy": LOCKS_CANT_BE_SEEN,
        "GetUser": WHO_IT_IS_CANT_BE_TOLD,
    },
    "named": {
        "GetUser": ACCOUNT_IS_LEFT_ALONE,
        "GetGroup": EVERYBODY_IS_EXEMPT,
        "ListAccessKeys": ACCOUNT_IS_LEFT_ALONE,
        "GetAccessKeyLastUsed": NO_KEY_RETIRES,
        "DescribeSecret": NOBODY_AT_ALL_IS_TOUCHED,
        "ListSecrets": WHOSE_SECRET_CANT_BE_TOLD,
        "GetResourcePolicy": LOCKS_CANT_BE_SEEN,
    },
}
#: A bulk read that is denied is replaced by reading user by user, which is as good.
REPLACED = {"GenerateCredentialReport", "GetCredentialReport", "GetAccountAuthorizationDetails"}
#: Made while a key is issued; whatever fails from there on is test_faults.py's.
OF_A_ROTATION = {"GetCallerIdentity", "GetUserPolicy"}
#: How often each is looked at again, by the text that names the user.
AGAIN = {"DescribeSecret": "User_{user}_", "ListAccessKeys": "UserName={user}"}
#: Around a new key: (what is read, by the text that names the user, how many of them go well) → (the reason that is told, whether there was a key by then).
AROUND_A_KEY = {
    ("DescribeSecret", "User_due_", 1): ("store_not_ready", False),
    ("GetResourcePolicy", "User_due_", 0): ("store_not_ready", False),
    ("GetUser", "UserName=due", 0): ("identity_unknown", False),
    ("GetUser", "UserName=due", 1): ("identity_unknown", True),
    ("GetResourcePolicy", "User_due_", 1): ("store_not_ready", True),
}
#: What is left once everything could be read again. (A key that was never used is rotated where its last use is unknown.)
AFTERWARDS = {
    "stale": ["Active"], "followed": ["Active", "Inactive"], "idle": ["Active", "Inactive"], "due": ["Active", "Active"], "spared": ["Active"],
}
#: What changes more than a user's own secret and its tags.
FOR_GOOD = {"CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "PutSecretValue", "UpdateSecretVersionStage", "DeleteSecret"}
NO_FAULT = ("", "")
AT_ONCE = 30


def name_in(text) -> str:
    """A secret's name of an ARN of it, to which AWS adds six letters; any other text as it is."""
    arn = re.fullmatch(r"arn:aws:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:(.+)-[A-Za-z0-9]{6}", text)
    return arn[1] if arn else text


def promised(mode, operation, kind) -> Promise:
    if kind == "denied" and mode == "report" and operation in REPLACED:
        return AS_WITHOUT_A_FAULT
    # AWS may deny the last use of a key that is not there; that its user is gone is known by the unique id.
    if kind == "denied" and operation == "GetAccessKeyLastUsed":
        return NO_KEY_RETIRES
    return PROMISES[mode][operation]


class FailedReads(RekeyerCase):
    def on_that_day(self, mode, cases):
        """An account for each case, and its users' lives until that day."""
        self.build(*[{"id": account, "users": USERS, "groups": [{"name": GROUP}]} for account in cases])
        self.use({"discovery": {"mode": "direct" if mode == "direct" else "report"}, "limits": {"max_changes": 10000, "iam_rate": 1000, "iam_share": 1.0}})
        self.rekeyer.few_attempts(ATTEMPTS)
        self.assertExit(self.rekeyer.apply(timeout=240), 0)
        self.lab.move_clock(0.1)  # the new secrets are settled
        self.assertExit(self.rekeyer.apply(timeout=240), 0)
        for account in cases:
            self.lab.control("user", account=account, remove="gone")
        self.may_end_without_keys |= {(account, "unused") for account in cases}
        self.lab.move_clock(DAY)
        for account in cases:
            self.install(account, "followed")
        self.lab.forget_calls()

    def apply_each(self, mode, accounts) -> dict:
        """{account: run}, each a run of its own; some at a time, because most of it is waiting for the next attempt."""
        users = [word for user in USERS for word in ("--user", user["name"]) if user["name"] != "gone"] if mode == "named" else []
        runs, waiting = {}, list(accounts)
        while waiting:
            batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            started = [self.rekeyer.start("apply", "--yes", "--format", "json", "--account", account, *users) for account in batch]
            runs.update((account, self.rekeyer.finish(process)) for account, process in zip(batch, started, strict=True))
        return runs

    def rows(self, run) -> dict:
        found = {}
        for action in run.json["actions"]:
            found.setdefault(action["user"], set()).add((action["action"], action["reason"], action["status"]))
        return found

    def changed_users(self, account, operations=None) -> set:
        """Of whom rekeyer changed a key, a secret or a tag in that run, by the calls that AWS saw; or by those of some operations only."""
        calls = [call for call in self.changing_calls() if call["account"] == account and (operations is None or call["operation"] in operations)]
        named = [call["input"].get("UserName") or call["input"].get("SecretId") or call["input"].get("Name") or str(call) for call in calls]
        users = {word: user["name"] for user in USERS for word in (user["name"], secret_name(account, user["name"]))}
        return {users.get(name_in(name), name) for name in named}

    def assertPromise(self, run, account, mode, kind, promise):
        self.assertExit(run, promise.code)
        outcome = run.account(account)
        status = "denied" if promise.status == "failed" and kind == "denied" else promise.status
        self.assertEqual(outcome["status"], status, run)
        self.assertEqual(outcome["reason"] == "", status == "done", "an account that is not done says why")
        gone = {"gone"} if mode == "named" else set()
        self.assertEqual(self.rows(run), {user: rows for user, rows in promise.rows.items() if user not in gone}, run)
        self.assertEqual([action for action in run.json["actions"] if not action["detail"] and action["reason"] != "recovery_over"], [], "a reason says more")
        self.assertEqual(self.changed_users(account), promise.changed - gone, run)
        self.assertEqual(self.changed_users(account, FOR_GOOD), promise.changed_keys - gone, run)

    def check(self, mode):
        pairs = [NO_FAULT, *((operation, kind) for operation in PROMISES[mode] for kind in KINDS)]
        cases = {f"8{number:011d}": pair for number, pair in enumerate(pairs)}
        self.on_that_day(mode, cases)
        self.lab.faults(
            {"op": operation, "account": account, "kind": KINDS[kind], "times": 0}
            for account, (operation, kind) in cases.items() if (operation, kind) != NO_FAULT
        )
        runs = self.apply_each(mode, cases)
        self.assertAllHit(cases)
        self.assertEqual(self.reads(next(iter(cases))), set(PROMISES[mode]), "each read that is made, and no other, has a promise")
        for account, (operation, kind) in cases.items():
            promise = AS_WITHOUT_A_FAULT if (operation, kind) == NO_FAULT else promised(mode, operation, kind)
            with self.subTest(mode=mode, read=operation, fault=kind):
                self.assertPromise(runs[account], account, mode, kind, promise)
        self.assertInvariants()
        self.assertMadeUpFor(cases)

    def reads(self, account) -> set:
        return {call["operation"] for call in self.lab.calls(account=account) if not call["changing"]} - OF_A_ROTATION

    def assertAllHit(self, cases):
        """A fault that never struck proves nothing, so it fails the test."""
        missed = [(rule["op"], *cases[rule["account"]]) for rule in self.lab.end_faults() if not rule["hit"]]
        self.assertEqual(missed, [], "these reads were never made")

    def assertMadeUpFor(self, cases):
        """The next run, which reads all, does what was left: whatever failed, the end is the same."""
        self.lab.advance(minutes=16)  # what was begun without a key has its time, too
        self.assertExit(self.rekeyer.apply(timeout=240), 0)
        for account, case in cases.items():
            with self.subTest(case=case):
                self.assertEqual({user: sorted(self.keys(account, user).values()) for user in AFTERWARDS}, AFTERWARDS)
                self.assertEqual([user for user in AFTERWARDS if self.intent(account, user)], [], "an intent is left")
                self.assertIn("DeletedDate", self.described(account, "gone"))
        self.assertInvariants()

    def test_what_a_survey_by_bulk_reads_needs(self):
        self.check("report")

    def test_what_a_survey_user_by_user_needs(self):
        self.check("direct")

    def test_what_a_run_for_named_users_needs(self):
        self.check("named")

    def test_what_is_looked_at_again_right_before_a_key_is_retired(self):
        """The first look goes well, and the one that must see that nothing has changed meanwhile fails."""
        cases = {f"8{number:011d}": (operation, kind) for number, (operation, kind) in enumerate((o, k) for o in AGAIN for k in KINDS)}
        self.on_that_day("report", cases)
        self.lab.faults(
            {"op": operation, "account": account, "match": AGAIN[operation].format(user=user), "skip": 1, "kind": KINDS[kind], "times": 0}
            for account, (operation, kind) in cases.items() for user in RETIRED
        )
        runs = self.apply_each("report", cases)
        self.assertAllHit(cases)
        left = {user: {(action, "unreadable", "failed") for action, _, _ in UNDISTURBED[user]} for user in RETIRED}
        for account, (operation, kind) in cases.items():
            with self.subTest(read_again=operation, fault=kind):
                self.assertPromise(runs[account], account, "report", kind, Promise(1, {**UNDISTURBED, **left}))
        self.assertInvariants()
        self.assertMadeUpFor(cases)

    def test_what_is_looked_at_around_a_new_key(self):
        """What stood before is looked at again right before the key, and whose key it is and who may read it right after: else nobody gets it."""
        cases = {f"8{number:011d}": (*look, kind) for number, (look, kind) in enumerate((look, kind) for look in AROUND_A_KEY for kind in KINDS)}
        self.on_that_day("report", cases)
        self.lab.faults(
            {"op": operation, "account": account, "match": match, "skip": skip, "kind": KINDS[kind], "times": 0}
            for account, (operation, match, skip, kind) in cases.items()
        )
        runs = self.apply_each("report", cases)
        self.assertAllHit({account: (f"{operation} after {skip}", kind) for account, (operation, _, skip, kind) in cases.items()})
        for account, (*look, kind) in cases.items():
            reason, issued = AROUND_A_KEY[tuple(look)]
            with self.subTest(read=look[0], before_it=look[2], fault=kind):
                run = runs[account]
                self.assertExit(run, 1)
                told = self.rows(run)
                self.assertEqual(told.pop("due"), {("rotate", reason, "failed")}, run)
                others = {user: rows for user, rows in UNDISTURBED.items() if user != "due" and (user, look[0]) != ("gone", "GetUser")}
                self.assertEqual({user: told[user] for user in others}, others)
                events = [(event["event"], event["id"]) for event in self.lab.key_events(account=account, user="due", by_lab=False)]
                made = [key for event, key in events if event == "created"]
                self.assertEqual(len(made), int(issued), events)
                self.assertEqual([key for event, key in events if event == "deleted"], made, "a key that was made is withdrawn at once")
                self.assertEqual(list(self.keys(account, "due").values()), ["Active"])
                self.assertIsNone(self.published(account, "due"), "nobody was told of a key")
        self.assertInvariants()
        self.assertMadeUpFor(cases)

    def published(self, account, user):
        try:
            return self.stored(account, user)
        except self.lab.admin(account, "secretsmanager").exceptions.ClientError:
            return None


if __name__ == "__main__":
    unittest.main()
