"""A request that starts a job, sent twice with one key, starts one job.

A key belongs to a user, and remembers for a day which request it came with and which job that made. It is
taken before anything is done, and gets its job in the step after the job's record was made and before the job
is queued; both steps are scripts, so that of any number of processes one goes on. Whoever dies in between
leaves a key that the next one takes over: without a job after a few seconds, with a recorded job that was
perhaps never queued by queuing it, which may be done any number of times.

References
----------
draft-ietf-httpapi-idempotency-key-header-07. There, as here, a key that comes with another request is a 422,
and one whose request is still being worked on a 409.
"""

import hashlib
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

import redis

from jobs.connection import afterwards, reaching_redis, records_client
from jobs.errors import KeyInUse, KeyOfDeletedJob, KeyReused, Unavailable
from jobs.keys import record_key
from jobs.line import as_lua

KEPT_SECONDS: Final = 86_400
LEASE_SECONDS: Final = 15.0  # longer than a submission takes when Redis or the broker is slow to answer
WAIT_SECONDS: Final = 2.0  # for another request with the same key
LOOK_SECONDS: Final = 0.05

# KEYS: the key. ARGV: the request's digest, an id for its job, time, seconds that a lease lasts, and the key.
# Returns a word and a job. "mine": go on with that id; "done": that job was made; "stale": it was recorded,
# and nobody has queued it for long; "busy": somebody is at it; "other": the key came with another request;
# "gone": its job was deleted.
TAKE: Final = f"""
local request, job, till, recorded, published =
  unpack(redis.call('HMGET', KEYS[1], 'request', 'job', 'till', 'recorded', 'published'))
if request and request ~= ARGV[1] then return {{'other', ''}} end
if recorded then
  local there, at, since = unpack(redis.call('HMGET', {as_lua(record_key("<job>"))}, 'state', 'published_at',
    'created_at'))
  if at then return {{'done', job}} end
  if there and tonumber(since) + ARGV[4] < tonumber(ARGV[3]) then return {{'stale', job}} end
  if there then return {{'busy', job}} end
  if published then return {{'gone', job}} end
elseif request and tonumber(till) > tonumber(ARGV[3]) then
  return {{'busy', job}}
end
redis.call('HDEL', KEYS[1], 'recorded')
redis.call('HSET', KEYS[1], 'request', ARGV[1], 'job', ARGV[2], 'till', ARGV[3] + ARGV[4])
if not request then redis.call('EXPIRE', KEYS[1], ARGV[5]) end
return {{'mine', ARGV[2]}}
"""
# KEYS: the key. ARGV: the id that it was taken with, the job that was recorded.
# Returns 1, or 0 if somebody else has taken the key over.
RECORDED: Final = """
if redis.call('HGET', KEYS[1], 'job') ~= ARGV[1] then return 0 end
return redis.call('HSET', KEYS[1], 'job', ARGV[2], 'recorded', 1) * 0 + 1
"""
PUBLISHED: Final = """
if redis.call('HGET', KEYS[1], 'job') == ARGV[1] then redis.call('HSET', KEYS[1], 'published', 1) end
"""
# KEYS: the key, the job's record. ARGV: the job.
# Returns 0 if the job was queued, by whoever has found it; else the key is free, and there is no record.
LET_GO: Final = """
if redis.call('HEXISTS', KEYS[2], 'published_at') == 1 then return 0 end
if redis.call('HGET', KEYS[1], 'job') == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[2])
return 1
"""


@dataclass(frozen=True)
class Request:
    """What is asked, by whom, with which key; `said` is all that makes it this request and no other."""

    owner: str
    key: str
    said: str

    @property
    def name(self) -> str:
        """Where the key is kept. A digest: what users make up may be anything."""
        both = f"{self.owner} {self.key}"  # no user's name has a space
        return f"idempotency:{hashlib.sha256(both.encode()).hexdigest()}"

    @property
    def digest(self) -> str:
        """What is kept of the request itself."""
        return hashlib.sha256(self.said.encode()).hexdigest()


class Once:
    """A key that was taken: told what becomes of the job that it is for."""

    def __init__(self, client: redis.Redis, name: str, job_id: str) -> None:
        self._client, self._name, self.job_id = client, name, job_id

    def recorded(self, job_id: str) -> None:
        """Give the key its job, before that is queued.

        Raises
        ------
        KeyInUse
            Another request has taken the key over, because this one took too long; its job must not run.
        """
        if not self._client.eval(RECORDED, 1, self._name, self.job_id, job_id):
            raise KeyInUse("Another request with this key was quicker; ask again for its job.")
        self.job_id = job_id

    def published(self) -> None:
        """Note that the job was queued: if it is deleted one day, the key does not make another one."""
        self._client.eval(PUBLISHED, 1, self._name, self.job_id)

    def let_go(self) -> bool:
        """Free the key, unless its job was queued by somebody else meanwhile; return whether it is free."""
        return bool(self._client.eval(LET_GO, 2, self._name, record_key(self.job_id), self.job_id))


def once(request: Request, submit: Callable[[Once], str], publish: Callable[[str], None]) -> tuple[str, bool]:
    """Return the job of a request, and whether it had been made before.

    Parameters
    ----------
    submit : callable
        Makes the job with the id that it is given, and tells `Once` of each step.
    publish : callable
        Queues a job that is recorded.

    Raises
    ------
    KeyReused
        The key came with another request.
    KeyInUse
        The first request with it has not ended yet.
    KeyOfDeletedJob
        Its job was deleted.
    LonghaulError
        Whatever `submit` raises; the key is free again then.
    """
    client, end = records_client(), time.monotonic() + WAIT_SECONDS
    while True:
        with reaching_redis():
            word, job_id = _take(client, request)
        if word == "other":
            raise KeyReused("This Idempotency-Key came with another request before; use a new one.")
        if word == "gone":
            raise KeyOfDeletedJob("The job that this Idempotency-Key has started was deleted; use a new one.")
        if word == "done":
            return job_id, True
        taken = Once(client, request.name, job_id)
        if word == "stale":
            publish(job_id)
            with reaching_redis():
                taken.published()
            return job_id, True
        if word == "mine":
            return _submitted(taken, submit), False
        if time.monotonic() > end:
            raise KeyInUse("The first request with this Idempotency-Key is still being worked on.")
        threading.Event().wait(LOOK_SECONDS)


def _take(client: redis.Redis, request: Request) -> tuple[str, str]:
    arguments = (request.digest, str(uuid.uuid4()), time.time(), LEASE_SECONDS, KEPT_SECONDS)
    return cast("tuple[str, str]", client.eval(TAKE, 1, request.name, *map(str, arguments)))


def _submitted(taken: Once, submit: Callable[[Once], str]) -> str:
    try:
        return submit(taken)
    except KeyInUse:
        raise
    except (Unavailable, redis.RedisError):  # which has taken its time already
        afterwards(taken.let_go)
        raise
    except Exception:
        # If that fails the key is free after its lease, or its job is queued by who asks again.
        with suppress(redis.RedisError):
            taken.let_go()
        raise
