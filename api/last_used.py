"""When tokens were last used: noted in passing, written by nobody who waits for an answer."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import redis

from jobs import users
from jobs.connection import records_client

log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 60.0
LATER_SECONDS: Final = 5.0  # so that what many are seen with in a moment is written at once
MOST_KNOWN: Final = 10_000


class LastUsed:
    """The tokens that were seen, written at most once a minute each."""

    def __init__(self, write: Callable[[Mapping[str, float]], None], *, later_seconds: float) -> None:
        self._write = write
        self._later_seconds = later_seconds
        self._noted: dict[str, float] = {}
        self._pending: dict[str, float] = {}
        self._lock = threading.Lock()

    def note(self, token_digest: str) -> None:
        """Have it written soon that a token was used now, unless it was within the last minute."""
        now = time.time()
        if now - self._noted.get(token_digest, 0.0) < EVERY_SECONDS:
            return
        with self._lock:
            if len(self._noted) >= MOST_KNOWN:
                self._noted.clear()
            self._noted[token_digest] = now
            is_first = not self._pending
            self._pending[token_digest] = now
        if is_first:
            timer = threading.Timer(self._later_seconds, self._flush)
            timer.daemon = True
            timer.start()

    def _flush(self) -> None:
        with self._lock:
            seen, self._pending = self._pending, {}
        try:
            self._write(seen)
        except redis.RedisError as error:  # the next minute tells it again
            log.info("last use of tokens not noted", extra={"reason": repr(error)})


@cache
def last_used() -> LastUsed:
    """Return this process's notes."""
    return LastUsed(lambda seen: users.note_used(records_client(), seen), later_seconds=LATER_SECONDS)
