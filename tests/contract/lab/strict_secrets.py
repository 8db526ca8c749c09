"""Secrets Manager as it is: tokens that bind a version to its value, labels that move only when named rightly, deletion that blocks.

The whole handling of versions is written anew here, because moto's overwrites a version whose token is used twice.
"""

import json
import re
import uuid

from moto.secretsmanager.models import FakeSecret, ReplicaSecret
from moto.secretsmanager.responses import SecretsManagerResponse

from . import authorization, clock, current, wire
from .strict_iam import check_tags

_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]{1,512}")
_CHANGES_DELETED = {
    "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "TagResource", "UntagResource", "PutResourcePolicy",
    "DeleteResourcePolicy", "ReplicateSecretToRegions", "RemoveRegionsFromReplication", "GetSecretValue", "GetResourcePolicy",
}


def _invalid_parameter(message):
    return wire.Refusal("InvalidParameterException", message, 400)


def _invalid_request(message):
    return wire.Refusal("InvalidRequestException", message, 400)


def _missing():
    return wire.Refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.", 400)


def _secret(self):
    found = authorization.find_secret(self.current_account, self.region, current.request().get("SecretId") or "")
    if found is None:
        raise _missing()
    return found


def _purge(backend) -> None:
    """Removes what has been deleted for longer than its recovery window."""
    for name, secret in list(dict.items(backend.secrets)):
        ends = getattr(secret, "purge_at", None)
        if ends is not None and ends <= clock.epoch():
            dict.pop(backend.secrets, name)


def check(request) -> None:
    """What Secrets Manager refuses and moto lets through."""
    from moto.secretsmanager.models import secretsmanager_backends

    account = current.principal().account
    _purge(secretsmanager_backends[account][request.region])
    check_tags(request.get("Tags") or [], _invalid_parameter)
    token = request.get("ClientRequestToken")
    if request.operation in ("CreateSecret", "PutSecretValue", "UpdateSecret"):
        if not token:
            raise _invalid_request("You must provide a ClientRequestToken value. We recommend a UUID-type value.")
        if not 32 <= len(token) <= 64:
            raise _invalid_parameter("ClientRequestToken must be 32-64 characters long.")
    if request.operation == "CreateSecret" and not _NAME.fullmatch(request.get("Name") or ""):
        raise wire.Refusal(
            "ValidationException",
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
            400,
        )
    if request.operation in _CHANGES_DELETED:
        secret = authorization.find_secret(account, request.region, request.get("SecretId") or "")
        if secret is not None and secret.is_deleted():
            raise _invalid_request("You can't perform this operation on the secret because it was marked for deletion.")
    if request.operation == "PutResourcePolicy":
        _check_policy(request)


def _check_policy(request) -> None:
    text = request.get("ResourcePolicy") or ""
    try:
        document = json.loads(text)
        statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    except (ValueError, KeyError, TypeError):
        raise wire.Refusal(
            "MalformedPolicyDocumentException", "This resource policy contains invalid JSON.", 400
        ) from None
    if len(text) > 20480:
        raise _invalid_parameter("ResourcePolicy is too long")
    for statement in statements:
        if statement.get("Effect") not in ("Allow", "Deny") or "Principal" not in statement or "Resource" not in statement or not (
            "Action" in statement or "NotAction" in statement
        ):
            raise wire.Refusal("MalformedPolicyDocumentException", "This resource policy contains a syntax error.", 400)
        principal = statement["Principal"]
        named = principal.get("AWS") if isinstance(principal, dict) else principal
        if statement["Effect"] == "Allow" and named == "*" and not statement.get("Condition") and request.get("BlockPublicPolicy"):
            raise wire.Refusal("PublicPolicyException", "The resource policy grants broad access.", 400)
        for arn in [named] if isinstance(named, str) else named or []:
            match = re.fullmatch(r"arn:aws:iam::(\d{12}):user(/.*)?/([^/]+)", arn)
            if match and match[3] not in _users(match[1]):
                raise wire.Refusal(
                    "MalformedPolicyDocumentException", f"This resource policy contains an invalid principal: {arn}",
                    400,
                )


def _users(account):
    from .identity import iam

    return iam(account).users


def _move_label(secret, label, to) -> None:
    """Moves one staging label; AWSPREVIOUS follows where AWSCURRENT came from."""
    holder = next((version for version in secret.versions.values() if label in version["version_stages"]), None)
    if holder is to:
        return
    if holder is not None:
        holder["version_stages"].remove(label)
    to["version_stages"].append(label)
    if label == "AWSCURRENT":
        for version in secret.versions.values():
            if "AWSPREVIOUS" in version["version_stages"]:
                version["version_stages"].remove("AWSPREVIOUS")
        if holder is not None:
            holder["version_stages"].append("AWSPREVIOUS")
        secret.default_version_id = to["version_id"]


def _short(secret, **more) -> str:
    return json.dumps({"ARN": secret.arn, "Name": secret.name, **more})


def _only_primary(secret):
    if isinstance(secret, ReplicaSecret):
        raise _invalid_request(
            "Operation not permitted on a replica secret. Call must be made in primary secret's region."
        )
    return secret


def create_secret(self):
    request = current.request()
    name, token, value = request.get("Name"), request.get("ClientRequestToken"), request.get("SecretString")
    existing = authorization.find_secret(self.current_account, self.region, name)
    if existing is not None:
        if existing.is_deleted():
            raise _invalid_request(
                "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
        version = existing.versions.get(token)
        if version is not None and version.get("secret_string") == value:
            return _short(existing, VersionId=token)
        raise wire.Refusal(
            "ResourceExistsException", f"The operation failed because the secret {name} already exists.", 400
        )
    secret, _ = self.backend._add_secret(
        name, secret_string=value, description=request.get("Description") or "", tags=request.get("Tags") or [], kms_key_id=request.get("KmsKeyId"),
        version_id=token, replica_regions=request.get("AddReplicaRegions") or [], force_overwrite=bool(
            request.get("ForceOverwriteReplicaSecret")
        ),
    )
    return _short(secret, **({"VersionId": token} if value is not None else {}))


def _note_stored_key(value) -> None:
    """Adds to the keys' history that this one's secret is stored."""
    try:
        owned = current.lab().identities.owner(json.loads(value)["AccessKeyId"])
    except (ValueError, KeyError, TypeError):
        return
    if owned is not None:
        current.lab().key_event("stored", *owned)


def put_secret_value(self):
    request = current.request()
    secret = _only_primary(_secret(self))
    token, value = request.get("ClientRequestToken") or str(uuid.uuid4()), request.get("SecretString")
    if value is None:
        raise _invalid_request("You must provide either SecretString or SecretBinary.")
    labels = list(request.get("VersionStages") or ["AWSCURRENT"])
    version = secret.versions.get(token)
    if version is None:
        if not secret.versions and "AWSCURRENT" not in labels and current.lab().options.pending_first_version_becomes_current:
            labels.append("AWSCURRENT")
        version = {"createdate": int(clock.epoch()), "version_id": token, "version_stages": [], "secret_string": value}
        secret.versions[token] = version
        _note_stored_key(value)
    elif version.get("secret_string") != value:
        raise wire.Refusal(
            "ResourceExistsException",
            f"You can't use ClientRequestToken {token} because that value is already in use for a version of secret {secret.arn}.", 400,
        )
    for label in labels:
        _move_label(secret, label, version)
    secret.last_changed_date = int(clock.epoch())
    return _short(secret, VersionId=token, VersionStages=version["version_stages"])


def get_secret_value(self):
    request = current.request()
    secret = _secret(self)  # an ARN leads to its own account, where the caller was found to be allowed to read
    token, label = request.get("VersionId"), request.get("VersionStage")
    if token is None:
        label = label or "AWSCURRENT"
        token = next((key for key, version in secret.versions.items() if label in version["version_stages"]), None)
    version = secret.versions.get(token)
    if version is None:
        message = f"Secrets Manager can't find the specified secret value for staging label: {label}"
        raise wire.Refusal("ResourceNotFoundException", message, 400)
    if label and label not in version["version_stages"]:
        raise _invalid_request("You provided a VersionStage that is not associated to the provided VersionId.")
    return _short(
        secret, VersionId=token, VersionStages=version["version_stages"], SecretString=version.get("secret_string"),
        CreatedDate=version["createdate"],
    )


def update_secret_version_stage(self):
    request = current.request()
    secret = _only_primary(_secret(self))
    label, source, target = request.get("VersionStage"), request.get(
        "RemoveFromVersionId"
    ), request.get("MoveToVersionId")
    for version_id in filter(None, (source, target)):
        if version_id not in secret.versions:
            raise wire.Refusal(
                "ResourceNotFoundException", f"Secrets Manager can't find the specified secret version: {version_id}",
                400,
            )
    holder = next((key for key, version in secret.versions.items() if label in version["version_stages"]), None)
    if source and holder != source:
        raise _invalid_parameter(f"The staging label {label} is not attached to version {source}.")
    if not source and holder is not None and holder != target:
        raise _invalid_parameter(
            f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to version {holder}, "
            "so you must explicitly reference that version in RemoveFromVersionId."
        )
    if label == "AWSCURRENT" and not target:
        raise _invalid_parameter("You can't remove AWSCURRENT without moving it to another version.")
    if target:
        _move_label(secret, label, secret.versions[target])
    elif source:
        secret.versions[source]["version_stages"].remove(label)
    secret.last_changed_date = int(clock.epoch())
    return _short(secret)


def _described(secret) -> dict:
    shown = secret.to_dict()
    labelled = {version: labels for version, labels in (shown.get("VersionIdsToStages") or {}).items() if labels}
    for name in ("VersionIdsToStages", "SecretVersionsToStages"):
        shown.pop(name, None)
        if labelled:
            shown[name] = labelled
    return {name: value for name, value in shown.items() if value not in (None, [])}


def describe_secret(self):
    shown = _described(_secret(self))
    shown.pop("SecretVersionsToStages", None)
    return json.dumps(shown)


def list_secrets(self):
    lab, request = current.lab(), current.request()
    key = (self.current_account, self.region)
    kept = lab.frozen_secret_lists.get(key) if lab.options.secrets_list_frozen else None
    if kept is None:
        kept = []
        for secret in self.backend.secrets.values():
            shown = _described(secret)
            shown.pop("VersionIdsToStages", None)
            kept.append((shown, secret.is_deleted()))
        kept = json.loads(json.dumps(kept))
        if lab.options.secrets_list_frozen:
            lab.frozen_secret_lists[key] = kept
    names = [v for f in request.get("Filters") or [] if f.get("Key") == "name" for v in f.get("Values", [])]
    for name in names:
        if not re.fullmatch(r"!?[a-zA-Z0-9 :_@/+=.\-!]*", name):
            raise wire.Refusal("ValidationException", "Value at 'filters' failed to satisfy constraint", 400)
    others = [f for f in request.get("Filters") or [] if f.get("Key") != "name"]
    if any(f.get("Key") not in ("tag-key", "tag-value") for f in others):
        raise wire.Refusal("ValidationException", "the lab knows the filters name, tag-key and tag-value only", 400)

    def matches(shown):
        tags = shown.get("Tags") or []
        if names and not any(shown["Name"].startswith(name) for name in names):
            return False
        return all(
            any(
                tag["Key" if f["Key"] == "tag-key" else "Value"].startswith(v) for tag in tags for v in f["Values"]
            ) for f in others
        )

    found = [
        shown for shown, deleted in kept if matches(shown) and (request.get("IncludePlannedDeletion") or not deleted)
    ]
    found.sort(key=lambda shown: (-(shown.get("CreatedDate") or 0), shown["Name"]))
    asked = int(request.get("MaxResults") or 100)
    if not 1 <= asked <= 100:
        raise _invalid_parameter("MaxResults must be between 1 and 100.")
    size, start = min(asked, lab.options.secrets_page), int(request.get("NextToken") or 0)
    result = {"SecretList": found[start : start + size]}
    if start + size < len(found):
        result["NextToken"] = str(start + size)
    return json.dumps(result)


def delete_secret(self):
    request = current.request()
    secret = authorization.find_secret(self.current_account, self.region, request.get("SecretId") or "")
    force, window = request.get("ForceDeleteWithoutRecovery"), request.get("RecoveryWindowInDays")
    if force and window:
        raise _invalid_parameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
    if window is not None and not 7 <= int(window) <= 30:
        raise _invalid_parameter("RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
    if secret is None:
        raise _missing()
    _only_primary(secret)
    if secret.replicas:
        raise _invalid_request("You can't delete a secret that still has replica regions.")
    if secret.is_deleted() and not force:
        raise _invalid_request("You tried to perform the operation on a secret that's currently marked deleted.")
    ends = clock.epoch() + int(window or 30) * 86400
    if force:
        dict.pop(self.backend.secrets, secret.name)
        ends = clock.epoch()
    else:
        # DescribeSecret shows when deletion was asked for; only this reply says when it happens.
        secret.delete(clock.epoch())
        secret.purge_at = ends
    return json.dumps({"ARN": secret.arn, "Name": secret.name, "DeletionDate": ends})


def restore_secret(self):
    secret = _only_primary(_secret(self))
    secret.restore()
    secret.purge_at = None
    return _short(secret)


_tag_resource, _untag_resource = SecretsManagerResponse.tag_resource, SecretsManagerResponse.untag_resource


def tag_resource(self):
    secret = _only_primary(_secret(self))
    names = {tag["Key"] for tag in secret.tags or []} | {tag["Key"] for tag in current.request().get("Tags") or []}
    if len(names) > 50:
        raise _invalid_parameter("A secret can have at most 50 tags.")
    tags = {tag["Key"]: dict(tag) for tag in (secret.tags or []) + (current.request().get("Tags") or [])}
    secret.tags = list(tags.values())
    return ""


def untag_resource(self):
    secret = _only_primary(_secret(self))
    gone = set(current.request().get("TagKeys") or [])
    secret.tags = [tag for tag in secret.tags or [] if tag["Key"] not in gone]
    return ""


def put_resource_policy(self):
    secret = _only_primary(_secret(self))
    secret.policy = current.request().get("ResourcePolicy")
    return _short(secret)


def get_resource_policy(self):
    secret = _secret(self)
    source = secret if isinstance(secret, FakeSecret) else secret.source
    return _short(secret, **({"ResourcePolicy": source.policy} if source.policy else {}))


def replicate_secret_to_regions(self):
    request = current.request()
    secret = _only_primary(_secret(self))
    held = {replica.region for replica in secret.replicas}
    wanted = request.get("AddReplicaRegions") or []
    if any(region["Region"] == self.region for region in wanted):
        raise _invalid_parameter("Invalid replica region.")
    for region in wanted:
        if region["Region"] in held:
            raise _invalid_parameter(f"Secret is already replicated to {region['Region']}.")
    secret.replicas.extend(
        secret.create_replicas(wanted, force_overwrite=bool(request.get("ForceOverwriteReplicaSecret")))
    )
    return json.dumps({"ARN": secret.arn, "ReplicationStatus": [replica.config for replica in secret.replicas]})


def install() -> None:
    for replacement in (
        create_secret, get_secret_value, put_secret_value, update_secret_version_stage, describe_secret, list_secrets, delete_secret, restore_secret,
        tag_resource, untag_resource, put_resource_policy, get_resource_policy, replicate_secret_to_regions,
    ):
        setattr(SecretsManagerResponse, replacement.__name__, replacement)
