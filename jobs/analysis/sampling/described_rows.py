"""The description of a table, or of a column that is no number, in some of its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from jobs.analysis.design_catalogue import CASES
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.cases import written_out
from jobs.analysis.sampling.frames import selected
from jobs.analysis.tables.facts import describe_columns
from jobs.analysis.tables.inference import Decision
from jobs.analysis.tables.ingest import Table
from jobs.analysis.tables.whole import describe_whole
from jobs.progress import Progress, Report

DESCRIBING = 60.0  # percent of the whole analysis


def _asks(plan: Plan, table: Table) -> bool:
    """Return whether a plan asks what some rows are like, and not for the values of one number."""
    if plan.method != "profile" or plan.needs_clarification or not (plan.where or CASES in plan.columns):
        return False
    numbers = {column.name for column in table.columns if column.dtype in ("integer", "number")}
    return numbers.isdisjoint(name for role, name in plan.columns.items() if role != CASES)


def of_plan(table: Table, plan: Plan, *, report: Report) -> Table:
    """Return the table with its columns described in the rows that a plan asks about; as it is for others.

    `dataset` and `columns` stay those of the whole table, and so does how many values did not fit their type.

    Raises
    ------
    TooFewValues
        There are no such rows.
    """
    if not _asks(plan, table):
        return table
    decisions = {one.name: Decision(one.dtype, invalid=one.invalid, unit=one.unit) for one in table.columns}

    def told(progress: Progress) -> None:
        report(replace(progress, stage="test", percent=DESCRIBING, message="Describing the rows"))

    with written_out(plan, table.path) as (asked, cases), _chosen(asked, cases) as rows:
        own = {name: decision for name, decision in decisions.items() if _is_kept(name, plan)}
        profile = tuple(one.profile for one in describe_columns(rows, own, report=told))
        return replace(table, profile=profile, whole=describe_whole(rows, profile))


@contextmanager
def _chosen(plan: Plan, parquet: Path) -> Iterator[Path]:
    """Give the rows that a plan is about, which may be all."""
    if not plan.where:
        yield parquet
        return
    with selected(parquet, (), plan.where) as (rows, _):
        yield rows


def _is_kept(name: str, plan: Plan) -> bool:
    """Return whether a column is there once the cases of a table of counts are written out."""
    asked = [column for role, column in plan.columns.items() if role != CASES]
    return CASES not in plan.columns or name in asked
