"""An organization drawn from a seed: accounts of all kinds, users with whatever keys, owners, exemptions and tags people give them.

`drawn(seed)` is all that a world's days are made of. The same seed draws the same on every machine.
"""

import dataclasses
import datetime as dt
import random
import string

import draw_settings
from draw_settings import BUS, KEY_OF_COPIES, KEY_OF_PROOFS, KEY_OF_STORE, MANAGEMENT, TOPIC

EXEMPT_GROUP = "IAMKeyRotationExemptionGroup"
ROOT, ORGANIZATION = "r-gd01", "o-guard0001"
UNITS = {"Workloads": "ou-gd01-workload", "Prod": "ou-gd01-prod0001", "Dev": "ou-gd01-dev00001", "Closed": "ou-gd01-closed01"}
NAMES = ("ann.weber", "ci-build", "ci-deploy", "svc-search", "backup", "bob", "carla", "dimitri", "sealed-0", "ops-a", "report-fast", "x_y.z")
ODD_NAMES = ("svc+mail=x@shop.example", "comma,name", "O.Connor_jr-2", "svc-" + "a-very-long-name-" * 3 + "012345678", "-", "_=,.@-", "UPPER.case")
PATHS = ("/", "/", "/", "/service/", "/fast/", "/break-glass/", "/a/b/c/")
#: What strangers write into tags that people and spreadsheets read.
STRANGE_TEXTS = ("=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "ünïcödé näme", "a  b", "-", "x" * 200, "owner: none", "https://example.com/?a=b")
POLICY_TAGS = ("rotation_period=22d installation_grace=3d recovery_grace=3d", "unused=rotate", "two_active=evict-idle in_use=ignore", "rotation_period=soon", "colour=blue", "rotation_period=5d")
OWNERS = ("{user}@example.com", "{user}@example.com", "{user}@mail.example.com team-blue", "team-blue", "nobody at all", "{user}@elsewhere.test", "")
KEY_ALPHABET = string.ascii_uppercase + "234567"
SECRET_ALPHABET = string.ascii_letters + string.digits + "+/"


@dataclasses.dataclass(frozen=True)
class Drawn:
    seed: int
    begin: dt.datetime
    world: dict
    settings: dict  # sections of rekeyer.toml by the day from which on they hold
    faulty: bool
    orderly: bool  # one call after the other: their order is compared, and a fault strikes the same one each time
    members: list


def key_id(draw) -> str:
    return "AKIA" + "".join(draw.choice(KEY_ALPHABET) for _ in range(16))


def unique_id(draw) -> str:
    return "AIDA" + "".join(draw.choice(KEY_ALPHABET) for _ in range(17))


def secret_key(draw) -> str:
    return "".join(draw.choice(SECRET_ALPHABET) for _ in range(40))


def instant(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def key(draw, created: dt.datetime, used: dt.datetime | None = None, **more) -> dict:
    """As a dump has it. Ids are drawn here, so that they are the same whatever AWS draws."""
    found = {"id": key_id(draw), "secret": secret_key(draw), "created": instant(created), **more}
    if used is not None:
        found["last_use"] = {"at": instant(max(used, created)), "service": draw.choice(("s3", "s3", "ec2", "dynamodb")), "region": draw.choice(("us-east-1", "eu-west-1"))}
    return found


def _keys(draw, begin: dt.datetime) -> list:
    """The second 50 of a minute: never the second in which a run looks, so that no period ends in the middle of a run."""

    def ago(days):
        return (begin - dt.timedelta(days=days)).replace(second=50)

    age = draw.choice((1, 5, 12, 18, 24, 29, 44, 59, 80, 88, 95, 200, 900)) + draw.random()
    used = draw.choice((None, ago(0.3), ago(0.3), ago(2), ago(8), ago(40)))
    kind = draw.choice((*["one"] * 8, "two", "two", "off", "none", "off and on"))
    if kind == "none":
        return []
    keys = [key(draw, ago(age), used)]
    if kind in ("two", "off and on"):
        older = key(draw, ago(age + draw.randint(1, 300)), draw.choice((None, ago(0.3), ago(20), ago(70))))
        if kind == "off and on":
            older["status"] = "Inactive"
        keys.insert(0, older)
    if kind == "off":
        keys[0]["status"] = "Inactive"
    return keys


def user(draw, name: str, begin: dt.datetime) -> dict:
    found = {"name": name, "id": unique_id(draw), "path": draw.choice(PATHS), "created": instant(begin - dt.timedelta(days=1200)), "keys": _keys(draw, begin)}
    tags = {}
    if owner := draw.choice(OWNERS):
        # A tag's text knows no more than these.
        tags["owner"] = owner.format(user="".join(c for c in name.lower() if c.isalnum())[:20] or "somebody")
    if draw.random() < 0.25:
        tags["team"] = draw.choice(("payments", "search", draw.choice(STRANGE_TEXTS)))
    if draw.random() < 0.1:
        tags["rekeyer:policy"] = draw.choice(POLICY_TAGS)
    if draw.random() < 0.1:
        tags["rekeyer:exempt"] = draw.choice(("sealed envelope", f"project X until={(begin + dt.timedelta(days=draw.randint(1, 60))).date()}", "until=tomorrow", draw.choice(STRANGE_TEXTS)))
    groups = [name for name, share in ((EXEMPT_GROUP, 0.08), ("payments", 0.2), ("developers", 0.2)) if draw.random() < share]
    return found | ({"tags": tags} if tags else {}) | ({"groups": groups} if groups else {})


def _names(draw, count: int) -> list:
    found = draw.sample(NAMES, min(len(NAMES), count)) + draw.sample(ODD_NAMES, 2)
    return sorted(found, key=str.lower)


def _secrets_of_others(draw, account: str, users: list, begin: dt.datetime) -> list:
    """What stood at users' names before: of another tool, of somebody who wanted to be taken for rekeyer."""
    found = []
    for one in draw.sample(users, min(len(users), draw.choice((0, 0, 1, 2)))):
        secret = {
            "name": f"Account_{account}_User_{one['name'].replace(',', '=2C')}_AccessKey", "created": instant(begin - dt.timedelta(days=draw.randint(2, 300))),
            "versions": [{"id": "of-another-tool-" + "0" * 20, "value": '{"AccessKeyId":"AKIAIOSFODNN7EXAMPLE"}', "stages": ["AWSCURRENT"], "created": instant(begin - dt.timedelta(days=2))}],
        }
        secret["tags"] = draw.choice(({}, {"made-by": "vault"}, {"rekeyer:custody": "1", "rekeyer:proof": "1 none 20250101T000000Z"}, {"rekeyer:intent": "none"}))
        if draw.random() < 0.3:
            secret["policy"] = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]}
        found.append(secret)
    return found


def _member_policy(draw) -> dict | None:
    """What a member role that may not do everything may not do."""
    denied = draw.choice((
        *[None] * 8, ["iam:GenerateCredentialReport", "iam:GetCredentialReport"], ["secretsmanager:TagResource"], ["iam:ListGroupsForUser", "iam:GetGroup"], ["secretsmanager:CreateSecret"],
        ["iam:DeleteAccessKey"], ["iam:GetAccessKeyLastUsed"], ["iam:ListAccessKeys"],
    ))
    if denied is None:
        return None
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": denied, "Resource": "*"}]}


def _account(draw, identity: str, number: int, begin: dt.datetime) -> dict:
    users = [user(draw, name, begin) for name in _names(draw, draw.randint(4, 10))]
    account = {
        "id": identity, "name": ("shop", "platform", "research & co", "=archive")[number % 4], "ou": UNITS[draw.choice(("Workloads", "Prod", "Dev"))], "users": users,
        "groups": [{"name": name} for name in (EXEMPT_GROUP, "payments", "developers")], "secrets": _secrets_of_others(draw, identity, users, begin),
    }
    if policy := _member_policy(draw):
        account["roles"] = [{"name": "rekeyer-member", "policies": {"rekeyer": policy}}]
    if draw.random() < 0.3:
        account["tags"] = {"owner": draw.choice(("account-owner@example.com", "team-blue", "=nobody"))}
    if draw.random() < 0.3:
        account["contacts"] = [{"type": draw.choice(("SECURITY", "OPERATIONS", "BILLING")), "email": "security@example.com", "name": "Security", "phone": "+1"}]
    if draw.random() < 0.2:
        account["root_keys"] = 1
    return account


def _controls(draw) -> list:
    """A service control policy over a part of the organization."""
    denied = draw.choice((*[None] * 6, ["iam:CreateAccessKey"], ["secretsmanager:PutResourcePolicy"], ["secretsmanager:*"], ["iam:UpdateAccessKey"]))
    if denied is None:
        return []
    return [{"name": "limits", "targets": [UNITS[draw.choice(("Prod", "Dev"))]], "document": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": denied, "Resource": "*"}]}}]


def _options(draw) -> dict:
    """AWS's awkward truths that take no time of the run's own."""
    found = {}
    if draw.random() < 0.3:
        found |= {"last_used_lag": 14400}
    if draw.random() < 0.3:
        found |= {"organizations_empty_pages": True, "organizations_page": 2, "iam_page": draw.choice((2, 5)), "secrets_page": draw.choice((2, 7))}
    if draw.random() < 0.2:
        found |= {"organizations_old_status": True}
    if draw.random() < 0.1:
        found |= {"failing_replica_regions": ["eu-west-1"]}
    return found


def drawn(seed: int) -> Drawn:
    draw = random.Random(f"world {seed}")
    faulty = seed % 10 == 7
    orderly = seed % 5 != 1 or faulty
    begin = dt.datetime(2026, 1, 1, 2, 0, 20, tzinfo=dt.UTC) + dt.timedelta(days=draw.randrange(800))
    members = sorted("".join(draw.choice(string.digits[1:]) for _ in range(12)) for _ in range(draw.randint(2, 3)))
    accounts = [_account(draw, identity, number, begin) for number, identity in enumerate(members)]
    accounts += draw.sample((
        {"id": "200000000000", "name": "no role", "ou": UNITS["Dev"], "roles": [], "users": [user(draw, "left-alone", begin)]},
        {"id": "300000000000", "name": "closed", "ou": UNITS["Closed"], "state": "SUSPENDED", "users": [user(draw, "gone", begin)]},
    ), draw.choice((0, 1, 2)))
    keys_of_management = [KEY_OF_STORE, KEY_OF_COPIES, {**KEY_OF_PROOFS, "private_key": f"{draw.getrandbits(250):064x}"}]
    management = {
        "id": MANAGEMENT, "name": "management", "mail_identities": ["example.com"], "kms_keys": keys_of_management, "topics": [{"name": TOPIC}], "event_buses": [{"name": BUS}],
        "buckets": [{"name": "rekeyer-runs"}], "users": [user(draw, "admin-tool", begin)], "groups": [{"name": name} for name in (EXEMPT_GROUP, "payments", "developers")],
    }
    world = {
        "at": instant(begin), "management": MANAGEMENT,
        "organization": {"id": ORGANIZATION, "root": ROOT, "controls": _controls(draw)},
        "ous": [{"id": UNITS["Workloads"], "name": "Workloads"}, *({"id": UNITS[name], "name": name, "parent": UNITS["Workloads"]} for name in ("Prod", "Dev")), {"id": UNITS["Closed"], "name": "Closed"}],
        "accounts": [management, *accounts], "options": _options(draw),
    }
    units = [UNITS[name] for name in ("Workloads", "Prod", "Dev")]
    first = draw_settings.settings(draw, begin, members, units, orderly)
    later = {0: first}
    if draw.random() < 0.4:  # somebody changes what is wanted
        later[draw.randint(20, 80)] = draw_settings.settings(draw, begin, members, units, orderly) | {name: first[name] for name in ("store",) if draw.random() < 0.5}
    return Drawn(seed, begin, world, later, faulty, orderly, members)
