"""Wakes whoever waits for a job to change, or for any job of an owner: one subscription a process for all.

Each state of a job is published on the channel that bears the name of its Celery result, and the job's id on
that of its owner. What is missed, as while Redis is away, is made good by the waiting ones: they look again
every few seconds in any case.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Final

import redis

from jobs.connection import records_client
from jobs.keys import changes_key, meta_key

log = logging.getLogger(__name__)

LISTEN_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 1.0  # before the next try to subscribe, while Redis is away
PATTERNS: Final = (meta_key("*"), changes_key("*"))
_JOB: Final = re.compile(re.escape(meta_key("#")).replace(re.escape("#"), "([^{}.]+)"))


class Feed:
    """The subscription of a process, begun with its first listener."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Callable[[], None]]] = {}
        self._thread: threading.Thread | None = None

    def listening(self, job_id: str) -> AbstractContextManager[threading.Event]:
        """Yield an event that is set whenever the job changes. Who waits for it clears it before he looks."""
        return self._event(job_id)

    def listening_to_owner(self, owner: str) -> AbstractContextManager[threading.Event]:
        """Yield an event that is set whenever any job of an owner changes, as in `listening`."""
        return self._event(changes_key(owner))

    @contextmanager
    def _event(self, name: str) -> Iterator[threading.Event]:
        changed = threading.Event()
        wake = changed.set
        self.add(name, wake)
        try:
            yield changed
        finally:
            self.remove(name, wake)

    def add(self, name: str, wake: Callable[[], None]) -> None:
        """Have `wake` called, by the feed's own thread, whenever the job with the id `name` changes."""
        with self._lock:
            self._listeners.setdefault(name, set()).add(wake)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="job feed", daemon=True)
                self._thread.start()

    def remove(self, name: str, wake: Callable[[], None]) -> None:
        """Call it no more."""
        with self._lock:
            others = self._listeners[name]
            others.discard(wake)
            if not others:
                del self._listeners[name]

    def _listen(self) -> None:
        pause = threading.Event()
        while True:
            try:
                self._subscribed()
            except Exception as error:  # noqa: BLE001 - whatever it is, others still wait for it
                log.warning("the feed of changes is interrupted", extra={"reason": repr(error)})
                pause.wait(PAUSE_SECONDS)

    def _subscribed(self) -> None:
        subscription = self._client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        with subscription:
            subscription.psubscribe(*PATTERNS)
            while True:
                message = subscription.get_message(timeout=LISTEN_SECONDS)
                if message is not None:
                    channel = message["channel"]
                    found = _JOB.fullmatch(channel)
                    self._wake(found[1] if found else channel)

    def _wake(self, name: str) -> None:
        with self._lock:
            for wake in self._listeners.get(name, ()):
                wake()


@cache
def feed() -> Feed:
    """Return the feed of this process."""
    return Feed(records_client())
