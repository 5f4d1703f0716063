"""How closely numbers agree with those of R and of NIST: compared by tests, told in docs/agreement-with-r.md.

`python -m tests.analysis.agreement` runs the tests marked `agrees` and writes the tables of that page anew;
with `--check` it says instead whether they are those of the tests as they are.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/agreement-with-r.md"
ROUNDING = 1e-12  # an absolute tolerance that only rounding of a number that is 0 needs
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass
class Seen:
    """The worst of all comparisons of one test by one relative tolerance."""

    count: int = 0
    relative: float = 0.0
    absolute: float = 0.0  # of numbers so close to 0 that the absolute tolerance decides
    allowed: float = 0.0  # the largest such tolerance


@dataclass
class Row:
    """What the comparisons of one test were."""

    method: str
    what: str
    source: str
    cases: set[str] = field(default_factory=set)
    seen: dict[float, Seen] = field(default_factory=dict)
    digits: dict[str, tuple[float, float]] = field(default_factory=dict)  # needed and fewest, by data set


_rows: dict[str, Row] = {}  # of the tests that are being told, by their names


class Near:
    """Equal to numbers that lie as near as `pytest.approx` has it; remembers how near they were."""

    __array_ufunc__ = None  # so that numpy leaves the comparison to `__eq__` below
    __hash__ = None

    def __init__(self, expected: object, *, rel: float, abs_: float) -> None:
        self._expected, self._tolerance = expected, (rel, abs_)
        self._approx = pytest.approx(expected, rel=rel, abs=abs_)

    def __eq__(self, found: object) -> bool:
        row = _current()
        if row is not None:
            self._note(row.seen.setdefault(self._tolerance[0], Seen()), found)
        return found == self._approx

    def __repr__(self) -> str:
        return repr(self._approx)

    def _note(self, seen: Seen, found: object) -> None:
        rel, abs_ = self._tolerance
        for one, other in zip(_flat(found), _flat(self._expected), strict=False):
            apart = abs(one - other)
            seen.count += 1
            if rel * abs(other) >= abs_:
                seen.relative = max(seen.relative, apart / abs(other) if other else 0.0)
            else:
                seen.absolute, seen.allowed = max(seen.absolute, apart), max(seen.allowed, abs_)


def _flat(values: object) -> Iterator[float]:
    if isinstance(values, list | tuple | np.ndarray):
        for value in values:
            yield from _flat(value)
    elif values is not None:
        yield float(values)


def _current() -> Row | None:
    return _rows.get(os.environ.get("PYTEST_CURRENT_TEST", "").partition("[")[0].removesuffix(" (call)"))


def assert_digits(found: float, certified: float, *, at_least: float) -> None:
    """Ask for so many correct significant digits: NIST's log relative error, of which a float holds 15."""
    right = 15.0
    if found != certified:
        right = min(right, float(-np.log10(abs(found - certified) / (abs(certified) or 1.0))))
    row = _current()
    if row is not None:
        name = os.environ["PYTEST_CURRENT_TEST"].partition("[")[2].partition("]")[0].partition("-")[0]
        row.digits[name] = (at_least, min(right, row.digits.get(name, (0.0, 15.0))[1]))
    assert right >= at_least, f"{found!r} has {right:.1f} digits of {certified!r}"


class _Collected:
    """The part of pytest's run that learns which tests there are."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            marker = item.get_closest_marker("agrees")
            row = _rows.setdefault(item.nodeid.partition("[")[0], Row(*marker.args))
            parameters = item.callspec.params if hasattr(item, "callspec") else {}
            row.cases.add(json.dumps(parameters.get("case", item.name), sort_keys=True))


def told() -> str:
    """Run the tests that compare, and write their tables."""
    failed = pytest.main(
        ["-q", "-m", "agrees", "-p", "no:cacheprovider", str(ROOT / "tests/analysis")], plugins=[_Collected()]
    )
    if failed:
        sys.exit("The tables are not written: a test failed.")
    rows = sorted(_rows.values(), key=lambda row: (row.method, row.what))
    return "\n".join([*_against_r([row for row in rows if row.seen]), "", *_against_nist(rows)])


def _against_r(rows: list[Row]) -> Iterator[str]:
    cases = len(set().union(*(row.cases for row in rows)))
    numbers = sum(seen.count for row in rows for seen in row.seen.values())
    yield f"{cases} cases, {numbers:,} numbers.\n"
    yield "| method | compared | with | cases | tolerance | largest difference |"
    yield "|---|---|---|---:|---|---|"
    for row in rows:
        place = f"| {row.method} | {row.what} | {row.source} | {len(row.cases)}"
        for rel, seen in sorted(row.seen.items()):
            near_zero = seen.allowed > ROUNDING
            tolerance = [f"{rel:g}"] if rel else []
            tolerance += [f"{seen.allowed:.0e} absolute"] if near_zero or not rel else []
            largest = [f"{seen.relative:.0e}"] if rel else []
            largest += [f"{seen.absolute:.0e} absolute"] if near_zero or not rel else []
            yield f"{place} | {' or '.join(tolerance)} | {'; '.join(largest)} |"
            place = "| | | | "


def _against_nist(rows: list[Row]) -> Iterator[str]:
    yield "| NIST's data | compared | digits asked for | fewest digits |"
    yield "|---|---|---:|---:|"
    for row in rows:
        for name, (needed, fewest) in sorted(row.digits.items()):
            yield f"| {name} | {row.what} | {needed:g} | {fewest:.1f} |"


def main(arguments: list[str]) -> int:
    """Write the page's tables, or see whether all but the last column of them is as it stands there."""
    tables = told()
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    written, _, after = rest.partition(END)
    if "--check" not in arguments:
        PAGE.write_text(f"{before}{BEGIN}\n{tables}\n{END}{after}", encoding="utf-8")
        return 0
    same = _without_last(written.strip()) == _without_last(tables)
    print("as told" if same else "other than told; run python -m tests.analysis.agreement")  # noqa: T201
    return int(not same)


def _without_last(tables: str) -> list[str]:
    """Leave out the differences seen, which another processor may round otherwise."""
    return [line.rstrip("|").rpartition("|")[0] or line for line in tables.splitlines()]


if __name__ == "__main__":
    # By its own name, so that the tests find the rows that are kept here.
    from tests.analysis.agreement import main as told_main

    sys.exit(told_main(sys.argv[1:]))
