"""Receivers of webhooks on loopback: one keeps what it gets, one says what it is told."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        """Compute the signature by hand, as the specification says it, and compare."""
        key = base64.b64decode(secret.split("_", 1)[1])
        content = b".".join(
            (self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(), self.body)
        )
        mac = hmac.digest(key, content, hashlib.sha256)
        return self.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


class Receiver:
    """An HTTP server that keeps each POST and answers `answers` in turn, the last of them for ever."""

    def __init__(self, *answers: int | tuple[int, dict[str, str]], tls: ssl.SSLContext | None = None):
        self.received: list[Received] = []
        self.hold = threading.Event()
        self.hold.set()
        self._answers = list(answers or (204,))
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                names = {name.lower(): value for name, value in self.headers.items()}
                answer = outer._note(Received(self.path, names, body))
                outer.hold.wait(60)
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                with suppress(OSError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def _note(self, received: Received):
        with self._lock:
            self.received.append(received)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def url(self, path: str = "/hook?from=longhaul", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()


class RawServer:
    """A TCP server that hands each connection to `talk`, once the request was read."""

    def __init__(self, talk: Callable[[socket.socket], None]):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._talk = talk
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as request, suppress(OSError):
            length = 0
            while (line := request.readline().strip().lower()) != b"":
                length = int(line.removeprefix(b"content-length:")) if b"content-length" in line else length
            request.read(length)  # what is left unread would reset the connection
            self._talk(connection)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
