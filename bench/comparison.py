"""Part `python`: rekeyer's audit and the same by python_way.py, sequentially and with 16 threads, on the same server in the same run.

The organization has been looked after: nothing is due. So rekeyer looks at nobody closely; what it costs where much is due is in the sweeps.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import worlds
from client import Client
from place import PYTHON_WAY, BenchError
from rekeyer_run import Rekeyer
from server import Server
from timing import median_of
from worlds import World

THREADS = 16
LATENCY = 0.04  # seconds, there and back, of each call
#: organizations, and the latencies with which each is audited by the sequential way; with latency only few users, it takes minutes for more
SIZES = ((1, 100), (1, 1000), (10, 100), (100, 100))
QUICK_SIZES = ((2, 10),)
SEQUENTIAL_WITH_LATENCY_UP_TO = 100  # users
SEQUENTIAL_UP_TO = 1_000
THREADED_UP_TO = 10_000


class Comparison:
    def __init__(self, rekeyer: Path, progress, quick: bool):
        self.program, self.progress, self.quick, self.rows, self.left_out = rekeyer, progress, quick, [], []

    def run(self) -> dict:
        for accounts, users in QUICK_SIZES if self.quick else SIZES:
            self._size(World("tended", accounts, users))
        return {"latency": LATENCY, "threads": THREADS, "rows": self.rows, "ratios": self.ratios(), "left_out": self.left_out}

    def _size(self, world: World) -> None:
        folder = Path(tempfile.mkdtemp(prefix="rekeyer-bench-"))
        try:
            with Server(self.program, worlds.write(world, folder / "world.json")) as server:
                client = Client(folder, server.environment())
                for latency in (0, LATENCY):
                    server.set_latency(latency)
                    self._rekeyer(world, server, client, latency)
                    self._python(world, server, client, latency, 1)
                    self._python(world, server, client, latency, THREADS)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _keep(self, way: str, world: World, latency: float, measured) -> None:
        self.rows.append({"way": way, "accounts": world.accounts, "users": world.all_users, "latency": latency, **measured.as_json()})
        self.progress(f"{way}, {world}, latency {latency * 1000:.0f} ms: {measured.wall:.2f} s, {measured.all_calls} calls")

    def _rekeyer(self, world, server, client, latency) -> None:
        rekeyer = Rekeyer(self.program, client.folder)
        measured, _ = median_of(lambda: rekeyer.measure(client, server, world, "plan"), not self.quick)
        self._keep("rekeyer", world, latency, measured)

    def _python(self, world, server, client, latency, threads) -> None:
        way = "python" if threads == 1 else f"python, {threads} threads"
        bound = THREADED_UP_TO if threads > 1 else SEQUENTIAL_WITH_LATENCY_UP_TO if latency else SEQUENTIAL_UP_TO
        if latency and threads > 1:
            bound = SEQUENTIAL_UP_TO
        if world.all_users > bound:
            self.left_out.append({"way": way, "accounts": world.accounts, "users": world.all_users, "latency": latency})
            return
        command = [sys.executable, PYTHON_WAY, "--endpoint-url", server.url, "--threads", threads]
        measured, out = client.run(server, command, 600)
        told = json.loads(out)
        wanted = {"accounts": world.accounts, "users": world.all_users, "keys": world.all_users, "due": 0}
        if told != wanted:
            raise BenchError(f"{way}: found {told}, and the organization is {wanted}")
        self._keep(way, world, latency, measured)

    def _found(self, way, accounts, users, latency) -> dict | None:
        return next(
            (row for row in self.rows if (row["way"], row["accounts"], row["users"], row["latency"]) == (way, accounts, users, latency)), None
        )

    def ratios(self) -> list:
        """Of each of Python's runs to rekeyer's on the same organization."""
        ratios = []
        for row in self.rows:
            if row["way"] != "rekeyer":
                ours = self._found("rekeyer", row["accounts"], row["users"], row["latency"])
                ratios.append({
                    **{name: row[name] for name in ("way", "accounts", "users", "latency")}, "scaled_from": None,
                    "calls": row["all_calls"] / ours["all_calls"], "wall": row["wall"] / ours["wall"], "cpu": row["cpu"] / ours["cpu"],
                    "memory": row["peak_mb"] / ours["peak_mb"],
                })
        for left in self.left_out:
            if ratio := self._scaled(left):
                ratios.append(ratio)
        return ratios

    def _scaled(self, left: dict) -> dict | None:
        """The wall time of the sequential way in one account, from fewer users: one call follows the other. Marked as scaled; nothing else is."""
        measured = self._found(left["way"], left["accounts"], SEQUENTIAL_WITH_LATENCY_UP_TO, left["latency"])
        ours = self._found("rekeyer", left["accounts"], left["users"], left["latency"])
        if left["way"] != "python" or measured is None or ours is None:
            return None
        wall = measured["wall"] * left["users"] / measured["users"]
        return {**left, "scaled_from": measured["users"], "calls": None, "wall": wall / ours["wall"], "cpu": None, "memory": None}
