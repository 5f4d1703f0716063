"""Requests written byte by byte, as no decent client would."""

import contextlib
import json
import socket
import time
from pathlib import Path

from tests.support.service import Service

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10


def own_service(
    folder: Path, *, queues="analysis,indexing,control", concurrency=1, **settings: str
) -> Service:
    """Return a service of this source tree with a data folder of its own; it is started by `with`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("api", "jobs", "celeryconfig.py"):
        (folder / name).symlink_to(ROOT / name)
    return Service(folder, queues=queues, concurrency=concurrency, **settings)


class Answer:
    """What came back on a connection: of several answers the first."""

    def __init__(self, received: bytes):
        self.received = received
        head, _, self.body = received.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        self.status = int(line.split(" ")[1]) if line else None
        self.headers = {
            name.lower(): value.strip() for name, _, value in (one.partition(":") for one in fields)
        }

    @property
    def json(self):
        return json.loads(self.body)


class Wire:
    """Connections to a service."""

    def __init__(self, port: int, token: str):
        self.port, self.token = port, token
        self._open: list[socket.socket] = []

    def connect(self, sent: bytes = b"", *, receive_buffer: int | None = None) -> socket.socket:
        """Return a connection on which so much was sent; it stays open until `close`."""
        connection = socket.socket()
        if receive_buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(SECONDS)
        connection.connect(("127.0.0.1", self.port))
        self._open.append(connection)
        if sent:
            connection.sendall(sent)
        return connection

    def ask(self, sent: bytes, *, seconds: float = SECONDS) -> Answer:
        """Send bytes; return what came back until the other side closed or said nothing more for a moment."""
        connection = self.connect()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(sent)
        answer = read(connection, seconds)
        connection.close()
        return answer

    def get(self, path: str = "/api/v1/jobs?limit=1") -> tuple[int, float]:
        """Ask as a decent client does; return the status and how many seconds it took."""
        begun = time.monotonic()
        answer = self.ask(self.request("GET", path, "Connection: close"))
        return answer.status, time.monotonic() - begun

    def request(self, method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
        """Return a request with the token."""
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Authorization: Bearer {self.token}",
            *headers,
        ]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body

    def close(self) -> None:
        for connection in self._open:
            connection.close()
        self._open.clear()


def read(connection: socket.socket, seconds: float = SECONDS) -> Answer:
    """Return the answer on a connection: all of it where it tells its length, else until it is closed."""
    connection.settimeout(seconds)
    received, wanted = bytearray(), None
    with contextlib.suppress(ConnectionResetError):
        while wanted is None or len(received) < wanted:
            chunk = connection.recv(65_536)
            if not chunk:
                break
            received += chunk
            if wanted is None and (end := received.find(b"\r\n\r\n")) >= 0:
                length = Answer(bytes(received)).headers.get("content-length")
                wanted = None if length is None else end + 4 + int(length)
    return Answer(bytes(received))
