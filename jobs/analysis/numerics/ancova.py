"""Means of groups with covariates held equal: the tests of `lm(y ~ group + x)`, adjusted means, slopes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.blocks import triangle

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
    # Lengths and angles of columns are those of their triangle, of which there are a few rows.
    whole = _triangle(groups, scaled, target)
    dummies, beside, goal = whole[:, :k], whole[:, k : k + p], whole[:, -1]
    design = whole[:, : k + p]
    df_error = y.size - k - p
    if df_error < 1 or _rank(design, y.size) < k + p:
        return None
    left = _left(design, goal)
    if left <= 1e-24 * float(target @ target):
        return None
    without = [np.column_stack([dummies.sum(axis=1), beside])]
    without += [np.column_stack([dummies, np.delete(beside, place, axis=1)]) for place in range(p)]
    widths = [k - 1, *([1] * p)]
    terms = [
        _term(_left(smaller, goal) - left, width, left, df_error)
        for smaller, width in zip(without, widths, strict=True)
    ]
    q, r = np.linalg.qr(design)
    coefficients = np.linalg.solve(r, q.T @ goal)
    inverse = np.linalg.inv(r)
    covariance = left / df_error * (inverse @ inverse.T)
    slopes = _slopes(whole, k + p, y.size, left)
    return Adjusted(tuple(terms), slopes, level + coefficients[:k], covariance[:k, :k], df_error)


def _triangle(groups: NDArray[np.intp], scaled: Floats, target: Floats) -> Floats:
    """Give the triangle of groups, covariates, covariates within each group but the first, and the target."""
    dummies = np.eye(int(groups.max()) + 1)[groups]
    own = [dummies[:, [group]] * scaled for group in range(1, dummies.shape[1])]
    found = triangle(np.column_stack([dummies, scaled, *own, target]))
    missing = max(0, found.shape[1] - found.shape[0])  # of fewer rows than columns
    return np.vstack([found, np.zeros((missing, found.shape[1]))])


def _rank(design: Floats, rows: int) -> int:
    """Give the rank of a design of so many rows by its triangle, which has the same singular values."""
    return int(np.linalg.matrix_rank(design, rtol=rows * float(np.finfo(float).eps)))


def _left(design: Floats, target: Floats) -> float:
    q, _ = np.linalg.qr(design)
    rest = target - q @ (q.T @ target)
    rest = rest - q @ (q.T @ rest)
    return float(rest @ rest)


def _term(squares: float, df: int, left: float, df_error: int) -> Term:
    squares = max(0.0, squares)
    statistic = (squares / df) / (left / df_error)
    pvalue = float(special.fdtrc(df, df_error, statistic))
    return Term(statistic, df, df_error, pvalue, squares / (squares + left))


def _slopes(whole: Floats, common: int, rows: int, left: float) -> Term | None:
    """Test slopes of their own for each group beside common ones."""
    larger, goal = whole[:, :-1], whole[:, -1]
    df = larger.shape[1] - common
    df_error = rows - larger.shape[1]
    if df_error < 1 or _rank(larger, rows) < larger.shape[1]:
        return None
    rest = _left(larger, goal)
    return _term(left - rest, df, rest, df_error) if rest > 1e-24 * float(goal @ goal) else None
