"""What strangers wrote, in every field that they can write, in everything that people look at: nothing of it is obeyed by a terminal, begins a line or a
row, or hides. With the sandbox only: moto's gateway does not carry such names."""

import json
import unittest

from case import MEMBER, RekeyerCase, secret_name

#: A title, a cleared screen, a colour by a C1 control, turned writing, what nobody sees, and a line of its own.
WORDS = "\x1b]0;owned\x07\x1b[2J\u009b31m\u202eevil\u2066\u200b\r\n111111111111,FAKE\u2028"
ONE_LINE = WORDS.replace("\r\n", " ").replace("\u2028", "")


def obeyed(text) -> set:
    codes = {ord(character) for character in text}
    return {hex(code) for code in codes if (code < 32 and code not in (9, 10)) or 0x7F <= code <= 0x9F or code in (0x202E, 0x2066, 0x200B, 0x2028)}


class StrangersWords(RekeyerCase):
    def setUp(self):
        super().setUp()
        due = [{"age": 95, "used": 1}]
        self.build(
            {"id": "100000000000", "name": "tooling", "mail_identities": ["example.com"]},
            {"id": MEMBER, "name": "shop" + WORDS, "users": [
                {"name": "ann", "path": '/se"rv<script>/', "tags": {"owner": "ann@example.com", "rekeyer:exempt": "x" + ONE_LINE, "note" + WORDS[:8]: WORDS}, "keys": due},
                {"name": "bob", "tags": {"owner": ONE_LINE + "@example.com", "rekeyer:policy": "rotation_period=" + ONE_LINE}, "keys": due},
                {"name": "eve", "tags": {"owner": "eve@example.com"}, "keys": due},
                {"name": "joe", "tags": {"owner": "joe@example.com"}, "keys": [{"age": 85, "used": 1}]},
            ], "secrets": [{"name": secret_name(MEMBER, "eve"), "description": WORDS, "tags": {"k" + WORDS[:6]: WORDS, "rekeyer:intent": WORDS, "rekeyer:custody": WORDS}, "value": "x"}]},
        )
        self.lab.fault(op="CreateSecret", kind="error", code="Odd" + WORDS[:5], message=WORDS, status=400, match="joe", times=0)
        self.lab.fault(op="GetAccountSummary", kind="error", code="AccessDenied", message=WORDS, status=403, times=0)
        self.use({
            "notify": {"from": "keys@example.com"}, "notify.channel": [{"type": "ses"}, {"type": "file", "path": str("events.jsonl")}],
        })

    def test_no_output_obeys_them(self):
        for words in (
            ("plan", "--all"), ("plan", "--all", "--format", "json"), ("plan", "--all", "--format", "csv"), ("plan", "--all", "--log-level", "debug"),
            ("plan", "--log-level", "debug", "--log-format", "json"), ("explain", "--account", MEMBER, "--user", "ann"), ("explain", "--account", MEMBER, "--user", "bob"),
            ("explain", "--account", MEMBER, "--user", "eve", "--format", "json"), ("doctor",), ("doctor", "--format", "json"), ("plan", "--notify"),
            ("rehearse", "--from-organization", "--days", "3"), ("apply", "--yes"), ("apply", "--yes", "--format", "csv"),
        ):
            with self.subTest(words):
                run = self.rekeyer.run(*words)
                self.assertNotEqual(run.code, 2, run)
                text = run.out.replace("\r\n", "\n") + run.err
                self.assertEqual(obeyed(text), set(), run)
                self.assertFalse([line for line in text.splitlines() if line.startswith(("111111111111,FAKE", "FAKE"))], run)

    def test_no_mail_and_no_event_obeys_them(self):
        self.rekeyer.apply()
        mails = self.lab.mails()
        self.assertTrue(mails)
        for mail in mails:
            for part in ("subject", "text", "html"):
                self.assertEqual(obeyed(mail[part].replace("\r\n", "\n")), set(), mail[part])
            self.assertNotIn("<script>", mail["html"])
        lines = (self.rekeyer.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertTrue(lines)
        for line in lines:
            json.loads(line)
            self.assertEqual(obeyed(line), set())


if __name__ == "__main__":
    unittest.main()
