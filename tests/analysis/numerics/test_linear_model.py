"""Least squares refuse columns that determine each other, and predict rows that were not seen."""

from fractions import Fraction

import numpy as np
import pytest

from jobs.analysis.numerics.cross_validation import cross_validated, five_folds
from jobs.analysis.numerics.linear_model import (
    DependentColumns,
    fit_model,
)
from tests.analysis.methods.reference import close

RNG = np.random.default_rng(20140305)


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


def exactly(columns, y):
    """Solve the normal equations in fractions, which lose nothing: coefficients and their HC3 errors."""
    points = [[Fraction(1), *map(Fraction, point)] for point in zip(*columns, strict=True)]
    wanted, size = [Fraction(value) for value in y], len(columns) + 1
    rows = [
        [sum(point[i] * point[j] for point in points) for j in range(size)]
        + [Fraction(int(i == j)) for j in range(size)]
        for i in range(size)
    ]
    for i in range(size):
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in set(range(size)) - {i}:
            rows[j] = [value - rows[j][i] * other for value, other in zip(rows[j], rows[i], strict=True)]
    # What each row of the data pulls each coefficient by: (X'X)^-1 X'
    pulls = [[dot(row[size:], point) for point in points] for row in rows]
    coefficients = [dot(pull, wanted) for pull in pulls]
    apart = [
        (value - dot(coefficients, point)) / (1 - dot([pull[place] for pull in pulls], point))
        for place, (value, point) in enumerate(zip(wanted, points, strict=True))
    ]
    errors = [dot([one * one for one in pull], [rest * rest for rest in apart]) for pull in pulls]
    return [float(value) for value in coefficients], [float(value) ** 0.5 for value in errors]


def dot(first, second):
    return sum(one * other for one, other in zip(first, second, strict=True))


@pytest.mark.agrees("Linear regression", "coefficients, HC3 errors", "fractions, where R keeps eight digits")
@pytest.mark.parametrize("offset", [0.0, 1e4, 1e8])
def test_columns_far_from_zero_that_nearly_tell_each_other_lose_no_digits(offset):
    x = offset + np.round(RNG.normal(size=25), 3)
    columns = [x, np.round(x + 0.01 * RNG.normal(size=25), 4), np.round(RNG.normal(offset, 3, 25), 2)]
    y = np.round(columns[0] - columns[2] + RNG.normal(size=25), 5)

    found = fit_model(columns, y)

    coefficients, errors = exactly(columns, y)
    assert found.coefficients == close(coefficients)
    assert np.sqrt(np.diag(found.robust)) == close(errors)
