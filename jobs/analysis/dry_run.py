"""What a dry run tells: the plan, the table as it was read, and how long the analysis would take.

It lies in Redis and travels with every poll, so it is kept small: of a wide table the columns that fit are
told, first those of the plan, and how many were left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

import orjson
from pydantic import Field

from jobs.analysis.catalogue import METHOD_TITLES
from jobs.analysis.listing import Listed, Takes, fits
from jobs.analysis.results.condition import in_words
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column

if TYPE_CHECKING:
    from jobs.analysis.outlook import Cell, Outlook

Value = bool | int | float | str | None  # a cell

LONGEST_TEXT = 40  # characters of a cell
# Bytes of JSON: together below the 16 KiB that a summary may have.
MOST_BYTES_OF_COLUMNS, MOST_BYTES_OF_ROWS, MOST_BYTES_OF_WARNINGS = 6_000, 2_500, 1_200
MOST_BYTES_OF_READINGS = 1_200

T = TypeVar("T")


class Seconds(Listed):
    """How long the analysis would run, waiting not counted. Four of five run between `low` and `high`."""

    low: float
    likely: float
    high: float
    basis: Literal["measured", "model"] = Field(
        description="`measured`: by analyses that have run here. `model`: by those of another machine, for "
        "none or too few have run here yet."
    )


class PlanAhead(Listed):
    """What would be computed."""

    intent: str
    method: str
    title: str
    columns: Mapping[str, str] = Field(description="Role to column, as `columns` of a job takes them.")
    params: Mapping[str, float | str]
    where: str | None = Field(description="Which rows, in words; null for all.")
    confidence: float = Field(description="Of the reading of the question, from 0 to 1.")
    because: str


class Understood(Listed):
    """How words of the question were understood."""

    words: str
    column: str
    how: str


class Choosable(Listed):
    """Another reading of the question: `method`, `columns` and `params` are ready to be sent."""

    reading: str
    method: str
    columns: Mapping[str, str]
    params: Mapping[str, float | str]
    confidence: float


class Obstacle(Listed):
    """What the analysis would fail with."""

    type: str
    title: str
    detail: str


class TableRead(Listed):
    """The table as it was read."""

    name: str
    sheet: str | None
    format: str
    encoding: str | None
    rows: int
    columns: int
    bytes: int
    read_before: bool = Field(description="An earlier job had read it, so that this one was quick.")


class ColumnRead(Listed):
    """A column as it was read."""

    name: str
    role: str
    type: str
    unit: str | None
    missing: int
    invalid: int = Field(description="Values that do not fit the type, and count as missing.")
    distinct: int
    examples: tuple[Value, ...]
    fits: tuple[Takes, ...] = Field(description="What roles may take of it: see the methods of the kind.")


class Preview(Listed):
    """The first rows; long texts are cut."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


class DryRun(Listed):
    """What an analysis would do, and has not done."""

    dry_run: Literal[True] = True
    plan: PlanAhead | None = Field(description="null where the choice fits no method: see `problem`.")
    read_as: tuple[Understood, ...]
    alternatives: tuple[Choosable, ...]
    notes: tuple[str, ...]
    needs_clarification: bool = Field(description="The analysis would ask back and describe the table.")
    problem: Obstacle | None = Field(
        description="Why the analysis would fail; null if nothing is in its way."
    )
    rows_used: int | None
    dropped: Mapping[str, int] = Field(description="Rows that would not be used, by reason.")
    expected_seconds: Seconds | None = Field(description="null where the analysis would fail.")
    table: TableRead
    columns: tuple[ColumnRead, ...]
    columns_left_out: int = Field(description="How many columns there was no room for.")
    preview: Preview
    warnings: tuple[str, ...]


def tell(outlook: "Outlook", expected: Seconds | None) -> DryRun:
    """Return what is told of an outlook."""
    table, plan = outlook.table, outlook.plan
    columns = _columns(outlook)
    dataset = table.dataset
    return DryRun(
        plan=_plan(plan) if plan is not None else None,
        read_as=_understood(plan) if plan is not None else (),
        alternatives=_alternatives(plan) if plan is not None else (),
        notes=plan.notes if plan is not None else (),
        needs_clarification=plan is not None and plan.needs_clarification,
        problem=_obstacle(outlook),
        rows_used=outlook.rows_used,
        dropped=outlook.dropped,
        expected_seconds=expected,
        table=TableRead(
            name=dataset.name,
            sheet=table.dialect.sheet,
            format=dataset.format,
            encoding=dataset.encoding,
            rows=dataset.rows,
            columns=dataset.columns,
            bytes=dataset.bytes,
            read_before=table.read_before,
        ),
        columns=columns,
        columns_left_out=dataset.columns - len(columns),
        preview=_preview(outlook, [column.name for column in columns]),
        warnings=tuple(_fitting(dataset.warnings, MOST_BYTES_OF_WARNINGS)),
    )


def _plan(plan: Plan) -> PlanAhead:
    return PlanAhead(
        intent=plan.intent,
        method=plan.method,
        title=METHOD_TITLES[plan.method],
        columns=plan.columns,
        params=plan.params,
        where=in_words(plan.where) or None,
        confidence=plan.confidence,
        because=plan.because,
    )


def _understood(plan: Plan) -> tuple[Understood, ...]:
    """Return how the question was read; what was given needs no reading."""
    read = (
        Understood(words=one.words, column=one.column, how=one.how)
        for one in plan.read_as
        if one.how != "given"
    )
    return tuple(_fitting(read, MOST_BYTES_OF_READINGS))


def _alternatives(plan: Plan) -> tuple[Choosable, ...]:
    others = (
        Choosable(
            reading=other.reading,
            method=other.method,
            columns=other.columns,
            params=other.params,
            confidence=other.confidence,
        )
        for other in plan.alternatives
    )
    return tuple(_fitting(others, MOST_BYTES_OF_READINGS))


def _obstacle(outlook: "Outlook") -> Obstacle | None:
    error = outlook.problem
    if error is None:
        return None
    return Obstacle(type=f"/problems/{error.slug}", title=error.title, detail=str(error))


def _columns(outlook: "Outlook") -> tuple[ColumnRead, ...]:
    """Return the columns that there is room for, in the table's order; those of the plan go first."""
    planned = set(outlook.plan.columns.values()) if outlook.plan is not None else set()
    ordered = sorted(outlook.table.columns, key=lambda column: column.name not in planned)
    told = (_column(column, outlook.examples[column.name]) for column in ordered)
    kept = {column.name: column for column in _fitting(told, MOST_BYTES_OF_COLUMNS)}
    return tuple(kept[column.name] for column in outlook.table.columns if column.name in kept)


def _column(column: Column, examples: Sequence["Cell"]) -> ColumnRead:
    return ColumnRead(
        name=column.name,
        role=column.role,
        type=column.dtype,
        unit=column.unit,
        missing=column.missing,
        invalid=column.invalid,
        distinct=column.distinct,
        examples=tuple(map(_cut, examples)),
        fits=fits(column),
    )


def _preview(outlook: "Outlook", names: Sequence[str]) -> Preview:
    cells = ((name, tuple(map(_cut, outlook.head[name]))) for name in names)
    kept = list(_fitting(cells, MOST_BYTES_OF_ROWS))
    rows = zip(*(values for _, values in kept), strict=True)
    return Preview(columns=tuple(name for name, _ in kept), rows=tuple(rows))


def _cut(cell: "Cell") -> "Cell":
    if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
        return f"{cell[: LONGEST_TEXT - 1]}…"
    return cell


def _fitting(items: Iterable[T], most_bytes: int) -> Iterable[T]:
    """Yield the first items, as many as have room in so many bytes of JSON."""
    for item in items:
        content = item.model_dump_json().encode() if isinstance(item, Listed) else orjson.dumps(item)
        most_bytes -= len(content) + 1
        if most_bytes < 0:
            return
        yield item
