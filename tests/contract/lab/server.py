"""The lab's HTTP server: HTTP/1.1 with keep-alive, one thread a connection, a Date header from the lab's clock.

usage: python3 -m lab.server [--port N]   (port 0: any free one; prints "ready PORT" when it listens)
"""

import argparse
import json
import socket
import socketserver
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

# The services are imported before the clock is installed, so that all of them follow it.
import moto.account.responses
import moto.events.responses
import moto.iam.responses
import moto.kms.responses
import moto.organizations.responses
import moto.s3.responses
import moto.secretsmanager.responses
import moto.ses.responses
import moto.sesv2.responses
import moto.sns.responses
import moto.ssm.responses
import moto.sts.responses  # noqa: F401

from . import buckets, clock, strict_iam, strict_messages, strict_organizations, strict_secrets, strict_sts, wire
from .control import Control
from .gateway import Gateway


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailing fields
        return b"".join(parts)

    def do_POST(self):
        body = self._body()
        path, _, query = self.path.partition("?")
        if path.startswith("/__lab/"):
            self._control(path.removeprefix("/__lab/"), body)
            return
        headers = {name.lower(): " ".join(value.split()) for name, value in self.headers.items()}
        request = wire.parse(self.command, unquote(path), query, headers, body)
        try:
            reply = self.server.gateway.handle(request)
        except wire.Cut as cut:
            self._cut(cut.partial)
            return
        except Exception:
            traceback.print_exc()
            reply = wire.Reply(599, {"Content-Type": "text/plain"}, traceback.format_exc().encode())
        self._send(reply)

    do_GET = do_POST
    do_PUT = do_POST
    do_HEAD = do_POST
    do_DELETE = do_POST

    def _control(self, what, body):
        try:
            answer, status = self.server.control.handle(what, json.loads(body or b"{}")), 200
        except Exception as problem:
            traceback.print_exc()
            answer, status = {"error": f"{type(problem).__name__}: {problem}"}, 400
        self._send(wire.Reply(status, {"Content-Type": "application/json"}, json.dumps(answer).encode()))

    def _head(self, reply) -> bytes:
        lines = [
            f"HTTP/1.1 {reply.status} {'OK' if reply.status < 400 else 'Error'}", f"Date: {clock.http_date()}",
            f"Content-Length: {len(reply.body)}",
        ]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _send(self, reply):
        try:
            self.wfile.write(self._head(reply) + (b"" if self.command == "HEAD" else reply.body))
        except OSError:
            self.close_connection = True

    def _cut(self, partial):
        self.close_connection = True
        try:
            if partial is not None:
                self.wfile.write(self._head(partial) + partial.body[: len(partial.body) // 2])
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), Handler)
        self.gateway = Gateway()
        self.control = Control(self.gateway, f"http://127.0.0.1:{self.server_address[1]}")

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=0)
    port = options.parse_args().port
    for module in (buckets, strict_sts, strict_iam, strict_organizations, strict_secrets, strict_messages):
        module.install()
    clock.install()
    server = Server(port)
    server.control.do_world({})
    # The lab ends with whoever started it: when that process goes, standard input closes.
    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    print("ready", server.server_address[1], flush=True)
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
