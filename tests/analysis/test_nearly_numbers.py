"""Numbers with a unit, quarters and weeks are read as what they are; times are text, and why is told."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.planning.planner import plan
from jobs.analysis.tables.ingest import Table, ingest
from tests.analysis.whole import answered


def read(folder: Path, values: list[str]) -> Table:
    path = folder / "table.csv"
    path.write_text(
        "g|size\n" + "".join(f"{'xy'[place % 2]}|{value}\n" for place, value in enumerate(values))
    )
    return ingest(path, folder / "cache", name="table.csv")


def test_times_are_text_and_a_question_is_told_why(tmp_path):
    table = read(tmp_path, [f"02:{minute:02d}:10" for minute in range(30)])

    asked = plan("does size differ by g?", table.columns)

    assert asked.needs_clarification
    assert "times such as '02:00:10'" in asked.because
    assert "identifies the rows" not in asked.because


@pytest.mark.parametrize(
    ("values", "unit", "low", "high"),
    [
        ([f"1.{n} m" for n in range(50, 80)], "m", 1.5, 1.79),
        ([f"{n}km/h" for n in range(50, 80)], "km/h", 50, 79),
        ([f"1,{n} m" for n in range(50, 80)], "m", 1.5, 1.79),
        ([f"1.{n:03d} kg" for n in range(30)], "kg", 1.0, 1.029),
        ([f"-{n} °C" for n in range(30)], "°C", -29, 0),
        ([f"{n} Bed" for n in (1, 2, 3) * 10], "Bed", 1, 3),
        ([f"{n} M" for n in range(30)], "M", 0, 29),
        ([*(f"{n} kg" for n in range(50, 80)), "n/a", ""], "kg", 50, 79),
    ],
)
def test_numbers_with_one_unit_in_the_cells_are_read_in_it(values, unit, low, high, tmp_path):
    table = read(tmp_path, values)

    size = table.columns[1]
    assert (size.dtype, size.unit, size.low, size.high) == ("number", unit, low, high)
    assert [w for w in table.dataset.warnings if w.endswith("in the cells were read in that unit")]


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ([f"{2015 + n // 4}-Q{n % 4 + 1}" for n in range(30)], date(2015, 1, 1)),
        ([f"{2015 + n // 4}Q{n % 4 + 1}" for n in range(3, 30)], date(2015, 10, 1)),
        ([f"Q{n % 4 + 1} {2015 + n // 4}" for n in range(1, 30)], date(2015, 4, 1)),
        ([f"q{n % 4 + 1}/{2015 + n // 4}" for n in range(30)], date(2015, 1, 1)),
        ([f"2015-W{n:02d}" for n in range(7, 54)], date(2015, 2, 9)),
        ([f"2016W{n:02d}" for n in range(1, 53)], date(2016, 1, 4)),
    ],
)
def test_quarters_and_weeks_are_read_as_the_days_that_they_begin_with(values, first, tmp_path):
    table = read(tmp_path, values)

    assert table.columns[1].dtype == "date"
    assert table.columns[1].invalid == 0
    assert pl.read_parquet(table.path)["size"][0] == first
    assert [w for w in table.dataset.warnings if "were read as their" in w]


def test_a_week_that_its_year_has_not_counts_as_missing(tmp_path):
    table = read(tmp_path, [f"2014-W{n:02d}" for n in range(1, 54)])

    assert table.columns[1].invalid == 1
    assert any("'2014-W53'" in warning for warning in table.dataset.warnings)


@pytest.mark.parametrize(
    "values",
    [
        [f"a{n}" for n in range(30)],
        [f"{n} {'m' if n % 2 else 'ft'}" for n in range(30)],
        [f"{n} Main Street" for n in range(30)],
        [f"R2-D{n}" for n in range(30)],
        [f"{n}B" for n in range(30)],
        [f"{n}M" for n in range(30)],
        [f"{n % 11 + 1} pm" for n in range(30)],
        [f"{n}th" for n in range(30)],
        [f"X{n % 4 + 1} {2015 + n // 4}" for n in range(30)],
        ["12 A", "12 B"] * 10,
        ["Q1", "Q2", "Q3", "Q4"] * 8,
    ],
)
def test_other_text_is_left_as_it_is(values, tmp_path):
    table = read(tmp_path, values)

    assert table.columns[1].dtype == "text"
    assert table.columns[1].left_as_text is None


@pytest.mark.parametrize(
    ("header", "cell", "question"),
    [
        ("g|height", "1.{two} m", "does height differ by g?"),
        ("g|weight", "{two},{one} kg", "describe weight"),
        ("quarter|sales", None, "do sales rise over time?"),
    ],
)
def test_scripts_read_them_alike(header, cell, question, tmp_path):
    path = tmp_path / "table.csv"
    rows = [
        f"{'ab'[n % 2]}|{cell.format(two=50 + n % 30 + n % 2 * 7, one=n % 10)}"
        if cell is not None
        else f"Q{n % 4 + 1} {2009 + n // 4}|{100 + 3 * n + n % 7}"
        for n in range(60)
    ]
    path.write_text("\n".join([header, *rows, ""]))

    found = answered(path, tmp_path / "project", question=question)

    assert not found.plan.needs_clarification
