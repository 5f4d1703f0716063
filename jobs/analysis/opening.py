"""Bring any file that holds a table to one that can be read: Parquet, or rows of text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.analysis.dialect import Dialect
from jobs.analysis.packed import Packed, unpack
from jobs.analysis.records import unrecord
from jobs.analysis.survey import Survey, survey
from jobs.analysis.workbook_kinds import check_workbook
from jobs.analysis.workbooks import unsheet
from jobs.errors import UnreadableTable
from jobs.progress import Report


@dataclass(frozen=True)
class Opened:
    """A file of Parquet or of rows of text.

    `tidy` is true of rows that we have written ourselves, which polars reads right without a further look.
    """

    path: Path
    dialect: Dialect
    found: Survey
    notes: Sequence[str] = ()
    tidy: bool = False


def open_table(
    path: Path,
    dialect: Dialect,
    found: Survey,
    scratch: Path,
    *,
    sheet: str | None,
    report: Report,
    label: str,
) -> Opened:
    """Unpack the file and turn JSON or a sheet into rows of text, in files of their own in `scratch`.

    Raises
    ------
    UnreadableTable
        The file cannot be unpacked, or is no table inside.
    """
    notes: tuple[str, ...] = ()
    if dialect.container is not None:
        archive = Packed(dialect.container, dialect.member)
        path, packed_path = scratch / "unpacked", path
        unpack(packed_path, archive, path, report=report, label=label)
        if dialect.member is not None:
            notes = (f"the file '{dialect.member}' in the zip archive was read",)
    rows = scratch / "rows-of-text.csv"
    if dialect.format == "excel":
        with path.open("rb") as file:
            head = file.read(1024)
        if dialect.container is not None and check_workbook(path, head, label) is None:
            raise UnreadableTable(f"{label}: this is an archive in an archive; send the table itself")
        read, more = unsheet(path, rows, sheet=sheet, report=report, label=label)
    elif dialect.format == "json":
        read, more = unrecord(path, rows, report=report, label=label)
    else:
        if dialect.container is not None and dialect.format == "csv":
            found = survey(path, dialect.delimiter, report, (2.0, 3.0))
        return Opened(path, dialect, found, notes)
    read = replace(read, container=dialect.container, member=dialect.member)
    found = survey(rows, read.delimiter, report, (8.0, 9.0))
    return Opened(rows, read, found, (*notes, *more), tidy=True)
