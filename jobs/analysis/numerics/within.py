"""Several measures of the same rows: the F test within rows, its correction, and Friedman's test of ranks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.numerics.blocks import checkpoint

Floats = NDArray[np.float64]

MOST_PATTERNS = 20_000  # of ranks, of which a bootstrap draws how often each occurs


@dataclass(frozen=True)
class Within:
    """Squared deviations between measures and left over, rows taken away."""

    between: float
    error: float
    df: int
    df_error: int
    epsilon: float  # Greenhouse and Geisser's, 1 where all differences spread alike

    @property
    def statistic(self) -> float:
        """Fisher's F."""
        return (self.between / self.df) / (self.error / self.df_error)

    @property
    def pvalue(self) -> float:
        """The p-value with degrees of freedom times epsilon."""
        df, df_error = self.df * self.epsilon, self.df_error * self.epsilon
        return float(special.fdtrc(df, df_error, self.statistic))

    @property
    def partial_eta_squared(self) -> float:
        """Share of what varies within rows that lies between the measures."""
        return self.between / (self.between + self.error)


def within(values: Floats) -> Within:
    """Split what varies within rows (R's `anova(lm(m ~ 1), X = ~1, test = "Spherical")`).

    Parameters
    ----------
    values : (n, k) float array, n at least 2, k at least 2

    References
    ----------
    Greenhouse & Geisser (1959), Psychometrika 24, 95-112.
    """
    n, k = values.shape
    # Taking a row's own mean away first keeps rows of very different height from costing digits.
    rows = values - values.mean(axis=1, keepdims=True)
    means = rows.mean(axis=0)
    rest = rows - means
    covariance = rest.T @ rest
    trace = float(np.trace(covariance))
    epsilon = trace * trace / ((k - 1) * float(np.sum(covariance * covariance))) if trace > 0 else 1.0
    return Within(
        between=float(n * np.dot(means, means)),
        error=trace,
        df=k - 1,
        df_error=(n - 1) * (k - 1),
        epsilon=min(1.0, max(1.0 / (k - 1), epsilon)),
    )


def mauchly(values: Floats) -> tuple[float, float] | None:
    """Give Mauchly's W and its p-value (R's `mauchly.test(lm(m ~ 1), X = ~1)`); None with too few rows.

    References
    ----------
    Mauchly (1940), Ann. Math. Stat. 11, 204-209; the p-value by Box's expansion to the second term.
    """
    n, k = values.shape
    p, df = k - 1, n - 1
    if p < 2 or df <= p:
        return None
    contrasts = np.linalg.qr(np.column_stack([np.ones(k), np.eye(k)[:, 1:]]))[0][:, 1:]
    deviations = (values - values.mean(axis=1, keepdims=True)) @ contrasts
    deviations -= deviations.mean(axis=0)
    scatter = deviations.T @ deviations
    spreads = np.linalg.eigvalsh(scatter)
    if spreads[0] <= n * k * float(np.finfo(float).eps) * spreads[-1]:
        return None  # differences that follow from each other: what is left is rounding
    log_w = float(np.sum(np.log(spreads)) - p * np.log(np.trace(scatter) / p))
    rho = 1.0 - (2.0 * p * p + p + 2.0) / (6.0 * p * df)
    # As in R, where the last but one term takes the number of measures.
    term = (p + 2.0) * (p - 1.0) * (p - 2.0) * (2.0 * p**3 + 6.0 * p**2 + 3.0 * k + 2.0)
    weight = term / (288.0 * (df * p * rho) ** 2)
    z, f = -df * rho * log_w, p * (p + 1.0) / 2.0 - 1.0
    first, second = special.chdtrc(f, z), special.chdtrc(f + 4.0, z)
    return float(np.exp(log_w)), float(min(1.0, max(0.0, first + weight * (second - first))))


@dataclass(frozen=True)
class Friedman:
    """Friedman's chi2 of the ranks within rows, the mean rank of each measure, and Kendall's W."""

    statistic: float
    df: int
    pvalue: float
    mean_ranks: tuple[float, ...]
    concordance: float
    ranks: Floats  # (n, k)


def friedman(values: Floats) -> Friedman | None:
    """Test whether measures differ by their ranks within rows (R's `friedman.test(m)`); None if all are tied.

    References
    ----------
    Friedman (1937), JASA 32, 675-701; Kendall & Smith (1939), Ann. Math. Stat. 10, 275-287.
    """
    n, k = values.shape
    ranks = _ranks_within(values)
    found = _statistic(ranks, np.ones(n))
    if found is None:
        return None
    mean_ranks = tuple(float(mean) for mean in ranks.mean(axis=0))
    return Friedman(
        found, k - 1, float(special.chdtrc(k - 1, found)), mean_ranks, min(1.0, found / (n * (k - 1))), ranks
    )


def _ranks_within(values: Floats) -> Floats:
    smaller = np.zeros(values.shape)
    for column in range(values.shape[1]):
        checkpoint()
        own = values[:, column : column + 1]
        smaller[:, column] = (values < own).sum(axis=1) + ((values == own).sum(axis=1) + 1.0) / 2.0
    return smaller


def _statistic(ranks: Floats, weights: Floats) -> float | None:
    """Give Friedman's chi2 where row i stands `weights[i]` times."""
    n, k = float(weights.sum()), ranks.shape[1]
    sums = weights @ ranks
    spread = float(np.sum((sums - n * (k + 1.0) / 2.0) ** 2))
    ties = float(np.dot(weights, _tie_sums(ranks)))
    scale = n * k * (k + 1.0) - ties / (k - 1.0)
    return 12.0 * spread / scale if scale > 1e-9 * n else None


def _tie_sums(ranks: Floats) -> Floats:
    """Sum t**3 - t over the runs of equal ranks in each row: t**2 - 1 for each of the t."""
    found = np.zeros(ranks.shape[0])
    for column in range(ranks.shape[1]):
        checkpoint()
        found += (ranks == ranks[:, column : column + 1]).sum(axis=1) ** 2 - 1.0
    return found


def _patterns(ranks: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Give the different rows of ranks in order, and how often each occurs.

    Ranks are multiples of a half up to k, so that a row of ten is one whole number.
    """
    base = 2 * ranks.shape[1] + 1
    keys = np.zeros(ranks.shape[0], dtype=np.int64)
    for column in ranks.T:
        checkpoint()
        keys = keys * base + np.rint(2.0 * column).astype(np.int64)
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return ranks[first], counts.astype(np.int64)


def concordance_interval(ranks: Floats, *, level: float, draws: int, seed: int) -> tuple[float, float] | None:
    """Give the percentile bootstrap interval of Kendall's W, rows drawn; None with too many patterns."""
    patterns, counts = _patterns(ranks)
    if len(patterns) > MOST_PATTERNS:
        return None
    n, k = int(counts.sum()), ranks.shape[1]
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, counts / n, size=draws).astype(np.float64)
    sums = drawn @ patterns
    ties = drawn @ _tie_sums(patterns)
    scale = n * k * (k + 1.0) - ties / (k - 1.0)
    spread = np.sum((sums - n * (k + 1.0) / 2.0) ** 2, axis=1)
    found = np.where(scale > 1e-9 * n, 12.0 * spread / np.maximum(scale, 1e-300) / (n * (k - 1.0)), 0.0)
    low, high = np.quantile(found, ((1.0 - level) / 2.0, (1.0 + level) / 2.0))
    return float(low), float(min(1.0, high))
