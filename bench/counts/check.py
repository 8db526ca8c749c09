#!/usr/bin/env python3
"""Counts what a sweep costs, and fails where that is not what bench/counts/expected.json says: scripts/python bench/counts/check.py

Calls to AWS by operation (exactly), instructions and allocations (within 3 % either way) of fixed sweeps of the simulation's release build,
counted by valgrind while the sweep runs: no clock is read, so a busy machine gives the same numbers as an idle one. What fell has to be kept
with --update, so that it can't grow back unseen.
"""

import argparse
import fnmatch
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import bounds
import callgrind_file

ROOT = Path(__file__).resolve().parent.parent.parent
EXPECTED = Path(__file__).resolve().parent / "expected.json"
SIMULATION = ROOT / "build/release/tests/simulation/simulation"

#: name → the simulation's arguments. Small, because valgrind takes fifty times as long, and large enough that what is done once is little.
SWEEPS = {
    "audit of an ordinary day": ["--sweep", "20x50", "--fresh"],
    "first day": ["--sweep", "8x50", "--apply"],
}
#: the sweep itself, and not the making of the world before it
COUNTED_FUNCTION = "*::sweep_to_its_end(*Runner&)"
ALLOCATORS = ("malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign")

#: The C library and OpenSSL choose among routines by what the processor can do. They are told that it can do nothing, so that every processor
#: runs the same ones.
ENVIRONMENT = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join(
        f"-{feature}" for feature in (
            "AVX512F", "AVX512VL", "AVX512BW", "AVX2", "AVX", "AVX_Fast_Unaligned_Load", "BMI1", "BMI2", "LZCNT", "MOVBE", "POPCNT", "RTM", "SSE4_1",
            "SSE4_2", "SSSE3", "ERMS", "FSRM",
        )
    ) + ":glibc.cpu.x86_non_temporal_threshold=0xc0000",
    "OPENSSL_ia32cap": "0:0",
}
CALL_LINE = re.compile(r"^  (\w+:\w+) +(\d+)$", re.MULTILINE)


class CannotCount(Exception):
    """There is no number to compare."""


def count(valgrind: str, simulation: Path, arguments: list) -> dict:
    """One sweep under callgrind."""
    with tempfile.TemporaryDirectory(prefix="rekeyer-counts-") as folder:
        output = Path(folder) / "callgrind.out"
        # What was before the sweep goes into a file of its own. After it there is nothing but taking everything down.
        command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={output}", f"--dump-before={COUNTED_FUNCTION}", str(simulation), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=ENVIRONMENT)
        if done.returncode:
            raise CannotCount(f"{simulation.name} {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        calls, instructions = callgrind_file.read(output.read_text(encoding="utf-8"))
    entered = [name for name in calls if fnmatch.fnmatchcase(name, COUNTED_FUNCTION)]
    if len(entered) != 1 or calls[entered[0]] != 1:
        raise CannotCount(f"{simulation.name} did not enter {COUNTED_FUNCTION} exactly once: has it lost its symbols, or was the function renamed?")
    operations = {name: int(number) for name, number in CALL_LINE.findall(done.stdout)}
    allocations = sum(calls[name] for name in ALLOCATORS)
    if not allocations or not operations:
        raise CannotCount(f"{simulation.name}: {allocations} allocations and {len(operations)} operations can't be all: does it print and allocate in another way now?")
    return {"calls": operations, "instructions": instructions[entered[0]], "allocations": allocations}


def show(name: str, counted: dict) -> None:
    print(f"{name}: {sum(counted['calls'].values())} calls, {counted['instructions']:,} instructions, {counted['allocations']:,} allocations")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--simulation", type=Path, default=SIMULATION, help="another executable than the release build's")
    arguments.add_argument("--expected", type=Path, default=EXPECTED, help="another file of what is expected")
    arguments.add_argument("--update", action="store_true", help="what is counted now is expected from now on")
    asked = arguments.parse_args()
    simulation = asked.simulation.resolve()
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print("counts: there is no valgrind: run make deps", file=sys.stderr)
        return 2
    if not simulation.is_file():
        print(f"counts: there is no {simulation}: run make release", file=sys.stderr)
        return 2
    counted = {}
    try:
        for name, flags in SWEEPS.items():
            counted[name] = count(valgrind, simulation, flags)
            show(name, counted[name])
    except (CannotCount, callgrind_file.Unreadable) as why:
        print(f"counts: {why}", file=sys.stderr)
        return 2
    if asked.update:
        asked.expected.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
        print(f"counts: {asked.expected} is written anew")
        return 0
    problems = bounds.compare(json.loads(asked.expected.read_text(encoding="utf-8")), counted)
    for problem in problems:
        print(f"counts: {problem}", file=sys.stderr)
    print(f"counts: {len(problems)} problems" if problems else "counts: as expected")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
