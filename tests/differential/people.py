"""What people do between two runs: they work with their keys, install new ones sooner or later or never, and get in each other's way.

A day is written into a dump of the world, which is then loaded again. Each choice is drawn from the world's seed, the day and the user's unique id,
and depends on nothing that the two versions may draw differently: so both worlds see the same day as long as they are the same.
"""

import datetime as dt
import json
import random

import draw_world
from draw_world import EXEMPT_GROUP, KEY_OF_COPIES, KEY_OF_PROOFS, KEY_OF_STORE, MANAGEMENT, instant


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def drawer(drawn, day, *whose) -> random.Random:
    return random.Random(f"{drawn.seed} {day} {' '.join(whose)}")


class Day:
    """One morning: `live()` changes the dump."""

    def __init__(self, drawn, day: int, world: dict, now: dt.datetime):
        self.drawn, self.day, self.world, self.now = drawn, day, world, now
        self.accounts = {account["id"]: account for account in world["accounts"]}

    def live(self) -> None:
        for account in self.world["accounts"]:
            for user in list(account.get("users", [])):
                if user["name"] != "rekeyer-runner":
                    self._user(account, user)
            self._account(account, drawer(self.drawn, self.day, account["id"]))

    def _ago(self, minutes: int) -> str:
        """The second 50: see draw_world._keys."""
        return instant((self.now - dt.timedelta(minutes=minutes)).replace(second=50))

    # --- work

    def _user(self, account, user) -> None:
        nature = drawer(self.drawn, "nature", user["id"])
        pace = nature.choice((1, 1, 1, 7, 30, 0))
        installs_after = nature.choice((0, 1, 1, 2, 4, 8, 20, 10_000))
        impatient = nature.random() < 0.3
        today = drawer(self.drawn, self.day, user["id"])
        if pace and (self.day + nature.randrange(30)) % pace == 0:
            self._works(account, user, installs_after, impatient, today)
        self._mishap(account, user, today)

    def _works(self, account, user, installs_after, impatient, today) -> None:
        keys = user.get("keys", [])
        mine = [key for key in keys if "issued_by" not in key or key.get("last_use", {}).get("service") not in (None, "sts")]
        published = self._published(account, user)
        for key in keys:
            if key["id"] == published and moment(key["created"]) + dt.timedelta(days=installs_after) <= self.now:
                mine = [key]
        for key in mine[-1:]:
            if key.get("status") == "Inactive":
                if not impatient:
                    continue
                key.pop("status")  # it worked until yesterday: on again
            earlier = key.get("last_use")
            key["last_use"] = {"at": self._ago(today.randint(60, 900)), "service": "s3", "region": "us-east-1"}
            if earlier:
                key["earlier_use"] = earlier

    def _published(self, account, user) -> str | None:
        for holder in (account, self.accounts[MANAGEMENT]):
            for secret in holder.get("secrets", []):
                if user["id"] == secret.get("tags", {}).get("rekeyer:id"):
                    for version in secret.get("versions", []):
                        if "AWSCURRENT" in version.get("stages", []):
                            return _key_in(version.get("value", ""))
        return None

    # --- what administrators, other tools and strangers do to a user

    def _mishap(self, account, user, today) -> None:
        mishaps = (
            (0.006, self._new_owner), (0.003, self._exempt), (0.003, self._policy_tag), (0.004, self._joins_or_leaves), (0.004, self._other_tool), (0.002, self._renamed), (0.002, self._leaves),
            (0.004, self._switches), (0.003, self._tampers), (0.003, self._secret_policy), (0.002, self._secret_goes), (0.002, self._squatter),
        )
        for chance, happens in mishaps:
            if today.random() < chance:
                happens(account, user, today)

    def _new_owner(self, account, user, today) -> None:
        tags = user.setdefault("tags", {})
        tags.pop("owner", None)
        if owner := today.choice(draw_world.OWNERS):
            tags["owner"] = owner.format(user="new.owner")

    def _exempt(self, account, user, today) -> None:
        tags = user.setdefault("tags", {})
        if tags.pop("rekeyer:exempt", None) is None:
            tags["rekeyer:exempt"] = today.choice(("for now", f"until={(self.now + dt.timedelta(days=9)).date()}", today.choice(draw_world.STRANGE_TEXTS)))

    def _policy_tag(self, account, user, today) -> None:
        user.setdefault("tags", {})["rekeyer:policy"] = today.choice(draw_world.POLICY_TAGS)

    def _joins_or_leaves(self, account, user, today) -> None:
        wanted = today.choice((EXEMPT_GROUP, "payments"))
        for group in account.get("groups", []):
            if group["name"] == wanted:
                members = group.setdefault("members", [])
                if user["name"] in members:
                    members.remove(user["name"])
                else:
                    members.append(user["name"])

    def _other_tool(self, account, user, today) -> None:
        """Replaces keys on its own, and knows nothing of rekeyer."""
        keys = user.setdefault("keys", [])
        if len(keys) == 2:
            keys.pop(today.randrange(2))
        keys.append(draw_world.key(today, self.now.replace(second=50) - dt.timedelta(minutes=70)))

    def _renamed(self, account, user, today) -> None:
        name = f"renamed-{user['id'][-6:].lower()}-{self.day}"
        for group in account.get("groups", []):
            if user["name"] in group.get("members", []):
                group["members"] = [name if member == user["name"] else member for member in group["members"]]
        old, user["name"] = user["name"], name
        if today.random() < 0.5:  # and the name is somebody else's at once
            account["users"].append(draw_world.user(today, old, self.now))

    def _leaves(self, account, user, today) -> None:
        account["users"].remove(user)
        for group in account.get("groups", []):
            if user["name"] in group.get("members", []):
                group["members"].remove(user["name"])

    def _switches(self, account, user, today) -> None:
        for key in today.sample(user.get("keys", []), min(1, len(user.get("keys", [])))):
            key["status"] = "Active" if key.get("status") == "Inactive" else "Inactive"

    # --- and to a user's secret

    def _secret(self, account, user) -> dict | None:
        for holder in (account, self.accounts[MANAGEMENT]):
            for secret in holder.get("secrets", []):
                if secret.get("tags", {}).get("rekeyer:id") == user["id"]:
                    return secret
        return None

    def _tampers(self, account, user, today) -> None:
        if secret := self._secret(account, user):
            name = today.choice(("rekeyer:custody", "rekeyer:notice", "rekeyer:proof", "rekeyer:intent", "rekeyer:id", "rekeyer:lock", "team"))
            if today.random() < 0.5:
                secret["tags"].pop(name, None)
            else:
                secret["tags"][name] = today.choice(("1", "none", "2 something new", "=cmd", "1 AKIAIOSFODNN7EXAMPLE:current:20250101T000000Z"))

    def _secret_policy(self, account, user, today) -> None:
        if secret := self._secret(account, user):
            policy = secret.setdefault("policy", {"Version": "2012-10-17", "Statement": []})
            statements = policy["Statement"]
            happens = today.choice(("unlocked", "denied", "shared"))
            if happens == "unlocked":
                policy["Statement"] = [statement for statement in statements if statement.get("Sid") != "RekeyerLock"]
            elif happens == "denied":
                statements.append({"Sid": "Mine", "Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"})
            else:
                statements.append({"Sid": "Team", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account['id']}:root"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"})
            if not policy["Statement"]:
                secret.pop("policy")

    def _secret_goes(self, account, user, today) -> None:
        for holder in (account, self.accounts[MANAGEMENT]):
            holder["secrets"] = [secret for secret in holder.get("secrets", []) if secret.get("tags", {}).get("rekeyer:id") != user["id"]]

    def _squatter(self, account, user, today) -> None:
        name = f"Account_{account['id']}_User_{user['name'].replace(',', '=2C')}_AccessKey"
        secrets = account.setdefault("secrets", [])
        if all(secret["name"] != name for secret in secrets):
            secrets.append({"name": name, "created": self._ago(100), "value": "not for you", "token": "of-a-stranger-" + "0" * 20, "tags": today.choice(({}, {"rekeyer:custody": "1", "rekeyer:id": user["id"]}))})

    # --- what happens to an account

    def _account(self, account, today) -> None:
        if account["id"] == MANAGEMENT:
            return self._management(account, today)
        if account["id"] in self.drawn.members:
            if today.random() < 0.03:
                account.setdefault("users", []).append(draw_world.user(today, f"newcomer-{self.day}", self.now))
            blocked = drawer(self.drawn, self.day // 3, account["id"], "blocked").random() < 0.03
            self._role(account, blocked)
        return None

    def _role(self, account, blocked: bool) -> None:
        """For some days the role trusts somebody else."""
        for role in account.get("roles", []):
            if role["name"] == "rekeyer-member":
                trusted = "999999999999" if blocked else MANAGEMENT
                role["trust"] = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{trusted}:root"}, "Action": "sts:AssumeRole"}]}

    def _management(self, account, today) -> None:
        for key in account.get("kms_keys", []):
            chance = drawer(self.drawn, self.day // 4, key["id"]).random()
            if key["id"] in (KEY_OF_STORE["id"], KEY_OF_COPIES["id"], KEY_OF_PROOFS["id"]):
                key["enabled"] = chance > 0.03
        # SES takes no mail today. Of an owner's two addresses either may be refused first, and is the one that is named.
        if today.random() < 0.05 and not any("owner.names" in settings for settings in self.drawn.settings.values()):
            account["mail_identities"] = []
        elif not account.get("mail_identities"):
            account["mail_identities"] = [{"name": "example.com"}]


def _key_in(value: str) -> str | None:
    try:
        return json.loads(value)["AccessKeyId"]
    except (ValueError, KeyError, TypeError):
        return None
