"""Cancelling, trying again and deleting, while real workers run."""

import time

from jobs.celery import app
from jobs.connection import records_client
from jobs.keys import OPEN_KEY, live_key
from tests.support.probe import ProbeParams, doomed, runs, somebody
from tests.support.waiting import until


def queued_messages():
    with app.connection_for_read() as connection:
        client = connection.default_channel.client
        return client.llen("doomed") + client.hlen("unacked")


def test_a_job_that_waits_is_cancelled_at_once_without_any_worker(rest, start_worker):
    job_id = doomed.submit(somebody(), ProbeParams())

    answer = rest.post(f"{job_id}/cancel")

    assert (answer.status_code, answer.json["status"], answer.json["done"]) == (202, "cancelled", True)
    assert rest.ended(job_id).reason == "cancelled_by_user"
    start_worker()
    until(lambda: queued_messages() == 0, what="its message is taken off the queue")
    assert runs(job_id) == []
    assert rest.read(job_id).status == "cancelled"


def test_a_job_that_reports_is_stopped_within_two_seconds(rest, start_worker):
    start_worker()
    owner = somebody()
    job_id = doomed.submit(owner, ProbeParams(steps=600, seconds_a_step=0.1))
    rest.running(job_id)
    next_id = doomed.submit(owner, ProbeParams())

    answer = rest.post(f"{job_id}/cancel")

    assert (answer.status_code, answer.json["status"], answer.json["done"]) == (202, "cancelling", False)
    last = rest.ended(job_id, seconds=2)
    assert (last.status, last.state, last.reason) == ("cancelled", "REVOKED", "cancelled_by_user")
    assert last.progress > 0
    assert last.current_file
    assert rest.ended(next_id, seconds=2).status == "completed"


def test_a_job_deep_in_c_is_ended_within_ten_seconds(rest, start_worker):
    start_worker()
    owner = somebody()
    job_id = doomed.submit(owner, ProbeParams(steps=2, busy_seconds=120))
    until(lambda: runs(job_id), what="it runs")
    next_id = doomed.submit(owner, ProbeParams())

    rest.post(f"{job_id}/cancel")

    assert rest.read(job_id).status == "cancelling"
    assert rest.ended(job_id, seconds=10).status == "cancelled"
    assert rest.ended(next_id, seconds=5).status == "completed"
    assert len(runs(job_id)) == 1


def test_what_a_cancelled_job_leaves_is_nowhere_in_redis(rest, start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=600, seconds_a_step=0.1))
    rest.running(job_id)

    rest.post(f"{job_id}/cancel")

    rest.ended(job_id)
    until(lambda: queued_messages() == 0, what="its message is acknowledged")
    assert not records_client().exists(live_key(job_id))
    until(lambda: records_client().zscore(OPEN_KEY, job_id) is None, what="it is concluded")


def test_a_job_that_was_cancelled_while_its_worker_died_is_not_begun_again(rest, start_worker):
    first = start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=600, seconds_a_step=0.1))
    rest.running(job_id)
    first.kill()

    rest.post(f"{job_id}/cancel")
    start_worker()

    assert rest.ended(job_id, seconds=20).status == "cancelled"
    until(lambda: queued_messages() == 0, seconds=30, what="its message is taken off the queue")
    assert len(runs(job_id)) == 1


def test_cancelling_twice_is_no_fault_and_after_the_end_it_is(rest, start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=600, seconds_a_step=0.1))
    rest.running(job_id)
    done_id = doomed.submit(somebody(), ProbeParams())

    answers = [rest.post(f"{job_id}/cancel").status_code for _ in range(3)]

    assert answers == [202, 202, 202]
    rest.ended(job_id)
    rest.ended(done_id)
    late = rest.post(f"{done_id}/cancel")
    assert (late.status_code, late.json["type"]) == (409, "/problems/job-finished")


def test_a_failed_job_is_tried_again_as_a_new_job(rest, start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(raises="UnsuitableData"))
    early = rest.post(f"{job_id}/retry", json={})
    rest.ended(job_id)

    again = rest.post(f"{job_id}/retry", json={})

    assert (early.status_code, early.json["type"]) == (409, "/problems/job-not-finished")
    assert again.status_code == 202
    assert again.json["id"] != job_id
    assert again.json["retry_of"] == job_id
    assert again.json["owner"] == rest.read(job_id).owner
    assert rest.ended(again.json["id"]).reason == "unsuitable_data"


def test_a_kind_that_cannot_try_a_part_again_says_so(rest, start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams())
    rest.ended(job_id)

    answer = rest.post(f"{job_id}/retry", json={"only": "failed"})

    assert answer.status_code == 422
    assert "only = all" in answer.json["detail"]


def test_a_job_is_deleted_once_it_has_ended(rest, start_worker):
    start_worker()
    job_id = doomed.submit(somebody(), ProbeParams(steps=600, seconds_a_step=0.1))
    rest.running(job_id)
    early = rest.delete(job_id)
    rest.post(f"{job_id}/cancel")
    rest.ended(job_id)

    answer = rest.delete(job_id)

    assert (early.status_code, early.json["type"]) == (409, "/problems/job-not-finished")
    assert answer.status_code == 204
    assert rest.get(job_id).status_code == 404
    left = list(records_client().scan_iter(f"*{job_id}*"))
    assert left == []


def test_the_time_left_is_told_while_a_job_runs_evenly(rest, start_worker):
    start_worker()
    begun = time.monotonic()
    job_id = doomed.submit(somebody(), ProbeParams(steps=80, seconds_a_step=0.1))

    rest.running(job_id)
    told = until(lambda: rest.read(job_id).eta_seconds, seconds=8, what="the time left is told")

    at = time.monotonic() - begun
    rest.ended(job_id)
    left = time.monotonic() - begun - at
    assert abs(told - left) <= 2
