"""script.py: a program of plain pandas and scipy that computes the numbers again and compares them.

It holds none of our code and needs nothing of Longhaul: it reads the original file, and says by its exit
status whether the stored numbers agree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from jobs.analysis.catalogue import STEP_ROLES
from jobs.analysis.design_catalogue import CASES
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Dataset, Findings, Plan
from jobs.analysis.scripts import NAME, designs, effects, matrices, models, reading, scans, strata, trends
from jobs.analysis.scripts.running import Running, started, verify
from jobs.analysis.scripts.stored import scale, stored
from jobs.analysis.tables.columns import Column, is_ordered_text
from jobs.analysis.tables.sniff import Dialect

__all__ = ["NAME", "Recipe", "Running", "started", "verify", "write"]

ALL_GROUPS, POOLED_GROUPS = ", group[complete]", ", pooled(group[complete])"
TWO_GROUPS = ("welch_t_test", "student_t_test", "mann_whitney_u")  # the others take any number of groups
READ_ROWS = "read(path)"
SHARED = (  # parts, and the calls that ask for them
    ("levels", "as_text("),
    ("holm", "holm("),
    ("noncentral", "_limits("),
    ("shapiro", "shapiro_wilk("),
)
TOLERANCE = 1e-6
MOST_COLUMNS = 12  # of a profile: those of its figure
MOST_CELLS = 3_000_000  # that the program reads as text at once: about 300 MB


@dataclass(frozen=True)
class Recipe:
    """What a program is written from."""

    dataset: Dataset
    dialect: Dialect
    columns: tuple[Column, ...]
    plan: Plan
    findings: Findings
    profile: tuple[ColumnProfile, ...]


def write(recipe: Recipe, path: Path) -> None:
    """Write the program for `recipe` to `path`.

    It looks for the data at `../files/<name>` beside its own folder; its first argument is another place.
    """
    parts = _parts(recipe)
    text = "\n\n\n".join([_head(recipe, parts), *(_part(name) for name in parts)])
    text = text.replace(f"compute({READ_ROWS})", f"compute({_rows(recipe)})")
    if "pooling" in parts:
        text = text.replace(ALL_GROUPS, POOLED_GROUPS)
    path.write_text(text + "\n", encoding="utf-8")


def _rows(recipe: Recipe) -> str:
    """Write what gives the rows that are computed with: read, without codes, written out, selected."""
    steps = (
        ("without_totals", recipe.dialect.totals),
        ("without_codes", recipe.dialect.codes),
        ("cases", CASES in recipe.plan.columns),
        ("selected", recipe.plan.where),
        ("in_steps", _steps(recipe)),
    )
    rows = READ_ROWS
    for step, is_due in steps:
        rows = f"{step}({rows})" if is_due else rows
    return rows


def _steps(recipe: Recipe) -> dict[str, list[str]]:
    """Return the words, in their order, that the method takes as steps, by column."""
    names = {recipe.plan.columns.get(role) for role in STEP_ROLES.get(recipe.plan.method, ())}
    return {
        one.name: list(one.levels) for one in recipe.columns if one.name in names and is_ordered_text(one)
    }


def _parts(recipe: Recipe) -> list[str]:
    roles = recipe.plan.columns.keys()
    if recipe.findings.trend is not None:
        middle = list(trends.PARTS)
    elif recipe.findings.matrix is not None:
        middle = list(matrices.PARTS)
    elif recipe.plan.method in scans.METHODS:
        middle = list(designs.PARTS[recipe.plan.method])
    elif not recipe.findings.tests:
        middle = ["describe"]
    elif recipe.findings.model is not None:
        middle = list(models.PARTS[recipe.findings.model.scale])
    elif recipe.plan.method in designs.PARTS:
        middle = list(designs.PARTS[recipe.plan.method])
    elif "group" in roles:
        two = recipe.findings.tests[0].method in TWO_GROUPS
        pooling = ["pooling"] if "other" in recipe.plan.params else []
        middle = [*pooling, "groups", "two_groups" if two else "many_groups"]
    else:
        middle = ["relationship"] if "x" in roles else ["association"]
    selecting = ["cases"] if CASES in recipe.plan.columns else []
    selecting += ["selecting"] if recipe.plan.where else []
    selecting += ["steps"] if _steps(recipe) else []
    text = "\n".join(_part(name) for name in middle)
    shared = [name for name, call in SHARED if call in text]
    return [*reading.parts(recipe.dialect), *selecting, *shared, *middle, "checking"]


def _part(name: str) -> str:
    return (files("jobs.analysis.scripts") / f"{name}.txt").read_text(encoding="utf-8").rstrip()


def _head(recipe: Recipe, parts: Sequence[str]) -> str:
    """Write everything above the functions: requirements, imports, literals."""
    text = "\n".join(_part(name) for name in parts)
    scipy = [name for name in ("optimize", "special", "stats") if f"{name}." in text]
    needs = [
        "numpy>=2",
        "pandas>=2.3",
        *reading.packages(recipe.dialect),
        *(["scipy>=1.16"] if scipy else []),
    ]
    listed = "\n".join(f'#     "{need}",' for need in needs)
    standard, packages = reading.imports(recipe.dialect, text)
    imports = [*sorted(["import json", "import sys", *standard]), "from pathlib import Path", ""]
    imports += sorted(["import numpy as np", "import pandas as pd", *packages])
    imports += [f"from scipy import {', '.join(scipy)}"] if scipy else []
    return "\n".join(
        [
            "# /// script",
            '# requires-python = ">=3.11"',
            "# dependencies = [",
            listed,
            "# ]",
            "# ///",
            '"""Compute the numbers of this analysis again from the original data, and compare.',
            "",
            "Run it with `uv run script.py [data]`, or with any Python that has the packages above.",
            "Exit status: 0 when all numbers agree with the stored ones, 1 when one differs.",
            '"""',
            "",
            *imports,
            "",
            *_literals(recipe),
        ]
    )


def _literals(recipe: Recipe) -> list[str]:
    """Write the constants of the program; all that a user has named is here, by `repr`."""
    dialect, findings = recipe.dialect, recipe.findings
    columns, profile = _needed(recipe)
    counted = [recipe.plan.columns[CASES]] if CASES in recipe.plan.columns else []
    sums = [name for name, _ in dialect.totals]
    wanted = [*columns.values(), *(one.column for one in recipe.plan.where), *counted, *sums]
    needed = list(dict.fromkeys(wanted))
    types = {column.name: column.dtype for column in recipe.columns if column.name in needed}
    lines = [
        f"DATA = {'../files/' + recipe.dataset.name!r}  # beside the folder of this file",
        _lines("COLUMNS", columns),
        _lines("NEEDED", needed),
        _lines("TYPES", types),
    ]
    lines += [f"CASES = {name!r}  # says how many cases a row stands for" for name in counted]
    if recipe.plan.where:
        lines.append(_conditions(recipe.plan.where))
    if steps := _steps(recipe):
        lines.append(_entries("STEPS", steps))
    lines += [_constant(name, value) for name, value in reading.literals(dialect)]
    if recipe.plan.method in designs.PARTS:
        lines.append(f"METHOD = {recipe.plan.method!r}")
    if findings.factors is not None:
        lines += [
            _lines("FIRST", list(findings.factors.first_levels)),
            _lines("SECOND", list(findings.factors.second_levels)),
        ]
    if recipe.plan.params or findings.factors is not None:
        lines.append(f"PARAMS = {dict(recipe.plan.params)!r}")
    groups = [found.group for found in findings.descriptives if found.group is not None]
    if groups:
        lines.append(_lines("LEVELS", groups))
    if findings.table is not None:
        lines += [
            _lines("ROW_LEVELS", list(findings.table.row_levels)),
            _lines("COLUMN_LEVELS", list(findings.table.column_levels)),
        ]
    lines += _own_literals(findings, columns)
    lines += [
        f"LEVEL = {_level(findings)!r}  # of confidence",
        f"SCALE = {scale(findings, profile)!r}  # the largest value of the data",
        f"TOLERANCE = {TOLERANCE!r}  # relative",
        _entries("STORED", stored(replace(recipe.plan, columns=columns), findings, profile)),
    ]
    return lines


def _own_literals(findings: Findings, columns: Mapping[str, str]) -> list[str]:
    """Write the constants of one kind of method."""
    lines: list[str] = []
    if findings.table is not None and findings.strata is None:
        turned = effects.turned(findings.table)
        lines += [
            "# The group, the other one, the event, and what is not the event:",
            _lines("TURNED", turned),
        ]
    if findings.rated is not None:
        lines += designs.literals(findings.rated)
    if findings.strata is not None:
        lines += strata.literals(findings.strata)
    if findings.gaps is not None:
        lines += scans.literals(findings.gaps, columns)
    if findings.trend is not None:
        lines += trends.literals(findings.trend)
    if findings.matrix is not None:
        lines += matrices.literals(findings.matrix)
    if findings.model is not None:
        lines += models.literals(findings.model, columns)
    return lines


def _conditions(where: Sequence[Condition]) -> str:
    """Write which rows take part."""
    lines = [f"    ({one.column!r}, {one.comparison!r}, {list(one.values)!r})," for one in where]
    return "\n".join(["WHERE = [  # rows that fulfil all of these", *lines, "]"])


def _needed(recipe: Recipe) -> tuple[Mapping[str, str], Sequence[ColumnProfile]]:
    """Name the columns that the program reads, by role; of a whole table as many as can be read at once."""
    plan, findings = recipe.plan, recipe.findings
    if plan.method in scans.METHODS:
        return scans.columns(
            plan, recipe.profile, most=MOST_CELLS // max(1, recipe.dataset.rows)
        ), recipe.profile
    asked = {role: name for role, name in plan.columns.items() if role != CASES}
    if findings.tests or findings.descriptives:
        return asked, recipe.profile
    wanted = list(recipe.profile)
    if not plan.needs_clarification and plan.columns:
        wanted = [column for column in wanted if column.name in asked.values()]
    exact = [column for column in wanted if column.dtype not in ("date", "datetime")] or wanted
    most = max(1, min(MOST_COLUMNS, MOST_CELLS // max(1, recipe.dataset.rows)))
    chosen = exact[:most]
    return {f"column {place}": column.name for place, column in enumerate(chosen, 1)}, chosen


def _level(findings: Findings) -> float:
    for test in findings.tests:
        if test.estimate is not None:
            return test.estimate.interval.level
    return next((effect.interval.level for effect in findings.effect_sizes), 0.95)


def _constant(name: str, value: reading.Value) -> str:
    return f"{name} = {value!r}" if value is None or isinstance(value, str | int) else _lines(name, value)


LONGEST_LINE = 94


def _lines(name: str, value: Mapping[str, object] | Sequence[str]) -> str:
    """Write a constant, broken into lines where it is long."""
    text = f"{name} = {value!r}"
    if len(text) <= 100:
        return text
    if isinstance(value, Mapping):
        return _entries(name, value)
    return "\n".join([f"{name} = [", *(f"    {line}" for line in _packed(map(repr, value))), "]"])


def _packed(items: Iterable[str]) -> Iterator[str]:
    """Yield lines of as many items as fit; an item is never broken, for a space may be inside a name."""
    line = ""
    for item in items:
        if line and len(line) + len(item) > LONGEST_LINE:
            yield line.rstrip()
            line = ""
        line += f"{item}, "
    if line:
        yield line.rstrip()


def _entries(name: str, value: Mapping[str, object]) -> str:
    return "\n".join([f"{name} = {{", *(f"    {key!r}: {item!r}," for key, item in value.items()), "}"])
