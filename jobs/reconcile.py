"""Jobs that stand nowhere: their records say that they wait or run, and no queue and no worker has them.

A worker that is killed in the instant in which it takes a message off a Redis list takes the message with it,
an API process can die between recording a job and publishing it, and any process between the end of a job and
what follows from it. The first kind is published again; the claim lets only one message of a job run. The
second kind is forgotten: nobody was told of such a job. The third is concluded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import redis
from celery import Celery

from jobs import ending, fanout, fleet, records
from jobs.connection import reaching_redis, records_client
from jobs.job import Job
from jobs.keys import OPEN_KEY, record_key, turns_key, waiting_key
from jobs.records import Record
from jobs.settings import settings

MOST_A_RUN = 1_000  # a run stays short; the next one goes on
QUIET_TIMEOUTS = 2  # visibility timeouts without a word after which a message should have shown up again
CURSOR_KEY = "reconcile:cursor"


@dataclass
class Reconciled:
    """What a run did."""

    concluded: int = 0
    published_again: int = 0
    forgotten: int = 0
    held: set[tuple[str, str]] = field(default_factory=set)  # whose jobs are held back, and in which queue


class _Queued:
    """The ids of all messages that wait or are in a worker's hands, looked up when first asked for.

    Only Redis as broker loses messages, and only it can be looked into like this; another keeps what it
    accepted, so there nothing is ever missing.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._ids: set[str] | None = None
        self._all = False

    def __contains__(self, run_id: str) -> bool:
        if self._ids is None:
            self._ids = set(self._found())
        return self._all or run_id in self._ids

    def _found(self) -> Iterator[str]:
        with self._app.connection_for_read() as connection:
            channel = connection.default_channel
            self._all = not hasattr(channel, "unacked_key")
            if self._all:
                return
            broker: Any = channel.client
            for queue in self._app.amqp.queues:
                yield from (_id(orjson.loads(message)) for message in broker.lrange(queue, 0, -1))
            yield from (_id(orjson.loads(message)[0]) for message in broker.hvals(channel.unacked_key))


def reconcile(app: Celery, kinds: Mapping[str, Job], *, now: float) -> Reconciled:
    """Look at every job that should be somewhere, and mend those that are not.

    A run looks at a thousand jobs at most; the next goes on where it ended.

    Parameters
    ----------
    now : float
        Unix seconds. A job of which anything was written within two visibility timeouts is left alone.
    """
    quiet_since = now - QUIET_TIMEOUTS * settings().visibility_timeout_seconds
    done = Reconciled()
    with reaching_redis():
        client = records_client()
        after = float(cast("str | None", client.get(CURSOR_KEY)) or 0)
        found = records.open_ids(client, after=after, before=now, limit=MOST_A_RUN)
        queued = _Queued(app)
        for job_id, _ in found:
            _look_at(client, kinds, queued, job_id, quiet_since, done)
        client.set(CURSOR_KEY, found[-1][1] if len(found) == MOST_A_RUN else 0)
        for queue, owner in done.held:
            _pass_turns_on(client, kinds, queue, owner, quiet_since)
        _tidy_waiting(client, app, quiet_since)
        fleet.prune(client, now, QUIET_TIMEOUTS * settings().visibility_timeout_seconds)
    return done


def _look_at(
    client: redis.Redis,
    kinds: Mapping[str, Job],
    queued: _Queued,
    job_id: str,
    quiet_since: float,
    done: Reconciled,
) -> None:
    record = records.read(client, job_id)
    if record is None:
        client.zrem(OPEN_KEY, job_id)
        done.forgotten += 1
    elif record.done:
        ending.conclude(kinds, job_id)
        done.concluded += 1
    elif record.phase == "batches":
        _mend_batches(client, kinds, queued, record, quiet_since, done)
    elif record.held:
        done.held.add((record.queue, record.owner))
    elif _is_lost(client, queued, record, quiet_since):
        _mend(client, kinds, record, done)


def _is_lost(client: redis.Redis, queued: _Queued, record: Record, quiet_since: float) -> bool:
    return (
        record.updated_at < quiet_since and not records.is_live(client, record.id) and record.id not in queued
    )


def _mend(client: redis.Redis, kinds: Mapping[str, Job], record: Record, done: Reconciled) -> None:
    if not record.published and record.attempt == 0:
        records.remove(client, record)
        done.forgotten += 1
    elif record.kind in kinds:
        kinds[record.kind].publish(record, step="finish" if record.phase == "finish" else "whole")
        done.published_again += 1


def _mend_batches(
    client: redis.Redis,
    kinds: Mapping[str, Job],
    queued: _Queued,
    record: Record,
    quiet_since: float,
    done: Reconciled,
) -> None:
    """Look at each batch of a job that is spread; what waits for none of them is queued too."""
    kind = kinds.get(record.kind)
    if kind is None:
        return
    for batch in records.read_many(client, records.batch_ids(record)):
        if batch.done and batch.updated_at < quiet_since:
            fanout.end_batch(client, batch)
        elif not batch.done and _is_lost(client, queued, batch, quiet_since):
            kind.publish(record, run_id=batch.id, step="batch")
            done.published_again += 1
    left = records.read(client, record.id)
    if left is not None and left.left == 0 and record.updated_at < quiet_since and record.id not in queued:
        kind.publish(record, step="finish")
        done.published_again += 1
    else:
        kind.publish_batches(record)


def _tidy_waiting(client: redis.Redis, app: Celery, quiet_since: float) -> None:
    """Take off what waits no more from the lists of what waits."""
    for queue in app.amqp.queues:
        waiting = cast("list[str]", client.zrange(waiting_key(queue), "-inf", quiet_since, byscore=True))
        for run_id in waiting[:MOST_A_RUN]:
            if client.hget(record_key(run_id), "state") not in ("PENDING", "RETRY"):
                client.zrem(waiting_key(queue), run_id)


def _pass_turns_on(
    client: redis.Redis, kinds: Mapping[str, Job], queue: str, owner: str, quiet_since: float
) -> None:
    """Give a user's jobs that are held back the turns that nobody has passed on."""
    turn = cast("list[str]", client.zrange(turns_key(queue, owner), "-inf", quiet_since, byscore=True))
    for job_id in _ended(client, turn):
        client.zrem(turns_key(queue, owner), job_id)
    ending.give_turns(client, kinds, queue, owner)


def _ended(client: redis.Redis, job_ids: list[str]) -> Iterator[str]:
    """Yield the jobs whose turn is over though nobody has passed it on."""
    for job_id in job_ids:
        record = records.read(client, job_id)
        if record is None or (record.done and not records.is_live(client, job_id)):
            yield job_id


def _id(message: Mapping[str, Any]) -> str:
    return str(message["headers"]["id"])
