"""Find what a question wants explained where it says neither "predict" nor "affect".

A yes or no by two or more columns ("survival by class and sex"), and a count in words ("the number of visits
by clinic", "how many clicks does the spend lead to").
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning.asking import CAUSE
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.predicting_words import MODEL
from jobs.analysis.planning.readings import first_explains, is_grouping, is_measured
from jobs.analysis.planning.vocabulary import is_plural, synonymous
from jobs.analysis.tables.columns import COUNT_PREFIXES, Column
from jobs.analysis.tables.events import says_yes
from jobs.analysis.tables.measured import words_of_measures
from jobs.analysis.tables.units import UNIT_WORDS, UNITS, words_of

Explained = tuple[Column, tuple[Column, ...]]  # what is explained, and by which columns

COUNT_OF = re.compile(r"\b(?:how (?:many|often)|(?:numbers?|counts?) of)(?: (?:the|all|my|our|their))*\W*$")
# Between a count and what it goes by: "visits by clinic", "clicks does each channel bring".
_BY = re.compile(
    r"\b(?:by|across|per|each|every|depend\w* (?:up)?on|as a function of|according to)\b|~|"
    r"^\W*(?:do|does|did|has|have|had|can|will)\W+(?:(?:the|a|an|our|my)\W+)*$"
)
# Means are compared, or a correlation measured, of counts as of any other number.
_OTHERWISE = re.compile(
    r"\bdiffer|\bcompar|\b(?:than|more|fewer|less|most|fewest|least|same|gap|matters?)\b|\bhigh|\blow|"
    r"\bvar(?:y|ies)\b|\bcorrelat|\brelat|\bassociat|\blink|\b(?:mean|average|median|typical)"
)
# A yes or no goes by what stands after these words.
_EVENT_BY = re.compile(
    r"\b(?:by|across|per|between|for each|depend\w* (?:up)?on|differs? (?:between|by)|"
    r"var(?:y|ies) (?:with|by|between)|as a function of)\b|~"
)
_JOINED = re.compile(
    r"\W*(?:(?:and|or|by|across|between|as well as|plus|then|also|both|the|for|each|their|its)\W+)*"
)


def of_event(linked: Linked, names: Sequence[Column]) -> Explained | None:
    """Return the yes or no that goes by two or more columns named after it; None for any other question.

    No column may be named by a single value, which may select rows.
    """
    if len(names) < 3 or _by_value(linked):
        return None
    outcome, others = names[0], tuple(names[1:])
    yes_or_no = outcome.distinct == 2 and (outcome.role == "boolean" or says_yes(outcome.levels))
    if not yes_or_no or not all(map(_explains, others)):
        return None
    parts = [linked.between(one, two) for one, two in pairwise(names)]
    together = all(_JOINED.fullmatch(part + " ") for part in parts[1:])
    return (outcome, others) if _EVENT_BY.search(parts[0]) and together else None


def of_count(linked: Linked, names: Sequence[Column]) -> Explained | None:
    """Return the count that a question asks for by name, and what it goes by; None for any other question.

    The count is named first, or after "affects": "hours by the number of replies" explains the hours.
    """
    text = linked.without_names()
    if len(names) < 2 or _by_value(linked) or _OTHERWISE.search(text):
        return None
    between = linked.between(names[0], names[1])
    last = len(names) == 2 and CAUSE.search(text) and first_explains(text, between)
    count, others = (names[1], (names[0],)) if last else (names[0], tuple(names[1:]))
    if not asks_count(linked, count) or any(asks_count(linked, column) for column in others):
        return None
    asked = last or MODEL.search(text) or (not first_explains(text, between) and _BY.search(between))
    return (count, others) if asked and all(map(_explains, others)) else None


def asks_count(linked: Linked, column: Column) -> bool:
    """Return whether the words ask how many there are of what a column of counts holds."""
    if not holds_counts(column):
        return False
    text = linked.without_names()
    own = [m for m in linked.mentions if m.best.column.name == column.name]
    return any(
        COUNT_OF.search(text[: linked.tokens[m.first].start])
        or re.match(r"(?:how (?:many|often)|numbers? of|counts? of)\b", m.words.lower())
        for m in own
    )


def holds_counts(column: Column) -> bool:
    """Return whether a column may count something, by its name and its range.

    Whole numbers from 0 or 1 upwards that have no unit. "Days" alone are counted, `days_on_market` measured.
    """
    words = words_of(column.name)
    few = column.role == "ordinal" and is_plural(words[-1] if words else "") and not is_rated(column)
    whole = column.dtype == "integer" and (column.role == "number" or few) and (column.low or 0.0) >= 0.0
    if not whole or column.unit is not None:
        return False
    if named_as_count(column):
        return True
    measured = words_of_measures(column.name) or any(word in UNITS or word in UNIT_WORDS for word in words)
    return not measured or words == ("days",)


def counts_things(column: Column) -> bool:
    """Return whether whole numbers from 0 have the name of several things, as days of absence and falls "
    "have."""
    words = words_of(column.name)
    return column.low == 0 and bool(words) and is_plural(words[-1]) and holds_counts(column)


def is_rated(column: Column) -> bool:
    """Return whether the name is that of ratings or marks, which are no counts."""
    rated = ("score", "rating", "satisfaction")
    return any(synonymous(one, word) for word in words_of(column.name) for one in rated)


def named_as_count(column: Column) -> bool:
    """Return whether the name says that whole numbers were counted: `n_replies`, `number of alarms`."""
    words = words_of(column.name)
    counted = len(words) > 1 and words[0] in COUNT_PREFIXES and column.unit is None
    return counted and column.dtype == "integer" and column.role == "number" and (column.low or 0.0) >= 0.0


def _explains(column: Column) -> bool:
    if is_grouping(column):
        return column.distinct <= MOST_GROUPS
    return column.role == "number" and is_measured(column)


def _by_value(linked: Linked) -> bool:
    return any(mention.best.value is not None for mention in linked.mentions)
