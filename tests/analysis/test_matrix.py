"""Every pair of many columns: numbers of R, words that hold them, figure, script; questions read or not."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from jobs.analysis import methods, plots, script
from jobs.analysis.methods import matrix
from jobs.analysis.planning.planner import explicit_plan, plan
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling import samples
from jobs.analysis.sampling.matrices import MatrixSample
from jobs.analysis.tables.ingest import ingest
from jobs.analysis.tables.profile import profile
from jobs.errors import TooFewValues, UnsuitableData
from jobs.progress import silent
from tests.analysis.hand_made_columns import COLUMNS, column
from tests.analysis.hand_made_told import told
from tests.analysis.methods.reference import close, explicit
from tests.analysis.test_interpret import allowed, at, numbers_in, results_of, stands_for

DATA = Path(__file__).parents[1] / "data"
REFERENCE = json.loads((DATA / "r/matrix.json").read_text())["cases"]
RNG = np.random.default_rng(20140305)


@pytest.mark.agrees("Correlation matrix", "r, rho, p, limits, Holm, Benjamini-Hochberg", "cor.test, p.adjust")
@pytest.mark.parametrize("case", REFERENCE, ids=[case["name"] for case in REFERENCE])
def test_pairs_agree_with_cor_test_and_p_adjust(case):
    values = np.array(case["columns"], dtype=float).T
    sample = MatrixSample(tuple(case["names"]), values, values.shape[0], {})
    method = "rank_correlation_matrix" if case["method"] == "spearman" else "correlation_matrix"

    found = matrix.run(explicit(method), sample, level=0.95).matrix

    pairs = {(pair.a, pair.b): pair for pair in found.pairs}
    ordered = [pairs[names] for names in zip(case["a"], case["b"], strict=True)]
    assert [pair.value for pair in ordered] == close(case["r"])
    assert [pair.n for pair in ordered] == case["n"]
    assert [pair.interval.low for pair in ordered] == close(case["low"])
    assert [pair.interval.high for pair in ordered] == close(case["high"])
    for name in ("pvalue", "holm", "bh"):
        expected = case["p" if name == "pvalue" else name]
        assert [getattr(pair, name) for pair in ordered] == close(expected, abs_=1e-290)


def sample_of(size: int, rows: int = 60, name: str = "column") -> MatrixSample:
    shared = RNG.normal(size=rows)
    values = np.column_stack([RNG.normal(size=rows) + shared * (place % 3) for place in range(size)])
    return MatrixSample(tuple(f"{name} {place}" for place in range(size)), values, rows, {})


def matrix_plan(sample: MatrixSample, method: str = "correlation_matrix") -> Plan:
    roles = {f"column_{place}": name for place, name in enumerate(sample.columns, 1)}
    return Plan("relationship_matrix", method, roles, 1.0, "Given.", explicit=True)


CASES = {
    "two": sample_of(2),
    "six": sample_of(6, name="体重 $x$"),
    "fifty": sample_of(50, name="a column with a rather long name that"),
    "unrelated": MatrixSample(("a", "b", "c"), RNG.normal(size=(30, 3)), 30, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_words_and_figure_show_the_pairs(name, tmp_path):
    sample = CASES[name]
    chosen = matrix_plan(sample)
    findings = methods.run(chosen, sample)

    answer, results = told((chosen, findings, ())), results_of((chosen, findings, ()))
    drawn = plots.draw(chosen, sample, findings, (), tmp_path)[0]

    wrong = [
        (found, sentence.text)
        for sentence in (*answer.paragraphs, *answer.caveats)
        for found in numbers_in(sentence.text)
        if not stands_for(found, set().union(*(allowed(at(results, p)) for p in sentence.pointers), set()))
    ]
    assert wrong == []
    rows = (tmp_path / drawn.data).read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(findings.matrix.pairs) + 1
    assert set(findings.matrix.order) == set(sample.columns)
    assert answer.headline.startswith("The data do not show") == (findings.matrix.shown == 0)


def test_ranks_are_correlated_where_most_columns_are_stretched():
    values = np.exp(RNG.normal(size=(200, 3)) * 2)
    sample = MatrixSample(("a", "b", "c"), values, 200, {})
    asked = Plan("relationship_matrix", "correlation_matrix", {}, 0.9, "Asked.")

    assert methods.choose(asked, sample).method == "rank_correlation_matrix"
    assert methods.choose(matrix_plan(sample), sample).method == "correlation_matrix"


def test_a_row_without_two_values_is_left_out_and_pairs_use_what_they_have(tmp_path):
    path = tmp_path / "gaps.parquet"
    a = [1.0, 2, 3, 4, 5, 6, None, 8]
    pl.DataFrame(
        {"a": a, "b": [2.0, 1, 4, 3, 6, 5, 1, None], "c": [1, 3, 2, 5, 4, 6, None, 8]}
    ).write_parquet(path)
    chosen = Plan("m", "correlation_matrix", {"column_1": "a", "column_2": "b", "column_3": "c"}, 1.0, "")

    sample = samples.load(chosen, path)
    findings = methods.run(chosen, sample)

    assert sample.dropped == {"fewer than two of the columns": 1}
    assert {(pair.a, pair.b): pair.n for pair in findings.matrix.pairs} == {
        ("a", "b"): 6,
        ("a", "c"): 7,
        ("b", "c"): 6,
    }


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        ({"a": [1.0, 2, 3, 4, 5], "b": [2.0] * 5}, UnsuitableData, "'b' has the same value"),
        (
            {"a": [1.0, 2, 3, None, None], "b": [2.0, 1, 3, 4, 5]},
            TooFewValues,
            "3 of 5 rows have both 'a' and 'b'",
        ),
        ({"a": [1.0, 2, 3, 4, 5], "b": list("abcde")}, UnsuitableData, "holds text, not numbers"),
    ],
)
def test_columns_that_cannot_be_correlated_are_refused(columns, error, says, tmp_path):
    path = tmp_path / "odd.parquet"
    pl.DataFrame(columns).write_parquet(path)
    chosen = Plan("m", "correlation_matrix", {"column_1": "a", "column_2": "b"}, 1.0, "")

    with pytest.raises(error, match=says):
        methods.run(chosen, samples.load(chosen, path))


@pytest.mark.parametrize("method", ["correlation_matrix", "rank_correlation_matrix"])
def test_the_script_finds_the_correlations_again(method, table_cache, tmp_path):
    source = DATA / "tables/airquality.csv"
    read = ingest(source, table_cache, name=source.name)
    roles = {"column_1": "Ozone", "column_2": "Solar.R", "column_3": "Wind", "column_4": "Temp"}
    chosen = explicit_plan(method, roles, read.columns)
    findings: Findings = methods.run(chosen, samples.load(chosen, read.path))
    path = tmp_path / "script.py"

    script.write(
        script.Recipe(
            read.dataset, read.dialect, read.columns, chosen, findings, profile(read, report=silent)
        ),
        path,
    )
    found = script.verify(path, source)

    assert found.verified, found.reason


NUMBERS = tuple(column(name) for name in ("height", "weight", "age"))


@pytest.mark.parametrize(
    "question",
    [
        "correlation matrix",
        "correlate all numeric columns",
        "show correlations between all numeric columns",
        "how are all the measurements related?",
        "heatmap of correlations",
        "which variables are correlated?",
        "correlate height, weight and age",
    ],
)
def test_questions_about_every_pair_are_read_as_a_matrix(question):
    found = plan(question, NUMBERS)

    assert (found.method, found.needs_clarification) == ("correlation_matrix", False)
    assert found.columns == {"column_1": "height", "column_2": "weight", "column_3": "age"}
    assert explicit_plan(found.method, found.columns, NUMBERS).intent == found.intent


@pytest.mark.parametrize(
    ("question", "columns", "says"),
    [
        ("correlation matrix of happiness", NUMBERS, "No column was found for 'happiness'"),
        ("correlation matrix", (column("a", "category", "text", ("x", "y")),), "has 0 columns of numbers"),
        ("correlation matrix", tuple(column(f"v{n}") for n in range(60)), "at most 50"),
        ("correlate all numeric columns for Gentoo", COLUMNS, "many columns at once"),
    ],
)
def test_a_matrix_that_cannot_be_made_is_asked_back(question, columns, says):
    found = plan(question, columns)

    assert found.needs_clarification
    assert says in found.because


def test_a_question_about_missing_values_in_each_column_is_no_matrix():
    assert plan("How many values are missing in each column?", NUMBERS).method in (
        "missing_values",
        "profile",
    )
