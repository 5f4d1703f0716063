"""Rows inside a table that are sums of others, "Gesamt" beside "Nord" and "Süd": proved, and left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from jobs.analysis import watched
from jobs.analysis.tables.cells import spellings
from jobs.analysis.tables.inference import Decision
from jobs.analysis.tables.totals import SUMS
from jobs.progress import Progress, Report

MOST_ROWS = 5_000_000  # of a table in which sums are computed again
MOST_KEYS = 6  # columns within whose values the others may be added up
NEAR = 1e-4  # of the sum: totals of values that were rounded afterwards differ by so much
LEAST_SHARE = 0.9  # of the rows that are called sums must be some
LEAST_ADDED = 2  # rows that a sum is of, on average


@dataclass(frozen=True)
class InnerTotals:
    """The levels whose rows were left out, each with its column, and what to tell of them."""

    listed: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def settle(path: Path, decisions: Mapping[str, Decision], *, report: Report) -> InnerTotals:
    """Write the typed table in `path` anew without the rows that are sums of others; say which these are.

    A row counts as one when a level of it is called a sum, and one of its numbers at least is the sum of the
    rows that have all its other words and dates.
    """
    scan = pl.scan_parquet(path, glob=False)
    found: list[tuple[str, str]] = []
    notes: list[str] = []
    for name, level in _called_sums(scan, decisions):
        number = _proof(scan, name, level, decisions)
        if number is not None:
            count = scan.filter(pl.col(name) == level).select(pl.len()).collect(engine="streaming").item()
            found.append((name, level))
            notes.append(
                f"column {name}: {'the row' if count == 1 else f'{count} rows'} with '{level[:40]}' "
                f"{'was' if count == 1 else 'were'} left out: {number} there is the sum of the other rows"
            )
    if found:
        kept = [pl.col(name).eq_missing(level).not_() for name, level in found]
        last, target = Progress("read", 24.0, "Leaving out sums"), path.with_name("without-sums.parquet")
        without = scan.filter(kept)
        schema = without.collect_schema()
        watched.sink(without, lambda batch: batch, schema, target, report=lambda: report(last))
        target.replace(path)
    return InnerTotals(tuple(found), tuple(notes))


def _called_sums(scan: pl.LazyFrame, decisions: Mapping[str, Decision]) -> Iterator[tuple[str, str]]:
    """Yield each column of text with its levels that are called a sum, beside two others at least."""
    names = [name for name, one in decisions.items() if one.dtype == "text"]
    numbers = any(one.dtype in ("integer", "number") for one in decisions.values())
    if not names or not numbers:
        return
    words = list(spellings(SUMS))
    called = [pl.col(name).is_in(words).any().alias(str(place)) for place, name in enumerate(names)]
    row = scan.select(*called, pl.len().alias("rows")).collect(engine="streaming").row(0, named=True)
    for place, name in enumerate(names):
        if not row[str(place)] or row["rows"] > MOST_ROWS:
            continue
        levels = scan.select(pl.col(name).drop_nulls().unique().sort()).collect(engine="streaming")[name]
        sums = [level for level in levels if level in words]
        if len(levels) - len(sums) >= LEAST_ADDED:
            yield from ((name, level) for level in sums)


def _proof(scan: pl.LazyFrame, name: str, level: str, decisions: Mapping[str, Decision]) -> str | None:
    """Return a column of numbers that is, where the level is, the sum of the other rows; None without one."""
    rows = scan.filter(pl.col(name) == level).collect(engine="streaming")
    others = scan.filter(pl.col(name) != level)
    keys = [
        key
        for key, one in decisions.items()
        if key != name and one.dtype not in ("integer", "number") and rows[key].null_count() < rows.height
    ][:MOST_KEYS]
    found = None
    for number, one in decisions.items():
        if one.dtype not in ("integer", "number") or rows[number].null_count() == rows.height:
            continue
        if any(_adds_up(rows, others, number, some) for some in _choices(keys, number)):
            found = found or number
        elif _is_above(rows, others, number):
            return None  # meant as a sum, and a wrong one
    return found


def _is_above(rows: pl.DataFrame, others: pl.LazyFrame, number: str) -> bool:
    """Return whether a number of the rows is larger than any other, as no mean of the others could be."""
    most = others.select(pl.col(number).max()).collect(engine="streaming").item()
    return most is not None and bool((rows[number] > most).any())


def _choices(keys: Sequence[str], number: str) -> Iterator[Sequence[str]]:
    """Yield sets of columns within whose values to add up: all, each alone, none."""
    own = [key for key in keys if key != number]
    yield own
    if len(own) > 1:
        yield from ([key] for key in own)
    if own:
        yield ()


def _adds_up(rows: pl.DataFrame, others: pl.LazyFrame, number: str, keys: Sequence[str]) -> bool:
    """Return whether the number of nearly all rows is the sum of the other rows with the same keys."""
    added = [pl.col(number).sum().alias("\0sum"), pl.col(number).count().alias("\0count")]
    if keys:
        sums = others.group_by(keys).agg(added).collect(engine="streaming")
        beside = rows.drop_nulls(number).join(sums, on=list(keys), how="inner", nulls_equal=True)
    else:
        beside = rows.drop_nulls(number).join(others.select(added).collect(engine="streaming"), how="cross")
    if not beside.height or beside["\0count"].sum() < LEAST_ADDED * beside.height:
        return False
    near = (pl.col(number) - pl.col("\0sum")).abs() <= NEAR * pl.col("\0sum").abs()
    same = beside.filter(near & (pl.col("\0sum") != 0)).height
    return same >= LEAST_SHARE * rows[number].count()
