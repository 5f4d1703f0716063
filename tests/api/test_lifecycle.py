"""Cancel, try again, delete: what users of the HTTP API see of each."""

import shutil
import uuid

import pytest

from jobs.settings import settings
from tests.support.client import EXAMPLES
from tests.support.waiting import until

PENGUINS = EXAMPLES / "penguins.csv"
LONG = {"steps": 600, "seconds_a_step": 0.1}
# The requests that change a job: method, what follows its address, body.
CHANGES = {
    "cancel": ("POST", "/cancel", None),
    "retry": ("POST", "/retry", {}),
    "delete": ("DELETE", "", None),
}


def change(client, how, address, **more):
    method, suffix, body = CHANGES[how]
    headers = client.headers | ({"Content-Type": "application/json"} if body is not None else {})
    json = more.get("json", body)
    return client.http.open(f"{address}{suffix}", method=method, headers=headers, json=json)


def shape(answer):
    """Return an error without what differs from request to request."""
    return answer.status_code, {name: text for name, text in answer.json.items() if name != "request_id"}


def folder_of(job):
    return settings().sessions / job["owner"] / job["session"]


def running(client, address, least_percent=0.1):
    """Return the job at `address` once it is seen to run."""

    def look():
        job = client.get(address).json
        return job if job["status"] == "running" and job["progress"] >= least_percent else None

    return until(look, what=f"{address} runs")


@pytest.fixture
def waiting(ada):
    """The address of a job whose queue no worker serves."""
    address = ada.submit("doomed")
    yield address
    change(ada, "cancel", address)


@pytest.fixture
def admin(client_of):
    return client_of("the-operator", "admin")


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("ended", [False, True], ids=["waiting", "ended"])
def test_a_foreign_job_is_an_unknown_one_to_whoever_would_change_it(worker, waiting, ada, eve, how, ended):
    address = ada.run("probe")["links"]["self"] if ended else waiting
    before = ada.get(address).json

    foreign = change(eve, how, address)

    unknown = change(eve, how, f"/api/v1/jobs/{uuid.uuid4()}")
    assert shape(foreign) == shape(unknown)
    assert foreign.status_code == 404
    assert ada.get(address).json == before
    assert eve.get("/api/v1/jobs").json["items"] == []


def test_an_admin_may_change_any_job(worker, ada, admin):
    address = ada.submit("probe", **LONG)

    cancelled = change(admin, "cancel", address)
    ended = ada.wait_for(address, seconds=15)
    again = change(admin, "retry", address)
    deleted = change(admin, "delete", address)

    assert (cancelled.status_code, ended["status"]) == (202, "cancelled")
    assert (again.status_code, again.json["owner"]) == (202, ended["owner"])
    assert deleted.status_code == 204
    assert ada.get(address).status_code == 404
    change(ada, "cancel", again.headers["Location"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"onyl": "failed"}, "/onyl"), ({"only": "none"}, "/only"), ({"only": None}, "/only"), ([], "")],
)
def test_a_retry_that_cannot_be_meant_is_refused_where_it_is_wrong(worker, ada, body, pointer):
    job = ada.run("probe")

    answer = change(ada, "retry", job["links"]["self"], json=body)

    assert answer.status_code == 422
    assert [item["pointer"] for item in answer.json["errors"]] == [pointer]
    assert [item["id"] for item in ada.get("/api/v1/jobs").json["items"]] == [job["id"]]


@pytest.mark.parametrize("how", CHANGES)
def test_an_unknown_parameter_of_a_change_is_refused_by_name(waiting, ada, how):
    method, suffix, body = CHANGES[how]

    answer = ada.http.open(f"{waiting}{suffix}?force=1", method=method, headers=ada.headers, json=body)

    assert answer.status_code == 422
    assert [item["parameter"] for item in answer.json["errors"]] == ["force"]
    assert ada.get(waiting).json["status"] == "queued"


def test_an_analysis_is_tried_again_with_what_was_asked(worker, ada):
    session = ada.upload(PENGUINS)
    first = ada.run("analysis", session=session, question="Do the three species differ in body mass?")

    again = change(ada, "retry", first["links"]["self"])

    second = ada.wait_for(again.headers["Location"])
    assert (second["status"], second["retry_of"]) == ("completed", first["id"])
    assert second["results"] == first["results"] | {"project": "project_002"}
    assert change(ada, "retry", first["links"]["self"], json={"only": "failed"}).status_code == 422


def test_an_analysis_whose_session_is_gone_is_not_tried_again(worker, ada):
    job = ada.run("analysis", session=ada.upload(PENGUINS))
    until((folder_of(job) / f"job-{job['id']}.json").exists, what="the job is concluded")
    shutil.rmtree(folder_of(job))  # as a disk may be lost: a session that is removed takes its jobs along

    answer = change(ada, "retry", job["links"]["self"])

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found")
    assert answer.json["detail"] == "There is no such session."
    assert [item["id"] for item in ada.get("/api/v1/jobs").json["items"]] == [job["id"]]


def test_an_indexing_is_tried_again_for_what_failed(worker, ada):
    session = ada.upload(("good.txt", b"a word"), ("bad.pdf", b"%PDF-1.7 this is none"))
    first = ada.run("indexing", session=session, index="again")
    ada.put(f"/api/v1/sessions/{session}/files/good.txt", b"another word, which nobody reads yet")

    again = change(ada, "retry", first["links"]["self"], json={"only": "failed"})

    second = ada.wait_for(again.headers["Location"])
    assert (first["status"], second["status"]) == ("partial", "partial")
    assert [problem["path"] for problem in second["results"]["problems"]] == ["bad.pdf"]
    assert ada.get("/api/v1/indexes/again/search?q=another").json["items"] == []


def test_a_deleted_analysis_takes_its_project_along_and_no_other(worker, ada):
    session = ada.upload(PENGUINS)
    doomed_job, kept = (ada.run("analysis", session=session, question=f"body mass {n}") for n in (1, 2))
    figure = ada.get(doomed_job["links"]["plots"]).json["items"][0]["href"]
    assert ada.get(figure).status_code == 200

    answer = change(ada, "delete", doomed_job["links"]["self"])

    assert (answer.status_code, answer.data) == (204, b"")
    links = {name: link for name, link in doomed_job["links"].items() if name not in ("cancel", "retry")}
    assert {ada.get(link).status_code for link in (*links.values(), figure)} == {404}
    assert ada.get(f"/analysis_progress/{doomed_job['id']}").json == {"error": "Analysis not found"}
    left = {path.name for path in folder_of(kept).iterdir()}
    assert doomed_job["results"]["project"] not in left
    assert not any(doomed_job["id"] in name for name in left)
    assert kept["results"]["project"] in left
    assert ada.get(kept["links"]["results"]).status_code == 200
    assert [job["id"] for job in ada.get(f"/api/v1/jobs?session={session}").json["items"]] == [kept["id"]]
    assert change(ada, "delete", doomed_job["links"]["self"]).status_code == 404


def test_a_deleted_indexing_leaves_the_index_that_it_has_built(worker, ada):
    job = ada.run("indexing", session=ada.upload(("note.txt", b"a heron")), index="birds")

    answer = change(ada, "delete", job["links"]["self"])

    assert answer.status_code == 204
    assert len(ada.get("/api/v1/indexes/birds/search?q=heron").json["items"]) == 1


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_a_job_that_has_not_ended_is_neither_deleted_nor_tried_again(worker, waiting, ada, state):
    address = waiting
    if state == "running":
        address = ada.submit("probe", **LONG)
        running(ada, address)

    answers = [change(ada, how, address) for how in ("delete", "retry")]

    for answer in answers:
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/job-not-finished")
    assert not ada.get(address).json["done"]
    change(ada, "cancel", address)
    ada.wait_for(address, seconds=15)


@pytest.mark.parametrize("raises", [None, "UnsuitableData"], ids=["completed", "failed"])
def test_what_has_ended_is_not_cancelled_and_the_reason_has_a_page(worker, ada, raises):
    job = ada.run("probe", raises=raises)

    answer = change(ada, "cancel", job["links"]["self"])

    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json["title"] == "The job has ended"
    page = ada.get(answer.json["type"])
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert answer.json["title"] in page.text
    assert ada.get(job["links"]["self"]).json == job


def test_links_lead_only_to_what_can_be_done(worker, waiting, ada):
    address = ada.submit("probe", **LONG)

    looks = [ada.get(waiting).json, running(ada, address)]
    looks += [change(ada, "cancel", address).json, ada.wait_for(address, seconds=15)]
    looks += [change(ada, "cancel", waiting).json, ada.run("probe"), ada.run("probe", raises="BadInput")]

    assert [
        (look["status"], sorted({"cancel", "retry", "results"} & set(look["links"]))) for look in looks
    ] == [
        ("queued", ["cancel"]),
        ("running", ["cancel"]),
        ("cancelling", []),
        ("cancelled", ["retry"]),
        ("cancelled", ["retry"]),
        ("completed", ["results", "retry"]),
        ("failed", ["retry"]),
    ]
    assert all(look["links"]["self"] == f"/api/v1/jobs/{look['id']}" for look in looks)


def test_a_job_that_moves_up_has_another_etag_and_one_that_stays_has_not(ada):
    first, second = (ada.submit("doomed") for _ in range(2))
    before = ada.get(second)
    same = ada.get(second, headers={"If-None-Match": before.headers["ETag"]})

    change(ada, "cancel", first)

    after = ada.get(second, headers={"If-None-Match": before.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.json["queue"]["position"] == before.json["queue"]["position"] - 1
    change(ada, "cancel", second)


@pytest.mark.parametrize(
    ("kind", "route", "always"),
    [
        ("analysis", "/analysis_progress", {"message", "started_at"}),
        ("indexing", "/api/index-progress", {"current_file", "processed", "total"}),
    ],
)
def test_the_previous_routes_show_a_cancelled_job_as_failed(worker, ada, kind, route, always):
    more = {"analysis": {"session": ada.upload(PENGUINS)}, "indexing": {"folder": "examples", "index": "all"}}
    address = ada.submit(kind, **more[kind])
    change(ada, "cancel", address)
    job = ada.wait_for(address, seconds=15)

    answer = ada.get(f"{route}/{job['id']}")

    assert answer.status_code == 200
    assert set(answer.json) == {"status", "progress", "error"} | always
    assert (answer.json["status"], answer.json["error"]) == ("failed", "The job was cancelled.")


def test_a_list_of_those_that_were_cancelled(worker, waiting, ada):
    ada.run("probe", steps=2)
    change(ada, "cancel", waiting)

    listed = ada.get("/api/v1/jobs?status=cancelled").json["items"]

    assert [job["links"]["self"] for job in listed] == [waiting]
    assert listed[0]["reason"] == "cancelled_by_user"
    assert waiting not in [
        job["links"]["self"] for job in ada.get("/api/v1/jobs?status=queued,completed").json["items"]
    ]
