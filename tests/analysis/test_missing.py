"""What is missing, from the question to the figure."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.planning.planner import plan
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.gap_scans import load
from jobs.analysis.tables.ingest import ingest
from jobs.errors import UnknownColumn
from tests.analysis.hand_made_columns import COLUMNS
from tests.analysis.methods.reference import a_pvalue, close
from tests.analysis.whole import answered, table

TABLES = json.loads((Path(__file__).parents[1] / "data/r/scan.json").read_text())["tables"]
in_each = pytest.mark.parametrize("case", TABLES, ids=[case["name"] for case in TABLES])
METHOD = "missing_values"


def found_in(name: str, cache: Path, **columns: str):
    source = table(name)
    asked = Plan("missing", METHOD, columns, 1.0, "")
    return methods.run(asked, load(asked, ingest(source, cache, name=source.name).path, {})).gaps


@in_each
def test_counts_and_complete_rows_equal_r(case, table_cache):
    found = found_in(case["name"], table_cache)

    counted = {gap.column: gap.missing for gap in found.gaps}
    assert sorted(counted.values()) == sorted(n for n in case["missing"] if n)
    assert found.complete_rows == case["complete"]
    assert sum(one.rows for one in found.patterns) == found.rows


@in_each
def test_comparisons_of_rows_with_and_without_a_value_equal_r(case, table_cache):
    found = found_in(case["name"], table_cache)

    told = {(link.column, link.other): link for link in found.links}
    assert len(told) == found.tested == len(case["links"])
    for expected in case["links"]:
        link = told[expected["column"], expected["other"]]
        assert link.statistic == close(expected["statistic"], rel=1e-9, abs_=1e-11)
        assert link.df == close(expected["df"])
        assert (link.pvalue, link.holm) == (a_pvalue(expected["p"]), a_pvalue(expected["holm"]))


def test_one_column_is_compared_by_itself(table_cache):
    whole, one = found_in("airquality", table_cache), found_in("airquality", table_cache, outcome="Ozone")

    assert [gap.column for gap in one.gaps] == ["Ozone"]
    assert {link.column for link in one.links} == {"Ozone"}
    assert one.tested < whole.tested
    assert all("Ozone" in pattern.columns for pattern in one.patterns)


def gappy(path: Path, rows: int = 400) -> Path:
    """Write a table in which income is missing where the place is a village, and age by itself."""
    rng = np.random.default_rng(7)
    lines = []
    for row in range(rows):
        village = rng.random() < 0.4
        income = "" if village and rng.random() < 0.7 else f"{rng.normal(30, 5):.2f}"
        age = "" if rng.random() < 0.1 else f"{rng.normal(40, 9):.1f}"
        lines.append(f"p{row},{'village' if village else 'town'},{age},{income},{rng.normal():.3f}")
    path.write_text("\n".join(["person,place,age,income,noise", *lines, ""]))
    return path


def test_what_a_gap_goes_with_is_told_with_its_size(tmp_path):
    found = answered(gappy(tmp_path / "t.csv"), tmp_path / "p", question="how much data is missing?")

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    first = found.findings.gaps.links[0]
    assert (first.column, first.other, first.kind, first.level) == ("income", "place", "category", "village")
    assert first.where_missing == 100.0
    assert "Where income is missing, place is village in 100.0 % of the rows" in said
    assert "values are not missing at random all over the table" in said
    assert found.plots[0].id == "missing"


def test_without_a_link_nothing_is_said_to_be_random(tmp_path):
    lines = [f"k{n},{'' if n % 9 == 0 else n * 37 % 101}.5,{n * 53 % 97}.25" for n in range(300)]
    source = tmp_path / "t.csv"
    source.write_text("\n".join(["key,a,b", *lines, ""]).replace(",.5,", ",,"))

    found = answered(source, tmp_path / "p", method=METHOD)

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert found.findings.gaps.tested > 0
    assert "does not show that values are missing at random" in said


@pytest.mark.parametrize("columns", [{}, {"outcome": "Survived"}])
def test_a_complete_table_is_said_to_be_complete(columns, tmp_path):
    found = answered(table("titanic"), tmp_path / "p", method=METHOD, columns=columns)

    assert found.interpretation.headline.startswith("No value")
    assert (found.findings.gaps.missing, found.findings.gaps.complete_rows) == (0, 2201)


def test_rows_keep_their_numbers_where_only_some_are_counted(tmp_path):
    source = gappy(tmp_path / "t.csv")

    everywhere = answered(source, tmp_path / "a", method=METHOD).findings.gaps
    villages = answered(source, tmp_path / "b", method=METHOD, where=[("place", "is", ("village",))]).findings

    income = {gap.column: gap for gap in everywhere.gaps}["income"]
    assert villages.gaps.gaps[0].first_rows == income.first_rows
    assert villages.gaps.rows == villages.sample.n_used < villages.sample.n_total == 400


def test_values_that_do_not_fit_count_as_missing_and_are_told(tmp_path):
    source = tmp_path / "t.csv"
    values = [f"{n}.5" for n in range(60)]
    values[7], values[20] = "about nine", ""
    source.write_text("\n".join(["key,v", *(f"k{n},{value}" for n, value in enumerate(values)), ""]))

    found = answered(source, tmp_path / "p", method=METHOD)

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert found.findings.gaps.gaps[0].first_rows == (8, 21)
    assert "Of those in v, 1 value did not fit its type and counts as missing" in said


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("which values are missing", {}),
        ("how much data is missing?", {}),
        ("what is missing in this table?", {}),
        ("are there missing values?", {}),
        ("show the pattern of missing values", {}),
        ("how many nulls are there", {}),
        ("are there any empty cells?", {}),
        ("how many complete rows are there?", {}),
        ("which columns have missing data?", {}),
        ("how many values of body mass are missing?", {"outcome": "body_mass_g"}),
        ("missing values in flipper length", {"outcome": "flipper_length_mm"}),
        ("is sex missing at random?", {"outcome": "sex"}),
        ("does species have blanks", {"outcome": "species"}),
    ],
)
def test_questions_about_what_is_missing_are_read(question, columns):
    found = plan(question, COLUMNS)

    assert (found.method, found.columns, found.needs_clarification) == (METHOD, columns, False)


@pytest.mark.parametrize(
    "question",
    [
        "describe body mass ignoring missing values",
        "mean body mass without missing values",
        "does body mass differ by sex, missing values excluded?",
        "how many values of income are missing?",
        "replace the missing values of body mass",
    ],
)
def test_what_only_leaves_missing_values_out_is_another_question(question):
    assert plan(question, COLUMNS).method != METHOD


@pytest.mark.parametrize(
    "question",
    [
        "do missing body masses depend on flipper length?",
        "is body mass missing more often for females?",
        "is flipper length missing where body mass is missing",
    ],
)
def test_missing_values_of_one_column_by_another_are_not_read_as_the_values_themselves(question):
    found = plan(question, COLUMNS)

    assert found.needs_clarification
    assert {other.method for other in found.alternatives} == {METHOD}


def test_many_columns_and_patterns_stay_readable_and_small(tmp_path):
    rng = np.random.default_rng(1)
    names = [
        f"a long name {{_^}} of $column$ {chr(97 + place // 9)}{chr(97 + place % 9)} 体重"
        for place in range(40)
    ]
    lines = [
        ",".join("" if rng.random() < 0.03 * (place % 9) else f"{rng.normal():.3f}" for place in range(40))
        for _ in range(600)
    ]
    source = tmp_path / "t.csv"
    source.write_text("\n".join([",".join(names), *lines, ""]), encoding="utf-8")

    found = answered(source, tmp_path / "p", method=METHOD)

    assert found.findings.gaps.patterns_found > len(found.findings.gaps.patterns) == 20
    assert (tmp_path / "p" / found.plots[0].files["svg"]).stat().st_size < 300_000


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnknownColumn, match="no column 'deck'"):
        answered(table("titanic"), tmp_path / "p", method=METHOD, columns={"outcome": "deck"})
