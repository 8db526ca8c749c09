"""Which permissions a call needs, and whether the caller has them.

Identity policies are evaluated in strict mode only. Reading a secret's value is always decided for real, because "the owner can
read it and rekeyer cannot" is what many tests are about.
"""

import json

from moto.kms.models import kms_backends
from moto.secretsmanager.models import FakeSecret, secretsmanager_backends

from . import message_rights, policy, wire
from .identity import iam

VALUE_READS = {"GetSecretValue", "BatchGetSecretValue"}
_USER_OPERATIONS = {
    "CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "ListAccessKeys", "GetUser", "ListUserTags", "TagUser", "UntagUser",
    "ListGroupsForUser", "GetUserPolicy", "PutUserPolicy", "DeleteUserPolicy", "ListUserPolicies", "ListAttachedUserPolicies",
}


def find_secret(account: str, region: str, secret_id: str):
    """A secret by name or ARN; an ARN leads to its own account and region."""
    if secret_id.startswith("arn:"):
        parts = secret_id.split(":")
        region, account = parts[3], parts[4]
    backend = secretsmanager_backends[account][region]
    return backend.secrets.get(secret_id) if secret_id in backend.secrets else None


def _policies_of(principal) -> list:
    backend = iam(principal.account)
    if principal.kind == "role":
        role = next((r for r in backend.roles.values() if r.arn == principal.identity_arn), None)
        if role is None:
            return []
        attached = [
            backend.managed_policies[arn] for arn in role.managed_policies
        ] if isinstance(role.managed_policies, list) else role.managed_policies.values()
        return list(role.policies.values()) + [p.document for p in attached]
    user = backend.users.get(principal.name)
    if user is None:
        return []
    documents = list(user.policies.values()) + [p.document for p in user.managed_policies.values()]
    for group in backend.groups.values():
        if any(member.name == user.name for member in group.users):
            documents += list(group.policies.values()) + [p.document for p in group.managed_policies.values()]
    return documents


class Authorizer:
    def __init__(self, options, organization_id):
        self._options = options
        self._organization_id = organization_id
        self.violations = []

    def reset(self) -> None:
        self.violations = []

    def check(self, request, principal) -> None:
        if principal.is_lab or principal.kind == "anonymous" or request.operation == "GetCallerIdentity":
            return
        if request.operation in VALUE_READS:
            self._check_value_read(request, principal)
            return
        if not self._options.strict_auth:
            return
        for action, resource, resource_policy, extra in self._needs(request, principal):
            self._require(request, principal, action, resource, resource_policy, extra)

    def _context(self, request, principal) -> dict:
        context = {
            "aws:principalarn": principal.identity_arn,
            "aws:principalaccount": principal.account,
            "aws:userid": principal.user_id,
            "aws:principalorgid": self._organization_id(principal.account),
            "aws:requestedregion": request.region,
            "aws:securetransport": "true",
            "aws:principaltype": "User" if principal.kind == "user" else "AssumedRole",
        }
        if principal.kind == "user":
            context["aws:username"] = principal.name
        for key, value in principal.tags.items():
            context[f"aws:principaltag/{key.lower()}"] = value
        if request.get("ExternalId") is not None:
            context["sts:externalid"] = request.get("ExternalId")
        if request.get("RoleSessionName") is not None:
            context["sts:rolesessionname"] = request.get("RoleSessionName")
        if request.service == "ses" and request.get("FromEmailAddress"):
            context["ses:fromaddress"] = message_rights.address_of(request.get("FromEmailAddress"))
        if request.service == "secretsmanager":
            for tag in request.get("Tags") or []:
                context[f"aws:requesttag/{tag['Key'].lower()}"] = tag["Value"]
            keys = [tag["Key"] for tag in request.get("Tags") or []] + list(request.get("TagKeys") or [])
            if keys:
                context["aws:tagkeys"] = keys
            for name in ("Name", "SecretId", "VersionStage", "KmsKeyId"):
                if request.get(name) is not None:
                    context[f"secretsmanager:{name.lower()}"] = request.get(name)
        return {key: value for key, value in context.items() if value is not None}

    def _needs(self, request, principal):
        """(action, resource ARN, the resource's own policy or None, more condition keys) for each permission of the call."""
        action = f"{request.service}:{request.operation}"
        if request.service == "iam":
            yield action, self._iam_resource(request, principal), None, {}
        elif request.service == "sts":
            if request.operation == "AssumeRole":
                yield action, request.get("RoleArn", "*"), None, {}
        elif request.service == "secretsmanager":
            yield from self._secret_needs(request, principal, action)
        elif request.service == "kms":
            key_id = request.get("KeyId", "*")
            arn = key_id if key_id.startswith("arn:") else f"arn:aws:kms:{request.region}:{principal.account}:key/{key_id}"
            yield action, arn, self._key_policy(arn), {}
        else:
            for needed, resource in message_rights.needs(request, principal) or [(action, "*")]:
                yield needed, resource, None, {}

    @staticmethod
    def _iam_resource(request, principal) -> str:
        base = f"arn:aws:iam::{principal.account}:"
        name = request.get("UserName")
        if request.operation == "GetAccessKeyLastUsed":
            # The call names a key; the permission is on its owner.
            key = iam(principal.account).access_keys.get(request.get("AccessKeyId", ""))
            name = key.user_name if key is not None else None
        if name:
            user = iam(principal.account).users.get(name)
            return f"{base}user{user.path if user else '/'}{name}"
        if request.get("GroupName"):
            group = iam(principal.account).groups.get(request.get("GroupName"))
            return f"{base}group{group.path if group else '/'}{request.get('GroupName')}"
        if request.get("RoleName"):
            role = next((role for role in iam(principal.account).roles.values() if role.name == request.get("RoleName")), None)
            return f"{base}role{role.path if role else '/'}{request.get('RoleName')}"
        if request.get("PolicySourceArn"):
            return request.get("PolicySourceArn")
        if request.operation in _USER_OPERATIONS:
            return f"{base}user/{principal.name}"
        return "*"

    def _secret_needs(self, request, principal, action):
        identifier = request.get("SecretId") or request.get("Name") or ""
        if not identifier:
            yield action, "*", None, {}
            return
        secret = find_secret(principal.account, request.region, identifier)
        # Rights are looked at first, whether or not it is there; what is to be made is asked for on the ARN that it will have.
        end = "-Ab1Cd2" if request.operation == "CreateSecret" else ""
        arn = secret.arn if secret else (
            identifier if identifier.startswith("arn:") else f"arn:aws:secretsmanager:{request.region}:{principal.account}:secret:{identifier}{end}"
        )
        own_policy = getattr(secret, "policy", None)
        extra = {}
        if isinstance(secret, FakeSecret):
            for tag in secret.tags or []:
                extra[f"aws:resourcetag/{tag['Key'].lower()}"] = tag["Value"]
                extra[f"secretsmanager:resourcetag/{tag['Key'].lower()}"] = tag["Value"]
        yield action, arn, own_policy, extra
        if request.operation == "CreateSecret" and request.get("Tags"):
            yield "secretsmanager:TagResource", arn, own_policy, extra
        if request.operation == "CreateSecret" and request.get("AddReplicaRegions"):
            yield "secretsmanager:ReplicateSecretToRegions", arn, own_policy, extra
        key = request.get("KmsKeyId") if request.operation == "CreateSecret" else getattr(secret, "kms_key_id", None)
        writes = request.operation == "PutSecretValue" or (
            request.operation == "CreateSecret" and request.get("SecretString")
        )
        if key and not key.startswith("alias/aws/") and writes:
            key_arn = key if key.startswith("arn:") else f"arn:aws:kms:{request.region}:{principal.account}:key/{key}"
            via = {
                "kms:viaservice": f"secretsmanager.{request.region}.amazonaws.com",
                "kms:calleraccount": principal.account,
            }
            for kms_action in ("kms:GenerateDataKey", "kms:Decrypt"):
                yield kms_action, key_arn, self._key_policy(key_arn), via

    @staticmethod
    def _key_policy(arn: str):
        parts = arn.split(":")
        if len(parts) < 6:
            return None
        key = kms_backends[parts[4]][parts[3]].keys.get(parts[5].removeprefix("key/"))
        return key.policy if key is not None else None

    def _require(self, request, principal, action, resource, resource_policy, extra) -> None:
        context = {**self._context(request, principal), **extra}
        own = policy.evaluate(_policies_of(principal), action, resource, context)
        if principal.session_policy and policy.evaluate(
            [principal.session_policy], action, resource, context
        ) != "allow":
            raise wire.denied(request.service, principal.arn, action, "because no session policy allows the action")
        by_resource = "none"
        if resource_policy:
            by_resource = policy.evaluate(
                [resource_policy], action, resource, context, {principal.arn, principal.identity_arn}, principal.account
            )
        owner = resource.split(":")[4] if resource.count(":") >= 5 else principal.account
        crosses = bool(owner) and owner != principal.account and action not in ("sts:AssumeRole",)
        allowed = own == "allow" and by_resource == "allow" if crosses else "allow" in (own, by_resource)
        if "deny" in (own, by_resource) or not allowed:
            raise wire.denied(request.service, principal.arn, f"{action} on resource: {resource}")

    def _check_value_read(self, request, principal) -> None:
        """Users may read what a policy lets them read. Roles are rekeyer's: they never may, and the attempt is recorded."""
        if principal.kind != "user" or request.operation != "GetSecretValue":
            self.violations.append(
                {"principal": principal.arn, "operation": request.operation, "secret": request.get("SecretId")}
            )
            raise wire.denied(request.service, principal.arn, f"secretsmanager:{request.operation}")
        identifier = request.get("SecretId", "")
        secret = find_secret(principal.account, request.region, identifier)
        if secret is None:
            return  # let the service answer that it does not exist
        source = getattr(secret, "source", secret)
        context = self._context(request, principal)
        own = policy.evaluate(_policies_of(principal), "secretsmanager:GetSecretValue", secret.arn, context)
        granted = "none"
        if source.policy:
            granted = policy.evaluate(
                [source.policy], "secretsmanager:GetSecretValue", secret.arn, context, {principal.arn},
                principal.account,
            )
        same_account = source.account_id == principal.account
        customer_key = bool(source.kms_key_id) and not source.kms_key_id.startswith("alias/aws/")
        allowed = "allow" in (own, granted) if same_account else own == "allow" and granted == "allow" and customer_key and identifier.startswith("arn:")
        if "deny" in (own, granted) or not allowed:
            raise wire.denied(
                request.service, principal.arn, f"secretsmanager:GetSecretValue on resource: {secret.arn}"
            )


def trusts(role, principal, external_id, session_name="", organization_id=None) -> bool:
    """Whether the role's trust policy lets this principal assume it."""
    document = role.assume_role_policy_document
    context = {
        "aws:principalarn": principal.identity_arn, "aws:principalaccount": principal.account,
        "sts:rolesessionname": session_name,
    }
    if external_id is not None:
        context["sts:externalid"] = external_id
    if organization_id is not None:
        context["aws:principalorgid"] = organization_id
    parsed = json.loads(document) if isinstance(document, str) else document
    statements = [
        {key: value for key, value in s.items() if key != "Resource"} for s in policy._list(parsed.get("Statement"))
    ]
    arns = {principal.arn, principal.identity_arn}
    return policy.evaluate(
        [{"Statement": statements}], "sts:AssumeRole", role.arn, context, arns, principal.account
    ) == "allow"
