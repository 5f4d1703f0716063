"""Indexes as jobs and the API use them: as all machines see them, where several share them.

On one machine by itself nothing of this does anything: what lies on its disk is all there is.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import redis

from jobs import folders, turnstile
from jobs.indexing.durable import clear
from jobs.indexing.index.ownership import RESULT_SUFFIX, RUNS
from jobs.indexing.runs.ledger import account_path
from jobs.settings import settings
from jobs.sharing.storage import objects

if TYPE_CHECKING:
    from jobs.sharing.indexes import SharedIndexes
    from jobs.sharing.runs import SharedRuns

LOOK_SECONDS = 1.0  # so long a reader may be behind


@cache
def _shared() -> "SharedIndexes | None":
    if (store := objects()) is None:
        return None
    from jobs.sharing.indexes import SharedIndexes

    return SharedIndexes(store, settings().data)


@cache
def _runs() -> "SharedRuns | None":
    if (store := objects()) is None:
        return None
    from jobs.sharing.runs import SharedRuns

    return SharedRuns(store, settings().data)


def readable(owner: str, name: str) -> Path:
    """Return the folder of an owner's index, to be read.

    Raises
    ------
    NotFound
        No index can have this name.
    Unavailable
        The storage does not answer.
    """
    index = folders.index_folder(owner, name)
    if (shared := _shared()) is not None:
        shared.refresh(index, behind=LOOK_SECONDS)
    return index


def names(owner: str) -> list[str]:
    """Return the names of an owner's indexes, sorted."""
    shared = _shared()
    return folders.index_names(owner) if shared is None else shared.names(settings().indexes / owner)


def size(owner: str, name: str) -> int:
    """Return how many bytes an index takes."""
    from jobs.indexing.index.engine import size_on_disk

    index, shared = folders.index_folder(owner, name), _shared()
    found = None if shared is None else shared.bytes(index)
    return size_on_disk(index) if found is None else found


def clear_removed() -> int:
    """Remove the copies of indexes that other machines have removed; return how many these were."""
    shared, root = _shared(), settings().indexes
    if shared is None or not root.is_dir():
        return 0
    removed = 0
    for index in [path for owner in root.iterdir() if owner.is_dir() for path in owner.iterdir()]:
        shared.clear_removed(index)
        removed += not index.exists()
    return removed


@contextmanager
def changed(index: Path) -> Iterator[None]:
    """Begin with the newest state of an index, and share what was made of it.

    Raises
    ------
    IndexBusy
        Another machine has written the index meanwhile: what was done here is to be done anew.
    """
    shared = _shared()
    if shared is None:
        yield
        return
    begun_from = shared.fetch(index)
    yield
    shared.publish(index, begun_from=begun_from)


def refuse_if_taken(client: redis.Redis, owner: str, name: str) -> None:
    """Refuse to change an index that a job is writing on another machine.

    Raises
    ------
    IndexBusy
        Such a job goes on.
    """
    if _shared() is not None:
        turnstile.refuse_if_taken(client, owner, name)


def remove(index: Path) -> None:
    """Remove an index for all machines but this one."""
    if (shared := _shared()) is not None:
        shared.remove(index)


def rename(index: Path, target: Path) -> None:
    """Rename an index for all machines but this one.

    Raises
    ------
    IndexExists
        There is one of that name.
    """
    if (shared := _shared()) is not None:
        shared.rename(index, target)


@contextmanager
def run_shared(index: Path, run: str, *, batch: int | None = None) -> Iterator[None]:
    """Have what other machines have made of a run that is spread, and share what is made here."""
    runs = _runs()
    if runs is not None:
        runs.pull(index, run, batch=batch)
    yield
    if runs is not None:
        runs.push(index, run, batch=batch)


def forget_result(index: Path, run: str) -> None:
    """Forget what a run has made of an index here: another machine's state has taken its place."""
    if _runs() is not None:
        clear(index / RUNS / f"{run}{RESULT_SUFFIX}")


def look_at_run(index: Path, run: str, *, ended: bool) -> None:
    """Have the account of a run here, as far as it was shared."""
    runs = _runs()
    if runs is None:
        return
    if ended:
        runs.pull_account(index, account_path(index, run))
    else:
        runs.pull_accounts(index, run)


def share_account(index: Path, run: str) -> None:
    """Share the account of a run that has ended well."""
    if (runs := _runs()) is not None:
        runs.push_account(index, account_path(index, run))


def discard_run(index: Path, run: str) -> None:
    """Drop what was shared of a run."""
    if (runs := _runs()) is not None:
        runs.drop(index, run)


def forget_run(index: Path, run: str) -> None:
    """Drop the account of a run."""
    if (runs := _runs()) is not None:
        runs.drop_account(index, account_path(index, run))


@contextmanager
def accounts_kept(index: Path) -> Iterator[None]:
    """Have all accounts of an index here, and let go of those that are removed meanwhile."""
    runs = _runs()
    if runs is None:
        yield
        return
    paths = [account_path(index, Path(name).stem) for name in runs.accounts(index)]
    for path in paths:
        with suppress(FileNotFoundError):
            runs.pull_account(index, path)
    yield
    for path in paths:
        if not path.exists():
            runs.drop_account(index, path)
