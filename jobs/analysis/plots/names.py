"""The names and values that a table brings into a figure, each made one short line, once for all of it."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from jobs.analysis.plots.glyphs import signed, signs
from jobs.analysis.plots.house import families
from jobs.analysis.plots.text import shortened
from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling.designs import Design
from jobs.analysis.sampling.matrices import MatrixSample
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, Sample, SingleSample
from jobs.analysis.sampling.times import TimeSample

LONGEST_NAME = 60  # characters: four lines of a narrow axis, less than a line of a title
LONGEST_UNIT = 16

Tree = TypeVar("Tree")


def readable(
    plan: Plan, sample: Sample, findings: Findings, profile: Sequence[ColumnProfile]
) -> tuple[Plan, Sample, Findings, tuple[ColumnProfile, ...]]:
    """Return the same with every column, level and value written as one line of at most 60 characters.

    Different names stay different, so that groups can still be told apart. Names that are short already,
    nearly all of them, stay as they are.
    """
    every = _every(plan, sample, findings, profile)
    stand_ins = lacking(plan, sample, findings, profile)
    units = {unit: shortened(signed(unit, stand_ins), LONGEST_UNIT) for unit in _units(sample, profile)}
    names = _short(every, stand_ins)
    changed = {old: new for old, new in {**units, **names}.items() if old != new}
    if not changed:
        return plan, sample, findings, tuple(profile)
    longest = sorted((old for old in changed if len(old) > LONGEST_NAME), key=len, reverse=True)

    def change(text: str) -> str:
        if (found := changed.get(text)) is not None:
            return found
        for long in longest:  # titles of tests and effects hold names among other words
            text = text.replace(long, changed[long])
        return signed(text, stand_ins)

    return (
        _renamed(plan, change),
        _renamed(sample, change),
        _renamed(findings, change),
        _renamed(tuple(profile), change),
    )


def lacking(
    plan: Plan, sample: Sample, findings: Findings, profile: Sequence[ColumnProfile]
) -> Mapping[str, str]:
    """Return the signs that stand for characters of names and units that no font here can draw."""
    return signs([*_every(plan, sample, findings, profile), *_units(sample, profile)], families())


def _every(plan: Plan, sample: Sample, findings: Findings, profile: Sequence[ColumnProfile]) -> list[str]:
    return [*plan.columns.values(), *_of_sample(sample), *_of_findings(findings), *_of(profile)]


def _of_sample(sample: Sample) -> Iterator[str]:
    if isinstance(sample, GroupedSample):
        yield from (sample.outcome, sample.group, *sample.levels)
    elif isinstance(sample, PairedSample):
        yield from (sample.x, sample.y)
    elif isinstance(sample, CrossSample):
        yield from (sample.row, sample.column, *sample.row_levels, *sample.column_levels)
    elif isinstance(sample, SingleSample):
        yield sample.outcome
    elif isinstance(sample, Design | MatrixSample | ModelSample | TimeSample):
        yield from sample.names


def _of_findings(findings: Findings) -> Iterator[str]:
    for found in findings.descriptives:
        yield from (found.column, found.group or "")
    if findings.share is not None:
        yield from (findings.share.column, findings.share.level)
    if findings.table is not None:
        table = findings.table
        yield from (table.row, table.column, *table.row_levels, *table.column_levels)


def _of(profile: Sequence[ColumnProfile]) -> Iterator[str]:
    for column in profile:
        yield column.name
        yield from (found.value for found in column.top)


def _units(sample: Sample, profile: Sequence[ColumnProfile]) -> Iterator[str]:
    found = [getattr(sample, name, None) for name in ("unit", "x_unit", "y_unit")]
    yield from (unit for unit in (*found, *(column.unit for column in profile)) if unit)


def _short(names: Iterable[str], stand_ins: Mapping[str, str]) -> Mapping[str, str]:
    """Give each name its short form; those that need none come first and keep theirs."""
    forms = {name: shortened(signed(name, stand_ins), LONGEST_NAME) for name in names}
    taken = {name for name, form in forms.items() if name == form}
    for name, form in forms.items():
        if name == form:
            continue
        free, number = form, 2
        while free in taken:
            free, number = f"{form} ({number})", number + 1
        forms[name] = free
        taken.add(free)
    return forms


def _renamed(tree: Tree, change: Callable[[str], str]) -> Tree:
    """Return frozen dataclasses, tuples and mappings with each text in them changed."""
    found: Any = tree
    if isinstance(found, str):
        found = change(found)
    elif isinstance(found, tuple):
        found = tuple(_renamed(item, change) for item in found)
    elif isinstance(found, Mapping):
        found = {key: _renamed(value, change) for key, value in found.items()}
    elif dataclasses.is_dataclass(found) and not isinstance(found, type):
        parts = {
            field.name: _renamed(getattr(found, field.name), change) for field in dataclasses.fields(found)
        }
        found = type(found)(**parts)
    result: Tree = found
    return result
