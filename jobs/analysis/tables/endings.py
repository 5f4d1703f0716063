"""Where a table of text ends: before sums of its rows, notes below it, or a second table."""

import csv
import io
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.analysis.tables.blanks import cells_of
from jobs.analysis.tables.cells import YEAR, is_missing, looks_numeric
from jobs.analysis.tables.headers import numeric_columns
from jobs.analysis.tables.opening import Opened
from jobs.analysis.tables.reading import how
from jobs.analysis.tables.sniff import Dialect
from jobs.analysis.tables.survey import survey
from jobs.analysis.tables.totals import Total, kind_of
from jobs.progress import Report

TAIL_BYTES = 64 * 1024  # in which notes and sums are looked for
MOST_BYTES = 16 * 1024 * 1024  # of a file in which a second table is looked for
MOST_GAPS = 200  # blank lines that are looked at
LOOKED_AT = 16 * 1024  # bytes after a blank line, and of the first rows
MOST_TOTALS = 6
_GAP = re.compile(rb'\n(?:[ \t,;|"]*\r?\n)+')
_NOTE = re.compile(
    r"(sources?|notes?|n\.? ?b\.?|remarks?|legend|footnotes?|quellen?|anmerkung(en)?|hinweise?|fußnoten?|"
    r"generated|exported|created|downloaded|last updated?|updated|copyright)\b[^:]{0,30}:\s*\S|"
    r"(generated|exported|created|downloaded|printed) (on|by|from|at|with)\b|"
    r"(\*{1,3}|†|‡|§|¹|²|³|©|\(c\) )\s*\w+[\s\w]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ending:
    """Bytes of a table: rows before `totals_begin`, sums of them before `notes_begin`; the rest is no row."""

    totals_begin: int
    notes_begin: int
    totals: tuple[Total, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Line:
    begin: int
    cells: list[str]

    @property
    def alone(self) -> bool:
        """Whether the first cell is the only one with anything in it."""
        return bool(self.cells and self.cells[0].strip()) and not any(map(str.strip, self.cells[1:]))

    @property
    def blank(self) -> bool:
        return not any(map(str.strip, self.cells))


def find(path: Path, dialect: Dialect) -> Ending:
    """Return where the rows of the table in UTF-8 text end.

    A second table is one of several columns that begins with names of its own after a blank line. Notes are
    lines of one cell after a blank line, or that begin like notes. Nothing is decided about sums: they are
    compared when the rows are read.
    """
    size = path.stat().st_size
    end, notes = _second_table(path, dialect, size)
    lines = _last_lines(path, dialect, end)
    rows = _without_notes(lines, len(dialect.columns))
    left_out = [line for line in lines[len(rows) :] if not line.blank]
    while rows and rows[-1].blank:
        rows.pop()
    first_note = left_out[0].begin if left_out else end
    if left_out:
        shown = "; ".join(f"'{_text(line)}'" for line in left_out[:3])
        notes = (f"{_lines(len(left_out))} below the table {_were(len(left_out))} left out: {shown}", *notes)
    found = _totals(rows)
    if len(found) == len([row for row in rows if not row.blank]):
        found = []  # nothing would be left
    begin = found[0][0].begin if found else first_note
    return Ending(begin, first_note, tuple(total for _, total in found), notes)


def cut(opened: Opened, begin: int, scratch: Path, report: Report) -> Opened:
    """Return the table without what begins at a byte of its file."""
    if begin >= opened.found.size:
        return opened
    target = scratch / f"rows-{begin}.csv"
    with opened.path.open("rb") as whole, target.open("wb") as out:
        shutil.copyfileobj(whole, out)
        out.truncate(begin)
    found = survey(target, opened.dialect.delimiter, report, (9.0, 10.0))
    lines = found.newlines - opened.dialect.first_data_line
    return replace(opened, path=target, dialect=replace(opened.dialect, data_lines=lines), found=found)


def _second_table(path: Path, dialect: Dialect, size: int) -> tuple[int, tuple[str, ...]]:
    """Return where a second table begins, or the size, and what to say."""
    if size > MOST_BYTES or len(dialect.columns) < 2:
        return size, ()
    data, quote = path.read_bytes(), (dialect.quote or "").encode()
    begin = _line_begin(data, dialect.first_data_line)
    again = _header_again(data, dialect, begin)
    above = set(numeric_columns(_padded(_records(data[begin : begin + LOOKED_AT], dialect), dialect)))
    for number, gap in enumerate(_GAP.finditer(data, max(0, begin - 1))):
        if number == MOST_GAPS:
            break
        if gap.end() >= size or gap.start() < begin or (quote and data.count(quote, 0, gap.end()) % 2):
            continue
        names = _names_of_table(_records(data[gap.end() : gap.end() + LOOKED_AT], dialect), dialect, above)
        if names:
            line, shown = data.count(b"\n", 0, gap.end()) + 1, ", ".join(names[:5])
            told = f"another table begins on line {line} ({shown}): only the rows before it were read"
            return gap.start() + 1, (f"{told}; send the other one in a file of its own",)
    return size, again


def _header_again(data: bytes, dialect: Dialect, begin: int) -> tuple[str, ...]:
    """Say where the line of names stands among the rows again, as where files were put together."""
    header = data[_line_begin(data, dialect.skip_rows) : begin].strip()
    place = data.find(b"\n" + header, begin) if dialect.has_header and header else -1
    if place < 0 or data[place + 1 + len(header) :][:1] not in (b"", b"\r", b"\n"):
        return ()
    line = data.count(b"\n", 0, place + 1) + 1
    return (f"the header stands again on line {line}, where it was read as a row; delete that line",)


def _names_of_table(rows: Sequence[list[str]], dialect: Dialect, above: set[int]) -> list[str]:
    """Return the names with which another table begins, or []; one cell alone before them is its title."""
    rows = rows[1:] if rows and sum(bool(cell.strip()) for cell in rows[0]) == 1 else rows
    if len(rows) < 2:
        return []
    names = [cell.strip() for cell in rows[0]]
    named = [name for name in names if name]
    if len(named) < 2 or len(set(named)) < len(named) or tuple(named) == dialect.columns:
        return []
    if any(looks_numeric(name) and not YEAR.fullmatch(name) for name in named):
        return []
    below = [[*row, *[""] * (len(names) - len(row))] for row in rows[1:] if len(row) <= len(names)]
    numeric = numeric_columns(below) if below else []
    words = [place for place in numeric if names[place] and not is_missing(names[place])]
    words = [place for place in words if not looks_numeric(names[place])]
    wide = sum(1 for name in dialect.columns if name)
    return named if words and (set(words) & above or len(named) != wide) else []


def _line_begin(data: bytes, lines: int) -> int:
    place = 0
    for _ in range(lines):
        place = data.find(b"\n", place) + 1 or len(data)
    return place


def _records(data: bytes, dialect: Dialect) -> list[list[str]]:
    text = data.decode("utf-8", "replace")
    if dialect.blanks is not None:
        return [cells_of(line, dialect.blanks) for line in text.splitlines() if line.strip()]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), **how(dialect)))
    except csv.Error:
        return []
    return [row for row in rows if any(map(str.strip, row))]


def _padded(rows: Sequence[list[str]], dialect: Dialect) -> list[list[str]]:
    width = len(dialect.columns)
    return [[*row, *[""] * (width - len(row))] for row in rows] or [[""] * width]


def _last_lines(path: Path, dialect: Dialect, end: int) -> list[_Line]:
    """Return the last lines of a table up to a byte, from behind the last cell that spans several."""
    begin = max(0, end - TAIL_BYTES)
    with path.open("rb") as file:
        file.seek(begin)
        data = file.read(end - begin)
    found: list[_Line] = []
    place = begin
    for number, line in enumerate(data.splitlines(keepends=True)):
        is_row = number >= dialect.first_data_line if begin == 0 else number > 0
        text = line.decode("utf-8", "replace")
        if dialect.quote and text.count(dialect.quote) % 2:
            found.clear()
        elif is_row:
            cells = _cells(text.rstrip("\r\n"), dialect)
            found.append(_Line(place, cells))
        place += len(line)
    return found


def _cells(line: str, dialect: Dialect) -> list[str]:
    if dialect.blanks is not None:
        return cells_of(line, dialect.blanks)
    return next(csv.reader([line], **how(dialect)), [])


def _without_notes(lines: Sequence[_Line], width: int) -> list[_Line]:
    """Return the lines before the notes at the end; tables of one column may hold such lines as values."""
    rows = list(lines)
    if width < 2:
        return rows
    gaps = [
        place for place, line in enumerate(rows) if line.blank and not all(one.blank for one in rows[place:])
    ]
    detached = gaps[-1] if gaps else len(rows)
    while rows:
        line = rows[-1]
        if not line.blank and not _is_note(line, lines, len(rows) - 1 > detached):
            break
        rows.pop()
    return rows if any(not row.blank for row in rows) else list(lines)


def _is_note(line: _Line, lines: Sequence[_Line], is_detached: bool) -> bool:
    text = line.cells[0].strip() if line.cells else ""
    if not text or kind_of(text) is not None:
        return False
    if _NOTE.match(text):
        usual = sum(1 for other in lines if other.cells and _NOTE.match(other.cells[0].strip()))
        return (line.alone or ":" in text) and usual * 2 < len(lines)
    return is_detached and line.alone and len(text.split()) > 1


def _totals(rows: Sequence[_Line]) -> list[tuple[_Line, Total]]:
    """Return the last rows that are called sums, means and the like, as no other row is."""
    found: list[tuple[_Line, Total]] = []
    for line in reversed(rows[-2 * MOST_TOTALS :]):
        if line.blank:
            continue
        place = next(place for place, cell in enumerate(line.cells) if cell.strip())
        label = line.cells[place].strip()
        kind = kind_of(label)
        if kind is None:
            break
        found.insert(0, (line, Total(label, kind, place, tuple(line.cells))))
    firsts = [
        row.cells[total.place].strip()
        for row in rows
        for _, total in found[:1]
        if len(row.cells) > total.place
    ]
    repeated = any(firsts.count(total.label) > 1 for _, total in found)
    return [] if repeated or len(found) > MOST_TOTALS else found


def _text(line: _Line) -> str:
    return ", ".join(cell.strip() for cell in line.cells if cell.strip())[:80]


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
