"""Amounts as they are written in a question: "250k", "$0.3m", "1.3e2", "310 thousand"."""

import re
from collections.abc import Sequence

DIGITS = r"\d+(?:[.,]\d+)*(?:e[-+]?\d+)?"
_WORDS = r"k|thousand|million|mio|mln|mn|billion|bn"
# A bare "m" is a million after a sign of money, and metres anywhere else.
SCALE = rf"{_WORDS}|(?(money)m|(?!))"
SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    **dict.fromkeys(("million", "mio", "mln", "mn", "m"), 1e6),
    **dict.fromkeys(("billion", "bn"), 1e9),
}
# After a number that would be cut off by what is not read.
NOT_CUT = r"(?!\w|[.,]\d)"
UNREAD = re.compile(
    rf"^\W{{0,2}}(?:{_WORDS}|hundreds?|thousands|millions|grand|dozens?|trillion|lakhs?|crores?)(?!\w)"
)
# Columns whose unit is a thousand or a million of something.
_SCALED = re.compile(r"^(?:k(?:eur|usd|gbp|chf|euro|dollar)s?|tsd|teur|thousands?|meur|musd|mio|millions?)$")


def in_scaled_unit(words: Sequence[str]) -> bool:
    """Return whether the words of a column's name say that it counts thousands or millions."""
    return any(_SCALED.match(word) for word in words)
