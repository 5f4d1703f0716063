"""The studentized range distribution by Gauss-Legendre quadrature, for many comparisons at once.

scipy's is slow (minutes for the pairs of 20 groups) and 3e-5 off at many degrees of freedom. This one agrees
with R's `ptukey` to 5e-9 from 10 degrees of freedom on; below, R itself loses digits (1e-4 at 2), while this
one keeps 1e-9 of Student's t for two groups.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import interpolate, optimize, special

Floats = NDArray[np.float64]

_INNER = np.polynomial.legendre.leggauss(112)
_OUTER = np.polynomial.legendre.leggauss(96)
_KNOTS = 16  # of the interpolation of critical values
_MAX_CELLS = 2_000_000  # of the two quadratures together: 16 MB a temporary array


def upper_tail(q: Floats, groups: int, df: Floats) -> Floats:
    """Give P(Q > q) for the range of `groups` means over an independent standard error.

    Parameters
    ----------
    q, df : (m,) float arrays
        Ranges, at least 0, and degrees of freedom of the standard error, above 0.
    groups : int, at least 2

    References
    ----------
    Copenhaver & Holland (1988), J. Stat. Comput. Simul. 30, 1-15. Equal to
    `ptukey(q, groups, df, lower.tail = FALSE)` of R to 5e-9 from 10 degrees of freedom on.
    """
    q, df = np.broadcast_arrays(np.asarray(q, dtype=np.float64), np.asarray(df, dtype=np.float64))
    step = max(1, _MAX_CELLS // (_INNER[0].size * _OUTER[0].size))
    tails = np.empty(q.shape)
    for begin in range(0, q.size, step):
        part = slice(begin, begin + step)
        tails[part] = _averaged(q[part], groups, df[part])
    return np.clip(tails, 0.0, 1.0)


def critical(level: float, groups: int, df: float) -> float:
    """Give the range that is exceeded with probability 1 - level (R's `qtukey(level, groups, df)`)."""

    def excess(log_q: float) -> float:
        found = upper_tail(np.array([np.exp(log_q)]), groups, np.array([df]))[0]
        return float(np.log(max(found, 1e-300) / (1.0 - level)))

    low, high = 0.0, 2.0
    while excess(low) < 0:
        low -= 2.0
    while excess(high) > 0:
        high += 2.0
    return float(np.exp(optimize.brentq(excess, low, high, xtol=1e-10)))


def critical_values(level: float, groups: int, df: Floats) -> Floats:
    """Give `critical` for each of many degrees of freedom, interpolated where there are many."""
    inverse = 1.0 / df
    low, high = float(inverse.min()), float(inverse.max())
    if np.unique(inverse).size <= _KNOTS or high - low < 1e-12:
        exact = {value: critical(level, groups, value) for value in set(df.tolist())}
        return np.array([exact[value] for value in df.tolist()])
    # The logarithm of the range is a smooth function of 1 / df: a polynomial is good to 1e-8.
    knots = 0.5 * (low + high) + 0.5 * (high - low) * np.cos(np.pi * (np.arange(_KNOTS) + 0.5) / _KNOTS)
    ranges = [np.log(critical(level, groups, 1.0 / knot)) for knot in knots]
    found: Floats = np.exp(interpolate.BarycentricInterpolator(knots, ranges)(inverse))
    return found


def _averaged(q: Floats, groups: int, df: Floats) -> Floats:
    """Average the tail over the standard error s, integrating over log s, in which the density is smooth."""
    low = 0.5 * np.log(np.maximum(2.0 * special.gammaincinv(0.5 * df, 1e-24), 1e-290) / df)
    high = 0.5 * np.log(special.chdtri(df, 1e-18) / df)
    # Below this s the tail is 1 to the last digit; what lies there is added as a probability.
    certain = np.maximum(low, np.minimum(np.log(1e-4 / np.maximum(q, 1e-12)), high))
    nodes, weights = _OUTER
    half = 0.5 * (high - certain)[:, None]
    log_s = certain[:, None] + half * (nodes + 1.0)
    shape = 0.5 * df[:, None]
    log_density = np.log(2.0) + shape * np.log(shape) - special.gammaln(shape)
    log_density = log_density + 2.0 * shape * log_s - shape * np.exp(2.0 * log_s)
    tails = _range_tail(q[:, None] * np.exp(log_s), groups)
    rest = special.gammainc(0.5 * df, 0.5 * df * np.exp(2.0 * certain))
    averaged: Floats = np.sum(half * weights * np.exp(log_density) * tails, axis=1) + rest
    return averaged


def _range_tail(width: Floats, groups: int) -> Floats:
    """Give P(range of standard normals > width) as an integral over the largest of them."""
    nodes, weights = _INNER
    low, high = -9.0, np.maximum(9.0, 0.5 * width + 9.0)[..., None]
    half = 0.5 * (high - low)
    z = low + half * (nodes + 1.0)
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    below = special.ndtr(z)
    within = np.minimum(special.ndtr(z - width[..., None]) / below, 1.0)
    # a**m - (a - b)**m without cancellation, a = P(Z < z), b = P(Z < z - width), m = groups - 1
    others = below ** (groups - 1) * -np.expm1((groups - 1) * np.log1p(-np.minimum(within, 1.0 - 1e-16)))
    tail: Floats = groups * np.sum(half * weights * density * others, axis=-1)
    return tail
