"""Part `virtual`: sweeps of up to ten thousand accounts in virtual time, under AWS's documented limits and 40 ms latency, beside the lower bound.

The program is tests/simulation's: the real sweep on the embedded AWS in one process, whose clock jumps from deadline to deadline. So the CPU time
that it tells holds the sandbox's answers too.
"""

import json
import re
import subprocess
from pathlib import Path

import bound
from place import BenchError
from timing import LEAST_OF

USERS = 100
ACCOUNTS = (10, 100, 1000, 10_000)
QUICK_ACCOUNTS, QUICK_USERS = (10,), 10
#: name, flags, and up to how many accounts. On a first day most keys are overdue, and limits.max_changes ends what is done about them; a million
#: users on their first day would keep the sandbox busy for minutes
RUNS = (("audit, nothing due", ["--fresh"], 10_000), ("audit, first day", [], 100), ("enforce, first day", ["--apply"], 1000))

TEXT = {
    "done": r"accounts \((\d+) done\)", "users": r"(\d+) users", "keys": r"(\d+) keys", "virtual_seconds": r"virtual time ([\d.]+) s", "calls": r"(\d+) calls",
    "throttled": r"(\d+) throttled", "cpu": r"CPU ([\d.]+) s for the sweep", "world_cpu": r"answers, ([\d.]+) s to make",
    "peak_mb": r"memory (\d+) MB at most", "world_mb": r"which (\d+) MB",
}


def read(printed: str) -> dict:
    """What `simulation --sweep` prints, as numbers: its sentences, or one JSON object with the names of TEXT and `operations`."""
    if printed.lstrip().startswith("{"):
        told = json.loads(printed)
        if missing := sorted({*TEXT, "operations"} - set(told)):
            raise BenchError(f"`simulation --sweep`: its JSON has no {', '.join(missing)}")
        return told
    found = {name: re.search(pattern, printed) for name, pattern in TEXT.items()}
    if missing := [name for name, match in found.items() if match is None]:
        raise BenchError(f"`simulation --sweep` says nothing of {', '.join(missing)}:\n{printed}")
    numbers = {name: float(match.group(1)) for name, match in found.items()}
    operations = {name: int(count) for name, count in re.findall(r"^  (\w+:\w+) +(\d+)$", printed, re.MULTILINE)}
    if sum(operations.values()) != numbers["calls"]:
        raise BenchError(f"`simulation --sweep`: its operations are not all of its calls:\n{printed}")
    for name in ("peak_mb", "world_mb"):
        numbers[name] *= 1024 * 1024 / 1e6  # it counts in binary megabytes
    return {**numbers, "operations": operations}


def measured(command: list[str], times: int) -> dict:
    runs = []
    for _ in range(times):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=600)
        if done.returncode:
            raise BenchError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        runs.append(read(done.stdout))
    if len({(told["virtual_seconds"], told["calls"]) for told in runs}) != 1:
        raise BenchError(f"{' '.join(command)}: not the same each time: {[(told['virtual_seconds'], told['calls']) for told in runs]}")
    return min(runs, key=lambda told: told["cpu"])


def run(simulation: Path, progress, quick: bool) -> dict:
    rows, users = [], QUICK_USERS if quick else USERS
    for accounts in QUICK_ACCOUNTS if quick else ACCOUNTS:
        lowest = bound.seconds(accounts, users)
        for name, flags, largest in RUNS:
            if accounts > largest:
                continue
            told = measured([str(simulation), "--sweep", f"{accounts}x{users}", *flags], 1 if quick else LEAST_OF)
            bounded = "--fresh" in flags  # the bound knows nothing of what is due
            rows.append({
                "run": name, "accounts": accounts, "users_per_account": users, **told, "bound": lowest["seconds"] if bounded else None,
                "ratio": told["virtual_seconds"] / lowest["seconds"] if bounded else None,
            })
            progress(f"{accounts} x {users}, {name}, in virtual time: {told['virtual_seconds']:.1f} s, bound {lowest['seconds']:.1f} s")
    return {"latency": bound.LATENCY, "rows": rows}
