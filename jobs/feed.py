"""Wakes whoever waits for a job to change: one subscription a process feeds all of them.

Each state of a job is published on the channel that bears the name of its Celery result. What is missed, as
while Redis is away, is made good by the waiting ones: they look again every few seconds in any case.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import redis

from jobs.connection import records_client
from jobs.keys import meta_key

log = logging.getLogger(__name__)

LISTEN_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 1.0  # before the next try to subscribe, while Redis is away
_CHANNEL: Final = re.compile(re.escape(meta_key("#")).replace(re.escape("#"), "([^{}.]+)"))


class Feed:
    """The subscription of a process, begun with its first listener."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._listeners: dict[str, set[threading.Event]] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def listening(self, job_id: str) -> Iterator[threading.Event]:
        """Yield an event that is set whenever the job changes. Who waits for it clears it before he looks."""
        changed = threading.Event()
        with self._lock:
            self._listeners.setdefault(job_id, set()).add(changed)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="job feed", daemon=True)
                self._thread.start()
        try:
            yield changed
        finally:
            with self._lock:
                others = self._listeners[job_id]
                others.discard(changed)
                if not others:
                    del self._listeners[job_id]

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
            subscription.psubscribe(meta_key("*"))
            while True:
                message = subscription.get_message(timeout=LISTEN_SECONDS)
                if message is not None and (found := _CHANNEL.fullmatch(message["channel"])):
                    self._wake(found[1])

    def _wake(self, job_id: str) -> None:
        with self._lock:
            for changed in self._listeners.get(job_id, ()):
                changed.set()


@cache
def feed() -> Feed:
    """Return the feed of this process."""
    return Feed(records_client())
