"""Finds the passages whose vectors are nearest to one: exactly, by comparing it with all of them.

Made for the process that answers HTTP. The vectors are mapped into memory, not read: what is asked often
stays in the cache of the system.
"""

import heapq
import math
import mmap
import sqlite3
import threading
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from jobs.indexing.vectors.embedder import NUMBER_BYTES, dimension_of
from jobs.indexing.vectors.layout import About, about, file_of, folder_of, missing, reading

BLOCK_BYTES: Final = 12_000_000  # compared at one go: a few milliseconds, in which nothing else goes on
OPEN_FILES: Final = 16
GROWTH: Final = 4
NOBODY: Final = -1  # the key of a place that was given up
FAR: Final = 10.0  # beyond the greatest distance, 2
STRIP_PLACES: Final = 64


@dataclass(frozen=True)
class Near:
    """A passage, by the number of its document and its place in it; `print` is of its text then."""

    key: int
    ord: int
    print: bytes


@dataclass(frozen=True)
class Found:
    """The nearest passages, the nearest first, and how many passages of the index have no vector."""

    passages: tuple[Near, ...]
    missing: int


class NoVectors(Exception):
    """An index cannot be searched by meaning; the text says why, and what to do."""


def nearest(
    index: Path, model: str, vector: bytes, *, most: int, documents: Collection[int] | None = None
) -> Found:
    """Find the passages whose vectors are nearest to a vector of the same model, by their angle.

    Parameters
    ----------
    most : int, at least 1
        How many; fewer only where there are no more.
    documents : collection of int, optional
        Only passages of these, by their keys.

    Raises
    ------
    NoVectors
        There are none of this model, or they are damaged.
    """
    try:
        with reading(index) as database:
            state = about(database)
            if state.model == model and state.dimension == 0:
                return Found((), missing(database))
            if (state.model, state.dimension) != (model, dimension_of(vector)):
                raise NoVectors(f"the vectors are of another model or make; {_REMEDY}")
            places = _Places(database, _opened(folder_of(index), state), state)
            return Found(tuple(places.nearest(vector, most, documents)), missing(database))
    except FileNotFoundError as error:
        raise NoVectors(f"there are no vectors yet; {_REMEDY}") from error
    except (sqlite3.Error, OSError, ValueError, TypeError) as error:
        raise NoVectors(f"the vectors are damaged; {_REMEDY}") from error


_REMEDY: Final = "an indexing job on this index makes them"


@dataclass
class _Mapped:
    """A file of vectors in memory, with the documents' keys of its places as far as somebody has asked."""

    identity: tuple[int, int]
    view: memoryview
    keys: "array[int]" = field(default_factory=lambda: array("q"))
    removals: int = -1  # at which count the keys were read
    lock: threading.Lock = field(default_factory=threading.Lock)


_mapped: OrderedDict[Path, _Mapped] = OrderedDict()  # a cache: bounded, and checked at each use
_mapped_lock = threading.Lock()


def let_go(index: Path) -> None:
    """Forget the vectors of an index that was removed or renamed."""
    with _mapped_lock:
        for path in [path for path in _mapped if path.parent == folder_of(index)]:
            del _mapped[path]


def _opened(folder: Path, state: About) -> _Mapped:
    """Map the file that counts, anew where it has grown or is another."""
    path = file_of(folder, state.file)
    needed = state.places * state.dimension * NUMBER_BYTES
    with path.open("rb") as file, _mapped_lock:
        status = path.stat()
        known = _mapped.get(path)
        if known is None or known.identity != (status.st_dev, status.st_ino):
            known = _Mapped((status.st_dev, status.st_ino), memoryview(b""))
        if len(known.view) < needed:
            known.view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        if min(len(known.view), status.st_size) < needed:  # reading on would end this process
            raise ValueError("the file of vectors is too short")
        for other in [one for one in _mapped if one.parent == folder and one != path]:
            del _mapped[other]  # it was written anew: what is mapped would stay on the disk
        _mapped[path] = known
        _mapped.move_to_end(path)
        while len(_mapped) > OPEN_FILES:
            _mapped.popitem(last=False)
        return known


class _Places:
    """The vectors of an index as they were when its list of them was opened."""

    def __init__(self, database: sqlite3.Connection, mapped: _Mapped, state: About) -> None:
        self._database, self._state = database, state
        self._view, self._mapped = mapped.view, mapped

    def nearest(self, vector: bytes, most: int, documents: Collection[int] | None) -> list[Near]:
        """Find the nearest passages that are of somebody, and whole."""
        if documents is not None and not documents:
            return []
        distances = self._distances(vector)
        among = None if documents is None else self._places_of(documents)
        wanted = most
        while True:
            places = _smallest(distances, wanted) if among is None else _smallest_of(distances, among, wanted)
            found = self._passages(places)
            if len(found) >= most or len(places) < wanted:
                return found[:most]
            wanted *= GROWTH  # some places are of nobody any more

    def _distances(self, vector: bytes) -> list[float]:
        """Give the distance of every place."""
        # Imported here: it is loaded by the first search of this kind, or never.
        from simsimd import cdist

        size, distances = len(vector), list[float]()
        asked = memoryview(vector).cast("H", shape=[1, dimension_of(vector)])
        step = max(1, BLOCK_BYTES // size)
        for begin in range(0, self._state.places, step):
            count = min(step, self._state.places - begin)
            block = self._view[begin * size : (begin + count) * size]
            table = block.cast("H", shape=[count, dimension_of(vector)])
            found: Any = cdist(asked, table, "cosine", dtype="float16", out_dtype="float32")
            row: list[float] = memoryview(found).tolist()[0]  # type: ignore[assignment]  # a table of one row
            distances += row
        if math.isnan(sum(distances)):  # of a vector that is damaged
            return [FAR if math.isnan(distance) else distance for distance in distances]
        return distances

    def _places_of(self, documents: Collection[int]) -> list[int]:
        return [place for place, key in enumerate(self._keys()) if key in documents]

    def _passages(self, places: list[int]) -> list[Near]:
        rows = self._database.execute(
            "select place, key, ord, print, crc from passages "
            "where place in (select value from json_each(?))",
            (orjson.dumps(places).decode(),),
        )
        known = {place: (key, order, text, crc) for place, key, order, text, crc in rows}
        size = self._state.dimension * NUMBER_BYTES
        found = []
        for place in places:
            if place in known:
                key, order, text, crc = known[place]
                if zlib.crc32(self._view[place * size : (place + 1) * size]) == crc:
                    found.append(Near(key, order, text))
        return found

    def _keys(self) -> "array[int]":
        """Give the document's key of each place: what was known, and what was added since."""
        mapped, state = self._mapped, self._state
        with mapped.lock:
            keys = mapped.keys if mapped.removals == state.removals else array("q")
            if len(keys) != state.places:
                keys = keys[: state.places]
                begin = len(keys)
                keys.extend([NOBODY] * (state.places - begin))
                added = "select place, key from passages where place >= ?"
                for place, key in self._database.execute(added, (begin,)):
                    keys[place] = key
                mapped.keys, mapped.removals = keys, state.removals
            return keys


def _smallest(distances: list[float], most: int) -> list[int]:
    """Give the places of the smallest distances, in their order.

    The distances are cut into strips. The greatest of the `most` smallest minima of strips bounds what is
    sought, as so many are not greater; so all but these few strips need no look at each of their places.
    """
    strips = range(0, len(distances), STRIP_PLACES)
    minima = [min(distances[begin : begin + STRIP_PLACES]) for begin in strips]
    bound = heapq.nsmallest(most, minima)[-1] if len(minima) >= most else FAR
    candidates = [
        (distances[place], place)
        for begin, least in zip(strips, minima, strict=True)
        if least <= bound
        for place in range(begin, min(begin + STRIP_PLACES, len(distances)))
    ]
    return [place for _, place in heapq.nsmallest(most, candidates)]


def _smallest_of(distances: list[float], places: list[int], most: int) -> list[int]:
    """Give those of some places that have the smallest distances, in their order."""
    candidates = zip(map(distances.__getitem__, places), places, strict=True)
    return [place for _, place in heapq.nsmallest(most, candidates)]
