#!/usr/bin/env python3
"""rekeyer 0.1 and this version at work in the same organization, one after the other and at the same time, some of them killed:
python3 tests/contract/age/two_versions.py [--older PROGRAM] [--seed N] [test…]

Nothing is lost, nobody is locked out, and no key goes early; when this version is alone again, all is as it should be. $REKEYER is this version (and
serves the sandbox); PROGRAM is 0.1, by default what scripts/version_0_1 builds. `make nightly` runs it. What the two do at once is the machine's
schedule, so a seed repeats what is started, and not what meets.
"""

import argparse
import datetime
import os
import random
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

os.environ["REKEYER_LAB"] = "sandbox"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from age import fixture, organization  # noqa: E402
from age.organization import BEGIN, RUN_AS, SETTINGS, YEAR  # noqa: E402
from age.player import Player  # noqa: E402
from case import LabCase  # noqa: E402
from checks import keys as key_checks  # noqa: E402
from checks import leaks  # noqa: E402
from rekeyer import ROOT, binary  # noqa: E402

DAY = 86400
PROOF = {"id": "0a1b2c3d-0000-4000-8000-000000000000", "region": "us-east-1", "spec": "ECC_NIST_P256"}
STORE = {"store": {"proof": f"arn:aws:kms:us-east-1:{RUN_AS}:key/{PROOF['id']}"}}
#: A call takes some time there and back, so that runs overlap.
OVERLAPPING = {"latency": 0.004, "latency_spread": 0.012}
#: 0.1 takes a renamed user for one who is gone, and has his secret removed: that is one of the reasons for this version, and none of its faults.
LOST_BY_0_1 = {"late-renamed"}
DEADLY = ("CreateAccessKey", "PutSecretValue", "UpdateSecretVersionStage", "TagResource", "PutResourcePolicy", "UpdateAccessKey", "DeleteAccessKey")
options = argparse.Namespace(older=None, seed=1)


class TwoVersions(LabCase):
    def setUp(self):
        self.random = random.Random(f"{options.seed}/{self.id()}")
        self.log, self.counts = [], {}

    def load(self, world):
        world["accounts"][0]["kms_keys"] = [PROOF]
        world["accounts"][0].setdefault("mail_identities", ["example.com"])
        self.lab.build(**world)
        self.lab.options(**OVERLAPPING)
        self.older = Player(self.lab, options.older)
        self.newer = Player(self.lab, settings={**SETTINGS, **STORE})
        for player in (self.older, self.newer):
            self.addCleanup(player.close)
        self.events_before = len(self.lab.key_events())

    # --- runs

    def start(self, version, *command):
        return version.rekeyer.start(*(command or ("apply", "--yes", "--format", "json")))

    def adoption(self):
        """Of all that stands by now: it goes on while others make more."""
        now = datetime.datetime.fromtimestamp(int(self.lab.now()), datetime.UTC)
        return self.start(self.newer, "adopt", "--before", now.strftime("%Y-%m-%dT%H:%M:%SZ"), "--yes", "--no-wait", "--format", "json")

    def count(self, what, by=1):
        self.counts[what] = self.counts.get(what, 0) + by

    def together(self, processes, kill):
        """Waits for all; `kill`: one of them is killed at some moment of its work, by the clock or at a call."""
        victim = None
        if kill:
            victim = self.random.choice(processes)
            if self.random.random() < 0.5:
                self.lab.victim(victim.pid)
                self.lab.fault(op=self.random.choice(DEADLY), kind="signal", when="after", skip=self.random.randrange(3))
            else:
                time.sleep(self.random.uniform(0.0, 0.6))
                victim.send_signal(signal.SIGKILL)
        for process in processes:
            out, err = process.communicate(timeout=120)
            self.count(f"runs of {'0.1' if process.args[0] == str(options.older) else 'this version'}")
            if process.returncode == -9:
                self.count("killed")
            self.assertIn(process.returncode, (0, 1, -9), f"{process.args}\n{out}\n{err}")
            if process.returncode != -9:
                self.log.append(err)
        self.lab.end_faults()

    def some_runs(self, adopts=False):
        """What is started on a day: both versions, in some order or at once, now and then two of each."""
        kill = self.random.random() < 0.7
        kind = self.random.choice(("older", "newer", "one after the other", "at once", "at once", "twice at once"))
        crowd = {
            "older": [self.older], "newer": [self.newer], "at once": [self.older, self.newer], "twice at once": [self.older, self.newer] * 2,
            "one after the other": self.random.sample([self.older, self.newer], 2),
        }[kind]
        if kind == "one after the other":
            for version in crowd:
                self.together([self.start(version)], kill)
            return
        processes = [self.start(version) for version in crowd] + ([self.adoption()] if adopts else [])
        self.together(processes, kill)
        self.count("at once", len(processes) > 1)

    def alone(self, days=(0.02, 1.1, 0.02)):
        """This version goes on by itself: takes over what is left, and settles what was begun."""
        for step in days:
            self.lab.advance(days=step)
            self.together([self.adoption()], kill=False)
            self.lab.advance(minutes=6)
            self.together([self.adoption()], kill=False)
            self.together([self.start(self.newer)], kill=False)

    # --- what must hold

    def assertNothingLost(self, recovery_days, excepted=frozenset(), unused=frozenset()):
        self.lab.options(latency=0, latency_spread=0)
        state = key_checks.read(self.lab)
        broken = key_checks.lost(self.lab, state) + key_checks.wrong_values(self.lab, state) + key_checks.locked_out(self.lab, state, unused)
        broken += key_checks.hasty_deletions(self.lab, state, recovery_days) + key_checks.made_more_than_once(self.lab, state)
        broken += leaks.value_reads(self.lab)
        self.lab.options(**OVERLAPPING)
        self.assertEqual([words for words in broken if not any(name in words for name in excepted)], [], self.log[-3:])
        for player in (self.older, self.newer):
            self.assertEqual([who for who in player.people.stranded if who[2] not in excepted], [], "somebody who works found no key that works")

    def assertAllIsAsItShouldBe(self, excepted=frozenset()):
        state = key_checks.read(self.lab)
        self.assertEqual([leaks.seen_secrets(self.lab, player.rekeyer, state) for player in (self.older, self.newer)], [[], []])
        dump = self.newer.dump()
        secrets, wrong, seen = fixture.secrets(dump), [], 0
        for account, user in fixture.users(dump):
            secret = secrets.get((account, user["name"]))
            if secret is None or user["name"] in excepted:
                continue
            seen += 1
            sids = [statement.get("Sid") for statement in secret.get("policy", {}).get("Statement", [])]
            tags = secret["tags"]
            if "RekeyerLock" not in sids or not tags.get("rekeyer:proof", "").startswith("1 kms ") or tags.get("rekeyer:id") != user["id"]:
                wrong.append(f"{user['name']}: not locked and proved: {sids} {tags}")
            if tags.get("rekeyer:intent", "none").split(" ")[0] != "none":
                wrong.append(f"{user['name']}: an intent is left: {tags}")
            current = organization.value_of(secret).get("AccessKeyId")
            living = {key["id"] for key in user.get("keys", []) if key.get("status", "Active") == "Active"}
            issued = {key["id"] for key in user.get("keys", []) if "issued_by" in key}
            if issued & living and current not in living:
                wrong.append(f"{user['name']}: what is published is not active: {current} {living}")
        self.assertEqual(wrong, [])
        return seen

    def tearDown(self):
        print(f"measured: {self.id().rpartition('.')[2]}: " + ", ".join(f"{number} {what}" for what, number in sorted(self.counts.items())), flush=True)

    # --- tests

    def test_days_of_both(self):
        """The year of 0.1 goes on under both; this version takes over on the fifth day, while 0.1 still runs."""
        world = fixture.load()
        self.load(world)
        promised = fixture.promises(world, SETTINGS)
        for number in range(YEAR + 1, YEAR + 25):
            self.newer.go_to(number)
            self.newer.work(number)
            if number % 5 == 0:
                self.some_runs(adopts=True)
                self.lab.advance(minutes=6)
            self.some_runs(adopts=number % 5 == 0)
            self.assertNothingLost(4, LOST_BY_0_1, {(organization.SHOP, name) for name in ("never-soon", "never-off", "never-late")})
        early, held_against = [], 0
        for event in self.lab.key_events()[self.events_before:]:
            due = promised.get((event["account"], event["user"], event["id"], event["event"]))
            if due and not event["by_lab"] and event["event"] != "created":
                held_against += 1
                early += [f"{event['user']}: {event['event']} {(due.timestamp() - event['at']) / DAY:.2f} days early"] if event["at"] < due.timestamp() else []
        self.assertEqual(early, [])
        self.assertGreater(held_against, 25)
        self.lab.admin(organization.RESEARCH, "secretsmanager").untag_resource(SecretId="Account_333333333333_User_tagged_AccessKey", TagKeys=["CostCenter"])
        self.alone()
        self.assertGreater(self.assertAllIsAsItShouldBe(LOST_BY_0_1), 50)
        self.count("steps held against the records", held_against)

    def test_everybody_is_due_at_once(self):
        for _ in range(6):
            self.one_round()

    def one_round(self):
        users = [organization._user(f"u{number:02}", {"age": 90 + number, "used": 0.2}) for number in range(16)]
        users += [organization._user(f"t{number}", {"age": 200, "used": 60}, {"age": 120, "used": 0.2}) for number in range(3)]
        account = {"id": organization.SHOP, "name": "shop", "users": users}
        self.load({"at": BEGIN.strftime("%Y-%m-%dT%H:%M:%SZ"), "accounts": [{"id": RUN_AS, "name": "management", "mail_identities": ["example.com"]}, account]})
        day = 0.0
        for step in (0, 0.002, 0.012, 0.02, 1.1, 3, 6.5, 1.1, 3, 7.5, 1.1):
            day += step
            self.newer.go_to(day)
            self.newer.work(int(day))
            self.some_runs(adopts=self.random.random() < 0.4)
            self.assertNothingLost(10)
        self.alone()
        self.assertNothingLost(10)
        self.assertEqual(self.assertAllIsAsItShouldBe(), 19)
        self.assertNoneWasCutEarly()

    def assertNoneWasCutEarly(self):
        """Who had one key works with it for ten days after the new one was stored, whoever made that."""
        events, early, cut = self.lab.key_events(), [], 0
        stored = {}
        for event in events:
            if event["event"] == "stored":
                stored.setdefault(event["user"], event["at"])
            if event["event"] == "deactivated" and event["id"] in self.lab.made["keys"][f"{event['account']}/{event['user']}"] and event["user"].startswith("u"):
                cut += 1
                if event["at"] - stored.get(event["user"], event["at"]) < 10 * DAY:
                    early.append((event["user"], event["id"], (event["at"] - stored.get(event["user"], event["at"])) / DAY))
        self.assertEqual(early, [])
        self.count("old keys retired", cut)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--older", type=Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("test", nargs="*")
    arguments.parse_args(namespace=options)
    if binary() is None:
        raise SystemExit("two_versions: there is no binary of this version: build it, or set REKEYER")
    if options.older is None:
        options.older = Path(subprocess.run([ROOT / "scripts" / "version_0_1"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip())
    print(f"two_versions: seed {options.seed}, 0.1 is {options.older}", flush=True)
    return 0 if unittest.main(argv=[sys.argv[0], *options.test], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
