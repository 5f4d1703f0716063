"""Which lines at the top of a table are its header: names, groups of names, units. Standard library only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.analysis.tables.cells import YEAR, is_missing, looks_numeric
from jobs.analysis.tables.units import UNITS, listed

ROWS = 200  # that show which columns hold numbers
NUMERIC = 0.8  # of their values
LEAST_ROWS = 3  # below a line, from which it can be doubted
LONGEST_UNIT = 20  # characters
MOST_SHOWN = 12  # columns in one note

# As they are written; those in `UNITS` are known in any case.
_SYMBOLS = frozenset(
    listed(
        "% ‰ ° °C °F K C F m km cm mm µm μm nm g kg mg µg μg ng t lb oz L l mL ml dL cL hL s ms min h d a yr "
        "y m² m³ cm² cm³ km² Pa kPa hPa MPa bar mbar V mV kV A mA W kW MW J kJ MJ kcal cal N kN Hz kHz MHz "
        "GHz rpm dB mol mmol µmol μmol nmol IU U mEq pH € $ £ ¥ bpm ppm ppb count counts n # points pts px "
        "B kB MB GB Mbit person persons people week month year day hour"
    )
)
_BETWEEN = re.compile(r"\s*[/·*×]\s*|\s+")
_POWER = re.compile(r"(?:\^?-?\d|[²³⁻¹]+)$")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_NO_UNIT = frozenset({"", "-", "–", "—", "--", "n/a", "na", "none"})
_KINDS = frozenset(listed("text string name id code category nominal date time datetime char factor word"))
_DAY_FORM = re.compile(r"[yYmMdDhHsS]{1,4}([-/.: ][yYmMdDhHsS]{1,4})+")


@dataclass(frozen=True)
class Header:
    """The names of a table: `cells` of the `records` from `begin` on; `units` by place of the column."""

    cells: tuple[str, ...]
    begin: int = 0
    records: int = 1
    units: tuple[tuple[int, str], ...] = ()
    joined: bool = False
    doubtful: tuple[str, ...] = ()  # texts above numbers in the first row, which may be a second header line


def header_of(table: Sequence[Sequence[str]], width: int) -> Header:
    """Return which of the first records of a table are its names, if it has any.

    A second line is taken for groups' names above names, or for units below them, only where its cells can
    be nothing else. Where they may be, they stand in `doubtful`.
    """
    rows = [[*row, *[""] * (width - len(row))] for row in table[: ROWS + 3]]
    if len(rows) < 3 or any(looks_numeric(cell) and not YEAR.fullmatch(cell.strip()) for cell in rows[1]):
        return Header(tuple(table[0]))  # as in most files: the second line has numbers
    header = Header(tuple(table[0]))
    if (units := _units(rows[1], rows[2:])) is not None:
        return Header(header.cells, 0, 2, units)
    if _are_groups(rows[0], rows[1], rows[2:]):
        named = sum(1 for cell in rows[0] if cell.strip())
        header = Header(tuple(rows[1]), 1) if named == 1 else Header(_joined(*rows[:2]), 0, 2, joined=True)
        below = rows[3:]
        if below and (units := _units(rows[2], below)) is not None:
            return Header(header.cells, header.begin, header.records + 1, units, header.joined)
        return header
    return Header(header.cells, doubtful=_doubtful(rows[1], rows[2:]))


def numeric_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the columns of which most values are numbers."""
    found = []
    for place in range(len(rows[0])):
        values = [row[place] for row in rows if place < len(row) and not is_missing(row[place])]
        if values and sum(map(looks_numeric, values)) >= NUMERIC * len(values):
            found.append(place)
    return found


def _units(cells: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[tuple[int, str], ...] | None:
    """Return the units that a line gives, when each of its cells is one or says that there is none."""
    numeric = set(numeric_columns(below))
    found: list[tuple[int, str]] = []
    for place, cell in enumerate(cells):
        text = cell.strip()
        unit = unit_in(text)
        if unit is not None and place in numeric:
            found.append((place, unit))
        elif text.lower() not in _NO_UNIT and (place in numeric or (unit is None and not _says_kind(text))):
            return None
    return tuple(found) or None


def _says_kind(text: str) -> bool:
    return text.lower() in _KINDS or _DAY_FORM.fullmatch(text) is not None


def unit_in(text: str) -> str | None:
    """Return the unit that a cell names and nothing else: "kg", "(years)", "[m/s]"; None for other text."""
    bracket = _BRACKETS.fullmatch(text)
    inside = ((bracket[1] or bracket[2] or "") if bracket else text).strip()
    if not inside or len(inside) > LONGEST_UNIT or looks_numeric(inside):
        return None
    if inside in _SYMBOLS:
        return inside
    if (known := UNITS.get(inside.lower())) is not None and len(inside) > 1:
        return known
    parts = [_POWER.sub("", part) for part in _BETWEEN.split(inside)]
    compound = all(part in _SYMBOLS or (len(part) > 1 and part.lower() in UNITS) for part in parts)
    return inside if bracket or compound else None


def _are_groups(first: Sequence[str], second: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Return whether `first` names groups of columns and `second` the columns in them.

    A group stands once above several names, with empty cells or itself after it; every name is a word, or a
    year above other numbers; and where the rows have numbers, both lines have none.
    """
    numeric = set(numeric_columns(below))
    if not numeric or not _has_span(first, second):
        return False
    for place, (group, name) in enumerate(zip(first, second, strict=True)):
        if not group.strip() and not name.strip() and place:
            return False
        if place in numeric and is_missing(name) and not group.strip():
            return False
        if looks_numeric(group) and not YEAR.fullmatch(group.strip()):
            return False
        if looks_numeric(name) and not _is_year_name(name, [row[place] for row in below]):
            return False
    return any(not is_missing(second[place]) for place in numeric)


def _has_span(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether a cell of `first` stands above several of `second`."""
    pairs = zip(first, first[1:], second, second[1:], strict=False)
    return any(
        group.strip() and after.strip() in ("", group.strip()) and left.strip() and right.strip()
        for group, after, left, right in pairs
    )


def _is_year_name(name: str, below: Sequence[str]) -> bool:
    values = [cell.strip() for cell in below if not is_missing(cell)]
    return YEAR.fullmatch(name.strip()) is not None and not all(map(YEAR.fullmatch, values))


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Return "group / name" for names below a group; a group's name ends where the next one begins."""
    names, group = list[str](), ""
    for above, below in zip(map(str.strip, first), map(str.strip, second), strict=True):
        group = above or group
        names.append(f"{group} / {below}" if group and below and group != below else below or above)
        group = group if below else ""
    return tuple(names)


def _doubtful(cells: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the cells of a line that has text above all of several columns of numbers."""
    numeric = numeric_columns(below) if len(below) >= LEAST_ROWS else []
    texts = tuple(cells[place].strip() for place in numeric)
    odd = len(texts) > 1 and not any(is_missing(text) or looks_numeric(text) for text in texts)
    return texts if odd else ()


def notes(header: Header, names: Sequence[str], line: int) -> tuple[str, ...]:
    """Say what was made of the lines below the first; `line` is where the header begins, counted from 1."""
    found = []
    if header.joined:
        found.append(f"two header lines were joined into one name a column: {_listed(names)}")
    if header.units:
        told = _listed([f"{names[place]} in {unit}" for place, unit in header.units])
        found.append(f"the line below the names was read as their units: {told}")
    if header.doubtful:
        shown = ", ".join(f"'{text[:40]}'" for text in header.doubtful[:3])
        found.append(
            f"line {line + 1} has text where the rows below it have numbers ({shown}): it was read as a row; "
            "if it belongs to the header, write the header on one line"
        )
    return tuple(found)


def _listed(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - MOST_SHOWN} more" if len(texts) > MOST_SHOWN else ""
    return "; ".join(text[:60] for text in texts[:MOST_SHOWN]) + more
