"""Whether an index is whole: what a run looks at before it begins, and what a user is told."""

import fcntl
import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import tantivy

from jobs.errors import NotFound
from jobs.indexing.index.checksums import META, damaged_file
from jobs.indexing.index.engine import register_analysers
from jobs.indexing.index.generations import FILE_NAME, SEGMENTS, current, upcoming
from jobs.indexing.index.known_sources import SOURCES, are_lost
from jobs.indexing.index.ownership import LOCK, OWNER
from jobs.indexing.index.seal import broken_seal, is_sealed
from jobs.indexing.index.stamp import is_ours, is_searchable
from jobs.indexing.wording import reason

State = Literal["ok", "damaged", "outdated", "building"]

REMEDY: Final = "Start an indexing job on it: that builds it anew beside the old one, whatever its mode."
REMEDY_OF_SOURCES: Final = "Start an indexing job on each of its sources, with their patterns."
# What a user's look reads of an index that has changed: a second or so. A run reads everything.
LOOK_BYTES: Final = 1_000_000_000
OUTDATED: Final = "It was made by another version of this program."


@dataclass(frozen=True)
class Health:
    """The state of an index, and in words what it means and what to do; None where there is nothing to do.

    An index that is damaged may find less than it holds, or nothing; one that is outdated is searched as it
    is. `building` is one that a run is building, the first time or anew; the old one answers meanwhile.
    """

    state: State
    detail: str | None


def health(index: Path) -> Health:
    """Look at an index: its files are compared with their check sums where they have changed.

    Raises
    ------
    NotFound
        There is none, and no run is making it.
    """
    place, rebuilding = current(index), upcoming(index).exists()
    is_there = (place / FILE_NAME).exists() or (place / SEGMENTS).exists()
    if not (index.is_dir() and (is_there or rebuilding or is_written(index))):
        raise NotFound("There is no such index yet; an indexing job makes it.")
    if rebuilding and is_written(index):
        return Health("building", "It is being built anew; until that is done the old one answers.")
    if not is_there:
        return Health("building", "Its first run has not written anything yet.")
    fault = fault_of(place, most_bytes=LOOK_BYTES)
    if fault is not None and is_written(index):  # what changes under the eyes seems to contradict itself
        fault = _structural_fault(place, LOOK_BYTES)
    if fault is not None:
        return Health("damaged", f"The index is damaged ({fault}). {REMEDY}")
    if are_lost(index) and not is_written(index):
        what = f"{SOURCES} is not as it was written: which files of its sources are meant is lost"
        return Health("damaged", f"The index is damaged ({what}). {REMEDY_OF_SOURCES}")
    if not is_ours(place):
        can = "It can be searched" if is_searchable(place) else "This one cannot search it"
        return Health("outdated", f"{OUTDATED} {can}. {REMEDY}")
    return Health("ok", None)


def lost_documents(index: Path) -> str | None:
    """Say what is wrong with an index that has no documents to be opened; None where it has none yet."""
    place = current(index)
    if not (place / FILE_NAME).exists() or is_written(index):
        return None
    return fault_of(place, most_bytes=0)


def is_written(index: Path) -> bool:
    """Tell whether a run has the index at this moment."""
    if (index / OWNER).exists():
        return True
    try:
        with (index / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def fault_of(place: Path, *, most_bytes: float = math.inf) -> str | None:
    """Say what is wrong with an index that nobody writes; None if nothing is.

    Beyond the check sums, the list of files and the documents are compared: what a crash cannot make of them,
    as every commit of both is announced in the list, is damage. `most_bytes`: see `damaged_file`.
    """
    name = broken_seal(place)
    if name is not None:
        return f"{name} is not as it was written"
    return _structural_fault(place, most_bytes) or _contradiction(place)


def _structural_fault(place: Path, most_bytes: float) -> str | None:
    listed, stored = (place / FILE_NAME).exists(), (place / SEGMENTS / META).exists()
    if not listed:
        return "its list of files is missing" if stored else None
    fault = None if is_sealed(place) else _list_fault(place)
    if fault is None and stored:
        fault = damaged_file(place, most_bytes=most_bytes) or _opening_fault(place / SEGMENTS)
    return fault


def _list_fault(place: Path) -> str | None:
    try:
        with _reading(place) as database:
            (found,) = database.execute("pragma quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return f"its list of files cannot be read: {reason(error)}"
    return None if found == "ok" else f"its list of files is damaged: {found}"


def _opening_fault(segments: Path) -> str | None:
    try:
        opened(segments).searcher()
    except (ValueError, OSError, RuntimeError) as error:
        return f"its documents cannot be opened: {reason(error)}"
    except BaseException as error:
        if not is_panic(error):
            raise
        return "its documents cannot be opened"
    return None


def _contradiction(place: Path) -> str | None:
    """Compare how many passages there should be with how many there are."""
    try:
        with _reading(place) as database:
            if database.execute("select 1 from pending limit 1").fetchone() is not None:
                return None  # the last commit was cut short: the next run makes it good
            (expected,) = database.execute(
                "select coalesce(sum(chunks), 0) from files where status = 'indexed'"
            ).fetchone()
    except sqlite3.Error as error:
        return f"its list of files cannot be read: {reason(error)}"
    stored = (place / SEGMENTS / META).exists()
    found = opened(place / SEGMENTS).searcher().num_docs if stored else 0
    if found != expected:
        return f"it lists {expected:,} passages and holds {found:,}"
    return None


def opened(segments: Path) -> tantivy.Index:
    """Open the documents of an index as they are, whoever made them."""
    found = tantivy.Index.open(str(segments))
    register_analysers(found)
    return found


def is_panic(error: BaseException) -> bool:
    """Tell whether an error is a panic of the engine, which is no Exception and has no public name."""
    return type(error).__name__ == "PanicException"


def _reading(place: Path) -> "closing[sqlite3.Connection]":
    address = f"{(place / FILE_NAME).resolve().as_uri()}?mode=ro"
    return closing(sqlite3.connect(address, uri=True, timeout=10.0))
