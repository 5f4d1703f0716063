"""Jobs over HTTP: submit, look, list, cancel, try again, delete."""

import re
import zlib
from collections.abc import Callable
from functools import partial
from typing import Final, get_args

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api import auth, live, paging
from api.errors import ErrorItem, Invalid
from api.kinds import unknown
from api.openapi import Catalogue, Query, View, json_response
from api.paging import Moment
from jobs import ending, idempotency, listing, records, status, submitting
from jobs.celery import kinds
from jobs.connection import reaching_redis, records_client
from jobs.errors import NotFound, Unavailable
from jobs.idempotency import Once
from jobs.job import Job
from jobs.listing import Place
from jobs.records import Only, Record
from jobs.run import Params
from jobs.status import JobStatus, Status
from jobs.webhooks.models import FOR_RECORD

POLL_SECONDS = 1
MOST_ON_A_PAGE = 200
SCAN_AT_ONCE = 200  # records looked at in one round trip while a list is filtered
MOST_SCANS = 5  # of one request: who looks for what is rare goes on with the next page
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
PLACE: Final[TypeAdapter[Place]] = TypeAdapter(Place)


class JobQuery(Query):
    """How a list of jobs is narrowed and continued."""

    status: str | None = Field(None, description="One or several, separated by commas.")
    kind: str | None = None
    session: str | None = None
    created_after: Moment | None = Field(None, description="Only jobs that were created later, RFC 3339.")
    owner: str | None = Field(None, description="Whose jobs, for administrators; otherwise your own.")
    limit: int = Field(50, ge=1, le=MOST_ON_A_PAGE)
    cursor: str | None = Field(None, max_length=paging.LONGEST_CURSOR, description=paging.CURSOR_DESCRIPTION)


class JobList(paging.Page):
    """A page of jobs, newest first; `next` is the address of the following page, null on the last one.

    Of a list that is narrowed a page may have fewer items than `limit`, even none, and still a next one.
    """

    items: list[JobStatus]


class Cancel(BaseModel):
    """Nothing needs to be said."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Retry(BaseModel):
    """What of a job is tried again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    only: Only = Field("all", description="Everything, or just the files that failed.")


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint; each kind of job has a route of its own, with its own parameters."""
    blueprint = Blueprint("jobs", __name__, url_prefix="/api/v1/jobs")
    auth.protect(blueprint)
    for name, kind in sorted(kinds().items()):
        catalogue.add(
            blueprint,
            f"/{name}",
            _submitter(kind),
            method="POST",
            body=kind.params,
            answers={202: JobStatus},
            name=f"submit_{name}",
        )
    blueprint.add_url_rule("/<kind>", "unknown_kind", unknown, methods=["POST"])
    catalogue.add(blueprint, "", list_jobs, query=JobQuery, answers={200: JobList})
    catalogue.add(blueprint, "/<job_id>", get_job, answers={200: JobStatus, 304: "Nothing has changed."})
    catalogue.add(
        blueprint, "/<job_id>/cancel", cancel_job, method="POST", body=Cancel, answers={202: JobStatus}
    )
    catalogue.add(
        blueprint, "/<job_id>/retry", retry_job, method="POST", body=Retry, answers={202: JobStatus}
    )
    catalogue.add(blueprint, "/<job_id>", delete_job, method="DELETE", answers={204: "The job is gone."})
    return blueprint


def _submitter(kind: Job) -> View:
    def submit(body: Params) -> Response:
        said = f"{kind.kind} {body.model_dump_json(context=FOR_RECORD)}"
        return _submitted(kind, said, lambda once: kind.submit(auth.user().name, body, once=once))

    submit.__doc__ = f"Start a job of the kind {kind.kind}"
    return submit


def _submitted(kind: Job, said: str, submit: Callable[[Once | None], str]) -> Response:
    """Start a job, if the request has a key then once for all requests that have it."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _accepted(submit(None))
    if not KEY.fullmatch(key):
        detail = "1 to 255 characters of ASCII without spaces, such as a UUID"
        raise Invalid("headers", [ErrorItem(parameter="Idempotency-Key", detail=detail)])
    asked = idempotency.Request(auth.user().name, key, said)
    job_id, replayed = idempotency.once(asked, submit, partial(submitting.publish_again, kind))
    answer = _accepted(job_id)
    if replayed:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _accepted(job_id: str) -> Response:
    """Return a job that goes on by itself, and where to look after it."""
    job = status.read(job_id)
    if job is None:
        raise Unavailable("The job was removed as soon as it was made.")
    headers = {"Location": job.links["self"], "Retry-After": str(POLL_SECONDS)}
    return json_response(job, 202, headers)


def get_job(job_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Show a job, whatever its outcome

    With `Prefer: wait=N` the answer comes once the job has ended; where `If-None-Match` names the look that
    the client has, once it looks different; or after N seconds.
    """
    job, applied = auth.job(), {}
    if (seconds := live.wanted_wait()) and not _is_news(job):
        later = live.awaited(job, seconds, enough=_is_news)
        if later is not None:
            job, applied = later, live.applied(seconds)
    response = json_response(job, headers=applied)
    response.set_etag(_etag(job), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    if not job.done:
        response.headers["Retry-After"] = str(POLL_SECONDS)
    response.make_conditional(request)
    return response


def _is_news(job: JobStatus) -> bool:
    """Tell whether a request that would wait is to be answered: see `get_job`."""
    known = request.if_none_match
    return job.done or (bool(known) and not known.contains_weak(_etag(job)))


def _etag(job: JobStatus) -> str:
    """Return what changes whenever the job does: what keeps it can, without a word from the job itself."""
    kept = f"{job.status} {job.reason} {job.eta_seconds} {job.queue}"
    return f"{job.id}-{job.seq}" if job.done else f"{job.id}-{job.seq}-{zlib.crc32(kept.encode()):08x}"


def _record() -> Record:
    """Return the record of the job in the address."""
    with reaching_redis():
        record = records.read(records_client(), auth.job().id)
    if record is None:
        raise NotFound(auth.NO_SUCH_JOB)
    return record


def cancel_job(job_id: str, body: Cancel) -> Response:  # noqa: ARG001 - checked, and empty
    """Cancel a job: at once while it waits, else as soon as its run has stopped."""
    if auth.job().status not in ("cancelling", "cancelled"):  # asking twice is no fault
        ending.cancel(kinds(), _record())
    return _accepted(job_id)


def retry_job(job_id: str, body: Retry) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Try a job again that has ended, as a new job."""
    record = _record()
    return _submitted(
        ending.kind_of(kinds(), record),
        f"retry {record.id} {body.only}",
        lambda once: ending.retry(kinds(), record, only=body.only, once=once),
    )


def delete_job(job_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Delete a job that has ended, with what it has made."""
    ending.delete(kinds(), _record())
    return Response(status=204)


def list_jobs(query: JobQuery) -> Response:
    """List your jobs, newest first"""
    wanted, owner = _statuses(query.status), _owner(query.owner)
    last = paging.decoded(query.cursor, PLACE)
    since = None if query.created_after is None else query.created_after.timestamp()
    items: list[JobStatus] = []
    for _ in range(MOST_SCANS):
        with reaching_redis():
            page = listing.newest(records_client(), owner, after=last, since=since, limit=SCAN_AT_ONCE)
        for last, job in zip(page, status.read_many([place.job_id for place in page]), strict=True):
            if job is not None and _matches(job, query, wanted):
                items.append(job)
            if len(items) == query.limit:
                return paging.page_response(JobList(items=items, next=paging.next_address(last)))
        if len(page) < SCAN_AT_ONCE:
            return paging.page_response(JobList(items=items, next=None))
    return paging.page_response(
        JobList(items=items, next=None if last is None else paging.next_address(last))
    )


def _matches(job: JobStatus, query: JobQuery, wanted: frozenset[str] | None) -> bool:
    return (
        (wanted is None or job.status in wanted)
        and query.kind in (None, job.kind)
        and query.session in (None, job.session)
    )


def _owner(name: str | None) -> str:
    """Return whose jobs are listed.

    Raises
    ------
    NotFound
        Somebody else's, whose existence is none of the user's business.
    """
    user = auth.user()
    if name is None or name == user.name:
        return user.name
    if not user.sees_everything:
        raise NotFound("There is no such user, or you may not see their jobs.")
    return name


def _statuses(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    known: tuple[str, ...] = get_args(Status)
    chosen = frozenset(text.split(","))
    if unknown := sorted(chosen - set(known)):
        detail = f"{', '.join(map(repr, unknown))}: no such status; there are {', '.join(known)}"
        raise Invalid("query", [ErrorItem(parameter="status", detail=detail)])
    return chosen
