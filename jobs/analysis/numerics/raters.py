"""Intraclass correlations: how far several raters give the same cases the same numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
Limits = tuple[float, float]


@dataclass(frozen=True)
class Squares:
    """Mean squares of (n, k) ratings: of rows, of raters, and what is left."""

    n: int
    k: int
    rows: float
    raters: float
    left: float

    @property
    def df_left(self) -> int:
        """Degrees of freedom of what is left."""
        return (self.n - 1) * (self.k - 1)


@dataclass(frozen=True)
class FTest:
    """An F statistic with its degrees of freedom and p-value."""

    statistic: float
    df: int
    df_error: int
    pvalue: float


def squares(values: Floats) -> Squares:
    """Split what varies in (n, k) ratings, n and k at least 2."""
    n, k = values.shape
    centred = values - values.mean()
    rows, raters = centred.mean(axis=1), centred.mean(axis=0)
    left = centred - rows[:, None] - raters[None, :]
    return Squares(
        n,
        k,
        k * float(np.sum(rows**2)) / (n - 1),
        n * float(np.sum(raters**2)) / (k - 1),
        float(np.sum(left**2)) / ((n - 1) * (k - 1)),
    )


def f_of_rows(found: Squares) -> FTest:
    """Test whether rows differ more than chance makes them: an intraclass correlation of 0."""
    return _f(found.rows / found.left, found.n - 1, found.df_left)


def f_of_raters(found: Squares) -> FTest:
    """Test whether some raters rate higher than others."""
    return _f(found.raters / found.left, found.k - 1, found.df_left)


def _f(statistic: float, df: int, df_error: int) -> FTest:
    return FTest(statistic, df, df_error, float(special.fdtrc(df, df_error, statistic)))


def agreement(found: Squares, level: float) -> tuple[float, Limits]:
    """Give ICC(A,1) with its limits: two-way random, absolute agreement, of a single rater.

    References
    ----------
    McGraw & Wong (1996), Psychological Methods 1, 30-46, case 2A; ICC(2,1) of Shrout & Fleiss (1979). Limits
    with Satterthwaite's degrees of freedom.
    """
    n, k = found.n, found.k
    value = (found.rows - found.left) / (
        found.rows + (k - 1) * found.left + k * (found.raters - found.left) / n
    )
    a = k * value / (n * (1.0 - value))
    b = 1.0 + k * value * (n - 1) / (n * (1.0 - value))
    df = (a * found.raters + b * found.left) ** 2 / (
        (a * found.raters) ** 2 / (k - 1) + (b * found.left) ** 2 / found.df_left
    )
    tail = (1.0 + level) / 2.0
    low_f, high_f = float(stats.f.ppf(tail, n - 1, df)), float(stats.f.ppf(tail, df, n - 1))
    rest = k * found.raters + (k * n - k - n) * found.left
    low = n * (found.rows - low_f * found.left) / (low_f * rest + n * found.rows)
    high = n * (high_f * found.rows - found.left) / (rest + n * high_f * found.rows)
    return value, (low, high)


def consistency(found: Squares, level: float) -> tuple[float, Limits]:
    """Give ICC(C,1) with its limits: as `agreement`, but raters who are higher throughout do no harm.

    Case 3 of McGraw and Wong; ICC(3,1) of Shrout and Fleiss.
    """
    tail, ratio = (1.0 + level) / 2.0, found.rows / found.left
    low = ratio / float(stats.f.ppf(tail, found.n - 1, found.df_left))
    high = ratio * float(stats.f.ppf(tail, found.df_left, found.n - 1))
    value, *limits = ((f - 1.0) / (f + found.k - 1.0) for f in (ratio, low, high))
    return value, (limits[0], limits[1])


def of_mean(value: float, k: int) -> float:
    """Give the coefficient of the mean of k raters for that of one (Spearman & Brown)."""
    return k * value / (1.0 + (k - 1.0) * value)
