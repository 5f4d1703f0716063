"""Opens an index for writing: list of files and documents, which are worth nothing without each other."""

from pathlib import Path

from jobs.errors import BrokenIndex
from jobs.indexing.engine import Writer, discard
from jobs.indexing.generations import FILE_NAME, SEGMENTS
from jobs.indexing.manifest import Manifest
from jobs.indexing.order import Mode


def open_index(index: Path, mode: Mode) -> tuple[Manifest, Writer]:
    """Open an index, or make it; with mode full also in place of one that is damaged or outdated.

    Raises
    ------
    BrokenIndex
        It is damaged, and `mode` is not full.
    """
    try:
        return _open(index)
    except BrokenIndex:
        if mode != "full":
            raise
    discard(index / SEGMENTS)
    for suffix in ("", "-wal", "-shm"):
        (index / f"{FILE_NAME}{suffix}").unlink(missing_ok=True)
    return _open(index)


def _open(index: Path) -> tuple[Manifest, Writer]:
    segments = index / SEGMENTS
    if not (index / FILE_NAME).exists():
        discard(segments)  # nobody could tell any more what these documents are
    manifest = Manifest(index)
    try:
        return manifest, Writer(segments, new=manifest.empty())
    except BrokenIndex:
        manifest.close()
        raise
