"""Categories of the same cases: McNemar's test of two measures, Cochran's Q of several.

The chi2 statistics stand without continuity correction, as all of them here do. Where few cases have changed
the exact test leads, unless the method was given.
"""

from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.common import as_interval, effect_size, no_interval
from jobs.analysis.numerics import paired_counts as numerics
from jobs.analysis.numerics.contingency import wilson
from jobs.analysis.numerics.corrections import holm
from jobs.analysis.results.rated import Rated, RatedShare
from jobs.analysis.results.result import (
    Assumption,
    EffectSize,
    Estimate,
    Findings,
    Interval,
    Pairwise,
    Plan,
    Test,
)
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.rated import RatedSample, counts_of
from jobs.analysis.tables.events import event_of
from jobs.errors import UnsuitableData

TWO, SEVERAL = "mcnemar_test", "cochran_q_test"
TITLES = {TWO: "McNemar's test", SEVERAL: "Cochran's Q test"}
METHODS = tuple(TITLES)
FEW_CHANGES = 25  # of two measures: below it chi2 is rough (Fagerland, Lydersen & Laake 2013)
LEAST_CASES, LEAST_CELLS = 4, 24  # of Q: cases that differ, and those times the measures (Tate & Brown 1970)
INDEPENDENT_CASES = Assumption(
    name="independent cases",
    verdict="not checked",
    consequence=(
        "Each case is taken as one person or thing that has nothing to do with the others; if measures were "
        "taken in an order, practice or time may be part of what differs."
    ),
)


def choose(plan: Plan, sample: RatedSample) -> Plan:
    """Choose by the number of measures; `run` lets the exact test decide where few cases have changed."""
    method = TWO if len(sample.measures) == 2 else SEVERAL
    because = (
        f"{' and '.join(sample.measures)} hold the same two categories of {len(sample.codes):,} cases, so "
        f"what differs within the cases is tested ({TITLES[method]})."
    )
    return replace(plan, method=method, because=because)


def run(plan: Plan, sample: RatedSample, *, level: float) -> Findings:
    """Test whether one of two categories is as frequent in each measure of the same cases.

    Raises
    ------
    UnsuitableData
        All measures say the same in every case.
    """
    event = event_of(sample.levels, np.bincount(sample.codes.ravel(), minlength=2).tolist())
    hits = sample.codes == event
    if bool(np.all(hits == hits[:, :1])):
        raise UnsuitableData(
            f"{sample.name!r} says the same of each of {len(hits):,} cases in every measure; there is no "
            "change to test."
        )
    told = rated_of(sample, hits, event, level)
    if plan.method == TWO:
        return _of_two(plan, sample, told, hits, level)
    return _of_several(sample, told, hits, level)


def rated_of(sample: RatedSample, hits: NDArray[np.bool_], event: int | None, level: float) -> Rated:
    """Tell the measures side by side; `hits` are (n, k) cases of the event, if there is one."""
    n = len(sample.codes)
    same = int(np.sum(np.all(sample.codes == sample.codes[:, :1], axis=1)))
    shares = [] if event is None else [int(found) for found in hits.sum(axis=0)]
    two = len(sample.measures) == 2
    return Rated(
        measures=sample.measures,
        levels=sample.levels,
        n=n,
        same=same,
        same_interval=Interval(*wilson(same, n, level), level),
        event=None if event is None else sample.levels[event],
        shares=tuple(
            RatedShare(measure, found, found / n, Interval(*wilson(found, n, level), level))
            for measure, found in zip(sample.measures, shares, strict=event is not None)
        ),
        counts=tuple(tuple(row) for row in counts_of(sample).tolist()) if two else None,
    )


def _of_two(plan: Plan, sample: RatedSample, told: Rated, hits: NDArray[np.bool_], level: float) -> Findings:
    first, second = hits.T
    up, down = int(np.sum(second & ~first)), int(np.sum(first & ~second))
    found = numerics.mcnemar(up, down)
    both, neither = int(np.sum(first & second)), int(np.sum(~first & ~second))
    counts = np.array([[both, down], [up, neither]])
    difference, low, high = numerics.paired_difference(counts, level)
    estimate = Estimate("difference in shares", difference, Interval(low, high, level))
    primary = Test(
        "primary", TWO, TITLES[TWO], "chi2", found.statistic, (1.0,), found.pvalue, told.n, estimate
    )
    beside = replace(primary, role="sensitivity", estimate=None)
    corrected = replace(
        beside,
        method=f"{TWO}_corrected",
        title=f"{TITLES[TWO]} with continuity correction",
        statistic=found.corrected,
        pvalue=found.corrected_pvalue,
    )
    exact = replace(
        beside,
        method="exact_mcnemar",
        title="Exact McNemar test",
        symbol="b",
        statistic=float(up),
        df=(),
        pvalue=found.exact_pvalue,
        exact=True,
    )
    mid = replace(
        exact, method="mid_p_mcnemar", title="McNemar test by mid-p", pvalue=found.mid_pvalue, exact=False
    )
    tests = (primary, exact, mid, corrected)
    if up + down < FEW_CHANGES and not plan.explicit:
        leading = replace(exact, role="primary", estimate=estimate)
        tests = (leading, replace(beside, estimate=None), mid, corrected)
    return Findings(
        sample=Used(sample.n_total, sample.rows_used, dict(sample.dropped)),
        assumptions=(_changes(up + down), INDEPENDENT_CASES),
        tests=tests,
        effect_sizes=_effects(up, down, level),
        rated=told,
    )


def _changes(changed: int) -> Assumption:
    few = changed < FEW_CHANGES
    return Assumption(
        name="enough cases that changed",
        verdict="doubtful" if few else "holds",
        consequence=(
            "With so few changes chi-squared is rough; the exact test and mid-p are not."
            if few
            else "Enough cases have changed for chi-squared."
        ),
        magnitude=float(changed),
        magnitude_name="cases that say one thing here and another there",
    )


def _effects(up: int, down: int, level: float) -> tuple[EffectSize, ...]:
    """Give the odds of a change towards the event against one away from it, and Cohen's g."""
    changed = up + down
    low, high = numerics.exact_share(up, changed, level)
    g = up / changed - 0.5
    found = [
        effect_size(
            "cohen_g",
            "Cohen's g",
            g,
            as_interval((low - 0.5, high - 0.5), level),
            method="exact (Clopper & Pearson)",
            scale="g",
        )
    ]
    if up and down:
        odds = effect_size(
            "discordant_odds_ratio",
            "odds ratio of the changes",
            up / down,
            as_interval((low / (1.0 - low), high / (1.0 - high)), level),
            method="exact (Clopper & Pearson)",
            scale=None,
        )
        found.insert(0, odds)
    return tuple(found)


def _of_several(sample: RatedSample, told: Rated, hits: NDArray[np.bool_], level: float) -> Findings:
    found = numerics.cochran_q(hits)
    varied = told.n - told.same
    enough = varied >= LEAST_CASES and varied * len(sample.measures) >= LEAST_CELLS
    return Findings(
        sample=Used(sample.n_total, sample.rows_used, dict(sample.dropped)),
        assumptions=(
            Assumption(
                name="enough cases whose measures differ",
                verdict="holds" if enough else "doubtful",
                consequence=(
                    "There are enough of them for chi-squared."
                    if enough
                    else "With so few of them chi-squared is rough; look at the pairs, which are exact."
                ),
                test="Tate & Brown 1970",
                magnitude=float(varied),
                magnitude_name="cases whose measures are not all the same",
            ),
            INDEPENDENT_CASES,
        ),
        tests=(
            Test(
                "primary",
                SEVERAL,
                TITLES[SEVERAL],
                "Q",
                found.statistic,
                (float(found.df),),
                found.pvalue,
                told.n,
            ),
        ),
        effect_sizes=(
            effect_size(
                "kendall_w",
                "Kendall's W",
                found.concordance,
                no_interval(level),
                method="none",
                scale="r",
            ),
        ),
        posthoc=_pairs(sample, hits, level),
        rated=told,
    )


def _pairs(sample: RatedSample, hits: NDArray[np.bool_], level: float) -> tuple[Pairwise, ...]:
    """Compare each pair of measures by the exact McNemar test, p-values after Holm."""
    places = list(combinations(range(len(sample.measures)), 2))
    together = 1.0 - (1.0 - level) / len(places)
    found = [_pair(sample, hits, place, together, level) for place in places]
    adjusted = holm(np.array([pair.pvalue for pair in found]))
    return tuple(replace(pair, pvalue=float(p)) for pair, p in zip(found, adjusted, strict=True))


def _pair(
    sample: RatedSample, hits: NDArray[np.bool_], place: tuple[int, int], together: float, level: float
) -> Pairwise:
    """Compare two measures; the interval covers its difference together with those of all other pairs."""
    a, b = hits[:, place[0]], hits[:, place[1]]
    more, less = int(np.sum(a & ~b)), int(np.sum(b & ~a))
    counts = np.array([[np.sum(a & b), less], [more, np.sum(~a & ~b)]])
    difference, low, high = numerics.paired_difference(counts, together)
    pvalue = numerics.mcnemar(more, less).exact_pvalue if more + less else 1.0
    names = sample.measures[place[0]], sample.measures[place[1]]
    return Pairwise(
        *names, difference, Interval(low, high, level), float(more), None, pvalue, "exact_mcnemar_holm"
    )
