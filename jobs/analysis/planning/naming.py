"""The words of a question, and how surely they name a value of a column: "women", "IT", "August"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jobs.analysis.planning.vocabulary import (
    FUNCTION_WORDS,
    INTENT_WORDS,
    ROW_NOUNS,
    is_content,
    misspelt,
    same_value,
    stem,
)
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of

COMMON = FUNCTION_WORDS | INTENT_WORDS
MOST_KINDS = 3  # words from one that says of what kind rows are to their noun: "large USA cars"
DEGREES = frozenset({"more", "less", "how", "most", "least", "as", "so"})
HOW_OFTEN = frozenset({"often", "likely", "rarely", "seldom", "frequently", "usually"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Token:
    """A word of the question, in lower case, and where it stands."""

    word: str
    start: int
    end: int
    written: str


def tokens_of(question: str) -> Iterator[Token]:
    """Yield the words of a question; letters and digits are parted, and names written like This too."""
    for found in re.finditer(r"[^\W_]+", question):
        parts = list(re.finditer(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\WA-Z\d_]+|[A-Z]|\d+", found.group()))
        if len(parts) > 1 and found.group().isalpha() and any(len(part.group()) == 1 for part in parts):
            parts = list(re.finditer(r".+", found.group()))  # "PhD" is one word
        for part in parts:
            start = found.start() + part.start()
            yield Token(part.group().lower(), start, start + len(part.group()), part.group())


def noun_after(tokens: Sequence[Token], place: int) -> str:
    """Return the word after a place; the noun of the rows, where up to two words of their kind lead to it."""
    for index in range(place, min(place + MOST_KINDS, len(tokens))):
        word = tokens[index].word
        if word in ROW_NOUNS:
            return word
        if not is_content(word):
            break
    return tokens[place].word if place < len(tokens) else ""


def as_written(question: str, token: Token, column: Column) -> float:
    """Return how surely a common word, written in capitals as in the table, is a value: IT, OR, US."""
    if (
        token.written == "May"
        and token.start > 0
        and "month" in words_of(column.name)
        and "5" in column.levels
    ):
        return 0.84
    if token.word not in FUNCTION_WORDS or not token.written.isupper() or question.isupper():
        return 0.0
    if column.dtype != "text" or token.written not in column.levels:
        return 0.0
    return _same_words([token], token.written)


def by_value(
    span: Sequence[Token], column: Column, *, is_start: bool, beside: str = "", before: str = ""
) -> tuple[float, str]:
    """Return how well words name a level of a category, and the level.

    `beside` is the word after them, `before` the one before: "more often" is no value of "never" to "often".
    """
    if column.dtype not in ("text", "boolean", "integer"):
        return 0.0, ""
    joined, words = "".join(token.word for token in span), [token.word for token in span]
    if not column.levels or (before in DEGREES and joined in HOW_OFTEN):
        return 0.0, ""
    if column.dtype == "integer":
        if len(span) == 1 and len(joined) >= 3 and joined in column.levels:
            return 0.84, joined  # a year; smaller numbers stand for too many things
        return _by_month(span, column, is_start=is_start)
    # "High-priority", "small cars": a common word that says of what kind the rows are
    own = beside in ROW_NOUNS or (beside != "" and stem(beside) in map(stem, words_of(column.name)))
    for level in column.levels:
        if strength := _same_words(span, level, named=own):
            return strength, level
    for level in column.levels:
        if len(words) == 1 and same_value(words[0], level.lower()):
            return (0.84, level) if words[0] not in ("yes", "no") else (0.0, "")
        if len(words) == 1 and misspelt(words[0], level.lower()) and is_content(words[0]):
            return 0.75, level
    return 0.0, ""


def by_shared_word(span: Sequence[Token], column: Column) -> float:
    """Return how surely a word names a column in all of whose values it stands: "catheter" of new and old."""
    if len(span) != 1 or column.dtype != "text" or not 2 <= len(column.levels) <= 20:
        return 0.0
    word = stem(span[0].word)
    if not is_content(span[0].word) or len(span[0].word) < 4:
        return 0.0
    parts = [tuple(map(stem, words_of(level))) for level in column.levels]
    return 0.8 if all(len(words) > 1 and word in words for words in parts) else 0.0


def _same_words(span: Sequence[Token], level: str, *, named: bool = False) -> float:
    """Return how surely words spell a level; one letter must be written as it is in the table."""
    whole, stems = _parts(level)
    joined = "".join([token.word for token in span])
    if whole == joined and len(joined) > 1:
        common = joined in COMMON and span[0].written != level
        return 0.0 if common and not named else 0.87
    if whole == joined:  # one letter; "A" may be an article at the beginning, and "I" is the asker
        certain = level != "I" and (level != "A" or span[0].start > 0 or named)
        return 0.7 if span[0].written == level and certain else 0.0
    same = len(stems) == len(span) and all(stem(t.word) == one for t, one in zip(span, stems, strict=True))
    return 0.88 if same and is_content(span[0].word) else 0.0


@lru_cache(maxsize=16384)
def _parts(level: str) -> tuple[str, tuple[str, ...]]:
    """Return a level without what parts its words, and their stems."""
    parts = words_of(level)
    return "".join(parts), tuple(map(stem, parts))


def _by_month(span: Sequence[Token], column: Column, *, is_start: bool) -> tuple[float, str]:
    """Find "August" in a column of months that are numbers."""
    token = span[0]
    if len(span) > 1 or "month" not in words_of(column.name) or is_start or not token.written[0].isupper():
        return 0.0, ""
    number = next((i for i, month in enumerate(MONTHS, start=1) if token.word[:3] == month), 0)
    return (0.84, str(number)) if str(number) in column.levels else (0.0, "")
