"""Samples of many numbers a row, missing values kept: each pair of columns uses the rows that have both."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.catalogue import MATRIX_COLUMNS
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import read_columns, require_number
from jobs.errors import TooFewValues

MIN_PAIRS = 4  # with three the interval of a correlation is everything


@dataclass(frozen=True)
class MatrixSample:
    """Columns side by side: `values[i, j]` is column j of row i, NaN where it is missing."""

    columns: tuple[str, ...]
    values: NDArray[np.float64]
    n_total: int
    dropped: Mapping[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        return self.columns


def load(plan: Plan, parquet: Path) -> MatrixSample:
    """Read the columns of `plan`.

    Rows with fewer than two values are left out and counted, since they stand in no pair.

    Raises
    ------
    UnknownColumn
        The table lacks a column.
    UnsuitableData, TooFewValues
        A column holds no numbers, or two columns have hardly a row in common.
    """
    names = tuple(plan.columns[role] for role in MATRIX_COLUMNS if role in plan.columns)
    table = read_columns(parquet, *names)
    for name in names:
        require_number(table, name)
    values = table.select(pl.all().cast(pl.Float64)).fill_null(float("nan")).to_numpy()
    values = np.where(np.isfinite(values), values, np.nan)
    kept = np.sum(~np.isnan(values), axis=1) >= 2
    alone = int(values.shape[0] - kept.sum())
    sample = MatrixSample(
        names, values[kept], table.height, {"fewer than two of the columns": alone} if alone else {}
    )
    _require_pairs(sample)
    return sample


def _require_pairs(sample: MatrixSample) -> None:
    present = (~np.isnan(sample.values)).astype(np.float64)
    together = present.T @ present
    np.fill_diagonal(together, np.inf)
    i, j = np.unravel_index(int(np.argmin(together)), together.shape)
    if together[i, j] < MIN_PAIRS:
        raise TooFewValues(
            f"{int(together[i, j]):,} of {sample.n_total:,} rows have both {sample.columns[i]!r} and "
            f"{sample.columns[j]!r}; a correlation needs at least {MIN_PAIRS}. Leave one of them out."
        )
