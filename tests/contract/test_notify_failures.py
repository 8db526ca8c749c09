"""Mails that are refused, throttled, lost or cut off by a crash: nothing retires untold, nobody is told a third time, no rotation is stopped."""

import unittest

from case import ADMINISTRATOR, MEMBER
from letterbox import ADMINISTRATORS, ANN, Letterbox, plain, stage_of


class Failures(Letterbox):
    def rotate(self, tags=None, **settings):
        """Day 0 of these tests: the user's key is due, and gets rotated."""
        self.old = self.one_owned_user(age=90, used=1, tags=tags)
        self.use(self.settings(**settings))

    def assertRotated(self, run):
        self.assertEqual([a["status"] for a in run.actions(user="ann", action="rotate")], ["done"], run)
        self.assertSettled(active=2)

    def test_nothing_retires_while_the_sender_is_not_verified(self):
        self.old = self.one_user([{"age": 90, "used": 1}], user_spec={"tags": {"owner": ANN}})["keys"][f"{MEMBER}/ann"][0]
        self.use(self.settings())
        for day in (0, 5, 10, 12, 15):
            run = self.on_day(day)
            if day == 0:
                self.assertRotated(run)
            found = self.findings(run, "undeliverable", user="ann")
            self.assertEqual(len(found), 1, f"day {day}\n{run}")
            self.assertIn(ANN, found[0]["detail"])
            self.assertIn("MessageRejected", found[0]["detail"])
            self.assertEqual(self.keys()[self.old], "Active", f"day {day}: retired untold")
            if day >= 10:
                held = run.actions(user="ann", key=self.old, action="hold")
                self.assertEqual([a["reason"] for a in held], ["not_announced"], f"day {day}\n{run}")
            self.assertInvariants()
        self.assertIn("nobody could be told since", found[0]["detail"], "15 days are more than unreachable_after")
        self.assertNoMails()

        self.lab.verify_sender("access-keys@example.com")
        run = self.on_day(16)
        self.assertOneMail(ANN, "rotated")
        self.assertEqual(self.findings(run, "undeliverable"), [])
        self.assertEqual(self.keys()[self.old], "Active")
        run = self.on_day(16.5)
        self.assertEqual([a["reason"] for a in run.actions(key=self.old, action="hold")], ["announced"], run)
        self.assertNoMails()
        self.on_day(17)
        self.assertOneMail(ANN, "deactivated")
        self.assertEqual(self.keys()[self.old], "Inactive")
        self.assertInvariants()

    def test_a_deletion_waits_for_its_announcement_too(self):
        self.rotate()
        self.on_day(0)
        self.lab.fault(op="SendEmail", kind="error", code="AccountSuspendedException", status=400, times=0)
        self.on_day(10)
        self.assertEqual(self.keys()[self.old], "Inactive", "its deactivation was announced on day 0")
        run = self.on_day(25)
        self.assertEqual([a["reason"] for a in run.actions(key=self.old, action="hold")], ["not_announced"], run)
        self.lab.end_faults()
        self.new_mails()
        self.on_day(26)
        self.assertOneMail(ANN, "deactivated")
        self.assertIn(self.old, self.keys())
        self.on_day(27)
        self.assertOneMail(ANN, "deleted")
        self.assertNotIn(self.old, self.keys())

    def test_a_throttled_mail_arrives_once(self):
        self.rotate()
        self.lab.fault(op="SendEmail", kind="error", code="TooManyRequestsException", status=429, times=3)
        run = self.on_day(0)
        self.assertRotated(run)
        self.assertEqual(len(self.lab.calls(operation="SendEmail", code="TooManyRequestsException")), 3)
        self.assertOneMail(ANN, "rotated")
        self.assertEqual(self.findings(run, "undeliverable"), [])
        self.on_day(0)
        self.assertNoMails()

    def test_a_lost_reply_is_answered_by_the_next_run_not_by_this_one(self):
        self.rotate()
        self.lab.fault(op="SendEmail", kind="cut", when="after")
        run = self.on_day(0)
        self.assertRotated(run)
        self.assertEqual(len(self.lab.calls(operation="SendEmail")), 1, "a mail has no idempotency token")
        self.assertOneMail(ANN, "rotated")  # it went out; rekeyer can't know
        self.assertEqual(len(self.findings(run, "undeliverable", user="ann")), 1, run)
        self.on_day(0.01)  # when the lock of the new secret holds everywhere
        self.assertOneMail(ANN, "rotated")
        self.on_day(0.01)
        self.assertNoMails()

    def test_a_lost_reply_is_not_taken_to_the_second_channel(self):
        self.old = self.one_owned_user(age=90, used=1)
        settings = self.settings()
        settings["notify.channel"].append({"type": "ses", "name": "fallback", "region": "eu-west-1", "rate": 1000})
        self.lab.verify_sender("example.com", region="eu-west-1")
        self.use(settings)
        self.lab.fault(op="SendEmail", kind="cut", when="after")
        self.on_day(0)
        self.assertEqual([mail["region"] for mail in self.new_mails()], ["us-east-1"])
        self.lab.fault(op="SendEmail", kind="error", code="MailFromDomainNotVerifiedException", status=400)
        self.on_day(0.01)
        self.assertEqual([mail["region"] for mail in self.new_mails()], ["eu-west-1"], "after a refusal, the second channel")

    def test_a_refused_address_beside_a_good_one(self):
        self.rotate(tags={"owner": "bad@example.net good@example.com"})
        self.lab.fault(op="SendEmail", match="bad@example.net", kind="error", code="MessageRejected", status=400, times=0)
        run = self.on_day(0)
        self.assertRotated(run)
        self.assertOneMail("good@example.com", "rotated")
        self.assertIn("bad@example.net", run.err, "the log tells whom no mail reached")
        self.on_day(0)
        self.assertNoMails()
        self.on_day(10)
        self.assertOneMail("good@example.com", "deactivated")

    def test_a_failing_channel_never_stops_a_rotation(self):
        users = [
            {"name": f"user-{n:02}", "tags": {"owner": f"owner-{n:02}@example.com"}, "keys": [{"age": 95, "used": 1}]} for n in range(20)
        ]
        self.build({"id": MEMBER, "name": "member", "users": users})
        self.lab.verify_sender("example.com")
        self.use(self.settings({"type": "sns", "topic_arn": "arn:aws:sns:us-east-1:100000000000:gone"}))
        self.lab.fault(op="SendEmail", kind="deny", times=0)
        run = self.on_day(0, code=1)
        self.assertEqual([a["status"] for a in run.actions(action="rotate")], ["done"] * 20, run)
        self.assertEqual(len(self.findings(run, "undeliverable")), 20, run)
        self.assertNoMails()
        # Three failures in a row, by up to eight workers at once, and the channel is left alone.
        self.assertLessEqual(len(self.lab.calls(operation="SendEmail")), 3 + 7)
        self.assertIn("mail: ", run.err)
        self.assertIn("sns: ", run.err)
        self.assertEqual(sorted(line.partition(":")[0] for line in run.json["run"]["failing_channels"]), ["mail", "sns"], run)
        self.assertInvariants()

    def test_administrators_hear_of_a_channel_that_fails(self):
        self.old = self.one_owned_user(age=95, used=1)
        topic = {"type": "sns", "topic_arn": "arn:aws:sns:us-east-1:100000000000:gone"}
        self.use(self.settings(topic, notify={"administrators": [ADMINISTRATORS]}))
        self.on_day(0, code=1)
        digest = [mail for mail in self.new_mails() if mail["to"] == [ADMINISTRATORS]]
        self.assertEqual(len(digest), 1)
        self.assertIn("Channels that do not work (1)", plain(digest[0]))
        self.assertIn("sns: ", plain(digest[0]))

    def kill(self, **fault):
        self.lab.fault(kind="signal", **fault)
        run = self.rekeyer.apply()
        self.assertEqual([rule["hit"] for rule in self.lab.end_faults()], [1], f"it was not reached\n{run}")
        self.assertEqual(run.code, -9, run)
        self.assertInvariants()

    def assertToldAgainOnce(self, stage):
        self.assertOneMail(ANN, stage)
        self.lab.advance(minutes=16)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertOneMail(ANN, stage)
        self.lab.advance(minutes=16)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertNoMails()
        self.assertInvariants()

    def test_killed_between_the_mail_and_its_record_at_each_step_of_a_life(self):
        self.rotate()
        stages = ((0, "rotated"), (3, "deactivation-soon"), (10, "deactivated"), (13, "deletion-soon"), (20, "deleted"))
        for number, (day, stage) in enumerate(stages):
            with self.subTest(stage=stage):
                self.lab.move_clock(day + 0.01 + 0.05 * number)  # the repetitions took some time too
                self.install_all()
                self.kill(op="TagResource", match="rekeyer:notice", when="before")
                self.assertToldAgainOnce(stage)

    def test_killed_right_after_the_mail_was_sent(self):
        self.rotate()
        self.lab.move_clock(0.01)
        self.kill(op="SendEmail", when="after")
        self.assertToldAgainOnce("rotated")

    def test_killed_after_the_record(self):
        self.rotate()
        self.lab.move_clock(0.01)
        self.kill(op="TagResource", match="rekeyer:notice", when="after")
        self.assertOneMail(ANN, "rotated")
        self.lab.advance(minutes=16)
        self.assertExit(self.rekeyer.apply(), 0)
        self.assertNoMails()

    def test_what_can_not_be_recorded_is_a_failure_and_told_again(self):
        self.rotate()
        self.on_day(0)
        self.new_mails()
        self.lab.fault(op="TagResource", match="rekeyer:notice", kind="deny", times=0)
        run = self.on_day(3, code=1)
        self.assertEqual([a["status"] for a in run.actions(reason="not_recorded")], ["failed"], run)
        self.assertOneMail(ANN, "deactivation-soon")
        self.lab.end_faults()
        self.on_day(3.5)
        self.assertOneMail(ANN, "deactivation-soon")
        self.on_day(3.6)
        self.assertNoMails()

    def test_an_unreadable_record_is_taken_for_none_and_its_owner_told_anew(self):
        self.rotate(store={"break_glass": [ADMINISTRATOR]})
        self.on_day(0)
        self.new_mails()
        client = self.lab.admin(MEMBER, "secretsmanager")
        client.tag_resource(SecretId=self.described()["ARN"], Tags=[{"Key": "rekeyer:notice", "Value": "1 nonsense"}])
        self.on_day(10)
        self.assertEqual(self.keys()[self.old], "Active", "whether its owner knows can't be read")
        self.assertOneMail(ANN, "rotated")
        self.on_day(11)
        self.assertEqual(stage_of(self.new_mails()[0]), "deactivated")


if __name__ == "__main__":
    unittest.main()
