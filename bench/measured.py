"""Runs one command and says what it took, as one line of JSON in a file: measured.py RESULT TIMEOUT COMMAND…

A process of its own, and a small one, because the peak memory that the kernel tells of a child includes what its parent held at the fork:
measured from the benchmark itself, a client of ten megabytes would seem to take as much as the benchmark.
"""

import json
import os
import signal
import sys
import time


def measure(timeout: float, command: list) -> dict:
    begun = time.monotonic()
    child = os.posix_spawn(command[0], command, os.environ)
    timed_out = False

    def end(*_):
        nonlocal timed_out
        timed_out = True
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - begun
    signal.setitimer(signal.ITIMER_REAL, 0)
    return {
        "exit": os.waitstatus_to_exitcode(status), "timed_out": timed_out, "wall": wall, "user": usage.ru_utime, "system": usage.ru_stime,
        "peak_kb": usage.ru_maxrss,
    }


if __name__ == "__main__":
    result = measure(float(sys.argv[2]), sys.argv[3:])
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(result, file)
