"""How well a word of a question stands for a word in a column's name."""

from collections.abc import Sequence
from functools import lru_cache

from jobs.analysis.planning.vocabulary import INTENT_WORDS, is_content, is_plural, misspelt, stem, synonymous
from jobs.analysis.tables.units import DIMENSIONS, UNIT_WORDS, words_of

# Columns that "group" names, a word that else only asks for a comparison.
SAYS_GROUP = frozenset({"grp", "gruppe", "groupe"})
RATE = frozenset({"rate", "rates"})  # a share, or a number a time, and no rating
# A fee a month is not named by "months".
OFTEN = frozenset({"hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annual"})
LEAST_CUT = 3  # letters that a word leaves out where it abbreviates a name: "temp" for "temperature"


@lru_cache(maxsize=65536)
def word_match(word: str, name: str, *, alone: bool) -> tuple[float, str]:
    """Return how well one word of a question stands for one word of a name."""
    other = (name in OFTEN and is_plural(word)) or (word in RATE and name not in RATE)
    if word == name or (stem(word) == stem(name) and not other):
        return 1.0, "the same word"
    if synonymous(word, name):
        return 0.92, "a synonym"
    if alone and name in SAYS_GROUP and word in ("group", "groups"):
        return 0.93, "an abbreviation"
    if word in INTENT_WORDS:
        return 0.0, ""
    short, long = sorted((word, name), key=len)
    if len(short) >= 3 and long.startswith(short) and len(short) * 4 >= len(long):
        # A word that lacks a letter or two of a short name is another noun: "car" is no "carb".
        cut = len(name) - len(word)
        return (0.86, "its beginning") if not 0 < cut < LEAST_CUT else (0.0, "")
    if not alone and len(name) < 3 and word.startswith(name):
        return 0.86, "its beginning"
    if misspelt(word, name) or misspelt(stem(word), stem(name)):
        return 0.84, "another spelling"
    shared = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), len(short))
    if shared >= 6 and max(len(word), len(name)) - shared <= 6:
        return 0.8, "the same beginning"
    if _abbreviates(name, word):
        return 0.78, "an abbreviation"
    return 0.0, ""


def _abbreviates(short: str, word: str) -> bool:
    """Return whether `short` is the first letter of `word` and consonants of it in order: wt, dept, qty."""
    if not 2 <= len(short) <= 4 or len(word) < len(short) + 3 or short[0] != word[0]:
        return False
    if any(letter in "aeiou" for letter in short[1:]):
        return False
    rest = iter(word)
    return all(letter in rest for letter in short)


def by_unit(words: Sequence[str], name: str, unit: str | None) -> tuple[float, str] | None:
    """Return how well the name of a unit stands for a column that is measured in it: "kilos", "dollars".

    None where the words name no unit.
    """
    asked = UNIT_WORDS.get(words[0]) if len(words) == 1 else None
    if asked is not None and unit == asked:
        return 0.74, "its unit"
    if asked is None or words[0] in words_of(name):
        return None
    known = DIMENSIONS.get(asked, ())
    if unit is None and any(synonymous(word, part) for word in known for part in words_of(name)):
        return 0.72, "what the unit measures"
    return 0.0, ""


def abbreviates_phrase(short: str, words: Sequence[str]) -> bool:
    """Return whether `short` is made of the beginnings of all `words`: mpg, bwt for "birth weight"."""
    if len(words) < 2:
        return not words and not short
    if not 2 <= len(short) <= 5 or any(not is_content(word) for word in words):
        return False
    # "blood pressure" for `sbp`: of one kind, which the first letter says
    return _consumes(short, words) or (len(short) == len(words) + 1 and _initials(words) == short[1:])


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _consumes(short: str, words: Sequence[str]) -> bool:
    """Return whether `short` splits into one part a word, each its first letter or an abbreviation of it."""
    if not words:
        return not short
    head = words[0]
    return any(
        (part == head[:1] or head.startswith(part) or _abbreviates(part, head) or synonymous(part, head))
        and _consumes(short[len(part) :], words[1:])
        for part in (short[:end] for end in range(1, len(short) - len(words) + 2))
    )
