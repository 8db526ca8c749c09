"""STS as it is: roles must exist and trust the caller, durations are limited, sessions expire."""

import datetime as dt
import re
import secrets

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from . import authorization, clock, current, wire
from .identity import Principal, Session, iam


def _session_name(name: str) -> str:
    if not re.fullmatch(r"[\w+=,.@-]{2,64}", name or "", re.ASCII):
        raise wire.Refusal(
            "ValidationError", "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint",
            400,
        )
    return name


def _role(arn: str):
    match = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(.+)", arn or "")
    if not match:
        raise wire.Refusal("ValidationError", f"{arn} is invalid", 400)
    found = next((role for role in iam(match[1]).roles.values() if role.arn == arn), None)
    return match[1], found


def _issue(account, role, name, seconds, session_policy=None):
    suffix = "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))
    key_id, secret, token = "ASIA" + suffix, secrets.token_urlsafe(30), secrets.token_urlsafe(160)
    arn = f"arn:aws:sts::{account}:assumed-role/{role.name}/{name}"
    principal = Principal("role", account, arn, role.arn, role.name, f"{role.id}:{name}", secret, token, session_policy)
    expires = clock.now() + dt.timedelta(seconds=seconds)
    current.lab().identities.open_session(key_id, Session(principal, expires))
    return {
        "Credentials": {"AccessKeyId": key_id, "SecretAccessKey": secret, "SessionToken": token, "Expiration": expires},
        "AssumedRoleUser": {"AssumedRoleId": principal.user_id, "Arn": arn},
        "PackedPolicySize": 6,
    }


def assume_role(self):
    request, principal = current.request(), current.principal()
    name = _session_name(request.get("RoleSessionName"))
    account, role = _role(request.get("RoleArn"))
    refused = wire.denied("sts", principal.arn, f"sts:AssumeRole on resource: {request.get('RoleArn')}", "")
    state = current.lab().world.account_state(account)
    organization = current.lab().world.organization_id(principal.account)
    if role is None or state != "ACTIVE":
        raise refused
    if not principal.is_lab and not authorization.trusts(
        role, principal, request.get("ExternalId"), name, organization
    ):
        raise refused
    seconds = int(request.get("DurationSeconds") or 3600)
    longest = 3600 if principal.kind == "role" else int(role.max_session_duration or 3600)
    if not 900 <= seconds <= longest:
        raise wire.Refusal(
            "ValidationError", "The requested DurationSeconds exceeds the limit set for this role or role chaining.",
            400,
        )
    return ActionResult(_issue(account, role, name, seconds, request.get("Policy")))


def assume_role_with_web_identity(self):
    request = current.request()
    name = _session_name(request.get("RoleSessionName"))
    account, role = _role(request.get("RoleArn"))
    token = request.get("WebIdentityToken") or ""
    if not token.startswith("lab-web-identity-") or role is None:
        raise wire.Refusal(
            "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider", 400
        )
    result = _issue(account, role, name, int(request.get("DurationSeconds") or 3600))
    result.update(SubjectFromWebIdentityToken="lab", Provider="lab", Audience="sts.amazonaws.com")
    return ActionResult(result)


def get_caller_identity(self):
    principal = current.principal()
    return ActionResult({"UserId": principal.user_id, "Account": principal.account, "Arn": principal.arn})


def install() -> None:
    TokenResponse.assume_role = assume_role
    TokenResponse.assume_role_with_web_identity = assume_role_with_web_identity
    TokenResponse.get_caller_identity = get_caller_identity
