"""Describe each column of the typed table: its role, and what its values are like."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from jobs.analysis.results.described import ColumnProfile, TopValue
from jobs.analysis.tables import amounts
from jobs.analysis.tables.columns import MOST_LEVELS, Column, Facts, natural_order, role_of
from jobs.analysis.tables.distribution import (
    Distribution,
    Floats,
    Integers,
    distribution_of,
    freedman_diaconis,
    moments_of,
    most_frequent,
    outliers,
    quantiles,
    top_numbers,
)
from jobs.analysis.tables.inference import Decision
from jobs.analysis.tables.pieces import Values, of_each_column, rows_of
from jobs.analysis.tables.quality import quality_notes
from jobs.analysis.tables.table_notes import EXACT
from jobs.analysis.tables.texts import Texts, texts_of
from jobs.analysis.tables.units import unit_of
from jobs.progress import Progress, Report

MEASURED = ("number", "ordinal")
BEGIN, END = 24.0, 34.0  # this part of the whole analysis, in percent


@dataclass(frozen=True)
class Described:
    """A column as the planner sees it, its profile, and how many of its numbers computations round."""

    column: Column
    profile: ColumnProfile
    rounded: int = 0


def describe_columns(
    path: Path, decisions: Mapping[str, Decision], *, report: Report
) -> tuple[Described, ...]:
    """Return what the columns of the typed table in `path` are like, in its order.

    Of a table of more than twelve million rows every second or so-manieth row is looked at, except for counts
    of rows, of missing values, and for the ends; the profile says so in `looked_at`.
    """
    rows, names = rows_of(path), list(decisions)

    def told(done: int) -> None:
        share = BEGIN + (END - BEGIN) * done / len(names)
        report(Progress("read", share, "Looking at the columns", None, done, len(names)))

    def work(values: Values) -> Described:
        return _describe(values, decisions[values.name])

    return tuple(of_each_column(path, names, rows, work, told))


def _describe(values: Values, decision: Decision) -> Described:
    match decision.dtype:
        case "integer" | "number":
            found = _numbers(values, decision)
        case "date" | "datetime":
            found = _dates(values, decision)
        case "boolean":
            found = _described(values, decision, _truths(values))
        case _:
            found = _described(values, decision, texts_of(values))
    found = found if values.step == 1 else _among_all(found, values)
    profile = found.profile
    return replace(found, profile=replace(profile, notes=quality_notes(profile)))


def _numbers(values: Values, decision: Decision) -> Described:
    numbers = _present(values)
    found = distribution_of(numbers)
    levels = _as_text(found.values) if found.values.size <= MOST_LEVELS else ()
    sequence = decision.dtype == "integer" and _counts_up(numbers, found, values.looked_at)
    column = _column(values, decision, found.n, found.values.size, levels=levels, is_sequence=sequence)
    if found.n:
        column = replace(column, low=float(found.values[0]), high=float(found.values[-1]))
    profile = replace(_bare(column), top=top_numbers(found))
    rounded = _rounded(found) if decision.dtype == "integer" and column.role != "id" else 0
    if column.role in MEASURED:
        profile = _measured(profile, found)
    return Described(column, profile, rounded)


def _measured(profile: ColumnProfile, found: Distribution) -> ColumnProfile:
    """Add what only numbers have that measure something."""
    mean, sd, skewness, kurtosis = moments_of(found)
    at = quantiles(found)
    shares = {one.share: one.value for one in at}
    ends, floats = found.values[[0, -1]].tolist(), found.floats
    return replace(
        profile,
        mean=mean,
        sd=sd,
        minimum=float(ends[0]),
        q1=shares[0.25],
        median=shares[0.5],
        q3=shares[0.75],
        maximum=float(ends[1]),
        skewness=skewness,
        kurtosis=kurtosis,
        zeros=int(found.counts[found.values == 0].sum()),
        negative=int(found.counts[: np.searchsorted(found.values, 0)].sum()),
        outliers=outliers(found, shares[0.25], shares[0.75]),
        histogram=freedman_diaconis(floats, found.counts),
        quantiles=at,
    )


def _rounded(found: Distribution) -> int:
    """Count whole numbers that floating-point ones cannot hold."""
    return int(found.counts[(found.values > EXACT) | (found.values < -EXACT)].sum())


def _dates(values: Values, decision: Decision) -> Described:
    """Describe days, or moments in microseconds, by the whole numbers that stand for them."""
    found = distribution_of(_present(values))
    column = _column(values, decision, found.n, found.values.size)
    if not found.n:
        return Described(column, _bare(column))
    kind = pl.Date if decision.dtype == "date" else pl.Datetime("us")
    ends = _moments(found.values[[0, -1]], kind).to_list()
    frequent = most_frequent(found)
    texts = _moments(np.array([value for value, _ in frequent], dtype=np.int64), kind).dt.to_string("iso")
    top = tuple(TopValue(text, count) for text, (_, count) in zip(texts, frequent, strict=True))
    profile = replace(_bare(column), minimum=_iso(ends[0]), maximum=_iso(ends[1]), top=top)
    return Described(column, profile)


def _moments(numbers: Floats | Integers, kind: type[pl.DataType] | pl.DataType) -> pl.Series:
    whole = pl.Series(numbers, dtype=pl.Int64)
    return whole.cast(pl.Int32).cast(kind) if kind == pl.Date else whole.cast(kind)


def _iso(moment: object) -> str:
    return moment.isoformat() if isinstance(moment, date) else str(moment)


def _truths(values: Values) -> Texts:
    yes, filled = 0, 0
    for piece in values:
        yes, filled = yes + int(piece.sum()), filled + len(piece) - piece.null_count()
    counts = [(text, count) for text, count in (("false", filled - yes), ("true", yes)) if count]
    top = [TopValue(text, count) for text, count in sorted(counts, key=lambda pair: -pair[1])]
    frequent = tuple(top) if top and top[0].count > 1 else ()
    return Texts(filled, len(counts), frequent, tuple(text for text, _ in counts))


def _described(values: Values, decision: Decision, found: Texts) -> Described:
    length = found.lengths.mean if found.lengths else 0.0
    column = _column(
        values,
        decision,
        found.filled,
        found.distinct,
        levels=found.levels,
        length=length,
        amount=found.amount,
    )
    why = decision.left_as_text or (amounts.several_signs(found.signed) if found.amount else None)
    column = replace(column, left_as_text=why)
    return Described(column, replace(_bare(column), top=found.top, lengths=found.lengths))


def _present(values: Values) -> Floats | Integers:
    """Return the values that are not missing as one array; dates as whole numbers."""
    parts = [piece.to_physical().drop_nulls().to_numpy() for piece in values]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _counts_up(numbers: Floats | Integers, found: Distribution, rows: int) -> bool:
    """Return whether different integers count 0, 1, 2... or 1, 2, 3... down the rows."""
    if found.values.size < rows or not rows or found.values[0] not in (0, 1):
        return False
    return bool(found.values[-1] - found.values[0] == rows - 1 and np.all(numbers[1:] > numbers[:-1]))


def _among_all(found: Described, values: Values) -> Described:
    """Say of a column that was looked at in part what holds for all of its rows; count different values anew.

    Their number is estimated (HyperLogLog): counting them would need them all in memory.
    """
    cell, name = pl.col(values.name), values.name
    counts = [
        cell.null_count().alias("missing"),
        (cell.n_unique() if found.column.dtype == "boolean" else cell.drop_nulls().approx_n_unique()).alias(
            "distinct"
        ),
        cell.min().alias("low"),
        cell.max().alias("high"),
    ]
    scan = pl.scan_parquet(values.path, glob=False).select(name)
    whole = scan.select(counts).collect(engine="streaming").row(0, named=True)
    missing = int(whole["missing"])
    distinct = max(found.column.distinct, min(int(whole["distinct"]), values.rows - missing))
    column = replace(found.column, rows=values.rows, missing=missing, distinct=distinct)
    profile = replace(
        found.profile, rows=values.rows, missing=missing, distinct=distinct, looked_at=values.looked_at
    )
    ends = whole["low"], whole["high"]
    if column.low is not None:
        column = replace(column, low=float(ends[0]), high=float(ends[1]))
    if profile.minimum is not None:
        low, high = (_iso(end) if isinstance(end, date) else float(end) for end in ends)
        profile = replace(profile, minimum=low, maximum=high)
    return Described(column, profile)


def _column(
    values: Values,
    decision: Decision,
    filled: int,
    distinct: int,
    *,
    levels: tuple[str, ...] = (),
    length: float = 0.0,
    is_sequence: bool = False,
    amount: str | None = None,
) -> Column:
    name, dtype = values.name, decision.dtype
    facts = Facts(name, dtype, filled, distinct, is_sequence=is_sequence, mean_length=length, values=levels)
    role = role_of(facts)
    shown = natural_order(levels) if role in ("category", "ordinal", "boolean") else ()
    style = decision.style
    sign = (style.unit or style.sign) if style is not None else None
    unit = decision.unit or sign or unit_of(name)
    unit = unit if dtype in ("integer", "number") and role != "id" else None
    rows = values.looked_at
    return Column(name, role, dtype, unit, rows, rows - filled, decision.invalid, distinct, shown, amount)


def _bare(column: Column) -> ColumnProfile:
    """Return a profile with what is known of the column already."""
    return ColumnProfile(
        name=column.name,
        role=column.role,
        dtype=column.dtype,
        unit=column.unit,
        rows=column.rows,
        missing=column.missing,
        invalid=column.invalid,
        distinct=column.distinct,
    )


def _as_text(values: Iterable[float | int]) -> tuple[str, ...]:
    """Return sorted values as text: whole numbers without a fraction."""
    return tuple(_written(value) for value in np.asarray(values).tolist())


def _written(value: float | int) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)
