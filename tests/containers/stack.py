"""compose.yaml, brought up under a name of its own, and what tests do to it."""

import json
import os
import subprocess
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.waiting import until

UP_SECONDS = 150
ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    media_type: str
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Stack:
    """The service of compose.yaml in a project of its own, on free ports of the loopback address."""

    def __init__(self, root: Path, image: str, documents: Path) -> None:
        self.project = f"longhaul-test-{os.getpid()}"
        self.documents = documents
        self.is_up = False
        self._root = root
        self._token = ""
        self._addresses: dict[str, str] = {}
        self._environment = os.environ | {
            "COMPOSE_PROJECT_NAME": self.project,
            "APP_IMAGE": image,
            "API_BIND": "127.0.0.1:0",
            "FLOWER_BIND": "127.0.0.1:0",
            "DOCUMENTS_FOLDER": str(documents),
            "VISIBILITY_TIMEOUT_SECONDS": "6",
            "SOFT_SHUTDOWN_SECONDS": "0.5",  # shorter than any job here
        }

    def compose(self, *arguments: str, check: bool = True, **environment: str) -> str:
        """Run a command of docker compose, with these variables too; return what it printed."""
        run = subprocess.run(
            ["docker", "compose", *arguments],
            cwd=self._root,
            env=self._environment | environment,
            text=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        assert not check or run.returncode == 0, f"{arguments}: {run.stdout[-2000:]}\n{run.stderr[-4000:]}"
        return run.stdout

    def up(self) -> None:
        """Build, start, and wait until every service is healthy."""
        self.documents.chmod(0o755)
        self.compose("up", "--build", "--wait", "--wait-timeout", str(UP_SECONDS))
        self._token = self.execute("api", "cat", "/data/token").strip()
        self.is_up = True

    def down(self) -> None:
        """Remove everything of the project."""
        self.compose("down", "--volumes", "--timeout", "3", check=False)

    def describe(self) -> str:
        """Return what is there and the end of the logs."""
        logs = self.compose("logs", "--no-color", "--tail", "60", check=False)
        return self.compose("ps", "--all", check=False) + logs

    def execute(self, service: str, *command: str, user: str | None = None, check: bool = True) -> str:
        """Run a command in a service's container; return what it printed."""
        options = ["--user", user] if user else []
        return self.compose("exec", "-T", *options, service, *command, check=check)

    def inspect(self, service: str) -> Any:
        """Return what the engine knows of a service's container."""
        identifier = self.compose("ps", "--quiet", "--all", service).strip()
        run = subprocess.run(["docker", "inspect", identifier], check=True, capture_output=True)
        return json.loads(run.stdout)[0]

    def is_healthy(self, service: str) -> bool:
        """Return whether the container runs and its health check says so."""
        state = self.inspect(service)["State"]
        return bool(state["Running"] and state["Health"]["Status"] == "healthy")

    def crash(self, service: str, *, user: str | None = None) -> None:
        """Kill every process of a container at once, and wait until the restart policy has begun another run.

        Not `docker kill`, which counts as the operator's wish: nothing restarts after it. From inside,
        -1 means everything but process 1, the init process, which ends with the last of its children.
        """
        self._addresses.pop(service, None)
        before = self.inspect(service)["State"]["StartedAt"]
        self.execute(service, "sh", "-c", "kill -9 -1", user=user, check=False)

        def runs_again() -> bool:
            state = self.inspect(service)["State"]
            return bool(state["Running"]) and state["StartedAt"] != before

        until(runs_again, seconds=30, what=f"{service} runs again")

    def address(self, service: str = "api", port: int = 5000) -> str:
        """Return the address of a published port, which stays until its container starts again."""
        if service not in self._addresses:
            self._addresses[service] = "http://" + self.compose("port", service, str(port)).strip()
        return self._addresses[service]

    def http(
        self,
        path: str,
        *,
        body: object = None,
        files: Iterable[Path] = (),
        token: str | None = None,
        address: str | None = None,
        method: str | None = None,
    ) -> Answer:
        """Send a request: POST with a JSON body or files, else GET. The first user's token goes with it."""
        headers = {"Authorization": f"Bearer {self._token if token is None else token}"}
        data = None
        if files:
            data, headers["Content-Type"] = multipart(files)
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(
            (address or self.address()) + path, data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return Answer(answer.status, answer.headers.get_content_type(), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers.get_content_type(), error.read())

    def is_ready(self) -> bool:
        """Return whether the API can serve; while it restarts its port does not even answer."""
        try:
            return self.http("/readyz").status == 200
        except OSError:
            return False

    def upload(self, *files: Path) -> str:
        """Make a session of files; return its id."""
        answer = self.http("/api/v1/sessions", files=files)
        assert answer.status == 201, answer
        return str(answer.json()["id"])

    def submit(self, kind: str, **params: object) -> str:
        """Start a job; return its id."""
        answer = self.http(f"/api/v1/jobs/{kind}", body=params)
        assert answer.status == 202, answer
        return str(answer.json()["id"])

    def job(self, job_id: str) -> Any:
        """Return a job."""
        answer = self.http(f"/api/v1/jobs/{job_id}")
        assert answer.status == 200, answer
        return answer.json()

    def finished(self, job_id: str, *, seconds: float = 90) -> Any:
        """Return a job once it has ended."""

        def ended() -> Any:
            job = self.job(job_id)
            return job if job["done"] else None

        return until(ended, seconds=seconds, what=f"the end of {job_id}")


def multipart(files: Iterable[Path]) -> tuple[bytes, str]:
    """Return a form with the files as `file`, and its media type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + path.read_bytes()
        + b"\r\n"
        for path in files
    ]
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
