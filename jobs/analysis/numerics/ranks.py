"""Rank tests of groups: Mann-Whitney, Kruskal-Wallis, Dunn, and the resampled interval of epsilon squared."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.blocks import checkpoint
from jobs.analysis.numerics.corrections import holm

Floats = NDArray[np.float64]

EXACT_BELOW = 50  # values in each group, as in R's wilcox.test


@dataclass(frozen=True)
class RankSum:
    """Mann-Whitney U of the first sample: pairs in which it is larger, ties counted half."""

    statistic: float
    pvalue: float
    exact: bool


@dataclass(frozen=True)
class RankTest:
    """Kruskal-Wallis H and the mean rank of each group."""

    statistic: float
    df: int
    pvalue: float
    mean_ranks: tuple[float, ...]
    tie_sum: float  # of t**3 - t over runs of t equal values


@dataclass(frozen=True)
class PairOfRanks:
    """Mean ranks of groups `first` and `second` (their places) compared; `pvalue` adjusted by Holm."""

    first: int
    second: int
    statistic: float
    pvalue: float


def mann_whitney(a: Floats, b: Floats) -> RankSum:
    """Test whether values of one sample tend to be larger than those of the other.

    Exact if both have fewer than 50 values and none are tied, else normal with continuity correction.

    Parameters
    ----------
    a, b : sorted (n,) and (m,) float arrays, not all values of both alike

    References
    ----------
    Mann & Whitney (1947), Ann. Math. Stat. 18, 50-60. Equal to R's `wilcox.test(a, b)`.
    """
    n, m = a.size, b.size
    below = np.searchsorted(b, a, side="left").sum() + np.searchsorted(b, a, side="right").sum()
    u = float(below) / 2.0
    ties = tie_sum(np.sort(np.concatenate([a, b]), kind="stable"))
    if is_exact(n, m, ties):
        return RankSum(u, _exact_pvalue(u, n, m), exact=True)
    z = u - n * m / 2.0
    z = (z - 0.5 * np.sign(z)) / rank_sum_sd(n, m, ties)
    return RankSum(u, min(1.0, 2.0 * float(special.ndtr(-abs(z)))), exact=False)


def is_exact(n: int, m: int, ties: float) -> bool:
    """Tell whether the exact distribution is used."""
    return n < EXACT_BELOW and m < EXACT_BELOW and ties == 0.0


def rank_sum_sd(n: int, m: int, ties: float) -> float:
    """Give the standard deviation of U when the samples are alike."""
    total = n + m
    return float(np.sqrt(n * m / 12.0 * ((total + 1.0) - ties / (total * (total - 1.0)))))


def tie_sum(ordered: Floats) -> float:
    """Sum t**3 - t over the runs of t equal values of a sorted array."""
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    runs = np.diff(np.concatenate([starts, [ordered.size]])).astype(np.float64)
    return float(np.sum(runs**3 - runs))


def _exact_pvalue(u: float, n: int, m: int) -> float:
    below = np.cumsum(rank_sum_distribution(n, m))
    place = round(min(u, n * m - u))  # the distribution is symmetric
    return min(1.0, 2.0 * float(below[place]))


@lru_cache(maxsize=64)
def rank_sum_distribution(n: int, m: int) -> Floats:
    """Give P(U = u) for u = 0..n*m when no values are tied, by the recurrence of Mann and Whitney."""
    row = [np.ones(1) for _ in range(m + 1)]  # no values in the first sample: U is 0
    for i in range(1, n + 1):
        new = [np.ones(1)]
        for j in range(1, m + 1):
            both = np.zeros(i * j + 1)
            both[j:] += row[j] * (i / (i + j))  # the largest value is of the first sample: above all j
            both[: new[j - 1].size] += new[j - 1] * (j / (i + j))
            new.append(both)
        row = new
    return row[m]


def kruskal_wallis(samples: Sequence[Floats]) -> RankTest:
    """Test whether values of some groups tend to be larger; not all values may be alike.

    References
    ----------
    Kruskal & Wallis (1952), JASA 47, 583-621. Equal to R's `kruskal.test`.
    """
    sizes = [values.size for values in samples]
    n = sum(sizes)
    ranks, ties = average_ranks(np.concatenate(samples))
    edges = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    mean_ranks = np.add.reduceat(ranks, edges) / sizes
    spread = float(np.dot(sizes, (mean_ranks - (n + 1) / 2.0) ** 2))
    statistic = 12.0 * spread / (n * (n + 1.0)) / (1.0 - ties / (float(n) ** 3 - n))
    df = len(samples) - 1
    return RankTest(
        statistic, df, float(special.chdtrc(df, statistic)), tuple(float(r) for r in mean_ranks), ties
    )


def average_ranks(values: Floats) -> tuple[Floats, float]:
    """Give ranks from 1, tied values sharing their mean rank, and the sum of t**3 - t over ties."""
    checkpoint()
    order = np.argsort(values, kind="stable")
    checkpoint()
    ordered = values[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    starts = np.flatnonzero(new)
    runs = np.diff(np.concatenate([starts, [values.size]]))
    ranks = np.empty(values.size)
    ranks[order] = np.repeat(starts + (runs + 1) / 2.0, runs)
    counts = runs.astype(np.float64)
    return ranks, float(np.sum(counts**3 - counts))


def dunn_holm(test: RankTest, sizes: Sequence[int]) -> tuple[PairOfRanks, ...]:
    """Compare all pairs of mean ranks, p-values adjusted by Holm.

    References
    ----------
    Dunn (1964), Technometrics 6, 241-252. Equal to R's `rstatix::dunn_test`, whose z has the other sign.
    """
    n = float(sum(sizes))
    variance = (n * (n + 1.0) - test.tie_sum / (n - 1.0)) / 12.0
    pairs = list(combinations(range(len(sizes)), 2))
    z = np.array(
        [
            (test.mean_ranks[i] - test.mean_ranks[j]) / np.sqrt(variance * (1.0 / sizes[i] + 1.0 / sizes[j]))
            for i, j in pairs
        ]
    )
    adjusted = holm(2.0 * special.ndtr(-np.abs(z)))
    return tuple(
        PairOfRanks(i, j, float(statistic), float(pvalue))
        for (i, j), statistic, pvalue in zip(pairs, z, adjusted, strict=True)
    )


def epsilon_squared_interval(
    samples: Sequence[Floats], *, level: float, draws: int, seed: int
) -> tuple[float, float]:
    """Give the percentile bootstrap interval of H / (n - 1), each group drawn from itself.

    Values are first put into at most 128 bins of equal count: a draw is then one multinomial a group, however
    many rows there are, and the estimate moves by less than one part in 10,000.
    """
    sizes = np.array([values.size for values in samples])
    ranks, _ = average_ranks(np.concatenate(samples))
    distinct, places = np.unique(np.floor((ranks - 1.0) * min(128.0 / ranks.size, 1.0)), return_inverse=True)
    edges = np.concatenate([[0], np.cumsum(sizes)])
    rng = np.random.default_rng(seed)
    drawn = [
        rng.multinomial(size, np.bincount(places[begin:end], minlength=distinct.size) / size, size=draws)
        for size, begin, end in zip(sizes, edges[:-1], edges[1:], strict=True)
    ]
    found = np.sort(_epsilon_squared(drawn, sizes))
    low, high = np.quantile(found, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def _epsilon_squared(drawn: Sequence[NDArray[np.int64]], sizes: NDArray[np.int64]) -> Floats:
    n = float(sizes.sum())
    together = np.sum(drawn, axis=0, dtype=np.float64)
    ranks = np.cumsum(together, axis=1) - (together - 1.0) / 2.0
    spread = np.zeros(together.shape[0])
    for counts, size in zip(drawn, sizes, strict=True):
        spread += (np.einsum("ij,ij->i", counts, ranks) / size - (n + 1.0) / 2.0) ** 2 * size
    untied = 1.0 - np.sum(together**3 - together, axis=1) / (n**3 - n)
    usable = untied > 1e-12  # a draw of one value alone says nothing
    found = np.zeros(spread.size)
    found[usable] = 12.0 * spread[usable] / (n * (n + 1.0)) / untied[usable] / (n - 1.0)
    return found
