import uuid

import pytest

from tests.support.client import EXAMPLES


def test_a_submitted_job_is_answered_at_once_with_its_address(ada):
    answer = ada.post("/api/v1/jobs/probe", json={"steps": 1})

    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json["status"] in ("queued", "running", "completed")


def test_a_finished_job_needs_no_further_poll(worker, ada):
    job = ada.run("probe", steps=2)

    answer = ada.get(job["links"]["self"])

    assert "Retry-After" not in answer.headers
    assert (answer.json["status"], answer.json["progress"], answer.json["done"]) == ("completed", 100, True)
    assert ada.get(job["links"]["results"]).json == {"steps": 2, "attempt": 1}


def test_a_poll_of_what_has_not_changed_costs_no_body(worker, ada):
    job = ada.run("probe")
    first = ada.get(job["links"]["self"])

    again = ada.get(job["links"]["self"], headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_results_of_a_job_that_waits_or_failed_are_refused_with_the_reason(worker, ada):
    running = ada.submit("probe", steps=20, seconds_a_step=0.1)
    early = ada.get(
        f"{running}/results"
    )  # at once: the worker may be busy with other tests' jobs for a while
    failed = ada.run("probe", raises="UnsuitableData")

    never = ada.get(f"{failed['links']['self']}/results")

    assert (early.status_code, early.json["type"]) == (409, "/problems/results-not-ready")
    assert "Retry-After" in early.headers
    assert (never.status_code, never.json["type"]) == (409, "/problems/job-failed")
    assert "raised on purpose" in never.json["detail"]
    ada.wait_for(running)


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({"stepps": 3}, "/stepps", "no such member"),
        ({"steps": "3"}, "/steps", "valid integer"),
        ({"steps": 3.5}, "/steps", "integer"),
        ({"steps": True}, "/steps", "integer"),
        ([], "", "object"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_where_it_is_wrong(ada, body, pointer, words):
    answer = ada.post("/api/v1/jobs/probe", json=body)

    assert answer.status_code == 422
    assert [item["pointer"] for item in answer.json["errors"]] == [pointer]
    assert words in answer.json["errors"][0]["detail"]


def test_parameters_that_are_too_long_to_be_kept_are_refused_before_anything_is(ada):
    session = ada.upload(("table.csv", b"a,b\n1,2\n"))
    before = len(ada.get("/api/v1/jobs").json["items"])
    where = {"a": ["x" * 1_000] * 100}

    answer = ada.post("/api/v1/jobs/analysis", json={"session": session, "where": where})

    assert answer.status_code == 422
    assert "at most 64,000" in answer.json["detail"]
    assert len(ada.get("/api/v1/jobs").json["items"]) == before


@pytest.mark.parametrize(
    ("data", "status"), [(b"", 400), (b"{", 400), (b"\xff", 400), (b"null", 422), (b'{"steps": 1}{}', 400)]
)
def test_what_is_no_json_or_no_object_is_refused(ada, data, status):
    answer = ada.post("/api/v1/jobs/probe", data=data, content_type="application/json")

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_a_form_is_no_json(ada):
    answer = ada.post("/api/v1/jobs/probe", data={"steps": 1})

    assert answer.status_code == 415


def test_an_unknown_kind_is_told_with_those_that_there_are(ada):
    answer = ada.post("/api/v1/jobs/baking", json={})

    assert answer.status_code == 404
    assert "analysis, " in answer.json["detail"]
    assert "indexing" in answer.json["detail"]


@pytest.mark.parametrize(
    ("content", "more", "status", "words"),
    [
        (b"", {}, 422, "empty"),
        (b"PK\x03\x04" + b"\0" * 100, {}, 422, "table.csv"),
        (b"a,b\n1,2\n", {"file": "other.csv"}, 422, "no file 'other.csv'; it has 'table.csv'"),
        (b"a,b\n1,2\n", {"method": "magic", "columns": {}}, 422, "no method 'magic'"),
        (
            b"a,b\n1,2\n",
            {"method": "welch_t_test", "columns": {"outcome": "c", "group": "b"}},
            422,
            "no column 'c'",
        ),
        (b"a,b\n1,2\n", {"method": "welch_t_test", "columns": {"result": "a"}}, 422, "no role 'result'"),
        (b"a,b\n1,2\n", {"method": "welch_t_test", "columns": {"outcome": "a"}}, 422, "the role 'group'"),
        (b"a,b\n1,2\n", {"method": "welch_anowa", "columns": {}}, 422, "did you mean 'welch_anova'"),
        (b"a,b\n1,2\n", {"columns": {"x": "a"}}, 422, "`columns` and `params` go with `method`"),
        (b"a,b\n1,2\n", {"question": "x" * 2001}, 422, "2000"),
        (b"a,b\n1,2\n", {"confidence": 1.5}, 422, "0.999"),
    ],
)
def test_an_analysis_that_cannot_work_is_refused_at_once(ada, content, more, status, words):
    session = ada.upload(("table.csv", content))

    answer = ada.post("/api/v1/jobs/analysis", json={"session": session, **more})

    assert answer.status_code == status
    assert words in answer.json["detail"]
    assert ada.get("/api/v1/jobs").json["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"index": "x"}, 422, "`session`"),
        ({"index": "Big Index", "folder": "examples"}, 422, "/index"),
        ({"index": "../x", "folder": "examples"}, 422, "/index"),
        ({"index": "x", "folder": "etc"}, 404, "no server folder 'etc'; there are 'examples'"),
        ({"index": "x", "folder": "examples/../.."}, 404, "no folder"),
        ({"index": "x", "folder": "/etc"}, 404, "no server folder"),
        ({"index": "x", "session": str(uuid.uuid4())}, 404, "no such session"),
    ],
)
def test_an_indexing_that_cannot_work_is_refused_at_once(ada, body, status, words):
    answer = ada.post("/api/v1/jobs/indexing", json=body)

    assert answer.status_code == status
    assert words in answer.json["detail"]


def test_a_list_is_newest_first_filtered_and_continued(worker, ada):
    made = [ada.run("probe", steps=n)["id"] for n in (1, 2, 3)]
    failed = ada.run("probe", raises="BadInput")["id"]

    first = ada.get("/api/v1/jobs?status=completed&limit=2").json
    second = ada.get(first["next"]).json

    assert [job["id"] for job in first["items"]] == made[:0:-1]
    assert [job["id"] for job in second["items"]] == made[:1]
    assert [job["id"] for job in ada.get("/api/v1/jobs?status=failed,queued").json["items"]] == [failed]
    assert ada.get("/api/v1/jobs?kind=analysis").json == {"items": [], "next": None}


@pytest.mark.parametrize(
    "query", ["status=done", "limit=0", "limit=201", "cursor=%00", "cursor=bmFu", "sort=x"]
)
def test_a_list_that_cannot_be_meant_is_refused_with_the_parameter(ada, query):
    answer = ada.get(f"/api/v1/jobs?{query}")

    assert answer.status_code == 422
    assert [item["parameter"] for item in answer.json["errors"]] == [query.partition("=")[0]]


def test_a_job_without_artifacts_has_none_to_show(worker, ada):
    job = ada.run("probe")

    for suffix in ("plots", "report", "script", "files"):
        assert ada.get(f"{job['links']['self']}/{suffix}").status_code == 404


@pytest.mark.parametrize(
    "name", ["..%2Fresults.json", "../results.json", "nothing.png", "groups.csv", "%2e%2e"]
)
def test_only_figures_are_served_as_figures(worker, ada, name):
    job = ada.run("analysis", session=ada.upload(EXAMPLES / "penguins.csv"))

    assert ada.get(f"{job['links']['plots']}/{name}").status_code == 404


def test_an_svg_can_run_nothing(worker, ada):
    job = ada.run("analysis", session=ada.upload(EXAMPLES / "penguins.csv"))
    svg = next(item for item in ada.get(job["links"]["plots"]).json["items"] if item["name"].endswith(".svg"))

    answer = ada.get(svg["href"])

    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
