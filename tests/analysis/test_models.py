"""Models of several columns: what is refused, what is told, figures, scripts that find the numbers again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from jobs.analysis import methods, plots
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.sampling.samples import load
from jobs.errors import TooFewValues, UnsuitableData
from tests.analysis.hand_made_told import told
from tests.analysis.test_interpret import CAUSAL, allowed, at, numbers_in, results_of, stands_for

TABLES = Path(__file__).parents[1] / "data/tables"
RNG = np.random.default_rng(20140305)
ROWS = 120


def model_plan(method: str, outcome: str, *predictors: str, explicit: bool = True) -> Plan:
    roles = {"outcome": outcome, **{f"predictor_{i}": name for i, name in enumerate(predictors, 1)}}
    return Plan("predict", method, roles, 1.0, "Given.", explicit=explicit)


@pytest.fixture(scope="module")
def parquet(tmp_path_factory) -> Path:
    size, kind = RNG.normal(50, 10, ROWS), RNG.integers(0, 3, ROWS)
    noise = RNG.normal(0, 4, ROWS)
    alone = np.zeros(ROWS)
    alone[7] = 1.0
    table = pl.DataFrame(
        {
            "$price$ (k€)": 3 * size + 20 * kind + noise,
            "大きさ": size,
            "kind": np.array(["plain", "$fine$", "a very long name of a kind of thing"])[kind],
            "double": 2 * size + 5,
            "rooms": RNG.integers(0, 6, ROWS),
            "alone": alone,
            "same": np.ones(ROWS),
            "stretched": np.exp(1.2 * (size - 50) / 10 + noise / 8),
            "once": ["single", *["a", "b"] * (ROWS // 2 - 1), "a"],
            "code": [f"c{place}" for place in range(ROWS)],
            "gaps": pl.Series([None if place % 4 > 1 else float(place) for place in range(ROWS)]),
            "yes": size + noise * 4 > 50,
            "count": RNG.poisson(np.exp((size - 50) / 20 + 0.5)),
            "burst": RNG.negative_binomial(1.2, 1.2 / (1.2 + np.exp((size - 50) / 20 + 1))),
        }
    )
    path = tmp_path_factory.mktemp("models") / "table.parquet"
    table.write_parquet(path)
    return path


def run(plan: Plan, parquet: Path) -> tuple[Plan, ModelSample, Findings]:
    sample = load(plan, parquet)
    assert isinstance(sample, ModelSample)
    plan = methods.choose(plan, sample)
    return plan, sample, methods.run(plan, sample)


CASES = {
    "two columns": ("linear_regression", "$price$ (k€)", "大きさ", "kind"),
    "one column": ("linear_regression", "$price$ (k€)", "kind"),
    "nothing to tell": ("linear_regression", "rooms", "大きさ", "kind"),
    "many columns": ("linear_regression", "$price$ (k€)", "大きさ", "kind", "rooms", "once", "count"),
    "yes or no": ("logistic_regression", "yes", "大きさ", "kind"),
    "a count": ("poisson_regression", "count", "大きさ", "kind"),
    "a count in bursts": ("negative_binomial_regression", "burst", "大きさ"),
    "logarithm": ("log_linear_regression", "stretched", "大きさ", "kind"),
}


@pytest.mark.parametrize("name", CASES)
def test_every_number_in_the_words_stands_at_its_pointers(name, parquet):
    plan, _, findings = run(model_plan(*CASES[name]), parquet)
    case = (plan, findings, ())

    answer, results = told(case), results_of(case)

    wrong = [
        (found, sentence.text)
        for sentence in (*answer.paragraphs, *answer.caveats)
        for found in numbers_in(sentence.text)
        if not stands_for(found, set().union(*(allowed(at(results, p)) for p in sentence.pointers), set()))
    ]
    said = [answer.headline, *(sentence.text for sentence in (*answer.paragraphs, *answer.caveats))]
    assert wrong == []
    assert [text for text in said if CAUSAL.search(text)] == []
    assert answer.apa is not None
    assert [n for n in numbers_in(answer.headline + answer.apa) if not stands_for(n, allowed(results))] == []


@pytest.mark.parametrize("name", CASES)
def test_a_figure_shows_each_coefficient(name, parquet, tmp_path):
    plan, sample, findings = run(model_plan(*CASES[name]), parquet)

    drawn = plots.draw(plan, sample, findings, (), tmp_path)[0]

    rows = (tmp_path / drawn.data).read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(findings.model.coefficients)  # a header, and all but the intercept
    assert all((tmp_path / file).stat().st_size > 5_000 for file in drawn.files.values())


def test_words_say_direction_and_size_in_the_units_of_the_data(parquet):
    plan, _, findings = run(model_plan(*CASES["two columns"]), parquet)

    answer = told((plan, findings, ()))

    said = " ".join(sentence.text for sentence in answer.paragraphs)
    assert answer.headline.startswith("大きさ and kind together account for ")
    assert answer.headline.endswith("大きさ adds most")
    assert (
        "Where the other predictors are equal, each extra unit of 大きさ goes with $price$ (k€) that is 3.0"
        in said
    )
    assert " higher than kind = $fine$" in said


def test_what_is_not_shown_is_not_called_absent(parquet):
    plan, _, findings = run(model_plan(*CASES["nothing to tell"]), parquet)

    assert told((plan, findings, ())).headline.startswith("The data do not show that rooms goes with")


CHANCE = np.array([1.0, -1.0, -1.0, 1.0] * 75)
CLOSE = np.random.default_rng(8).normal(size=300)
HEADLINES = {
    "one of two": (
        {"a": CLOSE, "b": CHANCE},
        "Whether y is True goes with a; the other predictor is not shown",
    ),
    "one of four": (
        {"a": CLOSE, "b": CHANCE, "c": np.roll(CHANCE, 1), "d": np.arange(300.0) % 7},
        "Whether y is True goes with a; the other three predictors are not shown to add to that",
    ),
    "together": (
        {"a": CLOSE, "b": CLOSE + np.random.default_rng(9).normal(0, 0.02, 300)},
        " together; none of them by itself is shown to add to the others",
    ),
}


@pytest.mark.parametrize("name", HEADLINES)
def test_the_headline_names_only_predictors_that_are_shown_to_add(name, tmp_path):
    columns, says = HEADLINES[name]
    yes = CLOSE + np.random.default_rng(3).logistic(0, 0.8, 300) > 0
    pl.DataFrame({"y": yes, **columns}).write_parquet(tmp_path / "t.parquet")

    plan, _, findings = run(model_plan("logistic_regression", "y", *columns), tmp_path / "t.parquet")

    assert says in told((plan, findings, ())).headline


def test_the_headline_of_a_line_says_which_predictor_alone_is_shown_to_add(tmp_path):
    table = {"y": CLOSE + np.random.default_rng(3).normal(0, 2, 300), "a": CLOSE, "b": CHANCE}
    pl.DataFrame(table).write_parquet(tmp_path / "t.parquet")

    plan, _, findings = run(model_plan("linear_regression", "y", "a", "b"), tmp_path / "t.parquet")

    assert told((plan, findings, ())).headline.endswith("; only a is shown to add to the others")


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        (("$price$ (k€)", "大きさ", "double"), UnsuitableData, "'double' follows exactly from the other"),
        (("double", "大きさ"), UnsuitableData, "follows exactly from the predictors"),
        (("rooms", "大きさ", "alone"), UnsuitableData, "One row alone decides a coefficient"),
        (("rooms", "same"), UnsuitableData, "'same' has the single value"),
        (("rooms", "code"), UnsuitableData, "no value|120 different values"),
        (("kind", "rooms"), UnsuitableData, "holds text, not numbers"),
    ],
)
def test_what_cannot_be_modelled_is_refused_with_the_column(columns, error, says, parquet):
    with pytest.raises(error, match=says):
        run(model_plan("linear_regression", *columns), parquet)


def test_too_few_complete_rows_are_refused(tmp_path):
    path = tmp_path / "few.parquet"
    pl.DataFrame({"y": [1.0, 2, 4, 3], "a": [1.0, 5, 2, 2], "b": [3.0, 1, 1, 2]}).write_parquet(path)

    with pytest.raises(TooFewValues, match="4 of 4 rows have a value in every column of the model"):
        run(model_plan("linear_regression", "y", "a", "b"), path)


def test_rows_that_cannot_be_used_are_counted(parquet):
    _, sample, findings = run(model_plan("linear_regression", "rooms", "gaps", "once"), parquet)

    assert sample.dropped == {"missing gaps": 60, "single row of a value of once": 1}
    assert findings.sample.n_used == 59


def test_a_stretched_outcome_is_modelled_by_its_logarithm_unless_the_method_was_given(parquet):
    asked, given = (
        run(model_plan("linear_regression", "stretched", "大きさ", explicit=explicit), parquet)[0]
        for explicit in (False, True)
    )

    assert (asked.method, given.method) == ("log_linear_regression", "linear_regression")
    assert "its logarithm is modelled" in asked.because


def test_counts_that_spread_more_than_a_poisson_get_a_negative_binomial_unless_the_method_was_given(parquet):
    asked, given, calm = (
        run(model_plan("poisson_regression", outcome, "大きさ", explicit=explicit), parquet)
        for outcome, explicit in (("burst", False), ("burst", True), ("count", False))
    )

    assert [plan.method for plan, _, _ in (asked, given, calm)] == [
        "negative_binomial_regression",
        "poisson_regression",
        "poisson_regression",
    ]
    verdicts = [one.verdict for one in given[2].assumptions if one.name == "spread of a Poisson"]
    assert verdicts == ["doubtful"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"y": [0, 0, 0, 0, 1, 1, 1, 1], "x": [1.0, 2, 3, 4, 5, 6, 7, 8]}, "'x' separates 'y' perfectly"),
        ({"y": [0, 0, 0, 1, 1, 1, 0, 1], "x": list("aaabbbcc")}, r"'x' separates 'y' .* \(see x = b\)"),
        ({"y": [0, 1, 2, 1, 0, 1, 1, 2], "x": [1.0, 2, 3, 4, 5, 6, 7, 8]}, "3 different values; a yes/no"),
    ],
)
def test_what_separates_yes_from_no_is_refused(values, says, tmp_path):
    path = tmp_path / "separated.parquet"
    pl.DataFrame(values).write_parquet(path)

    with pytest.raises(UnsuitableData, match=says):
        run(model_plan("logistic_regression", "y", "x"), path)


def test_few_rows_of_the_rarer_outcome_are_told(tmp_path):
    rare = np.arange(100) % 20 == 3
    path = tmp_path / "rare.parquet"
    pl.DataFrame({"rare": rare, "x": RNG.normal(size=100)}).write_parquet(path)

    _, _, findings = run(model_plan("logistic_regression", "rare", "x"), path)

    found = findings.assumptions[0]
    assert (found.verdict, found.magnitude) == ("doubtful", 5.0)
    assert "rarer outcome" in found.name


@pytest.mark.parametrize(("outcome", "says"), [("大きさ", "which is no count"), ("yes", "holds yes or no")])
def test_what_is_no_count_is_refused(outcome, says, parquet):
    with pytest.raises(UnsuitableData, match=says):
        run(model_plan("poisson_regression", outcome, "rooms"), parquet)


def test_a_level_with_zeros_only_is_refused(tmp_path):
    path = tmp_path / "zeros.parquet"
    pl.DataFrame({"n": [0, 0, 0, 3, 2, 5, 1, 4], "x": list("aaabbbbb")}).write_parquet(path)

    with pytest.raises(UnsuitableData, match="its rate ratio is 0"):
        run(model_plan("poisson_regression", "n", "x"), path)


def test_an_outcome_without_logarithm_is_refused_one(parquet):
    with pytest.raises(UnsuitableData, match="holds 0, which has no logarithm"):
        run(model_plan("log_linear_regression", "rooms", "大きさ"), parquet)


def test_predictors_that_overlap_are_told(parquet):
    sample = load(model_plan("linear_regression", "$price$ (k€)", "大きさ", "rooms"), parquet)
    near = replace(
        sample.predictors[1], name="near", values=sample.predictors[0].values + RNG.normal(0, 1, ROWS)
    )

    findings = methods.run(
        model_plan("linear_regression", "y", "a", "b"),
        replace(sample, predictors=(sample.predictors[0], near)),
    )

    found = next(one for one in findings.assumptions if one.name == "predictors that do not overlap")
    assert found.verdict == "doubtful"
    assert found.magnitude > 50


def test_the_order_of_units_does_not_move_the_statistics(parquet):
    plan = model_plan("linear_regression", "$price$ (k€)", "大きさ", "rooms")
    sample = load(plan, parquet)
    far = tuple(replace(one, values=one.values * 1e-7 + 3.0) for one in sample.predictors)

    plain, moved = (
        methods.run(plan, one)
        for one in (sample, replace(sample, predictors=far, values=sample.values + 1e6))
    )

    expected = [one.statistic for one in plain.model.coefficients[1:]]
    assert [one.statistic for one in moved.model.coefficients[1:]] == pytest.approx(expected, rel=1e-6)
