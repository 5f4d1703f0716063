"""What a job looks like from outside: record + Celery's result -> `JobStatus`, the shape of every reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

import orjson
import redis
from pydantic import BaseModel, Field

from jobs import records, users
from jobs.connection import reaching_redis, records_client
from jobs.failures import Problem
from jobs.records import Record
from jobs.users import User

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
DONE: frozenset[Status] = frozenset({"completed", "partial", "failed", "cancelled"})


class QueuePlace(BaseModel):
    """Where a job waits."""

    name: str


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
    results: dict[str, Any] | None = Field(description="A summary, when it is done.")
    error: Problem | None
    links: dict[str, str]
    seq: int = Field(exclude=True)


@dataclass(frozen=True)
class Lookup:
    """What one round trip to Redis tells of a request: who asks, and about which job."""

    user: User | None
    job: JobStatus | None


def lookup(token_digest: str, job_id: str | None) -> Lookup:
    """Return the user of a token and, for an id, the job if that user may see it: one round trip.

    Raises
    ------
    Unavailable
        Redis does not answer.
    """
    with reaching_redis(), records_client().pipeline(transaction=False) as pipe:
        pipe.hgetall(users.token_key(token_digest))
        if job_id is not None:
            _ask(pipe, job_id)
        answers = pipe.execute()
    user = users.parse(answers[0])
    if user is None or job_id is None:
        return Lookup(user, None)
    status = _status(job_id, answers[1], answers[2])
    visible = status is not None and (status.owner == user.name or user.sees_everything)
    return Lookup(user, status if visible else None)


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
    with reaching_redis(), records_client().pipeline(transaction=False) as pipe:
        for job_id in job_ids:
            _ask(pipe, job_id)
        answers = pipe.execute()
    pairs = zip(answers[::2], answers[1::2], strict=True)
    return [_status(job_id, fields, meta) for job_id, (fields, meta) in zip(job_ids, pairs, strict=True)]


def _ask(pipe: "redis.client.Pipeline", job_id: str) -> None:
    pipe.hgetall(records.record_key(job_id))
    pipe.get(records.meta_key(job_id))


def _status(job_id: str, fields: Mapping[str, str], meta: str | None) -> JobStatus | None:
    record = records.parse(job_id, fields)
    return None if record is None else status_of(record, None if meta is None else orjson.loads(meta))


def status_of(record: Record, meta: Mapping[str, Any] | None) -> JobStatus:
    """Return how a job looks.

    Parameters
    ----------
    record : Record
        What Longhaul keeps; enough by itself once Celery's result has expired.
    meta : mapping, optional
        Celery's result of the same job, as it is stored.
    """
    state = str(meta["status"]) if meta else record.state
    results = _decoded(record.result)
    error = Problem.model_validate_json(record.error) if record.error else None
    status = BY_STATE.get(state, "running")
    if status == "completed" and results and results.get("outcome") == "partial":
        status = "partial"
    live = meta["result"] if meta and state == "PROGRESS" else _decoded(record.progress)
    seen = cast("Mapping[str, Any]", live or {})
    return JobStatus(
        id=record.id,
        kind=record.kind,
        session=record.session,
        owner=record.owner,
        attempt=record.attempt,
        status=status,
        state=state,
        reason=_reason(state, error),
        done=status in DONE,
        progress=100.0 if status in ("completed", "partial") else round(float(seen.get("percent", 0.0)), 1),
        stage=seen.get("stage"),
        message=ENDINGS.get(status, seen.get("message")),
        current_file=None if status in ("completed", "partial") else seen.get("current_file"),
        processed=seen.get("processed"),
        total=seen.get("total"),
        counts=dict(seen.get("counts", {})),
        queue=QueuePlace(name=record.kind) if status == "queued" else None,
        created_at=_time(record.created_at),
        started_at=_optional_time(record.started_at),
        updated_at=_time(record.updated_at),
        finished_at=_optional_time(record.finished_at),
        results=results if status in DONE else None,
        error=error,
        links=_links(record.id, status, results),
        seq=record.seq,
    )


def _reason(state: str, error: Problem | None) -> str | None:
    if state == "RETRY":
        return "retry_at"
    if error is not None:
        return error.type.rpartition("/")[2].replace("-", "_")
    return None


def _links(job_id: str, status: Status, results: Mapping[str, Any] | None) -> dict[str, str]:
    job = f"/api/v1/jobs/{job_id}"
    links = {"self": job}
    if status in ("completed", "partial"):
        links["results"] = f"{job}/results"
        if results and results.get("project"):  # its artifacts lie in a folder of the session
            links |= {"plots": f"{job}/plots", "script": f"{job}/script"}
        if results and results.get("index"):
            links |= {"files": f"{job}/files", "search": f"/api/v1/indexes/{results['index']}/search"}
    return links


def _decoded(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _optional_time(seconds: float | None) -> datetime | None:
    return None if seconds is None else _time(seconds)
