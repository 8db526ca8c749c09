"""What administrators and the accounts' contacts get: the whole run in one mail, and nothing where nothing happened."""

import json
import unittest
from datetime import datetime, timezone

from case import MEMBER, SECOND
from letterbox import ADMINISTRATORS, Letterbox, plain

SECOND_ADMINISTRATOR = "oncall@example.com"


class Digests(Letterbox):
    def organization(self, age=95):
        self.build(
            {
                "id": MEMBER, "name": "payments", "email": "aws-payments@example.com", "users": [
                    {"name": "ann", "tags": {"owner": "ann@example.com"}, "keys": [{"age": age, "used": 1}]},
                    {"name": "bob", "keys": [{"age": age, "used": 1}]},
                ],
            },
            {"id": SECOND, "name": "quiet", "email": "aws-quiet@example.com", "users": [{"name": "cat", "keys": [{"age": 10, "used": 1}]}]},
        )
        self.lab.verify_sender("example.com")

    def digests(self) -> list:
        return [mail for mail in self.new_mails() if mail["to"] in ([ADMINISTRATORS], [SECOND_ADMINISTRATOR])]

    def test_administrators_get_totals_and_findings_once_a_run(self):
        self.organization()
        self.use(self.settings(
            notify={"administrators": [ADMINISTRATORS, SECOND_ADMINISTRATOR]}, owner={"chain": ["user-tag"]}
        ))
        run = self.on_day(0)
        digests = self.digests()
        self.assertEqual(sorted(mail["to"][0] for mail in digests), [ADMINISTRATORS, SECOND_ADMINISTRATOR])
        for mail in digests:
            text = plain(mail)
            self.assertIn(run.json["run"]["id"], text)
            self.assertIn("keys rotated: 2", text)
            self.assertIn("failed: 0", text)
            self.assertIn("Users without an owner (1)", text)
            self.assertIn("bob", text)
            self.assertNotIn("Nothing was changed", text)
        self.assertInvariants()

    def test_administrators_hear_of_failures_and_of_accounts_out_of_reach(self):
        self.organization()
        self.use(self.settings(notify={"administrators": [ADMINISTRATORS]}))
        self.lab.fault(op="AssumeRole", match=SECOND, kind="deny", times=0)
        self.lab.fault(op="CreateAccessKey", match="bob", kind="deny", times=0)
        run = self.on_day(0, code=1)
        text = plain(self.digests()[0])
        self.assertIn("Accounts out of reach (1)", text)
        self.assertIn(SECOND, text)
        self.assertIn("Failed (1)", text)
        self.assertIn("keys rotated: 1", text)
        self.assertEqual([a["status"] for a in run.actions(user="ann", action="rotate")], ["done"], run)

    def test_nothing_comes_where_nothing_happened(self):
        self.organization(age=10)
        self.use(self.settings(notify={"administrators": [ADMINISTRATORS], "account_digest": True}))
        self.on_day(0)
        self.assertNoMails()
        self.assertEqual(self.lab.calls(service="ses"), [])

    def test_the_weekly_summary_comes_on_its_day_though_nothing_happened(self):
        self.organization(age=10)
        today = datetime.fromtimestamp(self.lab.now(), timezone.utc)
        names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        self.use(self.settings(notify={"administrators": [ADMINISTRATORS], "weekly": names[(today.weekday() + 2) % 7]}))
        came = []
        for day in range(10):
            self.on_day(day)
            came += [(day, plain(mail)) for mail in self.digests()]
        # A run in the last quarter of an hour of a day belongs to the next one.
        self.assertIn([day for day, _ in came], ([2, 9], [1, 8]))
        for _, text in came:
            self.assertIn("weekly summary", text)
            self.assertIn("Nothing needs your attention", text)
            self.assertIn("The oldest keys", text)

    def test_an_accounts_contact_is_told_what_was_done_there(self):
        self.organization()
        self.use(self.settings(notify={"account_digest": True}, owner={"chain": ["user-tag"]}))
        self.on_day(0)
        mails = {mail["to"][0]: mail for mail in self.new_mails()}
        self.assertEqual(sorted(mails), ["ann@example.com", "aws-payments@example.com"])
        text = plain(mails["aws-payments@example.com"])
        for user in ("ann", "bob"):
            self.assertIn(user, text)
            self.assertIn(self.lab.keys_of(MEMBER, user)[0], text)
        self.on_day(0.5)
        self.assertNotIn("ann@example.com", [mail["to"][0] for mail in self.new_mails()])

    def test_plan_with_notify_sends_the_audit_and_changes_nothing(self):
        self.organization()
        self.use(self.settings(notify={"administrators": [ADMINISTRATORS], "account_digest": True}))
        before = self.keys(), self.keys(user="bob")
        self.lab.forget_calls()
        run = self.rekeyer.plan("--notify")
        self.assertExit(run, 0)
        self.assertEqual({call["operation"] for call in self.changing_calls()}, {"SendEmail"})
        mails = {mail["to"][0]: mail for mail in self.new_mails()}
        self.assertEqual(sorted(mails), [ADMINISTRATORS, "aws-payments@example.com"], "owners get nothing from a plan")
        for mail in mails.values():
            self.assertIn("nothing was changed", plain(mail).lower())
        self.assertIn("keys to be rotated: 2", plain(mails[ADMINISTRATORS]))
        self.assertEqual((self.keys(), self.keys(user="bob")), before)
        self.assertInvariants()

    def test_plan_without_notify_sends_nothing(self):
        self.organization()
        self.use(self.settings(notify={"administrators": [ADMINISTRATORS], "account_digest": True}))
        self.lab.forget_calls()
        self.assertExit(self.rekeyer.plan(), 0)
        self.assertEqual(self.changing_calls(), [])

    def test_a_file_alone_takes_the_audit_too(self):
        self.organization()
        self.use({"notify": {"from": "keys@example.com", "administrators": [ADMINISTRATORS]}, "notify.channel": [{"type": "file", "path": "mails.jsonl"}]})
        self.assertExit(self.rekeyer.plan("--notify"), 0)
        lines = [json.loads(line) for line in (self.rekeyer.folder / "mails.jsonl").read_text().splitlines()]
        self.assertEqual([line["to"] for line in lines], [ADMINISTRATORS])

    def test_plan_with_notify_needs_a_channel_for_mails(self):
        self.organization()
        self.use()
        self.lab.forget_calls()
        self.assertExit(self.rekeyer.plan("--notify"), 2)
        self.assertEqual(self.lab.calls(), [])


if __name__ == "__main__":
    unittest.main()
