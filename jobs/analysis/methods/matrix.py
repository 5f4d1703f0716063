"""Many numbers: every pair correlated, p-values corrected for the number of pairs."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy

from jobs.analysis.methods.common import (
    INDEPENDENCE,
    as_interval,
    describe,
    extreme_outliers,
    is_ordinal,
    require_usable,
)
from jobs.analysis.numerics.corrections import benjamini_hochberg, holm
from jobs.analysis.numerics.correlation import bonett_wright_interval, fisher_interval, pearson, spearman
from jobs.analysis.numerics.moments import skewness
from jobs.analysis.results.modelled import CorrelationMatrix, CorrelationPair
from jobs.analysis.results.result import Assumption, Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.matrices import MatrixSample

Floats = NDArray[np.float64]

RANKS = "rank_correlation_matrix"
METHODS = ("correlation_matrix", RANKS)
STRETCHED = 2.0  # |skewness| from which ranks tell more of a column
ALPHA = 0.05


def choose(plan: Plan, sample: MatrixSample) -> Plan:
    """Correlate ranks if half of the columns or more are ratings or stretched far to one side."""
    _require(sample)
    odd = sum(is_ordinal(values) or abs(skewness(values) or 0.0) > STRETCHED for values in _columns(sample))
    if plan.method == RANKS or 2 * odd < len(sample.columns):
        return plan
    because = (
        f"{odd} of {len(sample.columns)} columns are ratings or strongly skewed, so ranks are correlated."
    )
    return replace(plan, method=RANKS, because=because)


def run(plan: Plan, sample: MatrixSample, *, level: float) -> Findings:
    """Correlate every pair of columns over the rows that have both.

    Raises
    ------
    UnsuitableData
        A column is constant, in all rows or in those of a pair.
    """
    _require(sample)
    ranked = plan.method == RANKS
    pairs = tuple(_pairs(sample, ranked=ranked, level=level))
    raw = np.array([pair.pvalue for pair in pairs])
    corrected = zip(pairs, holm(raw), benjamini_hochberg(raw), strict=True)
    pairs = tuple(replace(pair, holm=float(a), bh=float(b)) for pair, a, b in corrected)
    return Findings(
        sample=Used(sample.n_total, sample.values.shape[0], dict(sample.dropped)),
        descriptives=tuple(
            describe(name, None, values, level=level)
            for name, values in zip(sample.columns, _columns(sample), strict=True)
        ),
        assumptions=(_outliers(sample, ranked=ranked), INDEPENDENCE),
        matrix=CorrelationMatrix(
            kind="spearman" if ranked else "pearson",
            columns=sample.columns,
            order=_order(sample.columns, pairs),
            pairs=tuple(sorted(pairs, key=lambda pair: -abs(pair.value))),
            count=len(pairs),
            shown=sum(pair.holm < ALPHA for pair in pairs),
            shown_bh=sum(pair.bh < ALPHA for pair in pairs),
        ),
    )


def _columns(sample: MatrixSample) -> Iterator[Floats]:
    for values in sample.values.T:
        yield np.ascontiguousarray(values[~np.isnan(values)])


def _require(sample: MatrixSample) -> None:
    for name, values in zip(sample.columns, _columns(sample), strict=True):
        require_usable(name, [values])


def _pairs(sample: MatrixSample, *, ranked: bool, level: float) -> Iterator[CorrelationPair]:
    for i, j in combinations(range(len(sample.columns)), 2):
        x, y = sample.values[:, i], sample.values[:, j]
        both = ~(np.isnan(x) | np.isnan(y))
        x, y = np.ascontiguousarray(x[both]), np.ascontiguousarray(y[both])
        require_usable(sample.columns[i], [x])
        require_usable(sample.columns[j], [y])
        found = spearman(x, y) if ranked else pearson(x, y)
        limits = bonett_wright_interval if ranked else fisher_interval
        interval = as_interval(limits(found.value, x.size, level), level)
        names = sample.columns[i], sample.columns[j]
        yield CorrelationPair(*names, found.value, interval, found.pvalue, found.pvalue, found.pvalue, x.size)


def _order(columns: tuple[str, ...], pairs: tuple[CorrelationPair, ...]) -> tuple[str, ...]:
    """Put columns that go together side by side, by average linkage of 1 - |r|."""
    if len(columns) < 3:
        return columns
    apart = np.array([max(0.0, 1.0 - abs(pair.value)) for pair in pairs])
    leaves = hierarchy.leaves_list(hierarchy.linkage(apart, method="average"))
    return tuple(columns[int(leaf)] for leaf in leaves)


def _outliers(sample: MatrixSample, *, ranked: bool) -> Assumption:
    worst, name = max(
        (extreme_outliers(values), name)
        for name, values in zip(sample.columns, _columns(sample), strict=True)
    )
    if ranked:
        return Assumption("no extreme outliers", "not needed", "Ranks do not depend on extreme values.")
    return Assumption(
        name="no extreme outliers",
        verdict="doubtful" if worst else "holds",
        consequence=(
            f"Extreme values, most of them in {name}, can make or hide a straight relation; compare "
            "the ranks."
            if worst
            else "No value lies more than 3 interquartile ranges beyond the quartiles."
        ),
        magnitude=float(worst),
        magnitude_name="most extreme values in a column",
    )
