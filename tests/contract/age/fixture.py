"""The world that 0.1 left, as it stands beside this file, what its records promise, and what 0.1 itself went on to do."""

import datetime as dt
import json
from pathlib import Path

from .organization import MEMBER, YEAR, moment

HERE = Path(__file__).resolve().parent
#: Stands for "AKIA" in the files: whoever looks for keys that leaked is to find none there.
VEIL = "@KEY@"


def _world_file(store) -> Path:
    return HERE / ("world.json" if store == MEMBER else f"world_{store}.json")


def _timeline_file(store) -> Path:
    return HERE / ("timeline.json" if store == MEMBER else f"timeline_{store}.json")


def policy_of(client, name: str) -> dict:
    return json.loads(client.get_resource_policy(SecretId=name)["ResourcePolicy"])


def put_policy(client, name: str, policy: dict) -> None:
    client.put_resource_policy(SecretId=name, ResourcePolicy=json.dumps(policy))


def users(world: dict):
    """(account id, user) of all whose keys are looked after."""
    for account in world["accounts"]:
        if account["id"] != world["management"]:
            for user in account.get("users", []):
                yield account["id"], user


def secrets(world: dict) -> dict:
    """(account id, name in the secret's name) → secret"""
    found = {}
    for account in world["accounts"]:
        for secret in account.get("secrets", []):
            number, name = secret["name"].removeprefix("Account_").removesuffix("_AccessKey").split("_User_", 1)
            found[number, name.replace("=2C", ",")] = secret
    return found


def stamp(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def record(secret: dict) -> dict:
    """key id → {"role", "since", "off", …} as 0.1 wrote it into its tag; None where there is none that can be read."""
    text = secret.get("tags", {}).get("rekeyer:custody")
    if text is None or not text.startswith("1"):
        return None
    keys = {}
    for word in text.split(" ")[1:]:
        fields = word.split(":")
        if len(fields) < 3:
            return None
        keys[fields[0]] = {"role": fields[1], "since": stamp(fields[2]), **dict(field.split("=", 1) for field in fields[3:])}
    return keys


def check_states(world: dict) -> None:
    """Fails where a state of the life-cycle is missing."""
    at, counts = moment(world["at"]), {}

    def count(what):
        counts[what] = counts.get(what, 0) + 1

    named = {(account, user["name"]) for account, user in users(world)}
    for owner, secret in secrets(world).items():
        if owner not in named:
            count("secret of a gone user, marked" if "deleted_on" in secret else "secret of a gone user")
        intent = secret.get("tags", {}).get("rekeyer:intent", "none")
        if not intent.startswith("none"):
            count("intent, live" if stamp(intent.split("lease=")[1].split(" ")[0]) > at else "intent, over")
        if not secret.get("versions"):
            count("secret without a value")
        for known in (record(secret) or {}).values():
            count(known["role"] + (" off" if "off" in known else "") + (" back" if "back" in known else ""))
            if known["role"] == "retiring" and "off" not in known and at - known["since"] > dt.timedelta(days=11):
                count("held after its day")
    for word in sorted(counts):
        print(f"{counts[word]:4} {word}")
    wanted = {
        "secret of a gone user, marked", "secret of a gone user", "intent, over", "intent, live", "secret without a value", "current", "retiring", "retiring off", "retiring back",
        "watched off", "orphan off", "held after its day",
    }
    if missing := wanted - set(counts):
        raise SystemExit(f"missing in the world: {', '.join(sorted(missing))}")


def write(world: dict, events: list, begin: dt.datetime, store=MEMBER) -> None:
    for account in world["accounts"]:
        for left_out in ("mails", "report"):  # what was said and asked is no state
            account.pop(left_out, None)
    _world_file(store).write_text(_lines(world).replace("AKIA", VEIL))
    at = moment(world["at"]).timestamp()
    steps = [
        [round((event["at"] - begin.timestamp()) / 86400 - YEAR), event["account"], event["user"], event["id"], event["event"]]
        for event in events if not event["by_lab"] and event["at"] > at and event["event"] in ("created", "deactivated", "deleted")
    ]
    _timeline_file(store).write_text(("[\n" + ",\n".join(json.dumps(step) for step in steps) + "\n]\n").replace("AKIA", VEIL))


def _lines(value, depth=0) -> str:
    """A line for each user, secret and event: what reads a difference of two worlds wants to see."""
    flat = isinstance(value, dict) and not any(isinstance(item, (dict, list)) for item in value.values())
    if depth == 4 or flat or not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[\n" + ",\n".join(_lines(item, depth + 1) for item in value) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_lines(item, depth + 1)}" for name, item in value.items()) + "\n}" + ("\n" if depth == 0 else "")


def load(store=MEMBER) -> dict:
    return json.loads(_world_file(store).read_text().replace(VEIL, "AKIA"))


def timeline(store=MEMBER) -> list:
    return json.loads(_timeline_file(store).read_text().replace(VEIL, "AKIA"))


# --- what the records promise

def _days(text: str) -> dt.timedelta:
    return dt.timedelta(days=int(text.removesuffix("d")))


def rules_of(user: dict, settings: dict) -> dict:
    """rotation_period, installation_grace and recovery_grace of that user, by rekeyer.toml and the user's own tag."""
    rules = {"rotation_period": "90d", "installation_grace": "10d", "recovery_grace": "10d"}
    for override in settings["override"]:
        if user.get("path", "/").startswith(override["match"]["path"]):
            rules |= {name: value for name, value in override.items() if name in rules}
    rules |= dict(word.split("=") for word in user.get("tags", {}).get("rekeyer:policy", "").split())
    return {name: _days(value) for name, value in rules.items()}


def promises(world: dict, settings: dict) -> dict:
    """(account id, user, key id, "created" | "deactivated" | "deleted") → the instant before which that must not happen."""
    known, found = secrets(world), {}
    for account, user in users(world):
        rules = rules_of(user, settings)
        secret = known.get((account, user["name"]), {})
        records = record(secret) or {}
        stored = {json.loads(version["value"])["AccessKeyId"] for version in secret.get("versions", [])}
        for key in user.get("keys", []):
            entry = records.get(key["id"])
            if entry is None and "issued_by" in key and key["id"] not in stored:
                continue  # made by a run that died before it stored it: nobody has it
            owner = account, user["name"], key["id"]
            if key.get("status", "Active") == "Active":
                begin = entry["since"] if entry and entry["role"] == "retiring" else moment(key["created"]) + rules["rotation_period"] - rules["installation_grace"]
                found[*owner, "deactivated"] = begin + rules["installation_grace"]
                found[*owner, "deleted"] = found[*owner, "deactivated"] + rules["recovery_grace"]
            elif entry and "off" in entry:
                grace = dt.timedelta(days=1) if entry["role"] == "orphan" else rules["recovery_grace"]
                found[*owner, "deleted"] = stamp(entry["off"]) + grace
            if entry is None or entry["role"] == "current":
                found[*owner, "created"] = moment(key["created"]) + rules["rotation_period"]
    return found
