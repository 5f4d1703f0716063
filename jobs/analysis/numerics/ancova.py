"""Means of groups with covariates held equal: the tests of `lm(y ~ group + x)`, adjusted means, slopes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.blocks import decomposed, triangle

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Term:
    """An F test of a term beside all others, and the share of what it and the rest leave that is its own."""

    statistic: float
    df: int
    df_error: int
    pvalue: float
    partial_eta_squared: float


@dataclass(frozen=True)
class Adjusted:
    """A fitted model: groups first, then each covariate; means where every covariate is at its mean."""

    terms: tuple[Term, ...]
    slopes: Term | None  # whether slopes differ between groups; None where that cannot be told
    means: Floats
    covariance: Floats  # of the means
    df_error: int


def adjusted(y: Floats, groups: NDArray[np.intp], covariates: Floats) -> Adjusted | None:
    """Fit y on groups and covariates; None where they follow from each other or nothing is left over.

    Parameters
    ----------
    y : (n,) float array
    groups : (n,) places of the groups from 0, each taken
    covariates : (n, p) float array, no column constant

    References
    ----------
    Equal to R's `car::Anova(lm(y ~ g + x))` and `emmeans(fit, "g")`.
    """
    k, p = int(groups.max()) + 1, covariates.shape[1]
    level = float(y.mean())
    target = y - level
    centred = covariates - covariates.mean(axis=0)
    scaled = centred / np.sqrt(np.mean(centred**2, axis=0))
    dummies = np.eye(k)[groups]
    design = np.column_stack([dummies, scaled])
    df_error = y.size - k - p
    if df_error < 1 or _rank(design) < k + p:
        return None
    left = _left(design, target)
    if left <= 1e-24 * float(target @ target):
        return None
    one = np.ones((y.size, 1))
    without = [np.column_stack([one, scaled])]
    without += [np.column_stack([dummies, np.delete(scaled, place, axis=1)]) for place in range(p)]
    widths = [k - 1, *([1] * p)]
    terms = [
        _term(_left(smaller, target) - left, width, left, df_error)
        for smaller, width in zip(without, widths, strict=True)
    ]
    q, r = decomposed(design)
    coefficients = np.linalg.solve(r, q.T @ target).astype(np.float64)
    inverse = np.linalg.inv(r)
    covariance = left / df_error * (inverse @ inverse.T)
    slopes = _slopes(design, dummies, scaled, target, left)
    return Adjusted(tuple(terms), slopes, level + coefficients[:k], covariance[:k, :k], df_error)


def _rank(design: Floats) -> int:
    """Give the rank, by the triangle that has the same singular values."""
    rounding = design.shape[0] * float(np.finfo(float).eps)
    return int(np.linalg.matrix_rank(triangle(design), rtol=rounding))


def _left(design: Floats, target: Floats) -> float:
    q, _ = decomposed(design)
    rest = target - q @ (q.T @ target)
    rest = rest - q @ (q.T @ rest)
    return float(rest @ rest)


def _term(squares: float, df: int, left: float, df_error: int) -> Term:
    squares = max(0.0, squares)
    statistic = (squares / df) / (left / df_error)
    pvalue = float(special.fdtrc(df, df_error, statistic))
    return Term(statistic, df, df_error, pvalue, squares / (squares + left))


def _slopes(design: Floats, dummies: Floats, scaled: Floats, target: Floats, left: float) -> Term | None:
    """Test slopes of their own for each group beside common ones."""
    own = [dummies[:, [group]] * scaled for group in range(1, dummies.shape[1])]
    larger = np.column_stack([design, *own])
    df = larger.shape[1] - design.shape[1]
    df_error = target.size - larger.shape[1]
    if df_error < 1 or _rank(larger) < larger.shape[1]:
        return None
    rest = _left(larger, target)
    return _term(left - rest, df, rest, df_error) if rest > 1e-24 * float(target @ target) else None
