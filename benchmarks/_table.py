"""The table that reading is measured on: twenty mixed columns, the same at every run, 187 bytes a row."""

from pathlib import Path

import numpy as np
import polars as pl

ROWS_AT_ONCE = 250_000
SCHEMA = pl.Schema(
    {
        "id": pl.Int64(),
        **{f"amount_{number}": pl.Float64() for number in range(7)},
        **{f"count_{number}": pl.Int64() for number in range(4)},
        "day": pl.Date(),
        "region": pl.String(),
        "grade": pl.String(),
        "product": pl.String(),
        "yes": pl.Boolean(),
        "city": pl.String(),
        "note": pl.String(),
        "score": pl.Float64(),
    }
)


def write_table(path: Path, rows: int) -> None:
    """Write a CSV of `rows` rows with a header; one value in fifty of the amounts and regions is missing."""
    with path.open("wb") as file:
        for begin in range(0, rows, ROWS_AT_ONCE):
            frame = _part(begin, min(ROWS_AT_ONCE, rows - begin))
            frame.write_csv(file, include_header=begin == 0)


def _part(begin: int, rows: int) -> pl.DataFrame:
    source = np.random.default_rng([20, begin])
    levels = {
        "region": ["north", "south", "east", "west", "centre"],
        "grade": ["low", "medium", "high"],
        "product": [f"product {number:02}" for number in range(40)],
        "city": [f"city of number {number}" for number in range(3_000)],
    }
    columns: dict[str, pl.Series] = {"id": pl.Series(np.arange(begin, begin + rows))}
    for number in range(7):
        values = np.round(source.lognormal(6, 1, rows), 6)
        columns[f"amount_{number}"] = (
            _with_gaps(pl.Series(values), source) if number < 3 else pl.Series(values)
        )
    for number in range(4):
        columns[f"count_{number}"] = pl.Series(source.poisson(40 * (number + 1), rows))
    days = source.integers(16_000, 20_000, rows).astype(np.int32)
    columns["day"] = pl.Series(days).cast(pl.Date)
    for name, words in levels.items():
        columns[name] = pl.Series(words).gather(source.integers(0, len(words), rows))
    columns["region"] = _with_gaps(columns["region"], source)
    columns["yes"] = pl.Series(source.random(rows) < 0.3)
    numbers = pl.Series(source.integers(0, 200_000, rows)).cast(pl.String)
    columns["note"] = "a remark, number " + numbers
    columns["score"] = pl.Series(np.round(source.normal(0, 1, rows), 8))
    return pl.DataFrame({name: columns[name] for name in SCHEMA})


def _with_gaps(values: pl.Series, source: np.random.Generator) -> pl.Series:
    gaps = pl.Series(source.random(len(values)) < 0.02)
    return pl.select(pl.when(~gaps).then(values)).to_series()
