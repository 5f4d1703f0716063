"""Guess from its first values what a column holds; all of them decide later."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

import polars as pl

from jobs.analysis.tables import amounts, dates, mixed_dates, months, nearly_numbers
from jobs.analysis.tables.cells import MISSING_WORDS, is_truth
from jobs.analysis.tables.dialect import Dialect

Kind = Literal["number", "boolean", "date", "text", "unknown"]

SAMPLE_VALUES = 1_000
LEADING_ZERO = re.compile(r"0\d+")
LEAST_ALIKE = 5  # numbers with three digits behind the point, from which they may be thousands
_THREE = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_MISSING = frozenset(MISSING_WORDS)


@dataclass(frozen=True)
class Guess:
    """What to look for in a column, and what to write until it is known.

    `kind` is what is counted: a column of kind "number" with leading zeros is written as text. A column
    without a value so far is "unknown".
    """

    kind: Kind
    dtype: str
    style: amounts.Style | None = None  # of amounts with a sign
    formats: tuple[str, ...] = ()  # of dates, the one that is written first
    mixed: bool = False  # each date is written by the first of the formats that reads it
    note: str = ""  # what to tell of how its numbers are read, or why it is text


def missing(text: str) -> bool:
    """Return whether text without spaces around it stands for no value."""
    return text.lower() in _MISSING


def guess(column: pl.Series, dialect: Dialect) -> Guess:
    """Return what the first values of a text column look like: numbers when at least half of them are."""
    values = list(islice(_values(column), SAMPLE_VALUES))
    if not values:
        return Guess("unknown", "text")
    if (form := months.form_of(column.name, values)) is not None:
        return Guess("date", "date", formats=(form,))
    if (bracketed := amounts.in_brackets(values, dialect.decimal)) is not None:
        return Guess("number", "number", bracketed)
    if (signed := amounts.with_long_minus(values, dialect.decimal)) is not None:
        first = next(value for value in values if amounts.LONG_MINUS.match(value))
        told = f"the long minus of '{first}' was read as a minus"
        return Guess("number", "number", signed, note=told)
    found = _numbers(values, dialect)
    if found is not None:
        return replace(found, note=found.note or _doubt(column.name, values, dialect))
    spelled = set(values)
    if is_truth(spelled) and not {word.lower() for word in spelled} <= {"true", "false"}:
        return Guess("text", "boolean")
    if sum(value.lower() in ("true", "false") for value in values) * 2 >= len(values):
        return Guess("boolean", "boolean")
    style = amounts.guess(values, dialect.decimal)
    if style is not None:
        return Guess("number", "number", style)
    return _dates(values) or _measured(values, dialect)


def _doubt(name: str, values: Sequence[str], dialect: Dialect) -> str:
    """Return what to say of numbers that may be months, or thousands with a point; else ""."""
    if (month := months.may_be(name, values)) is not None:
        return f"'{month}' and others look like months, but not all do; write them as YYYY-MM if they are"
    alike = dialect.decimal == "." and dialect.mark_in_doubt is None and len(values) >= LEAST_ALIKE
    if not alike or not all(_THREE.fullmatch(value) for value in values):
        return ""
    return (
        f"its first numbers have three digits behind the point each ('{values[0]}') and were read as decimal "
        f"numbers; if the point separates thousands, write {values[0].replace('.', '')}"
    )


def _measured(values: Sequence[str], dialect: Dialect) -> Guess:
    """Return how numbers with a unit behind each are read; text where they are none."""
    style = amounts.with_unit(values, dialect.decimal)
    if style is not None:
        return Guess("number", "number", style)
    return Guess("text", "text", note=nearly_numbers.reason(values) or "")


def _dates(values: Sequence[str]) -> Guess | None:
    """Return the formats of dates that read the first values, where there are any."""
    some = pl.Series(values[:200])
    forms = dates.possible(some)
    if several := mixed_dates.several(some, forms):
        return Guess("date", mixed_dates.dtype(several), formats=several, mixed=True)
    return Guess("date", dates.dtype(forms[0]), formats=forms) if forms else None


def _values(column: pl.Series) -> Iterator[str]:
    """Yield the cells that say something, without spaces around them."""
    for begin in range(0, len(column), SAMPLE_VALUES):
        for cell in column.slice(begin, SAMPLE_VALUES).to_list():
            if (text := cell.strip()) and not missing(text):
                yield text


def _numbers(values: Sequence[str], dialect: Dialect) -> Guess | None:
    plain = plain_numbers(pl.Series("v", values), dialect)
    number = plain.cast(pl.Float64, strict=False)
    fits = len(values) - number.null_count()
    if fits * 2 < len(values):
        return None
    if any(LEADING_ZERO.fullmatch(value) for value in values):
        return Guess("number", "text")
    whole = len(values) - plain.cast(pl.Int64, strict=False).null_count()
    if whole == len(values) and dates.are_digits(values):
        return Guess("date", "date", formats=(dates.DIGITS,))
    return Guess("number", "integer" if whole == fits else "number")


def plain_numbers(values: pl.Series, dialect: Dialect) -> pl.Series:
    """Return numbers with a decimal point and without separators of thousands."""
    if dialect.decimal == "." and not dialect.thousands:
        return values
    return values.to_frame("v").select(plain_number(pl.col("v"), dialect)).to_series()


def plain_number(text: pl.Expr, dialect: Dialect) -> pl.Expr:
    """Rewrite numbers with the table's decimal mark and thousands as plain ones; other text stays."""
    if dialect.thousands:
        mark = re.escape(dialect.decimal)
        groups = thousands_class(dialect.thousands)
        grouped = text.str.contains(rf"^[+-]?\d{{1,3}}({groups}\d{{3}})+({mark}\d+)?$")
        text = pl.when(grouped).then(text.str.replace_all(groups, "")).otherwise(text)
    return text.str.replace(",", ".", literal=True) if dialect.decimal == "," else text


def thousands_class(mark: str) -> str:
    """Return the expression for a separator of thousands: a space stands for every kind of space."""
    return {" ": "[ \u00a0\u202f]", "'": "['’]"}.get(mark, re.escape(mark))
