"""Which rights the calls for messages take: the identity, the topic, the bus, the parameter, the object, the account's tags."""

from moto.s3.models import s3_backends
from moto.ses.models import ses_backends


def address_of(sender: str) -> str:
    return sender[sender.rfind("<") + 1 :].rstrip(">")


def _identity(known, address) -> str | None:
    """The one that stands for the address: itself, its domain or one above that."""
    domain = address.rpartition("@")[2].split(".")
    names = [address, *(".".join(domain[i:]) for i in range(len(domain)))]
    return next((name for name in names if name in known), None)


def _mail(request, principal, home) -> list:
    """The sender's identity, those of recipients who have one, and the configuration set that the mail or the sender's identity names."""
    sender = address_of(request.get("FromEmailAddress") or "")
    known = ses_backends[principal.account][request.region].email_identities
    borrowed = request.get("FromEmailAddressIdentityArn")
    resources = [borrowed or f"{home}identity/{_identity(known, sender) or sender}"]
    to = request.get("Destination") or {}
    for address in (address for member in ("ToAddresses", "CcAddresses", "BccAddresses") for address in to.get(member) or []):
        if identity := _identity(known, address_of(address)):
            resources.append(f"{home}identity/{identity}")
    own = known.get(_identity(known, sender)) if not borrowed else None
    if name := request.get("ConfigurationSetName") or getattr(own, "configuration_set_name", None):
        resources.append(f"{home}configuration-set/{name}")
    return resources


def _stores() -> list:
    return [store for account in s3_backends.values() for store in account.values()]


def _object(request, action) -> list:
    """Whether an object is missing is told only to those who may list the bucket."""
    bucket, _, key = request.path.strip("/").partition("/")
    arn = f"arn:aws:s3:::{bucket}"
    if not key:
        return [(action, arn)]
    held = next((store.buckets[bucket] for store in _stores() if bucket in store.buckets), None)
    missing = held is not None and key not in held.keys
    return [(action, f"{arn}/{key}"), *([("s3:ListBucket", arn)] if missing and action == "s3:GetObject" else [])]


def needs(request, principal) -> list | None:
    """[(action, resource)]; None where the call has nothing to do with messages."""
    action = f"{request.service}:{request.operation}"
    home = f"arn:aws:{request.service}:{request.region}:{principal.account}:"
    name = request.get("Name") or ""
    if request.service == "ses" and request.operation == "SendEmail":
        return [(action, resource) for resource in _mail(request, principal, home)]
    if request.service == "sns":
        return [(action, request.get("TopicArn") or "*")]
    if action == "events:PutEvents":
        buses = {entry.get("EventBusName") or "default" for entry in request.get("Entries") or []}
        return [(action, bus if bus.startswith("arn:") else f"{home}event-bus/{bus}") for bus in sorted(buses)]
    if action == "ssm:GetParameter":
        return [(action, name if name.startswith("arn:") else f"{home}parameter{'' if name.startswith('/') else '/'}{name}")]
    if request.service == "s3":
        return _object(request, action)
    if action == "organizations:ListTagsForResource":
        return [(action, f"arn:aws:organizations::{principal.account}:account/o-lab/{request.get('ResourceId')}")]
    return None
