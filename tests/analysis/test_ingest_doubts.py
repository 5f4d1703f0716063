"""What cannot be read for certain is read in the safest way, and said."""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table, ingest
from jobs.errors import UnreadableTable

Read = Callable[[str], Table]
UNCLOSED = "a quote never closes: quotes were read as ordinary characters"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(text: str) -> Table:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return ingest(path, tmp_path / "cache", name="table.csv")

    return reading


@pytest.mark.parametrize("after", [20, 5_000])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_unclosed_quote_in_the_last_column_swallows_no_row(read, after, line_end):
    rows = [f"{row / 10},b" for row in range(20)]
    lines = ["v,g", *rows, '1.0,"a', *rows * (after // 20)]

    table = read(line_end.join([*lines, ""]))

    assert table.dataset.rows == 21 + after
    assert UNCLOSED in table.dataset.warnings
    assert pl.read_parquet(table.path)["g"].value_counts().sort("count").rows() == [
        ('"a', 1),
        ("b", 20 + after),
    ]


def test_two_unclosed_quotes_do_not_close_each_other(read):
    table = read("v,g\n" + "1,b\n" * 5 + '2,"a\n' + "1,b\n" * 5 + '3,"c\n' + "1,b\n" * 5)

    assert table.dataset.rows == 17
    assert UNCLOSED in table.dataset.warnings


def test_cells_of_several_lines_with_quotes_inside_are_read_as_before(read):
    table = read('v,g\n1,"two\nlines"\n2,"she said ""no""\nand went"\n3,plain\n')

    assert pl.read_parquet(table.path)["g"].to_list() == ["two\nlines", 'she said "no"\nand went', "plain"]
    assert table.dataset.warnings == ()


def test_an_unclosed_quote_among_cells_that_need_quotes_is_refused_with_its_line(read):
    text = "v,g\n" + '1,"a, b"\n' * 60 + '2,"c\n' + '1,"a, b"\n' * 60

    with pytest.raises(UnreadableTable, match="a quote that opens on line 62 never closes"):
        read(text)


def test_three_digits_after_every_point_are_doubted_in_a_table_with_semicolons(read):
    table = read("shop;sales\na;6.640\nb;12.305\nc;1.200\n")
    decimals = read("shop;sales\na;6.640\nb;12.3\nc;1.200\n")

    doubts = [warning for warning in table.dataset.warnings if "if it separates thousands" in warning]
    assert len(doubts) == 1
    assert doubts[0].startswith("column sales: every number has a point before three digits")
    assert pl.read_parquet(table.path)["sales"].to_list() == [6.64, 12.305, 1.2]
    assert decimals.dataset.warnings == ()


def test_three_digits_after_points_beside_decimal_commas_are_doubted(read):
    table = read("price;people\n1,5;6.640\n2,25;12.305\n3,75;1.200\n")

    assert any(
        warning.startswith("column people: every number has a point") for warning in table.dataset.warnings
    )


def test_levels_that_differ_in_case_or_spaces_alone_are_named(read):
    rows = "".join(
        f"{row},{sex},{size}\n"
        for row in range(9)
        for sex, size in (("Male", "a"), ("male", "b"), ("MALE ", "c"))
    )

    table = read("v,sex,size\n" + rows)

    assert table.dataset.warnings == (
        "column sex: values that differ only in case or spaces are separate groups: "
        "'MALE', 'Male', 'male'; write them alike if they mean the same",
    )


def test_whole_numbers_that_computations_round_are_named(read):
    table = read("v,w\n" + "".join(f"{2**53 + 2 * (row % 5)},{2**53}\n" for row in range(20)))

    assert [warning for warning in table.dataset.warnings if "rounded" in warning] == [
        f"column v: 16 whole numbers are beyond ±{2**53:,} and are rounded to about 16 digits in computations"
    ]


def test_a_wide_table_is_read_within_seconds(read):
    begin = process_time()

    table = read(
        ",".join(f"c{place}" for place in range(800)) + "\n" + (",".join(["1.25"] * 800) + "\n") * 20
    )

    assert table.dataset.columns == 800
    assert process_time() - begin < 8  # seconds
