"""What one status read costs, beside the other ways to ask how far a job is.

Each application is served in turn by granian as Longhaul starts it, Flower by itself; a few connections ask
for one job again and again, and the processor seconds of the server (all its processes, Redis not) are
divided by the answers. The best of a few rounds counts.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks._status_apps import JOB_ID

REQUESTS, ROUNDS, CONNECTIONS, WARM = 3_000, 5, 4, 500
START_SECONDS, STOP_SECONDS, LOOK_SECONDS = 120.0, 15.0, 0.05
TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def processor_seconds(pid: int) -> float:
    """Return what a process and its children have spent so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(processor_seconds(int(one)) for one in children)


@contextmanager
def serving(command: list[str], port: int, log: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """Run a server, and yield its process id once it answers."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(LOOK_SECONDS)
        yield server.pid
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:  # granian's main process, asked before its worker had begun
            for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split():
                os.kill(int(child), signal.SIGKILL)
            server.kill()
            server.wait()


def granian(target: str, port: int) -> list[str]:
    """Return the command that serves a Flask application as `api/serve.py` serves Longhaul's."""
    options = ["--interface", "wsgi", "--factory", "--no-ws", "--blocking-threads", "32"]
    return [str(Path(sys.executable).with_name("granian")), *options, "--port", str(port), target]


def ask(port: int, path: str, headers: Mapping[str, str], times: int) -> None:
    """Send a request again and again over one connection."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as answers:
        for _ in range(times):
            connection.sendall(request)
            status = answers.readline()
            assert b" 200" in status, status
            length, chunked = 0, False
            while (line := answers.readline().lower().rstrip()) != b"":
                length = int(line[15:]) if line.startswith(b"content-length:") else length
                chunked = chunked or line == b"transfer-encoding: chunked"
            answers.read(length)
            while chunked and (size := int(answers.readline(), 16)) >= 0:
                answers.read(size + 2)
                chunked = size > 0


def load(port: int, path: str, headers: Mapping[str, str], requests: int) -> None:
    """Ask over a few connections at once."""
    askers = [
        threading.Thread(target=ask, args=(port, path, headers, requests // CONNECTIONS))
        for _ in range(CONNECTIONS)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()


def cost(pid: int, port: int, path: str, headers: Mapping[str, str]) -> float:
    """Return microseconds of processors that one answer costs the server: the best of a few rounds."""
    load(port, path, headers, WARM)
    best = float("inf")
    for _ in range(ROUNDS):
        before = processor_seconds(pid)
        load(port, path, headers, REQUESTS)
        best = min(best, (processor_seconds(pid) - before) / REQUESTS)
    return best * 1e6


def jobs_of(owner: str, documents: Path) -> tuple[str, str, str]:
    """Return the ids of a job that runs, of one that is done and of one that waits."""
    from benchmarks.update_state import progress
    from jobs.celery import app, kinds

    kind = kinds()["indexing"]
    documents.mkdir()
    ids = [kind.submit(owner, kind.params(index=f"bench-{name}", folder="bench")) for name in "abc"]
    for job_id, state in zip(ids, ("PROGRESS", "SUCCESS"), strict=False):
        kind.push_request(id=job_id, hostname="bench@here", retries=0, args=[], kwargs={})
        kind.before_start(job_id, (), {})
        kind.update_state(state="PROGRESS", meta=progress())
        if state == "SUCCESS":
            app.backend.mark_as_done(job_id, {"index": "bench-b", "indexed": 800}, request=kind.request)
        kind.pop_request()
    return ids[0], ids[1], ids[2]


def tell_flower(job_id: str) -> None:
    """Send the events of a job that runs."""
    from jobs.celery import app

    with app.events.default_dispatcher(hostname="bench@here") as dispatcher:
        for name in ("task-received", "task-started"):
            dispatcher.send(name, uuid=job_id, name="jobs.indexing", args="()", kwargs="{}", retries=0)


def flower_cost(port: int, job_id: str, log: Path) -> float:
    """Return what Flower's own answer about a job costs it."""
    command = [sys.executable, "-m", "celery", "-A", "jobs", "flower", "--address=127.0.0.1"]
    with serving([*command, f"--port={port}"], port, log, {"FLOWER_UNAUTHENTICATED_API": "1"}) as pid:
        path, deadline = f"/api/task/info/{job_id}", time.monotonic() + START_SECONDS
        while True:
            tell_flower(job_id)
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                break
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(LOOK_SECONDS)
        return cost(pid, port, path, {})


def measure(folder: Path, *, only: str | None) -> dict[str, float]:
    """Return microseconds of processors a status read, by whom is asked."""
    from jobs import users
    from jobs.connection import records_client
    from jobs.settings import settings

    running, done, waits = jobs_of("bench", folder / "documents")
    token = users.create_token(records_client(), "bench")
    ours = {"Authorization": f"Bearer {token}"}
    results = {"BENCH_RESULTS": settings().celery_results}
    api = "api:create_app"
    asked: dict[str, tuple[str, str, Mapping[str, str]]] = {
        "a dict and a lock": ("benchmarks._status_apps:dictionary", f"/analysis_progress/{JOB_ID}", {}),
        "Longhaul, a job that runs": (api, f"/api/v1/jobs/{running}", ours),
        "Longhaul, a job that waits": (api, f"/api/v1/jobs/{waits}", ours),
        "Longhaul, a job that is done": (api, f"/api/v1/jobs/{done}", ours),
        "Longhaul, the previous application's route": (api, f"/api/index-progress/{running}", ours),
        "the tutorial's AsyncResult": ("benchmarks._status_apps:tutorial", f"/status/{{{running}}}", {}),
    }
    found: dict[str, float] = {}
    for name, (target, path, headers) in asked.items():
        if only is None or only in name:
            port = free_port()
            with serving(granian(target, port), port, folder / "server.log", results) as pid:
                found[name] = cost(pid, port, path, headers)
    if only is None:
        found["Flower's task info"] = flower_cost(free_port(), running, folder / "flower.log")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="ask those alone whose name holds this")
    only = parser.parse_args().only
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        roots = f"bench={folder / 'documents'}"
        os.environ.update(LONGHAUL_DATA=str(folder / "data"), LONGHAUL_FOLDER_ROOTS=roots)
        from jobs.redis_server import EmbeddedServer
        from jobs.settings import settings

        with EmbeddedServer(settings()):
            found = measure(folder, only=only)
    print(f"A status read, microseconds of processors, best of {ROUNDS} rounds of {REQUESTS:,}")
    for asked, microseconds in found.items():
        print(f"  {asked:44} {microseconds:7.0f}")
    if only is None:
        ours = found["Longhaul, a job that runs"]
        goals = {"a dict and a lock": 2.0, "the tutorial's AsyncResult": 0.3, "Flower's task info": 1.0}
        for asked, goal in goals.items():
            print(f"  a job that runs, beside {asked:28} {ours / found[asked]:5.2f}   (goal: at most {goal})")


if __name__ == "__main__":
    main()
