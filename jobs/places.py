"""What keeps the jobs that wait, and those that run: the facts, read for all of a page in one round trip."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import redis

from jobs import fleet, queueing
from jobs.fleet import FLEET_KEY, Fleet
from jobs.keys import busy_key, held_key, waiting_key
from jobs.queueing import HeldBack, RunningFacts, Waiting, WaitingFacts
from jobs.records import Record
from jobs.settings import settings
from jobs.throughput import Throughput, throughput_key

WAITING_STATES = ("PENDING", "RETRY")


@dataclass(frozen=True)
class Place:
    """What keeps a job: `waiting` while it is queued, `reason` while it runs and something is wrong."""

    waiting: Waiting | None = None
    reason: str | None = None


def read(client: redis.Redis, jobs: Sequence[tuple[Record, bool]]) -> Mapping[str, Place]:
    """Return what keeps each job that has not ended.

    Parameters
    ----------
    jobs : sequence of (Record, bool)
        The jobs, and whether a worker has said lately that it runs the job.
    """
    open_jobs = [(record, live) for record, live in jobs if not record.done]
    if not open_jobs:
        return {}
    with client.pipeline(transaction=False) as pipe:
        pipe.hgetall(FLEET_KEY)
        for record, _ in open_jobs:
            _ask(pipe, record)
        answers: Iterator[Any] = iter(pipe.execute())
    now = time.time()
    workers = fleet.parse(next(answers), now, settings().visibility_timeout_seconds)
    return {record.id: _place(record, live, workers, answers.__next__, now) for record, live in open_jobs}


def _ask(pipe: "redis.client.Pipeline", record: Record) -> None:
    if record.state in WAITING_STATES:
        pipe.zrank(waiting_key(record.queue), record.id)
        pipe.zrank(held_key(record.queue, record.owner), record.id)
        pipe.lrange(throughput_key(record.kind), 0, -1)
    else:
        pipe.scard(busy_key(record.id))
        pipe.zrank(waiting_key(record.queue), record.id)


def _place(record: Record, live: bool, workers: Fleet, answer: Callable[[], Any], now: float) -> Place:
    if record.state in WAITING_STATES:
        rank, own_ahead, measured = answer(), answer(), answer()
        facts = WaitingFacts(
            queue=record.queue,
            fleet=workers,
            throughput=Throughput.parse(cast("list[str]", measured)),
            size=record.size,
            now=now,
            rank=rank,
            held=None if own_ahead is None else HeldBack(own_ahead, settings().jobs_per_user),
            retry_at=record.retry_at,
        )
        return Place(waiting=queueing.waiting(facts))
    begun, rank = int(answer()), answer()
    running = begun if live else 0  # a batch whose worker has died still stands in the set
    return Place(
        reason=queueing.running(
            RunningFacts(
                queue=record.queue,
                fleet=workers,
                live=live,
                rank=rank,
                silent_seconds=now - record.updated_at,
                phase=record.phase or "whole",
                batches_running=running,
                batches_waiting=max(0, record.left - running),
            )
        )
    )
