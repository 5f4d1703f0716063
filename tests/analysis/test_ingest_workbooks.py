"""Workbooks: the sheet that holds a table is found, its values are read to the last digit."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table, ingest
from jobs.errors import UnreadableTable
from tests.support.workbooks import ods, xlsb, xlsx, zipped

TABLES = Path(__file__).parents[1] / "data" / "tables"
ROWS = [("name", "size", "ok"), ("a", 1.5, True), ("b", 2.25, False), ("c", None, True)]
EXPECTED = [("a", 1.5, True), ("b", 2.25, False), ("c", None, True)]
Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(content: bytes, sheet: str | None = None) -> Table:
        path = tmp_path / "book.xlsx"
        path.write_bytes(content)
        return ingest(path, tmp_path / "cache", name="book.xlsx", sheet=sheet)

    return reading


def rows(table: Table) -> list[tuple[object, ...]]:
    return pl.read_parquet(table.path).rows()


def test_a_sheet_is_read_with_its_types(read):
    table = read(xlsx({"Data": ROWS}))

    assert rows(table) == EXPECTED
    assert (table.dataset.format, table.dialect.sheet, table.dataset.warnings) == ("excel", "Data", ())


def test_an_opendocument_spreadsheet_is_read_as_well(read):
    table = read(ods({"Data": [("name", "size"), ("a", 1.5), ("b", 2.25)]}))

    assert rows(table) == [("a", 1.5), ("b", 2.25)]


def test_a_binary_workbook_is_read_as_well(read):
    table = read(xlsb("Data", [("name", "size"), ("a", 1.5), ("b", 2.25e-12)]))

    assert rows(table) == [("a", 1.5), ("b", 2.25e-12)]


def test_an_old_workbook_with_days_is_read(tmp_path):
    table = ingest(TABLES / "days.xls", tmp_path, name="days.xls")

    assert rows(table)[:2] == [("a", date(2024, 3, 1), 0.0), ("b", date(2024, 3, 2), 1.5)]
    assert (table.dataset.rows, table.dataset.format) == (12, "excel")


def test_the_first_sheet_with_a_table_is_chosen_and_the_others_are_named(read):
    table = read(
        xlsx(
            {
                "Read me": [("This workbook holds a trial.",), ("Made by hand.",)],
                "Empty": [],
                "Data": ROWS,
                "More": ROWS,
            }
        )
    )

    assert rows(table) == EXPECTED
    assert table.dataset.warnings == ("the sheet 'Data' was read; the others are 'Read me', 'Empty', 'More'",)


def test_the_sheet_that_is_asked_for_is_read_and_kept_beside_the_other(read):
    content = xlsx({"Data": ROWS, "Other": [("x", "y"), (1, 2), (3, 4)]})

    first, other, again = read(content), read(content, "Other"), read(content)

    assert rows(other) == [(1, 2), (3, 4)]
    assert rows(first) == EXPECTED
    assert again.path == first.path != other.path


def test_lines_above_the_header_and_empty_rows_are_left_out(read):
    table = read(xlsx({"Data": [("Report of spring", None, None), (None,), *ROWS, (None,), ("d", 4, False)]}))

    assert [column.name for column in table.columns] == ["name", "size", "ok"]
    assert rows(table)[-1] == ("d", 4.0, False)
    assert "the first 2 lines stand before the table and were left out" in table.dataset.warnings


def test_a_number_keeps_all_its_digits(read):
    values = [1.5e-12, 3.14159265358979, -2.5e-07, 1e21, 1 / 3]

    table = read(xlsx({"Data": [("x", "y"), *[(value, "a") for value in values]]}))

    assert [row[0] for row in rows(table)] == values


def test_text_that_looks_like_a_number_keeps_its_zeros(read):
    table = read(xlsx({"Data": [("zip", "n"), ("00501", 1), ("01234", 2), ("98765", 3)]}))

    assert rows(table) == [("00501", 1), ("01234", 2), ("98765", 3)]


def test_cells_with_commas_quotes_and_line_ends_stay_whole(read):
    words = ["a,b", 'say "x"', "semi;colon", "it's", "tab\there"]

    table = read(xlsx({"Data": [("word", "n"), *[(word, n) for n, word in enumerate(words)]]}))

    assert rows(table) == [(word, n) for n, word in enumerate(words)]


def test_a_sheet_of_one_column_is_a_table_when_there_is_no_other(read):
    assert rows(read(xlsx({"Data": [("size",), (1.5,), (2.5,)]}))) == [(1.5,), (2.5,)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (xlsx({"a": [], "b": []}), "the sheet is empty"),
        (xlsx({"a": [("x", "y")]}), "only a header"),
        (
            zipped({"[Content_Types].xml": b"x", "xl/workbook.xml": b"<workbook><sheets>"}),
            "the workbook is damaged",
        ),
    ],
    ids=["empty", "header", "damaged"],
)
def test_a_workbook_without_a_table_is_refused_by_its_reason(read, content, says):
    with pytest.raises(UnreadableTable, match=rf"book\.xlsx: .*{says}"):
        read(content)
