"""What a job looks like from outside: record + Celery's result -> `JobStatus`, the shape of every reader."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

import orjson
from pydantic import BaseModel, Field

from jobs import fleet, keys, looking, places, records, sessions, users
from jobs.connection import reaching_redis
from jobs.errors import NotFound
from jobs.eta import counted_down
from jobs.failures import Problem
from jobs.fleet import Fleet
from jobs.looking import Look, Seen
from jobs.places import Place
from jobs.queueing import Waiting
from jobs.records import FINAL_STATES, Record
from jobs.session import SECONDS_PER_DAY
from jobs.settings import settings
from jobs.users import User
from jobs.webhooks.models import WebhookState

Status = Literal["queued", "running", "cancelling", "completed", "partial", "failed", "cancelled"]

BY_STATE: Mapping[str, Status] = {
    "PENDING": "queued",
    "RETRY": "queued",
    "STARTED": "running",
    "PROGRESS": "running",
    "SUCCESS": "completed",
    "FAILURE": "failed",
    "REVOKED": "cancelled",
}
ENDINGS: Mapping[Status, str] = {"completed": "Done", "partial": "Done; some files failed"}
NOTHING_KEEPS_IT = Place()
DONE: frozenset[Status] = frozenset({"completed", "partial", "failed", "cancelled"})


class QueuePlace(BaseModel):
    """Where a job waits."""

    name: str
    position: int | None = Field(
        description="1 is next; where `limit` is set, among your own jobs that are held back."
    )
    workers: int = Field(description="Workers that serve the queue.")
    limit: int | None = Field(
        None, description="Set while it is held back: how many of your jobs may be in the queue at once."
    )


class JobStatus(BaseModel):
    """A job. Times are RFC 3339 in UTC; `total` is null until it is known."""

    id: str
    kind: str
    session: str | None
    owner: str
    attempt: int = Field(description="How often it was begun.")
    retry_of: str | None = Field(None, description="The job that this one tries again.")
    status: Status
    state: str = Field(description="Celery's name of the state.")
    reason: str | None = Field(description="In one word, why it waits or how it ended.")
    done: bool
    progress: float = Field(ge=0, le=100)
    stage: str | None
    message: str | None
    current_file: str | None
    processed: int | None
    total: int | None
    counts: dict[str, int]
    eta_seconds: int | None = Field(None, description="Until it ends; null while that cannot be told.")
    queue: QueuePlace | None = Field(description="While it is queued.")
    created_at: datetime
    started_at: datetime | None
    updated_at: datetime
    finished_at: datetime | None
    stages: dict[str, datetime] = Field(description="When each stage was first reported.")
    expires_at: datetime | None = Field(description="When it is removed, once it has ended.")
    results: dict[str, Any] | None = Field(description="A summary, when it is done.")
    error: Problem | None
    webhook: WebhookState | None
    links: dict[str, str]
    seq: int = Field(exclude=True)


@dataclass(frozen=True)
class Lookup:
    """What one round trip to Redis tells of a request: who asks, and about which job."""

    user: User | None
    job: JobStatus | None


def lookup(who: str | User, job_id: str | None) -> Lookup:
    """Return a user, known or by a token's digest, and the job if that user may see it: one round trip.

    Raises `Unavailable` where Redis does not answer.
    """
    token, owner = "", ""
    if isinstance(who, str):
        token = users.token_key(who)
    elif not who.sees_everything:
        owner = who.name
    is_job = job_id is not None and keys.parent_of(job_id) == job_id  # a batch is nobody's job
    with reaching_redis():
        seen = looking.look([job_id] if is_job and job_id else [], token=token, owner=owner)
    user = users.parse(seen.token) if isinstance(who, str) else who
    if user is None or not seen.jobs:
        return Lookup(user, None)
    (job,) = _statuses(seen)
    visible = job is not None and (job.owner == user.name or user.sees_everything)
    return Lookup(user, job if visible else None)


def read(job_id: str) -> JobStatus | None:
    """Return a job, whoever owns it, or None."""
    return read_many([job_id])[0]


def read_many(job_ids: Sequence[str]) -> list[JobStatus | None]:
    """Return jobs in the order of their ids, None for each that there is not: one round trip.

    Raises
    ------
    Unavailable
        Redis does not answer.
    """
    with reaching_redis():
        return _statuses(looking.look(job_ids))


def _statuses(seen: Seen) -> list[JobStatus | None]:
    now = time.time()
    workers = fleet.parse(seen.fleet, now, settings().visibility_timeout_seconds)
    return [_status_seen(job, workers, now) for job in seen.jobs]


def _status_seen(job: Look, workers: Fleet, now: float) -> JobStatus | None:
    record = records.parse(job.job_id, job.fields)
    if record is None:
        return None
    place = NOTHING_KEEPS_IT
    if not record.done:
        place = places.place(record, live=job.live, workers=workers, found=job.place, now=now)
    meta = None if job.meta is None else orjson.loads(job.meta)
    return status_of(record, meta, live=job.live, place=place)


def status_of(
    record: Record, meta: Mapping[str, Any] | None, *, live: bool = False, place: Place = NOTHING_KEEPS_IT
) -> JobStatus:
    """Return how a job looks.

    Parameters
    ----------
    record : Record
        What Longhaul keeps; enough by itself once Celery's result has expired.
    meta : mapping, optional
        Celery's result of the same job, as it is stored.
    live : bool
        Whether a worker has said lately that it runs the job.
    place : Place
        What keeps it.
    """
    state = _state(record, meta)
    results = _decoded(record.result)
    error = Problem.model_validate_json(record.error) if record.error else None
    status = _status(state, live=live, partial=_is_partial(results))
    shown = meta["result"] if meta and state == "PROGRESS" else _decoded(record.progress)
    seen = cast("Mapping[str, Any]", shown or {})
    return JobStatus(
        id=record.id,
        kind=record.kind,
        session=record.session,
        owner=record.owner,
        attempt=record.attempt,
        retry_of=record.retry_of,
        status=status,
        state=state,
        reason=_reason(record, status, error, place),
        done=status in DONE,
        progress=_percent(status, seen),
        stage=seen.get("stage"),
        message=ENDINGS.get(status, seen.get("message")),
        current_file=None if status in ENDINGS else seen.get("current_file"),
        processed=seen.get("processed"),
        total=seen.get("total"),
        counts=dict(seen.get("counts", {})),
        eta_seconds=_seconds_left(record, status, seen, place),
        queue=_queue_place(record, place.waiting) if status == "queued" else None,
        created_at=_time(record.created_at),
        started_at=_optional_time(record.started_at),
        updated_at=_time(record.updated_at),
        finished_at=_optional_time(record.finished_at),
        stages={name: _time(when) for name, when in record.stages.items()},
        expires_at=_expiry(record) if status in DONE else None,
        results=results if status in DONE else None,
        error=error,
        webhook=WebhookState.model_validate_json(record.webhook) if record.webhook else None,
        links=_links(record, status, results),
        seq=record.seq,
    )


def brief(state: str, *, live: bool, progress: str | None, result: str | None) -> tuple[Status, float]:
    """Return status and progress of a job, as `status_of` does, from those fields of its record alone."""
    status = _status(state, live=live, partial=state == "SUCCESS" and _is_partial(_decoded(result)))
    return status, _percent(status, _decoded(progress) or {})


def _is_partial(results: Mapping[str, Any] | None) -> bool:
    return results is not None and results.get("outcome") == "partial"


def _percent(status: Status, seen: Mapping[str, Any]) -> float:
    if status in ENDINGS:
        return 100.0
    return min(99.9, round(float(seen.get("percent", 0.0)), 1))


def _status(state: str, *, live: bool, partial: bool) -> Status:
    status = BY_STATE.get(state, "running")
    if status == "cancelled" and live:
        return "cancelling"
    return "partial" if status == "completed" and partial else status


def _queue_place(record: Record, waiting: Waiting | None) -> QueuePlace | None:
    if waiting is None:
        return None
    return QueuePlace(
        name=record.queue, position=waiting.position, workers=waiting.workers, limit=waiting.limit
    )


def _seconds_left(record: Record, status: Status, seen: Mapping[str, Any], place: Place) -> int | None:
    if status == "queued":
        return place.waiting.eta_seconds if place.waiting else None
    if status != "running" or place.reason == "stalled":
        return None
    return counted_down(seen.get("eta_seconds"), time.time() - record.updated_at)


def _expiry(record: Record) -> datetime | None:
    """Return when a job that has ended is removed: with its session, or as late after its end."""
    if record.session is None:
        return _time((record.finished_at or record.updated_at) + settings().session_days * SECONDS_PER_DAY)
    try:
        return _time(sessions.expiry(record.owner, record.session))
    except NotFound:  # removed in this moment
        return None


def _reason(record: Record, status: Status, error: Problem | None, place: Place) -> str | None:
    if error is not None:
        return error.type.rpartition("/")[2].replace("-", "_")
    waits_or_runs = place.waiting.reason if place.waiting else place.reason
    return record.reason if status in ("cancelling", "cancelled") else waits_or_runs


def _links(record: Record, status: Status, results: Mapping[str, Any] | None) -> dict[str, str]:
    job = f"/api/v1/jobs/{record.id}"
    has_files = record.kind == "indexing" and not record.is_dry_run
    links = {"self": job, "events": f"{job}/events"} | ({"files": f"{job}/files"} if has_files else {})
    if status in ("queued", "running"):
        links["cancel"] = f"{job}/cancel"
    if status in DONE:
        links["retry"] = f"{job}/retry"
    if status in ("completed", "partial"):
        links["results"] = f"{job}/results"
        links |= {name: f"{job}/{name}" for name in ("plots", "report") if results and results.get(name)}
        if results and "script_verified" in results:
            links["script"] = f"{job}/script"
        if results and has_files:
            links["search"] = f"/api/v1/indexes/{results['index']}/search"
    return links


def _state(record: Record, meta: Mapping[str, Any] | None) -> str:
    """Return the state: of an end what the record says, which was read before."""
    known = meta is not None and not record.done and meta["status"] not in FINAL_STATES
    return str(meta["status"]) if meta and known else record.state


def _decoded(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _optional_time(seconds: float | None) -> datetime | None:
    return None if seconds is None else _time(seconds)
