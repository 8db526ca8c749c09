"""A thousand owners in one run: each gets one mail, and the next run sends none. With the sandbox only: moto takes minutes for it.

Calls of IAM are paced by account (about nine users looked at a second, and one rotated), so the users are spread over a hundred accounts.
"""

import unittest

from letterbox import Letterbox, stage_of

OWNERS = 1000
LIMITS = {"max_changes": OWNERS, "max_changes_per_account": OWNERS, "users_per_account": 16}


def users(numbers, age) -> list:
    return [
        {"name": f"user-{n:04}", "tags": {"owner": f"owner-{n:04}@example.com"}, "keys": [{"age": age, "used": 1}]} for n in numbers
    ]


class Scale(Letterbox):
    def tell(self, stage):
        self.lab.verify_sender("example.com")
        self.use(self.settings(limits=LIMITS))
        run = self.rekeyer.apply(timeout=200)
        self.assertExit(run, 0)
        print(f"measured: {OWNERS} owners told `{stage}` in {run.seconds:.1f} s")
        mails = {mail["to"][0]: mail for mail in self.lab.mails()}
        self.assertEqual(len(self.new_mails()), OWNERS)
        self.assertEqual(sorted(mails), [f"owner-{n:04}@example.com" for n in range(OWNERS)])
        self.assertEqual({stage_of(mail) for mail in mails.values()}, {stage})
        self.assertEqual(len(self.lab.made["keys"]), OWNERS)
        for place, keys in self.lab.made["keys"].items():
            account, _, user = place.partition("/")
            text = mails[user.replace("user", "owner") + "@example.com"]["text"]
            self.assertIn(keys[0], text)
            self.assertIn(account, text)
        again = self.rekeyer.apply(timeout=200)
        self.assertExit(again, 0)
        self.assertNoMails()

    def test_a_thousand_owners_get_one_mail_each(self):
        self.build(*(
            {"id": f"1111111110{n:02}", "name": f"member-{n:02}", "users": users(range(10 * n, 10 * n + 10), 95)} for n in range(100)
        ))
        self.tell("rotated")


if __name__ == "__main__":
    unittest.main()
