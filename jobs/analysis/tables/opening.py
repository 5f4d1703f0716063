"""Bring any file that holds a table to one that can be read: Parquet, or rows of text."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.analysis.tables.dialect import Dialect
from jobs.analysis.tables.packed import Packed, unpack
from jobs.analysis.tables.records import unrecord
from jobs.analysis.tables.survey import Survey, survey
from jobs.analysis.tables.workbook_kinds import check_workbook
from jobs.analysis.tables.workbooks import unsheet
from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report

CHARACTERS_AT_ONCE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Opened:
    """A file of Parquet or of rows of text.

    `tidy` is true of rows that we have written ourselves, which polars reads right without a further look.
    `encoding` is that of the original, while the text of the file is UTF-8.
    """

    path: Path
    dialect: Dialect
    found: Survey
    notes: Sequence[str] = ()
    tidy: bool = False
    encoding: str | None = None


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
        if dialect.format == "parquet":
            return Opened(path, dialect, found, notes)
        if dialect.container is not None:
            found = survey(path, dialect.delimiter, report, (2.0, 3.0))
        return _as_utf8(path, dialect, found, scratch, notes=notes, report=report)
    read = replace(read, container=dialect.container, member=dialect.member)
    found = survey(rows, read.delimiter, report, (8.0, 9.0))
    return Opened(rows, read, found, (*notes, *more), tidy=True)


def _as_utf8(
    path: Path, dialect: Dialect, found: Survey, scratch: Path, *, notes: Sequence[str], report: Report
) -> Opened:
    """Write text of another encoding, or with odd line ends, anew as plain UTF-8; other text stays."""
    encoding = "cp1252" if dialect.encoding == "utf-8" and not found.utf8 else dialect.encoding
    plain = encoding == "utf-8" or (encoding == "utf-8-sig" and dialect.first_data_line > 0)
    if plain and found.utf8 and not found.odd_bytes:
        return Opened(path, dialect, found, notes, encoding=encoding)
    target, size = scratch / "utf8.csv", max(1, found.size)
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding=encoding or "utf-8", errors="replace", newline=None) as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        while part := text.read(CHARACTERS_AT_ONCE):
            out.write(part.replace("\x00", ""))
            report(Progress("read", 3 + 3 * min(1.0, raw.tell() / size), "Reading the letters"))
    found = survey(target, dialect.delimiter, report, (6.0, 8.0))
    return Opened(target, replace(dialect, encoding="utf-8"), found, notes, encoding=encoding)
