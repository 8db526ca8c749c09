"""The base of all suites: one lab a class, a fresh world and a fresh rekeyer folder a test, the invariants checked at the end."""

import importlib.util
import os
import unittest

import backends
from rekeyer import Rekeyer, binary

MEMBER = "111111111111"
SECOND = "222222222222"
THIRD = "333333333333"
#: Who a suite's own administrator is to the lock on a secret, for [store] break_glass; in the sandbox a lock stops him as on AWS.
ADMINISTRATOR = "arn:aws:iam::{account}:role/sandbox-administrator"


def missing_needs() -> str | None:
    """Why the suites can't run here, or None. In CI this is a failure, not a skip; see run.py."""
    backend = backends.chosen()
    for module in backend.modules:
        if importlib.util.find_spec(module) is None:
            return f"Python module {module} is not installed"
    if backend.name == "sandbox" and binary() is None:
        return "no rekeyer binary to serve the sandbox: build it, or set REKEYER"
    return None


def secret_name(account: str, user: str) -> str:
    return f"Account_{account}_User_{user}_AccessKey"


class LabCase(unittest.TestCase):
    """Needs the lab only."""

    @classmethod
    def setUpClass(cls):
        if why := missing_needs():
            raise unittest.SkipTest(why)
        from lab import Lab

        cls.lab = Lab(log=os.environ.get("REKEYER_LAB_LOG"))

    @classmethod
    def tearDownClass(cls):
        if getattr(cls, "lab", None):
            cls.lab.stop()

    def build(self, *accounts, **spec) -> dict:
        return self.lab.build(accounts=list(accounts), **spec)

    def one_user(self, keys, user="ann", account=MEMBER, **spec) -> dict:
        """A world with one member account that holds one user with these keys."""
        member = {
            "id": account, "name": "member", "users": [{"name": user, "keys": keys, **spec.pop("user_spec", {})}],
            **spec.pop("account_spec", {}),
        }
        return self.build(member, **spec)


class ServiceCase(LabCase):
    """Calls the lab's services with boto3, as the caller and as roles."""

    def refused(self, code, call, **arguments):
        from botocore.exceptions import ClientError

        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], code, caught.exception)
        return caught.exception.response

    def caller(self, service, **more):
        made = self.lab.made["caller"]
        return self.lab.client_with(made["key"], made["secret"], service, **more)

    def member(self, service="iam", account=MEMBER, **more):
        return self.lab.assume(account, **more)(service)


class RekeyerCase(LabCase):
    """Needs the binary too."""

    #: Suites that end in a state that a general invariant does not fit may name users here: ("account", "user").
    may_end_without_keys = frozenset()

    @classmethod
    def setUpClass(cls):
        if binary() is None:
            raise unittest.SkipTest("no rekeyer binary: build it, or set REKEYER")
        super().setUpClass()

    def setUp(self):
        self.rekeyer = None
        self.may_end_without_keys = set(type(self).may_end_without_keys)

    def tearDown(self):
        if self.rekeyer is not None:
            self.rekeyer.close()

    def use(self, sections=None) -> Rekeyer:
        """A rekeyer for the world that was just built."""
        if self.rekeyer is not None:
            self.rekeyer.close()
        self.rekeyer = Rekeyer(self.lab, sections)
        return self.rekeyer

    def assertExit(self, run, code, message=""):
        self.assertEqual(run.code, code, f"{message}\n{run}")

    def assertInvariants(self, **more):
        """All that can be seen from outside of I1 to I8 holds now; see checks/."""
        from checks import broken_invariants

        broken = broken_invariants(self.lab, self.rekeyer, may_end_without_keys=self.may_end_without_keys, **more)
        if broken:
            history = "\n".join(map(str, self.rekeyer.runs[-3:]))
            self.fail("invariants broken:\n  " + "\n  ".join(broken) + "\n" + history)

    # --- looking into accounts, always through the lab's own administrator

    def keys(self, account=MEMBER, user="ann") -> dict:
        """{key id: "Active" or "Inactive"}"""
        found = self.lab.admin(account, "iam").list_access_keys(UserName=user)["AccessKeyMetadata"]
        return {key["AccessKeyId"]: key["Status"] for key in found}

    def described(self, account=MEMBER, user="ann", region="us-east-1", holder=None) -> dict | None:
        client = self.lab.admin(holder or account, "secretsmanager", region)
        try:
            return client.describe_secret(SecretId=secret_name(account, user))
        except client.exceptions.ResourceNotFoundException:
            return None

    def tags(self, *where, **more) -> dict:
        described = self.described(*where, **more) or {}
        return {tag["Key"]: tag["Value"] for tag in described.get("Tags", [])}

    def install(self, account=MEMBER, user="ann", days_ago=0.01):
        """The owner works with the published key: until then the old one is kept."""
        self.lab.control("key", id=self.stored(account, user)["AccessKeyId"], used=days_ago)

    def install_all(self):
        """Every owner works with what took over."""
        gone = {event["id"] for event in self.lab.key_events(event="deleted")}
        for event in self.lab.key_events(event="created", by_lab=False):
            if event["id"] not in gone:
                self.lab.control("key", id=event["id"], used=0.01)

    def stored(self, account=MEMBER, user="ann", stage="AWSCURRENT", region="us-east-1", holder=None) -> dict | None:
        """The value of the user's secret at this staging label, parsed; None if there is none."""
        import json

        client = self.lab.admin(holder or account, "secretsmanager", region)
        try:
            return json.loads(
                client.get_secret_value(SecretId=secret_name(account, user), VersionStage=stage)["SecretString"]
            )
        except client.exceptions.ResourceNotFoundException:
            return None

    def intent(self, *where, **more) -> str | None:
        """The intent on the user's secret, None where no run owns anything."""
        value = self.tags(*where, **more).get("rekeyer:intent", "none")
        return None if not value or value.split()[0] == "none" else value

    def settle(self, *arguments, runs=6, step=None) -> list:
        """Applies again and again, each time after every lease has ended, until a run changes nothing. Returns the runs."""
        done = []
        for _ in range(runs):
            self.lab.advance(**(step or {"minutes": 16}))
            before = len(self.lab.calls(lab=True))
            done.append(self.rekeyer.apply(*arguments))
            fresh = [call for call in self.lab.calls() if call["n"] >= before and call["changing"]]
            if not fresh:
                return done
        self.fail(
            f"not quiet after {runs} runs; the last one still called {[c['operation'] for c in fresh]}\n{done[-1]}"
        )

    def assertSettled(self, account=MEMBER, user="ann", active=None):
        """One key of rekeyer's making is current: active, stored, working; nothing is pending."""
        import checks.keys

        stored = self.stored(account, user)
        keys = self.keys(account, user)
        self.assertIsNotNone(stored, f"{account}/{user}: nothing is stored as AWSCURRENT")
        self.assertEqual(
            keys.get(stored["AccessKeyId"]), "Active", f"{account}/{user}: the stored key is not an active one: {keys}"
        )
        self.assertIsNotNone(
            checks.keys.works(self.lab, stored["AccessKeyId"], stored["SecretAccessKey"]),
            f"{account}/{user}: the stored key is refused",
        )
        self.assertIsNone(self.intent(account, user), f"{account}/{user}: an intent is left")
        if active is not None:
            self.assertEqual(list(keys.values()).count("Active"), active, f"{account}/{user}: {keys}")

    def changing_calls(self) -> list:
        return [call for call in self.lab.calls() if call["changing"]]

    def operations(self, **wanted) -> list:
        return [call["operation"] for call in self.lab.calls(**wanted)]
