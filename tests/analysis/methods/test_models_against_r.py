"""Models give the numbers of R: `lm`, `glm` and `MASS::glm.nb` with `car` (tests/data/r/models.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.methods import counts, odds, prediction
from jobs.analysis.numerics.cross_validation import cross_validated
from jobs.analysis.sampling.models import Explaining, ModelSample
from tests.analysis.methods.reference import close, explicit, test_of

REFERENCE = json.loads((Path(__file__).parents[2] / "data/r/models.json").read_text())


def cases(kind: str):
    found = [case for case in REFERENCE["cases"] if case["kind"] == kind]
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def sample_of(case) -> ModelSample:
    predictors = tuple(
        Explaining(name, np.array(column["codes"], dtype=float), tuple(column["levels"]))
        if "levels" in column
        else Explaining(name, np.array(column["values"], dtype=float))
        for name, column in zip(case["names"], case["columns"], strict=True)
    )
    y = np.array(case["y"], dtype=float)
    return ModelSample("outcome", y, predictors, y.size, {}, events=("no", "yes"))


def assert_coefficients(model, expected, *, statistic: str, rel: float = 1e-9) -> None:
    found = model.coefficients
    assert [one.estimate for one in found] == close(expected["estimate"], rel=rel, abs_=1e-11)
    assert [one.error for one in found] == close(expected["error"])
    assert [one.statistic for one in found] == close(expected[statistic], rel=rel, abs_=1e-10)
    assert [one.pvalue for one in found] == close(expected["p"], abs_=1e-290)
    assert [one.interval.low for one in found] == close(expected["low"], rel=rel, abs_=1e-11)
    assert [one.interval.high for one in found] == close(expected["high"], rel=rel, abs_=1e-11)


def by_column(model, names):
    places = {found.column: found for found in model.predictors}
    return [places[name] for name in names]


def a_list(values):
    return values if isinstance(values, list) else [values]


@pytest.mark.agrees(
    "Linear regression", "coefficients, HC3 errors, tests, partial R2, VIF, R2, unseen R2", "lm, car"
)
@cases("least_squares")
def test_least_squares_agree_with_lm_and_hccm(case):
    expected, sample = case["expected"], sample_of(case)

    findings = prediction.run(explicit("linear_regression"), sample, level=0.95)
    unseen = cross_validated(sample.columns, sample.values, np.array(expected["folds"]))

    model = findings.model
    assert_coefficients(model, expected, statistic="t")
    assert [one.standardised for one in model.coefficients[1:]] == close(a_list(expected["standardised"]))
    robust, classic = test_of(findings, "linear_regression"), test_of(findings, "classic_f")
    assert (robust.statistic, robust.pvalue) == close((expected["wald"]["f"], expected["wald"]["p"]))
    assert (classic.statistic, classic.pvalue) == close(
        (expected["classic"]["f"], expected["classic"]["p"]), abs_=1e-290
    )
    terms = by_column(model, case["names"])
    assert [one.statistic for one in terms] == close(a_list(expected["terms"]["f"]))
    assert [one.pvalue for one in terms] == close(a_list(expected["terms"]["p"]), abs_=1e-290)
    assert [one.share for one in terms] == close(a_list(expected["terms"]["partial"]))
    assert [one.inflation for one in terms] == close(a_list(expected["terms"]["inflation"]))
    assert model.fit["r_squared"] == close(expected["r_squared"])
    assert model.fit["adjusted_r_squared"] == close(expected["adjusted"])
    assert model.fit["residual_sd"] == close(expected["sd"])
    interval = findings.effect_sizes[0].interval
    assert (interval.low, interval.high) == close(tuple(expected["interval"]), rel=1e-6)
    assert unseen == close(expected["unseen"])


def assert_general(findings, expected, names) -> None:
    model = findings.model
    assert_coefficients(model, expected, statistic="z")
    for place, (low, high) in enumerate(expected["profile"][1:], 1):
        found = model.coefficients[place].profile_interval
        assert (found.low, found.high) == close((low, high), abs_=1e-10)
    ratio, wald = findings.tests
    assert ratio.statistic == close(expected["ratio"]["chi"])
    assert ratio.pvalue == close(expected["ratio"]["p"], abs_=1e-290)
    assert ratio.df == (expected["ratio"]["df"],)
    assert wald.statistic == close(expected["wald"]["chi"])
    terms = by_column(model, names)
    assert [one.statistic for one in terms] == close(a_list(expected["terms"]["chi"]))
    assert [one.pvalue for one in terms] == close(a_list(expected["terms"]["p"]), abs_=1e-290)
    assert [one.inflation for one in terms] == close(a_list(expected["terms"]["inflation"]))
    for name in ("log_likelihood", "null_log_likelihood", "aic"):
        assert model.fit[name] == close(expected[name])


@pytest.mark.agrees("Logistic regression", "coefficients, profile limits, tests, McFadden, Tjur, AUC", "glm")
@cases("yes_no")
def test_logistic_regression_agrees_with_glm(case):
    expected = case["expected"]

    findings = odds.run(explicit("logistic_regression"), sample_of(case), level=0.95)

    assert_general(findings, expected, case["names"])
    curve, fit = findings.effect_sizes[0], findings.model.fit
    assert (fit["mcfadden"], fit["tjur"]) == close((expected["mcfadden"], expected["tjur"]))
    assert curve.value == close(expected["roc"]["auc"])
    assert (curve.interval.low, curve.interval.high) == close(tuple(expected["roc"]["interval"]), rel=1e-6)


@pytest.mark.agrees("Poisson regression", "coefficients, profile limits, tests, dispersion", "glm")
@cases("poisson")
def test_poisson_regression_agrees_with_glm(case):
    findings = counts.run(explicit("poisson_regression"), sample_of(case), level=0.95)

    assert_general(findings, case["expected"], case["names"])
    assert findings.model.fit["dispersion"] == close(case["expected"]["pearson"])


@pytest.mark.agrees(
    "Negative binomial regression", "coefficients, profile limits, tests, theta", "MASS::glm.nb"
)
@cases("negative_binomial")
def test_negative_binomial_regression_agrees_with_glm_nb(case):
    findings = counts.run(explicit("negative_binomial_regression"), sample_of(case), level=0.95)

    assert_general(findings, case["expected"], case["names"])
    assert findings.model.fit["theta"] == close(case["expected"]["theta"])
    assert findings.model.fit["dispersion"] == close(case["expected"]["pearson"])
