"""Correlation of two numbers: Pearson's r and Spearman's rho with their p-values and intervals."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.means import t_two_sided
from jobs.analysis.numerics.moments import moments
from jobs.analysis.numerics.ranks import average_ranks

Floats = NDArray[np.float64]

EXACT_UP_TO = 9  # pairs: beyond it the Edgeworth series, as in R
SERIES_BELOW = 1290  # pairs: from here on Student's t, as in R


@dataclass(frozen=True)
class Correlation:
    """A coefficient with its test; `statistic` is t for Pearson and S, the sum of squares, for Spearman."""

    value: float
    statistic: float
    pvalue: float
    exact: bool = False


def pearson(x: Floats, y: Floats) -> Correlation:
    """Correlate two numbers, at least three pairs, neither constant (R's `cor.test(x, y)`)."""
    r = coefficient(x, y)
    df = x.size - 2
    rest = 1.0 - r * r
    if rest <= 0.0:  # exactly on a line; t is infinite
        return Correlation(r, r * float(np.sqrt(np.finfo(float).max)), 0.0)
    t = r * float(np.sqrt(df / rest))
    return Correlation(r, t, t_two_sided(t, df))


def coefficient(x: Floats, y: Floats) -> float:
    """Give Pearson's r, each number brought to mean 0 and length 1 first."""
    found_x, found_y = moments(x), moments(y)
    unit_x = (x - found_x.centre - found_x.offset) / np.sqrt(found_x.squares)
    unit_y = (y - found_y.centre - found_y.offset) / np.sqrt(found_y.squares)
    r = float(np.dot(unit_x, unit_y))
    if abs(abs(r) - 1.0) < 1e-14:  # rounding alone keeps a perfect line from 1
        return float(np.sign(r))
    return min(1.0, max(-1.0, r))


def spearman(x: Floats, y: Floats) -> Correlation:
    """Correlate the ranks of two numbers.

    Without ties the p-value is exact for up to 9 pairs, by an Edgeworth series below 1290 (Best & Roberts
    1975, algorithm AS 89), else by Student's t: the choices of R's `cor.test(x, y, method = "spearman")`.
    """
    ranks_x, ties_x = average_ranks(x)
    ranks_y, ties_y = average_ranks(y)
    n = x.size
    rho = coefficient(ranks_x, ranks_y)
    cube = float(n) ** 3 - n
    statistic = cube * (1.0 - rho) / 6.0
    if n >= SERIES_BELOW or ties_x or ties_y:
        return Correlation(rho, statistic, _t_pvalue(rho, n))
    whole = round(statistic)
    tail = _tail(whole, n, upper=True) if whole > cube / 6.0 else _tail(whole + 2, n, upper=False)
    return Correlation(rho, statistic, min(1.0, 2.0 * tail), exact=n <= EXACT_UP_TO)


def _t_pvalue(rho: float, n: int) -> float:
    rest = 1.0 - rho * rho
    return t_two_sided(rho * float(np.sqrt((n - 2) / rest)), n - 2) if rest > 0.0 else 0.0


def _tail(statistic: int, n: int, *, upper: bool) -> float:
    """Give P(S >= statistic), or P(S < statistic) for the lower tail."""
    if n <= EXACT_UP_TO:
        chances = _rank_distance_distribution(n)
        return float(chances[statistic:].sum() if upper else chances[:statistic].sum())
    b = 1.0 / n
    x = (6.0 * (statistic - 1.0) * b / (n * float(n) - 1.0) - 1.0) * np.sqrt(n - 1.0)
    y = x * x
    series = 0.0758 - b * (0.1033 + 0.3932 * b)
    series += y * b * (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y)))
    u = x * b * (0.2274 + b * (0.2531 + 0.1745 * b) - y * series)
    correction = u / np.exp(y / 2.0)
    tail = special.ndtr(-x) + correction if upper else special.ndtr(x) - correction
    return float(max(0.0, tail))


@lru_cache(maxsize=16)
def _rank_distance_distribution(n: int) -> Floats:
    """Give P(S = s), S the sum of squared rank differences of two random orders, s from 0."""
    size = (n**3 - n) // 3 + 1
    ways = {0: np.ones(1)}
    for place in range(n):
        longer: dict[int, Floats] = {}
        for used, counts in ways.items():
            for rank in range(n):
                if not used >> rank & 1:
                    distance = (place - rank) ** 2
                    total = longer.setdefault(used | 1 << rank, np.zeros(size))
                    total[distance : distance + counts.size] += counts[: size - distance]
        ways = longer
    counts = ways[(1 << n) - 1]
    chances: Floats = counts / counts.sum()
    return chances


def fisher_interval(r: float, n: int, level: float) -> tuple[float, float] | None:
    """Give the Fisher z interval of Pearson's r; None for fewer than four pairs and for a perfect line."""
    return _z_interval(r, n, level, 1.0)


def bonett_wright_interval(rho: float, n: int, level: float) -> tuple[float, float] | None:
    """Give the Fisher z interval of Spearman's rho with the wider error sqrt((1 + rho**2 / 2) / (n - 3)).

    References
    ----------
    Bonett & Wright (2000), Psychometrika 65, 23-28.
    """
    return _z_interval(rho, n, level, float(np.sqrt(1.0 + rho * rho / 2.0)))


def _z_interval(r: float, n: int, level: float, widening: float) -> tuple[float, float] | None:
    if n < 4 or abs(r) >= 1.0:
        return None
    z = np.arctanh(r)
    reach = float(special.ndtri((1.0 + level) / 2.0)) * widening / np.sqrt(n - 3.0)
    return float(np.tanh(z - reach)), float(np.tanh(z + reach))
