"""moto's S3 with bucket policies as far as they hold without a condition: moto reads past conditions, so that "deny where the transport is
not secure" would deny everything."""

import json

from moto.s3.models import FakeBucket

_as_moto_reads_them = FakeBucket.get_permission


def _get_permission(bucket, action, resource):
    if bucket.policy is None:
        return _as_moto_reads_them(bucket, action, resource)
    whole = bucket.policy
    document = json.loads(whole)
    document["Statement"] = [statement for statement in document["Statement"] if "Condition" not in statement]
    try:
        bucket.policy = json.dumps(document).encode() if document["Statement"] else None
        return _as_moto_reads_them(bucket, action, resource)
    finally:
        bucket.policy = whole


def install() -> None:
    FakeBucket.get_permission = _get_permission
