"""Months that are written like numbers, "01.2021", "2021.01", "202101": when they are meant as months."""

import re
from collections.abc import Sequence
from itertools import pairwise
from math import gcd

from jobs.analysis.tables.units import listed, words_of

# How each form looks, and which of its groups is the year.
FORMS = {
    "%m.%Y": (re.compile(r"(0?[1-9]|1[0-2])\.((?:1[89]|20)\d\d)"), 2),
    "%Y.%m": (re.compile(r"((?:1[89]|20)\d\d)\.(0[1-9]|1[0-2])"), 1),
    "%Y%m": (re.compile(r"((?:1[89]|20)\d\d)(0[1-9]|1[0-2])"), 1),
}
LEAST_MONTHS = 3  # different ones, from which steps are regular
LEAST_FILLED = 0.75  # of the months between the first and the last: a series may lack some
ENOUGH = 8  # different values with a point that are all months are no numbers: two in a hundred would be
_ENDS_OF_NAMES = ("month", "months", "monat", "monate", "monats", "date", "datum", "zeitraum", "mois", "mes")
_NAMES = frozenset(listed("time zeit period periode ym yyyymm mmyyyy fecha when wann"))
_IDS = frozenset(listed("id ids no nr number code index key sku serial plz zip postcode"))


def form_of(name: str, values: Sequence[str]) -> str | None:
    """Return the form of months in which all `values` of a column are written, where months are meant.

    The name of the column tells, a leading zero ("01.2021"), steps of one length from month to month, or many
    different values: of numbers with four decimals, some would be no months. A rate of 1.2021 is none, for
    the month would always be the same.
    """
    return next((form for form in FORMS if _fits(form, values) and _is_meant(form, name, values)), None)


def may_be(name: str, values: Sequence[str]) -> str | None:
    """Return the first of values that are numbers and look like months under a name of times; else None.

    "2021.1" beside "2021.09" is October in a program that has dropped its zero.
    """
    if not _is_time(name):
        return None
    fits = [value for value in values if any(look.fullmatch(value) for look, _ in FORMS.values())]
    return fits[0] if 2 * len(fits) >= len(values) and len(set(fits)) > 1 else None


def _fits(form: str, values: Sequence[str]) -> bool:
    look = FORMS[form][0]
    return bool(values) and all(look.fullmatch(value) for value in values)


def _is_meant(form: str, name: str, values: Sequence[str]) -> bool:
    if _is_time(name):
        return True
    if set(words_of(name)) & _IDS:
        return False
    found = sorted({_month(form, value) for value in values})
    several = len({month % 12 for month in found}) > 1
    if not several or len(found) < LEAST_MONTHS:
        return False
    if form == "%m.%Y" and any(value.startswith("0") for value in values):
        return True
    return _is_regular(found) or (form != "%Y%m" and len(found) >= ENOUGH)


def _month(form: str, value: str) -> int:
    """Return which month a value is, counted from the year 0."""
    look, year = FORMS[form]
    match = look.fullmatch(value)
    return 12 * int(match[year]) + int(match[3 - year]) - 1 if match else 0


def _is_regular(found: Sequence[int]) -> bool:
    """Return whether nearly all months from the first to the last are there, one, three or six apart."""
    steps = [later - earlier for earlier, later in pairwise(found)]
    step = gcd(*steps)
    return step <= 6 and len(found) >= LEAST_FILLED * ((found[-1] - found[0]) // step + 1)


def _is_time(name: str) -> bool:
    words = words_of(name)
    return any(word.endswith(_ENDS_OF_NAMES) or word in _NAMES for word in words)
