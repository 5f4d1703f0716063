"""Values that lie far out, looked for column by column: one column is in memory at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.numerics.moments import moments, skewness
from jobs.analysis.numerics.outlying import Outlying, outlying
from jobs.analysis.results.result import Plan
from jobs.analysis.results.scanned import Middle, Outlier, OutlierScan, Skipped
from jobs.analysis.sampling.designs import Design, Units
from jobs.analysis.sampling.frames import floats, numbered_rows, require_number
from jobs.errors import TooFewValues, UnsuitableData

Floats = NDArray[np.float64]

METHODS = frozenset({"outliers"})
MIN_VALUES = 5  # with fewer the quartiles are the values themselves
MOST_LISTED = 100
KEPT = 1_000  # values inside the fences that a figure may show
LARGEST = 1e150  # squares beyond it leave the range of a float


@dataclass(frozen=True)
class Looked:
    """What was found in a column, and some of its values, evenly from the smallest to the largest."""

    scan: OutlierScan
    shown: Floats


@dataclass(frozen=True)
class OutlierSample(Design):
    """Columns of numbers that were looked through for values far out."""

    columns: tuple[Looked, ...]
    skipped: tuple[Skipped, ...]
    n_total: int
    dropped: Mapping[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return (*(one.scan.column for one in self.columns), *(one.column for one in self.skipped))

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Looking for outliers in {len(self.columns)} columns"


def load(plan: Plan, parquet: Path, units: Units) -> OutlierSample:
    """Look through the columns of a plan, one after the other.

    Raises
    ------
    UnknownColumn
        The table lacks a column.
    UnsuitableData, TooFewValues
        The only column holds no numbers, does not vary, or has too few values. Of several columns such a
        one is skipped, unless all are. A table without a column of numbers has nothing to look through.
    """
    names = list(plan.columns.values())
    if not names:
        raise UnsuitableData(
            "No column can be looked through for outliers: none in the table holds numbers that vary."
        )
    looked, skipped, rows = [], [], 0
    for name in names:
        table = numbered_rows(parquet, name)
        rows = table.height
        try:
            looked.append(_looked(table, name, units.get(name)))
        except (UnsuitableData, TooFewValues) as error:
            if len(names) == 1:
                raise
            skipped.append(Skipped(name, str(error)))
    if not looked:
        raise UnsuitableData(f"No column can be looked through for outliers. {skipped[0].reason}")
    alone = looked[0].scan if len(names) == 1 else None
    dropped = {f"missing {names[0]}": alone.missing} if alone is not None and alone.missing else {}
    return OutlierSample(tuple(looked), tuple(skipped), rows, dropped)


def _looked(table: pl.DataFrame, name: str, unit: str | None) -> Looked:
    require_number(table, name)
    finite = table.filter(pl.col(name).is_finite())
    values = floats(finite[name])
    if values.size < MIN_VALUES:
        raise TooFewValues(f"Column {name!r} has {values.size} values; at least {MIN_VALUES} are needed.")
    low, high = float(values.min()), float(values.max())
    if low == high:
        raise UnsuitableData(f"Column {name!r} has the same value {low:g} in all rows; none lies far out.")
    if max(abs(low), abs(high)) > LARGEST:
        raise UnsuitableData(f"Column {name!r} runs from {low:g} to {high:g}; express it in another unit.")
    found = outlying(values)
    rows = finite.drop(name).to_series().to_numpy()
    return Looked(_scan(name, unit, table.height, (values, found, rows)), _some(values))


def _scan(
    name: str, unit: str | None, height: int, looked: tuple[Floats, Outlying, NDArray[np.int64]]
) -> OutlierScan:
    values, found, rows = looked
    listed = found.places[:MOST_LISTED].tolist()
    kept = np.delete(values, found.places)
    ends, far = found.fences or (None, None), found.far_fences or (None, None)
    limits = found.score_limits or (None, None)
    return OutlierScan(
        column=name,
        unit=unit,
        missing=height - values.size,
        q1=found.q1,
        q3=found.q3,
        low=ends[0],
        high=ends[1],
        far_low=far[0],
        far_high=far[1],
        deviation=found.deviation,
        score_low=limits[0],
        score_high=limits[1],
        beyond=found.beyond,
        far_beyond=found.far_beyond,
        by_score=found.by_score,
        marked=found.places.size,
        marked_percent=100.0 * found.places.size / values.size,
        skewness=skewness(values),
        everything=_middle(values),
        without=_middle(kept) if found.places.size and kept.size else None,
        outliers=tuple(_outlier(values, found, rows, place) for place in listed),
        listed=len(listed),
    )


def _outlier(values: Floats, found: Outlying, rows: NDArray[np.int64], place: int) -> Outlier:
    value = float(values[place])
    fences, far = found.fences, found.far_fences
    beyond = fences is not None and not fences[0] <= value <= fences[1]
    very = far is not None and not far[0] <= value <= far[1]
    score = (value - found.median) * found.scale if found.scale else None
    return Outlier(int(rows[place]), value, "far beyond" if very else "beyond" if beyond else None, score)


def _middle(values: Floats) -> Middle:
    found = moments(values)
    sd = found.sd if found.n > 1 else None
    return Middle(found.n, found.mean, sd, float(np.median(values)))


def _some(values: Floats) -> Floats:
    """Give some of the values, evenly from the smallest to the largest, for a figure."""
    ordered = np.sort(values)
    return ordered[np.unique(np.linspace(0, ordered.size - 1, min(KEPT, ordered.size)).astype(np.intp))]
