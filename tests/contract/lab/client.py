"""`Lab`: what tests hold. Starts the server of the chosen backend, builds worlds, moves the clock, orders faults, reads calls, hands out clients."""

import functools
import json
import subprocess
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

import backends
from backends import LabError

_CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30)


@functools.cache
def _session() -> boto3.Session:
    """One for all clients: it caches the service models, which take most of a client's time to make."""
    return boto3.Session()


class Lab:
    def __init__(self, log=None):
        self.backend = backends.chosen()
        self._log = open(log, "w") if log else subprocess.DEVNULL
        self._process, self.url = self.backend.start(self._log)
        self.port = int(self.url.rpartition(":")[2])
        self.made = {}
        self._sessions = {}

    def stop(self) -> None:
        self.backend.end(self._process)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def control(self, what: str, **body):
        request = urllib.request.Request(
            self.url + self.backend.control_prefix + what, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as problem:
            raise LabError(problem.read().decode()) from None

    # --- the world

    def build(self, **spec) -> dict:
        """A new world; see world.py for the description. Ends all faults, sets the clock to the present, forgets all calls."""
        self.made = self.control("world", **spec)
        return self.made

    def options(self, **changes) -> dict:
        return self.control("options", **changes)

    def keys_of(self, account: str, user: str) -> list:
        """The ids of the keys that the world was built with, in the order of the description."""
        return self.made["keys"][f"{account}/{user}"]

    # --- the clock

    def move_clock(self, days: float) -> None:
        """To that many days after the world was built."""
        self.control("clock", days=days)

    def advance(self, **delta) -> None:
        import datetime as dt

        self.control("clock", advance=dt.timedelta(**delta).total_seconds())

    def now(self) -> float:
        return self.control("clock")["epoch"]

    # --- calls and faults

    def calls(self, clear: bool = False, lab: bool = False, **wanted) -> list:
        """The calls so far, without those of the lab's own administrators; filtered by members, as operation="CreateAccessKey"."""
        entries = self.control("calls", clear=clear)
        return [e for e in entries if (lab or not e["lab"]) and all(e[name] == value for name, value in wanted.items())]

    def forget_calls(self) -> None:
        self.control("calls", clear=True)

    def fault(self, **rule) -> None:
        self.control("faults", add=[rule])

    def faults(self, rules) -> None:
        self.control("faults", add=list(rules))

    def end_faults(self) -> list:
        report = self.control("faults")
        self.control("faults", clear=True)
        return report

    def fault_report(self) -> list:
        return self.control("faults")

    def victim(self, pid: int) -> None:
        self.control("victim", pid=pid)

    def violations(self) -> list:
        return self.control("violations")

    def key_events(self, **wanted) -> list:
        """What became of keys since the world was built: created, deactivated, activated, deleted, in order."""
        return [e for e in self.control("key_events") if all(e[name] == value for name, value in wanted.items())]

    # --- messages

    def mails(self, to: str | None = None) -> list:
        """What SES has sent, in order; each {"from", "to", "subject", "text", "html", "at", "region", "account", …}."""
        sent = self.control("mails")["mails"]
        return [mail for mail in sent if to is None or mail["to"] == [to]]

    def published(self) -> list:
        """What SNS has published; each {"topic", "subject", "message", "attributes", …}."""
        return self.control("mails")["published"]

    def bus_events(self) -> list:
        """What was put on EventBridge's buses; each {"bus", "source", "detail_type", "detail", "resources", …}."""
        return self.control("events")

    def forget_messages(self) -> None:
        self.control("mails", clear=True)
        self.control("events", clear=True)

    def verify_sender(self, identity: str, account: str | None = None, region: str = "us-east-1") -> None:
        """Lets mails go out from this address or domain; by the account from which rekeyer runs."""
        client = self.admin(account or self.made["tooling"], "sesv2", region)
        try:
            client.create_email_identity(EmailIdentity=identity)
        except client.exceptions.AlreadyExistsException:
            pass  # the sandbox's identities are the account's, in all regions

    # --- clients

    def caller_environment(self) -> dict:
        """The environment with which rekeyer (or anything else) acts as the caller."""
        caller = self.made["caller"]
        return {
            "AWS_ACCESS_KEY_ID": caller["key"], "AWS_SECRET_ACCESS_KEY": caller["secret"], "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def root_environment(self, account: str) -> dict:
        """The same as the account's root user, whose calls count as the lab's own."""
        key, secret = self.made["roots"][account]
        return {**self.caller_environment(), "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}

    def admin(self, account: str, service: str, region: str = "us-east-1"):
        """A client that may do everything in the account, and whose calls count as the lab's own."""
        key, secret = self.made["admins"][account]
        return self.client_with(key, secret, service, region)

    def client_with(
        self, key: str, secret: str, service: str, region: str = "us-east-1", token: str | None = None,
        any_date: bool = True, unseen: bool = False,
    ):
        """A client with these credentials. The lab's clock may be far from this machine's, so it may sign with any date; `unseen` calls
        count as the lab's own in the log."""
        cached = (key, secret, token, service, region, any_date, unseen, self.port)
        if cached in self._sessions:
            return self._sessions[cached]
        client = self.new_client(key, secret, service, region, token, any_date, unseen)
        self._sessions[cached] = client
        return client

    def new_client(
        self, key: str, secret: str, service: str, region: str, token: str | None = None, any_date: bool = True, unseen: bool = False
    ):
        """The same, made anew: for whoever registers handlers with it."""
        client = _session().client(
            service, region, endpoint_url=self.url, config=_CONFIG, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token
        )
        for wanted, header in ((any_date, self.backend.any_date), (unseen, self.backend.unseen)):
            if wanted:
                client.meta.events.register(
                    "before-sign", lambda request, header=header, **_: request.headers.add_header(header, "1")
                )
        return client

    def assume(self, account: str, role: str = "rekeyer-member", **more):
        """A boto3 client factory with a session of the role, as the caller would get it."""
        caller = self.made["caller"]
        sts = self.client_with(caller["key"], caller["secret"], "sts")
        issued = sts.assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="lab-test", **more
        )["Credentials"]
        return lambda service, region="us-east-1": self.client_with(
            issued["AccessKeyId"], issued["SecretAccessKey"], service, region, issued["SessionToken"]
        )

    def wait_until_idle(self, seconds: float = 0.3) -> None:
        """Until no call came for that long; for looking at the log after a program was killed."""
        count = -1
        while (now := len(self.calls(lab=True))) != count:
            count = now
            time.sleep(seconds)
