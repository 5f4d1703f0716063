"""A table whose rows stand for many cases is told, and questions that would count its rows are asked back."""

from pathlib import Path

import pytest

from jobs.analysis.run import Choice, read_plan
from jobs.analysis.tables.ingest import Table, ingest

COUNTS = "treatment,improved,count\nA,yes,40\nA,no,10\nB,yes,25\nB,no,25\n"
NOTHING_CHOSEN = Choice(None, {}, {}, ())


def read(folder: Path, text: str) -> Table:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return ingest(path, folder / "cache", name="table.csv")


@pytest.mark.parametrize("name", ["count", "n", "Freq", "Anzahl", "n_patients", "Häufigkeit"])
def test_a_column_that_counts_cases_is_told(name, tmp_path):
    table = read(tmp_path, COUNTS.replace("count", name))

    assert [column.weighs for column in table.columns] == [False, False, True]
    assert [
        f"'{name}' seems to say how many cases a row stands for" in w for w in table.dataset.warnings
    ] == [True]


@pytest.mark.parametrize(
    "question", ["is improved related to treatment?", "does improved depend on treatment?"]
)
def test_a_question_that_would_count_rows_in_place_of_cases_is_asked_back(question, tmp_path):
    table = read(tmp_path, COUNTS)

    found = read_plan(table, question, NOTHING_CHOSEN)

    assert found.needs_clarification
    assert found.because.startswith("Each row of this table stands for as many cases as 'count' says")
    assert found.alternatives[0].columns == {"row": "treatment", "column": "improved"}


def test_a_question_about_the_counts_themselves_is_answered(tmp_path):
    table = read(tmp_path, "shop,day,n\n" + "".join(f"s{n % 6},d{n // 6},{n * 7 % 23}\n" for n in range(30)))

    found = read_plan(table, "does n differ between the shops?", NOTHING_CHOSEN)

    assert (found.needs_clarification, dict(found.columns)) == (False, {"outcome": "n", "group": "shop"})


@pytest.mark.parametrize(
    "text",
    [
        COUNTS + "A,yes,3\n",  # a combination stands there twice: rows are cases
        COUNTS.replace("count", "score"),
        COUNTS.replace("40", "-40"),
        COUNTS.replace("40", "40.5"),
        "treatment,count\nA,4\nB,5\nA,5\nB,6\n",
        "treatment,improved,count,age\nA,yes,40,30.5\nA,no,10,41.5\nB,yes,25,22.5\nB,no,25,50.5\n",
    ],
)
def test_other_tables_are_no_tables_of_counts(text, tmp_path):
    table = read(tmp_path, text)

    assert not any(column.weighs for column in table.columns)
    assert not any("cases" in warning for warning in table.dataset.warnings)
