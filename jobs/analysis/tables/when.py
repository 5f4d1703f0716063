"""Words that say when something was measured, and names in the order of time. Standard library only."""

from collections.abc import Mapping, Sequence

from jobs.analysis.tables.units import listed, words_of

_EARLY = frozenset({"before", "pre", "baseline", "initial", "start", "begin", "beginning", "t0", "entry"})
_MIDDLE = frozenset({"during", "mid", "midterm", "interim"})
_LATE = frozenset({"after", "post", "followup", "final", "end", "exit", "discharge"})
WHEN: Mapping[str, int] = {
    **dict.fromkeys(_EARLY, 0),
    **dict.fromkeys(_MIDDLE, 1),
    **dict.fromkeys(_LATE, 2),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PARTS = (("morning", "noon", "afternoon", "evening", "night"), ("spring", "summer", "autumn", "winter"))
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_OCCASIONS = frozenset(
    listed(
        "time times timepoint occasion visit wave year month week day date hour minute session trial period"
    )
)
# Whole words, or the three letters with which names of months and days begin.
_CYCLES = (_MONTHS, _DAYS, *_PARTS, _ORDINALS)


def in_time(names: Sequence[str]) -> tuple[str, ...]:
    """Return `names` in the order of time where all tell it, else as they are.

    "post", "pre" become "pre", "post"; "week 4", "baseline" become "baseline", "week 4";
    names of months and days go in the order of the calendar. Dates and numbers are expected in their order.
    """
    for places in (_by_words(names), *(_by_cycle(names, cycle) for cycle in _CYCLES)):
        if places is not None and len(set(places)) > 1:
            return tuple(name for _, _, name in sorted(zip(places, range(len(names)), names, strict=True)))
    return tuple(names)


def are_times(names: Sequence[str], column: str = "") -> bool:
    """Return whether the names say when something was measured, or the name of the column that holds them
    does.

    "pre", "post"; "week 1", "week 4"; Monday to Sunday; or any values of a column such as `visit` or
    `timepoint`.
    """
    if _OCCASIONS.intersection(words_of(column)):
        return True
    if any(
        places is not None for places in (_by_words(names), *(_by_cycle(names, one) for one in _CYCLES[:-1]))
    ):
        return True
    # "week 1" and "week 4": a period with its number.
    return all(
        _OCCASIONS.intersection(words_of(name)) and any(map(str.isdigit, words_of(name))) for name in names
    )


def _by_words(names: Sequence[str]) -> list[int] | None:
    """Return 0 for early, 1 for neither, 2 for late; None where a name tells nothing of time."""
    found = [_when(name) for name in names]
    timed = [place for place in found if place is not None]
    numbered = all(
        place is not None or any(word.isdigit() for word in words_of(name))
        for place, name in zip(found, names, strict=True)
    )
    if not timed or not numbered:
        return None
    return [1 if place is None else place for place in found]


def _when(name: str) -> int | None:
    words = words_of(name)
    joined = "".join(words)  # "follow-up"
    found = {WHEN[word] for word in (*words, joined) if word in WHEN}
    return found.pop() if len(found) == 1 else None


def _by_cycle(names: Sequence[str], cycle: Sequence[str]) -> list[int] | None:
    shown = [name.strip().casefold() for name in names]
    if len(cycle[0]) == len(cycle[1]) == 3:
        shown = [name[:3] if name[:3] in cycle and name.isalpha() else "" for name in shown]
    return [cycle.index(name) for name in shown] if set(shown) <= set(cycle) else None
