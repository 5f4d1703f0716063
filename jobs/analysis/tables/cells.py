"""What single cells say: numbers, missing values, names. Standard library only: the API imports it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

Decimal = Literal[".", ","]

# Words for "no value", in any case; "none" stays a value in columns of words ("treatment: none, low, high").
MISSING_WORDS = (
    *("", "na", "n/a", "#n/a", "n.a.", "<na>", "nan", "#nan", "-nan", "null", "nil", "none", "missing"),
    *("-", "--", "?", ".", "\\n", "#value!", "#div/0!", "#ref!", "#null!"),
)
WORDS_KEPT_IN_TEXT = ("none", "nil", "missing")  # read as a value, with a warning, where the column is text
# Words for yes and no. Columns that say each in one way keep their words.
TRUTH_WORDS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1", "ja", "j", "oui", "vrai", "wahr", "si", "sí"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0", "nein", "non", "faux", "falsch"), False),
}
_TRUTH_LETTERS = (frozenset("yn"), frozenset("tf"), frozenset("jn"))

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
COMMA_DECIMAL = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+([eE][+-]?\d+)?")
POINT_DECIMAL = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)\.\d+")
COMMA_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
POINT_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
OTHER_GROUPS = {
    " ": re.compile("[+-]?[1-9]\\d{0,2}([ \u00a0\u202f]\\d{3})+([.,]\\d+)?"),
    "'": re.compile(r"[+-]?[1-9]\d{0,2}(['’]\d{3})+([.,]\d+)?"),
}
YEAR = re.compile(r"(1[89]|20)\d\d")
MONTH = re.compile(r"(0?[1-9]|1[0-2])\.20\d\d")  # "01.2021" shows no decimal point


@dataclass(frozen=True)
class Numbers:
    """How numbers are written, and what of it was doubtful."""

    decimal: Decimal
    thousands: str | None
    notes: tuple[str, ...] = ()
    in_doubt: str | None = None  # the mark that may as well separate thousands as be the decimal one


def spellings(words: Sequence[str]) -> tuple[str, ...]:
    """Return each word in lower, upper and title case and as "NaN"-like mixtures, each once."""
    found = [form for word in words for form in (word, word.upper(), word.title(), word.capitalize())]
    return tuple(dict.fromkeys([*found, "NaN", "#NaN", "-NaN"] if "nan" in words else found))


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no value."""
    return cell.strip().lower() in MISSING_WORDS


def is_truth(words: Collection[str]) -> bool:
    """Return whether a column's different values say both yes and no, and one of them in several ways."""
    lower = {word.lower() for word in words}
    letters = {word for word in lower if len(word) == 1 and word.isalpha()}
    return (
        len(words) > 2
        and lower <= TRUTH_WORDS.keys()
        and len({TRUTH_WORDS[word] for word in lower}) == 2
        and any(letters <= pair for pair in _TRUTH_LETTERS)
    )


def looks_numeric(cell: str) -> bool:
    """Return whether a cell is a number with a decimal point or a decimal comma."""
    text = cell.strip()
    forms = (NUMBER, COMMA_DECIMAL, COMMA_GROUPS, *OTHER_GROUPS.values())
    return any(form.fullmatch(text) for form in forms)


def guess_numbers(rows: Sequence[Sequence[str]], delimiter: str) -> Numbers:
    """Tell the decimal mark and the separator of thousands from the cells of a sample."""
    cells = [cell.strip() for row in rows for cell in row if not cell.isalpha()]
    for mark, pattern in OTHER_GROUPS.items():
        grouped = [cell for cell in cells if pattern.fullmatch(cell)]
        if grouped:
            plain = [re.sub("[ \u00a0\u202f'’]", "", cell) for cell in grouped]
            found = _guess_marks([*plain, *cells], delimiter)
            between = "spaces" if mark == " " else "apostrophes"
            note = f"'{grouped[0]}' was read as a number with {between} between thousands"
            return Numbers(found.decimal, mark, (note, *found.notes))
    return _guess_marks(cells, delimiter)


def _guess_marks(cells: Sequence[str], delimiter: str) -> Numbers:
    """Tell points and commas apart by the cells that can be read in one way only, wherever they stand.

    "1,5" and "1.234.567" show a decimal comma, "1.5" and "1,234,567" a decimal point; "4,637" shows neither.
    """
    cells = [cell for cell in cells if ("," in cell or "." in cell) and not MONTH.fullmatch(cell)]
    comma_groups = [cell for cell in cells if COMMA_GROUPS.fullmatch(cell)]
    point_groups = [cell for cell in cells if POINT_GROUPS.fullmatch(cell)]
    commas = sum(1 for cell in cells if COMMA_DECIMAL.fullmatch(cell) and not COMMA_GROUPS.fullmatch(cell))
    commas += sum(cell.count(".") > 1 and "," not in cell for cell in point_groups)
    points = sum(1 for cell in cells if POINT_DECIMAL.fullmatch(cell) and not POINT_GROUPS.fullmatch(cell))
    points += sum(cell.count(",") > 1 and "." not in cell for cell in comma_groups)
    if commas and commas >= points:
        return Numbers(",", "." if point_groups else None)
    if delimiter == ";" and not points and comma_groups:
        # Programs write `;` where the comma is the decimal mark; yet all of these may be thousands.
        return Numbers(",", None, in_doubt=",")
    if not comma_groups:
        doubtful = delimiter == ";" and not points and point_groups
        return Numbers(".", None, in_doubt="." if doubtful else None)
    note = f"'{comma_groups[0]}' was read as a number with commas between thousands"
    return Numbers(".", ",", (note,))


def guess_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether `first` holds names: its cells are unlike the cells below them.

    A column of numbers under a word votes for names, a number above numbers against, and a word that comes
    again below it against. Without any vote, different words are names.
    """
    votes = 0.0
    for index, name in enumerate(first):
        below = [row[index] for row in rows[:200] if index < len(row) and not is_missing(row[index])]
        if not below or is_missing(name):
            continue
        numeric = sum(map(looks_numeric, below)) >= 0.8 * len(below)
        if looks_numeric(name):
            votes -= 0.0 if YEAR.fullmatch(name.strip()) else 1.0
        elif numeric:
            votes += 2.0
        elif name in below:
            votes -= 1.0
    named = [cell for cell in first if cell.strip()]
    if votes == 0:
        numbers = sum(map(looks_numeric, named))
        return bool(named) and (numbers < len(named) or (bool(rows) and len(set(named)) == len(named)))
    return votes > 0


def _plain_name(cell: str, position: int) -> str:
    """Return a name that polars takes literally: `*` and `^...$` stand for patterns of names there."""
    name = cell.removeprefix("^").removesuffix("$") if cell.startswith("^") and cell.endswith("$") else cell
    return name if name not in ("", "*") else f"column_{position}"


def unique_names(header: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `width` different names, and notes on those that were made up or changed."""
    cells = [" ".join(cell.split()) for cell in header]
    if header and len(cells) == width - 1:
        cells = ["row_name", *cells]  # R leaves out the name of the row names
    cells = [*cells, *[""] * (width - len(cells))][: max(width, len(cells))]
    names: list[str] = []
    notes: list[str] = []
    taken = set(cells)
    for position, cell in enumerate(cells, start=1):
        name = _plain_name(cell, position)
        if name in names or (not cell and name in taken):
            number = 2
            while f"{name}_{number}" in names or f"{name}_{number}" in taken:
                number += 1
            notes.append(
                f"the name '{name}' stands twice in the header: column {position} is '{name}_{number}'"
            )
            name = f"{name}_{number}"
        elif header and name != cell:
            named = "no name in the header" if not cell else f"the unusual name '{cell}'"
            notes.append(f"column {position} has {named}: it is called '{name}'")
        names.append(name)
    return tuple(names), tuple(notes)
