"""A number in groups with covariates beside it, read from the typed table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import Design, Units
from jobs.analysis.sampling.frames import complete, floats, in_order, read_columns, require_number, text_of
from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

METHODS = frozenset({"ancova"})
MOST_GROUPS = 20


@dataclass(frozen=True)
class AdjustedSample(Design):
    """A number, the place of each row's group in `levels`, and the covariates, a column each."""

    outcome: str
    group: str
    covariates: tuple[str, ...]
    levels: tuple[str, ...]
    values: Floats
    places: NDArray[np.intp]
    beside: Floats  # (n, p)
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (self.outcome, self.group, *self.covariates, *self.levels)

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Comparing {self.outcome} by {self.group}, adjusted"


def load(plan: Plan, parquet: Path, units: Units) -> AdjustedSample:
    """Read the sample of a plan with the roles outcome, group and covariate_1 and further ones.

    Raises
    ------
    UnknownColumn, UnsuitableData
        A column is missing, has the wrong type or does not vary, or there are too few or too many groups.
    """
    roles = plan.columns
    outcome, group = roles["outcome"], roles["group"]
    covariates = tuple(roles[role] for role in sorted(roles) if role.startswith("covariate_"))
    everything = read_columns(parquet, outcome, group, *covariates)
    for name in (outcome, *covariates):
        require_number(everything, name)
    table, dropped = complete(everything)
    names = {value: text_of(value) for value in table[group].unique()}
    if not 2 <= len(names) <= MOST_GROUPS:
        raise UnsuitableData(
            f"Column {group!r} has {len(names)} groups in the complete rows; 2 to {MOST_GROUPS} can be used."
        )
    levels = in_order(names.values())
    place = {value: levels.index(name) for value, name in names.items()}
    beside = np.column_stack([floats(table[name]) for name in covariates])
    for name, values in zip(covariates, beside.T, strict=True):
        if np.ptp(values) == 0:
            raise UnsuitableData(f"Column {name!r} has one value in all complete rows; it adjusts nothing.")
    return AdjustedSample(
        outcome,
        group,
        covariates,
        levels,
        floats(table[outcome]),
        np.array([place[value] for value in table[group]], dtype=np.intp),
        beside,
        everything.height,
        dropped,
        units.get(outcome),
    )
