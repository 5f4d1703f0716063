"""Two categories, and one number by itself, against numbers that R made."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.numerics.contingency import risk_ratio
from jobs.analysis.sampling.samples import CrossSample, SingleSample
from tests.analysis.methods.reference import (
    a_pvalue,
    assert_described,
    assert_limits,
    cases,
    close,
    effect_of,
    explicit,
    limits,
    test_of,
)

DATA = Path(__file__).parents[2] / "data/r"


def crossed(case: Mapping) -> CrossSample:
    counts = np.array(case["data"], dtype=np.int64)
    rows, columns = (tuple(f"level {index}" for index in range(side)) for side in counts.shape)
    return CrossSample("row", "column", rows, columns, counts, int(counts.sum()), {})


@pytest.mark.agrees("Pearson's chi2", "chi2, df, p, expected counts, residuals", "chisq.test")
@cases("crossed")
def test_chi_square_equals_r_without_yates(case):
    expected = case["expected"]["chi2"]

    found = methods.run(explicit("chi_square_independence"), crossed(case))

    test = found.tests[0]
    assert test.statistic == close(expected["statistic"])
    assert test.df == (expected["df"],)
    assert test.pvalue == a_pvalue(expected["p"])
    assert np.array(found.table.expected) == close(np.array(expected["expected"]))
    assert np.array(found.table.adjusted_residuals) == close(np.array(expected["residuals"]), abs_=1e-12)


@pytest.mark.agrees("Cramer's V", "V, limits, V less its bias", "effectsize, pchisq")
@cases("crossed")
def test_cramers_v_equals_effectsize(case):
    expected = case["expected"]["v"]

    found = methods.run(explicit("chi_square_independence"), crossed(case))

    plain, corrected = effect_of(found, "cramers_v"), effect_of(found, "cramers_v_corrected")
    assert plain.value == close(expected["value"], abs_=1e-9)
    if expected["value"] > 1e-6:  # an exactly independent table has no upper limit above 0
        assert_limits(plain, *expected["interval"])
        if plain.interval.high is not None:
            assert limits(plain.interval) == close(expected["effectsize"][1:], rel=2e-2, abs_=2e-3)
    assert corrected.value == close(case["expected"]["corrected"], abs_=1e-9)


@pytest.mark.agrees(
    "Fisher, odds ratio, risk difference, permuted tables",
    "p, estimates, limits",
    "fisher.test, effectsize, prop.test",
)
@cases("crossed")
def test_small_tables_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("chi_square_independence"), crossed(case))

    if "fisher" in expected:
        assert test_of(found, "fisher_exact").pvalue == a_pvalue(expected["fisher"])
        difference = found.tests[0].estimate
        assert [difference.value, *limits(difference.interval)] == close(_turned(expected["difference"]))
    if "odds" in expected:
        odds = effect_of(found, "odds_ratio")
        logarithms = _turned(list(np.log(expected["odds"])))
        assert [odds.value, *limits(odds.interval)] == close(list(np.exp(logarithms)))
    if len(found.tests) > 1 and "permutation" in expected:
        # Two simulations of 10,000 and 200,000 tables: five standard errors of the smaller one.
        p = expected["permutation"]
        error = 5 * np.sqrt(p * (1 - p) / 10_000) + 2e-4
        assert test_of(found, "permutation_chi_square").pvalue == close(p, rel=0, abs_=error)


def _turned(found: list[float]) -> list[float]:
    """Give a difference and its limits in the direction in which it is not below 0."""
    value, low, high = found
    return found if value >= 0.0 else [-value, -high, -low]


@pytest.mark.parametrize("case", json.loads((DATA / "risk.json").read_text()))
def test_risk_ratios_equal_those_of_a_log_binomial_model(case):
    found = risk_ratio(np.array(case["counts"], dtype=np.int64), case["level"])

    assert found == close(case["risk"])
    assert found[0] == close(case["effectsize"])


def test_a_risk_ratio_holds_where_a_share_is_one_and_not_where_it_is_none():
    counts = np.array([[5, 0], [2, 9]])

    certain, never = risk_ratio(counts, 0.95), risk_ratio(counts[:, ::-1], 0.95)

    assert certain is not None
    assert certain[0] == close(5.5)
    assert never is None


@pytest.mark.agrees(
    "Description of one number",
    "mean, sd, limits, quartiles, skewness, Shapiro-Wilk",
    "quantile, e1071, shapiro.test",
)
@cases("single")
def test_description_of_one_number_equals_r(case):
    values = np.array(case["data"], dtype=float)

    found = methods.run(explicit("profile"), SingleSample("x", values, values.size, {}))

    assert_described(found.descriptives[0], case["expected"])
    if values.size > 2:
        shapiro = case["expected"]["shapiro"]
        assert found.assumptions[0].statistic == close(shapiro["statistic"], rel=1e-7)
        assert found.assumptions[0].pvalue == close(shapiro["p.value"], rel=1e-5)
