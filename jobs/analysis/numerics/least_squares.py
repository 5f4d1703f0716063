"""Least squares that survive badly scaled columns: centre, scale, QR, one step of refinement."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.numerics.blocks import decomposed
from jobs.analysis.numerics.means import t_quantile
from jobs.analysis.numerics.moments import moments

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """A linear model with an intercept; `squares` of residuals, `total` of deviations from the mean."""

    intercept: float
    slopes: tuple[float, ...]
    residuals: Floats
    squares: float
    total: float

    @property
    def r_squared(self) -> float:
        """Share of the squared deviations that the model takes away."""
        return max(0.0, 1.0 - self.squares / self.total)


def fit(columns: Sequence[Floats], y: Floats) -> Fit:
    """Fit y on the columns and an intercept (R's `lm`).

    Parameters
    ----------
    columns : (n,) float arrays, none constant, not linearly dependent
    y : (n,) float array, not constant
    """
    n = y.size
    centred, scales, means = [], [], []
    for values in columns:
        found = moments(values)
        means.append(found.mean)
        scales.append(float(np.sqrt(found.squares)))
        centred.append((values - found.mean) / scales[-1])
    design = np.column_stack([np.full(n, 1.0 / np.sqrt(n)), *centred])
    target = moments(y)
    scale = float(np.sqrt(target.squares))
    response = (y - target.mean) / scale
    q, r = decomposed(design)
    coefficients = np.linalg.solve(r, q.T @ response)
    residuals = response - design @ coefficients
    correction = np.linalg.solve(r, q.T @ residuals)
    coefficients = coefficients + correction
    residuals = response - design @ coefficients
    slopes = coefficients[1:] * scale / np.array(scales)
    intercept = target.mean + scale * float(coefficients[0]) / np.sqrt(n) - float(np.dot(slopes, means))
    return Fit(
        intercept=float(intercept),
        slopes=tuple(float(slope) for slope in slopes),
        residuals=residuals * scale,
        squares=float(np.dot(residuals, residuals)) * target.squares,
        total=target.squares,
    )


def hc3_error(x: Floats, residuals: Floats) -> float | None:
    """Give the HC3 standard error of the slope of a line; None where one point alone decides the slope.

    References
    ----------
    MacKinnon & White (1985), J. Econometrics 29, 305-325. Equal to R's `car::hccm(lm(y ~ x), type = "hc3")`.
    """
    found = moments(x)
    centred = (x - found.mean) / np.sqrt(found.squares)
    room = 1.0 - 1.0 / x.size - centred * centred  # one minus the leverage
    if bool(np.any(room < 1e-12)):
        return None
    shares = centred * residuals / room
    return float(np.sqrt(np.dot(shares, shares)) / np.sqrt(found.squares))


def slope_interval(slope: float, error: float, n: int, level: float) -> tuple[float, float]:
    """Give the t interval of a slope with n - 2 degrees of freedom."""
    reach = t_quantile(n - 2, level) * error
    return slope - reach, slope + reach
