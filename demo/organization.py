"""The truth behind the demo: keys, stored secrets and working people, read from the sandbox itself and never from what rekeyer says."""

import json
from datetime import datetime

ROLE = "rekeyer-member"
ROTATION_PERIOD = 90
#: a key used in this many days before day 0 belongs to somebody who works with it
AT_WORK = 10


class Organization:
    """A dump of the sandbox's world, with the questions that the story asks."""

    def __init__(self, dump: dict):
        self.now = datetime.fromisoformat(dump["at"])
        self._accounts = {account["id"]: account for account in dump["accounts"]}
        self._management = dump["management"]

    def in_scope(self) -> list:
        """Accounts that rekeyer may look after by its defaults."""
        return [
            account for account in self._accounts.values()
            if account.get("state", "ACTIVE") == "ACTIVE" and account["id"] != self._management and
            any(role["name"] == ROLE for role in account["roles"])
        ]

    def without_role(self) -> list:
        return [account["id"] for account in self._accounts.values() if not account["roles"]]

    def users(self):
        """(account id, user) of everybody in scope."""
        for account in self.in_scope():
            for user in account.get("users", []):
                yield account["id"], user

    def keys(self, account: str, name: str) -> dict:
        """{key id: "Active" or "Inactive"}"""
        users = self._accounts[account].get("users", [])
        return {key["id"]: _status(key) for user in users if user["name"] == name for key in user.get("keys", [])}

    def age(self, key: dict) -> float:
        return self._days_since(key["created"])

    def _days_since(self, instant: str) -> float:
        return (self.now - datetime.fromisoformat(instant)).total_seconds() / 86400

    def used_lately(self, key: dict) -> bool:
        return "last_use" in key and self._days_since(key["last_use"]["at"]) < AT_WORK

    def census(self) -> dict:
        """How many keys in scope are young, past their rotation period, and switched off."""
        tally = {"young": 0, "overdue": 0, "off": 0}
        for _, user in self.users():
            for key in user.get("keys", []):
                kind = "off" if _status(key) != "Active" else "overdue" if self.age(key) > ROTATION_PERIOD else "young"
                tally[kind] += 1
        return tally

    def overdue(self) -> list:
        """(account id, user name, key id) of active keys past their rotation period."""
        return [
            (account, user["name"], key["id"]) for account, user in self.users() for key in user.get("keys", [])
            if _status(key) == "Active" and self.age(key) > ROTATION_PERIOD
        ]

    def stored(self, account: str, name: str) -> dict:
        """{key id: secret} of everything in the user's secret."""
        wanted = f"Account_{account}_User_{name}_AccessKey"
        values = [
            json.loads(version["value"]) for secret in self._accounts[account].get("secrets", []) if secret["name"] == wanted
            for version in secret.get("versions", [])
        ]
        return {value["AccessKeyId"]: value["SecretAccessKey"] for value in values}

    def replaced(self, account: str, name: str) -> bool:
        """Whether the user has a working key that is stored."""
        keys = self.keys(account, name)
        return any(keys.get(key) == "Active" for key in self.stored(account, name))

    def issued(self) -> dict:
        """{key id: whether its true secret is stored} of all active keys that rekeyer made."""
        return {
            key["id"]: self.stored(account, user["name"]).get(key["id"]) == key["secret"]
            for account, user in self.users() for key in user.get("keys", [])
            if "issued_by" in key and _status(key) == "Active"
        }


class People:
    """Those who work with keys: they go on with the key they have, and move to the new one when they get it."""

    def __init__(self, organization: Organization):
        self._at_work = {}
        for account, user in organization.users():
            used = [key["id"] for key in user.get("keys", []) if _status(key) == "Active" and organization.used_lately(key)]
            if used:
                self._at_work[account, user["name"]] = used
        self.stranded = set()

    def __len__(self) -> int:
        return len(self._at_work)

    def work(self, organization: Organization, stay: tuple = ()) -> list:
        """The keys in use today; whoever is in `stay` has not installed the new key. Who finds no working key is stranded."""
        keys = []
        for account, user in organization.users():
            where = account, user["name"]
            if where not in self._at_work:
                continue
            issued = [key for key in user.get("keys", []) if "issued_by" in key and _status(key) == "Active"]
            if issued and user["name"] not in stay:
                self._at_work[where] = [max(issued, key=lambda key: key["created"])["id"]]
            working = [key for key in self._at_work[where] if organization.keys(*where).get(key) == "Active"]
            if not working:
                self.stranded.add(user["name"])
            keys += working
        return keys


def _status(key: dict) -> str:
    return key.get("status", "Active")
