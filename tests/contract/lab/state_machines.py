"""moto's Step Functions with executions that run: their calls of Lambda go where the test says, those of S3 to the lab itself.

moto interprets Amazon States Language with Distributed Map, item reader and result writer. What it does otherwise than AWS: a map's
tolerated failures are not counted (it always succeeds), the result writer writes a manifest without results, and a state machine can be
started once only.
Its grammar takes a tolerated percentage only with a fraction; that is mended here.
"""

import re
import types

import boto3
import moto.stepfunctions.models as made_by_stacks
import moto.stepfunctions.responses  # noqa: F401
from botocore.config import Config
from moto.core.config import default_user_config
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import resource_eval_s3 as reading
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval import resource_eval_s3 as writing
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from . import identity

_CONFIG = Config(retries={"total_max_attempts": 1}, read_timeout=300, s3={"addressing_style": "path"})


class StateMachines:
    def __init__(self, lab_url, world):
        self._lab_url, self._world = lab_url, world
        self._functions_url = None
        #: The seconds that retries would have waited, in order.
        self.waits = []

    def set_functions(self, url) -> None:
        """Where functions are invoked from now on."""
        self._functions_url = url
        self.waits.clear()

    def client(self, region, service, state_credentials=None):
        """Stands in for moto's boto_client_for."""
        if service == "lambda":
            if self._functions_url is None:
                raise RuntimeError("the lab was not told where functions are: control `functions`")
            return boto3.client(
                "lambda", region, endpoint_url=self._functions_url, config=_CONFIG, aws_access_key_id="states", aws_secret_access_key="states"
            )
        return boto3.client(
            service, region, endpoint_url=self._lab_url, config=_CONFIG,
            aws_access_key_id=identity.admin_key(self._world.tooling), aws_secret_access_key=identity.ADMIN_SECRET,
        )


def _with_fractions(parse):
    """A parser that takes whole percentages, too."""
    return staticmethod(lambda definition: parse(re.sub(r'("ToleratedFailurePercentage":\s*\d+)(?![\d.])', r"\1.0", definition)))


def _with_substitutions(create):
    """A stack's state machine with its DefinitionSubstitutions filled in, which moto leaves out."""

    def filled(_cls, resource_name, cloudformation_json, account_id, region_name, **more):
        properties = cloudformation_json["Properties"]
        values = properties.get("DefinitionSubstitutions", {})
        text = re.sub(r"\$\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), properties["DefinitionString"])
        whole = {**cloudformation_json, "Properties": {**properties, "DefinitionString": text}}
        return create(resource_name, whole, account_id, region_name, **more)

    return classmethod(filled)


def install(lab_url, world) -> StateMachines:
    machines = StateMachines(lab_url, world)
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    for module in (lambda_eval_utils, reading, writing):
        module.boto_client_for = machines.client
    made_by_stacks.StateMachine.create_from_cloudformation_json = _with_substitutions(made_by_stacks.StateMachine.create_from_cloudformation_json)
    made_by_stacks.stepfunctions_backends = stepfunctions_parser_backends  # CloudFormation's go where executions run
    AmazonStateLanguageParser.parse = _with_fractions(AmazonStateLanguageParser.parse)
    retrier_decl.time = types.SimpleNamespace(sleep=machines.waits.append)
    return machines
