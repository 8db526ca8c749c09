#!/usr/bin/env python3
"""moto's AWS with a record of all calls, for the tests of the deployment scripts; `Aws` starts it in a process of its own.

usage: moto_server.py     prints "ready PORT", and ends with its standard input
GET /calls answers with what was called so far, and forgets it: [{"service", "operation", "key", "changing", "body", "query", "owner"}].
POST /answers takes one recorded answer, {"operation", "holds", "status", "body", "times"}: a call of this operation whose body holds the text gets it instead
of moto's, as often as `times` says, or always. Those that came first go first; DELETE /answers forgets them.
"""

import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

READ = ("Get", "List", "Describe", "Head", "Validate", "Assume", "Simulate")


class Recorder:
    """In the server: the WSGI application around moto's."""

    def __init__(self, application):
        self._inner = application
        self._calls, self._answers, self._lock = [], [], threading.Lock()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/calls":
            with self._lock:
                body, self._calls = json.dumps(self._calls).encode(), []
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
            return [body]
        if environ["PATH_INFO"] == "/answers":
            with self._lock:
                if environ["REQUEST_METHOD"] == "DELETE":
                    self._answers = []
                else:
                    self._answers.append(json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
            start_response("200 OK", [("Content-Length", "0")])
            return [b""]
        call = self._call(environ)
        with self._lock:
            self._calls.append(call)
            recorded = self._recorded(call)
        if recorded:
            body = recorded["body"].encode()
            kind = "text/xml" if body.startswith(b"<") else "application/json"
            start_response(f"{recorded['status']} Recorded", [("Content-Type", kind), ("Content-Length", str(len(body)))])
            return [body]
        return self._inner(environ, start_response)

    def _recorded(self, call) -> dict | None:
        for answer in self._answers:
            if answer["operation"] == call["operation"] and answer["holds"] in call["body"] and answer["times"] != 0:
                if answer["times"] is not None:
                    answer["times"] -= 1
                return answer
        return None

    @staticmethod
    def _call(environ) -> dict:
        import io

        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        credential = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if target := environ.get("HTTP_X_AMZ_TARGET"):
            operation = target.rpartition(".")[2]
        elif action := re.search(rb"(?:^|&)Action=(\w+)", body):
            operation = action[1].decode()
        else:  # REST: what is read is got
            operation = {"GET": "Get", "HEAD": "Head"}.get(method, method.capitalize()) + " " + path
        return {
            "service": credential[3] if credential else "", "operation": operation, "key": credential[1] if credential else "",
            "changing": not operation.startswith(READ), "body": body[:4096].decode("utf-8", "replace"),
            "query": environ["QUERY_STRING"], "owner": environ.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER", ""),
        }


class Aws:
    """In the test: the server's process, clients of it, and the environment for programs that call it."""

    def __init__(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        log = os.environ.get("REKEYER_LAB_LOG")  # as for the contract tests' lab
        self._log = open(log, "w") if log else subprocess.DEVNULL
        self._process = subprocess.Popen(
            [sys.executable, __file__], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        first = self._process.stdout.readline().split()
        if len(first) != 2 or first[0] != "ready":
            self._process.kill()
            raise RuntimeError(f"moto did not start; run {Path(__file__).name} to see why")
        self.url = f"http://127.0.0.1:{first[1]}"

    def stop(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def reset(self):
        urllib.request.urlopen(urllib.request.Request(self.url + "/moto-api/reset", b"", method="POST"), timeout=60).read()
        self.forget_answers()
        self.calls()

    def forget_answers(self):
        urllib.request.urlopen(urllib.request.Request(self.url + "/answers", method="DELETE"), timeout=60).read()

    def answer(self, operation, body, holds="", status=200, times=None):
        """The next `times` calls of this operation whose body holds the text get this, not moto's answer; without `times` all do."""
        recorded = json.dumps({"operation": operation, "body": body, "holds": holds, "status": status, "times": times}).encode()
        urllib.request.urlopen(urllib.request.Request(self.url + "/answers", recorded, method="POST"), timeout=60).read()

    def calls(self) -> list:
        with urllib.request.urlopen(self.url + "/calls", timeout=60) as reply:
            return [call for call in json.load(reply) if call["service"]]

    def client(self, service, region="eu-central-1", credentials=("test", "test", None)):
        import boto3

        key, secret, token = credentials
        return boto3.client(
            service, region, endpoint_url=self.url, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token
        )

    def credentials_of(self, account) -> tuple:
        """A session in another account: moto takes the account from the role."""
        issued = self.client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/administrator", RoleSessionName="test")["Credentials"]
        return issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"]


def _leave_bucket_policies_alone():
    """moto knows no conditions: to it "deny without TLS" denies everything."""
    from moto.iam.access_control import PermissionResult
    from moto.s3 import models

    models.FakeBucket.get_permission = lambda *_, **__: PermissionResult.NEUTRAL


def _keep_what_a_failed_creation_alone_removes():
    """moto knows Retain. RetainExceptOnCreate is the same for a stack that stands, and no stack fails here while it is made."""
    from moto.cloudformation.parsing import ResourceMap

    delete = ResourceMap.delete

    def delete_the_rest(self):
        for resource in self._resource_json_map.values():
            if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
                resource["DeletionPolicy"] = "Retain"
        delete(self)

    ResourceMap.delete = delete_the_rest


def _create_a_stack_in_review_once():
    """moto makes a second stack for the second change set of a stack that is in review; AWS goes on with the one that is there."""
    from moto.cloudformation.models import CloudFormationBackend

    create = CloudFormationBackend.create_change_set

    def create_change_set(self, stack_name, *words, **named):
        for identity in [key for key, stack in self.stacks.items() if (stack.name, stack.status) == (stack_name, "REVIEW_IN_PROGRESS")]:
            del self.stacks[identity]
        return create(self, stack_name, *words, **named)

    CloudFormationBackend.create_change_set = create_change_set


def main():
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    _leave_bucket_policies_alone()
    _keep_what_a_failed_creation_alone_removes()
    _create_a_stack_in_review_once()

    class Quiet(WSGIRequestHandler):
        def log(self, *_):
            pass

    server = make_server("127.0.0.1", 0, Recorder(DomainDispatcherApplication(create_backend_app)), threaded=True, request_handler=Quiet)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print("ready", server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
