"""rekeyer as it is measured: `plan` is the audit, `apply` enforces; both with the default settings but for the limits on what a run may change."""

import json
from pathlib import Path

import model
from client import Client, Measured
from place import BenchError, document

#: everything that is due is done at once; concurrency and the pace of calls stay as they are
RAISED = {"max_changes": 1_000_000, "max_changes_per_account": 1_000_000}
MODES = {"plan": "audit", "apply": "enforce"}


class Rekeyer:
    def __init__(self, program: Path, folder: Path, **limits):
        self.program, self.config = program, folder / "rekeyer.toml"
        self.config.write_text(document({"organization": {}, "limits": {**RAISED, **limits}}))

    def measure(self, client: Client, server, world, mode: str, url: str | None = None, timeout: float = 900) -> Measured:
        """One run, held against the model: its calls, and that every account and user is accounted for."""
        command = [self.program, mode, "--format", "json", "--config", self.config, "--endpoint-url", url or server.url]
        if mode == "apply":
            command.append("--yes")
        measured, out = client.run(server, command, timeout)
        totals = json.loads(out)["totals"]
        due = world.accounts * world.due_users
        told = sum(count for kinds in totals["actions"].values() for status, count in kinds.items() if status in ("done", "planned"))
        seen = {"accounts": totals["accounts"]["done"], "users": totals["users"], "quiet": totals["quiet"], "due": told}
        wanted = {"accounts": world.accounts, "users": world.all_users, "quiet": world.all_users - due, "due": due}
        if seen != wanted:
            raise BenchError(f"{mode} of {world} reports {seen}, and the organization is {wanted}")
        model.check(world, mode, measured.calls)
        return measured
