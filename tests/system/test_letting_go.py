"""Whatever ends, stops or falls silent lets go of its job: nothing waits for a mark to lapse."""

import os
import signal

import pytest

from jobs.connection import records_client
from jobs.keys import live_key
from jobs.settings import settings
from tests.support.many import ManyParams, many
from tests.support.probe import ProbeParams, doomed, left_of, runs, somebody
from tests.support.waiting import until

SILENCE_SECONDS = settings().visibility_timeout_seconds + 4


@pytest.mark.parametrize("raises", [None, "BadInput"])
def test_a_run_that_ends_without_a_report_after_its_cancellation_lets_go_at_once(start_worker, rest, raises):
    start_worker()
    owner = somebody()
    job_id = doomed.submit(owner, ProbeParams(steps=1, seconds_a_step=2, raises=raises))
    until(lambda: runs(job_id), what="it runs")

    rest.post(f"{job_id}/cancel")

    assert rest.ended(job_id, seconds=4).status == "cancelled"
    until(lambda: not left_of(job_id, owner), seconds=2, what=f"nothing is left: {left_of(job_id, owner)}")


def test_a_job_whose_machine_slept_for_longer_than_its_mark_lasts_counts_as_running_again(start_worker, rest):
    worker = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=100, seconds_a_step=0.2))
    rest.running(job_id)
    os.kill(worker.process.pid, signal.SIGSTOP)
    until(lambda: not records_client().exists(live_key(job_id)), seconds=SILENCE_SECONDS, what="it lapses")

    os.kill(worker.process.pid, signal.SIGCONT)

    until(lambda: records_client().exists(live_key(job_id)), seconds=3, what="it is renewed")
    assert rest.read(job_id).reason is None
    last = rest.ended(job_id)
    assert (last.status, last.attempt) == ("completed", 1)


def test_the_silent_batches_of_a_job_that_failed_are_ended(start_worker, rest):
    start_worker()
    owner = somebody()
    job_id = many.submit(owner, ManyParams(items=400, seconds_an_item=60, raises_in_batch=1))
    until(lambda: records_client().exists(live_key(f"{job_id}.0")), what="the silent batch runs")

    start_worker()

    assert rest.ended(job_id).status == "failed"
    refused = rest.delete(job_id)
    assert (refused.status_code, "still runs" in refused.text) == (409, True)
    seconds = settings().cancel_seconds + 6
    until(lambda: not left_of(job_id, owner), seconds=seconds, what="nothing of it is left")
    until(lambda: not records_client().exists(live_key(f"{job_id}.0")), seconds=2, what="the batch has gone")
    assert rest.delete(job_id).status_code == 204


def test_a_job_that_its_worker_has_put_back_says_what_it_waits_for(start_worker, rest):
    first = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=400, seconds_a_step=0.1, slow_attempts=1))
    rest.running(job_id)

    first.stop()

    # Killed workers of other tests count for a while: behind them it would wait.
    until(
        lambda: rest.read(job_id).reason == "no_worker", seconds=SILENCE_SECONDS, what="it says why it waits"
    )
    assert rest.read(job_id).status == "running"
    start_worker()
    last = rest.ended(job_id)
    assert (last.status, last.attempt) == ("completed", 2)
