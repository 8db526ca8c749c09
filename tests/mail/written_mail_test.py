#!/usr/bin/env python3
"""Python's email package reads rekeyer's messages back as they were meant, and none breaks the rules of the wire.

usage: written_mail_test.py <mail_sender binary>
"""

import email
import email.policy
import email.utils
import re
import sys

import sender

#: (as configured, the name and address that a reader shows)
SENDERS = [
    ("rotation@example.com", ("", "rotation@example.com")),
    ("Rotation Robot <rotation@example.com>", ("Rotation Robot", "rotation@example.com")),
    ('"Robot, Rotation" <rotation@example.com>', ("Robot, Rotation", "rotation@example.com")),
    ('O\'Neil "the key" Smith <a.b+c@example.com>', ('O\'Neil "the key" Smith', "a.b+c@example.com")),
    ("Schlüsseldienst Größe 🔑 mit einem Namen, der länger ist als eine Zeile es erlaubt <k@example.com>",
     ("Schlüsseldienst Größe 🔑 mit einem Namen, der länger ist als eine Zeile es erlaubt", "k@example.com")),
]
#: nothing of these may become a message
REFUSED = [
    {"to": "owner@example.com", "subject": "a\r\nBcc: everybody@example.com", "text": "", "html": ""},
    {"to": "owner@example.com", "subject": "a\nb", "text": "", "html": ""},
    {"to": "owner@example.com", "subject": "a\x00b", "text": "", "html": ""},
    {"to": "owner@example.com\r\nRCPT TO:<x@example.com>", "subject": "a", "text": "", "html": ""},
    {"to": "a@example.com>,<b@example.com", "subject": "a", "text": "", "html": ""},
    {"to": "owner", "subject": "a", "text": "", "html": ""},
    {"to": "öwner@example.com", "subject": "a", "text": "", "html": ""},
]


def messages(output: bytes):
    """(was it written, its bytes) for each."""
    while output:
        length, _, output = output.partition(b"\n")
        size = abs(int(length))
        yield not length.startswith(b"-"), output[:size]
        output = output[size:]


def shown_in(header) -> list:
    """Names and addresses. Python 3.11 keeps the blanks between encoded words where a name has several (RFC 2047: none)."""
    return [(" ".join(one.display_name.split()), one.addr_spec) for one in header.addresses]


def check_wire(raw: bytes) -> None:
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), "a line end that is not CRLF"
    assert all(32 <= byte < 127 or byte in b"\r\n" for byte in raw), "not printable ASCII"
    longest = max(raw.split(b"\r\n"), key=len)
    assert len(longest) <= 76, longest


def main() -> None:
    binary = sys.argv[1]
    wanted = sender.mails()
    got = list(messages(sender.run(binary, ["write"], {"from": sender.SENDER, "mails": wanted})))
    assert len(got) == len(wanted)
    ids = set()
    for (written, raw), mail in zip(got, wanted):
        assert written, raw
        check_wire(raw)
        message = email.message_from_bytes(raw, policy=email.policy.SMTP)
        sender.check_message(message, mail)
        ids.add(message["Message-ID"])
        assert re.fullmatch(r"<[0-9A-Z]+T[0-9]+Z\.[0-9a-f]{24}@rekeyer\.example\.com>", message["Message-ID"])
        assert email.utils.parsedate_to_datetime(message["Date"]).utcoffset().total_seconds() == 0
    assert len(ids) == len(wanted), "ids are unique"

    replies = [text for text, _ in SENDERS]
    for text, shown in SENDERS:
        task = {"from": text, "reply_to": replies, "mails": wanted[:1]}
        (written, raw), = messages(sender.run(binary, ["write"], task))
        assert written, raw
        check_wire(raw)
        message = email.message_from_bytes(raw, policy=email.policy.SMTP)
        assert shown_in(message["From"]) == [shown], message["From"]
        assert shown_in(message["Reply-To"]) == [shown for _, shown in SENDERS], message["Reply-To"]

    refused = list(messages(sender.run(binary, ["write"], {"from": sender.SENDER, "mails": REFUSED})))
    assert len(refused) == len(REFUSED), refused
    for written, raw in refused:
        assert not written and b"\n" not in raw and b"\x00" not in raw, raw
    for bad in ["a@example.com\r\nBcc: x@example.com", "<a@example.com", "name", 'x "<a@b@c>']:
        (written, raw), = messages(sender.run(binary, ["write"], {"from": bad, "mails": wanted[:1]}))
        assert not written, (bad, raw)
    print(f"{len(wanted)} mails and {len(SENDERS)} senders read back, {len(REFUSED)} refused")


if __name__ == "__main__":
    main()
