"""A word that changes what is asked changes the plan, or the planner asks back."""

import pytest

from jobs.analysis.planning.planner import plan
from tests.analysis.questions import Tables

PLAIN = {
    "birds": "Is body mass different between the sexes",
    "us_arrests": "Are Murder and Assault related",
    "iris": "Does Sepal.Length depend on Petal.Length",
    "titanic": "Did women survive more often",
}
CHANGED = [
    ("birds", "Is body mass different between the sexes in every species?"),
    ("birds", "Is body mass different between the sexes at equal flipper length?"),
    ("birds", "Is the difference of body mass between the sexes larger in Gentoo?"),
    ("birds", "Is body mass different between the sexes once flipper length is held fixed?"),
    ("us_arrests", "Are Murder and Assault related once UrbanPop is held constant?"),
    ("us_arrests", "Are Murder and Assault related beyond UrbanPop?"),
    ("us_arrests", "Which is higher, Murder or Assault?"),
    ("us_arrests", "Are Murder and Assault related after removing the effect of UrbanPop?"),
    ("iris", "Does Sepal.Length depend on Petal.Length in each species?"),
    ("iris", "Does Sepal.Length depend on Petal.Length more strongly in setosa?"),
    ("iris", "Does Sepal.Length depend on Petal.Length in setosa only?"),
    ("titanic", "Did women survive more often in both age groups?"),
    ("titanic", "Did women survive more often regardless of class?"),
]


@pytest.fixture(scope="module")
def columns_of(tmp_path_factory):
    return Tables(tmp_path_factory.mktemp("tables"))


@pytest.mark.parametrize(("table", "question"), CHANGED)
def test_a_word_that_changes_what_is_asked_is_carried_out_or_asked_back(table, question, columns_of):
    plain = plan(PLAIN[table], columns_of(table))

    found = plan(question, columns_of(table))

    same = (found.method, found.columns, found.params, found.where) == (
        plain.method,
        plain.columns,
        plain.params,
        plain.where,
    )
    assert not plain.needs_clarification
    assert found.needs_clarification or not same


def test_a_group_in_which_an_effect_may_be_larger_selects_no_rows(columns_of):
    found = plan("Is the salary gap between men and women bigger in discipline B?", columns_of("salaries"))

    assert found.method == "two_way_anova"
    assert found.params == {"focus": "interaction"}
    assert found.where == ()


def test_what_rises_with_another_number_is_the_outcome(columns_of):
    found = plan("Does weight go up with height?", columns_of("women"))

    assert found.columns == {"x": "height", "y": "weight"}


def test_a_column_listed_for_a_model_that_is_not_found_is_asked_back(columns_of):
    found = plan("predict bwt from age and lwt and snoring", columns_of("birthwt"))

    assert found.needs_clarification
    assert "snoring" in found.because


def test_the_share_of_some_values_is_of_all_rows(columns_of):
    found = plan("what share of customers are on basic or plus", columns_of("customer_churn"))

    assert (found.method, found.columns, found.where) == ("profile", {"outcome": "plan"}, ())
    assert "'basic' and 'plus'" in found.notes[0]
