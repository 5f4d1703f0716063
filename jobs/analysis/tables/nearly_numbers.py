"""Text that is nearly a number or a date: times, numbers in other signs. Why it was left as text."""

import re
from collections.abc import Sequence

_TIME = re.compile(r"\d{1,3}:[0-5]\d(:[0-5]\d([.,]\d+)?)?( ?[AaPp][Mm])?")
_NUMBER = r"\d+(?:[.,]\d+)*"
_FORMS = (
    (_TIME, "are times such as '{}'; write them as numbers in one unit, such as minutes, to compare them"),
    (
        re.compile(r"-?\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?"),
        "are numbers with commas in the Indian way such as '{}'; write them without commas to compare them",
    ),
    (
        re.compile(rf"\({_NUMBER}\)"),
        "stand in brackets such as '{}', each of them; write them with a minus if they are negative numbers, "
        "and without brackets if not",
    ),
    (
        re.compile(rf"{_NUMBER}-?"),
        "have their minus behind them such as '{}'; write it before the number to compare them",
    ),
    (re.compile(r"\d+/\d+"), "are fractions such as '{}'; write them as decimal numbers to compare them"),
)
LEAST_SHARE = 0.9  # of the first values


def reason(values: Sequence[str]) -> str | None:
    """Return why values that are nearly all of one such kind are text, and how to write them; else None."""
    for form, what in _FORMS:
        fitting = [value for value in values if form.fullmatch(value)]
        if len(fitting) >= LEAST_SHARE * len(values):
            shown = next((value for value in fitting if value.endswith("-")), fitting[0])
            return f"its values {what.format(shown)}"
    return None
