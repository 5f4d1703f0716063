"""How much more than a Poisson's counts spread: the theta of a negative binomial."""

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from jobs.analysis.numerics.blocks import blocks

Floats = NDArray[np.float64]


class NoMaximum(ValueError):
    """The likelihood rises for ever: coefficients would be infinite."""


def dispersion(y: Floats, mu: Floats, start: float, *, near: float = 1.0) -> float:
    """Give the theta of a negative binomial at which the likelihood of `y` about `mu` is largest.

    Parameters
    ----------
    start, near : float above 0
        A guess, and how far its logarithm may be off.

    Raises
    ------
    NoMaximum
        The counts spread no more than a Poisson's, so that theta is infinite.
    """
    distinct, counts = np.unique(y, return_counts=True)

    def score(logarithm: float) -> float:
        t = float(np.exp(logarithm))
        total = float(np.dot(counts, special.digamma(distinct + t) - special.digamma(t)))
        for rows in blocks(y.size):
            above = t + mu[rows]
            total += float(np.sum(np.log(t / above) + 1.0 - (y[rows] + t) / above))
        return total

    low, high = np.log(start) - near, np.log(start) + near
    step = near
    while score(low) < 0.0 and low > -15.0:
        low, step = low - step, 2.0 * step
    step = near
    while score(high) > 0.0 and high < 15.0:
        high, step = high + step, 2.0 * step
    if score(low) < 0.0 or score(high) > 0.0:
        raise NoMaximum
    return float(np.exp(optimize.brentq(score, low, high, xtol=1e-14, rtol=1e-14)))
