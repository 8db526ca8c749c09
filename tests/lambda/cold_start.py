#!/usr/bin/env python3
"""How fast the binary is ready as a Lambda function, and how much memory it takes: python3 tests/lambda/cold_start.py [--check] BINARY

Each run is a new process. Three times are taken from before it is started: until it asks the Runtime API for its first event; and until
the first event is answered, which is an inventory of a fixed map of one account: the configuration is read from the package, the caller's
identity is asked for, and two objects are written into the runs' folder, all over plain HTTP to a stub on this machine that answers at
once. The same event again shows what a process that is there already needs. The processor's time of the process is what a function waits
for many times as long, having only a share of a processor. Memory is the peak of the resident set (VmHWM) after both. Medians of 20 runs;
--check fails where an aim is missed.

--https speaks TLS to the stub, with this machine's CA certificates and one more to be read, as a function must on AWS.
"""

import argparse
import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from runtime_api import Container

ACCOUNT = "111111111111"
BUNDLES = ("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem")
EVENT = {"run": "cold-start", "mode": "plan"}
AIM_MILLISECONDS, AIM_MEGABYTES = 30, 40
_IDENTITY = (
    f'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    f"<Arn>arn:aws:sts::{ACCOUNT}:assumed-role/rekeyer-inventory/x</Arn><UserId>AROAEXAMPLE:x</UserId><Account>{ACCOUNT}</Account>"
    f"</GetCallerIdentityResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
).encode()


class Stub(BaseHTTPRequestHandler):
    """STS and S3, as far as the event needs them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        self._answer(_IDENTITY, {"Content-Type": "text/xml"})

    def do_PUT(self):
        self._answer(b"", {"ETag": '"00000000000000000000000000000000"'})

    def _answer(self, body, headers):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def processor_milliseconds(pid) -> float:
    """So far, of all threads; finer than the clock ticks of /proc/…/stat."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e6


def peak_megabytes(pid) -> float:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def one_start(binary, folder, environment) -> dict:
    container = Container(binary, "inventory", environment, folder / "logs", package=folder)
    try:
        outcome = container.invoke(EVENT, timeout=30)
        answered = time.monotonic()
        used = processor_milliseconds(container.process.pid)
        container.api.wait_until_asked(2)
        begun_again = time.monotonic()
        container.invoke(EVENT, timeout=30)
        answered_again = time.monotonic()
        if outcome.kind != "answer" or outcome.answer["accounts"] != 1:
            raise SystemExit(f"the event was not answered:\n{outcome}\n{container.err}")
        pid = container.process.pid
        return {
            "until it asks for an event": (container.api.first_asked - container.begun) * 1000,
            "until the event is answered": (answered - container.begun) * 1000,
            "  of the processor": used,
            "the same event again": (answered_again - begun_again) * 1000,
            "  of the processor, again": processor_milliseconds(pid) - used,
            "peak memory": peak_megabytes(pid),
        }
    finally:
        container.close()


def speak_tls(stub, folder) -> Path:
    """Gives the stub a certificate of its own. Returns a bundle of it and of all that this machine trusts."""
    certificate, key = folder / "stub.crt", folder / "stub.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=stub",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    stub.socket = context.wrap_socket(stub.socket, server_side=True)
    system = next((Path(path) for path in BUNDLES if Path(path).exists()), None)
    if system is None:
        raise SystemExit(f"this machine has no CA certificates: none of {', '.join(BUNDLES)}")
    bundle = folder / "bundle.pem"
    bundle.write_bytes(system.read_bytes() + b"\n" + certificate.read_bytes())
    return bundle


def measure(binary, runs, https) -> dict:
    stub = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    stub.daemon_threads = True
    with tempfile.TemporaryDirectory(prefix="rekeyer-cold-start-") as name:
        folder = Path(name)
        bundle = speak_tls(stub, folder) if https else None
        threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        (folder / "rekeyer.toml").write_text(f'[accounts]\n"{ACCOUNT}" = ["*"]\n')
        environment = {
            "AWS_ENDPOINT_URL": f"http{'s' if https else ''}://127.0.0.1:{stub.server_address[1]}", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example", "REKEYER_MODE": "plan", "REKEYER_RUNS": "s3://runs/rekeyer",
            **({"AWS_CA_BUNDLE": str(bundle)} if bundle else {}),
        }
        one_start(binary, folder, environment)  # reads the binary from the disk
        starts = [one_start(binary, folder, environment) for _ in range(runs)]
    stub.shutdown()
    return {what: [start[what] for start in starts] for what in starts[0]}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary", type=Path)
    arguments.add_argument("--runs", type=int, default=20)
    arguments.add_argument("--check", action="store_true", help=f"fails above {AIM_MILLISECONDS} ms or {AIM_MEGABYTES} MB")
    arguments.add_argument("--https", action="store_true")
    arguments.add_argument("--json", action="store_true")
    options = arguments.parse_args()
    measured = measure(options.binary.resolve(), options.runs, options.https)
    medians = {what: statistics.median(values) for what, values in measured.items()}
    if options.json:
        print(json.dumps({what.strip(): round(value, 1) for what, value in medians.items()}))
    else:
        print(f"{options.binary}: {options.binary.stat().st_size / 2**20:.1f} MB, medians of {options.runs} starts (least to most)")
        for what, values in measured.items():
            print(f"  {what:28} {medians[what]:7.1f} {'MB' if 'memory' in what else 'ms'}  ({min(values):.1f} to {max(values):.1f})")
    late = medians["until the event is answered"] > AIM_MILLISECONDS
    large = medians["peak memory"] > AIM_MEGABYTES
    if options.check and (late or large):
        print(f"the aim is {AIM_MILLISECONDS} ms until the event is answered and {AIM_MEGABYTES} MB", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
