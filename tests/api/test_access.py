"""Who gets in, and that nobody reads what is somebody else's."""

import uuid

import pytest

from jobs import users
from jobs.connection import records_client
from tests.support.client import EXAMPLES, Client

NOBODYS = "7d1f3c52-9a60-4c3e-8f5b-2a6d0e94b1c7"
PROTECTED = [
    "/api/v1/jobs",
    f"/api/v1/jobs/{NOBODYS}",
    f"/api/v1/jobs/{NOBODYS}/results",
    "/api/v1/sessions",
    "/api/v1/indexes",
    "/api/v1/indexes/any/search?q=x",
]
COMPATIBLE = [
    f"/analysis_progress/{NOBODYS}",
    f"/api/index-progress/{NOBODYS}",
    f"/api/smartstat/plots/{NOBODYS}/a.png",
]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer lh_wrong", "Basic YTpi", "lh_wrong"]
)
@pytest.mark.parametrize("path", PROTECTED)
def test_without_a_known_token_nothing_is_shown(app, path, header):
    headers = {} if header is None else {"Authorization": header}

    answer = app.test_client().get(path, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "/problems/unauthenticated"


@pytest.mark.parametrize("path", COMPATIBLE)
def test_the_previous_routes_refuse_in_their_own_shape(app, path):
    answer = app.test_client().get(path)

    assert answer.status_code == 401
    assert set(answer.json) == {"error"}


def test_a_revoked_token_lets_nobody_in(app, ada):
    users.revoke_token(records_client(), users.digest(ada.token))

    assert ada.get("/api/v1/jobs").status_code == 401


def test_a_foreign_job_reads_exactly_like_an_unknown_one(worker, ada, eve):
    job = ada.run("probe")
    unknown = f"/api/v1/jobs/{uuid.uuid4()}"
    own = job["links"]["self"]

    for suffix in ("", "/results", "/plots", "/plots/a.png", "/script", "/files"):
        foreign, missing = eve.get(own + suffix), eve.get(unknown + suffix)
        bodies = [{**answer.json, "request_id": None} for answer in (foreign, missing)]
        assert foreign.status_code == missing.status_code == 404
        assert bodies[0] == bodies[1]


def test_a_foreign_session_reads_exactly_like_an_unknown_one(ada, eve):
    session = ada.upload(EXAMPLES / "penguins.csv")

    for path in ("/api/v1/sessions/{}", "/api/v1/sessions/{}/files"):
        foreign, missing = eve.get(path.format(session)), eve.get(path.format(uuid.uuid4()))
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json["detail"] == missing.json["detail"]
    assert eve.put(f"/api/v1/sessions/{session}/files/x.csv", b"x").status_code == 404
    assert eve.post("/api/v1/jobs/analysis", json={"session": session}).status_code == 404


def test_an_admin_sees_every_job(worker, ada, client_of):
    job = ada.run("probe")

    seen = client_of("operator", role="admin").get(job["links"]["self"])

    assert seen.status_code == 200
    assert seen.json["owner"] == job["owner"]


def test_lists_show_only_what_is_ones_own(worker, ada, eve):
    ada.run("probe")
    ada.upload(EXAMPLES / "penguins.csv")

    assert eve.get("/api/v1/jobs").json["items"] == []
    assert eve.get("/api/v1/sessions").json["items"] == []


def test_tokens_are_made_listed_and_revoked_on_the_command_line(app):
    runner = app.test_cli_runner()

    token = runner.invoke(args=["tokens", "create", "carl"]).output.strip()
    listed = runner.invoke(args=["tokens", "list"]).output
    worked = Client(app.test_client(), token).get("/api/v1/jobs").status_code
    revoked = runner.invoke(args=["tokens", "revoke", users.digest(token)[:12]])

    assert worked == 200
    assert f"{users.digest(token)[:12]}  carl  user" in listed
    assert token not in listed
    assert revoked.output == "revoked\n"
    assert Client(app.test_client(), token).get("/api/v1/jobs").status_code == 401


@pytest.mark.parametrize("arguments", [["create", "../carl"], ["revoke", "ffffffffffff"]])
def test_a_wrong_token_command_says_why(app, arguments):
    ended = app.test_cli_runner().invoke(args=["tokens", *arguments])

    assert ended.exit_code == 1
    assert arguments[1] in ended.output
