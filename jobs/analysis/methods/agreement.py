"""How far raters agree: Cohen's kappa of categories, the intraclass correlation of numbers."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.methods.common import as_interval, describe, is_constant, no_interval
from jobs.analysis.methods.rated import INDEPENDENT_CASES, rated_of
from jobs.analysis.numerics import paired_counts, raters
from jobs.analysis.numerics.moments import moments
from jobs.analysis.results.result import Assumption, EffectSize, Estimate, Findings, Plan, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.sampling.rated import RatedSample, counts_of
from jobs.analysis.tables.scales import order_of
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

KAPPA, CORRELATION = "cohen_kappa", "intraclass_correlation"
METHODS = (KAPPA, CORRELATION)
POWERS = {"none": 0, "linear": 1, "quadratic": 2}
NAMES = {
    "none": ("kappa", "Cohen's kappa"),
    "linear": ("kappa_linear", "kappa with linear weights"),
    "quadratic": ("kappa_quadratic", "kappa with quadratic weights"),
}
LIMITS = ((0.0, 0.2, 0.4, 0.6, 0.8), "Landis & Koch 1977: 0/.2/.4/.6/.8")
WORDS = ("poor", "slight", "fair", "moderate", "substantial", "almost perfect")
ICC_LIMITS = ((0.5, 0.75, 0.9), "Koo & Li 2016: .5/.75/.9")
ICC_WORDS = ("poor", "moderate", "good", "excellent")
CERTAIN = 1e-12
NAMED = "two-way random, absolute agreement, of a single rater"


def run_kappa(plan: Plan, sample: RatedSample, *, level: float) -> Findings:
    """Tell how far two raters agree on categories beyond chance.

    Raises
    ------
    UnsuitableData
        Weights are asked for and the categories have no known order; or chance alone makes all agree.
    """
    chosen = str(plan.params.get("weights", "none"))
    counts, places = counts_of(sample), _places(sample, chosen)
    kinds = [chosen, *(kind for kind in NAMES if kind != chosen and places is not None)]
    at = np.arange(len(counts), dtype=np.float64) if places is None else places
    found = {
        kind: _kappa(sample, counts, paired_counts.agreement_weights(at, POWERS[kind])) for kind in kinds
    }
    told = rated_of(sample, np.empty((0, 0), dtype=np.bool_), None, level)
    return Findings(
        sample=Used(sample.n_total, sample.rows_used, dict(sample.dropped)),
        assumptions=(_prevalence(counts), INDEPENDENT_CASES),
        tests=(_test(chosen, found[chosen], told.n, level),),
        effect_sizes=tuple(_effect(kind, one, level) for kind, one in found.items()),
        rated=replace(told, weights=chosen, expected=found[chosen].expected),
    )


def _places(sample: RatedSample, chosen: str) -> Floats | None:
    """Return where the levels lie on a scale; None where there is none, or just two."""
    try:
        return np.array([float(level) for level in sample.levels]) if len(sample.levels) > 2 else None
    except ValueError:
        pass
    if order_of(sample.levels):
        return np.arange(len(sample.levels), dtype=np.float64)
    if chosen != "none":
        raise UnsuitableData(
            f"The values of {sample.name!r} have no order that is known here, so that none lie nearer than "
            "others; take kappa without weights, or write them as numbers."
        )
    return None


def _kappa(sample: RatedSample, counts: NDArray[np.int64], weights: Floats) -> paired_counts.Kappa:
    found = paired_counts.kappa(counts, weights)
    if found is None or found.error_by_chance <= CERTAIN:
        raise UnsuitableData(
            f"One value stands in all of {' or '.join(map(repr, sample.measures))}, so that chance alone "
            "makes "
            "them agree as often; kappa says nothing here."
        )
    return found


def _effect(kind: str, found: paired_counts.Kappa, level: float) -> EffectSize:
    reach = float(special.ndtri((1.0 + level) / 2.0)) * found.error
    limits = (max(-1.0, found.value - reach), min(1.0, found.value + reach))
    name, title = NAMES[kind]
    label = WORDS[sum(found.value >= limit for limit in LIMITS[0])]
    # Where all agree the error is 0, and limits without width would claim certainty.
    interval = as_interval(limits, level) if found.error > CERTAIN else no_interval(level)
    return EffectSize(name, title, found.value, interval, "Fleiss, Cohen & Everitt 1969", label, LIMITS[1])


def _test(kind: str, found: paired_counts.Kappa, n: int, level: float) -> Test:
    z = found.value / found.error_by_chance
    return Test(
        role="primary",
        method=KAPPA,
        title=f"{NAMES[kind][1][0].upper()}{NAMES[kind][1][1:]}",
        symbol="kappa",
        statistic=found.value,
        df=(),
        pvalue=min(1.0, 2.0 * float(special.ndtr(-abs(z)))),
        n=n,
        estimate=Estimate("kappa", found.value, _effect(kind, found, level).interval),
    )


def _prevalence(counts: NDArray[np.int64]) -> Assumption:
    """Tell how frequent the most frequent value is: beyond .9 kappa is low though nearly all agree."""
    share = float((counts.sum(axis=0) + counts.sum(axis=1)).max() / (2.0 * counts.sum()))
    often = share > 0.9
    return Assumption(
        name="no value that nearly all have",
        verdict="doubtful" if often else "holds",
        consequence=(
            "Where nearly all have one value chance alone makes most agree, and kappa is low even then."
            if often
            else "Kappa counts only agreement beyond chance, which depends on how frequent the values are."
        ),
        magnitude=100.0 * share,
        magnitude_name="percent of all ratings with the most frequent value",
    )


def run_correlation(sample: RepeatedSample, *, level: float) -> Findings:
    """Tell how far two or more raters give the same cases the same numbers.

    Raises
    ------
    UnsuitableData
        All rate all cases alike, or nothing is left to chance.
    """
    left = sample.values - sample.values.mean(axis=1, keepdims=True)
    left = left - left.mean(axis=0)
    largest = float(np.abs(sample.values).max())
    if is_constant(moments(left.ravel()), beside=largest):
        raise UnsuitableData(
            f"{sample.name!r} differ by the same amounts in all {len(sample.values):,} cases, so that "
            "nothing "
            "is left to chance. Was one copied or computed from the other?"
        )
    found = raters.squares(sample.values)
    n = len(sample.values)
    rows, between = raters.f_of_rows(found), raters.f_of_raters(found)
    long = sample.outcome is not None
    primary = Test(
        role="primary",
        method=CORRELATION,
        title="F test of an intraclass correlation of 0",
        symbol="F",
        statistic=rows.statistic,
        df=(float(rows.df), float(rows.df_error)),
        pvalue=rows.pvalue,
        n=n,
    )
    raised = replace(
        primary,
        role="term",
        method="raters_differ",
        title="F test of raters that rate alike on average",
        statistic=between.statistic,
        df=(float(between.df), float(between.df_error)),
        pvalue=between.pvalue,
    )
    return Findings(
        sample=Used(sample.n_total, sample.values.size if long else n, dict(sample.dropped)),
        descriptives=tuple(
            describe(sample.outcome or name, name, values, level=level)
            for name, values in zip(sample.measures, sample.values.T, strict=True)
        ),
        assumptions=(_raters(between.pvalue), INDEPENDENT_CASES),
        tests=(primary, raised),
        effect_sizes=_correlations(found, level),
    )


def _correlations(found: raters.Squares, level: float) -> tuple[EffectSize, ...]:
    absolute, limits = raters.agreement(found, level)
    relative, relative_limits = raters.consistency(found, level)
    of_all = raters.of_mean(absolute, found.k)
    all_limits = (raters.of_mean(limits[0], found.k), raters.of_mean(limits[1], found.k))
    how = "McGraw & Wong 1996"
    return (
        _correlation("icc_agreement", "ICC(A,1)", absolute, limits, (how, level)),
        _correlation("icc_consistency", "ICC(C,1)", relative, relative_limits, (how, level)),
        _correlation("icc_of_mean", f"ICC(A,{found.k})", of_all, all_limits, (how, level)),
    )


def _correlation(
    name: str, title: str, value: float, limits: tuple[float, float], how: tuple[str, float]
) -> EffectSize:
    label = ICC_WORDS[sum(value >= limit for limit in ICC_LIMITS[0])]
    return EffectSize(name, title, value, as_interval(limits, how[1]), how[0], label, ICC_LIMITS[1])


def _raters(pvalue: float) -> Assumption:
    differ = pvalue < 0.05
    return Assumption(
        name="raters that rate alike on average",
        verdict="doubtful" if differ else "holds",
        consequence=(
            "Some raters rate higher than others, which lowers ICC(A,1) and leaves ICC(C,1) as it is."
            if differ
            else "The data do not show that some raters rate higher than others."
        ),
        test="F",
        pvalue=pvalue,
    )
