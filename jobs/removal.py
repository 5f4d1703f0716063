"""How a session is removed as a whole, and how a job is forgotten.

The session is closed, so that nothing new begins in it; its documents leave the indexes; its jobs leave
Redis; then its folder goes. What is cut off anywhere leaves a closed session, which the clean-up finds and
goes on with. A session with a job that has not ended is never touched.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

import redis

from jobs import archive, folders, records, shared_indexes
from jobs.errors import BrokenIndex, NotFound, SessionBusy
from jobs.keys import live_key, session_key
from jobs.records import Record
from jobs.session import CLOSED_MANIFEST, MANIFEST, Manifest, Session
from jobs.settings import settings
from jobs.sharing.storage import Change, storage

log = logging.getLogger(__name__)


def remove_session(
    client: redis.Redis, session: Session, *, still_due: Callable[[Manifest], bool] | None = None
) -> bool:
    """Remove a session with its jobs, their records and files, and its documents in the owner's indexes.

    Parameters
    ----------
    still_due : callable, optional
        Asked when nobody else can change the session any more: it may have been kept, or used, just now.

    Returns
    -------
    bool
        Whether it was removed; False only when it was not due any more.

    Raises
    ------
    SessionBusy
        A job of it has not ended.
    IndexBusy
        An index that may hold its documents is being written.
    NotFound
        It was removed meanwhile.
    """
    with session.changing() as change:
        if not is_closed(session):
            if still_due is not None and not still_due(session.manifest()):
                return False
            _idle_jobs(client, session)  # a job that runs would miss its session even for an instant
        with _closed(session, change):
            jobs = _idle_jobs(client, session)  # once more: one may have been submitted just before
            _leave_indexes(client, session)
            for job in jobs:
                records.remove(client, job)
            client.delete(session_key(session.id))
            session.remove()
    return True


def forget(client: redis.Redis, record: Record) -> None:
    """Remove a job's record and its file in the archive; what it made in its session stays."""
    records.remove(client, record)
    archive.remove(record)


def clear_copies() -> int:
    """Remove this machine's copies of what other machines have removed; return how many these were.

    Raises
    ------
    Unavailable
        The storage does not answer.
    """
    return storage().clear_removed(settings().sessions) + shared_indexes.clear_removed()


def business(client: redis.Redis, jobs: Sequence[Record]) -> str | None:
    """Return why a session with these jobs cannot be removed, or None if it can."""
    with client.pipeline(transaction=False) as pipe:
        for job in jobs:
            pipe.exists(live_key(job.id))  # a cancelled job may still be running
        live = pipe.execute()
    active = sum(1 for job, lives in zip(jobs, live, strict=True) if lives or not job.done)
    if not active:
        return None
    verb = "has" if active == 1 else "have"
    return f"{active} of its jobs {verb} not ended: cancel them, or wait, and try again."


def is_closed(session: Session) -> bool:
    """Return whether a removal of the session has begun."""
    return (session.folder / CLOSED_MANIFEST).is_file()


def manifest_of(session: Session) -> Manifest:
    """Return what is in a session, also in a closed one.

    Raises
    ------
    NotFound
        It was removed meanwhile.
    """
    for name in (MANIFEST, CLOSED_MANIFEST):
        with suppress(FileNotFoundError):
            return Manifest.model_validate_json((session.folder / name).read_bytes())
    raise NotFound("There is no such session.")


def _idle_jobs(client: redis.Redis, session: Session) -> list[Record]:
    jobs = records.of_session(client, session.id)
    if (reason := business(client, jobs)) is not None:
        raise SessionBusy(f"The session cannot be removed: {reason}")
    return jobs


@contextmanager
def _closed(session: Session, change: Change) -> Iterator[None]:
    """Let nobody find the session in here; if it cannot be removed it is there again."""
    manifest, closed = session.folder / MANIFEST, session.folder / CLOSED_MANIFEST
    with suppress(FileNotFoundError):  # it was closed by a removal that was cut off
        manifest.rename(closed)
    change.drop(MANIFEST)
    change.share()
    try:
        yield
    except BaseException:
        with suppress(FileNotFoundError):
            closed.rename(manifest)
            change.drop(CLOSED_MANIFEST)
            change.share()
        raise


def _leave_indexes(client: redis.Redis, session: Session) -> None:
    for name in shared_indexes.names(session.owner):
        # Imported here: it loads the index engine, which nobody else who imports this module needs.
        from jobs.indexing.runs.spread import remove_source

        index = folders.index_folder(session.owner, name)
        try:
            shared_indexes.refuse_if_taken(client, session.owner, name)
            with shared_indexes.changed(index), shared_indexes.accounts_kept(index):
                remove_source(index, session.source, holds=partial(records.goes_on, client))
        except NotFound:
            continue  # its first run has not committed anything yet
        except BrokenIndex as error:  # it answers nobody, and is built anew without this session
            log.warning("a broken index keeps documents", extra={"index": name, "reason": str(error)})
