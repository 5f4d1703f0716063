"""Whole numbers of few values: steps of a scale, or codes of groups that have no order.

Means of codes, and correlations with them, say nothing. A name may tell: regions and races are kinds, ratings
and numbers of rooms are steps.
"""

from jobs.analysis.planning.vocabulary import is_plural, synonymous
from jobs.analysis.tables.columns import COUNT_PREFIXES, Column
from jobs.analysis.tables.measured import words_of_measures
from jobs.analysis.tables.units import listed, words_of

KINDS = frozenset(
    listed(
        "race ethnicity ethnic eth nationality origin tribe religion denomination party language gender sex "
        "region district zone state country county province continent city town village location loc branch "
        "site centre center clinic hospital ward school store shop department dept division team company "
        "group grp arm treatment trt condition cond diet drug variety species breed strain genotype brand "
        "block plot field tank cage litter batch lot line machine operator shift rater reader judge cluster "
        "stratum strata segment cohort category cat class type kind status occupation job industry sector "
        "profession channel source route colour color make model diagnosis cause reason method mode code"
    )
)
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
NUMBERS = frozenset(listed("code codes id no nr num number"))  # "region code", "site no"


def is_code(column: Column) -> bool:
    """Return whether whole numbers stand for kinds without an order, by the column's name."""
    if column.dtype != "integer" or not column.levels or column.distinct <= 2 or _steps(column):
        return False
    return _head(column) in KINDS


def is_steps(column: Column) -> bool:
    """Return whether the name says that the values are steps of a scale, or were counted or measured."""
    return column.dtype != "integer" or _steps(column)


def _steps(column: Column) -> bool:
    words = words_of(column.name)
    if words_of_measures(column.name) or (len(words) > 1 and words[0] in COUNT_PREFIXES):
        return True
    known = STEPS.intersection(words) or any(synonymous(one, w) for w in words for one in ("score", "size"))
    head = _head(column)
    known = known or head.endswith(GERMAN_STEPS)
    return bool(known) or (is_plural(head) and head not in KINDS)


def _head(column: Column) -> str:
    """Return what a name is about: "arm" of `treatment_arm`, "region" of `region_code`."""
    words = [word for word in words_of(column.name) if word not in NUMBERS and not word.isdigit()]
    if "of" in words[1:]:
        words = words[: words.index("of")]
    return words[-1] if words else "code" if "code" in words_of(column.name) else ""
