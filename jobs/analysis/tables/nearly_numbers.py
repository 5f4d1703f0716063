"""Text that is nearly a number or a date: times, quarters, numbers with a unit. Why it was left as text."""

import re
from collections.abc import Sequence

from jobs.analysis.tables.units import UNITS

_TIME = re.compile(r"\d{1,3}:[0-5]\d(:[0-5]\d([.,]\d+)?)?( ?[AaPp][Mm])?")
_QUARTER = re.compile(r"(\d{4})[-/ ]?[Qq]([1-4])|[Qq]([1-4])[-/ ]?(\d{4})")
_WITH_UNIT = re.compile(r"[-+−]?\d+(?:[.,]\d+)* ?([^\W\d_]{1,5}[²³]?(?:/[^\W\d_]{1,5}[²³]?)?|°[CF])")
LEAST_SHARE = 0.9  # of the first values


def reason(values: Sequence[str]) -> str | None:
    """Return why values that are nearly all of one such kind are text, and how to write them; else None."""
    least = LEAST_SHARE * len(values)
    first = values[0]
    if sum(1 for value in values if _TIME.fullmatch(value)) >= least:
        return (
            f"its values are times such as '{first}'; write them as numbers in one unit, such as minutes, to "
            "compare them"
        )
    if sum(1 for value in values if _QUARTER.fullmatch(value)) >= least:
        return (
            f"its values are quarters such as '{first}'; write the first day of each instead, as 2015-04-01"
        )
    found = [match for value in values if (match := _WITH_UNIT.fullmatch(value))]
    units = {match[1] for match in found}
    unit = units.pop() if len(units) == 1 and len(found) >= least else None
    if unit is not None and (unit.lower() in UNITS or " " in first or "/" in unit):  # no code such as "12A"
        return (
            f"its values are numbers with '{unit}' in each cell, such as '{first}'; write the numbers alone, "
            "and the unit in the column's name"
        )
    return None
