#!/usr/bin/env python3
"""A key's life in a minute: rekeyer at work on a small organization in the lab, day by day. Exits with 1 if a day does not go as told.

usage: python3 tests/contract/demo.py        ($REKEYER names the binary; default: the newest build)
"""

import json
import os
import sys
import textwrap
import time

from case import missing_needs, secret_name
from rekeyer import Rekeyer, binary

PROD, DEV, OLD = "111111111111", "222222222222", "333333333333"
WIDTH = 100
COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


class Story:
    def __init__(self, lab, rekeyer):
        self.lab, self.rekeyer, self.wrong = lab, rekeyer, 0

    def day(self, number, title):
        self.lab.move_clock(number + 0.001 * number)
        print("\n" + paint("1;36", f"Day {number} - {title}"))

    def tell(self, text):
        print(textwrap.fill(" ".join(text.split()), WIDTH, initial_indent="  ", subsequent_indent="  "))

    def check(self, holds, text):
        self.wrong += not holds
        print("  " + (paint("32", "ok   ") if holds else paint("1;31", "WRONG")) + f" {text}")
        return holds

    def command(self, *words):
        print(paint("2", "  $ rekeyer " + " ".join(words)))
        extra = ("--yes",) if words[0] == "apply" else ()
        run = self.rekeyer.run(*words, *extra, "--color", "on" if COLOUR else "off")
        for line in run.out.rstrip().splitlines():
            print("    " + line)
        return run

    # --- looking at the accounts, not at what rekeyer says

    def keys(self, account, user):
        listed = self.lab.admin(account, "iam").list_access_keys(UserName=user)["AccessKeyMetadata"]
        return {key["AccessKeyId"]: key["Status"] for key in listed}

    def stored(self, account, user):
        client = self.lab.admin(account, "secretsmanager")
        try:
            return json.loads(client.get_secret_value(SecretId=secret_name(account, user))["SecretString"])
        except client.exceptions.ResourceNotFoundException:
            return None

    def use(self, account, user, key=None):
        """The owner works with the key: its last use is now."""
        self.lab.control("key", id=key or self.lab.keys_of(account, user)[0], used=0.01)

    def identity(self, value):
        return self.lab.client_with(value["AccessKeyId"], value["SecretAccessKey"], "sts").get_caller_identity()["Arn"]


def build(lab):
    def user(name, **more):
        return {"name": name, "keys": [{"age": 0, "used": 0}], "tags": {"owner": f"{name}@example.com"}, **more}

    lab.build(
        ous=["Workloads/Prod", "Workloads/Dev", "Closed"],
        accounts=[
            {
                "id": PROD, "name": "prod", "ou": "Workloads/Prod",
                "users": [user("payments-api"), user("break-glass", groups=["IAMKeyRotationExemptionGroup"])],
            },
            {"id": DEV, "name": "dev", "ou": "Workloads/Dev", "users": [user("ci-build")]},
            {"id": OLD, "name": "old-shop", "ou": "Closed", "state": "SUSPENDED"},
        ],
        options={"new_key_refusals": 1},
    )


def story(s):
    users = ((PROD, "payments-api"), (DEV, "ci-build"))
    old = {user: s.lab.keys_of(account, user)[0] for account, user in users}

    s.day(0, "three IAM users with new keys, in two accounts; a third account is suspended")
    s.command("plan")
    s.check(not [c for c in s.lab.calls() if c["changing"]], "a plan changes nothing")

    s.day(85, "the keys near their ninety days")
    for account, user in users:
        s.use(account, user)
    run = s.rekeyer.plan()
    warned = {a["user"] for a in run.actions(action="warn")}
    s.check(warned == {"payments-api", "ci-build"}, f"owners are warned a week ahead: {', '.join(sorted(warned))}")

    s.day(90, "rotation")
    for account, user in users:
        s.use(account, user)
    run = s.command("apply")
    s.check(run.code == 0, "rekeyer ended well")
    new = {}
    for account, user in users:
        value = s.stored(account, user)
        new[user] = value and value["AccessKeyId"]
        s.check(
            value is not None and s.identity(value) == f"arn:aws:iam::{account}:user/{user}",
            f"{user}: a new key is stored in Secrets Manager, and it works",
        )
        s.check(
            s.keys(account, user).get(old[user]) == "Active",
            f"{user}: the old key still works; there are ten days to switch",
        )
    s.check(len(s.keys(PROD, "break-glass")) == 1, "break-glass is exempt and was not touched")

    s.day(97, "payments-api has switched to the new key, ci-build has not")
    s.use(PROD, "payments-api", new["payments-api"])

    s.day(100, "the old keys retire, unless they are still in use")
    s.use(DEV, "ci-build", old["ci-build"])
    s.command("apply")
    s.check(
        s.keys(PROD, "payments-api")[old["payments-api"]] == "Inactive",
        "payments-api: the old key is switched off; it can be switched on again for ten days",
    )
    s.check(
        s.keys(DEV, "ci-build")[old["ci-build"]] == "Active",
        "ci-build: the old key is still in use, so it is held and its owner is told",
    )

    s.day(105, "ci-build has switched as well, four days ago")
    s.lab.control("key", id=old["ci-build"], used=4)
    s.rekeyer.apply()
    s.check(s.keys(DEV, "ci-build")[old["ci-build"]] == "Inactive", "ci-build: the old key is switched off now")

    s.day(110, "the end of recovery")
    s.command("apply")
    s.check(
        set(s.keys(PROD, "payments-api")) == {new["payments-api"]},
        "payments-api: the old key is deleted, the new one is its only key",
    )
    s.check(old["ci-build"] in s.keys(DEV, "ci-build"), "ci-build: its ten days are not over yet")

    s.day(116, "and ci-build")
    s.rekeyer.apply()
    s.check(set(s.keys(DEV, "ci-build")) == {new["ci-build"]}, "ci-build: the old key is deleted")

    print("\n" + paint("1;36", "All along"))
    from checks import broken_invariants

    broken = broken_invariants(s.lab, s.rekeyer)
    s.check(not broken, "nothing lost, nobody locked out, no secret seen" if not broken else "; ".join(broken))
    s.check(not s.lab.violations(), "rekeyer never asked for a secret's value")


def main() -> int:
    program = binary()
    if why := missing_needs() or (None if program else "there is no rekeyer binary; run `make build`"):
        print(f"demo: can't run: {why}")
        return 1
    from lab import Lab

    begun = time.monotonic()
    with Lab() as lab:
        build(lab)
        rekeyer = Rekeyer(lab, {})
        try:
            teller = Story(lab, rekeyer)
            story(teller)
        finally:
            rekeyer.close()
    seconds = time.monotonic() - begun
    print(
        f"\n116 days in {seconds:.0f} seconds: " + (
            paint("1;32", "all as told.") if not teller.wrong else paint(
                "1;31", f"{teller.wrong} things were not as told."
            )
        )
    )
    return 1 if teller.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
