"""Samples over time: one value for each point in time, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import complete, floats, read_columns, require_number, text_of
from jobs.analysis.tables.units import words_of
from jobs.errors import TooFewValues, UnsuitableData

Floats = NDArray[np.float64]
Units = Mapping[str, str | None]

MIN_POINTS = 5
MOST_POINTS = 2_000  # of more, neighbours are averaged: every pair of points gives a slope
# Longest first: what a slope is told by, and how many days it has.
PERIODS = (("year", 365.2425), ("month", 30.436875), ("day", 1.0), ("hour", 1.0 / 24.0))
CYCLES = ((28.0, 31.0, 12), (90.0, 92.0, 4), (1.0, 1.0, 7), (7.0, 7.0, 52), (1.0 / 24.0, 1.0 / 24.0, 24))


@dataclass(frozen=True)
class TimeSample:
    """Values over time: `times` in periods from the first point, rising."""

    outcome: str
    time: str
    times: Floats
    values: Floats
    period: str
    first: str
    last: str
    season: (
        int | None
    )  # points a cycle, where points are evenly spaced months, quarters, weeks, days or hours
    rows: int  # that were used, some perhaps at the same time
    block: int  # neighbouring points averaged into one
    labels: tuple[str, ...]  # of the points
    n_total: int
    dropped: Mapping[str, int]
    unit: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (self.outcome, self.time)


def load(plan: Plan, parquet: Path, units: Units) -> TimeSample:
    """Read the outcome of `plan` over its time; values at the same time are averaged.

    Raises
    ------
    UnknownColumn
        The table lacks a column.
    UnsuitableData, TooFewValues
        The outcome is no number, the time neither a date nor a number, or there are too few points.
    """
    outcome, time = plan.columns["outcome"], plan.columns["time"]
    everything = read_columns(parquet, outcome, time)
    require_number(everything, outcome)
    dtype = everything.schema[time]
    if not (dtype.is_numeric() or dtype in (pl.Date, pl.Datetime)):
        raise UnsuitableData(f"Column {time!r} holds no dates and no numbers, so it cannot be the time.")
    table, dropped = complete(everything)
    points = table.group_by(time).agg(pl.col(outcome).cast(pl.Float64).mean()).sort(time)
    if points.height < MIN_POINTS:
        raise TooFewValues(
            f"Column {time!r} has {points.height} different times with {outcome!r}; a trend needs at least "
            f"{MIN_POINTS}. Compare the times as groups instead."
        )
    units_of_time, period = _clock(points[time], time)
    season = _season(points[time])
    block = -(-points.height // MOST_POINTS)
    labels = _labels(points[time])
    return TimeSample(
        outcome=outcome,
        time=time,
        times=_blocks(units_of_time, block),
        values=_blocks(floats(points[outcome]), block),
        period=period,
        first=labels[0],
        last=labels[-1],
        season=season if block == 1 else None,
        rows=table.height,
        block=block,
        labels=tuple(labels[::block]),
        n_total=everything.height,
        dropped=dropped,
        unit=units.get(outcome),
    )


def wide_gaps(times: Floats) -> list[int]:
    """Return the places of `times`, which rise, after which no value comes for much longer than usual.

    A step is wide beyond four times the middle one and three times what nine of ten do not exceed: times at
    random have hardly any.
    """
    steps = np.diff(times)
    usual = max(4.0 * float(np.median(steps)), 3.0 * float(np.quantile(steps, 0.9, method="lower")))
    return [int(place) for place in np.flatnonzero(steps > usual)]


def _labels(times: pl.Series) -> list[str]:
    """Tell times as texts: whole days without a clock, and months without a day."""
    told = [text_of(value).removesuffix(" 00:00:00") for value in times]
    months = times.dtype in (pl.Date, pl.Datetime) and all(len(t) == 10 and t.endswith("-01") for t in told)
    return [text[:7] for text in told] if months else told


def _days(times: pl.Series) -> Floats:
    return floats(times.cast(pl.Datetime("us")).cast(pl.Int64)) / 86_400_000_000.0


def _clock(times: pl.Series, name: str) -> tuple[Floats, str]:
    """Return the times in the period that suits their span, from the first."""
    if times.dtype.is_numeric():
        values = floats(times)
        named = [word for word in words_of(name) if word in ("year", "month", "day", "week", "hour")]
        period = named[-1] if named else "unit of time"
        return values - values[0], period
    days = _days(times)
    span = float(days[-1] - days[0])
    period, length = next(((name, days) for name, days in PERIODS if span >= 2.0 * days), PERIODS[-1])
    return (days - days[0]) / length, period


def _season(times: pl.Series) -> int | None:
    if times.dtype.is_numeric():
        return None
    gaps = np.diff(_days(times))
    for low, high, season in CYCLES:
        if bool(np.all((gaps > low - 1e-6) & (gaps < high + 1e-6))):
            return season
    return None


def _blocks(values: Floats, block: int) -> Floats:
    if block == 1:
        return values
    edges = np.arange(0, values.size, block)
    found: Floats = np.add.reduceat(values, edges) / np.diff(np.append(edges, values.size))
    return found
