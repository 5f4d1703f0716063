"""Cells that polars does not take for values of their column: read, missing, or misfits to be told."""

import math
import re
from collections.abc import Callable

import polars as pl

from jobs.analysis.tables import amounts
from jobs.analysis.tables.dialect import Dialect
from jobs.analysis.tables.guessing import missing, plain_numbers
from jobs.analysis.tables.inference import EXAMPLES, Tally

Value = float | int | bool | None
Reader = Callable[[str], Value]

WHOLE = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
LEADING_ZERO = re.compile(r"0\d+")


def reader_of_numbers(tally: Tally, dialect: Dialect) -> Reader:
    """Return what reads one cell of a column of numbers and counts what is odd about it."""
    style, whole = tally.guess.style, tally.guess.dtype == "integer"

    def read(text: str) -> Value:
        plain = (
            amounts.plain_text(text, style)
            if style is not None
            else str(plain_numbers(pl.Series("v", [text]), dialect)[0])
        )
        value = float(plain) if NUMBER.fullmatch(plain) else math.inf
        if not math.isfinite(value):
            return None
        tally.leading_zeros += 1 if LEADING_ZERO.fullmatch(plain) else 0
        if not WHOLE.fullmatch(plain):
            tally.fractions += 1
        elif not -(2**63) <= int(plain) < 2**63:
            tally.beyond_int64 += 1
        elif whole:
            return int(plain)
        return value

    return read


def judge(cell: str, count: int, tally: Tally, read: Reader) -> Value:
    """Count one cell that stands `count` times, and return its value."""
    text = cell.strip()
    if missing(text):
        if text:
            tally.words[text] += count
        return None
    before = (tally.fractions, tally.beyond_int64, tally.leading_zeros)
    value = read(text)
    if (tally.fractions, tally.beyond_int64, tally.leading_zeros) != before:
        tally.leading_zeros += (tally.leading_zeros - before[2]) * (count - 1)
        tally.beyond_int64 += (tally.beyond_int64 - before[1]) * (count - 1)
    tally.filled += count
    tally.fits += count if value is not None else 0
    return value


def keep_examples(tally: Tally, cells: pl.Series, gaps: pl.Series, misfits: set[str], begin: int) -> None:
    """Keep the first misfits of a batch with their rows."""
    seen: set[str] = set()
    for row, cell in zip(gaps.arg_true(), cells, strict=True):
        if cell in misfits and cell not in seen:
            seen.add(cell)
            tally.misfits.append((begin + row, cell.strip()))
            if len(seen) == EXAMPLES:
                return
