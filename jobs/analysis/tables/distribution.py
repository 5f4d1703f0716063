"""The numbers of a column as their different values in order of size, and what follows from these."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from jobs.analysis.results.described import Bin, Quantile, TopValue

MOST_BINS = 60
TOP_VALUES = 10
SHARES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
AT_ONCE = 8_192  # numbers that stay in the processor's cache, too few for BLAS to start threads
FAR = 1e6  # times their range, from which whole numbers are counted from the least
FENCE = 1.5  # quartile ranges from the quartiles; Tukey (1977)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Distribution:
    """Different numbers in order of size, each with how often it stands in the column.

    Parameters
    ----------
    values : (k,) float or integer array
        Finite, strictly rising.
    counts : (k,) integer array
        At least 1 each.
    n : int
        Their sum.
    """

    values: Floats | Integers
    counts: Integers
    n: int

    @property
    def floats(self) -> Floats:
        """The values as floating-point numbers; whole ones beyond 2^53 are rounded."""
        return self.values.astype(np.float64, copy=False)

    @cached_property
    def up_to(self) -> Integers:
        """How many values of the column are at most each one."""
        found: Integers = np.cumsum(self.counts)
        return found


def distribution_of(numbers: Floats | Integers) -> Distribution:
    """Count the different values of finite numbers: whole ones close together by place, others in order."""
    n = int(numbers.size)
    if n == 0:
        return Distribution(numbers, np.zeros(0, dtype=np.int64), 0)
    if np.issubdtype(numbers.dtype, np.integer):
        low, high = int(numbers.min()), int(numbers.max())
        if high - low <= 2 * n + 1_000:
            counts = np.bincount(numbers - low)
            present = np.flatnonzero(counts)
            return Distribution(present + low, counts[present], n)
    ordered = _in_order(numbers)
    new = np.empty(n, dtype=np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    if new.all():
        return Distribution(ordered, np.broadcast_to(np.int64(1), n), n)
    starts = np.flatnonzero(new)
    values = ordered[starts]
    counts = np.empty(starts.size, dtype=np.int64)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1])
    counts[-1] = n - starts[-1]
    return Distribution(values, counts, n)


def moments_of(found: Distribution) -> tuple[float, float | None, float | None, float | None]:
    """Return the moments of a column with at least one value; see `moments`.

    Whole numbers far from zero are told apart by digits that floating-point ones lose: they are counted from
    the least of them, which whole numbers do without rounding.
    """
    counts = None if found.values.size == found.n else found.counts
    least, largest = found.values[0].item(), found.values[-1].item()
    far = max(abs(least), abs(largest))
    if isinstance(least, float) or far < FAR * (largest - least) or largest - least >= 2**53:
        return moments(found.floats, counts)
    above, sd, skewness, kurtosis = moments((found.values - least).astype(np.float64), counts)
    mean = float(least + round(above)) if far > 2**53 else least + above
    return mean, sd, skewness, kurtosis


def _in_order(numbers: Floats | Integers) -> Floats | Integers:
    """Return numbers sorted. Floating-point ones are sorted as whole ones of the same order: twice as fast.

    The bits of a positive number rise with it when they are read as an integer; those of a negative one fall.
    """
    if numbers.dtype != np.float64:
        return _sorted(numbers.astype(np.int64, copy=False))
    bits: Integers = (numbers + 0.0).view(np.int64)  # -0.0 becomes 0.0
    rest, negative = np.int64(2**63 - 1), bool(bits.min() < 0)
    if negative:
        bits ^= (bits >> 63) & rest
    ordered = _sorted(bits)
    if negative:
        ordered = ordered ^ ((ordered >> 63) & rest)
    return ordered.view(np.float64)


def _sorted(whole: Integers) -> Integers:
    found: Integers = pl.Series(whole).sort(multithreaded=False).to_numpy()
    return found


def quantiles(found: Distribution, shares: Sequence[float] = SHARES) -> tuple[Quantile, ...]:
    """Return quantiles between neighbouring values, R's type 7; none without values."""
    if not found.n:
        return ()
    values, ranks = found.floats, np.asarray(shares) * (found.n - 1)
    low = np.floor(ranks).astype(np.int64)
    below, above = (_at_rank(found, values, rank) for rank in (low, np.minimum(low + 1, found.n - 1)))
    between = below + (above - below) * (ranks - low)
    return tuple(Quantile(share, float(value)) for share, value in zip(shares, between, strict=True))


def _at_rank(found: Distribution, values: Floats, ranks: Integers) -> Floats:
    if values.size == found.n:
        return values[ranks]
    return values[np.searchsorted(found.up_to, ranks, side="right")]


def moments(
    values: Floats, counts: Integers | None = None
) -> tuple[float, float | None, float | None, float | None]:
    """Return mean, standard deviation (n - 1), skewness G1 and excess kurtosis G2; None where undefined.

    Parameters
    ----------
    values : (k,) float array, k at least 1, finite
    counts : (k,) integer array, optional
        How often each value stands there; once when left out.

    References
    ----------
    Joanes & Gill (1998), The Statistician 47, 183-189; equal to `scipy.stats.skew(x, bias=False)`.
    """
    n = int(values.size if counts is None else counts.sum())
    mean = _mean(values, counts, n)
    if n < 2:
        return mean, None, None, None
    scale = float(max(values.max() - mean, mean - values.min()))
    if scale <= 1e-13 * abs(mean):
        return mean, 0.0, None, None
    left, m2, m3, m4 = (total / n for total in _powers(values, counts, mean, scale))
    # The mean is rounded: what is left of the first power corrects the others.
    m4 += left * (-4 * m3 + left * (6 * m2 - 3 * left * left))
    m3 += left * (-3 * m2 + 2 * left * left)
    m2 -= left * left
    mean += scale * left
    sd = scale * math.sqrt(m2 * n / (n - 1))
    skewness = m3 / m2**1.5 * math.sqrt(n * (n - 1)) / (n - 2) if n > 2 else None
    if n < 4:
        return mean, sd, skewness, None
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return mean, sd, skewness, kurtosis


def _mean(values: Floats, counts: Integers | None, n: int) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(values.sum()) if counts is None else sum(_products(values, counts))
    if math.isfinite(total):
        return total / n
    shares = values / n
    return float(shares.sum() if counts is None else np.dot(shares, counts))


def _products(values: Floats, counts: Integers) -> Iterator[float]:
    """Yield sums of values times counts, of parts that stay in the cache: half the time of one product."""
    for begin in range(0, values.size, AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        yield float(np.dot(values[part], counts[part].astype(np.float64)))


def _powers(values: Floats, counts: Integers | None, mean: float, scale: float) -> list[float]:
    """Return the sums of the first four powers of deviations, which are scaled into [-1, 1].

    So fourth powers neither overflow nor vanish.
    """
    sums: tuple[list[float], ...] = ([], [], [], [])
    for begin in range(0, values.size, AT_ONCE):
        deviations = values[begin : begin + AT_ONCE] - mean
        deviations /= scale
        squares = deviations * deviations
        if counts is None:
            first, second = deviations.sum(), squares.sum()
            weighted = squares
        else:
            times = counts[begin : begin + AT_ONCE].astype(np.float64)
            weighted = times * squares
            first, second = np.dot(times, deviations), weighted.sum()
        parts = (first, second, np.dot(weighted, deviations), np.dot(weighted, squares))
        for total, part in zip(sums, parts, strict=True):
            total.append(float(part))
    return [math.fsum(total) for total in sums]


def freedman_diaconis(values: Floats, counts: Integers | None = None) -> tuple[Bin, ...]:
    """Return the histogram of sorted finite values: bins 2 IQR n^(-1/3) wide, at most 60.

    Where the quartiles coincide the width is Sturges' instead; whole numbers get bins of whole width, each
    around its numbers. Without values there are no bins; equal values give one. `counts` tells how often each
    value stands there.
    """
    if values.size == 0:
        return ()
    counts = np.broadcast_to(np.int64(1), values.size) if counts is None else counts
    n, low, high = int(counts.sum()), float(values[0]), float(values[-1])
    if low == high or not math.isfinite(high - low):
        return (Bin(low, high, n),)
    edges = _edges(Distribution(values, counts, n), low, high)
    below = np.searchsorted(values, edges[:-1], side="left")
    heights = np.add.reduceat(np.append(counts, 0), below)
    heights[below == np.append(below[1:], values.size)] = 0  # reduceat gives an empty bin its first value
    return tuple(
        Bin(float(start), float(end), int(count))
        for start, end, count in zip(edges[:-1], edges[1:], heights, strict=True)
    )


def _edges(found: Distribution, low: float, high: float) -> Floats:
    first, third = (one.value for one in quantiles(found, (0.25, 0.75)))
    width = 2 * (third - first) / found.n ** (1 / 3)
    sturges = (high - low) / (math.log2(found.n) + 1)
    width = max(width or sturges, (high - low) / MOST_BINS)
    values = found.floats
    if low.is_integer() and high - low < 2**52 and bool(np.all(values == np.rint(values))):
        width = float(math.ceil(width))
        bins = math.floor((high - low) / width) + 1
        return np.asarray(low - 0.5 + width * np.arange(bins + 1), dtype=np.float64)
    return np.linspace(low, high, min(MOST_BINS, math.ceil((high - low) / width)) + 1)


def outliers(found: Distribution, first: float, third: float) -> int:
    """Count the values beyond Tukey's fences, 1.5 quartile ranges outside the quartiles."""
    low, high = first - FENCE * (third - first), third + FENCE * (third - first)
    begin = int(np.searchsorted(found.values, low, side="left"))
    end = int(np.searchsorted(found.values, high, side="right"))
    return found.n - int(found.counts[begin:end].sum())


def most_frequent(found: Distribution) -> tuple[tuple[float | int, int], ...]:
    """Return the most frequent numbers with their counts, equal counts by size; none when all stand once."""
    if found.values.size == found.n:
        return ()
    places = places_of_largest(found.counts)
    return tuple((found.values[place].item(), int(found.counts[place])) for place in places[:TOP_VALUES])


def places_of_largest(counts: Integers) -> Integers:
    """Return where the ten largest counts stand, largest first, with all that equal the last of them."""
    places = np.flatnonzero(counts >= _tenth(counts)) if counts.size > TOP_VALUES else np.arange(counts.size)
    return places[np.argsort(-counts[places], kind="stable")]


def _tenth(counts: Integers) -> int:
    """Return the tenth largest count."""
    if counts.max() > counts.size:
        return int(np.partition(counts, -TOP_VALUES)[-TOP_VALUES])
    how_many = np.bincount(counts)  # a fifth of the time of a partition where values seldom repeat
    at_least = np.cumsum(how_many[::-1])
    return int(how_many.size - 1 - np.searchsorted(at_least, TOP_VALUES))


def top_numbers(found: Distribution) -> tuple[TopValue, ...]:
    """Return the most frequent numbers as text, whole ones without a fraction."""
    return tuple(TopValue(_text(value), count) for value, count in most_frequent(found))


def _text(value: float | int) -> str:
    return str(value) if isinstance(value, int) else repr(value).removesuffix(".0")
