"""Both kinds of job from end to end, on services started for the purpose: `make demo`.

Starts an embedded Redis, the API and the workers, uploads a table and asks a question of it, indexes a folder
and searches it, all over HTTP as any other client would, prints what came of it and stops everything.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "var" / "demo"
TABLE = ROOT / "examples" / "penguins.csv"
QUESTION = "Do the three species differ in body mass?"
WORDS = "colony"
SERVICES = ("redis", "api", "analysis", "indexing")
START_SECONDS, JOB_SECONDS = 60, 120
POLL_SECONDS = 0.1


class DemoFailed(Exception):
    """Something did not go as it should; the text says what."""


class Client:
    """As much of an HTTP client as the demo needs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.token = ""

    def call(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON that `path` answers; with a body, POST it."""
        data = None if body is None else json.dumps(body).encode()
        return self._send(urllib.request.Request(self.address + path, data=data), "application/json")

    def upload(self, file: Path) -> Any:
        """Make a session of one file; return it."""
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
        data = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        request = urllib.request.Request(f"{self.address}/api/v1/sessions", data=data)
        return self._send(request, f"multipart/form-data; boundary={boundary}")

    def _send(self, request: urllib.request.Request, media_type: str) -> Any:
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", media_type)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise DemoFailed(f"{request.full_url}: {error.code} {error.read().decode()}") from error


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def services(port: int) -> Iterator[Path]:
    """Run the services; yield the path of their log."""
    DATA.mkdir(parents=True, exist_ok=True)
    log = DATA / "services.log"
    roots = f"examples={ROOT / 'examples'},docs={ROOT / 'docs'}"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LONGHAUL_", "REDIS_URL"))
    }
    environment |= {"LONGHAUL_DATA": str(DATA), "LONGHAUL_PORT": str(port), "LONGHAUL_FOLDER_ROOTS": roots}
    environment |= {"LONGHAUL_SOFT_SHUTDOWN_SECONDS": "2", "REMAP_SIGTERM": "SIGQUIT"}
    command = [sys.executable, "-m", "honcho", "start", *SERVICES]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            yield log
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def wait_until_ready(client: Client, log: Path) -> None:
    """Return once the API answers and the first token is there."""
    deadline = time.monotonic() + START_SECONDS
    token = DATA / "token"
    while True:
        try:
            with urllib.request.urlopen(f"{client.address}/readyz", timeout=5):
                client.token = token.read_text().strip()
                return
        except OSError as error:
            if time.monotonic() > deadline:
                raise DemoFailed(f"the services did not start; {log} says why") from error
            time.sleep(POLL_SECONDS)


def follow(client: Client, job: Mapping[str, Any]) -> Any:
    """Print a job's progress whenever it changes; return the finished job."""
    deadline = time.monotonic() + JOB_SECONDS
    seen = ""
    while True:
        now = client.call(job["links"]["self"])
        line = f"  {now['progress']:5.1f} %  {now['status']:<9}  {now['message'] or ''}"
        if now["total"] is not None and not now["done"]:
            line += f"  {now['processed']} of {now['total']}  {now['current_file'] or ''}"
        if line != seen:
            print(line.rstrip())
            seen = line
        if now["done"]:
            if now["status"] != "completed":
                raise DemoFailed(f"the job is {now['status']}: {now['error'] or now['results']}")
            return now
        if time.monotonic() > deadline:
            raise DemoFailed("the job does not end")
        time.sleep(POLL_SECONDS)


def show_analysis(client: Client) -> None:
    """Ask a question of a table; print the answer and where the figures are."""
    session = client.upload(TABLE)
    print(f"\nAnalysis of {TABLE.name}: {QUESTION}")
    job = follow(
        client, client.call("/api/v1/jobs/analysis", {"session": session["id"], "question": QUESTION})
    )
    results = client.call(job["links"]["results"])
    print(f"\n  {results['interpretation']['headline']}\n  {results['interpretation']['apa']}\n")
    project = DATA / "sessions" / session["owner"] / session["id"] / job["results"]["project"]
    for plot in job["results"]["plots"]:
        print(f"  {(project / plot).relative_to(ROOT)}")
    checked = "run, its numbers agree" if job["results"]["script_verified"] else "not verified"
    print(f"  {(project / 'script.py').relative_to(ROOT)} ({checked})")


def show_indexing(client: Client) -> None:
    """Index a folder and search it; print what was found."""
    print("\nIndexing of examples/documents")
    body = {"index": "documents", "folder": "examples/documents", "mode": "full"}
    job = follow(client, client.call("/api/v1/jobs/indexing", body))
    counts = {name: job["results"][name] for name in ("total", "indexed", "skipped", "failed")}
    print(f"\n  {', '.join(f'{count} {name}' for name, count in counts.items())}\n\nSearch: {WORDS}")
    found = client.call(f"{job['links']['search']}?q={WORDS.replace(' ', '%20')}&limit=3")
    if not found["items"]:
        raise DemoFailed("the search found nothing")
    for hit in found["items"]:
        page = f", page {hit['page']}" if hit["page"] else ""
        passage = " ".join(hit["highlights"][0].split()) if hit["highlights"] else ""
        print(f"  {hit['path']}{page}: {hit['title']}\n    {passage}")


def main() -> int:
    """Run the demo; return the exit code."""
    client = Client(f"http://127.0.0.1:{free_port()}")
    print("Starting Redis, the API and the workers")
    try:
        with services(int(client.address.rpartition(":")[2])) as log:
            wait_until_ready(client, log)
            show_analysis(client)
            show_indexing(client)
    except DemoFailed as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    print("\nDone. `make run` starts the services for good.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
