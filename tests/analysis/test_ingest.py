"""Tables as people send them become typed Parquet, and everything that was changed is said."""

import random
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table, ingest
from jobs.errors import UnreadableTable

TABLES = Path(__file__).parents[1] / "data" / "tables"


@pytest.fixture
def read(tmp_path):
    def read(content: str | bytes, encoding: str = "utf-8") -> Table:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return ingest(path, tmp_path / "cache", name="mine.csv")

    return read


def rows(table: Table) -> list[tuple[object, ...]]:
    return pl.read_parquet(table.path).rows()


def dtypes(table: Table) -> dict[str, str]:
    return {column.name: column.dtype for column in table.columns}


def lines(header: str, *values: str) -> str:
    return "\n".join([header, *values, ""])


EXPECTED = [(1, "x", 2.5), (2, "y", None), (3, "z", 4.0)]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b,c\n1,x,2.5\n2,y,\n3,z,4.0\n",
        b"a,b,c\r\n1,x,2.5\r\n2,y,NA\r\n3,z,4.0",
        b"a,b,c\r1,x,2.5\r2,y,\r3,z,4.0\r",
        b"\xef\xbb\xbfa,b,c\n1,x,2.5\n2,y,n/a\n3,z,4.0\n",
        b"a;b;c\n1;x;2,5\n2;y;\n3;z;4,0\n",
        b"a\tb\tc\n1\tx\t2.5\n2\ty\tnull\n3\tz\t4.0\n",
        b'"a","b","c"\n"1","x","2.5"\n"2","y",""\n"3","z","4.0"\n',
        b"'a','b','c'\n'1','x','2.5'\n'2','y',''\n'3','z','4.0'\n",
        b"Report of today\n\na,b,c\n1,x,2.5\n2,y,?\n3,z,4.0\n",
        b"a,b,c\n1,x,2.5\n\n2,y,-\n,,\n3,z,4.0\n\n",
        b"a,b,c\n1,x,2.5\n2,y\n3,z,4.0\n",
        b"a,b,c\n1,x,2.5,,\n2,y,,,\n3,z,4.0,,\n",
        b"a,b,c\n1,x,2.5\x00\n2,y,\n3,z,4.0\n",
        b"a,b,c\n 1 , x ,2.5 \n2,y,  \n3,z, 4.0\n",
        "a,b,c\n1,x,2.5\n2,y,\n3,z,4.0\n".encode("utf-16"),
        "a,b,c\n1,x,2.5\n2,y,\n3,z,4.0\n".encode("utf-16-le"),
    ],
)
def test_the_same_table_is_read_however_it_is_written(read, content):
    table = read(content)

    assert rows(table)[:3] == EXPECTED
    assert list(dtypes(table).values())[:3] == ["integer", "text", "number"]
    assert table.dataset.rows == 3


def test_quoted_cells_keep_delimiters_line_ends_and_quotes(read):
    table = read('id,remark\n1,"a, b"\n2,"two\nlines"\n3,"say ""hi"""\n')

    assert rows(table) == [(1, "a, b"), (2, "two\nlines"), (3, 'say "hi"')]


def test_stray_quotes_stay_characters(read):
    table = read('size,count\n5" disk,1\n3" tape,2\nplain,3\n')

    assert rows(table) == [('5" disk', 1), ('3" tape', 2), ("plain", 3)]


def test_a_quote_that_never_closes_does_not_swallow_the_rows_below(read):
    table = read("a,b\n" + "x,1\n" * 20_000 + '"broken,2\n' + "y,3\n" * 20_000)

    assert table.dataset.rows == 40_001
    assert any("a quote never closes" in warning for warning in table.dataset.warnings)


def test_windows_letters_far_behind_the_sample_are_read(read):
    table = read(b"name,value\n" + b"plain,1\n" * 40_000 + "Zürich,2\n".encode("cp1252"))

    assert table.dataset.encoding == "cp1252"
    assert rows(table)[-1] == ("Zürich", 2)


def test_a_fraction_far_behind_the_sample_makes_the_column_a_number(read):
    table = read("value\n" + "4\n" * 150_000 + "3.5\n")

    assert dtypes(table) == {"value": "number"}
    assert rows(table)[-1] == (3.5,)


def test_a_row_that_is_too_long_is_named(read):
    with pytest.raises(UnreadableTable, match=r"mine\.csv: row 3 has 4 cells, the header has 3"):
        read("a,b,c\n1,2,3\n4,5,6\n7,8,9,10\n11,12,13\n14,15,16\n")


def test_rows_that_are_too_short_are_filled_and_counted(read):
    table = read("a,b,c\n1,2,3\n4,5\n6,7,8\n9\n10,11,12\n13,14,15\n16,17,18\n")

    assert rows(table)[1] == (4, 5, None)
    assert any(
        "2 rows are too short (the first is row 2 with 2 of 3 cells)" in w for w in table.dataset.warnings
    )


def test_values_that_do_not_fit_are_counted_with_examples(read):
    values = [*(str(number) for number in range(97)), "abc", "n.b.", "1O"]

    table = read(lines("age", *values))

    column = table.columns[0]
    assert (column.dtype, column.invalid, column.missing, column.rows) == ("integer", 3, 3, 100)
    assert "column age: 3 of 100 values are not numbers and count as missing: 'abc', 'n.b.', '1O'" in (
        table.dataset.warnings
    )


def test_a_column_with_many_misfits_stays_text_and_loses_nothing(read):
    table = read(lines("age", *(str(number) for number in range(90)), *(f"unknown {n}" for n in range(10))))

    assert (table.columns[0].dtype, table.columns[0].missing) == ("text", 0)
    assert "90 of 100 values are numbers: the column was left as text" in table.dataset.warnings[0]


def test_leading_zeros_stay_text(read):
    table = read(lines("zip,n", "01234,1", "98765,2", "00501,3"))

    assert rows(table)[0] == ("01234", 1)
    assert "column zip: 2 values have leading zeros: the column was left as text" in table.dataset.warnings


def test_a_zero_alone_or_before_the_point_is_a_number(read):
    table = read(lines("x", "0", "0.5", "-0.25", "+3", "1e3"))

    assert rows(table) == [(0.0,), (0.5,), (-0.25,), (3.0,), (1000.0,)]


def test_integers_beyond_64_bits_become_numbers(read):
    table = read(lines("n", "1", "2", "99999999999999999999"))

    assert (dtypes(table), rows(table)[2]) == ({"n": "number"}, (1e20,))
    assert "1 whole numbers are too large" in table.dataset.warnings[0]


def test_infinite_values_count_as_invalid(read):
    table = read(lines("x", *(f"{number}.5" for number in range(40)), "inf", "NaN"))

    column = table.columns[0]
    assert (column.invalid, column.missing) == (1, 2)


def test_none_is_a_level_in_words_and_missing_among_numbers(read):
    table = read(lines("dose,veneer", "1,None", "None,brick", "3,stone", "4,None"))

    assert rows(table) == [(1, "None"), (None, "brick"), (3, "stone"), (4, "None")]
    assert "column veneer: 'None' (2 times) was read as a value, not as missing" in table.dataset.warnings


@pytest.mark.parametrize(
    ("written", "dtype", "first"),
    [
        (["2024-03-01", "2024-12-31", "2024-01-15"], "date", date(2024, 3, 1)),
        (["2024/03/01", "2024/12/31", "2024/01/15"], "date", date(2024, 3, 1)),
        (["01.03.2024", "31.12.2024", "15.01.2024"], "date", date(2024, 3, 1)),
        (["01/03/2024", "31/12/2024", "15/01/2024"], "date", date(2024, 3, 1)),
        (["03/01/2024", "12/31/2024", "01/15/2024"], "date", date(2024, 3, 1)),
        (["1 Mar 2024", "31 Dec 2024", "15 Jan 2024"], "date", date(2024, 3, 1)),
        (["2024-03", "2024-12", "2024-01"], "date", date(2024, 3, 1)),
        (["2024-03-01T10:30:00", "2024-12-31T00:00:00"], "datetime", datetime(2024, 3, 1, 10, 30)),
        (["2024-03-01 10:30", "2024-12-31 00:00"], "datetime", datetime(2024, 3, 1, 10, 30)),
        (["2024-03-01T10:30:00Z", "2024-12-31T00:00:00+02:00"], "datetime", datetime(2024, 3, 1, 10, 30)),
        (["03/04/2024", "05/06/2024", "07/08/2024"], "text", "03/04/2024"),
        (["10:30", "11:45", "12:00"], "text", "10:30"),
        (["555-1234", "555-9876", "555-4567"], "text", "555-1234"),
    ],
)
def test_dates_are_read_when_they_can_be_read_in_one_way_only(read, written, dtype, first):
    table = read(lines("when,n", *(f"{value},{number}" for number, value in enumerate(written))))

    assert dtypes(table)["when"] == dtype
    assert rows(table)[0][0] == first


def test_ambiguous_dates_are_reported(read):
    table = read(lines("when,n", "03/04/2024,1", "05/06/2024,2"))

    assert "day and month cannot be told apart" in table.dataset.warnings[0]


def test_true_and_false_are_booleans_and_other_pairs_keep_their_words(read):
    table = read(lines("a,b,c", *["TRUE,yes,Y", "false,no,N"] * 5))

    assert [column.role for column in table.columns] == ["boolean"] * 3
    assert [column.levels for column in table.columns] == [("false", "true"), ("no", "yes"), ("N", "Y")]
    assert rows(table)[0] == (True, "yes", "Y")


def test_column_names_are_data(read):
    names = ["__import__('os').system('x')", "$a_{b}$", "a b", "pl.col('x')", "cs.all()"]

    table = read(lines(";".join(names), "1;2;3;4;5", "6;7;8;9;10"))

    assert [column.name for column in table.columns] == names
    assert rows(table) == [(1, 2, 3, 4, 5), (6, 7, 8, 9, 10)]


def test_names_that_polars_would_take_for_patterns_are_changed_and_said(read):
    table = read(lines("^.*$,*,b", "1,2,3", "4,5,6"))

    assert [column.name for column in table.columns] == [".*", "column_2", "b"]
    assert "column 1 has the unusual name '^.*$': it is called '.*'" in table.dataset.warnings


def test_a_table_of_one_column_of_prose_is_a_table(read):
    table = read(lines("remark", "It rained, and we stayed in.", "Sunny; warm.", "It rained again, alas."))

    assert (table.dataset.columns, table.columns[0].dtype, table.dataset.rows) == (1, "text", 3)


def test_only_a_header_over_empty_rows_is_refused(read):
    with pytest.raises(UnreadableTable, match="only a header"):
        read("a,b,c\n,,\n,,\n")


def test_random_tables_survive_writing_and_reading(read):
    chance = random.Random(20240301)  # noqa: S311 - repeatable test data, no secret
    alphabet = ["x", "é", "名", " ", "a,b", 'say "x"', "semi;colon", "tab\there", "line\nend", "'"]
    expected = [
        (n, "w" + "".join(chance.choices(alphabet, k=3)).strip() + "w", round(chance.gauss(0, 10), 3))
        for n in range(1, 400)
    ]
    content = pl.DataFrame(expected, schema=["n", "word", "x"], orient="row").write_csv()

    assert rows(read(content)) == expected
