"""Jobs that stand nowhere are found and mended; all others are left alone."""

import time

import pytest

from jobs import records, status
from jobs.celery import app, kinds
from jobs.connection import records_client
from jobs.job import Job
from jobs.keys import OPEN_KEY, live_key
from jobs.reconcile import reconcile
from tests.support.probe import ProbeParams, doomed, somebody

LATER = 1_000.0  # seconds: far beyond two visibility timeouts


@pytest.fixture
def broker(redis_server):
    """Return the broker's queue of the kind `doomed`, which no worker serves here, emptied."""
    with app.connection_for_read() as connection:
        client = connection.default_channel.client
        client.delete("doomed")
        records_client().delete(OPEN_KEY)  # jobs that other tests left open
        yield client
        client.delete("doomed")


def queued(broker):
    return broker.llen("doomed")


def test_a_job_whose_message_was_lost_is_queued_again(broker):
    job_id = doomed.submit(somebody(), ProbeParams())
    broker.delete("doomed")

    reconcile(app, kinds(), now=time.time() + LATER)

    assert queued(broker) == 1
    assert status.read(job_id).status == "queued"


def test_a_job_that_waits_in_its_queue_is_left_alone(broker):
    doomed.submit(somebody(), ProbeParams())

    reconcile(app, kinds(), now=time.time() + LATER)

    assert queued(broker) == 1


def test_a_job_of_which_something_was_heard_lately_is_left_alone(broker):
    doomed.submit(somebody(), ProbeParams())
    broker.delete("doomed")

    reconcile(app, kinds(), now=time.time())

    assert queued(broker) == 0


def test_a_job_that_a_worker_runs_is_left_alone(broker):
    job_id = doomed.submit(somebody(), ProbeParams())
    broker.delete("doomed")
    records_client().set(live_key(job_id), "one@test", ex=60)

    reconcile(app, kinds(), now=time.time() + LATER)

    assert queued(broker) == 0


def test_a_job_that_was_recorded_and_never_queued_is_forgotten(broker, monkeypatch):
    class Died(BaseException):
        """The process ends between the record and the message."""

    def die(*_args, **_more):
        raise Died

    monkeypatch.setattr(Job, "apply_async", die)
    with pytest.raises(Died):
        doomed.submit(somebody(), ProbeParams())
    job_id, _ = records.open_ids(records_client(), after=0, before=time.time(), limit=1_000)[-1]

    reconcile(app, kinds(), now=time.time() + LATER)

    assert records.read(records_client(), job_id) is None


def test_a_job_that_has_ended_is_taken_off_the_list(broker):
    job_id = doomed.submit(somebody(), ProbeParams())
    app.backend.store_result(job_id, {}, "SUCCESS")

    reconcile(app, kinds(), now=time.time() + LATER)

    open_jobs = dict(records.open_ids(records_client(), after=0, before=time.time() + LATER, limit=1_000))
    assert job_id not in open_jobs
    assert status.read(job_id).status == "completed"
