"""What is missing, counted from the typed table; of other columns no more than one is in memory at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jobs.analysis.numerics.moments import Moments, moments
from jobs.analysis.results.gaps import Gap, GapPattern
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.designs import Design, Units
from jobs.analysis.sampling.frames import ROW, floats, read_columns, text_of

METHODS = frozenset({"missing_values"})
MIN_ROWS = 5  # that lack a value and that have one, before the two are compared
MOST_GAPS = 10  # columns whose missing values are compared with others
MOST_OTHERS = 40
MOST_LEVELS = 20  # of a category that is compared
MOST_WORK = 400_000_000  # rows times pairs: some ten seconds
MOST_PATTERNS = 20
PATTERN_COLUMNS = 30  # those that lack most
FIRST_ROWS = 10
LARGEST = 1e150
_COUNT = "\0count"

Lacking = NDArray[np.bool_]
Schema = Mapping[str, pl.DataType]


@dataclass(frozen=True)
class Pair:
    """A column in rows that lack a value of another one, and in the other rows."""

    column: str  # that lacks values
    other: str
    moments: tuple[Moments, Moments] | None  # of a number: where the value is missing, and where it is not
    counts: NDArray[np.int64] | None  # of a category: (2, levels)
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class GapSample(Design):
    """What is missing in a table or a column, and what goes with it, counted."""

    column: str | None
    table_columns: int
    lacking: int
    complete_rows: int
    gaps: tuple[Gap, ...]
    patterns: tuple[GapPattern, ...]
    patterns_found: int
    patterns_of: tuple[str, ...]
    pairs: tuple[Pair, ...]
    rows: int  # that were looked at
    n_total: int
    dropped: Mapping[str, int]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it that a table has named."""
        levels = (level for pair in self.pairs for level in pair.levels)
        return (*(gap.column for gap in self.gaps), *(pair.other for pair in self.pairs), *levels)

    @property
    def doing(self) -> str:
        """What is being done with it, for a progress report."""
        return f"Counting what is missing in {self.column or 'the table'}"


def load(plan: Plan, parquet: Path, units: Units) -> GapSample:
    """Count what is missing in the plan's outcome, or in every column.

    Raises
    ------
    UnknownColumn
        The table lacks the column.
    """
    del units
    asked = plan.columns.get("outcome")
    if asked is not None:
        read_columns(parquet, asked)
    table = pl.scan_parquet(parquet)
    schema = {name: kind for name, kind in table.collect_schema().items() if name != ROW}
    counts = table.select(_lacks(name, kind).sum() for name, kind in schema.items()).collect().row(0)
    rows = int(table.select(pl.len()).collect().item())
    found_in = [(n, name) for name, n in zip(schema, counts, strict=True) if n]
    order = sorted(found_in, key=lambda pair: -pair[0])
    lacking = [name for _, name in order]
    chosen = lacking if asked is None else [name for name in lacking if name == asked]
    of_patterns = _of_patterns(lacking, asked)
    patterns, found = _patterns(table, schema, of_patterns, rows, asked)
    return GapSample(
        column=asked,
        table_columns=len(schema),
        lacking=len(lacking),
        complete_rows=_complete(table, schema, lacking, rows),
        gaps=tuple(_gap(table, schema, name, n, rows) for n, name in order if name in chosen),
        patterns=patterns,
        patterns_found=found,
        patterns_of=tuple(of_patterns),
        pairs=tuple(_pairs(parquet, schema, chosen[:MOST_GAPS], rows)),
        rows=rows,
        n_total=rows,
        dropped={},
    )


def _of_patterns(lacking: Sequence[str], asked: str | None) -> list[str]:
    """Name the columns whose gaps make patterns: those that lack most, and the one that is asked about."""
    most = list(lacking[:PATTERN_COLUMNS])
    return [asked, *most[:-1]] if asked in lacking and asked is not None and asked not in most else most


def _lacks(name: str, kind: pl.DataType) -> pl.Expr:
    lacks = pl.col(name).is_null()
    return (lacks | ~pl.col(name).is_finite().fill_null(value=True) if kind.is_float() else lacks).alias(name)


def _complete(table: pl.LazyFrame, schema: Schema, lacking: Sequence[str], rows: int) -> int:
    if not lacking:
        return rows
    lacks = pl.any_horizontal(_lacks(name, schema[name]) for name in lacking)
    return rows - int(table.select(lacks.sum()).collect(engine="streaming").item())


def _gap(table: pl.LazyFrame, schema: Schema, name: str, missing: int, rows: int) -> Gap:
    numbered = table if ROW in table.collect_schema().names() else table.with_row_index(ROW, 1)
    first = numbered.filter(_lacks(name, schema[name])).select(ROW).head(FIRST_ROWS).collect()
    return Gap(name, int(missing), 100.0 * missing / rows, tuple(int(row) for row in first[ROW]))


def _patterns(
    table: pl.LazyFrame, schema: Schema, names: Sequence[str], rows: int, asked: str | None
) -> tuple[tuple[GapPattern, ...], int]:
    """Count which columns lack values together; of one column only the rows that lack it."""
    if not names or (asked is not None and asked not in names):
        return (), 0
    flags = table.select(_lacks(name, schema[name]) for name in names)
    if asked is not None:
        flags = flags.filter(pl.col(asked))
    counted = flags.group_by(names).len(_COUNT).collect(engine="streaming")
    ordered = counted.sort(_COUNT, *names, descending=True).head(MOST_PATTERNS)
    found = tuple(
        GapPattern(
            tuple(name for name, lacks in zip(names, flag, strict=True) if lacks), count, 100.0 * count / rows
        )
        for *flag, count in ordered.select(*names, _COUNT).iter_rows()
    )
    return found, counted.height


def _pairs(parquet: Path, schema: Schema, gaps: Sequence[str], rows: int) -> Iterator[Pair]:
    """Compare each column with the rows that lack a value of each other one."""
    if not gaps:
        return
    lacking = {
        name: read_columns(parquet, name).select(_lacks(name, schema[name])).to_series().to_numpy()
        for name in gaps
    }
    most = max(1, min(MOST_OTHERS, MOST_WORK // (max(1, rows) * len(gaps))))
    compared = 0
    for name, kind in schema.items():
        if compared == most or not (kind.is_numeric() or kind in (pl.String, pl.Boolean)):
            continue
        kept_values = pl.when(~_lacks(name, kind)).then(pl.col(name))
        values = read_columns(parquet, name).select(kept_values).to_series()
        present = values.is_not_null().to_numpy()
        kept = {gap: lacks[present] for gap, lacks in lacking.items() if gap != name}
        found = list(_compared(name, values.drop_nulls(), kept))
        compared += bool(found)
        yield from found


def _compared(name: str, values: pl.Series, lacking: Mapping[str, Lacking]) -> Iterator[Pair]:
    enough = {gap: lacks for gap, lacks in lacking.items() if _has_both(lacks)}
    if not enough:
        return
    if values.dtype.is_numeric():
        numbers = floats(values)
        if np.ptp(numbers) == 0 or np.abs(numbers).max() > LARGEST:
            return
        for gap, lacks in enough.items():
            yield Pair(gap, name, (moments(numbers[lacks]), moments(numbers[~lacks])), None)
        return
    different = values.unique().sort()
    if not 2 <= different.len() <= MOST_LEVELS:
        return
    codes = values.replace_strict(different, pl.int_range(different.len(), eager=True)).to_numpy()
    levels = tuple(text_of(value) for value in different)
    for gap, lacks in enough.items():
        counts = np.stack([np.bincount(codes[which], minlength=len(levels)) for which in (lacks, ~lacks)])
        yield Pair(gap, name, None, counts.astype(np.int64), levels)


def _has_both(lacks: Lacking) -> bool:
    """Tell whether enough rows lack a value, and enough have one."""
    return bool(MIN_ROWS <= lacks.sum() <= lacks.size - MIN_ROWS)
