"""Put slips in the common words of a question right. Columns and values are left as they are."""

import re
from collections.abc import Sequence
from functools import lru_cache

from jobs.analysis.planning.german import COMMON, in_english
from jobs.analysis.planning.synonyms import PHRASES, SYNONYMS, VALUES
from jobs.analysis.planning.vocabulary import DERIVED, FUNCTION_WORDS, INTENT_WORDS, ROW_NOUNS, misspelt, stem
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import UNIT_WORDS, listed, words_of

LEAST_LETTERS = 4
_ASKED = frozenset(
    listed(
        "missing values value normal normally outliers outlier extreme average median typical correlation "
        "correlated regression predict explain describe summary distribution compare comparison trend model "
        "older younger taller heavier longer shorter faster slower cheaper cylinders exercise smoking weight "
        "height length"
    )
)
# The verb, which is a joining word elsewhere: "do novices like it better".
_LIKE = re.compile(
    r"(\b(?:do|does|did)\b(?:(?!\b(?:looks?|seems?|feels?|sounds?|acts?|something)\b)[^,;:?])*?)\blike\b",
    re.IGNORECASE,
)
# "Do babies weigh less at birth": what is measured stands apart from when.
_AT_BIRTH = re.compile(r"\bweigh(?:s|ed|t)?\b((?: \w+){0,2}?) at birth\b", re.IGNORECASE)
_NUMBERS = listed("one two three four five six seven eight nine ten")
_NUMBER_OF = re.compile(rf"\b(?P<number>{'|'.join(_NUMBERS)})[ -](?P<what>[^\W\d_]+)", re.IGNORECASE)
_AVG = re.compile(r"\bavg\.?(?=\W)", re.IGNORECASE)
_NANS = re.compile(r"\bNaNs?\b")
_KNOWN = (
    FUNCTION_WORDS
    | INTENT_WORDS
    | ROW_NOUNS
    | _ASKED
    | frozenset(UNIT_WORDS)
    | DERIVED
    | COMMON
    | frozenset(word for group in (*SYNONYMS, *VALUES, *PHRASES) for word in listed(group))
)
_KNOWN_STEMS = frozenset(map(stem, _KNOWN))
_TARGETS = tuple(sorted(word for word in INTENT_WORDS | _ASKED | FUNCTION_WORDS if len(word) > LEAST_LETTERS))


def spelled(question: str, columns: Sequence[Column]) -> str:
    """Return the question with slips in common words put right: "wich", "diferent", "corelation"."""
    question = in_english(question, columns)
    question = _AT_BIRTH.sub(r"birth weight\1", _LIKE.sub(r"\1liking", question))
    question = _of_a_number(question, columns)
    question = _AVG.sub("average", _NANS.sub("missing values", question))
    own: frozenset[str] | None = None
    parts = []
    for part in re.split(r"([^\W\d_]+)", question):
        word = part.lower()
        right = _right(word) if part.isalpha() and (part.islower() or part.istitle()) else None
        if right is not None and own is None:
            own = _own_words(columns)
        if right is None or own is None or any(word == one or misspelt(word, one) for one in own):
            parts.append(part)
        else:
            parts.append(right.capitalize() if part.istitle() else right)
    return "".join(parts)


def _of_a_number(question: str, columns: Sequence[Column]) -> str:
    """Return the question with digits in "three bedroom houses" for a column of whole numbers `bedrooms`."""
    if _NUMBER_OF.search(question) is None:
        return question
    whole = [one for one in columns if one.dtype == "integer"]
    named = {stem(word): one for one in whole for word in words_of(one.name)}

    def in_digits(found: re.Match[str]) -> str:
        column = named.get(stem(found["what"].lower()))
        digits = str(_NUMBERS.index(found["number"].lower()) + 1)
        fits = column is not None and digits in column.levels and not found["what"].endswith("s")
        return f"{digits} {found['what']}" if fits else found.group()

    return _NUMBER_OF.sub(in_digits, question)


@lru_cache(maxsize=65536)
def _right(word: str) -> str | None:
    """Return the common word that `word` is a slip of; None where none is close, or several are."""
    inflected = stem(word) != word and stem(word) in _KNOWN_STEMS
    if len(word) < LEAST_LETTERS or word in _KNOWN or inflected:
        return None
    close = [target for target in _TARGETS if _is_slip(word, target)]
    alike = len({stem(one) for one in close}) == 1 or (close and FUNCTION_WORDS.issuperset(close))
    return close[0] if alike else None


def _is_slip(word: str, target: str) -> bool:
    """Return whether a letter was left out, added or swapped with its neighbour; "charge" is no "change"."""
    if abs(len(word) - len(target)) > 1 or word[:1] != target[:1]:
        return False
    short, long = sorted((word, target), key=len)
    if len(short) == len(long):
        places = [i for i, (a, b) in enumerate(zip(word, target, strict=True)) if a != b]
        return len(places) == 2 and places[1] == places[0] + 1 and sorted(word) == sorted(target)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _own_words(columns: Sequence[Column]) -> frozenset[str]:
    """Return the words of the names and of the values of all columns."""
    names = {word for column in columns for word in words_of(column.name)}
    return frozenset(
        names | {word for column in columns for level in column.levels for word in words_of(level)}
    )
