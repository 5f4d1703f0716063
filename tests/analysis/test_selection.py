"""What is asked beyond the columns, rows or another statistic, is never passed over in silence."""

import pytest

from jobs.analysis.planner import plan
from tests.analysis.hand_made_columns import COLUMNS, column


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
