"""Whatever the sign of a number, also none at all: no sentence says of it what it is not."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jobs.analysis import methods
from jobs.analysis.results.result import Findings, Interpretation, Plan
from jobs.analysis.words.labels import is_doubted
from jobs.analysis.words.numbers import THOUSANDS
from jobs.errors import TooFewValues, UnsuitableData
from tests.analysis.hand_made_told import told
from tests.analysis.properties.strategies import a_plan, every_method, series, thorough

ALPHA = 0.05
FEW = st.integers(-3, 3).map(float)  # many ties, and many differences of 0
SPREAD = st.integers(-900, 900).map(lambda value: value / 8)
SAMPLES = every_method(st.sampled_from([FEW, SPREAD]))
NAMES = {"linear_model": "linear_regression"}
NUMBER = r"-?[\d.]+(?:e-?\d+)?"
INTERVAL = re.compile(rf"CI \[({NUMBER}), ({NUMBER})\]")
ABOVE = re.compile(rf"lies ({NUMBER}) above .*?CI \[({NUMBER}), ({NUMBER})\]")
ESTIMATED = re.compile(rf"({NUMBER})(?: [^\s,;(]+)?,? \(?\d+% CI \[({NUMBER}), ({NUMBER})\]")
ROLES = {
    "GroupedSample": {"outcome": "outcome", "group": "group"},
    "PairedSample": {"x": "x", "y": "y"},
    "OneSample": {"outcome": "x"},
    "FactorialSample": {"outcome": "y", "factor_1": "a", "factor_2": "b"},
    "AdjustedSample": {"outcome": "y", "group": "g", "covariate_1": "x0"},
    "TimeSample": {"outcome": "y", "time": "t"},
    "SingleSample": {"outcome": "x"},
}


def asked(method: str, sample) -> Plan:
    kind = type(sample).__name__
    columns = ROLES.get(kind) or {f"measure_{n}": f"m{n - 1}" for n in range(1, 6)}
    if kind == "ModelSample":
        columns = {"outcome": "outcome", "predictor_1": "x0", "predictor_2": "x1"}
    plan = a_plan(method, **({"mu": 1.0} if kind == "OneSample" else {}))
    return Plan(**{**vars(plan), "columns": columns})


def answered(method: str, sample) -> tuple[Findings, Interpretation]:
    """Return what is found and said; a refusal with its reason says nothing to look at."""
    plan = asked(NAMES.get(method, method), sample)
    try:
        findings = methods.run(methods.choose(plan, sample), sample)
    except (UnsuitableData, TooFewValues):
        assume(False)
    return findings, told((plan, findings, ()))


def sentences(said: Interpretation) -> list[str]:
    texts = [said.headline, said.apa or "", *(one.text for one in (*said.paragraphs, *said.caveats))]
    return [text.replace(THOUSANDS, "") for text in texts]


TOLD = [name for name in SAMPLES if name != "profile"]


@pytest.mark.parametrize("method", TOLD)
@thorough
@given(data=st.data())
def test_every_interval_runs_upward_and_holds_what_is_told_with_it(method, data):
    _, said = answered(method, data.draw(SAMPLES[method]))

    for text in sentences(said):
        assert all(float(low) <= float(high) for low, high in INTERVAL.findall(text)), text
        for size, low, high in ABOVE.findall(text):
            assert float(size) >= 0.0, text
            assert float(low) <= float(size) <= float(high), text


@pytest.mark.parametrize("method", TOLD)
@thorough
@given(data=st.data())
def test_no_sentence_shows_dust_or_an_interval_without_ends(method, data):
    _, said = answered(method, data.draw(SAMPLES[method]))

    for text in sentences(said):
        assert "[–, –]" not in text, text
        assert not re.search(r"\de-1[2-9]|(?<![\d.])-0?\.0+\b(?!\d)", text), text


@pytest.mark.parametrize("method", TOLD)
@thorough
@given(data=st.data())
def test_a_named_size_whose_interval_reaches_no_effect_is_told_with_that(method, data):
    findings, said = answered(method, data.draw(SAMPLES[method]))

    shown = any(test.role == "primary" and test.pvalue < ALPHA for test in findings.tests)
    named = [one for one in findings.effect_sizes if one.label and is_doubted(one, shown=shown)]
    text = " ".join(sentences(said))
    if not said.headline.startswith("Where "):
        assert text.count("its interval reaches no effect at all") == len(named)


@pytest.mark.parametrize("method", ["welch_t_test", "mann_whitney_u"])
@thorough
@given(data=st.data())
def test_of_two_groups_the_one_that_the_test_says_is_told_higher(method, data):
    sample = data.draw(SAMPLES[method])
    findings, said = answered(method, sample)

    name = "rank_biserial" if method == "mann_whitney_u" else "hedges_g"
    effect = next(one.value for one in findings.effect_sizes if one.name == name)
    if findings.tests[0].pvalue >= ALPHA:
        assert said.headline.startswith("The data do not show")
        return
    high, low = ("group 0", "group 1") if effect > 0 else ("group 1", "group 0")
    assert 0 < said.headline.index(high) < said.headline.index(low), said.headline


@thorough
@given(values=st.lists(st.sampled_from([-1.0, 0.0, 1.0, 2.0, 9.5]), min_size=6, max_size=30).map(np.array))
def test_values_are_told_to_rise_or_fall_as_the_test_says(values):
    findings, said = answered("trend_over_time", series(values))

    test, head = findings.tests[0], said.headline
    if test.pvalue >= ALPHA:
        assert head.startswith("The data do not show that y rose or fell")
    else:
        assert f" {'rose' if test.statistic > 0 else 'fell'} " in head
    size = re.search(rf"(?:rose|fell)(?: typically)? by ({NUMBER})", head)
    assert size is None or float(size[1]) > 0.0, head


@pytest.mark.parametrize("method", ["linear_model", "logistic_regression", "poisson_regression"])
@thorough
@given(data=st.data())
def test_a_coefficient_goes_with_more_or_less_only_where_its_own_test_shows_it(method, data):
    findings, said = answered(method, data.draw(SAMPLES[method]))

    for found in findings.model.coefficients[1:]:
        told_of = [one.text for one in said.paragraphs if "each extra" in one.text.lower()]
        mine = [text for text in told_of if f"of {found.column} " in text]
        assert len(mine) == 1, (found.column, told_of)
        assert ("do not show" in mine[0]) == (found.pvalue >= ALPHA)
        if found.ratio is None and found.estimate != 0.0:
            assert ("higher" if found.estimate > 0 else "lower") in mine[0]


@pytest.mark.parametrize("method", ["paired_t_test", "wilcoxon_signed_rank"])
@thorough
@given(data=st.data())
def test_of_two_measures_the_second_is_told_higher_or_lower_as_the_test_says(method, data):
    findings, said = answered(method, data.draw(SAMPLES[method]))

    if findings.tests[0].pvalue >= ALPHA:
        assert said.headline.startswith("The data do not show a difference")
        return
    name = "rank_biserial" if method.startswith("wilcoxon") else "cohen_dz"
    effect = next(one.value for one in findings.effect_sizes if name in one.name or "dz" in one.name)
    assert f"m1 is {'higher' if effect > 0 else 'lower'} than m0" in said.headline
