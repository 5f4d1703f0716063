"""Workbooks (.xlsx, .xls, .xlsb, .ods): sheet by sheet, a row a line, dates as people write them."""

import io
import re
from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING, Final

from jobs.indexing.formats.archive import ZIPPED, opened
from jobs.indexing.formats.base import Extracted, Section, Unextractable
from jobs.indexing.formats.compound import COMPOUND_FILE, kind_of, refusal
from jobs.indexing.formats.markup import LONGEST_TEXT, too_long
from jobs.indexing.formats.opendocument import CONTENT, opened_open_document, signed_as
from jobs.indexing.formats.properties import OFFICE, Properties, properties_of
from jobs.indexing.formats.rows import SEPARATOR
from jobs.indexing.limits import Limits

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Cell = bool | int | float | str | datetime | date | time | timedelta

# calamine keeps a sheet as a full rectangle of 24 bytes a cell: two cells at opposite corners are 17 thousand
# million.
MAXIMUM_CELLS: Final = 20_000_000
_SHEETS: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_TEXTS: Final = frozenset({"xl/sharedStrings.xml", CONTENT})
_ROW: Final = re.compile(rb'row\s[^<>]*?\br="(\d{1,7})"')
_FAR_COLUMN: Final = re.compile(rb' r="([A-Z]{2,3})\d')  # beyond Z
_LETTERS: Final = 26
_PIECE: Final = 1 << 20
_OVERLAP: Final = 200  # what a piece may cut apart


class Workbook:
    """Excel and OpenDocument workbooks."""

    name = "workbook"
    suffixes = frozenset({".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".xlt", ".ods", ".ots"})

    def signed(self, head: bytes) -> bool:
        """Recognise a zip archive with a workbook among its first members, an OpenDocument sheet, or what may
        be a workbook of the format before 2007.
        """
        office = head.startswith(ZIPPED) and b"xl/work" in head
        return office or head.startswith(COMPOUND_FILE) or signed_as(head, b"opendocument.spreadsheet")

    def read(self, data: bytes, limits: Limits) -> Extracted:
        """Read sheet by sheet, hidden ones too; the number of a sheet is its page."""
        said = _properties(data, limits)
        return Extracted(
            said.title, _sections(data, limits.characters), said.author, said.created, said.language
        )


def _properties(data: bytes, limits: Limits) -> Properties:
    """Look into the file before calamine does: is it safe to open, and what does it say of itself."""
    if data.startswith(COMPOUND_FILE):
        if kind_of(data) != "excel" or refusal(data).reason == "encrypted":
            raise refusal(data)
        return Properties()
    with opened(data, limits) as archive:
        for name in _TEXTS.intersection(archive.namelist()):
            with archive.open(name) as source:
                deque(_pieces(source), maxlen=0)
        if CONTENT in archive.namelist():
            with opened_open_document(data, limits) as (_, said):
                return said
        for name in filter(_SHEETS.fullmatch, archive.namelist()):
            with archive.open(name) as source:
                _refuse_expanse(source)
        return properties_of(archive, "docProps/core.xml", OFFICE)


def _refuse_expanse(sheet: IO[bytes]) -> None:
    """Refuse a sheet whose cells lie too far apart. Rows are taken to be in order, as programs write them.

    Raises
    ------
    Unextractable
        With the reason `too_large`.
    """
    rows, columns, rest = 0, _LETTERS, b""
    for new in _pieces(sheet):
        piece = rest + new
        if found := _ROW.match(piece, max(0, piece.rfind(b"row "))):
            rows = max(rows, int(found[1]))
        columns = max((columns, *map(_column, set(_FAR_COLUMN.findall(piece)))))
        if rows * columns > MAXIMUM_CELLS:
            detail = f"a sheet spans {rows:,} rows and {columns:,} columns"
            raise Unextractable("skipped", "too_large", detail)
        rest = piece[-_OVERLAP:]


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """Yield a part of a workbook piece by piece.

    Raises
    ------
    Unextractable
        A text in it is longer than any cell holds (`too_large`): calamine would take it in as a whole.
    """
    text = 0
    while piece := part.read(_PIECE):
        last = piece.rfind(b"<")
        text = text + len(piece) if last < 0 else len(piece) - last
        if text > LONGEST_TEXT:
            raise too_long()
        yield piece


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _sections(data: bytes, characters: int) -> tuple[Section, ...]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    sections = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            for number, name in enumerate(workbook.sheet_names, start=1):
                text = _sheet_text(workbook, number - 1, characters)
                sections.append(Section(text, number, f"sheet {name}"))
                characters -= len(text)
                if characters < 0:
                    break
    except PasswordError as error:
        raise Unextractable("skipped", "encrypted", "the workbook asks for a password") from error
    except CalamineError as error:
        raise Unextractable("failed", "corrupt", str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how a library written in Rust fails, and no Exception
            raise Unextractable("failed", "corrupt", str(error)) from error
        raise
    return tuple(sections)


def _sheet_text(workbook: "CalamineWorkbook", index: int, characters: int) -> str:
    lines = []
    for line in _lines(workbook.get_sheet_by_index(index)):
        lines.append(line)
        characters -= len(line)
        if characters < 0:
            break
    return "\n\n".join(lines)  # a paragraph a row, so that none is cut in two


def _lines(sheet: "CalamineSheet") -> Iterator[str]:
    for row in sheet.iter_rows():
        cells = [shown for shown in map(_shown, row) if shown]
        if cells:
            yield SEPARATOR.join(cells)


def _shown(cell: Cell) -> str:
    """Spell a cell as people do: no time at midnight, no fraction of a whole number, one line."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    return str(cell)
