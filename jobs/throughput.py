"""How long jobs of a kind take by their size, measured on those that ended well.

The last measurements stand in a Redis list; what is expected of a new job is a line through them, fitted so
that a job that hung, or one that found everything done, does not bend it. Pure Python, for the API process
reads it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import fmean, median, quantiles
from typing import Final, cast

import redis

KEPT: Final = (
    64  # enough for a steady line, few enough to follow a new version or another machine within a day
)
SAME_SIZE: Final = 1e-9  # sizes this near to each other, or to 0, give no slope: it would be all rounding
LEAST: Final = 3  # measurements; through two, any line fits
LEAST_SPREAD: Final = 1.25  # a factor either way: what a machine that does other things too varies by


def throughput_key(kind: str) -> str:
    """Return the key of the list of a kind's measurements, newest first."""
    return f"throughput:{kind}"


def note(client: redis.Redis, kind: str, size: float, seconds: float) -> None:
    """Add a job that ended well to the measurements of its kind.

    Parameters
    ----------
    size : float, at least 0
        In one unit for all jobs of a kind: bytes, or files.
    seconds : float
        How long it ran, without waiting. Less than 0 comes from a clock that was set, and is not noted.
    """
    if seconds < 0:
        return
    with client.pipeline(transaction=True) as pipe:
        pipe.lpush(throughput_key(kind), f"{float(size)!r} {float(seconds)!r}")
        pipe.ltrim(throughput_key(kind), 0, KEPT - 1)
        pipe.execute()


def read(client: redis.Redis, kind: str) -> "Throughput":
    """Return the measurements of a kind."""
    return Throughput.parse(cast("list[str]", client.lrange(throughput_key(kind), 0, -1)))


def expected(client: redis.Redis, kind: str, size: float) -> float | None:
    """Return the seconds that a job of this kind and size should run, or None under three measurements."""
    return read(client, kind).expected(size)


@dataclass(frozen=True)
class Line:
    """`seconds = begin + per_size * size`, both at least 0."""

    begin: float
    per_size: float

    def at(self, size: float) -> float:
        """Return the seconds of a size."""
        return self.begin + self.per_size * size


@dataclass(frozen=True)
class Throughput:
    """The measurements of one kind: (size, seconds) of each job."""

    measured: tuple[tuple[float, float], ...] = ()

    @classmethod
    def parse(cls, entries: Sequence[str]) -> "Throughput":
        """Return what a list in Redis holds; entries that no version of Longhaul has written are left out."""
        return cls(tuple(_measurements(entries)))

    @cached_property
    def line(self) -> Line | None:
        """The line through the measurements, or None when there are too few."""
        return fit(self.measured) if len(self.measured) >= LEAST else None

    def expected(self, size: float) -> float | None:
        """Return the seconds that a job of this size should run, or None under three measurements."""
        return None if self.line is None else self.line.at(size)

    def between(self, size: float) -> tuple[float, float, float] | None:
        """Return the seconds that a job of this size should run, with a low and a high bound around them.

        Four of five of the measured jobs lie within as many times the line; the bounds are never nearer than
        a factor of 1.25. None under three measurements.

        Returns
        -------
        (low, expected, high) : floats, at least 0
        """
        if self.line is None:
            return None
        expected = self.line.at(size)
        off = [seconds / told for at, seconds in self.measured if (told := self.line.at(at)) > 0]
        tenths = quantiles(off, n=10, method="inclusive") if len(off) > 1 else [1.0]
        low, high = min(tenths[0], 1 / LEAST_SPREAD), max(tenths[-1], LEAST_SPREAD)
        return low * expected, expected, high * expected

    @property
    def typical(self) -> float | None:
        """The seconds that jobs of this kind take on average, those that hung or did nothing left aside."""
        return self.expected(fmean(size for size, _ in self.measured)) if self.measured else None


def fit(measured: Sequence[tuple[float, float]]) -> Line:
    """Fit seconds to sizes by the median of the slopes of all pairs.

    Up to 29 percent of the measurements may be anything at all. Jobs of one size tell nothing of another:
    their line is level. Neither part of the line is below 0: where one would be, what is left of the line is
    fitted anew, through the origin or level.

    Parameters
    ----------
    measured : at least one (size, seconds)

    References
    ----------
    Theil (1950); Sen (1968), J. Am. Stat. Assoc. 63, 1379-1389.
    """
    slopes = [
        (seconds - other_seconds) / (size - other_size)
        for (size, seconds), (other_size, other_seconds) in combinations(measured, 2)
        if abs(size - other_size) > SAME_SIZE
    ]
    per_size = median(slopes) if slopes else 0.0
    if per_size <= 0:
        return Line(median(seconds for _, seconds in measured), 0.0)
    begin = median(seconds - per_size * size for size, seconds in measured)
    if begin < 0:
        return Line(0.0, median(seconds / size for size, seconds in measured if size > SAME_SIZE))
    return Line(begin, per_size)


def _measurements(entries: Iterable[str]) -> Iterator[tuple[float, float]]:
    for entry in entries:
        try:
            size, seconds = map(float, entry.split())
        except ValueError:
            continue
        if math.isfinite(size) and math.isfinite(seconds) and size >= 0 and seconds >= 0:
            yield size, seconds
