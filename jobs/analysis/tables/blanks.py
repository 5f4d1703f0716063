"""Tables whose cells stand apart by blanks: printed, aligned, or single blanks between numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.analysis.tables.cells import looks_numeric

SEVERAL, ANY = r"[ \t]{2,}", r"[ \t]+"  # words of one cell may be parted by a single blank, or none are
LEAST_ROWS = 3  # with the header
NUMERIC = 0.8  # of the cells below a header, from which a column is one of numbers
_LEADING_ZERO, _GROUP = re.compile(r"0\d+"), re.compile(r"\d{3}")


@dataclass(frozen=True)
class Cut:
    """Rows of as many cells each, and what they were cut at; the header may have one cell fewer."""

    pattern: str
    rows: tuple[tuple[int, list[str]], ...]  # with their lines, from 0
    width: int


def cut(lines: str) -> Cut | None:
    """Return the rows of a table that is written with blanks; None for text of one column.

    All rows have the same number of cells, and at least one column holds numbers: so it is no prose. A single
    blank parts cells only in three columns and more, or in two of plain numbers that are no groups of
    thousands and no codes.
    """
    numbered = [(place, line.strip()) for place, line in enumerate(lines.split("\n")) if line.strip()]
    for pattern in (SEVERAL, ANY):
        rows = [(place, re.split(pattern, line)) for place, line in numbered]
        width = len(rows[-1][1]) if rows else 0
        if len(rows) >= LEAST_ROWS and _is_table([cells for _, cells in rows], width, pattern):
            return Cut(pattern, tuple(rows), width)
    return None


def cells_of(line: str, pattern: str) -> list[str]:
    """Return the cells of a line."""
    return re.split(pattern, line.strip())


def _is_table(rows: Sequence[Sequence[str]], width: int, pattern: str) -> bool:
    if width < 2 or any(len(row) != width for row in rows[1:]):
        return False
    unnamed = len(rows[0]) == width - 1 >= 2  # names of rows, as R prints them
    if len(rows[0]) != width and not unnamed:
        return False
    columns = list(zip(*rows[1:], strict=True))
    numbers = [sum(map(looks_numeric, column)) >= NUMERIC * len(column) for column in columns]
    if not any(numbers):
        return False
    if pattern == SEVERAL:
        return True
    grouped = all(_GROUP.fullmatch(cell) for column in columns[1:] for cell in column)
    codes = any(_LEADING_ZERO.fullmatch(cell) for column in columns for cell in column)
    return not grouped and (width > 2 or (all(numbers) and not codes))
