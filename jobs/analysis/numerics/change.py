"""Change over time: Theil-Sen's slope, Mann-Kendall with and without autocorrelation, Newey-West, seasons."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.means import t_quantile, t_two_sided
from jobs.analysis.numerics.moments import moments
from jobs.analysis.numerics.ranks import average_ranks

Floats = NDArray[np.float64]

FAR = 1e6  # ranges from zero


@dataclass(frozen=True)
class Kendall:
    """Mann-Kendall's S; `factor` is what autocorrelation makes of its variance, 1 where there is none."""

    s: float
    variance: float
    factor: float

    @property
    def spread(self) -> float:
        """Variance of S with the correction, where there is a positive one."""
        return self.variance * (self.factor if self.factor > 0.0 else 1.0)

    def z(self, *, corrected: bool) -> float:
        """Give S as a standard normal deviate, with a correction for continuity."""
        if self.s == 0.0:
            return 0.0
        return float((self.s - np.sign(self.s)) / np.sqrt(self.spread if corrected else self.variance))


@dataclass(frozen=True)
class SteadyLine:
    """The least-squares line with errors that hold for autocorrelated residuals."""

    intercept: float
    slope: float
    low: float
    high: float
    statistic: float
    pvalue: float
    lags: int
    autocorrelation: float  # of neighbouring residuals
    df: float


def two_sided(z: float) -> float:
    """Give the two-sided p-value of a standard normal deviate."""
    return min(1.0, 2.0 * float(special.ndtr(-abs(z))))


def from_near(values: Floats) -> Floats:
    """Return values less the first where they are more than a million ranges from zero, else as they are.

    The subtraction is exact (Sterbenz 1974), so that lines through numbers near 10^15 lose no digits.
    """
    far = float(np.abs(values).max()) > FAR * float(np.ptp(values))
    return values - values[0] if far else values


def mann_kendall(t: Floats, y: Floats) -> Kendall:
    """Test whether y rises or falls with its place.

    Parameters
    ----------
    t, y : (n,) float arrays in the order of time, n at least 4, y not constant

    References
    ----------
    Mann (1945), Econometrica 13, 245-259; Hamed & Rao (1998), J. Hydrology 204, 182-196: the ranks of what
    Theil-Sen's line leaves, at the lags where they are autocorrelated.
    """
    n = y.size
    s = sum(float(np.sum(np.sign(y[i + 1 :] - y[i]))) for i in range(n - 1))
    ties = np.unique(y, return_counts=True)[1].astype(np.float64)
    spread = n * (n - 1.0) * (2.0 * n + 5.0) - float(np.sum(ties * (ties - 1.0) * (2.0 * ties + 5.0)))
    rho = autocorrelations(average_ranks(from_near(y) - theil_sen(t, y) * t)[0])
    kept = np.abs(rho) > float(special.ndtri(0.975)) / np.sqrt(n)
    lag = np.arange(1.0, n)
    terms = (n - lag) * (n - lag - 1.0) * (n - lag - 2.0) * rho
    factor = 1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * float(np.sum(terms[kept]))
    return Kendall(s, spread / 18.0, factor)


def autocorrelations(values: Floats) -> Floats:
    """Correlate a series with itself at lags 1 to n - 1 (R's `acf`)."""
    centred = values - values.mean()
    total = float(np.dot(centred, centred))
    if total == 0.0:
        return np.zeros(values.size - 1)
    found: Floats = np.correlate(centred, centred, "full")[values.size :] / total
    return found


def _slopes(t: Floats, y: Floats) -> Floats:
    i, j = np.triu_indices(t.size, 1)
    run = t[j] - t[i]
    apart = run != 0.0
    found: Floats = np.sort((y[j] - y[i])[apart] / run[apart])
    return found


def theil_sen(t: Floats, y: Floats) -> float:
    """Give the median of the slopes between all pairs of points."""
    return float(np.median(_slopes(t, y)))


def sen_interval(t: Floats, y: Floats, variance: float, level: float) -> tuple[float, float]:
    """Give the limits of Theil-Sen's slope by the variance of Kendall's S.

    References
    ----------
    Sen (1968), JASA 63, 1379-1389.
    """
    return limits_of(_slopes(t, y), variance, level)


def limits_of(slopes: Floats, variance: float, level: float) -> tuple[float, float]:
    """Give the limits of the median of `slopes`, which rise, by the variance of Kendall's S (see above)."""
    n = slopes.size
    reach = float(special.ndtri((1.0 + level) / 2.0)) * float(np.sqrt(variance))
    low, high = round((n - reach) / 2.0), round((n + reach) / 2.0 + 1.0)
    return float(slopes[max(1, low) - 1]), float(slopes[min(n, high) - 1])


def steady_line(t: Floats, y: Floats, *, level: float, season: int = 1) -> SteadyLine:
    """Fit a line whose errors hold for unequal spread and autocorrelation.

    With a `season` of several points a cycle, each place of the season has a mean of its own (R's
    `lm(y ~ t + factor(place))`).

    References
    ----------
    Newey & West (1987), Econometrica 55, 703-708: Bartlett weights, floor(4 (n / 100)^(2/9)) lags, and
    n / (n - 2) for small samples.
    """
    n, middle = t.size, float(y.mean())
    centred, beyond = _within(t, season), _within(from_near(y), season)
    squares, df = float(np.dot(centred, centred)), n - 1 - season
    slope = float(np.dot(centred, beyond)) / squares
    residuals = beyond - slope * centred
    scores = centred * residuals
    lags = int(np.floor(4.0 * (n / 100.0) ** (2.0 / 9.0)))
    meat = float(np.dot(scores, scores))
    for lag in range(1, lags + 1):
        meat += 2.0 * (1.0 - lag / (lags + 1.0)) * float(np.dot(scores[lag:], scores[:-lag]))
    error = float(np.sqrt(meat * n / df)) / squares
    reach = t_quantile(df, level) * error
    statistic = slope / error if error > 0.0 else float("inf")
    return SteadyLine(
        intercept=middle - slope * moments(t).mean,
        slope=slope,
        low=slope - reach,
        high=slope + reach,
        statistic=statistic,
        pvalue=t_two_sided(statistic, df),
        lags=lags,
        autocorrelation=float(autocorrelations(residuals)[0]),
        df=float(df),
    )


def _within(values: Floats, season: int) -> Floats:
    """Take from each value the mean of its place in the season."""
    found = np.empty_like(values)
    for place in range(season):
        found[place::season] = values[place::season] - moments(values[place::season]).mean
    return found


def seasonal_strength(y: Floats, season: int) -> float | None:
    """Give the share of what the trend leaves that a fixed season explains; None for less than two cycles.

    References
    ----------
    Wang, Smith & Hyndman (2006), Data Min. Knowl. Disc. 13, 335-364, on the classical decomposition
    (R's `decompose`).
    """
    if y.size < 2 * season + 1:
        return None
    weights = np.full(season, 1.0 / season)
    if season % 2 == 0:
        weights = np.concatenate([[0.5], np.ones(season - 1), [0.5]]) / season
    trend = np.convolve(y, weights, "valid")
    first = (weights.size - 1) // 2
    rest = y[first : first + trend.size] - trend
    places = (np.arange(trend.size) + first) % season
    means = np.array([rest[places == place].mean() for place in range(season)])
    seasonal = (means - means.mean())[places]
    whole = float(rest.var(ddof=1))
    if whole == 0.0:
        return None
    return max(0.0, 1.0 - float((rest - seasonal).var(ddof=1)) / whole)
