"""A number in the cells of two factors, read from the typed table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import Design, Units
from jobs.analysis.sampling.frames import complete, floats, in_order, read_columns, require_number, text_of
from jobs.errors import TooFewValues, UnsuitableData

Floats = NDArray[np.float64]

METHODS = frozenset({"two_way_anova"})
MOST_LEVELS = 20  # of each factor, as of groups


@dataclass(frozen=True)
class FactorialSample(Design):
    """A number by two factors: `cells[i][j]` are its values where the factors have levels i and j."""

    outcome: str
    first: str
    second: str
    first_levels: tuple[str, ...]
    second_levels: tuple[str, ...]
    cells: tuple[tuple[Floats, ...], ...]
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (self.outcome, self.first, self.second, *self.first_levels, *self.second_levels)

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Comparing {self.outcome} by {self.first} and {self.second}"

    @property
    def cell_count(self) -> int:
        """How many combinations of levels there are."""
        return len(self.first_levels) * len(self.second_levels)


def load(plan: Plan, parquet: Path, units: Units) -> FactorialSample:
    """Read the cells of a plan with the roles outcome, factor_1 and factor_2.

    Raises
    ------
    UnknownColumn, UnsuitableData, TooFewValues
        A column is missing or has the wrong type, a factor has too many levels, or a combination has no row.
    """
    outcome, first, second = (plan.columns[role] for role in ("outcome", "factor_1", "factor_2"))
    everything = read_columns(parquet, outcome, first, second)
    require_number(everything, outcome)
    table, dropped = complete(everything)
    levels = {name: _levels(table, name) for name in (first, second)}
    found = {
        (text_of(key[0]), text_of(key[1])): floats(part[outcome])
        for key, part in table.partition_by(first, second, as_dict=True).items()
    }
    for one in levels[first]:
        for other in levels[second]:
            if (one, other) not in found:
                raise TooFewValues(
                    f"No row has {first!r} {one} with {second!r} {other}; both factors can be tested "
                    "together only where each combination has rows. Compare by one of them, or join levels."
                )
    cells = tuple(tuple(found[one, other] for other in levels[second]) for one in levels[first])
    return FactorialSample(
        outcome,
        first,
        second,
        levels[first],
        levels[second],
        cells,
        everything.height,
        dropped,
        units.get(outcome),
    )


def _levels(table: pl.DataFrame, name: str) -> tuple[str, ...]:
    different = table[name].unique()
    if not 2 <= different.len() <= MOST_LEVELS:
        raise UnsuitableData(
            f"Column {name!r} has {different.len():,} different values in the complete rows; a factor takes "
            f"2 to {MOST_LEVELS}."
        )
    return in_order(text_of(value) for value in different)
