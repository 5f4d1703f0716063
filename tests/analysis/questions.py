"""Questions with the readings that a statistician would choose, and what an answer to one is worth.

A case gives `question` and `dataset`, and what is expected: the `acceptable` methods, `columns` by role,
`params` and `where`, with `also` for other readings that are as right. x and y, first and second, row and
column may be swapped, unless `ordered`. `clarify`: the question cannot be answered as it is asked, and must
come back; `clarify_allowed`: asking back is honest too. `where` gives the values of a column that are kept,
or a limit ({"at_least": 3}).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.ingest import ingest

DATA = Path(__file__).parents[1] / "data"
FILES = tuple(sorted(path.stem for path in (DATA / "questions").glob("*.json")))
EITHER_WAY = ("first", "second", "x", "y", "row", "column")
ALIKE = ("measure_", "predictor_", "covariate_", "factor_", "column_")

Verdict = Literal["right", "asked back needlessly", "silently wrong", "answered what must be asked back"]
VERDICTS: tuple[Verdict, ...] = (
    "right",
    "asked back needlessly",
    "silently wrong",
    "answered what must be asked back",
)


@dataclass(frozen=True)
class Case:
    """A question and what is expected of its reading, as it stands in the file."""

    given: Mapping[str, Any]

    @property
    def id(self) -> str:
        return self.given["id"]

    @property
    def dataset(self) -> str:
        return self.given["dataset"]

    @property
    def question(self) -> str:
        return self.given["question"]

    @property
    def readings(self) -> Iterator[Mapping[str, Any]]:
        """Each reading that is right."""
        if "acceptable" in self.given:
            yield self.given
        yield from self.given.get("also", ())


def cases(file: str) -> list[Case]:
    """Return the questions of a file."""
    text = (DATA / "questions" / f"{file}.json").read_text(encoding="utf-8")
    return [Case(given) for given in json.loads(text)["cases"]]


class Tables:
    """The columns of the test tables, each read once."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._known: dict[str, tuple[Column, ...]] = {}

    def __call__(self, name: str) -> tuple[Column, ...]:
        if name not in self._known:
            path = next((DATA / "tables").glob(f"{name}.?sv"))
            self._known[name] = ingest(path, self._cache, name=path.name).columns
        return self._known[name]


def verdict(case: Case, found: Plan, columns: Sequence[Column]) -> Verdict:
    """Return what a plan for the question of a case is worth."""
    must_ask, may_ask = case.given.get("clarify", False), case.given.get("clarify_allowed", False)
    if found.needs_clarification:
        return "right" if must_ask or may_ask else "asked back needlessly"
    if any(_agrees(found, reading, columns) for reading in case.readings):
        return "right"
    return "answered what must be asked back" if must_ask else "silently wrong"


def _agrees(found: Plan, expected: Mapping[str, Any], columns: Sequence[Column]) -> bool:
    if found.method not in expected["acceptable"] or dict(found.params) != expected.get("params", {}) | {
        name: value for name, value in found.params.items() if name == "focus"
    }:
        return False
    wanted = expected.get("columns", {})
    alike = found.columns == wanted if expected.get("ordered") else _parts(found.columns) == _parts(wanted)
    return alike and _rows(found.where, columns) == _expected_rows(expected.get("where", {}), columns)


def _parts(given: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return columns by role, where roles that may be exchanged count as one."""
    roles = {"predictor_1": "x", "outcome": "y"} if set(given) == {"outcome", "predictor_1"} else {}
    parts = set()
    for role, name in given.items():
        known = roles.get(role, role)
        alike = next((kind for kind in ALIKE if known.startswith(kind)), known)
        parts.add(("either" if known in EITHER_WAY else alike, name))
    return frozenset(parts)


def _rows(where: Sequence[Condition], columns: Sequence[Column]) -> frozenset[tuple[Any, ...]]:
    return frozenset(_kept(one.column, one.comparison, one.values, columns) for one in where)


def _expected_rows(where: Mapping[str, Any], columns: Sequence[Column]) -> frozenset[tuple[Any, ...]]:
    kept = set()
    for name, wanted in where.items():
        limits = wanted if isinstance(wanted, dict) else {"is": wanted}
        for comparison, values in limits.items():
            listed = values if isinstance(values, list) else [values]
            kept.add(_kept(name, comparison, listed, columns))
    return frozenset(kept)


def _kept(
    name: str, comparison: str, values: Sequence[str | float], columns: Sequence[Column]
) -> tuple[Any, ...]:
    """Return which rows a condition keeps, in one form: the levels, or a limit."""
    column = next(column for column in columns if column.name == name)
    texts = {f"{value:g}" if isinstance(value, float | int) else value for value in values}
    if column.levels and comparison in ("is", "is_not"):
        kept = {level for level in column.levels if (level in texts) == (comparison == "is")}
        return (name, *sorted(kept))
    if column.levels and column.dtype in ("integer", "number"):
        return (name, *sorted(level for level in column.levels if _within(float(level), comparison, values)))
    if column.dtype == "integer" and comparison in ("more_than", "less_than"):
        step = 1 if comparison == "more_than" else -1
        return (name, "at_least" if step == 1 else "at_most", f"{float(values[0]) + step:g}")
    return (name, comparison, *sorted(texts))


def _within(level: float, comparison: str, values: Sequence[str | float]) -> bool:
    limit = float(values[0])
    return {
        "at_least": level >= limit,
        "more_than": level > limit,
        "at_most": level <= limit,
        "less_than": level < limit,
    }[comparison]
