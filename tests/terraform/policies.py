"""Policies of docs/permissions.md, and whether the statements that were deployed are those."""

import fnmatch
import json
import re

from terraform import ROOT

DOCUMENT = ROOT / "docs" / "permissions.md"


def documented(heading: str, **placeholders: str) -> dict:
    """{Sid: statement} of the JSON under the heading that begins so; <KEY_ARN> is filled in by key_arn="…", and so on."""
    text = DOCUMENT.read_text(encoding="utf-8")
    chapters = re.findall(rf"^## {re.escape(heading)}.*?$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if len(chapters) != 1:
        raise AssertionError(f"docs/permissions.md has {len(chapters)} chapters that begin with {heading!r}")
    block = re.search(r"```json\n(.*?)```", chapters[0], re.DOTALL)
    if block is None:
        raise AssertionError(f"docs/permissions.md has no policy under {heading!r}")
    filled = re.sub(r"<([A-Z_]+)>", lambda found: placeholders.get(found[1].lower(), found[0]), block[1])
    return {statement.get("Sid", ""): statement for statement in json.loads(filled)["Statement"]}


def listed(value) -> list:
    return [value] if isinstance(value, str) else list(value)


#: Users whom the member role leaves alone, and the network that Lambda alone attaches functions to.
DENIALS = {"LeavePathsAlone", "LeaveTaggedUsersAlone", "LeaveNetworkToLambda"}


def by_sid(policy: dict) -> dict:
    """{Sid: statement}; two of one name, or one that allows or denies where it should not, are no policy of ours."""
    statements = {statement["Sid"]: statement for statement in policy["Statement"]}
    wrong = [sid for sid, statement in statements.items() if statement["Effect"] != ("Deny" if sid in DENIALS else "Allow")]
    if len(statements) != len(policy["Statement"]) or wrong:
        raise AssertionError(f"a name twice, or the wrong effect ({wrong}): {policy}")
    return statements


def differences(held: dict, wanted: dict) -> list:
    """Sentences on what differs. Actions must be the same; resources the same or narrower than the document's patterns; a condition only narrows."""
    found = [f"{sid} is missing" for sid in wanted if sid not in held] + [f"{sid} is too much" for sid in held if sid not in wanted]
    for sid in held.keys() & wanted.keys():
        have, want = set(listed(held[sid]["Action"])), set(listed(wanted[sid]["Action"]))
        if have != want:
            found.append(f"{sid}: too much {sorted(have - want)}, missing {sorted(want - have)}")
        patterns = listed(wanted[sid]["Resource"])
        for resource in listed(held[sid]["Resource"]):
            if not any(resource == pattern or _narrower(resource, pattern) for pattern in patterns):
                found.append(f"{sid}: {resource} is not within {patterns}")
    return found


def _narrower(resource: str, pattern: str) -> bool:
    """Placeholders that nothing filled in stand for anything; a resource's own wildcards are matched as they stand."""
    shape = re.sub(r"<[A-Z_]+>", "*", pattern)
    return shape != "*" and "[" not in shape and fnmatch.fnmatchcase(resource, shape)
