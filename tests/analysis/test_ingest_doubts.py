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


@pytest.mark.parametrize(("mark", "name"), [(".", "point"), (",", "comma")])
def test_marks_that_may_be_thousands_or_decimals_leave_the_column_as_text(read, mark, name):
    table = read(f"shop;sales\na;6{mark}640\nb;12{mark}305\nc;1{mark}200\n")

    told = (
        f"it cannot be told whether the {name} in '6{mark}640' separates thousands or is a decimal {name}; "
        f"write 6640, or 6{mark}6400 with another digit"
    )
    assert table.dataset.warnings == (f"column sales: {told}: the column was left as text",)
    assert table.columns[1].left_as_text == told
    assert pl.read_parquet(table.path)["sales"].to_list() == [f"6{mark}640", f"12{mark}305", f"1{mark}200"]


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["6.640", "12.3", "1.200"], [6.64, 12.3, 1.2]),
        (["6.640", "0.305", "1.200"], [6.64, 0.305, 1.2]),
        (["6.640", "12305", "1.200"], [6.64, 12305, 1.2]),
        (["6,640", "12,3", "1,200"], [6.64, 12.3, 1.2]),
        (["1,006,640", "12,305", "1,200"], [1_006_640, 12_305, 1_200]),
        (["1.006.640", "12.305", "1.200"], [1_006_640, 12_305, 1_200]),
    ],
)
def test_one_value_that_can_be_read_in_one_way_only_decides_for_its_column(read, values, numbers):
    table = read("shop;sales\n" + "".join(f"a;{value}\n" for value in values))

    assert pl.read_parquet(table.path)["sales"].to_list() == numbers


@pytest.mark.parametrize("extra", [1, 3])
def test_points_are_thousands_where_another_column_has_decimal_commas(read, extra):
    people = ["6.640", "12.305", "1.200"]
    rows = zip(["1,5", "2,25", "3,75"], people, strict=True)

    table = read(f"price{';people' * extra}\n" + "".join(f"{price}{f';{n}' * extra}\n" for price, n in rows))

    frame = pl.read_parquet(table.path)
    assert [frame[column.name].to_list() for column in table.columns[1:]] == [[6640, 12305, 1200]] * extra
    assert frame["price"].to_list() == [1.5, 2.25, 3.75]
    assert any(
        warning.startswith("column people: '6.640' was read as 6640: other numbers of the table show")
        for warning in table.dataset.warnings
    )


def test_thousands_that_begin_far_down_are_read_as_thousands(read):
    table = read("price;people\n" + "1,5;640\n" * 5_000 + "1,5;6.640\n")

    assert pl.read_parquet(table.path)["people"].to_list()[-2:] == [640, 6640]


def test_a_column_with_decimal_points_of_its_own_keeps_them_beside_decimal_commas(read):
    table = read("price;people;lat\n" + "1,5;6.640;48.123\n2,5;1.200;48.1\n" * 10)

    frame = pl.read_parquet(table.path)
    assert (frame["people"][0], frame["lat"].to_list()[:2]) == (6640, [48.123, 48.1])
    assert any("column lat: its points were read as decimal points" in w for w in table.dataset.warnings)


def test_amounts_with_a_decimal_comma_take_no_point_for_a_decimal_one(read):
    table = read("shop;price\n" + "a;1.234,50 €\nb;5,10 €\n" * 20 + "c;12.3 €\n")

    assert pl.read_parquet(table.path)["price"].to_list()[-1] is None
    assert any("1 of 41 values are not numbers" in warning for warning in table.dataset.warnings)


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
