"""Events: topics, webhooks, event buses and files, each beside mails and some in their place."""

import hashlib
import hmac
import http.server
import json
import threading
import unittest

from case import MEMBER
from letterbox import ANN, Letterbox

HMAC_KEY = "a-signing-key-of-the-tests"


class Receiver:
    """A webhook's server on this machine: keeps what is posted; answers with each of `answers` in turn, then with 200."""

    def __init__(self, answers=()):
        self.posts, self.answers, self.body = [], list(answers), b"ok"
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append((self.path, dict(self.headers.items()), body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Content-Length", str(len(receiver.body)))
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks/path-secret-4711"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    @property
    def bodies(self) -> list:
        return [json.loads(body) for _, _, body in self.posts]


class Events(Letterbox):
    def setUp(self):
        super().setUp()
        self.old = self.one_owned_user(age=90, used=1)

    def receiver(self, *answers) -> Receiver:
        made = Receiver(answers)
        self.addCleanup(made.close)
        return made

    def use_alone(self, *channels, **sections):
        """Without a channel for mails."""
        self.use({**sections, "notify.channel": list(channels)})

    def parameter(self, name, value):
        self.lab.admin(self.lab.made["tooling"], "ssm").put_parameter(Name=name, Value=value, Type="SecureString")

    def topic(self) -> str:
        return self.lab.admin(self.lab.made["tooling"], "sns").create_topic(Name="access-keys")["TopicArn"]

    def check_event(self, event, stage="rotated"):
        self.assertEqual(event["event"], stage)
        self.assertEqual((event["account"], event["user"], event["access_key"]), (MEMBER, "ann", self.old))
        self.assertEqual(event["account_name"], "member")
        self.assertIn(event["severity"], ("info", "warning", "critical"))
        self.assertIn(self.old, event["headline"])

    def test_a_topic_gets_messages_with_attributes_once(self):
        topic = self.topic()
        self.use(self.settings({"type": "sns", "topic_arn": topic}))
        run = self.on_day(0)
        published = self.lab.published()
        self.assertEqual(len(published), 1, run)
        message = published[0]
        self.assertEqual(message["topic"], topic)
        body = json.loads(message["message"])
        self.assertEqual(body["run"], run.json["run"]["id"])
        self.assertEqual(
            message["attributes"], {"event": "rotated", "account": MEMBER, "severity": body["severity"]}
        )
        self.assertEqual(len(body["events"]), 1)
        self.check_event(body["events"][0])
        self.assertEqual(body["events"][0]["owners"], [ANN])
        self.assertIn("Access Key Rotated", message["subject"])
        self.assertInvariants()
        self.lab.forget_messages()
        self.on_day(0)
        self.assertEqual(self.lab.published(), [])

    def test_where_there_are_no_mails_the_topic_is_how_people_are_told(self):
        self.use_alone({"type": "sns", "topic_arn": self.topic()})
        told = {}
        for day in (0, 1, 3, 7, 9, 10, 13, 17, 19, 20, 21):
            self.on_day(day)
            told[day] = [message["attributes"]["event"] for message in self.lab.published()]
            self.lab.forget_messages()
        self.assertEqual(told, {
            0: ["rotated"], 1: [], 3: ["deactivation-soon"], 7: ["deactivation-soon"], 9: ["deactivation-soon"], 10: ["deactivated"],
            13: ["deletion-soon"], 17: ["deletion-soon"], 19: ["deletion-soon"], 20: ["deleted"], 21: [],
        })
        self.assertNotIn(self.old, self.keys())
        self.assertInvariants()

    def test_where_the_only_channel_fails_nothing_retires(self):
        self.use_alone({"type": "sns", "topic_arn": self.topic()})
        self.lab.fault(op="Publish", kind="deny", times=0)
        run = self.on_day(0, code=1)
        self.assertEqual([a["status"] for a in run.actions(user="ann", action="rotate")], ["done"], run)
        run = self.on_day(11, code=1)
        self.assertEqual([a["reason"] for a in run.actions(key=self.old, action="hold")], ["not_announced"], run)
        self.lab.end_faults()
        self.on_day(12)
        self.on_day(13)
        self.assertEqual(self.keys()[self.old], "Inactive")

    def test_events_of_some_stages_only(self):
        self.use(self.settings({"type": "sns", "topic_arn": self.topic(), "events": ["deactivated"]}))
        self.on_day(0)
        self.assertEqual(self.lab.published(), [])
        self.on_day(10)
        self.assertEqual([m["attributes"]["event"] for m in self.lab.published()], ["deactivated"])

    def test_a_failure_is_an_event(self):
        self.use_alone({"type": "sns", "topic_arn": self.topic()})
        self.lab.fault(op="CreateAccessKey", kind="deny", times=0)
        self.on_day(0, code=1)
        failed = [m for m in self.lab.published() if m["attributes"]["event"] == "failed"]
        self.assertEqual([m["attributes"]["severity"] for m in failed], ["critical"])

    def test_a_webhook_for_slack(self):
        receiver = self.receiver()
        self.use(self.settings({"type": "webhook", "url": receiver.url, "body": "slack"}))
        run = self.on_day(0)
        self.assertEqual(len(receiver.posts), 1, run)
        path, headers, _ = receiver.posts[0]
        self.assertEqual(path, "/hooks/path-secret-4711")
        self.assertIn("application/json", headers["Content-Type"])
        body = receiver.bodies[0]
        self.assertIn(self.old, body["text"])
        self.assertEqual([block["type"] for block in body["blocks"]], ["header", "section"])
        self.assertIn("ann", body["blocks"][1]["text"]["text"])
        self.assertNotIn("X-Rekeyer-Signature", headers)
        self.assertInvariants()
        self.on_day(0)
        self.assertEqual(len(receiver.posts), 1)

    def test_a_webhook_whose_url_and_key_are_parameters(self):
        receiver = self.receiver()
        self.parameter("/rekeyer/url", receiver.url)
        self.parameter("/rekeyer/key", HMAC_KEY)
        self.use(self.settings({
            "type": "webhook", "name": "siem", "url_parameter": "/rekeyer/url", "hmac_parameter": "/rekeyer/key", "body": "json",
        }))
        run = self.on_day(0)
        self.assertEqual(len(receiver.posts), 1, run)
        _, headers, raw = receiver.posts[0]
        stamp = headers["X-Rekeyer-Timestamp"]
        wanted = hmac.new(HMAC_KEY.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-Rekeyer-Signature"], f"v1={wanted}")
        body = receiver.bodies[0]
        self.assertEqual(body["run"], run.json["run"]["id"])
        self.assertEqual(len(body["events"]), 1)
        self.check_event(body["events"][0])
        self.assertNoSecrets([raw.decode()])
        for text in (run.out, run.err, raw.decode()):
            self.assertNotIn(HMAC_KEY, text)
            self.assertNotIn("path-secret-4711", text)

    def test_a_webhook_that_is_busy_is_asked_again_and_one_that_fails_stops_nothing(self):
        busy, broken = self.receiver(429, 200), self.receiver(*[500] * 10)
        self.use(self.settings(
            {"type": "webhook", "name": "busy", "url": busy.url}, {"type": "webhook", "name": "broken", "url": broken.url}
        ))
        run = self.on_day(0, code=1)
        self.assertEqual([a["status"] for a in run.actions(user="ann", action="rotate")], ["done"], run)
        self.assertEqual(len(busy.posts), 2)
        self.assertEqual(busy.bodies[0]["events"][0]["id"], busy.bodies[1]["events"][0]["id"])
        self.assertIn("broken: ", run.err)
        self.assertNotIn("busy: ", run.err)
        self.assertNotIn("path-secret-4711", run.err)
        self.assertOneMail(ANN, "rotated")

    def test_a_service_that_accepts_and_delivers_nothing_has_told_nobody(self):
        receiver = self.receiver()
        self.use({"notify.channel": [{"type": "webhook", "name": "chat", "body": "teams", "url": receiver.url}]})
        receiver.body = b"Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId tcid=0"
        for day in (0, 11):
            run = self.on_day(day, code=1)
            self.assertIn("HTTP error 413", run.json["run"]["failing_channels"][0], run)
            self.assertIn("Not delivered: chat: ", run.err)
        self.assertEqual([a["reason"] for a in run.actions(key=self.old, action="hold")], ["not_announced"], run)
        receiver.body = b"<!DOCTYPE html><html><title>Sign in</title></html>"
        self.on_day(11.5, code=1)
        receiver.body = b"1"
        self.on_day(12)
        self.on_day(13)
        self.assertEqual(self.keys()[self.old], "Inactive")
        self.assertInvariants()

    def test_an_event_bus(self):
        self.use(self.settings({"type": "eventbridge"}))
        run = self.on_day(0)
        put = self.lab.bus_events()
        self.assertEqual(len(put), 1, run)
        self.assertEqual((put[0]["source"], put[0]["detail_type"]), ("rekeyer", "Access Key Rotated"))
        self.assertIn(MEMBER, put[0]["resources"][0])
        self.check_event(put[0]["detail"])
        self.assertNoSecrets([json.dumps(put)])
        self.on_day(0)
        self.assertEqual(len(self.lab.bus_events()), 1)

    def test_a_bus_of_ones_own(self):
        self.lab.admin(self.lab.made["tooling"], "events").create_event_bus(Name="security")
        self.use(self.settings({"type": "eventbridge", "bus": "security"}))
        self.on_day(0)
        self.assertEqual([event["bus"].rpartition("/")[2] for event in self.lab.bus_events()], ["security"])

    def lines_of_file(self) -> tuple:
        """(events, mails) in the file, in order."""
        lines = [json.loads(line) for line in (self.rekeyer.folder / "events.jsonl").read_text().splitlines()]
        return [line for line in lines if "event" in line], [line for line in lines if "to" in line]

    def test_a_file_takes_a_line_an_event_and_is_added_to(self):
        self.use(self.settings({"type": "file", "path": "events.jsonl"}))
        file = self.rekeyer.folder / "events.jsonl"
        file.write_text('{"somebody": "else\'s"}\n')
        for day in (0, 3, 10):
            self.on_day(day)
        self.assertEqual(json.loads(file.read_text().splitlines()[0]), {"somebody": "else's"})
        events, mails = self.lines_of_file()
        self.assertEqual(len(events), 3)
        for event, stage in zip(events, ("rotated", "deactivation-soon", "deactivated")):
            self.check_event(event, stage)
        self.assertEqual(mails, [], "there is a channel for them")
        self.assertInvariants()

    def test_a_file_alone_takes_the_mails_too(self):
        self.use_alone({"type": "file", "path": "events.jsonl"})
        for day in (0, 1, 3, 10, 20):
            self.on_day(day)
        events, mails = self.lines_of_file()
        self.assertEqual([event["event"] for event in events], ["rotated", "deactivation-soon", "deactivated", "deleted"])
        self.assertEqual([mail["to"] for mail in mails], [ANN] * 4)
        self.assertNotIn(self.old, self.keys(), "what the file took was told")
        self.assertInvariants()

    def test_an_event_of_an_untold_mail_is_sent_once(self):
        self.use(self.settings({"type": "file", "path": "events.jsonl"}))
        self.lab.fault(op="SendEmail", kind="error", code="MessageRejected", status=400, times=0)
        for day in (0, 1, 2):
            self.on_day(day)
        events, _ = self.lines_of_file()
        self.assertEqual([event["event"] for event in events], ["rotated"])


if __name__ == "__main__":
    unittest.main()
