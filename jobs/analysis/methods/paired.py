"""Two measures of the same rows: the paired t test and Wilcoxon's signed ranks beside each other.

Every difference is the second measure minus the first: what has changed.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.designs import RepeatedSample
from jobs.analysis.methods.common import (
    LARGEST,
    SKEWED,
    SMALL,
    Verdict,
    as_interval,
    describe,
    effect_size,
    extreme_outliers,
    is_constant,
    is_ordinal,
    shapiro,
)
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.means import mean_interval, t_two_sided
from jobs.analysis.numerics.moments import Moments, moments, skewness
from jobs.analysis.numerics.signed_rank import SignedRank, pseudomedian, signed_rank
from jobs.analysis.result import Assumption, EffectSize, Estimate, Findings, Plan, Test
from jobs.analysis.result import Sample as Used
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

TITLES = {"paired_t_test": "Paired t test", "wilcoxon_signed_rank": "Wilcoxon signed-rank test"}
METHODS = tuple(TITLES)
RANKS = "wilcoxon_signed_rank"


def choose(plan: Plan, sample: RepeatedSample) -> Plan:
    """Choose between the mean change and signed ranks by measurement level and the shape of few changes.

    Ranks lead if both measures are ratings, or if there are under 30 rows and their changes are skewed
    beyond 1 or hold an extreme outlier.
    """
    changes = require_changes(sample)
    reason = _reason_for_ranks(sample, changes)
    if reason is not None:
        because = f"{reason}, so the changes are compared by rank ({TITLES[RANKS]})."
        return replace(plan, method=RANKS, because=because)
    because = (
        f"Both measures stand in each of {changes.size:,} rows, so the change within the rows is tested "
        f"({TITLES['paired_t_test']})."
    )
    return replace(plan, method="paired_t_test", because=because)


def _reason_for_ranks(sample: RepeatedSample, changes: Floats) -> str | None:
    if is_ordinal(*sample.values.T):
        return f"{sample.name} takes {np.unique(sample.values).size} whole numbers, like a rating"
    skew = skewness(changes) or 0.0
    if changes.size < SMALL and abs(skew) > SKEWED:
        return f"There are {changes.size} rows and their changes are skewed ({skew:.2f})"
    if changes.size < SMALL and (outliers := extreme_outliers(changes)):
        return f"There are {changes.size} rows and extreme outliers ({outliers}) among their changes"
    return None


def require_changes(sample: RepeatedSample) -> Floats:
    """Give second minus first; refuse changes without a spread, and values that cannot be squared.

    Raises
    ------
    UnsuitableData
        More or fewer than two measures, or the same change in every row.
    """
    first, second = _two(sample)
    largest = float(np.abs(sample.values).max())
    if largest > LARGEST:
        raise UnsuitableData(
            f"{sample.name!r} runs up to {largest:g}, beyond what can be squared; express it in another unit."
        )
    changes: Floats = sample.values[:, 1] - sample.values[:, 0]
    if is_constant(moments(changes), beside=largest):
        raise UnsuitableData(
            f"{second!r} minus {first!r} is {changes[0]:g} in all {changes.size:,} rows; there is no "
            "uncertainty to test. Was one computed from the other?"
        )
    return changes


def _two(sample: RepeatedSample) -> tuple[str, str]:
    if len(sample.measures) != 2:
        raise UnsuitableData(
            f"A paired comparison takes two measures; {sample.name!r} has {len(sample.measures)}. "
            "Use the method 'repeated_measures_anova'."
        )
    return sample.measures[0], sample.measures[1]


def run(plan: Plan, sample: RepeatedSample, *, level: float) -> Findings:
    """Test the change from the first measure to the second.

    Raises
    ------
    UnsuitableData
        The change is the same in every row.
    """
    changes = require_changes(sample)
    found, n = moments(changes), changes.size
    ranks = signed_rank(changes, level=level)
    tests = {
        "paired_t_test": t_test("paired_t_test", TITLES["paired_t_test"], found, 0.0, level, sample.unit),
        RANKS: rank_test(RANKS, TITLES[RANKS], changes, ranks, 0.0, level, sample.unit),
    }
    dz, g = standardised(found, 0.0, level)
    biserial = rank_biserial(ranks, level)
    effects = (biserial, dz, g) if plan.method == RANKS else (dz, g, biserial)
    primary = replace(tests.pop(plan.method), role="primary")
    columns = [sample.name if "subject" in plan.columns else measure for measure in sample.measures]
    groups = sample.measures if "subject" in plan.columns else (None, None)
    return Findings(
        sample=Used(sample.n_total, _rows_used(plan, n), dict(sample.dropped)),
        descriptives=(
            *(
                describe(column, group, values, level=level)
                for column, group, values in zip(columns, groups, sample.values.T, strict=True)
            ),
            describe(f"{sample.measures[1]} - {sample.measures[0]}", None, changes, level=level),
        ),
        assumptions=assumptions(plan.method == RANKS, changes, "changes"),
        tests=(primary, *tests.values()),
        effect_sizes=effects,
    )


def _rows_used(plan: Plan, subjects: int) -> int:
    return 2 * subjects if "subject" in plan.columns else subjects


def t_test(
    method: str, title: str, found: Moments, value: float, level: float, unit: str | None
) -> Test:  # one place for pairs and for one sample
    """Test a mean against a value (R's `t.test(x, mu = value)`)."""
    difference = _above(found, value)
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
            "mean difference" if value == 0 and method == "paired_t_test" else "mean",
            found.mean,
            as_interval(mean_interval(found, level), level),
            unit,
        ),
    )


def _above(found: Moments, value: float) -> float:
    """Subtract a value from a mean that is kept in two parts."""
    return (found.centre - value) + found.offset


def rank_test(
    method: str,
    title: str,
    changes: Floats,
    found: SignedRank,
    value: float,
    level: float,
    unit: str | None,
) -> Test:
    """Put the signed ranks of differences from `value` into a test, the estimate back on the data's scale."""
    shift = pseudomedian(changes, level=level)
    limits = None if shift.low is None or shift.high is None else (shift.low + value, shift.high + value)
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
            "Hodges-Lehmann shift" if method == RANKS else "pseudomedian",
            shift.value + value,
            as_interval(limits, level),
            unit,
        ),
        exact=found.exact,
    )


def standardised(found: Moments, value: float, level: float) -> tuple[EffectSize, EffectSize]:
    """Give the mean's distance from `value` in standard deviations, and less the bias of small samples.

    Equal to R's `effectsize::cohens_d(paired = TRUE)` and `hedges_g`, their intervals by noncentral t.
    """
    df, root = found.n - 1, float(np.sqrt(found.n))
    d = _above(found, value) / found.sd
    low, high = (limit / root for limit in noncentral.t_limits(d * root, df, level))
    unbiased = hedges_correction(df)
    how = "noncentral t"
    name, title = ("cohen_dz", "Cohen's dz") if value == 0 else ("cohen_d", "Cohen's d")
    return (
        effect_size(name, title, d, as_interval((low, high), level), method=how, scale="d"),
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
    return (_normality(by_ranks, changes, things), _outliers(changes, things), _rows(things))


def _normality(by_ranks: bool, changes: Floats, things: str) -> Assumption:
    skew, test = skewness(changes), shapiro(changes)
    verdict: Verdict = "not needed"
    if by_ranks:
        consequence = f"{TITLES[RANKS]} uses ranks, and takes the {things} to be spread alike on both sides."
    elif changes.size >= SMALL:
        consequence = f"With {changes.size:,} {things} their mean is close to normal."
    elif skew is None or abs(skew) <= SKEWED:
        verdict, consequence = "holds", f"The few {things} are not strongly skewed."
    else:
        verdict = "doubtful"
        consequence = f"With few skewed {things} p is approximate; look at the rank test beside it."
    return Assumption(
        name="symmetry" if by_ranks else f"normality of the {things}",
        verdict=_symmetry(skew) if by_ranks else verdict,
        consequence=consequence,
        test="Shapiro-Wilk" if test else None,
        statistic=test[0] if test else None,
        pvalue=test[1] if test else None,
        magnitude=skew,
        magnitude_name="skewness" if skew is not None else None,
    )


def _symmetry(skew: float | None) -> Verdict:
    return "holds" if skew is None or abs(skew) <= SKEWED else "doubtful"


def _outliers(changes: Floats, things: str) -> Assumption:
    outliers = extreme_outliers(changes)
    return Assumption(
        name="no extreme outliers",
        verdict="doubtful" if outliers else "holds",
        consequence=(
            "Extreme values pull the mean and its spread; the rank test shows how much."
            if outliers
            else f"None of the {things} lies more than 3 interquartile ranges beyond the quartiles."
        ),
        magnitude=float(outliers),
        magnitude_name="values beyond 3 interquartile ranges",
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
