"""Takes a whole source out of an index."""

from contextlib import closing
from pathlib import Path

from jobs.indexing import ledger
from jobs.indexing.archives import forget_archives
from jobs.indexing.fencing import take_fence
from jobs.indexing.generations import FILE_NAME, current
from jobs.indexing.opening import open_index
from jobs.indexing.ownership import Holds, busy, discard_run, exclusive, no_other, owner
from jobs.indexing.updates import Updates


def remove_source(index: Path, source: str, *, holds: Holds = no_other) -> int:
    """Take every document of a source out of an index; return how many these were.

    An index or a source that does not exist is nothing to do. Nothing stays known of the files; the index may
    remain empty. A run that is spread over another source is not disturbed.

    Parameters
    ----------
    holds : callable
        Whether an earlier run on this source, by its name, still goes on. One that does not is discarded.

    Raises
    ------
    IndexBusy
        The index is being written, or a run on this source still goes on.
    BrokenIndex
        The index is damaged.
    Unavailable
        The disk is full.
    """
    if not (current(index) / FILE_NAME).exists():
        return 0
    found = owner(index)
    if found is not None and source in found.sources:
        if holds(found.run):
            raise busy(None)
        discard_run(index, found.run)
    with exclusive(index):
        check = take_fence(index)
        manifest, writer = open_index(index, "incremental")
        with closing(manifest), closing(writer):
            update = Updates(manifest, writer, (source,), check=check)
            part = update.part(source)
            documents = sum(row.status == "indexed" for row in part.rows.values())
            update.recover()
            for path in list(part.rows):
                part.remove(path)
            update.commit()
            manifest.forget_source(source)
    forget_archives(index, source)
    ledger.forget_source(index, source)
    return documents
