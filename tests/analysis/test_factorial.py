"""A number by two factors, from the question to the figure."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.planning.planner import explicit_plan, plan
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.factors import FactorialSample
from jobs.analysis.tables.ingest import ingest
from jobs.errors import TooFewValues, UnsuitableData
from tests.analysis.hand_made_columns import COLUMNS
from tests.analysis.methods.reference import a_pvalue, assert_limits, close, effect_of, test_of
from tests.analysis.whole import answered, table

R = Path(__file__).parents[1] / "data/r/factorial.json"
CASES = json.loads(R.read_text())["cases"]
cases = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
TERMS = ("factor_1", "factor_2", "interaction")


def sample_of(case) -> FactorialSample:
    y, a, b = (np.array(case[name], dtype=float) for name in ("y", "a", "b"))
    first, second = np.unique(a), np.unique(b)
    found = tuple(tuple(y[(a == one) & (b == other)] for other in second) for one in first)
    names = (tuple(map(str, first)), tuple(map(str, second)))
    return FactorialSample("y", "a", "b", *names, found, y.size, {})


def found_for(case, **params: str):
    given = Plan("t", "two_way_anova", {}, 1.0, "", explicit=True, params=params)
    return methods.run(given, sample_of(case))


@pytest.mark.agrees("Two-way ANOVA", "F, p, partial eta2, limits, type II and III", "car::Anova, pf")
@cases
@pytest.mark.parametrize(("kind", "params"), [("two", {}), ("three", {"focus": "interaction"})])
def test_sums_of_squares_equal_car(case, kind, params):
    expected = case["expected"][kind]

    found = found_for(case, **params)

    for place, term in enumerate(TERMS):
        test, eta = test_of(found, f"two_way_anova_{term}"), effect_of(found, f"partial_eta_squared_{term}")
        # numbers around 1e5 with a spread of 3 leave R's own sums eleven digits
        assert test.statistic == close(expected["f"][place], abs_=1e-11)
        assert test.pvalue == a_pvalue(expected["p"][place])
        value, low, high = expected["eta"][place]
        assert eta.value == close(value, abs_=1e-12)
        assert_limits(eta, low, high)


@pytest.mark.agrees("Two-way ANOVA, HC3", "F, p", "car::Anova")
@cases
def test_errors_that_allow_for_unequal_spreads_equal_car_with_hc3(case):
    expected = case["expected"]["robust"]

    found = found_for(case)

    if expected is None:  # a cell of one row
        assert not [test for test in found.tests if test.method.endswith("_hc3")]
        return

    for place, term in enumerate(TERMS):
        test = test_of(found, f"two_way_anova_{term}_hc3")
        assert test.statistic == close(expected["f"][place])
        assert test.pvalue == a_pvalue(expected["p"][place])


@pytest.mark.agrees("Two-way ANOVA, simple effects", "difference, t, p", "emmeans")
@cases
def test_simple_comparisons_equal_emmeans_after_holm(case):
    expected = case["expected"]["simple"]

    pairs = found_for(case).posthoc

    assert [pair.difference for pair in pairs] == close(expected["estimate"])
    assert [pair.statistic for pair in pairs] == close(expected["t"])
    assert [pair.pvalue for pair in pairs] == a_pvalue(expected["p"])


@pytest.mark.parametrize(
    ("name", "question", "outcome", "factors", "focus"),
    [
        ("warpbreaks", "does breaks depend on wool and tension?", "breaks", ("wool", "tension"), False),
        ("warpbreaks", "effect of wool and tension on breaks", "breaks", ("wool", "tension"), False),
        ("birds", "body mass by species and sex", "body_mass_g", ("species", "sex"), False),
        ("mtcars", "mpg by cyl and am", "mpg", ("cyl", "am"), False),
        (
            "tooth_growth",
            "Is there an interaction between supp and dose on len?",
            "len",
            ("supp", "dose"),
            True,
        ),
        (
            "birds",
            "Does the effect of sex on body mass depend on species?",
            "body_mass_g",
            ("sex", "species"),
            True,
        ),
    ],
)
def test_questions_about_two_factors_are_read(name, question, outcome, factors, focus, table_cache):
    source = table(name)

    found = plan(question, ingest(source, table_cache, name=source.name).columns)

    assert (found.method, found.intent, found.needs_clarification) == ("two_way_anova", "factorial", False)
    assert found.columns == {"outcome": outcome, "factor_1": factors[0], "factor_2": factors[1]}
    assert found.params == ({"focus": "interaction"} if focus else {})


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("birds", "variance of body mass by species and sex"),
        ("birds", "body mass by species and colour and sex"),
    ],
)
def test_a_question_about_some_rows_or_another_thing_is_asked_back(name, question, table_cache):
    source = table(name)

    assert plan(question, ingest(source, table_cache, name=source.name).columns).needs_clarification


def test_both_factors_are_told(tmp_path):
    found = answered(table("warpbreaks"), tmp_path / "p", question="does breaks depend on wool and tension?")

    # R 4.2: car::Anova(lm(breaks ~ wool * tension)): wool F = 3.7653 p = .058, tension 8.4980 p < .001,
    # wool:tension 4.1891 p = .021
    assert found.interpretation.headline == (
        "breaks differs by tension, in ways that depend on wool: highest where wool is A and tension is L "
        "(mean 44.6), lowest where wool is B and tension is H (18.8)"
    )
    assert found.interpretation.apa.startswith("F(1, 48) = 3.77, p = .058, partial eta squared of wool = .07")
    assert [plot.id for plot in found.plots] == ["factorial", "overview"]


def test_the_interaction_leads_where_it_is_asked_for(tmp_path):
    found = answered(
        table("tooth_growth"),
        tmp_path / "p",
        question="Is there an interaction between supp and dose on len?",
    )

    assert found.findings.tests[0].method == "two_way_anova_interaction"
    assert found.interpretation.headline.startswith(
        "How len differs by supp depends on dose: highest where supp is"
    )


@pytest.mark.parametrize(("first", "second", "rows"), [(2, 2, 9), (3, 9, 4_000), (7, 2, 60)])
def test_odd_names_and_sizes_stay_whole(first, second, rows, tmp_path):
    rng = np.random.default_rng(rows)
    names = ("体重 of $x$ after a very long campaign_(kg)", "a long factor {_^} with words", "$dose$")
    body = [
        f"{rng.lognormal(2, 0.5):.3f},level {n % first} with a name that is long,体 {n // first % second}"
        for n in range(rows)
    ]
    source = tmp_path / "odd.csv"
    source.write_text("\n".join([",".join(names), *body, ""]), encoding="utf-8")
    columns = dict(zip(("outcome", "factor_1", "factor_2"), names, strict=True))

    found = answered(source, tmp_path / "p", method="two_way_anova", columns=columns)

    assert found.findings.sample.n_used == rows
    assert (tmp_path / "p" / found.plots[0].files["svg"]).stat().st_size < 300_000


def test_a_combination_without_rows_is_refused(tmp_path):
    source = tmp_path / "empty.csv"
    source.write_text(
        "v,a,b\n" + "".join(f"{n},{'xy'[n % 2]},{'pq'[n % 2 * (n % 4) // 2]}\n" for n in range(20))
    )

    with pytest.raises(TooFewValues, match="No row has 'a' x with 'b' q"):
        answered(
            source,
            tmp_path / "p",
            method="two_way_anova",
            columns={"outcome": "v", "factor_1": "a", "factor_2": "b"},
        )


def test_another_focus_than_the_interaction_is_refused():
    with pytest.raises(UnsuitableData, match="'focus' can only be 'interaction'"):
        explicit_plan(
            "two_way_anova",
            {"outcome": "body_mass_g", "factor_1": "species", "factor_2": "sex"},
            COLUMNS,
            params={"focus": "species"},
        )
