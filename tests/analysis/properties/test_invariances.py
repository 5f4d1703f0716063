"""What may not change a result, and how it must change when data are turned, doubled, shifted or scaled."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jobs.analysis import methods
from jobs.analysis.numerics.change import mann_kendall, theil_sen
from jobs.analysis.numerics.corrections import benjamini_hochberg, holm
from jobs.analysis.numerics.linear_model import DependentColumns, fit_model
from jobs.analysis.results.result import Findings
from jobs.errors import UnsuitableData
from tests.analysis.properties.strategies import (
    a_plan,
    adjusted,
    every_method,
    factorial,
    grouped,
    modelled,
    one,
    ordinary,
    paired,
    repeated,
    tables,
    thorough,
)

integers = st.integers(-60, 60).map(float)
groups = st.lists(st.lists(integers, min_size=4, max_size=9), min_size=2, max_size=4)
pairs = tables(st.just(integers), (5, 14), (2, 2))


def found(method: str, sample, level: float = 0.95) -> Findings:
    """Run the method; a refusal with its reason leaves nothing to compare."""
    try:
        return methods.run(a_plan(method), sample, level=level)
    except UnsuitableData:
        assume(False)
        raise


def assert_same_tests(one_found: Findings, other: Findings, *, sign: float = 1.0) -> None:
    for test, same in zip(one_found.tests, other.tests, strict=True):
        if test.symbol == "t" or test.symbol == "r":
            assert same.statistic == pytest.approx(sign * test.statistic, rel=1e-7, abs=1e-8)
        elif sign > 0:
            assert same.statistic == pytest.approx(test.statistic, rel=1e-7, abs=1e-8)
        assert same.pvalue == pytest.approx(test.pvalue, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("method", ["welch_t_test", "welch_anova", "one_way_anova", "kruskal_wallis"])
@thorough
@given(data=groups, seed=st.integers(0, 99))
def test_the_order_of_rows_within_groups_changes_nothing(method, data, seed):
    rng = np.random.default_rng(seed)
    data = data[:2] if method == "welch_t_test" else data * 2
    mixed = [rng.permutation(group) for group in data]

    assert_same_tests(found(method, grouped(data)), found(method, grouped(mixed)))


@pytest.mark.parametrize("method", ["welch_anova", "one_way_anova", "kruskal_wallis"])
@thorough
@given(data=groups)
def test_the_order_of_groups_changes_no_overall_test(method, data):
    data = [*data, [1.0, 2.0, 4.0]]

    one_found, other = found(method, grouped(data)), found(method, grouped(data[::-1]))

    assert_same_tests(one_found, other)
    for effect, same in zip(one_found.effect_sizes, other.effect_sizes, strict=True):
        assert same.value == pytest.approx(effect.value, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("method", ["two_way_anova", "ancova", "repeated_measures_anova", "friedman_test"])
@pytest.mark.parametrize(("factor", "shift"), [(0.25, 0.0), (1024.0, 1e6), (1.0, -4096.0)])
@thorough
@given(values=tables(st.just(integers), (8, 12), (3, 3)))
def test_a_change_of_unit_changes_no_test_of_a_design(method, factor, shift, values):
    def sample(numbers):
        if method == "two_way_anova":
            return factorial(numbers.ravel(), 2, 2)
        return adjusted(numbers, 2) if method == "ancova" else repeated(numbers)

    assert_same_tests(found(method, sample(values)), found(method, sample(values * factor + shift)))


@pytest.mark.parametrize("method", ["paired_t_test", "wilcoxon_signed_rank"])
@thorough
@given(values=pairs)
def test_exchanged_measures_turn_the_change(method, values):
    one_found, other = found(method, repeated(values)), found(method, repeated(values[:, ::-1].copy()))

    assert_same_tests(one_found, other, sign=-1.0)
    for effect, turned in zip(one_found.effect_sizes, other.effect_sizes, strict=True):
        assert turned.value == pytest.approx(-effect.value, rel=1e-9, abs=1e-12)


@thorough
@given(values=pairs)
def test_two_measures_are_one_sample_of_changes(values):
    both = found("paired_t_test", repeated(values)).tests
    alone = found("one_sample_t_test", one(values[:, 1] - values[:, 0], 0.0)).tests

    for test, same in zip(both, alone, strict=True):
        assert (same.statistic, same.pvalue) == pytest.approx((test.statistic, test.pvalue), rel=1e-12)


@thorough
@given(values=pairs)
def test_exchanged_columns_leave_a_correlation(values):
    one_found = found("pearson_correlation", paired(values))
    other = found("pearson_correlation", paired(values[:, ::-1].copy()))

    assert_same_tests(one_found, other)


@thorough
@given(values=tables(st.just(integers), (9, 14), (3, 3)), seed=st.integers(0, 99))
def test_the_order_of_rows_and_columns_changes_no_coefficient(values, seed):
    y, x, z = values.T
    assume((np.ptp(values, axis=0) > 0).all())
    order = np.random.default_rng(seed).permutation(len(y))
    try:
        model, mixed = fit_model([x, z], y), fit_model([z[order], x[order]], y[order])
    except DependentColumns:
        assume(False)
    assume(model.robust is not None and model.squares > 1e-9)

    assert mixed.coefficients == pytest.approx(model.coefficients[[0, 2, 1]], rel=1e-7, abs=1e-9)
    assert mixed.errors == pytest.approx(model.errors[[0, 2, 1]], rel=1e-7, abs=1e-9)


@thorough
@given(values=tables(st.just(integers), (8, 12), (2, 2)))
def test_rows_twice_keep_coefficients_and_shrink_errors(values):
    y, x = values.T
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)

    single, twice = fit_model([x], y), fit_model([np.tile(x, 2)], np.tile(y, 2))

    assert twice.coefficients == pytest.approx(single.coefficients, rel=1e-9, abs=1e-9)
    shrunk = np.sqrt((len(y) - 2) / (2 * len(y) - 2))
    assert twice.errors == pytest.approx(single.errors * shrunk, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("family", ["logistic_regression", "poisson_regression"])
@thorough
@given(values=tables(st.just(st.integers(0, 6).map(float)), (14, 20), (2, 2)))
def test_a_shifted_predictor_moves_the_intercept_alone(family, values):
    y = (values[:, 0] > 2).astype(float) if family == "logistic_regression" else values[:, 0]
    x = values[:, 1]

    near, far = found(family, modelled(y, [x])).model, found(family, modelled(y, [4.0 * x + 1000.0])).model

    assert far.coefficients[1].estimate == pytest.approx(
        near.coefficients[1].estimate / 4, rel=1e-6, abs=1e-9
    )
    assert far.coefficients[1].pvalue == pytest.approx(near.coefficients[1].pvalue, rel=1e-6, abs=1e-9)
    assert far.fit["log_likelihood"] == pytest.approx(near.fit["log_likelihood"], rel=1e-9)


@thorough
@given(values=st.lists(integers, min_size=5, max_size=25).map(np.array))
def test_a_series_told_backwards_falls_as_it_rose(values):
    t = np.arange(float(values.size))

    forth, back = mann_kendall(t, values), mann_kendall(t, values[::-1])

    assert (back.s, back.variance) == (-forth.s, forth.variance)
    assert theil_sen(t, values[::-1]) == pytest.approx(-theil_sen(t, values), abs=1e-12)


@thorough
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array))
def test_adjusted_p_values_are_no_smaller_keep_their_order_and_end_at_one(raw):
    for adjust in (holm, benjamini_hochberg):
        adjusted_too = adjust(raw)

        assert (adjusted_too >= raw * (1 - 1e-15)).all()
        assert (adjusted_too <= 1).all()
        assert (np.diff(adjusted_too[np.argsort(raw, kind="stable")]) >= 0).all()
    assert (benjamini_hochberg(raw) <= holm(raw) * (1 + 1e-12)).all()


LEVELLED = {name: samples for name, samples in every_method(ordinary).items() if name != "linear_model"}


@pytest.mark.parametrize("method", LEVELLED)
@thorough
@given(data=st.data())
def test_limits_widen_with_their_level(method, data):
    sample = data.draw(LEVELLED[method])

    narrow, wide = found(method, sample, 0.8), found(method, sample, 0.99)

    for inner, outer in zip(_intervals(narrow), _intervals(wide), strict=True):
        if None not in (inner.low, inner.high, outer.low, outer.high):
            slack = 1e-9 * max(abs(outer.low), abs(outer.high))
            assert outer.low - slack <= inner.low
            assert inner.high <= outer.high + slack


def _intervals(findings: Findings):
    yield from (test.estimate.interval for test in findings.tests if test.estimate is not None)
    for each in (*findings.effect_sizes, *findings.posthoc, *findings.adjusted):
        yield each.interval
    yield from (one_found.mean_interval for one_found in findings.descriptives if one_found.mean_interval)
