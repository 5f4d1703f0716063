"""What beat starts: each task once a period, however many beats there are; and what goes soon after a job."""

import time
import uuid

import pytest

import tests.support.probe  # noqa: F401 - its queues must be there before Celery first looks at them
from jobs import records, sessions, status
from jobs.celery import app
from jobs.connection import records_client
from jobs.expiry import KEEP_LIVE_SECONDS, drop_live_data
from jobs.keys import ENDED_KEY, busy_key, live_key, meta_key, record_key, tally_key
from jobs.records import NewJob
from jobs.tasks import cleanup
from jobs.tasks.cleanup import guard
from tests.support.waiting import until


def spread_job(ended_at, batches=3):
    """Return the id of a job with batches that has ended."""
    client = records_client()
    job_id = str(uuid.uuid4())
    records.create(client, NewJob(job_id, "ada", "probe", "{}", None, "probe"), expires_seconds=60)
    app.backend.store_result(job_id, {}, "SUCCESS")
    client.hset(record_key(job_id), "batches", batches)
    for n in range(batches):
        client.hset(record_key(f"{job_id}.{n}"), mapping={"state": "SUCCESS"})
        client.set(meta_key(f"{job_id}.{n}"), "{}")
    client.hset(tally_key(job_id), "done", 3)
    client.sadd(busy_key(job_id), 1)
    client.zadd(ENDED_KEY, {job_id: ended_at})
    return job_id


def test_some_minutes_after_its_end_only_the_live_data_of_a_job_goes(redis_server):
    now = time.time()
    job_id = spread_job(now - KEEP_LIVE_SECONDS - 1)
    before = status.read(job_id)

    drop_live_data(records_client(), now)

    assert status.read(job_id) == before
    assert app.AsyncResult(job_id).state == "SUCCESS"
    assert sorted(records_client().scan_iter(f"*{job_id}*")) == sorted([record_key(job_id), meta_key(job_id)])
    assert records_client().zscore(ENDED_KEY, job_id) is None


def test_a_job_that_has_just_ended_keeps_its_live_data(redis_server):
    job_id = spread_job(time.time())

    drop_live_data(records_client(), time.time())

    assert records_client().exists(record_key(f"{job_id}.2"), tally_key(job_id), busy_key(job_id)) == 3


def test_a_cancelled_run_that_does_not_stop_keeps_its_live_data_until_it_does(redis_server):
    now = time.time()
    job_id = spread_job(now - KEEP_LIVE_SECONDS - 1)
    records_client().set(live_key(job_id), "one@test", ex=600)
    drop_live_data(records_client(), now)
    early = records_client().exists(tally_key(job_id), live_key(job_id))
    records_client().delete(live_key(job_id))

    drop_live_data(records_client(), now + KEEP_LIVE_SECONDS)

    assert early == 2
    assert not records_client().exists(tally_key(job_id))
    assert records_client().zscore(ENDED_KEY, job_id) is None


def test_a_job_that_was_deleted_after_its_end_is_only_taken_off_the_list(redis_server):
    now = time.time()
    records_client().zadd(ENDED_KEY, {"deleted": now - KEEP_LIVE_SECONDS - 1})

    drop_live_data(records_client(), now)

    assert records_client().zscore(ENDED_KEY, "deleted") is None


@pytest.fixture
def name(redis_server):
    return f"test-{uuid.uuid4()}"


def test_of_two_beats_one_runs_a_task_in_each_period(name):
    ticks = [second for n in range(5) for second in (1000.0 + 60 * n, 1030.0 + 60 * n)]

    ran = [now for now in ticks if guard(records_client(), name, 60, now)]

    assert ran == [1000.0, 1060.0, 1120.0, 1180.0, 1240.0]


def test_a_beat_whose_ticks_are_a_little_uneven_misses_no_period(name):
    ticks = [1200.01, 1259.99, 1320.01, 1379.99, 1440.0]  # beside the minutes of the clock

    assert all(guard(records_client(), name, 60, now) for now in ticks)


def test_a_beat_takes_over_from_another_that_died(name):
    guard(records_client(), name, 60, 1000.0)

    assert guard(records_client(), name, 60, 1070.0)


def test_a_task_that_two_beats_send_runs_once(worker, redis_server):
    task = cleanup.expire_sessions.name
    records_client().delete(f"beat:{task}")
    overdue = sessions.create("ada", "overdue")
    manifest = overdue.manifest()

    def end_its_time():
        expired = manifest.model_copy(update={"expires_at": 0.0})
        (overdue.folder / sessions.MANIFEST).write_text(expired.model_dump_json())

    end_its_time()
    first = app.send_task(task).id
    until(lambda: not overdue.folder.exists(), what="the first beat's task removes the session")
    overdue.files.mkdir(parents=True)
    end_its_time()
    second = app.send_task(task).id
    for sent in (first, second):
        until(lambda sent=sent: has_succeeded(worker, sent), what=f"{sent} ran")

    assert overdue.folder.exists()
    records_client().delete(f"beat:{task}")
    overdue.remove()


def has_succeeded(worker, task_id):
    return any("succeeded" in line and task_id in line for line in worker.log.read_text().splitlines())


def test_every_task_of_beat_has_a_period_that_guards_it():
    sent = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert {task for task in app.tasks if task.startswith("jobs.cleanup.")} <= sent
