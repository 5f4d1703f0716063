"""Sentences that once said more, or other, than their numbers: each with the numbers that showed it."""

from dataclasses import replace

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.methods.common import is_ordinal
from jobs.analysis.plots import overview
from jobs.analysis.results.described import Correlations, TableProfile, TopValue
from jobs.analysis.results.result import Interval, Pairwise
from jobs.analysis.words import whole
from jobs.analysis.words.describe import table_headline
from jobs.analysis.words.numbers import measured, number, sloping
from jobs.analysis.words.pairs import oriented
from tests.analysis.hand_made_profile import category_column, number_column
from tests.analysis.hand_made_told import told
from tests.analysis.methods.reference import explicit
from tests.analysis.properties.strategies import grouped, repeated
from tests.analysis.whole import answered, table

RNG = np.random.default_rng(5)


def said_of(method, sample, columns):
    plan = explicit(method)
    plan = type(plan)(**{**vars(plan), "columns": columns})
    return told((plan, methods.run(plan, sample), ()))


def together(said) -> str:
    return " ".join([said.headline, *(one.text for one in (*said.paragraphs, *said.caveats))])


def test_the_interval_of_a_pair_is_turned_with_it():
    pair = Pairwise("Nord", "West", -5.0, Interval(-7.0, -4.0), -3.0, 9.0, 0.001, "games_howell")

    assert oriented(pair) == ("West", "Nord", 5.0, Interval(4.0, 7.0))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number(1.75e-16), "0.00"),
        (measured(-2.1e-15, 1, "kg"), "0.0 kg"),
        (number(3.2e-9), "3.2e-09"),  # as small as it is, it is more than rounding leaves
        (sloping(-0.001, 2), "changes by 0.00"),
        (sloping(-0.31, 2), "falls by 0.31"),
    ],
)
def test_what_rounding_leaves_is_no_number(written, expected):
    assert written == expected


def test_ranks_that_go_against_the_medians_are_told_by_the_ranks():
    first, second = [3.0] * 11 + [5.0] * 9, [1.0] * 9 + [3.0] * 11

    said = said_of("mann_whitney_u", grouped([first, second]), {"outcome": "outcome", "group": "group"})

    expected = "outcome ranks higher more often in group 0 than in group 1; the median is 3 in both"
    assert said.headline == expected


def test_a_shift_that_ties_hold_at_zero_is_not_told_as_all_that_is_possible():
    same = [1.0] * 5 + [2.0] * 30 + [3.0] * 5

    said = said_of("mann_whitney_u", grouped([same, same]), {"outcome": "outcome", "group": "group"})

    assert "Differences between 0.00 and 0.00" not in together(said)
    assert "With so many equal values the shift tells little; rank-biserial r between" in together(said)


def test_pairs_of_ranks_are_told_with_their_direction():
    groups = [RNG.lognormal(place, 1, 15) for place in (0.0, 0.1, 2.5)]

    said = said_of("kruskal_wallis", grouped(groups), {"outcome": "outcome", "group": "group"})

    assert "group 2 ranks above group 0 on average (Dunn-Holm: p < .001)." in together(said)


def test_medians_that_the_means_do_not_follow_are_not_told_as_the_finding():
    values = (
        np.column_stack([np.full(9, 10.0), np.full(9, 11.0), np.full(9, 9.0)]) + np.arange(9)[:, None] / 100
    )
    values[:4, 2] += 90.0

    columns = {f"measure_{place + 1}": f"m{place}" for place in range(3)}
    said = said_of("friedman_test", repeated(values), columns)

    assert "highest" not in said.headline
    assert "which the means do not follow" in said.headline


def test_two_columns_of_one_measure_are_no_finding():
    cells = ((1.0, 0.9998, 0.5), (0.9998, 1.0, 0.49), (0.5, 0.49, 1.0))
    counts = ((60,) * 3,) * 3
    found = Correlations(
        columns=("cm", "inch", "kg"), left_out=0, rows=60, n=counts, pearson=cells, spearman=cells
    )

    said = [one.text for one in whole.tell(TableProfile(0, found))]

    assert said[0] == "cm and inch lie on one line (r = 1.00): perhaps one measure twice."
    assert len(said) == 2
    assert "inch" not in said[1]


def test_the_size_of_selected_rows_is_not_called_that_of_the_table():
    column = number_column("age", np.arange(83.0))

    assert (
        table_headline(83, 9, [column], selected=True)
        == "The 83 selected rows have 9 columns; no value is missing"
    )


def test_the_overview_of_selected_rows_says_that_they_are_selected(tmp_path):
    of_setosa = [("Species", "is", ("setosa",))]

    some = answered(table("iris"), tmp_path / "p", question="describe the table", where=of_setosa)
    one = answered(table("iris"), tmp_path / "q", question="describe the sepal length", where=of_setosa)

    assert some.plots[-1].title.startswith("The 50 selected rows have 5 columns")
    assert one.plots[-1].title.startswith("The table has 150 rows and 5 columns")  # of which all are drawn


def test_a_few_counts_of_which_none_is_equal_are_no_rating():
    assert not is_ordinal(np.array([251.0, 210.0, 290.0, 180.0]))
    assert is_ordinal(np.array([1.0, 2.0, 2.0, 5.0]))


def test_a_model_that_explains_nothing_of_other_rows_does_not_explain_them_nearly_as_well(tmp_path):
    rows = [f"{y:.3f},{x:.3f}" for y, x in RNG.normal(size=(80, 2))]
    source = tmp_path / "t.csv"
    source.write_text("\n".join(["y,x", *rows, ""]))

    found = answered(
        source,
        tmp_path / "p",
        method="linear_regression",
        columns={"outcome": "y", "predictor_1": "x"},
    )

    caveats = " ".join(one.text for one in found.interpretation.caveats)
    assert "nearly as well" not in caveats
    assert "overlap" not in caveats  # one predictor has none to overlap with


def test_equal_medians_of_several_groups_are_told_once():
    same = [2.0] * 4 + [3.0] * 9 + [4.0] * 4

    said = said_of("kruskal_wallis", grouped([same] * 3), {"outcome": "outcome", "group": "group"})

    assert said.headline.endswith("between the groups of group; the median is 3 in all of them")


def test_steps_of_a_scale_are_drawn_from_low_to_high():
    top = [TopValue(value, count) for value, count in (("medium", 61), ("high", 46), ("low", 43))]
    column = replace(category_column("load", {"low": 1}), role="ordinal", top=tuple(top))

    drawn = overview.draw([column], "the table")

    assert [row[2] for row in drawn.rows] == ["low", "medium", "high"]
