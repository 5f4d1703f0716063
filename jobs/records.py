"""What Longhaul keeps of each job in Redis.

A record is a hash beside Celery's result of the same job, in the same database and, by the braces in both
keys, in the same slot of a Redis Cluster. It is written before the message is published: a poll never finds a
job missing, and an unknown id is told apart from a job that waits. `jobs/transitions.py` has the scripts that
change a record in one step.

A job that is spread over several workers has batches; the batch 3 of the job J has the id `J.3` and a record
of its own, in the slot of J.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

import orjson
import redis

from jobs import changes
from jobs.keys import (
    ENDED_KEY,
    OPEN_KEY,
    busy_key,
    live_key,
    meta_key,
    owner_key,
    record_key,
    session_key,
    tally_key,
    waiting_key,
)

FINAL_STATES: Final = ("SUCCESS", "FAILURE", "REVOKED")

# What of a job is tried again: everything, or only what failed.
Only = Literal["all", "failed"]
# "" while a job is one run; a job that is spread passes from its batches to the run that puts them together.
Phase = Literal["", "batches", "finish"]
# Sets a field of a record that there is. KEYS: the record. ARGV: field, value ("+1" counts it up).
SET_IF_THERE: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[2] == '+1' then return redis.call('HINCRBY', KEYS[1], ARGV[1], 1) end
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
"""
STAGE_PREFIX: Final = "stage:"  # of the fields that tell when a stage began


@dataclass(frozen=True)
class Record:
    """One job as Longhaul remembers it. Times are Unix seconds, UTC; JSON members are kept as they came.

    `attempt` counts how often the job was begun, `fence` every claim of it: what an earlier claim writes is
    refused. `published` tells that its user was, or will be, told of the job. `size` is what it has to work
    on, in the kind's unit.
    """

    id: str
    owner: str
    kind: str
    params: str
    session: str | None
    queue: str
    created_at: float
    started_at: float | None
    updated_at: float
    finished_at: float | None
    attempt: int
    seq: int
    state: str
    worker: str | None
    progress: str | None
    result: str | None
    error: str | None
    published: bool
    fence: int
    phase: Phase
    batches: int
    left: int
    retry_of: str | None
    only: Only
    retry_at: float | None
    reason: str | None
    size: float | None
    stages: Mapping[str, float]
    hand: str | None
    deaths: str | None
    webhook: str | None

    @property
    def done(self) -> bool:
        """Whether the job has ended, well or not."""
        return self.state in FINAL_STATES

    @property
    def is_dry_run(self) -> bool:
        """Whether the job only tells what it would do: a quotation mark in a value of JSON is written \\"."""
        return '"dry_run":true' in self.params


def parse(job_id: str, fields: Mapping[str, str]) -> Record | None:
    """Return the record that a hash holds, or None for no hash."""
    if not fields:
        return None

    def seconds(name: str) -> float | None:
        value = fields.get(name)
        return float(value) if value else None

    created_at = float(fields["created_at"])
    stages = {
        name.removeprefix(STAGE_PREFIX): float(when)
        for name, when in fields.items()
        if name.startswith(STAGE_PREFIX)
    }
    return Record(
        id=job_id,
        owner=fields["owner"],
        kind=fields["kind"],
        params=fields["params"],
        session=fields.get("session") or None,
        queue=fields.get("queue", fields["kind"]),
        created_at=created_at,
        started_at=seconds("started_at"),
        updated_at=seconds("updated_at") or created_at,
        finished_at=seconds("finished_at"),
        attempt=int(fields.get("attempt", 0)),
        seq=int(fields.get("seq", 0)),
        state=fields["state"],
        worker=fields.get("worker"),
        progress=fields.get("progress"),
        result=fields.get("result"),
        error=fields.get("error"),
        published="published_at" in fields,
        fence=int(fields.get("fence", 0)),
        phase=cast("Phase", fields.get("phase", "")),
        batches=int(fields.get("batches", 0)),
        left=int(fields.get("left", 0)),
        retry_of=fields.get("retry_of") or None,
        only=cast("Only", fields.get("only", "all")),
        retry_at=seconds("retry_at"),
        reason=fields.get("reason"),
        size=seconds("size"),
        stages=stages,
        hand=fields.get("hand"),
        deaths=fields.get("deaths"),
        webhook=fields.get("webhook"),
    )


@dataclass(frozen=True)
class NewJob:
    """A job about to be recorded."""

    id: str
    owner: str
    kind: str
    params: str
    session: str | None
    queue: str
    retry_of: str | None = None
    only: Only = "all"
    size: float | None = None


def create(client: redis.Redis, job: NewJob, *, expires_seconds: int) -> None:
    """Write the record, Celery's PENDING result and the lists that the job stands in, all or nothing."""
    now = time.time()
    pending: dict[str, object] = {
        "status": "PENDING",
        "result": None,
        "traceback": None,
        "children": [],
        "task_id": job.id,
    }
    fields: dict[redis.typing.EncodableT, redis.typing.EncodableT] = {
        "owner": job.owner,
        "kind": job.kind,
        "params": job.params,
        "session": job.session or "",
        "queue": job.queue,
        "created_at": now,
        "updated_at": now,
        "attempt": 0,
        "seq": 0,
        "state": "PENDING",
        "retry_of": job.retry_of or "",
        "only": job.only,
        "size": "" if job.size is None else job.size,
    }
    with client.pipeline(transaction=True) as pipe:
        pipe.hset(record_key(job.id), mapping=fields)
        pipe.set(meta_key(job.id), orjson.dumps(pending), ex=expires_seconds)
        pipe.zadd(OPEN_KEY, {job.id: now})
        pipe.zadd(owner_key(job.owner), {job.id: now})
        if job.session:
            pipe.sadd(session_key(job.session), job.id)
        changes.note(pipe, job.owner, job.id)
        pipe.execute()


def mark_published(client: redis.Redis, job_id: str) -> None:
    """Note that a job's message is in the queue, or will be: its user was, or will be, told so."""
    _set_if_there(client, job_id, "published_at", repr(time.time()))


def _set_if_there(client: redis.Redis, job_id: str, field: str, value: str) -> None:
    """Set a field of a record, "+1" counting it up, unless the job was removed: nothing of it comes back."""
    client.register_script(SET_IF_THERE)(keys=[record_key(job_id)], args=[field, value])


def note_given_back(client: redis.Redis, job_id: str) -> None:
    """Note that a run ended without having killed anybody, to be begun again."""
    _set_if_there(client, job_id, "given_back", "+1")


def note_waiting(client: redis.Redis, queue: str, run_id: str) -> None:
    """Note that a message of a job or batch is in a queue; the claim takes it off the list again."""
    client.zadd(waiting_key(queue), {run_id: time.time()}, nx=True)


def open_ids(client: redis.Redis, *, begin: int = 0, limit: int) -> list[str]:
    """Return ids of jobs that have not been concluded, oldest first, leaving out the first `begin`."""
    return cast("list[str]", client.zrange(OPEN_KEY, begin, begin + limit - 1))


def close(client: redis.Redis, job_id: str) -> bool:
    """Move a job from the list of those that have not been concluded to the list of those that have.

    Returns whether it was in the first: of two processes that conclude a job, only one is told so.
    """
    with client.pipeline(transaction=True) as pipe:
        pipe.zrem(OPEN_KEY, job_id)
        pipe.zadd(ENDED_KEY, {job_id: time.time()}, nx=True)
        closed, _ = pipe.execute()
    return bool(closed)


def is_live(client: redis.Redis, job_id: str) -> bool:
    """Return whether a worker has said lately that it runs the job."""
    return bool(client.exists(live_key(job_id)))


def goes_on(client: redis.Redis, job_id: str) -> bool:
    """Return whether a job waits, runs, or is being cancelled."""
    record = read(client, job_id)
    return record is not None and (not record.done or is_live(client, job_id))


def remove(client: redis.Redis, record: Record | NewJob) -> None:
    """Remove every trace of a job from Redis, its batches included."""
    with client.pipeline(transaction=True) as pipe:
        pipe.delete(record_key(record.id), meta_key(record.id), live_key(record.id))
        if isinstance(record, Record):
            pipe.delete(*keys_of_batches(record))
        pipe.zrem(OPEN_KEY, record.id)
        pipe.zrem(ENDED_KEY, record.id)
        pipe.zrem(waiting_key(record.queue), record.id)
        pipe.zrem(owner_key(record.owner), record.id)
        if record.session:
            pipe.srem(session_key(record.session), record.id)
        changes.note(pipe, record.owner, record.id)
        pipe.execute()


def batch_ids(record: Record) -> list[str]:
    """Return the ids of a job's batches."""
    return [f"{record.id}.{number}" for number in range(record.batches)]


def keys_of_batches(record: Record) -> list[str]:
    """Return the keys of all that is kept of a job's batches, and of what counts them: there may be none."""
    keys = (record_key, meta_key, live_key)
    return [
        tally_key(record.id),
        busy_key(record.id),
        *(key(batch) for batch in batch_ids(record) for key in keys),
    ]


def read(client: redis.Redis, job_id: str) -> Record | None:
    """Return a job's record, or None."""
    return parse(job_id, cast("dict[str, str]", client.hgetall(record_key(job_id))))


def of_session(client: redis.Redis, session: str) -> list[Record]:
    """Return the records of a session's jobs, in no order."""
    return read_many(client, list(cast("set[str]", client.smembers(session_key(session)))))


def read_many(client: redis.Redis, ids: Sequence[str]) -> list[Record]:
    """Return the records of those jobs that there are, in the order of their ids: one round trip."""
    with client.pipeline(transaction=False) as pipe:
        for job_id in ids:
            pipe.hgetall(record_key(job_id))
        hashes = pipe.execute()
    return [record for job_id, fields in zip(ids, hashes, strict=True) if (record := parse(job_id, fields))]
