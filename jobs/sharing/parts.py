"""What is shared of an index, and how each of its files is told from what it was before."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from jobs.indexing.durable import clear
from jobs.indexing.index.generations import CHECKED, FILE_NAME, SEGMENTS, STAMP, current
from jobs.indexing.index.known_sources import SOURCES
from jobs.indexing.sources.archives import FOLDER as ARCHIVES
from jobs.indexing.vectors.layout import FOLDER as VECTORS
from jobs.sharing.heads import Blob
from jobs.sharing.notes import Seen, seen_at

DATABASE_SUFFIX: Final = ".db"
VECTOR_SUFFIXES: Final = (DATABASE_SUFFIX, ".f16")
# Files of the segments that change in place; every other is written once, under a name that no other has.
CHANGING: Final = frozenset({"meta.json", ".managed.json"})


def shared_parts(index: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file that is shared of an index: its name, and where it lies."""
    place = current(index)
    for name in (FILE_NAME, STAMP, CHECKED):
        if (place / name).exists():
            yield name, place / name
    for path in sorted((place / SEGMENTS).glob("*")) + sorted((place / SEGMENTS).glob(".managed.json")):
        if not path.name.endswith(".lock"):
            yield f"{SEGMENTS}/{path.name}", path
    vectors = sorted(path for path in (index / VECTORS).glob("*") if path.suffix in VECTOR_SUFFIXES)
    for path in [index / SOURCES, *sorted((index / ARCHIVES).rglob("*")), *reversed(vectors)]:
        if path.is_file():
            yield path.relative_to(index).as_posix(), path


def clear_journal(place: Path) -> None:
    """Remove what a killed writer has left beside a database: it is of what is replaced now."""
    if place.suffix == DATABASE_SUFFIX:
        for suffix in ("-wal", "-shm", "-journal"):
            clear(place.with_name(f"{place.name}{suffix}"))


def is_of_generation(path: str) -> bool:
    """Tell whether a file is of what is built anew beside what answers, or lies beside all generations."""
    return path in (FILE_NAME, STAMP, CHECKED) or path.startswith(f"{SEGMENTS}/")


def is_kept(path: str, old: Path, blob: Blob) -> bool:
    """Tell whether a segment is here already, as it was written once."""
    is_segment = path.startswith(f"{SEGMENTS}/") and path.rpartition("/")[2] not in CHANGING
    seen = seen_at(old / path) if is_segment else None
    return seen is not None and seen[0] == blob.bytes


def version(place: Path) -> Seen:
    """Return what changes whenever a file does; of the list of files also when its journal does."""
    size, mtime_ns = seen_at(place) or (0, 0)
    if place.suffix == DATABASE_SUFFIX and (journal := seen_at(place.with_name(f"{place.name}-wal"))):
        return size + journal[0], max(mtime_ns, journal[1] if journal[0] else 0)
    return size, mtime_ns


@contextmanager
def snapshot(database: Path, target: Path) -> Iterator[Path]:
    """Yield a copy of a database as it is now, with what its journal holds."""
    clear(target)
    try:
        with (
            closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("pragma journal_mode = delete")
        yield target
    finally:
        clear(target)
