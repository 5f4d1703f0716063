"""What a sample of numbers tells about its middle: tests of the mean and of signed ranks against a value.

For two measures a row the numbers are the changes and the value is 0; for one sample they are the values.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.methods import checks
from jobs.analysis.methods.common import (
    SKEWED,
    SMALL,
    Verdict,
    as_interval,
    effect_size,
    extreme_outliers,
    shapiro,
)
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.means import mean_interval, t_two_sided
from jobs.analysis.numerics.moments import Moments, skewness
from jobs.analysis.numerics.signed_rank import SignedRank, pseudomedian
from jobs.analysis.results.result import Assumption, EffectSize, Estimate, Test

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Against:
    """What the middle is compared with, the coverage of intervals, and the unit of the data."""

    value: float
    level: float
    unit: str | None


def t_test(named: tuple[str, str, str], found: Moments, against: Against) -> Test:
    """Test a mean against a value (R's `t.test(x, mu = value)`); `named` is method, title and estimate."""
    method, title, estimate = named
    difference = _above(found, against.value)
    statistic = difference / (found.sd / float(np.sqrt(found.n)))
    return Test(
        role="sensitivity",
        method=method,
        title=title,
        symbol="t",
        statistic=statistic,
        df=(float(found.n - 1),),
        pvalue=t_two_sided(statistic, found.n - 1),
        n=found.n,
        estimate=Estimate(
            estimate,
            found.mean,
            as_interval(mean_interval(found, against.level), against.level),
            against.unit,
        ),
    )


def _above(found: Moments, value: float) -> float:
    """Subtract a value from a mean that is kept in two parts."""
    return (found.centre - value) + found.offset


def rank_test(named: tuple[str, str, str], changes: Floats, found: SignedRank, against: Against) -> Test:
    """Put the signed ranks of differences from a value into a test, the estimate back on the data's scale."""
    method, title, estimate = named
    shift = pseudomedian(changes, level=against.level)
    limits = (
        None
        if shift.low is None or shift.high is None
        else (shift.low + against.value, shift.high + against.value)
    )
    return Test(
        role="sensitivity",
        method=method,
        title=title,
        symbol="T",
        statistic=found.statistic,
        df=(),
        pvalue=found.pvalue,
        n=changes.size,
        estimate=Estimate(
            estimate,
            shift.value + against.value,
            as_interval(limits, against.level),
            against.unit,
        ),
        exact=found.exact,
    )


def standardised(
    named: tuple[str, str], found: Moments, value: float, level: float
) -> tuple[EffectSize, EffectSize]:
    """Give the mean's distance from `value` in standard deviations, and less the bias of small samples.

    `named` is the name and the title of the first.

    Equal to R's `effectsize::cohens_d(paired = TRUE)` and `hedges_g`, their intervals by noncentral t.
    """
    df, root = found.n - 1, float(np.sqrt(found.n))
    d = _above(found, value) / found.sd
    low, high = (limit / root for limit in noncentral.t_limits(d * root, df, level))
    unbiased = hedges_correction(df)
    how = "noncentral t"
    return (
        effect_size(*named, d, as_interval((low, high), level), method=how, scale="d"),
        effect_size(
            "hedges_g",
            "Hedges' g",
            d * unbiased,
            as_interval((low * unbiased, high * unbiased), level),
            method=how,
            scale="d",
        ),
    )


def hedges_correction(df: float) -> float:
    """Give the factor that takes the bias of small samples from a standardised mean (Hedges 1981)."""
    if df > 1e5:  # there the two logarithms are so large that their difference loses the digits
        return 1.0 - 3.0 / (4.0 * df - 1.0)
    return float(np.exp(special.gammaln(df / 2.0) - special.gammaln((df - 1) / 2.0)) / np.sqrt(df / 2.0))


def rank_biserial(found: SignedRank, level: float) -> EffectSize:
    """Give the share of rank sums that are positive less that negative (Kerby 2014)."""
    limits = found.biserial_limits
    return effect_size(
        "rank_biserial",
        "rank-biserial r",
        found.biserial,
        as_interval(limits, level),
        method="Fisher z" if limits else "none: all differences have one sign",
        scale="r",
    )


def assumptions(by_ranks: bool, changes: Floats, things: str) -> tuple[Assumption, ...]:
    """Look at the shape of `changes`, which the text calls `things`."""
    return (_normality(by_ranks, changes, things), _outliers(changes), _rows(things))


def zeros(differences: Floats) -> tuple[Assumption, ...]:
    """Say how many differences are 0, which signed ranks leave out; nothing where none is."""
    found = int(np.sum(differences == 0.0))
    if not found:
        return ()
    return (
        Assumption(
            name="signed ranks without differences of 0",
            verdict="not checked",
            consequence="The signed-rank test and its rank-biserial r leave out differences of exactly 0.",
            magnitude=float(found),
            magnitude_name="differences of 0 left out",
        ),
    )


def _normality(by_ranks: bool, changes: Floats, things: str) -> Assumption:
    skew, test = skewness(changes), shapiro(changes)
    verdict: Verdict = "not needed"
    if by_ranks:
        consequence = f"Ranks are used, which takes the {things} to be spread alike on both sides."
    elif changes.size >= SMALL:
        consequence = f"With {changes.size:,} {things} their mean is close to normal."
    elif skew is None or abs(skew) <= SKEWED:
        verdict, consequence = "holds", f"The few {things} are not strongly skewed."
    else:
        verdict = "doubtful"
        consequence = f"With few skewed {things} p is approximate; look at the rank test beside it."
    return checks.shape(
        "symmetry" if by_ranks else f"normality of the {things}",
        (_symmetry(skew) if by_ranks else verdict, consequence),
        skew,
        test,
        tested=checks.ON_VALUES,
    )


def _symmetry(skew: float | None) -> Verdict:
    return "holds" if skew is None or abs(skew) <= SKEWED else "doubtful"


def _outliers(changes: Floats) -> Assumption:
    outliers = extreme_outliers(changes)
    return checks.extreme_values(
        outliers,
        some="Extreme values pull the mean and its spread; the rank test shows how much.",
        none="No value lies more than 3 interquartile ranges beyond the quartiles.",
    )


def _rows(things: str) -> Assumption:
    return Assumption(
        name="independent rows",
        verdict="not checked",
        consequence=(
            "Each row is taken as one person or thing that has nothing to do with the others; "
            f"{things} of the same one in several rows make p-values too small."
        ),
    )
