"""The previous application's routes, shape by shape."""

from datetime import datetime

import pytest

from tests.support.client import EXAMPLES
from tests.support.waiting import until


@pytest.fixture(scope="module")
def analysed(worker, client_of):
    client = client_of("old-front-end")
    session = client.upload(EXAMPLES / "penguins.csv")
    return client, client.run("analysis", session=session, question="Do the species differ in body mass?")


@pytest.fixture
def no_worker_job(ada):
    """An analysis that nobody has taken yet: no worker serves this moment's queue."""
    return ada.submit("analysis", session=ada.upload(EXAMPLES / "penguins.csv")).rpartition("/")[2]


def test_a_completed_analysis(analysed):
    client, job = analysed

    answer = client.get(f"/analysis_progress/{job['id']}")

    assert answer.status_code == 200
    assert set(answer.json) == {"status", "progress", "message", "started_at", "results"}
    assert (answer.json["status"], answer.json["progress"]) == ("completed", 100)
    assert datetime.fromisoformat(answer.json["started_at"]).tzinfo is not None
    assert answer.json["results"] == client.get(job["links"]["results"]).json


def test_a_waiting_or_running_analysis(worker, no_worker_job, ada):
    answer = ada.get(f"/analysis_progress/{no_worker_job}")

    assert set(answer.json) >= {"status", "progress", "message", "started_at"}
    assert answer.json["status"] in ("running", "completed")
    assert 0 <= answer.json["progress"] <= 100
    ada.wait_for(f"/api/v1/jobs/{no_worker_job}")


def test_a_failed_analysis(worker, ada):
    rows = [b"a,b"] + [b"1,2"] * 50_000 + [b"1,2,3,4"] * 2_000
    job = ada.run("analysis", session=ada.upload(("late.csv", b"\n".join(rows))))

    answer = ada.get(f"/analysis_progress/{job['id']}")

    assert answer.status_code == 200
    assert set(answer.json) == {"status", "progress", "message", "started_at", "error"}
    assert answer.json["status"] == "failed"
    assert "late.csv" in answer.json["error"]


def test_an_indexing_while_it_runs_and_when_it_is_done(worker, ada):
    job = ada.submit("indexing", index="old", folder="examples/documents").rpartition("/")[2]
    shapes = []

    def completed():
        shapes.append(ada.get(f"/api/index-progress/{job}").json)
        return shapes[-1]["status"] == "completed"

    until(completed, seconds=60)

    always = {"status", "progress", "current_file", "processed", "total"}
    assert all(set(shape) == always for shape in shapes[:-1])
    assert {shape["status"] for shape in shapes[:-1]} <= {"processing"}
    assert set(shapes[-1]) == always | {"results"}
    assert shapes[-1]["processed"] == shapes[-1]["total"] == shapes[-1]["results"]["total"]
    percents = [shape["progress"] for shape in shapes]
    assert percents == sorted(percents)


@pytest.mark.parametrize("job_id", ["unknown", "7d1f3c52-9a60-4c3e-8f5b-2a6d0e94b1c7"])
@pytest.mark.parametrize(
    ("path", "error"),
    [("/analysis_progress/{}", "Analysis not found"), ("/api/index-progress/{}", "Task not found")],
)
def test_an_unknown_job(ada, path, error, job_id):
    answer = ada.get(path.format(job_id))

    assert (answer.status_code, answer.json) == (404, {"error": error})


def test_a_foreign_job_is_an_unknown_one(analysed, eve):
    _, job = analysed

    answer = eve.get(f"/analysis_progress/{job['id']}")

    assert (answer.status_code, answer.json) == (404, {"error": "Analysis not found"})


def test_a_job_of_the_other_kind_is_an_unknown_one(analysed):
    client, job = analysed

    answer = client.get(f"/api/index-progress/{job['id']}")

    assert (answer.status_code, answer.json) == (404, {"error": "Task not found"})


@pytest.mark.parametrize(
    ("extension", "media_type"), [("png", "image/png"), ("jpg", "image/jpeg"), ("svg", "image/svg+xml")]
)
def test_a_figure_of_the_newest_project(analysed, extension, media_type):
    client, job = analysed

    answer = client.get(f"/api/smartstat/plots/{job['session']}/groups.{extension}")

    assert answer.status_code == 200
    assert answer.content_type.partition(";")[0] == media_type


@pytest.mark.parametrize(
    "filename",
    [
        "nothing.png",
        "groups.csv",
        "../results.json",
        "..%2fresults.json",
        "../../session.json",
        "%2e%2e/results.json",
        "../plots",
        "plots/",
        "/etc/passwd",
        "groups.png/",
        "groups.png%00.svg",
    ],
)
def test_everything_else_is_no_figure(analysed, filename):
    client, job = analysed

    answer = client.get(f"/api/smartstat/plots/{job['session']}/{filename}")

    assert (answer.status_code, answer.json) == (404, {"error": "Plot not found"})


@pytest.mark.parametrize("path", ["/analysis_progress/a/b", "/api/index-progress/", "/api/smartstat/plots/x"])
def test_an_address_below_the_old_routes_is_refused_in_their_shape(ada, path):
    answer = ada.get(path)

    assert answer.status_code == 404
    assert set(answer.json) == {"error"}


def test_a_wrong_method_on_an_old_route_is_refused_in_its_shape(ada):
    answer = ada.post("/analysis_progress/x", json={})

    assert (answer.status_code, set(answer.json)) == (405, {"error"})


def test_a_link_out_of_the_session_is_no_figure(analysed, tmp_path):
    from jobs.settings import settings

    client, job = analysed
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG")
    project = settings().sessions / job["owner"] / job["session"] / job["results"]["project"]
    (project / "plots" / "link.png").symlink_to(secret)

    answer = client.get(f"/api/smartstat/plots/{job['session']}/link.png")

    assert (answer.status_code, answer.json) == (404, {"error": "Plot not found"})


def test_a_foreign_sessions_figure_is_no_figure(analysed, eve):
    _, job = analysed

    answer = eve.get(f"/api/smartstat/plots/{job['session']}/groups.png")

    assert (answer.status_code, answer.json) == (404, {"error": "Plot not found"})
