"""Requests as the gateway sees them, and replies in the wire format of the service that was called."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

QUERY_SERVICES = {"iam", "sts", "sns"}
XML_SERVICES = {"s3"}
REST_SERVICES = {"ses", "account"}  # JSON in the body, the operation in the path
READ_PREFIXES = ("Get", "Head", "List", "Describe", "Assume", "Generate", "BatchGet", "Lookup", "Simulate", "Validate")

_CREDENTIAL = re.compile(r"Credential=([^/,]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
_SIGNED = re.compile(r"SignedHeaders=([^,\s]+)")
_SIGNATURE = re.compile(r"Signature=([0-9a-f]+)")
_TARGET_SERVICES = {
    "AWSOrganizationsV20161128": "organizations",
    "secretsmanager": "secretsmanager",
    "TrentService": "kms",
    "AmazonSSM": "ssm",
    "AWSEvents": "events",
    "AWSStepFunctions": "states",
}
_PATHS = {
    ("ses", "POST", "/v2/email/outbound-emails"): "SendEmail",
    ("ses", "GET", "/v2/email/account"): "GetAccount",
    ("ses", "POST", "/v2/email/identities"): "CreateEmailIdentity",
    ("account", "POST", "/getAlternateContact"): "GetAlternateContact",
    ("account", "POST", "/putAlternateContact"): "PutAlternateContact",
}


@dataclass
class Request:
    method: str
    path: str
    query: str
    headers: dict  # lower-case names
    body: bytes
    service: str = ""
    operation: str = ""
    region: str = ""
    key_id: str = ""
    scope_date: str = ""
    signed_headers: list = field(default_factory=list)
    signature: str = ""
    params: dict = field(default_factory=dict)

    @property
    def changing(self) -> bool:
        return bool(self.operation) and not self.operation.startswith(READ_PREFIXES)

    def get(self, name, default=None):
        return self.params.get(name, default)


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes


class Cut(Exception):
    """Ends the connection instead of replying; `partial` is sent first, under the full Content-Length."""

    def __init__(self, partial: Reply | None = None):
        super().__init__("connection cut")
        self.partial = partial


class Refusal(Exception):
    """An error reply of AWS, by its wire code."""

    def __init__(self, code: str, message: str, status: int | None = None):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def parse(method, path, query, headers, body) -> Request:
    request = Request(method, path, query, headers, body)
    authorization = headers.get("authorization", "")
    if found := _CREDENTIAL.search(authorization):
        request.key_id, request.scope_date, request.region, request.service = found.groups()
        if signed := _SIGNED.search(authorization):
            request.signed_headers = signed.group(1).split(";")
        if signature := _SIGNATURE.search(authorization):
            request.signature = signature.group(1)
    target = headers.get("x-amz-target", "")
    if target:
        prefix, _, request.operation = target.rpartition(".")
        request.service = request.service or _TARGET_SERVICES.get(prefix, "")
        try:
            request.params = json.loads(body or b"{}")
        except ValueError:
            request.params = {}
    elif "x-www-form-urlencoded" in headers.get("content-type", ""):
        request.params = {k: v[0] for k, v in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}
        request.operation = request.params.get("Action", "")
        if not request.service:
            request.service = {"2011-06-15": "sts", "2010-05-08": "iam"}.get(request.params.get("Version"), "")
    elif request.service in REST_SERVICES:
        request.operation = _PATHS.get((request.service, method, path), "")
        try:
            request.params = json.loads(body or b"{}")
        except ValueError:
            request.params = {}
    elif request.service == "s3":
        of_object = path.strip("/").count("/") > 0
        request.operation = {"GET": "Get", "HEAD": "Head", "DELETE": "Delete", "PUT": "Put" if of_object else "Create"}.get(method, "") + ("Object" if of_object else "Bucket")
    return request


def failure(service: str, refusal: Refusal) -> Reply:
    """The error document of `service`: XML for the query protocol, JSON with __type for the others."""
    request_id = "00000000-0000-4000-8000-000000000000"
    if service in QUERY_SERVICES:
        status = refusal.status or 400
        kind = "Receiver" if status >= 500 else "Sender"
        namespace = "https://sts.amazonaws.com/doc/2011-06-15/" if service == "sts" else "https://iam.amazonaws.com/doc/2010-05-08/"
        body = (
            f'<ErrorResponse xmlns="{namespace}">\n  <Error>\n    <Type>{kind}</Type>\n    <Code>{escape(refusal.code)}</Code>\n'
            f"    <Message>{escape(refusal.message)}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
        ).encode()
        return Reply(status, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}, body)
    if service in XML_SERVICES:
        body = f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{escape(refusal.code)}</Code><Message>{escape(refusal.message)}</Message></Error>"
        return Reply(refusal.status or 400, {"Content-Type": "application/xml", "x-amz-request-id": request_id}, body.encode())
    if service in REST_SERVICES:
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": refusal.code, "x-amzn-RequestId": request_id}
        return Reply(refusal.status or 400, headers, json.dumps({"message": refusal.message}).encode())
    member = "Message" if service in ("organizations", "secretsmanager") else "message"
    body = json.dumps({"__type": refusal.code, member: refusal.message}).encode()
    return Reply(
        refusal.status or 400, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id}, body
    )


def throttled(service: str) -> Refusal:
    if service in QUERY_SERVICES:
        return Refusal("Throttling", "Rate exceeded", 400)
    if service == "organizations":
        return Refusal(
            "TooManyRequestsException", "You have sent too many requests in too short a period of time.", 400
        )
    if service in REST_SERVICES:
        return Refusal("TooManyRequestsException", "Too many requests", 429)
    if service in XML_SERVICES:
        return Refusal("SlowDown", "Please reduce your request rate.", 503)
    return Refusal("ThrottlingException", "Rate exceeded", 400)


def internal_error(service: str) -> Refusal:
    code = {
        "iam": "ServiceFailure",
        "sts": "InternalFailure",
        "secretsmanager": "InternalServiceError",
        "organizations": "ServiceException",
        "kms": "KMSInternalException",
    }.get(service, "InternalFailure")
    return Refusal(code, "An error on our side; please try again.", 500)


def denied(
    service: str, principal: str, action: str, why: str = "because no identity-based policy allows the action"
) -> Refusal:
    code = "AccessDenied" if service in QUERY_SERVICES | XML_SERVICES else "AccessDeniedException"
    status = 403 if service in QUERY_SERVICES | XML_SERVICES | REST_SERVICES else 400
    return Refusal(code, f"User: {principal} is not authorized to perform: {action} {why}", status)
