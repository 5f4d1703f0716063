"""Every method: the order of rows, the unit of a number and the names of a table change no finding."""

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jobs.analysis import methods
from jobs.analysis.results.result import Findings
from jobs.analysis.sampling.models import Explaining, ModelSample
from jobs.analysis.sampling.strata import StrataSample
from jobs.analysis.sampling.times import TimeSample
from jobs.errors import TooFewValues, UnsuitableData
from tests.analysis.leaves import leaves
from tests.analysis.properties.strategies import a_plan, crossed, every_method, thorough

some = settings(thorough, max_examples=12)
integers = st.just(st.integers(-30, 30).map(float))
cells = st.lists(st.integers(1, 30), min_size=12, max_size=12).map(np.array)


def _stratified(numbers) -> StrataSample:
    levels = ("0", "1"), ("0", "1"), ("0", "1", "2")
    return StrataSample("r", "c", "s", *levels, numbers.reshape(3, 2, 2), int(numbers.sum()), {})


def neutral(sample):
    """Give a sample whose levels do not mean yes or no, as 1 and 0 do: those tell which share is compared."""
    return dataclasses.replace(
        sample,
        **{
            name: ("a", "b", "c", "d")[: len(levels)]
            for name, levels in vars(sample).items()
            if isinstance(levels, tuple)
        },
    )


DRAWN = every_method(integers)
DRAWN["linear_regression with several"] = DRAWN.pop("linear_model")
DRAWN["log_linear_regression"] = DRAWN["poisson_regression"].map(
    lambda made: dataclasses.replace(made, values=made.values + 1.0)
)
COUNTED = {
    "chi_square_independence": cells.map(lambda numbers: neutral(crossed(numbers.reshape(3, 4)))),
    "fisher_exact": cells.map(lambda numbers: neutral(crossed(numbers[:4].reshape(2, 2)))),
    "cochran_mantel_haenszel": cells.map(lambda numbers: neutral(_stratified(numbers))),
}
EVERY = DRAWN | COUNTED
# What time means is its order; whether rows may stand in any order is seen where they are read.
UNORDERED = [name for name in DRAWN if name != "trend_over_time"]
OUTCOME = {"poisson_regression", "negative_binomial_regression", "logistic_regression"}  # have no unit
UNSEEN = "cross_validated_r_squared"
FREE = [name for name in DRAWN if name not in OUTCOME]


def found(method: str, sample) -> Findings:
    """Run the method; a refusal with its reason leaves nothing to compare."""
    try:
        return methods.run(a_plan(method.partition(" ")[0]), sample)
    except (UnsuitableData, TooFewValues):
        assume(False)
        raise


def numbers_of(findings: object) -> list[float]:
    """Give all numbers but R2 of rows left out in turn, which are drawn by their places."""
    if isinstance(findings, Findings) and findings.model is not None:
        fit = {name: value for name, value in findings.model.fit.items() if name != UNSEEN}
        kept = tuple(one for one in findings.assumptions if "other rows" not in one.name)
        findings = dataclasses.replace(
            findings, model=dataclasses.replace(findings.model, fit=fit), assumptions=kept
        )
    return [float(value) for value in leaves(findings) if isinstance(value, int | float | np.generic)]


def verdicts(findings: Findings) -> list[tuple[str, str]]:
    """Give what is said of assumptions but of equal steps, which only whole numbers are asked about."""
    return [(one.name, one.verdict) for one in findings.assumptions if "equal steps" not in one.name]


def changed(value, change):
    """Give a sample in which `change` was done to every array of floats with an entry a row."""
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, tuple):
        return tuple(changed(each, change) for each in value)
    if isinstance(value, Explaining):
        return dataclasses.replace(value, values=change(value.values))
    return value


def with_arrays(sample, change):
    fields = {field.name: getattr(sample, field.name) for field in dataclasses.fields(sample)}
    return dataclasses.replace(sample, **{name: changed(value, change) for name, value in fields.items()})


def renamed(value):
    if isinstance(value, str):
        return f'µ {value} — "z"'
    if isinstance(value, tuple):
        return tuple(renamed(each) for each in value)
    return dataclasses.replace(value, name=renamed(value.name)) if isinstance(value, Explaining) else value


@pytest.mark.parametrize("method", UNORDERED)
@some
@given(data=st.data(), seed=st.integers(0, 99))
def test_rows_in_another_order_give_the_same_findings(method, data, seed):
    sample = data.draw(DRAWN[method])

    def mixed(array):
        # The same order for each array of one length, which are the columns of one table.
        return array[np.random.default_rng(seed).permutation(len(array))]

    one_found, other = found(method, sample), found(method, with_arrays(sample, mixed))

    assert numbers_of(other) == pytest.approx(numbers_of(one_found), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("method", FREE)
@pytest.mark.parametrize("factor", [2.0**-7, 2.0**11])
@some
@given(data=st.data())
def test_another_unit_gives_the_same_tests_and_sizes_of_effect(method, factor, data):
    sample = data.draw(DRAWN[method])
    scaled = with_arrays(sample, lambda array: array * factor if array.dtype == np.float64 else array)
    if isinstance(sample, TimeSample):
        scaled = dataclasses.replace(scaled, times=sample.times)
    if hasattr(sample, "value"):
        scaled = dataclasses.replace(scaled, value=sample.value * factor)

    one_found, other = found(method, sample), found(method, scaled)

    for test, same in zip(one_found.tests, other.tests, strict=True):
        assert (same.method, same.df) == (test.method, pytest.approx(test.df, rel=1e-9))
        assert (same.statistic, same.pvalue) == pytest.approx(
            (test.statistic, test.pvalue), rel=1e-7, abs=1e-9
        )
    assert [one.value for one in other.effect_sizes] == pytest.approx(
        [one.value for one in one_found.effect_sizes], rel=1e-7, abs=1e-9
    )
    assert verdicts(other) == verdicts(one_found)
    assert [one.pvalue for one in other.posthoc] == pytest.approx(
        [one.pvalue for one in one_found.posthoc], rel=1e-7, abs=1e-9
    )


@pytest.mark.parametrize("method", EVERY)
@some
@given(data=st.data())
def test_other_names_give_the_same_findings(method, data):
    sample = data.draw(EVERY[method])
    fields = {field.name: getattr(sample, field.name) for field in dataclasses.fields(sample)}
    named = {name: renamed(value) for name, value in fields.items() if name not in ("period", "labels")}
    if isinstance(sample, ModelSample) and sample.events:
        named["events"] = sample.events[0], "z"

    one_found, other = found(method, sample), found(method, dataclasses.replace(sample, **named))

    assert numbers_of(other) == numbers_of(one_found)


@pytest.mark.parametrize("method", COUNTED)
@some
@given(data=st.data(), seed=st.integers(0, 99))
def test_levels_in_another_order_give_the_same_p_values(method, data, seed):
    sample = data.draw(COUNTED[method])
    random = np.random.default_rng(seed)
    counts = sample.counts
    for axis, size in enumerate(counts.shape):
        counts = np.take(counts, random.permutation(size), axis)

    one_found, other = found(method, sample), found(method, dataclasses.replace(sample, counts=counts))

    for test, same in zip(one_found.tests, other.tests, strict=True):
        assert same.pvalue == pytest.approx(test.pvalue, rel=1e-7, abs=1e-12)
