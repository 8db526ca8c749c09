"""The lab's own API for tests: POST /__lab/<what> with a JSON object, answered with JSON."""

import datetime as dt

from . import clock, identity, strict_messages, world


class Control:
    def __init__(self, gateway, url):
        self._lab, self._url, self._machines = gateway, url, None

    def handle(self, what: str, body: dict):
        command = getattr(self, "do_" + what, None)
        if command is None:
            raise KeyError(f"the lab has no control {what!r}")
        return command(body)

    def do_ping(self, _):
        return {"ready": True}

    def do_world(self, spec):
        """Throws everything away, sets the clock back to the present and builds the world anew."""
        clock.move_to(dt.timedelta(0))
        return self._lab.rebuild(spec)

    def do_clock(self, body):
        """{"days"} moves to that many days after the start; {"advance"} (seconds) moves on from where the clock is."""
        if "days" in body:
            clock.move_to(dt.timedelta(days=body["days"]))
        if "advance" in body:
            clock.move_to(clock.offset() + dt.timedelta(seconds=body["advance"]))
        return {"now": clock.now().isoformat(), "epoch": clock.epoch()}

    def do_options(self, body):
        self._lab.set_options(body)
        return vars(self._lab.options)

    def do_calls(self, body):
        return self._lab.calls.read(body.get("clear", False))

    def do_mails(self, body):
        return strict_messages.mails(body.get("clear", False))

    def do_events(self, body):
        return strict_messages.events(body.get("clear", False))

    def do_faults(self, body):
        if body.get("clear"):
            self._lab.faults.clear()
        self._lab.faults.add(body.get("add", []))
        return self._lab.faults.report()

    def do_victim(self, body):
        if "pid" in body:
            self._lab.faults.victim.set(body["pid"])
        return {"signalled": self._lab.faults.victim.signalled}

    def do_functions(self, body):
        """{"url"}: where state machines invoke functions. Answers with the seconds that their retries would have waited."""
        if self._machines is None:
            from . import state_machines  # takes a second to import, and few suites want it

            self._machines = state_machines.install(self._url, self._lab.world)
        if "url" in body:
            self._machines.set_functions(body["url"])
        return {"waits": list(self._machines.waits)}

    def do_violations(self, _):
        return self._lab.authorizer.violations

    def do_key_events(self, _):
        return self._lab.key_events

    def do_known_secrets(self, _):
        """Every secret that must not be seen anywhere: users' keys (also deleted ones), sessions' secrets and tokens."""
        known = {event["secret"] for event in self._lab.key_events}
        for account in self._lab.identities.accounts():
            known |= {
                key.secret_access_key for user in identity.iam(account).users.values() for key in user.access_keys
            }
        return sorted(known | self._lab.identities.session_secrets())

    def do_user(self, body):
        """{"account", "user": description}: one more user, or with "remove" the end of one, keys and all."""
        if body.get("remove"):
            backend = identity.iam(body["account"])
            user = backend.users.pop(body["remove"])
            for key in user.access_keys:
                backend.access_keys.pop(key.access_key_id, None)
            for group in backend.groups.values():
                group.users[:] = [member for member in group.users if member is not user]
            return {}
        return {"keys": world.add_user(body["account"], body["user"])}

    def do_key(self, body):
        """{"id", "age", "used", "status"} changes a key's dates; {"account", "user", "key"} adds one, past the two-key limit too."""
        if "key" in body:
            return {"id": world.add_key(body["account"], body["user"], body["key"])}
        owned = self._lab.identities.owner(body["id"])
        if owned is None:
            raise KeyError(f"no access key {body['id']}")
        world.set_key_dates(owned[1], body)
        return {}

    def do_role(self, body):
        """{"account", "role": description, "remove": name}"""
        if "remove" in body:
            roles = identity.iam(body["account"]).roles
            for role_id in [key for key, role in roles.items() if role.name == body["remove"]]:
                del roles[role_id]
        if "role" in body:
            world.add_role(body["account"], {**self._lab.world._defaults, **body["role"]})
        return {}

    def do_secret(self, body):
        return {"arn": world.add_secret(body["account"], body["secret"])}

    def do_account_state(self, body):
        self._lab.world.set_account_state(body["account"], body["state"])
        return {}

    def do_secrets_bulk(self, body):
        """Many secrets at once, for tests of scale: {"account", "region", "secrets": [description]}."""
        for secret in body["secrets"]:
            world.add_secret(body["account"], secret)
        return {"added": len(body["secrets"])}
