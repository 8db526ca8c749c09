"""A distributed run by hand: the functions as Lambda starts them, one event after the other, and what each answered."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lambda"))

from runtime_api import Container  # noqa: E402

BUCKET, PREFIX = "rekeyer-runs", "runs"


class Functions:
    def __init__(self, program: Path, folder: Path):
        self._program, self._folder, self._containers = program, folder, {}

    def close(self) -> None:
        for container in self._containers.values():
            container.close()
        self._containers = {}

    def run(self, run: str, environment: dict, served) -> list:
        """(name, answer or error) of each invocation, in order. The run's folder in S3 is part of the world."""
        self._environment, self._told = {**environment, "REKEYER_MODE": "apply", "REKEYER_RUNS": f"s3://{BUCKET}/{PREFIX}"}, []
        self._served = served
        listed = self._call("inventory", {"run": run, "mode": "apply"})
        if listed is not None:
            for item in self._items(listed["key"]):
                self._visits(run, item, "plan")
            allotted = self._call("allot", {"run": run})
            for item in self._items(allotted["key"]) if allotted else ():
                self._visits(run, item, "apply")
            self._call("summarise", {"run": run, "mode": "apply"})
        self.close()
        return self._told

    def _call(self, handler: str, event: dict):
        if handler not in self._containers:
            self._containers[handler] = Container(self._program, handler, self._environment, self._folder / "logs", package=self._folder)
        outcome = self._containers[handler].invoke(event)
        self._told.append((f"{handler} {event.get('account', {}).get('id', '')}".strip(), f"{outcome.kind}\n{outcome.text}"))
        return json.loads(outcome.text) if outcome.kind == "answer" else None

    def _visits(self, run: str, item: dict, mode: str) -> None:
        for _ in range(10):
            answer = self._call("account", {"run": run, "mode": mode, "run_mode": "apply", "account": item})
            if not answer or not answer.get("more"):
                return

    def _items(self, key: str) -> list:
        for account in self._served.world()["accounts"]:
            for bucket in account.get("buckets", []):
                for found in bucket.get("objects", []):
                    if found["key"] == key:
                        return json.loads(found["text"])
        raise AssertionError(f"there is no {key} in the runs' folder")
