"""SES, EventBridge and Account Management a little stricter than moto has them, and all that was sent kept whole, for tests to read."""

import json

from moto.account.models import account_backends  # noqa: F401  (imported before the clock is installed)
from moto.events.models import EventsBackend, events_backends
from moto.ses.models import ses_backends
from moto.sesv2.responses import SESV2Response
from moto.sns.models import Topic, sns_backends

from . import clock, current, wire

_moto_send_email = SESV2Response.send_email
_moto_put_events = EventsBackend.put_events
_moto_publish = Topic.publish


def check(request) -> None:
    checks = {"ses": _check_mail, "account": _check_contact}
    if request.service in checks:
        checks[request.service](request)


def _check_mail(request) -> None:
    if request.operation != "SendEmail":
        return
    principal = current.principal()
    backend = ses_backends[principal.account][request.region]
    sender = request.get("FromEmailAddress") or ""
    if not backend._is_verified_address(sender):
        raise wire.Refusal(
            "MessageRejected",
            f"Email address is not verified. The following identities failed the check in region {request.region.upper()}: {sender}",
            400,
        )


def _check_contact(request) -> None:
    """An account may ask about itself by naming none; only the management account may ask about others, and not about itself by id."""
    lab, own, named = current.lab(), current.principal().account, request.get("AccountId")
    if named is None:
        return
    if own != lab.world.management or named == own:
        raise wire.Refusal(
            "AccessDeniedException", f"User: {current.principal().arn} is not authorized to perform: account:{request.operation}", 403
        )


def send_email(self) -> str:
    """moto keeps one of a mail's two parts only."""
    answer = _moto_send_email(self)
    wanted = json.loads(self.body)
    simple = wanted["Content"].get("Simple", {})
    body = simple.get("Body", {})
    backend = ses_backends[self.current_account][self.region]
    backend.__dict__.setdefault("lab_mails", []).append({
        "account": self.current_account, "id": json.loads(answer)["MessageId"], "at": clock.epoch(), "region": self.region,
        "from": wanted.get("FromEmailAddress"), "to": wanted.get("Destination", {}).get("ToAddresses", []),
        "reply_to": wanted.get("ReplyToAddresses", []), "subject": simple.get("Subject", {}).get("Data", ""),
        "text": body.get("Text", {}).get("Data", ""), "html": body.get("Html", {}).get("Data", ""),
    })
    return answer


def put_events(self, events):
    entries = _moto_put_events(self, events)
    kept = self.__dict__.setdefault("lab_events", [])
    for event, entry in zip(events, entries):
        if "EventId" in entry:
            kept.append({
                "account": self.account_id, "bus": event.get("EventBusName", "default"), "id": entry["EventId"], "at": clock.epoch(),
                "time": event.get("Time"), "source": event["Source"], "detail_type": event["DetailType"],
                "detail": json.loads(event["Detail"]), "resources": event.get("Resources", []),
            })
    return entries


def publish(self, message, subject=None, message_attributes=None, **more):
    message_id = _moto_publish(self, message, subject, message_attributes, **more)
    self.__dict__.setdefault("lab_published", []).append({
        "account": self.account_id, "topic": self.arn, "id": message_id, "at": clock.epoch(), "subject": subject or "",
        "message": message, "structure": more.get("message_structure") or "",
        "attributes": {name: value["Value"] for name, value in (message_attributes or {}).items()},
    })
    return message_id


def _all(backends, attribute, clear) -> list:
    found = []
    for account in list(backends):
        for region in list(backends[account]):
            kept = backends[account][region].__dict__.get(attribute, [])
            found += kept
            if clear:
                backends[account][region].__dict__[attribute] = []
    return found


def mails(clear: bool) -> dict:
    """What SES sent and SNS published, in all accounts: {"mails": [...], "published": [...]}."""
    published = []
    for account in list(sns_backends):
        for region in list(sns_backends[account]):
            for topic in sns_backends[account][region].topics.values():
                published += topic.__dict__.get("lab_published", [])
                if clear:
                    topic.__dict__["lab_published"] = []
    return {"mails": _all(ses_backends, "lab_mails", clear), "published": published}


def events(clear: bool) -> list:
    """What was put on buses."""
    return _all(events_backends, "lab_events", clear)


def install() -> None:
    SESV2Response.send_email = send_email
    EventsBackend.put_events = put_events
    Topic.publish = publish
