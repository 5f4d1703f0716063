"""Housekeeping that beat starts: what is old is removed, and messages that were lost are sent again."""

import logging
import time

from pydantic import BaseModel, ValidationError

from jobs import reconcile, records, sessions
from jobs.celery import app, kinds
from jobs.connection import reaching_redis, records_client
from jobs.errors import LonghaulError
from jobs.sessions import SECONDS_PER_DAY, Session
from jobs.settings import settings
from jobs.storage import sweep

log = logging.getLogger(__name__)

MOST_A_RUN = 1_000  # a run stays short; the next one goes on


class Removed(BaseModel):
    """What a run of the clean-up removed."""

    sessions: int = 0
    jobs: int = 0
    leftovers: int = 0


@app.task(name="jobs.cleanup.expire_sessions", ignore_result=True)
def expire_sessions() -> None:
    """Remove sessions that have expired, with their jobs; never one with a job that has not ended."""
    removed = expire(now=time.time())
    log.info("sessions expired", extra=removed.model_dump())


@app.task(name="jobs.cleanup.reconcile_jobs", ignore_result=True)
def reconcile_jobs() -> None:
    """Send the messages of jobs again that stand nowhere, and forget jobs that were never queued."""
    done = reconcile.reconcile(app, kinds(), now=time.time())
    if done.published_again or done.forgotten:
        log.warning("jobs reconciled", extra=vars(done))


def expire(*, now: float) -> Removed:
    """Remove what was over at `now` (Unix seconds); return how much that was."""
    removed = Removed()
    for session in sessions.everybodys():
        if removed.sessions == MOST_A_RUN:
            break
        try:
            jobs = _remove(session) if session.manifest().expires_at <= now else None
        except (LonghaulError, ValidationError, OSError) as error:
            log.warning("session not removed", extra={"session": session.id, "reason": repr(error)})
            continue
        if jobs is not None:
            removed.sessions += 1
            removed.jobs += jobs
    removed.jobs += _remove_jobs_without_session(now)
    removed.leftovers = _sweep(now)
    return removed


def _remove(session: Session) -> int | None:
    """Remove a session and its jobs; return how many jobs, or None if one of them has not ended."""
    with reaching_redis():
        jobs = records.of_session(records_client(), session.id)
        if not all(job.done for job in jobs):
            return None
        session.remove()
        for job in jobs:
            records.remove(records_client(), job)
    return len(jobs)


def _remove_jobs_without_session(now: float) -> int:
    """Forget old jobs that ended and belong to no session, such as the indexing of a server folder."""
    count = 0
    with reaching_redis():
        client = records_client()
        for record in records.of_owners_before(client, now - settings().session_days * SECONDS_PER_DAY):
            if record.done and record.session is None and count < MOST_A_RUN:
                records.remove(client, record)
                count += 1
    return count


def _sweep(now: float) -> int:
    """Remove what uploads and removals that were cut off more than a day ago have left."""
    root = settings().sessions
    if not root.is_dir():
        return 0
    owners = [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return sum(sweep(folder, older_than=now - SECONDS_PER_DAY) for folder in (root, *owners))
