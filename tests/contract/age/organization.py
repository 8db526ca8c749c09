"""An organization whose keys rekeyer 0.1 has looked after for a year: who is in it, how people work, and what they do on which day.

Days are counted from the first run; the last one of 0.1 is on day YEAR. Nothing here knows what rekeyer does.
"""

import datetime as dt
import json

YEAR = 365
BEGIN = dt.datetime(2025, 11, 3, 2, 0, tzinfo=dt.UTC)
SHOP, PLATFORM, RESEARCH, EMPTY = "111111111111", "222222222222", "333333333333", "444444444444"
RUN_AS = "100000000000"
EXEMPT_GROUP = "IAMKeyRotationExemptionGroup"
LONG = "svc-" + "a-very-long-name-" * 3 + "012345678"  # 64 characters, as many as IAM takes

#: The same rekeyer.toml for every version.
SETTINGS = {
    "organization": {},
    "policy": {},
    "override": [{"match": {"path": "/fast/"}, "rotation_period": "30d", "installation_grace": "3d", "recovery_grace": "4d"}],
    "exempt": {},
    "exempt.user": [{"match": {"user": "sealed-*"}, "reason": "sealed envelope"}],
    "notify": {"from": "Access keys <access-keys@example.com>", "administrators": ["cloud@example.com"]},
    "notify.channel": [{"type": "ses", "name": "mail", "rate": 1000}],
    "owner": {"default": ["cloud@example.com"]},
    # Nobody else calls this IAM.
    "limits": {"iam_rate": 1000, "iam_share": 1},
}


#: Where secrets are kept: in each account, or all of them in the account that rekeyer runs from.
MEMBER, CENTRAL = "member", "central"
_CENTRAL_KEY = {"id": "0c0c0c0c-0000-4000-8000-000000000000", "region": "us-east-1"}
CENTRAL_STORE = {"location": "central", "kms_key_id": f"arn:aws:kms:us-east-1:{RUN_AS}:key/{_CENTRAL_KEY['id']}"}


def settings(store=MEMBER) -> dict:
    """For 0.1."""
    return {**SETTINGS, "store": CENTRAL_STORE} if store == CENTRAL else SETTINGS


def holder(account, store=MEMBER) -> str:
    """The account in which its users' secrets are."""
    return RUN_AS if store == CENTRAL else account


def _day(number: float) -> str:
    return (BEGIN + dt.timedelta(days=number)).strftime("%Y-%m-%d")


def _user(name, *keys, **more) -> dict:
    tags = {"owner": f"{''.join(c for c in name.lower() if c.isalnum())[:20]}@example.com", **more.pop("tags", {})}
    return {"name": name, "keys": list(keys), "tags": tags, "created": 380, **more}


def _working(age, **more) -> dict:
    return {"age": age, "used": 0.2, **more}


#: How old the key of each of these is on day YEAR, when its rotations went as they should; that is where in its life it is.
PHASES = {
    SHOP: {"p00": 0, "p01": 1, "p02": 2, "p04": 4, "p06": 6, "p08": 8, "p09": 9, "p10": 10, "p11": 11, "p12": 12, "p14": 14, "p17": 17, "p19": 19, "p20": 20},
    PLATFORM: {"p21": 21, "p22": 22, "p30": 30, "p45": 45, "p60": 60, "p75": 75, "p82": 82, "p83": 83, "p85": 85, "p88": 88, "p89": 89, "p90": 90},
    # Others whose state is made by hand on the last days, or who work in a way of their own.
    RESEARCH: {
        "stan": 25, "sten": 38, "rex": 15, "late-rename": 33, "gone-tonight": 28, "tagged": 40, "shared": 41, "scribbled": 5, "blotted": 14, "wiped": 35,
        "made-exempt": 50, "monthly": 55, "svc+mail=x@shop.example": 7, "O.Connor_jr-2": 13, "comma,name": 16, LONG: 3,
    },
}
#: A round takes a day more than its 90: a key is made some seconds after the run began that found the one before it due.
ROUND = 91


def _first_age(phase: int) -> int:
    """How old the first key is on day 0, so that the last one has that age on day YEAR."""
    return 90 - (YEAR - phase) % ROUND


def world(store=MEMBER) -> dict:
    accounts = {
        account: [_user(name, _working(_first_age(phase) + 0.05)) for name, phase in people.items()] for account, people in PHASES.items()
    }
    accounts[SHOP] += [
        _user("early-rename", _working(40)), _user("gone-long", _working(20)), _user("gone-lately", _working(33)), _user("No.Owner", _working(50), tags={"owner": ""}),
    ]
    accounts[PLATFORM] += [
        _user("fast-a", _working(3), path="/fast/"), _user("fast-b", _working(20), path="/fast/"),
        _user("own-rules", _working(10), tags={"rekeyer:policy": "rotation_period=45d installation_grace=5d"}),
        _user("break-glass", {"age": 700}, groups=[EXEMPT_GROUP]), _user("sealed-1", _working(600)),
        _user("exempt-ends", _working(300), tags={"rekeyer:exempt": f"project X until={_day(YEAR + 5)}"}),
        _user("no-keys"),
    ]
    accounts[RESEARCH] += [_user("twins", _working(200), _working(150))]
    return {
        "at": BEGIN.strftime("%Y-%m-%dT%H:%M:%SZ"), "ous": ["Workloads"], "accounts": [
            {"id": RUN_AS, "name": "management", "mail_identities": ["example.com"], **({"kms_keys": [_CENTRAL_KEY]} if store == CENTRAL else {})},
            *(
                {"id": account, "name": name, "ou": "Workloads", "users": accounts.get(account, []), "groups": [{"name": EXEMPT_GROUP}], **more}
                for account, name, more in (
                    (SHOP, "shop", {}), (PLATFORM, "platform", {}), (RESEARCH, "research", {"roles": [{}, {"name": "team-reader", "policies": {}}]}), (EMPTY, "empty", {}),
                )
            ),
        ],
    }


#: day → who joins, with keys of their own
ARRIVALS = {
    YEAR - 60: [(SHOP, _user("never-soon", {"age": 27})), (SHOP, _user("never-off", {"age": 33})), (SHOP, _user("never-late", {"age": 42}))],
    YEAR - 70: [(RESEARCH, _user("idle-twin", _working(60), {"age": 100, "used": 5}))],
    YEAR - 30: [(RESEARCH, _user("ona", _working(75), _working(40)))],
    YEAR - 12: [(PLATFORM, _user(name, _working(77.98))) for name in ("kill-intent", "kill-lost", "kill-stored", "kill-published", "kill-live")] +
    [(PLATFORM, _user("kill-orphan", _working(79.01)))],
    YEAR - 3: [(SHOP, _user("newcomer", _working(1))), (SHOP, _user("newcomer-due", _working(88)))],
}
#: who does not do as they are told: days until the new key is installed
STAYS = {"stan": 10_000, "sten": 10_000, "p08": 6, "p17": 3, "O.Connor_jr-2": 8}
BOTH = {"twins", "ona"}
NEVER = {"never-soon", "never-off", "never-late", "break-glass", "no-keys"}
MONTHLY = {"monthly"}


def secret_of(secrets: dict, account: str, user: str) -> dict | None:
    """The secret in which a user's application looks, as a dump has it."""
    found = secrets.get(f"Account_{account}_User_{user.replace(',', '=2C')}_AccessKey")
    return found if found and "deleted_on" not in found else None


def value_of(secret: dict | None, label="AWSCURRENT") -> dict:
    for version in (secret or {}).get("versions", []):
        if label in version.get("stages", []):
            return json.loads(version["value"])
    return {}


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _in_hand(key: dict) -> bool:
    """His own, or he has worked with it: rekeyer itself asks STS only."""
    return "issued_by" not in key or key.get("last_use", {}).get("service") == "s3"


class People:
    """They work each day before the run, and install the published key when they get to it. Whoever finds no key that works is stranded."""

    #: who had another name when his application was set up: it reads the secret of that name
    READS = {"early-renamed": "early-rename", "late-renamed": "late-rename"}

    def __init__(self):
        self.stranded = []

    def keys_in_use(self, dump: dict, day: int) -> list:
        used = []
        secrets = {secret["name"]: secret for account in dump["accounts"] for secret in account.get("secrets", [])}
        for account in dump["accounts"]:
            if account["id"] == dump["management"]:
                continue
            for user in account.get("users", []):
                used += self._of_user(secrets, account, user, moment(dump["at"]), day)
        return used

    def _of_user(self, all_secrets, account, user, now, day) -> list:
        name = user["name"]
        if name in NEVER or (name in MONTHLY and day % 30):
            return []
        active = sorted((key for key in user.get("keys", []) if key.get("status", "Active") == "Active"), key=lambda key: key["created"])
        if name in BOTH:
            return [key["id"] for key in active]
        # What is in his hands: his own keys, what he works with already, and what is published in a secret that he can look into.
        secrets = [secret_of(all_secrets, account["id"], known) for known in (name, self.READS.get(name, name))]
        values = [value_of(secret, label) for secret in secrets for label in ("AWSCURRENT", "AWSPREVIOUS")]
        published = {value["AccessKeyId"]: value["SecretAccessKey"] for value in values if value}
        known = [key for key in active if _in_hand(key) or published.get(key["id"]) == key["secret"]]
        late = dt.timedelta(days=STAYS.get(name, 1))
        installed = [key for key in known if _in_hand(key) or now - moment(key["created"]) > late]
        if not known:
            self.stranded.append((day, account["id"], name))
            return []
        return [(installed or known[:1])[-1]["id"]]
