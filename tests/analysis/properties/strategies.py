"""Samples of every shape with ordinary, tied and extreme numbers, and the plan that each is computed by."""

from collections.abc import Callable

import numpy as np
from hypothesis import Phase, settings
from hypothesis import strategies as st

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.adjusting import AdjustedSample
from jobs.analysis.sampling.designs import OneSample, RepeatedSample, ShareSample
from jobs.analysis.sampling.factors import FactorialSample
from jobs.analysis.sampling.matrices import MatrixSample
from jobs.analysis.sampling.models import Explaining, ModelSample
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, SingleSample
from jobs.analysis.sampling.times import TimeSample

# The same examples in every run, and no deadline that a busy machine could miss.
thorough = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # a failing example is found again at once; shrinking takes minutes
)

whole = st.integers(-5, 5).map(float)
decimal = st.integers(-(10**7), 10**7).map(lambda value: value / 1000)
far = st.integers(-50, 50).map(lambda value: 1e12 + value)
small = (0.0, -0.0, 5e-324, 1e-310, 1e-300, -1e-300, 1e-160, 1e-9)
large = (1e15, 1e16 + 2, 1e149, -1e149, 1e155, 1e300, -1e300, 1.7e308)  # infinite ones the reader leaves out
extreme = st.sampled_from([*small, 1.0, 1.0 + 2.0**-52, -1.0, 7.5, *large])
ordinary = st.sampled_from([whole, decimal, far])
any_kind = st.sampled_from([whole, decimal, far, extreme])


def a_plan(method: str, **params: str) -> Plan:
    return Plan("test", method, {}, confidence=1.0, because="given", explicit=True, params=params)


def lists(kinds: st.SearchStrategy, smallest: int, largest: int) -> st.SearchStrategy:
    return kinds.flatmap(lambda kind: st.lists(kind, min_size=smallest, max_size=largest)).map(np.array)


def tables(kinds: st.SearchStrategy, rows: tuple[int, int], columns: tuple[int, int]) -> st.SearchStrategy:
    """Give (n, k) arrays."""
    shape = st.tuples(st.integers(*rows), st.integers(*columns))
    return st.tuples(kinds, shape).flatmap(
        lambda both: st.lists(
            both[0], min_size=both[1][0] * both[1][1], max_size=both[1][0] * both[1][1]
        ).map(lambda values: np.array(values, dtype=float).reshape(both[1]))
    )


def grouped(groups) -> GroupedSample:
    values = tuple(np.array(group, dtype=float) for group in groups)
    levels = tuple(f"group {index}" for index in range(len(values)))
    return GroupedSample("outcome", "group", levels, values, sum(map(len, values)), {})


def paired(values) -> PairedSample:
    x, y = np.ascontiguousarray(values.T)
    return PairedSample("x", "y", x, y, x.size, {})


def repeated(values) -> RepeatedSample:
    return RepeatedSample(
        None, tuple(f"m{place}" for place in range(values.shape[1])), values, len(values), {}
    )


def one(values, against: float = 1.0) -> OneSample:
    return OneSample("x", values, against, values.size, {})


def factorial(values, first: int, second: int) -> FactorialSample:
    """Deal values to the cells in turn."""
    cells = [values[place :: first * second] for place in range(first * second)]
    rows = tuple(tuple(cells[row * second : (row + 1) * second]) for row in range(first))
    names = tuple(tuple(map(str, range(size))) for size in (first, second))
    return FactorialSample("y", "a", "b", *names, rows, values.size, {})


def adjusted(values, groups: int) -> AdjustedSample:
    places = np.arange(len(values)) % groups
    names, levels = tuple(f"x{n}" for n in range(values.shape[1] - 1)), tuple(map(str, range(groups)))
    return AdjustedSample(
        "y", "g", names, levels, values[:, 0].copy(), places, values[:, 1:].copy(), len(values), {}
    )


def modelled(y, columns) -> ModelSample:
    predictors = tuple(Explaining(f"x{place}", values) for place, values in enumerate(columns))
    return ModelSample("outcome", y, predictors, y.size, {}, events=("no", "yes"))


def series(values) -> TimeSample:
    n = values.size
    labels = tuple(map(str, range(n)))
    return TimeSample(
        "y", "t", np.arange(n, dtype=float), values, "day", "0", labels[-1], 7, n, 1, labels, n, {}
    )


def matrix(values) -> MatrixSample:
    return MatrixSample(tuple(f"c{place}" for place in range(values.shape[1])), values, len(values), {})


def crossed(counts) -> CrossSample:
    counts = np.asarray(counts, dtype=np.int64)
    rows, columns = (tuple(map(str, range(side))) for side in counts.shape)
    return CrossSample("row", "column", rows, columns, counts, int(counts.sum()), {})


def single(values) -> SingleSample:
    return SingleSample("x", values, values.size, {})


def share(both) -> ShareSample:
    hits, n, against = both
    return ShareSample("x", "yes", min(hits, n), n, against, n, {})


def _count_model(values) -> ModelSample:
    return modelled(np.abs(np.round(np.clip(values[:, 0], -1e6, 1e6))), values[:, 1:].T.copy())


def _yes_no_model(values) -> ModelSample:
    return modelled((values[:, 0] > np.median(values[:, 0])).astype(float), values[:, 1:].T.copy())


Made = tuple[st.SearchStrategy, Callable]

TWO = ("welch_t_test", "student_t_test", "mann_whitney_u")
MANY = ("welch_anova", "one_way_anova", "kruskal_wallis")
RELATED = ("pearson_correlation", "spearman_correlation", "kendall_correlation", "linear_regression")


def every_method(kinds: st.SearchStrategy) -> dict[str, st.SearchStrategy]:
    """Give for each method samples of numbers of these kinds."""
    two = st.tuples(lists(kinds, 2, 12), lists(kinds, 2, 12)).map(grouped)
    many = kinds.flatmap(
        lambda kind: st.lists(st.lists(kind, min_size=2, max_size=9), min_size=3, max_size=5)
    ).map(grouped)
    explained = tables(kinds, (6, 20), (2, 4))
    found = dict.fromkeys(TWO, two) | dict.fromkeys(MANY, many)
    found |= dict.fromkeys(RELATED, tables(kinds, (3, 20), (2, 2)).map(paired))
    found |= dict.fromkeys(
        ("paired_t_test", "wilcoxon_signed_rank"), tables(kinds, (3, 14), (2, 2)).map(repeated)
    )
    found |= dict.fromkeys(
        ("repeated_measures_anova", "friedman_test"), tables(kinds, (3, 9), (3, 5)).map(repeated)
    )
    found |= dict.fromkeys(("one_sample_t_test", "one_sample_signed_rank"), lists(kinds, 3, 14).map(one))
    found |= dict.fromkeys(
        ("correlation_matrix", "rank_correlation_matrix"), tables(kinds, (4, 12), (3, 4)).map(matrix)
    )
    found |= {
        "two_way_anova": st.tuples(lists(kinds, 12, 24), st.integers(2, 3), st.integers(2, 3)).map(
            lambda made: factorial(*made)
        ),
        "ancova": st.tuples(tables(kinds, (7, 20), (2, 3)), st.integers(2, 3)).map(
            lambda made: adjusted(*made)
        ),
        "trend_over_time": lists(kinds, 5, 30).map(series),
        "linear_model": explained.map(lambda values: modelled(values[:, 0].copy(), values[:, 1:].T.copy())),
        "logistic_regression": explained.map(_yes_no_model),
        "poisson_regression": explained.map(_count_model),
        "negative_binomial_regression": explained.map(_count_model),
        "profile": lists(kinds, 1, 15).map(single),
    }
    return found
