"""The columns that a plan needs, read from the typed Parquet: complete rows, the others counted by reason.

Nothing but the named columns is read. What cannot be analysed is refused here, with the column, the group and
the count, so that the methods meet only samples that they can work on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.cases import written_out
from jobs.analysis.sampling.design_loading import LOADERS
from jobs.analysis.sampling.designs import Design
from jobs.analysis.sampling.frames import (
    complete,
    floats,
    in_order,
    natural,
    read_columns,
    require_number,
    selected,
    text_of,
)
from jobs.analysis.sampling.matrices import MatrixSample
from jobs.analysis.sampling.matrices import load as load_matrix
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.sampling.models import load as load_model
from jobs.analysis.sampling.pooling import require_held, with_others
from jobs.analysis.sampling.steps import in_steps
from jobs.analysis.sampling.times import TimeSample
from jobs.analysis.sampling.times import load as load_times
from jobs.errors import TooFewValues, UnsuitableData

MAX_GROUPS = 20  # beyond it neither a figure nor all pairs of groups can be read
MAX_LEVELS = 50  # of each side of a cross table, for the same reason
MIN_PAIRS = 3  # with two pairs every correlation is 1 or -1
_COUNT = "\0count"  # no column of a table is called so
NO_UNITS: Mapping[str, str | None] = MappingProxyType({})


@dataclass(frozen=True)
class GroupedSample:
    """A number in groups: `values[i]` are the outcome in `levels[i]`, at least two of them."""

    outcome: str
    group: str
    levels: tuple[str, ...]
    values: tuple[NDArray[np.float64], ...]
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None
    pooled: int = 0  # groups that are together in the last level


@dataclass(frozen=True)
class PairedSample:
    """Two numbers a row, in the order of the rows."""

    x: str
    y: str
    x_values: NDArray[np.float64]
    y_values: NDArray[np.float64]
    n_total: int
    dropped: Mapping[str, int]
    x_unit: str | None = None
    y_unit: str | None = None


@dataclass(frozen=True)
class CrossSample:
    """Two categories counted together: `counts[i, j]` rows have `row_levels[i]` and `column_levels[j]`."""

    row: str
    column: str
    row_levels: tuple[str, ...]
    column_levels: tuple[str, ...]
    counts: NDArray[np.int64]
    n_total: int
    dropped: Mapping[str, int]


@dataclass(frozen=True)
class SingleSample:
    """One number."""

    outcome: str
    values: NDArray[np.float64]
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None


SomeRows = TypeVar("SomeRows", bound="HasRows")


class HasRows(Protocol):
    """What every sample has."""

    @property
    def n_total(self) -> int:
        """Rows of the table."""

    @property
    def dropped(self) -> Mapping[str, int]:
        """Rows that take no part, by reason."""


Sample = (
    GroupedSample
    | PairedSample
    | CrossSample
    | SingleSample
    | Design
    | MatrixSample
    | ModelSample
    | TimeSample
    | None
)


def load(plan: Plan, parquet: Path, *, units: Mapping[str, str | None] = NO_UNITS) -> Sample:
    """Read the sample that `plan` is about.

    Parameters
    ----------
    plan : Plan
        Its `columns` decide the kind: outcome + group, x + y, row + column, or outcome alone.
    parquet : Path
        The typed table: a file, or a folder of parts.
    units : mapping of column to unit, optional
        Passed on with the values.

    Returns
    -------
    Sample
        None for a profile of the whole table, and for one column that is not a number.
        Levels are text in natural order ("2" before "10"). Rows with a missing or infinite value, and groups
        with a single value, are left out and counted in `dropped`.

    Raises
    ------
    UnknownColumn
        The table lacks a column.
    UnsuitableData, TooFewValues
        A column has the wrong type, is constant, or has too few or too many groups.
    """
    with written_out(plan, parquet) as (cases, written), in_steps(cases, written) as (plan_of_rows, rows):
        return _of_rows(plan_of_rows, rows, units)


def _of_rows(plan: Plan, parquet: Path, units: Mapping[str, str | None]) -> Sample:
    if not plan.where:
        return _load(plan, parquet, units)
    whole = plan.method == "profile" and not plan.columns  # then one column says whether rows are left
    named = [plan.where[0].column] if whole else dict.fromkeys(plan.columns.values())
    with selected(parquet, named, plan.where) as (rows, others):
        sample = _load(plan, rows, units)
    return None if sample is None else _among_all(sample, others)


def _among_all(sample: "SomeRows", others: int) -> "SomeRows":
    """Count the rows outside the selection among those that were left out."""
    dropped = {"outside the selection": others} if others else {}
    total, dropped = sample.n_total + others, {**dropped, **sample.dropped}
    return replace(sample, n_total=total, dropped=dropped)  # type: ignore[type-var] # every sample is a dataclass


def _load(plan: Plan, parquet: Path, units: Mapping[str, str | None]) -> Sample:
    if (designed := LOADERS.get(plan.method)) is not None:
        return designed(plan, parquet, units)
    roles = plan.columns
    if "time" in roles:
        return load_times(plan, parquet, units)
    if "column_1" in roles:
        return load_matrix(plan, parquet)
    if "predictor_1" in roles:
        return load_model(plan, parquet, units)
    if {"outcome", "group"} <= roles.keys():
        return _grouped(parquet, roles["outcome"], roles["group"], units)
    if {"x", "y"} <= roles.keys():
        return _paired(parquet, roles["x"], roles["y"], units)
    if {"row", "column"} <= roles.keys():
        return _crossed(parquet, roles["row"], roles["column"])
    if "outcome" in roles:
        return _single(parquet, roles["outcome"], units)
    return None


def _grouped(parquet: Path, outcome: str, group: str, units: Mapping[str, str | None]) -> GroupedSample:
    everything = read_columns(parquet, outcome, group)
    require_number(everything, outcome)
    table, dropped = complete(everything)
    sizes = table.group_by(group).len(_COUNT)
    alone = sizes.filter(pl.col(_COUNT) < 2)[group]
    _require_groups(sizes.filter(pl.col(_COUNT) >= 2), group, outcome, singles=alone.len())
    if alone.len():
        dropped[_alone_reason(group, [text_of(value) for value in alone])] = alone.len()
        table = table.filter(~pl.col(group).is_in(alone.implode()))
    parts = table.partition_by(group, as_dict=True)
    by_level = {text_of(key[0]): floats(part[outcome]) for key, part in parts.items()}
    levels = in_order(by_level)
    if pooled := max(0, len(levels) - MAX_GROUPS):
        levels, by_level = with_others(levels, by_level, most=MAX_GROUPS)
    return GroupedSample(
        outcome=outcome,
        group=group,
        levels=levels,
        values=tuple(by_level[level] for level in levels),
        n_total=everything.height,
        dropped=dropped,
        unit=units.get(outcome),
        pooled=pooled,
    )


def _alone_reason(group: str, levels: Sequence[str]) -> str:
    shown = ", ".join(sorted(levels, key=natural)[:5]) + (", ..." if len(levels) > 5 else "")
    return f"a single value where {group} is {shown}"


def _require_groups(usable: pl.DataFrame, group: str, outcome: str, *, singles: int) -> None:
    groups = usable.height
    require_held(group, usable[_COUNT].to_list(), most=MAX_GROUPS)
    if groups >= 2:
        return
    if singles and not groups:
        raise TooFewValues(
            f"Each of the {singles:,} values of {group!r} has one row with {outcome!r}, like an identifier; "
            "name a column whose values repeat."
        )
    only = f" ({text_of(usable[group][0])}, {usable.item(0, 1):,} rows)" if groups else ""
    raise TooFewValues(
        f"Column {group!r} has {groups} group{'' if groups == 1 else 's'}{only} with two or more values of "
        f"{outcome!r}; a comparison needs two groups."
    )


def _paired(parquet: Path, x: str, y: str, units: Mapping[str, str | None]) -> PairedSample:
    everything = read_columns(parquet, x, y)
    require_number(everything, x)
    require_number(everything, y)
    table, dropped = complete(everything)
    if table.height < MIN_PAIRS:
        raise TooFewValues(
            f"{table.height} of {everything.height:,} rows have both {x!r} and {y!r}; "
            f"a relationship needs at least {MIN_PAIRS}."
        )
    return PairedSample(
        x=x,
        y=y,
        x_values=floats(table[x]),
        y_values=floats(table[y]),
        n_total=everything.height,
        dropped=dropped,
        x_unit=units.get(x),
        y_unit=units.get(y),
    )


def _crossed(parquet: Path, row: str, column: str) -> CrossSample:
    everything = read_columns(parquet, row, column)
    table, dropped = complete(everything)
    texts = {name: _level_texts(table[name]) for name in (row, column)}
    levels = {name: in_order(set(found.values())) for name, found in texts.items()}
    place = {name: {text: index for index, text in enumerate(levels[name])} for name in (row, column)}
    counts = np.zeros((len(levels[row]), len(levels[column])), dtype=np.int64)
    for first, second, count in table.group_by(row, column).len(_COUNT).iter_rows():
        counts[place[row][texts[row][first]], place[column][texts[column][second]]] += count
    return CrossSample(row, column, levels[row], levels[column], counts, everything.height, dropped)


def _level_texts(values: pl.Series) -> dict[object, str]:
    distinct = values.n_unique()
    if distinct > MAX_LEVELS:
        raise UnsuitableData(
            f"Column {values.name!r} has {distinct:,} different values; a cross table takes at most "
            f"{MAX_LEVELS}. Join rare values, or name a column with fewer."
        )
    if distinct < 2:
        only = f"the single value {text_of(values[0])!r}" if distinct else "no value"
        raise UnsuitableData(
            f"Column {values.name!r} has {only} in the complete rows; an association needs two or more."
        )
    return {value: text_of(value) for value in values.unique()}


def _single(parquet: Path, outcome: str, units: Mapping[str, str | None]) -> SingleSample | None:
    if not (everything := read_columns(parquet, outcome)).schema[outcome].is_numeric():
        return None
    table, dropped = complete(everything)
    if not table.height:
        raise TooFewValues(f"Column {outcome!r} has no values in {everything.height:,} rows.")
    return SingleSample(outcome, floats(table[outcome]), everything.height, dropped, units.get(outcome))
