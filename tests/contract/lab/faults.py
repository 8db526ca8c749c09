"""Faults that a test orders: errors, throttles, lost replies, cut connections, waits, and a signal to the program under test.

A fault is a dictionary: `op` (an operation, "*" for all or "changing"), optional `service`, `account`, `match` (text in the
body), `skip` (let that many matching calls pass first), `times` (default 1, 0 = for ever), `when` ("before" or "after" the call
is performed), `kind` and what that kind needs:
  throttle   the service's own throttling error
  error      `code`, `status` (default: the service's internal error)
  deny       the service's access-denied error
  html       a load balancer's 503 page, not in the service's format
  cut        no reply, connection closed
  truncate   performs, then half of the reply's body
  delay      waits `seconds`, then goes on as usual
  hang       waits `seconds`, then cuts
  signal     sends `signal` (default 9) to the program under test; cuts if it is 9, else goes on as usual
"""

import os
import signal as signals
import threading
import time

from . import wire


class Victim:
    """The process that a `signal` fault is for; told by the test right after it started it."""

    def __init__(self):
        self.pid = None
        self.signalled = 0
        self._known = threading.Condition()

    def set(self, pid):
        with self._known:
            self.pid, self.signalled = pid, 0
            self._known.notify_all()

    def send(self, number):
        with self._known:
            # A process that is gone is the one before: the test has not yet said which one it has started since.
            while self._known.wait_for(lambda: self.pid is not None, timeout=5):
                try:
                    os.kill(self.pid, number)
                except ProcessLookupError:
                    self.pid = None
                    continue
                self.signalled += 1
                if number == signals.SIGKILL:
                    self.pid = None
                return


class Faults:
    def __init__(self):
        self._rules = []
        self._lock = threading.Lock()
        self.victim = Victim()

    def add(self, rules) -> None:
        with self._lock:
            for rule in rules:
                self._rules.append({"times": 1, "skip": 0, "when": "before", "seen": 0, "hit": 0, **rule})

    def clear(self) -> None:
        with self._lock:
            self._rules = []

    def report(self) -> list:
        with self._lock:
            return [dict(rule) for rule in self._rules]

    def pick(self, request, account):
        """The first fault that applies to this call, its counters already moved on; None if there is none."""
        text = request.body.decode("utf-8", "replace")
        with self._lock:
            for rule in self._rules:
                if not self._applies(rule, request, account, text):
                    continue
                rule["seen"] += 1
                if rule["seen"] <= rule["skip"] or (rule["times"] and rule["hit"] >= rule["times"]):
                    continue
                rule["hit"] += 1
                return dict(rule)
        return None

    @staticmethod
    def _applies(rule, request, account, text) -> bool:
        op = rule.get("op", "*")
        named = op == "*" or op == request.operation or (op == "changing" and request.changing)
        return (
            named
            and rule.get("service", request.service) == request.service
            and rule.get("account", account) == account
            and rule.get("match", "") in text
        )

    def strike(self, rule, request, reply=None):
        """Carries the fault out. Returns a reply to send, None to go on as usual, or raises Cut."""
        kind = rule.get("kind", "error")
        if kind == "throttle":
            return wire.failure(request.service, wire.throttled(request.service))
        if kind == "deny":
            return wire.failure(
                request.service, wire.denied(request.service, "the caller", f"{request.service}:{request.operation}")
            )
        if kind == "error":
            refusal = wire.internal_error(request.service)
            if rule.get("code"):
                refusal = wire.Refusal(rule["code"], rule.get("message", "injected"), rule.get("status", 400))
            return wire.failure(request.service, refusal)
        if kind == "html":
            return wire.Reply(
                503, {"Content-Type": "text/html"}, b"<html><body><h1>503 Service Unavailable</h1></body></html>"
            )
        if kind == "delay":
            time.sleep(rule.get("seconds", 1))
            return reply
        if kind == "hang":
            time.sleep(rule.get("seconds", 5))
            raise wire.Cut()
        if kind == "signal":
            number = rule.get("signal", 9)
            self.victim.send(number)
            if number == signals.SIGKILL:
                raise wire.Cut()
            return reply
        if kind == "truncate":
            raise wire.Cut(partial=reply)
        raise wire.Cut()
