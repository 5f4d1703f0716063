"""What reading leaves on disk, what it tells on the way, and tables that are Parquet already."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from jobs.analysis.tables.ingest import ENGINE_VERSION, Table, ingest
from jobs.errors import UnreadableTable
from jobs.progress import Progress

TABLES = Path(__file__).parents[1] / "data" / "tables"


def rows(table: Table) -> list[tuple[object, ...]]:
    return pl.read_parquet(table.path).rows()


def dtypes(table: Table) -> dict[str, str]:
    return {column.name: column.dtype for column in table.columns}


def test_the_same_bytes_are_read_once(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    first = ingest(path, tmp_path / "cache", name="one.csv")
    before = first.path.stat().st_mtime_ns
    reports: list[Progress] = []

    second = ingest(path, tmp_path / "cache", name="two.csv", report=reports.append)

    assert second.path == first.path
    assert second.path.stat().st_mtime_ns == before
    assert second.columns == first.columns
    assert second.dialect == first.dialect
    assert (first.dataset.name, second.dataset.name) == ("one.csv", "two.csv")
    assert {progress.message for progress in reports} == {"Checking the file", "The table is read"}


def test_the_cache_holds_nothing_but_finished_tables(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("a,b\n1,2\n3,4\n")
    bad.write_text("a,b\n1,2\n3,4\n5,6\n7,8,9\n")
    table = ingest(good, tmp_path / "cache", name="good.csv")

    with pytest.raises(UnreadableTable):
        ingest(bad, tmp_path / "cache", name="bad.csv")

    assert [entry.name for entry in (tmp_path / "cache").iterdir()] == [
        f"{table.dataset.sha256}-{ENGINE_VERSION}"
    ]
    assert sorted(entry.name for entry in table.path.parent.iterdir()) == ["schema.json", "table.parquet"]
    assert json.loads((table.path.parent / "schema.json").read_text())["dataset"]["rows"] == 2


def test_progress_rises_from_0_to_35_in_one_stage(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1,2\n" * 250_000)
    reports: list[Progress] = []

    ingest(path, tmp_path / "cache", name="table.csv", report=reports.append)

    percents = [progress.percent for progress in reports]
    assert {progress.stage for progress in reports} == {"read"}
    assert percents == sorted(percents)
    assert (percents[0] >= 0, percents[-1]) == (True, 35.0)
    assert len(reports) >= 4


class Stopped(Exception):
    pass


@pytest.mark.parametrize("message", ["Checking the file", "Reading the values", "Looking at the columns"])
def test_a_report_that_raises_stops_the_reading_and_leaves_nothing(tmp_path, message):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1,2\n" * 50_000)

    def stop(progress: Progress, /) -> None:
        if progress.message == message:
            raise Stopped

    with pytest.raises(Stopped):
        ingest(path, tmp_path / "cache", name="table.csv", report=stop)

    assert list(tmp_path.glob("cache/*")) == []


def test_parquet_keeps_its_types(tmp_path):
    path = tmp_path / "table.parquet"
    pl.DataFrame(
        {
            "n": pl.Series([1, 2, 3], dtype=pl.Int8),
            "x": [1.5, float("nan"), float("inf")],
            "s": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
            "d": [date(2024, 1, 1), None, date(2024, 1, 3)],
            "p": pl.Series([Decimal("1.50"), None, Decimal("2.25")], dtype=pl.Decimal(10, 2)),
            "t": [True, False, None],
        }
    ).write_parquet(path)

    table = ingest(path, tmp_path / "cache", name="table.parquet")

    assert dtypes(table) == {
        "n": "integer", "x": "number", "s": "text", "d": "date", "p": "number", "t": "boolean"
    }  # fmt: skip
    assert rows(table)[1] == (2, None, "b", None, None, False)
    assert (table.dataset.format, table.dataset.encoding, table.dataset.delimiter) == ("parquet", None, None)
    assert table.dialect.columns == ("n", "x", "s", "d", "p", "t")


def test_a_report_that_raises_stops_the_reading_of_parquet(tmp_path):
    path = tmp_path / "table.parquet"
    pl.DataFrame({"n": range(50_000)}).write_parquet(path)

    def stop(progress: Progress, /) -> None:
        if progress.message == "Reading the values":
            raise Stopped

    with pytest.raises(Stopped):
        ingest(path, tmp_path / "cache", name="table.parquet", report=stop)

    assert list(tmp_path.glob("cache/*")) == []


def test_parquet_with_lists_in_cells_is_refused_by_name(tmp_path):
    path = tmp_path / "table.parquet"
    pl.DataFrame({"tags": [["a"], ["b", "c"]]}).write_parquet(path)

    with pytest.raises(UnreadableTable, match="column 'tags' holds values of the type List"):
        ingest(path, tmp_path / "cache", name="table.parquet")


def test_damaged_parquet_is_refused(tmp_path):
    path = tmp_path / "table.parquet"
    path.write_bytes(b"PAR1" + bytes(100) + b"PAR1")

    with pytest.raises(UnreadableTable, match="the Parquet file is damaged"):
        ingest(path, tmp_path / "cache", name="table.parquet")


def test_a_german_export_is_read_whole(tmp_path):
    table = ingest(TABLES / "orders_de.csv", tmp_path, name="orders_de.csv")

    assert (table.dataset.encoding, table.dataset.delimiter, table.dialect.decimal) == ("cp1252", ";", ",")
    assert {column.name: (column.role, column.dtype, column.unit) for column in table.columns} == {
        "Bestellnummer": ("id", "text", None),
        "Datum": ("date", "date", None),
        "Region": ("category", "text", None),
        "Zahlungsart": ("category", "text", None),
        "Umsatz_eur": ("number", "number", "EUR"),
        "Rabatt %": ("ordinal", "number", "%"),
        "Kunde zufrieden": ("boolean", "text", None),
        "Artikel": ("number", "integer", None),
    }
