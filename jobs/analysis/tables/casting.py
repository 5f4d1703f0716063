"""Turn batches of text columns into their types and count what did not fit, all in one pass."""

import math
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

import polars as pl

from jobs.analysis.tables import marks, mixed_dates
from jobs.analysis.tables.cells import TRUTH_WORDS
from jobs.analysis.tables.dialect import Dialect
from jobs.analysis.tables.guessing import SAMPLE_VALUES, Guess, missing
from jobs.analysis.tables.inference import MISSING, MISSING_IN_TEXT, MOST_SPELLINGS, Tally
from jobs.analysis.tables.misfits import Reader, Value, judge, keep_examples, reader_of_numbers
from jobs.analysis.tables.prepared import ABSENT, CLEAN, DATE, PLAIN, TYPED, ZERO, is_rewritten, prepared

TYPES: Mapping[str, type[pl.DataType]] = {
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "text": pl.String,
}
ROW = "\0row"  # no column of a table is called so
LONG_INTEGER = 19  # digits from which a whole number may not fit 64 bits
FEW_CELLS = 1_000  # that Python looks at sooner than polars begins to


def schema_of(guesses: Mapping[str, Guess]) -> pl.Schema:
    """Return the types of the written columns."""
    return pl.Schema({name: dtype_of(guess.dtype) for name, guess in guesses.items()})


def dtype_of(dtype: str) -> pl.DataType:
    """Return polars' type for one of ours."""
    return pl.Datetime("us") if dtype == "datetime" else TYPES[dtype]()


@dataclass
class _Batch:
    """One batch at work: its columns and its place in the table."""

    columns: pl.DataFrame
    begin: int
    full: bool = False  # a column has a value in every row: no row is empty

    def of(self, name: str, added: str = "") -> pl.Series:
        """Return the text of a column, or what was added to it."""
        return self.columns.get_column(added + name)


class Caster:
    """Casts batches, at once and in any order, by a guess for each column, and tallies them.

    What can be said of all cells alike is left to polars, in `prepared`; `cast` looks at the cells that stood
    out. `most_misfits` is the count from which a column cannot be saved: its misfits are not looked at any
    more.
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
        self._texts = [name for name, guess in guesses.items() if guess.kind != "number"]
        self._rewritten = {name for name in self._numbers if is_rewritten(guesses[name], dialect)}

    def prepared(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Add to columns of text and `ROW` what `cast` wants to know of every cell."""
        return prepared(rows, {name: tally.guess for name, tally in self.tallies.items()}, self._dialect)

    def cast(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return the typed rows of a prepared batch; empty rows are left out."""
        if not len(batch):
            return pl.DataFrame(schema=schema_of({name: tally.guess for name, tally in self.tallies.items()}))
        work = _Batch(batch, int(batch.item(0, ROW)))
        found = {name: self._number(name, work) for name in self._numbers}
        found |= {name: self._other(name, work) for name in self._texts}
        typed = pl.DataFrame([found[name].alias(name) for name in self.tallies])
        empty = None if work.full else _empty_rows(work.of(name) for name in self.tallies)
        with self._lock:
            self.rows += len(batch)
            if empty is None:
                return typed
            self.blank += int(empty.sum())
        return typed.filter(~empty)

    def _number(self, name: str, work: _Batch) -> pl.Series:
        """Return a column of numbers; only cells that polars does not take for numbers are looked at."""
        tally = self.tallies[name]
        plain = work.of(name, PLAIN if name in self._rewritten else "")
        number, zeros = _finite(work.of(name, TYPED)), work.of(name, ZERO)
        if number.null_count() * 10 > len(number):  # spaces around all numbers, perhaps
            plain = plain.str.strip_chars()
            number, zeros = _finite(plain.cast(number.dtype, strict=False)), plain.str.starts_with("0")
        gaps = number.null_count()
        work.full = work.full or not gaps
        with self._lock:
            tally.filled += len(number) - gaps
            tally.fits += len(number) - gaps
        if gaps:
            reader = reader_of_numbers(tally, self._dialect)
            number = self._mend(name, work.of(name), number, work.begin, reader)
        self._count_oddities(tally, plain, number, zeros)
        if tally.guess.style is None and marks.is_counted(self._dialect):
            counted = marks.count(work.of(name), self._dialect)
            with self._lock:
                tally.marked.add(counted)
        if tally.guess.dtype == "text":
            return _without_missing(work.of(name).str.strip_chars())
        return number

    def _count_oddities(self, tally: Tally, plain: pl.Series, number: pl.Series, zeros: pl.Series) -> None:
        """Count leading zeros and whole numbers beyond 64 bits.

        A regular expression over all cells costs more than casting them: it is tried only where there can be
        such a number.
        """
        beyond = leading = 0
        begun = int(zeros.sum())
        if begun and begun > int((plain == "0").sum()) + int(plain.str.starts_with("0.").sum()):
            leading = _count(plain, r"^0\d+$")
        if number.dtype == pl.Float64 and tally.guess.dtype == "number" and _beyond_int64(number):
            beyond = _count(plain, rf"^[+-]?\d{{{LONG_INTEGER},}}$")
        with self._lock:
            tally.leading_zeros += leading
            tally.beyond_int64 += beyond

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

    def _other(self, name: str, work: _Batch) -> pl.Series:
        """Return a column that holds no numbers, from text without spaces around it."""
        tally, text, absent = self.tallies[name], work.of(name, CLEAN), work.of(name, ABSENT)
        gaps = int(absent.sum())
        work.full = work.full or not gaps
        written = self._written(name, text, absent) if gaps else text
        with self._lock:
            tally.filled += len(text) - gaps
        match tally.guess.kind:
            case "date":
                found = self._dates(name, text, work)
            case "boolean":
                found = self._booleans(name, text)
            case _:
                found = self._words(name, text, written, work.begin)
        return written if tally.guess.dtype == "text" else found

    def _written(self, name: str, text: pl.Series, absent: pl.Series) -> pl.Series:
        """Count the words for no value, and return text with null in their place."""
        words = Counter(text.filter(absent).to_list())
        kept = words.keys() - set(MISSING_IN_TEXT)
        if words.pop("", 0):
            self._note_open_end(name)
        with self._lock:
            self.tallies[name].words.update(words)
        return _without_missing(text) if kept else _where(~absent, text)

    def _dates(self, name: str, text: pl.Series, work: _Batch) -> pl.Series:
        tally, forms = self.tallies[name], self.tallies[name].guess.formats
        read = {form: work.of(name, DATE.format(place)) for place, form in enumerate(forms)}
        with self._lock:
            tally.parsed.update({form: len(text) - found.null_count() for form, found in read.items()})
            if tally.guess.mixed:
                mixed_dates.count(tally.dates, text, read, work.begin)
        if all(found.null_count() for found in read.values()):
            self._keep_misfits(tally, text, reduce(and_, map(pl.Series.is_null, read.values())), work.begin)
        return mixed_dates.joined(read, forms) if tally.guess.mixed else read[forms[0]]

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
            different = _different(written)
            with self._lock:
                if tally.spelled is not None:
                    tally.spelled.update(different)
                    if not _say_yes_or_no(tally.spelled):  # one other word shows it of the column
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


def _different(text: pl.Series) -> set[str]:
    """Return the different values of text, or some of them where these do not all say yes or no."""
    first = set(text.head(FEW_CELLS).to_list()) - {None}
    if len(text) <= FEW_CELLS or not _say_yes_or_no(first):
        return first
    return set(text.unique().head(MOST_SPELLINGS + 2).to_list()) - {None}


def _say_yes_or_no(words: Collection[str]) -> bool:
    return len(words) <= MOST_SPELLINGS and {word.lower() for word in words} <= TRUTH_WORDS.keys()


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
    return _where(~text.is_in(MISSING_IN_TEXT), text)


def _where(holds: pl.Series, values: pl.Series) -> pl.Series:
    """Return values with null where a condition does not hold."""
    frame = pl.DataFrame([holds.alias("holds"), values.alias("v")])
    return frame.select(pl.when(pl.col("holds")).then(pl.col("v"))).to_series()


def _count(column: pl.Series, pattern: str) -> int:
    return int(column.str.contains(pattern).sum())


def _empty_rows(columns: Iterable[pl.Series]) -> pl.Series | None:
    """Return which rows have no cell with anything in it; None when there is no such row."""
    empty: pl.Series | None = None
    for column in columns:
        blank = column.str.strip_chars() == ""
        empty = blank if empty is None else empty & blank
        if not empty.any():
            return None
    return empty
