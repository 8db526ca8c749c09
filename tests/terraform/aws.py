"""An AWS to deploy to: moto in a process of its own, with what the real provider asks for and moto 5.2 lacks.

`python3 aws.py` prints `ready PORT` and ends when its standard input does. Each correction says what is missing; none makes a call succeed that AWS would
refuse.
"""

import os
import subprocess
import sys
from pathlib import Path


class Server:
    """A process of its own, which ends with the one that started it."""

    def __init__(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        words = self._process.stdout.readline().split()
        if len(words) != 2 or words[0] != "ready":
            self._process.kill()
            raise RuntimeError("moto did not start; run `python3 tests/terraform/aws.py` to see why")
        self.endpoint = f"http://127.0.0.1:{words[1]}"

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


def validate_definitions() -> None:
    """Step Functions' ValidateStateMachineDefinition, which the provider calls for every plan: here any JSON with StartAt is valid."""
    import json

    from moto.core.responses import ActionResult
    from moto.stepfunctions.responses import StepFunctionResponse

    def validate(self):
        try:
            json.loads(self._get_param("definition"))["StartAt"]
        except (ValueError, KeyError) as problem:
            trouble = {"severity": "ERROR", "code": "INVALID_JSON_DESCRIPTION", "message": str(problem), "location": "/"}
            return ActionResult({"result": "FAIL", "diagnostics": [trouble], "truncated": False})
        return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})

    StepFunctionResponse.validate_state_machine_definition = validate


def list_versions() -> None:
    """Step Functions' ListStateMachineVersions: nobody publishes any."""
    from moto.core.responses import ActionResult
    from moto.stepfunctions.responses import StepFunctionResponse

    StepFunctionResponse.list_state_machine_versions = lambda self: ActionResult({"stateMachineVersions": []})


def service_managed_stack_sets() -> None:
    """StackSets keep what makes them service-managed and how their operations go, and instances are deleted by OU as they were made by OU."""
    from moto.cloudformation.models import StackSet
    from moto.cloudformation.responses import CloudFormationResponse

    create, delete = CloudFormationResponse.create_stack_set, CloudFormationResponse.delete_stack_instances

    def create_stack_set(self):
        answer = create(self)
        made = self.cloudformation_backend.describe_stack_set(self._get_param("StackSetName"))
        made.capabilities = self._get_param("Capabilities", [])
        made.auto_deployment = self._get_params().get("AutoDeployment")
        active = self._get_params().get("ManagedExecution", {}).get("Active", False)
        made.asked_for = {"Active": str(active).lower() == "true"}
        if made.permission_model == "SERVICE_MANAGED":
            made.administration_role_arn = made.execution_role_name = None
        return answer

    def delete_stack_instances(self):
        if self._get_params().get("DeploymentTargets", {}).get("OrganizationalUnitIds"):
            stack_set = self.cloudformation_backend.describe_stack_set(self._get_param("StackSetName"))
            accounts = sorted({instance.account_id for instance in stack_set.stack_instances})
            region = self._get_param("Regions", [])
            stack_set.delete_stack_instances(accounts, region)
            from moto.core.responses import ActionResult

            return ActionResult({"OperationId": stack_set.operations[-1]["OperationId"]})
        return delete(self)

    StackSet.managed_execution = property(lambda made: getattr(made, "asked_for", {"Active": False}))
    CloudFormationResponse.create_stack_set = create_stack_set
    CloudFormationResponse.delete_stack_instances = delete_stack_instances


def main() -> None:
    import logging

    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    validate_definitions()
    list_versions()
    service_managed_stack_sets()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print("ready", server.get_host_and_port()[1], flush=True)
    sys.stdin.read()
    os._exit(0)  # an orderly stop would wait for connections that the provider has left open


if __name__ == "__main__":
    main()
