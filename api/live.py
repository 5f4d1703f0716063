"""Jobs as they change, over HTTP: requests that wait for a change, and streams of server-sent events.

Each of them keeps a thread of the server, which sleeps until there is something to tell
([decision 16](../docs/decisions/0016-streams-in-threads.md)). There may be so many and no more, and of one
user only a share of them: beyond that a request that would wait is answered at once, and a stream ends after
its first event. Either way the client, which polls or reconnects, loses nothing.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, request

from api import auth
from api.openapi import Catalogue
from api.patience import Places
from jobs import status
from jobs.errors import NotFound, RateLimited, Unavailable
from jobs.measures import measures
from jobs.settings import settings
from jobs.status import JobStatus
from jobs.watching import watch

LONGEST_WAIT_SECONDS: Final = 20
PING_SECONDS: Final = 15.0
STREAM_SECONDS: Final = 600.0  # then the client reconnects: a stream that nobody reads ends some time
RECONNECT_MILLISECONDS: Final = 2_000
_WAIT: Final = re.compile(r'(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;[^,]*)?(?=,|$)', re.IGNORECASE)


def routes(catalogue: Catalogue) -> Blueprint:
    """Return the blueprint."""
    blueprint = Blueprint("live", __name__, url_prefix="/api/v1/jobs")
    auth.protect(blueprint)
    answers = {200: "A stream of server-sent events.", 204: "It had been told to its end already."}
    catalogue.add(blueprint, "/<job_id>/events", job_events, answers=answers)
    return blueprint


def wanted_wait() -> int:
    """Return how many seconds this request would wait, by its header `Prefer: wait=N`; 0 without one."""
    found = _WAIT.search(request.headers.get("Prefer", ""))
    return min(int(found[1]), LONGEST_WAIT_SECONDS) if found else 0


def applied(seconds: int) -> dict[str, str]:
    """Return the header that says how long a request was ready to wait."""
    return {"Preference-Applied": f"wait={seconds}"}


def awaited(job: JobStatus, seconds: float, *, enough: Callable[[JobStatus], bool]) -> JobStatus | None:
    """Return the job once it is as wanted, or as it is after `seconds`; None where too many wait already.

    Raises
    ------
    NotFound
        The job was deleted meanwhile.
    """
    end = time.monotonic() + seconds
    with _one_of(_waiting(), auth.user().name, "waits") as may_wait:
        if not may_wait:
            return None
        for now in _looks(job.id, end):
            if now is None:
                raise NotFound(auth.NO_SUCH_JOB)
            job = now
            if enough(job):
                break
    return job


@contextmanager
def place_to_wait() -> Iterator[bool]:
    """Tell whether one more request may wait, and hold its place."""
    with _one_of(_waiting(), auth.user().name, "waits") as may_wait:
        yield may_wait


def job_events(job_id: str) -> Response:  # noqa: ARG001 - read by auth, which has found the job
    """Tell what becomes of a job, as it happens"""
    job, seen = auth.job(), request.headers.get("Last-Event-ID")
    if job.done and seen == str(job.seq):
        return Response(status=204)  # a browser that reconnects after the end would do so for ever
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = _without_request(request.environ, _stream(job, seen, auth.user().name))
    return Response(told, content_type="text/event-stream", headers=headers)


def _without_request(environ: dict[str, Any], told: Iterator[str]) -> Iterator[str]:
    """Pass on a stream, and let go of its request, which nothing asks for once the stream has begun.

    The server holds it to the end: 15 kB a stream, most of it a copy of the process's environment.
    """
    environ.clear()
    yield from told


def _stream(job: JobStatus, seen: str | None, user: str) -> Iterator[str]:
    """Yield the changes of a job to `user`; the first event is its state now, unless that has been seen."""
    yield f"retry: {RECONNECT_MILLISECONDS}\n\n"
    last = None if seen != str(job.seq) else job
    with _one_of(_streaming(), user, "streams") as may_stay:
        end = time.monotonic() + (STREAM_SECONDS if may_stay else 0)
        try:
            for now in _looks(job.id, end, quiet_seconds=PING_SECONDS):
                if now is None:
                    return
                if now != last:
                    yield _event(now)
                    last = now
                else:
                    yield ": ping\n\n"
                if now.done:
                    return
        except Unavailable:
            return  # Redis is away: the client comes back by itself


def _event(job: JobStatus) -> str:
    name = "end" if job.done else "progress"
    return f"id: {job.seq}\nevent: {name}\ndata: {job.model_dump_json()}\n\n"


def _looks(job_id: str, end: float, *, quiet_seconds: float = STREAM_SECONDS) -> Iterator[JobStatus | None]:
    """Yield the job now and at each of its changes, as it was when it is quiet for so long, and at the end.

    None once it is gone.

    Parameters
    ----------
    end : float
        By the monotonic clock. A look is taken in any case.
    """
    with watch().watching(job_id) as watcher:
        last = status.read(job_id)
        yield last
        quiet_since = now = time.monotonic()
        while last is not None and now < end:
            if not watcher.wait(min(end, quiet_since + quiet_seconds) - now):
                if time.monotonic() >= end:
                    last = status.read(job_id)  # the truth of this moment, whatever the watch has missed
            else:
                seen = watcher.take()
                if seen == last or (seen is not None and seen.seq < last.seq):  # read before our own look
                    now = time.monotonic()
                    continue
                last = seen
            yield last
            quiet_since = now = time.monotonic()


@contextmanager
def _one_of(places: Places, user: str, what: str) -> Iterator[bool]:
    """Tell whether there was a place for a user, and hold it; it is measured as `what` meanwhile."""
    try:
        places.take(user)
    except (RateLimited, Unavailable):
        yield False
        return
    measures.opened(what, 1)
    try:
        yield True
    finally:
        measures.opened(what, -1)
        places.leave(user)


@cache
def _waiting() -> Places:
    return Places(settings().waits, settings().waits_of_one)


@cache
def _streaming() -> Places:
    return Places(settings().streams, settings().streams_of_one)
