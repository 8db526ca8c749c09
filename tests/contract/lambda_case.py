"""The base of the suites about Lambda: the functions of a deployment as processes of the real binary, the folder of runs in the lab's S3."""

import json
import sys
from pathlib import Path

from case import RekeyerCase, binary

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lambda"))

from runtime_api import Container, Function, FunctionHost  # noqa: E402

BUCKET, PREFIX = "rekeyer-runs", "rekeyer/runs"
#: Lambda's form of an error.
ERROR_MEMBERS = {"errorMessage", "errorType", "stackTrace"}


def due_user(name="ann", age=95, **more):
    return {"name": name, "keys": [{"age": age, "used": 1}], **more}


class LambdaCase(RekeyerCase):
    def setUp(self):
        super().setUp()
        self._functions, self._hosts = {}, []
        self.variables = {}

    def tearDown(self):
        self.end_functions()
        for host in self._hosts:
            host.close()
        super().tearDown()

    def deploy(self, sections=None, mode="apply", packaged=True, **variables):
        """A deployment for the world that was just built: rekeyer.toml in the package, a bucket for runs, these variables for all its
        functions. A variable that is None is not set."""
        self.end_functions()
        self.use(sections)
        if not packaged:
            self.rekeyer.config.unlink()
        self.s3 = self.lab.admin(self.lab.made["tooling"], "s3")
        self.s3.create_bucket(Bucket=BUCKET)
        caller = {name: value for name, value in self.lab.caller_environment().items() if name != "AWS_EC2_METADATA_DISABLED"}
        wanted = {**caller, "AWS_ENDPOINT_URL": self.lab.url, "REKEYER_MODE": mode, "REKEYER_RUNS": f"s3://{BUCKET}/{PREFIX}", **variables}
        self.variables = {name: value for name, value in wanted.items() if value is not None}
        self.lab.forget_calls()

    def function(self, handler, **more) -> Function:
        """One for each handler and each set of further variables."""
        key = (handler, *sorted(more.items()))
        if key not in self._functions:
            environment = {**self.variables, **more}
            self._functions[key] = Function(
                binary(), handler, environment, self.rekeyer.folder / "logs", package=self.rekeyer.folder,
                before=lambda container, _: self.lab.victim(container.process.pid),
            )
        return self._functions[key]

    def container(self, handler, api=None, **more) -> Container:
        """A process by itself."""
        function = self.function(handler, **more)
        container = Container(
            binary(), handler, {**self.variables, **more}, self.rekeyer.folder / "logs", package=self.rekeyer.folder, api=api
        )
        function.containers.append(container)
        return container

    def end_functions(self) -> None:
        for function in self._functions.values():
            function.close()
        self._functions = {}

    def host(self, names) -> FunctionHost:
        """Lambda's Invoke; `names` says which handler a function has."""
        host = FunctionHost({name: self.function(handler) for name, handler in names.items()})
        self._hosts.append(host)
        return host

    def call(self, handler, event, **how) -> dict:
        """The answer."""
        outcome = self.function(handler).invoke(event, **how)
        self.assertEqual(outcome.kind, "answer", f"{outcome}\n{self.prints()}")
        return outcome.answer

    def refused_event(self, handler, event, kind="rekeyer.Usage") -> str:
        """The message of the error, which must be in Lambda's form."""
        outcome = self.function(handler).invoke(event)
        self.assertEqual(outcome.kind, "error", f"{event}\n{outcome}\n{self.prints()}")
        return self.assertLambdaError(outcome, kind)

    def assertLambdaError(self, outcome, kind) -> str:
        error = outcome.error
        self.assertEqual(set(error), ERROR_MEMBERS)
        self.assertEqual(error["errorType"], kind, error)
        self.assertEqual(outcome.headers.get("lambda-runtime-function-error-type"), kind)
        self.assertEqual(error["stackTrace"], [])
        self.assertTrue(error["errorMessage"])
        return error["errorMessage"]

    def prints(self) -> str:
        return "\n".join(
            f"--- {key[0]}: stdout\n{container.out[-3000:]}\n--- stderr\n{container.err[-6000:]}"
            for key, function in self._functions.items() for container in function.containers
        )

    # --- what a run has left

    def objects(self, folder="") -> set:
        """Names below the folder of runs."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{PREFIX}/{folder}")
        return {entry["Key"].removeprefix(f"{PREFIX}/") for page in pages for entry in page.get("Contents", [])}

    def text_of(self, name) -> str:
        return self.s3.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{name}")["Body"].read().decode()

    def kept(self, name):
        return json.loads(self.text_of(name))

    # --- a run by hand, as the state machine makes it

    def inventory(self, run, mode="apply") -> list:
        """The items for the first map."""
        answer = self.call("inventory", {"run": run, "mode": mode})
        self.assertEqual((answer["run"], answer["mode"], answer["bucket"]), (run, mode, BUCKET))
        return json.loads(self.s3.get_object(Bucket=BUCKET, Key=answer["key"])["Body"].read())

    def visit(self, run, item, mode, run_mode, rounds=10):
        """One account in one of the passes, called again while there is more. The last outcome."""
        for _ in range(rounds):
            event = {"run": run, "mode": mode, "run_mode": run_mode, "account": item}
            outcome = self.function("account").invoke(event)
            if outcome.kind != "answer" or not outcome.answer["more"]:
                return outcome
        self.fail(f"there is still more after {rounds} calls\n{outcome}")

    def survey(self, run, mode="apply") -> dict:
        """Inventory and the first pass; how each account's function ended."""
        return {item["id"]: self.visit(run, item, "plan", mode) for item in self.inventory(run, mode)}

    def allot(self, run) -> list:
        answer = self.call("allot", {"run": run})
        items = json.loads(self.s3.get_object(Bucket=BUCKET, Key=answer["key"])["Body"].read())
        self.assertEqual(answer["accounts"], len(items))
        self.assertEqual(answer["allotted"], sum(item["changes"] for item in items))
        return items

    def distributed(self, run, mode="apply") -> dict:
        """A whole run; the report."""
        self.survey(run, mode)
        if mode in ("apply", "relock"):
            for item in self.allot(run):
                self.visit(run, item, "apply", mode)
        self.call("summarise", {"run": run, "mode": mode})
        return self.kept(f"{run}/report.json")

    # --- assertions

    def changes_of_accounts(self) -> list:
        """Changing calls other than to the runs' folder."""
        return [(call["operation"], call["account"]) for call in self.changing_calls() if call["service"] != "s3"]

    def assertNothingChanged(self):
        self.assertEqual(self.changes_of_accounts(), [])

    def created(self, user, account) -> int:
        """How many keys were made for the user."""
        return len(self.lab.key_events(event="created", by_lab=False, user=user, account=account))
