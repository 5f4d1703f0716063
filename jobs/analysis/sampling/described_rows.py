"""The description of a table, or of a column that is no number, in some of its rows."""

from dataclasses import replace

from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.frames import selected
from jobs.analysis.tables.facts import describe_columns
from jobs.analysis.tables.inference import Decision
from jobs.analysis.tables.ingest import Table
from jobs.analysis.tables.whole import describe_whole
from jobs.progress import Progress, Report

DESCRIBING = 60.0  # percent of the whole analysis


def _asks(plan: Plan, table: Table) -> bool:
    """Return whether a plan asks what some rows are like, and not for the values of one number."""
    if plan.method != "profile" or not plan.where or plan.needs_clarification:
        return False
    numbers = {column.name for column in table.columns if column.dtype in ("integer", "number")}
    return numbers.isdisjoint(plan.columns.values())


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

    with selected(table.path, (), plan.where) as (rows, _):
        profile = tuple(one.profile for one in describe_columns(rows, decisions, report=told))
        return replace(table, profile=profile, whole=describe_whole(rows, profile))
