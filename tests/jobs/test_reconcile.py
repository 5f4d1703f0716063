"""Jobs that stand nowhere are found and mended; all others are left alone."""

import time
import uuid

import pytest
from celery.app.task import Context

from jobs import ending, failures, fanout, records, status
from jobs.backend import Step
from jobs.celery import app, kinds
from jobs.connection import records_client
from jobs.errors import UnsuitableData
from jobs.job import Batches, Job
from jobs.keys import OPEN_KEY, live_key, record_key, turns_key
from jobs.reconcile import reconcile
from jobs.settings import settings
from tests.support.many import ManyParams, many
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
    job_id = records.open_ids(records_client(), limit=1_000)[-1]

    reconcile(app, kinds(), now=time.time() + LATER)

    assert records.read(records_client(), job_id) is None


def test_a_job_that_has_ended_is_taken_off_the_list(broker):
    job_id = doomed.submit(somebody(), ProbeParams())
    app.backend.store_result(job_id, {}, "SUCCESS")

    reconcile(app, kinds(), now=time.time() + LATER)

    assert job_id not in records.open_ids(records_client(), limit=1_000)
    assert status.read(job_id).status == "completed"


def test_a_job_whose_turn_was_given_and_not_taken_is_queued(broker, monkeypatch):
    owner = somebody()
    jobs = [doomed.submit(owner, ProbeParams()) for _ in range(settings().jobs_per_user + 1)]
    monkeypatch.setattr(
        Job, "publish", lambda *_args, **_more: None
    )  # who gives the turn dies before it queues
    ending.give_turns(records_client(), kinds(), "doomed", owner, job_id=jobs[0])
    monkeypatch.undo()
    before = queued(broker)

    reconcile(app, kinds(), now=time.time() + LATER)

    assert queued(broker) == before + 1


def test_what_is_wrong_with_one_job_holds_up_no_other(broker):
    broken = doomed.submit(somebody(), ProbeParams())
    records_client().hdel(record_key(broken), "created_at")
    lost = doomed.submit(somebody(), ProbeParams())
    broker.delete("doomed")

    reconcile(app, kinds(), now=time.time() + LATER)

    assert queued(broker) == 1
    assert status.read(lost).status == "queued"


def test_a_message_that_is_none_of_ours_holds_up_nothing(broker):
    doomed.submit(somebody(), ProbeParams())
    broker.delete("doomed")
    broker.lpush("doomed", b'{"body": "", "properties": {}}')

    reconcile(app, kinds(), now=time.time() + LATER)

    assert queued(broker) == 2


def test_a_job_of_a_kind_that_is_no_more_ends_and_frees_its_turn(broker):
    owner = somebody()
    job_id = doomed.submit(owner, ProbeParams())
    records_client().hset(record_key(job_id), "kind", "forgotten")

    reconcile(app, kinds(), now=time.time() + 10 * LATER)

    found = status.read(job_id)
    assert (found.status, found.reason) == ("failed", "gave_up")
    assert "forgotten" in found.error.detail
    assert records_client().zscore(turns_key("doomed", owner), job_id) is None


def test_jobs_beyond_a_thousand_are_looked_at_by_the_next_runs(broker, monkeypatch):
    monkeypatch.setattr("jobs.reconcile.MOST_A_RUN", 2)
    for _ in range(5):
        doomed.submit(somebody(), ProbeParams())
    records_client().zadd(OPEN_KEY, dict.fromkeys(records_client().zrange(OPEN_KEY, 0, -1), 1.0))
    broker.delete("doomed")

    for _ in range(3):
        reconcile(app, kinds(), now=time.time() + LATER)

    assert queued(broker) == 5


def test_a_batchs_fault_that_nobody_has_passed_on_is_the_jobs(broker):
    job_id = many.submit(somebody(), ManyParams(items=600))
    request = Context(id=job_id, hostname="one@test")
    claimed = app.backend.claim(
        job_id, request, Step(), live_seconds=60, most_attempts=5, token=uuid.uuid4().hex
    )
    fanout.spread(app.backend, job_id, claimed.fence, Batches(3, 600))
    many.publish_batches(records.read(records_client(), job_id))
    problem = failures.problem(UnsuitableData("not this one"))
    ended = {"state": "FAILURE", "error": problem.model_dump_json(), "updated_at": 1}
    records_client().hset(
        record_key(f"{job_id}.0"), mapping=ended
    )  # its process died right after it stored this

    reconcile(app, kinds(), now=time.time() + LATER)

    found = status.read(job_id)
    assert (found.status, found.reason) == ("failed", "unsuitable_data")
