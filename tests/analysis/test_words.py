"""Numbers are written as APA asks, and the words claim no more than the tests show."""

import re
from dataclasses import replace

import pytest

from jobs.analysis.results.result import EffectSize, Estimate, Interval
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling.samples import GroupedSample
from jobs.analysis.words.describe import table_headline
from jobs.analysis.words.facts import effect_text
from jobs.analysis.words.numbers import (
    THOUSANDS,
    bounded,
    counted,
    decimals_for,
    number,
    percent,
    probability,
)
from tests.analysis.hand_made import grouped_findings, grouped_plan
from tests.analysis.hand_made_profile import number_column
from tests.analysis.hand_made_told import CASES, RNG, told, two_numbers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number(5076.016, 0), f"5{THOUSANDS}076"),
        (number(-0.001, 2), "0.00"),
        (number(3.2e-9), "3.2e-09"),
        (number(None), "–"),
        (bounded(-0.493), "-.49"),
        (bounded(1.0), "1.00"),
        (probability(0.0605), "p = .060"),
        (probability(0.0004), "p < .001"),
        (percent(0.2456), "25 %"),
        (percent(0.001), "0.1 %"),
    ],
)
def test_numbers_are_written_as_apa_asks(written, expected):
    assert written == expected


@pytest.mark.parametrize(
    ("spread", "decimals"), [(800, 0), (7.65, 1), (0.5, 2), (0.004, 4), (0, 2), (None, 2)]
)
def test_decimals_follow_the_spread(spread, decimals):
    assert decimals_for(spread) == decimals


def test_what_is_not_shown_is_not_called_absent():
    sample = GroupedSample(
        "len", "supp", ("OJ", "VC"), (RNG.normal(10, 3, 12), RNG.normal(10, 3, 12)), 24, {}
    )
    plan, findings = grouped_plan(sample), grouped_findings(sample)
    test = replace(findings.tests[0], pvalue=0.061)

    answer = told((plan, replace(findings, tests=(test,)), ()))

    said = " ".join([answer.headline, *(sentence.text for sentence in answer.paragraphs)])
    assert answer.headline.startswith("The data do not show a difference in len between")
    assert re.search(r"Differences between -?\d.* and -?\d.* remain compatible with them", said)
    assert "no difference" not in said


def test_with_very_many_rows_the_size_of_the_effect_counts():
    sample = GroupedSample("y", "g", ("a", "b"), (RNG.normal(10, 3, 400), RNG.normal(10, 3, 400)), 800, {})
    findings = grouped_findings(sample)
    test = replace(findings.tests[0], pvalue=1e-9)
    effect = replace(findings.effect_sizes[0], label="negligible")
    large = replace(findings, tests=(test,), effect_sizes=(effect,), sample=Used(200_000, 200_000))

    few, many = (
        told((grouped_plan(sample), found, ())) for found in (replace(large, sample=Used(800, 800)), large)
    )

    assert "y hardly differs between" in many.headline
    assert " is higher in " in few.headline


def test_with_very_many_rows_nothing_is_detected_without_significance():
    plan, findings, profile = two_numbers(0.0)
    test = replace(findings.tests[0], pvalue=0.97)
    effect = replace(findings.effect_sizes[0], label="negligible")
    found = replace(findings, tests=(test,), effect_sizes=(effect,), sample=Used(200_000, 200_000))

    answer = told((plan, found, profile))

    assert answer.headline.startswith("The data do not show a relationship between height and weight")
    assert "detected" not in " ".join(sentence.text for sentence in answer.paragraphs)


@pytest.mark.parametrize(
    ("pvalues", "sign", "says"),
    [
        ((0.001, 0.001), 1, "points the same way"),
        ((0.001, 0.001), -1, "points the other way, so read the result with care"),
        ((0.4, 0.5), -1, "does not show it either"),
        ((0.001, 0.5), 1, "does not agree"),
    ],
)
def test_a_test_beside_agrees_only_where_its_effect_has_the_same_sign(pvalues, sign, says):
    plan, findings, profile = two_numbers(1.5)
    first, second = (replace(test, pvalue=p) for test, p in zip(findings.tests, pvalues, strict=True))
    estimate = replace(second.estimate, value=sign * abs(second.estimate.value))
    second = replace(second, statistic=sign * abs(second.statistic), estimate=estimate)

    answer = told((plan, replace(findings, tests=(first, second)), profile))

    beside = [s.text for s in answer.paragraphs if s.text.startswith("Beside it, ")]
    assert len(beside) == 1
    assert says in beside[0]


def test_tests_of_several_groups_have_no_direction_to_agree_in():
    beside = [s.text for s in told(CASES["three groups"]).paragraphs if s.text.startswith("Beside it, ")]

    assert ["shows it too" in text for text in beside] == [True]


def test_groups_called_by_numbers_are_told_with_their_column():
    few = GroupedSample("mpg", "am", ("0", "1"), (RNG.normal(17, 3, 20), RNG.normal(25, 3, 20)), 40, {})
    shown = grouped_findings(few)
    hidden = replace(shown, tests=(replace(shown.tests[0], pvalue=0.4),))

    answer, not_shown = told((grouped_plan(few), shown, ())), told((grouped_plan(few), hidden, ()))

    assert re.match(
        r"mpg is higher where am is 1 \(mean [\d.]+\) than where it is 0 \([\d.]+\)$", answer.headline
    )
    assert " between am = 1 (mean " in not_shown.headline
    assert any("(am = 0 minus am = 1)" in sentence.text for sentence in answer.paragraphs)


def test_the_apa_line_of_a_table_of_four_holds_no_interval_of_another_quantity():
    plan, findings, profile = CASES["categories"]
    shares = Estimate("difference in the share of survived = no", 0.42, Interval(0.33, 0.51))

    for symbol in ("chi2", "phi"):
        test = replace(findings.tests[0], symbol=symbol, estimate=shares)
        apa = told((plan, replace(findings, tests=(test,)), profile)).apa

        assert apa is not None
        assert ".33" not in apa
        assert "Cramer's V" in apa


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ((0, 0), "The table has 1 row and 2 columns; no value is missing"),
        ((37, 7), "Ozone has the most missing values (37 of 153)"),
        ((37, 0), "values are missing in Ozone alone (37 of 153)"),
    ],
)
def test_the_table_is_told_with_what_is_missing(missing, says):
    values = RNG.normal(40, 3, 153)
    columns = [
        number_column(name, values[: 153 - gaps], missing=gaps)
        for name, gaps in zip(("Ozone", "Solar.R"), missing, strict=True)
    ]

    assert says in table_headline(1, 2, columns)


def test_one_thing_is_not_told_as_many():
    assert [counted(number, "row") for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


def test_an_effect_at_the_end_of_its_scale_is_told_without_an_interval():
    none = Interval(None, None, 0.95)
    effect = EffectSize("rank_biserial", "rank-biserial r", 1.0, none, "Fisher z of the rank-biserial")

    assert effect_text(effect) == "rank-biserial r = 1.00"
