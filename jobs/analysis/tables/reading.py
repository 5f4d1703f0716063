"""Bring a text table into the one form that polars reads without guessing."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal, TypedDict

from jobs.analysis.tables.blanks import cells_of
from jobs.analysis.tables.sniff import LONGEST_CELL, NO_DELIMITER, Dialect
from jobs.analysis.tables.survey import Survey
from jobs.errors import UnreadableTable
from jobs.progress import Progress, Report

ROWS_BETWEEN_REPORTS = 20_000
MOST_TOO_LONG = 0.01  # of the rows may have too many cells and are left out; more is another kind of table


class _Format(TypedDict):
    """What the csv module is told."""

    delimiter: str
    quotechar: str | None
    quoting: Literal[0, 3]  # QUOTE_MINIMAL, QUOTE_NONE


@dataclass(frozen=True)
class Source:
    """A UTF-8 table that polars can scan, and what was done to make it one."""

    path: Path
    delimiter: str
    quote: str | None
    skip_lines: int
    dialect: Dialect
    notes: tuple[str, ...] = ()


class UnclosedQuote(Exception):
    """A quote in the table, in the row that begins on `line`, never closes."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def prepare(
    path: Path, dialect: Dialect, found: Survey, scratch: Path, *, report: Report, label: str
) -> Source:
    """Return a source that polars reads right: the file itself when it is plain, else a rewritten copy.

    Parameters
    ----------
    scratch : Path
        An existing folder for the copy.

    Raises
    ------
    UnreadableTable
        A row has more cells than the header, or a quote never closes (the message names the row).
    """
    if _is_plain(dialect, found):
        return as_it_is(path, dialect)
    return rewrite(path, dialect, found, scratch, report=report, label=label)


def as_it_is(path: Path, dialect: Dialect) -> Source:
    """Return a source that is the file itself."""
    return Source(path, dialect.delimiter or NO_DELIMITER, dialect.quote, dialect.first_data_line, dialect)


def rewrite(
    path: Path, dialect: Dialect, found: Survey, scratch: Path, *, report: Report, label: str
) -> Source:
    """Write the rows of `path` anew as plain UTF-8 CSV, each with as many cells as the table has columns."""
    if dialect.encoding == "utf-8" and not found.utf8:
        dialect = replace(dialect, encoding="cp1252")
    target = scratch / "rows.csv"
    try:
        dialect, notes = _copy(path, dialect, target, report, label, lines=found.newlines)
    except UnclosedQuote as unclosed:
        dialect = replace(dialect, quote=None)
        try:
            dialect, notes = _copy(path, dialect, target, report, label, lines=found.newlines)
        except UnreadableTable as error:
            raise UnreadableTable(
                f"{label}: a quote that opens on line {unclosed.line} never closes, and without quotes the "
                "rows do not fit the header; close that quote, or write it twice inside a quoted cell"
            ) from error
        notes = ("a quote never closes: quotes were read as ordinary characters", *notes)
    return Source(target, ",", '"', 0, dialect, notes)


def has_short_rows(found: Survey, dialect: Dialect, rows: int) -> bool:
    """Return whether some of the `rows` read may have had fewer cells than the header."""
    expected = (len(dialect.columns) - 1) * (rows + (1 if dialect.has_header else 0))
    return found.quotes > 0 or found.delimiters < expected


def _is_plain(dialect: Dialect, found: Survey) -> bool:
    if dialect.blanks is not None:
        return False
    if dialect.encoding not in ("utf-8", "utf-8-sig") or not found.utf8 or found.odd_bytes:
        return False
    if dialect.encoding == "utf-8-sig" and dialect.first_data_line == 0:
        return False  # the mark would be taken for a part of the first value
    if dialect.quote == "'":
        return False
    # A quote that opens a cell and never closes would swallow the rows after it without an error.
    paired = found.opening == found.closing and found.quotes == found.opening + found.closing
    return dialect.quote is None or paired


def _copy(
    path: Path, dialect: Dialect, target: Path, report: Report, label: str, *, lines: int
) -> tuple[Dialect, tuple[str, ...]]:
    csv.field_size_limit(LONGEST_CELL)
    fitter = _Fitter(dialect, label, most_too_long=int(MOST_TOO_LONG * lines))
    size = max(1, path.stat().st_size)
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding=dialect.encoding or "utf-8", errors="replace", newline=None) as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        try:
            for row, cells in enumerate(_rows(text, dialect), start=1):
                if fitted := fitter.fit(cells, row):
                    writer.writerow(fitted)
                if row % ROWS_BETWEEN_REPORTS == 0:
                    share = 2 + 8 * raw.tell() / size
                    report(Progress("read", share, "Cleaning the rows", None, row, None))
        except csv.Error as error:
            raise UnreadableTable(f"{label}: {error}; is it really a table of text?") from error
    return replace(dialect, rows_left_out=fitter.too_long), fitter.notes()


def _rows(text: IO[str], dialect: Dialect) -> Iterator[list[str]]:
    """Yield the rows of cells, NUL characters left out.

    Raises
    ------
    UnclosedQuote
        A row of several lines does not end with a quote that closes.
    """
    lines = (line.replace("\x00", "") for line in text)
    for _ in range(dialect.first_data_line):
        next(lines, None)
    if dialect.blanks is not None:
        yield from (cells_of(line, dialect.blanks) for line in lines)
        return
    pending: list[str] = []  # the lines of the row that is being read

    def kept() -> Iterator[str]:
        for line in lines:
            pending.append(line)
            yield line

    reader, begin = csv.reader(kept(), **how(dialect)), dialect.first_data_line + 1
    try:
        for cells in reader:
            if len(pending) > 1 and not _closes(pending, dialect):
                raise UnclosedQuote(begin)
            yield cells
            begin += len(pending)
            pending.clear()
    except csv.Error as error:  # a cell longer than the reader allows
        if dialect.quote is None:
            raise
        raise UnclosedQuote(begin) from error


def _closes(lines: Sequence[str], dialect: Dialect) -> bool:
    """Return whether lines are whole rows to a strict reader, which wants each quote closed.

    Rows of one line need no such test, so that `"5" pipe` is still read as most programs do.
    """
    try:
        return len(list(csv.reader(lines, **how(dialect), strict=True))) > 0
    except csv.Error:
        return False


def how(dialect: Dialect) -> _Format:
    """Return what the csv module must be told to read rows as they are written."""
    return {
        "delimiter": dialect.delimiter or NO_DELIMITER,
        "quotechar": dialect.quote,
        "quoting": csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    }


class _Fitter:
    """Gives each row the width of the table, and remembers what that took."""

    def __init__(self, dialect: Dialect, label: str, *, most_too_long: int) -> None:
        self.too_long = 0
        self._most_too_long = most_too_long
        self._first_too_long = (0, 0)  # row, cells
        self._width = len(dialect.columns)
        self._label = label
        self._short: list[tuple[int, int]] = []  # the first few: (row, cells)
        self._short_count = 0
        self._cut = 0

    def fit(self, cells: list[str], row: int) -> list[str] | None:
        """Return the cells of a row in the table's width, or None for an empty row."""
        if not any(cell.strip() for cell in cells):
            return None
        if len(cells) == self._width:
            return cells
        if len(cells) > self._width:
            if any(cell.strip() for cell in cells[self._width :]):
                self._leave_out(cells, row)
                return None
            self._cut += 1
            return cells[: self._width]
        self._short_count += 1
        if len(self._short) < 3:
            self._short.append((row, len(cells)))
        return cells + [""] * (self._width - len(cells))

    def _leave_out(self, cells: list[str], row: int) -> None:
        """Count a row whose cells stand nobody knows where; many of them show that it is no such table."""
        if not self.too_long:
            self._first_too_long = (row, len(cells))
        self.too_long += 1
        if self.too_long > self._most_too_long:
            first, found = self._first_too_long
            raise UnreadableTable(
                f"{self._label}: row {first} has {found} cells, the header has {self._width}; "
                "is the separator right, and is text that contains it quoted?"
            )

    def notes(self) -> tuple[str, ...]:
        """Say how many rows were cut or filled."""
        notes = []
        if self.too_long:
            row, cells = self._first_too_long
            first = f"the first is row {row} with {cells} cells, the header has {self._width}"
            notes.append(f"{self.too_long} rows have too many cells and were left out ({first})")
        if self._cut:
            notes.append(f"{self._cut} rows had empty cells after the last column, which were left out")
        if self._short_count:
            row, cells = self._short[0]
            first = f"the first is row {row} with {cells} of {self._width} cells"
            notes.append(
                f"{self._short_count} rows are too short ({first}): what is missing counts as missing"
            )
        return tuple(notes)
