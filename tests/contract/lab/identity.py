"""Who is calling: resolves access keys, checks signatures, their age, key status and session expiry."""

import datetime as dt
import re
from dataclasses import dataclass, field

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.iam.models import AccessKeyLastUsed, iam_backends

from . import clock, wire

ADMIN_SECRET = "lab-administrator"
UNSIGNED_OPERATIONS = {"AssumeRoleWithWebIdentity"}


def admin_key(account: str) -> str:
    return f"LABADMIN{account}"


def root_key(account: str) -> str:
    return f"LABROOT{account}"


@dataclass
class Principal:
    kind: str  # "lab", "user", "role", "anonymous"
    account: str
    arn: str
    identity_arn: str  # the user's or role's own ARN, to which policies belong
    name: str = ""
    user_id: str = ""
    secret: str = ""
    token: str = ""
    session_policy: str | None = None
    tags: dict = field(default_factory=dict)

    @property
    def is_lab(self) -> bool:
        return self.kind == "lab"


@dataclass
class Session:
    principal: Principal
    expires: dt.datetime


def iam(account: str):
    return iam_backends[account]["aws"]


class Identities:
    """All credentials of the lab: the lab's own administrators, users' keys (kept by moto) and sessions of roles."""

    def __init__(self, options):
        self._options = options
        self._accounts = []
        self._owners = {}
        self._sessions = {}
        self._newborn = {}

    def reset(self, accounts) -> None:
        self._accounts = list(accounts)
        self._owners, self._sessions, self._newborn = {}, {}, {}

    def add_account(self, account: str) -> None:
        self._accounts.append(account)

    def accounts(self) -> list:
        return list(self._accounts)

    def session_secrets(self) -> set:
        principals = [session.principal for session in self._sessions.values()]
        return {p.secret for p in principals} | {p.token for p in principals}

    def key_created(self, key_id: str) -> None:
        self._newborn[key_id] = [self._options.new_key_refusals, clock.epoch() + self._options.new_key_delay]

    def open_session(self, key_id: str, session: Session) -> None:
        self._sessions[key_id] = session

    def owner(self, key_id: str):
        """(user, key) of a user's access key, or None."""
        found = self._owners.get(key_id)
        if found is None:
            for account in self._accounts:
                key = iam(account).access_keys.get(key_id)
                if key is not None and key.user_name:
                    found = self._owners[key_id] = (account, key.user_name)
                    break
        if found is None:
            return None
        user = iam(found[0]).users.get(found[1])
        for key in user.access_keys if user else []:
            if key.access_key_id == key_id:
                return user, key
        return None

    def resolve(self, request) -> Principal | None:
        """The caller as far as the key id tells, without any check; None for an unknown key."""
        if not request.key_id:
            return Principal(
                "anonymous", "", "anonymous", "anonymous"
            ) if request.operation in UNSIGNED_OPERATIONS else None
        if match := re.fullmatch(r"LABADMIN(\d{12})", request.key_id):
            arn = f"arn:aws:sts::{match[1]}:assumed-role/lab-administrator/lab"
            return Principal("lab", match[1], arn, arn, "lab-administrator", "AROALAB:lab", ADMIN_SECRET)
        if match := re.fullmatch(r"LABROOT(\d{12})", request.key_id):
            arn = f"arn:aws:iam::{match[1]}:root"
            return Principal("lab", match[1], arn, arn, "", match[1], ADMIN_SECRET)
        if session := self._sessions.get(request.key_id):
            return session.principal
        if owned := self.owner(request.key_id):
            user, key = owned
            return Principal("user", user.account_id, user.arn, user.arn, user.name, user.id, key.secret_access_key)
        return None

    def authenticate(self, request, principal: Principal | None) -> Principal:
        """Raises the refusal that AWS would answer, in the order in which AWS notices."""
        if principal is not None and principal.kind == "anonymous":
            return principal
        if not request.key_id:
            raise self._refuse(request, "MissingAuthenticationToken", "Request is missing Authentication Token")
        if principal is None:
            raise self._unusable(request)
        if not principal.is_lab:
            self._check_usable(request, principal)
        self._check_scope(request)
        if self._options.verify_signatures:
            self._check_signature(request, principal)
        if not principal.is_lab and "x-lab-any-date" not in request.headers:
            self._check_age(request)
        if principal.kind == "user" and self._options.record_use and "x-lab-any-date" not in request.headers:
            owned = self.owner(request.key_id)
            if owned:
                owned[1].last_used = AccessKeyLastUsed(clock.now(), request.service, request.region)
        return principal

    def _check_usable(self, request, principal) -> None:
        if principal.kind == "user":
            _, key = self.owner(request.key_id)
            if key.status != "Active":
                raise self._unusable(request)
            newborn = self._newborn.get(request.key_id)
            if newborn and "x-lab-any-date" not in request.headers:
                if newborn[0] > 0 or clock.epoch() < newborn[1]:
                    newborn[0] -= 1
                    raise self._unusable(request)
                del self._newborn[request.key_id]
            return
        session = self._sessions[request.key_id]
        if request.headers.get("x-amz-security-token", "") != principal.token:
            raise self._unusable(request)
        if session.expires <= clock.now():
            raise self._refuse(
                request, "ExpiredToken" if request.service in wire.QUERY_SERVICES else "ExpiredTokenException",
                "The security token included in the request is expired",
            )

    def _check_scope(self, request) -> None:
        stamp = request.headers.get("x-amz-date", "")
        if not re.fullmatch(r"\d{8}T\d{6}Z", stamp) or stamp[:8] != request.scope_date:
            raise self._mismatch(request, "Credential should be scoped to a valid date.")
        if request.service in ("iam", "organizations") and request.region != "us-east-1":
            raise self._mismatch(request, "Credential should be scoped to a valid region.")

    def _check_age(self, request) -> None:
        signed = dt.datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
        age = (clock.now() - signed).total_seconds()
        limit = self._options.signature_lifetime
        stamp, present = request.headers["x-amz-date"], clock.now().strftime("%Y%m%dT%H%M%SZ")
        if age > limit:
            raise self._mismatch(
                request, f"Signature expired: {stamp} is now earlier than {present} ({present} - 5 min.)"
            )
        if age < -limit:
            raise self._mismatch(
                request, f"Signature not yet current: {stamp} is still later than {present} ({present} + 5 min.)"
            )

    def _check_signature(self, request, principal) -> None:
        required = {"host", "x-amz-date"} | ({"x-amz-security-token"} if principal.token else set())
        if not required <= set(request.signed_headers):
            raise self._mismatch(request, "The signed headers lack one of: " + ", ".join(sorted(required)))
        signer = (S3SigV4Auth if request.service == "s3" else SigV4Auth)(
            Credentials(request.key_id, principal.secret, principal.token or None), request.service, request.region
        )
        url = f"http://{request.headers.get('host', '')}{request.path}" + (f"?{request.query}" if request.query else "")
        signed = AWSRequest(
            method=request.method, url=url, data=request.body,
            headers={name: request.headers[name] for name in request.signed_headers if name in request.headers},
        )
        signed.context["timestamp"] = request.headers["x-amz-date"]
        wanted = signer.signature(signer.string_to_sign(signed, signer.canonical_request(signed)), signed)
        if wanted != request.signature:
            raise self._mismatch(
                request, "The request signature we calculated does not match the signature you provided."
            )

    @staticmethod
    def _refuse(request, code, message):
        return wire.Refusal(code, message, 403 if request.service in wire.QUERY_SERVICES else 400)

    def _unusable(self, request):
        code = "InvalidClientTokenId" if request.service in wire.QUERY_SERVICES else "UnrecognizedClientException"
        return self._refuse(request, code, "The security token included in the request is invalid.")

    def _mismatch(self, request, message):
        code = "SignatureDoesNotMatch" if request.service in wire.QUERY_SERVICES else "InvalidSignatureException"
        return self._refuse(request, code, message)
