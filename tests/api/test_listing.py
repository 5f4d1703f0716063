"""Lists of jobs, page by page."""

import uuid

import pytest

from api.jobs import MOST_SCANS, SCAN_AT_ONCE
from jobs import records
from jobs.connection import records_client
from jobs.keys import owner_key
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
