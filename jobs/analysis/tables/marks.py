"""Points and commas in the numbers of one column: decimal marks, or separators of thousands.

The table says which mark is the decimal one; all values of a column say whether they can be meant so.
"""

from dataclasses import dataclass, replace

import polars as pl

from jobs.analysis.tables.amounts import Style
from jobs.analysis.tables.dialect import Dialect
from jobs.analysis.tables.guessing import Guess

_GROUPS = r"^\s*[+-]?[1-9]\d{{0,2}}(?:{0}\d{{3}})+\s*$"
_MARKED = r"^\s*[+-]?\d*{0}\d+\s*$"
_LONG = r"^\s*[+-]?\d{4,}\s*$"
_POINT, _EITHER = r"\.", "[.,]"


@dataclass
class Marks:
    """What was counted of the numbers with a mark that may separate thousands."""

    groups: int = 0  # "8.003", "1.234.567"
    others: int = 0  # "8.03", which shows a decimal mark
    long: int = 0  # "8003", written without a separator
    example: str = ""

    def add(self, other: "Marks") -> None:
        """Add what was counted of other rows."""
        self.groups += other.groups
        self.others += other.others
        self.long += other.long
        self.example = self.example or other.example


def is_counted(dialect: Dialect) -> bool:
    """Return whether a point or comma before three digits says too little in this table."""
    return dialect.decimal == "," or dialect.mark_in_doubt is not None


def count(cells: pl.Series, dialect: Dialect) -> Marks:
    """Count the numbers in cells with a mark that may separate thousands, if there are any."""
    mark = _POINT if dialect.mark_in_doubt is None else _EITHER
    groups = cells.str.contains(_GROUPS.format(mark))
    found = int(groups.sum())
    marked = int(cells.str.contains(_MARKED.format(mark)).sum())
    single = int((groups & cells.str.contains(_MARKED.format(mark))).sum()) if found else 0
    long = int(cells.str.contains(_LONG).sum()) if dialect.mark_in_doubt is not None else 0
    return Marks(found, marked - single, long, str(cells.filter(groups)[0]).strip() if found else "")


def second_guess(guess: Guess, marks: Marks, dialect: Dialect) -> Guess | None:
    """Return how else to read a column beside decimal commas whose values have points; None to go on."""
    if guess.kind != "number" or guess.style is not None or not marks.groups:
        return None
    if dialect.mark_in_doubt is not None:
        return None
    if marks.others:
        return replace(guess, dtype="number", style=Style("", "."), note=_note(marks, decimal=True))
    if dialect.thousands != ".":
        return replace(guess, dtype="number", style=Style("", ","), note=_note(marks, decimal=False))
    return None


def note(guess: Guess, marks: Marks, dialect: Dialect) -> str:
    """Return what to say of points in a column of numbers, or ""."""
    if guess.style is None and dialect.decimal == "," and marks.others and not marks.groups:
        return (
            f"{marks.others} of its numbers have a decimal point, where the table has commas: both were read "
            "as decimal marks"
        )
    plain = guess.style is None and dialect.mark_in_doubt is None and dialect.thousands == "."
    return _note(marks, decimal=False) if plain and marks.groups else guess.note


def doubt(marks: Marks, dialect: Dialect) -> str | None:
    """Return why a column cannot be read as numbers: every mark may be either; None without a doubt."""
    if dialect.mark_in_doubt is None or not marks.groups or marks.others or marks.long:
        return None
    name = "comma" if "," in marks.example else "point"
    plain = marks.example.replace(",", "").replace(".", "")
    return (
        f"it cannot be told whether the {name} in '{marks.example}' separates thousands or is a decimal "
        f"{name}; write {plain}, or {marks.example}0 with another digit"
    )


def _note(marks: Marks, *, decimal: bool) -> str:
    if decimal:
        return (
            f"its points were read as decimal points ('{marks.example}'), for others of its numbers have "
            "them, although commas are decimal marks elsewhere in the table"
        )
    whole = marks.example.replace(".", "")
    return (
        f"'{marks.example}' was read as {whole}: other numbers of the table show that the comma is the "
        "decimal mark, so points separate thousands"
    )
