"""One number whose distribution is looked at, read from the typed table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import Design, Units
from jobs.analysis.sampling.frames import complete, floats, read_columns, require_number
from jobs.errors import TooFewValues

METHODS = frozenset({"normality"})
MIN_VALUES = 8  # as Anderson and Darling's test needs; fewer show no shape


@dataclass(frozen=True)
class ShapeSample(Design):
    """The values of one column."""

    outcome: str
    values: NDArray[np.float64]
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (self.outcome,)

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Looking at the shape of {self.outcome}"


def load(plan: Plan, parquet: Path, units: Units) -> ShapeSample:
    """Read the values of a plan's outcome.

    Raises
    ------
    UnknownColumn, UnsuitableData, TooFewValues
        The column is missing, holds no numbers, or fewer than eight.
    """
    outcome = plan.columns["outcome"]
    everything = read_columns(parquet, outcome)
    require_number(everything, outcome)
    table, dropped = complete(everything)
    if table.height < MIN_VALUES:
        raise TooFewValues(
            f"Column {outcome!r} has {table.height} values; a shape needs at least {MIN_VALUES}."
        )
    return ShapeSample(outcome, floats(table[outcome]), everything.height, dropped, units.get(outcome))
