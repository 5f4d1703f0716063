"""The API behind its real server, and requests byte by byte: for what no client of HTTP would send."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.support.processes import ROOT
from tests.support.service import free_port
from tests.support.waiting import until

SECONDS = 20


@dataclass
class Raw:
    """An answer as it came."""

    status: int
    head: str
    body: bytes


def start(port, log, **settings):
    """Start the API's server on a port; return its process."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "api.serve"],
            cwd=ROOT,
            env=os.environ | {"LONGHAUL_PORT": str(port)} | settings,
            stdout=output,
            stderr=output,
        )


def _answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def serving(log, **settings):
    """Run the API's server; give its port and its process."""
    port = free_port()
    process = start(port, log, **settings)
    try:
        until(lambda: _answers(port), seconds=60, what="the server listens")
        yield port, process
    finally:
        process.terminate()
        process.wait(30)


def connected(port):
    """Return a connection to the server."""
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def head_of(method, target, token, *headers):
    """Return the bytes of a request up to its body; `target` as it goes over the wire."""
    known = [b"Host: x", b"Connection: close"]
    if token is not None:
        known.append(b"Authorization: Bearer " + token.encode())
    return b"\r\n".join([method + b" " + target + b" HTTP/1.1", *known, *headers, b"", b""])


def ask(port, request):
    """Send bytes, and return what is answered."""
    with connected(port) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
            connection.sendall(request)
        answer = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return Raw(int(head.split(b" ", 2)[1]), head.decode("latin-1").lower(), body)
