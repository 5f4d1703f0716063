"""Where a page of hits ended, as a text that the next request brings back."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from jobs.errors import BadInput
from jobs.indexing.search.ranking import TOGETHER, Position


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


def decode(cursor: str, search: str, indexes: int) -> list[Place]:
    """Read a cursor.

    Raises
    ------
    BadInput
        It is none, or one of another search.
    """
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        found, *parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        places = [_place(part) for part in parts]
    except (ValueError, TypeError, IndexError, binascii.Error) as error:
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


def _place(part: list[object]) -> Place:
    commit, shown, *position = part
    if not isinstance(commit, str) or not isinstance(shown, int):
        raise TypeError("not a place")
    if not position:
        return Place(commit, shown)
    tier, value, key = position
    if not isinstance(tier, int) or not isinstance(value, int | float | str) or not isinstance(key, str):
        raise TypeError("not a position")
    return Place(commit, shown, Position(tier, value, int(key)))
