"""Where a page of hits ended, as a text that the next request brings back."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, TypeGuard

import orjson

from jobs.errors import BadInput
from jobs.indexing.search.columns import Value
from jobs.indexing.search.ranking import TOGETHER, Position, Sort

MOST: Final = (1 << 63) - 1


@dataclass(frozen=True)
class Place:
    """How far one index has been shown: the last document, how many of its tier, and at which commit."""

    commit: str
    shown: int = 0
    last: Position | None = None

    @property
    def tier(self) -> int:
        """Give the tier that `shown` counts in."""
        return TOGETHER if self.last is None else self.last.tier


def encode(search: str, places: Sequence[Place]) -> str:
    """Write a cursor for a search, of which `search` is a print."""
    parts = [[one.commit, one.shown, *_spelt(one.last)] for one in places]
    return base64.urlsafe_b64encode(orjson.dumps([search, *parts])).decode().rstrip("=")


def decode(cursor: str, search: str, sort: Sort, indexes: int) -> list[Place]:
    """Read a cursor of a search in one order.

    Raises
    ------
    BadInput
        It is none, or one of another search.
    """
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        found, *parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        places = [_place(part, sort) for part in parts]
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadInput("The cursor is not one of ours; take `next` of a page as it stands.") from error
    if found != search or len(places) != indexes:
        raise BadInput(
            "The cursor belongs to another search; begin without one when the query, a filter, the order or "
            "the indexes have changed."
        )
    return places


def print_of(*parts: object) -> str:
    """Give a print of what a cursor is for."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _spelt(position: Position | None) -> list[object]:
    return [] if position is None else [position.tier, position.value, str(position.key)]


def _place(part: list[object], sort: Sort) -> Place:
    commit, shown, *position = part
    if not isinstance(commit, str) or not _is_number(shown):
        raise TypeError("not a place")
    if not position:
        return Place(commit, shown)
    tier, value, key = position
    if not _is_number(tier) or not _is_of(value, sort) or not isinstance(key, str):
        raise TypeError("not a position")
    number = int(key)
    if not _is_number(number):
        raise TypeError("not a key")
    return Place(commit, shown, Position(tier, value, number))


def _is_of(value: object, sort: Sort) -> TypeGuard[Value]:
    """Tell whether documents can have a value in an order."""
    if sort in ("path", "title"):
        return isinstance(value, str)
    return _is_number(value) or (sort == "relevance" and isinstance(value, float))


def _is_number(value: object) -> TypeGuard[int]:
    """Tell whether a value is a whole number that the engine can take."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST
