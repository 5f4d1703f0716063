"""The report of a job over HTTP: who may read it, in which forms, and that it can do nothing in a browser."""

import uuid

import pytest

from tests.support.client import EXAMPLES

QUESTION = "Do the three species differ in <b>body mass</b>?"


@pytest.fixture(scope="module")
def reported(worker, client_of):
    client = client_of("reader")
    job = client.run("analysis", session=client.upload(EXAMPLES / "penguins.csv"), question=QUESTION)
    assert job["status"] == "completed", job["error"]
    return client, job


def test_an_analysis_links_to_its_report_as_a_page(reported):
    client, job = reported

    answer = client.get(job["links"]["report"])

    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert "Do the three species differ in &lt;b&gt;body mass&lt;/b&gt;?" in answer.text
    assert "<b>" not in answer.text


def test_a_report_can_be_read_as_markdown(reported):
    client, job = reported

    answer = client.get(f"{job['links']['report']}?format=md")

    assert answer.content_type == "text/markdown; charset=utf-8"
    assert answer.text.startswith(r"# Do the three species differ in \<b\>body mass\</b\>?")


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_report_can_run_nothing_and_reach_nobody(reported, form):
    client, job = reported

    answer = client.get(f"{job['links']['report']}?format={form}")

    assert answer.headers["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", ["format=pdf", "format=", "form=html", "format=html&format=md"])
def test_a_form_that_there_is_not_is_refused_by_name(reported, query):
    client, job = reported

    answer = client.get(f"{job['links']['report']}?{query}")

    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] in ("form", "format")


def test_a_foreign_report_reads_exactly_like_an_unknown_one(reported, eve):
    _, job = reported
    unknown = f"/api/v1/jobs/{uuid.uuid4()}/report"

    foreign, missing = eve.get(job["links"]["report"]), eve.get(unknown)

    assert foreign.status_code == missing.status_code == 404
    assert {**foreign.json, "request_id": None} == {**missing.json, "request_id": None}


def test_a_report_asks_for_a_token(app, reported):
    answer = app.test_client().get(reported[1]["links"]["report"])

    assert answer.status_code == 401


def test_a_job_that_leaves_no_report_links_to_none(worker, ada):
    job = ada.run("probe")

    answer = ada.get(f"{job['links']['self']}/report")

    assert "report" not in job["links"]
    assert answer.status_code == 404


def test_a_report_that_is_not_there_yet_is_told_as_such(worker, ada):
    address = ada.submit("probe", steps=10, seconds_a_step=0.1)

    answer = ada.get(f"{address}/report")

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/results-not-ready")
    assert ada.wait_for(address)["status"] == "completed"


def test_the_description_of_the_api_names_the_forms_of_a_report(app):
    document = app.test_client().get("/api/v1/openapi.json").json

    [form] = [
        parameter
        for parameter in document["paths"]["/api/v1/jobs/{job_id}/report"]["get"]["parameters"]
        if parameter["in"] == "query"
    ]
    assert (form["name"], form["schema"]["enum"], form["required"]) == ("format", ["html", "md"], False)
