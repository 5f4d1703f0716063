"""Describe every column of a table, one column in memory at a time."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from jobs.analysis.columns import Column
from jobs.analysis.described import Bin, ColumnProfile, TopValue
from jobs.analysis.ingest import Table
from jobs.analysis.watched import moving
from jobs.progress import Progress, Report, silent

MOST_BINS = 60
TOP_VALUES = 10
MEASURED = ("number", "ordinal")
STRONG_SKEW = 1.0  # |G1| above which a mean says little about the typical value
HEAVY_TAILS = 7.0  # excess kurtosis; West, Finch & Curran (1995)
MANY_MISSING = 0.2
TALLIED_ROWS = 2_000_000  # above, text with mostly different values is not counted: all would be in memory

Floats = npt.NDArray[np.float64]


def profile(table: Table, *, report: Report = silent) -> tuple[ColumnProfile, ...]:
    """Return one profile a column, in the table's order.

    Quartiles are R's type 7, the standard deviation divides by n - 1, skewness and excess kurtosis are the
    bias-corrected G1 and G2 (R: `e1071::skewness(x, type = 2)`; they need 3 and 4 values that differ), the
    histogram follows Freedman and Diaconis (1981) with at most 60 bins. Missing values take no part.
    """
    scan = pl.scan_parquet(table.path, glob=False)
    profiles = []
    for done, column in enumerate(table.columns):
        share = 35 + 20 * done / len(table.columns)
        told = Progress("profile", share, "Describing the columns", None, done, len(table.columns))
        until = share + 20 / len(table.columns)
        found = moving(partial(_profile, scan, column), report, told, until=until)
        profiles.append(replace(found, notes=_notes(found)))
    report(Progress("profile", 55.0, "The columns are described", None, len(profiles), len(profiles)))
    return tuple(profiles)


def freedman_diaconis(ordered: Floats) -> tuple[Bin, ...]:
    """Return the histogram of sorted finite values: bins 2 IQR n^(-1/3) wide, at most 60.

    Where the quartiles coincide the width is Sturges' instead; whole numbers get bins of whole width, each
    around its numbers. Without values there are no bins; equal values give one.
    """
    if ordered.size == 0:
        return ()
    low, high = float(ordered[0]), float(ordered[-1])
    if low == high or not math.isfinite(high - low):
        return (Bin(low, high, int(ordered.size)),)
    quartiles = np.quantile(ordered, (0.25, 0.75))
    width = 2 * float(quartiles[1] - quartiles[0]) / ordered.size ** (1 / 3)
    sturges = (high - low) / (math.log2(ordered.size) + 1)
    width = max(width or sturges, (high - low) / MOST_BINS)
    if low.is_integer() and high - low < 2**52 and bool(np.all(ordered == np.rint(ordered))):
        width = float(math.ceil(width))
        bins = math.floor((high - low) / width) + 1
        edges = low - 0.5 + width * np.arange(bins + 1)
    else:
        edges = np.linspace(low, high, min(MOST_BINS, math.ceil((high - low) / width)) + 1)
    below = np.searchsorted(ordered, edges[:-1], side="left")
    counts = np.diff(np.append(below, ordered.size))
    return tuple(
        Bin(float(start), float(end), int(count))
        for start, end, count in zip(edges[:-1], edges[1:], counts, strict=True)
    )


def _profile(scan: pl.LazyFrame, column: Column) -> ColumnProfile:
    if column.dtype in ("integer", "number"):
        values = scan.select(pl.col(column.name)).collect(engine="streaming").to_series()
        return _numbers(column, np.sort(values.drop_nulls().cast(pl.Float64).to_numpy()))
    value = scan.select(pl.col(column.name).alias("value")).drop_nulls()
    if column.dtype in ("date", "datetime"):
        return _dates(column, value)
    top: tuple[TopValue, ...] = ()
    if column.rows <= TALLIED_ROWS or column.role not in ("id", "text"):
        top = _top(value.select(pl.col("value").cast(pl.String)))
    return replace(_bare(column), top=top)


def _numbers(column: Column, ordered: Floats) -> ColumnProfile:
    top = _top_numbers(ordered, whole=column.dtype == "integer")
    if column.role not in MEASURED or ordered.size == 0:
        return replace(_bare(column), top=top)
    mean, sd, skewness, kurtosis = moments(ordered)
    q1, median, q3 = (float(value) for value in np.quantile(ordered, (0.25, 0.5, 0.75)))
    return replace(
        _bare(column),
        mean=mean,
        sd=sd,
        minimum=float(ordered[0]),
        q1=q1,
        median=median,
        q3=q3,
        maximum=float(ordered[-1]),
        skewness=skewness,
        kurtosis=kurtosis,
        zeros=int(np.count_nonzero(ordered == 0)),
        histogram=freedman_diaconis(ordered),
        top=top,
    )


def moments(values: Floats) -> tuple[float, float | None, float | None, float | None]:
    """Return mean, standard deviation (n - 1), skewness G1 and excess kurtosis G2; None where undefined.

    Joanes & Gill (1998), The Statistician 47, 183-189; equal to `scipy.stats.skew(x, bias=False)`.
    """
    n = values.size
    mean = float(np.mean(values))
    if n < 2:
        return mean, None, None, None
    scale = float(np.max(np.abs(values - mean)))
    if scale <= 1e-13 * abs(mean):
        return mean, 0.0, None, None
    deviations = (values - mean) / scale  # within [-1, 1]: fourth powers neither overflow nor vanish
    mean += scale * float(np.mean(deviations))
    deviations -= np.mean(deviations)
    squares = deviations * deviations
    m2 = float(np.mean(squares))
    m3 = float(np.mean(squares * deviations))
    m4 = float(np.mean(squares * squares))
    sd = scale * math.sqrt(m2 * n / (n - 1))
    skewness = m3 / m2**1.5 * math.sqrt(n * (n - 1)) / (n - 2) if n > 2 else None
    if n < 4:
        return mean, sd, skewness, None
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return mean, sd, skewness, kurtosis


def _dates(column: Column, value: pl.LazyFrame) -> ColumnProfile:
    moment = pl.col("value")
    low, high = value.select(low=moment.min(), high=moment.max()).collect(engine="streaming").row(0)
    top = _top(value.select(moment.dt.to_string("iso").alias("value")))
    return replace(
        _bare(column),
        minimum=low.isoformat() if low is not None else None,
        maximum=high.isoformat() if high is not None else None,
        top=top,
    )


def _top(value: pl.LazyFrame) -> tuple[TopValue, ...]:
    """Return the most frequent texts, equal counts by the alphabet."""
    counted = value.group_by("value").len("count")
    first = counted.sort(["count", "value"], descending=[True, False]).head(TOP_VALUES)
    top = tuple(TopValue(text, count) for text, count in first.collect(engine="streaming").iter_rows())
    return top if top and top[0].count > 1 else ()  # when every value stands once, none is frequent


def _top_numbers(ordered: Floats, *, whole: bool) -> tuple[TopValue, ...]:
    """Return the most frequent of sorted numbers, equal counts by size."""
    if ordered.size == 0:
        return ()
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.append(starts, ordered.size))
    if counts.max() == 1:
        return ()
    first = np.argsort(-counts, kind="stable")[:TOP_VALUES]
    values = (float(ordered[starts[place]]) for place in first)
    texts = [str(int(value)) if whole else repr(value).removesuffix(".0") for value in values]
    return tuple(TopValue(text, int(counts[place])) for text, place in zip(texts, first, strict=True))


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


def _notes(found: ColumnProfile) -> tuple[str, ...]:
    """Say what a reader should know before using the column."""
    notes = {
        "no values": found.role == "empty",
        "constant": found.role == "constant",
        "one value a row (an identifier?)": found.role == "id"
        and found.distinct == found.rows - found.missing,
        "strongly skewed": found.skewness is not None and abs(found.skewness) > STRONG_SKEW,
        "heavy tails": found.kurtosis is not None and found.kurtosis > HEAVY_TAILS,
        "many zeros": found.zeros is not None and found.zeros > (found.rows - found.missing) / 2,
        "many missing values": found.role != "empty" and found.missing > MANY_MISSING * found.rows,
        "some values did not fit the type": found.invalid > 0,
    }
    return tuple(note for note, applies in notes.items() if applies)
