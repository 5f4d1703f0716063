"""Tables of counts: each row stands for as many cases as one of its columns says."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from pathlib import Path

import polars as pl

from jobs.analysis.tables.columns import Column, natural_order
from jobs.analysis.tables.measured import words_of_measures
from jobs.analysis.tables.units import listed, words_of

# Names that say nothing else than how many there are.
CLEAR = frozenset(
    listed(
        "n count counts freq freqs frequency frequencies anzahl häufigkeit häufigkeiten haeufigkeit effectif "
        "effectifs"
    )
)
NAMES = CLEAR | frozenset(listed("nb nombre cases weight weights number num cantidad antal aantal"))
SEVERAL = frozenset(listed("people men women children total totals sum staff police folk leute summe gesamt"))
MOST_CELLS = 12  # values of a category of a table of counts whose column of counts is not named so
LEAST_ROWS = 4  # two by two
MOST_ROWS = 5_000  # a table of counts is short; more rows than these are cases
KINDS = ("category", "ordinal", "boolean")
MOST_KINDS = 50  # values of the only column beside the counts


def marked(path: Path, columns: Sequence[Column]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Mark the column that says how many cases each row of a typed table stands for; also say so.

    Every other column is a category, or a number whose values repeat; each combination of them stands there
    once, and the column holds whole numbers, none negative, under a name such as `count`, `n` or `freq`. With
    a single other column, whose values are then all different, the name must be clear.
    """
    counting = [column for column in columns if counts(column)] or _of_cells(columns)
    others = [column for column in columns if column not in counting]
    if len(counting) != 1 or not others or columns[0].rows > MOST_ROWS:
        return tuple(columns), ()
    if len(others) == 1:
        return _of_one_kind(path, columns, others[0], counting[0])
    kinds = [column.name for column in others]
    if columns[0].rows < LEAST_ROWS or not all(map(_is_kind, others)) or _repeats(path, kinds):
        return tuple(columns), ()
    name = counting[0].name
    note = (
        f"column {name}: each combination of {' and '.join(kinds)} stands in one row, so '{name}' seems to "
        "say how many cases a row stands for"
    )
    return tuple(replace(one, weighs=one.name == name) for one in columns), (note,)


def _of_cells(columns: Sequence[Column]) -> list[Column]:
    """Return the only column of whole numbers of several things, where all others are categories that cross.

    Its name need not say that it counts ("people", "Personen"): each combination of the others is one row.
    """
    others = [column for column in columns if column.role in KINDS]
    found = [column for column in columns if column not in others]
    cells = prod(column.distinct for column in others)
    if len(found) != 1 or len(others) < 2 or cells != columns[0].rows or any(one.missing for one in others):
        return []
    few = all(column.distinct <= MOST_CELLS for column in others)
    return found if few and can_count(found[0]) and _names_several(found[0]) else []


def _names_several(column: Column) -> bool:
    """Return whether a name is that of several things or beings, and neither of a measure nor with a unit."""
    words = words_of(column.name)
    several = bool(words) and (words[-1].endswith(("s", "en")) or words[-1] in SEVERAL)
    return several and column.unit is None and not words_of_measures(column.name)


def is_clear(name: str) -> bool:
    """Return whether the name of a column that may count cases can hardly mean anything else."""
    words = words_of(name)
    return bool(words) and (words[-1] in CLEAR or words[0] in CLEAR)


def counts(column: Column) -> bool:
    """Return whether a column may say how many cases a row stands for, by its name and its values."""
    words = words_of(column.name)
    named = bool(words) and (words[-1] in NAMES or words[0] in NAMES)
    return named and can_count(column)


def can_count(column: Column) -> bool:
    """Return whether the values of a column are whole numbers from 0, none of them missing."""
    whole = column.dtype == "integer" and column.low is not None and column.low >= 0
    return whole and not column.missing and not column.invalid and (column.high or 0.0) > 0


def _is_kind(column: Column) -> bool:
    repeats = 2 <= column.distinct <= column.rows / 2
    return column.role in KINDS or (column.role == "number" and repeats)


def _of_one_kind(
    path: Path, columns: Sequence[Column], kind: Column, counting: Column
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Mark the counts of the values of one column, which is then a category however often each is written."""
    number = kind.dtype in ("integer", "number")
    usable = number or kind.dtype in ("text", "boolean")
    once = kind.distinct == kind.rows - kind.missing >= 2
    if len(columns) != 2 or not (usable and once and is_clear(counting.name)) or kind.distinct > MOST_KINDS:
        return tuple(columns), ()
    values = pl.scan_parquet(path, glob=False).select(pl.col(kind.name).cast(pl.String)).collect()[kind.name]
    role = kind.role if kind.role in KINDS else "number" if number else "category"
    levels = kind.levels if number else natural_order(values.drop_nulls().to_list())
    note = (
        f"column {counting.name}: each value of {kind.name} stands in one row, so '{counting.name}' seems to "
        "say how many cases a row stands for"
    )
    told = {
        kind.name: replace(kind, role=role, levels=levels),
        counting.name: replace(counting, role="number", weighs=True),
    }
    return tuple(told[column.name] for column in columns), (note,)


def _repeats(path: Path, names: Sequence[str]) -> bool:
    """Return whether a combination of values stands there more than once."""
    rows = pl.scan_parquet(path, glob=False).select(names).collect(engine="streaming")
    return rows.n_unique() < rows.height
