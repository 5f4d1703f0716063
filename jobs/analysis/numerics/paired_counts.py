"""Categories of the same cases: McNemar's tests, Cochran's Q, and kappa, how far two raters agree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from jobs.analysis.numerics.contingency import wilson

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class McNemar:
    """Whether as many changed one way as the other; `corrected` with Edwards' half."""

    statistic: float
    pvalue: float
    corrected: float
    corrected_pvalue: float
    exact_pvalue: float
    mid_pvalue: float


def mcnemar(up: int, down: int) -> McNemar:
    """Test whether `up` and `down` changes, together at least one, are equally likely.

    References
    ----------
    McNemar (1947), Psychometrika 12, 153-157; equal to R's `mcnemar.test(x, correct = FALSE)`, corrected to
    `mcnemar.test(x)`, exact to `binom.test(up, up + down)`. Mid-p: Fagerland, Lydersen & Laake (2013), BMC
    Medical Research Methodology 13, 91.
    """
    changed, apart = up + down, abs(up - down)
    statistic, corrected = apart**2 / changed, max(0, apart - 1) ** 2 / changed
    exact = min(1.0, float(stats.binomtest(up, changed, 0.5).pvalue))
    mid = exact - float(stats.binom.pmf(up, changed, 0.5)) if apart else 1.0 - _half_of(up, changed)
    return McNemar(
        statistic,
        float(special.chdtrc(1.0, statistic)),
        corrected,
        float(special.chdtrc(1.0, corrected)),
        exact,
        mid,
    )


def _half_of(up: int, changed: int) -> float:
    return 0.5 * float(stats.binom.pmf(up, changed, 0.5))


def exact_share(hits: int, n: int, level: float) -> tuple[float, float]:
    """Give the exact limits of a share (Clopper & Pearson 1934; R's `binom.test`)."""
    limits = stats.binomtest(hits, n).proportion_ci(level, method="exact")
    return float(limits.low), float(limits.high)


def paired_difference(counts: Counts, level: float) -> tuple[float, float, float]:
    """Give the share in the second measure minus that in the first, of (2, 2) counts with the event first.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10: square-and-add with the correlation of
    the two, its covariance lessened by n / 2 where it is positive.
    """
    (a, b), (c, d) = (tuple(map(float, row)) for row in counts)
    n = a + b + c + d
    first, second = (a + b) / n, (a + c) / n
    low_1, high_1 = wilson(a + b, n, level)
    low_2, high_2 = wilson(a + c, n, level)
    spread = (a + b) * (c + d) * (a + c) * (b + d)
    together = a * d - b * c
    together = max(together - n / 2.0, 0.0) if together > 0.0 else together
    phi = together / spread**0.5 if spread > 0.0 else 0.0
    difference = second - first
    below = (second - low_2) ** 2 - 2.0 * phi * (second - low_2) * (high_1 - first) + (high_1 - first) ** 2
    above = (high_2 - second) ** 2 - 2.0 * phi * (high_2 - second) * (first - low_1) + (first - low_1) ** 2
    low, high = difference - max(0.0, below) ** 0.5, difference + max(0.0, above) ** 0.5
    return difference, max(-1.0, low), min(1.0, high)


@dataclass(frozen=True)
class Cochran:
    """Whether yes is as frequent in each of several measures of the same cases."""

    statistic: float
    df: int
    pvalue: float
    concordance: float  # Kendall's W


def cochran_q(hits: NDArray[np.bool_]) -> Cochran:
    """Test (n, k) hits, k at least 2; in one row at least they must differ.

    References
    ----------
    Cochran (1950), Biometrika 37, 256-266. Equal to R's `friedman.test` of the same zeros and ones; Kendall's
    W, which is Q / (n (k - 1)), to `rstatix::friedman_effsize`.
    """
    k = hits.shape[1]
    columns, rows = hits.sum(axis=0).astype(np.float64), hits.sum(axis=1).astype(np.float64)
    spread = float(np.sum(rows * (k - rows)))
    statistic = k * (k - 1.0) * float(np.sum((columns - columns.mean()) ** 2)) / spread
    concordance = min(1.0, statistic / (len(hits) * (k - 1.0)))
    return Cochran(statistic, k - 1, float(special.chdtrc(k - 1.0, statistic)), concordance)


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance, its standard error, and that error if there were none."""

    value: float
    error: float
    error_by_chance: float
    observed: float  # weighted share of agreement
    expected: float  # by chance


def kappa(counts: Counts, weights: Floats) -> Kappa | None:
    """Give Cohen's kappa of (k, k) counts with weights of agreement, 1 on the diagonal.

    None where chance alone makes all agree.

    References
    ----------
    Cohen (1960, 1968); errors by Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72, 323-327. Equal to
    `vcd::Kappa` of R.
    """
    n = float(counts.sum())
    shares = counts / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = np.outer(rows, columns)
    observed, expected = float(np.sum(weights * shares)), float(np.sum(weights * by_chance))
    left = 1.0 - expected
    if left <= 1e-12:
        return None
    value = (observed - expected) / left
    own = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    spread = float(np.sum(shares * (weights - own * (1.0 - value)) ** 2))
    spread -= (value - expected * (1.0 - value)) ** 2
    by_none = float(np.sum(by_chance * (weights - own) ** 2)) - expected**2
    return Kappa(
        value,
        max(0.0, spread / n) ** 0.5 / left,
        max(0.0, by_none / n) ** 0.5 / left,
        observed,
        expected,
    )


def agreement_weights(places: Floats, power: int) -> Floats:
    """Give 1 where two ratings are the same, and the less the further apart: `power` 0, 1 or 2.

    0 counts the same alone, 1 falls with the distance, 2 with its square (Fleiss & Cohen 1973).
    """
    apart = np.abs(places[:, None] - places[None, :])
    if power == 0:
        same: Floats = (apart == 0.0).astype(np.float64)
        return same
    found: Floats = 1.0 - (apart / apart.max()) ** power
    return found
