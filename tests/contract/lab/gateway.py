"""The way of a call through the lab: log it, strike with a fault, authenticate, authorise, check, let moto perform it."""

import datetime as dt
import io
import json
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from . import calls, clock, current, faults, identity, strict_iam, strict_messages, strict_organizations, strict_secrets, wire
from .authorization import Authorizer
from .options import Options
from .world import World

_CHECKS = {
    "iam": strict_iam.check, "organizations": strict_organizations.check, "secretsmanager": strict_secrets.check,
    "ses": strict_messages.check, "account": strict_messages.check,
}


class Gateway:
    def __init__(self):
        self.options = Options()
        self.world = World()
        self.calls = calls.CallLog()
        self.faults = faults.Faults()
        self.reports = strict_iam.Reports()
        self.identities = identity.Identities(self.options)
        self.authorizer = Authorizer(self.options, lambda account: self.world.organization_id(account))
        self.frozen_secret_lists = {}
        self.key_events = []
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._one_at_a_time = threading.Lock()

    def set_options(self, changes) -> None:
        self.options.update(changes)
        if "secrets_list_frozen" in changes:
            self.frozen_secret_lists = {}

    def rebuild(self, spec) -> dict:
        with self._one_at_a_time:
            self.options.update(vars(Options()))
            self.options.update(spec.get("options", {}))
            self.calls.clear()
            self.faults.clear()
            self.reports.clear()
            self.authorizer.reset()
            self.frozen_secret_lists = {}
            self.key_events = []
            with clock.standing_still() as built:
                made = self.world.build(spec, self.identities)
            return {**made, "built": built.replace(tzinfo=dt.timezone.utc).timestamp()}

    def key_event(self, event, user, key) -> None:
        """Remembers what became of a key; unlike the log of calls, this is never cleared before the next world."""
        by = current.principal()
        self.key_events.append({
            "at": clock.epoch(), "event": event, "account": user.account_id, "user": user.name, "id": key.access_key_id,
            "secret": key.secret_access_key, "by_lab": by.is_lab,
        })

    def handle(self, request) -> wire.Reply:
        principal = self.identities.resolve(request)
        entry = self.calls.open(request, principal)
        lab_call = entry["lab"]
        fault = None if lab_call else self.faults.pick(request, principal.account if principal else None)
        try:
            reply = self._struck_before(fault, request, entry)
            if reply is None:
                reply = self._answer(request, principal)
            reply = self._struck_after(fault, request, reply, entry)
        except wire.Cut:
            entry["status"], entry["code"] = 0, "ConnectionCut"
            raise
        entry["status"] = reply.status
        if reply.status >= 400:
            entry["code"] = self._code(reply)
        return reply

    def _struck_before(self, fault, request, entry):
        if not fault or fault["when"] != "before" or fault["kind"] == "truncate":
            return None
        entry["fault"] = f"{fault['kind']} before"
        return self.faults.strike(fault, request)

    def _struck_after(self, fault, request, reply, entry):
        if not fault or (fault["when"] != "after" and fault["kind"] != "truncate"):
            return reply
        entry["fault"] = f"{fault['kind']} after"
        entry["performed"] = reply.status < 400
        return self.faults.strike(fault, request, reply) or reply

    def _answer(self, request, principal) -> wire.Reply:
        with self._one_at_a_time:
            try:
                principal = self.identities.authenticate(request, principal)
                current.enter(self, request, principal)
                self.authorizer.check(request, principal)
                _CHECKS.get(request.service, lambda _: None)(request)
                return self._perform(request, principal)
            except wire.Refusal as refusal:
                return wire.failure(request.service, refusal)

    def _perform(self, request, principal) -> wire.Reply:
        account = self.world.management if request.service == "organizations" else principal.account
        environ = {
            "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": request.path, "QUERY_STRING": request.query,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(request.body), "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "CONTENT_TYPE": request.headers.get("content-type", ""), "CONTENT_LENGTH": str(len(request.body)),
            "HTTP_X_MOTO_ACCOUNT_ID": account,
        }
        for name, value in request.headers.items():
            if name not in ("content-type", "content-length"):
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        started = {}

        def start_response(status, headers, _exception=None):
            started.update(status=int(status.split()[0]), headers=dict(headers))

        body = b"".join(self._moto(environ, start_response))
        headers = {name: value for name, value in started["headers"].items() if name.lower() not in ("content-length", "date", "server", "connection")}
        if request.service not in wire.QUERY_SERVICES | wire.XML_SERVICES:
            headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
            headers["Content-Type"] = "application/x-amz-json-1.1"
        return wire.Reply(started["status"], headers, body)

    @staticmethod
    def _code(reply) -> str:
        text = reply.body.decode("utf-8", "replace")
        if "<Code>" in text:
            return text.split("<Code>")[1].split("</Code>")[0]
        if named := reply.headers.get("x-amzn-ErrorType"):
            return named
        try:
            return json.loads(text).get("__type", "")
        except ValueError:
            return ""
