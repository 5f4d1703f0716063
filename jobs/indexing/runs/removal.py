"""Takes a whole source out of an index."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from jobs.indexing.index.engine import Writer
from jobs.indexing.index.fencing import take_fence
from jobs.indexing.index.generations import SEGMENTS, current, exists, upcoming
from jobs.indexing.index.health import fault_of
from jobs.indexing.index.known_sources import forget_sources
from jobs.indexing.index.manifest import Manifest
from jobs.indexing.index.ownership import Holds, busy, discard_run, exclusive, no_other, owner
from jobs.indexing.index.stamp import is_ours
from jobs.indexing.runs import ledger
from jobs.indexing.runs.remains import withdraw
from jobs.indexing.runs.updates import Updates
from jobs.indexing.sources.archives import forget_archives
from jobs.indexing.vectors.filling import forget_source as forget_vectors


def remove_source(index: Path, source: str, *, holds: Holds = no_other) -> int:
    """Take every document of a source out of an index; return how many these were.

    An index or a source that does not exist is nothing to do. Nothing stays known of the files; the index may
    remain empty. One that is damaged or outdated gives up what it can, and the rest when it is built anew. A
    run that is spread over another source is not disturbed.

    Parameters
    ----------
    holds : callable
        Whether an earlier run on this source, by its name, still goes on. One that does not is discarded.

    Raises
    ------
    IndexBusy
        The index is being written, or a run on this source still goes on.
    Unavailable
        The disk is full.
    """
    if not exists(index):
        return 0
    found = owner(index)
    if found is not None and source in found.sources:
        if holds(found.run):
            raise busy(None)
        discard_run(index, found.run)
    with exclusive(index):
        check = take_fence(index)
        forget_sources(index, [source])  # first: whatever happens now, no new index takes it over
        documents = _take_out(current(index), source, check)
        if upcoming(index).exists():
            _take_out(upcoming(index), source, check)
        forget_vectors(index, source)
    forget_archives(index, source)
    ledger.forget_source(index, source)
    return documents


def _take_out(place: Path, source: str, check: Callable[[], None]) -> int:
    if not is_ours(place) or fault_of(place) is not None:
        return withdraw(place, source)
    with (
        closing(Manifest(place)) as manifest,
        closing(Writer(place / SEGMENTS, new=manifest.empty())) as writer,
    ):
        update = Updates(manifest, writer, (source,), check=check)
        part = update.part(source)
        documents = sum(row.status == "indexed" for row in part.rows.values())
        update.recover()
        for path in list(part.rows):
            part.remove(path)
        update.commit()
        manifest.forget_source(source)
    return documents
