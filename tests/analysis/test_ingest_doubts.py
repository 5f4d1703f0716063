"""What cannot be read for certain is read in the safest way, and said."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.ingest import Table, ingest
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
