#!/usr/bin/env python3
"""Measures rekeyer on this machine, and the Python way beside it: $(scripts/python) bench/run.py [--quick] [--only PART,…] [--out FILE]

Tables go to standard output, progress to standard error, everything as JSON to FILE; scripts/performance_docs makes docs/performance.md's tables
and plots of it. Exit code 1 where something could not be run or was not what it must be; an aim that is not met is told, and is no failure.

    sweeps    1 to 1,000 accounts of 10 to 1,000 users, audited and enforced, plain and over TLS
    python    the audit beside the same in boto3, sequentially and with 16 threads
    virtual   up to 10,000 accounts in virtual time under AWS's documented limits
    large     one account of 5,000 users; memory up to 10,000 accounts
    micro     the parts of the program (bench/micro)

--quick takes small sizes, and less than a minute: it shows that everything runs, and its times say little.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import aims
import machine
import micro
import tables
import virtual
from comparison import Comparison
from large import Large
from place import RELEASE, ROOT, BenchError
from sweeps import Sweeps
from timing import Progress

PARTS = ("micro", "sweeps", "python", "virtual", "large")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes: everything runs, times say little")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,…", help="of the parts above; the others' results are not kept")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench/results.json", metavar="FILE", help="(build/bench/results.json)")
    rekeyer = Path(os.environ.get("REKEYER", RELEASE / "rekeyer"))
    parser.add_argument("--rekeyer", type=Path, default=rekeyer, metavar="FILE", help="($REKEYER, else the release build's)")
    parser.add_argument("--simulation", type=Path, default=RELEASE / "tests/simulation/simulation", metavar="FILE", help="(the release build's)")
    parser.add_argument("--micro", type=Path, default=RELEASE / "bench/micro/micro_bench", metavar="FILE", help="(the release build's)")
    parser.add_argument("--whole-first-day", action="store_true", help="part large: enforces all 5,000 users' first day, twenty minutes")
    options = parser.parse_args()
    options.parts = options.only.split(",")
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"--only: there is no {', '.join(sorted(unknown))}; there is {', '.join(PARTS)}")
    needed = (
        ("--rekeyer", options.rekeyer, ("sweeps", "python", "large")), ("--simulation", options.simulation, ("virtual",)),
        ("--micro", options.micro, ("micro",)),
    )
    for flag, program, parts in needed:
        if set(parts) & set(options.parts) and not program.is_file():
            parser.error(f"{program} is not there: `make bench` builds it, or name it with {flag}")
    options.rekeyer, options.simulation, options.micro = (path.resolve() for path in (options.rekeyer, options.simulation, options.micro))
    return options


def measured(part: str, options, progress):
    if part == "micro":
        return micro.run(options.micro, progress, options.quick)
    if part == "sweeps":
        return Sweeps(options.rekeyer, progress, options.quick).run()
    if part == "python":
        return Comparison(options.rekeyer, progress, options.quick).run()
    if part == "virtual":
        return virtual.run(options.simulation, progress, options.quick)
    return Large(options.rekeyer, progress, options.quick, options.whole_first_day).run()


def rounded(value):
    """Six digits: the rest is noise."""
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def keep(results: dict, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rounded(results), indent=1) + "\n", encoding="utf-8")


def show(results: dict, names) -> None:
    for name in names:
        make, title = tables.PARTS[name]
        print(f"\n## {title}\n\n{make(results)}", flush=True)


def main() -> int:
    options, progress = arguments(), Progress()
    results = {"quick": options.quick, "machine": machine.described(options.rekeyer)}
    show(results, ["machine"])
    failures = []
    for part in [part for part in PARTS if part in options.parts]:
        progress(f"part {part}")
        try:
            results[part] = measured(part, options, progress)
        except BenchError as problem:
            failures.append(part)
            print(f"part {part} FAILED: {problem}", file=sys.stderr, flush=True)
            continue
        finally:
            results["machine"]["load_at_the_end"] = machine.load()
            keep(results, options.out)
        show(results, tables.SHOWS[part])
    results["aims"] = [aim.as_json() for aim in aims.judged(results)]
    keep(results, options.out)
    show(results, ["aims"])
    print(f"\n{options.out}", file=sys.stderr)
    if failures:
        print(f"bench: FAILED: {', '.join(failures)}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
