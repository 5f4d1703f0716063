"""One poll for many jobs: what has changed since the last one."""

import threading
import time
import uuid

import pytest

from jobs import changes, records
from jobs.changes import MOST_TOLD
from jobs.connection import records_client
from jobs.keys import changes_key, changes_state_key
from jobs.records import NewJob
from tests.api.test_lifecycle import change
from tests.support.waiting import until


@pytest.fixture
def owner():
    return f"changer-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def client(client_of, owner):
    return client_of(owner)


def ask(client, cursor=None, **headers):
    answer = client.get(
        "/api/v1/jobs/changes" + (f"?since={cursor}" if cursor else ""),
        headers={name.title(): value for name, value in headers.items()},
    )
    assert answer.status_code == 200, answer.text
    return answer


def record(owner, number=1):
    ids = [str(uuid.uuid4()) for _ in range(number)]
    for job_id in ids:
        records.create(
            records_client(), NewJob(job_id, owner, "probe", "{}", None, "probe"), expires_seconds=60
        )
    return ids


def followed(client, cursor, seen):
    """Take in what has changed, to the end; return the cursor."""
    while True:
        told = ask(client, cursor).json
        seen.update(told["jobs"])
        cursor = told["cursor"]
        if not told["jobs"]:
            return cursor


def test_a_user_without_jobs_is_told_nothing_and_gets_a_cursor_that_holds(client, owner):
    first = ask(client).json

    assert (first["jobs"], first["reset"]) == ({}, True)
    assert ask(client, first["cursor"]).json == first | {"reset": False}
    (job_id,) = record(owner)
    assert list(ask(client, first["cursor"]).json["jobs"]) == [job_id]


def test_each_change_of_a_job_is_told_until_its_end(worker, client):
    cursor, seen = ask(client).json["cursor"], []
    address = client.submit("probe", steps=4, seconds_a_step=0.6)
    job_id = address.rpartition("/")[2]

    def ended():
        nonlocal cursor
        told = ask(client, cursor).json
        cursor = told["cursor"]
        seen.extend(look for found, look in told["jobs"].items() if found == job_id)
        return bool(seen) and seen[-1]["status"] == "completed"

    until(ended, what="its end is told")
    assert [look["seq"] for look in seen] == sorted({look["seq"] for look in seen})
    assert {look["status"] for look in seen} >= {"running", "completed"}
    assert len({look["progress"] for look in seen}) >= 3
    job = client.get(address).json
    assert seen[-1] == {"status": "completed", "progress": 100.0, "seq": seen[-1]["seq"]}
    assert job["status"] == "completed"
    assert ask(client, cursor).json["jobs"] == {}


def test_of_many_jobs_only_those_that_have_changed_are_told(worker, client):
    waiting = [client.submit("doomed").rpartition("/")[2] for _ in range(3)]
    cursor = ask(client).json["cursor"]

    change(client, "cancel", f"/api/v1/jobs/{waiting[1]}")

    told = ask(client, cursor).json["jobs"]
    assert {job_id: look["status"] for job_id, look in told.items()} == {waiting[1]: "cancelled"}
    for job_id in (waiting[0], waiting[2]):
        change(client, "cancel", f"/api/v1/jobs/{job_id}")


def test_a_deleted_job_is_told_as_such_once(worker, client):
    job = client.run("probe")
    cursor = followed(client, ask(client).json["cursor"], {})

    client.http.delete(job["links"]["self"], headers=client.headers)

    told = ask(client, cursor).json
    assert told["jobs"] == {job["id"]: {"status": "deleted", "progress": None, "seq": None}}
    assert ask(client, told["cursor"]).json["jobs"] == {}
    assert ask(client).json["jobs"] == {}, "who begins anew need not hear of it"


def test_a_job_that_is_being_cancelled_is_told_again_when_it_has_stopped(worker, client):
    address = client.submit("probe", steps=600, seconds_a_step=0.1)
    until(lambda: client.get(address).json["status"] == "running", what="it runs")
    cursor, seen = ask(client).json["cursor"], {}

    change(client, "cancel", address)

    def stopped():
        nonlocal cursor
        cursor = followed(client, cursor, seen)
        return [look["status"] for look in seen.values()] == ["cancelled"]

    until(stopped, what="it is told that it has stopped")


def test_many_changes_are_told_in_portions_without_a_gap(client, owner):
    record(owner)
    cursor = ask(client).json["cursor"]
    ids = record(owner, MOST_TOLD + 5)

    first = ask(client, cursor).json
    second = ask(client, first["cursor"]).json

    assert list(first["jobs"]) == ids[:MOST_TOLD]
    assert list(second["jobs"]) == ids[MOST_TOLD:]


def test_a_cursor_from_before_what_is_kept_begins_anew(client, owner):
    first = record(owner)
    cursor = ask(client).json["cursor"]
    record(owner, 3)
    records_client().zpopmin(changes_key(owner), 2)
    records_client().hset(changes_state_key(owner), "lost", 2)

    told = ask(client, cursor).json

    assert told["reset"]
    assert len(told["jobs"]) == 2
    assert first[0] not in told["jobs"]
    assert not ask(client, told["cursor"]).json["reset"]


def test_no_more_is_kept_of_an_owner_than_told(redis_server, owner):
    for _ in range(changes.MOST_JOBS + 7):
        changes.note(records_client(), owner, str(uuid.uuid4()))

    assert records_client().zcard(changes_key(owner)) == changes.MOST_JOBS
    assert records_client().hget(changes_state_key(owner), "lost") == "7"
    assert 0 < records_client().ttl(changes_key(owner)) <= changes.KEPT_SECONDS
    assert 0 < records_client().ttl(changes_state_key(owner)) <= changes.KEPT_SECONDS


def test_a_cursor_of_a_redis_that_has_lost_everything_begins_anew(client, owner):
    record(owner, 2)
    cursor = ask(client).json["cursor"]
    records_client().delete(changes_key(owner), changes_state_key(owner))
    (job_id,) = record(owner)

    told = ask(client, cursor).json

    assert (told["reset"], list(told["jobs"])) == (True, [job_id])


def test_a_request_waits_for_the_first_change_of_any_job(client, owner):
    cursor, began = ask(client).json["cursor"], time.monotonic()
    later = threading.Timer(0.5, record, (owner,))
    later.start()

    answer = ask(client, cursor, prefer="wait=20")

    later.join()
    assert len(answer.json["jobs"]) == 1
    assert answer.headers["Preference-Applied"] == "wait=20"
    assert 0.4 < time.monotonic() - began < 2.5, "sooner than it looks without a word"


def test_a_request_that_has_waited_in_vain_keeps_its_cursor(client, owner):
    record(owner)
    cursor = ask(client).json["cursor"]

    answer = ask(client, cursor, prefer="wait=1")

    assert (answer.json["jobs"], answer.json["cursor"]) == ({}, cursor)


def test_nobody_is_told_of_the_jobs_of_others(client, client_of, owner):
    cursor = ask(client).json["cursor"]
    other = client_of(f"other-{uuid.uuid4().hex[:8]}")

    record(owner)

    assert len(ask(client, cursor).json["jobs"]) == 1
    assert ask(other, cursor).json["jobs"] == {}
    assert ask(other).json["jobs"] == {}


@pytest.mark.parametrize("cursor", ["x", "1", "-", "1-", "1-x", "1-1-1", "٣-٣", "9" * 70])
def test_what_is_no_cursor_is_refused(client, cursor):
    answer = client.get(f"/api/v1/jobs/changes?since={cursor}")

    assert answer.status_code == 422
    assert [item["parameter"] for item in answer.json["errors"]] == ["since"]
