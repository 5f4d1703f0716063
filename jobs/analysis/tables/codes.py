"""Codes for "no value" among numbers: -999, 9999, 99 in a column whose other values are far from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from jobs.analysis import watched
from jobs.analysis.tables.columns import named_like_id
from jobs.analysis.tables.inference import Decision
from jobs.progress import Progress, Report

# Nines are the codes of instruments and data sets, the others those of questionnaires ("refused", "unknown").
NINES = frozenset({99, 999, 9_999, 99_999, 999_999, *(-(10**digits - 1) for digits in range(2, 7))})
OF_SURVEYS = frozenset({-1, -7, -8, -9, -66, -77, -88, -97, -98, 66, 77, 88, 97, 98, 777, 888, 997, 998})
SHORT = 10  # codes nearer to 0 may be measured in many columns
LEAST_COUNT = 2
LEAST_OTHERS = 5  # values, of which two differ
MOST_SHARE = 0.5  # of the values that may be codes without a question
FAR, BEYOND = 5.0, 5.0  # ranges of the other values, and widest gaps between them, away from these

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Codes:
    """What was found: by column the codes that count as missing, and what to tell the user."""

    missing: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def listed(self) -> tuple[tuple[str, float], ...]:
        """The codes that count as missing, each with its column."""
        return tuple((name, code) for name, codes in self.missing.items() for code in codes)


def settle(path: Path, decisions: Mapping[str, Decision], *, report: Report) -> Codes:
    """Write the typed table in `path` anew with no value in place of codes that are certain; return all."""
    codes = find(path, decisions)
    if codes.missing:
        scan, target = pl.scan_parquet(path, glob=False), path.with_name("without-codes.parquet")
        kept = [
            pl.when(~pl.col(name).is_in(list(values))).then(pl.col(name)).alias(name)
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


def find(path: Path, decisions: Mapping[str, Decision]) -> Codes:
    """Look through the numbers of the typed table in `path` for codes that stand for no value.

    A code is certain that is well known, stands there at least twice and in at most half of the values, and
    lies five ranges of the other values away from them; or a negative one where all others are positive, five
    times as far as any two of these, or at least -99. What is less clear stays a number, and is told.
    """
    names = [
        name
        for name, one in decisions.items()
        if one.dtype in ("integer", "number") and not named_like_id(name)
    ]
    found: dict[str, tuple[float, ...]] = {}
    notes: list[str] = []
    for name in _with_codes(path, names):
        counts = _counted(path, name)
        sure, doubtful = _judged(counts, whole=decisions[name].dtype == "integer")
        if sure:
            found[name] = sure
        values = [value for value in counts if value not in sure]
        notes += [_told(name, code, counts[code], values) for code in sure]
        notes += [_doubted(name, code, counts[code], values) for code in doubtful]
    return Codes(found, tuple(notes))


def _with_codes(path: Path, names: Sequence[str]) -> list[str]:
    """Name the columns whose smallest or largest value is a known code; the others need no closer look."""
    if not names:
        return []
    ends = [
        *(pl.col(name).min().alias(f"{place} low") for place, name in enumerate(names)),
        *(pl.col(name).max().alias(f"{place} high") for place, name in enumerate(names)),
    ]
    row = pl.scan_parquet(path, glob=False).select(ends).collect(engine="streaming").row(0, named=True)
    known = NINES | OF_SURVEYS
    return [
        name
        for place, name in enumerate(names)
        if row[f"{place} low"] in known or row[f"{place} high"] in known
    ]


def _counted(path: Path, name: str) -> dict[float, int]:
    """Return how often each value of a column stands there, the smallest first."""
    values = pl.scan_parquet(path, glob=False).select(pl.col(name).alias("v")).drop_nulls()
    counted = values.group_by("v").agg(pl.len().alias("n")).sort("v").collect(engine="streaming")
    return dict(zip(counted["v"].to_list(), counted["n"].to_list(), strict=True))


def _judged(counts: Mapping[float, int], *, whole: bool) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the codes of a column that are certain, and those that are not, the smallest first."""
    known = NINES | OF_SURVEYS if whole else NINES
    ordered = list(counts)
    low, high = 0, len(ordered)
    while low < high and ordered[low] in known and ordered[low] < 0:
        low += 1
    while high > low and ordered[high - 1] in known and ordered[high - 1] > 0:
        high -= 1
    others = np.array(ordered[low:high], dtype=float)
    filled = sum(counts.values())
    codes = [*ordered[:low], *ordered[high:]]
    if others.size < 2 or filled - sum(counts[code] for code in codes) < LEAST_OTHERS:
        return (), ()
    few = sum(counts[code] for code in codes) <= MOST_SHARE * filled
    sure = [code for code in codes if few and counts[code] >= LEAST_COUNT and _is_far(code, others)]
    doubtful = [
        code for code in codes if code not in sure and _stands_out(code, others, once=counts[code] == 1)
    ]
    return tuple(sure), tuple(doubtful)


def _is_far(code: float, others: Numbers) -> bool:
    """Return whether a value is so far from the others that it is certainly none of them."""
    if abs(code) >= SHORT and _away(code, others) >= FAR * float(others[-1] - others[0]):
        return True
    if code in NINES and code < 0 <= others[0]:
        return True
    return bool(code < 0 < others[0]) and _away(code, others) >= BEYOND * float(np.diff(others).max())


def _stands_out(code: float, others: Numbers, *, once: bool) -> bool:
    """Return whether a value is apart from the others, though it may be one of them.

    One that stands there once must be far away, or the only one that is negative.
    """
    apart = _away(code, others) >= BEYOND * float(np.diff(others).max())
    if code < 0 <= others[0]:
        return apart
    return apart and (not once or _is_far(code, others))


def _away(code: float, others: Numbers) -> float:
    return float(others[0] - code if code < others[0] else code - others[-1])


def _told(name: str, code: float, count: int, others: Sequence[float]) -> str:
    return (
        f"column {name}: {code:g} ({_times(count)}) was read as a code for missing values, far from the "
        f"others ({min(others):g} to {max(others):g}); to keep it as a number, write it a little otherwise, "
        f"as {code:g}.001"
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
