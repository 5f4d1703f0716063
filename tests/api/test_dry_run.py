"""A dry run over HTTP: the plan before it is carried out."""

import base64
import uuid

import pytest

from jobs import pace, sessions, throughput
from jobs.connection import records_client
from tests.support.client import EXAMPLES

PENGUINS = EXAMPLES / "penguins.csv"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
QUESTION = "Do the three species differ in body mass?"


@pytest.fixture
def penguins(worker, ada):
    return ada.upload(PENGUINS)


def dry(ada, session, **asked):
    job = ada.run("analysis", session=session, dry_run=True, **asked)
    assert job["status"] == "completed", job["error"]
    return job


def test_the_plan_and_the_columns_are_told(ada, penguins):
    job = dry(ada, penguins, question=QUESTION)

    told = job["results"]
    assert told["plan"]["method"] == "welch_anova"
    assert told["plan"]["columns"] == {"outcome": "body_mass_g", "group": "species"}
    assert {read["column"] for read in told["read_as"]} == {"body_mass_g", "species"}
    assert (told["rows_used"], told["dropped"]) == (342, {"missing body_mass_g": 2})
    mass = next(column for column in told["columns"] if column["name"] == "body_mass_g")
    assert (mass["role"], mass["type"], mass["unit"], mass["missing"]) == ("number", "integer", "g", 2)
    assert "number" in mass["fits"]
    assert told["preview"]["columns"][0] == "species"
    assert told["preview"]["rows"][0][0] == "Adelie"
    assert (told["table"]["rows"], told["problem"]) == (344, None)
    assert ada.get(job["links"]["results"]).json == told


def test_nothing_is_made_in_the_session(ada, penguins):
    job = dry(ada, penguins, question=QUESTION)

    session = sessions.find(job["owner"], penguins)
    assert [*session.folder.glob("project_*")] == []
    assert session.manifest().projects == {}
    assert not (session.folder / "questions").exists()
    assert {"script", "plots"}.isdisjoint(job["links"])
    for suffix in ("plots", "script"):
        assert ada.get(f"{job['links']['self']}/{suffix}").status_code == 404


def test_the_analysis_does_what_was_told_in_the_time_that_was_told(ada, penguins):
    told = dry(ada, penguins, question=QUESTION)["results"]

    job = ada.run("analysis", session=penguins, question=QUESTION)

    results = ada.get(job["links"]["results"]).json
    assert results["plan"]["method"] == told["plan"]["method"]
    assert results["plan"]["columns"] == told["plan"]["columns"]
    assert results["findings"]["sample"]["n_used"] == told["rows_used"]
    expected = told["expected_seconds"]
    assert 0 < expected["low"] < expected["likely"] < expected["high"]


def test_once_analyses_were_measured_the_time_is_told_by_them(ada, penguins):
    ada.run("analysis", session=penguins, question=QUESTION)
    client = records_client()
    client.delete(throughput.throughput_key(pace.MEASURED))
    unmeasured = dry(ada, penguins)["results"]["expected_seconds"]
    for size in (1.0, 2.0, 3.0):
        throughput.note(
            client, pace.MEASURED, size, 100 * size
        )  # workers a hundred times slower than the model

    measured = dry(ada, penguins)["results"]["expected_seconds"]

    client.delete(throughput.throughput_key(pace.MEASURED))
    assert (unmeasured["basis"], measured["basis"]) == ("model", "measured")
    assert measured["likely"] == pytest.approx(100 * unmeasured["likely"], rel=0.1)


def test_an_analysis_is_measured_and_a_dry_run_is_not(ada, penguins):
    client = records_client()
    lists = [throughput.throughput_key(name) for name in ("analysis", pace.MEASURED)]
    client.delete(*lists)
    dry(ada, penguins, question=QUESTION)
    after_dry_run = [client.llen(name) for name in lists]

    ada.run("analysis", session=penguins, question=QUESTION)

    assert after_dry_run == [0, 0]
    assert client.llen(lists[1]) == 1


def test_a_table_that_was_read_before_says_so(ada, penguins):
    first, second = (dry(ada, penguins)["results"]["table"]["read_before"] for _ in range(2))

    assert (first, second) == (False, True)


def test_what_would_fail_is_told_with_what_there_is_to_choose_from(ada, penguins):
    job = dry(ada, penguins, method="welch_t_test", columns={"outcome": "body_mass_g", "group": "species"})

    told = job["results"]
    assert told["problem"]["type"] == "/problems/unsuitable-data"
    assert "3 groups" in told["problem"]["detail"]
    assert (told["plan"], told["expected_seconds"]) == (None, None)
    assert len(told["columns"]) == 8
    assert ada.http.get(told["problem"]["type"], headers={}).status_code == 200


def test_a_question_that_leaves_a_doubt_offers_its_readings(ada, penguins):
    told = dry(ada, penguins, question="Is the moon made of cheese?")["results"]

    assert told["needs_clarification"]
    assert told["plan"]["method"] == "profile"


def test_what_is_no_table_fails(worker, ada):
    session = ada.upload(("late.csv", b"\n".join([b"a,b", *[b"1,2"] * 50_000, *[b"1,2,3,4"] * 2_000])))

    job = ada.run("analysis", session=session, dry_run=True)

    assert (job["status"], job["reason"]) == ("failed", "unreadable_table")


def test_a_dry_run_can_be_tried_again_and_deleted(ada, penguins):
    job = dry(ada, penguins, question=QUESTION)

    again = ada.wait_for(ada.post(job["links"]["retry"], json={}).headers["Location"])
    deleted = ada.http.delete(job["links"]["self"], headers=ada.headers)

    assert again["results"]["plan"] == job["results"]["plan"]
    assert again["results"]["dry_run"]
    assert deleted.status_code == 204
    assert ada.get(job["links"]["self"]).status_code == 404


def test_old_routes_tell_of_it_too(ada, penguins):
    job = dry(ada, penguins, question=QUESTION)

    answer = ada.get(f"/analysis_progress/{job['id']}")

    assert (answer.json["status"], answer.json["results"]["dry_run"]) == ("completed", True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"webhook": {"url": "https://example.com/hook", "secret": SECRET}}, "calls no webhook"),
        ({"method": "magic"}, "no method 'magic'"),
        ({"dry_run": "yes"}, "boolean"),
    ],
)
def test_what_cannot_work_is_refused_at_once(ada, more, words):
    session = ada.upload(PENGUINS)

    answer = ada.post("/api/v1/jobs/analysis", json={"session": session, "dry_run": True, **more})

    assert answer.status_code == 422
    assert words in answer.json["detail"]


def test_a_dry_run_of_a_session_that_there_is_not_is_refused(ada):
    answer = ada.post("/api/v1/jobs/analysis", json={"session": str(uuid.uuid4()), "dry_run": True})

    assert answer.status_code == 404
