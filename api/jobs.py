"""Jobs over HTTP: submit, look, list, cancel, try again, delete."""

import base64
import binascii
import math
import zlib
from typing import get_args
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from api import auth, live
from api.errors import ErrorItem, Invalid
from api.kinds import unknown
from api.openapi import Catalogue, Query, View, json_response
from jobs import ending, listing, records, status
from jobs.celery import kinds
from jobs.connection import reaching_redis, records_client
from jobs.errors import NotFound, Unavailable
from jobs.job import Job
from jobs.listing import Place
from jobs.records import Only, Record
from jobs.run import Params
from jobs.status import JobStatus, Status

POLL_SECONDS = 1
MOST_ON_A_PAGE = 200
SCAN_AT_ONCE = 200  # records looked at in one round trip while a list is filtered
MOST_SCANS = 5  # of one request: who looks for what is rare goes on with the next page


class JobQuery(Query):
    """How a list of jobs is narrowed and continued."""

    status: str | None = Field(None, description="One or several, separated by commas.")
    kind: str | None = None
    session: str | None = None
    limit: int = Field(50, ge=1, le=MOST_ON_A_PAGE)
    cursor: str | None = None


class JobList(BaseModel):
    """A page of jobs, newest first; `next` is the address of the following page, null on the last one.

    Of a list that is narrowed a page may have fewer items than `limit`, even none, and still a next one.
    """

    items: list[JobStatus]
    next: str | None


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
        return _accepted(kind.submit(auth.user().name, body))

    submit.__doc__ = f"Start a job of the kind {kind.kind}"
    return submit


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
            job, applied = later, {"Preference-Applied": f"wait={seconds}"}
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
    return _accepted(ending.retry(kinds(), _record(), only=body.only))


def delete_job(job_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Delete a job that has ended, with what it has made."""
    ending.delete(kinds(), _record())
    return Response(status=204)


def list_jobs(query: JobQuery) -> Response:
    """List your jobs, newest first"""
    wanted = _statuses(query.status)
    last = _decode_cursor(query.cursor)
    items: list[JobStatus] = []
    for _ in range(MOST_SCANS):
        with reaching_redis():
            page = listing.newest(records_client(), auth.user().name, after=last, limit=SCAN_AT_ONCE)
        for last, job in zip(page, status.read_many([place.job_id for place in page]), strict=True):
            if job is not None and _matches(job, query, wanted):
                items.append(job)
            if len(items) == query.limit:
                return json_response(JobList(items=items, next=_next(last)))
        if len(page) < SCAN_AT_ONCE:
            return json_response(JobList(items=items, next=None))
    return json_response(JobList(items=items, next=None if last is None else _next(last)))


def _matches(job: JobStatus, query: JobQuery, wanted: frozenset[str] | None) -> bool:
    return (
        (wanted is None or job.status in wanted)
        and query.kind in (None, job.kind)
        and query.session in (None, job.session)
    )


def _statuses(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    known: tuple[str, ...] = get_args(Status)
    chosen = frozenset(text.split(","))
    if unknown := sorted(chosen - set(known)):
        detail = f"{', '.join(map(repr, unknown))}: no such status; there are {', '.join(known)}"
        raise Invalid("query", [ErrorItem(parameter="status", detail=detail)])
    return chosen


def _next(last: Place) -> str:
    """Return the address of the page that begins after the job `last`, with the same filters."""
    cursor = base64.urlsafe_b64encode(f"{last.created_at!r} {last.job_id}".encode()).decode().rstrip("=")
    arguments = {**request.args.to_dict(), "cursor": cursor}
    return f"{request.path}?{urlencode(arguments)}"


def _decode_cursor(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        created_at, job_id = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split(" ")
        place = Place(float(created_at), job_id)
        if not math.isfinite(place.created_at):
            raise ValueError("not a time")  # noqa: TRY301 - as unusable as what is no number
    except (ValueError, binascii.Error) as error:
        detail = "this is no cursor: take it from `next` of a list"
        raise Invalid("query", [ErrorItem(parameter="cursor", detail=detail)]) from error
    return place
