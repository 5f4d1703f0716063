"""What Longhaul keeps of each job in Redis, and the scripts that change it in one step.

A record is a hash beside Celery's result of the same job, in the same database and, by the braces in both
keys, in the same slot of a Redis Cluster. It is written before the message is published: a poll never finds a
job missing, and an unknown id is told apart from a job that waits.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

import orjson
import redis

FINAL_STATES: Final = ("SUCCESS", "FAILURE", "REVOKED")


def record_key(job_id: str) -> str:
    """Return the key of a job's record."""
    return f"job:{{{job_id}}}"


def live_key(job_id: str) -> str:
    """Return the key that exists while a worker runs the job; its value is the worker's name."""
    return f"job:{{{job_id}}}:live"


def meta_key(job_id: str) -> str:
    """Return the key of Celery's result of a job."""
    return f"celery-task-meta-{{{job_id}}}"


def owner_key(owner: str) -> str:
    """Return the key of the sorted set of an owner's jobs, scored by when they were created."""
    return f"jobs:owner:{owner}"


def session_key(session: str) -> str:
    """Return the key of the set of a session's jobs."""
    return f"jobs:session:{session}"


# Sorted set of jobs that have not ended, scored by when they were created; the reconciliation takes off those
# that have.
OPEN_KEY = "jobs:open"


@dataclass(frozen=True)
class Record:
    """One job as Longhaul remembers it. Times are Unix seconds, UTC; JSON members are kept as they came."""

    id: str
    owner: str
    kind: str
    params: str
    session: str | None
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

    @property
    def done(self) -> bool:
        """Whether the job has ended, well or not."""
        return self.state in FINAL_STATES


def parse(job_id: str, fields: Mapping[str, str]) -> Record | None:
    """Return the record that a hash holds, or None for no hash."""
    if not fields:
        return None

    def seconds(name: str) -> float | None:
        value = fields.get(name)
        return float(value) if value else None

    created_at = float(fields["created_at"])
    return Record(
        id=job_id,
        owner=fields["owner"],
        kind=fields["kind"],
        params=fields["params"],
        session=fields.get("session") or None,
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
    )


@dataclass(frozen=True)
class NewJob:
    """A job about to be recorded."""

    id: str
    owner: str
    kind: str
    params: str
    session: str | None


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
        "created_at": now,
        "updated_at": now,
        "attempt": 0,
        "seq": 0,
        "state": "PENDING",
    }
    with client.pipeline(transaction=True) as pipe:
        pipe.hset(record_key(job.id), mapping=fields)
        pipe.set(meta_key(job.id), orjson.dumps(pending), ex=expires_seconds)
        pipe.zadd(OPEN_KEY, {job.id: now})
        pipe.zadd(owner_key(job.owner), {job.id: now})
        if job.session:
            pipe.sadd(session_key(job.session), job.id)
        pipe.execute()


def mark_published(client: redis.Redis, job_id: str) -> None:
    """Note that a job's message is in the queue: its user was, or will be, told so."""
    client.hset(record_key(job_id), "published_at", time.time())


def open_ids(client: redis.Redis, *, before: float, limit: int) -> list[str]:
    """Return ids of jobs created before `before` (Unix seconds) that have not ended as far as is known."""
    found = client.zrange(OPEN_KEY, "-inf", before, byscore=True, offset=0, num=limit)
    return cast("list[str]", found)


def close(client: redis.Redis, job_id: str) -> None:
    """Take a job off the list of those that have not ended."""
    client.zrem(OPEN_KEY, job_id)


def is_live(client: redis.Redis, job_id: str) -> bool:
    """Return whether a worker has said lately that it runs the job."""
    return bool(client.exists(live_key(job_id)))


def of_owners_before(client: redis.Redis, before: float) -> Iterator[Record]:
    """Yield the records of all owners' jobs created before `before` (Unix seconds)."""
    for key in client.scan_iter(owner_key("*")):
        for job_id in cast("list[str]", client.zrange(key, "-inf", before, byscore=True)):
            if (record := read(client, job_id)) is not None:
                yield record
            else:
                client.zrem(key, job_id)


def remove(client: redis.Redis, record: Record | NewJob) -> None:
    """Remove every trace of a job from Redis."""
    with client.pipeline(transaction=True) as pipe:
        pipe.delete(record_key(record.id), meta_key(record.id), live_key(record.id))
        pipe.zrem(OPEN_KEY, record.id)
        pipe.zrem(owner_key(record.owner), record.id)
        if record.session:
            pipe.srem(session_key(record.session), record.id)
        pipe.execute()


def read(client: redis.Redis, job_id: str) -> Record | None:
    """Return a job's record, or None."""
    return parse(job_id, cast("dict[str, str]", client.hgetall(record_key(job_id))))


def newest_ids(
    client: redis.Redis, owner: str, *, before: float | None, limit: int
) -> list[tuple[str, float]]:
    """Return ids and creation times of an owner's jobs, newest first, created before `before`."""
    highest = "+inf" if before is None else f"({before!r}"
    found = client.zrange(
        owner_key(owner), highest, "-inf", desc=True, byscore=True, offset=0, num=limit, withscores=True
    )
    return cast("list[tuple[str, float]]", found)


def of_session(client: redis.Redis, session: str) -> list[Record]:
    """Return the records of a session's jobs, in no order."""
    ids = list(cast("set[str]", client.smembers(session_key(session))))
    with client.pipeline(transaction=False) as pipe:
        for job_id in ids:
            pipe.hgetall(record_key(job_id))
        hashes = pipe.execute()
    return [record for job_id, fields in zip(ids, hashes, strict=True) if (record := parse(job_id, fields))]


# Stores a state of a job. A final state is never overwritten, and neither is a newer attempt.
# KEYS: Celery's result, the record, the live mark. ARGV: the result, its state, the attempt that writes (""
# when it is not an attempt of the job), seconds to live (0: for ever), time, then fields of the record.
# Returns "" when it was stored, else why not.
STORE: Final = """
local final = {SUCCESS = true, FAILURE = true, REVOKED = true}
local is_job = redis.call('EXISTS', KEYS[2]) == 1
if is_job then
  local state, attempt = unpack(redis.call('HMGET', KEYS[2], 'state', 'attempt'))
  if final[state] then return state end
  if ARGV[3] ~= '' and tonumber(attempt) > tonumber(ARGV[3]) then return 'NEWER_ATTEMPT' end
else
  local current = redis.call('GET', KEYS[1])
  if current then
    local readable, meta = pcall(cjson.decode, current)
    if readable and final[meta['status']] then return meta['status'] end
  end
  if ARGV[3] ~= '' then return 'DELETED' end
end
if ARGV[4] == '0' then
  redis.call('SET', KEYS[1], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
end
if is_job then
  redis.call('HSET', KEYS[2], 'state', ARGV[2], 'updated_at', ARGV[5], unpack(ARGV, 6))
  redis.call('HINCRBY', KEYS[2], 'seq', 1)
  if final[ARGV[2]] then redis.call('HSET', KEYS[2], 'finished_at', ARGV[5]) end
  if final[ARGV[2]] or ARGV[2] == 'RETRY' then redis.call('DEL', KEYS[3]) end
end
redis.call('PUBLISH', KEYS[1], ARGV[1])
return ''
"""

# Begins an attempt. KEYS as above. ARGV: the STARTED result, seconds to live, time, worker, seconds that the
# live mark lasts, most attempts.
# Returns the attempt's number, or one of these.
HAS_ENDED: Final = 0  # or was deleted
RUNS_ELSEWHERE: Final = -1
NO_ATTEMPT_LEFT: Final = -2
CLAIM: Final = """
local final = {SUCCESS = true, FAILURE = true, REVOKED = true}
local state, attempt, started_at = unpack(redis.call('HMGET', KEYS[2], 'state', 'attempt', 'started_at'))
if not state or final[state] then return 0 end
if (state == 'STARTED' or state == 'PROGRESS') and redis.call('EXISTS', KEYS[3]) == 1 then return -1 end
if tonumber(attempt) >= tonumber(ARGV[6]) then return -2 end
redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5])
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
redis.call('HSET', KEYS[2], 'state', 'STARTED', 'updated_at', ARGV[3], 'worker', ARGV[4])
if not started_at then redis.call('HSET', KEYS[2], 'started_at', ARGV[3]) end
redis.call('HINCRBY', KEYS[2], 'seq', 1)
redis.call('HDEL', KEYS[2], 'progress')
redis.call('PUBLISH', KEYS[1], ARGV[1])
return redis.call('HINCRBY', KEYS[2], 'attempt', 1)
"""

# Withdraws a live mark if it is this worker's. KEYS: the mark. ARGV: the worker.
WITHDRAW: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
