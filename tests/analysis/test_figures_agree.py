"""What a figure marks is what its title tells, and its numbers have the digits that they need."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import plots
from jobs.analysis.plots.association import MOST_SHADES, joined
from jobs.analysis.plots.drawing import middle
from jobs.analysis.plots.text import wrapped
from jobs.analysis.results.result import Interval
from jobs.analysis.words import models
from jobs.analysis.words import numbers as n
from jobs.analysis.words.association import highlighted
from jobs.analysis.words.facts import facts_of, statistic
from tests.analysis.gallery import found_in
from tests.analysis.hand_made import describe


def marked(table: str, method: str, layer: str, folder: Path) -> list[float]:
    """Draw and return the values of a layer of the first figure's data."""
    plot = plots.draw(*found_in(table, method), (), folder)[0]
    with (folder / plot.data).open(encoding="utf-8", newline="") as lines:
        return [
            float(row.get("value") or row["second"]) for row in csv.DictReader(lines) if row["layer"] == layer
        ]


def test_medians_are_marked_where_ranks_are_compared(tmp_path):
    _, _, findings = found_in("skewed", "mann_whitney_u")

    found = marked("skewed", "mann_whitney_u", "median", tmp_path)

    assert found == pytest.approx([one.median for one in findings.descriptives], rel=1e-12)


@pytest.mark.parametrize("method", ["one_sample_signed_rank", "wilcoxon_signed_rank"])
def test_the_pseudomedian_is_marked_where_signed_ranks_answer(method, tmp_path):
    _, _, findings = found_in("skewed", method)
    layer = "typical value (Hodges-Lehmann)" if method.startswith("one") else "typical change"
    estimate = findings.tests[0].estimate
    assert estimate is not None

    assert marked("skewed", method, layer, tmp_path) == pytest.approx([estimate.value], rel=1e-12)


@pytest.mark.parametrize(
    ("size", "places"),
    # R: qbinom(0.025, n, 0.5) gives the place of the lower limit from 1; below six values there is none.
    [(5, None), (6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (100, (40, 61))],
)
def test_the_limits_of_a_median_are_those_order_statistics_that_hold_it(size, places):
    values = np.random.default_rng(1).permutation(np.arange(1.0, size + 1.0))
    found = replace(describe("y", None, values), mean_interval=Interval(0.0, 1.0, 0.95))

    _, low, high = middle(found, values, by_median=True)

    assert (low, high) == (places or (None, None))


def test_levels_beyond_the_shades_are_joined_and_no_row_is_lost():
    _, _, findings = found_in("many_groups", "chi_square_independence")
    table = findings.table
    assert table is not None

    fewer = joined(table)

    assert len(fewer.column_levels) == MOST_SHADES < len(table.column_levels)
    assert [sum(row) for row in fewer.counts] == [sum(row) for row in table.counts]
    assert fewer.column_levels[highlighted(fewer)] == table.column_levels[highlighted(table)]


@pytest.mark.parametrize(
    ("shares", "told"),
    [((0.2, 0.4), ["20 %", "40 %"]), ((0.201, 0.204), ["20.1 %", "20.4 %"]), ((0.2, 0.2), ["20 %", "20 %"])],
)
def test_shares_that_are_compared_have_the_decimals_that_tell_them_apart(shares, told):
    assert n.percents(*shares) == told


def test_a_share_is_rounded_alike_as_a_percentage_and_as_a_decimal():
    assert (n.percent(0.225), n.bounded(0.225)) == ("23 %", ".23")


@pytest.mark.parametrize(("value", "told"), [(13402.0, "U = 13\u202f402"), (67.5, "U = 67.5")])
def test_sums_of_ranks_have_no_decimals_but_a_half(value, told):
    _, _, findings = found_in("small", "mann_whitney_u")

    assert statistic(replace(findings.tests[0], statistic=value)) == told


def test_a_share_of_next_to_nothing_is_no_power_of_ten():
    assert (n.bounded(4.49e-05), n.bounded(-0.001)) == (".00", ".00")


def test_a_line_does_not_end_within_an_interval_or_before_a_number():
    text = "slope = −0.025 [−0.169, 0.115] a year, n = 400"

    lines = [line for width in range(60, 300, 5) for line in wrapped(text, width, 10.5, lines=9).split("\n")]

    assert not [
        line for line in lines if line.endswith(("=", "[−0.169,", "n")) or line.startswith(("=", "0.115]"))
    ]
    assert any("[−0.169, 0.115]" in line for line in lines)


def test_what_a_predictor_adds_is_rounded_once_in_words_as_in_tables():
    plan, _, findings = found_in("usual", "linear_regression")
    model = findings.model
    assert model is not None
    share = 0.37496503862318276  # .37; rounded to .3750 first it would be .38
    predictors = tuple(replace(one, share=share) for one in model.predictors)

    told = models.tell(facts_of(plan, replace(findings, model=replace(model, predictors=predictors)), ()))

    assert [sentence for sentence in told.sentences if "partial R² .37," in sentence.text]
    assert not [sentence for sentence in told.sentences if "partial R² .38" in sentence.text]
