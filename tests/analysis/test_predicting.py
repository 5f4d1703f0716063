"""Questions of what explains a column become models with the right outcome, or are asked back."""

from dataclasses import replace

import pytest

from jobs.analysis.catalogue import numbered
from jobs.analysis.planning.planner import explicit_plan, plan
from jobs.errors import UnsuitableData
from tests.analysis.hand_made_columns import COLUMNS, column
from tests.analysis.questions import Tables


@pytest.fixture(scope="module")
def columns_of(tmp_path_factory):
    return Tables(tmp_path_factory.mktemp("cache"))


def test_columns_that_were_not_named_are_told_with_those_left_out(columns_of):
    found = plan("what predicts mpg?", columns_of("mtcars"))

    said = " ".join(found.notes)
    assert "No predictors were named, so all columns that can be used were taken: 'cyl'" in said
    assert "Left out as predictors: 'model' identifies the rows" in said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"predictor_1": "sex"}, "needs a column for the role 'outcome'"),
        ({"outcome": "body_mass_g"}, "needs a column for the role 'predictor_1'"),
        ({"outcome": "species", "predictor_1": "sex"}, "holds text, not numbers"),
        ({"outcome": "body_mass_g", "predictor_1": "city"}, "300 different values"),
        ({"outcome": "body_mass_g", "predictor_1": "sex", "group": "species"}, "no role 'group'"),
        ({"outcome": "body_mass_g", "predictor_1": "sex", "predictor_2": "sex"}, "given twice"),
    ],
)
def test_a_model_that_cannot_work_is_refused_with_a_remedy(given, says):
    with pytest.raises(UnsuitableData) as raised:
        explicit_plan("linear_regression", given, COLUMNS)

    assert says in str(raised.value)


def test_visits_a_year_are_a_count_that_two_columns_explain():
    columns = (column("visits"), column("age"), column("sex", "category", "text", ("f", "m")))
    columns = (replace(columns[0], dtype="integer"), *columns[1:])

    found = plan("how many visits per year depending on age and sex", columns)

    assert (found.method, found.needs_clarification) == ("poisson_regression", False)
    assert found.columns == {"outcome": "visits", "predictor_1": "age", "predictor_2": "sex"}


def test_whether_they_bought_is_yes_or_no():
    bought = column("bought", "boolean", "boolean", ("false", "true"))

    found = plan("which factors affect whether they bought?", (bought, column("age"), column("income")))

    assert found.method == "logistic_regression"
    assert found.columns == {"outcome": "bought", "predictor_1": "age", "predictor_2": "income"}


def test_lists_of_columns_become_numbered_roles():
    given = {"outcome": "price", "predictors": ["size", "age"]}

    assert numbered(given) == {"outcome": "price", "predictor_1": "size", "predictor_2": "age"}
    assert numbered({"columns": ["a", "b"]}) == {"column_1": "a", "column_2": "b"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"outcome": ["a", "b"]}, "The role 'outcome' takes one column"),
        ({"predictors": [f"x{place}" for place in range(21)]}, "takes at most 20 columns, not 21"),
    ],
)
def test_a_list_that_no_method_takes_is_refused(given, says):
    with pytest.raises(UnsuitableData, match=says):
        numbered(given)
