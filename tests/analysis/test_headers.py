"""A second line of the header: units below names, or names below those of groups, where that is certain."""

import polars as pl
import pytest

from jobs.analysis.tables.headers import unit_in
from jobs.analysis.tables.ingest import Table
from tests.support.workbooks import xlsx

ROWS = [(f"p{n}", 150 + n, 50.5 + n, 20 + n) for n in range(12)]
LINES = "".join(",".join(map(str, row)) + "\n" for row in ROWS)


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def units(table: Table) -> list[str | None]:
    return [column.unit for column in table.columns]


def rows(table: Table) -> list[tuple[object, ...]]:
    return pl.read_parquet(table.path).rows()


@pytest.mark.parametrize(
    "line", [",cm,kg,years", "-,[cm],(kg),(years)", "text,cm,kg,yrs", '"", cm , kg ,Years']
)
def test_units_below_the_names_become_the_units_of_the_columns(read_content, line):
    table = read_content(f"name,height,weight,age\n{line}\n{LINES}")

    assert (names(table), units(table)) == (["name", "height", "weight", "age"], [None, "cm", "kg", "years"])
    assert rows(table) == ROWS
    assert table.dataset.warnings == (
        "the line below the names was read as their units: height in cm; weight in kg; age in years",
    )


@pytest.mark.parametrize(
    "line",
    ["ann,tall,heavy,old", "text,continuous,continuous,integer", "ann,cm,kg,old", "Berlin,cm,kg,years"],
)
def test_a_line_that_may_be_a_row_stays_one_and_is_doubted(read_content, line):
    table = read_content(f"name,height,weight,age\n{line}\n{LINES}")

    assert rows(table)[0][0] == line.split(",")[0]
    assert table.dataset.rows == 13
    assert table.dataset.warnings[0].startswith("line 2 has text where the rows below it have numbers")


def test_a_row_without_numbers_is_no_line_of_units(read_content):
    table = read_content("sex,age\nm,\nf,20\nm,30\nf,40\n")

    assert (table.dataset.rows, table.dataset.warnings) == (4, ())


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (",Before,,After\n,x,y,x\n", ["column_1", "Before / x", "Before / y", "After / x"]),
        ("name,Before,,After\n,x,y,x\n", ["name", "Before / x", "Before / y", "After / x"]),
        ("who,A,A,B\nname,x,y,x\n", ["who / name", "A / x", "A / y", "B / x"]),
        ("country,Sales,,\n,2023,2024,2025\n", ["country", "Sales / 2023", "Sales / 2024", "Sales / 2025"]),
        (",2023,,2024\nname,x,y,x\n", ["name", "2023 / x", "2023 / y", "2024 / x"]),
    ],
)
def test_names_of_groups_are_joined_with_those_below_them(read_content, header, expected):
    table = read_content(header + LINES)

    assert (names(table), rows(table)) == (expected, ROWS)
    assert (
        f"two header lines were joined into one name a column: {'; '.join(expected)}"
        in table.dataset.warnings
    )


def test_groups_names_and_units_stand_above_a_sheet(read_content):
    head = [("Study", None, None, None), ("", "Body", None, "Time"), ("name", "height", "weight", "age")]

    table = read_content(xlsx({"Data": [*head, (None, "cm", "kg", "(years)"), *ROWS]}))

    assert names(table) == ["name", "Body / height", "Body / weight", "Time / age"]
    assert units(table) == [None, "cm", "kg", "years"]
    assert rows(table) == ROWS


def test_a_title_above_the_names_is_no_group(read_content):
    table = read_content(f",Our study,,\nname,height,weight,age\n{LINES}")

    assert (names(table), rows(table)) == (["name", "height", "weight", "age"], ROWS)
    assert table.dataset.warnings == ("the first 1 lines stand before the table and were left out",)


def test_names_that_are_missing_do_not_make_a_row_of_words_a_header(read_content):
    table = read_content("name,city,\nann,Rome,3\nbob,Oslo,4\ncy,Bonn,5\n")

    assert (names(table), table.dataset.rows) == (["name", "city", "column_3"], 3)


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        *[
            ("kg", "kg"),
            ("KG", "kg"),
            ("(Years)", "years"),
            ("[mm]", "mm"),
            ("m/s", "m/s"),
            ("kg/m2", "kg/m2"),
        ],
        *[
            ("°C", "°C"),
            ("mmol/L", "mmol/L"),
            ("(arb. units)", "arb. units"),
            ("%", "%"),
            ("km h-1", "km h-1"),
        ],
        *[
            ("tall", None),
            ("12", None),
            ("", None),
            ("(3)", None),
            ("M", None),
            ("a very long text indeed", None),
        ],
    ],
)
def test_a_unit_is_known_by_its_symbol_or_its_brackets(cell, unit):
    assert unit_in(cell) == unit
