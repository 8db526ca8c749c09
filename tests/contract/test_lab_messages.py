"""The lab's services for messages, proved with boto3: who may send, what is kept of it, what is refused. Without rekeyer."""

import unittest

from case import MEMBER, SECOND, ServiceCase

TEXT, HTML = "Hello,\nAnn", "<p>Hello, <b>Ann</b></p>"


class Messages(ServiceCase):
    def setUp(self):
        self.build({"id": MEMBER, "name": "member"}, {"id": SECOND, "name": "second"})
        self.home = self.lab.made["tooling"]

    def send(self, to="ann@example.com", sender="Keys <keys@example.com>", client=None):
        return (client or self.caller("sesv2")).send_email(
            FromEmailAddress=sender, Destination={"ToAddresses": [to]}, ReplyToAddresses=["desk@example.com"],
            Content={"Simple": {"Subject": {"Data": "Your kéy"}, "Body": {"Text": {"Data": TEXT}, "Html": {"Data": HTML}}}},
        )

    def test_mails_are_kept_whole(self):
        self.lab.verify_sender("example.com")
        message_id = self.send()["MessageId"]
        mails = self.lab.mails()
        self.assertEqual(len(mails), 1)
        expected = {
            "id": message_id, "account": self.home, "region": "us-east-1", "from": "Keys <keys@example.com>", "to": ["ann@example.com"],
            "reply_to": ["desk@example.com"], "subject": "Your kéy", "text": TEXT, "html": HTML,
        }
        self.assertEqual({name: mails[0][name] for name in expected}, expected)
        self.assertAlmostEqual(mails[0]["at"], self.lab.now(), delta=5)
        self.lab.forget_messages()
        self.assertEqual(self.lab.mails(), [])

    def test_senders_are_verified_by_account(self):
        refused = self.refused("MessageRejected", self.send)
        self.assertIn("not verified", refused["Error"]["Message"])
        self.lab.verify_sender("keys@example.com")
        self.send()
        self.refused("MessageRejected", self.send, sender="other@example.com")
        self.refused("MessageRejected", self.send, client=self.member("sesv2"))
        self.assertEqual(len(self.lab.mails()), 1)

    def test_senders_are_verified_by_region(self):
        self.lab.verify_sender("example.com")
        self.refused("MessageRejected", self.send, client=self.caller("sesv2", region="eu-west-1"))

    def test_a_mail_can_be_struck_by_a_fault(self):
        self.lab.verify_sender("example.com")
        self.lab.fault(op="SendEmail", kind="throttle")
        refused = self.refused("TooManyRequestsException", self.send)
        self.assertEqual(refused["ResponseMetadata"]["HTTPStatusCode"], 429)
        self.lab.fault(op="SendEmail", kind="deny", match="bad@example.com", times=0)
        self.refused("AccessDeniedException", self.send, to="bad@example.com")
        self.send()
        self.assertEqual([mail["to"] for mail in self.lab.mails()], [["ann@example.com"]])
        calls = self.lab.calls(service="ses")
        self.assertEqual([(c["operation"], c["code"] or "") for c in calls], [
            ("SendEmail", "TooManyRequestsException"), ("SendEmail", "AccessDeniedException"), ("SendEmail", ""),
        ])

    def test_publications_are_kept_with_their_attributes(self):
        topic = self.lab.admin(self.home, "sns").create_topic(Name="news")["TopicArn"]
        self.caller("sns").publish(
            TopicArn=topic, Subject="Subject", Message='{"a": 1}', MessageAttributes={"event": {"DataType": "String", "StringValue": "rotated"}}
        )
        kept = self.lab.published()
        self.assertEqual(
            [(m["topic"], m["subject"], m["message"], m["attributes"]) for m in kept], [(topic, "Subject", '{"a": 1}', {"event": "rotated"})]
        )
        self.refused("NotFound", self.caller("sns").publish, TopicArn=topic + "x", Message="m")

    def test_events_are_kept_by_bus(self):
        self.lab.admin(self.home, "events").create_event_bus(Name="security")
        entry = {"Source": "rekeyer", "DetailType": "Test", "Detail": '{"a": 1}', "Resources": ["arn:aws:iam::111111111111:root"]}
        self.caller("events").put_events(Entries=[entry, {**entry, "EventBusName": "security"}, {**entry, "Detail": "nonsense"}])
        self.assertEqual(
            sorted((e["bus"].rpartition("/")[2], e["source"], e["detail_type"], e["detail"]["a"]) for e in self.lab.bus_events()),
            [("default", "rekeyer", "Test", 1), ("security", "rekeyer", "Test", 1)],
        )

    def test_an_account_is_asked_about_by_itself_or_by_the_management_account(self):
        contact = {"AlternateContactType": "SECURITY", "EmailAddress": "s@example.com", "Name": "S", "Title": "T", "PhoneNumber": "1"}
        self.lab.admin(MEMBER, "account").put_alternate_contact(**contact)
        ask = self.caller("account").get_alternate_contact
        self.assertEqual(ask(AccountId=MEMBER, AlternateContactType="SECURITY")["AlternateContact"]["EmailAddress"], "s@example.com")
        self.refused("ResourceNotFoundException", ask, AccountId=MEMBER, AlternateContactType="BILLING")
        self.refused("AccessDeniedException", ask, AccountId=self.home, AlternateContactType="SECURITY")
        self.refused("AccessDeniedException", self.member("account").get_alternate_contact, AccountId=SECOND, AlternateContactType="SECURITY")
        own = self.member("account").get_alternate_contact(AlternateContactType="SECURITY")
        self.assertEqual(own["AlternateContact"]["EmailAddress"], "s@example.com")

    def test_parameters_and_objects_are_read(self):
        self.lab.admin(self.home, "ssm").put_parameter(Name="/a/b", Value="hidden", Type="SecureString")
        read = self.caller("ssm").get_parameter(Name="/a/b", WithDecryption=True)
        self.assertEqual(read["Parameter"]["Value"], "hidden")
        self.refused("ParameterNotFound", self.caller("ssm").get_parameter, Name="/a/c")
        admin = self.lab.admin(self.home, "s3")
        admin.create_bucket(Bucket="lab-words")
        admin.put_object(Bucket="lab-words", Key="mail/a.txt", Body=b"words")
        self.assertEqual(self.caller("s3").get_object(Bucket="lab-words", Key="mail/a.txt", Range="bytes=0-9")["Body"].read(), b"words")
        self.refused("NoSuchKey", self.caller("s3").get_object, Bucket="lab-words", Key="mail/b.txt")
        self.refused("NoSuchBucket", self.caller("s3").get_object, Bucket="lab-words-2", Key="mail/b.txt")


if __name__ == "__main__":
    unittest.main()
