"""Locks across machines, which keep people from working for nothing: what is safe does not rest on them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import redis

from jobs.connection import reaching_redis
from jobs.errors import StorageAway

LOCK_SECONDS: Final = 60.0  # should its holder die; who is superseded cannot write (see `Copy.publish`)
PATIENCE_SECONDS: Final = 20.0
CHANGED: Final = "Somebody else has changed this in the same moment; try again."


@contextmanager
def alone(client: redis.Redis, name: str) -> Iterator[None]:
    """Hold a name: of all machines one at a time is inside, unless it stands still for a minute.

    Raises
    ------
    Unavailable
        Somebody else holds it for too long.
    """
    lock = client.lock(
        f"lock:{name}", timeout=LOCK_SECONDS, blocking_timeout=PATIENCE_SECONDS, thread_local=False
    )
    with reaching_redis():
        if not lock.acquire():
            raise StorageAway(CHANGED)
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(lock, over), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()
        with suppress(redis.RedisError):  # it lapses; what was written after that is checked against the head
            lock.release()


def _renew(lock: redis.lock.Lock, over: threading.Event) -> None:
    """Hold a lock for as long as an upload takes."""
    while not over.wait(LOCK_SECONDS / 3):
        with suppress(redis.RedisError):
            lock.reacquire()
