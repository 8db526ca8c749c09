#!/usr/bin/env python3
"""The aws CLI without its start: one process has it loaded and forks for every call. The scripts make over a hundred calls in these tests.

`QuickAws().folder` goes to the front of PATH: the `aws` in it hands its words, environment, folder and streams over, and ends as the call ended.
It is the real aws CLI all the same, and `python3 quick_aws.py SOCKET` is the process that runs it.
"""

import functools
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

CLIENT = """#!{python} -SI
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as wire:
    wire.connect({address!r})
    payload = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(wire, [len(payload).to_bytes(4, "big")], [0, 1, 2])
    wire.sendall(payload)
    code = wire.recv(1)
sys.exit(code[0] if code else 255)
"""
#: whose descriptions are read beforehand
SERVICES = ("cloudformation", "s3", "sts", "organizations", "stepfunctions", "resourcegroupstaggingapi")


class QuickAws:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="quick-aws-"))
        address = str(self.folder / "socket")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self._process = subprocess.Popen(
            [sys.executable, __file__, address], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError("the aws CLI did not start; run quick_aws.py to see why")
        client = self.folder / "aws"
        client.write_text(CLIENT.format(python=sys.executable, address=address))
        client.chmod(0o755)

    def stop(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _read_descriptions_once():
    import botocore.loaders
    import botocore.session

    botocore.loaders.JSONFileLoader.load_file = functools.cache(botocore.loaders.JSONFileLoader.load_file)
    session = botocore.session.get_session()
    for service in SERVICES:
        session.get_service_model(service)
        session.create_client(service, "us-east-1", aws_access_key_id="none", aws_secret_access_key="none")


def _call(wire):
    """In the fork: one call of the CLI."""
    size, streams, _, _ = socket.recv_fds(wire, 4, 3)
    payload = b""
    while len(payload) < int.from_bytes(size, "big"):
        payload += wire.recv(1 << 16)
    words, environment, folder = json.loads(payload)
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
    data = os.environ["AWS_DATA_PATH"]  # awscli's own, set when it was loaded
    os.environ.clear()
    os.environ.update(environment, AWS_DATA_PATH=data)
    os.chdir(folder)
    from awscli.clidriver import main

    try:
        sys.argv = ["aws", *words]
        code = main() or 0
        sys.stdout.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    wire.sendall(bytes([code & 0xFF]))


def serve(address):
    import awscli.clidriver  # noqa: F401
    import awscli.customizations.s3.subcommands  # noqa: F401

    _read_descriptions_once()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen(64)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [])
            if sys.stdin in ready:  # its end: whoever started this process is gone, be it by a kill
                return
            wire, _ = door.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                try:
                    _call(wire)
                except BaseException:
                    traceback.print_exc()
                os._exit(0)
            wire.close()


if __name__ == "__main__":
    serve(sys.argv[1])
