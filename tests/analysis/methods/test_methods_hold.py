"""What holds for every sample: finite numbers, limits around estimates, symmetry, no change by units."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jobs.analysis import methods
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, SingleSample
from jobs.errors import UnsuitableData
from tests.analysis.leaves import leaves

BOUND = 1e6
quick = settings(max_examples=40, deadline=None, derandomize=True)

whole = st.integers(-5, 5).map(float)
decimal = st.floats(-BOUND, BOUND, allow_nan=False).map(lambda value: round(value, 3))
tiny = st.integers(1, 50).map(lambda value: value * 1e-9)
any_numbers = st.sampled_from([whole, decimal, tiny])


def lists_of_groups(smallest: int, largest: int):
    return any_numbers.flatmap(
        lambda numbers: st.lists(
            st.lists(numbers, min_size=2, max_size=15), min_size=smallest, max_size=largest
        )
    )


def plan(method: str = "", **changes: object) -> Plan:
    return dataclasses.replace(Plan("test", method, {}, confidence=1.0, because=""), **changes)


def grouped(*groups) -> GroupedSample:
    values = tuple(np.array(group, dtype=float) for group in groups)
    levels = tuple(f"group {index}" for index in range(len(groups)))
    return GroupedSample("outcome", "group", levels, values, sum(map(len, groups)), {})


def paired(x, y) -> PairedSample:
    return PairedSample("x", "y", np.array(x, dtype=float), np.array(y, dtype=float), len(x), {})


def crossed(counts) -> CrossSample:
    table = np.array(counts, dtype=np.int64)
    rows, columns = (tuple(map(str, range(side))) for side in table.shape)
    return CrossSample("row", "column", rows, columns, table, int(table.sum()), {})


def found(sample, method: str | None = None) -> Findings:
    """Run the method, or the one that is chosen; a refusal with its reason leaves nothing to check."""
    try:
        chosen = methods.choose(plan(), sample) if method is None else plan(method, explicit=True)
        return methods.run(chosen, sample)
    except UnsuitableData:
        assume(False)
        raise


def assert_sound(findings: Findings) -> None:
    for value in leaves(findings):
        assert not isinstance(value, float) or math.isfinite(value)
        assert not isinstance(value, np.ndarray)
    for test in findings.tests:
        assert 0 <= test.pvalue <= 1
    for pair in findings.posthoc:
        assert 0 <= pair.pvalue <= 1
        assert_inside(pair.difference, pair.interval)
    estimates = [test.estimate for test in findings.tests if test.estimate is not None]
    for estimate in (*estimates, *findings.effect_sizes):
        assert_inside(estimate.value, estimate.interval)
    assert [test.role for test in findings.tests].count("primary") == bool(findings.tests)


def assert_inside(value: float, interval) -> None:
    if interval.low is not None:
        slack = 1e-9 * max(abs(value), abs(interval.low), abs(interval.high))
        assert interval.low - slack <= value <= interval.high + slack


@quick
@given(lists_of_groups(2, 2))
def test_two_groups_of_any_values_give_finite_numbers(groups):
    assert_sound(found(grouped(*groups)))


@quick
@given(lists_of_groups(3, 6))
def test_many_groups_of_any_values_give_finite_numbers(groups):
    assert_sound(found(grouped(*groups)))


@quick
@given(lists_of_groups(3, 4), st.sampled_from(["welch_anova", "kruskal_wallis", "one_way_anova"]))
def test_each_method_for_many_groups_gives_finite_numbers(groups, method):
    assert_sound(found(grouped(*groups), method))


@quick
@given(any_numbers.flatmap(lambda value: st.lists(st.tuples(value, value), min_size=3, max_size=30)))
def test_pairs_of_any_values_give_finite_numbers(pairs):
    assert_sound(found(paired(*zip(*pairs, strict=True))))


@quick
@given(
    st.tuples(st.integers(2, 4), st.integers(2, 5)).flatmap(
        lambda shape: st.lists(
            st.lists(st.integers(0, 30), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )
)
def test_tables_of_any_counts_give_finite_numbers(counts):
    assert_sound(found(crossed(counts)))


@quick
@given(any_numbers.flatmap(lambda value: st.lists(value, min_size=1, max_size=30)))
def test_any_one_number_gives_finite_numbers(values):
    assert_sound(found(SingleSample("x", np.array(values), len(values), {}), "profile"))


@quick
@given(lists_of_groups(2, 2))
def test_swapping_two_groups_turns_every_sign(groups):
    one = found(grouped(*groups), "welch_t_test")
    other = found(grouped(*reversed(groups)), "welch_t_test")

    for test, turned in zip(one.tests, other.tests, strict=True):
        assert turned.pvalue == pytest.approx(test.pvalue, rel=1e-9)
        scale = max(abs(test.estimate.interval.low or 0), abs(test.estimate.interval.high or 0))
        assert turned.estimate.value == pytest.approx(-test.estimate.value, rel=1e-9, abs=1e-12 * scale)
    for effect, turned_effect in zip(one.effect_sizes, other.effect_sizes, strict=True):
        assert turned_effect.value == pytest.approx(-effect.value, rel=1e-9, abs=1e-12)


@quick
@given(
    st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=12), min_size=2, max_size=5),
    st.sampled_from([2.0**-30, 0.25, 1024.0, 2.0**40]),
    st.integers(-1000, 1000),
)
def test_a_change_of_unit_changes_no_test_and_no_effect_size(groups, factor, shift):
    method = "welch_t_test" if len(groups) == 2 else "welch_anova"
    changed = [[(value + shift) * factor for value in group] for group in groups]

    one, other = found(grouped(*groups), method), found(grouped(*changed), method)

    for test, same in zip(one.tests, other.tests, strict=True):
        assert same.statistic == pytest.approx(test.statistic, rel=1e-8, abs=1e-9)
        assert same.pvalue == pytest.approx(test.pvalue, rel=1e-7, abs=1e-12)
    for effect, same_effect in zip(one.effect_sizes, other.effect_sizes, strict=True):
        if effect.name != "rank_epsilon_squared":  # its draws are seeded by the values themselves
            low = effect.interval.low or 0.0  # none where rounding decides whether the limits shrank onto 0
            assert (same_effect.interval.low or 0.0) == pytest.approx(low, rel=1e-6, abs=1e-8)
        assert same_effect.value == pytest.approx(effect.value, rel=1e-8, abs=1e-9)


@quick
@given(
    st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=4, max_size=30),
    st.sampled_from([0.5, 8.0]),
)
def test_correlations_keep_their_size_when_units_change(pairs, factor):
    x, y = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))

    one = found(paired(x, y), "pearson_correlation")
    other = found(paired(-factor * x + 3, y * factor), "pearson_correlation")

    for test, turned in zip(one.tests, other.tests, strict=True):
        assert turned.statistic == pytest.approx(-test.statistic, rel=1e-9, abs=1e-12)
    assert other.line.slope == pytest.approx(-one.line.slope, rel=1e-8, abs=1e-12)
    assert other.line.r_squared == pytest.approx(one.line.r_squared, rel=1e-8, abs=1e-12)


def test_the_same_data_give_the_same_resampled_numbers():
    rng = np.random.default_rng(3)
    groups, counts = [rng.normal(size=9) for _ in range(3)], [[1, 2, 0], [3, 0, 1], [0, 4, 1]]

    first = found(grouped(*groups)), found(crossed(counts))
    second = found(grouped(*groups)), found(crossed(counts))

    assert first == second


def test_ranks_that_differ_less_than_by_chance_have_no_limits_and_are_called_nothing():
    groups = grouped([1.0, 5.0, 9.0, 12.0], [2.0, 6.0, 8.0, 11.0], [3.0, 4.0, 7.0, 10.0])

    effect = next(
        one for one in found(groups, "kruskal_wallis").effect_sizes if one.name == "rank_epsilon_squared"
    )

    # R 4.2: kruskal.test(list(c(1, 5, 9, 12), c(2, 6, 8, 11), c(3, 4, 7, 10))): H = 0.115, p = .94
    assert effect.value == pytest.approx(0.11538461538461538 / 11, rel=1e-9)
    assert (effect.interval.low, effect.interval.high, effect.label) == (None, None, None)
