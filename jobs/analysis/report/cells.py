"""Cells of tables: numbers as people read them, the exact value beside, and names that fit a column."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TypeVar

from jobs.analysis.report.view import Cell, Head, Table
from jobs.analysis.results.interval import Interval
from jobs.analysis.words import numbers as n

LONGEST_NAME = 60  # characters; longer ones are cut in the middle, so that both ends tell them apart
ABSENT = Cell("–")
Item = TypeVar("Item")


def text(value: str | None) -> Cell:
    """Return a cell of plain words; a dash where there are none."""
    return Cell(value) if value else ABSENT


def name(value: str, length: int = LONGEST_NAME) -> Cell:
    """Return a name or a value out of the data, cut in the middle when it is long."""
    if len(value) <= length:
        return Cell(value or "(empty)")
    tail = length // 4
    return Cell(f"{value[: length - tail - 1]}…{value[-tail:]}", full=value)


def number(value: float | None, decimals: int = 2, unit: str | None = None) -> Cell:
    """Return a number, rounded for the eye."""
    return _of(value, n.measured(value, decimals, unit))


def bounded(value: float | None, decimals: int = 2) -> Cell:
    """Return a number that cannot exceed 1, without the zero before the point."""
    return _of(value, n.bounded(value, decimals))


def count(value: float | None) -> Cell:
    """Return a whole number."""
    return number(value, 0)


def percent(share: float | None) -> Cell:
    """Return a share in percent; the exact value is the share."""
    return ABSENT if share is None else _of(share, n.percent(share))


def probability(value: float | None) -> Cell:
    """Return a p-value without its letter: ".012", "< .001"."""
    return ABSENT if value is None else _of(value, n.probability(value).removeprefix("p ").removeprefix("= "))


def interval(found: Interval | None, decimals: int = 2, *, below_one: bool = False) -> Cell:
    """Return the limits of an interval; a dash for one that the method does not give."""
    if found is None or (found.low is None and found.high is None):
        return ABSENT
    shown = n.limits(found.low, found.high, decimals, below_one=below_one)
    return Cell(f"[{shown}]", f"[{_exact(found.low)}, {_exact(found.high)}]")


def interval_head(found: Iterable[Interval | None]) -> Head:
    """Return the head of a column of intervals, with their coverage."""
    level = next((one.level for one in found if one is not None), 0.95)
    return Head(f"{level * 100:g}% CI", numeric=True)


def filled(table: Table) -> Table:
    """Return the table without the columns, but for the first, that hold nothing but dashes."""
    kept = [
        place
        for place in range(len(table.heads))
        if not place or not table.rows or any(row[place] != ABSENT for row in table.rows)
    ]
    heads = tuple(table.heads[place] for place in kept)
    return Table(
        table.caption, heads, tuple(tuple(row[place] for place in kept) for row in table.rows), table.notes
    )


def first(items: Sequence[Item], most: int, rest: str) -> tuple[list[Item], list[str]]:
    """Return at most `most` of the items, each a row, and a note where the `rest` is when there are more."""
    left = len(items) - most
    notes = [f"{n.counted(left, 'more row')} in {rest}."] if left > 0 else []
    return list(items[:most]), notes


def _of(value: float | None, shown: str) -> Cell:
    return ABSENT if value is None or not isfinite(value) else Cell(shown, _exact(value))


def _exact(value: float | None) -> str:
    """Write a number in full precision, as a program reads it."""
    if value is None:
        return "null"
    return str(int(value)) if isinstance(value, int) else repr(float(value))
