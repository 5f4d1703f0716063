"""Which rows of a table an analysis is about: conditions on columns, all of which must hold.

Pure, on what is known of the columns; `jobs.analysis.sampling.frames.selected` applies them to a table.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from jobs.analysis.catalogue import require_columns
from jobs.analysis.results.condition import Asked, Comparison, Condition, Value
from jobs.analysis.tables.cells import TRUTH_WORDS
from jobs.analysis.tables.columns import Column
from jobs.errors import UnsuitableData

_MOST_LISTED = 10


def checked(given: Sequence[Asked], columns: Sequence[Column]) -> tuple[Condition, ...]:
    """Return the conditions with each value as its column has it.

    Parameters
    ----------
    given : sequence of (column, comparison, values)
        "is" and "is_not" take one or more values, the other comparisons one.

    Raises
    ------
    UnknownColumn
        There is no such column.
    UnsuitableData
        A value is none of its column's kind, or none of its values, or a comparison does not go with it.
    """
    by_name = {column.name: column for column in columns}
    require_columns([name for name, _, _ in given], by_name)
    return tuple(_checked(by_name[name], comparison, values) for name, comparison, values in given)


def narrowed(columns: Sequence[Column], conditions: Sequence[Condition]) -> tuple[Column, ...]:
    """Return the columns as they are in the selected rows, as far as conditions on a column itself say so."""
    return tuple(_narrowed(column, [c for c in conditions if c.column == column.name]) for column in columns)


def _narrowed(column: Column, conditions: Sequence[Condition]) -> Column:
    levels = column.levels
    for condition in conditions:
        named = {_text(value) for value in condition.values}
        if column.dtype == "boolean":  # its levels may be written otherwise
            named |= {value.lower() for value in named}
        if condition.comparison == "is":
            levels = tuple(level for level in levels if level in named)
        elif condition.comparison == "is_not":
            levels = tuple(level for level in levels if level not in named)
    if levels == column.levels:
        return column
    return replace(column, levels=levels, distinct=len(levels))


def _checked(column: Column, comparison: Comparison, values: Sequence[Value]) -> Condition:
    if not values:
        raise UnsuitableData(f"`where`: name a value that {column.name!r} is to be compared with.")
    if comparison in ("is", "is_not"):
        known = tuple(dict.fromkeys(_known(column, value) for value in values))
        return Condition(column.name, comparison, known)
    if len(values) > 1:
        raise UnsuitableData(f"`where`: {comparison!r} takes one value, not {len(values)}.")
    if column.dtype in ("text", "boolean"):
        raise UnsuitableData(
            f"`where`: column {column.name!r} holds {_kind(column)}, which has no order; say which values "
            "are meant by 'is' or 'is_not'."
        )
    return Condition(column.name, comparison, (_typed(column, values[0]),))


def _known(column: Column, value: Value) -> str | float:
    """Return a value as the column has it, in whatever case it was given."""
    typed = _typed(column, value)
    if not column.levels or _text(typed) in column.levels:
        return typed
    same = [level for level in column.levels if level.casefold() == _text(typed).casefold()]
    if isinstance(value, bool):
        same = same or [level for level in column.levels if TRUTH_WORDS.get(level.lower()) is value]
    if len(same) == 1:
        return same[0] if column.dtype == "text" else typed
    listed = ", ".join(column.levels[:_MOST_LISTED]) + (", ..." if len(column.levels) > _MOST_LISTED else "")
    raise UnsuitableData(f"`where`: {column.name!r} is never {_text(typed)!r}; its values are {listed}.")


def _typed(column: Column, value: Value) -> str | float:
    refused = UnsuitableData(
        f"`where`: column {column.name!r} holds {_kind(column)}, and {value!r} is none"
        + (" (write it as 2026-03-01)." if column.dtype in ("date", "datetime") else ".")
    )
    match column.dtype:
        case "integer" | "number":
            try:
                return float(value)
            except ValueError as error:
                raise refused from error
        case "boolean":
            if isinstance(value, str) and value.strip().lower() not in TRUTH_WORDS:
                raise refused
            return str(bool(TRUTH_WORDS[value.strip().lower()] if isinstance(value, str) else value))
        case "date" | "datetime":
            return _moment(value, refused)
    return value if isinstance(value, str) else _text(value)


def _moment(value: Value, refused: UnsuitableData) -> str:
    """Return a date or a time as it is kept: a year or a month alone means its first day."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        text = f"{text}-01" if "-" in text else f"{text}-01-01"
    try:
        if len(text) == len("2026-03-01"):
            return date.fromisoformat(text).isoformat()
        return datetime.fromisoformat(text).isoformat(" ", "seconds")
    except ValueError as error:
        raise refused from error


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float | int):
        return str(int(value)) if float(value).is_integer() else str(value)
    return value


def _kind(column: Column) -> str:
    kinds = {"integer": "numbers", "number": "numbers", "boolean": "yes and no", "text": "text"}
    return kinds.get(column.dtype, "dates")
