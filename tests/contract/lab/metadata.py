"""Fake endpoints for the credential chain: instance metadata (version 2 only), container credentials, the SSO portal, and its OIDC.

One small server plays all of them on loopback, and hands out the credentials that it was given.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

IMDS_TOKEN = "lab-imds-token"
CONTAINER_TOKEN = "lab-container-token"
SSO_TOKEN = "lab-sso-access-token"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _reply(self, status, body, kind="application/json"):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_PUT(self):
        self.server.seen.append(f"PUT {self.path}")
        if self.path == "/latest/api/token" and self.headers.get("x-aws-ec2-metadata-token-ttl-seconds"):
            self._reply(200, IMDS_TOKEN, "text/plain")
        else:
            self._reply(400, "bad request", "text/plain")

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.server.seen.append(f"GET {path}")
        given = self.server.credentials
        if path.startswith("/latest/"):
            if self.headers.get("x-aws-ec2-metadata-token") != IMDS_TOKEN:
                self._reply(401, "unauthorized", "text/plain")
            elif path == "/latest/meta-data/iam/security-credentials/":
                self._reply(200, "lab-instance-role", "text/plain")
            elif path == "/latest/meta-data/iam/security-credentials/lab-instance-role":
                self._reply(200, {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": given["Expiration"], **given})
            elif path == "/latest/meta-data/placement/region":
                self._reply(200, "us-east-1", "text/plain")
            else:
                self._reply(404, "not found", "text/plain")
        elif path == "/container":
            if self.headers.get("Authorization") != CONTAINER_TOKEN:
                self._reply(401, {"code": "Unauthorized", "message": "wrong token"})
            else:
                self._reply(200, given)
        elif path == "/federation/credentials":
            if self.headers.get(
                "x-amz-sso_bearer_token"
            ) != SSO_TOKEN or "role_name=Admin" not in query or "account_id=100000000000" not in query:
                self._reply(401, {"message": "Session token not found or invalid"})
            else:
                self._reply(
                    200,
                    {
                        "roleCredentials": {
                            "accessKeyId": given["AccessKeyId"], "secretAccessKey": given["SecretAccessKey"],
                            "sessionToken": given["Token"], "expiration": self.server.expires_ms,
                        }
                    },
                )
        else:
            self._reply(404, "not found", "text/plain")

    def log_message(self, *_):
        pass


class Metadata:
    """Runs the server in a thread. `credentials`: AccessKeyId, SecretAccessKey, Token, Expiration (a datetime)."""

    def __init__(self, credentials):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.credentials = {
            **credentials, "Expiration": credentials["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")
        }
        self._server.expires_ms = int(credentials["Expiration"].timestamp() * 1000)
        self._server.seen = []
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def seen(self) -> list:
        return self._server.seen

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
