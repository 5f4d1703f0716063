"""Rows that a question is about are selected; what else is asked is never passed over in silence."""

from dataclasses import replace

import pytest

from jobs.analysis.planning.planner import plan
from jobs.analysis.results.condition import Condition
from tests.analysis.hand_made_columns import COLUMNS, column

YEAR = replace(column("year", dtype="integer"), low=1990.0, high=2024.0)
AGE = replace(column("age", dtype="integer"), low=18.0, high=88.0)
SMOKER = column("smoker", "boolean", levels=("no", "yes"))
CYLINDERS = column("cyl", "category", "integer", ("4", "6", "8"))
WIDER = (*COLUMNS, YEAR, AGE, SMOKER, CYLINDERS)
FEMALE = Condition("sex", "is", ("female",))


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("body mass by species among females", (FEMALE,)),
        ("Does body mass differ by species, females only?", (FEMALE,)),
        ("Only females: does body mass differ by species?", (FEMALE,)),
        ("For females, does body mass differ by species?", (FEMALE,)),
        ("body mass by species excluding Dream", (Condition("island", "is_not", ("Dream",)),)),
        ("body mass by species, leaving out Dream", (Condition("island", "is_not", ("Dream",)),)),
        ("body mass by species, not from Dream", (Condition("island", "is_not", ("Dream",)),)),
        ("body mass by species for birds older than 60", (Condition("age", "more_than", (60.0,)),)),
        (
            "body mass by species for birds with an age between 20 and 30",
            (Condition("age", "at_least", (20.0,)), Condition("age", "at_most", (30.0,))),
        ),
        ("body mass by species for patients under 40", (Condition("age", "less_than", (40.0,)),)),
        ("body mass by species with at least 6 cylinders", (Condition("cyl", "at_least", (6.0,)),)),
        ("body mass by species of 4 cylinder cars", (Condition("cyl", "is", (4.0,)),)),
        ("body mass by species among smokers", (Condition("smoker", "is", ("yes",)),)),
        ("body mass by species among non-smokers", (Condition("smoker", "is", ("no",)),)),
        (
            "body mass by species in 2020",
            (Condition("year", "at_least", (2020.0,)), Condition("year", "less_than", (2021.0,))),
        ),
        ("body mass by species since 2015", (Condition("year", "at_least", (2015.0,)),)),
        (
            "body mass by species for male birds from Dream",
            (Condition("sex", "is", ("male",)), Condition("island", "is", ("Dream",))),
        ),
    ],
)
def test_the_rows_that_a_question_is_about_are_selected(question, where):
    found = plan(question, WIDER)

    assert not found.needs_clarification, found.because
    assert found.columns == {"outcome": "body_mass_g", "group": "species"}
    assert found.where == where
    assert "Only rows where" in found.because
    assert any(read.how.startswith("which rows") for read in found.read_as)


def test_a_group_that_is_left_out_does_not_count_as_one():
    found = plan("body mass by species except Chinstrap", WIDER)

    assert (found.method, found.where) == ("welch_t_test", (Condition("species", "is_not", ("Chinstrap",)),))


def test_two_values_of_one_column_are_compared_and_not_selected_one_after_the_other():
    found = plan("Is the body mass among females lower than among males?", WIDER)

    assert (found.columns["group"], found.where) == ("sex", ())


def test_the_whole_table_is_described_in_the_rows_that_were_selected():
    found = plan("describe the females only", WIDER)

    assert not found.needs_clarification, found.because
    assert (found.method, found.columns, found.where) == ("profile", {}, (FEMALE,))


def test_one_number_in_some_rows_is_described_or_compared_with_a_number():
    described = plan("average body mass of females from Dream", WIDER)
    compared = plan("Is the body mass of females above 4000?", WIDER)

    assert (described.method, [one.column for one in described.where]) == ("profile", ["sex", "island"])
    assert (compared.method, compared.params, compared.where) == (
        "one_sample_t_test",
        {"mu": 4000.0},
        (FEMALE,),
    )


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("body mass by species among chicks of wealthy lecturers", "lecturers"),
        ("body mass by sex for birds older than 120", "'age' goes from 18 to 88"),
        ("Do birds of Gentoo from Dream weigh more?", "not sure"),
        ("body mass by sex for managers", "No column was found for 'managers'"),
        ("body mass by species for tall females", "'tall'"),
    ],
)
def test_rows_that_are_not_clear_are_asked_back(question, says):
    found = plan(question, WIDER)

    assert found.needs_clarification
    assert says in found.because


def test_what_is_offered_keeps_the_rows():
    found = plan("body mass and flipper length by sex and species among smokers", WIDER)

    assert found.needs_clarification
    assert found.alternatives
    assert all(one.where == (Condition("smoker", "is", ("yes",)),) for one in found.alternatives)
    assert "where smoker is yes?" in found.alternatives[0].reading


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("body mass by sex without chicks", "By 'without' the question seems to be about some of the rows"),
        ("body mass by sex over the first 50 rows", "By 'first 50' the question seems"),
        ("flipper length > 200 by sex", "By '>' the question seems"),
        ("variance of body mass by sex", "asks for 'variance'"),
        ("body mass per flipper length", "asks for 'per'"),
    ],
)
def test_what_is_not_computed_is_asked_back_by_its_word(question, says):
    found = plan(question, COLUMNS)

    assert found.needs_clarification
    assert says in found.because


@pytest.mark.parametrize(
    ("question", "value"),
    [("pay in IT vs HR", "IT"), ("pay of OR and HR", "OR"), ("does US have a higher pay?", "US")],
)
def test_a_value_called_like_a_common_word_is_found_where_it_is_written_as_in_the_table(question, value):
    unit = column("unit", "category", levels=("HR", "IT", "OR", "US"))

    found = plan(question, (column("pay"), unit))

    assert found.columns == {"outcome": "pay", "group": "unit"}
    assert any(read.words == value and read.column == "unit" for read in found.read_as)


def test_a_common_word_is_no_value_where_it_is_written_small():
    unit = column("unit", "category", levels=("HR", "IT", "OR", "US"))

    assert plan("is it low pay or not", (column("pay"), unit)).columns == {"outcome": "pay"}


def test_rows_that_cannot_be_selected_are_asked_back_with_the_reading_of_all_rows():
    found = plan("body mass by species excluding 2 birds", COLUMNS)

    assert found.needs_clarification
    assert found.alternatives[0].columns == {"outcome": "body_mass_g", "group": "species"}


def test_medians_that_are_asked_for_are_noted():
    found = plan("median body mass by sex", COLUMNS)

    assert (found.method, found.notes[0][:22]) == ("welch_t_test", "The medians are listed")
