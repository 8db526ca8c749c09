#!/usr/bin/env python3
"""Makes the world of a year under rekeyer 0.1 anew, and what 0.1 itself would have done with it: python3 tests/contract/age/grow.py PROGRAM [central]

PROGRAM is the release binary of 0.1 (scripts/version_0_1 builds it); it serves the sandbox, too. Writes world.json and timeline.json beside this
file; with `central`, where all secrets are in the account that rekeyer runs from, world_central.json and timeline_central.json. Ids of runs are drawn by 0.1, so two growths differ in them and in nothing that matters. Fails where a state is missing that tests want.
"""

import os
import subprocess
import sys
from pathlib import Path

os.environ["REKEYER_LAB"] = "sandbox"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import backends  # noqa: E402
from age import fixture, organization  # noqa: E402
from age.organization import ARRIVALS, BEGIN, CENTRAL, MEMBER, PLATFORM, RESEARCH, SHOP, YEAR  # noqa: E402
from age.player import Player, Sandbox  # noqa: E402
from case import secret_name  # noqa: E402
from lab import Lab  # noqa: E402

#: How long 0.1 goes on with what it left, for comparison.
GOES_ON = 115


class Growth:
    def __init__(self, program: Path, store: str):
        self.store = store
        backends.chosen = lambda: Sandbox(program)
        self.lab = Lab()
        self.lab.build(**organization.world(store))
        self.player = Player(self.lab, program, organization.settings(store))

    def iam(self, account):
        return self.lab.admin(account, "iam")

    def secrets(self, account):
        return self.lab.admin(organization.holder(account, self.store), "secretsmanager")

    def keys(self, account, user) -> list:
        found = self.iam(account).list_access_keys(UserName=user)["AccessKeyMetadata"]
        return sorted(found, key=lambda key: key["CreateDate"])

    def leave(self, account, user) -> None:
        self.lab.control("user", account=account, remove=user)

    def rename(self, account, user, name) -> None:
        self.iam(account).update_user(UserName=user, NewUserName=name)

    def put_tag(self, user, key, value) -> None:
        self.secrets(RESEARCH).tag_resource(SecretId=secret_name(RESEARCH, user), Tags=[{"Key": key, "Value": value}])

    def killed(self, user, operation, when="after") -> None:
        """A run for this user alone, which dies there."""
        by_caller = operation not in ("CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey")
        self.lab.fault(op=operation, account=organization.holder(PLATFORM, self.store) if by_caller else PLATFORM, kind="signal", when=when)
        run = self.player.apply("--user", user)
        if run.code != -9 or [rule["hit"] for rule in self.lab.end_faults()] != [1]:
            raise SystemExit(f"the run for {user} was not killed after {operation}\n{run}")

    # --- what people and administrators do

    def before_the_run(self, day: int) -> None:
        for account, user in ARRIVALS.get(day, ()):
            self.lab.control("user", account=account, user=user)
        if day == YEAR - 100:
            self.rename(SHOP, "early-rename", "early-renamed")
        if day == YEAR - 40:
            self.leave(SHOP, "gone-long")
        if day == YEAR - 5:
            self.leave(SHOP, "gone-lately")
        if day == YEAR - 30:
            self.iam(RESEARCH).tag_user(UserName="made-exempt", Tags=[{"Key": "rekeyer:exempt", "Value": "audit"}])
        if day == YEAR - 6:
            old = self.keys(RESEARCH, "ona")[0]["AccessKeyId"]
            self.iam(RESEARCH).update_access_key(UserName="ona", AccessKeyId=old, Status="Inactive")
        if day == YEAR - 2:
            (off,) = (key["AccessKeyId"] for key in self.keys(RESEARCH, "rex") if key["Status"] == "Inactive")
            self.iam(RESEARCH).update_access_key(UserName="rex", AccessKeyId=off, Status="Active")

    def after_the_last_run(self) -> None:
        """Between the last run of 0.1 and the upgrade."""
        self.leave(RESEARCH, "gone-tonight")
        self.rename(RESEARCH, "late-rename", "late-renamed")
        self.put_tag("tagged", "CostCenter", "42")
        self.put_tag("scribbled", "rekeyer:custody", "1 by hand")
        self.put_tag("blotted", "rekeyer:custody", "1")
        self.secrets(RESEARCH).untag_resource(SecretId=secret_name(RESEARCH, "wiped"), TagKeys=["rekeyer:custody"])
        name = secret_name(RESEARCH, "shared")
        policy = fixture.policy_of(self.secrets(RESEARCH), name)
        policy["Statement"].append({
            "Sid": "Team", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{RESEARCH}:role/team-reader"}, "Action": "secretsmanager:GetSecretValue",
            "Resource": "*"
        })
        fixture.put_policy(self.secrets(RESEARCH), name, policy)

    def day(self, number: int, check=True) -> None:
        self.player.go_to(number)
        self.before_the_run(number)
        self.player.work(number)
        run = self.player.apply()
        if check and run.code not in (0, 1):
            raise SystemExit(f"day {number}\n{run}")

    def year(self) -> None:
        for number in range(YEAR - 1):
            if number in (100, 200, 300):  # a machine that died in the middle of its work; the day after is as any other
                self.lab.fault(op="CreateAccessKey", kind="signal", when="after")
                self.day(number, check=False)
                self.lab.end_faults()
                continue
            self.day(number)
        self.player.go_to(YEAR - 1)
        self.player.work(YEAR - 1)
        self.killed("kill-orphan", "CreateAccessKey")
        self.player.apply()
        self.day(YEAR)
        self.player.go_to(YEAR + 0.05)
        self.killed("kill-intent", "TagResource")
        self.killed("kill-lost", "CreateAccessKey")
        self.killed("kill-stored", "PutSecretValue")
        self.killed("kill-published", "UpdateSecretVersionStage")
        self.player.go_to(YEAR + 0.195)
        self.killed("kill-live", "CreateAccessKey")
        self.player.go_to(YEAR + 0.2)

    def goes_on(self) -> None:
        for number in range(YEAR + 1, YEAR + GOES_ON + 1):
            self.day(number)


def main() -> int:
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], [CENTRAL]):
        raise SystemExit(__doc__)
    store = CENTRAL if sys.argv[2:] else MEMBER
    program = Path(sys.argv[1]).resolve()
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    if version != "0.1.0" or "adopt" in subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout:
        raise SystemExit(f"{program} is not rekeyer 0.1")
    growth = Growth(program, store)
    growth.year()
    growth.after_the_last_run()
    world = growth.player.dump()
    fixture.check_states(world)
    growth.goes_on()
    stranded = growth.player.people.stranded
    if stranded:
        print(f"stranded under 0.1: {stranded}")
    fixture.write(world, growth.lab.key_events(), BEGIN, store)
    growth.player.close()
    growth.lab.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
