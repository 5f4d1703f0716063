"""Means in groups compared: Welch's t and F, the classic decomposition, Games-Howell, Brown-Forsythe.

Every function takes samples with at least two values each. Those that divide by a spread need it above 0; the
caller looks first (`Moments.squares`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics import studentized
from jobs.analysis.numerics.moments import Moments, moments

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MeanDifference:
    """Mean of the first minus mean of the second, tested against 0."""

    difference: float
    low: float
    high: float
    statistic: float
    df: float
    pvalue: float


@dataclass(frozen=True)
class Ratio:
    """An F test."""

    statistic: float
    df: tuple[float, float]
    pvalue: float


@dataclass(frozen=True)
class Decomposition:
    """The classic analysis of variance: where the squared deviations lie."""

    between: float
    within: float
    df_between: int
    df_within: int

    @property
    def ratio(self) -> Ratio:
        """Fisher's F; `within` must be above 0."""
        statistic = (self.between / self.df_between) / (self.within / self.df_within)
        return _f_test(statistic, self.df_between, self.df_within)


@dataclass(frozen=True)
class PairOfMeans:
    """Groups `first` and `second` (their places) compared after an overall test; `pvalue` adjusted."""

    first: int
    second: int
    difference: float
    low: float
    high: float
    statistic: float
    df: float
    pvalue: float


def welch(a: Moments, b: Moments, *, level: float) -> MeanDifference:
    """Compare two means without assuming equal variances.

    References
    ----------
    Welch (1947), Biometrika 34, 28-35. Equal to R's `t.test(a, b)`.
    """
    error_a, error_b = a.variance / a.n, b.variance / b.n
    total = error_a + error_b
    share = error_a / total  # as a share, so that very small variances do not underflow when squared
    df = 1.0 / (share * share / (a.n - 1) + (1.0 - share) * (1.0 - share) / (b.n - 1))
    return _mean_difference(a.minus(b), float(np.sqrt(total)), df, level)


def student(a: Moments, b: Moments, *, level: float) -> MeanDifference:
    """Compare two means with one pooled variance (R's `t.test(a, b, var.equal = TRUE)`)."""
    df = a.n + b.n - 2
    error = float(np.sqrt((a.squares + b.squares) / df * (1.0 / a.n + 1.0 / b.n)))
    return _mean_difference(a.minus(b), error, df, level)


def mean_interval(sample: Moments, level: float) -> tuple[float, float]:
    """Give the t interval of one mean; `sample` has at least two values."""
    reach = t_quantile(sample.n - 1, level) * sample.sd / float(np.sqrt(sample.n))
    return sample.mean - reach, sample.mean + reach


def t_quantile(df: float, level: float) -> float:
    """Give the two-sided critical value of Student's t."""
    return float(special.stdtrit(df, (1.0 + level) / 2.0))


def t_two_sided(statistic: float, df: float) -> float:
    """Give the two-sided p-value of Student's t."""
    return min(1.0, 2.0 * float(special.stdtr(df, -abs(statistic))))


def _mean_difference(difference: float, error: float, df: float, level: float) -> MeanDifference:
    statistic = difference / error
    reach = t_quantile(df, level) * error
    return MeanDifference(
        difference, difference - reach, difference + reach, statistic, df, t_two_sided(statistic, df)
    )


def welch_anova(groups: Sequence[Moments]) -> Ratio:
    """Compare means of several groups without assuming equal variances.

    References
    ----------
    Welch (1951), Biometrika 38, 330-336. Equal to R's `oneway.test(y ~ g)`.
    """
    k = len(groups)
    weights = np.array([group.n / group.variance for group in groups])
    means = np.array([group.minus(groups[0]) for group in groups])
    total = weights.sum()
    grand = np.dot(weights, means) / total
    spread = sum((1.0 - w / total) ** 2 / (group.n - 1) for w, group in zip(weights, groups, strict=True))
    spread /= k * k - 1.0
    numerator = float(np.dot(weights, (means - grand) ** 2)) / (k - 1)
    return _f_test(numerator / (1.0 + 2.0 * (k - 2) * spread), k - 1, 1.0 / (3.0 * spread))


def decompose(groups: Sequence[Moments]) -> Decomposition:
    """Split the squared deviations into those between and those within groups (R's `aov`)."""
    sizes = np.array([group.n for group in groups], dtype=np.float64)
    means = np.array([group.minus(groups[0]) for group in groups])
    grand = np.dot(sizes, means) / sizes.sum()
    return Decomposition(
        between=float(np.dot(sizes, (means - grand) ** 2)),
        within=float(sum(group.squares for group in groups)),
        df_between=len(groups) - 1,
        df_within=int(sizes.sum()) - len(groups),
    )


def brown_forsythe(samples: Sequence[Floats]) -> Ratio | None:
    """Test equal spread by distances from the medians (R's `car::leveneTest`); None if all alike."""
    parts = decompose([moments(np.abs(values - np.median(values))) for values in samples])
    rounding = 1e-25 * parts.between
    return parts.ratio if parts.within > rounding else None


def games_howell(groups: Sequence[Moments], *, level: float) -> tuple[PairOfMeans, ...]:
    """Compare all pairs of means without assuming equal variances, the family of p-values kept.

    References
    ----------
    Games & Howell (1976), J. Educ. Stat. 1, 113-125. Equal to R's `rstatix::games_howell_test`.
    """
    pairs = list(combinations(range(len(groups)), 2))
    each = [welch(groups[i], groups[j], level=level) for i, j in pairs]
    return _studentized_pairs(pairs, each, len(groups), level)


def tukey(groups: Sequence[Moments], *, level: float) -> tuple[PairOfMeans, ...]:
    """Compare all pairs of means with one pooled variance (R's `TukeyHSD`)."""
    parts = decompose(groups)
    variance = parts.within / parts.df_within
    pairs = list(combinations(range(len(groups)), 2))
    each = []
    for i, j in pairs:
        error = float(np.sqrt(variance * (1.0 / groups[i].n + 1.0 / groups[j].n)))
        each.append(_mean_difference(groups[i].minus(groups[j]), error, parts.df_within, level))
    return _studentized_pairs(pairs, each, len(groups), level)


def _studentized_pairs(
    pairs: Sequence[tuple[int, int]], each: Sequence[MeanDifference], k: int, level: float
) -> tuple[PairOfMeans, ...]:
    """Turn t tests of pairs into tests by the studentized range."""
    t = np.array([found.statistic for found in each])
    df = np.array([found.df for found in each])
    pvalues = studentized.upper_tail(np.sqrt(2.0) * np.abs(t), k, df)
    quantiles = studentized.critical_values(level, k, df)
    compared = []
    for (i, j), found, pvalue, quantile in zip(pairs, each, pvalues, quantiles, strict=True):
        error = (found.high - found.low) / (2.0 * t_quantile(found.df, level))
        reach = float(quantile) * error / float(np.sqrt(2.0))
        low, high = found.difference - reach, found.difference + reach
        compared.append(
            PairOfMeans(i, j, found.difference, low, high, found.statistic, found.df, float(pvalue))
        )
    return tuple(compared)


def _f_test(statistic: float, df: float, df_error: float) -> Ratio:
    return Ratio(
        float(statistic), (float(df), float(df_error)), float(special.fdtrc(df, df_error, statistic))
    )
