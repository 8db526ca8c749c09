"""Builds the lab's world from a description: organization, accounts, roles, users with aged keys, groups, KMS keys.

A description is a dictionary (all members optional):
  management   account id of the management account (default 100000000000)
  tooling      account id from which rekeyer runs (default: the management account)
  ous          ["Workloads", "Workloads/Prod", ...]; parents are made on the way
  accounts     [{"id", "name", "email", "ou", "state", "roles", "users", "groups", "secrets", "policies"}]
  member_role  name of the role that every account gets, unless its "roles" says otherwise (default "rekeyer-member")
  member_policy, caller_policy   policy documents (default: everything); see also strict_auth in options.py
  external_id  asked for by the trust policy of the member role
  options      see options.py
A user: {"name", "path", "tags": {}, "groups": [], "policies": {}, "created": days, "keys": [{"age", "used", "status", "service",
"region"}]}, ages in days before now. A group: {"name", "members": number or [names], "path"}.
"""

import json

import moto.organizations.utils as organizations_utils
from moto.core.base_backend import BackendDict
from moto.iam.models import AccessKeyLastUsed
from moto.kms.models import kms_backends
from moto.organizations.models import organizations_backends
from moto.secretsmanager.models import secretsmanager_backends

from . import clock
from .identity import ADMIN_SECRET, admin_key, iam, root_key

EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
MANAGEMENT = "100000000000"
CALLER = "rekeyer-runner"


class World:
    def __init__(self):
        self.management = self.tooling = MANAGEMENT
        self._states = {}

    def organization_id(self, account):
        organization = organizations_backends[self.management]["aws"].org
        return organization.id if organization and account in self._states else None

    def account_state(self, account):
        return self._states.get(account, "ACTIVE")

    def set_account_state(self, account, state) -> None:
        self._states[account] = state
        for known in organizations_backends[self.management]["aws"].accounts:
            if known.id == account:
                known.state = state
                known.status = {"CLOSED": "SUSPENDED", "PENDING_ACTIVATION": "ACTIVE"}.get(state, state)

    def build(self, spec, identities) -> dict:
        """Throws the old world away and builds this one; answers with the ids that the test could not choose."""
        BackendDict.reset()
        organizations_backends.master_accounts.clear()
        self._states = {}
        self.management = spec.get("management", MANAGEMENT)
        tooling = self.tooling = spec.get("tooling", self.management)
        self._defaults = {
            "name": spec.get("member_role", "rekeyer-member"),
            "policies": {"rekeyer": spec.get("member_policy", EVERYTHING)},
            "trust": _trust({self.management, tooling}, spec.get("external_id")),
        }
        identities.reset([])
        organization = organizations_backends[self.management]["aws"]
        organizations_utils.make_random_account_id = lambda: self.management
        organization.create_organization("us-east-1", FeatureSet="ALL")
        organization.accounts[0].name = "management"
        self._states[self.management] = "ACTIVE"
        ous = {"": organization.org.root_id}
        for path in spec.get("ous", []):
            self._ou(organization, ous, path)
        keys = {}
        accounts = list(spec.get("accounts", []))
        for extra in {self.management, tooling} - {account["id"] for account in accounts}:
            accounts.insert(0, {"id": extra, "name": "management" if extra == self.management else "tooling"})
        for account in accounts:
            self._account(organization, ous, account)
            identities.add_account(account["id"])
            keys.update(self._fill(account))
        caller = self._caller(tooling, spec.get("caller_policy", EVERYTHING))
        return {
            "management": self.management,
            "tooling": tooling,
            "organization": organization.org.id,
            "ous": ous,
            "keys": keys,
            "caller": caller,
            "admins": {account["id"]: [admin_key(account["id"]), ADMIN_SECRET] for account in accounts},
            "roots": {account["id"]: [root_key(account["id"]), ADMIN_SECRET] for account in accounts},
        }

    @staticmethod
    def _ou(organization, ous, path) -> str:
        if path not in ous:
            parent, _, name = path.rpartition("/")
            parent_id = World._ou(organization, ous, parent)
            ous[path] = organization.create_organizational_unit(
                ParentId=parent_id, Name=name
            )["OrganizationalUnit"]["Id"]
        return ous[path]

    def _account(self, organization, ous, spec) -> None:
        if spec["id"] != self.management:
            organizations_utils.make_random_account_id = lambda: spec["id"]
            organization.create_account(
                AccountName=spec.get("name", spec["id"]), Email=spec.get("email", f"{spec['id']}@example.com")
            )
            organization.accounts[-1].parent_id = self._ou(organization, ous, spec.get("ou", ""))
        self.set_account_state(spec["id"], spec.get("state", "ACTIVE"))

    def _fill(self, spec) -> dict:
        account, keys = spec["id"], {}
        for role in spec.get("roles", [{}]):
            add_role(account, {**self._defaults, **role})
        for group in spec.get("groups", []):
            add_group(account, group)
        for user in spec.get("users", []):
            keys[f"{account}/{user['name']}"] = add_user(account, user)
        # Members by number are users of their own, without keys, so that a group can be long without much ado.
        for group in spec.get("groups", []):
            if isinstance(group.get("members"), int):
                for index in range(group["members"]):
                    add_user(
                        account, {"name": f"{group['name'].lower()}-filler-{index:04d}", "groups": [group["name"]]}
                    )
        for secret in spec.get("secrets", []):
            add_secret(account, secret)
        for key in spec.get("kms_keys", []):
            add_kms_key(account, key)
        return keys

    def _caller(self, tooling, document) -> dict:
        backend = iam(tooling)
        backend.create_user("us-east-1", CALLER, "/", [])
        backend.put_user_policy(CALLER, "caller", json.dumps(document))
        key = backend.create_access_key(CALLER)
        return {"account": tooling, "user": CALLER, "key": key.access_key_id, "secret": key.secret_access_key}


def _trust(accounts, external_id) -> dict:
    statement = {
        "Effect": "Allow", "Principal": {"AWS": [f"arn:aws:iam::{a}:root" for a in sorted(accounts)]},
        "Action": "sts:AssumeRole",
    }
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def add_role(account, spec) -> None:
    backend = iam(account)
    backend.create_role(
        spec["name"], json.dumps(spec["trust"]), spec.get("path", "/"), None, "", [], str(spec.get("max_session", 3600))
    )
    for name, document in spec.get("policies", {}).items():
        backend.put_role_policy(spec["name"], name, json.dumps(document))


def add_group(account, spec) -> None:
    if spec["name"] not in iam(account).groups:
        iam(account).create_group(spec["name"], spec.get("path", "/"))


def add_user(account, spec) -> list:
    backend = iam(account)
    tags = [{"Key": key, "Value": value} for key, value in spec.get("tags", {}).items()]
    user = backend.create_user("us-east-1", spec["name"], spec.get("path", "/"), tags)
    user.create_date = clock.days_ago(spec.get("created", 400)).replace(microsecond=0)
    for name, document in spec.get("policies", {}).items():
        backend.put_user_policy(user.name, name, json.dumps(document))
    for group in spec.get("groups", []):
        add_group(account, {"name": group})
        backend.groups[group].users.append(user)
    return [add_key(account, spec["name"], key) for key in spec.get("keys", [])]


def add_key(account, user, spec) -> str:
    holder = iam(account).get_user(user)
    # More than two are there where requests raced, or where the quota had been raised: a world may have them.
    present, holder.access_keys = holder.access_keys, []
    key = iam(account).create_access_key(user, status=spec.get("status", "Active"))
    holder.access_keys = present + [key]
    set_key_dates(key, spec)
    return key.access_key_id


def set_key_dates(key, spec) -> None:
    """Ages in days; `used` None means never."""
    if "age" in spec:
        key.create_date = clock.days_ago(spec["age"]).replace(microsecond=0)
    if "used" in spec:
        used = spec["used"]
        key.last_used = None if used is None else AccessKeyLastUsed(
            clock.days_ago(used), spec.get("service", "s3"), spec.get("region", "us-east-1")
        )
    if "status" in spec:
        key.status = spec["status"]


def add_secret(account, spec) -> str:
    """A secret that was there before rekeyer: {"name", "region", "value", "tags", "policy", "kms_key_id", "token"}."""
    backend = secretsmanager_backends[account][spec.get("region", "us-east-1")]
    tags = [{"Key": key, "Value": value} for key, value in spec.get("tags", {}).items()]
    secret, _ = backend._add_secret(
        spec["name"], secret_string=spec.get("value"), description="", tags=tags, kms_key_id=spec.get("kms_key_id"),
        version_id=spec.get("token"),
    )
    if spec.get("policy"):
        secret.policy = json.dumps(spec["policy"])
    return secret.arn


def add_kms_key(account, spec) -> str:
    backend = kms_backends[account][spec.get("region", "us-east-1")]
    default = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    kind = spec.get("spec", "SYMMETRIC_DEFAULT")
    usage = "ENCRYPT_DECRYPT" if kind == "SYMMETRIC_DEFAULT" else "SIGN_VERIFY"
    key = backend.create_key(json.dumps(spec.get("policy", default)), usage, kind, spec.get("description", ""), [])
    if spec.get("id"):
        backend.keys.pop(key.id, None)
        key.id = spec["id"]
        backend.keys[key.id] = key
    return key.id
