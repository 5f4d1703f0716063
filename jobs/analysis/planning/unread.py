"""Find the words of a question that name a thing, yet none of the columns."""

import re
from dataclasses import dataclass

from jobs.analysis.planning.asking_words import GERMAN, GROUPERS, PLACES_AND_TIMES, SPLITTERS
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.naming import Token
from jobs.analysis.planning.vocabulary import ROW_NOUNS, is_content, is_plural
from jobs.analysis.tables.units import TIMES, UNIT_PARTS, UNITS, words_of


@dataclass(frozen=True)
class Unresolved:
    """Words of the question that name something which is not a column."""

    words: str
    before: str  # the word that leads to them; "" at the beginning
    plural: bool
    leads: bool  # they stand before every mention: the subject of the question
    proper: bool = False  # written as a name: "December", "Bavaria"


def unresolved(linked: Linked) -> tuple[Unresolved, ...]:
    """Return the phrases of the question that name a thing, yet none of the columns."""
    found: list[Unresolved] = []
    phrase: list[int] = []
    before, lead = "", ""
    for index, token in enumerate(linked.tokens):
        covered = linked.covered(index)
        comma = index > 0 and any(
            mark in linked.text[linked.tokens[index - 1].end : token.start] for mark in ",;:?()"
        )
        if not covered and (token.word in SPLITTERS or comma):
            found += _phrase(linked, phrase, lead)
            phrase, before = [], token.word if token.word in SPLITTERS else ""
            lead = before
            if token.word in SPLITTERS:
                continue
        phrase.append(index)
    return (*found, *_phrase(linked, phrase, lead))


def has_other_content(linked: Linked) -> bool:
    """Return whether a word outside the mentions names a thing."""
    return any(
        is_content(token.word) and token.word not in ROW_NOUNS
        for index, token in enumerate(linked.tokens)
        if not linked.covered(index)
    )


def is_unit(word: str, linked: Linked) -> bool:
    """Return whether a word belongs to the unit of a column that is named: the "gallon" of `mpg`, "min"."""
    named, unit = [m.best.column for m in linked.mentions], UNITS.get(word)
    if unit is not None and any(column.unit == unit for column in named):
        return True
    if word == "long" and re.search(r"\bhow long\b", linked.text.lower()):
        return any(UNITS.get(part) in TIMES for column in named for part in words_of(column.name))
    return any(word in UNIT_PARTS.get(part, ()) for column in named for part in words_of(column.name))


def _is_proper(token: Token, linked: Linked) -> bool:
    """Return whether a word is written as a name: "Emperor penguins", with no column in brackets after it."""
    all_are = linked.text.istitle() or GERMAN.search(linked.text) is not None
    if not token.written[0].isupper() or token.start == 0 or all_are:
        return False
    return not re.match(r"[^,;:?]{0,20}\(", linked.text[token.end :])


def _is_place(token: Token, linked: Linked) -> bool:
    """Return whether "US" or "IT" is written as a name, and not as a pronoun."""
    return token.written in ("US", "IT") and not linked.text.isupper()


def _phrase(linked: Linked, phrase: list[int], before: str) -> list[Unresolved]:
    left = [linked.tokens[index] for index in phrase if not linked.covered(index)]
    content = [token for token in left if is_content(token.word) or _is_place(token, linked)]
    if any(linked.covered(index) for index in phrase):  # beside a column only a name of its own counts
        content = [token for token in content if _is_proper(token, linked)]
    if before not in GROUPERS:
        rows = ROW_NOUNS - PLACES_AND_TIMES if before == "per" else ROW_NOUNS
        content = [token for token in content if token.word not in rows]
    content = [token for token in content if not is_unit(token.word, linked)]
    if not content:
        return []
    words = linked.text[content[0].start : content[-1].end]
    last = content[-1].word
    plural = is_plural(last)
    first = min((mention.first for mention in linked.mentions), default=0)
    proper = any(_is_proper(token, linked) for token in content)
    return [Unresolved(words, before, plural, phrase[-1] < first, proper)]
