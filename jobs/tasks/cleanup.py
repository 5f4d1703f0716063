"""Housekeeping that beat starts: sessions that nobody has used for long are removed."""

import logging
import time

from pydantic import BaseModel

from jobs import records, sessions
from jobs.celery import app
from jobs.connection import reaching_redis, records_client
from jobs.sessions import Session

log = logging.getLogger(__name__)

MOST_A_RUN = 1_000  # a run stays short; the next one goes on


class Removed(BaseModel):
    """What a run of the clean-up removed."""

    sessions: int
    jobs: int


@app.task(name="jobs.cleanup.expire_sessions", ignore_result=True)
def expire_sessions() -> None:
    """Remove sessions that have expired, with their jobs; never one with a job that has not ended."""
    removed = expire(now=time.time())
    log.info("sessions expired", extra=removed.model_dump())


def expire(*, now: float) -> Removed:
    """Remove the sessions whose time was over at `now` (Unix seconds); return how much that was."""
    removed = Removed(sessions=0, jobs=0)
    for session in sessions.everybodys():
        if removed.sessions == MOST_A_RUN:
            break
        if session.manifest().expires_at <= now and (jobs := _remove(session)) is not None:
            removed = Removed(sessions=removed.sessions + 1, jobs=removed.jobs + jobs)
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
