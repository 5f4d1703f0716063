"""Jobs that stand nowhere: their records say that they wait or run, and no queue and no worker has them.

A worker that is killed in the instant in which it takes a message off a Redis list takes the message with it,
and an API process can die between recording a job and publishing it. The first kind is published again; the
claim lets only one message of a job run. The second kind is forgotten: nobody was told of such a job.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import redis
from celery import Celery

from jobs import records
from jobs.connection import reaching_redis, records_client
from jobs.job import Job
from jobs.records import Record
from jobs.settings import settings

MOST_A_RUN = 1_000  # a run stays short; the next one goes on
QUIET_TIMEOUTS = 2  # visibility timeouts without a word after which a message should have shown up again


@dataclass
class Reconciled:
    """What a run did."""

    ended: int = 0
    published_again: int = 0
    forgotten: int = 0


def reconcile(app: Celery, kinds: Mapping[str, Job], *, now: float) -> Reconciled:
    """Look at every job that should be somewhere, and mend those that are not.

    Parameters
    ----------
    now : float
        Unix seconds. A job of which anything was written within two visibility timeouts is left alone.
    """
    quiet_since = now - QUIET_TIMEOUTS * settings().visibility_timeout_seconds
    done = Reconciled()
    with reaching_redis():
        client = records_client()
        ids = records.open_ids(client, before=quiet_since, limit=MOST_A_RUN)
        queued: set[str] | None = None
        for job_id in ids:
            record = records.read(client, job_id)
            if record is None or record.done:
                records.close(client, job_id)
                done.ended += 1
            elif record.updated_at < quiet_since and not records.is_live(client, job_id):
                queued = set(_queued_ids(app)) if queued is None else queued
                if job_id not in queued:
                    _mend(client, kinds, record, done)
    return done


def _mend(client: redis.Redis, kinds: Mapping[str, Job], record: Record, done: Reconciled) -> None:
    if not record.published and record.attempt == 0:
        records.remove(client, record)
        done.forgotten += 1
    elif record.kind in kinds:
        kinds[record.kind].publish(record)
        done.published_again += 1


def _queued_ids(app: Celery) -> Iterator[str]:
    """Yield the ids of all messages that wait or are in a worker's hands.

    Only Redis as broker loses messages, and only it can be looked into like this; another keeps what it
    accepted, so there nothing is ever missing.
    """
    with app.connection_for_read() as connection:
        channel = connection.default_channel
        if not hasattr(channel, "unacked_key"):
            yield from records.open_ids(records_client(), before=time.time(), limit=MOST_A_RUN)
            return
        broker: Any = channel.client
        for queue in app.amqp.queues:
            yield from (_id(orjson.loads(message)) for message in broker.lrange(queue, 0, -1))
        yield from (_id(orjson.loads(message)[0]) for message in broker.hvals(channel.unacked_key))


def _id(message: Mapping[str, Any]) -> str:
    return str(message["headers"]["id"])
