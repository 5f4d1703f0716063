"""Wilcoxon's signed ranks: whether differences lean to one side, and how far, as R's `wilcox.test` has it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.ranks import average_ranks
from jobs.analysis.numerics.shift import Shift, kth_difference

Floats = NDArray[np.float64]

EXACT_BELOW = 50  # differences that are not 0, as in R's wilcox.test
_ENUMERATED = 1_400  # differences whose averages of pairs, about a million, are written out


@dataclass(frozen=True)
class SignedRank:
    """The sum of the ranks of positive differences; `biserial` is its surplus over the negative, -1 to 1."""

    statistic: float
    pvalue: float
    exact: bool
    used: int  # differences that are not 0
    biserial: float
    biserial_limits: tuple[float, float] | None  # None where all differences have one sign


def signed_rank(differences: Floats, *, level: float) -> SignedRank:
    """Test whether differences lie around 0, those that are 0 left out.

    Exact below 50 differences that are not 0 when none is and no sizes are tied, else normal with continuity
    correction.

    Parameters
    ----------
    differences : (n,) float array, not all 0

    References
    ----------
    Wilcoxon (1945), Biometrics Bull. 1, 80-83. Equal to R's `wilcox.test(differences)`; the rank-biserial
    correlation and its limits equal `effectsize::rank_biserial(paired = TRUE)`.
    """
    used = differences[differences != 0]
    n = used.size
    ranks, ties = average_ranks(np.abs(used))
    statistic = float(ranks[used > 0].sum())
    exact = is_exact(differences)
    pvalue = _exact_pvalue(statistic, n) if exact else _normal_pvalue(statistic, n, ties)
    biserial = min(1.0, max(-1.0, 4.0 * statistic / (n * (n + 1.0)) - 1.0))
    limits = None
    if abs(biserial) < 1.0:
        error = float(np.sqrt((2.0 * n**3 + 3.0 * n**2 + n) / 6.0)) / (n * (n + 1.0) / 2.0)
        reach = float(special.ndtri((1.0 + level) / 2.0)) * error
        middle = float(np.arctanh(biserial))
        limits = float(np.tanh(middle - reach)), float(np.tanh(middle + reach))
    return SignedRank(statistic, pvalue, exact, n, biserial, limits)


def is_exact(differences: Floats) -> bool:
    """Tell whether the exact distribution is used."""
    sizes = np.abs(differences)
    return bool(
        differences.size < EXACT_BELOW and np.all(differences != 0) and np.unique(sizes).size == sizes.size
    )


def _exact_pvalue(statistic: float, n: int) -> float:
    below = np.cumsum(signed_rank_distribution(n))
    place = round(min(statistic, n * (n + 1) / 2 - statistic))  # the distribution is symmetric
    return min(1.0, 2.0 * float(below[place]))


def _normal_pvalue(statistic: float, n: int, ties: float) -> float:
    z = statistic - n * (n + 1.0) / 4.0
    z = (z - 0.5 * np.sign(z)) / signed_rank_sd(n, ties)
    return min(1.0, 2.0 * float(special.ndtr(-abs(z))))


def signed_rank_sd(n: int, ties: float) -> float:
    """Give the standard deviation of the sum of positive ranks when both signs are as likely."""
    return float(np.sqrt(n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0))


@lru_cache(maxsize=64)
def signed_rank_distribution(n: int) -> Floats:
    """Give P(V = v) for v = 0..n(n+1)/2 without ties: each rank is positive or not."""
    chances = np.ones(1)
    for rank in range(1, n + 1):
        longer = np.zeros(chances.size + rank)
        longer[: chances.size] += chances / 2.0
        longer[rank:] += chances / 2.0
        chances = longer
    return chances


def pseudomedian(differences: Floats, *, level: float) -> Shift:
    """Estimate the median of averages of pairs of differences, with the interval of the signed-rank test.

    Notes
    -----
    Differences of 0 are left out as the test leaves them out. The exact case equals R's
    `wilcox.test(conf.int = TRUE)`. Otherwise R searches a root with a tolerance of 1e-4; here the limits are
    the averages at which the same normal statistic crosses its critical value.

    References
    ----------
    Hodges & Lehmann (1963), Ann. Math. Stat. 34, 598-611.
    """
    used = np.sort(differences[differences != 0])
    pairs = used.size * (used.size + 1) // 2
    middle = sorted({(pairs + 1) // 2, pairs // 2 + 1})
    rank = _limit_rank(used, pairs, level, exact=is_exact(differences))
    places = [*middle, *((rank, pairs + 1 - rank) if rank >= 1 else ())]
    found = _averages_at(used, places)
    value = sum(found[place] for place in middle) / len(middle)
    if rank < 1:
        return Shift(value, None, None)
    return Shift(value, found[rank], found[pairs + 1 - rank])


def _limit_rank(used: Floats, pairs: int, level: float, *, exact: bool) -> int:
    """Give the place of the lower limit among the ordered averages, from 1; 0 if there are too few."""
    tail = (1.0 - level) / 2.0
    if exact:
        below = np.cumsum(signed_rank_distribution(used.size))
        return max(int(np.searchsorted(below, tail * (1.0 - 64 * np.finfo(float).eps))), 1)
    _, ties = average_ranks(np.abs(used))
    reach = 0.5 - float(special.ndtri(tail)) * signed_rank_sd(used.size, ties)
    return int(np.floor(pairs / 2.0 - reach)) + 1


def _averages_at(used: Floats, places: list[int]) -> dict[int, float]:
    """Give the averages of pairs, each value also with itself, at places of their order from 1."""
    n = used.size
    if n <= _ENUMERATED:
        first, second = np.triu_indices(n)
        averages = (used[first] + used[second]) / 2.0
        ordered = np.partition(averages, sorted(place - 1 for place in places))
        return {place: float(ordered[place - 1]) for place in places}
    # All n * n sums hold each pair twice and the n values with themselves once, about half of these below
    # the middle: with so many values that is far less than the distance to the next digit of the data.
    negative = -used[::-1]
    whole = {place: min(n * n, max(1, 2 * place - n // 2)) for place in places}
    return {place: kth_difference(used, negative, whole[place]) / 2.0 for place in places}
