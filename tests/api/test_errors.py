"""What a user sees when something is wrong: always a problem, never a traceback."""

import os
import signal
import time

import pytest
from kombu.exceptions import OperationalError

from jobs import listing
from jobs.job import Job


@pytest.fixture
def stopped_redis(redis_server):
    """Redis is gone while the test runs."""
    redis_server.stop()
    yield
    redis_server.start()


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v2/jobs"])
def test_an_unknown_address_is_a_problem(ada, path):
    answer = ada.get(path)

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 404
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


def test_a_wrong_method_says_which_there_are(ada):
    answer = ada.put("/api/v1/jobs", b"")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_request_keeps_the_id_that_its_caller_gave(ada):
    answer = ada.get("/nothing", headers={"X-Request-ID": "trace-1"})

    assert answer.headers["X-Request-ID"] == "trace-1"


def test_a_request_id_that_could_forge_a_log_line_is_not_kept(ada):
    answer = ada.get("/nothing", headers={"X-Request-ID": "a b{}"})

    assert answer.headers["X-Request-ID"] != "a b{}"


@pytest.mark.parametrize("path", ["/api/v1/sessions?x=1", "/api/v1/jobs?status=queued&status=failed"])
def test_a_query_parameter_that_cannot_be_meant_is_refused_by_name(ada, path):
    answer = ada.get(path)

    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] in ("x", "status")


def test_a_defect_tells_nothing_of_its_insides(app, ada, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("secret words")

    monkeypatch.setattr(listing, "newest", broken)

    answer = ada.get("/api/v1/jobs")

    assert answer.status_code == 500
    assert answer.json["type"] == "/problems/internal-error"
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "slug",
    [
        "unknown-column",
        "unauthenticated",
        "unavailable",
        "timeout",
        "method-not-allowed",
        "unsupported-media-type",
    ],
)
def test_every_type_of_problem_has_a_page(app, slug):
    answer = app.test_client().get(f"/problems/{slug}")

    assert answer.status_code == 200
    assert answer.content_type.startswith("text/html")


def test_the_description_of_the_api_names_every_kind_and_its_parameters(app):
    document = app.test_client().get("/api/v1/openapi.json").json

    assert document["openapi"] == "3.1.0"
    assert {"/api/v1/jobs/analysis", "/api/v1/jobs/indexing", "/api/v1/jobs/{job_id}"} <= set(
        document["paths"]
    )
    assert "question" in document["components"]["schemas"]["AnalysisParams"]["properties"]


def test_without_redis_every_route_says_so_and_nothing_is_recorded(app, ada, stopped_redis):
    asked = {
        "list": ada.get("/api/v1/jobs"),
        "submit": ada.post("/api/v1/jobs/probe", json={}),
        "ready": app.test_client().get("/readyz"),
        "old": ada.get("/analysis_progress/x"),
    }

    for answer in asked.values():
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
    assert set(asked["old"].json) == {"error"}
    assert app.test_client().get("/healthz").status_code == 200


def test_a_job_that_cannot_be_queued_is_not_recorded(ada, monkeypatch):
    def unreachable(*_args, **_more):
        raise OperationalError("no broker")

    monkeypatch.setattr(Job, "apply_async", unreachable)

    answer = ada.post("/api/v1/jobs/probe", json={})

    assert answer.status_code == 503
    assert ada.get("/api/v1/jobs").json["items"] == []


def test_after_redis_is_back_requests_are_served_again(worker, ada, redis_server):
    job = ada.run("probe")
    redis_server.stop()
    redis_server.start()

    assert ada.get(job["links"]["self"]).json == job


def test_a_frozen_redis_is_told_within_three_seconds(ada, redis_server):
    os.kill(redis_server.pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        answers = [ada.get("/api/v1/jobs"), ada.post("/api/v1/jobs/probe", json={})]
        seconds = time.monotonic() - begun
    finally:
        os.kill(redis_server.pid, signal.SIGCONT)

    assert [answer.status_code for answer in answers] == [503, 503]
    assert seconds < 2 * 4.5


def test_ready_means_redis_and_a_data_folder(app, ada):
    assert app.test_client().get("/readyz").status_code == 200
