"""What a table is like as a whole: rows that stand there twice, and numbers that go together."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.numerics.blocks import checkpoint
from jobs.analysis.results.described import ColumnProfile, Correlations, TableProfile
from jobs.analysis.tables.pieces import MOST_ROWS_IN_ORDER, Values

MOST_COLUMNS = 50
CELLS = 500_000  # of columns of numbers, that correlations are computed from: 10,000 rows of 50 columns
LEAST_ROWS = 1_000
MOST_RANKED = 1_500_000  # where values are missing each pair of columns has ranks of its own
LEAST_PAIRS = 3  # with two, every correlation is 1 or -1
ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 by the golden ratio: a product with it mixes the bits
LOOKS = 4  # after each of the first columns, whether they tell all rows apart

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
Integers = NDArray[np.int64]


def describe_whole(path: Path, profile: Sequence[ColumnProfile]) -> TableProfile:
    """Return what the typed table in `path` is like; it ends at a checkpoint when it is no longer wanted."""
    return TableProfile(duplicate_rows(path, profile), correlations(path, profile))


def duplicate_rows(path: Path, profile: Sequence[ColumnProfile]) -> int | None:
    """Count rows that equal an earlier one in every column; None in tables of more than twelve million rows.

    Rows are compared by 64 bits each: of ten million different rows two are taken for equal with a
    probability of 3 in a million. Columns with many different values come first, since few of them tell most
    rows apart.
    """
    rows = profile[0].rows
    if rows > MOST_ROWS_IN_ORDER:
        return None
    ordered = sorted(profile, key=lambda column: -column.distinct)
    if ordered[0].distinct == rows:
        return 0
    keys: Keys = np.zeros(rows, dtype=np.uint64)
    for done, column in enumerate(ordered):
        begin = 0
        for piece in Values(column.name, rows, path):
            checkpoint()
            part = keys[begin : begin + len(piece)]
            part *= ODD
            part += piece.hash().to_numpy()
            begin += len(piece)
        if done < LOOKS and _different(keys) == rows:
            return 0
    return rows - _different(keys)


def _different(keys: Keys) -> int:
    ordered = pl.Series(keys).sort(multithreaded=False).to_numpy()
    return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def correlations(path: Path, profile: Sequence[ColumnProfile]) -> Correlations | None:
    """Correlate the columns of numbers with each other, each pair over the rows in which both have a value.

    Of a long table evenly spread rows are looked at, half a million values or so; `rows` tells how many.
    None when fewer than two columns hold numbers that differ.
    """
    names = [one.name for one in profile if one.mean is not None and one.distinct > 1]
    if len(names) < 2:
        return None
    names, left_out = names[:MOST_COLUMNS], max(0, len(names) - MOST_COLUMNS)
    rows = profile[0].rows
    step = max(1, rows // max(LEAST_ROWS, CELLS // len(names)))
    table = pl.scan_parquet(path, glob=False).select(names).gather_every(step).collect(engine="streaming")
    numbers: Floats = table.select(pl.all().cast(pl.Float64).fill_null(float("nan"))).to_numpy()
    there = ~np.isnan(numbers)
    patterns = _patterns(there)
    ranked = numbers.shape[0] * len(names) * len(patterns)
    if ranked > MOST_RANKED:
        thin = max(1, min(-(-ranked // MOST_RANKED), numbers.shape[0] // LEAST_ROWS))
        numbers, there = numbers[::thin], there[::thin]
        patterns = _patterns(there)
    n, pearson = pearson_of(numbers, there)
    spearman = spearman_of(numbers, there, patterns)
    return Correlations(
        columns=tuple(names),
        rows=numbers.shape[0],
        n=tuple(tuple(int(count) for count in row) for row in n),
        pearson=_as_rows(pearson),
        spearman=_as_rows(spearman),
        left_out=left_out,
    )


def pearson_of(numbers: Floats, there: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return for each pair of columns the rows in which both have a value, and their correlation, else NaN.

    Parameters
    ----------
    numbers : (n, k) float array
    there : (n, k) boolean array
        Where it is false the number does not count.
    """
    mask = there.astype(np.float64)
    count = np.maximum(mask.sum(axis=0), 1)
    filled = np.where(there, numbers, 0.0)
    scale = np.maximum(np.abs(filled).max(axis=0, initial=0.0), np.finfo(float).tiny)
    centred = np.where(there, filled / scale - (filled / scale).sum(axis=0) / count, 0.0)
    n, sums, squares = mask.T @ mask, centred.T @ mask, (centred * centred).T @ mask
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = squares - sums * sums / n
        spread[spread <= 1e-13 * squares] = np.nan  # constant in the rows that the pair has
        found = (centred.T @ centred - sums * sums.T / n) / np.sqrt(spread * spread.T)
    found[n < LEAST_PAIRS] = np.nan
    found = np.clip(found, -1.0, 1.0)
    np.fill_diagonal(found, np.where(np.isnan(np.diag(found)), np.nan, 1.0))
    return n, found


def spearman_of(
    numbers: Floats, there: NDArray[np.bool_], patterns: Sequence[Sequence[int]] | None = None
) -> Floats:
    """Return rank correlations, each pair ranked anew over the rows in which both columns have a value.

    `patterns` are the columns in groups that lack the same rows: they are ranked together.
    """
    groups = _patterns(there) if patterns is None else patterns
    places = _places(numbers)
    found = np.full((numbers.shape[1],) * 2, np.nan)
    for place, one in enumerate(groups):
        for other in groups[place:]:
            columns = list(one) if one is other else [*one, *other]
            rows = np.flatnonzero(there[:, one[0]] & there[:, other[0]])
            ranks = np.column_stack([_ranks(places[column][rows]) for column in columns])
            part = _of_ranks(ranks)
            width = len(one)
            if one is other:
                found[np.ix_(np.array(one), np.array(one))] = part
            else:
                found[np.ix_(np.array(one), np.array(other))] = part[:width, width:]
                found[np.ix_(np.array(other), np.array(one))] = part[width:, :width]
    return found


def _places(numbers: Floats) -> list[Integers]:
    """Return for each column the place of every value among the different ones in order of size."""
    frame = pl.DataFrame(numbers, schema=[str(place) for place in range(numbers.shape[1])])
    dense = frame.select(pl.all().rank("dense").cast(pl.Int64) - 1)
    return [column.to_numpy() for column in dense.get_columns()]


def _ranks(places: Integers) -> Floats:
    """Return average ranks of the values at some places; sorting them anew would take many times as long."""
    counts = np.bincount(places)
    average: Floats = np.cumsum(counts) - (counts - 1) / 2
    return average[places]


def _of_ranks(ranks: Floats) -> Floats:
    """Correlate columns of average ranks, whose mean is known and whose deviations are exact."""
    if len(ranks) < LEAST_PAIRS:
        return np.full((ranks.shape[1],) * 2, np.nan)
    ranks -= (len(ranks) + 1) / 2
    products = ranks.T @ ranks
    spread = np.sqrt(np.diag(products))
    spread[spread == 0] = np.nan  # constant in the rows that the pair has
    found: Floats = np.clip(products / np.outer(spread, spread), -1.0, 1.0)
    np.fill_diagonal(found, np.where(np.isnan(spread), np.nan, 1.0))
    return found


def _patterns(there: NDArray[np.bool_]) -> list[list[int]]:
    """Group columns that have values in the same rows."""
    groups: dict[bytes, list[int]] = {}
    for column in range(there.shape[1]):
        groups.setdefault(np.packbits(there[:, column]).tobytes(), []).append(column)
    return list(groups.values())


def _as_rows(matrix: Floats) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(None if np.isnan(cell) else float(cell) for cell in row) for row in matrix)
