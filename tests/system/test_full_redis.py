"""A Redis that takes nothing more: said to whoever submits, and outlasted by workers until there is room."""

import time

import pytest

from jobs.connection import records_client
from tests.support.probe import ProbeParams, doomed, runs, somebody
from tests.support.waiting import until


@pytest.fixture
def full_redis(redis_server):
    """Return a function that fills Redis up, and one that makes room again."""
    client = records_client()
    yield lambda: client.config_set("maxmemory", 1), lambda: client.config_set("maxmemory", 0)
    client.config_set("maxmemory", 0)


def test_a_job_cannot_be_submitted_or_cancelled_and_the_reason_is_said(rest, full_redis):
    fill, make_room = full_redis
    waiting = doomed.submit(somebody(), ProbeParams())

    fill()
    answers = [rest.post("doomed", json={}), rest.post(f"{waiting}/cancel")]
    make_room()

    assert [answer.status_code for answer in answers] == [503, 503]
    assert "full" in answers[0].json["detail"]
    assert rest.read(waiting).status == "queued"
    rest.post(f"{waiting}/cancel")


def test_running_jobs_and_their_worker_wait_for_room(start_worker, rest, full_redis):
    fill, make_room = full_redis
    worker = start_worker()
    owner = somebody()
    running = doomed.submit(owner, ProbeParams(steps=20, seconds_a_step=0.2))
    waiting = doomed.submit(owner, ProbeParams())
    rest.running(running)

    fill()
    begun = time.monotonic()
    until(lambda: time.monotonic() - begun > 5, what="reports, renewals and the end were refused")
    assert not rest.read(running).done
    make_room()

    for job_id in (running, waiting):
        done = rest.ended(job_id)
        assert (done.status, done.attempt, len(runs(job_id))) == ("completed", 1, 1)
    assert worker.process.poll() is None


def test_a_worker_that_takes_a_job_while_redis_is_full_lives_on(start_worker, rest, full_redis):
    fill, make_room = full_redis
    worker = start_worker()
    for _ in range(3):
        doomed.submit(somebody(), ProbeParams())
        fill()
        begun = time.monotonic()
        until(lambda: time.monotonic() - begun > 0.5)  # noqa: B023
        make_room()

    last = doomed.submit(somebody(), ProbeParams())

    assert rest.ended(last).status == "completed"
    assert worker.process.poll() is None
