"""The truth about a job that waits or runs: from facts, read elsewhere, to one word and two numbers.

Nothing here reads anything. Who asks brings the facts of one moment; the answers are what a user reads as
`reason`, `queue` and `eta_seconds`.
"""

from dataclasses import dataclass
from typing import Final, Literal

from jobs.eta import as_read
from jobs.fleet import Fleet
from jobs.throughput import Throughput

SLOW_AFTER_SECONDS: Final = 60.0  # without a report; the lease tells of a dead worker within 48 s

WaitReason = Literal["no_worker", "retry_at", "user_limit", "behind"]
RunReason = Literal["stalled", "slow", "no_worker", "behind"]
Phase = Literal["whole", "batches", "finish"]


@dataclass(frozen=True)
class HeldBack:
    """Why a job is not even in the queue: its owner's slots are used.

    Parameters
    ----------
    own_ahead : int
        Jobs of the same owner that are held back too and come before it.
    limit : int
        The owner's slots, at least 1.
    """

    own_ahead: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class WaitingFacts:
    """What is known of a job that has not begun, or has to begin again.

    Parameters
    ----------
    queue : str
        The queue that it waits for.
    fleet : Fleet
        The workers heard of lately.
    throughput : Throughput
        What is known of its kind.
    size : float, optional
        Its size in the unit of that, None if nobody knows.
    now : float
        Unix seconds.
    rank : int, optional
        How many jobs stand before it in its queue; None when it does not stand there.
    held : HeldBack, optional
        Set while it is held back.
    retry_at : float, optional
        When it may begin again, in Unix seconds, after its process was killed.
    """

    queue: str
    fleet: Fleet
    throughput: Throughput
    size: float | None
    now: float
    rank: int | None = None
    held: HeldBack | None = None
    retry_at: float | None = None


@dataclass(frozen=True)
class Waiting:
    """The truth about a job that waits.

    Parameters
    ----------
    position : int, optional
        Its place in its queue, or among its owner's jobs that are held back; 1 is next. None when it stands
        in neither: it is being handed to a worker, or its countdown runs.
    workers : int
        How many workers serve its queue.
    reason : str, optional
        Why it waits; None when nothing keeps it and it is about to begin.
    eta_seconds : int, optional
        Until it ends, None when that cannot be told.
    limit : int, optional
        How many jobs of its owner may be in the queue at once, while it is held back for that.
    """

    position: int | None
    workers: int
    reason: WaitReason | None
    eta_seconds: int | None
    limit: int | None = None


def waiting(facts: WaitingFacts) -> Waiting:
    """Return the truth about a job that waits."""
    ahead = facts.held.own_ahead if facts.held else facts.rank
    return Waiting(
        position=None if ahead is None else ahead + 1,
        workers=facts.fleet.workers(facts.queue),
        reason=_wait_reason(facts),
        eta_seconds=_seconds_to_the_end(facts),
        limit=facts.held.limit if facts.held else None,
    )


def _wait_reason(facts: WaitingFacts) -> WaitReason | None:
    """Return what keeps a job, the strongest first: without a worker, nothing else matters."""
    if not facts.fleet.workers(facts.queue):
        return "no_worker"
    if facts.retry_at is not None and facts.retry_at > facts.now:
        return "retry_at"
    if facts.held:
        return "user_limit"
    return "behind" if facts.rank or not facts.fleet.idle(facts.queue) else None


def _seconds_to_the_end(facts: WaitingFacts) -> int | None:
    typical = facts.throughput.typical
    own = typical if facts.size is None else facts.throughput.expected(facts.size)
    if typical is None or own is None or not facts.fleet.slots(facts.queue):
        return None
    countdown = 0.0 if facts.retry_at is None else facts.retry_at - facts.now
    return as_read(max(countdown, _ends_to_wait_for(facts) * typical) + own)


def _ends_to_wait_for(facts: WaitingFacts) -> float:
    """Return after how many typical run times the job's turn comes.

    Each idle slot takes one at once; then one begins whenever one of those that run ends, and of as many as
    there are slots one ends in each such share of a run time.
    """
    slots = facts.fleet.slots(facts.queue)
    if facts.held:
        return (facts.held.own_ahead + 1) / min(slots, facts.held.limit)
    return max(0, (facts.rank or 0) + 1 - facts.fleet.idle(facts.queue)) / slots


@dataclass(frozen=True, kw_only=True)
class RunningFacts:
    """What is known of a job that has begun.

    Parameters
    ----------
    queue : str
        The queue that its batches, or what finishes it, wait in.
    fleet : Fleet
        The workers heard of lately.
    live : bool
        Whether a worker has said lately that it runs the job itself.
    silent_seconds : float
        Since its progress, or its begin, was last written.
    rank : int, optional
        How many wait before it in its queue, if its worker has put it back.
    phase : str
        "whole": one run does everything; "batches": others run its parts; "finish": their results are put
        together, by one run again.
    batches_running, batches_waiting : int
        In the phase of batches: how many a worker runs now, and how many have neither begun nor ended.
    """

    queue: str
    fleet: Fleet
    live: bool
    silent_seconds: float
    rank: int | None = None
    phase: Phase = "whole"
    batches_running: int = 0
    batches_waiting: int = 0


def running(facts: RunningFacts) -> RunReason | None:
    """Return what is wrong with a job that runs, or None.

    `stalled`: its worker is silent, and it will be begun again. `slow`: it runs, and has told nothing for a
    minute. `no_worker`, `behind`: it has begun, but its next part waits for a worker.
    """
    at_work = facts.batches_running > 0 if facts.phase == "batches" else facts.live
    silent = facts.silent_seconds > SLOW_AFTER_SECONDS
    if at_work:
        return "slow" if silent else None
    waits = _waits(facts)
    if not facts.fleet.workers(facts.queue) and (waits or facts.phase == "whole"):
        return "no_worker"
    if waits and (facts.rank or not facts.fleet.idle(facts.queue)):
        return "behind"
    if facts.phase == "whole" and not waits:
        return "stalled"
    # A part was just published, or handed over in this moment; if not, whoever had it is gone.
    return "stalled" if silent else None


def _waits(facts: RunningFacts) -> bool:
    """Return whether a job that has begun waits in its queue: put back there, or for its next part."""
    if facts.phase == "whole":
        return facts.rank is not None
    return facts.phase == "finish" or facts.batches_waiting > 0
