"""What is measured, of all processes together: counted where it happens, added up in Redis.

A process counts in its memory and adds what it has to one hash every few seconds, so that counting costs a
request nothing and the sums outlive the process. Labels come from small fixed sets (routes, kinds, types of
problems), never from users: their number is bounded by what the program is.
"""

import logging
import os
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
import redis

log = logging.getLogger(__name__)

SUMS_KEY: Final = "measures"
# Hash of what each process has open at the moment, as it last said.
NOW_KEY: Final = "measures:now"
SILENT_SECONDS: Final = 30.0  # a process that has said nothing for so long is gone
MOST_SERIES: Final = 20_000  # of one process: whatever is wrong with a label, memory stays bounded
SEPARATOR: Final = "\t"
SUM: Final = "sum"

REQUEST_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
JOB_SECONDS: Final = (1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0)


@dataclass(frozen=True)
class Series:
    """One sum: of a measure, for one set of labels, and of a histogram for one of its parts."""

    measure: str
    labels: tuple[str, ...]

    @classmethod
    def parse(cls, field: str) -> "Series":
        """Return the series that a field of the hash is."""
        measure, *labels = field.split(SEPARATOR)
        return cls(measure, tuple(labels))


class Measures:
    """What one process has counted and not added to Redis yet, and what it has open now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._id = uuid.uuid4().hex[:16]
        self._sums: Counter[str] = Counter()
        self._open: Counter[str] = Counter()

    def add(self, measure: str, *labels: str, amount: float = 1) -> None:
        """Add to a sum."""
        field = SEPARATOR.join((measure, *labels))
        with self._lock:
            self._only_own()
            if field in self._sums or len(self._sums) < MOST_SERIES:
                self._sums[field] += amount  # type: ignore[assignment]  # a Counter adds any numbers

    def observe(self, measure: str, *labels: str, seconds: float, bounds: Sequence[float]) -> None:
        """Add to a histogram whose parts end at `bounds`, in seconds."""
        part = next((repr(bound) for bound in bounds if seconds <= bound), "+Inf")
        self.add(measure, *labels, part)
        self.add(measure, *labels, SUM, amount=seconds)

    @contextmanager
    def open(self, what: str) -> Iterator[None]:
        """Count something as open until the block ends."""
        self.opened(what, 1)
        try:
            yield
        finally:
            self.opened(what, -1)

    def opened(self, what: str, change: int) -> None:
        """Count so many more, or fewer, as open."""
        with self._lock:
            self._only_own()
            self._open[what] += change

    def flush(self, client: redis.Redis) -> None:
        """Add to Redis what was counted, and say what is open.

        Raises
        ------
        redis.RedisError
            Redis does not answer; what was counted is kept for the next time.
        """
        with self._lock:
            self._only_own()
            sums, self._sums = self._sums, Counter()
            now = {"at": time.time(), "open": dict(self._open)}
        try:
            with client.pipeline(transaction=True) as pipe:
                for field, amount in sums.items():
                    pipe.hincrbyfloat(SUMS_KEY, field, amount)
                if self._open:
                    pipe.hset(NOW_KEY, self._id, orjson.dumps(now))
                pipe.execute()
        except redis.RedisError:
            with self._lock:
                self._sums.update(sums)
            raise

    def _only_own(self) -> None:
        """Begin anew after a fork: what the parent has counted is the parent's to tell."""
        if self._process != os.getpid():
            self._begin()


def read(client: "redis.client.Pipeline") -> None:
    """Ask a pipeline for what `sums_of` and `open_of` understand: two answers."""
    client.hgetall(SUMS_KEY)
    client.hgetall(NOW_KEY)


def sums_of(answer: Mapping[str, str]) -> dict[Series, float]:
    """Return all sums."""
    return {Series.parse(field): float(amount) for field, amount in answer.items()}


def open_of(answer: Mapping[str, str], now: float) -> tuple[Counter[str], list[str]]:
    """Return what all processes have open, and the ids of those that are gone."""
    found: Counter[str] = Counter()
    gone = []
    for process, said in answer.items():
        told = cast("dict[str, Any]", orjson.loads(said))
        if abs(now - told["at"]) > SILENT_SECONDS:
            gone.append(process)
        else:
            found.update(told["open"])
    return found, gone


def forget(client: redis.Redis, processes: Sequence[str]) -> None:
    """Forget processes that are gone."""
    if processes:
        client.hdel(NOW_KEY, *processes)


measures: Final = Measures()
