"""The deliveries that wait, in Redis: which jobs, when, and how each stands.

Times stand in a sorted set and not in messages with a countdown: Redis would deliver such a message again at
each visibility timeout, and it would lie in a worker's hand for hours. What a delivery needs lies in the
job's record, so that it goes with the record.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import orjson
import redis
from celery import Celery
from kombu.exceptions import OperationalError

from jobs.keys import record_key
from jobs.webhooks.models import Webhook, WebhookState

log = logging.getLogger(__name__)

TASK: Final = "jobs.webhooks.deliver_due"
STATE_FIELD: Final = "webhook"  # of a record: how the delivery stands
# Sorted set of job ids, scored by when the next attempt is due or, while one is made, when its lease ends.
DUE_KEY: Final = "{webhooks}:due"
RUN_KEY: Final = "{webhooks}:run"  # the run that sends at the moment
NUDGE_KEY: Final = "{webhooks}:nudge"  # exists while a message that starts a run is in the queue
SOON_KEY: Final = "{webhooks}:soon"  # exists until the run that was asked for shortly after another begins

LEASE_SECONDS: Final = (
    60.0  # above the longest attempt; a killed worker's delivery is taken up again after it
)
RUN_SECONDS: Final = 5.0  # a run that is silent for so long is dead, and another may begin
NUDGE_SECONDS: Final = 10
# What is due sooner is not left to beat. Far below the visibility timeout, so that a message may wait for it.
SOON_SECONDS: Final = 10.0

# Notes that a job with a webhook has ended. KEYS: the record. ARGV: the first state.
# Returns how the delivery stands, "" for a job that is gone.
BEGIN: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return '' end
if redis.call('HSETNX', KEYS[1], 'webhook', ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[1], 'seq', 1) end
return redis.call('HGET', KEYS[1], 'webhook')
"""

# Notes how a delivery stands, unless it is delivered or its record is gone. KEYS: the record. ARGV: the
# state.
NOTE: Final = """
local current = redis.call('HGET', KEYS[1], 'webhook')
if not current or cjson.decode(current)['state'] == 'delivered' then return 0 end
redis.call('HSET', KEYS[1], 'webhook', ARGV[1])
return redis.call('HINCRBY', KEYS[1], 'seq', 1)
"""

# Takes deliveries that are due, for one run at a time. KEYS: the set, the run. ARGV: this run, milliseconds
# that it may be silent, time, end of the lease, how many at most, "1" if the run ends when there are none: it
# has then ended in this very step, so that whoever enqueues next starts another.
# Returns ids, or nothing if another run sends.
CLAIM: Final = """
local run = redis.call('GET', KEYS[2])
if run and run ~= ARGV[1] then return false end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, ARGV[5])
for _, id in ipairs(ids) do redis.call('ZADD', KEYS[1], ARGV[4], id) end
if #ids == 0 and ARGV[6] == '1' then redis.call('DEL', KEYS[2]) end
return ids
"""

# Ends a lease that is still this one. KEYS: the set. ARGV: job, end of the lease, next time ("": never).
SETTLE: Final = """
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
"""

# Lets another run begin. KEYS: the run. ARGV: this run.
RELEASE: Final = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)


@dataclass(frozen=True)
class Delivery:
    """What a record tells of a delivery."""

    webhook: Webhook
    standing: WebhookState
    owner: str


@dataclass(frozen=True)
class Lease:
    """A delivery in hand, and until when (Unix seconds) nobody else takes it up."""

    job_id: str
    until: int


def enqueue(app: Celery, client: redis.Redis, job_id: str) -> bool:
    """Have the webhook of a job that has ended delivered now; return whether there was anything to do.

    Safe to call more than once, for jobs without a webhook and for jobs that are gone.
    """
    if _webhook(cast("str | None", client.hget(record_key(job_id), "params"))) is None:
        return False
    pending = WebhookState(state="pending").model_dump_json()
    standing = str(client.eval(BEGIN, 1, record_key(job_id), pending))
    if not standing or WebhookState.model_validate_json(standing).state != "pending":
        return False
    client.zadd(DUE_KEY, {job_id: time.time()}, nx=True)
    if client.set(NUDGE_KEY, "1", nx=True, ex=NUDGE_SECONDS):
        _start_run(app, 0.0)
    return True


def start_again(app: Celery, client: redis.Redis, seconds: float) -> None:
    """Start a run in so many seconds, unless one was asked for within that time."""
    if client.set(SOON_KEY, "1", nx=True, px=1 + int(seconds * 1000)):
        _start_run(app, seconds)


def _start_run(app: Celery, seconds: float) -> None:
    """Publish the task; if this fails, beat starts the next run."""
    try:
        app.send_task(TASK, countdown=seconds, expires=seconds + NUDGE_SECONDS, ignore_result=True)
    except (OperationalError, redis.RedisError, OSError) as error:
        log.warning("webhooks wait for beat", extra={"reason": repr(error)})


def delivery(client: redis.Redis, job_id: str) -> Delivery | None:
    """Return where to and how a delivery stands, or None if there is none: never, or not any more."""
    fields = client.hmget(record_key(job_id), "params", STATE_FIELD, "owner")
    params, standing, owner = cast("list[str | None]", fields)
    webhook = _webhook(params)
    if webhook is None or standing is None:
        return None
    return Delivery(webhook, WebhookState.model_validate_json(standing), owner or "")


def _webhook(params: str | None) -> Webhook | None:
    given = None if params is None else orjson.loads(params).get("webhook")
    return None if given is None else Webhook.model_validate(given)


def state(client: redis.Redis, job_id: str) -> WebhookState | None:
    """Return how the delivery of a job stands, or None before its end, without a webhook or a record."""
    stored = cast("str | None", client.hget(record_key(job_id), STATE_FIELD))
    return None if stored is None else WebhookState.model_validate_json(stored)


def note(client: redis.Redis, job_id: str, standing: WebhookState) -> None:
    """Write how a delivery stands. What was delivered stays so, and a record that is gone stays gone."""
    client.eval(NOTE, 1, record_key(job_id), standing.model_dump_json())


def answer_nudges(client: redis.Redis) -> None:
    """Let the next job that ends start a run of its own. Called before the first claim of a run."""
    client.delete(NUDGE_KEY)


def claim(
    client: redis.Redis, run_id: str, *, now: float, limit: int, last: bool = False
) -> Sequence[Lease] | None:
    """Take up to `limit` deliveries that are due at `now` (Unix seconds); None if another run sends.

    With `last`, finding none ends the run.
    """
    until = int(now + LEASE_SECONDS)
    arguments = (run_id, int(RUN_SECONDS * 1000), repr(now), until, limit, int(last))
    ids = cast("list[str] | None", client.eval(CLAIM, 2, DUE_KEY, RUN_KEY, *map(str, arguments)))
    return None if ids is None else [Lease(job_id, until) for job_id in ids]


def settle(client: redis.Redis, lease: Lease, *, next_at: float | None) -> None:
    """End a lease: due again at `next_at` (Unix seconds), or never."""
    client.eval(SETTLE, 1, DUE_KEY, lease.job_id, str(lease.until), "" if next_at is None else repr(next_at))


def seconds_to_next(client: redis.Redis, *, now: float) -> float | None:
    """Return in how many seconds from `now` (Unix) the next delivery is due, or None if nothing waits."""
    first = cast("list[tuple[str, float]]", client.zrange(DUE_KEY, 0, 0, withscores=True))
    return max(0.0, first[0][1] - now) if first else None


def release(client: redis.Redis, run_id: str) -> None:
    """Let another run begin while this one waits for its last answers."""
    client.eval(RELEASE, 1, RUN_KEY, run_id)
