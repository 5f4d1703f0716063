"""Text that is nearly a number or a date: times. Why it was left as text."""

import re
from collections.abc import Sequence

_TIME = re.compile(r"\d{1,3}:[0-5]\d(:[0-5]\d([.,]\d+)?)?( ?[AaPp][Mm])?")
LEAST_SHARE = 0.9  # of the first values


def reason(values: Sequence[str]) -> str | None:
    """Return why values that are nearly all of one such kind are text, and how to write them; else None."""
    first = values[0]
    if sum(1 for value in values if _TIME.fullmatch(value)) < LEAST_SHARE * len(values):
        return None
    return (
        f"its values are times such as '{first}'; write them as numbers in one unit, such as minutes, to "
        "compare them"
    )
