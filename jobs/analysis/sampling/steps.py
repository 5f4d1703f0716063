"""Words that are steps of a scale, as the numbers of the steps: what methods of ranks take."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl

from jobs.analysis.catalogue import STEP_ROLES
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import read_columns
from jobs.analysis.tables.columns import MOST_LEVELS
from jobs.analysis.tables.scales import has_direction, order_of


@contextmanager
def in_steps(plan: Plan, parquet: Path) -> Iterator[tuple[Plan, Path]]:
    """Give a plan of ranks a table in which ordered words are 1, 2, 3... from the lowest to the highest.

    The steps are those of the whole table, whichever rows are chosen. Other plans and their tables come back
    as they are. The file is there while the block runs.

    Raises
    ------
    UnknownColumn
        The table lacks a column.
    """
    steps = steps_of(plan, parquet)
    if not steps:
        yield plan, parquet
        return
    wanted = dict.fromkeys([*plan.columns.values(), *(one.column for one in plan.where)])
    table = read_columns(parquet, *wanted).with_columns(
        pl.col(name).replace_strict(numbers, default=None, return_dtype=pl.Int64)
        for name, numbers in steps.items()
    )
    with tempfile.TemporaryDirectory(prefix="longhaul-steps-") as folder:
        rows = Path(folder) / "steps.parquet"
        table.write_parquet(rows, compression="uncompressed")
        where = tuple(_numbered(one, steps.get(one.column, {})) for one in plan.where)
        yield replace(plan, where=where), rows


def steps_of(plan: Plan, parquet: Path) -> Mapping[str, Mapping[str, int]]:
    """Return the number of each step, from 1, of the ordered words that a plan of ranks takes as numbers."""
    names = [plan.columns[role] for role in STEP_ROLES.get(plan.method, ()) if role in plan.columns]
    types = pl.scan_parquet(parquet).collect_schema()
    found: dict[str, Mapping[str, int]] = {}
    for name in names:
        if types.get(name) != pl.String():
            continue
        levels = pl.scan_parquet(parquet).select(pl.col(name).drop_nulls().unique()).head(MOST_LEVELS + 1)
        values: Sequence[str] = levels.collect()[name].to_list()
        if has_direction(values):
            found[name] = {level: place for place, level in enumerate(order_of(values), 1)}
    return found


def _numbered(condition: Condition, steps: Mapping[str, int]) -> Condition:
    """Return a condition on a column of steps with their numbers."""
    if not steps:
        return condition
    return replace(condition, values=tuple(float(steps.get(str(one), 0)) for one in condition.values))
