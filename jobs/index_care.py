"""What a user does with an index as a whole: rename it, remove it, and how much room there is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import orjson
import redis

from jobs import folders, records, shared_indexes
from jobs.errors import IndexBusy, IndexExists, IndexSpaceUsed, NotFound, TooManyIndexes
from jobs.records import Record
from jobs.settings import settings
from jobs.storage import locked, remove_folder, sweep

AT_ONCE = 500  # records read in one round trip
SWEEP_SECONDS = 3_600.0  # what a removal that was cut off has left is removed by a later one


def delete_index(client: redis.Redis, owner: str, name: str) -> None:
    """Remove an index with all its documents; the files they were made of stay.

    Raises
    ------
    NotFound
        There is no such index.
    IndexBusy
        A job that writes it has not ended.
    """
    with _idle(client, owner, name) as index:
        shared_indexes.remove(index)
        remove_folder(index)
        sweep(index.parent, older_than=time.time() - SWEEP_SECONDS)


def rename_index(client: redis.Redis, owner: str, name: str, new_name: str) -> None:
    """Give an index another name.

    Raises
    ------
    NotFound
        There is no such index.
    IndexBusy
        A job that writes it, or that is about to make one of the new name, has not ended.
    IndexExists
        There is one of that name.
    """
    target = folders.index_folder(owner, new_name)
    with _idle(client, owner, name) as index:
        if new_name == name:
            return
        _refuse_business(client, owner, new_name)
        try:
            if target.exists():
                raise FileExistsError
            shared_indexes.rename(index, target)
            index.rename(target)
        except OSError as error:
            if not target.exists():
                raise
            raise IndexExists(
                f"There is an index {new_name!r} already; remove it or choose another."
            ) from error


def remove_source(client: redis.Redis, owner: str, name: str, source: str) -> None:
    """Take every document of a source out of an index.

    Raises
    ------
    NotFound
        There is no such index, or nothing of this source in it.
    IndexBusy
        A run writes the index.
    """
    # Imported here: they load the index engine, which nobody else who imports this module needs.
    from jobs.indexing.index.overview import statistics_or_none
    from jobs.indexing.runs import removal

    index = _existing(owner, name)
    found = statistics_or_none(index)
    if found is not None and all(one.source != source for one in found.sources):
        raise NotFound(f"The index {name!r} holds nothing of a source {source!r}.")
    shared_indexes.refuse_if_taken(client, owner, name)
    with shared_indexes.changed(index), shared_indexes.accounts_kept(index):
        removal.remove_source(index, source, holds=partial(records.goes_on, client))


def used_bytes(owner: str, *, but_for: str | None = None) -> int:
    """Return what an owner's indexes take on the disk, leaving one out if that is wanted."""
    return sum(shared_indexes.size(owner, name) for name in shared_indexes.names(owner) if name != but_for)


def room_for(owner: str, name: str) -> int:
    """Return how many bytes an index may take beside the owner's others, at least 0."""
    return max(0, settings().index_bytes_per_user - used_bytes(owner, but_for=name))


def check_room(owner: str, name: str) -> None:
    """Refuse to begin what there is no room for.

    Raises
    ------
    IndexSpaceUsed
        The owner's indexes take as much of the disk as they may.
    TooManyIndexes
        The index would be one more than there may be.
    """
    limit, used = settings().index_bytes_per_user, used_bytes(owner)
    if used >= limit:
        raise IndexSpaceUsed(
            f"Your indexes take {used:,} bytes on the disk, of {limit:,} that they may. Remove an index, "
            "or a source of one, before you index more."
        )
    names, most = shared_indexes.names(owner), settings().indexes_per_user
    if name not in names and len(names) >= most:
        raise TooManyIndexes(
            f"You have {len(names):,} indexes, and may have {most:,}. Remove one, or index into one of them: "
            "an index takes several sources."
        )


@contextmanager
def _idle(client: redis.Redis, owner: str, name: str) -> Iterator[Path]:
    """Hold an index that nobody writes, and let go of what this process has open of it."""
    from jobs.indexing.index.ownership import exclusive
    from jobs.indexing.search.readers import let_go

    index = _existing(owner, name)
    _refuse_business(client, owner, name)
    with locked(index.parent):
        try:
            with exclusive(index, name):
                yield index
        except FileNotFoundError as error:
            raise NotFound(f"There is no index {name!r} any more.") from error
    let_go(index)


def _existing(owner: str, name: str) -> Path:
    index = shared_indexes.readable(owner, name)
    if not index.is_dir():
        raise NotFound(f"There is no index {name!r}.")
    return index


def _refuse_business(client: redis.Redis, owner: str, name: str) -> None:
    if any(_writes(record, owner, name) for record in _open_jobs(client)):
        raise IndexBusy(
            f"A job that writes the index {name!r} has not ended: cancel it, or wait for its end."
        )


def _writes(record: Record, owner: str, name: str) -> bool:
    if record.owner != owner or record.kind != "indexing":
        return False
    with suppress(ValueError):
        params = orjson.loads(record.params)
        return bool(params.get("index") == name and not params.get("dry_run"))
    return False


def _open_jobs(client: redis.Redis) -> Iterator[Record]:
    """Yield the jobs that have not ended, and those that a worker is still busy with after their end."""
    begin = 0
    while ids := records.open_ids(client, begin=begin, limit=AT_ONCE):
        for record in records.read_many(client, ids):
            if not record.done or records.is_live(client, record.id):
                yield record
        begin += len(ids)
