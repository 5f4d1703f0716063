"""Faults put into a running service, and what each may cost: time, never a job, never twice."""

import signal
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from celery.app.task import Context

from jobs import errors, records
from jobs.backend import JobStopped
from jobs.celery import app, kinds
from jobs.connection import records_client
from jobs.keys import OPEN_KEY
from jobs.reconcile import reconcile
from jobs.settings import settings
from tests.support.probe import ProbeParams, doomed, runs, somebody
from tests.support.waiting import until

VISIBILITY_SECONDS = settings().visibility_timeout_seconds


@pytest.fixture
def broker(redis_server):
    with app.connection_for_read() as connection:
        yield connection.default_channel.client


def test_a_job_whose_process_is_killed_is_seen_to_wait_for_its_next_attempt(start_worker, rest):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=4, dies_in_attempts=1))
    until(lambda: runs(job_id), what="it is about to be killed")

    retrying = until(lambda: (job := rest.read(job_id)).state == "RETRY" and job, seconds=3)

    assert (retrying.status, retrying.reason, retrying.attempt) == ("queued", "retry_at", 1)
    done = rest.ended(job_id)
    assert (done.status, done.attempt, len(runs(job_id))) == ("completed", 2, 2)


def test_a_killed_workers_job_runs_again_soon_after_the_visibility_timeout(start_worker, rest):
    first = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=100, seconds_a_step=0.5, slow_attempts=1))
    rest.running(job_id)
    start_worker()
    first.kill()
    killed = time.monotonic()

    stalled = until(lambda: (job := rest.read(job_id)).reason and job, seconds=VISIBILITY_SECONDS + 2)
    left = killed + VISIBILITY_SECONDS + 2 - time.monotonic()
    until(lambda: len(runs(job_id)) == 2, seconds=left, what="it is begun again")

    assert (stalled.status, stalled.reason) == ("running", "stalled")
    assert rest.ended(job_id).attempt == 2


def test_a_worker_killed_while_it_looks_for_messages_of_dead_ones_keeps_no_other_from_it(start_worker, rest):
    first = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=100, seconds_a_step=0.5, slow_attempts=1))
    rest.running(job_id)
    start_worker()
    first.kill()
    killed = time.monotonic()

    with app.connection_for_read() as connection:
        channel = connection.default_channel
        lock = channel.client.lock(channel.unacked_mutex_key, timeout=channel.unacked_mutex_expire)
        assert lock.acquire()  # and never let go of: its holder is dead
    left = killed + VISIBILITY_SECONDS + 8 - time.monotonic()
    until(lambda: len(runs(job_id)) == 2, seconds=left, what="it is begun again")

    assert rest.ended(job_id).attempt == 2


def test_a_job_deep_in_c_for_longer_than_the_visibility_timeout_runs_once(start_worker, rest):
    start_worker()
    start_worker()

    job_id = doomed.submit(somebody(), ProbeParams(busy_seconds=2 * VISIBILITY_SECONDS))

    done = rest.ended(job_id)
    assert (done.status, done.attempt, len(runs(job_id))) == ("completed", 1, 1)


def test_further_messages_of_a_job_that_runs_start_no_further_run(start_worker, rest, broker):
    start_worker()
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=40, seconds_a_step=0.1))
    rest.running(job_id)
    record = records.read(records_client(), job_id)

    for _ in range(3):
        doomed.publish(record)

    until(lambda: messages(broker, job_id) == 4, seconds=4, what="the run and three parked copies of it")
    rest.ended(job_id)
    until(lambda: not messages(broker, job_id), seconds=20, what="the copies were looked at in their time")
    assert (rest.read(job_id).attempt, len(runs(job_id))) == (1, 1)


def test_further_messages_of_a_job_that_has_ended_start_no_further_run(start_worker, rest, broker):
    start_worker()
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams())
    done = rest.ended(job_id)
    record = records.read(records_client(), job_id)

    for _ in range(3):
        doomed.publish(record)

    until(lambda: not messages(broker, job_id), seconds=20, what="they were looked at")
    assert len(runs(job_id)) == 1
    assert rest.read(job_id) == done


def messages(broker, job_id):
    """Return how many messages of a job wait in the queue, to be looked at, or in a worker's hands."""
    found = [*broker.lrange("doomed", 0, -1), *broker.hvals("unacked")]
    return sum(job_id.encode() in (one if isinstance(one, bytes) else one.encode()) for one in found)


ENDS = {
    "completed": ProbeParams(steps=2),
    "failed": ProbeParams(steps=2, raises="UnreadableTable"),
    "cancelled": ProbeParams(steps=600, seconds_a_step=0.1),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("by_its_run", [True, False])
def test_what_is_written_after_the_end_of_a_job_is_never_seen(start_worker, rest, end, by_its_run):
    worker = start_worker()
    job_id = doomed.submit(somebody(), ENDS[end])
    if end == "cancelled":
        rest.running(job_id)
        rest.post(f"{job_id}/cancel")
    rest.ended(job_id)
    until(lambda: records_client().zscore(OPEN_KEY, job_id) is None, what="it is concluded")
    seen = rest.get(job_id).json
    fault = errors.UnsuitableData("written too late")
    late = {
        "PROGRESS": {"stage": "late", "percent": 1.0, "counts": {}},
        "SUCCESS": {"steps": 999, "attempt": 1},
        "FAILURE": fault,
        "RETRY": fault,
    }
    request = Context(id=job_id, task=doomed.name, hostname=f"{worker.name}@test", fence=1, attempt=1)

    for state, value in late.items():
        with suppress(JobStopped):
            app.backend.store_result(job_id, value, state, request=request if by_its_run else None)
        assert rest.get(job_id).json == seen, state

    assert seen["status"] == end


def test_jobs_that_wait_survive_a_restart_of_redis_and_the_api_says_when_it_is_away(
    start_worker, rest, redis_server
):
    start_worker()
    owner = somebody()
    running_id = doomed.submit(owner, ProbeParams(steps=40, seconds_a_step=0.1))
    waiting = [doomed.submit(somebody(), ProbeParams()) for _ in range(5)]
    rest.running(running_id)

    redis_server.stop(signal.SIGKILL)
    away_since = time.monotonic()

    def away():
        asked = time.monotonic()
        answer = rest.get(running_id)
        assert time.monotonic() - asked < 1
        assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable")
        assert "Retry-After" in answer.headers
        return time.monotonic() - away_since >= 3

    until(away, seconds=5, what="Redis was away for three seconds")
    redis_server.start()

    for job_id in (running_id, *waiting):
        done = rest.ended(job_id)
        assert (done.status, done.attempt, len(runs(job_id))) == ("completed", 1, 1)


def test_jobs_whose_messages_were_all_lost_are_sent_again(start_worker, rest, broker):
    jobs = [doomed.submit(somebody(), ProbeParams()) for _ in range(3)]
    broker.delete("doomed")

    reconcile(app, kinds(), now=time.time() + 3 * VISIBILITY_SECONDS)

    start_worker()
    for job_id in jobs:
        assert rest.ended(job_id).status == "completed"
        assert len(runs(job_id)) == 1


@pytest.mark.slow
def test_a_worker_that_waits_for_its_job_before_it_stops_keeps_it(start_worker, rest):
    first = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=2, seconds_a_step=VISIBILITY_SECONDS))
    until(lambda: runs(job_id), what="it runs")
    start_worker()

    app.control.shutdown(destination=[f"{first.name}@test"])

    done = rest.ended(job_id, seconds=3 * VISIBILITY_SECONDS)
    assert (done.status, done.attempt, len(runs(job_id))) == ("completed", 1, 1)
    until(lambda: first.process.poll() is not None, what="it stops")


def test_nothing_that_a_killed_worker_has_started_outlives_it(start_worker, rest):
    worker = start_worker(queues="indexing")
    folder = settings().folder_roots["shelf"] / f"killed-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    for number in range(3_000):
        (folder / f"{number}.txt").write_text(f"letter {number} " * 200)
    kind = kinds()["indexing"]
    params = kind.params(index="killed", folder=f"shelf/{folder.name}")
    # More than the worker of other tests can take, if there is one.
    jobs = [kind.submit(somebody(), params) for _ in range(4)]
    family = until(lambda: len(found := descendants(worker.process.pid)) >= 3 and found, what="it extracts")

    worker.kill()

    until(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()], seconds=5)
    for job_id in jobs:
        rest.post(f"{job_id}/cancel")


def descendants(pid):
    """Return the ids of the processes that a process has started, and those that these have."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        born = children.get(todo.pop(), [])
        found += born
        todo += born
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_job_that_brings_down_five_workers_is_given_up(start_worker, rest, broker):
    job_id = doomed.submit(somebody(), ProbeParams(kills_worker_in_attempts=99))

    for attempt in range(1, 7):
        worker = start_worker()
        until(
            lambda: worker.process.poll() is not None or rest.read(job_id).done,  # noqa: B023
            seconds=2 * VISIBILITY_SECONDS + 20,
            what=f"attempt {attempt} ends",
        )
        if rest.read(job_id).done:
            break

    given_up = rest.ended(job_id)
    assert (given_up.status, given_up.reason, given_up.attempt) == ("failed", "gave_up", 5)
    assert len(runs(job_id)) == 5
    until(lambda: broker.hlen("unacked") == 0, what="its message is acknowledged")
