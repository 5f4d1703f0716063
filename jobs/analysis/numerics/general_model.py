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

from jobs.analysis.numerics.families import Family, NegativeBinomial, Poisson
from jobs.analysis.numerics.linear_model import DEPENDENT, DependentColumns
from jobs.analysis.numerics.moments import moments

Floats = NDArray[np.float64]

MOST_STEPS = 100
SETTLED = 1e-13  # relative change of the deviance
SMALL_STEP, ROUNDING = 1e-9, 1e-15  # beside the coefficients in standard units
MOST_CELLS = 5_000_000  # of a design whose separation is settled by linear programming


class NoMaximum(ValueError):
    """The likelihood rises for ever: coefficients would be infinite."""


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
        found = moments(values)
        spread = float(np.sqrt(found.squares / n))
        design[:, place] = (values - found.mean) / spread
        back[place, place], back[0, place] = 1.0 / spread, -found.mean / spread
    r = np.linalg.qr(design / np.sqrt(n), mode="r")
    small = np.flatnonzero(np.abs(np.diag(r)) < DEPENDENT)
    if small.size:
        raise DependentColumns(int(small[0]) - 1)
    return _Design(design, back)


def fit_general(columns: Sequence[Floats], y: Floats, family: Family) -> GeneralModel:
    """Fit y on the columns and an intercept by maximum likelihood (R's `glm`).

    Raises
    ------
    DependentColumns
        A column is determined by the others.
    NoMaximum
        The columns separate the outcome, so that a coefficient is infinite.
    """
    design = _design(columns)
    gamma = np.zeros(design.columns.shape[1])
    gamma[0] = family.start(y)
    gamma = _climb(design.columns, y, family, gamma, np.zeros(y.size))
    return _model(design, y, family, gamma)


def _model(design: _Design, y: Floats, family: Family, gamma: Floats) -> GeneralModel:
    mu = family.mean(design.columns @ gamma)
    weight = family.weight(mu)
    half = design.back @ np.linalg.inv(np.linalg.qr(design.columns * np.sqrt(weight)[:, None], mode="r"))
    variance = family.slope(mu) ** 2 / weight
    pearson = float(np.sum((y - mu) ** 2 / variance)) / (y.size - gamma.size)
    coefficients: Floats = design.back @ gamma
    return GeneralModel(
        coefficients, half @ half.T, mu, family.deviance(y, mu), family.log_likelihood(y, mu), pearson
    )


def _climb(design: Floats, y: Floats, family: Family, gamma: Floats, offset: Floats) -> Floats:
    """Return the coefficients at the top of the likelihood, `offset` being added to the linear predictor."""
    deviance = family.deviance(y, family.mean(offset + design @ gamma))
    before = np.inf
    for _ in range(MOST_STEPS):
        step = _step(design, y, family, gamma, offset)
        length = 1.0
        while True:
            trial = gamma + length * step
            found = family.deviance(y, family.mean(offset + design @ trial))
            if np.isfinite(found) and found <= deviance * (1.0 + 1e-12) + 1e-12:
                break
            length /= 2.0
            if length < 1e-10:
                return gamma
        settled = abs(deviance - found) <= SETTLED * (abs(found) + 0.1)
        size = float(np.max(np.abs(length * step))) / (1.0 + float(np.max(np.abs(trial))))
        gamma, deviance = trial, found
        # Where the link is not the natural one steps shrink slowly; they end when only rounding is left.
        if settled and size < SMALL_STEP and (size < ROUNDING or size > before / 2.0):
            return gamma
        before = size
    raise NoMaximum


def _step(design: Floats, y: Floats, family: Family, gamma: Floats, offset: Floats) -> Floats:
    mu = family.mean(offset + design @ gamma)
    weight = np.maximum(family.weight(mu), 1e-300)
    root = np.sqrt(weight)
    working = (y - mu) / np.maximum(family.slope(mu), 1e-300)
    q, r = np.linalg.qr(design * root[:, None])
    if bool(np.any(np.abs(np.diag(r)) < 1e-10 * np.max(np.abs(np.diag(r))))):
        raise NoMaximum
    step: Floats = np.linalg.solve(r, q.T @ (root * working))
    return step


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
            warm[0] = _climb(others, y, family, warm[0], own * value)
            return family.deviance(y, family.mean(own * value + others @ warm[0])) - target

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


def dispersion(y: Floats, mu: Floats, start: float) -> float:
    """Give the theta of a negative binomial at which the likelihood of `y` about `mu` is largest.

    Raises
    ------
    NoMaximum
        The counts spread no more than a Poisson's, so that theta is infinite.
    """

    def score(logarithm: float) -> float:
        t = float(np.exp(logarithm))
        terms = special.digamma(y + t) - special.digamma(t) + np.log(t) + 1.0 - np.log(t + mu)
        return float(np.sum(terms - (y + t) / (mu + t)))

    low, high = np.log(start) - 1.0, np.log(start) + 1.0
    while score(low) < 0.0 and low > -15.0:
        low -= 1.0
    while score(high) > 0.0 and high < 15.0:
        high += 1.0
    if score(low) < 0.0 or score(high) > 0.0:
        raise NoMaximum
    return float(np.exp(optimize.brentq(score, low, high, xtol=1e-14, rtol=1e-14)))


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
    model = fit_general(columns, y, Poisson())
    for _ in range(200):
        family = NegativeBinomial(dispersion(y, model.fitted, theta))
        model = fit_general(columns, y, family)
        if abs(family.theta - theta) <= 1e-13 * theta:
            break
        theta = family.theta
    return model, family


def area_under_curve(y: Floats, score: Floats, level: float) -> tuple[float, float, float]:
    """Give the chance that a row with 1 has the higher score than one with 0, and its limits.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845, by midranks (Sun & Xu 2014).
    """
    events, others = score[y == 1.0], score[y == 0.0]
    n, m = events.size, others.size
    all_ranks = _midranks(np.concatenate([events, others]))
    above = (all_ranks[:n] - _midranks(events)) / m
    below = 1.0 - (all_ranks[n:] - _midranks(others)) / n
    auc = float(above.mean())
    variance = (above.var(ddof=1) / n if n > 1 else 0.0) + (below.var(ddof=1) / m if m > 1 else 0.0)
    reach = float(special.ndtri((1.0 + level) / 2.0)) * float(np.sqrt(variance))
    return auc, max(0.0, auc - reach), min(1.0, auc + reach)


def _midranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    upper = np.cumsum(counts)
    ranks: Floats = (upper - (counts - 1) / 2.0)[inverse]
    return ranks
