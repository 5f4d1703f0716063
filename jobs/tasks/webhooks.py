"""The delivery of webhooks: started when a job with one ends, and by beat for what is tried again."""

import logging
from datetime import datetime
from functools import partial
from typing import Literal, cast

from pydantic import BaseModel, Field

from jobs import status
from jobs.celery import app
from jobs.connection import reaching_redis, records_client
from jobs.errors import NotReady
from jobs.settings import settings
from jobs.status import JobStatus
from jobs.webhooks import due
from jobs.webhooks.run import Run
from jobs.webhooks.sending import Rules

log = logging.getLogger(__name__)

EventType = Literal["job.completed", "job.partial", "job.failed", "job.cancelled"]


class JobEvent(BaseModel):
    """The body of a delivery."""

    type: EventType
    timestamp: datetime = Field(description="When the job ended.")
    data: JobStatus


@app.task(name=due.TASK, ignore_result=True, soft_time_limit=60, time_limit=90)
def deliver_due() -> None:
    """Send the webhooks that are due."""
    rules = Rules(private_addresses=settings().webhook_private_addresses)
    with reaching_redis():
        client = records_client()
        again = partial(due.start_again, app, client)
        sent = Run(client, body_of, rules, again=again).deliver()
    if any(vars(sent).values()):
        log.info("webhooks sent", extra=vars(sent))


def body_of(job_id: str) -> bytes | None:
    """Return what is told of a job that has ended, the same bytes each time; None if the job is gone.

    Raises
    ------
    NotReady
        The job has not ended: a cancelled one may still be stopping.
    """
    job = status.read(job_id)
    if job is None:
        return None
    if not job.done:
        raise NotReady(f"Job {job_id} has not ended.")
    event = JobEvent(
        type=cast("EventType", f"job.{job.status}"),
        timestamp=job.finished_at or job.updated_at,
        data=job,
    )
    # How the delivery itself stands differs from attempt to attempt.
    return event.model_dump_json(exclude={"data": {"webhook", "seq"}}).encode()
