"""Count what decides the role of each column, column by column from the typed table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from jobs.analysis.columns import (
    AMOUNT,
    AMOUNT_SIGN,
    LEAST_AMOUNTS,
    MOST_LEVELS,
    Column,
    Facts,
    natural_order,
    role_of,
)
from jobs.analysis.inference import Decision
from jobs.analysis.units import unit_of
from jobs.progress import Progress, Report

EXACT_ROWS = 2_000_000  # above, different values are estimated: an exact count needs them all in memory
CELLS_AT_ONCE = 4_000_000  # read from the typed table together
SAMPLE_ROWS = 1_000


@dataclass
class _Counted:
    """What decides the role of a column, besides its different values."""

    filled: int
    distinct: int
    length: float = 0.0  # characters of a text value on average
    amounts: float = 0.0  # values that look like amounts
    first: str | None = None


def describe_columns(path: Path, decisions: Mapping[str, Decision], *, report: Report) -> tuple[Column, ...]:
    """Return the columns of the typed table in `path`, in its order."""
    scan = pl.scan_parquet(path, glob=False)
    rows = int(scan.select(pl.len()).collect(engine="streaming").item())
    columns: list[Column] = []
    names = list(decisions)
    at_once = max(1, CELLS_AT_ONCE // max(1, rows))
    for begin in range(0, len(names), at_once):
        block = names[begin : begin + at_once]
        if rows <= EXACT_ROWS:
            table = pl.read_parquet(path, columns=block, glob=False)
            different = table.select(pl.all().n_unique()).row(0)  # of all columns at once: on all cores
            pairs = zip(table.get_columns(), different, strict=True)
            columns += [_in_memory(values, decisions[values.name], count) for values, count in pairs]
        else:
            columns += [_streamed(scan, name, decisions[name], rows) for name in block]
        share = 28 + 7 * len(columns) / len(names)
        report(Progress("read", share, "Looking at the columns", None, len(columns), len(names)))
    return tuple(columns)


def _in_memory(values: pl.Series, decision: Decision, different: int) -> Column:
    """Describe a column that has so many `different` values, null among them."""
    filled = len(values) - values.null_count()
    distinct = different - (1 if filled < len(values) else 0)
    counted = _Counted(filled, distinct)
    if decision.dtype == "text" and filled:
        present = values.drop_nulls()
        length = present.str.len_chars().mean()
        counted.length = float(length) if isinstance(length, float) else 0.0
        # Most text holds no amounts, which its first values show.
        if _amounts(present.head(SAMPLE_ROWS)) >= LEAST_AMOUNTS * min(SAMPLE_ROWS, filled):
            counted.amounts, counted.first = _amounts(present), present[0]
    found: tuple[str, ...] = ()
    if distinct <= MOST_LEVELS and decision.dtype not in ("date", "datetime"):
        found = _as_text(values.drop_nulls().unique().sort())
    sequence = decision.dtype == "integer" and distinct == len(values) and _counts_up(values)
    return _column(values.name, decision, len(values), counted, found, is_sequence=sequence)


def _amounts(text: pl.Series) -> int:
    return int((text.str.contains(AMOUNT) & text.str.contains(AMOUNT_SIGN)).sum())


def _counts_up(values: pl.Series) -> bool:
    """Return whether different integers count 0, 1, 2... or 1, 2, 3... down the rows."""
    low, high = values.min(), values.max()
    if low not in (0, 1) or not isinstance(low, int) or high != low + len(values) - 1:
        return False
    return values.is_sorted()


def _streamed(scan: pl.LazyFrame, name: str, decision: Decision, rows: int) -> Column:
    """Describe a column that is too long to be held in memory: its different values are estimated."""
    values = scan.select(pl.col(name).alias("value"))
    found = values.select(_counts(decision.dtype)).collect(engine="streaming").row(0, named=True)
    filled = int(found["filled"])
    counted = _Counted(filled, min(filled, int(found["distinct"])))  # an estimate can be above the truth
    counted.length, counted.first = float(found.get("length") or 0.0), found.get("first")
    counted.amounts = float(found.get("amounts") or 0.0)
    levels: tuple[str, ...] = ()
    if counted.distinct <= MOST_LEVELS and decision.dtype not in ("date", "datetime"):
        unique = values.drop_nulls().unique().sort("value").collect(engine="streaming").get_column("value")
        levels = _as_text(unique)
    sequence = decision.dtype == "integer" and filled == rows and _counts_up_streamed(values, found, rows)
    return _column(name, decision, rows, counted, levels, is_sequence=sequence)


def _counts(dtype: str) -> list[pl.Expr]:
    value = pl.col("value")
    different = value.drop_nulls().n_unique() if dtype == "boolean" else value.drop_nulls().approx_n_unique()
    counts = [value.count().alias("filled"), different.alias("distinct")]
    if dtype == "text":
        amounts = value.str.contains(AMOUNT) & value.str.contains(AMOUNT_SIGN)
        counts += [
            value.str.len_chars().mean().alias("length"),
            amounts.sum().alias("amounts"),
            value.drop_nulls().first().alias("first"),
        ]
    if dtype == "integer":
        counts += [value.min().alias("low"), value.max().alias("high")]
    return counts


def _counts_up_streamed(values: pl.LazyFrame, found: Mapping[str, int | None], rows: int) -> bool:
    low, high = found["low"], found["high"]
    if low not in (0, 1) or high is None or high - int(low) != rows - 1:
        return False
    steps = values.select((pl.col("value").diff().drop_nulls() == 1).all())
    return bool(steps.collect(engine="streaming").item())


def _column(
    name: str,
    decision: Decision,
    rows: int,
    counted: "_Counted",
    found: tuple[str, ...],
    *,
    is_sequence: bool,
) -> Column:
    dtype, filled = decision.dtype, counted.filled
    facts = Facts(
        name,
        dtype,
        filled,
        counted.distinct,
        is_sequence=is_sequence,
        mean_length=counted.length,
        values=found,
    )
    role = role_of(facts)
    levels = natural_order(found) if role in ("category", "ordinal", "boolean") else ()
    unit = decision.style.sign if decision.style is not None else unit_of(name)
    unit = unit if dtype in ("integer", "number") and role != "id" else None
    amount = counted.first if filled and counted.amounts >= LEAST_AMOUNTS * filled else None
    distinct = counted.distinct
    return Column(name, role, dtype, unit, rows, rows - filled, decision.invalid, distinct, levels, amount)


def _as_text(unique: pl.Series) -> tuple[str, ...]:
    """Return sorted values as text: whole numbers without a fraction, booleans as true and false."""
    if unique.dtype == pl.Float64:
        return tuple(f"{value:g}" if float(f"{value:g}") == value else repr(value) for value in unique)
    return tuple(unique.cast(pl.String))
