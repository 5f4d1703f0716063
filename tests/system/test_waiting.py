"""What a job that waits says of itself, and whose turn it is."""

import pytest

from jobs.connection import records_client
from jobs.settings import settings
from jobs.throughput import throughput_key
from tests.support.many import ManyParams, many
from tests.support.probe import ProbeParams, doomed, runs, somebody
from tests.support.waiting import until

LIMIT = settings().jobs_per_user


def test_without_a_worker_a_job_says_so_and_where_it_stands(rest):
    first = doomed.submit(somebody(), ProbeParams())
    second = doomed.submit(somebody(), ProbeParams())

    looks = until(
        lambda: (
            (seen := [rest.read(job_id) for job_id in (first, second)])
            and [look.reason for look in seen] == ["no_worker", "no_worker"]
            and seen
        ),
        seconds=settings().visibility_timeout_seconds + 2,  # so long a worker that was killed counts as there
    )

    places = [look.queue for look in looks]
    assert [place["workers"] for place in places] == [0, 0]
    assert places[1]["position"] == places[0]["position"] + 1
    for job_id in (first, second):
        rest.post(f"{job_id}/cancel")


def test_behind_another_a_job_says_so_and_moves_up(rest, start_worker):
    start_worker()
    running = doomed.submit(somebody(), ProbeParams(steps=30, seconds_a_step=0.1))
    rest.running(running)
    waiting = [doomed.submit(somebody(), ProbeParams()) for _ in range(2)]

    looks = until(
        lambda: (
            (seen := [rest.read(job_id) for job_id in waiting])
            and [look.reason for look in seen] == ["behind", "behind"]
            and seen
        ),
        seconds=2.5,  # workers tell every two seconds what they run
        what="it is known that the worker is busy",
    )

    assert [look.queue["workers"] for look in looks] == [1, 1]
    assert looks[1].queue["position"] == looks[0].queue["position"] + 1
    for job_id in (running, *waiting):
        assert rest.ended(job_id).queue is None


def test_a_user_with_many_jobs_does_not_keep_another_waiting(rest, start_worker):
    greedy, other = somebody(), somebody()
    many_jobs = [doomed.submit(greedy, ProbeParams(steps=5, seconds_a_step=0.1)) for _ in range(LIMIT + 6)]

    held = rest.read(many_jobs[LIMIT])
    question = doomed.submit(other, ProbeParams())

    assert (held.status, held.reason) in (("queued", "user_limit"), ("queued", "no_worker"))
    start_worker()
    limited = until(lambda: (job := rest.read(many_jobs[-1])).reason == "user_limit" and job)
    assert (limited.queue["limit"], limited.queue["position"]) == (LIMIT, 6)
    answered = rest.ended(question)
    assert sum(rest.read(job_id).done for job_id in many_jobs) <= LIMIT + 1
    for job_id in many_jobs:
        assert rest.ended(job_id).status == "completed"
        assert len(runs(job_id)) == 1
    begun = [rest.read(job_id).started_at for job_id in many_jobs]
    assert begun == sorted(begun)
    assert answered.status == "completed"


def test_a_cancelled_job_gives_its_turn_to_the_next(rest):
    owner = somebody()
    jobs = [doomed.submit(owner, ProbeParams()) for _ in range(LIMIT + 1)]
    before = rest.read(jobs[-1]).queue["position"]

    rest.post(f"{jobs[0]}/cancel")

    after = rest.read(jobs[-1])
    assert before == 1  # of those held back
    assert after.queue["limit"] is None
    assert after.queue["position"] >= LIMIT
    for job_id in jobs[1:]:
        rest.post(f"{job_id}/cancel")


def test_a_held_job_can_be_cancelled_and_is_never_begun(rest, start_worker):
    owner = somebody()
    jobs = [doomed.submit(owner, ProbeParams()) for _ in range(LIMIT + 1)]

    rest.post(f"{jobs[-1]}/cancel")
    start_worker()

    for job_id in jobs[:-1]:
        assert rest.ended(job_id).status == "completed"
    assert rest.read(jobs[-1]).status == "cancelled"
    assert runs(jobs[-1]) == []


@pytest.mark.timeout(180)
def test_a_job_of_many_thousand_items_lets_a_short_question_pass(rest, start_worker):
    start_worker()
    long_id = many.submit(somebody(), ManyParams(items=60_000, seconds_an_item=0.002))
    until(lambda: (rest.read(long_id).processed or 0) > 0, what="its batches run")

    question = doomed.submit(somebody(), ProbeParams())

    answered = rest.ended(question, seconds=10)
    still = rest.read(long_id)
    assert answered.status == "completed"
    assert (still.done, still.total) == (False, 60_000)
    assert still.processed < 6_000
    rest.post(f"{long_id}/cancel")
    rest.ended(long_id, seconds=5)


def test_how_long_a_job_will_wait_is_told_from_those_before_it(rest, start_worker):
    start_worker()
    records_client().delete(throughput_key("doomed"))  # what other tests' jobs took says nothing of these
    for _ in range(3):
        rest.ended(doomed.submit(somebody(), ProbeParams(steps=10, seconds_a_step=0.1)))
    running = doomed.submit(somebody(), ProbeParams(steps=10, seconds_a_step=0.1))
    rest.running(running)

    waiting = [doomed.submit(somebody(), ProbeParams(steps=10, seconds_a_step=0.1)) for _ in range(3)]
    told = until(
        lambda: all(seconds := [rest.read(job_id).eta_seconds for job_id in waiting]) and seconds,
        seconds=3,
    )

    assert told == sorted(told)
    # Held exactly in tests/jobs/test_queueing.py; here the jobs of other tests may be in the way.
    assert 1 <= told[0] < told[-1] <= 60
    for job_id in waiting:
        rest.ended(job_id)
