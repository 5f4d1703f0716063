"""Jobs that stand nowhere: their records say that they wait or run, and no queue and no worker has them.

A worker that is killed in the instant in which it takes a message off a Redis list takes the message with it,
an API process can die between recording a job and publishing it, and any process between the end of a job and
what follows from it. The first kind is published again; the claim lets only one message of a job run. The
second kind is forgotten: nobody was told of such a job. The third is concluded.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
import redis
from celery import Celery
from kombu import Queue

from jobs import ending, fanout, fleet, records, turns
from jobs.connection import reaching_redis, records_client
from jobs.errors import GaveUp
from jobs.job import Job
from jobs.keys import OPEN_KEY, held_key, live_key, record_key, turns_key, waiting_key
from jobs.records import FINAL_STATES, Record
from jobs.settings import settings

log = logging.getLogger(__name__)

MOST_A_RUN = 1_000  # a run stays short; the next one goes on
FORGOTTEN_KIND_SECONDS = 3_600.0
QUIET_TIMEOUTS = 2  # visibility timeouts without a word after which a message should have shown up again
CURSOR_KEY = "reconcile:cursor"  # how many of the open jobs, oldest first, earlier runs have looked at


@dataclass
class Reconciled:
    """What a run did."""

    concluded: int = 0
    published_again: int = 0
    forgotten: int = 0


class _Queued:
    """What waits in a queue or is in a worker's hands, looked up when first asked for.

    Redis as broker can be looked into. Another broker cannot, and loses nothing that it has accepted; but a
    process can die before it publishes. There a job counts as queued for as long as its queue is not empty.
    """

    def __init__(self, app: Celery, now: float) -> None:
        self._app = app
        self._now = now
        self._ids: set[str] | None = None
        self._full: dict[str, bool] | None = None

    def has(self, record: Record) -> bool:
        """Return whether there is a message of a job or batch, as far as can be told."""
        if self._ids is None and self._full is None:
            self._look()
        if self._full is not None:
            delayed = record.retry_at is not None and record.retry_at > self._now
            return delayed or self._full.get(record.queue, True)
        return record.id in (self._ids or ())

    def _look(self) -> None:
        with self._app.connection_for_read() as connection:
            channel = connection.default_channel
            if hasattr(channel, "unacked_key"):
                self._ids = set(self._found(channel))
                return
            queues = self._app.amqp.queues
            self._full = {name: _holds_messages(channel, queue) for name, queue in queues.items()}

    def _found(self, channel: Any) -> Iterator[str]:
        for queue in self._app.amqp.queues:
            yield from (_id(orjson.loads(message)) for message in channel.client.lrange(queue, 0, -1))
        yield from (_id(orjson.loads(message)[0]) for message in channel.client.hvals(channel.unacked_key))


def reconcile(app: Celery, kinds: Mapping[str, Job], *, now: float) -> Reconciled:
    """Look at every job that should be somewhere, and mend those that are not.

    A run looks at a thousand jobs at most; the next goes on where it ended.

    Parameters
    ----------
    now : float
        Unix seconds. A job of which anything was written within two visibility timeouts is left alone.
    """
    with reaching_redis():
        run = _Reconciliation(app, kinds, now)
        run.look_at_jobs()
        run.give_turns()
        run.tidy_waiting()
        fleet.prune(run.client, now, now - run.quiet_since)
    return run.done


class _Reconciliation:
    """One run: what it knows, and what it has done."""

    def __init__(self, app: Celery, kinds: Mapping[str, Job], now: float) -> None:
        self.done = Reconciled()
        self.client = records_client()
        self.quiet_since = now - QUIET_TIMEOUTS * settings().visibility_timeout_seconds
        self._app = app
        self._kinds = kinds
        self._now = now
        self._queued = _Queued(app, now)
        self._held: set[tuple[str, str]] = set()  # queues and owners of jobs that are held back

    def look_at_jobs(self) -> None:
        """Look at the next jobs that have not been concluded. What is wrong with one holds up no other."""
        begin = int(cast("str | None", self.client.get(CURSOR_KEY)) or 0)
        ids = records.open_ids(self.client, begin=begin, limit=MOST_A_RUN)
        for job_id in ids:
            try:
                self._look_at(job_id)
            except (redis.ConnectionError, redis.TimeoutError):
                raise
            except Exception:
                log.exception("job not reconciled", extra={"job_id": job_id})
        left = [score for score in self.client.zmscore(OPEN_KEY, ids) if score is not None] if ids else []
        self.client.set(CURSOR_KEY, begin + len(left) if len(ids) == MOST_A_RUN else 0)

    def _look_at(self, job_id: str) -> None:
        record = records.read(self.client, job_id)
        if record is None:
            self.client.zrem(OPEN_KEY, job_id)
            self.done.forgotten += 1
        elif record.done:
            ending.conclude(self._kinds, job_id)
            self.done.concluded += 1
        elif record.kind not in self._kinds:
            self._give_up(record)
        elif record.phase == "batches":
            self._look_at_batches(record)
        elif self.client.zscore(held_key(record.queue, record.owner), job_id) is not None:
            self._held.add((record.queue, record.owner))
        elif self._is_lost(record):
            self._mend(record)

    def _give_up(self, record: Record) -> None:
        """End a job that no process knows how to run, once it is certain that none will: not at a deploy."""
        if record.updated_at < self._now - FORGOTTEN_KIND_SECONDS and not records.is_live(
            self.client, record.id
        ):
            reason = GaveUp(f"This version of Longhaul has no kind of job {record.kind!r} any more.")
            self._app.backend.mark_as_failure(record.id, reason)
            self.done.concluded += 1

    def _is_lost(self, record: Record) -> bool:
        return (
            record.updated_at < self.quiet_since
            and not records.is_live(self.client, record.id)
            and not self._queued.has(record)
        )

    def _mend(self, record: Record) -> None:
        if not record.published and record.attempt == 0:
            records.remove(self.client, record)
            turns.drop(self.client, record)
            self.done.forgotten += 1
        else:
            step = "finish" if record.phase == "finish" else "whole"
            self._kinds[record.kind].publish(record, step=step)
            self.done.published_again += 1

    def _look_at_batches(self, record: Record) -> None:
        """Look at each batch of a job that is spread, and queue what comes next if nobody has."""
        kind = self._kinds[record.kind]
        counted = fanout.ended_batches(self.client, record)
        for batch in records.read_many(self.client, records.batch_ids(record)):
            if batch.done and batch.id not in counted and batch.updated_at < self.quiet_since:
                ending.conclude(self._kinds, batch.id)
                self.done.concluded += 1
            elif not batch.done and self._is_lost(batch):
                kind.publish(record, run_id=batch.id, step="batch")
                self.done.published_again += 1
        now = records.read(self.client, record.id)
        if now is None or now.done:
            return
        if now.left > 0:
            kind.publish_batches(record)
        elif now.updated_at < self.quiet_since and not self._queued.has(record):
            kind.publish(record, step="finish")
            self.done.published_again += 1

    def give_turns(self) -> None:
        """Give jobs that are held back the turns that nobody has passed on."""
        for queue, owner in self._held:
            key = turns_key(queue, owner)
            turn = cast("list[str]", self.client.zrange(key, "-inf", self.quiet_since, byscore=True))
            for job_id in turn:
                record = records.read(self.client, job_id)
                if record is None or (record.done and not records.is_live(self.client, job_id)):
                    self.client.zrem(key, job_id)
            ending.give_turns(self.client, self._kinds, queue, owner)

    def tidy_waiting(self) -> None:
        """Take what waits no more off the lists of what waits."""
        for queue in self._app.amqp.queues:
            key = waiting_key(queue)
            waiting = cast("list[str]", self.client.zrange(key, "-inf", self.quiet_since, byscore=True))
            for begin in range(0, len(waiting), MOST_A_RUN):
                some = waiting[begin : begin + MOST_A_RUN]
                if gone := self._waiting_no_more(some):
                    self.client.zrem(key, *gone)

    def _waiting_no_more(self, run_ids: Sequence[str]) -> list[str]:
        with self.client.pipeline(transaction=False) as pipe:
            for run_id in run_ids:
                pipe.hget(record_key(run_id), "state")
                pipe.exists(live_key(run_id))
            answers = pipe.execute()
        looks = zip(run_ids, answers[::2], answers[1::2], strict=True)
        return [run_id for run_id, state, live in looks if live or state in (None, *FINAL_STATES)]


def _holds_messages(channel: Any, queue: Queue) -> bool:
    """Return whether a queue holds any; one that nobody has used yet is made, as a worker makes it."""
    queue.bind(channel).declare()
    return bool(channel.queue_declare(queue.name, passive=True).message_count)


def _id(message: Mapping[str, Any]) -> str:
    return str(message.get("headers", {}).get("id"))
