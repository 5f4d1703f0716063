"""Which of two values of a column is the one that is spoken of."""

from collections.abc import Sequence

YES = frozenset({"yes", "true", "1", "y", "ja", "oui", "si"})


def says_yes(levels: Sequence[str]) -> bool:
    """Return whether one of the values says yes."""
    return any(level.casefold() in YES for level in levels)


def event_of(levels: Sequence[str], totals: Sequence[int]) -> int:
    """Return the place of the value that says yes, else of the rarer of two values."""
    for place, level in enumerate(levels):
        if level.casefold() in YES:
            return place
    return totals.index(min(totals))
