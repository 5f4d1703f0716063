"""The words claim what the numbers say, and no number stands in them that the results do not hold."""

import re
from dataclasses import replace

import pytest

from jobs.analysis.interpret import interpret
from jobs.analysis.results.result import Alternative, Findings, Plan, Sentence
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.results.results_file import Json, as_json
from jobs.analysis.words.numbers import THOUSANDS
from tests.analysis.hand_made_profile import penguin_table
from tests.analysis.hand_made_told import CASES, Told, told

NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]\d+)?")
CAUSAL = re.compile(r"\b(causes?|caused|effects? of|affects?|leads? to|because of|influences?)\b", re.I)
ALPHA_WORDS = {0.001}  # "p < .001" is a bound, not a value


def at(results: Json, pointer: str) -> Json:
    """Resolve a JSON pointer (RFC 6901); fails where there is nothing."""
    value = results
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def numbers_in(text: str) -> list[str]:
    """Numbers of a text without those that belong to words, as the 3 of "3rd" or of "R²"."""
    plain = text.replace(THOUSANDS, "")
    plain = re.sub(r"\b[A-Za-z_]+[\w.]*|\b\d+(?:st|nd|rd|th)\b", " ", plain)
    return [found.rstrip(".") for found in NUMBER.findall(plain)]


def allowed(value: Json) -> set[float]:
    """Numbers that a value at a pointer permits: itself, those in its text, and sums and shares of counts."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, int | float):
        return {float(value), abs(float(value)), float(value) * 100}
    if isinstance(value, str):
        return {float(found) for found in numbers_in(value)}
    if isinstance(value, dict):
        return set().union(*(allowed(item) for item in value.values()), set())
    found = set().union(*(allowed(item) for item in value), set())
    if value and all(isinstance(item, int) for item in value):
        total = float(sum(value))
        found |= {total, *(100 * item / total for item in value if total)}
    return found


def stands_for(text: str, values: set[float]) -> bool:
    decimals = len(text.partition(".")[2].partition("e")[0])
    half = 0.5 * 10.0**-decimals * (1 + 1e-9)
    if "e" in text:
        return any(float(f"{value:.3g}") == float(text) for value in values)
    return float(text) in ALPHA_WORDS or any(abs(value - float(text)) <= half for value in values)


def results_of(case: Told) -> Json:
    plan, findings, profile = case
    return as_json({"dataset": penguin_table(), "plan": plan, "findings": findings, "profile": profile})


@pytest.mark.parametrize("name", CASES)
def test_no_number_stands_in_a_sentence_that_is_not_at_its_pointers(name):
    results = results_of(CASES[name])
    answer = told(CASES[name])

    wrong = [
        (found, sentence.text)
        for sentence in (*answer.paragraphs, *answer.caveats)
        for found in numbers_in(sentence.text)
        if not stands_for(found, set().union(*(allowed(at(results, p)) for p in sentence.pointers), set()))
    ]

    assert wrong == []
    assert sum(len(numbers_in(sentence.text)) for sentence in answer.paragraphs) > 8


@pytest.mark.parametrize("name", CASES)
def test_headline_and_apa_line_hold_only_numbers_of_the_results(name):
    results = results_of(CASES[name])
    everything = allowed(results)
    answer = told(CASES[name])

    wrong = [
        found
        for text in (answer.headline, answer.apa or "")
        for found in numbers_in(text)
        if not stands_for(found, everything)
    ]

    assert wrong == []


def test_the_check_of_numbers_finds_a_wrong_one():
    assert not stands_for("3.7", {3.6, 12.0})
    assert numbers_in("g = 0.49, 95% CI [-0.02, 0.99]") == ["0.49", "95", "-0.02", "0.99"]


@pytest.mark.parametrize("name", CASES)
def test_no_word_says_that_one_thing_is_the_reason_of_another(name):
    answer = told(CASES[name])

    said = [answer.headline, *(sentence.text for sentence in (*answer.paragraphs, *answer.caveats))]

    assert [text for text in said if CAUSAL.search(text)] == []


def test_headline_names_the_higher_group_with_sizes_in_the_unit():
    answer = told(CASES["three groups"])

    # Means of R 4.2: aggregate(body_mass_g ~ species, penguins, mean): 3700.662, 3733.088, 5076.016
    assert answer.headline == (
        f"body_mass_g is higher in Gentoo (mean 5{THOUSANDS}076 g) than in Chinstrap (3{THOUSANDS}733 g) "
        f"and Adelie (3{THOUSANDS}701 g)"
    )


def test_apa_line_has_statistic_p_interval_and_effect():
    answer = told(CASES["two groups"])

    pattern = (
        r"t\(330\.88\) = -7\.31, p < \.001, 95% CI \[-1\.86, -1\.07\]; Hedges' g = -0\.\d\d, 95% CI \[.*\]"
    )
    assert re.fullmatch(pattern, answer.apa)


def test_rows_used_and_left_out_are_told_with_the_reason():
    answer = told(CASES["three groups"])

    expected = "342 of 344 rows were used; left out: 2 (missing body_mass_g)."
    assert expected in [sentence.text for sentence in answer.paragraphs]


def test_the_reading_of_the_question_is_told():
    answer = told(CASES["three groups"])

    expected = "The question was read with “mass” as column body_mass_g (part of the name)."
    assert expected in [sentence.text for sentence in answer.paragraphs]


def test_warnings_of_the_table_are_caveats():
    answer = told(CASES["three groups"])

    assert Sentence("3 cells were trimmed.", ("/dataset/warnings/0",)) in answer.caveats


def test_assumptions_that_matter_are_caveats():
    answer = told(CASES["three groups"])

    texts = [sentence.text for sentence in answer.caveats]
    assert "Assumption of no extreme outliers: doubtful (cells: 3.25). Medians are safer." in texts
    assert not any("equal variances" in text for text in texts)  # Welch's test does not need them


def test_an_unclear_question_is_asked_back_with_the_readings(dataset, penguin_profile):
    other = Alternative("welch_anova", {}, "Does body_mass_g differ between the levels of species?", 0.4)
    plan = Plan(
        "compare_groups",
        "profile",
        {},
        0.2,
        "“happiness” is not in the table",
        alternatives=(other,),
        needs_clarification=True,
    )

    answer = interpret(dataset, plan, Findings(Used(344, 344)), penguin_profile)

    texts = [sentence.text for sentence in answer.paragraphs]
    assert "please choose" in answer.headline
    assert "The question is asked back: “happiness” is not in the table." in texts
    assert f"Did you mean: {other.reading}" in texts
    assert answer.apa is None


def test_a_reading_that_is_not_sure_tells_the_runner_up():
    plan, findings, profile = CASES["three groups"]
    other = Alternative("welch_anova", {}, "Does bill_depth_mm differ?", 0.3)
    doubtful = replace(plan, confidence=0.6, alternatives=(other,))

    answer = told((doubtful, findings, profile))

    assert "could also be read as: Does bill_depth_mm differ?" in " ".join(s.text for s in answer.caveats)


def test_the_association_headline_follows_the_level_that_says_yes():
    answer = told(CASES["categories"])

    # 136 of 216 and 119 of 491
    assert answer.headline == (
        "survived = yes is most frequent where class is 1st (63 %) and least where it is 3rd (24 %)"
    )
