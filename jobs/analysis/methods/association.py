"""Category by category: chi2, an exact or permuted test where counts are small, Cramér's V, odds, shares."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.methods.common import INDEPENDENCE, as_interval, effect_size, seed
from jobs.analysis.methods.two_by_two import Turned, ratios, share_difference, signed, turn
from jobs.analysis.numerics import contingency, noncentral
from jobs.analysis.numerics.contingency import Independence
from jobs.analysis.results.result import (
    Assumption,
    CrossTable,
    EffectSize,
    Findings,
    Plan,
    Test,
)
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.samples import CrossSample
from jobs.errors import TooFewValues, UnsuitableData

METHODS = ("chi_square_independence", "fisher_exact")
SMALL_COUNT = 5.0  # expected: below it chi2 is a rough guide to p (Cochran 1954)
SPARSE_SHARE = 0.2  # of cells with small expected counts, beyond which a larger table is called sparse
DRAWS = 10_000
FEWER_DRAWS = 1_000  # for tables above MANY_CELLS, so that a table takes a second at most
MANY_CELLS = 200


def choose(plan: Plan, sample: CrossSample) -> Plan:
    """Choose chi2; say whether the expected counts let it decide (`run` puts Fisher's test first if not)."""
    _require(sample)
    expected = contingency.chi_square(sample.counts).expected
    smallest = float(expected.min())
    both = f"{sample.row} and {sample.column} are categories"
    if _is_small(sample.counts, expected):
        because = (
            f"{both} with two values each and a smallest expected count of {smallest:.1f}, below 5: "
            "Fisher's exact test decides, chi-squared stands beside it."
        )
    elif _is_sparse(expected):
        because = (
            f"{both}; the smallest expected count is {smallest:.1f}, so a permutation test is put beside "
            "the chi-squared test."
        )
    else:
        because = (
            f"{both}, and every expected count is large enough for chi-squared (smallest {smallest:.1f})."
        )
        if smallest < SMALL_COUNT:
            because = (
                f"{both}; hardly any expected count is below 5 (the smallest is {smallest:.1f}), so "
                "chi-squared holds."
            )
    return replace(plan, method="chi_square_independence", because=because)


def _require(sample: CrossSample) -> None:
    counts = sample.counts
    for name, levels, totals in (
        (sample.row, sample.row_levels, counts.sum(axis=1)),
        (sample.column, sample.column_levels, counts.sum(axis=0)),
    ):
        if len(levels) < 2:
            raise UnsuitableData(
                f"Column {name!r} has {len(levels)} value; an association needs two or more."
            )
        if bool(np.any(totals == 0)):
            empty = levels[int(np.argmin(totals))]
            raise UnsuitableData(f"No row has the value {empty!r} of {name!r}; leave it out.")
    if int(counts.sum()) < 4:
        raise TooFewValues(
            f"{int(counts.sum())} rows have both {sample.row!r} and {sample.column!r}; at least 4 are needed."
        )


def _is_small(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> bool:
    return counts.shape == (2, 2) and bool(np.any(expected < SMALL_COUNT))


def _is_sparse(expected: NDArray[np.float64]) -> bool:
    small = float(np.mean(expected < SMALL_COUNT))
    return expected.shape != (2, 2) and (small > SPARSE_SHARE or float(expected.min()) < 1.0)


def run(plan: Plan, sample: CrossSample, *, level: float) -> Findings:
    """Test whether the two categories go together, and where.

    Raises
    ------
    UnsuitableData, TooFewValues
        A category has one value, a level without rows, or there are fewer than four rows.
    """
    _require(sample)
    found = contingency.chi_square(sample.counts)
    n, turned = int(sample.counts.sum()), turn(plan, sample)
    return Findings(
        sample=Used(sample.n_total, n, dict(sample.dropped)),
        assumptions=(_expected_counts(sample.counts, found.expected), INDEPENDENCE),
        tests=_tests(plan, sample, found, turned, level),
        effect_sizes=_effect_sizes(sample.counts, found, turned, level),
        table=_table(sample, found, turned),
    )


def _tests(
    plan: Plan, sample: CrossSample, found: Independence, turned: Turned | None, level: float
) -> tuple[Test, ...]:
    counts, n = sample.counts, int(sample.counts.sum())
    title = "Pearson's chi-squared test"
    chi_square = Test(
        "primary",
        "chi_square_independence",
        title,
        "chi2",
        found.statistic,
        (float(found.df),),
        found.pvalue,
        n,
    )
    if turned is None:
        if plan.method == "fisher_exact":
            raise UnsuitableData(
                f"Fisher's exact test takes a 2 x 2 table; {sample.row!r} by {sample.column!r} is "
                f"{counts.shape[0]} x {counts.shape[1]}. Use the method 'chi_square_independence'."
            )
        return (chi_square, _permutation(counts, found)) if _is_sparse(found.expected) else (chi_square,)
    chi_square = replace(chi_square, estimate=share_difference(turned, level))
    fisher = _fisher(turned, chi_square)
    small = _is_small(counts, found.expected) and not plan.explicit
    if small or plan.method == "fisher_exact":
        return replace(fisher, role="primary"), replace(chi_square, role="sensitivity")
    return chi_square, fisher


def _fisher(turned: Turned, chi_square: Test) -> Test:
    """Test exactly; the test has no statistic of its own, so phi is shown, above 0 like the difference."""
    return replace(
        chi_square,
        role="sensitivity",
        method="fisher_exact",
        title="Fisher's exact test",
        symbol="phi",
        statistic=signed(turned, contingency.cramers_v(chi_square.statistic, turned.counts)),
        df=(),
        pvalue=contingency.fisher_exact(turned.counts),
        exact=True,
    )


def _permutation(counts: NDArray[np.int64], found: Independence) -> Test:
    draws = DRAWS if counts.size <= MANY_CELLS else FEWER_DRAWS
    pvalue = contingency.permutation_pvalue(counts, found.statistic, draws=draws, seed=seed(counts))
    return Test(
        role="sensitivity",
        method="permutation_chi_square",
        title=f"Permutation test ({draws:,} tables with the same margins)",
        symbol="chi2",
        statistic=found.statistic,
        df=(),
        pvalue=pvalue,
        n=int(counts.sum()),
    )


def _effect_sizes(
    counts: NDArray[np.int64], found: Independence, turned: Turned | None, level: float
) -> tuple[EffectSize, ...]:
    limits = noncentral.chi2_limits(found.statistic, found.df, level)
    plain = contingency.cramers_v(found.statistic, counts)
    corrected = contingency.corrected_v(found.statistic, counts)
    effects = [
        effect_size(
            "cramers_v",
            "Cramér's V",
            plain,
            as_interval(_limits(limits, counts, plain), level),
            method="noncentral chi2",
            scale="r",
        ),
        effect_size(
            "cramers_v_corrected",
            "bias-corrected Cramér's V",
            corrected,
            as_interval(_corrected_limits(limits, counts, corrected), level),
            method="noncentral chi2, corrected like the estimate",
            scale="r",
        ),
    ]
    return (*effects, *(ratios(turned, level) if turned is not None else ()))


def _limits(limits: tuple[float, float], counts: NDArray[np.int64], value: float) -> tuple[float, float]:
    low, high = (contingency.cramers_v(limit, counts) for limit in limits)
    return min(low, value), max(high, value)


def _corrected_limits(
    limits: tuple[float, float], counts: NDArray[np.int64], value: float
) -> tuple[float, float]:
    low, high = (contingency.corrected_v(limit, counts) for limit in limits)
    return min(low, value), max(high, value)


def _table(sample: CrossSample, found: Independence, turned: Turned | None) -> CrossTable:
    residuals = contingency.adjusted_residuals(sample.counts, found.expected)
    return CrossTable(
        row=sample.row,
        column=sample.column,
        row_levels=sample.row_levels,
        column_levels=sample.column_levels,
        counts=tuple(tuple(row) for row in sample.counts.tolist()),
        expected=tuple(tuple(row) for row in found.expected.tolist()),
        adjusted_residuals=tuple(tuple(row) for row in residuals.tolist()),
        event=turned.event if turned else None,
        group=turned.group if turned else None,
        reference=turned.reference if turned else None,
    )


def _expected_counts(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> Assumption:
    smallest = float(expected.min())
    if _is_small(counts, expected):
        consequence = "With a small expected count chi-squared is rough; Fisher's exact test is not."
    elif _is_sparse(expected):
        consequence = "Many cells are thin, so chi-squared is rough; compare the permutation test."
    else:
        consequence = "The expected counts are large enough for chi-squared."
    doubtful = _is_small(counts, expected) or _is_sparse(expected)
    return Assumption(
        name="expected counts",
        verdict="doubtful" if doubtful else "holds",
        consequence=consequence,
        magnitude=smallest,
        magnitude_name="smallest expected count",
    )
