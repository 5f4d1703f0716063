"""One column against a number, from the question to the figure."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.planning.planner import explicit_plan, plan
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import OneSample, ShareSample
from jobs.analysis.tables.ingest import ingest
from jobs.errors import UnsuitableData
from tests.analysis.hand_made_columns import COLUMNS
from tests.analysis.methods.reference import a_pvalue, close, effect_of, explicit, limits, test_of
from tests.analysis.whole import answered, table

R = Path(__file__).parents[1] / "data/r"
SINGLE = [case for case in json.loads((R / "paired.json").read_text())["cases"] if case["kind"] == "single"]
SHARES = json.loads((R / "share.json").read_text())["cases"]


def read(name: str, question: str, cache: Path) -> Plan:
    source = table(name)
    return plan(question, ingest(source, cache, name=source.name).columns)


@pytest.mark.agrees(
    "One sample: t, signed rank",
    "statistics, p, estimates, d, g, r, limits",
    "t.test, wilcox.test, effectsize",
)
@pytest.mark.parametrize("case", SINGLE, ids=[case["name"] for case in SINGLE])
def test_one_sample_equals_r(case):
    values, expected = np.array(case["data"][0], dtype=float), case["expected"]
    sample = OneSample("x", values, case["mu"], values.size, {})

    found = methods.run(explicit("one_sample_t_test"), sample)

    t, rank = test_of(found, "one_sample_t_test"), test_of(found, "one_sample_signed_rank")
    assert t.statistic == close(expected["t"]["statistic"])
    assert t.pvalue == a_pvalue(expected["t"]["p"])
    assert [t.estimate.value, *limits(t.estimate.interval)] == close(
        [expected["t"]["difference"], *expected["t"]["interval"]]
    )
    assert rank.statistic == close(expected["rank"]["v"])
    assert rank.pvalue == a_pvalue(expected["rank"]["p"])
    assert rank.estimate.value == close(expected["rank"]["shift"])
    # Beyond the exact case R's uniroot stops within 1e-4 in the unit of the data.
    if values.size > 5:  # of four values R gives an interval of less coverage, with a warning
        assert limits(rank.estimate.interval) == close(expected["rank"]["interval"], rel=0, abs_=2e-4)
    for name, key in (("cohen_d", "dz"), ("hedges_g", "g")):
        effect = effect_of(found, name)
        assert effect.value == close(expected[key]["value"])
        assert limits(effect.interval) == close(expected[key]["interval"], rel=1e-6, abs_=1e-9)
    biserial = effect_of(found, "rank_biserial")
    assert biserial.value == close(expected["biserial"]["value"])
    assert limits(biserial.interval) == close(expected["biserial"]["interval"])


@pytest.mark.agrees(
    "A share: exact binomial, score test", "p, z, Wilson limits, Cohen's h", "binom.test, prop.test"
)
@pytest.mark.parametrize("case", SHARES, ids=[case["name"] for case in SHARES])
def test_a_share_equals_r(case):
    expected = case["expected"]
    sample = ShareSample("x", "yes", case["hits"], case["n"], case["share"], case["n"], {})

    found = methods.run(explicit("binomial_test"), sample)

    exact, score = found.tests
    assert exact.pvalue == a_pvalue(expected["p"])
    assert limits(exact.estimate.interval) == close(expected["wilson"])
    assert score.statistic == close(expected["z"])
    assert score.pvalue == a_pvalue(expected["score_p"])
    h = effect_of(found, "cohen_h")
    assert [h.value, *limits(h.interval)] == close(expected["h"])


@pytest.mark.parametrize(
    ("name", "question", "method", "outcome", "params"),
    [
        ("mtcars", "Is the mean of mpg equal to 20?", "one_sample_t_test", "mpg", {"mu": 20}),
        ("mtcars", "is mpg above 20?", "one_sample_t_test", "mpg", {"mu": 20}),
        ("houses", "Is the average price above 300,000?", "one_sample_t_test", "price_usd", {"mu": 300_000}),
        (
            "houses",
            "Is the average price above 300k dollars?",
            "one_sample_t_test",
            "price_usd",
            {"mu": 3e5},
        ),
        ("birds", "Is the mean body mass equal to 4000 g?", "one_sample_t_test", "body_mass_g", {"mu": 4000}),
        ("employees", "Is the mean income above 5000?", "one_sample_t_test", "MonthlyIncome", {"mu": 5000}),
        (
            "employees",
            "is median income different from 5000",
            "one_sample_signed_rank",
            "MonthlyIncome",
            {"mu": 5000},
        ),
        (
            "birds",
            "is the share of females different from 50 %?",
            "binomial_test",
            "sex",
            {"level": "female", "share": 0.5},
        ),
        (
            "trial",
            "is the share of yes different from 50%?",
            "binomial_test",
            "responded",
            {"level": "yes", "share": 0.5},
        ),
        ("titanic", "Did the majority survive?", "binomial_test", "Survived", {"level": "Yes", "share": 0.5}),
        (
            "employees",
            "Is the attrition rate higher than 15%?",
            "binomial_test",
            "Attrition",
            {"level": "Yes", "share": 0.15},
        ),
    ],
)
def test_questions_with_a_number_are_read(name, question, method, outcome, params, table_cache):
    found = read(name, question, table_cache)

    assert (found.method, found.intent, found.columns) == (method, "one_sample", {"outcome": outcome})
    assert found.params == params
    assert not found.needs_clarification


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("houses", "how many houses cost more than 300000?"),
        ("houses", "do houses with more than 3 bedrooms cost more?"),
        ("houses", "average price between 200000 and 300000?"),
        ("houses", "is the mean price 1.200.300?"),
        ("birds", "is the mean body mass above 4 kg?"),
        ("employees", "is average income of women over 5000?"),
        ("mtcars", "Is mean mpg 20 or 25?"),
        ("mtcars", "is average speed above 20?"),
        ("mtcars", "is the correlation of mpg and wt above 0.5?"),
        ("mtcars", "is the variance of mpg above 20?"),
    ],
)
def test_a_number_that_means_something_else_is_asked_back(name, question, table_cache):
    assert read(name, question, table_cache).needs_clarification


def test_a_mean_is_told_beside_the_value(tmp_path):
    found = answered(table("mtcars"), tmp_path / "p", question="Is the mean of mpg equal to 20?")

    # R 4.2: t.test(mtcars$mpg, mu = 20): t = 0.08506, df = 31, p = 0.9328
    assert found.interpretation.headline == "The data do not show that the mean of mpg (20.1) differs from 20"
    assert found.interpretation.apa.startswith("t(31) = 0.09, p = .933, 95% CI [17.92, 22.26]; Cohen's d")
    assert [plot.id for plot in found.plots] == ["one_sample", "overview"]


def test_a_share_is_told_beside_the_value(tmp_path):
    found = answered(table("titanic"), tmp_path / "p", question="Did the majority survive?")

    assert found.interpretation.headline == "Survived = Yes in 32 % of the rows, fewer than 50 %"
    assert found.findings.share.hits == 711


@pytest.mark.parametrize(
    ("method", "column", "params"),
    [
        ("one_sample_t_test", "mpg", {"mu": 18}),
        ("one_sample_signed_rank", "mpg", {"mu": 18}),
        ("one_sample_signed_rank", "carb", {"mu": 2}),
        ("binomial_test", "am", {"level": "1", "share": 0.5}),
    ],
)
def test_each_method_can_be_given(method, column, params, tmp_path):
    found = answered(
        table("mtcars"), tmp_path / "p", method=method, columns={"outcome": column}, params=params
    )

    assert (found.plan.method, found.findings.tests[0].method) == (method, method)


@pytest.mark.parametrize(
    ("method", "params", "says"),
    [
        ("one_sample_t_test", {}, "needs the parameter 'mu'"),
        ("one_sample_t_test", {"mu": "high"}, "must be a finite number"),
        ("one_sample_t_test", {"mu": 1.0, "nu": 2.0}, "has no parameter 'nu'"),
        ("binomial_test", {"share": 50.0, "level": "a"}, "between 0 and 1"),
        ("profile", {"mu": 1.0}, "it takes none"),
    ],
)
def test_a_value_that_is_missing_or_cannot_be_is_refused(method, params, says):
    columns = {} if method == "profile" else {"outcome": "body_mass_g"}

    with pytest.raises(UnsuitableData, match=says):
        explicit_plan(method, columns, COLUMNS, params=params)


def test_a_level_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnsuitableData, match="has no value 'perhaps'; it has 'No', 'Yes'"):
        answered(
            table("titanic"),
            tmp_path / "p",
            method="binomial_test",
            columns={"outcome": "Survived"},
            params={"level": "perhaps", "share": 0.5},
        )


@pytest.mark.parametrize("rows", [4, 5_000])
def test_odd_names_and_sizes_stay_whole(rows, tmp_path):
    name = "Cost of $x$ in 体重 of a very long campaign with more words than fit_(USD)"
    values = np.random.default_rng(rows).lognormal(3, 1, rows)
    source = tmp_path / "odd.csv"
    source.write_text("\n".join([name, *(f"{value:.3f}" for value in values), ""]), encoding="utf-8")

    found = answered(
        source, tmp_path / "p", method="one_sample_t_test", columns={"outcome": name}, params={"mu": 12.5}
    )

    assert found.findings.sample.n_used == rows
