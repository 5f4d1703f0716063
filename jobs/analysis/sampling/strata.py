"""Two categories in strata, counted from the typed table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import Design, Units
from jobs.analysis.sampling.frames import complete, in_order, read_columns, text_of
from jobs.errors import TooFewValues, UnsuitableData

METHODS = frozenset({"cochran_mantel_haenszel"})
ROLES = ("row", "column", "stratum")
MOST_LEVELS = 20  # of each category
MOST_STRATA = 1_000  # as many as matched sets may be; the figure shows the largest
_COUNT = "\0count"  # no column of a table is called so


@dataclass(frozen=True)
class StrataSample(Design):
    """Two categories in strata: `counts[s, i, j]` rows have levels s, i and j; each stratum two or more."""

    row: str
    column: str
    stratum: str
    row_levels: tuple[str, ...]
    column_levels: tuple[str, ...]
    strata: tuple[str, ...]
    counts: NDArray[np.int64]  # (k, r, c)
    n_total: int
    dropped: Mapping[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        levels = (*self.row_levels, *self.column_levels, *self.strata)
        return (self.row, self.column, self.stratum, *levels)

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Counting {self.row} by {self.column} within {self.stratum}"


def load(plan: Plan, parquet: Path, units: Units) -> StrataSample:
    """Read the counts of a plan with the roles row, column and stratum.

    Rows without one of the three values, and those that are alone in their stratum, are left out and counted.

    Raises
    ------
    UnknownColumn, UnsuitableData, TooFewValues
        A column is missing, does not vary or has too many values, or no stratum holds two rows.
    """
    del units
    names = [plan.columns[role] for role in ROLES]
    row, column, stratum = names
    everything = read_columns(parquet, *names)
    table, dropped = complete(everything)
    counted = table.group_by(names).len(_COUNT)
    sizes = counted.group_by(stratum).agg(pl.col(_COUNT).sum())
    alone = sizes.filter(pl.col(_COUNT) < 2)[stratum]
    if alone.len():
        dropped[f"alone in its value of {stratum}"] = alone.len()
        counted = counted.filter(~pl.col(stratum).is_in(alone.implode()))
    if not counted.height:
        raise TooFewValues(
            f"No two complete rows share a value of {stratum!r}; name a column whose values repeat."
        )
    levels = {name: _levels(counted[name], MOST_STRATA if name == stratum else MOST_LEVELS) for name in names}
    place = {name: {level: i for i, level in enumerate(found)} for name, found in levels.items()}
    counts = np.zeros([len(levels[name]) for name in (stratum, row, column)], dtype=np.int64)
    for one, other, within, rows in counted.iter_rows():
        at = place[stratum][text_of(within)], place[row][text_of(one)], place[column][text_of(other)]
        counts[at] += rows
    return StrataSample(
        row, column, stratum, levels[row], levels[column], levels[stratum], counts, everything.height, dropped
    )


def _levels(values: pl.Series, most: int) -> tuple[str, ...]:
    different = values.unique()
    if not 2 <= different.len() <= most:
        only = f" ({text_of(different[0])})" if different.len() == 1 else ""
        raise UnsuitableData(
            f"Column {values.name!r} has {different.len():,} different values{only} in the rows that can be "
            f"used; 2 to {most:,} can be counted within strata. Join rare values, or name another column."
        )
    return in_order({text_of(value) for value in different})
