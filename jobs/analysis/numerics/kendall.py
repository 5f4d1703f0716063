"""Kendall's tau-b: the share of concordant over discordant pairs, for few rows with ties."""

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from jobs.analysis.numerics.correlation import Correlation

Floats = NDArray[np.float64]

EXACT_BELOW = 50  # rows without ties, as in R
SPREAD = 0.437  # of Fisher's z of tau, times n - 4


def kendall(x: Floats, y: Floats) -> Correlation:
    """Correlate the order of two numbers (R's `cor.test(x, y, method = "kendall")`).

    The p-value is exact below 50 rows without ties, else normal with the variance that ties leave.
    """
    ties = np.unique(x).size < x.size or np.unique(y).size < y.size
    exact = x.size < EXACT_BELOW and not ties
    found = stats.kendalltau(x, y, method="exact" if exact else "asymptotic")
    return Correlation(float(found.statistic), float(found.statistic), float(found.pvalue), exact=exact)


def tau_interval(tau: float, n: int, level: float) -> tuple[float, float] | None:
    """Give the Fisher z interval of tau with the error sqrt(0.437 / (n - 4)); None for fewer than five rows.

    References
    ----------
    Fieller, Hartley & Pearson (1957), Biometrika 44, 470-481.
    """
    if n < 5 or abs(tau) >= 1.0:
        return None
    reach = float(special.ndtri((1.0 + level) / 2.0)) * float(np.sqrt(SPREAD / (n - 4.0)))
    z = float(np.arctanh(tau))
    return float(np.tanh(z - reach)), float(np.tanh(z + reach))
