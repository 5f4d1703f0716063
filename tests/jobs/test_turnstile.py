"""One job at a time enters an index alone, and nothing that was left behind keeps others out."""

import threading
import uuid

import pytest

from jobs import records, turnstile
from jobs.connection import records_client
from jobs.errors import IndexBusy
from jobs.keys import index_key, record_key
from jobs.passing import MOST_RETRIES
from jobs.records import NewJob
from jobs.tasks.indexing import waits

RACERS = 8


@pytest.fixture
def client(redis_server):
    return records_client()


@pytest.fixture
def owner():
    return f"turn-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def recorded(client, owner):
    """Return a function that records a job that waits."""
    made = []

    def recorded():
        job = NewJob(str(uuid.uuid4()), owner, "indexing", "{}", None, "nowhere")
        records.create(client, job, expires_seconds=60)
        made.append(job)
        return job

    yield recorded
    for job in made:
        records.remove(client, job)
    client.delete(index_key(owner, "x"))


def yes(record):
    return True


def no(record):
    return False


def test_the_first_enters_and_the_next_joins_it_or_is_refused(client, recorded):
    first, second = recorded(), recorded()

    assert turnstile.enter_alone(client, first, "x", joins=no) is None
    assert turnstile.enter_alone(client, second, "x", joins=yes) == first.id
    with pytest.raises(IndexBusy, match=first.id):
        turnstile.enter_alone(client, second, "x", joins=no)
    assert turnstile.enter_alone(client, second, "other", joins=no) is None


def test_one_that_waits_is_met_too(client, recorded):
    first, second, third = recorded(), recorded(), recorded()
    turnstile.enter(client, first, "x")
    turnstile.enter(client, second, "x")
    client.hset(record_key(first.id), "state", "SUCCESS")

    with pytest.raises(IndexBusy, match=second.id):
        turnstile.enter_alone(client, third, "x", joins=no)


@pytest.mark.parametrize("end", ["ended", "removed", "left"])
def test_what_has_ended_keeps_nobody_out(client, owner, recorded, end):
    first, second = recorded(), recorded()
    turnstile.enter_alone(client, first, "x", joins=no)
    if end == "ended":
        client.hset(record_key(first.id), "state", "FAILURE")
    elif end == "removed":
        records.remove(client, first)
    else:
        turnstile.leave(client, owner, "x", first.id)

    assert turnstile.enter_alone(client, second, "x", joins=no) is None
    assert client.zrange(index_key(owner, "x"), 0, -1) == [second.id]


def test_of_many_at_once_one_enters_and_the_others_join_it(client, recorded):
    left_behind, jobs = recorded(), [recorded() for _ in range(RACERS)]
    turnstile.enter(client, left_behind, "x")
    client.hset(record_key(left_behind.id), "state", "REVOKED")
    start, joined = threading.Barrier(RACERS), {}

    def race(job):
        start.wait(timeout=30)
        joined[job.id] = turnstile.enter_alone(client, job, "x", joins=yes)

    threads = [threading.Thread(target=race, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    entered = [job for job, other in joined.items() if other is None]
    assert len(entered) == 1
    assert set(joined.values()) == {None, entered[0]}


def test_an_index_is_in_use_while_another_job_has_begun_on_it_and_goes_on(client, recorded):
    first, second = recorded(), recorded()
    for job in (first, second):
        turnstile.enter(client, job, "x")
    waiting = records.read(client, second.id)
    seen = {}

    for state in ("PENDING", "STARTED", "PROGRESS", "RETRY", "SUCCESS"):
        client.hset(record_key(first.id), "state", state)
        seen[state] = turnstile.is_in_use(client, waiting, "x")
    client.hset(record_key(second.id), "state", "PROGRESS")

    assert seen == {"PENDING": False, "STARTED": True, "PROGRESS": True, "RETRY": False, "SUCCESS": False}
    assert not turnstile.is_in_use(client, waiting, "x")  # by itself


def test_a_job_waits_as_long_as_the_other_goes_on_and_else_for_some_minutes(client, recorded):
    first, second = recorded(), recorded()
    for job in (first, second):
        client.hset(record_key(job.id), "params", '{"index": "x", "folder": "examples"}')
        turnstile.enter(client, job, "x")
    waiting = records.read(client, second.id)

    client.hset(record_key(first.id), "state", "PROGRESS")
    behind_another = waits(waiting, 10 * MOST_RETRIES)
    client.hset(record_key(first.id), "state", "FAILURE")

    assert behind_another
    assert (waits(waiting, MOST_RETRIES - 1), waits(waiting, MOST_RETRIES)) == (True, False)
