"""What follows the end of a job, and how a user ends, repeats or deletes one.

The process that stores a final state concludes the job; should it die in between, the reconciliation does it.
So everything here may be done twice.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress

import redis
from celery.app.task import Context
from kombu.exceptions import OperationalError

from jobs import archive, changes, failures, fanout, records, removal, throughput, turns
from jobs.connection import reaching_redis, records_client
from jobs.errors import AlreadyEnded, BadInput, NotEnded, NotFound
from jobs.failures import Problem
from jobs.idempotency import Once
from jobs.job import Job
from jobs.keys import busy_key, live_key, parent_of, waiting_key
from jobs.measures import JOB_SECONDS, measures
from jobs.records import Only, Record
from jobs.webhooks import due as webhooks

log = logging.getLogger(__name__)

# A batch that ends for one of these reasons has lost its own files alone; any other fault is the job's.
LOST = frozenset({"worker-lost", "gave-up", "timeout", "out-of-memory"})


def conclude(kinds: Mapping[str, Job], job_id: str) -> None:
    """Do what follows the end of a job or batch, unless its run has not let go of it yet.

    Raises
    ------
    redis.RedisError, kombu.exceptions.OperationalError
        Redis does not answer; the reconciliation concludes the job later.
    """
    client = records_client()
    record = records.read(client, job_id)
    if record is None:
        return
    if fanout.is_batch(record) and record.done:
        _conclude_batch(client, kinds, record)
    elif fanout.is_batch(record):  # stopped, because its job has ended: the last to stop concludes the job
        conclude(kinds, parent_of(job_id))
    elif record.done:
        _conclude_job(client, kinds, record)


def _conclude_job(client: redis.Redis, kinds: Mapping[str, Job], record: Record) -> None:
    job_id = record.id
    if record.phase == "batches" and not client.exists(busy_key(job_id)):
        client.delete(live_key(job_id))  # the last batch to run has told of it, and none runs now
    client.zrem(waiting_key(record.queue), job_id)
    if records.is_live(client, job_id):
        return
    give_turns(client, kinds, record.queue, record.owner, job_id=job_id)
    kind = kinds.get(record.kind)
    if kind is not None:
        _tidy(kind, record)
        webhooks.enqueue(kind.app, client, job_id)
    archive.write(client, record)
    if records.close(client, job_id):
        _note_duration(client, record)
        if record.state == "REVOKED":  # it read `cancelling` until now, without a word since
            changes.note(client, record.owner, job_id)
        _measure(client, record)
        if kind is not None and record.phase == "batches":
            _tell_watchers(kind, record)


def _tidy(kind: Job, record: Record) -> None:
    """Remove what the job's runs have left; a fault of this must not keep the job from being concluded."""
    try:
        type(kind).tidy(record)
    except (redis.RedisError, OperationalError):
        raise
    except Exception:
        log.exception("what a job has left was not removed", extra={"job_id": record.id})


def give_turns(
    client: redis.Redis, kinds: Mapping[str, Job], queue: str, owner: str, *, job_id: str = ""
) -> None:
    """Queue the jobs of an owner whose turn has come, as by the end of `job_id`."""
    for next_id in turns.pass_on(client, queue, owner, job_id=job_id):
        record = records.read(client, next_id)
        if record is None or record.done or record.kind not in kinds:
            give_turns(client, kinds, queue, owner, job_id=next_id)
        else:
            kinds[record.kind].publish(record)


def _conclude_batch(client: redis.Redis, kinds: Mapping[str, Job], batch: Record) -> None:
    """Count a batch as ended; queue what comes next, or let the job fail with it."""
    left = fanout.end_batch(client, batch)
    job_id = parent_of(batch.id)
    if left < 0:
        conclude(kinds, job_id)
        return
    job = records.read(client, job_id)
    if job is None or job.kind not in kinds:
        return
    kind = kinds[job.kind]
    fault = Problem.model_validate_json(batch.error) if batch.error else None
    if fault is not None and fault.type.rpartition("/")[2] not in LOST:
        kind.backend.mark_as_failure(job_id, failures.as_error(fault), request=_request(kind, job))
    elif left == 0:
        kind.publish(job, step="finish")
    else:
        kind.publish_batches(job)


def _tell_watchers(kind: Job, record: Record) -> None:
    """Tell those who watch events how a job ended of which no run was there to tell it."""
    told: dict[str, object] = {"terminated": False, "signum": None, "expired": False}
    if record.state == "FAILURE":
        detail = Problem.model_validate_json(record.error).detail if record.error else ""
        told = {"exception": detail, "traceback": ""}
    with (
        suppress(OperationalError, redis.RedisError, OSError),
        kind.app.events.default_dispatcher(hostname=record.worker) as dispatcher,
    ):
        name = "task-failed" if record.state == "FAILURE" else "task-revoked"
        dispatcher.send(name, uuid=record.id, retry=False, **told)


def _note_duration(client: redis.Redis, record: Record) -> None:
    """Remember how long a job of this size took, to tell others how long they will wait."""
    if record.state == "SUCCESS" and record.size is not None and record.started_at and record.finished_at:
        throughput.note(client, record.kind, record.size, record.finished_at - record.started_at)


def _measure(client: redis.Redis, record: Record) -> None:
    """Count a job that has ended."""
    fault = Problem.model_validate_json(record.error) if record.error else None
    reason = fault.type.rpartition("/")[2] if fault is not None else record.reason or "none"
    measures.add("jobs_ended", record.kind, record.state, reason)
    if record.started_at and record.finished_at:
        seconds = max(0.0, record.finished_at - record.started_at)
        measures.observe("job_seconds", record.kind, record.state, seconds=seconds, bounds=JOB_SECONDS)
    measures.flush(client)  # the processes that run jobs add nothing up between them


def cancel(kinds: Mapping[str, Job], record: Record) -> None:
    """Cancel a job: at once if it waits, whether or not a worker is up; otherwise as soon as its run stops.

    Raises
    ------
    AlreadyEnded
        It has ended before.
    Unavailable
        Redis does not answer.
    """
    kind = kind_of(kinds, record)
    with reaching_redis():
        kind.backend.mark_as_revoked(record.id, failures.CANCELLED_BY_USER, request=_request(kind, record))
        found = records.read(records_client(), record.id)
    if found is None or found.state != "REVOKED":
        raise AlreadyEnded("The job has ended already; there is nothing to cancel.")


def retry(kinds: Mapping[str, Job], record: Record, *, only: Only, once: Once | None = None) -> str:
    """Submit a job again, all of it or just what failed; return the new job's id.

    Raises
    ------
    NotEnded
        The job has not ended.
    BadInput
        Jobs of this kind cannot try again a part.
    LonghaulError
        The parameters do not work any more, such as a session that was removed.
    """
    kind = kind_of(kinds, record)
    if not record.done:
        raise NotEnded("The job has not ended: wait for its end, or cancel it, before you try it again.")
    if only == "failed" and not kind.retries_failed:
        raise BadInput(f"A job of the kind {record.kind} is one whole: try it again with only = all.")
    params = kind.params.model_validate_json(record.params)
    return kind.submit(record.owner, params, retry_of=record.id, only=only, once=once)


def delete(kinds: Mapping[str, Job], record: Record) -> None:
    """Remove a job that has ended, with what it has made.

    Raises
    ------
    NotEnded
        It runs, waits, or is being cancelled.
    """
    with reaching_redis():
        client = records_client()
        if not record.done or records.is_live(client, record.id):
            raise NotEnded(
                "The job, or a part of it, still runs: cancel it, and delete it once nothing of it runs."
            )
        conclude(kinds, record.id)  # its turn may not have been passed on yet
        kind = kinds.get(record.kind)
        if kind is not None:
            type(kind).discard(record)
        removal.forget(client, record)


def kind_of(kinds: Mapping[str, Job], record: Record) -> Job:
    """Return the kind of a job.

    Raises
    ------
    NotFound
        The job is of a version of Longhaul that had a kind more.
    """
    if record.kind not in kinds:
        raise NotFound(f"This version of Longhaul has no kind of job {record.kind!r} any more.")
    return kinds[record.kind]


def _request(kind: Job, record: Record) -> Context:
    """Return what Celery's result tells of a job's task, when it is not the task that writes it."""
    kwargs = {"session": record.session} if record.session else {}
    return Context(
        id=record.id,
        task=kind.name,
        args=[],
        kwargs=kwargs,
        delivery_info={"routing_key": record.queue},
    )
