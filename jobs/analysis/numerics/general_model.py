"""Models of yes or no and of counts by maximum likelihood: logistic, Poisson, negative binomial.

Newton steps on columns that are centred and scaled, until nothing changes; the covariance is the inverse of
the expected information, as in R's `glm`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from jobs.analysis.numerics.blocks import blocks, checkpoint, triangle
from jobs.analysis.numerics.dispersion import NoMaximum, dispersion
from jobs.analysis.numerics.families import Family, NegativeBinomial, Poisson
from jobs.analysis.numerics.linear_model import DEPENDENT, DependentColumns
from jobs.analysis.numerics.moments import moments

Floats = NDArray[np.float64]

MOST_STEPS = 100
SETTLED = 1e-13  # relative change of the deviance
SURE = 1e-100  # a slope of the mean below which a row is told without doubt
STUCK = 1e-6  # of the deviance, by which it would still fall
SMALL_STEP, ROUNDING = 1e-9, 1e-15  # beside the coefficients in standard units
CLOSE = 1e-4  # of a column's length left by the others, below which squares of lengths lose too many digits
MOST_CELLS = 5_000_000  # of a design whose separation is settled by linear programming


@dataclass(frozen=True)
class GeneralModel:
    """A model fitted by maximum likelihood, the intercept's coefficient first."""

    coefficients: Floats
    covariance: Floats
    fitted: Floats
    deviance: float
    log_likelihood: float
    pearson: float  # sum of squared Pearson residuals over their degrees of freedom

    @property
    def errors(self) -> Floats:
        """Standard errors of the coefficients."""
        found: Floats = np.sqrt(np.diag(self.covariance))
        return found


@dataclass(frozen=True)
class _Design:
    """Columns in standard units, the first of 1; `back` brings their coefficients to the given units."""

    columns: Floats
    back: Floats


def _design(columns: Sequence[Floats]) -> _Design:
    n, size = columns[0].size, len(columns) + 1
    design, back = np.ones((n, size)), np.zeros((size, size))
    back[0, 0] = 1.0
    for place, values in enumerate(columns, 1):
        checkpoint()
        found = moments(values)
        spread = float(np.sqrt(found.squares / n))
        design[:, place] = (values - found.mean) / spread
        back[place, place], back[0, place] = 1.0 / spread, -found.mean / spread
    return _Design(design, back)


def _independent(columns: Sequence[Floats]) -> _Design:
    """Make the design, refusing a column that the others determine."""
    design = _design(columns)
    r = triangle(design.columns) / np.sqrt(columns[0].size)
    small = np.flatnonzero(np.abs(np.diag(r)) < DEPENDENT)
    if small.size:
        raise DependentColumns(int(small[0]) - 1)
    return design


def fit_general(columns: Sequence[Floats], y: Floats, family: Family) -> GeneralModel:
    """Fit y on the columns and an intercept by maximum likelihood (R's `glm`).

    Raises
    ------
    DependentColumns
        A column is determined by the others.
    NoMaximum
        The columns separate the outcome, so that a coefficient is infinite.
    """
    design = _independent(columns)
    return _model(design, y, family, _from_start(design, y, family))


def _from_start(design: _Design, y: Floats, family: Family) -> Floats:
    gamma = np.zeros(design.columns.shape[1])
    gamma[0] = family.start(y)
    return _climb(design.columns, y, family, gamma, np.zeros(y.size))[0]


def _model(design: _Design, y: Floats, family: Family, gamma: Floats) -> GeneralModel:
    mu, weight = np.empty(y.size), np.empty(y.size)
    deviance = likelihood = squares = 0.0
    for rows in blocks(y.size):
        told = family.mean(design.columns[rows] @ gamma)
        mu[rows], weight[rows] = told, family.weight(told)
        slope = family.slope(told)
        slope = np.where(slope < SURE, 1.0, slope)  # told rightly, or the deviance would be infinite
        squares += float(np.sum((y[rows] - told) ** 2 * weight[rows] / slope**2))
        deviance += family.deviance(y[rows], told)
        likelihood += family.log_likelihood(y[rows], told)
    r = triangle(design.columns, weight)
    if bool(np.any(np.abs(np.diag(r)) < 1e-150)):
        raise NoMaximum  # no row is left in doubt that could tell a coefficient
    half = design.back @ np.linalg.inv(r)
    coefficients: Floats = design.back @ gamma
    return GeneralModel(
        coefficients, half @ half.T, mu, deviance, likelihood, squares / (y.size - gamma.size)
    )


@dataclass(frozen=True)
class _Likelihood:
    """The likelihood at some coefficients: its deviance, how it rises, how it bends."""

    deviance: float
    slope: Floats
    bend: Floats


def _look(design: Floats, y: Floats, family: Family, gamma: Floats, offset: Floats) -> _Likelihood:
    """Pass once over the rows; `offset` is added to the linear predictor."""
    deviance, slope, bend = 0.0, np.zeros(gamma.size), np.zeros((gamma.size, gamma.size))
    with np.errstate(over="ignore", invalid="ignore"):  # of a step too far, which is taken back
        for rows in blocks(y.size):
            part = design[rows]
            mu = family.mean(offset[rows] + part @ gamma)
            weight = np.maximum(family.weight(mu), 1e-300)
            deviance += family.deviance(y[rows], mu)
            slope += part.T @ (weight * ((y[rows] - mu) / np.maximum(family.slope(mu), 1e-300)))
            bend += part.T @ (part * weight[:, None])
    return _Likelihood(deviance, slope, bend)


def _climb(design: Floats, y: Floats, family: Family, gamma: Floats, offset: Floats) -> tuple[Floats, float]:
    """Return the coefficients at the top of the likelihood and the deviance there."""
    here = _look(design, y, family, gamma, offset)
    before = np.inf
    for _ in range(MOST_STEPS):
        step = _step(here, design, family, gamma, offset)
        length = 1.0
        while True:
            trial = gamma + length * step
            there = _look(design, y, family, trial, offset)
            if np.isfinite(there.deviance) and there.deviance <= here.deviance * (1.0 + 1e-12) + 1e-12:
                break
            length /= 2.0
            if length < 1e-10:
                if float(here.slope @ step) > STUCK * (here.deviance + 0.1):
                    raise NoMaximum  # it rises on, yet no step of that direction leads up
                return gamma, here.deviance
        settled = abs(here.deviance - there.deviance) <= SETTLED * (abs(there.deviance) + 0.1)
        size = float(np.max(np.abs(length * step))) / (1.0 + float(np.max(np.abs(trial))))
        gamma, here = trial, there
        # Where the link is not the natural one steps shrink slowly; they end when only rounding is left.
        if settled and size < SMALL_STEP and (size < ROUNDING or size > before / 2.0):
            return gamma, here.deviance
        before = size
    raise NoMaximum


def _step(here: _Likelihood, design: Floats, family: Family, gamma: Floats, offset: Floats) -> Floats:
    """Give the Newton step. How exactly it is solved decides how many are needed, not where they end."""
    r = _root(here.bend)
    if r is None:
        weight = np.empty(offset.size)
        for rows in blocks(offset.size):
            weight[rows] = np.maximum(family.weight(family.mean(offset[rows] + design[rows] @ gamma)), 1e-300)
        r = triangle(design, weight)
    if bool(np.any(np.abs(np.diag(r)) < 1e-10 * np.max(np.abs(np.diag(r))))):
        raise NoMaximum
    step: Floats = np.linalg.solve(r, np.linalg.solve(r.T, here.slope))
    return step


def _root(bend: Floats) -> Floats | None:
    """Give the triangle whose square is `bend`, None where its columns are too close to each other."""
    size = np.sqrt(np.diag(bend))
    if not bool(np.all(np.isfinite(size)) and np.all(size > 0.0)):
        return None
    try:
        lower = np.linalg.cholesky(bend / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    root: Floats = lower.T * size
    return root if float(np.min(np.diag(lower))) > CLOSE else None


def separates(columns: Sequence[Floats], y: Floats, model: GeneralModel | None) -> int | None:
    """Return the place of a column that takes part in separating a yes/no outcome, or None.

    A linear programme looks for a direction in which every row is told right or lies on the border
    (Konis 2007); where the design is too large for it, fitted probabilities of 0 and 1 decide.
    """
    design = _design(columns).columns
    if model is not None and not _extreme(model):
        return None
    if design.size > MOST_CELLS:
        return int(np.argmax(np.abs(design[:, 1:].T @ (y - y.mean()))))
    signed = design * (2.0 * y - 1.0)[:, None]
    found = optimize.linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(y.size), bounds=(-1.0, 1.0), method="highs"
    )
    if found.status != 0 or -found.fun < 1e-6:
        return None
    return int(np.argmax(np.abs(found.x[1:])))


def _extreme(model: GeneralModel) -> bool:
    return bool(np.any(model.fitted < 1e-6) or np.any(model.fitted > 1.0 - 1e-6))


def profile_interval(
    columns: Sequence[Floats], y: Floats, family: Family, model: GeneralModel, *, place: int, level: float
) -> tuple[float | None, float | None]:
    """Give the limits of a coefficient at which the deviance has risen by the quantile of chi2.

    The other coefficients are fitted anew at each value; `place` counts from 1, after the intercept. A limit
    is None where the deviance never rises so far. Equal to R's `confint(glm(...))`.
    """
    design = _design(columns)
    unit = float(design.back[place, place])
    others = np.delete(design.columns, place, axis=1)
    own = design.columns[:, place]
    start = np.linalg.solve(design.back, model.coefficients)
    target = model.deviance + float(special.chdtri(1.0, 1.0 - level))
    error = float(model.errors[place]) / unit
    limits: list[float | None] = []
    for side in (-1.0, 1.0):
        warm = [np.delete(start, place)]

        def rise(value: float, warm: list[Floats] = warm) -> float:
            if value == start[place]:
                return model.deviance - target
            warm[0], deviance = _climb(others, y, family, warm[0], own * value)
            return deviance - target

        limits.append(_crossing(rise, float(start[place]), side * error, unit))
    return limits[0], limits[1]


class _Rise(Protocol):
    def __call__(self, value: float, /) -> float: ...


def _crossing(rise: _Rise, centre: float, step: float, unit: float) -> float | None:
    far = centre + 2.0 * step
    try:
        for _ in range(12):
            if rise(far) > 0.0:
                return float(optimize.brentq(rise, centre, far, xtol=1e-13, rtol=1e-14)) * unit
            far = centre + (far - centre) * 1.6
    except NoMaximum:
        return None
    return None


def fit_negative_binomial(columns: Sequence[Floats], y: Floats) -> tuple[GeneralModel, NegativeBinomial]:
    """Fit counts that spread more than a Poisson's, theta and the coefficients in turn (`MASS::glm.nb`).

    Raises
    ------
    NoMaximum
        The counts do not spread more.
    """
    mean = float(y.mean())
    excess = float(y.var()) - mean
    theta = mean * mean / excess if excess > 0.0 else 10.0
    design, nowhere, near = _independent(columns), np.zeros(y.size), 1.0
    gamma = _from_start(design, y, Poisson())
    for _ in range(200):
        mu = Poisson().mean(design.columns @ gamma)
        family = NegativeBinomial(dispersion(y, mu, theta, near=near))
        gamma, _ = _climb(design.columns, y, family, gamma, nowhere)
        change = abs(family.theta - theta) / theta
        theta, near = family.theta, min(1.0, max(2.0 * change, 1e-9))
        if change <= SETTLED:
            break
    return _model(design, y, family, gamma), family
