"""The tables of the benchmark's results: printed by run.py and put into docs/performance.md by scripts/performance_docs. Pure: results → text."""

from collections.abc import Callable

import aims


def table(header: list, rows: list) -> str:
    """Markdown that also reads well as it is: the first column to the left, numbers to the right."""
    cells = [header, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    left = [column == 0 or any(cells_of[column][:1].isalpha() for cells_of in cells[1:]) for column in range(len(header))]

    def line(row):
        return "| " + " | ".join(cell.ljust(width) if to_left else cell.rjust(width) for cell, width, to_left in zip(row, widths, left)) + " |"

    ruler = "|" + "|".join("-" * (width + 2) if to_left else "-" * (width + 1) + ":" for width, to_left in zip(widths, left)) + "|"
    return "\n".join([line(header), ruler, *map(line, cells[1:])])


def count(number) -> str:
    return "-" if number is None else f"{number:,.0f}"


def seconds(value) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f} s" if value >= 100 else f"{value:.1f} s" if value >= 10 else f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def megabytes(value) -> str:
    return "-" if value is None else f"{value:.0f} MB" if value >= 100 else f"{value:.1f} MB"


def times(value) -> str:
    return "-" if value is None else f"{value:,.0f} x" if value >= 10 else f"{value:.2f} x"


def _sizes(results: dict) -> list:
    return [row for row in results.get("sweeps", []) if row["series"] == "sizes"]


def _sweep(results: dict, shape: str, mode: str) -> str:
    found = [row for row in _sizes(results) if row["shape"] == shape and row["mode"] == mode]
    tls = {(row["accounts"], row["users_per_account"]): row for row in found if row["transport"] == "TLS"}
    rows = []
    for row in (row for row in found if row["transport"] == "plain"):
        over = tls.get((row["accounts"], row["users_per_account"]), {})
        due = [count(row["due"])] if shape != "tended" else []
        rows.append([
            f"{row['accounts']:,} x {row['users_per_account']:,}", *due, count(row["all_calls"]), f"{row['calls_per_user']:.3f}", seconds(row["wall"]),
            seconds(over.get("wall")), seconds(row["cpu"]), seconds(over.get("cpu")), count(row["requests_per_cpu_second"]),
            count(over.get("requests_per_cpu_second")), megabytes(row["peak_mb"]),
        ])
    due = ["due"] if shape != "tended" else []
    return table([
        "accounts x users of each", *due, "calls", "calls a user", "wall", "wall, TLS", "CPU", "CPU, TLS", "calls per CPU s", "the same, TLS", "peak memory",
    ], rows)


def machine(results: dict) -> str:
    m = results["machine"]
    changed = ", with changes that were not committed" if m["changed"] else ""
    loads = ["/".join(map(str, m[name])) for name in ("load", "load_at_the_end") if name in m]
    return table(["what", "of this run"], [
        ["processor", f"{m['cpu']}, {m['cores']} cores, {m['memory_gb']} GB"], ["kernel", f"Linux {m['kernel']}"], ["compiler", m["compiler"]],
        ["rekeyer", f"{m['rekeyer']}, commit {m['commit']}{changed}"], ["Python", f"Python {m['python']}, boto3 {m['boto3']}"], ["when", f"at {m['date']}"],
        ["load average", f"before {loads[0]}, after {loads[-1]} (1, 5, 15 minutes)"],
    ])


def the_aims(results: dict) -> str:
    rows = []
    for aim in aims.judged(results):
        digits = ",.2f" if aim.limit < 10 else ",.0f"
        figure = "not measured" if aim.figure is None else f"{aim.figure:{digits}} {aim.unit}"
        verdict = {None: "-", True: "met", False: "NOT met"}[aim.met]
        rows.append([aim.what, f"{'<=' if aim.at_most else '>='} {aim.limit:{digits}} {aim.unit}", figure, verdict])
    return table(["aim", "asked for", "figure", ""], rows)


def everyday_audit(results: dict) -> str:
    return _sweep(results, "tended", "plan")


def everyday_enforce(results: dict) -> str:
    return _sweep(results, "ordinary", "apply")


def first_day(results: dict) -> str:
    return "Audited:\n\n" + _sweep(results, "first", "plan") + "\n\nEnforced:\n\n" + _sweep(results, "first", "apply")


def by_due(results: dict) -> str:
    """One organization, with more and more users due: each run's, and what each due user adds to a run in which none is."""
    found = [row for row in results.get("sweeps", []) if row["series"] == "due"]
    none = next((row for row in found if row["due"] == 0), None)
    rows = []
    for row in found:
        more = [(row[name] - none[name]) / row["due"] if none and row["due"] else None for name in ("all_calls", "cpu")]
        rows.append([
            f"{row['accounts']:,} x {row['users_per_account']:,}", count(row["due"]), count(row["all_calls"]), "-" if more[0] is None else f"{more[0]:.2f}",
            seconds(row["wall"]), seconds(row["cpu"]), "-" if more[1] is None else short(more[1]), megabytes(row["peak_mb"]),
        ])
    return table(["accounts x users of each", "due", "calls", "calls more a due user", "wall", "CPU", "CPU more a due user", "peak memory"], rows)


def predicted(results: dict) -> str:
    """Every size once, without TLS: the same calls are made over it, and run.py fails where they are not."""
    rows = []
    large = [{**row, "shape": "two_keys", "users_per_account": row["users"], "transport": "plain"} for row in results.get("large", {}).get("account", [])]
    for row in [*results.get("sweeps", []), *large]:
        if row["transport"] != "plain":
            continue
        terms = row["parts"]
        rows.append([
            f"{row['accounts']:,} x {row['users_per_account']:,}, {row['shape'].replace('_', ' ')}, {row['mode']}", *(count(terms[name]) for name in terms),
            count(row["predicted"]), count(row["all_calls"]),
        ])
    return table([
        "organization, command", "run", "pages of accounts", "accounts x 3", "pages of users", "pages of secrets", "closer looks", "changes", "predicted",
        "measured",
    ], rows)


def operations(results: dict) -> str:
    """One size in the middle, call by call: that of the smallest organization on its first day that has several accounts."""
    plain = [row for row in _sizes(results) if row["transport"] == "plain"]
    first = next((row for row in plain if row["shape"] == "first" and row["accounts"] > 1), None)
    found = [row for row in plain if first and (row["accounts"], row["users_per_account"]) == (first["accounts"], first["users_per_account"])]
    python = [row for row in results.get("python", {}).get("rows", []) if row["way"] == "python"][:1]
    columns = {f"{row['shape']}, {row['mode']}": row["calls"] for row in found}
    columns |= {f"Python, {row['users']} users": row["calls"] for row in python}
    names = sorted({name for calls in columns.values() for name in calls})
    return table(["operation", *columns], [[name, *(count(calls[name]) if name in calls else "-" for calls in columns.values())] for name in names])


def _latency(row: dict) -> str:
    return f"{row['latency'] * 1000:.0f} ms" if row["latency"] else "none"


def python_runs(results: dict) -> str:
    return table(["audit by", "accounts", "users", "latency", "calls", "wall", "CPU", "peak memory"], [
        [row["way"], count(row["accounts"]), count(row["users"]), _latency(row), count(row["all_calls"]), seconds(row["wall"]), seconds(row["cpu"]),
         megabytes(row["peak_mb"])] for row in results.get("python", {}).get("rows", [])
    ])


def python_ratios(results: dict) -> str:
    told = results.get("python", {})
    text = table(["to rekeyer's", "accounts", "users", "latency", "calls", "wall", "CPU", "memory"], [
        [
            row["way"], count(row["accounts"]), count(row["users"]), _latency(row), times(row["calls"]),
            times(row["wall"]) + (f" (scaled from {row['scaled_from']} users, not measured)" if row["scaled_from"] else ""), times(row["cpu"]),
            times(row["memory"]),
        ] for row in told.get("ratios", [])
    ])
    left = [f"{row['way']}: {row['accounts']:,} accounts, {row['users']:,} users, latency {_latency(row)}" for row in told.get("left_out", [])]
    return text + ("\n\nLeft out, because they take minutes: " + "; ".join(left) + "." if left else "")


def virtual(results: dict) -> str:
    header = ["run", "accounts", "users", "keys", "calls", "throttled", "virtual time", "lower bound", "time / bound", "CPU, sandbox too", "memory, world too"]
    return table(header, [
        [
            row["run"], count(row["accounts"]), count(row["users"]), count(row["keys"]), count(row["calls"]), count(row["throttled"]),
            f"{row['virtual_seconds']:,.1f} s", "-" if row["bound"] is None else f"{row['bound']:,.2f} s", times(row["ratio"]), seconds(row["cpu"]),
            megabytes(row["peak_mb"]),
        ] for row in results.get("virtual", {}).get("rows", [])
    ])


def large_account(results: dict) -> str:
    names = {"plan": "audit, nothing due", "apply": "enforce, first day"}
    return table(["one account", "users", "keys", "due", "calls", "wall", "CPU", "peak memory"], [
        [names[row["mode"]], count(row["users"]), count(row["keys"]), count(row["due"]), count(row["all_calls"]), seconds(row["wall"]), seconds(row["cpu"]),
         megabytes(row["peak_mb"])] for row in results.get("large", {}).get("account", [])
    ])


def memory(results: dict) -> str:
    return table(["accounts", "users", "concurrency", "calls", "wall", "CPU", "peak memory", "the server's"], [
        [count(row["accounts"]), count(row["users"]), count(row["concurrency"]), count(row["all_calls"]), seconds(row["wall"]), seconds(row["cpu"]),
         megabytes(row["peak_mb"]), megabytes(row["server_peak_mb"])] for row in results.get("large", {}).get("memory", [])
    ])


def short(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if abs(value) >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def micro(results: dict) -> str:
    return table(["benchmark", "CPU each", "counters"], [
        [row["name"], short(row["cpu"]), ", ".join(f"{name} {value:,.4g}" for name, value in row["counters"].items()) or "-"]
        for row in results.get("micro") or []
    ])


#: the name of each part of the document → what makes it, and its title on the terminal
PARTS: dict[str, tuple[Callable[[dict], str], str]] = {
    "machine": (machine, "Machine"),
    "everyday_audit": (everyday_audit, "Audit of an organization that is looked after: nothing is due"),
    "everyday_enforce": (everyday_enforce, "Enforcing on an ordinary day: one user in a hundred is due"),
    "first_day": (first_day, "The first day: every user's key is due"),
    "by_due": (by_due, "With more and more users due"),
    "operations": (operations, "Calls by operation"),
    "predicted": (predicted, "Calls, predicted and measured"),
    "python_runs": (python_runs, "The audit, and the same in Python with boto3"),
    "python_ratios": (python_ratios, "Python's runs to rekeyer's"),
    "virtual": (virtual, "In virtual time, under AWS's documented limits"),
    "large_account": (large_account, "One account of the largest size"),
    "memory": (memory, "Memory"),
    "micro": (micro, "Parts of the program"),
    "aims": (the_aims, "Aims"),
}
#: Counts and no times: the same on a machine that is busy with something else.
COUNTS = ("operations", "predicted")
#: which parts of a run each table shows
SHOWS = {
    "sweeps": ("everyday_audit", "everyday_enforce", "first_day", "by_due", "operations", "predicted"), "python": ("python_runs", "python_ratios"),
    "virtual": ("virtual",), "large": ("large_account", "memory"), "micro": ("micro",),
}
