"""What comes too late, twice or from a run that nobody wants changes nothing."""

import uuid

import pytest
from celery.app.task import Context

from jobs import ending, records, status
from jobs.backend import Step
from jobs.celery import app, kinds
from jobs.connection import records_client
from jobs.errors import BadInput
from jobs.fanout import Batches, spread
from jobs.keys import OPEN_KEY, live_key, meta_key, record_key, tally_key
from jobs.records import NewJob
from tests.support.probe import doomed, left_of


@pytest.fixture
def job_id(redis_server):
    job = NewJob(str(uuid.uuid4()), "ada", "doomed", "{}", None, "doomed")
    records.create(records_client(), job, expires_seconds=60)
    return job.id


@pytest.fixture
def request_of_run(job_id):
    """Begin the job; return the request of its run."""
    run = Context(id=job_id, task=doomed.name, hostname="one@test")
    claim = app.backend.claim(job_id, run, Step(), live_seconds=60, most_attempts=3, token="x")
    run.fence = claim.fence
    return run


def revoke(job_id):
    app.backend.mark_as_revoked(job_id, "cancelled", request=Context(id=job_id, task=doomed.name))


@pytest.mark.parametrize("end", ["SUCCESS", "FAILURE", "RETRY"])
def test_an_end_that_comes_after_the_cancellation_lets_go_of_the_job(job_id, request_of_run, end):
    revoke(job_id)
    assert records_client().exists(live_key(job_id))

    result = BadInput("too late") if end != "SUCCESS" else {}
    app.backend.store_result(job_id, result, end, request=request_of_run)

    assert left_of(job_id, "ada") == []
    assert records.read(records_client(), job_id).state == "REVOKED"


def test_a_worker_that_lost_the_process_of_a_cancelled_job_lets_go_of_it(job_id, request_of_run):
    revoke(job_id)

    worker = Context(id=job_id, task=doomed.name, hostname="one@test")
    app.backend.store_result(job_id, BadInput("killed"), "RETRY", request=worker)

    assert left_of(job_id, "ada") == []


def test_a_cancellation_of_a_job_that_was_just_removed_leaves_nothing(redis_server):
    job_id = str(uuid.uuid4())

    revoke(job_id)

    assert not records_client().exists(meta_key(job_id), record_key(job_id))


def test_a_job_that_is_handed_over_twice_keeps_what_its_batches_have_done(job_id, request_of_run):
    spread(app.backend, job_id, request_of_run.fence, Batches(3, 30, 5))
    records_client().hincrby(record_key(job_id), "left", -1)
    records_client().hset(tally_key(job_id), "sum:processed", 15)

    spread(app.backend, job_id, request_of_run.fence, Batches(3, 30, 5))

    assert records.read(records_client(), job_id).left == 2
    assert records_client().hget(tally_key(job_id), "sum:processed") == "15"


def test_a_job_whose_leftovers_cannot_be_removed_is_concluded_all_the_same(job_id, monkeypatch):
    def fail(record):
        raise ValueError("parameters of an older version")

    monkeypatch.setattr(type(kinds()["doomed"]), "tidy", staticmethod(fail))

    revoke(job_id)
    ending.conclude(kinds(), job_id)

    assert records_client().zscore(OPEN_KEY, job_id) is None


def test_an_end_is_told_only_with_the_record_that_says_so(job_id, request_of_run):
    before = records.read(records_client(), job_id)
    app.backend.store_result(job_id, {"steps": 1}, "SUCCESS", request=request_of_run)
    meta = app.backend.get_task_meta(job_id)

    seen = status.status_of(before, meta, live=True)

    assert (seen.status, seen.done, seen.results) == ("running", False, None)
