"""Decide what the values of a column are, from all of them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from jobs.analysis.tables import dates, marks, mixed_dates
from jobs.analysis.tables.amounts import Style
from jobs.analysis.tables.cells import (
    MISSING_WORDS,
    TRUTH_WORDS,
    WORDS_KEPT_IN_TEXT,
    is_truth,
    looks_numeric,
    spellings,
)
from jobs.analysis.tables.dialect import Dialect
from jobs.analysis.tables.guessing import Guess, guess

MOST_INVALID_SHARE = 0.05  # a column with more misfits among its values stays text
EXAMPLES = 5
MOST_SPELLINGS = 2 * len(TRUTH_WORDS)  # different values of text that may still all be yes and no
MISSING = spellings(MISSING_WORDS)
MISSING_IN_TEXT = spellings([word for word in MISSING_WORDS if word not in WORDS_KEPT_IN_TEXT])


@dataclass
class Tally:
    """What has been counted of one column: `fits` of `filled` values are of the kind that was looked for."""

    guess: Guess
    filled: int = 0
    fits: int = 0
    fractions: int = 0  # numbers that are not whole
    leading_zeros: int = 0
    beyond_int64: int = 0
    marked: marks.Marks = field(default_factory=marks.Marks)  # points and commas of doubtful meaning
    parsed: Counter[str] = field(default_factory=Counter)  # date format -> values that it reads
    dates: mixed_dates.Counts = field(default_factory=mixed_dates.Counts)  # in several formats
    words: Counter[str] = field(default_factory=Counter)  # word -> times it counted as missing
    misfits: list[tuple[int, str]] = field(default_factory=list)  # (row, value), in any order
    spelled: set[str] | None = field(default_factory=set)  # different values of text; None when too many
    first: list[tuple[int, list[str]]] = field(default_factory=list)  # (row, values) of an unknown column

    @property
    def examples(self) -> tuple[str, ...]:
        """Return the first values that did not fit, each once."""
        ordered = dict.fromkeys(value for _, value in sorted(self.misfits))
        return tuple(ordered)[:EXAMPLES]


@dataclass(frozen=True)
class Decision:
    """The type of a column and what did not fit it."""

    dtype: str  # "integer", "number", "text", "boolean", "date", "datetime"
    formats: tuple[str, ...] = ()  # of dates
    invalid: int = 0
    notes: tuple[str, ...] = ()
    style: Style | None = None  # of amounts with a sign
    left_as_text: str | None = None  # why numbers or dates were
    unit: str | None = None  # from a line below the names


def second_guess(tally: Tally, dialect: Dialect) -> Guess | None:
    """Return what else to look for where all values show that the first guess was no use, else None."""
    if tally.guess.kind == "unknown" and tally.filled:
        values = [value for _, batch in sorted(tally.first) for value in batch]
        return guess(pl.Series(values, dtype=pl.String), dialect)
    if _is_of_numbers(tally):
        return Guess("number", "integer" if tally.guess.formats[0] != "%m.%Y" else "number")
    if (pointed := marks.second_guess(tally.guess, tally.marked, dialect)) is not None:
        return pointed
    if tally.guess.kind == "date" and (forms := _more_formats(tally)):
        return Guess("date", mixed_dates.dtype(forms), formats=forms, mixed=True)
    if tally.guess.kind == "boolean" and tally.fits < tally.filled:
        return Guess("text", "text")  # other words stand beside true and false
    return None


def _is_of_numbers(tally: Tally) -> bool:
    """Return whether numbers were taken for dates, of which one that is no date shows that none is."""
    forms = tally.guess.formats
    if len(forms) != 1 or (forms[0] != dates.DIGITS and forms[0] not in dates.NUMBER_LIKE):
        return False
    few = tally.parsed[forms[0]] <= (1 - MOST_INVALID_SHARE) * tally.filled
    return few or any(looks_numeric(value) for value in tally.examples)


def _more_formats(tally: Tally) -> tuple[str, ...]:
    """Return the formats that read a column of dates better than those of its guess, else ()."""
    known, mixed = tally.guess.formats, tally.guess.mixed
    more = mixed_dates.with_more(known, tally.examples)
    if more or mixed or max(tally.parsed.values(), default=0) == tally.filled:
        return more
    return known if len(known) > 1 and not tally.misfits else ()


def decide(tally: Tally, dialect: Dialect) -> Decision:
    """Return the type that the whole column has: a number or date when at most 5 % of its values misfit."""
    kind = tally.guess.kind
    if tally.filled == 0 or kind in ("unknown", "text"):
        return _decide_text(tally)
    if kind == "boolean":
        return Decision("boolean") if tally.fits == tally.filled else _decide_text(tally)
    if kind == "date":
        return _decide_date(tally)
    return _decide_number(tally, dialect)


def _decide_number(tally: Tally, dialect: Dialect) -> Decision:
    invalid, style = tally.filled - tally.fits, tally.guess.style
    if invalid > MOST_INVALID_SHARE * tally.filled:
        share = f"{tally.fits} of {tally.filled} values are numbers: the column was left as text"
        others = _quoted(tally.examples)
        why = (
            f"only {tally.fits} of its {tally.filled} values are numbers; leave the others empty or correct "
            f"them: {others}"
        )
        return Decision("text", notes=(f"{share}; others: {others}", *_word_notes(tally)), left_as_text=why)
    if tally.leading_zeros:
        note = f"{tally.leading_zeros} values have leading zeros: the column was left as text"
        return Decision("text", notes=(note,))
    if (doubt := marks.doubt(tally.marked, dialect)) is not None:
        return Decision("text", notes=(f"{doubt}: the column was left as text",), left_as_text=doubt)
    notes = _misfit_notes(invalid, "numbers", tally.filled, tally.examples)
    if said := marks.note(tally.guess, tally.marked, dialect):
        notes = (said, *notes)
    elif style is not None and style.unit is not None:
        notes = (f"numbers with '{style.sign}' in the cells were read in that unit", *notes)
    elif style is not None:
        read = f"amounts with '{style.sign}' were read as numbers in that unit"
        notes = (read if style.sign else "numbers in brackets were read as negative ones", *notes)
    if tally.beyond_int64:
        notes = (*notes, f"{tally.beyond_int64} whole numbers are too large to be kept to the last digit")
    whole = not tally.fractions and not tally.beyond_int64 and tally.guess.dtype != "number"
    return Decision("integer" if whole else "number", invalid=invalid, notes=notes, style=style)


def _decide_text(tally: Tally) -> Decision:
    """Leave text as it is, unless it says yes and no in more than one way each."""
    notes = _word_notes(tally)
    spelled = tally.spelled
    if not spelled or not is_truth(spelled):
        why = tally.guess.note or None
        return Decision(
            "text", notes=(*notes, *([f"{why}: it was left as text"] if why else [])), left_as_text=why
        )
    yes = sorted(word for word in spelled if TRUTH_WORDS[word.lower()])
    no = sorted(word for word in spelled if not TRUTH_WORDS[word.lower()])
    note = f"{_quoted(yes, 10)} were read as true, {_quoted(no, 10)} as false"
    return Decision("boolean", notes=(note, *notes))


def _decide_date(tally: Tally) -> Decision:
    if tally.guess.mixed:
        return _decide_mixed(tally)
    best = max(tally.parsed.values(), default=0)
    forms = [form for form in tally.guess.formats if tally.parsed[form] == best]
    invalid = tally.filled - best
    if invalid > MOST_INVALID_SHARE * tally.filled:
        return _few_dates(tally, best, f"dates such as {mixed_dates.label(forms[0])}")
    if dates.ambiguous(forms):
        doubt = "day and month cannot be told apart"
        note = f"{doubt}: the dates were left as text; write them as YYYY-MM-DD"
        return Decision("text", notes=(note,), left_as_text=f"{doubt} in its dates; write them as YYYY-MM-DD")
    read = (*dates.notes(forms[0]), *_misfit_notes(invalid, "dates", tally.filled, tally.examples))
    return Decision(dates.dtype(forms[0]), (forms[0],), invalid, read)


def _decide_mixed(tally: Tally) -> Decision:
    """Read dates that are written in several ways, where each can be read in one way only."""
    chosen = mixed_dates.choose(tally.guess.formats, tally.parsed, tally.dates)
    if chosen.doubtful:
        doubt = mixed_dates.doubt(chosen, tally.dates)
        shown = mixed_dates.told(chosen.counts, tally.dates)
        ways = "" if len(chosen.counts) < 2 else f" (formats that read some of its values: {shown})"
        note = f"{doubt}: the dates were left as text; write all of them as YYYY-MM-DD{ways}"
        return Decision("text", notes=(note,), left_as_text=f"{doubt}; write all of them as YYYY-MM-DD")
    invalid = max(0, tally.filled - sum(chosen.counts.values()))
    if invalid > MOST_INVALID_SHARE * tally.filled:
        shown = mixed_dates.told(chosen.counts, tally.dates)
        return _few_dates(tally, tally.filled - invalid, f"dates ({shown})")
    misfits = _misfit_notes(invalid, "dates", tally.filled, (*tally.examples, *chosen.lost))
    read = (*mixed_dates.notes(chosen, tally.dates), *misfits)
    forms = tuple(chosen.counts)
    return Decision(mixed_dates.dtype(forms), forms, invalid, read)


def _few_dates(tally: Tally, fits: int, what: str) -> Decision:
    """Leave a column as text of which too many values are no dates."""
    others = f": {_quoted(tally.examples)}" if tally.misfits else ""
    note = f"{fits} of {tally.filled} values are {what}: the column was left as text; others{others}"
    why = (
        f"only {fits} of its {tally.filled} values are dates; leave the others empty or correct them{others}"
    )
    return Decision("text", notes=(note, *_word_notes(tally)), left_as_text=why)


def missing_words(tallies: Mapping[str, Tally], decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    """Say once which words count as missing in columns that are not text; text columns say it themselves."""
    words = {
        word for name, tally in tallies.items() if decisions[name].dtype != "text" for word in tally.words
    }
    listed = ", ".join(f"'{word}'" for word in sorted(words))
    return (f"read as missing values: {listed}",) if words else ()


def _misfit_notes(invalid: int, what: str, filled: int, examples: Sequence[str]) -> tuple[str, ...]:
    if not invalid:
        return ()
    return (f"{invalid} of {filled} values are not {what} and count as missing: {_quoted(examples)}",)


def _word_notes(tally: Tally) -> tuple[str, ...]:
    """Say which words of a text column were taken for missing values, and which were not."""
    notes = []
    for word, count in sorted(tally.words.items()):
        if word in MISSING_IN_TEXT:
            notes.append(f"'{word}' ({_times(count)}) counts as missing")
        else:
            notes.append(f"'{word}' ({_times(count)}) was read as a value, not as missing")
    return tuple(notes)


def _quoted(examples: Sequence[str], most: int = EXAMPLES) -> str:
    return ", ".join(f"'{re.sub(chr(10), ' ', example)[:40]}'" for example in examples[:most])


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
