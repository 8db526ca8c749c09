"""Who is told: every place of the owner chain, people of many keys, and users of whom nobody knows whose they are."""

import unittest

from case import MEMBER, SECOND, THIRD
from letterbox import ADMINISTRATORS, ANN, Letterbox, plain, stage_of

FOURTH, FIFTH = "444444444444", "555555555555"
DUE = [{"age": 85, "used": 1}]  # replaced in five days: a mail, and nothing else


class Owners(Letterbox):
    def organization(self):
        self.build(
            {
                "id": MEMBER, "name": "tagged", "users": [
                    {"name": "several", "tags": {"Owner": "one@example.com two@example.com/team-blue nonsense"}, "keys": DUE},
                    {"name": "grouped", "groups": ["payments", "other"], "keys": DUE},
                    {"name": "both", "tags": {"owner": "three@example.com"}, "groups": ["payments"], "keys": DUE},
                ],
            },
            {"id": SECOND, "name": "with-tag", "users": [{"name": "bob", "keys": DUE}]},
            {"id": THIRD, "name": "with-contact", "users": [{"name": "cat", "keys": DUE}]},
            {"id": FOURTH, "name": "with-email", "email": "aws-four@example.com", "users": [{"name": "dan", "keys": DUE}]},
            {"id": FIFTH, "name": "with-operations", "users": [{"name": "eve", "keys": DUE}]},
        )
        self.lab.verify_sender("example.com")
        organizations = self.lab.admin(self.lab.made["management"], "organizations")
        organizations.tag_resource(ResourceId=SECOND, Tags=[{"Key": "owner", "Value": "account-owner@example.com"}])
        for account, kind in ((THIRD, "SECURITY"), (THIRD, "OPERATIONS"), (FIFTH, "OPERATIONS"), (FIFTH, "BILLING")):
            self.lab.admin(account, "account").put_alternate_contact(
                AlternateContactType=kind, EmailAddress=f"{kind.lower()}-{account[:3]}@example.com", Name="Somebody", Title="Head", PhoneNumber="+49 30 1"
            )

    def told(self) -> dict:
        """{address: [users named in the mail]}"""
        users = ("several", "grouped", "both", "bob", "cat", "dan", "eve")
        mails = self.new_mails()
        found = {address: [user for user in users if f"User: {user}" in plain(mail)] for mail in mails for address in mail["to"]}
        self.assertEqual(sorted(found), sorted(address for mail in mails for address in mail["to"]), "told twice")
        self.assertEqual(len(found), len(mails), "a mail to several")
        return found

    def test_every_place_of_the_chain(self):
        self.organization()
        self.use(self.settings(owner={
            "groups": {"Payments": ["payments@example.com"]}, "names": {"team-blue": ["blue-1@example.com", "blue-2@example.com"]},
            "default": ["everybody@example.com"],
        }))
        run = self.on_day(0)
        self.assertEqual(self.findings(run, "unowned"), [])
        self.assertEqual(self.told(), {
            "one@example.com": ["several"], "two@example.com": ["several"], "blue-1@example.com": ["several"], "blue-2@example.com": ["several"],
            "payments@example.com": ["grouped"], "three@example.com": ["both"], "account-owner@example.com": ["bob"],
            "security-333@example.com": ["cat"], "aws-four@example.com": ["dan"], "operations-555@example.com": ["eve"],
        })
        self.on_day(0)
        self.assertEqual(self.told(), {})
        self.assertInvariants()

    def test_a_chain_of_ones_own(self):
        self.organization()
        self.use(self.settings(owner={
            "chain": ["alternate-contact", "account-tag", "default"], "alternate_contacts": ["billing"], "default": ["everybody@example.com"],
        }))
        self.on_day(0)
        self.assertEqual(self.told(), {
            "everybody@example.com": ["several", "grouped", "both", "cat", "dan"], "account-owner@example.com": ["bob"],
            "billing-555@example.com": ["eve"],
        })

    def test_a_place_that_is_denied_is_passed_over_and_said(self):
        self.organization()
        self.use(self.settings(owner={"chain": ["account-tag", "alternate-contact", "account-email"]}))
        self.lab.fault(op="GetAlternateContact", kind="deny", times=0)
        run = self.on_day(0)
        told = self.told()
        self.assertIn("333333333333@example.com", told)
        self.assertIn("account-owner@example.com", told)
        self.assertIn("owners may be missed", run.err)
        # By workers beside each other, each of which may ask once before any of them is answered: never a second time of one account.
        asked = len(self.lab.calls(operation="GetAlternateContact"))
        self.assertLessEqual(asked, len(self.lab.made["admins"]) - 1, "the second kind is asked for though the first was denied")

    def test_a_place_that_is_throttled_is_not_passed_over(self):
        self.organization()
        self.use(self.settings(owner={"chain": ["account-tag", "default"], "default": ["everybody@example.com"]}))
        self.rekeyer.few_attempts(2)
        self.lab.fault(op="ListTagsForResource", kind="throttle", times=0)
        run = self.on_day(0)
        self.assertNoMails()
        self.assertEqual(len(self.findings(run, "undeliverable")), 7, run)
        self.lab.end_faults()
        self.on_day(0.5)
        self.assertEqual(self.told()["account-owner@example.com"], ["bob"])

    def test_each_account_is_asked_once_however_many_users_it_has(self):
        users = [{"name": f"user-{n:02}", "keys": DUE} for n in range(12)]
        self.build({"id": MEMBER, "name": "member", "email": "aws@example.com", "users": users})
        self.lab.verify_sender("example.com")
        self.use(self.settings())
        self.on_day(0)
        self.assertEqual([mail["to"] for mail in self.new_mails()], [["aws@example.com"]])
        self.assertEqual(len(self.lab.calls(operation="ListTagsForResource")), 1)
        self.assertEqual(len(self.lab.calls(operation="GetAlternateContact")), 2)

    def test_an_unowned_user_is_a_finding_and_is_not_retired(self):
        old = self.one_owned_user(age=90, used=1, tags={"team": "unknown"})
        self.use(self.settings(owner={"chain": ["user-tag"]}, notify={"administrators": [ADMINISTRATORS]}))
        plan = self.rekeyer.plan()
        self.assertExit(plan, 0)
        self.assertEqual([(a["action"], a["status"]) for a in self.findings(plan, "unowned", user="ann")], [("warn", "held")], plan)
        run = self.on_day(0)
        self.assertEqual([a["status"] for a in run.actions(user="ann", action="rotate")], ["done"], run)
        found = self.findings(run, "unowned", user="ann")
        self.assertEqual(len(found), 1, run)
        self.assertIn("owner", found[0]["detail"])
        digest = self.new_mails()
        self.assertEqual([mail["to"] for mail in digest], [[ADMINISTRATORS]])
        self.assertIn("Users without an owner (1)", plain(digest[0]))
        run = self.on_day(10)
        self.assertEqual([a["reason"] for a in run.actions(key=old, action="hold")], ["not_announced"], run)
        self.assertEqual(self.keys()[old], "Active")
        self.assertEqual(len(self.findings(run, "unowned", user="ann")), 1, "as long as it is so")
        self.lab.admin(MEMBER, "iam").tag_user(UserName="ann", Tags=[{"Key": "owner", "Value": ANN}])
        self.new_mails()
        self.on_day(11)
        self.assertEqual([stage_of(mail) for mail in self.new_mails() if mail["to"] == [ANN]], ["rotated"])
        self.on_day(12)
        self.assertEqual(self.keys()[old], "Inactive")
        self.assertInvariants()

    def test_one_owner_of_forty_users_gets_one_mail(self):
        users = [{"name": f"user-{n:02}", "tags": {"owner": ANN}, "keys": DUE} for n in range(40)]
        half = len(users) // 2
        self.build({"id": MEMBER, "name": "one", "users": users[:half]}, {"id": SECOND, "name": "two", "users": users[half:]})
        self.lab.verify_sender("example.com")
        self.use(self.settings())
        self.on_day(0)
        mails = self.new_mails()
        self.assertEqual([mail["to"] for mail in mails], [[ANN]])
        text = plain(mails[0])
        for account, members in ((MEMBER, users[:half]), (SECOND, users[half:])):
            for user in members:
                for part in (text, mails[0]["html"]):
                    self.assertIn(self.lab.keys_of(account, user["name"])[0], part)
        self.on_day(0)
        self.assertNoMails()

    def test_one_mailbox_written_in_several_ways_gets_one_mail(self):
        """The domain's case says nothing; before the @ it may, and is left alone."""
        users = [
            {"name": "ann", "tags": {"owner": "ann@example.com ann@EXAMPLE.com"}, "keys": DUE},
            {"name": "bob", "tags": {"owner": "ann@Example.com"}, "keys": DUE},
        ]
        self.build({"id": MEMBER, "name": "member", "users": users})
        self.lab.verify_sender("example.com")
        self.use(self.settings())
        self.on_day(0)
        mails = self.new_mails()
        self.assertEqual(len(mails), 1, [mail["to"] for mail in mails])
        for user in ("ann", "bob"):
            self.assertIn(self.lab.keys_of(MEMBER, user)[0], mails[0]["text"])


if __name__ == "__main__":
    unittest.main()
