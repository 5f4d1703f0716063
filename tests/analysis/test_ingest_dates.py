"""Dates that are written in several ways in one column are each read in their own, or said to be doubtful."""

from datetime import date, datetime

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table


def values(table: Table) -> list[object]:
    return pl.read_parquet(table.path).get_column("x").to_list()


def told(table: Table) -> str:
    return "\n".join(table.dataset.warnings)


def test_each_date_is_read_in_the_way_it_is_written_and_all_ways_are_counted(read):
    table = read(*["2026-03-01", "02.03.2026", "March 3, 2026", "3/14/26", "Mar 5, 2026"] * 4)

    assert table.columns[1].role == "date"
    assert values(table)[:5] == [date(2026, 3, day) for day in (1, 2, 3, 14, 5)]
    assert (
        "column x: dates written in 4 ways were each read in their own: 8 as Month DD, YYYY "
        "('March 3, 2026'), 4 as YYYY-MM-DD ('2026-03-01'), 4 as DD.MM.YYYY ('02.03.2026'), "
        "4 as MM/DD/YY ('3/14/26')"
    ) in table.dataset.warnings


def test_a_way_that_comes_late_is_read_too(read):
    written = ["2026-03-01"] * 30_000 + ["13.03.2026"] * 40 + ["2 April 2026"] * 3

    table = read(*written)

    assert set(values(table)[-43:]) == {date(2026, 3, 13), date(2026, 4, 2)}
    assert "3 as DD Month YYYY ('2 April 2026')" in told(table)
    assert table.columns[1].invalid == 0


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (
            ["2026-03-01", "01.03.2026", "3/1/26", "3/2/26"],
            "day and month cannot be told apart in 8 values such as '3/1/26'",
        ),
        (
            ["2026-03-01", "01/02/2026", "13/03/2026", "03/14/2026"],
            "the day comes first in 4 values such as '13/03/2026' and the month in 4 such as '03/14/2026', "
            "so that 4 others such as '01/02/2026' can be read both ways",
        ),
    ],
)
def test_days_and_months_that_nothing_tells_apart_are_left_as_text_and_said(read, written, says):
    table = read(*written * 4)

    assert (table.columns[1].dtype, values(table)[: len(written)]) == ("text", written)
    assert f"column x: {says}: the dates were left as text; write all of them as YYYY-MM-DD" in told(table)
    assert says in str(table.columns[1].left_as_text)


def test_one_style_that_shows_both_orders_is_not_read_by_the_more_frequent_one(read):
    written = ["01/02/2026"] * 300 + ["13/03/2026"] * 10 + ["03/14/2026"] * 9

    table = read(*written)

    assert table.columns[1].dtype == "text"
    assert "so that 300 others such as '01/02/2026' can be read both ways" in told(table)


def test_a_single_date_against_the_order_of_all_others_counts_as_missing(read):
    table = read(*["13/03/2026", "01/02/2026"] * 25, "03/14/2026")

    assert values(table)[1] == date(2026, 2, 1)
    assert "1 of 51 values are not dates and count as missing: '03/14/2026'" in told(table)


def test_both_orders_are_read_where_every_date_shows_its_own(read):
    table = read(*["13/03/2026", "03/14/2026", "03/03/2026"] * 4)

    assert values(table)[:3] == [date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 3)]
    assert "8 as DD/MM/YYYY ('13/03/2026'), 4 as MM/DD/YYYY ('03/14/2026')" in told(table)


def test_a_time_shows_the_order_of_the_days_without_one(read):
    table = read(*["3/1/26", "3/2/26 10:30", "13/1/26 11:30"] * 4)

    assert values(table)[:2] == [datetime(2026, 1, 3), datetime(2026, 2, 3, 10, 30)]
    assert "column x: days without a time were read as their midnight" in table.dataset.warnings


def test_times_with_and_without_seconds_and_zones_stand_in_one_column(read):
    written = ["2026-03-01 10:30", "2026-03-01 10:30:05", "2026-03-01T10:30:05Z", "2026-03-01T10:30+01:00"]

    table = read(*[*written, "2026-03-01"] * 3)

    assert values(table)[:5] == [
        datetime(2026, 3, 1, 10, 30),
        datetime(2026, 3, 1, 10, 30, 5),
        datetime(2026, 3, 1, 10, 30, 5),
        datetime(2026, 3, 1, 9, 30),
        datetime(2026, 3, 1),
    ]
    assert "column x: values without a time zone were taken for UTC" in table.dataset.warnings


def test_a_column_with_many_values_beside_its_dates_stays_text_and_says_so(read):
    table = read(*["2026-03-01", "01.04.2026", "2026-03-05", "soon"] * 3)
    plain = read(*["2026-03-01", "2026-03-02", "2026-03-03", "later"] * 3)

    assert values(table)[3] == "soon"
    assert "9 of 12 values are dates (6 as YYYY-MM-DD ('2026-03-01'), 3 as DD.MM.YYYY" in told(table)
    assert "the column was left as text; others: 'soon'" in told(table)
    assert "9 of 12 values are dates such as YYYY-MM-DD: the column was left as text" in told(plain)


@pytest.mark.parametrize("written", [["1-2", "2-3", "2026-03-02"], ["note 1", "1 of 2026", "3/4", "x"]])
def test_text_with_few_dates_in_it_is_text_without_a_word(read, written):
    table = read(*written * 4)

    assert (table.columns[1].dtype, table.dataset.warnings) == ("text", ())
