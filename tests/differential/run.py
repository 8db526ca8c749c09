#!/usr/bin/env python3
"""The guard: two versions of rekeyer play the same worlds, and everything that they leave is held against each other.

    python3 tests/differential/run.py                     the whole: 50 worlds of 120 days each; a quarter of an hour on two cores
    python3 tests/differential/run.py --smoke             a few worlds and days: what `make test` runs
    python3 tests/differential/run.py --world 7 --days 30  one world again
    python3 tests/differential/run.py --base PROGRAM       against another program than the one of the commit in tests/differential/base

Worlds are drawn from their number: --seed is that of the first. Differences that a file in expected/ does not name fail it, and so does, in the whole
run, one that is named there and does not occur any more. The last line: `differential: 50 worlds, 6000 days, …`.
"""

import argparse
import collections
import concurrent.futures
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import comparison  # noqa: E402
import draw_world  # noqa: E402
from player import Player  # noqa: E402
from rekeyer import ROOT  # noqa: E402

WORLDS, DAYS = 50, 120
#: of each kind one: several calls at once, one after the other, with faults, each version in its own sandbox
SMOKE, SMOKE_DAYS = (1, 7, 13, 14), 14
#: fewer kinds of rows than this in the whole run, and the worlds have become poor
LEAST_KINDS = 70
SHOWN = 12
#: what hangs on milliseconds differs now and then: a day that differs is played again, so often
TRIES = 3
#: more days than this that differ once and not again, and something has become unsteady
MOST_UNSTEADY = 15
NOT_THERE = 3


def base_program() -> Path:
    """Of the commit that tests/differential/base names."""
    commit = (Path(__file__).resolve().parent / "base").read_text().strip()
    done = subprocess.run([ROOT / "scripts" / "binary_of", commit], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == NOT_THERE:
        skip(done.stderr.strip())
    if done.returncode != 0:
        raise SystemExit(f"differential: commit {commit} can't be built\n{done.stderr[-4000:]}")
    return Path(done.stdout.strip())


def skip(why: str):
    """Seen by ctest; in CI nothing is left out."""
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    print("*" * 100 + f"\n*** SKIPPED: nothing was compared: {why}\n" + "*" * 100)
    print(f"differential: 0 worlds, {'failed' if in_ci else 'skipped'}")
    raise SystemExit(1 if in_ci else 0)


def play(seed: int, days: int, base: Path, new: Path) -> dict:
    """One world, day by day, in both."""
    drawn, changes, begun = draw_world.drawn(seed), comparison.expected(), time.monotonic()
    # Where both are served by the older one, only rekeyer itself can differ; in some worlds the sandbox is compared as well.
    older, newer = Player(base, base, drawn), Player(new, new if seed % 5 == 3 else base, drawn)
    found, count, unsteady = [], 0, []
    try:
        for day in range(days):
            for attempt in range(TRIES):
                before, after = older.play(day), newer.play(day)
                differing = comparison.differences(before, after, changes, f"world {seed} ")
                if not differing or count >= SHOWN or attempt == TRIES - 1:
                    break
                older.rewind()
                newer.rewind()
            unsteady += [f"world {seed} day {day:03}"] if attempt and not differing else []
            count += len(differing)
            found += list(map(str, differing[: SHOWN - len(found)]))
            if before != after:
                newer.follow(older)
    finally:
        older.close()
        newer.close()
    return {
        "seed": seed, "days": days, "count": count, "found": found, "happened": [change.happened for change in changes], "commands": older.commands + newer.commands, "calls": older.calls,
        "mails": older.mails, "kinds": older.kinds, "unsteady": unsteady, "seconds": time.monotonic() - begun,
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, help="the older program")
    parser.add_argument("--new", type=Path, default=Path(os.environ.get("REKEYER", ROOT / "build/release/rekeyer")), help="the newer one (default: $REKEYER, else the release build)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--days", type=int)
    parser.add_argument("--world", type=int, action="append", help="only this one; may be repeated")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() + 1)
    return parser.parse_args()


def main() -> int:
    options = arguments()
    if not options.new.is_file():
        skip(f"there is no {options.new}: run `make release`")
    base, new = (options.base or base_program()).resolve(), options.new.resolve()
    worlds = options.world or (SMOKE if options.smoke else range(options.seed, options.seed + options.worlds))
    days = options.days or (SMOKE_DAYS if options.smoke else DAYS)
    whole = not options.world and not options.smoke and options.seed == 1 and options.worlds >= WORLDS and days >= DAYS
    print(f"differential: worlds {worlds[0]} to {worlds[-1]}, {days} days each\n  older: {base}\n  newer: {new}", flush=True)
    begun, totals, kinds, changes = time.monotonic(), collections.Counter(), collections.Counter(), comparison.expected()
    happened, unsteady = [0] * len(changes), []
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for running in concurrent.futures.as_completed([pool.submit(play, seed, days, base, new) for seed in worlds]):
            played = running.result()
            totals.update({name: played[name] for name in ("days", "count", "commands", "calls", "mails")})
            kinds.update(played["kinds"])
            unsteady += played["unsteady"]
            happened = [sum(pair) for pair in zip(happened, played["happened"], strict=True)]
            print(f"world {played['seed']:3}: {played['count']} unexpected differences, {played['seconds']:.0f} s", flush=True)
            for text in played["found"]:
                print(f"  {text}", flush=True)
    problems = totals["count"]
    for change, times in zip(changes, happened, strict=True):
        print(f"expected {times} times: {change.name}")
        if whole and not times:
            print("  it does not occur any more: take it out")
            problems += 1
    if unsteady:
        print(f"{len(unsteady)} days differed once and not again: {', '.join(unsteady)}")
        problems += len(unsteady) > MOST_UNSTEADY
    if whole and len(kinds) < LEAST_KINDS:
        print(f"only {len(kinds)} kinds of rows were seen, and {LEAST_KINDS} are wanted: the worlds are poor")
        problems += 1
    print(f"{len(kinds)} kinds of rows: " + ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items())))
    print(
        f"differential: {len(worlds)} worlds, {totals['days']} days, {totals['commands']} commands, {totals['calls']} calls and {totals['mails']} mails compared, "
        f"{totals['count']} unexpected differences, {sum(happened)} expected ones, {time.monotonic() - begun:.0f} s"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
