"""Evaluates IAM policies: identity, session, resource and trust policies with their conditions.

Small on purpose, and fails closed: an unknown condition operator or a missing context key makes an Allow not apply.
"""

import datetime as dt
import fnmatch
import json
import re


def _list(value) -> list:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _like(pattern: str, text: str, ignore_case: bool = False) -> bool:
    if ignore_case:
        pattern, text = pattern.lower(), text.lower()
    # fnmatch also knows [sets]; IAM does not.
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def _expand(pattern: str, context: dict) -> str:
    return re.sub(r"\$\{([^}]+)\}", lambda found: str(context.get(found[1].lower(), "\0")), pattern)


def _bool(text) -> bool:
    return str(text).lower() == "true"


_OPERATORS = {
    "StringEquals": lambda want, have: want == have,
    "StringNotEquals": lambda want, have: want != have,
    "StringEqualsIgnoreCase": lambda want, have: want.lower() == have.lower(),
    "StringLike": lambda want, have: _like(want, have),
    "StringNotLike": lambda want, have: not _like(want, have),
    "ArnLike": lambda want, have: _like(want, have),
    "ArnEquals": lambda want, have: _like(want, have),
    "ArnNotLike": lambda want, have: not _like(want, have),
    "ArnNotEquals": lambda want, have: not _like(want, have),
    "Bool": lambda want, have: _bool(want) == _bool(have),
    "NumericEquals": lambda want, have: float(want) == float(have),
    "NumericLessThanEquals": lambda want, have: float(have) <= float(want),
    "NumericGreaterThanEquals": lambda want, have: float(have) >= float(want),
    "DateLessThan": lambda want, have: dt.datetime.fromisoformat(have) < dt.datetime.fromisoformat(want),
}
_NEGATED = {"StringNotEquals", "StringNotLike", "ArnNotLike", "ArnNotEquals"}


def _condition_holds(operator: str, key: str, wanted, context: dict) -> bool:
    quantifier, _, plain = operator.rpartition(":")
    optional = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists")
    have = context.get(key.lower())
    if plain == "Null":
        return (have is None) == _bool(_list(wanted)[0])
    compare = _OPERATORS.get(plain)
    if compare is None:
        return False
    wanted = [_expand(str(w), context) for w in _list(wanted)]
    if have is None:
        return optional or plain in _NEGATED or quantifier == "ForAllValues"
    matched = all if plain in _NEGATED else any
    values = [str(value) for value in _list(have)]
    results = [matched(compare(w, value) for w in wanted) for value in values]
    return any(results) if quantifier == "ForAnyValue" else all(results)


def _principal_matches(statement: dict, identity_arns: set, account: str) -> bool:
    principal = statement.get("Principal")
    if principal is None:
        return "NotPrincipal" not in statement
    if principal == "*":
        return True
    for pattern in _list(principal.get("AWS")):
        if pattern == "*" or pattern in identity_arns or pattern in (account, f"arn:aws:iam::{account}:root"):
            return True
    return any(
        pattern in identity_arns for pattern in _list(principal.get("Federated")) + _list(principal.get("Service"))
    )


def _applies(statement: dict, action: str, resource: str, context: dict) -> bool:
    if "Action" in statement and not any(_like(a, action, True) for a in _list(statement["Action"])):
        return False
    if "NotAction" in statement and any(_like(a, action, True) for a in _list(statement["NotAction"])):
        return False
    if "Resource" in statement and not any(_like(_expand(r, context), resource) for r in _list(statement["Resource"])):
        return False
    if "NotResource" in statement and any(
        _like(_expand(r, context), resource) for r in _list(statement["NotResource"])
    ):
        return False
    return all(
        _condition_holds(operator, key, wanted, context)
        for operator, tests in (statement.get("Condition") or {}).items()
        for key, wanted in tests.items()
    )


def evaluate(documents, action: str, resource: str, context: dict, identity_arns=None, account: str = "") -> str:
    """"deny", "allow" or "none" over all documents. With `identity_arns` the Principal element is matched as well."""
    outcome = "none"
    for document in documents:
        parsed = json.loads(document) if isinstance(document, str) else document
        for statement in _list(parsed.get("Statement")):
            if identity_arns is not None and not _principal_matches(statement, identity_arns, account):
                continue
            if _applies(statement, action, resource, context):
                if statement.get("Effect") == "Deny":
                    return "deny"
                outcome = "allow"
    return outcome
