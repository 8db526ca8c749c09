"""A year of rekeyer 0.1, made by 0.1 itself (age/), goes on under this version: vouched for, or not.

What must happen is read from the records that 0.1 left, by Python, and from what 0.1 went on to do with the same world.
"""

import collections
import json
import re

from age import fixture, organization
from age.organization import BEGIN, RESEARCH, RUN_AS, SETTINGS, SHOP, YEAR, moment
from age.player import Player
from case import LabCase, secret_name
from checks import keys as key_checks
from checks import leaks, runs
from letterbox import stage_of

DAY = 86400
DATE = organization._day(YEAR + 1)
PROOF = {"id": "0a1b2c3d-0000-4000-8000-000000000000", "region": "us-east-1", "spec": "ECC_NIST_P256"}
#: A central store's secrets are changed by the caller, whom the configuration has to name.
CALLER = f"arn:aws:iam::{RUN_AS}:user/rekeyer-*"
#: Whose record IAM's dates do not carry: a first rotation that died before it recorded anything, a key that somebody switched on again, tags that were
#: scribbled on or taken away, and a word that would have a key deleted after a day.
ANEW = {"kill-stored", "kill-published", "kill-orphan", "rex", "scribbled", "wiped"}
#: Something of others is on it.
STRANGE = {"tagged"}
#: A run of 0.1 was killed minutes ago.
AT_WORK = {"kill-live"}
#: 0.1 had no rule by which a key that is used once a month waits for its owner to use the new one.
WAITS_FOR_INSTALLATION = {"monthly"}
#: 0.1 cleared what a dead run had left on one day and rotated on the next; by some seconds, a later step of it may then have fallen on one day more.
A_DAY_AHEAD = {"kill-intent"}
#: Nobody ever used their keys: they are to end without one.
UNUSED = {(SHOP, name) for name in ("never-soon", "never-off", "never-late")}
#: Secrets under names that nobody has any more.
NOBODYS = {"gone-tonight", "late-rename"}
STEPS = ("created", "deactivated", "deleted")


class Age(LabCase):
    STORE = organization.MEMBER

    def setUp(self):
        self.world = fixture.load(self.STORE)
        self.world["accounts"][0].setdefault("kms_keys", []).append(PROOF)
        self.lab.build(**self.world)
        store = {"proof": f"arn:aws:kms:us-east-1:{RUN_AS}:key/{PROOF['id']}"}
        if self.STORE == organization.CENTRAL:
            store |= {**organization.CENTRAL_STORE, "writers": [CALLER]}
        self.player = Player(self.lab, settings={**SETTINGS, "store": store})
        self.addCleanup(self.player.close)
        self.events_before = len(self.lab.key_events())
        self.promised = fixture.promises(self.world, SETTINGS)

    # --- what is done

    def adopt(self, *arguments, before=DATE):
        return self.player.rekeyer.run("adopt", "--before", before, "--format", "json", *arguments)

    def adopt_all(self):
        """As `rekeyer adopt` does it, without five minutes of waiting: locks, and takes over what is locked."""
        locked = self.adopt("--yes", "--no-wait")
        self.lab.advance(minutes=5, seconds=15)
        return locked, self.adopt("--yes", "--no-wait")

    def day(self, number):
        self.player.go_to(number)
        self.player.work(number)
        return self.player.apply()

    # --- what is seen

    def steps(self, events=None) -> list:
        """(day, account, user, key, what) of all that a run did to keys since the world was loaded."""
        events = self.lab.key_events()[self.events_before:] if events is None else events
        return [
            ((event["at"] - BEGIN.timestamp()) / DAY - YEAR, event["account"], event["user"], event["id"], event["event"])
            for event in events if not event["by_lab"] and event["event"] in STEPS
        ]

    def by_turn(self, steps, until) -> dict:
        """(account, user, what) → days, in order. A key that is made has another id each time, so they are told apart by turn."""
        found = collections.defaultdict(list)
        for day, account, user, _, what in steps:
            if day <= until:
                found[account, user, what].append(day)
        return found

    def secrets_now(self) -> dict:
        return fixture.secrets(self.player.dump())

    def assertNothingEarly(self):
        """No key was touched before the day that the record of 0.1 promises, read here anew."""
        first, held_against, early = {}, 0, []
        for day, account, user, key, what in self.steps():
            due = self.promised.get((account, user, key, what))
            if what == "created":
                first.setdefault((account, user), day)
            elif due:
                held_against += 1
                early += [f"{user}: {key} was {what} on day {day}, before {due}"] if day < self.days(due) else []
        for owner, day in first.items():
            due = [self.days(due) for (*other, _, what), due in self.promised.items() if tuple(other) == owner and what == "created"]
            held_against += len(due) > 0
            early += [f"{owner}: a key was made on day {day}, before {min(due)}"] if due and day < min(due) else []
        self.assertEqual(early, [])
        return held_against

    @staticmethod
    def days(instant) -> float:
        """After the last run of 0.1."""
        return (instant - BEGIN).total_seconds() / DAY - YEAR

    def assertTimely(self, until, late, excepted=frozenset()):
        """Each step that 0.1 went on to do is done, once, no day earlier and `late(day)` days later at most; and no step else."""
        theirs = self.by_turn(fixture.timeline(self.STORE), until)
        ours = self.by_turn(self.steps(), float("inf"))
        problems = []
        for turn in sorted(set(theirs) | set(ours)):
            if turn[1] in excepted:
                continue
            expected, seen = theirs.get(turn, []), ours.get(turn, [])
            if len(seen) < len(expected):
                problems.append(f"{turn}: {expected} under 0.1, {seen} now")
            # 0.1's days are rounded, and its runs began some seconds off.
            early = 2.01 if turn[1] in A_DAY_AHEAD else 1.01
            problems += [f"{turn}: day {now:.3f} instead of {day}" for day, now in zip(expected, seen) if not day - early <= now <= day + late(day) + 0.01]
            extra = [day for day in seen[len(expected):] if day < until - 2]
            if extra:
                problems.append(f"{turn}: days {extra}, which 0.1 did not do")
        self.assertEqual(problems, [])

    def assertNothingLost(self):
        state = key_checks.read(self.lab)
        broken = (
            key_checks.lost(self.lab, state) + key_checks.wrong_values(self.lab, state) + key_checks.locked_out(self.lab, state, UNUSED) +
            key_checks.hasty_deletions(self.lab, state, 4) + key_checks.made_more_than_once(self.lab, state) + leaks.seen_secrets(self.lab, self.player.rekeyer, state)
            + leaks.value_reads(self.lab) + runs.changed_in_plan(self.player.rekeyer)
        )
        self.assertEqual(broken, [])
        self.assertEqual(self.player.people.stranded, [], "somebody who works found no key that works")

    def assertValuesWhereTheyWere(self):
        """Each living key of 0.1 is stored where it was, under the version that it had."""
        now, alive = self.secrets_now(), {key["id"] for _, user in fixture.users(self.player.dump()) for key in user.get("keys", [])}
        kept, lost = 0, []
        for owner, secret in fixture.secrets(self.world).items():
            for version in secret.get("versions", []):
                key = json.loads(version["value"])["AccessKeyId"]
                if key in alive:
                    same = [other["value"] for other in now[owner].get("versions", []) if other["id"] == version["id"]] == [version["value"]]
                    kept, lost = kept + same, lost + ([] if same else [(owner, key)])
        self.assertEqual(lost, [])
        return kept

    def assertLockedAndProved(self, excepted=frozenset()):
        """Everybody's secret: no tag is believed by which somebody else could have put it there."""
        secrets, seen, open_ones = self.secrets_now(), 0, []
        for account, user in fixture.users(self.player.dump()):
            secret = secrets.get((account, user["name"]))
            if secret is None or user["name"] in excepted:
                continue
            seen += 1
            locked = "RekeyerLock" in [statement.get("Sid") for statement in secret.get("policy", {}).get("Statement", [])]
            proved = re.fullmatch(r"1 kms \d{8}T\d{6}Z [A-Za-z0-9+/=]{88}", secret["tags"].get("rekeyer:proof", "")) is not None
            if not locked or not proved or secret["tags"].get("rekeyer:id") != user["id"]:
                open_ones.append((account, user["name"], secret["tags"]))
        self.assertEqual(open_ones, [])
        return seen

    def assertSecondRunIsIdle(self):
        """No two runs disagree: two plans say the same, and what a run did, the next one finds done."""
        plans = [[self.ageless(action) for action in self.player.rekeyer.plan().json["actions"]] for _ in range(2)]
        self.assertEqual(plans[0], plans[1])
        due = self.changes(plans[0], "planned")
        done = self.changes(self.player.apply().json["actions"], "done")
        self.assertEqual(due, done)
        before = len(self.steps())
        more = self.changes(self.player.apply().json["actions"], "done")
        made_room = {user for user, _, action in done if action == "delete"}
        self.assertEqual({(user, action) for user, _, action in more if (user, action) not in {(user, "rotate") for user in made_room}}, set())
        self.assertEqual(len(self.steps()), before + len(more))
        self.assertEqual(self.changes(self.player.apply().json["actions"], "done"), set(), "the third run did something")

    @staticmethod
    def ageless(action) -> dict:
        """Two plans some seconds apart may stand on both sides of a day."""
        return {**action, "detail": re.sub(r"\(\d+ days? ago\)", "(…)", action["detail"])}

    @staticmethod
    def changes(actions, status) -> set:
        return {(a["user"], a["key"], a["action"]) for a in actions if a["status"] == status and a["action"] in ("rotate", "deactivate", "delete", "recover")}

    # --- tests

    def test_a_day_that_is_yet_to_come_vouches_for_nothing(self):
        refused = self.adopt("--yes", "--no-wait", before=organization._day(YEAR + 30))
        self.assertEqual((refused.code, [call["operation"] for call in self.lab.calls() if call["changing"]]), (2, []))
        self.assertIn("is yet to come", refused.err)

    def test_what_is_vouched_for_goes_on(self):
        plan = self.adopt("--plan")
        self.assertEqual((plan.code, [call["operation"] for call in self.lab.calls() if call["changing"] and call["operation"] != "GenerateCredentialReport"]), (0, []))
        self.assertEqual({a["user"] for a in plan.actions(status="held")}, STRANGE)
        self.assertEqual({a["user"] for a in plan.actions(status="planned") if "anew" in a["detail"]}, ANEW)
        with_secret = {user["name"] for account, user in fixture.users(self.world) if (account, user["name"]) in fixture.secrets(self.world)}
        self.assertEqual({a["user"] for a in plan.actions()}, with_secret)

        locked, taken = self.adopt_all()
        self.assertEqual((locked.code, taken.code), (0, 0))
        self.assertEqual({a["user"] for a in taken.actions(status="done")}, with_secret - STRANGE - AT_WORK)
        self.assertEqual({a["user"]: a["reason"] for a in taken.actions(status="held")}, {"tagged": "not_vouched", "kill-live": "in_progress"})
        kept = self.assertValuesWhereTheyWere()
        self.assertGreater(kept, 60)
        told = self.told_by_0_1()
        for number in range(YEAR + 1, YEAR + 46):
            if number == YEAR + 3:
                self.second_adoption()
            if number % 9 == 0:
                self.player.go_to(number)
                self.player.work(number)
                self.assertSecondRunIsIdle()
                continue
            run = self.day(number)
            if number == YEAR + 1:
                self.assertNobodyToldAgain(told)
            if number < YEAR + 3:
                self.assertEqual({a["user"] for a in run.actions(reason="not_ours") if a["action"] != "delete"}, AT_WORK, run)
            else:
                self.assertEqual((run.code, run.actions(status="failed")), (0, []), run)
            self.assertLessEqual({a["user"] for a in run.actions(action="delete", status="held") if a["reason"] in ("not_ours", "key_lives")}, NOBODYS)
        self.assertGreater(self.assertNothingEarly(), 50)
        self.assertTimely(45, lambda day: 1, ANEW | AT_WORK | WAITS_FOR_INSTALLATION)
        # What was not vouched for is later, and by no more than the time from the record to its taking over.
        self.assertTimely(30, lambda day: 10, set(with_secret) - ANEW - AT_WORK)
        self.assertNothingLost()
        self.assertValuesWhereTheyWere()
        for number in range(YEAR + 46, YEAR + 116, 3):
            self.day(number)
        self.assertNothingLost()
        self.assertGreater(self.assertLockedAndProved(), 60)

    def second_adoption(self):
        """The operator looks after what was left: takes the strange tag away, and the killed run is over."""
        self.lab.admin(organization.holder(RESEARCH, self.STORE), "secretsmanager").untag_resource(SecretId=secret_name(RESEARCH, "tagged"), TagKeys=["CostCenter"])
        _, taken = self.adopt_all()
        self.assertEqual({a["user"] for a in taken.actions(status="done")}, STRANGE | AT_WORK)
        self.assertEqual(taken.actions(status="held"), [])
        self.assertEqual(self.adopt("--yes", "--no-wait").actions(), [], "nothing is left to be taken over")

    def told_by_0_1(self) -> dict:
        """address → stages that 0.1 has told, of those whose records stand"""
        told = collections.defaultdict(set)
        for account, user in fixture.users(self.world):
            notice = fixture.secrets(self.world).get((account, user["name"]), {}).get("tags", {}).get("rekeyer:notice", "1")
            if user["name"] in ANEW | AT_WORK | STRANGE or not user["tags"].get("owner"):
                continue
            told[user["tags"]["owner"]] |= {word.split(":")[1] for word in notice.split(" ")[1:]}
        return told

    def assertNobodyToldAgain(self, told):
        again = [(mail["to"], stage_of(mail)) for mail in self.lab.mails() if stage_of(mail) in told.get(mail["to"][0], ()) and "/" not in stage_of(mail)]
        self.assertEqual([mail for mail in again if mail[1] in ("rotated", "deactivated", "deleted", "two-keys")], [])

    def test_without_a_word_nothing_is_touched_and_it_is_said_each_day(self):
        owners = {owner for owner, secret in fixture.secrets(self.world).items() if secret.get("versions") or "rekeyer:custody" in secret["tags"]}
        before = self.secrets_now()
        waited = 8
        for number in range(YEAR + 1, YEAR + 1 + waited):
            run = self.day(number)
            self.assertEqual(run.code, 1, run)
            touched = {(account, user) for _, account, user, _, _ in self.steps()}
            self.assertEqual(touched & owners, set(), run)
        now = self.secrets_now()
        for owner in owners:
            self.assertEqual({**now[owner], "accessed": None}, {**before[owner], "accessed": None}, owner)
        self.adopt_all()
        for number in range(YEAR + 1 + waited, YEAR + 40):
            self.day(number)
        self.assertNothingEarly()
        self.assertTimely(36, lambda day: waited + 2, ANEW | AT_WORK | STRANGE | WAITS_FOR_INSTALLATION)
        self.assertNothingLost()
        self.assertValuesWhereTheyWere()
        self.assertLockedAndProved(STRANGE)

    def test_only_what_was_there_before_the_day_is_vouched_for(self):
        early = YEAR - 50
        plan = self.adopt("--plan", before=organization._day(early))
        made = {owner: (moment(secret["created"]) - BEGIN).total_seconds() / DAY for owner, secret in fixture.secrets(self.world).items()}
        younger = {user["name"] for account, user in fixture.users(self.world) if made.get((account, user["name"]), 0) >= early}
        self.assertEqual({a["user"] for a in plan.actions(status="held")}, younger | STRANGE)
        self.assertGreater(len(younger), 5)
