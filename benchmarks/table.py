"""What reading and describing a table costs, beside polars' own typed scan of the same file.

Makes a CSV of a million rows and twenty mixed columns. The scan knows the type of every column beforehand
and describes nothing; Longhaul finds the types out over all values, counts what does not fit, stores typed
Parquet and describes every column.
"""

import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from jobs.analysis.ingest import ingest
from jobs.analysis.profile import profile

ROWS = 1_000_000
MEBIBYTE = 1 << 20


def make_table(path: Path) -> pl.Schema:
    """Write the table, the same at every run; return the types of its columns."""
    source = np.random.default_rng(20)
    levels = np.array(["north", "south", "east", "west", "centre"])
    columns: dict[str, pl.Series] = {"id": pl.Series(np.arange(ROWS))}
    for number in range(8):
        columns[f"number_{number}"] = pl.Series(np.round(source.lognormal(3, 1, ROWS), 4))
    for number in range(5):
        columns[f"count_{number}"] = pl.Series(source.poisson(40 + number, ROWS))
    for number in range(4):
        columns[f"level_{number}"] = pl.Series(levels[source.integers(0, len(levels), ROWS)])
    columns["yes"] = pl.Series(source.random(ROWS) < 0.3)
    columns["text"] = pl.Series([f"note {value}" for value in source.integers(0, 200_000, ROWS)])
    frame = pl.DataFrame(columns)
    frame.write_csv(path)
    return frame.schema


def seconds_of_scan(path: Path, schema: pl.Schema, target: Path) -> float:
    """Return how long polars takes to turn the CSV into Parquet when it is told every type."""
    begun = time.perf_counter()
    pl.scan_csv(path, schema=schema).sink_parquet(target)
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        schema = make_table(folder / "table.csv")
        scan = min(seconds_of_scan(folder / "table.csv", schema, folder / "scan.parquet") for _ in range(2))
        begun = time.perf_counter()
        table = ingest(folder / "table.csv", folder / "cache", name="table.csv")
        read = time.perf_counter() - begun
        begun = time.perf_counter()
        described = profile(table)
        describe = time.perf_counter() - begun
        size = (folder / "table.csv").stat().st_size / MEBIBYTE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{ROWS:,} rows, {len(described)} columns, {size:.0f} MiB of CSV; peak memory {peak:.0f} MiB")
    print(f"  polars' typed scan to Parquet   {scan:6.2f} s")
    print(f"  reading with types found        {read:6.2f} s   {read / scan:5.2f} times the scan")
    print(f"  describing every column         {describe:6.2f} s   {describe / scan:5.2f} times the scan")


if __name__ == "__main__":
    main()
