"""What an analysis would do: the table as it was read, the plan, and the rows that it would use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path

import polars as pl

from jobs.analysis import methods
from jobs.analysis.results.result import Plan
from jobs.analysis.run import Choice, read_plan
from jobs.analysis.sampling import samples
from jobs.analysis.sampling.samples import Sample
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.ingest import Table, ingest
from jobs.analysis.watched import moving
from jobs.errors import BadInput
from jobs.progress import Progress, Report, silent

PREVIEWED_ROWS = 5
ROWS_FOR_EXAMPLES = 200
OF_READING = 85.0 / 35.0  # reading is the larger part here, and ends at 35 percent of an analysis
EXAMPLES = 3

Cell = None | bool | int | float | str


@dataclass(frozen=True)
class Outlook:
    """What would be done; `plan` is None where the choice fits no method, `problem` why it would fail."""

    table: Table
    plan: Plan | None
    problem: BadInput | None
    rows_used: int | None  # None where it is not known, or the method takes no rows away
    dropped: Mapping[str, int] = field(default_factory=dict)
    head: Mapping[str, Sequence[Cell]] = field(default_factory=dict)  # the first rows, by column
    examples: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)


def look_ahead(
    source: Path,
    *,
    name: str,
    cache: Path,
    question: str | None,
    choice: Choice,
    sheet: str | None = None,
    report: Report = silent,
) -> Outlook:
    """Read the table, plan, and settle the method by the values, as `jobs.analysis.run.analyse` does.

    Nothing is computed. Parameters are those of `analyse`; the table is kept in `cache`, so that the analysis
    itself finds it read.

    Raises
    ------
    UnreadableTable
        The file is not a table. Whatever else would make the analysis fail is told in the outlook.
    """

    def reading(progress: Progress) -> None:
        report(replace(progress, percent=OF_READING * progress.percent))

    table = ingest(source, cache, name=name, sheet=sheet, report=reading)
    head, examples = _head(table)
    plan: Plan | None = None
    try:
        report(Progress("plan", 85.0, "Reading the question"))
        plan = read_plan(table, question, choice)
        if plan.needs_clarification:
            return Outlook(table, plan, None, None, head=head, examples=examples)
        plan, sample = _settled(plan, table, report)
    except BadInput as error:
        return Outlook(table, plan, error, None, head=head, examples=examples)
    if sample is None:
        used = None if plan.where else table.dataset.rows
        return Outlook(table, plan, None, used, head=head, examples=examples)
    used = sample.n_total - sum(sample.dropped.values())
    return Outlook(table, plan, None, used, dict(sample.dropped), head, examples)


def _settled(plan: Plan, table: Table, report: Report) -> tuple[Plan, Sample]:
    """Read the columns of the plan, and let their values choose the method."""
    units = {column.name: column.unit for column in table.columns}

    def work() -> tuple[Plan, Sample]:
        sample = samples.load(plan, table.path, units=units)
        return (plan if sample is None else methods.choose(plan, sample)), sample

    told = Progress("plan", 90.0, "Reading the columns of the question")
    return moving(work, report, told, until=99.0)


def _head(table: Table) -> tuple[dict[str, list[Cell]], dict[str, tuple[Cell, ...]]]:
    """Return the first rows, and some of the values that each column has."""
    first = pl.scan_parquet(table.path, glob=False).head(ROWS_FOR_EXAMPLES).collect()
    head = {column.name: _cells(first[column.name].head(PREVIEWED_ROWS)) for column in table.columns}
    return head, {column.name: _examples(column, first[column.name]) for column in table.columns}


def _examples(column: Column, values: pl.Series) -> tuple[Cell, ...]:
    if column.levels:
        return column.levels[:EXAMPLES]
    return tuple(_cells(values.drop_nulls().unique(maintain_order=True).head(EXAMPLES)))


def _cells(values: pl.Series) -> list[Cell]:
    """Return values as JSON has them, dates and times as ISO writes them."""
    return [value.isoformat() if isinstance(value, date | time) else value for value in values.to_list()]
