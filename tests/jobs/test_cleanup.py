"""What is over goes in time: whole, in small runs, and never while somebody works with it."""

import logging
import time
import uuid

import pytest

from jobs import archive, expiry, folders, records, removal, sessions, status
from jobs.celery import app
from jobs.connection import records_client
from jobs.errors import Unavailable
from jobs.expiry import expire
from jobs.indexing.index.ownership import exclusive
from jobs.indexing.runs.run import index_folder
from jobs.indexing.search.hits import search
from jobs.indexing.sources.order import Order
from jobs.keys import changes_key, live_key, owner_key, record_key, session_key
from jobs.records import NewJob

COUNTED = ("sessions", "jobs", "bytes")
LATER = 40 * sessions.SECONDS_PER_DAY  # beyond LONGHAUL_SESSION_DAYS


@pytest.fixture
def session(redis_server):
    records_client().delete(expiry.CURSOR_KEY)
    return sessions.create("ada", "birds")


def job_in(session=None):
    """Record a job; return its id."""
    job = NewJob(str(uuid.uuid4()), "ada", "probe", "{}", session and session.id, "probe")
    records.create(records_client(), job, expires_seconds=60)
    return job.id


def ended_in(session=None):
    """Record a job that has ended; return its id."""
    job_id = job_in(session)
    app.backend.store_result(job_id, {}, "SUCCESS")
    return job_id


def expire_all(now=None, **bounds):
    return expire(records_client(), now=time.time() + LATER if now is None else now, **bounds)


def traces(text):
    """Return the keys of Redis in which `text` stands, but for what tells that a job has gone."""
    client, told = records_client(), changes_key("*").partition("*")[0]
    lists = [key for key in client.scan_iter("*", _type="zset") if client.zscore(key, text) is not None]
    lists = [key for key in lists if not key.startswith(told)]
    sets = [key for key in client.scan_iter("*", _type="set") if client.sismember(key, text)]
    return [*client.scan_iter(f"*{text}*"), *lists, *sets]


def test_an_expired_session_goes_with_its_jobs(session):
    job_id = ended_in(session)
    archive.write(records_client(), records.read(records_client(), job_id))
    records_client().sadd(session_key(session.id), "a job whose record is lost")

    removed = expire_all(now=session.manifest().expires_at + 1)

    assert removed.sessions >= 1
    assert not session.folder.exists()
    assert status.read(job_id) is None
    assert traces(job_id) == []
    assert traces(session.id) == []


def test_a_session_with_a_job_that_has_not_ended_stays(session):
    job_id = job_in(session)

    expire_all()

    assert session.folder.exists()
    assert status.read(job_id).status == "queued"
    assert sessions.find("ada", session.id).manifest().title == "birds"


def test_a_session_with_a_cancelled_job_that_has_not_let_go_stays(session):
    job_id = job_in(session)
    app.backend.store_result(job_id, None, "REVOKED")
    records_client().set(live_key(job_id), "one@test", ex=60)
    expire_all()
    early = session.folder.exists()
    records_client().delete(live_key(job_id))

    expire_all()

    assert early
    assert not session.folder.exists()


def test_a_session_that_has_not_expired_stays(session):
    expire_all(now=time.time())

    assert session.folder.exists()


def test_a_session_that_was_kept_outlasts_the_others(session):
    session.keep(90)

    expire_all()

    assert session.folder.exists()


def test_a_session_that_is_kept_at_the_last_moment_stays(session):
    session.keep(90)  # after the clean-up has read that it is over

    gone = removal.remove_session(
        records_client(), session, still_due=expiry.Rule(time.time() + LATER).applies_to
    )

    assert not gone
    assert sessions.find("ada", session.id).folder.exists()


def two_indexed_sessions():
    """Return two sessions of one owner and the index that their documents are in; the second is kept."""
    owner = f"ada-{uuid.uuid4().hex[:8]}"
    goes, stays = sessions.create(owner, "goes"), sessions.create(owner, "stays")
    index = folders.index_folder(owner, "birds")
    for one in (goes, stays):
        (one.files / f"{one.manifest().title}.txt").write_text(f"penguins {one.id}")
        index_folder(Order(one.files, index, "birds", one.source))
    stays.keep(90)
    return goes, stays, index


def test_the_documents_of_an_expired_session_leave_the_index(redis_server):
    goes, stays, index = two_indexed_sessions()
    before = search(index, "penguins").total

    expire_all()

    assert before == 2
    assert [hit.source for hit in search(index, "penguins").hits] == [stays.source]
    assert not goes.folder.exists()


def test_a_session_stays_for_the_next_run_while_its_index_is_written(redis_server):
    goes, _, index = two_indexed_sessions()
    with exclusive(index):
        expire_all()
        early = sessions.find(goes.owner, goes.id).folder.exists()

    expire_all()

    assert early
    assert not goes.folder.exists()


def test_a_session_that_cannot_be_read_does_not_stop_the_others(session):
    broken = sessions.create("aaron", "broken")  # comes first
    (broken.folder / sessions.MANIFEST).write_text("")

    expire_all()

    assert not session.folder.exists()
    assert broken.folder.exists()
    broken.remove()


def test_a_record_that_cannot_be_read_keeps_its_session_and_no_other(session):
    broken = sessions.create("aaron", "broken")
    job_id = ended_in(broken)
    records_client().hdel(record_key(job_id), "state")

    removed = expire_all()

    assert removed.sessions >= 1
    assert not session.folder.exists()
    assert broken.folder.exists()
    records_client().delete(record_key(job_id))
    records_client().zrem(owner_key("ada"), job_id)
    broken.remove()


def test_a_removal_that_was_cut_off_is_brought_to_its_end(session):
    job_id = ended_in(session)
    (session.folder / sessions.MANIFEST).rename(session.folder / sessions.CLOSED_MANIFEST)

    expire_all(now=time.time())

    assert not session.folder.exists()
    assert status.read(job_id) is None


@pytest.mark.parametrize("fault", [OSError(28, "No space"), Unavailable("No space"), AssertionError("x")])
def test_a_session_that_cannot_be_removed_is_there_again_and_stops_no_other(session, monkeypatch, fault):
    other = sessions.create("zoe", "comes later")
    leave_indexes = removal._leave_indexes

    def fail(client, leaving):
        if leaving.id == session.id:
            raise fault
        leave_indexes(client, leaving)

    monkeypatch.setattr(removal, "_leave_indexes", fail)

    expire_all()

    assert sessions.find("ada", session.id).manifest().title == "birds"
    assert not other.folder.exists()


def test_a_run_removes_no_more_than_it_may_and_the_next_goes_on(session):
    expire_all()
    made = [sessions.create("ada", str(n)) for n in range(3)]
    left = []

    for _ in range(4):
        expire_all(most_sessions=1)
        left.append(sum(one.folder.exists() for one in made))

    assert left == [2, 1, 0, 0]


def test_a_run_takes_no_longer_than_it_may(session):
    removed = expire_all(most_seconds=-1)

    assert removed.sessions == 0
    assert session.folder.exists()


def test_a_run_goes_on_behind_what_the_last_one_looked_at(session):
    expire_all()
    for _ in range(2):
        sessions.create("zz-the-last", "x")
    first, second = sessions.everybodys(after=("zz-the-last", ""))
    expire_all(most_sessions=1)
    earlier = sessions.create("zy", "comes before what the last run looked at")

    expire_all(most_sessions=1)

    assert [one.folder.exists() for one in (first, second, earlier)] == [False, False, True]
    expire_all()
    assert not earlier.folder.exists()


def test_what_was_removed_is_told_and_counted(session, caplog):
    expire_all()
    session = sessions.create("ada", "birds")
    (session.files / "birds.csv").write_bytes(b"x" * 1_000)
    ended_in(session)
    before = {name: int(records_client().hget("counters", f"cleanup:{name}")) for name in COUNTED}

    with caplog.at_level(logging.INFO):
        removed = expire_all()

    after = {name: int(records_client().hget("counters", f"cleanup:{name}")) for name in COUNTED}
    grown = {name: after[name] - before[name] for name in COUNTED}
    assert grown == {"sessions": 1, "jobs": 1, "bytes": removed.bytes}
    assert removed.bytes > 1_000
    told = [line for line in caplog.records if line.message == "session removed"]
    assert [(line.session, line.owner, line.jobs) for line in told] == [(session.id, "ada", 1)]


def test_an_old_job_without_a_session_is_forgotten(redis_server):
    job_id = ended_in()
    archive.write(records_client(), records.read(records_client(), job_id))
    file = archive.path_of(records.read(records_client(), job_id))
    early = expire_all(now=time.time())

    expire_all()

    assert early.jobs == 0
    assert records.read(records_client(), job_id) is None
    assert not file.exists()
    assert traces(job_id) == []


def test_an_old_job_that_has_not_ended_is_not_forgotten(redis_server):
    job_id = job_in()

    expire_all()

    assert status.read(job_id).status == "queued"


def test_an_old_job_of_a_session_that_was_kept_is_kept_too(session):
    job_id = ended_in(session)
    session.keep(90)

    expire_all()

    assert status.read(job_id).status == "completed"


def test_an_old_job_whose_session_is_gone_is_forgotten(session):
    job_id = ended_in(session)
    session.remove()

    expire_all()

    assert traces(job_id) == []
