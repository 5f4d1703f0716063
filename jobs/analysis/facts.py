"""Count what decides the role of each column, column by column from the typed table."""

from collections.abc import Mapping
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

EXACT_ROWS = 2_000_000  # above, different text values are estimated: an exact count needs them all in memory


def describe_columns(path: Path, decisions: Mapping[str, Decision], *, report: Report) -> tuple[Column, ...]:
    """Return the columns of the typed table in `path`, in its order."""
    table = pl.scan_parquet(path, glob=False)
    rows = int(table.select(pl.len()).collect(engine="streaming").item())
    columns = []
    for position, (name, decision) in enumerate(decisions.items()):
        columns.append(_describe(table, name, decision.dtype, rows, decision.invalid))
        share = 30 + 5 * (position + 1) / len(decisions)
        report(Progress("read", share, "Looking at the columns", None, position + 1, len(decisions)))
    return tuple(columns)


def _describe(table: pl.LazyFrame, name: str, dtype: str, rows: int, invalid: int) -> Column:
    values = table.select(pl.col(name).alias("value"))
    counted = values.select(_counts(dtype, rows)).collect(engine="streaming").row(0, named=True)
    filled, distinct = int(counted["filled"]), int(counted["distinct"])
    if distinct > filled:  # an estimate can be above the truth
        distinct = filled
    found: tuple[str, ...] = ()
    if distinct <= MOST_LEVELS and dtype not in ("date", "datetime"):
        found = _different(values)
    facts = Facts(
        name,
        dtype,
        filled,
        distinct,
        is_sequence=dtype == "integer" and _is_sequence(values, counted, rows),
        mean_length=float(counted.get("length") or 0.0),
        values=found,
    )
    role = role_of(facts)
    levels = natural_order(found) if role in ("category", "ordinal", "boolean") else ()
    unit = unit_of(name) if dtype in ("integer", "number") and role != "id" else None
    amount = counted["first"] if float(counted.get("amounts") or 0.0) >= LEAST_AMOUNTS else None
    return Column(name, role, dtype, unit, rows, rows - filled, invalid, distinct, levels, amount)


def _counts(dtype: str, rows: int) -> list[pl.Expr]:
    value = pl.col("value")
    exact = rows <= EXACT_ROWS or dtype == "boolean"
    different = value.drop_nulls().n_unique() if exact else value.drop_nulls().approx_n_unique()
    counts = [value.count().alias("filled"), different.alias("distinct")]
    if dtype == "text":
        amounts = value.str.contains(AMOUNT) & value.str.contains(AMOUNT_SIGN)
        counts += [
            value.str.len_chars().mean().alias("length"),
            amounts.mean().alias("amounts"),
            value.drop_nulls().first().alias("first"),
        ]
    if dtype == "integer":
        counts += [value.min().alias("low"), value.max().alias("high")]
    return counts


def _different(values: pl.LazyFrame) -> tuple[str, ...]:
    """Return the different values as text: whole numbers without a fraction, booleans as true and false."""
    unique = values.drop_nulls().unique().sort("value").collect(engine="streaming").get_column("value")
    if unique.dtype == pl.Float64:
        return tuple(f"{value:g}" if float(f"{value:g}") == value else repr(value) for value in unique)
    return tuple(unique.cast(pl.String))


def _is_sequence(values: pl.LazyFrame, counted: Mapping[str, int | None], rows: int) -> bool:
    """Return whether integers count 0, 1, 2... or 1, 2, 3... down the rows."""
    low, high = counted["low"], counted["high"]
    if low not in (0, 1) or high is None or high - int(low) != rows - 1 or counted["filled"] != rows:
        return False
    steps = values.select((pl.col("value").diff().drop_nulls() == 1).all())
    return bool(steps.collect(engine="streaming").item())
