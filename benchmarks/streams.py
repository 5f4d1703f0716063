"""Many event streams in which nothing happens, and what a status read costs meanwhile.

Starts the API as `python -m api.serve` does, opens streams of jobs that wait for a worker, each of a job
of its own, and then asks for one job at an even pace. Prints how long the answers took without and with the
streams, what memory a stream takes, what they cost while nothing happens, and how soon a change is told.
"""

import argparse
import os
import selectors
import socket
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from benchmarks.status import free_port, processor_seconds, serving

POLLS, POLLS_A_SECOND, IDLE_SECONDS, CHANGES = 1_500, 50, 20.0, 20
OPENED_AT_ONCE = 50
OWNER = "bench"


def resident_bytes(pid: int) -> int:
    """Return the memory of a process and its children."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident_bytes(int(child)) for child in children)


def quantile(values: list[float], share: float) -> float:
    """Return the value below which this share of all lies, in milliseconds."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1e3


def poll(port: int, path: str, headers: str) -> list[float]:
    """Ask for a job again and again at an even pace; return how many seconds each answer took."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()
    took = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        begun = time.perf_counter()
        for number in range(POLLS):
            time.sleep(max(0.0, begun + number / POLLS_A_SECOND - time.perf_counter()))
            asked = time.perf_counter()
            connection.sendall(request)
            answer = connection.recv(65_536)
            took.append(time.perf_counter() - asked)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            while not (answer.endswith((b"0\r\n\r\n", b"}"))):
                answer += connection.recv(65_536)
    return took


class Streams:
    """Connections that listen."""

    def __init__(self, port: int, headers: str) -> None:
        self._port, self._headers = port, headers
        self._selector = selectors.DefaultSelector()
        self._open: list[socket.socket] = []
        self.events: dict[str, float] = {}  # of each job, when the last was told
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def open(self, ids: list[str]) -> None:
        """Open a stream of each job, and return once its first event has come."""
        self._thread.start()
        for begin in range(0, len(ids), OPENED_AT_ONCE):
            for job_id in ids[begin : begin + OPENED_AT_ONCE]:
                connection = socket.create_connection(("127.0.0.1", self._port))
                path = f"/api/v1/jobs/{job_id}/events"
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._headers}\r\n".encode())
                self._open.append(connection)
                self._selector.register(connection, selectors.EVENT_READ, job_id)
            deadline = time.monotonic() + 60
            while any(job_id not in self.events for job_id in ids[begin : begin + OPENED_AT_ONCE]):
                assert time.monotonic() < deadline, f"{len(self.events)} streams have answered"
                time.sleep(0.005)

    def _read(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(timeout=0.2):
                received = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                if not received:
                    self._selector.unregister(key.fileobj)
                    self.events.pop(key.data, None)
                elif b"event: " in received:
                    self.events[key.data] = time.perf_counter()

    def close(self) -> None:
        """Leave them all."""
        self._stop.set()
        self._thread.join()
        for connection in self._open:
            connection.close()


def record(number: int) -> list[str]:
    """Record jobs that wait, and return their ids."""
    from jobs import records
    from jobs.connection import records_client
    from jobs.records import NewJob

    ids = [str(uuid.uuid4()) for _ in range(number)]
    for job_id in ids:
        records.create(
            records_client(), NewJob(job_id, OWNER, "indexing", "{}", None, "indexing"), expires_seconds=3600
        )
    return ids


def change(streams: Streams, ids: list[str]) -> list[float]:
    """Let some jobs move on, one by one; return how many seconds it took until it was told."""
    from jobs.celery import app

    took = []
    for job_id in ids:
        asked = time.perf_counter()
        app.backend.store_result(job_id, {"percent": 1.0, "stage": "scan"}, "PROGRESS")
        while streams.events[job_id] < asked:
            assert time.perf_counter() - asked < 30, "a change is not told"
            time.sleep(0.0005)
        took.append(streams.events[job_id] - asked)
    return took


def measure(number: int, port: int, pid: int) -> None:
    """Measure and print."""
    from jobs import users
    from jobs.connection import records_client

    token = users.create_token(records_client(), OWNER)
    headers = f"Authorization: Bearer {token}\r\n"
    ids = record(number)
    path = f"/api/v1/jobs/{ids[0]}"
    alone = poll(port, path, headers)
    before = resident_bytes(pid)
    streams = Streams(port, headers)
    begun = time.perf_counter()
    streams.open(ids)
    opened = time.perf_counter() - begun
    spent = processor_seconds(pid)
    time.sleep(IDLE_SECONDS)
    idle = (processor_seconds(pid) - spent) / IDLE_SECONDS
    memory = (resident_bytes(pid) - before) / number
    beside = poll(port, path, headers)
    told = change(streams, ids[:CHANGES])
    print(f"{len(streams.events):,} of {number:,} streams are open, all were within {opened:.1f} s")
    print(f"  memory a stream           {memory / 1e3:7.1f} kB   (goal: at most 100)")
    print(f"  processor while idle      {idle:7.1%}")
    print(f"  a change is told within   {quantile(told, 0.5):7.1f} ms, p99 {quantile(told, 0.99):.1f}")
    for name, took in (("without", alone), ("with", beside)):
        at = ", ".join(f"p{share:g} {quantile(took, share / 100):.1f}" for share in (50, 95, 99, 100))
        print(f"  status {name:8} them      {at} ms" + ("   (goal: p99 at most 15)" * (name == "with")))
    streams.close()


def main() -> None:
    """Start everything, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=3_000)
    number = parser.parse_args().streams
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        port = free_port()
        unlimited = {
            "LONGHAUL_REQUESTS_PER_SECOND": "100000",
            "LONGHAUL_STREAMS_PER_USER": str(number),
            "LONGHAUL_PORT": str(port),
            "LONGHAUL_DATA": str(Path(name) / "data"),
        }
        os.environ.update(unlimited)
        from api.serve import allow_many_connections
        from jobs.redis_server import EmbeddedServer
        from jobs.settings import settings

        allow_many_connections()
        command = [sys.executable, "-m", "api.serve"]
        with (
            EmbeddedServer(settings()),
            serving(command, port, Path(name) / "server.log", {}) as pid,
        ):
            measure(number, port, pid)


if __name__ == "__main__":
    main()
