"""A count is known by its values: small whole numbers from 0 with a tail to the right."""

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.catalogue import AS_NUMBER
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.models import Explaining, ModelSample

SOURCE = np.random.default_rng(11)
ROWS = 400
X, Z = SOURCE.normal(size=ROWS), SOURCE.normal(size=ROWS)
RATE = np.exp(0.9 + 0.4 * X)


def chosen(
    outcome: str, values: np.ndarray, because: str = f"'y' {AS_NUMBER} by 'x' and 'z' together."
) -> Plan:
    explaining = (Explaining("x", X), Explaining("z", Z))
    sample = ModelSample(outcome, values.astype(float), explaining, ROWS, {})
    roles = {"outcome": outcome, "predictor_1": "x", "predictor_2": "z"}
    return methods.choose(Plan("predict", "linear_regression", roles, 0.9, because), sample)


@pytest.mark.parametrize("name", ["conversions", "n_err", "n_errors", "goals"])
def test_small_whole_numbers_with_a_tail_are_modelled_as_counts_and_said_to_be(name):
    plan = chosen(name, SOURCE.poisson(RATE))

    assert plan.method == "poisson_regression"
    assert plan.because.startswith(f"By its values {name} counts something: whole numbers from 0 to")


def test_counts_that_spread_more_are_modelled_by_a_negative_binomial():
    plan = chosen("conversions", SOURCE.negative_binomial(1.2, 1.2 / (1.2 + RATE)))

    assert plan.method == "negative_binomial_regression"
    assert "By its values" in plan.because
    assert "times as much as a Poisson's" in plan.because


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("points_won", SOURCE.poisson(RATE)),
        ("tenure_years", SOURCE.poisson(RATE)),
        ("total", SOURCE.integers(1_000, 90_000, ROWS)),
        ("y", SOURCE.integers(1, 6, ROWS)),
        ("y", 10 - SOURCE.poisson(RATE).clip(0, 10)),
        ("y", SOURCE.integers(0, 10, ROWS)),
        ("y", SOURCE.poisson(RATE) + 2000),
        ("y", SOURCE.poisson(RATE) - 3),
        ("y", SOURCE.poisson(RATE) + 0.5),
    ],
)
def test_scores_years_large_and_negative_numbers_and_fractions_are_not_taken_for_counts(name, values):
    assert chosen(name, values).method not in ("poisson_regression", "negative_binomial_regression")


def test_whole_numbers_that_are_taken_as_categories_are_said_to_be():
    cylinders = Explaining("cyl", np.arange(ROWS) % 3.0, ("4", "6", "8"))
    regions = Explaining("region", np.arange(ROWS) % 3.0, ("east", "north", "west"))
    sample = ModelSample("mpg", X, (cylinders, regions, Explaining("x", Z)), ROWS, {})
    roles = {"outcome": "mpg", "predictor_1": "cyl", "predictor_2": "region", "predictor_3": "x"}

    plan = methods.choose(Plan("predict", "linear_regression", roles, 1.0, "", explicit=True), sample)

    assert len(plan.notes) == 1
    assert plan.notes[0].startswith("cyl holds the whole numbers 4, 6, 8: as they are few")


def test_a_model_that_the_question_names_is_kept():
    plan = chosen("conversions", SOURCE.poisson(RATE), because="'y' is modelled by Linear regression.")

    assert plan.method == "linear_regression"
