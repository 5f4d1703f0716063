"""Two groups: Welch's t and Mann-Whitney's U beside each other; Student's t where it is asked for."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jobs.analysis.methods.common import as_interval, effect_size
from jobs.analysis.methods.compared import Compared
from jobs.analysis.numerics import noncentral
from jobs.analysis.numerics.means import MeanDifference, student, welch
from jobs.analysis.numerics.moments import Moments
from jobs.analysis.numerics.ranks import RankSum, mann_whitney
from jobs.analysis.numerics.shift import hodges_lehmann
from jobs.analysis.results.result import EffectSize, Estimate, Interval, Test
from jobs.analysis.sampling.samples import GroupedSample

Floats = NDArray[np.float64]

TITLES = {
    "welch_t_test": "Welch's t test",
    "mann_whitney_u": "Mann-Whitney U test",
    "student_t_test": "Student's t test",
}


def compare(
    method: str, sample: GroupedSample, found: Sequence[Moments], *, level: float, means: bool
) -> Compared:
    """Test the first group against the second; every difference is first minus second.

    Parameters
    ----------
    method : str
        The primary test, a key of `TITLES`.
    found : two moments, of the groups in order
    means : bool
        False if neither group has any spread: then ranks alone are compared.
    """
    first, second = found
    tests: dict[str, Test] = {}
    effects: list[EffectSize] = []
    if means:
        tests["welch_t_test"] = _t_test("welch_t_test", sample, welch(first, second, level=level), level)
        effects.append(hedges_g(first, second, level))
    if method == "student_t_test":
        tests[method] = _t_test(method, sample, student(first, second, level=level), level)
    ordered = [np.sort(values) for values in sample.values]
    ranks = mann_whitney(ordered[0], ordered[1])
    tests["mann_whitney_u"] = _rank_test(sample, ordered, ranks, level)
    effects.append(_rank_biserial(ranks, first.n, second.n, level))
    if method == "mann_whitney_u":
        effects.reverse()
    primary = replace(tests.pop(method), role="primary")
    return Compared((primary, *tests.values()), tuple(effects))


def _t_test(method: str, sample: GroupedSample, found: MeanDifference, level: float) -> Test:
    interval = Interval(found.low, found.high, level)
    return Test(
        role="sensitivity",
        method=method,
        title=TITLES[method],
        symbol="t",
        statistic=found.statistic,
        df=(found.df,),
        pvalue=found.pvalue,
        n=sum(values.size for values in sample.values),
        estimate=Estimate("mean difference", found.difference, interval, sample.unit),
    )


def _rank_test(sample: GroupedSample, ordered: Sequence[Floats], found: RankSum, level: float) -> Test:
    shift = hodges_lehmann(ordered[0], ordered[1], level=level)
    interval = Interval(shift.low, shift.high, level)
    return Test(
        role="sensitivity",
        method="mann_whitney_u",
        title=TITLES["mann_whitney_u"],
        symbol="U",
        statistic=found.statistic,
        df=(),
        pvalue=found.pvalue,
        n=sum(values.size for values in ordered),
        estimate=Estimate("Hodges-Lehmann shift", shift.value, interval, sample.unit),
        exact=found.exact,
    )


def hedges_g(first: Moments, second: Moments, level: float) -> EffectSize:
    """Standardise by the pooled spread, less the bias of small samples (`effectsize::hedges_g` of R)."""
    df = first.n + second.n - 2
    scale = float(np.sqrt(1.0 / first.n + 1.0 / second.n))
    t = student(first, second, level=level).statistic
    unbiased = float(np.exp(special.gammaln(df / 2.0) - special.gammaln((df - 1) / 2.0)) / np.sqrt(df / 2.0))
    if df > 1e5:  # there the two logarithms are so large that their difference loses the digits
        unbiased = 1.0 - 3.0 / (4.0 * df - 1.0)
    low, high = (limit * scale * unbiased for limit in noncentral.t_limits(t, df, level))
    return effect_size(
        "hedges_g",
        "Hedges' g",
        t * scale * unbiased,
        as_interval((low, high), level),
        method="noncentral t, pooled standard deviation",
        scale="d",
    )


def _rank_biserial(found: RankSum, n: int, m: int, level: float) -> EffectSize:
    """Give the share of pairs in favour of the first group less that in favour of the second (Kerby 2014)."""
    r = 2.0 * found.statistic / (float(n) * m) - 1.0
    limits = None
    if abs(r) < 1.0:
        reach = float(special.ndtri((1.0 + level) / 2.0)) * np.sqrt((n + m + 1.0) / (3.0 * n * m))
        limits = (float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach)))
    return effect_size(
        "rank_biserial",
        "rank-biserial r",
        r,
        as_interval(limits, level),
        method="Fisher z" if limits else "none: every value of one group lies above the other group",
        scale="r",
    )
