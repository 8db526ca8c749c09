"""A thousand owners in one run: each gets one mail, and the next run sends none. With the sandbox only: moto takes minutes for it."""

import unittest

from case import MEMBER
from letterbox import Letterbox, stage_of

OWNERS = 1000


class Scale(Letterbox):
    def test_a_thousand_owners_get_one_mail_each(self):
        users = [
            {"name": f"user-{n:04}", "tags": {"owner": f"owner-{n:04}@example.com"}, "keys": [{"age": 95, "used": 1}]}
            for n in range(OWNERS)
        ]
        self.build({"id": MEMBER, "name": "member", "users": users})
        self.lab.verify_sender("example.com")
        limits = {"max_changes": OWNERS, "max_changes_per_account": OWNERS, "users_per_account": 16}
        self.use(self.settings(limits=limits))
        run = self.rekeyer.apply(timeout=300)
        self.assertExit(run, 0)
        print(f"measured: {OWNERS} keys rotated and {OWNERS} owners told in {run.seconds:.1f} s")
        mails = self.new_mails()
        self.assertEqual({stage_of(mail) for mail in mails}, {"rotated"})
        self.assertEqual(sorted(mail["to"][0] for mail in mails), sorted(user["tags"]["owner"] for user in users))
        for mail in mails:
            number = mail["to"][0][6:10]
            self.assertIn(self.lab.keys_of(MEMBER, f"user-{number}")[0], mail["text"])
        self.assertExit(self.rekeyer.apply(timeout=300), 0)
        self.assertNoMails()
        self.assertInvariants()


if __name__ == "__main__":
    unittest.main()
