"""Lists of jobs, page by page."""

import uuid

import pytest

from api.jobs import MOST_SCANS, SCAN_AT_ONCE
from jobs import records
from jobs.connection import records_client
from jobs.keys import owner_key, record_key
from jobs.records import NewJob

MORE_THAN_A_REQUEST_LOOKS_AT = MOST_SCANS * SCAN_AT_ONCE + 1


@pytest.fixture
def record(redis_server):
    """Return a function that records jobs of an owner, oldest first, which nobody is to run."""
    recorded = []

    def record(owner, number, *, session=None):
        jobs = [
            NewJob(str(uuid.uuid4()), owner, "probe", "{}", session=session, queue="nobody's")
            for _ in range(number)
        ]
        for job in jobs:
            records.create(records_client(), job, expires_seconds=60)
        recorded.extend(jobs)
        return [job.id for job in jobs]

    yield record
    for job in recorded:
        records.remove(records_client(), job)


@pytest.fixture
def owner():
    return f"lister-{uuid.uuid4().hex[:8]}"


def pages(client, query):
    """Return the ids on each page of a list, to its end."""
    found, address = [], f"/api/v1/jobs?{query}"
    while address:
        page = client.get(address).json
        found.append([job["id"] for job in page["items"]])
        address = page["next"]
    return found


def test_jobs_of_one_moment_are_each_listed_once_across_pages(client_of, record, owner):
    ids = record(owner, 7)
    records_client().zadd(owner_key(owner), dict.fromkeys(ids[2:6], 1_700_000_000.25), xx=True)

    listed = pages(client_of(owner), "limit=2")

    assert all(len(page) == 2 for page in listed[:3])
    assert sorted(job_id for page in listed for job_id in page) == sorted(ids)
    assert [*listed[0], listed[1][0]] == [ids[6], ids[1], ids[0]], "the newest come first"


def test_a_page_goes_on_where_the_last_ended_although_that_job_is_gone(client_of, record, owner):
    ids = record(owner, 3)
    client = client_of(owner)
    first = client.get("/api/v1/jobs?limit=1").json

    records.remove(records_client(), records.read(records_client(), ids[2]))

    assert [job["id"] for job in client.get(first["next"]).json["items"]] == [ids[1]]


def test_one_request_looks_at_so_many_jobs_and_the_next_one_finds_what_is_rare(client_of, record, owner):
    (rare,) = record(owner, 1, session="rare")
    record(owner, MORE_THAN_A_REQUEST_LOOKS_AT)

    listed = pages(client_of(owner), "session=rare")

    assert listed == [[], [rare]]


def test_the_address_of_the_next_page_stands_in_the_header_too(client_of, record, owner):
    record(owner, 2)
    client = client_of(owner)

    first = client.get("/api/v1/jobs?limit=1&kind=probe")
    last = client.get(first.json["next"])

    assert first.headers["Link"] == f'<{first.json["next"]}>; rel="next"'
    assert "kind=probe" in first.json["next"]
    assert last.json["items"]
    assert ("Link" in last.headers) == (last.json["next"] is not None)


def test_only_jobs_that_were_created_after_a_time_are_listed(client_of, record, owner):
    ids = record(owner, 3)
    times = [f"2026-05-04T12:00:0{second}.123457Z" for second in range(3)]
    for job_id, second in zip(ids, range(3), strict=True):
        moment = 1_777_896_000 + second + 0.1234567
        records_client().hset(record_key(job_id), "created_at", repr(moment))
        records_client().zadd(owner_key(owner), {job_id: moment}, xx=True)
    client = client_of(owner)

    assert client.get(f"/api/v1/jobs/{ids[1]}").json["created_at"] == times[1]
    assert pages(client, f"created_after={times[1]}") == [[ids[2]]]
    assert pages(client, f"created_after={times[0]}&limit=1")[:2] == [[ids[2]], [ids[1]]]
    east = times[1].replace("12:", "14:").replace("Z", "%2B02:00")
    assert pages(client, f"created_after={east}") == [[ids[2]]]


@pytest.mark.parametrize("moment", ["1777896000", "yesterday", "2026-05-04", "2026-05-04T12:00:00", ""])
def test_what_is_no_time_with_its_zone_is_refused(ada, moment):
    answer = ada.get(f"/api/v1/jobs?created_after={moment}")

    assert answer.status_code == 422
    assert [item["parameter"] for item in answer.json["errors"]] == ["created_after"]


def test_administrators_list_the_jobs_of_others_and_nobody_else_does(client_of, record, owner):
    ids = record(owner, 2)
    query = f"owner={owner}"

    assert pages(client_of("lister-root", "admin"), query) == [ids[::-1]]
    assert pages(client_of(owner), query) == [ids[::-1]]
    foreign = client_of("lister-eve").get(f"/api/v1/jobs?{query}")
    unknown = client_of("lister-eve").get("/api/v1/jobs?owner=nobody-at-all")
    assert (foreign.status_code, foreign.json["detail"]) == (404, unknown.json["detail"])


@pytest.mark.parametrize("cursor", ["x", "WzEsMl0", "W05hTiwieCJd", "%ff", "bnVsbA", "a" * 10_001])
def test_what_no_list_has_given_is_no_cursor(ada, cursor):
    answer = ada.get(f"/api/v1/jobs?cursor={cursor}")

    assert answer.status_code == 422
    assert [item["parameter"] for item in answer.json["errors"]] == ["cursor"]
