"""The base of probe's suites: an account with things of others in it, and all that can be seen there, to be compared."""

import json
import urllib.request

from case import RekeyerCase

ACCOUNT = "100000000000"
REGIONS = ("us-east-1", "us-west-2")
PREFIX = "rekeyer-probe-"
#: what a sandbox's dump says of looking, and of the past
VOLATILE = {"at", "key_events", "last_use", "earlier_use", "report", "accessed", "key_use"}

#: checks that make everything that is ever made, in every way: few enough to be killed at each of their steps
_EACH_KIND = (
    "iam.user-rename-keeps-id", "iam.policy-comes-back", "iam.user-name-ignores-case", "iam.deny-all-stops-key",
    "secrets.label-moves-once", "secrets.policy-not-action", "secrets.scheduled-put", "secrets.copy-stops-deletion",
    "sns.published",
)
OF_EACH_KIND = [word for name in _EACH_KIND for word in ("--only", name)]


def without_volatile(value):
    if isinstance(value, dict):
        return {name: without_volatile(each) for name, each in value.items() if name not in VOLATILE}
    return [without_volatile(each) for each in value] if isinstance(value, list) else value


class ProbeCase(RekeyerCase):
    def setUp(self):
        super().setUp()
        self.world()

    def world(self):
        """A new one, with a rekeyer that has a home of its own."""
        self.build(
            {
                "id": ACCOUNT, "name": "probed",
                "users": [{"name": "ann", "tags": {"owner": "ann@example.com"}, "keys": [{"age": 10, "used": 1}]}],
            }, options={"strict_auth": True},
        )
        self.admin("secretsmanager").create_secret(
            Name="app/database", SecretString="not the probe's", ClientRequestToken="t" * 32
        )
        self.admin("sns").create_topic(Name="alarms")
        self.use()

    def admin(self, service, region=REGIONS[0]):
        return self.lab.admin(ACCOUNT, service, region)

    def probe(self, *arguments, **more):
        """An emulator does at once what it does at all."""
        return self.rekeyer.run("probe", "--yes", "--patience", "3s", *arguments, **more)

    def clean(self, *arguments, code=0):
        run = self.rekeyer.run("probe", "--clean", "--yes", *arguments, timeout=300)
        self.assertExit(run, code)
        return run

    def journals(self) -> list:
        return sorted(self.rekeyer.folder.rglob("*.journal"))

    def assertNoSecrets(self, run) -> int:
        """What was handed out since the world began (keys, sessions, their tokens) stands neither in what was printed nor in a file. Returns how many they are."""
        known = {secret for secret in self.lab.control("known_secrets") if secret}
        files = [path for path in self.rekeyer.folder.rglob("*") if path.is_file()]
        texts = {"output": run.out, "messages and log": run.err, **{path.name: path.read_text() for path in files}}
        # Half of a secret is a leak as well.
        halves = [secret[: max(20, len(secret) // 2)] for secret in known]
        self.assertEqual([where for where, text in texts.items() if any(half in text for half in halves)], [], "a secret is in it")
        return len(known)

    # --- the world, to be compared

    def holdings(self) -> dict:
        """What is in the account, by what an administrator sees; from the sandbox its whole world too."""
        found = {"users": self._users(), "roles": self._roles()}
        for region in REGIONS:
            found[f"secrets {region}"] = self._secrets(region)
            found[f"topics {region}"] = sorted(
                topic["TopicArn"] for topic in self.admin("sns", region).list_topics()["Topics"]
            )
        if self.lab.backend.name == "sandbox":
            found["dump"] = self._dump()
        return found

    def _users(self):
        iam, users = self.admin("iam"), {}
        for user in iam.list_users()["Users"]:
            name = user["UserName"]
            users[name] = {
                "id": user["UserId"], "path": user["Path"], "tags": iam.list_user_tags(UserName=name)["Tags"],
                "keys": sorted((key["AccessKeyId"], key["Status"]) for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]),
                "policies": iam.list_user_policies(UserName=name)["PolicyNames"],
                "attached": iam.list_attached_user_policies(UserName=name)["AttachedPolicies"],
            }
        return users

    def _roles(self):
        return sorted(role["RoleId"] for role in self.admin("iam").list_roles()["Roles"])

    def _secrets(self, region):
        client, secrets = self.admin("secretsmanager", region), {}
        for secret in client.list_secrets(IncludePlannedDeletion=True, MaxResults=100)["SecretList"]:
            described = client.describe_secret(SecretId=secret["ARN"])
            secrets[secret["Name"]] = (
                described["ARN"], described.get("Tags"), described.get("VersionIdsToStages"),
                str(described.get("DeletedDate"))
            )
        return secrets

    def _dump(self):
        with urllib.request.urlopen(f"{self.lab.url}/_sandbox/world", timeout=60) as reply:
            return without_volatile(json.load(reply))

    def assertNothingChanged(self, before, message=""):
        self.maxDiff = None
        self.assertEqual(self.holdings(), before, message)
