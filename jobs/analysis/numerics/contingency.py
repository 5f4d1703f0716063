"""Counts of two categories: chi2, Fisher's exact test, shares, odds, tables with the same margins."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from jobs.analysis.numerics.blocks import checkpoint

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Independence:
    """Pearson's chi2 without continuity correction."""

    statistic: float
    df: int
    pvalue: float
    expected: Floats


def chi_square(counts: Counts) -> Independence:
    """Test independence of rows and columns; no row or column may be empty.

    References
    ----------
    Pearson (1900). Equal to R's `chisq.test(counts, correct = FALSE)`.
    """
    table = counts.astype(np.float64)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(np.sum((table - expected) ** 2 / expected))
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    return Independence(statistic, df, float(special.chdtrc(df, statistic)), expected)


def adjusted_residuals(counts: Counts, expected: Floats) -> Floats:
    """Give (observed - expected) in standard errors (Haberman 1973; `chisq.test(...)$stdres`).

    About 95 % lie within 2 of 0 when the categories are independent.
    """
    table = counts.astype(np.float64)
    n = table.sum()
    rows = 1.0 - table.sum(axis=1, keepdims=True) / n
    columns = 1.0 - table.sum(axis=0, keepdims=True) / n
    residuals: Floats = (table - expected) / np.sqrt(expected * rows * columns)
    return residuals


def fisher_exact(counts: Counts) -> float:
    """Give the two-sided p-value of Fisher's exact test of a 2 x 2 table (R's `fisher.test`)."""
    return min(1.0, float(stats.fisher_exact(counts).pvalue))


def cramers_v(statistic: float, counts: Counts) -> float:
    """Give Cramer's V for a chi2 statistic."""
    return min(1.0, float(np.sqrt(statistic / (counts.sum() * (min(counts.shape) - 1)))))


def corrected_v(statistic: float, counts: Counts) -> float:
    """Give Cramer's V less its bias (Bergsma 2013, J. Korean Stat. Soc. 42, 323-328)."""
    n = float(counts.sum())
    rows, columns = counts.shape
    phi2 = max(0.0, statistic / n - (rows - 1.0) * (columns - 1.0) / (n - 1.0))
    smaller = min(side - (side - 1.0) ** 2 / (n - 1.0) for side in (rows, columns))
    return min(1.0, float(np.sqrt(phi2 / (smaller - 1.0)))) if smaller > 1.0 else 0.0


def odds_ratio(counts: Counts, level: float) -> tuple[float, float, float] | None:
    """Give ad / bc of a 2 x 2 table with Woolf's interval; None where a cell is empty.

    Equal to R's `effectsize::oddsratio`.
    """
    if bool(np.any(counts == 0)):
        return None
    (a, b), (c, d) = counts.astype(np.float64)
    middle = np.log(a) + np.log(d) - np.log(b) - np.log(c)
    reach = special.ndtri((1.0 + level) / 2.0) * np.sqrt(1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d)
    return float(np.exp(middle)), float(np.exp(middle - reach)), float(np.exp(middle + reach))


def open_limits(counts: Counts, level: float) -> tuple[float, float]:
    """Give exact limits of the odds ratio of a 2 x 2 table with an empty cell: one of them is 0 or infinite.

    References
    ----------
    Cornfield (1956), of the conditional odds ratio. Equal to R's `fisher.test(counts)$conf.int`.
    """
    found = stats.contingency.odds_ratio(counts, kind="conditional").confidence_interval(level)
    return float(found.low), float(found.high)


def risk_ratio(counts: Counts, level: float) -> tuple[float, float, float] | None:
    """Give the share of the first column in row 1 over that in row 2; None where either share is 0.

    References
    ----------
    Katz, Baptista, Azen & Pike (1978), Biometrics 34, 469-474: normal limits of the logarithm. Equal to R's
    `effectsize::riskratio`.
    """
    (a, b), (c, d) = counts.astype(np.float64)
    if a == 0 or c == 0:
        return None
    middle = np.log(a) + np.log(c + d) - np.log(c) - np.log(a + b)
    # 1 / a - 1 / (a + b), written so that nothing cancels
    reach = special.ndtri((1.0 + level) / 2.0) * np.sqrt(b / a / (a + b) + d / c / (c + d))
    return float(np.exp(middle)), float(np.exp(middle - reach)), float(np.exp(middle + reach))


def wilson(successes: float, n: float, level: float) -> tuple[float, float]:
    """Give the score interval of a share (Wilson 1927; R's `prop.test(x, n, correct = FALSE)`)."""
    z2 = float(special.ndtri((1.0 + level) / 2.0)) ** 2
    share = successes / n
    middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n)
    reach = float(np.sqrt(z2 * (share * (1.0 - share) + z2 / (4.0 * n)) / n)) / (1.0 + z2 / n)
    return float(max(0.0, middle - reach)), float(min(1.0, middle + reach))


def share_difference(counts: Counts, level: float) -> tuple[float, float, float]:
    """Give the share of the first column in row 1 minus that in row 2, with Newcombe's score interval.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10. Equal to
    `DescTools::BinomDiffCI(..., method = "score")` of R.
    """
    (a, b), (c, d) = counts.astype(np.float64)
    first, second = a / (a + b), c / (c + d)
    low_1, high_1 = wilson(a, a + b, level)
    low_2, high_2 = wilson(c, c + d, level)
    difference = first - second
    low = difference - float(np.hypot(first - low_1, high_2 - second))
    high = difference + float(np.hypot(high_1 - first, second - low_2))
    return float(difference), float(max(-1.0, low)), float(min(1.0, high))


def permutation_pvalue(counts: Counts, statistic: float, *, draws: int, seed: int) -> float:
    """Give the share of tables with the same margins whose chi2 is at least `statistic`.

    The observed table counts as one of them (Phipson & Smyth 2010), so that p is never 0.
    R's `chisq.test(simulate.p.value = TRUE)` draws from the same tables.
    """
    rng = np.random.default_rng(seed)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    expected = np.outer(rows, columns) / rows.sum()
    left = np.tile(columns, (draws, 1))  # what each column has left for the rows below
    found = np.zeros(draws)
    for i, size in enumerate(rows[:-1]):
        wanted = np.full(draws, size)
        rest = left.sum(axis=1)
        for j in range(columns.size):
            checkpoint()
            rest = rest - left[:, j]
            drawn = rng.hypergeometric(left[:, j], rest, wanted)
            left[:, j] -= drawn
            wanted = wanted - drawn
            found += (drawn - expected[i, j]) ** 2 / expected[i, j]
    found += np.sum((left - expected[-1]) ** 2 / expected[-1], axis=1)
    reached = int(np.sum(found >= statistic * (1.0 - 1e-10)))
    return (reached + 1.0) / (draws + 1.0)
