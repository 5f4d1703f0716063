"""The order in which documents are shown, page by page.

By relevance, documents that have what is sought in one passage come first, by their best passage; after them
those that have it in different places, by the weight of the words found. What is equal is ordered by the
document's number, so that the order at one commit is always the same, and a page begins exactly where the one
before ended.
"""

from dataclasses import dataclass
from typing import Final, Literal

import tantivy

from jobs.indexing.search.columns import COLUMNS, Column, ColumnSort, Value
from jobs.indexing.search.matching import Question

Sort = Literal["relevance", ColumnSort]

FIRST: Final = 100  # the best hits of almost every query lie among these
GROWTH: Final = 10
TOGETHER, SCATTERED = 0, 1


@dataclass(frozen=True)
class Position:
    """A place in the order of documents: `tier` 0 before 1, then by value, then by key."""

    tier: int
    value: Value
    key: int


@dataclass(frozen=True)
class Ranked:
    """A document in its place, and its best passage by relevance, or else its first."""

    position: Position
    address: tantivy.DocAddress


def ranked(question: Question, sort: Sort, after: Position | None, wanted: int) -> list[Ranked]:
    """Give the documents that follow a position, in their order.

    Parameters
    ----------
    after : Position, optional
        Of the last document before; None begins with the first.
    wanted : int, at least 1
        How many; fewer only where there are no more.
    """
    if sort != "relevance":
        last = None if after is None else (after.value, after.key)
        shown = Column(question, sort).following(last, wanted)
        return [Ranked(Position(TOGETHER, one.value, one.key), one.address) for one in shown]
    found: list[Ranked] = []
    best = _Stream(question, question.passages, TOGETHER)
    if after is None or after.tier == TOGETHER:
        found = best.following(after, wanted)
    if len(found) < wanted and question.is_scattered:
        rest = _Stream(question, question.documents, SCATTERED, without=best.keys())
        later = after if after is not None and after.tier == SCATTERED else None
        found += rest.following(later, wanted - len(found))
    return found


def precedes(one: Position, other: Position, sort: Sort) -> bool:
    """Tell whether a position comes before another."""
    if one.tier != other.tier:
        return one.tier < other.tier
    if one.value != other.value:
        return (one.value > other.value) == greatest_first(sort)  # type: ignore[operator]  # of one type
    return one.key < other.key


def greatest_first(sort: Sort) -> bool:
    """Tell whether an order begins with the greatest value."""
    return sort == "relevance" or COLUMNS[sort][1]


class _Stream:
    """The documents that answer one engine query, in the order of their scores."""

    def __init__(
        self,
        question: Question,
        asked: tantivy.Query,
        tier: int,
        *,
        without: frozenset[int] = frozenset(),
    ) -> None:
        self._question = question
        self._asked = asked
        self._tier = tier
        self._without = without
        self._asked_before: dict[int, tuple[list[Ranked], bool]] = {}
        self._checked = tier == TOGETHER and question.is_loose

    def following(self, after: Position | None, wanted: int) -> list[Ranked]:
        """Give the documents after a position."""
        limit = max(FIRST, wanted)
        while True:
            found, is_all = self._best(limit)
            rest = [one for one in found if one.position.key not in self._without]
            if after is not None:
                rest = [one for one in rest if precedes(after, one.position, "relevance")]
            if self._checked and rest:
                rest = self._confirmed(rest, wanted)
            if is_all or len(rest) >= wanted:
                return rest[:wanted]
            limit *= GROWTH

    def keys(self) -> frozenset[int]:
        """Give the keys of all documents that match in one passage."""
        keys = [one.position.key for one in self._all()]
        return frozenset(keys)

    def _all(self) -> list[Ranked]:
        limit = max(self._asked_before, default=FIRST)
        while True:
            found, is_all = self._best(limit)
            if is_all:
                return found
            limit *= GROWTH

    def _confirmed(self, found: list[Ranked], wanted: int) -> list[Ranked]:
        """Keep the documents that match as a whole, the first of them at least."""
        kept: list[Ranked] = []
        step = 2 * wanted
        for begin in range(0, len(found), step):
            part = found[begin : begin + step]
            right = self._question.matching([one.position.key for one in part])
            kept += [one for one in part if one.position.key in right]
            if len(kept) >= wanted:
                break
        return kept

    def _best(self, limit: int) -> tuple[list[Ranked], bool]:
        if limit not in self._asked_before:
            self._asked_before[limit] = self._looked_up(limit)
        return self._asked_before[limit]

    def _looked_up(self, limit: int) -> tuple[list[Ranked], bool]:
        """Give documents by their best entry among the first `limit`, and whether these are all.

        The last of equal value are left out where more may follow, for their order is not known yet.
        """
        hits, matching = self._question.best(self._asked, limit)
        keys = self._question.reader.searcher.fast_field_values("key", [address for _, address in hits])
        best: dict[int, Ranked] = {}
        for key, (value, address) in zip(keys, hits, strict=True):
            if key not in best:
                best[int(key or 0)] = Ranked(Position(self._tier, value, int(key or 0)), address)
        found = list(best.values())
        is_all = matching <= limit
        if not is_all:
            last = hits[-1][0]
            found = [one for one in found if one.position.value != last]
        return self._tidied(found), is_all

    def _tidied(self, found: list[Ranked]) -> list[Ranked]:
        """Order what is equal by its key; the rest is in order already."""
        found.sort(key=lambda one: one.position.key)
        found.sort(key=_value, reverse=True)
        return found


def _value(one: Ranked) -> Value:
    return one.position.value
