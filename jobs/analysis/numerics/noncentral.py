"""Confidence limits of a noncentrality parameter: the noncentral distributions, turned inside out.

Each function gives the two noncentralities under which the observed statistic is the upper and the lower tail
quantile. The limits of Cohen's d, of shares of variance and of Cramer's V are made of them, as in effectsize.
"""

from collections.abc import Callable

import numpy as np
from scipy import optimize, special

# Where the effect is so many times its error, the noncentral series no longer converges. There the estimated
# spread (its chi2 distribution) and the effect itself (normal) are uncertain side by side, to seven digits.
_MANY_ERRORS = 1e5
_MANY_SPREADS = 3000.0


def _far_out(t: float, df: float) -> bool:
    return t > _MANY_ERRORS or t > _MANY_SPREADS * float(np.sqrt(2.0 * df))


def _far_limits(t: float, df: float, level: float) -> tuple[float, float]:
    low, high = t * np.sqrt(special.chdtri(df, [(1.0 + level) / 2.0, (1.0 - level) / 2.0]) / df)
    z = special.ndtri((1.0 + level) / 2.0)
    return float(t - np.hypot(t - low, z)), float(t + np.hypot(high - t, z))


def t_limits(t: float, df: float, level: float) -> tuple[float, float]:
    """Give the limits of the noncentrality of Student's t, either sign.

    References
    ----------
    Steiger & Fouladi (1997), in What if there were no significance tests?, 221-257.
    """
    if t < 0:
        low, high = t_limits(-t, df, level)
        return -high, -low
    if _far_out(t, df):
        return _far_limits(t, df, level)

    def below(ncp: float) -> float:
        found = float(special.nctdtr(df, ncp, t))
        if np.isnan(found):  # the series gives up far out in a tail
            return 0.0 if ncp > t else 1.0
        return found

    reach = 10.0 + 10.0 * np.sqrt(1.0 + t * t / (2.0 * df))
    return (
        _solve(below, (1.0 + level) / 2.0, t - reach, t),
        _solve(below, (1.0 - level) / 2.0, t - reach, t + reach),
    )


def f_limits(f: float, df: float, df_error: float, level: float) -> tuple[float, float]:
    """Give the limits of the noncentrality of F; 0 where even the central F is too large."""
    root = float(np.sqrt(f * df))
    if _far_out(root, df_error):
        low, high = _far_limits(root, df_error, level)
        return low * low, high * high
    return _positive_limits(lambda ncp: float(special.ncfdtr(df, df_error, ncp, f)), f * df, level)


def chi2_limits(chi2: float, df: float, level: float) -> tuple[float, float]:
    """Give the limits of the noncentrality of chi2; 0 where even the central chi2 is too large."""
    return _positive_limits(lambda ncp: float(special.chndtr(chi2, df, ncp)), chi2, level)


def _positive_limits(below: Callable[[float], float], start: float, level: float) -> tuple[float, float]:
    limits = []
    for target in ((1.0 + level) / 2.0, (1.0 - level) / 2.0):
        high = max(1.0, 2.0 * start)
        while below(high) > target:
            high *= 2.0
        limits.append(0.0 if below(0.0) <= target else _solve(below, target, 0.0, high))
    return limits[0], limits[1]


def _solve(below: Callable[[float], float], target: float, low: float, high: float) -> float:
    while below(low) < target:
        low -= 2.0 * (high - low)
    while below(high) > target:
        high += 2.0 * (high - low)
    return float(optimize.brentq(lambda ncp: below(ncp) - target, low, high, xtol=1e-12, rtol=1e-13))
