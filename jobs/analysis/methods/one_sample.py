"""One sample against a value: the t test and signed ranks beside each other; a share by its exact test."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from jobs.analysis.methods.centred import (
    Against,
    assumptions,
    rank_biserial,
    rank_test,
    standardised,
    t_test,
    zeros,
)
from jobs.analysis.methods.common import (
    INDEPENDENCE,
    SKEWED,
    SMALL,
    as_interval,
    describe,
    effect_size,
    extreme_outliers,
    is_ordinal,
    require_usable,
)
from jobs.analysis.numerics.contingency import wilson
from jobs.analysis.numerics.moments import moments, skewness
from jobs.analysis.numerics.signed_rank import signed_rank
from jobs.analysis.results.result import EffectSize, Estimate, Findings, Interval, Plan, Share, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.designs import OneSample, ShareSample

Floats = NDArray[np.float64]

RANKS = "one_sample_signed_rank"
TITLES = {
    "one_sample_t_test": "One-sample t test",
    RANKS: "One-sample signed-rank test",
    "binomial_test": "Exact binomial test",
}
METHODS = tuple(TITLES)
NAMED_T = ("one_sample_t_test", TITLES["one_sample_t_test"], "mean")
NAMED_RANKS = (RANKS, TITLES[RANKS], "pseudomedian")


def choose(plan: Plan, sample: OneSample) -> Plan:
    """Choose between the mean and signed ranks by measurement level and the shape of few values.

    A plan that already says ranks, because the question asks for a median, stays.
    """
    require_usable(sample.outcome, [sample.values])
    if plan.method == RANKS:
        return plan
    reason = _reason_for_ranks(sample)
    if reason is not None:
        because = f"{reason}, so ranks of the differences from {sample.value:g} are tested ({TITLES[RANKS]})."
        return replace(plan, method=RANKS, because=because)
    because = (
        f"The mean of {sample.values.size:,} values of {sample.outcome} is compared with {sample.value:g} "
        f"({TITLES['one_sample_t_test']})."
    )
    return replace(plan, method="one_sample_t_test", because=because)


def _reason_for_ranks(sample: OneSample) -> str | None:
    values = sample.values
    if is_ordinal(values):
        return f"{sample.outcome} takes {np.unique(values).size} whole numbers, like a rating"
    skew = skewness(values) or 0.0
    if values.size < SMALL and abs(skew) > SKEWED:
        return f"There are {values.size} values and they are skewed ({skew:.2f})"
    if values.size < SMALL and (outliers := extreme_outliers(values)):
        return f"There are {values.size} values and extreme outliers ({outliers}) among them"
    return None


def run(plan: Plan, sample: OneSample, *, level: float) -> Findings:
    """Compare the middle of the values with the plan's value.

    Raises
    ------
    UnsuitableData
        All values are the same.
    """
    require_usable(sample.outcome, [sample.values])
    values, found = sample.values, moments(sample.values)
    around = Against(sample.value, level, sample.unit)
    differences = values - sample.value
    ranks = signed_rank(differences, level=level)
    tests = {
        "one_sample_t_test": t_test(NAMED_T, found, around),
        RANKS: rank_test(NAMED_RANKS, differences, ranks, around),
    }
    d, g = standardised(("cohen_d", "Cohen's d"), found, sample.value, level)
    biserial = rank_biserial(ranks, level)
    primary = replace(tests.pop(plan.method), role="primary")
    return Findings(
        sample=Used(sample.n_total, values.size, dict(sample.dropped)),
        descriptives=(describe(sample.outcome, None, values, level=level),),
        assumptions=(*assumptions(plan.method == RANKS, values, "values"), *zeros(differences)),
        tests=(primary, *tests.values()),
        effect_sizes=(biserial, d, g) if plan.method == RANKS else (d, g, biserial),
    )


def run_share(sample: ShareSample, *, level: float) -> Findings:
    """Compare the share of a level with a value.

    References
    ----------
    Equal to R's `binom.test`; the interval is Wilson's (`prop.test(correct = FALSE)`).
    """
    share = sample.hits / sample.n
    limits = Interval(*wilson(sample.hits, sample.n, level), level)
    spread = sample.share * (1.0 - sample.share) / sample.n
    score = (share - sample.share) ** 2 / spread
    return Findings(
        sample=Used(sample.n_total, sample.n, dict(sample.dropped)),
        assumptions=(INDEPENDENCE,),
        tests=(
            Test(
                role="primary",
                method="binomial_test",
                title=TITLES["binomial_test"],
                symbol="share",
                statistic=share,
                df=(),
                pvalue=min(1.0, float(stats.binomtest(sample.hits, sample.n, sample.share).pvalue)),
                n=sample.n,
                estimate=Estimate("share", share, limits),
                exact=True,
            ),
            Test(
                role="sensitivity",
                method="score_test_of_a_share",
                title="Score test of a share",
                symbol="chi2",
                statistic=score,
                df=(1.0,),
                pvalue=float(special.chdtrc(1.0, score)),
                n=sample.n,
            ),
        ),
        effect_sizes=(_cohen_h(sample, share, level),),
        share=Share(sample.outcome, sample.level, sample.hits, sample.n, share, sample.share, limits),
    )


def _cohen_h(sample: ShareSample, share: float, level: float) -> EffectSize:
    """Give the distance of two shares on the scale of angles, where their spread is 1 / n (Cohen 1988)."""
    h = float(2.0 * np.arcsin(np.sqrt(share)) - 2.0 * np.arcsin(np.sqrt(sample.share)))
    reach = float(special.ndtri((1.0 + level) / 2.0) / np.sqrt(sample.n))
    interval = as_interval((h - reach, h + reach), level)
    return effect_size("cohen_h", "Cohen's h", h, interval, method="normal, of the angle", scale="d")
