"""Connections on which nothing comes any more, or hardly anything, ended: the server waits for ever.

A read of a body cannot be given up by its reader; it ends when its connection does. Which connection that is
the server does not tell, but the kernel knows how much has come on each, and that nothing was sent since.
Where it cannot be asked (other systems than Linux) such a read keeps its thread, and its user one place less.
"""

import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

SILENT_SECONDS: Final = 25.0  # longer than any request may wait for news
SLOW_SECONDS: Final = 25.0  # in which so much of a body is to come, after as long a time without a look
SLOW_BYTES: Final = 256 * 1024
LOOK_SECONDS: Final = 1.0
UNREAD_MILLISECONDS: Final = 30_000  # of a client that is sent a file and takes nothing
DESCRIPTORS: Final = Path("/proc/self/fd")
# linux/tcp.h, struct tcp_info: eight bytes, then numbers of 32 bits; times in milliseconds.
_INFO: Final = struct.Struct("=8x13I68xQ")
_LAST_SENT, _LAST_RECEIVED, _BYTES_RECEIVED = 9, 11, 13

Known = dict[int, tuple[float, int]]


class Silence:
    """Watches the reads of bodies of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reads: dict[int, tuple[str, float]] = {}
        self._ended: set[int] = set()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, address: str) -> Iterator[Callable[[], bool]]:
        """Watch a read from a client at `address`; yields what tells afterwards whether it was ended."""
        me = threading.get_ident()
        with self._lock:
            self._ended.discard(me)
            self._reads[me] = (address, time.monotonic())
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="silence", daemon=True)
                self._thread.start()
        try:
            yield lambda: me in self._ended
        finally:
            with self._lock:
                del self._reads[me]

    def _watch(self) -> None:
        pause, known = threading.Event(), Known()
        while True:
            pause.wait(LOOK_SECONDS)
            before = time.monotonic() - SILENT_SECONDS
            with self._lock:
                late = {me: address for me, (address, since) in self._reads.items() if since < before}
            if not late:
                known.clear()
                continue
            with self._lock:  # before: a reader may look as soon as its connection has ended
                self._ended |= late.keys()
            if not end_late(set(late.values()), known):
                with self._lock:
                    self._ended -= late.keys()


def end_late(addresses: set[str], known: Known) -> int:
    """End what is received on connections with clients at `addresses` that owe us something; return how many.

    Nothing was sent on them since something came: neither a stream nor a client that has its answer and may
    ask again. And nothing has come for a while, or hardly anything since an earlier look.

    Parameters
    ----------
    known : dict
        By connection: since when it is looked at, and what had come then. Kept from look to look.
    """
    ended, now, before = 0, time.monotonic(), dict(known)
    known.clear()
    for connection in _connections():
        with suppress(OSError, struct.error):
            told = _INFO.unpack_from(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size))
            received, sent, count = told[_LAST_RECEIVED], told[_LAST_SENT], told[_BYTES_RECEIVED]
            if sent < received or connection.getpeername()[0].removeprefix("::ffff:") not in addresses:
                continue
            inode = os.fstat(connection.fileno()).st_ino
            since, had = before.get(inode, (now, count))
            if sent < (now - since) * 1_000 or count - had >= SLOW_BYTES:  # answered since, or quick enough
                since, had = now, count
            known[inode] = since, had
            if received >= SILENT_SECONDS * 1_000 or now - since >= SLOW_SECONDS:
                connection.shutdown(socket.SHUT_RD)
                ended += 1
    return ended


@cache
def limit_unread() -> None:
    """Let the kernel end connections whose other side takes nothing for a while, where it can.

    What is set on the server's listening socket holds for all that are accepted later.
    """
    for connection in _connections():
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)


def _connections() -> Iterator[socket.socket]:
    """Yield this process's TCP sockets, each as long as it is looked at."""
    if not DESCRIPTORS.is_dir():
        return
    for descriptor in os.listdir(DESCRIPTORS):  # noqa: PTH208 - not paths but numbers
        with suppress(OSError):
            if not stat.S_ISSOCK(os.fstat(int(descriptor)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(descriptor))) as found:
                if found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM:
                    yield found


@cache
def silence() -> Silence:
    """Return what watches in this process."""
    return Silence()
