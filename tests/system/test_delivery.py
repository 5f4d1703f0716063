"""What a killed process costs: time, never a job."""

import signal

import pytest

from jobs import records
from jobs.celery import app
from jobs.connection import records_client
from tests.support.probe import ProbeParams, doomed, runs, somebody
from tests.support.waiting import until


def test_a_job_waits_as_queued_until_a_worker_takes_it(start_worker, rest):
    job_id = doomed.submit(somebody(), ProbeParams())
    waiting = rest.read(job_id)

    start_worker()

    assert (waiting.status, waiting.state, waiting.progress, waiting.done) == ("queued", "PENDING", 0, False)
    done = rest.ended(job_id)
    assert (done.status, done.state, done.progress, done.attempt) == ("completed", "SUCCESS", 100, 1)
    assert done.results == {"steps": 1, "attempt": 1}
    assert done.created_at <= done.started_at <= done.finished_at


def test_progress_is_seen_while_a_job_runs(start_worker, rest):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=10, seconds_a_step=0.2))

    seen = rest.running(job_id, least_percent=40)

    assert seen.stage == "work"
    assert seen.current_file == f"step-{seen.processed}"
    assert seen.total == 10
    assert seen.progress == 10 * seen.processed
    assert rest.ended(job_id).status == "completed"


def test_a_failure_keeps_its_reason_and_its_last_progress(start_worker, rest):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=2, seconds_a_step=0.6, raises="UnreadableTable"))

    failed = rest.ended(job_id)

    assert (failed.status, failed.state, failed.reason) == ("failed", "FAILURE", "unreadable_table")
    assert failed.error["detail"] == "raised on purpose: UnreadableTable"
    assert failed.progress == 50


def test_a_defect_tells_the_user_nothing_of_its_insides(start_worker, rest):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(raises="defect"))

    failed = rest.ended(job_id)

    assert failed.reason == "internal_error"
    assert "on purpose" not in failed.error["detail"]


def test_a_job_whose_process_is_killed_runs_again(start_worker, rest):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=4, dies_in_attempts=1))

    done = rest.ended(job_id)

    assert (done.status, done.attempt) == ("completed", 2)
    assert len(runs(job_id)) == 2


@pytest.mark.slow
def test_a_job_that_kills_every_process_ends_as_failed(start_worker, rest):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(dies_in_attempts=99))

    failed = rest.ended(job_id, seconds=90)

    assert (failed.status, failed.reason) == ("failed", "worker_lost")
    assert len(runs(job_id)) == 4


def test_a_job_of_a_killed_worker_is_delivered_to_another(start_worker, rest):
    first = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=60, seconds_a_step=1, slow_attempts=1))
    rest.running(job_id)
    first.kill()

    start_worker()

    done = rest.ended(job_id)
    assert (done.status, done.attempt) == ("completed", 2)


@pytest.mark.slow
def test_a_job_longer_than_the_visibility_timeout_runs_once(start_worker, rest):
    start_worker()
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=2, seconds_a_step=7))

    done = rest.ended(job_id)

    assert (done.status, done.attempt) == ("completed", 1)
    assert len(runs(job_id)) == 1


def test_a_stopped_worker_gives_its_job_back_at_once(start_worker, rest):
    workers = {worker.name: worker for worker in (start_worker(), start_worker())}
    job_id = doomed.submit(somebody(), ProbeParams(steps=60, seconds_a_step=1, slow_attempts=1))
    rest.running(job_id)
    name, _, _ = records.read(records_client(), job_id).worker.partition("@")

    seconds = workers[name].stop()

    # Two seconds to give the job back and to end its processes, one for a machine with other things to do.
    assert seconds < app.conf.worker_soft_shutdown_timeout + 3
    until(lambda: rest.read(job_id).attempt == 2, seconds=5, what="the other worker begins it")
    assert rest.ended(job_id).status == "completed"


def test_a_running_job_survives_a_restart_of_redis(start_worker, rest, redis_server):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=20, seconds_a_step=0.2))
    rest.running(job_id)

    redis_server.stop(signal.SIGKILL)
    redis_server.start()

    done = rest.ended(job_id)
    assert (done.status, done.attempt) == ("completed", 1)
