"""Three and more measures of the same rows: analysis of variance within rows, Friedman's test beside it."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods import checks
from jobs.analysis.methods.common import (
    LARGEST,
    SKEWED,
    SMALL,
    Verdict,
    as_interval,
    cases,
    describe,
    effect_size,
    extreme_outliers,
    is_constant,
    is_ordinal,
    no_interval,
    seed,
    shapiro,
)
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.corrections import holm
from jobs.analysis.numerics.means import mean_interval, t_two_sided
from jobs.analysis.numerics.moments import moments, skewness
from jobs.analysis.numerics.signed_rank import signed_rank
from jobs.analysis.numerics.within import Friedman, Within, concordance_interval, friedman, mauchly, within
from jobs.analysis.results.result import Assumption, EffectSize, Findings, Pairwise, Plan, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

MEANS, RANKS = "repeated_measures_anova", "friedman_test"
TITLES = {MEANS: "Repeated-measures ANOVA", RANKS: "Friedman test"}
METHODS = tuple(TITLES)
DRAWS = 1000  # of the bootstrap: the limits move in the third digit from seed to seed
UNEVEN = 0.75  # an epsilon below it is far from the 1 of equal spreads (Girden 1992)


def choose(plan: Plan, sample: RepeatedSample) -> Plan:
    """Choose between means and ranks within rows by measurement level and the shape of few rows."""
    _require(sample)
    reason = _reason_for_ranks(sample)
    if reason is not None:
        because = f"{reason}, so the measures are ranked within each row ({TITLES[RANKS]})."
        return replace(plan, method=RANKS, because=because)
    because = (
        f"{len(sample.measures)} measures stand in each of {len(sample.values):,} {cases(plan)}, so they are "
        f"compared within these ({TITLES[MEANS]}, degrees of freedom after Greenhouse and Geisser)."
    )
    return replace(plan, method=MEANS, because=because)


def _reason_for_ranks(sample: RepeatedSample) -> str | None:
    n = len(sample.values)
    if is_ordinal(*sample.values.T):
        return f"{sample.name} takes {np.unique(sample.values).size} whole numbers, like a rating"
    rest = _residuals(sample.values)
    skew = skewness(rest) or 0.0
    if n < SMALL and abs(skew) > SKEWED:
        return f"There are {n} rows and what is left within them is skewed ({skew:.2f})"
    if n < SMALL and (outliers := extreme_outliers(rest)):
        return f"There are {n} rows and extreme outliers ({outliers}) within them"
    return None


def _residuals(values: Floats) -> Floats:
    rows = values - values.mean(axis=1, keepdims=True)
    rest: Floats = (rows - rows.mean(axis=0)).ravel()
    return rest


def _require(sample: RepeatedSample) -> None:
    largest = float(np.abs(sample.values).max())
    if largest > LARGEST:
        raise UnsuitableData(
            f"{sample.name!r} runs up to {largest:g}, beyond what can be squared; express it in another unit."
        )
    if is_constant(moments(_residuals(sample.values)), beside=largest):
        raise UnsuitableData(
            f"The measures {sample.name!r} differ by the same amounts in all {len(sample.values):,} rows; "
            "there is no uncertainty to test. Was one computed from the other?"
        )


def run(plan: Plan, sample: RepeatedSample, *, level: float) -> Findings:
    """Test whether the measures differ, and which.

    Raises
    ------
    UnsuitableData
        The measures differ by the same amounts in every row.
    """
    _require(sample)
    split, ranks = within(sample.values), friedman(sample.values)
    tests, effects = {MEANS: _f_test(sample, split)}, [_partial_eta_squared(split, level)]
    if ranks is not None:
        tests[RANKS] = _rank_test(sample, ranks)
        effects.append(_concordance(ranks, level))
    if plan.method == RANKS:
        effects.reverse()
    primary = replace(tests.pop(plan.method), role="primary")
    long = sample.outcome is not None
    return Findings(
        sample=Used(
            sample.n_total,
            len(sample.values) * (len(sample.measures) if long else 1),
            dict(sample.dropped),
        ),
        descriptives=tuple(
            describe(sample.outcome or name, name, values, level=level)
            for name, values in zip(sample.measures, sample.values.T, strict=True)
        ),
        assumptions=_assumptions(plan.method, sample, split),
        tests=(primary, *tests.values()),
        effect_sizes=tuple(effects),
        posthoc=_pairs(plan.method, sample, level),
    )


def _f_test(sample: RepeatedSample, found: Within) -> Test:
    df = (found.df * found.epsilon, found.df_error * found.epsilon)
    n = len(sample.values)
    return Test("sensitivity", MEANS, TITLES[MEANS], "F", found.statistic, df, found.pvalue, n)


def _rank_test(sample: RepeatedSample, found: Friedman) -> Test:
    n, df = len(sample.values), (float(found.df),)
    return Test("sensitivity", RANKS, TITLES[RANKS], "chi2", found.statistic, df, found.pvalue, n)


def _partial_eta_squared(found: Within, level: float) -> EffectSize:
    """Give the share of what varies within rows that lies between measures (`effectsize::eta_squared`)."""
    value = found.partial_eta_squared
    low, high = (
        limit / (limit + found.df_error)
        for limit in noncentral.f_limits(found.statistic, found.df, found.df_error, level)
    )
    return effect_size(
        "partial_eta_squared",
        "partial eta squared",
        value,
        as_interval((min(low, value), max(high, value)), level),
        method="noncentral F",
        scale="eta2",
    )


def _concordance(found: Friedman, level: float) -> EffectSize:
    """Give Kendall's W: 1 where all rows rank the measures alike, 0 where they have nothing in common."""
    limits = concordance_interval(found.ranks, level=level, draws=DRAWS, seed=seed(found.ranks))
    value = found.concordance
    interval = as_interval((min(limits[0], value), max(limits[1], value)) if limits else None, level)
    how = f"percentile bootstrap, {DRAWS:,} draws of rows seeded by the data" if limits else "none"
    return effect_size("kendall_w", "Kendall's W", value, interval, method=how, scale="r")


def _pairs(method: str, sample: RepeatedSample, level: float) -> tuple[Pairwise, ...]:
    """Compare each pair of measures by the paired test of the method's kind, p-values after Holm."""
    places = list(combinations(range(len(sample.measures)), 2))
    found = [_pair(method, sample, place, 1.0 - (1.0 - level) / len(places), level) for place in places]
    adjusted = holm(np.array([pair.pvalue for pair in found]))
    return tuple(replace(pair, pvalue=float(p)) for pair, p in zip(found, adjusted, strict=True))


def _pair(
    method: str, sample: RepeatedSample, place: tuple[int, int], together: float, level: float
) -> Pairwise:
    """Compare two measures; the interval covers its difference together with those of all other pairs."""
    first, second = place
    differences = sample.values[:, first] - sample.values[:, second]
    found = moments(differences)
    a, b = sample.measures[first], sample.measures[second]
    flat = is_constant(found, beside=float(np.abs(sample.values[:, first]).max()))
    if method == RANKS or flat:
        ranks = signed_rank(differences, level=level) if bool(np.any(differences)) else None
        statistic, pvalue = (ranks.statistic, ranks.pvalue) if ranks else (0.0, 1.0)
        none = no_interval(level)
        return Pairwise(a, b, found.mean, none, statistic, None, pvalue, "signed_rank_holm")
    t, df = found.mean / (found.sd / float(np.sqrt(found.n))), float(found.n - 1)
    low, high = mean_interval(found, together)
    interval = as_interval((low, high), level)
    return Pairwise(a, b, found.mean, interval, t, df, t_two_sided(t, df), "paired_t_holm")


def _assumptions(method: str, sample: RepeatedSample, split: Within) -> tuple[Assumption, ...]:
    rest = _residuals(sample.values)
    outliers = extreme_outliers(rest)
    return (
        _sphericity(method, sample, split),
        _normality(method, sample, rest),
        checks.extreme_values(
            outliers,
            some="Extreme values pull means and spreads; the test of ranks shows how much.",
            none="No value lies more than 3 interquartile ranges from what its row and measure suggest.",
        ),
        Assumption(
            name="independent rows",
            verdict="not checked",
            consequence=(
                "Each row is taken as one person or thing that has nothing to do with the others; if "
                "measures were taken in an order, practice or time may be part of what differs."
            ),
        ),
    )


def _sphericity(method: str, sample: RepeatedSample, split: Within) -> Assumption:
    test = mauchly(sample.values)
    verdict: Verdict = "not needed"
    consequence = f"{TITLES[RANKS]} does not take the differences to spread alike."
    if method == MEANS:
        verdict = "doubtful" if split.epsilon < UNEVEN else "holds"
        consequence = "Degrees of freedom are multiplied by epsilon, which allows for uneven spreads."
    return Assumption(
        name="equal spread of all differences (sphericity)",
        verdict=verdict,
        consequence=consequence,
        test="Mauchly" if test else None,
        statistic=test[0] if test else None,
        pvalue=test[1] if test else None,
        magnitude=split.epsilon,
        magnitude_name="Greenhouse-Geisser epsilon",
    )


def _normality(method: str, sample: RepeatedSample, rest: Floats) -> Assumption:
    skew, test, n = skewness(rest), shapiro(rest), len(sample.values)
    verdict: Verdict = "not needed"
    if method == RANKS:
        consequence = f"{TITLES[RANKS]} uses ranks alone."
    elif n >= SMALL:
        consequence = f"With {n:,} rows the means are close to normal."
    elif skew is None or abs(skew) <= SKEWED:
        verdict, consequence = "holds", "What is left within the few rows is not strongly skewed."
    else:
        verdict, consequence = "doubtful", "With few skewed rows p is approximate; look at the test of ranks."
    return checks.shape("normality within rows", (verdict, consequence), skew, test)
