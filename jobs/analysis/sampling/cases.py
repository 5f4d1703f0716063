"""Tables of counts written out: each row as often as the cases that it stands for."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl

from jobs.analysis.design_catalogue import CASES
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import read_columns
from jobs.errors import TooFewValues, UnsuitableData

MOST_CASES = 5_000_000  # a few columns of them take some hundred megabytes, here and in the script


@contextmanager
def written_out(plan: Plan, parquet: Path) -> Iterator[tuple[Plan, Path]]:
    """Give a plan that counts cases as one that counts rows, and a table that has a row for each case.

    A plan without a column of counts, and its table, come back as they are. The file is there while the block
    runs; its rows are in the order of the table.

    Raises
    ------
    UnknownColumn, UnsuitableData, TooFewValues
        A column is lacking; the counts are no whole numbers from 0, or add up to nothing or to too much.
    """
    name = plan.columns.get(CASES)
    if name is None:
        yield plan, parquet
        return
    others = {role: column for role, column in plan.columns.items() if role != CASES}
    wanted = dict.fromkeys([*others.values(), *(one.column for one in plan.where), name])
    table = read_columns(parquet, *wanted)
    times = _times(table[name], list(wanted))
    with tempfile.TemporaryDirectory(prefix="longhaul-cases-") as folder:
        rows = Path(folder) / "cases.parquet"
        places = pl.int_range(table.height, eager=True).repeat_by(times).explode(empty_as_null=False)
        table[places].write_parquet(rows, compression="uncompressed")
        yield replace(plan, columns=others), rows


def _times(counts: pl.Series, named: Sequence[str]) -> pl.Series:
    """Return how often each row is written, as whole numbers."""
    if not counts.dtype.is_integer() or counts.null_count() or bool((counts < 0).any()):
        raise UnsuitableData(
            f"Column {counts.name!r} cannot say how many cases a row stands for: that takes whole numbers "
            "from 0 in every row."
        )
    cases = int(counts.cast(pl.Int64).sum())
    if cases > MOST_CASES:
        raise UnsuitableData(
            f"Column {counts.name!r} adds up to {cases:,} cases; at most {MOST_CASES:,} can be counted."
        )
    if not cases:
        raise TooFewValues(f"Column {counts.name!r} adds up to no case at all in {', '.join(named)}.")
    return counts.cast(pl.Int64)
