"""How long an analysis should take, by the model."""

import pytest

from jobs.analysis import catalogue, expected
from jobs.analysis.expected import Work
from jobs.analysis.listing import FAMILIES
from jobs.analysis.results.result import Plan
from tests.analysis.hand_made_profile import penguin_table


def test_every_family_of_methods_is_in_the_model():
    assert set(expected.BEGIN) == set(expected.PER_VALUE_USED) == set(FAMILIES.values())


@pytest.mark.parametrize("method", catalogue.METHOD_ROLES)
def test_more_to_do_takes_longer(method):
    small = expected.seconds(Work(method, rows=1_000, columns=10, used=2))

    assert small > 0
    assert expected.seconds(Work(method, rows=1_000_000, columns=10, used=2)) > small
    assert expected.seconds(Work(method, rows=1_000, columns=500, used=2)) > small
    assert expected.seconds(Work(method, rows=1_000, columns=10, used=9)) >= small


def test_the_work_of_a_plan_is_its_table_and_the_columns_that_it_uses():
    plan = Plan(
        "relationship", "pearson_correlation", {"x": "bill_length_mm", "y": "body_mass_g"}, 1.0, "given"
    )

    assert expected.work_of(plan, penguin_table()) == Work("pearson_correlation", rows=344, columns=8, used=2)
    assert 0 < expected.seconds_to_read_again(penguin_table()) < 0.01
