"""A claim whose answer was lost is asked for again, and answered as it was."""

import uuid

import pytest
from celery.app.task import Context

from jobs import records
from jobs.backend import Step
from jobs.celery import app
from jobs.connection import records_client
from jobs.keys import busy_key, live_key, record_key
from jobs.records import NewJob
from jobs.transitions import HAS_ENDED, RUNS_ELSEWHERE
from tests.support.probe import doomed


@pytest.fixture
def job_id(redis_server):
    job = NewJob(str(uuid.uuid4()), "ada", "doomed", "{}", None, "doomed")
    records.create(records_client(), job, expires_seconds=60)
    return job.id


def claim(job_id, *, token, step=None, worker="one@test"):
    request = Context(id=job_id, task=doomed.name, hostname=worker)
    claimed = app.backend.claim(
        job_id, request, step or Step(), live_seconds=60, most_attempts=3, token=token
    )
    return claimed.fence, claimed.attempt


def test_the_same_claim_asked_twice_is_answered_twice_and_begun_once(job_id):
    first = claim(job_id, token="x")
    before = records.read(records_client(), job_id)

    again = claim(job_id, token="x")

    assert again == first == (1, 1)
    assert records.read(records_client(), job_id) == before


def test_a_claim_of_somebody_else_meanwhile_is_refused(job_id):
    claim(job_id, token="x")

    assert claim(job_id, token="y", worker="two@test") == (RUNS_ELSEWHERE, 0)
    assert claim(job_id, token="x") == (1, 1)


def test_a_claim_that_a_newer_one_has_overtaken_is_not_answered_as_before(job_id):
    claim(job_id, token="x")
    records_client().delete(live_key(job_id))
    assert claim(job_id, token="y", worker="two@test") == (2, 2)

    assert claim(job_id, token="x") == (RUNS_ELSEWHERE, 0)
    assert claim(job_id, token="y", worker="two@test") == (2, 2)


def test_a_claim_asked_again_after_the_job_was_cancelled_begins_nothing(job_id):
    claim(job_id, token="x")
    app.backend.mark_as_revoked(job_id, "revoked")

    assert claim(job_id, token="x") == (HAS_ENDED, 0)


def test_the_same_claim_of_a_batch_asked_twice_counts_it_once(job_id):
    batch_id = f"{job_id}.0"
    claim(job_id, token="planning")
    records_client().hset(
        record_key(job_id), mapping={"phase": "batches", "batches": 1, "left": 1, "next": 1}
    )
    fields = {"owner": "ada", "kind": "doomed", "params": "{}", "session": "", "queue": "doomed"}
    times = {"created_at": 1, "updated_at": 1, "attempt": 0, "seq": 0, "state": "PENDING"}
    records_client().hset(record_key(batch_id), mapping=fields | times)

    first = claim(batch_id, token="x", step=Step("batch", 0))
    again = claim(batch_id, token="x", step=Step("batch", 0))

    assert again == first == (1, 1)
    assert records_client().smembers(busy_key(job_id)) == {"0"}
    assert records_client().hget(record_key(batch_id), "attempt") == "1"


def test_the_same_claim_of_the_run_that_finishes_asked_twice_is_answered_twice(job_id):
    claim(job_id, token="planning")
    records_client().hset(record_key(job_id), mapping={"phase": "batches", "batches": 1, "left": 0})

    first = claim(job_id, token="x", step=Step("finish"))
    again = claim(job_id, token="x", step=Step("finish"))

    assert again == first == (2, 1)
