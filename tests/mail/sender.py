"""Runs the mail_sender program (src/notify/channels/smtp/mail_sender_main.cpp) for the tests of this folder."""

import json
import os
import subprocess
import sys

SENDER = "Rotation Robot <rotation@example.com>"

#: mails that are awkward in one way each: (subject, text, html)
AWKWARD = [
    ("Your access key was replaced", "Hello,\n\nyour key was replaced.\n", "<p>Hello</p>\n"),
    ("Schlüssel für „ci-deploy“ läuft ab: größer als 75 Bytes in einem Wort ist nicht erlaubt 🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑", "ä" * 300, "<b>" + "é" * 500 + "</b>"),
    ("a  double blank and a trailing one ", "blank at the end \ntab at the end\t\n\n\n", "<p>x</p>"),
    ("=?utf-8?q?not_encoded?=", "a=b =3D =\n", "<a href=\"https://example.com/?a=1&b=2\">x</a>"),
    ("one-very-long-word-" + "x" * 200, "word " * 200, "y" * 3000),
    (" ".join(["words"] * 60), "From here\n.\n..\n.starts with a dot\n", "<p>.\n.</p>"),
    ("plain only", "no html at all", ""),
    ("", "", "<p></p>"),
    ("lone returns", "a\rb\x00c\x7f end", "<p>\x0b</p>"),
    ("boundary", "--=_rekeyer_alternative\n--=_rekeyer_alternative--\n", "--=_rekeyer_alternative--"),
    ("鍵が交換されました。新しい鍵はシークレットマネージャーにあります。古い鍵は十日後に無効になります。", "鍵\n" * 40, "<p>鍵</p>" * 40),
]


def mails(to="owner@example.com") -> list:
    return [{"to": to, "subject": subject, "text": text, "html": html} for subject, text, html in AWKWARD]


def run(binary: str, arguments: list, task: dict) -> bytes:
    """Standard output; an exit code or a word of a sanitizer fails the test."""
    done = subprocess.run([binary, *arguments], input=json.dumps(task).encode(), capture_output=True, timeout=90)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{arguments}: exit code {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def skip(why: str) -> None:
    """Says loudly what was not tested; with CI=true that is a failure."""
    print(f"SKIPPED: {why}", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI", "").lower() in ("1", "true") else 77)


def same_text(got: str, wanted: str) -> bool:
    """Line ends are the transport's."""
    return got.replace("\r\n", "\n") == wanted


def check_message(message, mail: dict) -> None:
    """What Python's email package reads is what was meant."""
    wanted_html, wanted_text = mail["html"], mail["text"]
    assert not message.defects, message.defects
    assert message["Subject"] == mail["subject"], (message["Subject"], mail["subject"])
    assert not any(header.defects for header in message.values()), message.items()
    assert [one.addr_spec for one in message["To"].addresses] == [mail["to"]]
    sender, = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Rotation Robot", "rotation@example.com"), sender
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["MIME-Version"] == "1.0"
    parts = list(message.iter_parts()) if message.is_multipart() else [message]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"][: 2 if wanted_html else 1]
    assert not any(part.defects for part in parts)
    texts = [part.get_payload(decode=True).decode() for part in parts]
    assert all(part.get_content_charset() == "utf-8" for part in parts)
    # What stands alone ends with the message's last line end.
    if not wanted_html:
        texts = [texts[0].removesuffix("\r\n").removesuffix("\n")]
    assert len(texts) == len(parts)
    for got, wanted in zip(texts, [wanted_text, wanted_html]):
        assert same_text(got, wanted), (got, wanted)
