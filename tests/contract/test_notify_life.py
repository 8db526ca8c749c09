"""What the owner of a key is told from its first day to its last: each thing once, with the right facts, and never a secret."""

import unittest

from case import MEMBER
from letterbox import ADMINISTRATORS, ANN, Letterbox, day_words, plain, stage_of

#: day → what the owner is told on it
LIFE = {
    83: "rotation-soon", 87: "rotation-soon", 89: "rotation-soon", 90: "rotated", 93: "deactivation-soon", 97: "deactivation-soon",
    99: "deactivation-soon", 100: "deactivated", 103: "deletion-soon", 107: "deletion-soon", 109: "deletion-soon", 110: "deleted",
}
CHANGES = {90: "rotated", 100: "deactivated", 110: "deleted"}


class Life(Letterbox):
    def setUp(self):
        super().setUp()
        self.old = self.one_owned_user()
        self.use(self.settings(notify={"administrators": [ADMINISTRATORS]}))

    def use_key(self, day):
        if day <= 90:
            self.lab.control("key", id=self.old, used=0.5)
        else:
            self.install()

    def test_the_whole_life_of_a_key_is_told_once_each(self):
        built = self.lab.now()
        told, changed = {}, {}
        rotated_at = deactivated_at = None
        for day in (0, 82, 83, 84, 87, 89, 90, 91, 93, 97, 99, 100, 101, 103, 107, 109, 110, 112):
            self.lab.move_clock(day + 0.01)
            self.use_key(day)
            self.on_day(day)
            mails = self.new_mails()
            owners = [mail for mail in mails if mail["to"] == [ANN]]
            administrators = [mail for mail in mails if mail["to"] == [ADMINISTRATORS]]
            self.assertEqual(len(owners) + len(administrators), len(mails))
            if owners:
                self.assertEqual(len(owners), 1, f"day {day}")
                told[day] = stage_of(owners[0])
            if administrators:
                self.assertEqual(len(administrators), 1, f"day {day}")
                changed[day] = plain(administrators[0])
            if day == 90:
                rotated_at = self.lab.now()
            if day == 100:
                deactivated_at = self.lab.now()
            for mail in owners:
                self.check_facts(day, mail, built, rotated_at, deactivated_at)
            self.assertInvariants()
            self.on_day(day)
            self.assertNoMails()
        self.assertEqual(told, LIFE)
        self.assertEqual(sorted(changed), sorted(CHANGES))
        for day, words in CHANGES.items():
            self.assertIn(f"keys {words}: 1", changed[day], f"day {day}")
        self.assertNotIn(self.old, self.keys())
        self.assertNotIn(self.old, self.notice_tag(), "a key that is gone, and told of, is remembered")
        self.assertSettled(active=1)

    def check_facts(self, day, mail, built, rotated_at, deactivated_at):
        text, html = plain(mail), mail["html"]
        for part in (mail["subject"], text, html):
            self.assertIn(self.old, part, f"day {day}")
            self.assertIn(MEMBER, part, f"day {day}")
        self.assertEqual(mail["from"], "Access keys <access-keys@example.com>")
        if day < 110:
            day_named = built + 90 * 86400 if day < 90 else rotated_at + 10 * 86400 if day < 100 else deactivated_at + 10 * 86400
            self.assertIn(day_words(day_named), text, f"day {day}")
        if 90 <= day < 100:
            new = self.stored()["AccessKeyId"]
            self.assertIn(new, text)
            self.assertIn(self.fetch_command(), text)
            self.assertIn(self.fetch_command(), " ".join(html.split()))
        self.assertNoSecrets((mail["subject"], mail["text"], mail["html"]))

    def test_of_many_keys_each_thing_is_told_once(self):
        self.may_end_without_keys = {(MEMBER, "ann")}
        keys = [{"age": 300 - i, "used": 200, "status": "Inactive"} for i in range(4)]
        self.one_user(keys, user_spec={"tags": {"owner": ANN}})
        self.lab.verify_sender("example.com")
        self.use(self.settings())
        ids = self.lab.keys_of(MEMBER, "ann")
        self.assertEqual(len(ids), 4)
        told = {}
        for day in range(13):
            self.on_day(day)
            mails = self.new_mails()
            self.assertLessEqual(len(mails), 1, f"day {day}")
            if mails:
                told[day] = mails[0]["subject"].split(" from ")[0]
                for key in ids:
                    self.assertIn(key, plain(mails[0]), f"day {day}")
        soon = "Your 4 access keys: 4 will be deleted"
        self.assertEqual(told, {3: soon, 7: soon, 9: soon, 10: "Your 4 access keys: 4 were deleted"})
        self.assertEqual(self.keys(), {})
        self.assertEqual(self.notice_tag(), "1")

    def test_after_days_without_runs_only_the_latest_is_told(self):
        self.lab.move_clock(89.5)
        self.use_key(89)
        self.on_day(89.5)
        self.assertOneMail(ANN, "rotation-soon")
        self.use_key(90)
        self.on_day(90)
        self.new_mails()
        self.on_day(99.5)
        mail = self.assertOneMail(ANN, "deactivation-soon")
        self.assertIn(self.fetch_command(), plain(mail))

    def test_nothing_is_deactivated_before_the_day_that_was_named(self):
        self.use_key(90)
        self.lab.move_clock(95)
        self.use_key(90)
        self.on_day(95)
        self.new_mails()
        named = self.notice_tag().split(":")[2]
        self.lab.move_clock(104.9)
        self.install()
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertEqual(self.keys()[self.old], "Active", f"{named} has not come")
        self.on_day(105)
        self.assertEqual(self.keys()[self.old], "Inactive")

    def test_a_key_in_use_is_held_and_its_owner_told_until_when(self):
        self.lab.move_clock(90.01)
        self.use_key(90)
        self.on_day(90)
        self.new_mails()
        told = {}
        for day in (100, 101, 123, 127, 129, 130):
            self.lab.move_clock(day + 0.01)
            self.lab.control("key", id=self.old, used=0.5)
            self.on_day(day)
            told[day] = [stage_of(mail) for mail in self.new_mails() if mail["to"] == [ANN]]
        self.assertEqual(
            told, {100: ["in-use"], 101: [], 123: ["in-use"], 127: ["in-use"], 129: ["in-use"], 130: ["deactivated"]}
        )


if __name__ == "__main__":
    unittest.main()
