"""Turn batches of text columns into their types and count what did not fit, all in one pass."""

import math
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from jobs.analysis import amounts, dates
from jobs.analysis.cells import TRUTH_WORDS
from jobs.analysis.dialect import Dialect
from jobs.analysis.guessing import SAMPLE_VALUES, Guess, missing, plain_number
from jobs.analysis.inference import MISSING, MISSING_IN_TEXT, MOST_SPELLINGS, Tally
from jobs.analysis.misfits import Reader, Value, judge, keep_examples, reader_of_numbers

TYPES: Mapping[str, type[pl.DataType]] = {
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "text": pl.String,
}
ROW = "\0row"  # no column of a table is called so
LONG_INTEGER = 19  # digits from which a whole number may not fit 64 bits
THOUSANDS_OR_DECIMALS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"


def schema_of(guesses: Mapping[str, Guess]) -> pl.Schema:
    """Return the types of the written columns."""
    return pl.Schema({name: dtype_of(guess.dtype) for name, guess in guesses.items()})


def dtype_of(dtype: str) -> pl.DataType:
    """Return polars' type for one of ours."""
    return pl.Datetime("us") if dtype == "datetime" else TYPES[dtype]()


@dataclass
class _Batch:
    """One batch at work: its text and its place in the table."""

    text: pl.DataFrame
    begin: int
    full: bool = False  # a column has a value in every row: no row is empty


class Caster:
    """Casts batches, at once and in any order, by a guess for each column, and tallies them.

    `most_misfits` is the count from which a column cannot be saved: its misfits are not looked at any more.
    """

    def __init__(self, guesses: Mapping[str, Guess], dialect: Dialect, *, most_misfits: float) -> None:
        self.tallies = {name: Tally(guess) for name, guess in guesses.items()}
        self.blank = 0
        self.rows = 0
        self.open_ended = False  # a row ends with an empty cell, or lacks its last ones
        self._last = next(reversed(self.tallies))
        self._dialect = dialect
        self._most_misfits = most_misfits
        self._lock = threading.Lock()
        self._numbers = [name for name, guess in guesses.items() if guess.kind == "number"]
        self._texts = [name for name in guesses if name not in set(self._numbers)]

    def cast(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return the typed rows of a batch of text columns and `ROW`; empty rows are left out."""
        if not len(batch):
            return pl.DataFrame(schema=schema_of({name: tally.guess for name, tally in self.tallies.items()}))
        work = _Batch(batch.drop(ROW), int(batch.item(0, ROW)))
        found: dict[str, pl.Series] = {}
        stripped = work.text.select(pl.col(self._texts).str.strip_chars()) if self._texts else pl.DataFrame()
        self._text_columns(stripped, work, found)
        self._number_columns(work, found)
        typed = pl.DataFrame([found[name].alias(name) for name in self.tallies])
        empty = None if work.full else _empty_rows(work.text)
        with self._lock:
            self.rows += len(batch)
            if empty is None:
                return typed
            self.blank += int(empty.sum())
        return typed.filter(~empty)

    def _number_columns(self, work: _Batch, found: dict[str, pl.Series]) -> None:
        """Cast the columns of numbers; only cells that polars does not take for numbers are looked at."""
        plain = self._plain(work)
        for name in self._numbers:
            tally, raw = self.tallies[name], work.text.get_column(name)
            dtype = tally.guess.dtype
            kind = pl.Int64 if dtype == "integer" else pl.Float64
            number = _finite(plain.get_column(name).cast(kind, strict=False))
            if number.null_count() * 10 > len(number):  # spaces around all numbers, perhaps
                plain = plain.with_columns(pl.col(name).str.strip_chars())
                number = _finite(plain.get_column(name).cast(kind, strict=False))
            gaps = number.null_count()
            work.full = work.full or not gaps
            with self._lock:
                tally.filled += len(number) - gaps
                tally.fits += len(number) - gaps
            if gaps:
                number = self._mend(name, raw, number, work.begin, reader_of_numbers(tally, self._dialect))
            found[name] = number if dtype != "text" else _without_missing(raw.str.strip_chars())
            if dtype == "number" and _beyond_int64(number):
                beyond = _count(plain.get_column(name), rf"^[+-]?\d{{{LONG_INTEGER},}}$")
                with self._lock:
                    tally.beyond_int64 += beyond
        self._count_oddities(plain)

    def _plain(self, work: _Batch) -> pl.DataFrame:
        """Return the columns of numbers with a decimal point, without thousands and signs."""
        by_table = self._dialect.decimal == "," or self._dialect.thousands is not None
        ways = []
        for name in self._numbers:
            style = self.tallies[name].guess.style
            if style is not None:
                ways.append(amounts.plain(pl.col(name).str.strip_chars(), style).alias(name))
            elif by_table:
                ways.append(plain_number(pl.col(name), self._dialect).alias(name))
            else:
                ways.append(pl.col(name))
        return work.text.select(ways)

    def _count_oddities(self, plain: pl.DataFrame) -> None:
        """Count leading zeros, and points that may separate thousands."""
        if not self._numbers:
            return
        zeros = plain.select(pl.col(self._numbers).str.starts_with("0").sum()).row(0)
        begun = [name for name, count in zip(self._numbers, zeros, strict=True) if count]
        if begun:
            # One regular expression over all cells would cost as much as casting them.
            cells = pl.col(begun)
            harmless = plain.select((cells == "0").sum() + cells.str.starts_with("0.").sum()).row(0)
            counts = dict(zip(self._numbers, zeros, strict=True))
            for name, without in zip(begun, harmless, strict=True):
                more = _count(plain.get_column(name), r"^0\d+$") if counts[name] > without else 0
                with self._lock:
                    self.tallies[name].leading_zeros += more
        self._count_doubtful_points(plain)

    def _count_doubtful_points(self, plain: pl.DataFrame) -> None:
        """Count numbers like "6.640" in tables that may separate thousands by points."""
        dialect = self._dialect
        if dialect.thousands == "." or not (dialect.delimiter == ";" or dialect.decimal == ","):
            return
        for name in self._numbers:
            tally = self.tallies[name]
            if tally.guess.style is None:
                three = _count(plain.get_column(name), THOUSANDS_OR_DECIMALS)
                with self._lock:
                    tally.three_decimals += three

    def _mend(self, name: str, raw: pl.Series, typed: pl.Series, begin: int, read: Reader) -> pl.Series:
        """Look at the cells that were not cast: read, missing, or misfits."""
        gaps = typed.is_null()
        cells = raw.filter(gaps)
        tally = self.tallies[name]
        if int((cells == "").sum()) == len(cells):
            self._note_open_end(name)
            return typed
        counted, values = Counter(cells.to_list()), dict[str, Value]()
        with self._lock:
            if tally.filled - tally.fits > self._most_misfits:
                tally.filled += sum(count for cell, count in counted.items() if cell.strip())
                return typed
            values = {cell: judge(cell, count, tally, read) for cell, count in counted.items()}
            misfits = {cell for cell, value in values.items() if value is None and not missing(cell.strip())}
            if misfits:
                keep_examples(tally, cells, gaps, misfits, begin)
        if "" in counted:
            self._note_open_end(name)
        fractions = typed.dtype == pl.Int64 and any(isinstance(value, float) for value in values.values())
        if fractions or all(value is None for value in values.values()):
            return typed  # no column of whole numbers, which is cast again, or nothing to put in
        return typed.scatter(gaps.arg_true(), [values[cell] for cell in cells.to_list()])

    def _note_open_end(self, name: str) -> None:
        if name == self._last:
            self.open_ended = True

    def _text_columns(self, stripped: pl.DataFrame, work: _Batch, found: dict[str, pl.Series]) -> None:
        """Cast what is no number, from text without spaces around it."""
        if not self._texts:
            return
        absent = stripped.select(pl.col(self._texts).is_in(MISSING).sum()).row(0)
        for name, gaps in zip(self._texts, absent, strict=True):
            tally, text = self.tallies[name], stripped.get_column(name)
            work.full = work.full or not gaps
            if gaps:
                self._count_words(name, text)
            with self._lock:
                tally.filled += len(text) - gaps
            match tally.guess.kind:
                case "date":
                    found[name] = self._dates(name, text, work.begin)
                case "boolean":
                    found[name] = self._booleans(name, text)
                case _:
                    written = _without_missing(text) if gaps else text
                    found[name] = self._words(name, text, written, work.begin)
            if tally.guess.dtype == "text" and found[name].dtype != pl.String:
                found[name] = _without_missing(text)

    def _count_words(self, name: str, text: pl.Series) -> None:
        words = Counter(text.filter(text.is_in(MISSING)).to_list())
        if words.pop("", 0):
            self._note_open_end(name)
        with self._lock:
            self.tallies[name].words.update(words)

    def _dates(self, name: str, text: pl.Series, begin: int) -> pl.Series:
        tally, forms = self.tallies[name], self.tallies[name].guess.formats
        read = text.to_frame("v").select(dates.parsed(pl.col("v"), form).alias(form) for form in forms)
        nulls = {form: read.get_column(form).null_count() for form in forms}
        best = read.get_column(forms[0])
        with self._lock:
            tally.parsed.update({form: len(text) - nulls[form] for form in forms})
        if min(nulls.values()):
            gaps = read.select(pl.all_horizontal(pl.all().is_null())).to_series()
            self._keep_misfits(tally, text, gaps, begin)
        return best

    def _booleans(self, name: str, text: pl.Series) -> pl.Series:
        tally = self.tallies[name]
        yes, fits = text == "true", (text == "true") | (text == "false")
        count = int(fits.sum())
        if count < len(text):
            lower = text.str.to_lowercase()
            yes, fits = lower == "true", (lower == "true") | (lower == "false")
            count = int(fits.sum())
        with self._lock:
            tally.fits += count
        if count == len(text):
            return yes
        return yes.to_frame("v").select(pl.when(fits).then(pl.col("v"))).to_series()

    def _keep_misfits(self, tally: Tally, text: pl.Series, gaps: pl.Series, begin: int) -> None:
        cells = text.filter(gaps)
        misfits = {cell for cell in set(cells.head(10_000).to_list()) if not missing(cell)}
        if misfits:
            with self._lock:
                keep_examples(tally, cells, gaps, misfits, begin)

    def _words(self, name: str, text: pl.Series, written: pl.Series, begin: int) -> pl.Series:
        """Count the different values of text while they are few, for it may say yes and no."""
        tally = self.tallies[name]
        if tally.guess.kind == "unknown":
            self._keep_first(tally, text, begin)
            return written
        if tally.spelled is not None:
            different = written.drop_nulls().unique()
            with self._lock:
                if tally.spelled is not None:
                    tally.spelled.update(different.head(MOST_SPELLINGS + 1).to_list())
                    if len(tally.spelled) > MOST_SPELLINGS:
                        tally.spelled = None
        if tally.guess.dtype != "boolean":
            return written
        lower = text.str.to_lowercase()
        return lower.replace_strict(TRUTH_WORDS, default=None, return_dtype=pl.Boolean)

    def _keep_first(self, tally: Tally, text: pl.Series, begin: int) -> None:
        values = text.filter(~text.is_in(MISSING)).head(SAMPLE_VALUES).to_list()
        with self._lock:
            if values and sum(len(batch) for _, batch in tally.first) < 20 * SAMPLE_VALUES:
                tally.first.append((begin, values))


def _finite(number: pl.Series) -> pl.Series:
    """Return numbers with null in place of what is not finite."""
    if number.dtype != pl.Float64 or math.isfinite(number.sum()):
        return number
    return number.to_frame("v").select(pl.when(pl.col("v").is_finite()).then(pl.col("v"))).to_series()


def _beyond_int64(number: pl.Series) -> bool:
    """Return whether a number is so large that it may be a whole one beyond 64 bits."""
    largest, least = number.max(), number.min()
    return isinstance(largest, float) and isinstance(least, float) and max(largest, -least) >= 2.0**63


def _without_missing(text: pl.Series) -> pl.Series:
    """Return text with null in place of words for no value."""
    cell = pl.col("v")
    return text.to_frame("v").select(pl.when(~cell.is_in(MISSING_IN_TEXT)).then(cell)).to_series()


def _count(column: pl.Series, pattern: str) -> int:
    return int(column.str.contains(pattern).sum())


def _empty_rows(text: pl.DataFrame) -> pl.Series | None:
    """Return which rows have no cell with anything in it; None when there is no such row."""
    empty: pl.Series | None = None
    for column in text:
        blank = column.str.strip_chars() == ""
        empty = blank if empty is None else empty & blank
        if not empty.any():
            return None
    return empty
