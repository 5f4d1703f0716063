"""Decide what the values of a column are, from all of them, batch by batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from jobs.analysis import dates
from jobs.analysis.cells import MISSING_WORDS, WORDS_KEPT_IN_TEXT, spellings
from jobs.analysis.sniff import Dialect

MOST_INVALID_SHARE = 0.05  # a column with more misfits among its values stays text
EXAMPLES = 5
LONG_INTEGER = 19  # digits from which a whole number may not fit 64 bits
THOUSANDS_OR_DECIMALS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
MISSING = spellings(MISSING_WORDS)
MISSING_IN_TEXT = spellings([word for word in MISSING_WORDS if word not in WORDS_KEPT_IN_TEXT])
TRUTH = {"true": True, "false": False}


@dataclass
class Tally:
    """What has been seen of one column so far."""

    kind: str | None = None  # "number", "boolean", "date", "text"; None until a value was seen
    formats: tuple[str, ...] = ()  # date formats still possible
    filled: int = 0
    rows: int = 0
    fits: int = 0
    integers: int = 0
    leading_zeros: int = 0
    beyond_int64: int = 0
    three_decimals: int = 0  # "6.640", which is thousands where the comma is the decimal mark
    parsed: Counter[str] = field(default_factory=Counter)  # date format -> values that it reads
    words: Counter[str] = field(default_factory=Counter)  # word -> times it counted as missing
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Decision:
    """The type of a column and what did not fit it."""

    dtype: str  # "integer", "number", "text", "boolean", "date", "datetime"
    format: str | None = None  # of dates
    invalid: int = 0
    notes: tuple[str, ...] = ()


def look(batch: pl.DataFrame, tallies: Mapping[str, Tally], dialect: Dialect) -> None:
    """Add one batch of text columns to the tallies."""
    for name, tally in tallies.items():
        text = batch.get_column(name).str.strip_chars()
        missing = text.is_in(MISSING)
        values = text.filter(~missing)
        if tally.kind is None and len(values):
            _choose_kind(values, tally, dialect)
        tally.rows += len(text)
        tally.filled += len(values)
        _count_words(text.filter(missing), tally)
        if tally.kind == "number":
            _count_numbers(values, tally, dialect)
        elif tally.kind == "boolean":
            _keep_misfits(values, values.str.to_lowercase().is_in(list(TRUTH)), tally)
        elif tally.kind == "date":
            _count_dates(values, tally)


def decide(tally: Tally) -> Decision:
    """Return the type that the whole column has: a number or date when at most 5 % of its values misfit."""
    if tally.filled == 0 or tally.kind in (None, "text"):
        return Decision("text", notes=_word_notes(tally))
    if tally.kind == "boolean":
        return (
            Decision("boolean") if tally.fits == tally.filled else Decision("text", notes=_word_notes(tally))
        )
    if tally.kind == "date":
        return _decide_date(tally)
    invalid = tally.filled - tally.fits
    if invalid > MOST_INVALID_SHARE * tally.filled:
        share = f"{tally.fits} of {tally.filled} values are numbers: the column was left as text"
        return Decision("text", notes=(f"{share}; others: {_quoted(tally.examples)}", *_word_notes(tally)))
    if tally.leading_zeros:
        note = f"{tally.leading_zeros} values have leading zeros: the column was left as text"
        return Decision("text", notes=(note,))
    notes = _misfit_notes(invalid, tally, "numbers")
    if tally.beyond_int64:
        notes = (*notes, f"{tally.beyond_int64} whole numbers are too large to be kept to the last digit")
    if 0 < tally.three_decimals == tally.fits:
        doubt = "every number has a point before three digits, which was read as a decimal point"
        notes = (*notes, f"{doubt}; if it separates thousands, write the numbers without it")
    dtype = "integer" if tally.integers == tally.fits else "number"
    return Decision(dtype, invalid=invalid, notes=notes)


def typed(name: str, decision: Decision, dialect: Dialect) -> pl.Expr:
    """Return the expression that turns the text column `name` into its type; misfits become null."""
    text = pl.col(name).str.strip_chars()
    words = MISSING_IN_TEXT if decision.dtype == "text" else MISSING
    filled = pl.when(~text.is_in(words)).then(text)
    if decision.dtype == "text":
        return filled.alias(name)
    if decision.dtype == "boolean":
        return filled.str.to_lowercase().eq("true").alias(name)
    if decision.format is not None:
        return dates.parsed(filled, decision.format).alias(name)
    if decision.dtype == "integer":
        return plain_number(filled, dialect).cast(pl.Int64, strict=False).alias(name)
    number = plain_number(filled, dialect).cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number).alias(name)


def plain_number(text: pl.Expr, dialect: Dialect) -> pl.Expr:
    """Rewrite numbers with the table's decimal mark and thousands as plain ones; other text stays."""
    if dialect.decimal == "," and dialect.thousands == ".":
        grouped = text.str.contains(r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$")
        text = pl.when(grouped).then(text.str.replace_all(".", "", literal=True)).otherwise(text)
    if dialect.decimal == ",":
        return text.str.replace(",", ".", literal=True)
    if dialect.thousands == ",":
        grouped = text.str.contains(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
        return pl.when(grouped).then(text.str.replace_all(",", "", literal=True)).otherwise(text)
    return text


def _numbers(values: pl.Series, dialect: Dialect) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return the plain text of numbers, whether each is a finite number and whether a 64-bit integer."""
    if dialect.decimal == "," or dialect.thousands:
        values = values.to_frame("v").select(plain_number(pl.col("v"), dialect)).to_series()
    number = values.cast(pl.Float64, strict=False)
    return (
        values,
        number.is_finite().fill_null(value=False),
        values.cast(pl.Int64, strict=False).is_not_null(),
    )


def _choose_kind(values: pl.Series, tally: Tally, dialect: Dialect) -> None:
    """Settle what to look for by the majority of the first values; text never becomes a number later."""
    first = values.head(20_000)
    majority = len(first) / 2
    if int(_numbers(first, dialect)[1].sum()) >= majority:
        tally.kind = "number"
    elif int(first.str.to_lowercase().is_in(list(TRUTH)).sum()) >= majority:
        tally.kind = "boolean"
    else:
        tally.formats = dates.possible(first.head(200))
        tally.kind = "date" if tally.formats else "text"


def _count_numbers(values: pl.Series, tally: Tally, dialect: Dialect) -> None:
    plain, finite, whole = _numbers(values, dialect)
    _keep_misfits(values, finite, tally)
    tally.integers += int(whole.sum())
    zeros = plain.str.starts_with("0") & (plain.str.len_bytes() > 1) & whole
    tally.leading_zeros += int(zeros.sum())
    if dialect.thousands != "." and (dialect.delimiter == ";" or dialect.decimal == ","):
        tally.three_decimals += int(values.str.contains(THOUSANDS_OR_DECIMALS).sum())
    long = plain.filter(finite & ~whole & (plain.str.len_bytes() >= LONG_INTEGER))
    tally.beyond_int64 += int(long.str.contains(r"^[+-]?\d+$").sum())


def _count_dates(values: pl.Series, tally: Tally) -> None:
    fits = dates.fits(values, tally.formats)
    for form in tally.formats:
        tally.parsed[form] += int(fits.get_column(form).sum())
    _keep_misfits(values, fits.select(pl.any_horizontal(pl.all())).to_series(), tally)


def _keep_misfits(values: pl.Series, fits: pl.Series, tally: Tally) -> None:
    tally.fits += int(fits.sum())
    if len(tally.examples) < EXAMPLES:
        for value in values.filter(~fits).head(EXAMPLES * 4):
            if value not in tally.examples and len(tally.examples) < EXAMPLES:
                tally.examples.append(value)


def _count_words(missing: pl.Series, tally: Tally) -> None:
    words = missing.filter(missing != "")
    if len(words):
        for word, count in words.value_counts().iter_rows():
            tally.words[word] += count


def _decide_date(tally: Tally) -> Decision:
    best = max(tally.parsed.values(), default=0)
    forms = [form for form in tally.formats if tally.parsed[form] == best]
    invalid = tally.filled - best
    if invalid > MOST_INVALID_SHARE * tally.filled:
        return Decision("text", notes=_word_notes(tally))
    if dates.ambiguous(forms):
        note = "day and month cannot be told apart: the dates were left as text; write them as YYYY-MM-DD"
        return Decision("text", notes=(note,))
    return Decision(
        dates.dtype(forms[0]),
        forms[0],
        invalid,
        (*dates.notes(forms[0]), *_misfit_notes(invalid, tally, "dates")),
    )


def _misfit_notes(invalid: int, tally: Tally, what: str) -> tuple[str, ...]:
    if not invalid:
        return ()
    amount = f"{invalid} of {tally.filled} values are not {what} and count as missing"
    return (f"{amount}: {_quoted(tally.examples)}",)


def _word_notes(tally: Tally) -> tuple[str, ...]:
    """Say which words of a text column were taken for missing values, and which were not."""
    notes = []
    for word, count in sorted(tally.words.items()):
        if word in MISSING_IN_TEXT:
            notes.append(f"'{word}' ({_times(count)}) counts as missing")
        else:
            notes.append(f"'{word}' ({_times(count)}) was read as a value, not as missing")
    return tuple(notes)


def _quoted(examples: Sequence[str]) -> str:
    return ", ".join(f"'{example[:40]}'" for example in examples)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
