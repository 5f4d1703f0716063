"""Turn one sheet of a workbook into rows of text: xlsx, xlsb, xls and ods."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import fastexcel
import polars as pl

from jobs.analysis.tables.sniff import Dialect, sniff_rows
from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report

MOST_NAMED = 5  # sheets in one message
MIDNIGHT = r"^\d{4}-\d\d-\d\d 00:00:00$"
CLOCK = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


def unsheet(
    path: Path, target: Path, *, sheet: str | None, report: Report, label: str
) -> tuple[Dialect, tuple[str, ...]]:
    """Write a sheet of the workbook to `target` as CSV; return how that is written, and what to say of it.

    The sheet is the one that the user named, else the first that holds a table: rows under a row of names,
    in two columns or more. One of a single column is taken when there is no other.

    Raises
    ------
    UnreadableTable
        The workbook is damaged or encrypted, has no such sheet, or no sheet with a table.
    """
    report(Progress("read", 2.0, "Opening the workbook"))
    workbook = _open(path, label)
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        raise UnreadableTable(f"{label}: there is no sheet '{sheet}'; the sheets are {_listed(names)}")
    wanted = [sheet] if sheet is not None else names
    found: tuple[str, Dialect] | None = None
    refused: UnreadableTable | None = None
    for place, name in enumerate(wanted):
        report(Progress("read", 3.0, "Reading the sheets", None, place, len(wanted)))
        candidate = target.with_name(f"sheet-{place}.csv")
        try:
            _write(_load(workbook, name, label), candidate)
            dialect = sniff_rows(candidate, name=label)
        except UnreadableTable as error:
            refused = refused or error
            continue
        if found is None or len(dialect.columns) > 1:
            candidate.replace(target)
            found = (name, dialect)
        if len(dialect.columns) > 1:
            break
    if found is None:
        raise refused or UnreadableTable(f"{label}: the workbook has no sheet with a table")
    name, dialect = found
    others = [other for other in names if other != name]
    notes = (f"the sheet '{name}' was read; the others are {_listed(others)}",) if others else ()
    return replace(dialect, format="excel", encoding=None, sheet=name), notes


def _open(path: Path, label: str) -> fastexcel.ExcelReader:
    try:
        # The bytes and not the path, whose ending may not be that of the format.
        return fastexcel.read_excel(path.read_bytes())
    except fastexcel.FastExcelError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise UnreadableTable(
                f"{label}: the workbook is encrypted; save it without a password"
            ) from error
        raise UnreadableTable(
            f"{label}: the workbook is damaged ({_first_line(error)}); save it anew"
        ) from error


def _load(workbook: fastexcel.ExcelReader, name: str, label: str) -> pl.DataFrame:
    """Return the cells of a sheet as text, each on one line."""
    try:
        text = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        exact = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="float").to_polars()
    except fastexcel.FastExcelError as error:
        raise UnreadableTable(f"{label}: the sheet '{name}' cannot be read ({_first_line(error)})") from error
    if not isinstance(text, pl.DataFrame) or not isinstance(exact, pl.DataFrame):
        raise UnreadableTable(f"{label}: the sheet '{name}' cannot be read")
    return pl.DataFrame(
        [_cells(text.to_series(place), exact.to_series(place)) for place in range(text.width)]
    )


def _cells(text: pl.Series, exact: pl.Series) -> pl.Series:
    """Return a column as text: numbers to their last digit, days without a clock."""
    shown, real, cell = pl.col("t").cast(pl.Float64, strict=False), pl.col("e"), pl.col("t")
    midnight = cell.str.contains(MIDNIGHT)
    clocks = cell.str.contains(CLOCK) & ~midnight
    # As text a number is cut to nine decimals.
    cut = shown.is_not_null() & real.is_not_null() & (shown != real)
    whole = pl.when(cut).then(real.cast(pl.String)).otherwise(cell)
    table = pl.DataFrame({"t": text.cast(pl.String), "e": exact.cast(pl.Float64)})
    days = not table.select(clocks.any()).item()
    if days:
        whole = pl.when(midnight).then(cell.str.slice(0, 10)).otherwise(whole)
    return table.select(whole.str.replace_all(r"\r\n|\r|\n", " ").fill_null("")).to_series().alias(text.name)


def _write(rows: pl.DataFrame, target: Path) -> None:
    if rows.is_empty() or not rows.width:
        target.write_bytes(b"")
        return
    with target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows.iter_rows())


def _listed(names: Sequence[str]) -> str:
    named = ", ".join(f"'{name}'" for name in names[:MOST_NAMED])
    return named + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0][:200]
