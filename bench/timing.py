"""How often what is timed is repeated, and which of the runs is kept."""

import sys
import time
from collections.abc import Callable

from client import Measured

REPEAT_BELOW = 1.0  # seconds
REPETITIONS = 5
#: of whatever does the same each time the least CPU of so many is kept, because the rest of a shared machine only adds to it
LEAST_OF = 3


def median_of(run: Callable[[], Measured], repeat: bool) -> tuple:
    """The run in the middle by wall time, and how many there were."""
    runs = [run()]
    while repeat and runs[0].wall < REPEAT_BELOW and len(runs) < REPETITIONS:
        runs.append(run())
    return sorted(runs, key=lambda measured: measured.wall)[len(runs) // 2], len(runs)


class Progress:
    """Lines on standard error, each with the seconds since the beginning."""

    def __init__(self):
        self.begun = time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"{time.monotonic() - self.begun:6.1f} s  {text}", file=sys.stderr, flush=True)
