"""Part `large`: one account of 5,000 users and 10,000 keys, and organizations of up to a million users, for memory.

5,000 users are the most that AWS allows an account. What is due there is done at the pace that rekeyer keeps with IAM (src/aws/call/pace.cpp), so that
enforcing the first day of all of them takes twenty minutes of waiting, here as at AWS: some hundred of them are measured, unless
--whole-first-day asks for all.
"""

import dataclasses
import shutil
import tempfile
from pathlib import Path

import model
import worlds
from client import Client
from rekeyer_run import Rekeyer
from server import Server
from timing import median_of
from worlds import World

USERS = 5_000
DUE = 300
QUICK = {"users": 50, "due": 5}
USERS_PER_ACCOUNT = 100
#: (accounts, concurrency): memory grows with the second
MEMORY = ((100, 64), (1000, 16), (1000, 64), (1000, 256), (10_000, 64))
QUICK_MEMORY = ((2, 1), (20, 4))


class Large:
    def __init__(self, rekeyer: Path, progress, quick: bool, whole_first_day: bool):
        self.program, self.progress, self.quick = rekeyer, progress, quick
        self.users = QUICK["users"] if quick else USERS
        self.due = self.users if whole_first_day else QUICK["due"] if quick else DUE

    def run(self) -> dict:
        audit = self._measure(World("two_keys", 1, self.users), "plan")
        first_day = self._measure(World("two_keys", 1, self.users, due=self.due), "apply")
        return {"account": [audit, first_day], "memory": self._memory()}

    def _row(self, world: World, mode: str, measured, server: Server, **more) -> dict:
        return {
            "accounts": world.accounts, "users": world.all_users, "keys": world.all_users * world.keys_of_a_user,
            "due": world.accounts * world.due_users, "mode": mode, **measured.as_json(), "server_peak_mb": server.peak_mb(),
            "predicted": sum(model.expected(world, mode).values()), "parts": dataclasses.asdict(model.parts(world, mode)), **more,
        }

    def _measure(self, world: World, mode: str) -> dict:
        folder = Path(tempfile.mkdtemp(prefix="rekeyer-bench-"))
        try:
            with Server(self.program, worlds.write(world, folder / "world.json")) as server:
                client = Client(folder, server.environment())
                rekeyer = Rekeyer(self.program, folder)
                measured, _ = median_of(lambda: rekeyer.measure(client, server, world, mode, timeout=1800), mode == "plan" and not self.quick)
                self.progress(f"{world}, {world.due_users} due, {mode}: {measured.wall:.2f} s, {measured.all_calls} calls")
                return self._row(world, mode, measured, server)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _memory(self) -> list:
        """An audit of organizations without secrets: rekeyer has not changed anything there yet, and nothing is due."""
        rows, sizes = [], QUICK_MEMORY if self.quick else MEMORY
        for accounts in sorted({accounts for accounts, _ in sizes}):
            world = World("tended", accounts, USERS_PER_ACCOUNT, secrets=False)
            folder = Path(tempfile.mkdtemp(prefix="rekeyer-bench-"))
            try:
                self.progress(f"{world}: the server reads its world")
                with Server(self.program, worlds.write(world, folder / "world.json")) as server:
                    for concurrency in [concurrency for of, concurrency in sizes if of == accounts]:
                        rekeyer = Rekeyer(self.program, folder, concurrency=concurrency)
                        measured = rekeyer.measure(Client(folder, server.environment()), server, world, "plan")
                        rows.append(self._row(world, "plan", measured, server, concurrency=concurrency))
                        self.progress(f"{world}, concurrency {concurrency}: {measured.wall:.1f} s, {measured.peak_mb:.0f} MB")
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        return rows
