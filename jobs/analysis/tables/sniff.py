"""Find out how a table is written from its first 256 KB. Standard library only: the API imports it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from jobs.analysis.tables import blanks, formats, headers, packed, workbook_kinds
from jobs.analysis.tables.cells import guess_header, guess_numbers, unique_names
from jobs.analysis.tables.dialect import Dialect
from jobs.errors import UnreadableTable

__all__ = ["Dialect", "sniff", "sniff_rows"]

SAMPLE_BYTES = 256 * 1024
SAMPLE_LINES = 2_000  # enough to tell a pattern; more only costs the API time
DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"  # the ASCII unit separator: what to split by where no cell may be split
LONGEST_CELL = 1024 * 1024  # characters; more is an unclosed quote
LONGEST_PREAMBLE = 60  # records; longer ones are data that does not fit
LEAST_CONSISTENCY = 0.6  # share of records with the usual number of cells, below which a delimiter is chance


@dataclass(frozen=True)
class Record:
    """One row of cells and the physical lines it stands on, counted from 0."""

    cells: list[str]
    line: int
    next_line: int


@dataclass(frozen=True)
class Split:
    """The sample cut by one delimiter: `width` cells in most records, the table begins at record `start`."""

    delimiter: str
    quote: str | None
    records: list[Record]
    width: int
    start: int
    score: float
    blanks: str | None = None  # what cells stand apart by, where it is no single character


def sniff(path: Path, *, name: str | None = None, sheet: str | None = None) -> Dialect:
    """Return how the table in `path` is written; `name` is what the user calls the file.

    Of Parquet, JSON and workbooks only the format is told, without columns; of workbooks of the new kind also
    whether they have the `sheet` that the user has named.

    Raises
    ------
    UnreadableTable
        The file is empty, has only a header, or is not a table (the message says what it is).
    """
    label = name or path.name
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    archive = packed.packed(path, head, label)
    if archive is None:
        return _sniff(head, label, path, sheet)
    head = packed.first_bytes(path, archive, SAMPLE_BYTES, label)
    return replace(_sniff(head, label, None, sheet), container=archive.kind, member=archive.member)


def _sniff(head: bytes, label: str, path: Path | None, sheet: str | None) -> Dialect:
    """Judge a file by its beginning; `path` is None when it is packed, and can be looked at later only."""
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UnreadableTable(f"{label}: the file is empty; send a table with a header and at least one row")
    if _is_workbook(head, label, path, sheet):
        return _without_columns("excel")
    if sheet is not None:
        raise UnreadableTable(f"{label}: a sheet was named, but this is no workbook; leave `sheet` out")
    if head.startswith(formats.PARQUET):
        return _without_columns("parquet")
    formats.refuse_other_formats(head, label)
    text, encoding = formats.decode(head, label)
    formats.refuse_markup(text, label)
    if formats.is_json(text):
        return _without_columns("json")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(head) == SAMPLE_BYTES and "\n" in lines:
        lines = lines[: lines.rindex("\n") + 1]
    lines = "\n".join(lines.split("\n", SAMPLE_LINES)[:SAMPLE_LINES])
    return _describe(_best_split(lines), encoding, label)


def sniff_rows(path: Path, *, name: str) -> Dialect:
    """Return where the table begins in rows that were written with commas, double quotes and line feeds."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = file.read(SAMPLE_BYTES)
    if not lines.strip(", \n"):
        raise UnreadableTable(f"{name}: the sheet is empty")
    lines = lines[: lines.rindex("\n") + 1] if len(lines) == SAMPLE_BYTES and "\n" in lines else lines
    split = _split(lines, ",", '"')
    if split.width < 2:
        split = Split(NO_DELIMITER, '"', read_records(lines, NO_DELIMITER, '"'), 1, 0, 1.0)
    return _describe(split, "utf-8", name)


def _is_workbook(head: bytes, label: str, path: Path | None, sheet: str | None) -> bool:
    if path is None:
        return head.startswith((workbook_kinds.OLE, *packed.ZIP))
    sheets = workbook_kinds.check_workbook(path, head, label)
    if sheets and sheet is not None and sheet not in sheets:
        named = ", ".join(f"'{one}'" for one in sheets[:5])
        raise UnreadableTable(f"{label}: there is no sheet '{sheet}'; the sheets are {named}")
    return sheets is not None


def _without_columns(form: Literal["parquet", "json", "excel"]) -> Dialect:
    return Dialect(form, None, None, None, 0, True, ".", (), header_lines=0)


def read_records(lines: str, delimiter: str, quote: str | None) -> list[Record]:
    """Cut `lines` (line ends are newlines) into records; blank lines are left out."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(
        io.StringIO(lines, newline="\n"),
        delimiter=delimiter,
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    records, line = [], 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            records.append(Record(cells, line, reader.line_num))
        line = reader.line_num
    return records


def _describe(split: Split, encoding: str, label: str) -> Dialect:
    records = split.records[split.start :]
    table = [record.cells for record in records]
    head = headers.header_of(table, split.width)
    rows = table[head.begin + head.records :]
    has_header, decimal_rows = guess_header(head.cells, rows), rows or table
    if not has_header and head != headers.Header(tuple(table[0])):
        head, rows = headers.Header(tuple(table[0])), table[1:]
    if not rows:
        what = "only a header" if has_header else "only one line"
        raise UnreadableTable(f"{label}: the file has {what}; a table needs a header and at least one row")
    numbers = guess_numbers(decimal_rows, split.delimiter)
    header, last = records[head.begin], records[head.begin + head.records - 1]
    names, notes = unique_names(head.cells if has_header else [], split.width)
    if has_header:
        notes = (*headers.notes(head, names, header.line + 1), *notes)
    if split.blanks is not None:
        told = "two blanks and more" if split.blanks == blanks.SEVERAL else "blanks"
        notes = (f"no separator stands between the cells: they were cut at {told}", *notes)
    elif split.quote is None:
        notes = ("a quote never closes: quotes were read as ordinary characters", *notes)
    if encoding == "cp932":
        notes = ("the text was read as Shift_JIS, a Japanese encoding; UTF-8 needs no guess", *notes)
    if header.line:
        notes = (f"the first {header.line} lines stand before the table and were left out", *notes)
    if not has_header:
        notes = ("the first line looks like values, not names: the columns were given names", *notes)
    return Dialect(
        format="csv",
        encoding=encoding,
        delimiter=None if split.delimiter == NO_DELIMITER else split.delimiter,
        blanks=split.blanks,
        quote=split.quote,
        skip_rows=header.line,
        has_header=has_header,
        decimal=numbers.decimal,
        columns=names,
        header_lines=last.next_line - header.line if has_header else 0,
        thousands=numbers.thousands,
        mark_in_doubt=numbers.in_doubt,
        notes=(*notes, *numbers.notes),
        units=tuple((names[place], unit) for place, unit in head.units),
    )


def _best_split(lines: str) -> Split:
    quote: str | None = '"'
    if '"' not in lines and lines.count("'") > 1 and _single_quoted(lines):
        quote = "'"
    marks = [mark for mark in DELIMITERS if mark in lines] or DELIMITERS[:1]
    best = max((_split(lines, mark, quote) for mark in marks), key=lambda split: split.score)
    if quote and (best.score < LEAST_CONSISTENCY or _swallows_lines(best.records)):
        # A quote that never closes swallows the lines after it; read quotes as ordinary characters then.
        plain = max((_split(lines, mark, None) for mark in marks), key=lambda split: split.score)
        if plain.score > best.score + 0.1 or (_swallows_lines(best.records) and plain.width >= best.width):
            best = plain
    if best.width > 1 and best.score >= LEAST_CONSISTENCY:
        return best
    if (blank := blanks.cut(lines)) is not None:
        apart = [Record(cells, line, line + 1) for line, cells in blank.rows]
        return Split(" ", None, apart, blank.width, 0, 1.0, blank.pattern)
    records = read_records(lines, NO_DELIMITER, best.quote)
    if best.quote and _swallows_lines(records):
        records = read_records(lines, NO_DELIMITER, None)
        return Split(NO_DELIMITER, None, records, 1, 0, 1.0)
    return Split(NO_DELIMITER, best.quote, records, 1, 0, 1.0)


def _split(lines: str, delimiter: str, quote: str | None) -> Split:
    try:
        records = read_records(lines, delimiter, quote)
    except csv.Error:  # a cell longer than the reader allows: an unclosed quote, or not this delimiter
        return Split(delimiter, quote, [], 1, 0, 0.0)
    widths = [len(record.cells) for record in records]
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return Split(delimiter, quote, records, 1, 0, 0.0)
    width = max(wide, key=lambda candidate: (wide[candidate], candidate))
    start = _after_padded_lines(records, width, _table_start(widths, width))
    width, start = _without_empty_end(records, width, start)
    usual = [
        cells
        for cells in (_trimmed(record.cells, width) for record in records[start:])
        if len(cells) == width
    ]
    consistency = len(usual) / max(1, len(records) - start)
    cells = [cell for row in usual for cell in row]
    foreign = sum(1 for cell in cells if any(mark in cell for mark in DELIMITERS[1:] if mark != delimiter))
    score = consistency * (1 - foreign / len(cells))
    if start:
        # A first line without the delimiter may be the name of a column of prose: "name", "Doe, John".
        prose = consistency < 0.85 or all(cell.startswith(" ") for row in usual for cell in row[1:])
        score = 0.0 if prose else score - 0.05
    return Split(delimiter, quote, records, width, start, score)


def _trimmed(cells: list[str], width: int) -> list[str]:
    """Return the cells without empty ones after the last column."""
    return cells if len(cells) <= width or any(cell.strip() for cell in cells[width:]) else cells[:width]


def _without_empty_end(records: Sequence[Record], width: int, start: int) -> tuple[int, int]:
    """Return the width of a header narrower than its rows, when the last cells of these are all empty."""
    for place, record in enumerate(records[: start + 1]):
        narrow = len(record.cells)
        if 1 < narrow < width and all(len(_trimmed(r.cells, narrow)) <= narrow for r in records[place:]):
            return narrow, place
    return width, start


def _table_start(widths: Sequence[int], width: int) -> int:
    """Return the record at which the table begins: the first with the usual width.

    One cell fewer is a header too when rows follow: R writes row names without a name for them.
    """
    for start, found in enumerate(widths[:LONGEST_PREAMBLE]):
        following = widths[start + 1 : start + 2]
        if found == width or (found == width - 1 and found > 1 and following == [width]):
            return start
    return 0


def _after_padded_lines(records: Sequence[Record], width: int, start: int) -> int:
    """Skip lines before the table that a spreadsheet has padded with delimiters: "Report;;" above a header.

    They have nothing after their first cell, and a record follows that is full and looks like a header, or
    two that name groups and the columns in them.
    """
    for place, record in enumerate(records[start : start + LONGEST_PREAMBLE], start=start):
        if any(cell.strip() for cell in record.cells[1:]):
            full = len(record.cells) == width and all(cell.strip() for cell in record.cells)
            below = [later.cells for later in records[place + 1 :]]
            grouped = headers.header_of([record.cells, *below], width).joined
            names = grouped or (full and guess_header(record.cells, below))
            return place if place > start and names else start
    return start


def _swallows_lines(records: Sequence[Record]) -> bool:
    """Return whether a record spans so many lines that an unclosed quote is the likely reason."""
    return any(record.next_line - record.line > 50 for record in records) or (
        # The last record ends inside a quote when it is the only one with a line end in it and is short.
        len(records) > 1 and "\n" in records[-1].cells[-1] and len(records[-1].cells) < len(records[0].cells)
    )


def _single_quoted(lines: str) -> bool:
    """Return whether apostrophes stand only where cells begin and end, as quotes do."""
    sample = "\n".join(lines.split("\n")[:50])
    return sample.count("'") == len(re.findall(r"(?m)(?<![^,;\t|\n])'|'(?![^,;\t|\n])", sample))
