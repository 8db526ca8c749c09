"""Part `micro`: the micro benchmarks in C++ (bench/micro), as Google Benchmark tells them."""

import json
import subprocess
from pathlib import Path

from place import BenchError
from timing import LEAST_OF

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
#: what Google Benchmark itself puts beside a benchmark's own counters
NOT_COUNTERS = {
    "name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "repetition_index", "threads", "iterations", "real_time",
    "cpu_time", "time_unit", "aggregate_name", "aggregate_unit",
}


def run(program: Path, progress, quick: bool) -> list:
    command = [str(program), "--benchmark_format=json", *(["--benchmark_min_time=0.01"] if quick else [f"--benchmark_repetitions={LEAST_OF}"])]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=600)
    if done.returncode:
        raise BenchError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    rows = {}
    for benchmark in json.loads(done.stdout)["benchmarks"]:
        if benchmark.get("error_occurred"):
            raise BenchError(f"{benchmark['name']}: {benchmark['error_message']}")
        if benchmark["run_type"] != "iteration":
            continue
        unit = UNITS[benchmark["time_unit"]]
        counters = {name: value for name, value in benchmark.items() if name not in NOT_COUNTERS and isinstance(value, (int, float))}
        row = {"name": benchmark["run_name"], "wall": benchmark["real_time"] * unit, "cpu": benchmark["cpu_time"] * unit, "counters": counters}
        rows[row["name"]] = min(rows.get(row["name"], row), row, key=lambda measured: measured["cpu"])
    progress(f"{len(rows)} micro benchmarks")
    return list(rows.values())
