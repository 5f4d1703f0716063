"""Which columns of a table the words of a question can name at all, by an index of the columns' words.

A table may have thousands of columns; only those found here are compared with the question word by word.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from jobs.analysis.planning.likeness import abbreviates_phrase, word_match
from jobs.analysis.planning.synonyms import PHRASES
from jobs.analysis.planning.vocabulary import FUNCTION_WORDS, level_meaning, meanings, misspelt, stem
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import DIMENSIONS, UNIT_WORDS, words_of

LONGEST_SHORT = 6  # letters of a word that may be made of the beginnings of several
Places = dict[str, set[int]]


def _places() -> Places:
    return defaultdict(set)


@dataclass
class _Index:
    """The places of columns by what can name them."""

    names: list[str] = field(default_factory=list)  # in lower case
    words: dict[str, Places] = field(default_factory=lambda: defaultdict(_places))  # by first letter, by word
    short: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by first or second letter
    meant: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    units: Places = field(default_factory=_places)
    values: Places = field(default_factory=_places)  # by the stem of a word, or the whole
    long_values: dict[str, Places] = field(default_factory=lambda: defaultdict(_places))  # by first letter
    levels: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # by meaning
    months: set[int] = field(default_factory=set)


def candidates(
    question: str, words: Sequence[str], columns: Sequence[Column]
) -> tuple[list[Column], list[Column]]:
    """Return the columns that words of a question may name, and those of which they may name a value.

    Parameters
    ----------
    words : the words of the question in lower case
    """
    index = _indexed(tuple(columns))
    lower = question.lower()
    named = {place for place, name in enumerate(index.names) if name in lower}
    valued = set(index.months)
    for word in {*words, *_phrases(words)}:
        named.update(_named(word, index))
        valued.update(_valued(word, index))
    for span in _spans(words):
        valued.update(index.values.get("".join(span), ()))
        named.update(_abbreviated(tuple(word for word in span if word not in FUNCTION_WORDS), index))
    return [columns[place] for place in sorted(named)], [columns[place] for place in sorted(valued)]


def _spans(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(len(words)):
        for last in range(first + 2, min(len(words), first + LONGEST_SHORT) + 1):
            yield words[first:last]


def _phrases(words: Sequence[str]) -> set[str]:
    return {phrase for span in _spans(words) if (phrase := PHRASES.get(" ".join(span))) is not None}


def _named(word: str, index: _Index) -> Iterator[int]:
    for name, places in index.words.get(word[0], {}).items():
        # A letter or two that begin a word count only beside a word that is the same, which finds the column.
        if word_match(word, name, alone=True)[0] or (
            len(name) > 2 and word_match(word, name, alone=False)[0]
        ):
            yield from places
    unit = UNIT_WORDS.get(word)
    yield from index.units.get(unit or "", ())
    for known in (word, *DIMENSIONS.get(unit or "", ())):
        for meaning in meanings(known):
            yield from index.meant.get(meaning, ())


def _valued(word: str, index: _Index) -> Iterator[int]:
    yield from index.values.get(stem(word), ())
    yield from index.values.get(word, ())
    meaning = level_meaning(word)
    if meaning is not None:
        yield from index.levels.get(meaning, ())
    for level, places in index.long_values.get(word[0], {}).items():
        if misspelt(word, level):
            yield from places


def _abbreviated(words: tuple[str, ...], index: _Index) -> Iterator[int]:
    if len(words) < 2:
        return
    for short in index.short.get(words[0][0], ()):
        if abbreviates_phrase(short, words):
            yield from index.words[short[0]][short]


@lru_cache(maxsize=8)
def _indexed(columns: tuple[Column, ...]) -> _Index:
    index = _Index()
    for place, column in enumerate(columns):
        index.names.append(column.name.lower())
        index.units[column.unit or "?"].add(place)
        own = words_of(column.name)
        for word in own:
            index.words[word[0]][word].add(place)
            for meaning in meanings(word):
                index.meant[meaning].add(place)
            if 2 <= len(word) <= LONGEST_SHORT:
                index.short[word[0]].add(word)
                index.short[word[1]].add(word)
        if column.dtype == "integer" and "month" in own:
            index.months.add(place)
        for level in column.levels:
            _add_level(level, place, index)
    return index


def _add_level(level: str, place: int, index: _Index) -> None:
    parts, lower = words_of(level), level.lower()
    for key in {lower, "".join(parts), *parts, *map(stem, parts)}:
        index.values[key].add(place)
    meaning = level_meaning(lower)
    if meaning is not None:
        index.levels[meaning].add(place)
    if len(lower) >= 5:
        index.long_values[lower[0]][lower].add(place)
