"""What a killed process costs: time, never a job."""

import signal

from jobs import records, status
from jobs.connection import records_client
from tests.support.probe import ProbeParams, doomed, runs, somebody
from tests.support.waiting import until


def ended(job_id, seconds=60):
    return until(
        lambda: (job := status.read(job_id)) and job.done and job, seconds=seconds, what="the job ends"
    )


def running(job_id, least_percent=1):
    def look():
        job = status.read(job_id)
        return job if job.status == "running" and job.progress >= least_percent else None

    return until(look, what="the job runs")


def test_a_job_waits_as_queued_until_a_worker_takes_it(start_worker):
    job_id = doomed.submit(somebody(), ProbeParams())
    waiting = status.read(job_id)

    start_worker()

    assert (waiting.status, waiting.state, waiting.progress, waiting.done) == ("queued", "PENDING", 0, False)
    done = ended(job_id)
    assert (done.status, done.state, done.progress, done.attempt) == ("completed", "SUCCESS", 100, 1)
    assert done.results == {"steps": 1, "attempt": 1}
    assert done.created_at <= done.started_at <= done.finished_at


def test_progress_is_seen_while_a_job_runs(start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=10, seconds_a_step=0.2))

    seen = running(job_id, least_percent=40)

    assert seen.stage == "work"
    assert seen.current_file == f"step-{seen.processed}"
    assert seen.total == 10
    assert seen.progress == 10 * seen.processed
    assert ended(job_id).status == "completed"


def test_a_failure_keeps_its_reason_and_its_last_progress(start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=2, seconds_a_step=0.6, raises="UnreadableTable"))

    failed = ended(job_id)

    assert (failed.status, failed.state, failed.reason) == ("failed", "FAILURE", "unreadable_table")
    assert failed.error.detail == "raised on purpose: UnreadableTable"
    assert failed.progress == 50


def test_a_defect_tells_the_user_nothing_of_its_insides(start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(raises="defect"))

    failed = ended(job_id)

    assert failed.reason == "internal_error"
    assert "on purpose" not in failed.error.detail


def test_a_job_whose_process_is_killed_runs_again(start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=4, dies_in_attempts=1))

    done = ended(job_id)

    assert (done.status, done.attempt) == ("completed", 2)
    assert len(runs(job_id)) == 2


def test_a_job_that_kills_every_process_ends_as_failed(start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(dies_in_attempts=99))

    failed = ended(job_id, seconds=90)

    assert (failed.status, failed.reason) == ("failed", "worker_lost")
    assert len(runs(job_id)) == 4


def test_a_job_of_a_killed_worker_is_delivered_to_another(start_worker):
    first = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=60, seconds_a_step=1, slow_attempts=1))
    running(job_id)
    first.kill()

    start_worker()

    done = ended(job_id)
    assert (done.status, done.attempt) == ("completed", 2)


def test_a_job_longer_than_the_visibility_timeout_runs_once(start_worker):
    start_worker()
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=2, seconds_a_step=7))

    done = ended(job_id)

    assert (done.status, done.attempt) == ("completed", 1)
    assert len(runs(job_id)) == 1


def test_a_stopped_worker_gives_its_job_back_at_once(start_worker):
    workers = {worker.name: worker for worker in (start_worker(), start_worker())}
    job_id = doomed.submit(somebody(), ProbeParams(steps=60, seconds_a_step=1, slow_attempts=1))
    running(job_id)
    name, _, _ = records.read(records_client(), job_id).worker.partition("@")

    seconds = workers[name].stop()

    assert seconds < 6
    until(lambda: status.read(job_id).attempt == 2, seconds=5, what="the other worker begins it")
    assert ended(job_id).status == "completed"


def test_a_running_job_survives_a_restart_of_redis(start_worker, redis_server):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=20, seconds_a_step=0.2))
    running(job_id)

    redis_server.stop(signal.SIGKILL)
    redis_server.start()

    done = ended(job_id)
    assert (done.status, done.attempt) == ("completed", 1)
