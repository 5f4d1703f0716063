"""Months without a day are dates, also where they could be numbers; numbers that only look so are not."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.tables.ingest import Table, ingest
from jobs.analysis.tables.units import listed
from tests.analysis.test_script_reading import judged

GERMAN = listed("Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
SHORT = listed("Jan. Feb. Mrz Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.")
MONTHS = [(year, month) for year in (2021, 2022) for month in range(1, 13)]
FIRST_DAYS = [date(year, month, 1) for year, month in MONTHS]


def table_of(folder: Path, name: str, cells: Sequence[str], *, delimiter: str = ";") -> tuple[Path, Table]:
    path = folder / "table.csv"
    rows = "".join(f"{cell}{delimiter}{place * 3 + place % 5}\n" for place, cell in enumerate(cells))
    path.write_text(f"{name}{delimiter}v\n{rows}")
    return path, ingest(path, folder / "cache", name="table.csv")


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("month", [f"{month:02d}.{year}" for year, month in MONTHS]),
        ("Monat", [f"{month}.{year}" for year, month in MONTHS]),
        ("p", [f"{month:02d}.{year}" for year, month in MONTHS]),
        ("p", [f"{month}.{year}" for year, month in MONTHS]),
        ("p", [f"{year}.{month:02d}" for year, month in MONTHS]),
        ("p", [f"{year}{month:02d}" for year, month in MONTHS]),
        ("p", [f"{month}/{year}" for year, month in MONTHS]),
        ("p", [f"{month:02d}-{year}" for year, month in MONTHS]),
        ("p", [f"{year}M{month:02d}" for year, month in MONTHS]),
        ("p", [f"{year}-M{month:02d}" for year, month in MONTHS]),
        ("p", [f"{GERMAN[month - 1]} {year}" for year, month in MONTHS]),
        ("p", [f"{SHORT[month - 1]} {year}" for year, month in MONTHS]),
    ],
)
def test_months_are_read_as_their_first_day_and_said(name, cells, tmp_path):
    _, table = table_of(tmp_path, name, cells)

    assert pl.read_parquet(table.path)[name].to_list() == FIRST_DAYS
    assert any("month" in warning and "first day" in warning for warning in table.dataset.warnings)


@pytest.mark.parametrize("form", ["number", "german"])
def test_the_script_reads_the_same_months(form, tmp_path):
    cells = [
        f"{SHORT[month - 1]} {year}" if form == "german" else f"{month:02d}.{year}" for year, month in MONTHS
    ]
    path, table = table_of(tmp_path, "p", cells)

    trend = judged(table, path, tmp_path, "trend_over_time", {"outcome": "v", "time": "p"})

    assert trend.verified, trend.reason


def test_days_with_german_months_are_dates(tmp_path):
    cells = [f"{day}. {name} 2021" for name in GERMAN for day in (1, 17)]

    _, table = table_of(tmp_path, "tag", cells)

    read = pl.read_parquet(table.path)["tag"].to_list()
    assert read == [date(2021, month, day) for month in range(1, 13) for day in (1, 17)]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("rate", [f"1.{2000 + 3 * place}" for place in range(30)]),  # always January: a rate of exchange
        ("order_no", [str(202101 + place) for place in range(12)]),
        ("units", [str(201_201 + 700 * place % 9_000) for place in range(20)]),
        ("x", [f"{place % 12 + 1}.{1850 + 37 * place}" for place in range(20)]),
        ("score", ["1.2021", "2.2021"]),
        ("weight", [f"{place}.2021" for place in (3, 14, 7)]),
    ],
)
def test_numbers_that_only_look_like_months_stay_numbers(name, cells, tmp_path):
    _, table = table_of(tmp_path, name, cells, delimiter=",")

    assert table.columns[0].dtype in ("integer", "number")
    assert not any("month" in warning for warning in table.dataset.warnings)


def test_months_of_which_a_program_dropped_zeros_stay_numbers_and_are_told(tmp_path):
    cells = [f"{year + month / 100:g}" for year, month in MONTHS]  # 2021.1 is October

    _, table = table_of(tmp_path, "month", cells, delimiter=",")

    assert table.columns[0].dtype == "number"
    assert any("look like months, but not all do" in warning for warning in table.dataset.warnings)


def test_months_do_not_count_as_numbers_with_a_decimal_point(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Monat;bis;v\n" + "".join(f"{m:02d}.2021;{m:02d}.2022;{m},5\n" for m in range(1, 13)))

    table = ingest(path, tmp_path / "cache", name="table.csv")

    assert [column.dtype for column in table.columns] == ["date", "date", "number"]
    assert table.columns[2].high == 12.5
