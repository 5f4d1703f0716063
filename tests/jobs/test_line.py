"""The short way to Redis, where the server is silent, over plain sockets and over TLS."""

import socket
import ssl
import threading
from contextlib import closing, suppress

import pytest
import redis

from jobs.line import Line, Script
from tests.support.certificates import self_signed

ONE = Script("return 1")
OK = b"+OK\r\n"


class SilentServer:
    """A server that greets as Redis does, and never answers a script."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._ended = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._ended.set()
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                accepted, _ = self._listening.accept()
                threading.Thread(target=self._greet, args=(accepted,), daemon=True).start()

    def _greet(self, accepted: socket.socket) -> None:
        with suppress(OSError), closing(accepted), closing(self._secured(accepted)) as secured:
            while (received := secured.recv(65_536)) and b"EVALSHA" not in received:
                secured.sendall(OK * received.count(b"*"))
            self._ended.wait()

    def _secured(self, accepted: socket.socket) -> socket.socket:
        return accepted if self._tls is None else self._tls.wrap_socket(accepted, server_side=True)


@pytest.fixture(params=["redis", "rediss"])
def address(request, tmp_path):
    tls = None
    if request.param == "rediss":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*self_signed(tmp_path, "redis.example"))
    with closing(SilentServer(tls)) as server:
        checked = "?ssl_cert_reqs=none" if tls else ""
        yield f"{request.param}://127.0.0.1:{server.port}/1{checked}"


@pytest.mark.timeout(30)
def test_a_server_that_falls_silent_is_given_up_however_it_is_reached(address):
    with pytest.raises(redis.TimeoutError, match="in time"):
        Line(address, 1).ask(ONE, ())
