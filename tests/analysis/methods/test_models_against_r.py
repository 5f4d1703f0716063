"""Models give the numbers of R: `lm`, `glm` and `MASS::glm.nb` with `car` (tests/data/r/models.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.methods import prediction
from jobs.analysis.models import Explaining, ModelSample
from jobs.analysis.numerics.linear_model import cross_validated
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
