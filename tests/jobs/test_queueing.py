"""Tables of facts and of what is true of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.fleet import Fleet, Worker
from jobs.queueing import HeldBack, RunningFacts, Waiting, WaitingFacts, running, waiting
from jobs.throughput import Throughput

NOW = 1_000_000.0
UNKNOWN = Throughput()
TEN_SECONDS = Throughput(((100.0, 10.0), (200.0, 10.0), (300.0, 10.0)))
A_SECOND_PER_TEN = Throughput(((100.0, 10.0), (200.0, 20.0), (300.0, 30.0)))


def fleet(*busy_of_slots, queue="analysis"):
    """Return a fleet of one worker for each (jobs that it runs, its slots)."""
    return Fleet(
        tuple(
            Worker(f"{number}@test", (queue,), slots, tuple(map(str, range(busy))), NOW)
            for number, (busy, slots) in enumerate(busy_of_slots)
        )
    )


NOBODY = fleet()
ELSEWHERE = fleet((0, 8), queue="indexing")
IDLE = fleet((0, 2))
HALF_IDLE = fleet((1, 2))
BUSY = fleet((2, 2))
TWO_BUSY = fleet((2, 2), (2, 2))


def facts(known, **more):
    more.setdefault("throughput", TEN_SECONDS)
    more.setdefault("size", 100.0)
    return WaitingFacts(queue="analysis", fleet=known, now=NOW, **more)


@pytest.mark.parametrize(
    ("known", "truth"),
    [
        # nobody serves the queue: nothing else matters, and no end can be told
        (facts(NOBODY, rank=0), Waiting(1, 0, "no_worker", None)),
        (facts(ELSEWHERE, rank=4), Waiting(5, 0, "no_worker", None)),
        (facts(NOBODY, held=HeldBack(0, 2)), Waiting(1, 0, "no_worker", None, limit=2)),
        (facts(NOBODY, retry_at=NOW + 5), Waiting(None, 0, "no_worker", None)),
        # about to begin
        (facts(IDLE, rank=0), Waiting(1, 1, None, 10)),
        (facts(HALF_IDLE, rank=0), Waiting(1, 1, None, 10)),
        (facts(IDLE), Waiting(None, 1, None, 10)),  # being handed over
        # behind others: those before it, and those that run
        (facts(IDLE, rank=1), Waiting(2, 1, "behind", 10)),  # both begin at once
        (facts(HALF_IDLE, rank=1), Waiting(2, 1, "behind", 15)),
        (facts(BUSY, rank=0), Waiting(1, 1, "behind", 15)),
        (facts(BUSY, rank=3), Waiting(4, 1, "behind", 30)),
        (facts(TWO_BUSY, rank=3), Waiting(4, 2, "behind", 20)),
        (facts(BUSY), Waiting(None, 1, "behind", 15)),  # a broker that does not tell the rank
        # its countdown runs, or has run out
        (facts(IDLE, retry_at=NOW + 5), Waiting(None, 1, "retry_at", 15)),
        (facts(BUSY, retry_at=NOW + 1), Waiting(None, 1, "retry_at", 15)),  # a slot is free only after 5 s
        (facts(IDLE, retry_at=NOW), Waiting(None, 1, None, 10)),
        (facts(IDLE, rank=0, retry_at=NOW - 1), Waiting(1, 1, None, 10)),
        (facts(BUSY, rank=2, retry_at=NOW - 9), Waiting(3, 1, "behind", 25)),
        # its owner's slots are used, whoever else is idle
        (facts(IDLE, held=HeldBack(0, 1)), Waiting(1, 1, "user_limit", 20, limit=1)),
        (facts(IDLE, held=HeldBack(3, 1)), Waiting(4, 1, "user_limit", 50, limit=1)),
        (facts(TWO_BUSY, held=HeldBack(3, 2)), Waiting(4, 2, "user_limit", 30, limit=2)),
        # no more than there are
        (facts(BUSY, held=HeldBack(3, 8)), Waiting(4, 1, "user_limit", 30, limit=8)),
        # its own size, and that of those before it
        (facts(BUSY, rank=1, throughput=A_SECOND_PER_TEN, size=50), Waiting(2, 1, "behind", 25)),
        (facts(BUSY, rank=1, throughput=A_SECOND_PER_TEN, size=None), Waiting(2, 1, "behind", 40)),
        (facts(BUSY, rank=1, throughput=A_SECOND_PER_TEN, size=5_000), Waiting(2, 1, "behind", 520)),
        # too little was measured
        (facts(BUSY, rank=1, throughput=UNKNOWN), Waiting(2, 1, "behind", None)),
        (facts(BUSY, rank=1, throughput=UNKNOWN, size=None), Waiting(2, 1, "behind", None)),
        (facts(IDLE, held=HeldBack(0, 1), throughput=UNKNOWN), Waiting(1, 1, "user_limit", None, limit=1)),
    ],
)
def test_a_waiting_job_says_where_it_stands_and_why(known, truth):
    assert waiting(known) == truth


def test_a_worker_without_a_slot_promises_no_end():
    assert waiting(facts(fleet((0, 0)), rank=0)) == Waiting(1, 1, "behind", None)


busy_of_slots = st.tuples(st.integers(0, 4), st.integers(1, 4))


@given(st.lists(busy_of_slots, min_size=1, max_size=4), st.integers(0, 1_000))
def test_who_stands_further_back_never_ends_sooner(workers, rank):
    known = fleet(*workers)

    here, behind = (waiting(facts(known, rank=place)).eta_seconds for place in (rank, rank + 1))

    assert 10 <= here <= behind


@given(st.lists(busy_of_slots, min_size=1, max_size=4), st.integers(0, 1_000))
def test_one_more_worker_never_makes_it_later(workers, rank):
    alone = waiting(facts(fleet(*workers), rank=rank))
    helped = waiting(facts(fleet(*workers, (2, 2)), rank=rank))

    assert helped.eta_seconds <= alone.eta_seconds


def run(known, phase, *, live=False, silent=1, at_work=0, to_do=0, rank=None):
    return RunningFacts(
        queue="analysis",
        fleet=known,
        live=live,
        silent_seconds=silent,
        phase=phase,
        batches_running=at_work,
        batches_waiting=to_do,
        rank=rank,
    )


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        # one run does it all
        (run(BUSY, "whole", live=True), None),
        (run(BUSY, "whole", live=True, silent=60), None),
        (run(BUSY, "whole", live=True, silent=61), "slow"),
        (run(NOBODY, "whole", live=True), None),  # its mark is newer than what its worker announced
        (run(BUSY, "whole"), "stalled"),
        (run(IDLE, "whole", silent=61), "stalled"),
        (run(NOBODY, "whole", silent=61), "no_worker"),
        # its worker was stopped and has put it back into the queue
        (run(IDLE, "whole", rank=0), None),
        (run(IDLE, "whole", rank=3), "behind"),
        (run(BUSY, "whole", rank=0), "behind"),
        (run(NOBODY, "whole", rank=0), "no_worker"),
        # others run its parts: its own mark means nothing
        (run(BUSY, "batches", at_work=1, to_do=9), None),
        (run(BUSY, "batches", at_work=1, to_do=9, silent=61), "slow"),
        (run(BUSY, "batches", at_work=1), None),
        (run(BUSY, "batches", to_do=9), "behind"),
        (run(BUSY, "batches", to_do=9, live=True), "behind"),
        (run(BUSY, "batches", to_do=9, silent=600), "behind"),
        (run(NOBODY, "batches", to_do=9), "no_worker"),
        (run(ELSEWHERE, "batches", to_do=9, silent=600), "no_worker"),
        (run(IDLE, "batches", to_do=9), None),  # published a moment ago
        (run(IDLE, "batches", to_do=9, silent=61), "stalled"),  # free hands, and nobody has them
        (run(IDLE, "batches"), None),  # all done, not yet put together
        (run(BUSY, "batches", silent=61), "stalled"),
        # one run puts it together
        (run(BUSY, "finish", live=True), None),
        (run(BUSY, "finish", live=True, silent=61), "slow"),
        (run(NOBODY, "finish"), "no_worker"),
        (run(BUSY, "finish"), "behind"),
        (run(IDLE, "finish"), None),
        (run(IDLE, "finish", silent=61), "stalled"),
    ],
)
def test_a_running_job_says_what_is_wrong_with_it(known, reason):
    assert running(known) == reason
