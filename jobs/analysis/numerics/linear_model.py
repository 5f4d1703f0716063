"""Least squares of one number on several columns, with errors that do not need equal spread.

Columns are centred and scaled, solved by QR and refined once, which keeps seven digits where the powers of
one number leave the usual libraries none (NIST's Filip).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.blocks import blocks, decomposed
from jobs.analysis.numerics.moments import moments

Floats = NDArray[np.float64]

DEPENDENT = 1e-13  # of a column's length left by the others: nothing but rounding


class DependentColumns(ValueError):
    """A column is a sum of multiples of others, so that its coefficient is not determined; `place` is its."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True)
class LinearModel:
    """A fitted linear model; with an intercept its coefficient stands first.

    `inverse` is (X'X)^-1 and `robust` the HC3 covariance of the coefficients, None where one row alone
    decides a coefficient; `total` is measured from the mean, or from 0 without an intercept.
    """

    coefficients: Floats
    inverse: Floats
    robust: Floats | None
    residuals: Floats
    leverage: Floats
    squares: float
    total: float
    df_error: int

    @property
    def variance(self) -> float:
        """Variance of the residuals."""
        return self.squares / self.df_error

    @property
    def classic(self) -> Floats:
        """Covariance of the coefficients under equal spread."""
        covariance: Floats = self.variance * self.inverse
        return covariance

    @property
    def errors(self) -> Floats:
        """Standard errors of the coefficients under equal spread."""
        found: Floats = np.sqrt(self.variance) * np.sqrt(np.diag(self.inverse))
        return found

    @property
    def r_squared(self) -> float:
        """Share of the squared deviations that the model takes away."""
        return max(0.0, 1.0 - self.squares / self.total)

    @property
    def adjusted_r_squared(self) -> float:
        """R2 less what as many columns of noise would reach."""
        df_total = self.residuals.size - 1
        return 1.0 - (self.squares / self.df_error) / (self.total / df_total)


@dataclass(frozen=True)
class JointTest:
    """Several coefficients tested at once."""

    statistic: float
    df: float
    df_error: float
    pvalue: float


def fit_model(columns: Sequence[Floats], y: Floats, *, intercept: bool = True) -> LinearModel:
    """Fit y on the columns (R's `lm`).

    Parameters
    ----------
    columns : (n,) float arrays, more rows than coefficients; none constant where there is an intercept
    y : (n,) float array, not constant

    Raises
    ------
    DependentColumns
        A column is determined by the others.

    References
    ----------
    HC3: MacKinnon & White (1985), J. Econometrics 29, 305-325. Equal to R's `car::hccm(model, type = "hc3")`.
    """
    design, back = scaled(columns, intercept=intercept)
    target = moments(y)
    shift = target.mean if intercept else 0.0
    scale = float(np.sqrt(target.squares)) if intercept else float(np.linalg.norm(y))
    response = (y - shift) / scale
    q, r = decomposed(design)
    small = np.flatnonzero(np.abs(np.diag(r)) < DEPENDENT)
    if small.size:
        raise DependentColumns(int(small[0]) - intercept)
    found, residuals = _refined(design, q, r, response)
    half = back @ np.linalg.inv(r)
    coefficients = scale * (back @ found)
    if intercept:
        coefficients[0] += shift
    leverage = np.einsum("ij,ij->i", q, q)
    squares = float(np.dot(residuals, residuals))
    return LinearModel(
        coefficients=coefficients,
        inverse=half @ half.T,
        robust=_robust(q, residuals * scale, leverage, half),
        residuals=residuals * scale,
        leverage=leverage,
        squares=squares * scale * scale,
        total=scale * scale,
        df_error=y.size - design.shape[1],
    )


def scaled(columns: Sequence[Floats], *, intercept: bool) -> tuple[Floats, Floats]:
    """Return columns of length 1 and the matrix that brings their coefficients back to the given units."""
    n, size = columns[0].size, len(columns) + intercept
    design, back = np.empty((n, size)), np.zeros((size, size))
    if intercept:
        design[:, 0] = back[0, 0] = 1.0 / np.sqrt(n)
    for place, values in enumerate(columns, int(intercept)):
        found = moments(values)
        mean, squares = (found.mean, found.squares) if intercept else (0.0, float(np.dot(values, values)))
        length = float(np.sqrt(squares))
        design[:, place] = (values - mean) / length
        back[place, place] = 1.0 / length
        if intercept:
            back[0, place] = -mean / length
    return design, back


def _refined(design: Floats, q: Floats, r: Floats, response: Floats) -> tuple[Floats, Floats]:
    """Solve, then solve again for what is left, measured in extended precision where there is one."""
    first = np.linalg.solve(r, q.T @ response).astype(np.float64)
    left = _left(design, response, first)
    found = (first + np.linalg.solve(r, q.T @ left)).astype(np.float64)
    return found, _left(design, response, found)


def _left(design: Floats, response: Floats, coefficients: Floats) -> Floats:
    """Give what the coefficients leave of the response, rounded once."""
    left = np.empty(response.size)
    precise = coefficients.astype(np.longdouble)
    for rows in blocks(response.size):
        told = np.zeros(left[rows].size, dtype=np.longdouble)
        for place, coefficient in enumerate(precise):
            told += design[rows, place] * coefficient
        left[rows] = response[rows] - told
    return left


def _robust(q: Floats, residuals: Floats, leverage: Floats, half: Floats) -> Floats | None:
    room = 1.0 - leverage
    if bool(np.any(room < 1e-10)):
        return None
    weighted = q * (residuals / room)[:, None]
    covariance: Floats = half @ (weighted.T @ weighted) @ half.T
    return covariance


def joint_test(model: LinearModel, places: Sequence[int], *, robust: bool) -> JointTest:
    """Test by Wald's F whether the coefficients at `places` are all 0.

    Equal to R's `car::linearHypothesis(model, names)`, with `white.adjust = "hc3"` if robust; the covariance
    must then exist.
    """
    covariance = model.robust if robust and model.robust is not None else model.classic
    chosen = list(places)
    values = model.coefficients[chosen]
    part = covariance[np.ix_(chosen, chosen)]
    size = np.sqrt(np.diag(part))  # to one scale first: units may be many orders apart
    unit = values / size
    statistic = float(unit @ np.linalg.solve(part / np.outer(size, size), unit)) / len(chosen)
    df, df_error = float(len(chosen)), float(model.df_error)
    return JointTest(statistic, df, df_error, float(special.fdtrc(df, df_error, statistic)))


def partial_r_squared(model: LinearModel, places: Sequence[int]) -> float:
    """Give the share of what the other columns leave that those at `places` take away."""
    found = joint_test(model, places, robust=False)
    explained = found.statistic * found.df
    return explained / (explained + found.df_error)


def inflation(inverse: Floats, groups: Sequence[Sequence[int]]) -> list[float]:
    """Give the variance inflation of each group of coefficients; of several, GVIF**(1/df).

    Parameters
    ----------
    inverse : (p, p) array
        Covariance of all coefficients up to a factor, the intercept first.
    groups : places of the coefficients of each predictor

    References
    ----------
    Fox & Monette (1992), JASA 87, 178-183. Equal to R's `car::vif`; of several coefficients to the square of
    its last column.
    """
    size = np.sqrt(np.diag(inverse))
    correlation = (inverse / np.outer(size, size))[1:, 1:]
    every = range(correlation.shape[0])
    whole = np.linalg.slogdet(correlation)[1]
    found = []
    for group in groups:
        own = [place - 1 for place in group]
        others = [place for place in every if place not in own]
        logarithm = np.linalg.slogdet(correlation[np.ix_(own, own)])[1] - whole
        if others:
            logarithm += np.linalg.slogdet(correlation[np.ix_(others, others)])[1]
        else:
            logarithm = 0.0
        found.append(float(np.exp(logarithm / len(own))))
    return found
