"""Indexes opened for searching: each once in this process, as it is at its newest commit.

A search keeps the reader that it began with: whatever is committed, merged, removed or built anew meanwhile,
the files that it reads stay until it is done.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

import orjson
import tantivy

from jobs.errors import BrokenIndex, NotFound
from jobs.indexing.index.checksums import META, segment_names
from jobs.indexing.index.engine import register_analysers
from jobs.indexing.index.faults import broken
from jobs.indexing.index.generations import SEGMENTS, current
from jobs.indexing.index.health import OUTDATED, REMEDY, is_panic, lost_documents
from jobs.indexing.index.stamp import is_searchable
from jobs.indexing.vectors import nearest

OPEN_INDEXES: Final = 16
TEND_SECONDS: Final = 60.0  # for so long files that were replaced stay on the disk
KNOWN_FREQUENCIES: Final = 10_000  # of one index; a word is asked for in several ways by one search
# A commit may remove files between the reading of their list and their opening. Only where nothing was
# committed meanwhile is that damage; commits are far fewer than this while an index is opened.
ATTEMPTS: Final = 50

Stamp = tuple[str, int, int, int]


@dataclass(frozen=True)
class Reader:
    """An index as it was at one commit. `stemmings` has the code of each stemmer in use."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    stamp: Stamp
    stemmings: tuple[str, ...]
    files: tuple[tuple[str, int, int], ...] = ()  # of its segments: path, inode, size
    _subfolders: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    _frequencies: dict[tuple[str, str], int] = field(default_factory=dict, compare=False)

    def frequency(self, name: str, word: str) -> int:
        """Count the entries that have a word in a field: at one commit always the same."""
        known = self._frequencies.get((name, word))
        if known is None:
            known = self.searcher.doc_freq(name, word)
            if len(self._frequencies) >= KNOWN_FREQUENCIES:
                self._frequencies.clear()
            self._frequencies[name, word] = known
        return known

    def subfolders(self, folder: str) -> tuple[str, ...]:
        """List the folders directly below one ("2026/", or "" for the top): at one commit always the same."""
        if folder not in self._subfolders:
            below = (path for path, _ in self.searcher.terms_with_prefix("folder", folder))
            found = (path for path in below if path.count("/", len(folder)) == 1)
            self._subfolders[folder] = tuple(found)
        return self._subfolders[folder]

    @property
    def commit(self) -> str:
        """A name of the commit, the same in all processes of this machine."""
        return blake2b(repr(self.stamp).encode(), digest_size=6).hexdigest()


_readers: OrderedDict[Path, Reader] = OrderedDict()  # a cache: bounded, and checked at each use
_readers_lock = threading.Lock()
_tended: threading.Timer | None = None


def reader(index: Path) -> Reader:
    """Give the newest commit of an index.

    Raises
    ------
    NotFound
        There is no index yet.
    """
    try:
        _, stamp = _newest(index)
    except NotFound:
        let_go(index)
        if (fault := lost_documents(index)) is not None:
            raise broken(fault) from None
        raise
    with _readers_lock:
        known = _readers.get(index)
        if known is not None and known.stamp == stamp:
            _readers.move_to_end(index)
    if known is not None and known.stamp == stamp:
        _refuse_shortened(index, known)
        return known
    fresh = _open(index)
    with _readers_lock:
        _readers[index] = fresh
        while len(_readers) > OPEN_INDEXES:
            _readers.popitem(last=False)
    _tend_later()
    return fresh


def _refuse_shortened(index: Path, opened: Reader) -> None:
    """Refuse an index of which a file has become shorter since it was opened.

    The files are mapped into memory: who reads what is no longer there is ended by the system, and with it
    everything else that this process does.
    """
    for path, inode, size in opened.files:
        try:
            status = os.stat(path)  # noqa: PTH116 - a few times as fast, and every search looks
        except OSError:
            continue  # merged into others: what is mapped stays until it is let go of
        if status.st_ino == inode and status.st_size < size:
            let_go(index)
            raise broken(f"{os.path.basename(path)} has become shorter")  # noqa: PTH119 - as above


def let_go(index: Path) -> None:
    """Forget an index that was removed: its files would stay on the disk for as long as they are open."""
    with _readers_lock:
        _readers.pop(index, None)
    nearest.let_go(index)


def let_go_of_replaced() -> None:
    """Forget indexes that were written or removed since they were opened: their old files take up room."""
    with _readers_lock:
        opened = list(_readers.items())
    for index, known in opened:
        try:
            _, stamp = _newest(index)
        except (NotFound, OSError):
            let_go(index)
            continue
        with _readers_lock:
            if stamp != known.stamp and _readers.get(index) is known:
                del _readers[index]


def _tend_later() -> None:
    """Look in a while after what is open, and so on as long as anything is."""
    global _tended
    with _readers_lock:
        if _tended is None or not _tended.is_alive():
            _tended = threading.Timer(TEND_SECONDS, _tend)
            _tended.daemon = True
            _tended.start()


def _tend() -> None:
    global _tended
    let_go_of_replaced()
    with _readers_lock:
        _tended = None
        if not _readers:
            return
    _tend_later()


def _newest(index: Path) -> tuple[Path, Stamp]:
    """Find the commit that counts; again, if another index took its place at this very moment."""
    while True:
        place = current(index)
        try:
            return place / SEGMENTS, _stamp(place / SEGMENTS)
        except NotFound:
            if current(index) == place:
                raise


def _stamp(folder: Path) -> Stamp:
    """Tell one commit from another: each replaces the file, and an index built anew lies elsewhere."""
    try:
        status = (folder / "meta.json").stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("There is no such index yet; an indexing job makes it.") from error
    return str(folder), status.st_ino, status.st_mtime_ns, status.st_size


def _open(index_folder: Path) -> Reader:
    for attempt in range(ATTEMPTS):
        folder, stamp = _newest(index_folder)
        try:
            return _opened(folder, stamp)
        except ValueError as error:
            unchanged = _newest(index_folder) == (folder, stamp)
            if not is_searchable(folder.parent):
                raise BrokenIndex(f"{OUTDATED} This one cannot search it. {REMEDY}") from error
            if unchanged or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _opened(folder: Path, stamp: Stamp) -> Reader:
    index = tantivy.Index.open(str(folder))
    register_analysers(index)
    index.config_reader(reload_policy="manual")  # no thread that watches: the stamp tells
    searcher = index.searcher()
    stemmings = tuple(code for code, _ in searcher.terms_with_prefix("stemming", ""))
    return Reader(searcher, index.schema, stamp, stemmings, _files(folder))


def _files(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """List the files of the segments as they are now; those of a commit in between are another reader's."""
    found = []
    with suppress(OSError, ValueError, KeyError, TypeError):
        for names in segment_names(orjson.loads((folder / META).read_bytes())):
            for path in (folder / name for name in names):
                status = path.stat()
                found.append((str(path), status.st_ino, status.st_size))
    return tuple(found)


@contextmanager
def damage_explained() -> Iterator[None]:
    """Turn what the engine throws on a damaged index into an error with a remedy."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise broken(str(error)) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise broken("its documents cannot be read") from error
