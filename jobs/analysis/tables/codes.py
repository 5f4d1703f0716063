"""Codes for "no value" among numbers, -999, 9999, 99 far from the others, and in words beside a scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from jobs.analysis import watched
from jobs.analysis.tables import code_values
from jobs.analysis.tables.columns import named_like_id
from jobs.analysis.tables.inference import Decision
from jobs.analysis.tables.scales import has_direction
from jobs.progress import Progress, Report

Code = float | str
NO_ANSWERS = frozenset(
    word.casefold()
    for word in (
        *("don't know", "dont know", "do not know", "don't know / no answer", "dk", "refused", "no answer"),
        *(
            "prefer not to say",
            "prefer not to answer",
            "not applicable",
            "no opinion",
            "not stated",
            "can't say",
        ),
        *("weiß nicht", "weiss nicht", "keine angabe", "k.a.", "k. a.", "ka", "keine antwort", "verweigert"),
    )
)
FIRST_ROWS = 1_000  # which tell whether a column of words may be a scale
LEAST_STEPS, MOST_STEPS = 3, 15  # of a scale, with the words beside it


@dataclass(frozen=True)
class Codes:
    """What was found: by column the codes that count as missing, and what to tell the user."""

    missing: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def listed(self) -> tuple[tuple[str, Code], ...]:
        """The codes that count as missing, each with its column."""
        return tuple(
            (name, code if isinstance(code, str) else float(code))
            for name, codes in self.missing.items()
            for code in codes
        )


def settle(path: Path, decisions: Mapping[str, Decision], *, report: Report) -> Codes:
    """Write the typed table in `path` anew with no value in place of codes that are certain; return all."""
    codes = find(path, decisions)
    if codes.missing:
        scan, target = pl.scan_parquet(path, glob=False), path.with_name("without-codes.parquet")
        kept = [
            pl.when(_is_code(name, values)).then(None).otherwise(pl.col(name)).alias(name)
            for name, values in codes.missing.items()
        ]
        without, last = (
            scan.with_columns(kept),
            Progress("read", 24.0, "Leaving out codes for missing values"),
        )
        watched.sink(
            without, lambda batch: batch, without.collect_schema(), target, report=lambda: report(last)
        )
        target.replace(path)
    return codes


def _is_code(name: str, codes: Sequence[Code]) -> pl.Expr:
    """Return whether a cell is one of the codes of its column; a missing one is none."""
    words = [code for code in codes if isinstance(code, str)]
    if words:
        return pl.col(name).is_in(words)
    return pl.col(name).cast(pl.Float64).is_in([float(code) for code in codes])


def find(path: Path, decisions: Mapping[str, Decision]) -> Codes:
    """Look through the typed table in `path` for values that stand for no value; see `code_values.judged`.

    What is not certain stays a value, and is told.
    """
    names = [
        name
        for name, one in decisions.items()
        if one.dtype in ("integer", "number") and not named_like_id(name)
    ]
    found: dict[str, tuple[Code, ...]] = {}
    notes: list[str] = []
    for name in _with_codes(path, names, decisions):
        counts = _counted(path, name)
        verdict = code_values.judged(name, counts, whole=decisions[name].dtype == "integer")
        if verdict.sure:
            found[name] = verdict.sure
        values = [value for value in counts if value not in verdict.sure]
        notes += [_told(name, code, counts[code], values) for code in verdict.sure]
        notes += [_doubted(name, code, counts[code], values) for code in verdict.doubtful]
    for name in (name for name, one in decisions.items() if one.dtype == "text"):
        if words := _words_beside_scale(path, name):
            found[name] = words
            listed = ", ".join(f"'{word}'" for word in words)
            notes.append(f"column {name}: {listed} beside the steps of a scale counts as missing")
    return Codes(found, tuple(notes))


def _words_beside_scale(path: Path, name: str) -> tuple[str, ...]:
    """Return the words for "no answer" of a column whose other values are all steps of one scale."""
    values = pl.scan_parquet(path, glob=False).select(pl.col(name).drop_nulls())
    first = values.head(FIRST_ROWS).unique().collect(engine="streaming")[name].to_list()
    if len(first) > MOST_STEPS or not any(map(_is_no_answer, first)):
        return ()
    levels = values.unique().head(MOST_STEPS + 1).collect(engine="streaming")[name].to_list()
    steps = [level for level in levels if not _is_no_answer(level)]
    known = len(levels) <= MOST_STEPS and len(steps) >= LEAST_STEPS and has_direction(steps)
    return tuple(sorted(set(levels) - set(steps))) if known else ()


def _is_no_answer(level: str) -> bool:
    return " ".join(level.casefold().replace("’", "'").split()) in NO_ANSWERS


def _with_codes(path: Path, names: Sequence[str], decisions: Mapping[str, Decision]) -> list[str]:
    """Name the columns whose ends, or the values next to them, may be codes; the others need no look."""
    if not names:
        return []
    scan = pl.scan_parquet(path, glob=False)
    cells = {str(place): pl.col(name) for place, name in enumerate(names)}
    ends = scan.select(
        *(cell.min().alias(f"low {place}") for place, cell in cells.items()),
        *(cell.max().alias(f"high {place}") for place, cell in cells.items()),
    )
    low_high = ends.collect(engine="streaming").row(0, named=True)
    filled = [place for place in cells if low_high[f"low {place}"] is not None]
    beside = scan.select(
        *(cells[p].filter(cells[p] > low_high[f"low {p}"]).min().alias(f"low {p}") for p in filled),
        *(cells[p].filter(cells[p] < low_high[f"high {p}"]).max().alias(f"high {p}") for p in filled),
    )
    inner = beside.collect(engine="streaming").row(0, named=True) if filled else {}
    found = []
    for place in filled:
        name, sides = names[int(place)], (f"low {place}", f"high {place}")
        if inner[sides[0]] is None:
            continue
        two, next_to = [low_high[side] for side in sides], [inner[side] for side in sides]
        if code_values.may_have(name, two, next_to, whole=decisions[name].dtype == "integer"):
            found.append(name)
    return found


def _counted(path: Path, name: str) -> dict[float, int]:
    """Return how often each value of a column stands there, the smallest first."""
    values = pl.scan_parquet(path, glob=False).select(pl.col(name).alias("v")).drop_nulls()
    counted = values.group_by("v").agg(pl.len().alias("n")).sort("v").collect(engine="streaming")
    return dict(zip(counted["v"].to_list(), counted["n"].to_list(), strict=True))


def _told(name: str, code: float, count: int, others: Sequence[float]) -> str:
    return (
        f"column {name}: {code:g} ({_times(count)}) was read as a code for missing values, far from the "
        f"others ({min(others):g} to {max(others):g}); to keep it as a number, write it a little otherwise, "
        f"as {code:g}{'' if '.' in f'{code:g}' else '.'}001"
    )


def _doubted(name: str, code: float, count: int, values: Sequence[float]) -> str:
    others = [value for value in values if value != code]
    return (
        f"column {name}: {code:g} ({_times(count)}) stands apart from the others ({min(others):g} to "
        f"{max(others):g}) and may be a code for missing values; it was used as a number: leave those cells "
        "empty if it is none"
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
