"""Which of a user's jobs have changed: one poll for many jobs."""

import re
import threading
import time
from typing import Final, Literal

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from api import auth, live
from api.errors import ErrorItem, Invalid
from api.openapi import Catalogue, json_response
from api.strict import Query
from jobs import changes, status
from jobs.changes import Changed, Changes, Cursor
from jobs.connection import reaching_redis
from jobs.feed import feed
from jobs.status import Status

LOOK_SECONDS: Final = 3.0  # a word may be missed
GATHER_SECONDS: Final = 0.25  # what changes together is told together
_CURSOR: Final = re.compile(r"(\d{1,20})-(\d{1,15})", re.ASCII)


class ChangesQuery(Query):
    """Since when."""

    since: str | None = Field(None, max_length=64, description="`cursor` of the answer before.")


class JobChange(BaseModel):
    """How far a job is. `deleted`: there is none any more, and the other members are null."""

    status: Status | Literal["deleted"]
    progress: float | None
    seq: int | None = Field(description="Grows with each change of the job.")


class JobChanges(BaseModel):
    """What has changed since a cursor, by job; at most 200 jobs, those that changed first."""

    jobs: dict[str, JobChange]
    cursor: str = Field(description="For `since` of the next request.")
    reset: bool = Field(
        description="These are the jobs that changed last, whenever that was: the request had no cursor, or "
        "one from too long ago. What you know of other jobs may be out of date."
    )


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("changes", __name__, url_prefix="/api/v1/jobs")
    auth.protect(blueprint)
    catalogue.add(blueprint, "/changes", job_changes, query=ChangesQuery, answers={200: JobChanges})
    return blueprint


def job_changes(query: ChangesQuery) -> Response:
    """Tell which of your jobs have changed

    With `Prefer: wait=N` the answer comes as soon as one has, or after N seconds.
    """
    owner, since = auth.user().name, _cursor(query.since)
    with reaching_redis():
        found, headers = changes.read(owner, since), {}
        if (seconds := live.wanted_wait()) and not _is_news(found):
            with live.place_to_wait() as may_wait:
                if may_wait:
                    found, headers = _awaited(owner, since, seconds), live.applied(seconds)
    told = {job.job_id: _told(job) for job in found.jobs if job.state or not found.reset}
    cursor = f"{found.cursor.epoch}-{found.cursor.number}"
    return json_response(JobChanges(jobs=told, cursor=cursor, reset=found.reset), headers=headers)


def _is_news(found: Changes) -> bool:
    return found.reset or bool(found.jobs)


def _awaited(owner: str, since: Cursor | None, seconds: float) -> Changes:
    """Return the changes once there are any, or what there is after so many seconds."""
    end = time.monotonic() + seconds
    with feed().listening_to_owner(owner) as changed:
        while True:
            changed.clear()
            found = changes.read(owner, since)
            left = end - time.monotonic()
            if _is_news(found) or left <= 0:
                return found
            if changed.wait(min(left, LOOK_SECONDS)):
                threading.Event().wait(min(left, GATHER_SECONDS))


def _told(job: Changed) -> JobChange:
    if job.state is None or job.seq is None:
        return JobChange(status="deleted", progress=None, seq=None)
    word, percent = status.brief(job.state, live=job.live, progress=job.progress, result=job.result)
    return JobChange(status=word, progress=percent, seq=int(job.seq))


def _cursor(text: str | None) -> Cursor | None:
    if text is None:
        return None
    found = _CURSOR.fullmatch(text)
    if found is None:
        detail = "this is no cursor: take it from `cursor` of the answer before"
        raise Invalid("query", [ErrorItem(parameter="since", detail=detail)])
    return Cursor(found[1], int(found[2]))
