"""Two categories in strata: Cochran-Mantel-Haenszel tests, a common odds ratio, and whether it is common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_POSSIBLE = 20_000  # sums of a cell that the exact test lists, which takes about a tenth of a second
SMALL_COUNT = 5.0
MOST_ROUNDS, CONVERGED = 5_000, 1e-12
# As close as two probabilities of tables count as equal, so that rounding takes none away (R's
# mantelhaen.test).
NEARLY = 1.0 + 1e-7


@dataclass(frozen=True)
class WithinStrata:
    """A chi2 statistic with its degrees of freedom and p-value."""

    statistic: float
    df: int
    pvalue: float


@dataclass(frozen=True)
class Homogeneity(WithinStrata):
    """A test whether strata are alike; `thin` is the share of cells with expected counts below five."""

    thin: float


@dataclass(frozen=True)
class CommonOdds:
    """The common odds ratio of 2 x 2 tables and its limits."""

    value: float
    low: float
    high: float


def informative(counts: Counts) -> NDArray[np.bool_]:
    """Tell in which of (k, r, c) tables both categories vary; the others say nothing about the two."""
    rows, columns = (np.sum(counts.sum(axis=axis) > 0, axis=1) for axis in (2, 1))
    varies: NDArray[np.bool_] = (rows > 1) & (columns > 1)
    return varies


def mantel_haenszel(counts: Counts, *, corrected: bool = False) -> WithinStrata:
    """Test whether rows and columns go together within the strata of a (k, r, c) array.

    Parameters
    ----------
    counts : (k, r, c) int array
        Each stratum with at least two rows of the data, at least one of them informative.
    corrected : bool
        With Yates' half, which 2 x 2 tables alone have.

    References
    ----------
    Mantel & Haenszel (1959); Landis, Heyman & Koch (1978). Equal to R's
    `mantelhaen.test(x, correct = corrected)`. Where levels never meet in a stratum R finds no solution; here
    the degrees of freedom are those that the strata hold.
    """
    departure, spread = _departure(counts)
    if counts.shape[1:] == (2, 2):
        apart = abs(float(departure[0]))
        half = 0.5 if corrected and apart >= 0.5 else 0.0
        statistic, df = (apart - half) ** 2 / float(spread[0, 0]), 1
    else:
        scale = np.sqrt(np.maximum(np.diag(spread), np.finfo(float).tiny))
        unit = spread / np.outer(scale, scale)
        solved = np.linalg.lstsq(unit, departure / scale, rcond=1e-10)
        statistic, df = float(departure / scale @ solved[0]), int(solved[2])
    return WithinStrata(statistic, df, float(special.chdtrc(df, statistic)))


def _departure(counts: Counts) -> tuple[Floats, Floats]:
    """Give observed minus expected counts summed over strata, without last levels, and their covariance."""
    table = counts.astype(np.float64)
    n = table.sum(axis=(1, 2))
    rows, columns = table.sum(axis=2)[:, :-1], table.sum(axis=1)[:, :-1]
    cells = (table[:, :-1, :-1] - rows[:, :, None] * columns[:, None, :] / n[:, None, None]).sum(axis=0)
    size = cells.size
    spread = np.zeros((size, size))
    for row, column, total in zip(rows, columns, n, strict=True):
        of_rows = np.diag(row) * total - np.outer(row, row)
        of_columns = np.diag(column) * total - np.outer(column, column)
        spread += np.kron(of_rows, of_columns) / (total**2 * (total - 1.0))
    return cells.ravel(), spread


def common_odds(counts: Counts, level: float) -> CommonOdds | None:
    """Give the odds ratio ad / bc that (k, 2, 2) tables share; None where it is 0 or infinite.

    References
    ----------
    Mantel & Haenszel (1959), JNCI 22, 719-748; limits by Robins, Breslow & Greenland (1986), Biometrics 42,
    311-323. Equal to R's `mantelhaen.test(x)`.
    """
    a, b, c, d = _cells(counts)
    n = a + b + c + d
    along, across = a * d / n, b * c / n
    r, s = float(along.sum()), float(across.sum())
    if r == 0.0 or s == 0.0:
        return None
    same, other = (a + d) / n, (b + c) / n
    variance = float(
        np.sum(same * along) / (2.0 * r**2)
        + np.sum(same * across + other * along) / (2.0 * r * s)
        + np.sum(other * across) / (2.0 * s**2)
    )
    reach = float(special.ndtri((1.0 + level) / 2.0)) * variance**0.5
    middle = float(np.log(r / s))
    return CommonOdds(r / s, float(np.exp(middle - reach)), float(np.exp(middle + reach)))


def breslow_day(counts: Counts, odds: float) -> Homogeneity:
    """Test whether (k, 2, 2) tables, all informative and at least two, share the odds ratio `odds`.

    References
    ----------
    Breslow & Day (1980), Statistical Methods in Cancer Research I, 142; with the correction of Tarone (1985),
    Biometrika 72, 91-95, which makes up for the odds ratio being Mantel and Haenszel's.
    """
    a, b, c, d = _cells(counts)
    row, column, n = a + b, a + c, a + b + c + d
    fitted = _expected(row, column, n, odds)
    left = np.stack([fitted, row - fitted, column - fitted, n - row - column + fitted])
    variance = 1.0 / np.sum(1.0 / left, axis=0)
    statistic = float(np.sum((a - fitted) ** 2 / variance))
    statistic -= float((a.sum() - fitted.sum()) ** 2 / variance.sum())
    return _homogeneity(max(0.0, statistic), len(counts) - 1, left)


def _homogeneity(statistic: float, df: int, fitted: Floats) -> Homogeneity:
    thin = float(np.mean(fitted < SMALL_COUNT))
    return Homogeneity(statistic, df, float(special.chdtrc(df, statistic)), thin)


def shared_association(counts: Counts) -> Homogeneity | None:
    """Test whether rows and columns go together alike in all strata of a (k, r, c) array.

    The likelihood ratio of the log-linear model without a term of all three, fitted by iterative proportional
    fitting; None where two of the three never meet, which leaves its degrees of freedom open.

    References
    ----------
    Bishop, Fienberg & Holland (1975), Discrete Multivariate Analysis. Equal to R's
    `loglin(x, list(1:2, c(1, 3), 2:3))$lrt`.
    """
    table = counts.astype(np.float64)
    if any(bool(np.any(table.sum(axis=axis) == 0)) for axis in range(3)):
        return None
    fitted = np.ones_like(table)
    for _ in range(MOST_ROUNDS):
        before = fitted
        for axis in range(3):
            fitted = fitted * (table.sum(axis=axis, keepdims=True) / fitted.sum(axis=axis, keepdims=True))
        if float(np.max(np.abs(fitted - before) / (1.0 + fitted))) < CONVERGED:
            break
    statistic = 2.0 * float(np.sum(special.rel_entr(table, fitted)))
    df = int(np.prod([side - 1 for side in table.shape]))
    return _homogeneity(max(0.0, statistic), df, fitted)


def _expected(row: Floats, column: Floats, n: Floats, odds: float) -> Floats:
    """Give the first cell of tables with these margins and odds: the stable root of a quadratic."""
    if abs(odds - 1.0) < 1e-12:
        return row * column / n
    half = n - row - column + odds * (row + column)
    root = np.sqrt(half**2 + 4.0 * (1.0 - odds) * odds * row * column)
    found: Floats = 2.0 * odds * row * column / (half + root)
    return found


def mantel_fleiss(counts: Counts) -> float:
    """Give how far the first cells could move either way, summed over (k, 2, 2) tables.

    Below 5 the chi2 distribution is a rough guide (Mantel & Fleiss 1980, American Journal of Epidemiology
    112, 129-134).
    """
    low, high, expected = _reach(counts)
    return min(float(np.sum(expected - low)), float(np.sum(high - expected)))


def exact_pvalue(counts: Counts) -> float | None:
    """Give the p-value of the exact conditional test of (k, 2, 2) tables; None where it would take too long.

    Among all tables with the same margins it sums the probabilities of those that are no likelier than the
    one found. Equal to R's `mantelhaen.test(x, exact = TRUE)`.
    """
    low, high, _ = _reach(counts)
    if float(np.sum(high - low)) > MOST_POSSIBLE:
        return None
    a, b, c, d = _cells(counts)
    chances = np.ones(1)
    for place in range(len(counts)):
        possible = np.arange(low[place], high[place] + 1.0)
        own = stats.hypergeom.pmf(
            possible, a[place] + b[place] + c[place] + d[place], a[place] + c[place], a[place] + b[place]
        )
        chances = np.convolve(chances, own)
    found = chances[int(a.sum() - low.sum())]
    return float(min(1.0, np.sum(chances[chances <= found * NEARLY])))


def _reach(counts: Counts) -> tuple[Floats, Floats, Floats]:
    """Give the smallest, the largest and the expected first cell of tables with the same margins."""
    a, b, c, d = _cells(counts)
    low, high = np.maximum(0.0, a - d), np.minimum(a + b, a + c)
    return low, high, (a + b) * (a + c) / (a + b + c + d)


def _cells(counts: Counts) -> Sequence[Floats]:
    table = counts.astype(np.float64)
    return table[:, 0, 0], table[:, 0, 1], table[:, 1, 0], table[:, 1, 1]
