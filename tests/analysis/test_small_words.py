"""Units of one thing, names of methods, small numbers beside large ones, and zeros that ranks leave out."""

from dataclasses import replace

import numpy as np
import pytest

from jobs.analysis.results.interval import Interval
from jobs.analysis.results.result import Assumption
from jobs.analysis.words.facts import assumption_sentence, interval
from jobs.analysis.words.numbers import limits, rounded, singular
from jobs.analysis.words.pairs import pair_title
from tests.analysis.hand_made_told import told, two_numbers
from tests.analysis.whole import answered


@pytest.mark.parametrize(
    ("unit", "one"),
    [("years", "year"), ("feet", "foot"), ("yrs", "year"), ("h", "h"), ("GBP", "GBP"), ("s", "s")],
)
def test_each_extra_is_of_one_unit(unit, one):
    assert singular(unit) == one


@pytest.mark.parametrize(
    ("method", "title"),
    [("tukey_hsd", "Tukey HSD"), ("games_howell", "Games-Howell"), ("dunn_holm", "Dunn-Holm")],
)
def test_methods_of_pairs_are_called_by_their_names(method, title):
    assert pair_title(method) == title


def test_an_end_of_an_interval_that_is_nearly_nothing_is_zero():
    assert interval(Interval(-0.42, 1.35e-05, 0.95), below_one=True) == "95% CI [-.42, .00]"
    assert limits(-3e-6, 12.0) == "0.00, 12.00"
    assert limits(2e-7, 3e-7) == "2e-07, 3e-07"
    assert rounded(0.004, 3) == 0.004


def test_a_measure_of_an_assumption_that_is_nearly_nothing_is_zero():
    bent = Assumption(
        "a straight line", "holds", "It is.", magnitude=-4.39e-05, magnitude_name="added by a parabola"
    )

    assert "(added by a parabola: 0.00)" in assumption_sentence(0, bent).text


@pytest.mark.parametrize(("sign", "way"), [(1.0, "higher"), (-1.0, "lower")])
def test_a_slope_is_higher_or_lower_and_never_more_or_less_of_a_count(sign, way):
    plan, findings, profile = two_numbers(0.8)
    line = replace(findings.line, slope=sign * abs(findings.line.slope))
    test = replace(findings.tests[0], pvalue=1e-6)

    headline = told((plan, replace(findings, line=line, tests=(test,)), profile)).headline

    assert f" {way} (" in headline
    assert " less " not in headline
    assert " more " not in headline


def test_changes_of_nothing_that_signed_ranks_leave_out_are_said(tmp_path):
    (tmp_path / "files").mkdir()
    source = tmp_path / "files/t.csv"
    rng = np.random.default_rng(5)
    pairs = [
        (value, value + (0.0 if row < 4 else step))
        for row, (value, step) in enumerate(rng.normal(size=(30, 2)))
    ]
    source.write_text("\n".join(["a,b", *(f"{a:.3f},{b:.3f}" for a, b in pairs)]) + "\n", encoding="utf-8")
    columns = {"first": "a", "second": "b"}

    found = answered(source, tmp_path / "p", method="wilcoxon_signed_rank", columns=columns)

    caveats = " ".join(sentence.text for sentence in found.interpretation.caveats)
    assert "differences of 0 left out: 4" in caveats
    assert "leave out differences of exactly 0" in caveats
