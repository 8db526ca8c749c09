"""Compares what was counted with what is expected. Pure; every problem is a sentence that names what grew and by how much."""

#: how far instructions and allocations may be off, either way
TOLERANCE = 0.03


def drift(name: str, what: str, expected: int, counted: int) -> list:
    change = (counted - expected) / expected
    if change > TOLERANCE:
        return [f"{name}: {what} grew by {change:.1%}, from {expected:,} to {counted:,}"]
    if change < -TOLERANCE:
        return [f"{name}: {what} fell by {-change:.1%}, from {expected:,} to {counted:,}: keep the gain with --update"]
    return []


def calls_that_differ(name: str, expected: dict, counted: dict) -> list:
    problems = []
    for operation in sorted(set(expected) | set(counted)):
        before, now = expected.get(operation, 0), counted.get(operation, 0)
        if now > before:
            problems.append(f"{name}: {operation} is called {now} times, {now - before} more than expected")
        elif now < before:
            problems.append(f"{name}: {operation} is called {now} times instead of {before}: keep the gain with --update, if it is one")
    return problems


def compare(expected: dict, counted: dict) -> list:
    """Both: sweep's name → {"calls": {operation: n}, "instructions": n, "allocations": n}. The problems; none: all is as expected."""
    problems = [f"{name}: nothing is expected of it yet: run --update" for name in counted if name not in expected]
    problems += [f"{name}: it is expected and was not counted" for name in expected if name not in counted]
    for name in counted:
        if name not in expected:
            continue
        problems += calls_that_differ(name, expected[name]["calls"], counted[name]["calls"])
        for what in ("instructions", "allocations"):
            problems += drift(name, what, expected[name][what], counted[name][what])
    return problems
