"""What is read by a guess, or left as text though it is nearly a number, is said in the warnings."""

from collections.abc import Callable

import pytest

from jobs.analysis.tables.ingest import Table

Read = Callable[[str | bytes], Table]


def column_of(*cells: str) -> str:
    return "\n".join(["n;x", *(f"{place};{cell}" for place, cell in enumerate(cells)), ""])


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("(1.50)", "(2.50)", "(3.75)"), "stand in brackets such as '(1.50)'"),
        (("3-", "4", "5-", "6-"), "have their minus behind them such as '3-'"),
        (("1,23,456", "2,34,567", "12,34,567"), "with commas in the Indian way such as '1,23,456'"),
        (("1/2", "3/4", "1/3"), "are fractions such as '1/2'"),
        (("00:15", "01:30", "02:10"), "are times such as '00:15'"),
    ],
)
def test_text_that_is_nearly_numbers_is_told_with_how_to_write_it(cells, told, read_content: Read):
    table = read_content(column_of(*cells))

    assert table.columns[1].dtype == "text"
    assert any(told in warning and "left as text" in warning for warning in table.dataset.warnings)


@pytest.mark.parametrize(
    "cells", [("North", "South", "East"), ("A-", "B", "C-"), ("(none)", "(some)", "(all)")]
)
def test_other_text_is_not_told(cells, read_content: Read):
    table = read_content(column_of(*cells))

    assert not any("left as text" in warning for warning in table.dataset.warnings)


def test_points_and_commas_as_decimal_marks_in_one_column_are_told(read_content: Read):
    cells = [f"{place}{',' if place % 2 else '.'}5" for place in range(1, 30)]

    table = read_content(column_of(*cells))

    assert table.columns[1].high == 29.5
    assert any("have a decimal point, where the table has commas" in one for one in table.dataset.warnings)


@pytest.mark.parametrize(
    ("cells", "is_told"),
    [
        ([f"1.{200 + place}" for place in range(20)], True),
        ([f"1.{200 + place}" for place in range(19)] + ["2.5"], False),
        ([f"0.{200 + place}" for place in range(20)], False),
    ],
)
def test_numbers_that_may_be_thousands_are_told(cells, is_told, read_content: Read):
    table = read_content("\n".join(["x,n", *(f"{cell},{place}" for place, cell in enumerate(cells)), ""]))

    assert table.columns[0].dtype == "number"
    assert any("separates thousands" in one for one in table.dataset.warnings) is is_told


def test_japanese_text_is_read_and_told(read_content: Read):
    table = read_content("名前,値\n東京,1\n大阪,2\n".encode("shift_jis"))

    assert [column.name for column in table.columns] == ["名前", "値"]
    assert any("Shift_JIS" in warning for warning in table.dataset.warnings)


@pytest.mark.parametrize(
    "text",
    ["Straße;Größe\nÄ;1,5\nö;2\n", "tête;été\ncôté;1\nrôle;2\n", "a;b\n“quoted”;1\n‘it’ – €;2\n"],
)
def test_western_text_in_windows_encoding_is_not_taken_for_japanese(text, read_content: Read):
    table = read_content(text.encode("cp1252"))

    assert table.dataset.encoding == "cp1252"
    assert table.columns[0].name == text.split(";")[0]
