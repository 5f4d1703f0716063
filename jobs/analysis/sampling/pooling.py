"""Groups that are too many to be compared: the largest, and all others together."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from jobs.errors import UnsuitableData

Floats = NDArray[np.float64]

LEAST_HELD = 0.2  # of the rows, by the largest groups


def require_held(group: str, sizes: Sequence[int], *, most: int) -> None:
    """Refuse a column whose `most` largest groups hold so few rows that "other" would be nearly all.

    Raises
    ------
    UnsuitableData
        With the number of groups and the share.
    """
    held = sum(sorted(sizes, reverse=True)[:most]) / max(1, sum(sizes))
    if len(sizes) > most and held < LEAST_HELD:
        raise UnsuitableData(
            f"Column {group!r} has {len(sizes):,} groups; at most {most} can be compared, and the largest "
            f"{most} hold only {held:.0%} of the rows, so that the others cannot be joined as one. Join "
            "groups that belong together, or keep the ones that matter."
        )


def with_others(
    levels: Sequence[str], values: Mapping[str, Floats], *, most: int
) -> tuple[tuple[str, ...], dict[str, Floats]]:
    """Return at most the `most` largest groups in the order of `levels`, and at the end one of all others.

    Of groups of one size all are kept or none: which of them would be joined would be chance.

    Raises
    ------
    UnsuitableData
        So many groups have the same size that too few larger ones are left.
    """
    sizes = {level: values[level].size for level in levels}
    largest_joined = sorted(sizes.values(), reverse=True)[most]
    kept = {level for level in levels if sizes[level] > largest_joined}
    if sum(sizes[level] for level in kept) < LEAST_HELD * sum(sizes.values()):
        alike = sum(size == largest_joined for size in sizes.values())
        raise UnsuitableData(
            f"There are {len(levels):,} groups, at most {most} can be compared, and {alike} of them have "
            f"{largest_joined:,} values each, so that which of them to join would be chance. Join groups "
            "that belong together, or choose the ones that matter."
        )
    others = [level for level in levels if level not in kept]
    name = f"other ({len(others)} group{'' if len(others) == 1 else 's'})"
    while name in kept:
        name += "'"
    together = np.concatenate([values[level] for level in others])
    largest = tuple(level for level in levels if level in kept)
    return (*largest, name), {**{level: values[level] for level in largest}, name: together}
