"""A configuration drawn from a seed: rules, overrides, exemptions, the store, channels and owners, in every combination that rekeyer takes."""

import datetime as dt

MANAGEMENT = "100000000000"
CALLER = f"arn:aws:iam::{MANAGEMENT}:user/rekeyer-runner"
KEY_OF_STORE = {"id": "5e1f0000-1111-4222-8333-444455556666", "region": "us-east-1", "description": "of the central store"}
KEY_OF_COPIES = {"id": "5e1f0000-1111-4222-8333-444455557777", "region": "eu-west-1", "description": "of its copies"}
KEY_OF_PROOFS = {"id": "0a1b2c3d-0000-4000-8000-000000000000", "region": "us-east-1", "spec": "ECC_NIST_P256"}
TOPIC, BUS = "key-news", "keys"
#: Where a `file` channel writes, in the run's own folder.
FILE = "told.jsonl"
EVENTS = (
    "rotation-soon", "unused", "two-keys", "rotated", "deactivation-soon", "in-use", "deactivated", "deletion-soon", "deleted", "recovered", "exemption-ending", "failed",
)


def key_arn(key: dict) -> str:
    return f"arn:aws:kms:{key['region']}:{MANAGEMENT}:key/{key['id']}"


def _days(number) -> str:
    return f"{number}d"


def _rules(random, noticed: bool) -> dict:
    """Short periods for the most part: some lives of a key are to fit into the days that are played."""
    installation, recovery = random.choice((3, 5, 7, 10)), random.choice((2, 4, 7, 10))
    rules = {
        "rotation_period": _days(random.choice((20, 25, 30, 45, 60, 90))), "installation_grace": _days(installation), "recovery_grace": _days(recovery),
        "warn_period": _days(random.choice((0, 3, 7, 14))), "in_use": random.choice(("hold", "hold", "warn", "ignore")), "hard_deadline": random.choice(("0d", "5d", "15d", "30d", "never")),
        "unused": random.choice(("retire", "rotate", "ignore")), "two_active": random.choice(("hold", "evict-idle", "evict-least-recently-used")),
        "in_use_window": _days(random.choice((0, 1, 3))), "idle_period": _days(random.choice((5, 14, 30))), "orphan_grace": random.choice(("1d", "3d", "36h")),
    }
    if noticed:
        rules["require_notice"] = random.random() < 0.7
        rules["notice_period"] = _days(random.choice((0, 1, 2)))
    return rules


def _some(random, rules: dict, least: int, most: int) -> dict:
    """Some of the rules; periods that must fit together stay together."""
    chosen = random.sample(sorted(rules), min(len(rules), random.randint(least, most)))
    together = {"rotation_period", "installation_grace", "recovery_grace", "in_use_window", "hard_deadline", "idle_period", "require_notice", "notice_period"}
    if together & set(chosen):
        chosen = sorted(set(chosen) | (together & set(rules)))
    return {name: rules[name] for name in chosen}


def _match(random, members: list, units: list) -> dict:
    return random.choice((
        {"user": random.choice(("ci-*", "*a*", "svc?*", "ann.*"))}, {"path": random.choice(("/service/", "/fast/*", "/"))}, {"tag": random.choice(("team=payments", "team=*"))},
        {"account": random.choice(members)}, {"ou": random.choice(units)}, {"user": "*-*", "account": random.choice(members)},
    ))


def _exempt(random, begin: dt.datetime, members: list, units: list) -> list:
    entries = []
    for number in range(random.choice((0, 1, 1, 2))):
        entry = {"match": random.choice(({"user": f"sealed-{number}*"}, {"path": "/break-glass/"}, _match(random, members, units))), "reason": f"agreement {number}"}
        if random.random() < 0.5:
            entry["until"] = (begin + dt.timedelta(days=random.randint(5, 100))).date()
        if random.random() < 0.3:
            entry["ticket"] = "SEC-123"
        entries.append(entry)
    return entries


def _store(random) -> dict:
    store = {}
    if random.random() < 0.25:
        store |= {"location": "central", "kms_key_id": key_arn(KEY_OF_STORE), "grant": random.choice(("secret-policy", "both", "none")), "writers": [CALLER]}
    else:
        store["grant"] = random.choice(("secret-policy", "secret-policy", "user-policy", "both", "none"))
    if random.random() < 0.8:
        store["lock"] = random.choice(("write", "all", "none"))
    if random.random() < 0.5:
        store["proof"] = key_arn(KEY_OF_PROOFS)
    if random.random() < 0.3:
        store["replica_regions"] = ["eu-west-1"]
        if "location" in store:
            store["replica_kms_key_ids"] = {"eu-west-1": key_arn(KEY_OF_COPIES)}
    if random.random() < 0.3:
        store["tags"] = {"CostCenter": "42"}
    if random.random() < 0.2:
        store["name"] = "keys/{account}/{user}_AccessKey"
    if store.get("lock", "write") != "none":
        if random.random() < 0.3:
            store["break_glass"] = ["arn:aws:iam::*:role/break-glass"]
        if random.random() < 0.3:
            store["readers"] = ["arn:aws:iam::{account}:role/team-*"]
    return store


def _channels(random) -> list:
    if random.random() < 0.1:
        return []
    found = [] if random.random() < 0.15 else [{"type": "ses", "name": "mail", "rate": 1000}]
    if random.random() < 0.3:
        found.append({"type": "sns", "topic_arn": f"arn:aws:sns:us-east-1:{MANAGEMENT}:{TOPIC}", "rate": 1000})
    if random.random() < 0.3:
        found.append({"type": "eventbridge", "bus": BUS, "rate": 1000})
    if not found or random.random() < 0.3:
        found.append({"type": "file", "path": FILE})
    if len(found) > 1 and random.random() < 0.4:
        found[-1]["events"] = sorted(random.sample(EVENTS, random.randint(1, 8)))
    return found


def _notify(random, channels: list) -> dict:
    notify = {"from": "Access keys <access-keys@example.com>", "administrators": ["cloud@example.com"]} if any(c["type"] in ("ses", "file") for c in channels) else {}
    if notify:
        notify["weekly"] = random.choice(("never", "monday", "thursday"))
        notify["account_digest"] = random.random() < 0.3
        if random.random() < 0.3:
            notify["help_url"] = "https://wiki.example.com/keys"
    notify["warn_days"] = random.choice(([7, 3, 1], [14, 2], [1], []))
    notify["unreachable_after"] = _days(random.choice((2, 7, 14)))
    return notify


def _owner(random) -> dict:
    owner = {}
    if random.random() < 0.7:
        owner["default"] = ["keys@example.com"]
    if random.random() < 0.3:
        owner["chain"] = random.choice((["user-tag", "default"], ["user-tag", "group", "account-tag", "default"], ["alternate-contact", "user-tag", "account-email", "default"]))
        owner["default"] = ["keys@example.com"]
    if random.random() < 0.4:
        owner["domains"] = ["example.com"]
    return owner


def settings(random, begin: dt.datetime, members: list, units: list, orderly: bool) -> dict:
    """Sections of a rekeyer.toml. `orderly`: one call after the other, so that a fault strikes the same one each time."""
    channels = _channels(random)
    rules = _rules(random, bool(channels))
    organization = {"management_account": random.random() < 0.2}
    if random.random() < 0.15:
        organization["own_account"] = "role"
    if random.random() < 0.3:
        organization["exclude_ous"] = [units[-1]]
    found = {"organization": organization, "policy": _some(random, rules, 4, len(rules)), "store": _store(random)}
    overrides = [{"match": _match(random, members, units), **_some(random, _rules(random, bool(channels)), 1, 4)} for _ in range(random.choice((0, 1, 2, 3)))]
    if overrides:
        found["override"] = overrides
    if exempt := _exempt(random, begin, members, units):
        found["exempt.user"] = exempt
    if random.random() < 0.2:
        found["discovery"] = {"mode": "direct"}
    # Nobody else calls this IAM.
    found["limits"] = {"iam_rate": 1000, "iam_share": 1, **({"concurrency": 1, "users_per_account": 1} if orderly else {})}
    # Of several users at once, whoever comes first gets what is left of a limit.
    if random.random() < 0.5 and orderly:
        found["limits"] |= {"max_changes": random.choice((1, 2, 4)), "max_changes_per_account": random.choice((1, 2))}
    if channels:
        found |= {"notify": _notify(random, channels), "notify.channel": channels, "owner": _owner(random)}
        if "chain" not in found["owner"] and random.random() < 0.5:
            found["owner.groups"] = {"payments": ["payments@example.com"]}
        if random.random() < 0.4:
            found["owner.names"] = {"team-blue": ["blue@example.com", "oncall-blue@example.com"]}
    return found
