"""/metrics: what all processes have counted together, for who may see it."""

import multiprocessing
import re

import pytest

from jobs.connection import records_client
from jobs.measures import MOST_SERIES, Measures, measures
from jobs.settings import settings
from tests.support.waiting import until

SCRAPER = "a-token-for-the-scraper"


@pytest.fixture
def operator(client_of):
    return client_of("operator", "admin")


def value(client, name, **labels):
    """Return one number of /metrics; 0 where it is not there yet."""
    wanted = "".join(f'(?=.*{key}="{re.escape(text)}")' for key, text in labels.items())
    text = client.get("/metrics").text
    found = re.search(rf"^{name}(?:\{{{wanted}[^}}]*\}})? (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_nobody_without_the_right_token_sees_what_is_measured(app, ada):
    assert app.test_client().get("/metrics").status_code == 401
    assert ada.get("/metrics").status_code == 403


def test_a_scraper_has_a_token_of_its_own(app, monkeypatch):
    from pydantic import SecretStr

    from api import metrics

    changed = settings().model_copy(update={"metrics_token": SecretStr(SCRAPER)})
    monkeypatch.setattr(metrics, "settings", lambda: changed)
    client = app.test_client()

    assert client.get("/metrics", headers={"Authorization": f"Bearer {SCRAPER}"}).status_code == 200
    assert client.get("/metrics", headers={"Authorization": f"Bearer {SCRAPER}x"}).status_code == 401
    assert client.get("/api/v1/jobs", headers={"Authorization": f"Bearer {SCRAPER}"}).status_code == 401


def test_requests_are_counted_by_route_and_status_and_never_by_what_users_send(operator, ada):
    counted = {"method": "GET", "route": "/api/v1/jobs/<job_id>", "status": "404"}
    before = value(operator, "longhaul_requests_total", **counted)

    for number in range(3):
        ada.get(f"/api/v1/jobs/a-secret-{number}")
    ada.get("/a-secret-path")

    assert value(operator, "longhaul_requests_total", **counted) == before + 3
    assert "a-secret" not in operator.get("/metrics").text


def test_a_histogram_ends_with_all_that_was_counted(operator, ada):
    ada.get("/api/v1/sessions")
    labels = {"method": "GET", "route": "/api/v1/sessions"}

    total = value(operator, "longhaul_request_seconds_count", **labels)

    assert total >= 1
    assert value(operator, "longhaul_request_seconds_bucket", le="+Inf", **labels) == total


def test_problems_are_counted_by_type(operator, ada):
    before = value(operator, "longhaul_problems_total", type="not-found")

    ada.get("/nothing")

    assert value(operator, "longhaul_problems_total", type="not-found") == before + 1


def test_jobs_that_end_are_counted_once_with_how_long_they_took(worker, operator, ada):
    labels = {"kind": "probe", "status": "SUCCESS"}
    before = value(operator, "longhaul_jobs_ended_total", **labels)

    ada.run("probe")

    # The worker counts a job when it has told its end.
    until(lambda: value(operator, "longhaul_jobs_ended_total", **labels) > before, what="the job is counted")
    assert value(operator, "longhaul_jobs_ended_total", **labels) == before + 1
    assert value(operator, "longhaul_job_seconds_count", **labels) >= before + 1
    until(lambda: value(operator, "longhaul_queue_workers", queue="analysis") >= 1, what="the worker is seen")
    assert value(operator, "longhaul_queue_waiting", queue="analysis") == 0


def count_in_another_process(name):
    measures.add("requests", "GET", name, "200")
    measures.flush(records_client())


def test_what_several_processes_count_is_added_up(operator, redis_server):
    labels = {"route": "/several", "status": "200"}
    before = value(operator, "longhaul_requests_total", **labels)
    processes = [
        multiprocessing.get_context("fork").Process(target=count_in_another_process, args=("/several",))
        for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)

    assert value(operator, "longhaul_requests_total", **labels) == before + 3


def test_what_is_open_is_told_of_all_processes_and_forgotten_with_them(operator):
    before = value(operator, "longhaul_open_streams")

    with measures.open("streams"), measures.open("streams"):
        assert value(operator, "longhaul_open_streams") == before + 2

    assert value(operator, "longhaul_open_streams") == before


def test_a_process_never_counts_more_series_than_it_can_keep():
    counted = Measures()

    for number in range(MOST_SERIES + 100):
        counted.add("requests", str(number))

    assert len(counted._sums) == MOST_SERIES


def test_openmetrics_is_given_to_who_asks_for_it(operator):
    answer = operator.get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"})

    assert answer.content_type.startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


def test_ready_tells_what_is_away_as_json(app, redis_server):
    client = app.test_client()
    asked = {"Accept": "application/json"}
    assert client.get("/readyz", headers=asked).json["checks"] == {
        "redis": "ok",
        "data": "ok",
        "storage": "ok",
    }

    redis_server.stop()
    try:
        answer = client.get("/readyz", headers=asked)
    finally:
        redis_server.start()

    assert answer.status_code == 503
    assert answer.json["checks"]["redis"] == "away"
    assert client.get("/healthz", headers=asked).json == {"status": "ok"}
