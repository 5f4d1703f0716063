"""The two scripts that change a job's state, on a real Redis and through the real backend."""

import uuid

import pytest
from celery.app.task import Context
from celery.exceptions import TaskRevokedError

from jobs import records, status
from jobs.backend import JobStopped, Step
from jobs.celery import app
from jobs.connection import records_client
from jobs.hand import Hand
from jobs.keys import live_key, meta_key, record_key
from jobs.records import NewJob
from jobs.transitions import HAS_ENDED, NO_ATTEMPT_LEFT, RUNS_ELSEWHERE, WITHDRAW
from tests.support.probe import doomed


@pytest.fixture
def job_id(redis_server):
    job = NewJob(str(uuid.uuid4()), "ada", "probe", "{}", None, "probe")
    records.create(records_client(), job, expires_seconds=60)
    return job.id


def claim(job_id, *, worker="one@test", most_attempts=3):
    request = Context(id=job_id, hostname=worker)
    claimed = app.backend.claim(
        job_id, request, Step(), live_seconds=60, most_attempts=most_attempts, token=uuid.uuid4().hex
    )
    request.fence = claimed.fence
    return claimed.fence, request


def call(ask, *arguments, **named):
    return ask(*arguments, **named)


def store(job_id, state, result=None, request=None):
    return app.backend.store_result(job_id, result, state, request=request)


def test_a_claim_begins_an_attempt_and_says_so_everywhere(job_id):
    attempt, _ = claim(job_id)

    record = records.read(records_client(), job_id)
    assert attempt == 1
    assert (record.state, record.attempt, record.worker) == ("STARTED", 1, "one@test")
    assert app.AsyncResult(job_id).state == "STARTED"


def test_a_job_that_another_worker_runs_cannot_be_claimed(job_id):
    claim(job_id)

    assert claim(job_id, worker="two@test")[0] == RUNS_ELSEWHERE


def test_a_job_whose_worker_is_silent_is_claimed_anew(job_id):
    claim(job_id)
    records_client().delete(live_key(job_id))

    assert claim(job_id, worker="two@test")[0] == 2


@pytest.mark.parametrize("state", ["SUCCESS", "FAILURE", "REVOKED"])
def test_a_job_that_has_ended_cannot_be_claimed(job_id, state):
    store(job_id, state, RuntimeError("x") if state == "FAILURE" else None)

    assert claim(job_id)[0] == HAS_ENDED


def test_a_deleted_job_cannot_be_claimed(job_id):
    records.remove(records_client(), records.read(records_client(), job_id))

    assert claim(job_id)[0] == HAS_ENDED


def test_attempts_are_limited(job_id):
    for _ in range(3):
        claim(job_id)
        records_client().delete(live_key(job_id))

    assert claim(job_id)[0] == NO_ATTEMPT_LEFT


@pytest.mark.parametrize("final", ["SUCCESS", "FAILURE", "REVOKED"])
@pytest.mark.parametrize("late", ["SUCCESS", "FAILURE", "REVOKED", "RETRY"])
def test_a_final_state_is_never_overwritten(job_id, final, late):
    _, request = claim(job_id)
    error = RuntimeError("x")
    store(job_id, final, error if final == "FAILURE" else None, request)
    before = status.read(job_id)

    store(job_id, late, error if late in ("FAILURE", "RETRY") else {"late": True})

    assert status.read(job_id) == before
    assert app.AsyncResult(job_id).state == final


@pytest.mark.parametrize("final", ["SUCCESS", "FAILURE", "REVOKED"])
def test_late_progress_stops_the_run_that_reports_it(job_id, final):
    _, request = claim(job_id)
    store(job_id, final, RuntimeError("x") if final == "FAILURE" else None)

    with pytest.raises(JobStopped):
        store(job_id, "PROGRESS", {"percent": 10}, request)

    assert app.AsyncResult(job_id).state == final


def test_an_older_attempt_cannot_write(job_id):
    _, older = claim(job_id)
    records_client().delete(live_key(job_id))
    _, newer = claim(job_id)
    store(job_id, "PROGRESS", {"percent": 50}, newer)

    with pytest.raises(JobStopped):
        store(job_id, "PROGRESS", {"percent": 90}, older)
    store(job_id, "SUCCESS", {"by": "older"}, older)

    assert status.read(job_id).progress == 50
    assert status.read(job_id).status == "running"


def test_progress_of_a_deleted_job_stops_its_run(job_id):
    _, request = claim(job_id)
    records.remove(records_client(), records.read(records_client(), job_id))

    with pytest.raises(JobStopped):
        store(job_id, "PROGRESS", {"percent": 10}, request)


def test_results_keep_empty_lists_and_all_digits(job_id):
    _, request = claim(job_id)
    result = {"empty": [], "number": 0.1234567890123456789, "text": "é"}

    store(job_id, "SUCCESS", result, request)

    assert status.read(job_id).results == result
    assert app.AsyncResult(job_id).result == result


def test_the_record_answers_when_celerys_result_has_expired(job_id):
    _, request = claim(job_id)
    store(job_id, "PROGRESS", {"percent": 30, "stage": "work"}, request)
    store(job_id, "FAILURE", RuntimeError("x"), request)
    before = status.read(job_id)

    records_client().delete(meta_key(job_id))

    assert status.read(job_id) == before
    assert (before.status, before.progress) == ("failed", 30)


def test_publishing_subscribes_to_nothing(redis_server):
    kept = [doomed.apply_async(task_id=str(uuid.uuid4())) for _ in range(3)]

    assert len(kept) == 3
    assert records_client().pubsub_channels("celery-task-meta-*") == []


def test_a_worker_that_was_thought_dead_cannot_end_the_run_of_another(job_id):
    claim(job_id)
    records_client().delete(live_key(job_id))
    claim(job_id, worker="two@test")
    lost = Context(id=job_id, hostname="one@test")

    app.backend.mark_as_failure(job_id, RuntimeError("its process died"), request=lost)

    assert status.read(job_id).state == "STARTED"


def test_what_a_stopped_worker_gave_back_is_no_death(job_id):
    withdraw = records_client().register_script(WITHDRAW)
    for _ in range(10):
        assert claim(job_id)[0] > 0
        withdraw(keys=[live_key(job_id), record_key(job_id)], args=["one@test"])

    assert claim(job_id)[0] == 11


def test_an_item_in_hand_alone_at_two_deaths_has_killed_its_worker(job_id):
    def died_with(*items):
        fence, _ = claim(job_id, most_attempts=9)
        hand = Hand(records_client(), records.read(records_client(), job_id), fence, ask=call)
        hand.hold(items)
        records_client().delete(live_key(job_id))
        return hand.deaths()

    seen = [died_with(*items) for items in (("a", "b", "c"), ("b",), ("a",), ("b",), ("c", "d"), ())]

    assert seen[0] == {}
    assert seen[1] == {"a": 0, "b": 0, "c": 0}
    assert seen[2] == {"a": 0, "b": 1, "c": 0}
    assert seen[3] == {"a": 1, "b": 1, "c": 0}
    assert seen[4] == {"a": 1, "b": 2, "c": 0}
    assert seen[5] == {"a": 1, "b": 2, "c": 0, "d": 0}


def test_a_run_that_is_not_wanted_any_more_learns_it_from_its_journal(job_id):
    fence, _ = claim(job_id)
    hand = Hand(records_client(), records.read(records_client(), job_id), fence, ask=call)
    store(job_id, "REVOKED", TaskRevokedError("cancelled_by_user"))

    with pytest.raises(JobStopped):
        hand.hold(["a"])
