"""Samples of models: one outcome and the columns that it is explained by.

A category becomes one column of 0 and 1 for each of its levels but the first; no formula is ever written.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.catalogue import COUNT_METHODS, MOST_GROUPS, PREDICTORS, YES_NO_METHODS, counted_as_number
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import (
    complete,
    floats,
    in_order,
    natural,
    read_columns,
    require_number,
    require_told_apart,
    text_of,
)
from jobs.analysis.tables.columns import Facts, role_of
from jobs.errors import TooFewValues, UnsuitableData

Floats = NDArray[np.float64]
Units = Mapping[str, str | None]

LEAST_SPARE = 2  # rows beyond one a coefficient
TRUE_WORDS = frozenset({"true", "yes", "y", "t", "1", "ja", "oui", "si", "sí", "on"})


@dataclass(frozen=True)
class Explaining:
    """A column that explains: its values if it is a number, else the place in `levels` of each row's."""

    name: str
    values: Floats
    levels: tuple[str, ...] = ()
    unit: str | None = None

    @property
    def columns(self) -> tuple[Floats, ...]:
        """The columns that it has in the design: itself, or 0 and 1 for each level but the first."""
        if not self.levels:
            return (self.values,)
        return tuple((self.values == place).astype(np.float64) for place in range(1, len(self.levels)))


@dataclass(frozen=True)
class ModelSample:
    """An outcome and what explains it; of a yes/no outcome `values` are 1 where it is `events[1]`, else 0."""

    outcome: str
    values: Floats
    predictors: tuple[Explaining, ...]
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None
    events: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        levels = (level for predictor in self.predictors for level in predictor.levels)
        return (self.outcome, *(predictor.name for predictor in self.predictors), *levels, *self.events)

    @property
    def columns(self) -> tuple[Floats, ...]:
        """The columns of the design, without the intercept."""
        return tuple(column for predictor in self.predictors for column in predictor.columns)

    @property
    def places(self) -> tuple[tuple[int, ...], ...]:
        """Where the coefficients of each predictor stand, the intercept being at 0."""
        found, first = [], 1
        for predictor in self.predictors:
            size = max(1, len(predictor.levels) - 1)
            found.append(tuple(range(first, first + size)))
            first += size
        return tuple(found)


def explaining(columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns that explain, in the order of their roles: predictor_1, predictor_2..."""
    return tuple(columns[role] for role in PREDICTORS if role in columns)


def load(plan: Plan, parquet: Path, units: Units) -> ModelSample:
    """Read the outcome and the predictors of `plan`.

    Whole numbers that stand for a few categories are taken as categories, ratings as numbers. Rows that alone
    have a level of a category are left out and counted, for no error could be told of them.

    Raises
    ------
    UnknownColumn
        The table lacks a column.
    UnsuitableData, TooFewValues
        A column has the wrong type, is constant or has too many levels; or too few rows are complete.
    """
    outcome, names = plan.columns["outcome"], explaining(plan.columns)
    everything = read_columns(parquet, outcome, *names)
    if plan.method not in YES_NO_METHODS:
        require_number(everything, outcome)
    table, dropped = complete(everything)
    table = _without_single(table, names, dropped)
    _require_varied(table, (outcome, *names), everything.height)
    predictors = tuple(_explaining(table[name], units.get(name)) for name in names)
    _require_rows(table.height, everything.height, predictors)
    values, events = _outcome(table[outcome], plan.method)
    return ModelSample(
        outcome, values, predictors, everything.height, dropped, units.get(outcome), events=events
    )


def _without_single(table: pl.DataFrame, names: Iterable[str], dropped: dict[str, int]) -> pl.DataFrame:
    """Leave out rows that alone have a level, again and again: each may have been the second of another."""
    categories = [name for name in names if _is_category(table[name])]
    before = -1
    while before != table.height:
        before = table.height
        for name in categories:
            rows = table.filter(pl.len().over(name) > 1)
            if rows.height < table.height:
                reason = f"single row of a value of {name}"
                dropped[reason] = dropped.get(reason, 0) + table.height - rows.height
                table = rows
    return table


def _require_varied(table: pl.DataFrame, names: Iterable[str], total: int) -> None:
    for name in names:
        values = table[name]
        if values.n_unique() < 2:
            only = f"the single value {text_of(values[0])!r}" if values.len() else "no value"
            raise UnsuitableData(
                f"Column {name!r} has {only} in the {table.height:,} of {total:,} rows in which no column of "
                "the model is missing; leave it out, or the column with the most missing values."
            )


def _is_category(values: pl.Series) -> bool:
    if not values.dtype.is_numeric():
        return True
    if not values.dtype.is_integer() or _role(values) != "category":
        return False
    return not counted_as_number("integer", values.n_unique(), values.len())


def _role(values: pl.Series) -> str:
    distinct = values.n_unique()
    few = tuple(str(value) for value in values.unique()) if distinct <= MOST_GROUPS else ()
    return role_of(Facts(values.name, "integer", values.len(), distinct, values=few))


def _explaining(values: pl.Series, unit: str | None) -> Explaining:
    if not _is_category(values):
        require_told_apart(values)
        return Explaining(values.name, floats(values), unit=unit)
    if values.dtype.is_temporal():
        raise UnsuitableData(f"Column {values.name!r} holds dates; ask for the trend over time instead.")
    different = {value: text_of(value) for value in values.unique()}
    if len(different) > MOST_GROUPS:
        raise UnsuitableData(
            f"Column {values.name!r} has {len(different):,} different values; a category in a model takes at "
            f"most {MOST_GROUPS}. Join rare values, or leave it out."
        )
    levels = in_order(set(different.values()))
    place = {value: float(levels.index(text)) for value, text in different.items()}
    codes = values.replace_strict(place, return_dtype=pl.Float64)
    return Explaining(values.name, floats(codes), levels)


def _require_rows(rows: int, total: int, predictors: Iterable[Explaining]) -> None:
    needed = 1 + sum(max(1, len(predictor.levels) - 1) for predictor in predictors) + LEAST_SPARE
    if rows < needed:
        raise TooFewValues(
            f"{rows:,} of {total:,} rows have a value in every column of the model, which needs at least "
            f"{needed}; name fewer columns."
        )


def _outcome(values: pl.Series, method: str) -> tuple[Floats, tuple[str, ...]]:
    if method in COUNT_METHODS:
        _require_counts(values)
    if method not in YES_NO_METHODS:
        return floats(values), ()
    levels = tuple(_ordered({text_of(value) for value in values.unique()}))
    if len(levels) != 2:
        raise UnsuitableData(
            f"Column {values.name!r} has {len(levels):,} different values; a yes/no outcome has two."
        )
    event = np.array([text_of(value) == levels[1] for value in values], dtype=np.float64)
    return event, levels


def _ordered(levels: set[str]) -> Iterator[str]:
    """Yield levels in natural order, yes after no."""
    yield from sorted(levels, key=lambda level: (level.casefold() in TRUE_WORDS, natural(level)))


def _require_counts(values: pl.Series) -> None:
    numbers = floats(values)
    bad = numbers[(numbers < 0) | (numbers != np.round(numbers))]
    if bad.size:
        raise UnsuitableData(
            f"Column {values.name!r} holds {bad[0]:g}, which is no count; counts are whole numbers from 0."
        )
