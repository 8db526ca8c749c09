"""Two recordings of one day held against each other: what differs, and whether a file of expected differences says so.

A recording is a list of (place, text), as Player.play() gives it.
"""

import difflib
import fnmatch
import re
import tomllib
from pathlib import Path

#: lines of one difference that are printed
SHOWN = 40
EXPECTED = Path(__file__).resolve().parent / "expected"


class Difference:
    def __init__(self, place: str, before: list, after: list):
        self.place, self.before, self.after = place, before, after

    def __str__(self):
        lines = list(difflib.unified_diff(self.before, self.after, lineterm="", n=0))[2:]
        more = [f"    … and {len(lines) - SHOWN} more lines"] if len(lines) > SHOWN else []
        return "\n".join([self.place, *(f"    {line[:400]}" for line in lines[:SHOWN]), *more])


class Change:
    """One place of a file of expected differences. `before` and `after` turn the older version's text into the newer one's: a regular expression
    and what stands in its stead. `masked` is taken out of both, for what nobody can work out."""

    def __init__(self, file: str, entry: dict):
        unknown = set(entry) - {"place", "before", "after", "masked"}
        if unknown or "place" not in entry or ("masked" in entry) == ("before" in entry) or ("before" in entry) != ("after" in entry):
            raise ValueError(f"{file}: a difference has a place, and either before and after or masked; this one has {', '.join(sorted(entry))}")
        self.place, self.happened = entry["place"], 0
        self._pattern = re.compile(entry.get("before", entry.get("masked")), re.MULTILINE)
        self._stead = entry.get("after", "")
        self._both = "masked" in entry
        self.name = f"{file}: {self.place}: {self._pattern.pattern}"

    def applied(self, place: str, before: str, after: str) -> tuple:
        if not fnmatch.fnmatchcase(place, self.place):
            return before, after
        changed = self._pattern.sub(self._stead, before), self._pattern.sub(self._stead, after) if self._both else after
        self.happened += changed != (before, after)
        return changed


def expected(folder: Path = EXPECTED) -> list:
    """The changes of all files. Each file: `reason`, a sentence, and [[difference]] tables."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text())
        if set(content) != {"reason", "difference"} or len(content["reason"]) < 20:
            raise ValueError(f"{path.name}: a file says its reason in a sentence, and has at least one [[difference]]")
        found += [Change(path.name, entry) for entry in content["difference"]]
    return found


def _numbered(recording: list) -> dict:
    """By place, and the how-manieth of that place it is."""
    found, counts = {}, {}
    for place, text in recording:
        counts[place] = counts.get(place, 0) + 1
        found[place if counts[place] == 1 else f"{place} ({counts[place]})"] = text
    return found


def differences(before: list, after: list, changes=(), prefix="") -> list:
    """What no file expects."""
    left, right, found = _numbered(before), _numbered(after), []
    for place in [*left, *(place for place in right if place not in left)]:
        one, other = left.get(place), right.get(place)
        if one == other:
            continue
        named = f"{prefix}{place}"
        texts = one or "", other or ""
        for change in changes:
            texts = change.applied(named, *texts)
        if texts[0] != texts[1]:
            found.append(Difference(named, texts[0].splitlines(), texts[1].splitlines()))
        elif texts == (one or "", other or ""):
            found.append(Difference(named, ["(empty)"] if one is not None else ["(not there)"], ["(empty)"] if other is not None else ["(not there)"]))
    order = [place for place in left if place in right], [place for place in right if place in left]
    if order[0] != order[1]:
        found.append(Difference(f"{prefix}the order of what happened", *order))
    return found
