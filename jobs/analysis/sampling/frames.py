"""Columns of the typed Parquet: those that are needed, in complete rows, the others counted by reason."""

import math
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import reduce
from operator import and_
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.results.condition import Condition, in_words
from jobs.analysis.tables.scales import order_of
from jobs.errors import TooFewValues, UnknownColumn, UnsuitableData

ROW = "\0row"  # no column of a table is called so
EXACT = 2**53  # floating-point numbers hold whole numbers up to here
DISTINCT_STEPS = 2**20  # of rounding within the range of a column: fewer would show in what is computed
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def read_columns(parquet: Path, *columns: str) -> pl.DataFrame:
    """Read different columns that exist; raises `UnknownColumn` and `UnsuitableData`."""
    if len(set(columns)) < len(columns):
        raise UnsuitableData(
            f"Column {columns[0]!r} was named twice; an analysis needs two different columns."
        )
    table = pl.scan_parquet(parquet)
    names = table.collect_schema().names()
    for column in columns:
        if column not in names:
            raise UnknownColumn(
                f"There is no column {column!r}; the table has {', '.join(map(repr, names[:30]))}."
            )
    return table.select(columns).collect()


def numbered_rows(parquet: Path, column: str) -> pl.DataFrame:
    """Read a column and beside it, as `ROW`, the number of each row in the table, from 1.

    Raises
    ------
    UnknownColumn
        The table lacks the column.
    """
    table = read_columns(parquet, column)
    if ROW in pl.scan_parquet(parquet).collect_schema().names():
        return table.with_columns(read_columns(parquet, ROW))
    return table.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW))


@contextmanager
def selected(
    parquet: Path, columns: Collection[str], where: Sequence[Condition]
) -> Iterator[tuple[Path, int]]:
    """Give a Parquet of some columns in the rows that fulfil all conditions, and the number of other rows.

    Without `columns` it has them all; `numbered_rows` still finds the rows' numbers. The file is there while
    the block runs.

    Raises
    ------
    TooFewValues
        No row fulfils them.
    """
    table = pl.scan_parquet(parquet)
    with tempfile.TemporaryDirectory(prefix="longhaul-rows-") as folder:
        rows = Path(folder) / "rows.parquet"
        kept = table.with_row_index(ROW, 1).filter(reduce(and_, (_holds(one, table) for one in where)))
        wanted = [*columns, ROW] if columns else pl.all()
        kept.select(wanted).sink_parquet(rows, compression="uncompressed")
        total, left = (pl.scan_parquet(one).select(pl.len()).collect().item() for one in (parquet, rows))
        if not left:
            raise TooFewValues(
                f"No row is left where {in_words(where)}; choose other rows, or take all of them."
            )
        yield rows, total - left


def _holds(condition: Condition, table: pl.LazyFrame) -> pl.Expr:
    """Return whether a row fulfils a condition; a missing value never does."""
    column, dtype = pl.col(condition.column), table.collect_schema()[condition.column]
    values = [_value(value, dtype) for value in condition.values]
    if dtype.is_temporal() or dtype.is_integer():
        column = column.cast(pl.Datetime("us") if dtype.is_temporal() else pl.Float64)
    match condition.comparison:
        case "is":
            return column.is_in(values)
        case "is_not":
            return column.is_in(values).not_()
        case "at_least":
            return column >= values[0]
        case "more_than":
            return column > values[0]
        case "at_most":
            return column <= values[0]
        case "less_than":
            return column < values[0]


def _value(value: str | float, dtype: pl.DataType) -> str | float | bool | datetime:
    if dtype == pl.Boolean:
        return value == "True"
    return datetime.fromisoformat(str(value)) if dtype.is_temporal() else value


def complete(table: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Leave out rows with a missing or infinite value, each counted under the first column that lacks it."""
    dropped: dict[str, int] = {}
    for name in table.columns:
        before = table.height
        table = table.drop_nulls(name)
        if table.height < before:
            dropped[f"missing {name}"] = before - table.height
        if table.schema[name].is_float():
            before = table.height
            missing = int(table[name].is_nan().sum())
            table = table.filter(pl.col(name).is_finite())
            if missing:
                dropped[f"missing {name}"] = dropped.get(f"missing {name}", 0) + missing
            if before - table.height > missing:
                dropped[f"infinite {name}"] = before - table.height - missing
    return table, dropped


def require_number(table: pl.DataFrame, column: str) -> None:
    """Refuse a column that holds no numbers."""
    if not table.schema[column].is_numeric():
        raise UnsuitableData(
            f"Column {column!r} holds {_kind(table.schema[column])}, not numbers; name a column of numbers, "
            "or ask for the association of two categories."
        )
    require_told_apart(table[column])


def require_told_apart(values: pl.Series) -> None:
    """Refuse whole numbers so large and so close together that floating-point ones cannot tell them apart.

    Raises
    ------
    UnsuitableData
        Naming the column, its ends and what to subtract.
    """
    low, high = values.min(), values.max()
    if not values.dtype.is_integer() or not isinstance(low, int) or not isinstance(high, int):
        return
    largest = max(abs(low), abs(high))
    if largest > EXACT and 0 < high - low < DISTINCT_STEPS * math.ulp(float(largest)):
        raise UnsuitableData(
            f"Column {values.name!r} runs from {low} to {high}: these whole numbers differ by less than "
            f"floating-point numbers of 16 digits can tell; subtract {low} from all of them first."
        )


def _kind(dtype: pl.DataType) -> str:
    if dtype == pl.Boolean:
        return "yes or no"
    return "dates" if dtype.is_temporal() else "text"


def floats(values: pl.Series) -> NDArray[np.float64]:
    """Return the values of a column without missing ones as an array."""
    array: NDArray[np.float64] = np.ascontiguousarray(values.cast(pl.Float64).to_numpy())
    return array


def text_of(value: object) -> str:
    """Write a level as it is shown: whole numbers without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def in_order(levels: Iterable[str]) -> tuple[str, ...]:
    """Return steps of a scale from the lowest to the highest, and other levels by `natural`."""
    given = tuple(levels)
    return order_of(given) or tuple(sorted(given, key=natural))


def natural(text: str) -> tuple[tuple[int, float, str], ...]:
    """Give a sort key that puts numbers inside text in order of size: "week 2" before "week 10"."""
    if _NUMBER.fullmatch(text):
        return ((0, float(text), ""),)
    parts = [part for part in re.split(r"(\d+)", text.casefold()) if part]
    keys = ((1, float(part), "") if part.isdecimal() else (2, 0.0, part) for part in parts)
    return (*keys, (3, 0.0, text))
