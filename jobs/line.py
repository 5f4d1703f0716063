"""The shortest way to Redis, for what is asked again and again: scripts that only read.

A poll's whole cost is two or three times that of reaching Redis, so this leaves out what redis-py does around
each command: the connection is not looked at before it is used, and the kernel keeps the time, not a `poll`
before each call. Errors are redis-py's own.
"""

import hashlib
import os
import socket
import ssl
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, Final

import hiredis
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from jobs.connection import RECORDS_DATABASE, SOCKET_TIMEOUT_SECONDS
from jobs.refusals import error_of
from jobs.settings import settings

# Waiting for a connection and for the answer together: in three seconds a user is told that Redis is away.
WHOLE_SECONDS: Final = 2.8
SHORT_WAIT_SECONDS: Final = 0.05  # makes no difference
RECEIVED_AT_ONCE: Final = 65_536
NO_SUCH_SCRIPT: Final = "NOSCRIPT"


def as_lua(key: str) -> str:
    """Return a key as an expression of Lua; `<queue>` in it stands for the variable `queue`."""
    return "'" + key.replace("<", "' .. ").replace(">", " .. '") + "'"


class Script:
    """A program for Redis; the server knows it by its digest after the first time."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class _Connection:
    """One connection, made by redis-py, which knows sockets, TLS and passwords."""

    def __init__(self, made: Any, seconds: float) -> None:  # redis-py has no one type for its connections
        made.socket_timeout = made.socket_connect_timeout = seconds
        made.connect()
        self._made = made
        self._socket: socket.socket = made._sock  # no public way leads to it
        # TLS reads again when the kernel's time is over, so that Python has to keep it.
        self._is_tls = isinstance(self._socket, ssl.SSLSocket)
        if not self._is_tls:
            self._socket.settimeout(None)
        self._seconds = 0.0
        self.limit(seconds)
        self._reader = hiredis.Reader(encoding="utf-8")

    def limit(self, seconds: float) -> None:
        """Set how long an answer may take."""
        if seconds == self._seconds:
            return
        if self._is_tls:
            self._socket.settimeout(seconds)
        else:
            packed = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                self._socket.setsockopt(socket.SOL_SOCKET, option, packed)
        self._seconds = seconds

    def ask(self, command: tuple[str, ...]) -> Any:
        """Send a command; return what is answered, also if that is an error."""
        try:
            self._socket.sendall(hiredis.pack_command(command))  # type: ignore[arg-type]  # of any length
            while (answer := self._reader.gets()) is False:
                received = self._socket.recv(RECEIVED_AT_ONCE)
                if not received:
                    raise redis.ConnectionError("Redis has closed the connection")
                self._reader.feed(received)
        except (BlockingIOError, TimeoutError) as error:
            raise redis.TimeoutError("Redis does not answer in time") from error
        except (OSError, hiredis.ProtocolError) as error:
            raise redis.ConnectionError(f"the connection to Redis is broken: {error}") from error
        return answer

    def close(self) -> None:
        with suppress(OSError, redis.RedisError):
            self._made.disconnect()


class Line:
    """A few connections, opened when they are first needed; who finds all in use waits for one."""

    def __init__(self, address: str, most: int) -> None:
        self._factory = redis.ConnectionPool.from_url(
            address,
            protocol=2,  # lists, whatever the server could tell apart
            retry=Retry(NoBackoff(), 0),
        )
        self._most = most
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._places: SimpleQueue[_Connection | None] = SimpleQueue()
        for _ in range(self._most):
            self._places.put(None)

    def ask(self, script: Script, keys: Sequence[str], arguments: Sequence[str] = ()) -> Any:
        """Run a script that changes nothing, and return what it returns.

        Raises
        ------
        redis.ConnectionError, redis.TimeoutError
            Redis does not answer, or all connections are in use for too long.
        redis.ResponseError
            The script failed.
        """
        if self._process != os.getpid():  # a child shares no connection with its parent
            self._begin()
        began = time.monotonic()
        try:
            connection = self._places.get(timeout=SOCKET_TIMEOUT_SECONDS)
        except Empty as error:
            raise redis.TimeoutError("all connections to Redis are in use") from error
        waited = time.monotonic() - began
        seconds = SOCKET_TIMEOUT_SECONDS
        if waited > SHORT_WAIT_SECONDS:
            seconds = min(seconds, WHOLE_SECONDS - waited)
        kept: _Connection | None = None
        try:
            command = ("EVALSHA", script.digest, str(len(keys)), *keys, *arguments)
            kept, answer = self._asked(connection, script, command, seconds)
        finally:
            self._places.put(kept)
        if isinstance(answer, hiredis.ReplyError):
            raise error_of(str(answer))
        return answer

    def _asked(
        self, connection: _Connection | None, script: Script, command: tuple[str, ...], seconds: float
    ) -> tuple[_Connection, Any]:
        """Return the answer, and the connection that is good for another question."""
        if connection is not None:
            connection.limit(seconds)
            try:
                return connection, self._known(connection, command, script)
            except redis.ConnectionError:  # as after a restart of the server: once more, over a new one
                connection.close()
            except BaseException:
                connection.close()
                raise
        made = self._factory.connection_class(**self._factory.connection_kwargs)
        connection = _Connection(made, seconds)
        try:
            return connection, self._known(connection, command, script)
        except BaseException:
            connection.close()
            raise

    @staticmethod
    def _known(connection: _Connection, command: tuple[str, ...], script: Script) -> Any:
        answer = connection.ask(command)
        if isinstance(answer, hiredis.ReplyError) and str(answer).startswith(NO_SUCH_SCRIPT):
            return connection.ask(("EVAL", script.text, *command[2:]))
        return answer


@cache
def line() -> Line:
    """Return this process's line to the database of records and tokens."""
    return Line(settings().redis_database(RECORDS_DATABASE), settings().threads + 1)
