"""Strata that differ: the answer says so with the numbers of each, odds of 0 and infinity included."""

import json

import numpy as np
import pytest

from jobs.analysis.numerics import contingency
from tests.analysis.test_strata import COLUMNS, METHOD, written
from tests.analysis.whole import answered

# Three strata, of which one has nobody ill among the exposed, one nobody among the others.
UNLIKE = [[[0, 10], [3, 2]], [[5, 2], [0, 3]], [[1, 1], [1, 6]]]
OPPOSITE = [[[6, 10], [3, 12]], [[3, 12], [5, 9]]]  # so few rows that chance brings it
ONE_WAY = [[[9, 11], [6, 14]], [[12, 9], [9, 13]]]


def said(found) -> str:
    return " ".join(sentence.text for sentence in found.interpretation.paragraphs)


def test_where_strata_differ_the_headline_says_so_with_the_shares_of_each(tmp_path):
    source = written(tmp_path / "t.csv", UNLIKE)

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    headline = found.interpretation.headline
    assert headline.startswith("How exposed and ill go together differs between the values of town: ")
    assert "0 % against 60 % (town = town 0)" in headline
    assert "71 % against 0 % (town 1)" in headline
    assert "do not show" not in found.interpretation.paragraphs[0].text


def test_odds_of_zero_and_infinity_are_told_with_the_limit_that_they_have(tmp_path):
    source = written(tmp_path / "t.csv", UNLIKE)

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    assert "odds ratio infinite, 95% CI from 0.49 up (exact: an empty cell)" in said(found)
    assert "odds ratio 0.00, 95% CI [0.00, 0.94] (exact: an empty cell)" in said(found)
    assumption = next(one for one in found.findings.assumptions if one.name == "strata that are alike")
    assert "The odds ratios run from 0 to infinite" in assumption.consequence
    assert assumption.magnitude is None


def test_the_figure_draws_every_stratum_those_without_an_end_as_arrows(tmp_path):
    source = written(tmp_path / "t.csv", UNLIKE)

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    strata = found.plots[0]
    drawn = [line.split(",") for line in (tmp_path / "p" / strata.data).read_text().splitlines()]
    of_strata = {line[1]: line[3] for line in drawn if line[0] == "stratum"}
    assert (of_strata["town 0"], of_strata["town 1"], of_strata["town 2"]) == ("0.0", "inf", "6.0")
    assert "Arrows: 0 or infinite" in (tmp_path / "p" / strata.files["svg"]).read_text()
    assert "town 1: infinite" in strata.alt


def test_opposite_strata_that_chance_may_bring_are_told_as_such(tmp_path):
    source = written(tmp_path / "t.csv", OPPOSITE)

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    headline = found.interpretation.headline
    assert headline.startswith("exposed and ill go opposite ways in values of town, which may be chance: ")
    assert "38 % against 20 % (town = town 0)" in headline


def test_strata_that_point_one_way_are_told_together(tmp_path):
    source = written(tmp_path / "t.csv", ONE_WAY)

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    assert found.interpretation.headline.startswith("The data do not show that exposed and ill go together")
    assert "Odds ratios between" in said(found)


def test_an_infinite_common_odds_ratio_is_told_with_the_shares(tmp_path):
    source = written(tmp_path / "t.csv", [[[6, 5], [0, 9]], [[4, 3], [0, 8]]])

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    assert (
        "ill = yes in 0 % against 55 % (town = town 0) and 0 % against 57 % (town 1)"
        in found.interpretation.headline
    )
    assert "so it is infinite, or zero read the other way" in said(found)


def test_strata_are_only_suspected_of_going_with_both_and_by_how_much(tmp_path):
    source = written(tmp_path / "t.csv", 4 * np.array([[[81, 6], [234, 36]], [[192, 71], [55, 25]]]))

    found = answered(source, tmp_path / "p", method=METHOD, columns=COLUMNS)

    strata = found.findings.strata
    assert "town may go with both (Cramér's V " in said(found)
    assert "town goes with both" not in said(found)
    results = json.loads((tmp_path / "p/results.json").read_text())
    assert results["findings"]["strata"]["with_row"] == strata.with_row > 0.3


# R 4.2: fisher.test(matrix(c(5, 0, 2, 3), 2))$conf.int, and of c(0, 3, 10, 2); R is 1.2e-4 off.
@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [([[5, 2], [0, 3]], 0.49337123440314962, np.inf), ([[0, 10], [3, 2]], 0.0, 0.93704734206941764)],
)
def test_exact_limits_of_a_table_with_an_empty_cell_equal_r(counts, low, high):
    found = contingency.open_limits(np.array(counts), 0.95)

    assert found == (pytest.approx(low, rel=1e-4), pytest.approx(high, rel=1e-4))
