"""Tables of counts: each row stands for as many cases as one of its columns says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import listed, words_of

NAMES = frozenset(
    listed(
        "n count counts freq frequency frequencies anzahl häufigkeit häufigkeiten haeufigkeit nb nombre "
        "effectif effectifs cases weight weights"
    )
)
LEAST_ROWS = 4  # two by two
MOST_ROWS = 5_000  # a table of counts is short; more rows than these are cases
KINDS = ("category", "ordinal", "boolean")


def marked(path: Path, columns: Sequence[Column]) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Mark the column that says how many cases each row of a typed table stands for; also say so.

    Every other column is a category, each combination of them stands there once, and the column holds whole
    numbers, none negative, under a name such as `count`, `n` or `freq`.
    """
    counting = [column for column in columns if _counts(column)]
    kinds = [column.name for column in columns if column not in counting]
    if len(counting) != 1 or len(kinds) < 2 or not LEAST_ROWS <= columns[0].rows <= MOST_ROWS:
        return tuple(columns), ()
    others = [column for column in columns if column.name in kinds]
    if any(column.role not in KINDS for column in others) or _repeats(path, kinds):
        return tuple(columns), ()
    name = counting[0].name
    note = (
        f"column {name}: each combination of {' and '.join(kinds)} stands in one row, so '{name}' seems to "
        "say how many cases a row stands for; rows are counted here, not cases: write one row for each case"
    )
    return tuple(replace(one, weighs=one.name == name) for one in columns), (note,)


def _counts(column: Column) -> bool:
    """Return whether a column may say how many cases a row stands for."""
    words = words_of(column.name)
    named = bool(words) and (words[-1] in NAMES or words[0] in NAMES)
    return named and column.dtype == "integer" and column.low is not None and column.low >= 0


def _repeats(path: Path, names: Sequence[str]) -> bool:
    """Return whether a combination of values stands there more than once."""
    rows = pl.scan_parquet(path, glob=False).select(names).collect(engine="streaming")
    return rows.n_unique() < rows.height
