"""Two categories within strata: Cochran-Mantel-Haenszel, the common odds ratio, and whether strata are alike.

The chi2 statistic stands without Yates' half, as all chi2 statistics here do; R's `mantelhaen.test` subtracts
it from 2 x 2 tables unless told `correct = FALSE`, so the corrected test stands beside it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.common import INDEPENDENCE, as_interval, effect_size
from jobs.analysis.methods.strata_odds import (
    apart,
    each_stratum,
    is_square,
    led_by_difference,
    odds_of,
    strength,
)
from jobs.analysis.numerics import contingency, noncentral
from jobs.analysis.numerics import stratified as numerics
from jobs.analysis.numerics.stratified import Homogeneity
from jobs.analysis.results.result import Assumption, CrossTable, EffectSize, Findings, Plan, Test
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.results.stratified import Odds, Strata
from jobs.analysis.sampling.strata import StrataSample
from jobs.errors import UnsuitableData

METHOD = "cochran_mantel_haenszel"
METHODS = (METHOD,)
TITLE = "Cochran-Mantel-Haenszel test"
LEAST_ROOM = 5.0  # rows that the first cells can move either way (Mantel & Fleiss 1980)
THIN = 0.2  # share of small expected cells beyond which chi2 is rough (Cochran 1954)
DIFFER = 0.05  # p below which strata are told to differ

Counts = NDArray[np.int64]


def choose(plan: Plan, sample: StrataSample) -> Plan:
    """Say why the strata are kept apart; `run` lets the exact test decide where 2 x 2 tables are thin."""
    informative = int(_varying(sample).sum())
    if _asks_whether_alike(plan):
        return plan
    because = (
        f"{sample.row} and {sample.column} are compared within {informative:,} values of {sample.stratum}, "
        "and what they show is put together (Cochran-Mantel-Haenszel)"
    )
    if _is_thin(sample.counts):
        because += "; the strata hold so few rows that the exact test decides"
    return replace(plan, because=f"{because}.")


def _varying(sample: StrataSample) -> NDArray[np.bool_]:
    varying = numerics.informative(sample.counts)
    if not bool(varying.any()):
        raise UnsuitableData(
            f"In no value of {sample.stratum!r} do both {sample.row!r} and {sample.column!r} vary, so "
            "nothing can be compared within them; name another column, or ask without it."
        )
    return varying


def _is_thin(counts: Counts) -> bool:
    return is_square(counts) and numerics.mantel_fleiss(counts) < LEAST_ROOM


def run(plan: Plan, sample: StrataSample, *, level: float) -> Findings:
    """Test whether the two categories go together within the strata.

    Raises
    ------
    UnsuitableData
        In no stratum do both vary, or it is asked whether strata differ and that cannot be tested.
    """
    varying = _varying(sample)
    counts, table = sample.counts, _table(sample)
    odds = odds_of(sample, level)
    alike = _alike(counts, varying, level)
    strata = Strata(
        stratum=sample.stratum,
        strata=each_stratum(sample, odds, level),
        values=len(sample.strata),
        informative=int(varying.sum()),
        odds=odds,
        thin_percent=100.0 * alike.thin if alike else None,
        with_row=strength(counts.sum(axis=2)),
        with_column=strength(counts.sum(axis=1)),
    )
    return Findings(
        sample=Used(sample.n_total, int(counts.sum()), dict(sample.dropped)),
        assumptions=_assumptions(sample, alike, strata),
        tests=_tests(plan, sample, alike),
        effect_sizes=(
            *(apart(sample, varying, level) if _asks_whether_alike(plan) else ()),
            *_effect_sizes(sample, odds, level),
        ),
        table=table,
        strata=strata,
    )


def _asks_whether_alike(plan: Plan) -> bool:
    """Return whether it is asked whether strata differ, not what they have in common."""
    return plan.params.get("focus") == "interaction"


def _tests(plan: Plan, sample: StrataSample, alike: Homogeneity | None) -> tuple[Test, ...]:
    counts, n = sample.counts, int(sample.counts.sum())
    found = numerics.mantel_haenszel(counts)
    primary = Test("primary", METHOD, TITLE, "chi2", found.statistic, (float(found.df),), found.pvalue, n)
    crude = contingency.chi_square(counts.sum(axis=0))
    without = replace(
        primary,
        role="sensitivity",
        method="chi_square_without_strata",
        title=f"Pearson's chi-squared test without {sample.stratum}",
        statistic=crude.statistic,
        df=(float(crude.df),),
        pvalue=crude.pvalue,
    )
    beside = [
        *_beside(primary, counts),
        *([] if alike is None else [_told_alike(primary, counts, alike)]),
        without,
    ]
    if _asks_whether_alike(plan):
        return led_by_difference(sample, primary, beside)
    exact = next((test for test in beside if test.exact), None)
    if exact is not None and _is_thin(counts) and not plan.explicit:
        rest = [test for test in beside if test is not exact]
        return replace(exact, role="primary"), replace(primary, role="sensitivity"), *rest
    return primary, *beside


def _beside(primary: Test, counts: Counts) -> list[Test]:
    """Give the tests that 2 x 2 tables have besides: with Yates' half, and exactly."""
    if not is_square(counts):
        return []
    corrected = numerics.mantel_haenszel(counts, corrected=True)
    found = [
        replace(
            primary,
            role="sensitivity",
            method=f"{METHOD}_corrected",
            title=f"{TITLE} with continuity correction",
            statistic=corrected.statistic,
            pvalue=corrected.pvalue,
        )
    ]
    exact = numerics.exact_pvalue(counts)
    if exact is not None:
        found.append(
            replace(
                primary,
                role="sensitivity",
                method="exact_conditional",
                title="Exact conditional test",
                symbol="S",
                statistic=float(counts[:, 0, 0].sum()),
                df=(),
                pvalue=exact,
                exact=True,
            )
        )
    return found


def _told_alike(primary: Test, counts: Counts, alike: Homogeneity) -> Test:
    square = is_square(counts)
    return replace(
        primary,
        role="term",
        method="breslow_day" if square else "shared_association",
        title="Breslow-Day test with Tarone's correction"
        if square
        else "Likelihood-ratio test of alike strata",
        statistic=alike.statistic,
        df=(float(alike.df),),
        pvalue=alike.pvalue,
    )


def _alike(counts: Counts, varying: NDArray[np.bool_], level: float) -> Homogeneity | None:
    """Test whether strata that say something are alike; None where one does, or no odds ratio is common."""
    useful = counts[varying]
    if len(useful) < 2:
        return None
    if not is_square(counts):
        return numerics.shared_association(useful)
    odds = numerics.common_odds(useful, level)
    return None if odds is None else numerics.breslow_day(useful, odds.value)


def _effect_sizes(sample: StrataSample, odds: Odds | None, level: float) -> tuple[EffectSize, ...]:
    """Give the common odds ratio, and Cramér's V of the statistic within strata."""
    found = numerics.mantel_haenszel(sample.counts)
    n, side = int(sample.counts.sum()), min(sample.counts.shape[1:]) - 1
    limits = noncentral.chi2_limits(found.statistic, found.df, level)
    value, low, high = (min(1.0, (chi2 / (n * side)) ** 0.5) for chi2 in (found.statistic, *limits))
    effects = [
        effect_size(
            "cramers_v_within",
            "Cramér's V within strata",
            value,
            as_interval((min(low, value), max(high, value)), level),
            method="noncentral chi2",
            scale="r",
        )
    ]
    if odds is not None:
        effects.insert(
            0,
            effect_size(
                "common_odds_ratio",
                "common odds ratio",
                odds.common,
                odds.interval,
                method="Robins, Breslow & Greenland 1986",
                scale=None,
            ),
        )
    return tuple(effects)


def _table(sample: StrataSample) -> CrossTable:
    """Give the counts without strata."""
    counts = sample.counts.sum(axis=0)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    residuals = contingency.adjusted_residuals(counts, expected)
    return CrossTable(
        row=sample.row,
        column=sample.column,
        row_levels=sample.row_levels,
        column_levels=sample.column_levels,
        counts=tuple(tuple(row) for row in counts.tolist()),
        expected=tuple(tuple(row) for row in expected.tolist()),
        adjusted_residuals=tuple(tuple(row) for row in residuals.tolist()),
    )


def _assumptions(sample: StrataSample, alike: Homogeneity | None, strata: Strata) -> tuple[Assumption, ...]:
    found = [_alikeness(sample, alike, strata)]
    if is_square(sample.counts):
        room = numerics.mantel_fleiss(sample.counts)
        thin = room < LEAST_ROOM
        found.append(
            Assumption(
                name="enough rows in the strata together",
                verdict="doubtful" if thin else "holds",
                consequence=(
                    "With so little room chi-squared is rough; the exact test is not."
                    if thin
                    else "The strata hold enough rows for chi-squared, even where each holds few."
                ),
                test="Mantel & Fleiss 1980",
                magnitude=room,
                magnitude_name="rows that the first cells could move",
            )
        )
    return (*found, INDEPENDENCE)


def _alikeness(sample: StrataSample, alike: Homogeneity | None, strata: Strata) -> Assumption:
    name, square = "strata that are alike", is_square(sample.counts)
    what = "odds ratio" if square else "association"
    if alike is None:
        why = "one stratum says something, or a cell is empty throughout"
        return Assumption(
            name, "not checked", f"Whether the {what} is the same everywhere cannot be tested: {why}."
        )
    differ, thin = alike.pvalue < DIFFER, alike.thin > THIN
    text = f"One {what} is told for all values of {sample.stratum}."
    if differ:
        text = f"The {what} is not the same everywhere; what is told for all is an average: look at each."
    if thin:
        text += " With strata as thin as these the test of it is rough."
    ratios = [one.odds_ratio for one in strata.strata if one.odds_ratio is not None]
    if 0.0 in ratios or any(one.infinite for one in strata.strata):
        text += f" {_ends(strata)}"
        ratios = []
    return Assumption(
        name=name,
        verdict="doubtful" if differ else "not checked" if thin else "holds",
        consequence=text,
        test="Breslow-Day with Tarone's correction" if square else "Likelihood ratio of the three-way term",
        statistic=alike.statistic,
        pvalue=alike.pvalue,
        magnitude=max(ratios) / min(ratios) if ratios else None,
        magnitude_name="largest to smallest odds ratio" if ratios else None,
    )


def _ends(strata: Strata) -> str:
    """Say between which odds ratios the strata lie where one of them is 0 or infinite."""
    known = [one.odds_ratio for one in strata.strata if one.odds_ratio is not None]
    infinite = any(one.infinite for one in strata.strata)
    low = "0" if min(known) == 0.0 else f"{min(known):.2f}"
    high = "infinite" if infinite else f"{max(known):.2f}"
    return f"The odds ratios run from {low} to {high}; where a cell is empty, one is 0 or infinite."
