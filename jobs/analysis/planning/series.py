"""Columns that measure one thing again and again, told by their names. Standard library only.

`score_before` and `score_after`, `pre` and `post`, `week 1 pain` and `week 2 pain`: the same words but for
one that says when.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of
from jobs.analysis.tables.when import WHEN

Key = tuple[tuple[str, ...], tuple[str, ...]]  # the words and the kind of a series

_JOINED = re.compile(r"(pre|post|before|after)(?=[a-z])")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_PREFIX = {"pre": 0, "before": 0, "post": 2, "after": 2}


@dataclass(frozen=True)
class Series:
    """Columns of one thing in the order of time; `words` are what they have in common."""

    columns: tuple[Column, ...]
    words: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)


def series_of(columns: Sequence[Column]) -> tuple[Series, ...]:
    """Return the series of two or more columns among `columns`: of numbers, or all of the same two values."""
    found: dict[Key, dict[float, list[Column]]] = defaultdict(lambda: defaultdict(list))
    for column in columns:
        if (kind := _kind(column)) is not None:
            for key, when in _readings(column.name):
                found[(key, kind)][when].append(column)
    whole = []
    for (key, _), places in found.items():
        # Two columns at one time ("bp_pre" and "bp_before") leave open which one is meant.
        if len(places) > 1 and all(len(there) == 1 for there in places.values()):
            chosen = tuple(places[when][0] for when in sorted(places))
            whole.append(Series(chosen, tuple(word for word in key if word != "#")))
    return tuple(whole)


def _month(word: str) -> int | None:
    """Return the number of a month that is a whole name: `Jan`, `february`."""
    return next((place for place, one in enumerate(MONTHS) if word in (one, one[:3])), None)


def _kind(column: Column) -> tuple[str, ...] | None:
    """Return what columns of a series share: () of numbers, else their two values; None of others."""
    if column.dtype in ("integer", "number") and column.role not in ("empty", "constant"):
        return ()
    two = column.role in ("boolean", "category") and len(column.levels) == 2
    return column.levels if two else None


def same_two(columns: Sequence[Column]) -> bool:
    """Return whether columns hold the same two values, so that what changes is yes or no."""
    two = all(column.distinct == 2 and len(column.levels) == 2 for column in columns)
    return two and len({column.levels for column in columns}) == 1


def twins(first: Column, second: Column) -> Series | None:
    """Return the series that two columns are, or None."""
    return next(iter(series_of((first, second))), None)


def _readings(name: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield each way to part a name into what was measured and when; "#" marks the place of a number."""
    words = words_of(name)
    if len(words) == 1 and (month := _month(words[0])) is not None:
        yield ("#", "month"), float(month)
    for place, word in enumerate(words):
        rest = (words[:place], words[place + 1 :])
        if word in WHEN:
            yield (*rest[0], *rest[1]), WHEN[word]
        elif word.isdigit() and len(word) <= 4 and len(words) > 1:
            yield (*rest[0], "#", *rest[1]), float(word)
        elif joined := _JOINED.match(word):
            yield (*rest[0], word[joined.end() :], *rest[1]), _PREFIX[joined.group(1)]
