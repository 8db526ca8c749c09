"""The two plots of docs/performance.md, drawn by gnuplot from the benchmark's results as SVG on a white ground, which a dark page leaves white."""

import subprocess
from pathlib import Path

from place import BenchError

SETTINGS = """
set terminal svg size 860,500 background "#ffffff" font "Helvetica,Arial,sans-serif,15" rounded
set border 3 linecolor "#444444"
set tics nomirror textcolor "#222222"
set grid xtics ytics linecolor "#dddddd" linewidth 1 dashtype 1
set key top left reverse Left textcolor "#222222" samplen 2 spacing 1.25
set logscale xy
set format x "%.0s%c"
set lmargin 11
set rmargin 4
"""
#: distinct on white, also to people who see few colours; each with a mark of its own
LOOKS = ('linecolor "#0b5fa5" pointtype 7', 'linecolor "#c2410c" pointtype 5', 'linecolor "#3f7d20" pointtype 9', 'linecolor "#777777" pointtype 6 dashtype 2')


def _calls(results: dict) -> tuple:
    """Calls by users in all accounts, 100 users an account."""
    sweeps = [row for row in results.get("sweeps", []) if row["series"] == "sizes" and row["transport"] == "plain" and row["users_per_account"] == 100]
    audits = [row for row in results.get("python", {}).get("rows", []) if row["users"] == row["accounts"] * 100]
    python = {row["users"]: row["all_calls"] for row in audits if row["way"] != "rekeyer"}
    lines = [
        ("rekeyer, audit, nothing due", [(row["users"], row["all_calls"]) for row in sweeps if row["shape"] == "tended"]),
        ("rekeyer, enforcing, one user in a hundred due", [(row["users"], row["all_calls"]) for row in sweeps if row["shape"] == "ordinary"]),
        ("user by user (Python, boto3), audit", sorted(python.items())),
    ]
    return "calls to AWS", "users, in accounts of 100", '"%.0s%c"', lines


def _time(results: dict) -> tuple:
    """Virtual time by accounts, with the lower bound."""
    rows = [row for row in results.get("virtual", {}).get("rows", []) if row["bound"] is not None]
    lines = [
        ("rekeyer, audit, nothing due", [(row["accounts"], row["virtual_seconds"]) for row in rows]),
        ("lower bound of AWS's documented limits", [(row["accounts"], row["bound"]) for row in rows]),
    ]
    return "seconds, in virtual time", "accounts of 100 users", '"%g"', lines


PLOTS = {"performance-calls.svg": _calls, "performance-time.svg": _time}


def _script(plot: tuple, out: Path) -> str:
    y_title, x_title, y_format, lines = plot
    data = "".join(f"$line{n} << END\n" + "".join(f"{x} {y}\n" for x, y in points) + "END\n" for n, (_, points) in enumerate(lines))
    looks = [LOOKS[-1] if "bound" in title else LOOKS[n] for n, (title, _) in enumerate(lines)]
    curves = ", ".join(
        f'$line{n} using 1:2 with linespoints {looks[n]} linewidth 2.2 pointsize 0.9 title "{title}"' for n, (title, points) in enumerate(lines) if points
    )
    return f'{SETTINGS}set format y {y_format}\nset xlabel "{x_title}"\nset ylabel "{y_title}"\nset output "{out}"\n{data}plot {curves}\n'


def draw(results: dict, folder: Path) -> list:
    """Writes each plot that the results have something for; the paths that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, make in PLOTS.items():
        plot = make(results)
        if not any(points for _, points in plot[3]):
            continue
        try:
            done = subprocess.run(["gnuplot"], input=_script(plot, folder / name), capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise BenchError("gnuplot is not installed: `make deps` does it") from None
        if done.returncode or not (folder / name).is_file():
            raise BenchError(f"gnuplot, {name}: {done.stderr}")
        written.append(folder / name)
    return written
