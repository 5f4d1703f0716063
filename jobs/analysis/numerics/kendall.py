"""Kendall's tau-b: the share of concordant over discordant pairs."""

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from jobs.analysis.numerics.blocks import checkpoint
from jobs.analysis.numerics.correlation import Correlation

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

EXACT_BELOW = 50  # rows without ties, as in R
SPREAD = 0.437  # of Fisher's z of tau, times n - 4


def kendall(x: Floats, y: Floats) -> Correlation:
    """Correlate the order of two numbers (R's `cor.test(x, y, method = "kendall")`).

    The p-value is exact below 50 rows without ties, else normal with the variance that ties leave.
    """
    x_places, x_counts = np.unique(x, return_inverse=True, return_counts=True)[1:]
    checkpoint()
    y_places, y_counts = np.unique(y, return_inverse=True, return_counts=True)[1:]
    if x.size < EXACT_BELOW and x_counts.size == y_counts.size == x.size:
        found = stats.kendalltau(x, y, method="exact")
        return Correlation(float(found.statistic), float(found.statistic), float(found.pvalue), exact=True)
    # Equal values of x in the order of y: they are neither concordant nor discordant.
    both = x_places * np.int64(y_counts.size) + y_places
    checkpoint()
    both.sort()
    together = np.diff(np.flatnonzero(np.concatenate([[True], both[1:] != both[:-1], [True]])))
    surplus = _pairs(x.size) - _tied(x_counts) - _tied(y_counts) + _tied(together)
    surplus -= 2 * inversions(both % np.int64(y_counts.size))
    apart = float(np.sqrt(_pairs(x.size) - _tied(x_counts))) * float(
        np.sqrt(_pairs(x.size) - _tied(y_counts))
    )
    tau = max(-1.0, min(1.0, surplus / apart))
    z = surplus / float(np.sqrt(_variance(x.size, x_counts, y_counts)))
    return Correlation(tau, tau, min(1.0, 2.0 * float(special.ndtr(-abs(z)))), exact=False)


def inversions(places: Whole) -> int:
    """Count the pairs of which the earlier is the larger.

    Parameters
    ----------
    places : (n,) int array of at least 0

    Notes
    -----
    Bit by bit from the highest: of places that agree in all higher bits, a pair is out of order where the
    earlier has the bit and the later has not. Each bit costs one pass, however many pairs there are.
    """
    found, width = 0, int(places.max()).bit_length()
    places = places.astype(np.int32)  # of ranks: half the memory to move
    position = np.arange(places.size, dtype=np.int32)
    for bit in range(width - 1, -1, -1):
        checkpoint()
        has = (places >> bit) & 1
        higher = places >> (bit + 1)
        starts = np.flatnonzero(np.concatenate([[True], higher[1:] != higher[:-1]])).astype(np.int32)
        sizes = np.append(starts[1:], np.int32(places.size)) - starts
        ones = np.cumsum(has, dtype=np.int32)
        inside = ones - np.repeat(ones[starts] - has[starts], sizes)  # with the bit so far in the own run
        lacks = has == 0
        found += int(np.sum(inside[lacks], dtype=np.int64))
        # Those without the bit come first in each run, either kind in its order.
        ends = starts + sizes - np.add.reduceat(has, starts, dtype=np.int32)
        target = np.where(lacks, position - inside, np.repeat(ends - 1, sizes) + inside)
        ordered = np.empty_like(places)
        ordered[target] = places
        places = ordered
    return found


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def _tied(counts: Whole) -> int:
    return int(np.sum(counts * (counts - 1) // 2))


def _variance(n: int, x_counts: Whole, y_counts: Whole) -> float:
    """Give the variance of concordant less discordant pairs without a relation (Kendall 1970, chapter 5)."""
    x, y, size = x_counts.astype(np.float64), y_counts.astype(np.float64), float(n)
    twice = size * (size - 1.0)
    spread = twice * (2.0 * size + 5.0)
    spread -= sum(float(np.sum(t * (t - 1.0) * (2.0 * t + 5.0))) for t in (x, y))
    threes = [float(np.sum(t * (t - 1.0) * (t - 2.0))) for t in (x, y)]
    rest = threes[0] * threes[1] / (9.0 * twice * (size - 2.0))
    return spread / 18.0 + 2.0 * _tied(x_counts) * _tied(y_counts) / twice + rest


def tau_interval(tau: float, n: int, level: float) -> tuple[float, float] | None:
    """Give the Fisher z interval of tau with the error sqrt(0.437 / (n - 4)); None for fewer than five rows.

    References
    ----------
    Fieller, Hartley & Pearson (1957), Biometrika 44, 470-481.
    """
    if n < 5 or abs(tau) >= 1.0:
        return None
    reach = float(special.ndtri((1.0 + level) / 2.0)) * float(np.sqrt(SPREAD / (n - 4.0)))
    z = float(np.arctanh(tau))
    return float(np.tanh(z - reach)), float(np.tanh(z + reach))
