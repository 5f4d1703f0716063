"""A second job on an index that has one already: it waits, joins or is refused, as asked."""

import fcntl
import threading
import uuid

import pytest

from jobs import folders
from jobs.settings import settings
from tests.support.waiting import until

SUBMIT = "/api/v1/jobs/indexing"
RACERS = 6


@pytest.fixture
def shelf():
    name = f"running-{uuid.uuid4().hex[:8]}"
    folder = settings().folder_roots["shelf"] / name
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("albatross")
    return f"shelf/{name}"


@pytest.fixture
def held(worker, ada):
    """Hold the lock of the index `busy`: so a job on it goes on for as long as a test needs; let it go."""
    index = folders.index_folder(owner_of(ada), "busy")
    index.mkdir(parents=True)
    with (index / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(lock, fcntl.LOCK_UN)


def owner_of(client):
    return client.get(f"/api/v1/sessions/{client.upload(('x.txt', b'x'))}").json["owner"]


def submit(ada, shelf, **more):
    return ada.post(SUBMIT, json={"index": "busy", "folder": shelf, **more})


def test_a_job_that_does_the_same_is_joined(ada, shelf, held):
    first = submit(ada, shelf).json

    joined = submit(ada, shelf, if_running="join")

    assert (joined.status_code, joined.json["id"]) == (202, first["id"])
    assert joined.headers["Location"] == first["links"]["self"]
    assert [job["id"] for job in ada.get("/api/v1/jobs").json["items"]] == [first["id"]]
    held()
    assert ada.wait_for(first["links"]["self"])["status"] == "completed"
    assert submit(ada, shelf, if_running="join").json["id"] != first["id"]


@pytest.mark.parametrize(
    "asked",
    [
        {"if_running": "refuse"},
        {"if_running": "join", "mode": "full"},
        {"if_running": "join"},
    ],
)
def test_a_job_that_may_not_meet_another_is_refused_and_told_which(ada, shelf, held, asked):
    first = submit(ada, shelf, exclude=["b.txt"]).json

    refused = submit(ada, shelf, **asked)

    assert (refused.status_code, refused.json["type"]) == (409, "/problems/index-busy")
    assert first["id"] in refused.json["detail"]
    assert len(ada.get("/api/v1/jobs").json["items"]) == 1


def test_a_job_that_waits_runs_when_the_other_has_ended(ada, shelf, held):
    first, second = (submit(ada, shelf).json for _ in range(2))
    for job in (first, second):
        until(lambda: ada.get(job["links"]["self"]).json["reason"] == "retry_at", what="it met the lock")  # noqa: B023

    held()
    ended = [ada.wait_for(job["links"]["self"]) for job in (first, second)]

    assert [job["status"] for job in ended] == ["completed", "completed"]
    assert sorted(job["results"]["unchanged"] for job in ended) == [0, 1]
    assert submit(ada, shelf, if_running="refuse").status_code == 202


def test_a_cancelled_job_keeps_nobody_out(ada, shelf, held):
    first = submit(ada, shelf).json
    ada.post(first["links"]["cancel"], json={})

    second = submit(ada, shelf, if_running="refuse")

    assert second.status_code == 202
    held()
    assert ada.wait_for(second.headers["Location"])["status"] == "completed"


def test_other_indexes_and_other_users_are_not_met(ada, eve, shelf, held):
    submit(ada, shelf)

    assert submit(ada, shelf, if_running="refuse", index="other").status_code == 202
    assert submit(eve, shelf, if_running="refuse").status_code == 202


def test_of_many_at_once_one_begins_and_all_are_told_of_it(app, ada, shelf, held):
    start, told = threading.Barrier(RACERS), []

    def race():
        body = {"index": "busy", "folder": shelf, "if_running": "join"}
        http = app.test_client()
        start.wait(timeout=30)
        told.append(http.post(SUBMIT, json=body, headers=ada.headers))

    threads = [threading.Thread(target=race) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert {answer.status_code for answer in told} == {202}
    assert len({answer.json["id"] for answer in told}) == 1
    assert len(ada.get("/api/v1/jobs").json["items"]) == 1


def test_a_dry_run_meets_nobody(ada, shelf, held):
    submit(ada, shelf)

    looked = ada.wait_for(submit(ada, shelf, dry_run=True, if_running="refuse").headers["Location"])

    assert (looked["status"], looked["results"]["added"]["files"]) == ("completed", 1)
