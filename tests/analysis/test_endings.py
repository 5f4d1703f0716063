"""What stands below a table is no row of it: sums of the rows, notes, another table."""

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table
from jobs.analysis.tables.totals import kind_of
from tests.support.workbooks import xlsx

ROWS = [(f"r{n}", n + 1, n * 1.25) for n in range(10)]
LINES = "name,n,x\n" + "".join(f"{name},{n},{x}\n" for name, n, x in ROWS)


def rows(table: Table) -> list[tuple[object, ...]]:
    return pl.read_parquet(table.path).rows()


@pytest.mark.parametrize("end", ["", "\n", "\n,,\n\n"])
@pytest.mark.parametrize(
    ("last", "kinds"),
    [
        ("Total,55,56.25", ["sum"]),
        ("TOTAL:,55,", ["sum"]),
        ("Mean,5.5,5.6", ["mean"]),
        (
            "Grand total,55,56\nAverage (n=10),5.50,5.625\nMin,1,0\nMax,10,11.25",
            ["sum", "mean", "smallest", "largest"],
        ),
    ],
)
def test_a_row_whose_numbers_follow_from_the_others_is_left_out_and_said(read_content, last, kinds, end):
    table = read_content(LINES + last + end)

    assert rows(table) == ROWS
    assert len(table.dataset.warnings) == len(kinds)
    for kind, warning in zip(kinds, table.dataset.warnings, strict=True):
        assert warning.endswith(f"at the end was left out: its numbers are the {kind} of the rows above")


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (
            "Total,54,56.25",
            "the row 'Total' at the end is not the sum of the rows above (n: 54, computed 55)",
        ),
        (
            "Total,55,56.2\nMean,7,5.6",
            "the row 'Mean' at the end is not the mean of the rows above (n: 7, computed",
        ),
        ("Total,,", "the row 'Total' at the end has no numbers to compare with the rows above"),
    ],
)
def test_a_row_that_is_only_called_a_total_stays_and_is_told(read_content, last, says):
    table = read_content(f"{LINES}{last}\n")

    assert rows(table)[:10] == ROWS
    assert table.dataset.rows == 10 + last.count("\n") + 1
    assert any(warning.startswith(says) for warning in table.dataset.warnings)


def test_sums_are_compared_as_the_table_writes_numbers(read_content):
    lines = "".join(f"r{n};{1000 * n},5;{n},5 €\n" for n in range(10))

    table = read_content(f"name;n;x\n{lines}Summe;45.005,0;50,00 €\n")

    assert table.dataset.rows == 10
    assert table.dataset.warnings[0].startswith("the row 'Summe' at the end was left out")


def test_totals_of_groups_among_the_rows_are_told(read_content):
    table = read_content("region,n\n" + "North,1\nSouth,2\nTotal,3\n" * 5)
    named = read_content("region,n\n" + "".join(f"r{n},1\n" for n in range(60)) + "Total,60\n" + "s,1\n")

    says = "column region: rows with 'Total' may hold sums of other rows, which count twice then"
    assert [table.dataset.rows, named.dataset.rows] == [15, 62]
    assert all(any(warning.startswith(says) for warning in one.dataset.warnings) for one in (table, named))


@pytest.mark.parametrize(
    "last", ["average,3", "Total Energies,3", "mean,3\nr1,5"], ids=["a level", "a longer name", "not last"]
)
def test_rows_that_are_none_of_sums_stay_without_a_word(read_content, last):
    table = read_content("name,n\n" + "average,4\nr1,5\n" * 4 + last + "\n")

    assert table.dataset.rows == 8 + len(last.split("\n"))
    assert table.dataset.warnings == ()


def test_a_table_of_a_single_total_keeps_it(read_content):
    assert rows(read_content("name,n\nTotal,3\n")) == [("Total", 3)]


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ("Source: WHO, 2024", "1 line below the table was left out: 'Source: WHO, 2024'"),
        ("* estimated", "1 line below the table was left out: '* estimated'"),
        (
            "\nAll figures are preliminary",
            "1 line below the table was left out: 'All figures are preliminary'",
        ),
        (
            '"Note: a, b, c, d"\n\nGenerated on 3 May',
            "2 lines below the table were left out: 'Note: a, b, c, d';",
        ),
    ],
)
def test_notes_below_a_table_are_left_out_and_said(read_content, notes, shown):
    table = read_content(f"{LINES}{notes}\n")

    assert rows(table) == ROWS
    assert table.dataset.warnings[0].startswith(shown)


def test_values_that_look_like_notes_stay(read_content):
    lines = "".join(f"Source: {n},{n},{n}.5\n" for n in range(12))

    table = read_content("name,n,x\n" + lines + 'last,1,"two\n\nSource: a line in a cell"\n')

    assert table.dataset.rows == 13
    assert not any("left out" in warning for warning in table.dataset.warnings)


@pytest.mark.parametrize("gap", ["\n", ",,\n\n", "\nTable 2\n"])
@pytest.mark.parametrize("other", ["kind,p,q\na,1,2\nb,3,4\n", "a,b,c,d,e\n1,2,3,4,5\n6,7,8,9,1\n"])
def test_of_two_tables_the_first_is_read_and_the_other_told(read_content, gap, other):
    table = read_content(LINES + gap + other)

    assert rows(table) == ROWS
    names = ", ".join(other.split("\n")[0].split(","))
    assert any(
        warning.startswith("another table begins on line ")
        and f"({names}): only the rows before it" in warning
        for warning in table.dataset.warnings
    )


def test_a_second_table_in_a_sheet_is_told_as_well(read_content):
    below = [("Total", 55, 56.25), (None, None, None), ("kind", "p", "q"), ("a", 1, 2), ("b", 3, 4)]

    table = read_content(xlsx({"Data": [("name", "n", "x"), *ROWS, *below]}))

    assert rows(table) == ROWS
    assert [warning[:13] for warning in table.dataset.warnings] == ["the row 'Tota", "another table"]


def test_rows_after_a_blank_line_go_on(read_content):
    table = read_content(LINES + "\n" + LINES.partition("\n")[2] + "\n\nlone,,\n")

    assert table.dataset.rows == 21


def test_a_header_that_stands_again_is_told(read_content):
    table = read_content(LINES + LINES)

    assert (
        "the header stands again on line 12, where it was read as a row; delete that line"
        in table.dataset.warnings
    )


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Total", "sum"), ("sub-total:", "sum"), ("Std Dev", "standard deviation"), ("MEAN (n = 3)", "mean")],
)
def test_names_of_sums_are_known(label, kind):
    assert kind_of(label) == kind


@pytest.mark.parametrize("label", ["Total Energies", "meaning", "", "sum of", "maxim"])
def test_other_names_are_none(label):
    assert kind_of(label) is None
