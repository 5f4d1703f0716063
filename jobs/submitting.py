"""How a job comes to be: looked at, recorded, and queued in its owner's turn; or nothing is left of it."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import redis
from kombu.exceptions import OperationalError

from jobs import records, sessions, turns
from jobs.connection import reaching_redis, records_client
from jobs.errors import BadInput, KeyInUse, NotFound, TooManyJobs, Unavailable
from jobs.idempotency import Once
from jobs.records import NewJob, Only
from jobs.run import Params
from jobs.settings import settings
from jobs.webhooks.models import FOR_RECORD
from jobs.webhooks.models import check as check_webhook

if TYPE_CHECKING:
    from jobs.job import Job


# Redis keeps them with the job, and hands them out with each look at it.
MOST_PARAMS_CHARACTERS: Final = 64_000


@dataclass(frozen=True)
class Submission:
    """A job as it is asked for; `once` if its request has a key, with which it may come several times."""

    owner: str
    params: Params
    retry_of: str | None = None
    only: Only = "all"
    once: Once | None = None


def submit(kind: "Job", asked: Submission) -> str:
    """Record a job and queue it; errors and result are those of `Job.submit`."""
    job = _looked_at(kind, asked)
    with reaching_redis():
        records.create(records_client(), job, expires_seconds=kind.backend.expires)
        if kind.enter is not None and (other := type(kind).enter(job, asked.params)):  # type: ignore[misc]  # not None
            if asked.once is not None:
                asked.once.recorded(other)
            return other  # nothing is left of this one
        if asked.once is not None:
            _settle(asked.once, job)
    try:
        if job.session:
            sessions.find(job.owner, job.session)  # from now on it is kept for the job; it may just have gone
        kind.publish_in_turn(job)
        mark_published(job.id, asked.once)
    except (OperationalError, redis.RedisError, NotFound, TooManyJobs) as error:
        with suppress(redis.RedisError):  # when Redis is gone too, the reconciliation removes the record
            if asked.once is not None and not asked.once.let_go():
                return job.id  # who asked again has queued it
            records.remove(records_client(), job)
            turns.drop(records_client(), job)
        if isinstance(error, NotFound | TooManyJobs):
            raise
        raise Unavailable(
            "The queue does not answer at the moment; nothing was started, try again."
        ) from error
    return job.id


def mark_published(job_id: str, once: Once | None = None) -> None:
    """Note that a job was queued, or will be in its turn."""
    records.mark_published(records_client(), job_id)
    if once is not None:
        once.published()


def publish_again(kind: "Job", job_id: str) -> None:
    """Queue a job that was recorded, and perhaps never queued: however often, it runs once.

    Raises
    ------
    Unavailable
        Redis or the broker does not answer.
    """
    with reaching_redis():
        record = records.read(records_client(), job_id)
        if record is not None:
            kind.publish_in_turn(record)
            mark_published(job_id)


def _looked_at(kind: "Job", asked: Submission) -> NewJob:
    """Return a job whose parameters can work."""
    owner, params = asked.owner, asked.params
    if params.webhook is not None:
        check_webhook(params.webhook, private_addresses=settings().webhook_private_addresses)
    if kind.check is not None:
        type(kind).check(params, owner)  # type: ignore[misc]  # not None: seen one line above
    asked_for = params.model_dump_json(context=FOR_RECORD)
    if len(asked_for) > MOST_PARAMS_CHARACTERS:
        raise BadInput(
            f"The parameters of this job take {len(asked_for):,} characters as JSON, and at most "
            f"{MOST_PARAMS_CHARACTERS:,} are kept; name fewer columns, values, sources or patterns."
        )
    size = type(kind).measure(params, owner) if kind.measure is not None else None  # type: ignore[misc]  # as above
    return NewJob(
        id=asked.once.job_id if asked.once is not None else str(uuid.uuid4()),
        owner=owner,
        kind=kind.kind,
        params=asked_for,
        session=params.session,
        queue=kind.queue_name,
        retry_of=asked.retry_of,
        only=asked.only,
        size=size,
    )


def _settle(once: Once, job: NewJob) -> None:
    """Give the request's key its job; the job goes again if another request has the key meanwhile."""
    try:
        once.recorded(job.id)
    except KeyInUse:
        records.remove(records_client(), job)
        raise
