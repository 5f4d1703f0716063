"""How far a sample is from a normal distribution: its third and fourth moments, and tests."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from jobs.analysis.numerics.moments import moments

Floats = NDArray[np.float64]

# Anderson and Darling's statistic of a sample of eight values and more, by D'Agostino & Stephens 1986,
# table 4.9: up to each limit p is exp(a + b A + c A^2), below the first two limits 1 minus that.
_PIECES = (
    (0.2, -13.436, 101.14, -223.73),
    (0.34, -8.318, 42.796, -59.938),
    (0.6, 0.9177, -4.279, -1.38),
    (10.0, 1.2937, -5.709, 0.0186),
)
_SMALLEST = 3.7e-24  # where the last piece ends


@dataclass(frozen=True)
class Moments34:
    """Skewness G1 and excess kurtosis G2 with their standard errors under normality."""

    skewness: float
    skewness_error: float
    kurtosis: float
    kurtosis_error: float


def standard_units(values: Floats) -> Floats:
    """Give values in standard deviations from their mean."""
    found = moments(values)
    scaled: Floats = (values - found.centre - found.offset) / found.sd
    return scaled


def third_and_fourth(values: Floats) -> Moments34:
    """Give the adjusted skewness and excess kurtosis of at least four values that differ.

    References
    ----------
    Joanes & Gill (1998), The Statistician 47, 183-189; equal to R's `e1071::skewness(x, type = 2)` and
    `e1071::kurtosis(x, type = 2)`. Errors: Fisher (1930), as Cramer (1946) gives them.
    """
    z, n = standard_units(values), float(values.size)
    squares = z * z
    m2, m3, m4 = float(np.mean(squares)), float(np.mean(squares * z)), float(np.mean(squares * squares))
    skewness = m3 / m2**1.5 * np.sqrt(n * (n - 1.0)) / (n - 2.0)
    kurtosis = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (m4 / m2**2 - 3.0) + 6.0)
    error = np.sqrt(6.0 * n * (n - 1.0) / ((n - 2.0) * (n + 1.0) * (n + 3.0)))
    wider = 2.0 * error * np.sqrt((n * n - 1.0) / ((n - 3.0) * (n + 5.0)))
    return Moments34(float(skewness), float(error), float(kurtosis), float(wider))


def anderson_darling(values: Floats) -> tuple[float, float]:
    """Give A2 and p of Anderson and Darling's test of normality with mean and variance estimated.

    Parameters
    ----------
    values : (n,) float array, n at least 8, not all equal

    References
    ----------
    Anderson & Darling (1954); Stephens (1986) in D'Agostino & Stephens, Goodness-of-Fit Techniques. Equal
    to R's `nortest::ad.test`.
    """
    z = np.sort(standard_units(values))
    n = z.size
    weights = 2.0 * np.arange(1, n + 1) - 1.0
    statistic = -n - float(np.mean(weights * (special.log_ndtr(z) + special.log_ndtr(-z[::-1]))))
    adjusted = statistic * (1.0 + 0.75 / n + 2.25 / n**2)
    for place, (limit, a, b, c) in enumerate(_PIECES):
        if adjusted < limit:
            p = float(np.exp(a + b * adjusted + c * adjusted**2))
            return statistic, 1.0 - p if place < 2 else p
    return statistic, _SMALLEST


def dagostino_pearson(values: Floats) -> tuple[float, float]:
    """Give K2 and p of the test of skewness and kurtosis together; n at least 20.

    References
    ----------
    D'Agostino, Belanger & D'Agostino (1990), The American Statistician 44, 316-321.
    """
    found = stats.normaltest(standard_units(values))
    return float(found.statistic), float(found.pvalue)


def quantile_distance(values: Floats) -> float:
    """Give the mean distance of sorted values from normal quantiles at (i - 0.5) / n, in standard deviations.

    It is the distance in a QQ plot: of 50 normal values about 0.1, of values of a uniform distribution 0.16.
    """
    z = np.sort(standard_units(values))
    return float(np.mean(np.abs(z - special.ndtri((np.arange(z.size) + 0.5) / z.size))))


def order_band(places: NDArray[np.intp], n: int, level: float) -> tuple[Floats, Floats]:
    """Give where the values at 0-based `places` of n sorted standard normal values lie, each by itself.

    The i-th of n uniform values follows a beta distribution.
    """
    i = places + 1.0
    tail = (1.0 - level) / 2.0
    low, high = (special.ndtri(special.betaincinv(i, n + 1.0 - i, p)) for p in (tail, 1.0 - tail))
    return low, high
