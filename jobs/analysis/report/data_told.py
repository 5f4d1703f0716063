"""The table as it was read, its columns, and how to compute everything again."""

from collections.abc import Sequence

from jobs.analysis.report import cells
from jobs.analysis.report.cells import ABSENT
from jobs.analysis.report.view import Block, Bullets, Cell, Head, Pairs, Paragraph, Table
from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Analysis, Dataset, Script
from jobs.analysis.words import numbers as n

MOST_COLUMNS = 100
MOST_VALUES = 4
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", ":": "colon"}
SIZES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def dataset(found: Dataset, columns: Sequence[ColumnProfile], warnings: tuple[str, ...]) -> list[Block]:
    """Return how the file was read; `warnings` say what was changed or doubted on the way."""
    items = [
        ("File", cells.name(found.name, 120)),
        ("Size", Cell(_size(found.bytes), str(found.bytes))),
        ("Table", Cell(shape(found))),
        ("Format", cells.text(found.format)),
        ("Encoding", cells.text(found.encoding)),
        ("Between cells", cells.text(DELIMITERS.get(found.delimiter or "", found.delimiter))),
        ("SHA-256", Cell(found.sha256, code=True)),
    ]
    misfits = [column for column in columns if column.invalid]
    told: list[Block] = [Pairs(tuple((name, cell) for name, cell in items if cell != ABSENT))]
    if misfits:
        heads = (Head("Column"), Head("Read as"), Head("Values that did not fit", numeric=True))
        rows = [(cells.name(one.name), cells.text(one.dtype), cells.count(one.invalid)) for one in misfits]
        shown, notes = cells.first(rows, MOST_COLUMNS, "results.json")
        notes.insert(0, "They count as missing.")
        told.append(Table("Values that did not fit", heads, tuple(shown), tuple(notes)))
    if warnings:
        told.append(Bullets(warnings))
    elif not misfits:
        told.append(Paragraph("Nothing in the file had to be changed or was in doubt.", "note"))
    return told


def shape(found: Dataset) -> str:
    """Return how large a table is."""
    return f"{n.counted(found.rows, 'row')} × {n.counted(found.columns, 'column')}"


def _size(size: int) -> str:
    unit, one = next((entry for entry in SIZES if size >= entry[1]), ("bytes", 1.0))
    return n.measured(size / one, 1 if one > 1 and size / one < 100 else 0, unit)


def profile(found: Sequence[ColumnProfile]) -> list[Block]:
    """Return each column in a line: numbers by where they lie, the others by their values."""
    numbers = [column for column in found if column.mean is not None]
    others = [column for column in found if column.mean is None]
    return [*(_numbers(numbers) if numbers else []), *(_others(others) if others else [])]


def _numbers(found: Sequence[ColumnProfile]) -> list[Block]:
    heads = (
        Head("Column"),
        Head("Kind"),
        *(Head(name, numeric=True) for name in ("Missing", "Different", "Mean", "SD")),
        *(Head(name, numeric=True) for name in ("Min", "Median", "Max")),
    )
    shown, notes = cells.first(found, MOST_COLUMNS, "results.json")
    rows = tuple(_number(column) for column in shown)
    return [Table("Columns of numbers", heads, rows, tuple(notes))]


def _number(column: ColumnProfile) -> tuple[Cell, ...]:
    places = 0 if not column.sd and column.dtype == "integer" else n.decimals_for(column.sd)
    ends = [value if isinstance(value, int | float) else None for value in (column.minimum, column.maximum)]
    of_ends = 0 if column.dtype == "integer" else places
    return (
        cells.name(column.name),
        cells.text(column.role),
        _missing(column),
        cells.count(column.distinct),
        cells.number(column.mean, places),
        cells.number(column.sd, places),
        cells.number(ends[0], of_ends),
        cells.number(column.median, places),
        cells.number(ends[1], of_ends),
    )


def _missing(column: ColumnProfile) -> Cell:
    if not column.missing or not column.rows:
        return cells.count(column.missing)
    return Cell(f"{n.count(column.missing)} ({n.percent(column.missing / column.rows)})", str(column.missing))


def _others(found: Sequence[ColumnProfile]) -> list[Block]:
    heads = (
        Head("Column"),
        Head("Kind"),
        Head("Missing", numeric=True),
        Head("Different", numeric=True),
        Head("Values"),
    )
    shown, notes = cells.first(found, MOST_COLUMNS, "results.json")
    rows = tuple(
        (
            cells.name(column.name),
            cells.text(column.role),
            _missing(column),
            cells.count(column.distinct),
            _values(column),
        )
        for column in shown
    )
    return [Table("Other columns", heads, rows, tuple(notes))]


def _values(column: ColumnProfile) -> Cell:
    """Return the most frequent values, or the first and the last of dates."""
    if column.dtype in ("date", "datetime") and column.minimum is not None:
        return Cell(f"{column.minimum} to {column.maximum}")
    told = [f"{cells.name(top.value, 30).text} ({n.count(top.count)})" for top in column.top[:MOST_VALUES]]
    more = ", …" if column.distinct > len(told) and told else ""
    return cells.text(f"{', '.join(told)}{more}")


def reproduction(found: Analysis) -> list[Block]:
    """Return how to compute the numbers again, and with what they were computed."""
    told: list[Block] = [Paragraph(_script(found.script, found.dataset.name))]
    versions = tuple((cells.text(name), cells.text(value)) for name, value in found.versions.items())
    told.append(Table("Computed with", (Head("Library"), Head("Version")), versions))
    if found.timings:
        seconds = tuple((cells.text(stage), cells.number(spent, 3)) for stage, spent in found.timings.items())
        told.append(Table("Time taken", (Head("Stage"), Head("Seconds", numeric=True)), seconds))
    every = f"Every number in full precision: results.json, format {found.format}."
    told.append(Paragraph(every, "note"))
    return told


def _script(script: Script | None, name: str) -> str:
    if script is None:
        return "No script was written for this analysis."
    how = (
        f"{script.path} is a Python program that computes the numbers again from {name} without Longhaul. "
        f"Its first lines say what it needs; run it with the file as its argument."
    )
    if not script.verified:
        return f"{how} It was run, and is not verified: {script.reason or 'no reason was given'}"
    worst = script.max_relative_difference
    far = (
        ""
        if worst is None
        else f"; the largest relative difference is {worst:.1g}"
        if worst
        else ", digit for digit"
    )
    return f"{how} It was run before this report was written, and its numbers agree{far}."
