"""Which of two values of a column is the one that is spoken of."""

from collections.abc import Sequence

from jobs.analysis.tables.units import listed

YES = frozenset({"yes", "true", "1", "y", "ja", "oui", "si"})
# Values that say how something ended, whichever of them is spoken of.
ENDINGS = frozenset(
    listed(
        "success failure succeeded failed pass passed fail died dead alive survived lived cured recovered "
        "relapsed won lost win loss converted churned infected positive negative improved healed hit miss"
    )
)


def is_event(levels: Sequence[str]) -> bool:
    """Return whether two values say whether, or how, something ended: yes and no, success and failure."""
    said = {level.strip().casefold() for level in levels}
    return len(said) == 2 and (bool(said & YES) or bool(said & ENDINGS))


def says_yes(levels: Sequence[str]) -> bool:
    """Return whether one of the values says yes."""
    return any(level.casefold() in YES for level in levels)


def event_of(levels: Sequence[str], totals: Sequence[int]) -> int:
    """Return the place of the value that says yes, else of the rarer of two values."""
    for place, level in enumerate(levels):
        if level.casefold() in YES:
            return place
    return totals.index(min(totals))
