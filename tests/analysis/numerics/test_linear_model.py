"""Least squares keep the digits that NIST certifies, and refuse columns that determine each other."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.numerics.cross_validation import cross_validated, five_folds
from jobs.analysis.numerics.linear_model import (
    DependentColumns,
    fit_model,
)

NIST = json.loads((Path(__file__).parents[2] / "data/nist/regression.json").read_text())["cases"]
RNG = np.random.default_rng(20140305)


def digits(found: float, certified: float) -> float:
    """Give the log relative error, of which 15 is all that a float holds."""
    if found == certified:
        return 15.0
    return float(-np.log10(abs(found - certified) / (abs(certified) or 1.0)))


@pytest.mark.parametrize("case", NIST, ids=[case["name"] for case in NIST])
def test_nist_certified_values_are_met_to_six_digits(case):
    y = np.array(case["y"], dtype=float)
    columns = [np.array(x, dtype=float) for x in case["x"]]
    if case["degree"] > 1:
        columns = [columns[0] ** power for power in range(1, case["degree"] + 1)]

    model = fit_model(columns, y, intercept=case["intercept"])

    assert min(map(digits, model.coefficients, case["coefficients"])) >= 6
    assert digits(model.r_squared, case["r_squared"]) >= 6
    if case["residual_sd"]:
        assert min(map(digits, model.errors, case["errors"])) >= 6
        assert digits(np.sqrt(model.variance), case["residual_sd"]) >= 6
    else:  # an exact polynomial: what is left is rounding beside values up to three million
        assert np.sqrt(model.variance) <= 1e-9 * np.ptp(y)


def test_a_column_that_others_determine_is_named_by_its_place():
    a, b = RNG.normal(size=30), RNG.normal(size=30)

    with pytest.raises(DependentColumns) as raised:
        fit_model([a, b, 2 * a - b + 7], RNG.normal(size=30))

    assert raised.value.place == 2


def test_rows_that_were_not_seen_are_predicted_worse_than_those_that_were():
    columns = [RNG.normal(size=40) for _ in range(8)]
    y = columns[0] + RNG.normal(size=40)
    model = fit_model(columns, y)

    unseen = cross_validated(columns, y, five_folds(40, 7))

    assert unseen is not None
    assert unseen < model.r_squared


def test_folds_are_of_equal_size_and_the_same_for_the_same_seed():
    folds = five_folds(52, 11)

    assert sorted(np.bincount(folds)) == [10, 10, 10, 11, 11]
    assert (folds == five_folds(52, 11)).all()
    assert (folds != five_folds(52, 12)).any()
