"""Whole numbers of few values: steps of a scale, or codes of groups that have no order.

Means of codes, and correlations with them, say nothing. A name may tell: regions and races are kinds, ratings
and numbers of rooms are steps.
"""

from jobs.analysis.planning.vocabulary import is_plural, synonymous
from jobs.analysis.tables.columns import COUNT_PREFIXES, Column
from jobs.analysis.tables.kinds import KINDS, head_of
from jobs.analysis.tables.measured import words_of_measures
from jobs.analysis.tables.units import listed, words_of

STEPS = frozenset(
    listed(
        "satisfaction csat nps liking severity stage quality pain mood stress agreement importance "
        "difficulty likert intensity frequency confidence trust comfort ease taste flavour flavor acidity "
        "bitterness sweetness body aroma aftertaste balance strength hardness education priority risk "
        "urgency fitness health happiness anxiety fatigue experience knowledge skill performance engagement "
        "enjoyment parity household children people persons cyl cylinder gear carb opinion interest "
        "motivation"
    )
)
GERMAN_STEPS = ("größe", "grösse", "zahl", "stufe", "grad", "note")  # the end of a longer word


def is_code(column: Column) -> bool:
    """Return whether whole numbers stand for kinds without an order, by the column's name."""
    if column.dtype != "integer" or not column.levels or column.distinct <= 2 or _steps(column):
        return False
    return head_of(column.name) in KINDS


def is_steps(column: Column) -> bool:
    """Return whether the name says that the values are steps of a scale, or were counted or measured."""
    return column.dtype != "integer" or _steps(column)


def _steps(column: Column) -> bool:
    words = words_of(column.name)
    if words_of_measures(column.name) or (len(words) > 1 and words[0] in COUNT_PREFIXES):
        return True
    known = STEPS.intersection(words) or any(synonymous(one, w) for w in words for one in ("score", "size"))
    head = head_of(column.name)
    known = known or head.endswith(GERMAN_STEPS)
    return bool(known) or (is_plural(head) and head not in KINDS)
