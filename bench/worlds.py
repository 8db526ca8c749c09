"""The organizations that are measured, as world files of the sandbox (docs/sandbox.md): so many accounts of exactly so many users each.

What a run costs depends on what is due, so each shape says exactly that, and model.py predicts every call from it:

  tended     looked after by rekeyer for a while: each user has one key of at most 60 days, in use, with its secret and the record on it
  ordinary   the same, and one user in a hundred (one an account at least) has a key of 95 days: what a daily run finds
  first      the day on which rekeyer comes: each user has one key of 95 days, in use; there are no secrets yet
  two_keys   tended, with a second key beside each: retiring, inactive for two days, to be deleted in eight. Whoever has something due there
             has no secret, one key of 95 days in use, and an active one of 400 days that nobody has used for 200: it is deactivated

A secret carries what rekeyer writes on it: record, intent, its user's id and the proof that rekeyer made it. Its policy, with rekeyer's lock, stands only on
those that are looked at closely; nobody asks for the others.

Beside them stands the management account, from which rekeyer runs; its own users are left alone.

Written line by line: a million users are a file of some hundred megabytes, and must not become Python objects first.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

SHAPES = ("tended", "ordinary", "first", "two_keys")
MANAGEMENT = "100000000000"
#: of the user that rekeyer runs as: known, so that nobody has to look for it in the introduction of a world of a million users
CALLER = {"key": "AKIATESTBENCHMARK777", "secret": "the-secret-of-the-benchmarks-own-caller0"}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
DAY = 86400


@dataclass(frozen=True)
class World:
    shape: str
    accounts: int
    users: int  # of each account
    due: int | None = None  # users of each account with something due, where the shape's own number is not wanted
    secrets: bool = True  # False: nothing has been stored yet, whatever the shape

    @property
    def all_users(self) -> int:
        return self.accounts * self.users

    @property
    def due_users(self) -> int:
        """Of each account."""
        if self.due is not None:
            return min(self.due, self.users)
        return {"tended": 0, "two_keys": 0, "first": self.users, "ordinary": max(1, self.users // 100)}[self.shape]

    @property
    def keys_of_a_user(self) -> int:
        return 2 if self.shape == "two_keys" else 1

    @property
    def secrets_of_an_account(self) -> int:
        if not self.secrets or self.shape == "first":
            return 0
        return self.users - (self.due_users if self.shape == "two_keys" else 0)

    def __str__(self) -> str:
        return f"{self.accounts} x {self.users}, {self.shape}"


def account_id(number: int) -> str:
    return str(int(MANAGEMENT) + 1 + number)


def _in_letters(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def key_id(number: int) -> str:
    """As AWS's: twenty characters, and none that belongs to anybody."""
    return "AKIA" + "TEST" + _in_letters(number, 12)


def user_id(number: int) -> str:
    """As AWS's: 21 characters, and unique in the world."""
    return "AIDA" + "TEST" + _in_letters(number, 13)


def locked_policy(account: str, user: str, identity: str) -> str:
    """What rekeyer puts on a secret in an account that it enters (docs/configuration.md, [store] lock)."""
    owner = {
        "Sid": "RekeyerOwnerRead", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:user/{user}"},
        "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], "Resource": "*",
        "Condition": {"StringEquals": {"aws:userid": identity}},
    }
    lock = {
        "Sid": "RekeyerLock", "Effect": "Deny", "Principal": "*",
        "NotAction": [f"secretsmanager:{name}" for name in ("GetSecretValue", "DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds")],
        "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{account}:role/rekeyer-member"]}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [owner, lock]})


def _stamp(epoch: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))


def _record_stamp(epoch: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(epoch))


def token(account: str, user: str, key: str) -> str:
    """The version id that rekeyer derives from the key (docs/design/0005-state-in-tags.md)."""
    return hashlib.sha256(f"rekeyer:1\n{account}\n{user}\n{key}".encode()).hexdigest()


def _age(world: World, number: int) -> int:
    """In days. Whoever has something due stands first, so that a page more or less is not a matter of names."""
    return 95 if number < world.due_users else 1 + number * 7 % 60


def _keys(world: World, number: int, ids: tuple, made: int, now: float) -> tuple:
    """One user's keys as JSON, and the words of the record on the secret."""
    current, old = ids
    young = f'{{"id":"{current}","created":"{_stamp(made)}","used":0.2}}'
    records = [f"{current}:current:{_record_stamp(made)}"]
    if world.keys_of_a_user == 1:
        return young, records
    if number < world.due_users:
        return f'{{"id":"{old}","age":400,"used":200}},{young}', []
    records.append(f"{old}:retiring:{_record_stamp(now - 12 * DAY)}:off={_record_stamp(now - 2 * DAY)}:by=rekeyer")
    return f'{{"id":"{old}","age":120,"used":15,"status":"Inactive"}},{young}', records


def _account(world: World, account: str, first_key: int, now: float) -> str:
    users, secrets = [], []
    proof = f"1 none {_record_stamp(now - 60 * DAY)}"
    for number in range(world.users):
        name, ids = f"user-{number:05}", (key_id(first_key + 2 * number), key_id(first_key + 2 * number + 1))
        keys, records = _keys(world, number, ids, int(now - _age(world, number) * DAY), now)
        identity = user_id(first_key + 2 * number)
        users.append(f'{{"name":"{name}","id":"{identity}","tags":{{"owner":"{name}@example.com"}},"keys":[{keys}]}}')
        if world.secrets_of_an_account and records:
            custody = " ".join(["1", *sorted(records)])
            policy = f',"policy":{locked_policy(account, name, identity)}' if number < world.due_users else ""
            secrets.append(
                f'{{"name":"Account_{account}_User_{name}_AccessKey","value":"{{}}","token":"{token(account, name, ids[0])}",'
                f'"tags":{{"rekeyer:custody":"{custody}","rekeyer:intent":"none","rekeyer:id":"{identity}","rekeyer:proof":"{proof}"}}{policy}}}'
            )
    return f'{{"id":"{account}","name":"account-{account}","users":[{",".join(users)}],"secrets":[{",".join(secrets)}]}}'


def _management_account() -> str:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    runner = {"name": "rekeyer-runner", "policies": {"everything": policy}, "keys": [{"id": CALLER["key"], "secret": CALLER["secret"], "age": 1}]}
    return json.dumps({"id": MANAGEMENT, "name": "management", "users": [runner]})


def write(world: World, path: Path) -> Path:
    now = time.time()
    with path.open("w", encoding="utf-8") as out:
        out.write(f'{{"management":"{MANAGEMENT}","accounts":[\n{_management_account()}')
        for number in range(world.accounts):
            out.write(",\n")
            out.write(_account(world, account_id(number), 2 * number * world.users, now))
        out.write("\n]}\n")
    return path
