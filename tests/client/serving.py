"""What answers the client in tests: the real service in processes of its own, or a script."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from longhaul import Client

from tests.support.processes import ROOT
from tests.support.service import free_port
from tests.support.waiting import until

START_SECONDS = 60


class Api:
    """`python -m api.serve` on a port of its own, beside the Redis and the worker of the tests."""

    def __init__(self, folder: Path):
        self.log = folder / "api.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Api":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        ours = {"LONGHAUL_PORT": str(self.port), "LONGHAUL_THREADS": "16"}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api.serve"],
                cwd=ROOT,
                env=os.environ | ours,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that all its processes can be killed at once
            )
        until(self._answers, seconds=START_SECONDS, what=f"the API is up: {self.log}")

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """End all its processes as the kernel would, in the middle of what they do."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)


@dataclass
class Said:
    """An answer of a script. `cut_after` bytes of the body the connection breaks off."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    hang_up: bool = False


class Scripted:
    """A server on loopback that gives the answers of a script in their order, and keeps what it was asked."""

    def __init__(self):
        self.script: list[Said | Callable[[BaseHTTPRequestHandler], Said]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.received = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._clients: list[Client] = []

    def client(self, patience: float = 5.0) -> Client:
        """Return a client of this server, which is closed with it."""
        self._clients.append(Client(self.url, "lh_test", patience=patience))
        return self._clients[-1]

    def answers(self, *said: Said) -> "Scripted":
        self.script += said
        return self

    def __enter__(self) -> "Scripted":
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self):
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.answer(self)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names are http.server's

            def log_message(self, *arguments):
                """Write nothing."""

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self._drain(request)
        self.asked.append((request.command, request.path, dict(request.headers)))
        said = self.script.pop(0)
        said = said(request) if callable(said) else said
        if said.hang_up:
            request.close_connection = True
            return
        request.send_response(said.status)
        for name, value in ({"Content-Type": "application/json"} | said.headers).items():
            request.send_header(name, value)
        body = b"" if said.status == 304 else said.body
        if said.status != 304:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: said.cut_after])
        if said.cut_after is not None:
            request.close_connection = True

    def _drain(self, request: BaseHTTPRequestHandler) -> None:
        left = int(request.headers.get("Content-Length") or 0)
        while left:
            chunk = request.rfile.read(min(left, 1 << 20))
            left -= len(chunk)
            self.received += len(chunk)


JOB = {
    "id": "0b9e3a52-0000-4000-8000-000000000001",
    "kind": "analysis",
    "status": "running",
    "done": False,
    "progress": 10.0,
    "message": "Reading",
    "links": {"report": "/api/v1/jobs/1/report", "results": "/api/v1/jobs/1/results"},
}
ENDED = JOB | {"status": "completed", "done": True, "progress": 100.0}
BUSY = Said(503, b'{"title": "Away", "detail": "Redis is away."}', {"Retry-After": "0"})
PROBLEM = {"Content-Type": "application/problem+json"}


def said(document, **headers):
    return Said(
        200, json.dumps(document).encode(), {name.replace("_", "-"): v for name, v in headers.items()}
    )
