"""What keeps a job that waits, or one that runs: from what was read of it to the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from jobs import queueing
from jobs.fleet import Fleet
from jobs.queueing import HeldBack, RunningFacts, Waiting, WaitingFacts
from jobs.records import Record
from jobs.settings import settings
from jobs.throughput import Throughput

WAITING_STATES = ("PENDING", "RETRY")
MOST_MEASURED: Final = 32  # kinds of job


@dataclass(frozen=True)
class Place:
    """What keeps a job: `waiting` while it is queued, `reason` while it runs and something is wrong."""

    waiting: Waiting | None = None
    reason: str | None = None


@lru_cache(maxsize=MOST_MEASURED)
def _throughput(measured: tuple[str, ...]) -> Throughput:
    """Return the measurements of a kind: until another of its jobs ends, a line is fitted once."""
    return Throughput.parse(measured)


def place(record: Record, *, live: bool, workers: Fleet, found: Sequence[Any], now: float) -> Place:
    """Return what keeps a job that has not ended.

    Parameters
    ----------
    live : bool
        Whether a worker has said lately that it runs the job.
    found : sequence
        Of a job that waits its place in the queue, its place among those held back and the measurements of
        its kind; of one that runs how many of its batches run, and its place in the queue.
    now : float
        Unix seconds.
    """
    if record.state in WAITING_STATES:
        rank, own_ahead, measured = found
        facts = WaitingFacts(
            queue=record.queue,
            fleet=workers,
            throughput=_throughput(tuple(measured)),
            size=record.size,
            now=now,
            rank=rank,
            held=None if own_ahead is None else HeldBack(own_ahead, settings().jobs_per_user),
            retry_at=record.retry_at,
        )
        return Place(waiting=queueing.waiting(facts))
    begun, rank = found
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
