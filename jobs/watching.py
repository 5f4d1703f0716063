"""Reads jobs on behalf of all who watch them: one thread a process, whatever the number of watchers.

A watcher sleeps until there is something to tell. Whenever the feed says that jobs have changed, they are
read together, in one round trip; and each job is looked at every few seconds in any case, because its place
in the queue changes without a word from it, and because a word may be missed. The more are watched, the
longer that takes, so that it never costs more than a small share of a processor.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Final

from jobs import status
from jobs.errors import LonghaulError, Unavailable
from jobs.feed import Feed, feed
from jobs.status import JobStatus

LOOK_SECONDS: Final = 3.0
LOOKS_A_SECOND: Final = 200  # beside those that changes ask for
AT_ONCE: Final = 50  # jobs in one round trip: reading them keeps other threads waiting for a few milliseconds
PAUSE_SECONDS: Final = 1.0  # after a look that failed

Read = Callable[[Sequence[str]], Sequence[JobStatus | None]]


class Watcher:
    """One who watches a job."""

    def __init__(self) -> None:
        self._news = threading.Event()
        self._last: JobStatus | None = None
        self._error: LonghaulError | None = None

    def tell(self, job: JobStatus | None, error: LonghaulError | None = None) -> None:
        """Show how the job looks now, or why nobody knows; only the last is kept."""
        self._last, self._error = job, error
        self._news.set()

    def wait(self, seconds: float) -> bool:
        """Return whether there was a look within so many seconds, which `take` returns."""
        return self._news.wait(seconds)

    def take(self) -> JobStatus | None:
        """Return the job as it was seen last, None once it is gone.

        Raises
        ------
        Unavailable
            It could not be looked at.
        """
        self._news.clear()
        if self._error is not None:
            raise self._error
        return self._last


class _Watched:
    """A job that is watched: who watches it, and when it was looked at."""

    def __init__(self) -> None:
        self.watchers: set[Watcher] = set()
        self.looked_at = time.monotonic()


class Watch:
    """The jobs that are watched in this process, those looked at longest ago first."""

    def __init__(self, feed: Feed, read: Read = status.read_many, look_seconds: float = LOOK_SECONDS) -> None:
        self._feed = feed
        self._read = read
        self._look_seconds = look_seconds
        self._work = threading.Condition()
        self._watched: OrderedDict[str, _Watched] = OrderedDict()
        self._changed: OrderedDict[str, None] = OrderedDict()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, job_id: str) -> Iterator[Watcher]:
        """Yield one who is told of each change of a job that is not its first look."""
        watcher = Watcher()

        def wake() -> None:
            with self._work:
                self._changed[job_id] = None
                self._work.notify()

        self._feed.add(job_id, wake)
        with self._work:
            self._watched.setdefault(job_id, _Watched()).watchers.add(watcher)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="job watch", daemon=True)
                self._thread.start()
            self._work.notify()
        try:
            yield watcher
        finally:
            self._feed.remove(job_id, wake)
            with self._work:
                watched = self._watched[job_id]
                watched.watchers.discard(watcher)
                if not watched.watchers:
                    del self._watched[job_id]
                    self._changed.pop(job_id, None)

    def _look(self) -> None:
        pause = threading.Event()
        while True:
            ids = self._next()
            try:
                seen: Sequence[JobStatus | None] = self._read(ids)
                error = None
            except Unavailable as reason:
                seen, error = [None] * len(ids), reason
            except Exception as reason:  # noqa: BLE001 - whatever it is, others still wait for it
                seen, error = [None] * len(ids), Unavailable("The job cannot be looked at.")
                error.__cause__ = reason
            for job_id, job in zip(ids, seen, strict=True):
                with self._work:
                    watched = self._watched.get(job_id)
                    watchers = tuple(watched.watchers) if watched else ()
                for watcher in watchers:
                    watcher.tell(job, error)
            if error is not None:
                pause.wait(PAUSE_SECONDS)

    def _next(self) -> list[str]:
        """Return the jobs to be looked at now, once there are any: what has changed, and what is due."""
        with self._work:
            while True:
                now = time.monotonic()
                ids = [self._changed.popitem(last=False)[0] for _ in range(min(AT_ONCE, len(self._changed)))]
                ids = [job_id for job_id in ids if job_id in self._watched]
                interval = max(self._look_seconds, len(self._watched) / LOOKS_A_SECOND)
                due = 0.0
                for job_id, watched in self._watched.items():
                    due = watched.looked_at + interval
                    if due > now or len(ids) == AT_ONCE:
                        break
                    if job_id not in ids:
                        ids.append(job_id)
                if ids:
                    for job_id in ids:
                        self._watched[job_id].looked_at = now
                        self._watched.move_to_end(job_id)
                    return ids
                self._work.wait(due - now if self._watched else None)


@cache
def watch() -> Watch:
    """Return the watch of this process."""
    return Watch(feed())
