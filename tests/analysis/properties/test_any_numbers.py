"""Whatever the numbers, a method gives finite results that lie where they must, or says why it cannot."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.analysis import methods
from jobs.analysis.results.result import Findings
from jobs.errors import LonghaulError
from tests.analysis.leaves import leaves
from tests.analysis.properties.strategies import a_plan, any_kind, crossed, every_method, share, thorough

SAMPLES = every_method(any_kind)
NAMES = {"linear_model": "linear_regression"}  # with several columns
TINY = 1e-9


def found_or_refused(method: str, sample, level: float = 0.95) -> Findings | None:
    try:
        return methods.run(a_plan(method), sample, level=level)
    except LonghaulError as refused:
        reason = str(refused)
    assert reason[-1] in ".?"
    assert len(reason) > 20
    return None


def assert_inside(value: float, interval) -> None:
    if interval is not None and interval.low is not None and interval.high is not None:
        slack = TINY * max(abs(value), abs(interval.low), abs(interval.high))
        assert interval.low - slack <= value <= interval.high + slack


def assert_sound(found: Findings) -> None:
    for value in leaves(found):
        assert not isinstance(value, np.ndarray)
        if isinstance(value, float | int | np.generic):
            assert math.isfinite(value)
    for test in found.tests:
        assert 0 <= test.pvalue <= 1
        assert test.n > 0
        if test.estimate is not None:
            assert_inside(test.estimate.value, test.estimate.interval)
    for effect in found.effect_sizes:
        assert_inside(effect.value, effect.interval)
        if effect.name.startswith(("rank_biserial", "cramers", "kendall_w", "eta", "omega", "partial")):
            assert -1 <= effect.value <= 1
    for pair in found.posthoc:
        assert 0 <= pair.pvalue <= 1
        assert_inside(pair.difference, pair.interval)
    assert [test.role for test in found.tests].count("primary") == bool(found.tests)


@pytest.mark.parametrize("method", SAMPLES)
@thorough
@given(data=st.data())
def test_any_numbers_give_a_sound_result_or_a_reason(method, data):
    found = found_or_refused(NAMES.get(method, method), data.draw(SAMPLES[method]))

    if found is not None:
        assert_sound(found)


@thorough
@given(
    st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
        lambda shape: st.lists(
            st.lists(st.sampled_from([0, 1, 2, 5, 40, 1000, 10**7]), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )
)
def test_any_counts_give_a_sound_result_or_a_reason(counts):
    found = found_or_refused("chi_square_independence", crossed(counts))

    if found is not None:
        assert_sound(found)


@thorough
@given(st.tuples(st.integers(0, 400), st.integers(1, 400), st.floats(0.001, 0.999)))
def test_any_share_gives_a_sound_result(both):
    assert_sound(found_or_refused("binomial_test", share(both)))
