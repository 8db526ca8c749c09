"""Part `sweeps`: organizations from one account of ten users to a thousand accounts of a thousand, audited and enforced, plain and over TLS."""

import dataclasses
import itertools
import shutil
import tempfile
from pathlib import Path

import model
import worlds
from client import Client
from rekeyer_run import Rekeyer
from server import Server, TlsFront
from timing import median_of
from worlds import World

ACCOUNTS = (1, 10, 100, 1000)
USERS = (10, 100, 1000)
#: a server for more users than this takes gigabytes: such an organization is audited once, without TLS
MANY_USERS = 100_000
#: more than a page of secrets, more than a page of accounts
QUICK_SIZES = ((1, 110), (20, 10), (2, 100))  # the last one is of a size that is plotted
#: (accounts, users of each) of an organization on whose first day every key is due: as many as AWS's pace lets through in seconds
FIRST_DAYS = ((1, 10), (10, 10), (100, 10))
QUICK_FIRST_DAYS = ((2, 5),)
#: users with something due of each account, in an organization of one size
DUE_ACCOUNTS, DUE_USERS, DUE = 10, 100, (0, 1, 5, 10, 25)
QUICK_DUE = (0, 2)


def _row(world: World, mode: str, transport: str, measured, repetitions: int) -> dict:
    calls = measured.all_calls
    return {
        "shape": world.shape, "accounts": world.accounts, "users_per_account": world.users, "users": world.all_users,
        "due": world.accounts * world.due_users, "mode": mode, "transport": transport, "repetitions": repetitions, **measured.as_json(),
        "calls_per_user": calls / world.all_users, "requests_per_cpu_second": calls / measured.cpu if measured.cpu else None,
        "predicted": sum(model.expected(world, mode).values()), "parts": dataclasses.asdict(model.parts(world, mode)),
    }


class Sweeps:
    def __init__(self, rekeyer: Path, progress, quick: bool):
        self.program, self.progress, self.quick, self.rows, self.series = rekeyer, progress, quick, [], "sizes"

    def run(self) -> list:
        for accounts, users in QUICK_SIZES if self.quick else itertools.product(ACCOUNTS, USERS):
            self._size(World("tended", accounts, users), ("plan",))
            if accounts * users <= MANY_USERS:
                self._size(World("ordinary", accounts, users), ("apply",))
        for accounts, users in QUICK_FIRST_DAYS if self.quick else FIRST_DAYS:
            self._size(World("first", accounts, users), ("plan", "apply"))
        for due in QUICK_DUE if self.quick else DUE:
            self._size(World("ordinary", DUE_ACCOUNTS, DUE_USERS, due=due), ("apply",), "due")
        return self.rows

    def _size(self, world: World, modes: tuple, series: str = "sizes") -> None:
        """Each transport has the organization as it was: enforcing changes it."""
        transports = ("plain",) if world.all_users > MANY_USERS or series == "due" else ("plain", "TLS")
        self.series = series
        folder = Path(tempfile.mkdtemp(prefix="rekeyer-bench-"))
        try:
            file = worlds.write(world, folder / "world.json")
            if modes == ("plan",):
                with Server(self.program, file) as server:
                    for transport in transports:
                        self._measure(world, server, folder, transport, modes)
                return
            for transport in transports:
                with Server(self.program, file) as server:
                    self._measure(world, server, folder, transport, modes)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _measure(self, world: World, server: Server, folder: Path, transport: str, modes: tuple) -> None:
        if transport == "TLS":
            with TlsFront(server, folder) as front:
                self._modes(world, server, Client(folder, {**server.environment(), **front.environment}), transport, front.url, modes)
        else:
            self._modes(world, server, Client(folder, server.environment()), transport, server.url, modes)

    def _modes(self, world: World, server: Server, client: Client, transport: str, url: str, modes: tuple) -> None:
        rekeyer = Rekeyer(self.program, client.folder)
        for mode in modes:
            repeat = mode == "plan" and not self.quick
            measured, repetitions = median_of(lambda: rekeyer.measure(client, server, world, mode, url), repeat)
            self.rows.append({"series": self.series, **_row(world, mode, transport, measured, repetitions)})
            self.progress(f"{world}, {mode}, {transport}: {measured.wall:.2f} s, {measured.all_calls} calls")
