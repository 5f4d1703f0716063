"""One page from the hits of several indexes. docs/decisions/0012-several-indexes.md says why in this way."""

from collections.abc import Sequence

from jobs.indexing.search.cursors import Place
from jobs.indexing.search.ranking import Position, Ranked, Sort, precedes


def merged(
    streams: Sequence[Sequence[Ranked]], places: Sequence[Place], sort: Sort, limit: int
) -> tuple[list[tuple[int, Ranked]], list[Place], bool]:
    """Merge what several indexes have found.

    Parameters
    ----------
    streams : sequence of sequence of Ranked
        Of each index what follows its place, at least `limit` + 1 documents if there are so many.
    places : sequence of Place
        How far each index has been shown.

    Returns
    -------
    tuple
        The page, each document with the number of its index; how far each index has been shown with it; and
        whether nothing follows.
    """
    taken = [0] * len(streams)
    current = list(places)
    page: list[tuple[int, Ranked]] = []
    while len(page) < limit:
        heads = [
            (number, stream[taken[number]])
            for number, stream in enumerate(streams)
            if taken[number] < len(stream)
        ]
        if not heads:
            break
        number, best = heads[0]
        for other, candidate in heads[1:]:
            if _goes_first((candidate, current[other]), (best, current[number]), sort):
                number, best = other, candidate
        page.append((number, best))
        taken[number] += 1
        current[number] = Place(current[number].commit, _rank(best, current[number]), best.position)
    is_last = all(count >= len(stream) for count, stream in zip(taken, streams, strict=True))
    return page, current, is_last


def _goes_first(one: tuple[Ranked, Place], other: tuple[Ranked, Place], sort: Sort) -> bool:
    """Tell whether a document of a later index goes before one of an earlier index."""
    (candidate, its_place), (best, best_place) = one, other
    if sort == "relevance":
        ranks = _rank(candidate, its_place), _rank(best, best_place)
        return (candidate.position.tier, ranks[0]) < (best.position.tier, ranks[1])
    # Without regard to keys, which are of each index alone: of equals the earlier index goes first.
    return precedes(_keyless(candidate.position), _keyless(best.position), sort)


def _rank(next_one: Ranked, place: Place) -> int:
    """Count a document's rank among those of its index and tier, from 1."""
    return place.shown + 1 if place.last is None or place.tier == next_one.position.tier else 1


def _keyless(position: Position) -> Position:
    return Position(position.tier, position.value, 0)
