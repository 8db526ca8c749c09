"""I1, I2, I4 and I5 for access keys: stored or owned by an intent, nobody locked out, no step skipped, nothing done twice."""

import json
from dataclasses import dataclass, field

from botocore.exceptions import ClientError

PREFIX = "Account_"
LEASE = 900  # seconds
INTENT, CUSTODY = "rekeyer:intent", "rekeyer:custody"


@dataclass
class Secret:
    name: str
    arn: str
    tags: dict
    deleted: bool
    versions: dict = field(default_factory=dict)  # version id -> (labels, parsed value)

    @property
    def owned(self) -> bool:
        """Whether an intent tells which run owns what is under way; "none" is how a finished run writes that there is none."""
        return not self.deleted and self.tags.get(INTENT, "none").split(" ")[0] not in ("none", "")


@dataclass
class State:
    keys: dict  # (account, user) -> {key id: status}
    arns: dict  # (account, user) -> user ARN
    secrets: dict  # (account, user) -> Secret
    unknown: list  # names of secrets that belong to no known user


def read(lab, store=None) -> State:
    state = State({}, {}, {}, [])
    for account in lab.made["admins"]:
        iam = lab.admin(account, "iam")
        for page in iam.get_paginator("list_users").paginate():
            for user in page["Users"]:
                if (account, user["UserName"]) == (lab.made["caller"]["account"], lab.made["caller"]["user"]):
                    continue
                found = iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]
                state.keys[account, user["UserName"]] = {key["AccessKeyId"]: key["Status"] for key in found}
                state.arns[account, user["UserName"]] = user["Arn"]
    names = {f"Account_{account}_User_{user.replace(',', '=2C')}_AccessKey": (account, user) for account, user in state.keys}
    for holder in [store] if store else list(lab.made["admins"]):
        client = lab.admin(holder, "secretsmanager")
        for page in client.get_paginator("list_secrets").paginate(
            IncludePlannedDeletion=True, Filters=[{"Key": "name", "Values": [PREFIX]}]
        ):
            for entry in page["SecretList"]:
                secret = _secret(client, entry)
                if entry["Name"] in names:
                    state.secrets[names[entry["Name"]]] = secret
                else:
                    state.unknown.append(secret)
    return state


def _secret(client, entry) -> Secret:
    tags = {tag["Key"]: tag["Value"] for tag in entry.get("Tags", [])}
    secret = Secret(entry["Name"], entry["ARN"], tags, "DeletedDate" in entry)
    for version, labels in entry.get("SecretVersionsToStages", {}).items():
        if secret.deleted:
            continue
        text = client.get_secret_value(SecretId=entry["ARN"], VersionId=version)["SecretString"]
        try:
            secret.versions[version] = (labels, json.loads(text))
        except ValueError:
            secret.versions[version] = (labels, {})
    return secret


def works(lab, key_id: str, secret: str) -> str | None:
    """The ARN that AWS knows the holder of this key as; None if the key is refused."""
    try:
        return lab.client_with(key_id, secret, "sts", unseen=True).get_caller_identity()["Arn"]
    except ClientError:
        return None


def _issued(lab) -> dict:
    """Keys that rekeyer created: {key id: event}."""
    return {e["id"]: e for e in lab.key_events(event="created") if not e["by_lab"]}


def lost(lab, state) -> list:
    """I1: an active key of rekeyer's making is stored and works, or an intent tells which run owns it."""
    broken = []
    for key_id, event in _issued(lab).items():
        owner = (event["account"], event["user"])
        if state.keys.get(owner, {}).get(key_id) != "Active":
            continue
        secret = state.secrets.get(owner)
        stored = [
            value for _, value in secret.versions.values() if value.get("AccessKeyId") == key_id
        ] if secret and not secret.deleted else []
        if stored and all(works(lab, key_id, value["SecretAccessKey"]) == state.arns[owner] for value in stored):
            continue
        if secret and secret.owned:
            continue
        broken.append(f"I1: {owner}: key {key_id} is active, its secret is not stored and no intent owns it")
    return broken


def wrong_values(lab, state) -> list:
    """I1: what is stored as current or pending is a true pair: the id with its own secret, for the right user."""
    truth = {event["id"]: event["secret"] for event in _issued(lab).values()}
    broken = []
    for owner, secret in state.secrets.items():
        for labels, value in secret.versions.values():
            key_id = value.get("AccessKeyId")
            if not key_id or not {"AWSCURRENT", "AWSPENDING"} & set(labels):
                continue
            if key_id in truth and value.get("SecretAccessKey") != truth[key_id]:
                broken.append(f"I1: {owner}: the stored secret is not that of key {key_id}")
            if value.get("UserName") not in (None, owner[1]):
                broken.append(f"I1: {owner}: the stored value names user {value.get('UserName')!r}")
    return broken


def locked_out(lab, state, excepted) -> list:
    """I2: who had a working key when the world was built, still has one."""
    broken, taken = [], {}
    for event in lab.key_events(by_lab=False):
        if event["event"] in ("deactivated", "deleted"):
            taken.setdefault((event["account"], event["user"]), []).append(event["id"])
    for name in lab.made["keys"]:
        owner = tuple(name.split("/", 1))
        if owner in excepted or owner not in taken or owner not in state.keys:
            continue
        if "Active" not in state.keys[owner].values():
            broken.append(f"I2: {owner}: no active key is left; rekeyer took {taken[owner]}")
    return broken


def hasty_deletions(lab, state, recovery_days) -> list:
    """I4: a key is deleted only after it has been inactive for the recovery period, or because rekeyer withdraws one that it made and
    could not store, or did not publish: within the lease under which it was made, or a day after it was switched off."""
    broken, inactive_since = [], {}
    events = lab.key_events()
    made = _issued(lab)
    stored = {event["id"] for event in events if event["event"] == "stored"}
    published = {
        value.get("AccessKeyId") for secret in state.secrets.values() for labels, value in secret.versions.values() if {"AWSCURRENT", "AWSPREVIOUS"} & set(labels)
    }
    for event in events:
        if event["event"] == "deactivated":
            inactive_since[event["id"]] = event["at"]
        elif event["event"] == "activated":
            inactive_since.pop(event["id"], None)
        elif event["event"] == "deleted" and not event["by_lab"]:
            if event["id"] in made and event["id"] not in stored:
                continue
            if event["id"] in made and event["id"] not in published and event["at"] - made[event["id"]]["at"] < LEASE:
                continue
            since = inactive_since.get(event["id"])
            if event["id"] in made and event["id"] not in published and since is not None and event["at"] - since >= 86400 - 60:
                continue
            who = f"{event['account']}/{event['user']}: key {event['id']} was deleted"
            if since is None and not _built_inactive(lab, event):
                broken.append(f"I4: {who} while it was active")
            if since is not None and event["at"] - since < recovery_days * 86400 - 60:
                broken.append(f"I4: {who} {(event['at'] - since) / 86400:.2f} days after its deactivation")
    return broken


def _built_inactive(lab, event) -> bool:
    """Whether nobody deactivated the key during the test and yet it was not active: the world was built so."""
    history = [
        e for e in lab.key_events(id=event["id"]) if e["at"] <= event["at"] and e["event"] in ("created", "activated")
    ]
    return not history and event["id"] in {key for keys in lab.made["keys"].values() for key in keys}


def made_more_than_once(lab, state) -> list:
    """I5: never two active keys of rekeyer's making whose creation lies closer together than a rotation can."""
    broken = []
    for owner, keys in state.keys.items():
        ours = [
            e for e in _issued(lab).values() if (e["account"], e["user"]) == owner and keys.get(e["id"]) == "Active"
        ]
        if len(ours) > 1 and abs(ours[0]["at"] - ours[1]["at"]) < 86400:
            secret = state.secrets.get(owner)
            if not (secret and secret.owned):
                broken.append(
                    f"I5: {owner}: keys {[e['id'] for e in ours]} were both made within a day and both are active"
                )
    return broken
