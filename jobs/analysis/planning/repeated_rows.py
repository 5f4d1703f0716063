"""Find whose the rows are: columns of subjects that repeat, by their names and by how the rows lie.

A name is a hint alone. Forty values that have exactly one row at each of three visits are subjects, whatever
their column is called.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import polars as pl

from jobs.analysis.planning.repeated_readings import is_subject
from jobs.analysis.planning.saying import in_words
from jobs.analysis.planning.timely import is_time
from jobs.analysis.results.condition import Condition, Value
from jobs.analysis.results.condition import in_words as where_in_words
from jobs.analysis.results.result import Alternative, Plan
from jobs.analysis.sampling.crossing import crossing
from jobs.analysis.tables.columns import Column

LEAST_SUBJECTS = 8  # below, as many rows of each may be a design of few things
MOST_OCCASIONS = 60
MOST_LEVELS = 6  # values of each of two categories in whose combinations each subject was measured
MOST_OFFERED = 3


@dataclass(frozen=True)
class Subjects:
    """A column of subjects, and the column of what was done to each once, where there is one."""

    column: Column
    occasions: Column | None
    by_name: bool


def subjects_of(columns: Sequence[Column], parquet: Path, *, group: str | None = None) -> Iterator[Subjects]:
    """Yield the columns whose values are subjects with several rows.

    Parameters
    ----------
    group : str, optional
        A column that is compared. Dates too may pair its values: one row of each sensor an hour.
    """
    for column in columns:
        by_name = column.role != "ordinal" and is_subject(column)
        if not by_name and not _may_be_subject(column):
            continue
        once = occasions(column, columns, parquet)
        if is_time(column) and (once is None or once.name != group):
            continue
        if not by_name and once is None and _in_each_cell(column, columns, parquet):
            yield Subjects(column, None, by_name=False)
        if by_name or once is not None:
            yield Subjects(column, once, by_name)


def _may_be_subject(column: Column) -> bool:
    """Return whether values of a column repeat and may be subjects; not where they were measured."""
    repeats = LEAST_SUBJECTS <= column.distinct < column.rows and not column.missing
    return repeats and column.dtype in ("text", "integer", "date", "datetime")


def occasions(column: Column, columns: Sequence[Column], parquet: Path) -> Column | None:
    """Return the column at each of whose values each value of `column` has exactly one row."""
    for other in columns:
        fits = 2 <= other.distinct <= MOST_OCCASIONS and other.distinct * column.distinct == column.rows
        if other.name == column.name or not fits or other.distinct >= column.distinct:
            continue
        if other.dtype == "number" or other.missing:
            continue
        found = crossing(parquet, column.name, other.name)
        if found is not None and found.is_complete and found.in_all == found.subjects:
            return other
    return None


def _in_each_cell(column: Column, columns: Sequence[Column], parquet: Path) -> bool:
    """Return whether each value has exactly one row in each combination of two categories: hot and cold, "
    "old and new."""
    kinds = [
        one
        for one in columns
        if one.name != column.name
        and one.role in ("category", "boolean")
        and one.distinct <= MOST_LEVELS
        and not one.missing
    ]
    for first, second in combinations(kinds, 2):
        if first.distinct * second.distinct * column.distinct != column.rows:
            continue
        cells = pl.scan_parquet(parquet, glob=False).select(column.name, first.name, second.name)
        if cells.collect(engine="streaming").n_unique() == column.rows:
            return True
    return False


def of_one_occasion(plan: Plan, found: Subjects) -> tuple[Alternative, ...]:
    """Return the plan for the rows of one occasion alone, where each subject has one row: the last one "
    "first."""
    once = found.occasions
    if once is None or not once.levels or once.name in plan.columns.values():
        return ()
    if any(one.column == once.name for one in plan.where):
        return ()
    offered = []
    for place, level in enumerate(reversed(once.levels[-MOST_OFFERED:])):
        where = (*plan.where, Condition(once.name, "is", (_typed(once, level),)))
        reading = (
            f"{in_words(dict(plan.columns), dict(plan.params)).rstrip('?')}, where {where_in_words(where)}?"
        )
        offered.append(
            Alternative(plan.method, plan.columns, reading, round(0.5 / (place + 1), 2), plan.params, where)
        )
    return tuple(offered)


def _typed(column: Column, level: str) -> Value:
    if column.dtype in ("integer", "number"):
        return float(level)
    return str(level.lower() == "true") if column.dtype == "boolean" else level


def over_occasions(plan: Plan, found: Subjects) -> tuple[Alternative, ...]:
    """Return the comparison of occasions within the subjects, where the plan is about these two columns."""
    once = found.occasions
    names = list(plan.columns.values())
    outcome = plan.columns.get("outcome") or next((n for n in names if once is None or n != once.name), None)
    if once is None or once.name not in names or outcome is None or outcome == once.name or len(names) > 3:
        return ()
    method = "paired_t_test" if once.distinct == 2 else "repeated_measures_anova"
    given = {"outcome": outcome, "group": once.name, "subject": found.column.name}
    return (Alternative(method, given, in_words(given, {}), 0.5, {}, plan.where),)
