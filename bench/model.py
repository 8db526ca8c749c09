"""How many calls a run makes, operation by operation, from the shape of the organization: derived from src/rotation, not fitted to measurements.

run            who am I, which organization, its accounts by twenties
  account      the role, the credential report asked for and fetched, all users by thousands, rekeyer's secrets by hundreds
    due user   looked at closely before anything is decided (by a plan only where there is a record): keys, their last uses, the secret, and where there is one, its policy
      rotation       intent; a new secret's lock, a look at it, its proof; the secret again; the user before and after the key; key, secret, two answers to
                     the new key, the policy again, label, record
      deactivation   whose the name is, looked at again, switched off, recorded, on a new secret once it is locked, looked at and proved

Every measured run is held against it: a call more or less, of any operation, ends the benchmark with a failure (see `check`).
"""

import collections
from dataclasses import dataclass

from place import BenchError
from worlds import World

ACCOUNTS_A_PAGE = 20
USERS_A_PAGE = 1000
SECRETS_A_PAGE = 100


@dataclass(frozen=True)
class Parts:
    """The terms of the sum, for the document's table."""

    run: int
    pages_of_accounts: int
    accounts: int
    pages_of_users: int
    pages_of_secrets: int
    looks: int
    changes: int

    @property
    def all_calls(self) -> int:
        return self.run + self.pages_of_accounts + self.accounts + self.pages_of_users + self.pages_of_secrets + self.looks + self.changes


def pages(items: int, of: int) -> int:
    """The first page is asked for even if there is nothing."""
    return max(1, -(-items // of))


def expected(world: World, mode: str, management_accounts: int = 1) -> collections.Counter:
    """The calls of `rekeyer plan` or `apply`, limits raised so far that nothing is held back."""
    calls = collections.Counter()
    calls["sts:GetCallerIdentity"] = 1
    calls["organizations:DescribeOrganization"] = 1
    calls["organizations:ListAccounts"] = pages(world.accounts + management_accounts, ACCOUNTS_A_PAGE)
    for once in ("sts:AssumeRole", "iam:GenerateCredentialReport", "iam:GetCredentialReport"):
        calls[once] = world.accounts
    calls["iam:GetAccountAuthorizationDetails"] = world.accounts * pages(world.users, USERS_A_PAGE)
    calls["secretsmanager:ListSecrets"] = world.accounts * pages(world.secrets_of_an_account, SECRETS_A_PAGE)
    due = world.accounts * world.due_users
    looked_at = users_looked_at(world, mode)
    calls["iam:ListAccessKeys"] += looked_at
    calls["iam:GetAccessKeyLastUsed"] += looked_at * world.keys_of_a_user
    calls["secretsmanager:DescribeSecret"] += looked_at
    if looks_at_policies(world):
        calls["secretsmanager:GetResourcePolicy"] += due
    if mode == "apply" and world.shape == "two_keys":
        calls += _deactivations(due)
    elif mode == "apply":
        calls += _rotations(due, has_secret=world.secrets_of_an_account > 0)
    return +calls


def users_looked_at(world: World, mode: str) -> int:
    """A plan goes by the credential report where there is no record of the user yet."""
    return world.accounts * world.due_users if mode == "apply" or looks_at_policies(world) else 0


def looks_at_policies(world: World) -> bool:
    """A closer look takes in the policy of a secret that is there."""
    return world.secrets_of_an_account > 0 and world.shape != "two_keys"


def _rotations(due: int, has_secret: bool) -> collections.Counter:
    return collections.Counter({
        # The intent: with the secret that it stands on, or on the one that is there. The record at the end is the other tagging.
        "secretsmanager:CreateSecret": 0 if has_secret else due,
        # A new secret gets its proof once nothing of others was found on it.
        "secretsmanager:TagResource": 2 * due,
        # A new secret is locked before it holds a value.
        "secretsmanager:PutResourcePolicy": 0 if has_secret else due,
        # Right before the key: is the intent this run's, and is the lock of a secret without a value what stands there?
        "secretsmanager:DescribeSecret": due,
        # And once more when the value is stored, before it is published.
        "secretsmanager:GetResourcePolicy": due if has_secret else 2 * due,
        "iam:GetUser": 2 * due,
        "iam:CreateAccessKey": due,
        "secretsmanager:PutSecretValue": due,
        "sts:GetCallerIdentity": 2 * due,
        "secretsmanager:UpdateSecretVersionStage": due,
    })


def _deactivations(due: int) -> collections.Counter:
    return collections.Counter({
        "secretsmanager:DescribeSecret": 2 * due,
        "iam:ListAccessKeys": due,
        "iam:GetUser": due,
        "iam:UpdateAccessKey": due,
        # The record's secret is new: its lock, a look at both, its proof, and only then the record.
        "secretsmanager:PutResourcePolicy": due,
        "secretsmanager:GetResourcePolicy": due,
        "secretsmanager:TagResource": 2 * due,
        "secretsmanager:CreateSecret": due,  # without a value: it holds the record of a user whose keys were only watched so far
    })


def parts(world: World, mode: str) -> Parts:
    calls = expected(world, mode)
    quiet = expected(World(world.shape, world.accounts, world.users, due=0, secrets=world.secrets), "plan")
    look = users_looked_at(world, mode) * (2 + world.keys_of_a_user + looks_at_policies(world))
    accounts = world.accounts * 3
    run = 2
    details, secrets = calls["iam:GetAccountAuthorizationDetails"], calls["secretsmanager:ListSecrets"]
    changes = sum(calls.values()) - run - quiet["organizations:ListAccounts"] - accounts - details - secrets - look
    return Parts(run, quiet["organizations:ListAccounts"], accounts, details, secrets, look, changes)


def check(world: World, mode: str, measured: dict) -> None:
    """Throws where a run called anything more or less often than the model says."""
    wanted = expected(world, mode)
    differing = [
        f"{operation}: {measured.get(operation, 0)} measured, {wanted[operation]} predicted"
        for operation in sorted({*wanted, *measured}) if measured.get(operation, 0) != wanted[operation]
    ]
    if differing:
        raise BenchError(f"{mode} of {world}: the calls are not what bench/model.py predicts:\n  " + "\n  ".join(differing))
