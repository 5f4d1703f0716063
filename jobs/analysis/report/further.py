"""Findings without a table of their own, shown member by member: nothing that was found is left out."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from jobs.analysis.report import cells
from jobs.analysis.report.cells import ABSENT
from jobs.analysis.report.view import Block, Cell, Head, Pairs, Table
from jobs.analysis.results.result import Findings, Interval
from jobs.analysis.words import numbers as n

# `sample` and `factors` are told where the rows and the groups are.
SHOWN_ELSEWHERE = frozenset(
    {
        "sample",
        "factors",
        "descriptives",
        "assumptions",
        "tests",
        "effect_sizes",
        "posthoc",
        "table",
        "line",
        "model",
        "matrix",
        "trend",
        "share",
        "strata",
        "adjusted",
        "outliers",
        "skipped",
        "shape",
        "gaps",
    }
)
MOST_ROWS = 100


def tables(findings: Findings) -> list[Block]:
    """Return the findings that no other table shows."""
    found: list[Block] = []
    for field in fields(findings):
        if field.name not in SHOWN_ELSEWHERE:
            found += _blocks(field.name, getattr(findings, field.name))
    return found


def _blocks(name: str, value: Any) -> list[Block]:
    """Return single values as pairs and each list of values as a table."""
    if isinstance(value, tuple):
        return [_table(name, value)] if value and is_dataclass(value[0]) else []
    if not is_dataclass(value):
        return []
    members = [(field.name, getattr(value, field.name)) for field in fields(value)]
    single = [(_words(key), _cell(member)) for key, member in members if not isinstance(member, tuple)]
    told = tuple((key, shown) for key, shown in single if shown != ABSENT)
    lists = [block for key, member in members for block in _blocks(key, member) if isinstance(member, tuple)]
    nested = [block for key, member in members for block in _blocks(key, member) if _nested(member)]
    return [*([Pairs(told)] if told else []), *nested, *lists]


def _nested(member: Any) -> bool:
    return is_dataclass(member) and not isinstance(member, Interval)


def _table(name: str, items: Iterable[Any]) -> Table:
    listed = list(items)
    keys = [field.name for field in fields(listed[0])]
    rows = [tuple(_cell(getattr(item, key)) for key in keys) for item in listed]
    shown, notes = cells.first(rows, MOST_ROWS, "results.json")
    numeric = [all(row[place].exact or row[place] == ABSENT for row in rows) for place in range(len(keys))]
    heads = tuple(Head(_words(key), kind) for key, kind in zip(keys, numeric, strict=True))
    return cells.filled(Table(_words(name), heads, tuple(shown), tuple(notes)))


def _cell(value: Any) -> Cell:
    if isinstance(value, Interval):
        return cells.interval(value)
    if isinstance(value, bool):
        return cells.text("yes" if value else "no")
    if isinstance(value, int):
        return cells.count(value)
    if isinstance(value, float):
        return cells.number(value, 0 if value.is_integer() else max(2, n.decimals_for(abs(value))))
    return cells.name(value) if isinstance(value, str) and value else ABSENT


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
