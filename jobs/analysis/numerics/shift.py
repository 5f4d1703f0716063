"""The Hodges-Lehmann shift: the median of all pairwise differences, and its interval, without forming them.

There are n * m differences; for half a million values a side that is 2.5e11. An order statistic among them is
found by counting: how many differences are at most d takes one pass over two sorted arrays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.blocks import checkpoint
from jobs.analysis.numerics.ranks import is_exact, rank_sum_distribution, rank_sum_sd, tie_sum

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_MARGIN = 0.005  # share of what is left that is kept on each side of the place sought
_ENUMERATED = 1_000_000  # differences held at once: 8 MB


@dataclass(frozen=True)
class Shift:
    """How far the first sample lies above the second."""

    value: float
    low: float | None
    high: float | None


def hodges_lehmann(a: Floats, b: Floats, *, level: float) -> Shift:
    """Estimate the shift between two samples with the interval that belongs to the Mann-Whitney test.

    Parameters
    ----------
    a, b : sorted (n,) and (m,) float arrays

    Notes
    -----
    The exact case equals R's `wilcox.test(a, b, conf.int = TRUE)`. Otherwise R searches a root with a
    tolerance of 1e-4; here the limits are the differences at which the same normal statistic crosses its
    critical value, and the estimate is the median difference itself.

    References
    ----------
    Hodges & Lehmann (1963), Ann. Math. Stat. 34, 598-611.
    """
    pairs = a.size * b.size
    middle = {(pairs + 1) // 2}
    if pairs <= _ENUMERATED:  # beyond it the two middle differences agree to many more digits than the data
        middle.add(pairs // 2 + 1)
    rank = _limit_rank(a, b, level)
    limits = {rank, pairs + 1 - rank} if rank >= 1 else set()
    found = {place: kth_difference(a, b, place) for place in sorted(middle | limits)}
    value = sum(found[place] for place in middle) / len(middle)
    if not limits:
        return Shift(value, None, None)
    return Shift(value, found[rank], found[pairs + 1 - rank])


def _limit_rank(a: Floats, b: Floats, level: float) -> int:
    """Give the place of the lower limit among the ordered differences, from 1; 0 if there are too few."""
    n, m = a.size, b.size
    tail = (1.0 - level) / 2.0
    if is_exact(n, m, tie_sum(np.sort(np.concatenate([a, b])))):
        below = np.cumsum(rank_sum_distribution(n, m))
        quantile = int(np.searchsorted(below, tail * (1.0 - 64 * np.finfo(float).eps)))
        return max(quantile, 1)
    sd = rank_sum_sd(n, m, tie_sum(a) + tie_sum(b))
    reach = 0.5 - float(special.ndtri(tail)) * sd
    return int(np.floor(n * m / 2.0 - reach)) + 1


def kth_difference(a: Floats, b: Floats, k: int) -> float:
    """Give the k-th smallest of a[i] - b[j], k from 1; both arrays sorted.

    Narrows an interval that holds it, by counting, until few enough differences are left to be written out.
    Each step lands on differences that exist, so tied values end the search instead of stalling it.
    """
    low, high = float(a[0] - b[-1]), float(a[-1] - b[0])
    # Row by row, what is left are the differences with b[begin[i]:end[i]].
    begin, end = np.zeros(a.size, dtype=np.intp), np.full(a.size, b.size)
    before, left = 0, a.size * b.size
    guesses = _guesses(a, b, k)
    rounding = (
        4.0 * float(np.finfo(float).eps) * max(abs(low), abs(high), abs(float(a[-1])), abs(float(b[-1])))
    )
    share, steps = 0.5, 0
    while high - low > rounding and left > _ENUMERATED:
        checkpoint()
        pivot = guesses.pop() if guesses else low + share * (high - low)
        pivot = min(max(pivot, low), float(np.nextafter(high, -np.inf)))
        first, down, up = _around(a, b, pivot)
        count = a.size * b.size - int(first.sum())
        if count >= k:
            high, begin = min(high, max(low, down)), np.maximum(first, begin)
        else:
            low, end, before = max(low, min(high, up)), np.minimum(first, end), count
        steps, left = steps + 1, int((end - begin).sum())
        # Aim beside the place, so that the next two cuts leave a thin slice around it; now and then halve.
        aim = (k - before) / left + (-_MARGIN if count >= k else _MARGIN)
        share = min(max(aim, 0.0), 1.0) if steps % 4 else 0.5
    if left > _ENUMERATED:
        return high
    return _among(a, b, (begin, end), k - before)


def _guesses(a: Floats, b: Floats, k: int) -> list[float]:
    """Give two values that the k-th difference probably lies between, from every so many values of each."""
    if a.size * b.size <= _ENUMERATED:
        return []
    few = np.subtract.outer(_thinned(a), _thinned(b)).ravel()
    place = k / (a.size * b.size) * few.size
    margin = few.size * _MARGIN
    places = [int(min(max(place + side * margin, 0), few.size - 1)) for side in (-1, 1)]
    ordered = np.partition(few, places)
    return [float(ordered[place]) for place in places]


def _thinned(values: Floats) -> Floats:
    count = min(values.size, 501)
    return values[((np.arange(count) + 0.5) * (values.size / count)).astype(np.intp)]


def _around(a: Floats, b: Floats, pivot: float) -> tuple[Indices, float, float]:
    """Split each row at the pivot, and give the nearest differences at or below and above it.

    b[first[i]:] are those whose difference from a[i] is at most the pivot.
    """
    first = np.searchsorted(b, a - pivot, side="left")
    some = first < b.size
    down = float(np.max(a[some] - b[first[some]])) if bool(some.any()) else -np.inf
    more = first > 0
    up = float(np.min(a[more] - b[first[more] - 1])) if bool(more.any()) else np.inf
    return first, down, up


def _among(a: Floats, b: Floats, rows: tuple[Indices, Indices], k: int) -> float:
    """Give the k-th smallest of the differences left by writing them out."""
    begin, end = rows
    lengths = end - begin
    owners = np.repeat(np.arange(a.size), lengths)
    starts = np.repeat(begin - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    differences = a[owners] - b[starts + np.arange(owners.size)]
    return float(np.partition(differences, k - 1)[k - 1])
