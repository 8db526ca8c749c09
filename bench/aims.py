"""What the benchmark is held against: each aim with the figure that it got. None of them ends the run with a failure; they are for people."""

from dataclasses import asdict, dataclass

AUDITED = 10_000  # accounts
USERS = 100  # of each
WAY = 1_000  # users that are audited in Python for comparison


@dataclass(frozen=True)
class Aim:
    what: str
    limit: float
    at_most: bool
    unit: str
    figure: float | None  # None: this run did not measure it
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.figure is None:
            return None
        return self.figure <= self.limit if self.at_most else self.figure >= self.limit

    def as_json(self) -> dict:
        return {**asdict(self), "met": self.met}


def _one(rows, **wanted):
    return next((row for row in rows or [] if all(row.get(name) == value for name, value in wanted.items())), None)


def _virtual(results) -> list:
    row = _one(results.get("virtual", {}).get("rows"), accounts=AUDITED, run="audit, nothing due")
    return [
        Aim("audit of 10,000 accounts of 100 users in virtual time: times the lower bound", 1.10, True, "x", row and row["ratio"]),
        Aim("CPU of that audit, with the sandbox's answers", 15, True, "s", row and row["cpu"], "of one process that is the sandbox too"),
    ]


def _memory(results) -> list:
    rows = results.get("large", {}).get("memory")
    largest = _one(rows, accounts=AUDITED, concurrency=64)
    tenth = _one(rows, accounts=AUDITED // 10, concurrency=64)
    growth = largest["peak_mb"] / tenth["peak_mb"] if largest and tenth else None
    return [
        Aim("CPU of an audit of 10,000 accounts of 100 users over loopback", 15, True, "s", largest and largest["cpu"], "of the process that ships"),
        Aim("peak memory of an audit of 10,000 accounts of 100 users over loopback", 150, True, "MB", largest and largest["peak_mb"]),
        Aim("that memory to that of 1,000 such accounts: it grows with concurrency, not with accounts", 1.25, True, "x", growth),
    ]


def _python(results) -> list:
    ratio = _one(results.get("python", {}).get("ratios"), way="python", accounts=1, users=WAY, latency=0)
    return [
        Aim("calls of the sequential Python way to those of rekeyer, 1,000 users", 50, False, "x", ratio and ratio["calls"]),
        Aim("wall time of the sequential Python way to that of rekeyer, 1,000 users, no latency", 100, False, "x", ratio and ratio["wall"]),
    ]


def _micro(results) -> list:
    rows = results.get("micro") or []
    transports = [row for row in rows if row["name"].startswith("Transport/") and "tls" not in row["name"]]
    sent = {row["name"]: row["counters"]["requests_per_cpu_second"] for row in transports}
    best = max(sent, key=sent.get) if sent else None
    report = next((row for row in rows if row["name"].startswith("CredentialReport/100000")), None)
    return [
        Aim("requests a second and core, the transport alone", 12_000, False, "/s", sent.get(best), best or ""),
        Aim("a credential report of 100,000 users is read in", 100, True, "ms", report and report["cpu"] * 1000, report["name"] if report else ""),
    ]


def judged(results: dict) -> list:
    return [aim for group in (_virtual, _memory, _python, _micro) for aim in group(results)]
