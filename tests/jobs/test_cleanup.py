import time
import uuid

import pytest

from jobs import records, sessions, status
from jobs.celery import app
from jobs.connection import records_client
from jobs.records import NewJob
from jobs.tasks.cleanup import expire


@pytest.fixture
def session(redis_server):
    return sessions.create("ada", "birds")


def job_in(session):
    job = NewJob(str(uuid.uuid4()), "ada", "probe", "{}", session.id)
    records.create(records_client(), job, expires_seconds=60)
    return job.id


def test_an_expired_session_goes_with_its_jobs(session):
    job_id = job_in(session)
    app.backend.store_result(job_id, {}, "SUCCESS")
    after = session.manifest().expires_at + 1

    removed = expire(now=after)

    assert removed.sessions >= 1
    assert not session.folder.exists()
    assert status.read(job_id) is None


def test_a_session_with_a_job_that_has_not_ended_stays(session):
    job_id = job_in(session)

    expire(now=session.manifest().expires_at + 1)

    assert session.folder.exists()
    assert status.read(job_id).status == "queued"


def test_a_session_that_has_not_expired_stays(session):
    expire(now=time.time())

    assert session.folder.exists()


def test_a_session_that_cannot_be_read_does_not_stop_the_others(session):
    broken = sessions.create("ada", "broken")
    (broken.folder / sessions.MANIFEST).write_text("")

    expire(now=session.manifest().expires_at + 1)

    assert not session.folder.exists()
    broken.remove()


def test_an_old_job_without_a_session_is_forgotten(redis_server):
    job = NewJob(str(uuid.uuid4()), "ada", "probe", "{}", None)
    records.create(records_client(), job, expires_seconds=60)
    app.backend.store_result(job.id, {}, "SUCCESS")

    expire(now=time.time() + 31 * sessions.SECONDS_PER_DAY)

    assert records.read(records_client(), job.id) is None
