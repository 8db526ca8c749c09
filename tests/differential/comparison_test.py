#!/usr/bin/env python3
"""The guard can fail: small changes are planted into what one of two equal versions leaves, before anything is taken out, and each must be seen.

    python3 tests/differential/comparison_test.py        with $REKEYER, else the release build
"""

import datetime as dt
import os
import re
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import run  # noqa: E402 - before tests/contract is on the path, which has one of that name
import comparison  # noqa: E402
import draw_world  # noqa: E402
from player import Player  # noqa: E402
from rekeyer import ROOT  # noqa: E402

PROGRAM = Path(os.environ.get("REKEYER", ROOT / "build/release/rekeyer")).resolve()
#: On its first day keys are rotated, owners are told, and one call comes after the other.
WORLD = draw_world.drawn(14)


class Bent(Player):
    """Leaves something else than the program did: `bend(what, value)` gives what is left in the stead of a text, a list of calls, …"""

    def __init__(self, bend, draws=0):
        super().__init__(PROGRAM, PROGRAM, WORLD, draws)
        self.bend, self.bent = bend, 0
        for name in ("world", "taken"):
            self._wrap(name)

    def _wrap(self, name):
        real = getattr(self.served, name)
        setattr(self.served, name, lambda *arguments: self._changed(arguments[0] if arguments else name, real(*arguments)))

    def _changed(self, what, value):
        if what == "world":
            if isinstance(value, str) or not any(place == "apply exit code" for place, _ in self.told):
                return value  # what came of it; the morning's
        changed = self.bend(what, value)
        if changed is None:
            return value
        self.bent += 1
        return changed

    def _tell(self, place, text):
        super()._tell(place, self._changed(place, text))


def play(bend=lambda what, value: None, draws=0):
    player = Bent(bend, draws)
    try:
        return player.play(0), player.bent
    finally:
        player.close()


def in_text(place, old, new):
    """The first match of a pattern in the texts of that place."""
    return lambda what, value: re.sub(old, new, value, count=1) if what == place and re.search(old, value) else None


def in_secret(change):
    """`change(secrets)` of those that hold a key of rekeyer's making; the dump is bent in place."""

    def bend(what, world):
        if what != "world":
            return None
        found = [secret for account in world["accounts"] for secret in account.get("secrets", []) if ":current:" in secret.get("tags", {}).get("rekeyer:custody", "")]
        change(found)
        return world

    return bend


def in_user(change):
    def bend(what, world):
        if what != "world":
            return None
        change([user for account in world["accounts"] for user in account.get("users", []) if any("issued_by" in key for key in user.get("keys", []))])
        return world

    return bend


def later(text):
    return re.sub(r"\d{8}T\d{6}Z", lambda found: (dt.datetime.strptime(found[0], "%Y%m%dT%H%M%SZ") + dt.timedelta(minutes=1)).strftime("%Y%m%dT%H%M%SZ"), text, count=1)


def tag(name, change):
    return in_secret(lambda secrets: secrets[0]["tags"].update({name: change(secrets[0]["tags"][name])}))


def swapped(text, first, second):
    return text.replace(first, "\0").replace(second, first).replace("\0", second)


def keys_swapped(secrets):
    """Two keys' ids change places in a tag: both are ids that AWS drew."""
    tags = secrets[0]["tags"]
    tags["rekeyer:custody"] = swapped(tags["rekeyer:custody"], *re.findall(r"AKIA[A-Z2-7]{16}", tags["rekeyer:custody"])[:2])


def versions_swapped(secrets):
    secrets[0]["versions"][0]["id"], secrets[1]["versions"][0]["id"] = secrets[1]["versions"][0]["id"], secrets[0]["versions"][0]["id"]


def secret_of_another_key(secrets):
    first, second = (secret["versions"][0] for secret in secrets[:2])
    pattern = r'(?<="SecretAccessKey":")[^"]+'
    first["value"] = re.sub(pattern, lambda _: re.search(pattern, second["value"])[0], first["value"])


def calls(change):
    return lambda what, value: change(value) if what == "calls" and isinstance(value, list) else None


def mails(change):
    return lambda what, value: {**value, "mails": change(value["mails"])} if what == "mails" else None


PLANTED = {
    "an exit code": in_text("apply exit code", "1", "0"),
    "a role in a tag": tag("rekeyer:custody", lambda text: text.replace("current", "watched", 1)),
    "an instant in a tag, a minute later": tag("rekeyer:custody", later),
    "a lease that ends a minute later": tag("rekeyer:intent", later),
    "an announced day": tag("rekeyer:notice", lambda text: re.sub(r":(\d{8}):", lambda day: f":{int(day[1]) + 1}:", text, count=1)),
    "another configuration's lock": tag("rekeyer:lock", lambda text: text[:-1] + ("0" if text[-1] != "0" else "1")),
    "a tag that is missing": in_secret(lambda secrets: secrets[0]["tags"].pop("rekeyer:id")),
    "a tag too many": in_secret(lambda secrets: secrets[0]["tags"].update({"rekeyer:more": "1"})),
    "two keys in each other's place": in_secret(keys_swapped),
    "two versions' ids in each other's place": in_secret(versions_swapped),
    "another key's secret in the value": in_secret(secret_of_another_key),
    "a label": in_secret(lambda secrets: secrets[0]["versions"][0]["stages"].pop()),
    "a policy's statement": in_secret(lambda secrets: secrets[0]["policy"]["Statement"].pop()),
    "a key's state": in_user(lambda users: users[0]["keys"][0].update(status="Inactive")),
    "a key too many": in_user(lambda users: users[0]["keys"].append({**users[0]["keys"][0], "id": "AKIAEXAMPLEEXAMPLE22", "secret": "x" * 40})),
    "a key that is gone": in_user(lambda users: users[0]["keys"].pop()),
    "one more call": calls(lambda found: [*found, found[-1]]),
    "one call less": calls(lambda found: found[:-1]),
    "two calls in another order": calls(lambda found: [*found[:5], found[6], found[5], *found[7:]] if found[5]["operation"] != found[6]["operation"] else [*found[1:], found[0]]),
    "a call that was refused": calls(lambda found: [*found[:-1], {**found[-1], "status": 403, "code": "AccessDenied"}]),
    "a word of a mail": mails(lambda found: [{**found[0], "text": found[0]["text"].replace("key", "kee", 1)}, *found[1:]]),
    "a word of a mail's HTML": mails(lambda found: [{**found[0], "html": found[0]["html"].replace("key", "kee", 1)}, *found[1:]]),
    "a mail's subject": mails(lambda found: [{**found[0], "subject": found[0]["subject"] + "."}, *found[1:]]),
    "a mail to somebody else": mails(lambda found: [{**found[0], "to": ["mallory@example.com"]}, *found[1:]]),
    "a mail that was not sent": mails(lambda found: found[1:]),
    "a mail that was sent twice": mails(lambda found: [*found, found[-1]]),
    "two rows in another order": in_text("apply stdout", r'(\{"account":"[^{}]*\}),(\{"account":"[^{}]*\})', r"\2,\1"),
    "two members of a row in another order": in_text("apply stdout", r'("account":"\d+"),("user":"[^"]*")', r"\2,\1"),
    "a reason": in_text("apply stdout", "rotation_due", "forced"),
    "a count": in_text("apply stdout", r'"calls":(\d+)', r'"calls":1\1'),
    "a due day": in_text("apply stdout", r'"due":"(\d{3})\d', r'"due":"\g<1>0'),
    "a cell of the table": in_text("plan stdout", r"rotate", "rotat "),
    "a number of the closing line": in_text("apply stderr", r"(\d+) rotated", r"1\1 rotated"),
    "a warning less": in_text("apply stderr", r"^.*warn .*\n", ""),
    "nothing printed at all": lambda what, value: "" if what == "apply stdout" else None,
}


class Comparison(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.maxDiff = None
        if not PROGRAM.is_file():
            raise unittest.SkipTest(f"there is no {PROGRAM}: run `make release`")
        cls.before, _ = play()

    def test_the_same_day_twice_is_the_same(self):
        self.assertEqual(list(map(str, comparison.differences(self.before, play()[0]))), [])

    def test_so_it_is_where_aws_draws_other_ids(self):
        after, _ = play(draws=3)
        self.assertEqual(list(map(str, comparison.differences(self.before, after))), [])

    def test_each_planted_difference_is_found(self):
        for name, bend in PLANTED.items():
            with self.subTest(name):
                after, bent = play(bend)
                self.assertGreater(bent, 0, "nothing was bent")
                self.assertNotEqual(comparison.differences(self.before, after), [], "not found")


class Expected(unittest.TestCase):
    BEFORE = [("day 003 plan stderr", "2 users: 40 due soon, 1 held.\nend"), ("day 003 plan exit code", "0")]
    AFTER = [("day 003 plan stderr", "2 users: 0 due soon, 41 held.\nend"), ("day 003 plan exit code", "0")]

    def changes(self, *tables, reason="Users without an owner are attention, and no more due soon."):
        with tempfile.TemporaryDirectory() as folder:
            entries = "\n".join("[[difference]]\n" + "\n".join(f"{name} = '''{value}'''" for name, value in table.items()) for table in tables)
            (Path(folder) / "some.toml").write_text(f'reason = "{reason}"\n{entries}\n')
            return comparison.expected(Path(folder))

    def left(self, changes, before=None, after=None):
        return comparison.differences(before or self.BEFORE, after or self.AFTER, changes, "world 1 ")

    def test_what_nobody_expects_is_a_difference(self):
        found = self.left([])
        self.assertEqual([one.place for one in found], ["world 1 day 003 plan stderr"])
        self.assertIn("+2 users: 0 due soon, 41 held.", str(found[0]))

    def test_what_a_file_names_is_none(self):
        changes = self.changes({"place": "* plan stderr", "before": r"40 due soon, 1 held", "after": "0 due soon, 41 held"})
        self.assertEqual(self.left(changes), [])
        self.assertEqual([change.happened for change in changes], [1])

    def test_masked_is_taken_out_of_both(self):
        changes = self.changes({"place": "* plan stderr", "masked": r"\d+ due soon, \d+ held"})
        self.assertEqual(self.left(changes), [])

    def test_a_difference_beside_it_is_one_still(self):
        changes = self.changes({"place": "* plan stderr", "before": r"40 due soon", "after": "0 due soon"})
        self.assertEqual(len(self.left(changes)), 1)
        other = [(self.AFTER[0][0], self.AFTER[0][1] + "."), self.AFTER[1]]
        changes = self.changes({"place": "* plan stderr", "before": r"40 due soon, 1 held", "after": "0 due soon, 41 held"})
        self.assertEqual(len(self.left(changes, after=other)), 1)

    def test_another_place_is_not_meant(self):
        changes = self.changes({"place": "* apply stderr", "masked": r"\d+ due soon, \d+ held"})
        self.assertEqual(len(self.left(changes)), 1)
        self.assertEqual([change.happened for change in changes], [0])

    def test_what_is_missing_or_new_is_a_difference(self):
        self.assertEqual([one.place for one in self.left([], self.BEFORE, self.BEFORE[:1])], ["world 1 day 003 plan exit code"])
        self.assertEqual([one.place for one in self.left([], self.BEFORE[:1], self.BEFORE)], ["world 1 day 003 plan exit code"])
        self.assertEqual(len(self.left([], [("a", "")], [("b", "")])), 2)
        self.assertEqual([one.place for one in self.left([], self.BEFORE, self.BEFORE[::-1])], ["world 1 the order of what happened"])

    def test_a_file_must_say_why_and_what(self):
        good = {"place": "*", "masked": "x"}
        for tables, reason in (([good], "short"), ([], "a reason that is long enough"), ([{"place": "*"}], "a reason that is long enough"), ([{"masked": "x"}], "a reason that is long enough"),
                               ([{**good, "before": "a", "after": "b"}], "a reason that is long enough"), ([{"place": "*", "before": "a"}], "a reason that is long enough"), ([{**good, "wher": "x"}], "a reason that is long enough")):
            with self.subTest(tables), self.assertRaises(ValueError):
                self.changes(*tables, reason=reason)

    def test_the_files_that_are_there_can_be_read(self):
        self.assertIsInstance(comparison.expected(), list)


class Scripted:
    """A player that leaves what it is told to."""

    calls = mails = commands = 0
    kinds = {}

    def __init__(self, texts):
        self.texts, self.rewound, self.followed = list(texts), 0, 0

    def play(self, day):
        return [(f"day {day:03} place", self.texts.pop(0))]

    def rewind(self):
        self.rewound += 1

    def follow(self, other):
        self.followed += 1

    def close(self):
        pass


class Days(unittest.TestCase):
    def played(self, older, newer, days=1):
        self.older, self.newer = Scripted(older), Scripted(newer)
        with unittest.mock.patch.object(run, "Player", side_effect=[self.older, self.newer]):
            return run.play(1, days, PROGRAM, PROGRAM)

    def test_equal_days_are_played_once(self):
        played = self.played("ab", "ab", days=2)
        self.assertEqual((played["count"], played["unsteady"], self.newer.rewound, self.newer.followed), (0, [], 0, 0))

    def test_what_differs_each_time_counts(self):
        played = self.played("aaab", "xyzb", days=2)
        self.assertEqual((played["count"], played["unsteady"], self.newer.rewound, self.newer.followed), (1, [], 2, 1))
        self.assertEqual(self.older.rewound, 2)

    def test_what_differs_once_is_named_only(self):
        played = self.played("aab", "xab", days=2)
        self.assertEqual((played["count"], played["unsteady"], self.newer.rewound, self.newer.followed), (0, ["world 1 day 000"], 1, 0))


if __name__ == "__main__":
    unittest.main()
