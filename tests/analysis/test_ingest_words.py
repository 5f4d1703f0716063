"""Yes and no in several words, and dates in the ways that people write them."""

from datetime import date, datetime

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table, ingest


def values(table: Table) -> list[object]:
    return pl.read_parquet(table.path).get_column("x").to_list()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["Yes", "no", "YES", "y", "N", ""], [True, False, True, True, False, None]),
        (["true", "F", "False", "T"], [True, False, False, True]),
        (["ja", "Nein", "JA", "n/a"], [True, False, True, None]),
        (["oui", "non", "yes", "no"], [True, False, True, False]),
    ],
)
def test_yes_and_no_in_several_words_become_one_boolean(read, written, expected):
    table = read(*written * 4)

    assert values(table) == expected * 4
    assert (table.columns[1].role, table.columns[1].dtype) == ("boolean", "boolean")
    assert any("were read as true" in warning for warning in table.dataset.warnings)


def test_words_for_yes_far_behind_the_sample_are_counted_too(read):
    table = read(*["yes", "no"] * 15_000, "Y", "n")

    assert values(table)[-2:] == [True, False]


@pytest.mark.parametrize(
    "written", [["yes", "no", "maybe"], ["T", "F", "N"], ["Yes", "no"], ["on", "yes", "y"]]
)
def test_other_words_are_left_as_they_are(read, written):
    assert values(read(*written * 5)) == written * 5


@pytest.mark.parametrize(
    ("written", "dtype", "first"),
    [
        (["01.03.24", "31.12.24"], "date", date(2024, 3, 1)),
        (["3/31/24", "12/1/24"], "date", date(2024, 3, 31)),
        (["1 March 2024", "31 December 2024"], "date", date(2024, 3, 1)),
        (["March 1, 2024", "December 31, 2024"], "date", date(2024, 3, 1)),
        (["Mar 2024", "Dec 2024"], "date", date(2024, 3, 1)),
        (["03/2024", "12/2024"], "date", date(2024, 3, 1)),
        (["Fri, 01 Mar 2024", "Tue, 31 Dec 2024"], "date", date(2024, 3, 1)),
        (["20240301", "20241231", "20240115"], "date", date(2024, 3, 1)),
        (["3/31/2024 5:04 PM", "12/1/2024 11:30 AM"], "datetime", datetime(2024, 3, 31, 17, 4)),
        (["31.03.2024, 17:04", "01.12.2024, 09:30"], "datetime", datetime(2024, 3, 31, 17, 4)),
        (["20240301", "20241231", "20249999"], "integer", 20240301),
        (["1/2/24", "3/4/24"], "text", "1/2/24"),
    ],
)
def test_dates_are_read_in_the_ways_people_write_them(read, written, dtype, first):
    table = read(*written)

    assert (table.columns[1].dtype, values(table)[0]) == (dtype, first)


def test_a_number_that_is_no_date_shows_far_behind_that_none_is(read):
    days = [f"2024{month:02d}{day:02d}" for month in range(1, 13) for day in range(1, 29)]

    table = read(*days * 80, "17")

    assert (table.columns[1].dtype, values(table)[-1]) == ("integer", 17)


def test_a_column_that_begins_empty_is_judged_by_its_first_values(read):
    table = read(*[""] * 25_000, "1.5", "x", *[f"{n}.25" for n in range(100)])

    column = table.columns[1]
    assert (column.dtype, column.missing, column.invalid) == ("number", 25_001, 1)


def test_examples_of_what_does_not_fit_are_the_first_in_the_file(read):
    odd = [f"odd {n}" for n in range(8)]
    rows = [str(n) for n in range(300_000)]
    for place, value in enumerate(odd):
        rows[(7 - place) * 40_000] = value

    table = read(*rows)

    assert (
        "column x: 8 of 300000 values are not numbers and count as missing: "
        "'odd 7', 'odd 6', 'odd 5', 'odd 4', 'odd 3'"
    ) in table.dataset.warnings


def test_a_few_rows_with_too_many_cells_are_left_out_and_said(tmp_path):
    path = tmp_path / "table.csv"
    rows = [f"{n},{'ab'[n % 2]}" for n in range(1, 500)]
    rows[317] = "318,Doe, John"
    path.write_text("\n".join(["n,g", *rows, ""]))

    table = ingest(path, tmp_path / "cache", name="table.csv")

    assert (table.dataset.rows, table.dialect.rows_left_out) == (498, 1)
    assert table.dataset.warnings == (
        "1 rows have too many cells and were left out (the first is row 318 with 3 cells, the header has 2)",
    )


def test_numbers_with_spaces_around_them_are_numbers_and_their_zeros_are_seen(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a, b, c\n" + "".join(f"{n}, {n}.5, {n:05d}\n" for n in range(20_000)))

    table = ingest(path, tmp_path / "cache", name="table.csv")

    assert [column.dtype for column in table.columns] == ["integer", "number", "text"]
    assert pl.read_parquet(table.path).row(7) == (7, 7.5, "00007")
