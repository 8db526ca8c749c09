"""The log of calls: who called what, in which account, with which result. Never a secret, never a whole body."""

import threading
import time

from . import clock

# Parameters that may be logged as they are. Everything else (values of secrets, signatures, tokens) stays out.
_SHOWN = (
    "UserName", "GroupName", "AccessKeyId", "Status", "SecretId", "Name", "VersionStage", "VersionStages",
    "MoveToVersionId", "RemoveFromVersionId", "ClientRequestToken", "Tags", "TagKeys", "AddReplicaRegions", "RoleArn",
    "RoleSessionName", "PolicyName", "PolicyDocument", "ResourcePolicy", "KeyId", "KmsKeyId", "RecoveryWindowInDays", "MaxItems", "MaxResults",
    "Filters", "ParentId", "GranteePrincipal", "Operations", "DurationSeconds",
)


class CallLog:
    def __init__(self):
        self._entries = []
        self._lock = threading.Lock()

    def open(self, request, principal=None) -> dict:
        entry = {
            "at": round(clock.epoch(), 3),
            "wall": round(time.time(), 4),
            "service": request.service,
            "operation": request.operation,
            "region": request.region,
            "key": request.key_id,
            "account": principal.account if principal else None,
            "principal": principal.arn if principal else None,
            "lab": bool(principal and principal.is_lab) or "x-lab-unseen" in request.headers,
            "changing": request.changing,
            "page": bool(request.get("Marker") or request.get("NextToken")),
            "input": {name: request.params[name] for name in _SHOWN if name in request.params},
            "status": None,
            "code": None,
            "fault": None,
        }
        with self._lock:
            entry["n"] = len(self._entries)
            self._entries.append(entry)
        return entry

    def read(self, clear: bool) -> list:
        with self._lock:
            out = list(self._entries)
            if clear:
                self._entries = []
        return out

    def clear(self) -> None:
        with self._lock:
            self._entries = []
