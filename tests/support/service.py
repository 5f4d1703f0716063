"""A whole service in a folder of its own, which tests reach as its users do: over HTTP."""

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.client import Client
from tests.support.waiting import until

READY_SECONDS = 180  # on a machine that is busy with other tests


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Answer:
    """An answer, with the members of those that Flask's test client gives."""

    def __init__(self, status, headers, data):
        self.status_code, self.headers, self.data = status, headers, data

    @property
    def text(self):
        return self.data.decode()

    @property
    def json(self):
        return json.loads(self.data)


class Http:
    """Requests over a socket, called as Flask's test client is."""

    def __init__(self, address):
        self._address = address

    def get(self, path, *, headers, buffered=True):
        return self._send("GET", path, headers)

    def delete(self, path, *, headers):
        return self._send("DELETE", path, headers)

    def put(self, path, *, headers, data):
        return self._send("PUT", path, headers, data)

    def post(self, path, *, headers, json=None, data=None):
        if data is None:
            return self._send("POST", path, headers | {"Content-Type": "application/json"}, _dumped(json))
        boundary = "a-line-that-no-file-of-these-tests-holds"
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
            + content.read()
            + b"\r\n"
            for content, name in data["file"]
        )
        body += f"--{boundary}--\r\n".encode()
        return self._send(
            "POST", path, headers | {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body
        )

    def _send(self, method, path, headers, data=None):
        request = urllib.request.Request(self._address + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.status, refusal.headers, refusal.read())


def _dumped(value) -> bytes:
    return json.dumps(value).encode()


class Service:
    """Redis, the API and one worker, run from the source tree in `tree`."""

    def __init__(self, tree: Path, *, queues: str, concurrency: int, **settings: str):
        self.tree = tree
        self.data = tree / "var"
        self.port = free_port()
        ours = {"LONGHAUL_DATA": str(self.data), "LONGHAUL_PORT": str(self.port), **settings}
        foreign = {name for name in os.environ if name.startswith(("LONGHAUL_", "REDIS_", "PYTHONPATH"))}
        kept = {name: value for name, value in os.environ.items() if name not in foreign}
        self._environment = kept | ours | {"REMAP_SIGTERM": "SIGQUIT"}
        self._worker = [
            "celery",
            "-A",
            "jobs",
            "worker",
            "-n",
            "own@test",
            "-Q",
            queues,
            "-c",
            str(concurrency),
        ]
        self._worker += ["--without-gossip", "--without-mingle", "-l", "INFO"]
        self._started: list[tuple[subprocess.Popen, Path]] = []

    def _start(self, name: str, *module: str) -> None:
        log = self.tree / f"{name}.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", *module]
            process = subprocess.Popen(
                command, cwd=self.tree, env=self._environment, stdout=output, stderr=output
            )
        self._started.append((process, log))

    def run(self, *module: str) -> str:
        """Run a program of the tree to its end; return what it printed."""
        command = [sys.executable, "-m", *module]
        return subprocess.run(
            command, cwd=self.tree, env=self._environment, capture_output=True, text=True, check=True
        ).stdout

    def __enter__(self) -> "Service":
        self._start("redis", "jobs.redis_server")
        self.run("jobs.redis_server", "wait")
        self._start("api", "api.serve")
        self._start("worker", *self._worker)
        try:
            until(self._ready, seconds=READY_SECONDS, what="the service is up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _ready(self) -> bool:
        for process, log in self._started:
            assert process.poll() is None, log.read_text()
        (_, api), (_, worker) = self._started[1:]
        return "Started worker-1" in api.read_text() and "own@test ready" in worker.read_text()

    def __exit__(self, *_: object) -> None:
        while self._started:  # Redis, which was started first, is what all others need to the end
            process, _ = self._started.pop()
            if process.poll() is None:
                process.terminate()
            process.wait(30)

    def client(self) -> Client:
        """Return the client of the first user, whose token the first start has made."""
        return Client(Http(f"http://127.0.0.1:{self.port}"), (self.data / "token").read_text().strip())
