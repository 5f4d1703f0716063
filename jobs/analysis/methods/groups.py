"""Number by groups: which test, and what is taken for granted; tests in `two_groups` and `many_groups`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods import checks, many_groups, two_groups
from jobs.analysis.methods.common import (
    INDEPENDENCE,
    SKEWED,
    SMALL,
    Verdict,
    describe,
    extreme_outliers,
    is_constant,
    is_ordinal,
    require_usable,
    require_values,
    shapiro,
)
from jobs.analysis.numerics.means import brown_forsythe
from jobs.analysis.numerics.moments import Moments, moments, skewness
from jobs.analysis.results.result import Assumption, Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.samples import GroupedSample
from jobs.errors import TooFewValues, UnsuitableData

Floats = NDArray[np.float64]

TITLES = {**two_groups.TITLES, **many_groups.TITLES}
METHODS = tuple(TITLES)
RANK_METHODS = ("mann_whitney_u", "kruskal_wallis")
CLASSIC_METHODS = ("student_t_test", "one_way_anova")
DOUBTFUL_RATIO = 4.0  # of variances, above which the classic tests go wrong even with groups of one size


@dataclass(frozen=True)
class Shape:
    """What decides between means and ranks, with the numbers that are quoted."""

    smallest: int
    skew: float  # of the groups under 30 values together, each in its own standard units
    outliers: int  # values of these groups beyond Tukey's outer fence
    ordinal: bool
    constant: str | None  # the first group without spread


def choose(plan: Plan, sample: GroupedSample) -> Plan:
    """Choose between means and ranks by the measurement level and the shape of small groups.

    Ranks lead if the outcome is ordinal, if a group has no spread, or if groups under 30 values are skewed
    beyond 1 or hold an extreme outlier; otherwise means do, without assuming equal variances
    (Delacre, Lakens & Leys 2017, doi 10.5334/irsp.82).
    """
    require_usable(sample.outcome, sample.values)
    two = len(sample.levels) == 2
    means, ranks = ("welch_t_test", "mann_whitney_u") if two else ("welch_anova", "kruskal_wallis")
    reason = _reason_for_ranks(sample, _shape(sample))
    if reason is not None:
        because = f"{reason}, so ranks are compared ({TITLES[ranks]})."
        return replace(plan, method=ranks, because=because)
    return replace(plan, method=means, because=_reason_for_means(sample, TITLES[means]))


def _shape(sample: GroupedSample) -> Shape:
    small = [values for values in sample.values if values.size < SMALL]
    scaled = []
    for values in small:
        own = moments(values)
        if not is_constant(own):
            scaled.append((values - own.mean) / own.sd)
    skew = skewness(np.concatenate(scaled)) if scaled else None
    found = [moments(values) for values in sample.values]
    return Shape(
        smallest=min(values.size for values in sample.values),
        skew=skew or 0.0,
        outliers=sum(extreme_outliers(values) for values in small),
        ordinal=is_ordinal(*sample.values),
        constant=_without_spread(sample.levels, found, one_may=len(found) == 2),
    )


def _without_spread(levels: Sequence[str], found: Sequence[Moments], *, one_may: bool) -> str | None:
    """Name the group that keeps means from being compared: any, or (a t test) if neither has a spread."""
    size = max(abs(group.mean) for group in found)
    constant = [level for level, group in zip(levels, found, strict=True) if is_constant(group, beside=size)]
    if not constant or (one_may and len(constant) < len(levels)):
        return None
    return constant[0]


def _reason_for_ranks(sample: GroupedSample, shape: Shape) -> str | None:
    if shape.ordinal:
        distinct = np.unique(np.concatenate(sample.values)).size
        return f"{sample.outcome} takes {distinct} whole numbers, like a rating"
    if shape.constant is not None:
        return f"{sample.outcome} has one and the same value throughout group {shape.constant}"
    if shape.smallest < SMALL and abs(shape.skew) > SKEWED:
        return (
            f"The smallest group has {shape.smallest} values and small groups are skewed ({shape.skew:.2f})"
        )
    if shape.smallest < SMALL and shape.outliers:
        values = "an extreme outlier" if shape.outliers == 1 else f"{shape.outliers} extreme outliers"
        return f"The smallest group has {shape.smallest} values and small groups hold {values}"
    return None


def _reason_for_means(sample: GroupedSample, title: str) -> str:
    smallest = min(values.size for values in sample.values)
    shape = (
        "enough for means to be compared"
        if smallest >= SMALL
        else "but small groups are neither strongly skewed nor have extreme outliers"
    )
    return (
        f"{len(sample.levels)} groups, the smallest with {smallest:,} values, {shape}; "
        f"{title} does not assume equal variances."
    )


def run(plan: Plan, sample: GroupedSample, *, level: float) -> Findings:
    """Compare the groups by the plan's method, with the other kind of test beside it.

    Raises
    ------
    UnsuitableData, TooFewValues
        The outcome is constant, or the method cannot be used with these groups.
    """
    _require_groups(plan.method, sample)
    found = [moments(values) for values in sample.values]
    family = two_groups if plan.method in two_groups.TITLES else many_groups
    constant = _without_spread(sample.levels, found, one_may=family is two_groups)
    if constant is not None and plan.method not in RANK_METHODS:
        raise UnsuitableData(
            f"{sample.outcome!r} has the same value throughout group {constant!r} of {sample.group!r}, so "
            f"means cannot be tested by {TITLES[plan.method]}; use the method {_rank_method(sample)!r}."
        )
    compared = family.compare(plan.method, sample, found, level=level, means=constant is None)
    total = sum(group.n for group in found)
    return Findings(
        sample=Used(sample.n_total, total, dict(sample.dropped)),
        descriptives=tuple(
            describe(sample.outcome, name, values, level=level)
            for name, values in zip(sample.levels, sample.values, strict=True)
        ),
        assumptions=_assumptions(plan.method, sample, found),
        tests=compared.tests,
        effect_sizes=compared.effect_sizes,
        posthoc=compared.posthoc,
    )


def _rank_method(sample: GroupedSample) -> str:
    return "mann_whitney_u" if len(sample.levels) == 2 else "kruskal_wallis"


def _require_groups(method: str, sample: GroupedSample) -> None:
    if len(sample.levels) < 2:
        raise TooFewValues(f"Column {sample.group!r} has one group only; a comparison needs two.")
    for values in sample.values:
        require_values(sample.outcome, values, at_least=2)
    require_usable(sample.outcome, sample.values)
    if method in two_groups.TITLES and len(sample.levels) > 2:
        instead = {"mann_whitney_u": "kruskal_wallis", "student_t_test": "one_way_anova"}
        raise UnsuitableData(
            f"{TITLES[method]} compares two groups; {sample.group!r} has {len(sample.levels)}. "
            f"Use the method {instead.get(method, 'welch_anova')!r}."
        )


def _assumptions(method: str, sample: GroupedSample, found: Sequence[Moments]) -> tuple[Assumption, ...]:
    # By the two parts of each mean, which keeps the digits of numbers far from zero.
    residuals = [
        (values - group.centre) - group.offset for values, group in zip(sample.values, found, strict=True)
    ]
    outliers = sum(extreme_outliers(values) for values in sample.values)
    return (
        _equal_variances(method, sample, found),
        _normality(method, sample, np.concatenate(residuals)),
        checks.extreme_values(
            outliers,
            some="Extreme values pull means and spreads; the rank test beside the means shows how much.",
            none="No value lies more than 3 interquartile ranges beyond the quartiles of its group.",
        ),
        INDEPENDENCE,
    )


def _equal_variances(method: str, sample: GroupedSample, found: Sequence[Moments]) -> Assumption:
    ratio = _variance_ratio(found)
    test = brown_forsythe(sample.values)
    alike = ratio is not None and ratio <= DOUBTFUL_RATIO
    if method in CLASSIC_METHODS:
        consequence = (
            "The classic test relies on it; the variances are alike enough."
            if alike
            else "The classic test relies on it and can mislead here; trust Welch's test instead."
        )
    elif method in RANK_METHODS:
        consequence = (
            "Groups spread alike, so a difference of ranks can be read as a shift."
            if alike
            else "Groups spread differently, so the ranks may differ by spread and not by a shift alone."
        )
    else:
        consequence = f"{TITLES[method]} does not assume equal variances."
    needed = method in CLASSIC_METHODS or method in RANK_METHODS
    verdict: Verdict = ("holds" if alike else "doubtful") if needed else "not needed"
    return Assumption(
        name="equal variances",
        verdict=verdict,
        consequence=consequence,
        test="Brown-Forsythe" if test else None,
        statistic=test.statistic if test else None,
        pvalue=test.pvalue if test else None,
        magnitude=ratio,
        magnitude_name="largest ratio of variances" if ratio is not None else None,
    )


def _variance_ratio(found: Sequence[Moments]) -> float | None:
    """Give the largest variance over the smallest; None where a group has no spread."""
    size = max(abs(group.mean) for group in found)
    if any(is_constant(group, beside=size) for group in found):
        return None
    spreads = [group.sd for group in found]
    return (max(spreads) / min(spreads)) ** 2


def _normality(method: str, sample: GroupedSample, residuals: Floats) -> Assumption:
    skews = [skew for values in sample.values if (skew := skewness(values)) is not None]
    largest = max(skews, key=abs) if skews else None
    smallest = min(values.size for values in sample.values)
    test = shapiro(residuals)
    verdict: Verdict = "not needed"
    if method in RANK_METHODS:
        consequence = f"{TITLES[method]} uses ranks alone."
    elif smallest >= SMALL:
        consequence = f"With at least {smallest:,} values a group the means are close to normal."
    elif largest is None or abs(largest) <= SKEWED:
        verdict, consequence = "holds", "The small groups are not strongly skewed."
    else:
        verdict = "doubtful"
        consequence = "With small skewed groups p is approximate; look at the rank test beside it."
    return checks.shape(
        "normality within groups",
        (verdict, consequence),
        largest,
        test,
        skew_of="largest skewness of a group",
    )
