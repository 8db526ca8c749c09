"""The base of the suites about messages: worlds with owners, a sender that SES knows, and words for what came in whose letterbox."""

import re
from datetime import datetime, timezone

from case import MEMBER, RekeyerCase, secret_name

SENDER = "Access keys <access-keys@example.com>"
ANN = "ann@example.com"
ADMINISTRATORS = "administrators@example.com"

#: What a mail's subject says, by stage; the first that fits.
_SUBJECTS = (
    ("rotation-soon", "will be replaced on"),
    ("rotated", "was replaced: install the new one"),
    ("in-use", "is still in use"),
    ("deactivation-soon", "will be deactivated on"),
    ("unused", "is not used and will be deactivated"),
    ("deletion-soon", "will be deleted for good"),
    ("deactivated", "was deactivated"),
    ("deleted", "was deleted"),
    ("two-keys", "can't be replaced"),
)


def stage_of(mail) -> str:
    return next((stage for stage, words in _SUBJECTS if words in mail["subject"]), mail["subject"])


def plain(mail) -> str:
    """The text part without its line breaks."""
    return " ".join(mail["text"].split())


def day_words(epoch: float) -> str:
    """As mails write it: "Sunday, 11 January 2026"."""
    day = datetime.fromtimestamp(epoch, timezone.utc)
    return f"{day:%A}, {day.day} {day:%B %Y}"


class Letterbox(RekeyerCase):
    """A day is a number of days after the world was built; runs come a quarter of an hour into it."""

    def one_owned_user(self, age=0, used=0, tags=None, **spec):
        self.one_user([{"age": age, "used": used}], user_spec={"tags": {"owner": ANN} if tags is None else tags}, **spec)
        self.lab.verify_sender("example.com")
        return self.lab.keys_of(MEMBER, "ann")[0]

    @staticmethod
    def settings(*more_channels, notify=None, owner=None, mail=None, **sections) -> dict:
        """Sections of a rekeyer.toml: mails by SES as the channel `mail`, and these channels beside it."""
        return {
            **sections,
            "notify": {"from": SENDER, **(notify or {})},
            "notify.channel": [{"type": "ses", "name": "mail", "rate": 1000, **(mail or {})}, *more_channels],
            **({"owner": owner} if owner else {}),
        }

    def on_day(self, day, *arguments, code=0):
        """One apply on that day."""
        self.lab.move_clock(day + 0.01)
        self.install_all()
        run = self.rekeyer.apply(*arguments)
        self.assertExit(run, code)
        return run

    def new_mails(self) -> list:
        """What came since it was last asked."""
        mails = self.lab.mails()
        self.lab.forget_messages()
        return mails

    def notice_tag(self, user="ann", account=MEMBER) -> str:
        return self.tags(account, user).get("rekeyer:notice", "")

    def findings(self, run, reason, **wanted) -> list:
        return run.actions(reason=reason, **wanted)

    def fetch_command(self, account=MEMBER, user="ann") -> str:
        return f"aws secretsmanager get-secret-value --secret-id {secret_name(account, user)} --region us-east-1"

    def assertOneMail(self, to, stage):
        mails = self.new_mails()
        self.assertEqual([(mail["to"], stage_of(mail)) for mail in mails], [([to], stage)])
        return mails[0]

    def assertNoMails(self):
        self.assertEqual([(mail["to"], mail["subject"]) for mail in self.new_mails()], [])

    def assertNoSecrets(self, texts):
        """No key's secret in any of these, whole or by half."""
        known = {secret for secret in self.lab.control("known_secrets") if secret}
        known |= {secret[: len(secret) // 2] for secret in known if len(secret) >= 40}
        pattern = re.compile("|".join(re.escape(secret) for secret in sorted(known, key=len, reverse=True)))
        for text in texts:
            self.assertIsNone(pattern.search(text), "a secret can be read in a message")
