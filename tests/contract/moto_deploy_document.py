"""docs/deploy.md followed as it stands, from an empty account to a first audit: its commands, typed by a reader, and nothing else. The functions
that the stack makes are then processes of the real binary with just the environment that the stack gives them, and the state machine is the
stack's own. With moto only: the sandbox has no CloudFormation."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

from case import MEMBER, SECOND, binary
from lambda_case import LambdaCase, due_user
from printed import blocks, section
from rekeyer import ROOT
from runtime_api import Function

REGION = "us-east-1"
#: What moto does not have: StackSets that a template makes, and so no instances of one either.
NOT_IN_MOTO = ("aws cloudformation list-stack-instances",)


def package(folder) -> Path:
    """A package with a bootstrap that says what it was built for: moto keeps it and does not run it."""
    path = Path(folder) / "rekeyer-lambda-x86_64.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bootstrap", b"\x7fELF" + bytes(14) + bytes([0x3E, 0]) + bytes(64))
    return path


class DeployDocument(LambdaCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.document = (ROOT / "docs/deploy.md").read_text()

    def environment(self) -> dict:
        """A person's in the tooling account, with the aws CLI in the path and no other AWS settings."""
        tools = self.folder / "bin"
        tools.mkdir(exist_ok=True)
        (tools / "aws").write_text(f'#!/bin/sh\nexec {sys.executable} -m awscli "$@"\n')
        (tools / "aws").chmod(0o755)
        key, secret = self.lab.made["admins"][self.lab.made["tooling"]]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept, "PATH": f"{tools}:{kept['PATH']}", "HOME": str(self.folder), "AWS_PAGER": "", "AWS_ENDPOINT_URL": self.lab.url,
            "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "REKEYER_POLL_SECONDS": "0.1", "PYTHONDONTWRITEBYTECODE": "1",
        }

    def type(self, command) -> str:
        """What the command prints; it must end well."""
        for placeholder, value in self.filled.items():
            command = command.replace(placeholder, value)
        command = re.sub(r"(report\.csv) \.$", rf"\1 {self.folder}", command)
        done = subprocess.run(
            ["bash", "-c", command], cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL
        )
        if command.startswith(NOT_IN_MOTO):
            return ""
        self.assertEqual(done.returncode, 0, f"\n$ {command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def functions_of_the_stack(self) -> dict:
        """Each function that the stack has made, with the environment that it gave it: name → function."""
        client = self.lab.admin(self.lab.made["tooling"], "lambda")
        caller = {name: value for name, value in self.lab.caller_environment().items() if name != "AWS_EC2_METADATA_DISABLED"}
        functions = {}
        for made in client.list_functions()["Functions"]:
            given = client.get_function_configuration(FunctionName=made["FunctionName"])
            environment = {**caller, "AWS_ENDPOINT_URL": self.lab.url, **given["Environment"]["Variables"]}
            functions[made["FunctionName"]] = self._functions[(made["FunctionName"],)] = Function(
                binary(), given["Handler"], environment, self.folder / "logs", package=self.folder
            )
        return functions

    def await_execution(self, arn) -> dict:
        states = self.lab.admin(self.lab.made["tooling"], "stepfunctions")
        deadline = time.monotonic() + 180
        while (told := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            self.assertLess(time.monotonic(), deadline, f"the execution goes on and on\n{self.prints()}")
            time.sleep(0.05)  # Step Functions tells nobody when an execution ends
        self.assertEqual(told["status"], "SUCCEEDED", f"{told}\n{self.prints()}")
        return told

    def test_from_an_empty_account_to_a_first_audit(self):
        self.build(
            {"id": MEMBER, "name": "acct-1", "users": [due_user("ann"), due_user("new", 3)]},
            {"id": SECOND, "name": "acct-2", "users": [due_user("eve", 200)]},
        )
        first_audit = section(self.document, "A first audit").split("Then tell people")[0]
        deploying, looking = blocks(first_audit)
        self.filled = {
            "build/package/rekeyer-lambda-x86_64.zip": str(package(self.folder)), "eu-central-1": REGION,
            "TOOLING_ACCOUNT": self.lab.made["tooling"],
        }
        host = self.host({})  # from now on state machines run
        self.lab.control("functions", url=host.url)
        self.assertEqual([command.split()[0] for command in deploying], ["deploy/scripts/deploy.sh"] * 2)
        printed = [self.type(command) for command in deploying]
        self.assertIn("start-execution", printed[-1], "the script tells what comes next")
        self.filled["RUNS_BUCKET"] = re.search(r"s3://([a-z0-9-]+)/runs/", printed[-1])[1]

        host.functions.update(self.functions_of_the_stack())
        self.lab.forget_calls()
        for command in looking:
            told = self.type(command)
            if " start-execution " in command:
                arn = json.loads(told)["executionArn"]
                self.await_execution(arn)
        report = (self.folder / "report.csv").read_text()
        rows = [line for line in report.splitlines()[1:] if ",rotate," in line]
        self.assertEqual(len(rows), 2, report)
        self.assertIn("ann", report)
        self.assertIn("eve", report)
        self.assertNothingChanged()


if __name__ == "__main__":
    unittest.main()
