"""Words of one's own, and the commands that show and try messages: templates, `notify preview`, `notify test`."""

import unittest

from case import MEMBER
from letterbox import ADMINISTRATORS, ANN, Letterbox, plain

STAGES = (
    "rotation-soon", "unused", "two-keys", "rotated", "deactivation-soon", "in-use", "deactivated", "deletion-soon", "deleted",
    "recovered", "exemption-ending", "failed",
)
DIGESTS = ("account", "audit", "administrators")
BUCKET = "rekeyer-words"


class Templates(Letterbox):
    def setUp(self):
        super().setUp()
        self.old = self.one_owned_user(age=90, used=1)

    def bucket(self, region="us-east-1", **files):
        client = self.lab.admin(self.lab.made["tooling"], "s3", region)
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=BUCKET, **where)
        for name, text in files.items():
            client.put_object(Bucket=BUCKET, Key=f"mail/{name.replace('__', '.').replace('_', '-')}", Body=text.encode())

    def assertRefused(self, *words):
        before = self.keys()
        self.lab.forget_calls()
        run = self.rekeyer.apply()
        self.assertExit(run, 2)
        for word in words:
            self.assertIn(word, run.err)
        self.assertEqual(self.changing_calls(), [])
        self.assertEqual(self.keys(), before)
        self.assertNoMails()

    def test_words_from_a_bucket(self):
        self.bucket(owner__subject__txt="[keys] {{subject}}\n", rotated__txt="{{key}} of {{user}} went; take {{new_key}}.\n")
        self.use(self.settings(notify={"templates": f"s3://{BUCKET}/mail"}))
        self.on_day(0)
        mail = self.new_mails()[0]
        self.assertTrue(mail["subject"].startswith(f"[keys] Your access key {self.old}"), mail["subject"])
        self.assertIn(f"{self.old} of ann went; take {self.stored()['AccessKeyId']}.", plain(mail))
        self.assertIn("Keep secrets secret", plain(mail), "the frame is the built-in one")

    def test_words_from_a_folder(self):
        self.use(self.settings(notify={"templates": "words"}))
        folder = self.rekeyer.folder / "words"
        folder.mkdir()
        (folder / "owner.subject.txt").write_text("[keys] {{subject}}\n")
        self.on_day(0)
        self.assertTrue(self.new_mails()[0]["subject"].startswith("[keys] "))

    def test_an_unknown_placeholder_in_a_bucket_stops_the_run_before_anything_is_changed(self):
        self.bucket(owner__subject__txt="{{sbject}}\n")
        self.use(self.settings(notify={"templates": f"s3://{BUCKET}/mail"}))
        self.assertRefused("owner.subject.txt", "sbject", "did you mean subject?")

    def test_a_bucket_that_is_not_there_stops_the_run_before_anything_is_changed(self):
        self.use(self.settings(notify={"templates": "s3://nobodys-bucket-4711/mail"}))
        self.assertRefused("s3://nobodys-bucket-4711/mail")

    def test_a_bucket_that_is_denied_stops_the_run_before_anything_is_changed(self):
        self.bucket(owner__subject__txt="{{subject}}\n")
        self.use(self.settings(notify={"templates": f"s3://{BUCKET}/mail"}))
        self.lab.fault(op="GetObject", kind="deny", times=0)
        self.assertRefused("s3:GetObject")


class Commands(Letterbox):
    def setUp(self):
        super().setUp()
        self.one_owned_user(age=90, used=1)
        self.use(self.settings(notify={"administrators": [ADMINISTRATORS]}))
        self.lab.forget_calls()

    def test_every_message_can_be_looked_at_and_nothing_is_asked_of_aws(self):
        for message in STAGES + DIGESTS:
            with self.subTest(message=message):
                text = self.rekeyer.run("notify", "preview", "--stage", message, "--format", "text")
                self.assertExit(text, 0)
                self.assertTrue(text.out.startswith("Subject: "), text)
                self.assertGreater(len(text.out), 200)
                self.assertNotIn("{{", text.out)
                html = self.rekeyer.run("notify", "preview", "--stage", message, "--format", "html")
                self.assertExit(html, 0)
                self.assertIn("<html", html.out)
                self.assertTrue(html.out.rstrip().endswith("</html>"), html)
                self.assertNotIn("{{", html.out)
                for part in ("<script", "<img", "src="):
                    self.assertNotIn(part, html.out)
        self.assertEqual(self.lab.calls(), [])

    def test_an_unknown_message_is_wrong_usage(self):
        self.assertExit(self.rekeyer.run("notify", "preview", "--stage", "rotatted"), 2)

    def test_a_test_mail(self):
        run = self.rekeyer.run("notify", "test", "--channel", "mail", "--to", "x@example.com")
        self.assertExit(run, 0)
        mails = self.new_mails()
        self.assertEqual([mail["to"] for mail in mails], [["x@example.com"]])
        self.assertTrue(mails[0]["subject"].startswith("Test: "), mails[0]["subject"])
        self.assertIn("x@example.com", run.out + run.err)
        self.assertEqual({call["operation"] for call in self.changing_calls()}, {"SendEmail"})

    def test_a_test_mail_goes_to_administrators_where_nobody_is_named(self):
        self.assertExit(self.rekeyer.run("notify", "test", "--channel", "mail", "--stage", "deactivated"), 0)
        self.assertEqual([mail["to"] for mail in self.new_mails()], [[ADMINISTRATORS]])

    def test_a_test_of_a_channel_that_fails(self):
        self.lab.fault(op="SendEmail", kind="deny", times=0)
        run = self.rekeyer.run("notify", "test", "--channel", "mail", "--to", "x@example.com")
        self.assertExit(run, 1)
        self.assertIn("AccessDenied", run.err)

    def test_a_channel_that_is_not_there(self):
        run = self.rekeyer.run("notify", "test", "--channel", "mial", "--to", "x@example.com")
        self.assertExit(run, 2)
        self.assertIn("mail", run.err)
        self.assertNoMails()

    def test_a_test_event(self):
        topic = self.lab.admin(self.lab.made["tooling"], "sns").create_topic(Name="access-keys")["TopicArn"]
        self.use(self.settings({"type": "sns", "topic_arn": topic}))
        self.assertExit(self.rekeyer.run("notify", "test", "--channel", "sns"), 0)
        published = self.lab.published()
        self.assertEqual(len(published), 1)
        self.assertIn("Test: ", published[0]["message"])

    def test_the_settings_are_checked(self):
        for sections, words in (
            ({"notify": {"administrators": [ADMINISTRATORS]}}, "channel"),
            ({"notify.channel": [{"type": "ses"}]}, "from"),
            ({"policy": {"require_notice": True}}, "require_notice"),
            (self.settings(notify={"weekly": "monday"}), "administrators"),
            (self.settings(owner={"default": ["nobody"]}), "nobody"),
            (self.settings({"type": "webhook", "url": "http://example.com/hook"}), "https://"),
        ):
            with self.subTest(words=words):
                self.use(sections)
                self.lab.forget_calls()
                run = self.rekeyer.apply()
                self.assertExit(run, 2)
                self.assertIn(words, run.err)
                self.assertEqual(self.lab.calls(), [])
        self.assertEqual(len(self.keys(MEMBER)), 1)
        self.assertNotIn(ANN, [mail["to"] for mail in self.new_mails()])


if __name__ == "__main__":
    unittest.main()
