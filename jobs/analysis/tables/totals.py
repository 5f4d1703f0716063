"""Rows at the end of a table that hold sums or means of the rows above them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from jobs.analysis.tables import amounts
from jobs.analysis.tables.amounts import Style
from jobs.analysis.tables.cells import POINT_GROUPS
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.dialect import Dialect
from jobs.analysis.tables.guessing import plain_numbers
from jobs.analysis.tables.inference import Decision
from jobs.analysis.tables.units import listed

SUMS = listed(
    "total totals sum sums summe gesamt insgesamt alle all overall somme totale suma subtotal zwischensumme"
)
_MEANS = listed("mean means average averages avg mittelwert durchschnitt mittel moyenne media promedio")
_KINDS = {
    **dict.fromkeys(SUMS, "sum"),
    **dict.fromkeys(_MEANS, "mean"),
    **{"median": "median", "min": "smallest", "minimum": "smallest", "max": "largest", "maximum": "largest"},
    **dict.fromkeys(("sd", "std", "stdev", "std dev", "standard deviation"), "standard deviation"),
}
_LABEL = re.compile(
    r"(?:grand |sub-?|overall )?([^\W\d_]+(?: [^\W\d_]+)?)\.?(?: ?\([^)]*\))?:?", re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?(\d*)|\.(\d+))")
MOST_ROWS = 200_000  # of a table in which such rows are looked for among names that do not repeat
ROUNDING = 1e-12  # of the sum of sizes, by which sums in another order may differ


@dataclass(frozen=True)
class Total:
    """A row that is called a sum or mean by its first cell with text, `label` in column `place`."""

    label: str
    kind: str
    place: int
    cells: tuple[str, ...]


def kind_of(label: str) -> str | None:
    """Return what a row of this name says it holds: "sum", "mean"...; None for other names."""
    found = _LABEL.fullmatch(label.strip())
    return _KINDS.get(found[1].lower()) if found else None


def doubts(
    found: Sequence[Total], path: Path, decisions: Mapping[str, Decision], dialect: Dialect
) -> tuple[str, ...]:
    """Say of rows that are called sums why they are not the sums of the typed rows in `path`; () if they are.

    They are when every number in them is what its column has, to the digits that are written.
    """
    told = []
    for total in found:
        compared, differ = 0, list[str]()
        for name, cell in zip(dialect.columns, total.cells, strict=False):
            decision = decisions[name]
            shown = (
                _number(cell, decision.style, dialect) if decision.dtype in ("integer", "number") else None
            )
            if shown is None:
                continue
            compared += 1
            computed = _computed(path, name, total.kind, shown)
            if computed is not None:
                differ.append(f"{name}: {cell.strip()}, computed {computed:.10g}")
        if differ or not compared:
            why = f"is not the {total.kind} of the rows above ({'; '.join(differ[:3])})"
            why = why if differ else "has no numbers to compare with the rows above"
            told.append(f"the row '{total.label}' at the end {why}")
    if not told:
        return ()
    names = ", ".join(f"'{total.label}'" for total in found)
    return (f"{'; '.join(told)}: kept ({names}); delete what is no row of data",)


def left_out(found: Sequence[Total]) -> tuple[str, ...]:
    """Say which rows were left out because their numbers follow from the others."""
    return tuple(
        f"the row '{total.label}' at the end was left out: its numbers are the {total.kind} of the rows above"
        for total in found
    )


def inside(path: Path, columns: Sequence[Column]) -> tuple[str, ...]:
    """Say in which columns a value is called a total, which stands for other rows."""
    found = []
    for column in columns:
        values = column.levels
        if column.dtype == "text" and not values and column.rows <= MOST_ROWS:
            first = pl.col(column.name).str.strip_chars().str.to_lowercase().str.split(" ").list.last()
            scan = pl.scan_parquet(path, glob=False).filter(first.is_in(SUMS))
            values = tuple(
                scan.select(column.name).head(100).collect(engine="streaming").to_series().unique().sort()
            )
        sums = [value for value in values if kind_of(value) == "sum"]
        if sums and column.distinct > 1:
            found.append(
                f"column {column.name}: rows with '{sums[0][:40]}' may hold sums of other rows, which "
                "count twice then; leave them out if they do"
            )
    return tuple(found)


def _number(cell: str, style: Style | None, dialect: Dialect) -> str | None:
    """Return a number as it is written, with a decimal point; None for other text."""
    text = cell.strip()
    if dialect.decimal == "," and POINT_GROUPS.fullmatch(text):
        text = text.replace(".", "")
    plain = (
        amounts.plain_text(text, style) if style else str(plain_numbers(pl.Series("v", [text]), dialect)[0])
    )
    return plain if _NUMBER.fullmatch(plain) else None


def _computed(path: Path, name: str, kind: str, shown: str) -> float | None:
    """Return what a column has where it is not what is shown, else None."""
    cell = pl.col(name)
    what = {
        "sum": cell.sum(),
        "mean": cell.mean(),
        "median": cell.median(),
        "smallest": cell.min(),
        "largest": cell.max(),
        "standard deviation": cell.std(),
    }[kind]
    scan = pl.scan_parquet(path, glob=False).select(what.alias("value"), cell.abs().sum().alias("size"))
    value, size = scan.collect(engine="streaming").row(0)
    if value is None:
        return float("nan")
    match = _NUMBER.fullmatch(shown)
    decimals = len((match[1] or match[2] or "") if match else "")
    near = 0.5 * 10**-decimals * (1 + 1e-9) + ROUNDING * float(size)
    return None if abs(float(value) - float(shown)) <= near else float(value)
