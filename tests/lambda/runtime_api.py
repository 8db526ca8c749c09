"""Lambda on this machine, for tests: a Runtime API (2018-06-01), processes of the real binary that are started as Lambda starts
`bootstrap`, functions of several such processes, and the Invoke call by which others start them.

    api = RuntimeApi()                         one process's; may be told to misbehave
    container = Container(program, "account", environment, folder)
    outcome = container.invoke({"account": "111111111111"})
    outcome.answer                             or outcome.error, or outcome.died

A function is invoked in a process that is idle, else in a new one: two invocations at once never share one, as at Lambda.
"""

import json
import os
import signal
import subprocess
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

VERSION = "/2018-06-01"
LONGEST_ANSWER = 6 * 1024 * 1024
TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"


class Outcome:
    """How an invocation ended: one of `answer` (any JSON), `error` (an object in Lambda's form) and `died` is there."""

    def __init__(self, request_id, kind, text="", headers=None, exit_code=None):
        self.request_id, self.kind, self.text, self.headers, self.exit_code = request_id, kind, text, headers or {}, exit_code

    @property
    def answer(self):
        if self.kind != "answer":
            raise AssertionError(f"the function gave no answer\n{self}")
        return json.loads(self.text)

    @property
    def error(self) -> dict:
        if self.kind != "error":
            raise AssertionError(f"the function reported no error\n{self}")
        return json.loads(self.text)

    @property
    def died(self) -> bool:
        return self.kind == "died"

    def __str__(self):
        return f"--- invocation {self.request_id}: {self.kind}, exit code {self.exit_code}\n{self.text}"


class Invocation:
    """An event on its way: handed out at `next`, ended by an answer, an error, or the death of its process."""

    def __init__(self, event, request_id=None, seconds=900.0, trace=TRACE):
        self.body = event if isinstance(event, bytes) else (event if isinstance(event, str) else json.dumps(event)).encode()
        self.request_id = request_id or str(uuid.uuid4())
        self.seconds, self.trace = seconds, trace
        self.posts = []  # what came before an outcome: (path, status that was given)
        self._outcome, self._ended = None, threading.Event()

    def end(self, outcome) -> None:
        if self._outcome is None:
            self._outcome = outcome
            self._ended.set()

    def wait(self, timeout=120) -> Outcome:
        if not self._ended.wait(timeout):
            raise AssertionError(f"the invocation {self.request_id} did not end within {timeout} s")
        return self._outcome


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.path != VERSION + "/runtime/invocation/next":
            return self._reply(404, b'{"errorType": "NotFound"}')
        api = self.server.api
        invocation = None if api.asked_and_hangs_up() else api.take()
        if invocation is None:
            return self._hang_up()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + invocation.seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:100000000000:function:rekeyer",
        }
        if invocation.trace:
            headers["Lambda-Runtime-Trace-Id"] = invocation.trace
        return self._reply(200, invocation.body, headers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._reply(self.server.api.posted(self.path, body, headers), b'{"status":"OK"}')

    def _reply(self, status, body, headers=None):
        lines = [f"HTTP/1.1 {status} {'OK' if status < 400 else 'Error'}", f"Content-Length: {len(body)}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        try:
            self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        except OSError:
            self.close_connection = True

    def _hang_up(self):
        self.close_connection = True

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a process that was killed leaves its connection behind


class RuntimeApi:
    """One process's. What may be set: `response_statuses`, statuses for the next answers (then 202, or 413 for too long a one);
    `hang_ups`, how many times `next` ends without a reply."""

    def __init__(self):
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self._changed = threading.Condition()
        self._waiting, self._current, self._closed = [], None, False
        self.response_statuses, self.hang_ups = [], 0
        self.init_error = None  # (error type of the header, body)
        self.times_asked, self.first_asked = 0, None
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def offer(self, invocation) -> Invocation:
        with self._changed:
            self._waiting.append(invocation)
            self._changed.notify_all()
        return invocation

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def ended(self, exit_code) -> None:
        """The process has ended, and with it what it was working on or was to work on."""
        with self._changed:
            for invocation in [self._current, *self._waiting]:
                if invocation:
                    invocation.end(Outcome(invocation.request_id, "died", exit_code=exit_code))
            self._current, self._waiting = None, []
            self._changed.notify_all()

    def wait_until_asked(self, times=1, timeout=60) -> None:
        """Until the process has asked for an event that often: then it is ready, or done with those before."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.times_asked >= times, timeout):
                raise AssertionError(f"the process asked for {self.times_asked} events within {timeout} s, not for {times}")

    # --- for the handler

    def asked_and_hangs_up(self) -> bool:
        with self._changed:
            self.times_asked += 1
            self.first_asked = self.first_asked or time.monotonic()
            self.hang_ups, hangs_up = max(self.hang_ups - 1, 0), self.hang_ups > 0
            self._changed.notify_all()
            return hangs_up

    def take(self):
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            self._current = self._waiting.pop(0)
            return self._current

    def posted(self, path, body, headers) -> int:
        with self._changed:
            if path == VERSION + "/runtime/init/error":
                self.init_error = (headers.get("lambda-runtime-function-error-type"), json.loads(body))
                return 202
            current = self._current
            for kind, word in (("answer", "response"), ("error", "error")):
                if current and path == f"{VERSION}/runtime/invocation/{current.request_id}/{word}":
                    return self._ended_with(current, kind, path, body, headers)
            return 400

    def _ended_with(self, current, kind, path, body, headers) -> int:
        status = 202
        if kind == "answer":
            status = self.response_statuses.pop(0) if self.response_statuses else 413 if len(body) > LONGEST_ANSWER else 202
        current.posts.append((path.rpartition("/")[2], status))
        if status == 202:
            self._current = None
            current.end(Outcome(current.request_id, kind, body.decode(), headers))
        return status


class Container:
    """One process of the binary, started as Lambda starts `bootstrap`: by that name, without arguments, in the function's package. What
    it prints goes to files in `folder`."""

    def __init__(self, program, handler, environment, folder, package=None, api=None):
        self.api = api or RuntimeApi()
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex[:12]
        self._out, self._err = folder / f"{name}.out", folder / f"{name}.err"
        kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
        everything = {
            **kept, "LANG": "en_US.UTF-8", "TZ": ":UTC", "AWS_LAMBDA_RUNTIME_API": self.api.authority, "_HANDLER": handler,
            "LAMBDA_TASK_ROOT": str(package or folder), "LAMBDA_RUNTIME_DIR": "/var/runtime", "AWS_LAMBDA_FUNCTION_NAME": f"rekeyer-{handler}",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/rekeyer-{handler}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"2026/01/01/[$LATEST]{name}", "AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129:2000", **environment,
        }
        self.begun = time.monotonic()
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self.process = subprocess.Popen(
                ["bootstrap"], executable=str(program), env=everything, cwd=str(package or folder), stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            )
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _watch(self):
        self.api.ended(self.process.wait())

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def out(self) -> str:
        return self._out.read_text("utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text("utf-8")

    @property
    def log(self) -> list:
        """The log's lines; each must be a JSON object."""
        return [json.loads(line) for line in self.err.splitlines()]

    def begin(self, event, **how) -> Invocation:
        invocation = self.api.offer(Invocation(event, **how))
        if not self.alive:
            self._watcher.join()
            self.api.ended(self.process.returncode)
        return invocation

    def invoke(self, event, timeout=120, **how) -> Outcome:
        return self.begin(event, **how).wait(timeout)

    def wait_for_end(self, timeout=60) -> int:
        return self.process.wait(timeout)

    def close(self) -> None:
        """As Lambda ends one: without notice."""
        if self.alive:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._watcher.join()
        self.api.close()


class Function:
    """Processes of one handler and one environment. `before(container, event)` is called when an event is about to be handed out, and may
    return how: {"seconds": 30} until its deadline."""

    def __init__(self, program, handler, environment, folder, package=None, before=None):
        self._make = lambda: Container(program, handler, environment, folder, package)
        self._lock, self._idle = threading.Lock(), []
        self.before = before or (lambda *_: None)
        self.containers = []

    def start(self) -> Container:
        """A new process, whatever is idle."""
        container = self._make()
        with self._lock:
            self.containers.append(container)
        return container

    def invoke(self, event, **how) -> Outcome:
        with self._lock:
            self._idle = [container for container in self._idle if container.alive]
            container = self._idle.pop() if self._idle else None
        container = container or self.start()
        outcome = container.invoke(event, **{**(self.before(container, event) or {}), **how})
        with self._lock:
            self._idle.append(container)
        return outcome

    def close(self) -> None:
        for container in self.containers:
            container.close()

    @property
    def log(self) -> list:
        return [line for container in self.containers for line in container.log]

    @property
    def out(self) -> str:
        return "".join(container.out for container in self.containers)


class InvokeHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = unquote(self.path.split("/")[3]).rpartition(":")[2]
        host = self.server.host
        if name not in host.functions:
            text = json.dumps({"Type": "User", "Message": f"Function not found: {name}"}).encode()
            return self._send(404, text, {"x-amzn-ErrorType": "ResourceNotFoundException"})
        if self.headers.get("X-Amz-Invocation-Type") == "Event":
            host.asynchronous.append((name, json.loads(body)))
            return self._send(202, b"", {})
        outcome = host.functions[name].invoke(body)
        host.invoked.append((name, json.loads(body), outcome))
        if outcome.kind == "answer":
            return self._send(200, outcome.text.encode(), {"X-Amz-Executed-Version": "$LATEST"})
        text = outcome.text or json.dumps({
            "errorType": "Runtime.ExitError", "errorMessage": f"RequestId: {outcome.request_id} Error: Runtime exited with error: {outcome.exit_code}",
        })
        return self._send(200, text.encode(), {"X-Amz-Function-Error": "Unhandled", "X-Amz-Executed-Version": "$LATEST"})

    def _send(self, status, body, headers):
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class FunctionHost:
    """Lambda's Invoke for functions by name. Invocations without an answer (`Event`) are kept, not performed: a test delivers them."""

    def __init__(self, functions):
        self.functions = functions
        self.invoked, self.asynchronous = [], []
        self._server = _Server(("127.0.0.1", 0), InvokeHandler)
        self._server.host = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
