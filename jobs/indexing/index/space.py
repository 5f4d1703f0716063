"""How much of the disk an index may take."""

from pathlib import Path

import orjson

from jobs.errors import IndexSpaceUsed
from jobs.indexing.index.checksums import META, segment_names
from jobs.indexing.index.generations import FILE_NAME, SEGMENTS


def live_bytes(place: Path) -> int:
    """Sum what an index holds now: without what the engine is about to remove, or to merge into others."""
    paths = [place / FILE_NAME, place / f"{FILE_NAME}-wal"]
    try:
        meta = orjson.loads((place / SEGMENTS / META).read_bytes())
        paths += [place / SEGMENTS / name for names in segment_names(meta) for name in names]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # nothing is committed yet
    total = 0
    for path in paths:
        if path.exists():
            total += path.stat().st_size
    return total


def check_space(place: Path, most_bytes: int | None, name: str, *, besides: int = 0) -> None:
    """Refuse an index that has become larger than it may be, with so many bytes that lie beside it.

    Raises
    ------
    IndexSpaceUsed
        It has; what is committed stays, and is searched.
    """
    if most_bytes is None:
        return
    used = live_bytes(place) + besides
    if used > most_bytes:
        raise IndexSpaceUsed(
            f"The index {name!r} takes {used:,} bytes on the disk, and {most_bytes:,} are left for it within "
            "your limit. What is in it so far is whole and can be searched. Remove another index or one of "
            "this one's sources, or index less, and start the job again: it goes on from here."
        )
