import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from jobs import folders
from jobs.settings import settings
from tests.support.client import EXAMPLES


def test_an_upload_makes_a_session_that_says_what_it_holds(ada):
    answer = ada.post(
        "/api/v1/sessions", data={"title": "Birds", "file": [(io.BytesIO(b"a\n1\n"), "birds.csv")]}
    )

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/sessions/{answer.json['id']}"
    assert (answer.json["title"], answer.json["bytes"]) == ("Birds", 4)
    assert [file["name"] for file in answer.json["files"]] == ["birds.csv"]
    assert ada.get(answer.headers["Location"]).json == answer.json


def test_a_file_is_put_into_a_session_and_replaced(ada):
    address = f"/api/v1/sessions/{ada.upload(('a.txt', b'a'))}/files"

    first = ada.put(f"{address}/b.txt", b"one")
    second = ada.put(f"{address}/b.txt", b"three")

    assert (first.status_code, second.status_code) == (201, 200)
    assert {file["name"]: file["bytes"] for file in ada.get(address).json["items"]} == {
        "a.txt": 1,
        "b.txt": 5,
    }


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "a%2Fb", "..%2F..%2Fx", "%00", "%0a"])
def test_a_hostile_name_is_refused_and_leaves_nothing(ada, name):
    session = ada.upload(("a.txt", b"a"))

    answer = ada.put(f"/api/v1/sessions/{session}/files/{name}", b"x")

    assert answer.status_code in (404, 405, 422)
    assert [file["name"] for file in ada.get(f"/api/v1/sessions/{session}").json["files"]] == ["a.txt"]


def test_uploads_that_are_refused_leave_no_file_behind(ada):
    before = sorted(settings().sessions.glob(".part-*"))

    answer = ada.post("/api/v1/sessions", data={"file": [(io.BytesIO(b"x" * 100_000), ".hidden")]})

    assert answer.status_code == 422
    assert sorted(settings().sessions.glob(".part-*")) == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "x"}, "no part `file`"),
        ({"file": [(io.BytesIO(b"x"), "a"), (io.BytesIO(b"x"), "a")]}, "same name"),
        ({"file": [(io.BytesIO(b"x"), "a")], "titel": "x"}, "'titel'"),
        ({"file": [(io.BytesIO(b"x"), "a")], "title": "x" * 201}, "200"),
    ],
)
def test_a_form_that_cannot_be_meant_is_refused_with_the_reason(ada, data, words):
    answer = ada.post("/api/v1/sessions", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert words in answer.json["detail"]


def test_json_is_no_upload(ada):
    answer = ada.post("/api/v1/sessions", json={})

    assert answer.status_code == 415
    assert "multipart/form-data" in answer.json["detail"]


def test_an_upload_over_the_limit_is_refused_before_it_is_read(app, ada, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)

    answer = ada.put(f"/api/v1/sessions/{ada.upload(('a.txt', b'a'))}/files/b.txt", b"x" * 1001)

    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def delete(client, session):
    return client.http.delete(f"/api/v1/sessions/{session}", headers=client.headers)


def test_a_session_says_until_when_it_is_kept(ada):
    session = ada.get(f"/api/v1/sessions/{ada.upload(('a.txt', b'a'))}").json

    lasts = datetime.fromisoformat(session["expires_at"]) - datetime.fromisoformat(session["created_at"])
    assert lasts >= timedelta(days=settings().session_days)


def test_a_session_is_kept_for_longer(ada):
    session = ada.get(f"/api/v1/sessions/{ada.upload(('a.txt', b'a'))}").json

    answer = ada.post(session["links"]["keep"], json={"days": 100})

    assert answer.status_code == 200
    left = datetime.fromisoformat(answer.json["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=99.9) < left <= timedelta(days=100)
    assert ada.get(session["links"]["self"]).json == answer.json


@pytest.mark.parametrize("days", [0, -1, 3651, 1.5, "30", True, None])
def test_a_time_that_cannot_be_meant_is_refused(ada, days):
    session = ada.upload(("a.txt", b"a"))

    answer = ada.post(f"/api/v1/sessions/{session}/keep", json={"days": days})

    assert answer.status_code == 422
    assert [item["pointer"] for item in answer.json["errors"]] == ["/days"]


def test_a_deleted_session_is_gone_with_its_jobs_and_files(worker, ada):
    session = ada.upload(EXAMPLES / "penguins.csv")
    job = ada.run("analysis", session=session)

    answer = delete(ada, session)

    assert (answer.status_code, answer.data) == (204, b"")
    assert ada.get(f"/api/v1/sessions/{session}").status_code == 404
    assert ada.get(job["links"]["self"]).status_code == 404
    assert ada.get("/api/v1/jobs").json["items"] == []
    assert not (settings().sessions / job["owner"] / session).exists()
    assert delete(ada, session).status_code == 404


def test_a_deleted_session_leaves_the_index_that_it_was_put_into(worker, ada):
    leaves, stays = ada.upload(("leaves.txt", b"common words")), ada.upload(("stays.txt", b"common sense"))
    job = ada.run("indexing", index="mixed", session=leaves)
    ada.run("indexing", index="mixed", session=stays)
    before = ada.get("/api/v1/indexes/mixed/search?q=common").json["total"]

    answer = delete(ada, leaves)

    assert answer.status_code == 204
    assert before == 2
    hits = ada.get("/api/v1/indexes/mixed/search?q=common").json["items"]
    assert [hit["path"] for hit in hits] == ["stays.txt"]
    assert folders.index_names(job["owner"]) == ["mixed"]


def test_a_session_with_a_job_that_runs_cannot_be_deleted_until_it_has_ended(worker, ada):
    session = ada.upload(("a.txt", b"a"))
    running = ada.submit("probe", session=session, steps=10, seconds_a_step=0.1)

    early = delete(ada, session)
    ended = ada.wait_for(running)
    late = delete(ada, session)

    assert (early.status_code, early.json["type"]) == (409, "/problems/session-busy")
    assert "cancel" in early.json["detail"]
    assert ended["status"] == "completed"
    assert late.status_code == 204


def test_nobody_deletes_or_keeps_somebody_elses_session(ada, eve):
    session = ada.upload(("a.txt", b"a"))

    kept = eve.post(f"/api/v1/sessions/{session}/keep", json={"days": 5})

    assert (delete(eve, session).status_code, kept.status_code) == (404, 404)
    assert ada.get(f"/api/v1/sessions/{session}").status_code == 200


def listed(client, query=""):
    """Return the ids of all sessions, page by page, and how many there were on each."""
    ids, sizes, following = [], [], f"/api/v1/sessions{query}"
    while following:
        page = client.get(following)
        assert page.status_code == 200
        ids += [item["id"] for item in page.json["items"]]
        sizes.append(len(page.json["items"]))
        following = page.json["next"]
        assert page.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
    return ids, sizes


def test_sessions_are_listed_newest_first_page_by_page(ada):
    made = [ada.upload(("a.txt", b"a")) for _ in range(7)]

    assert listed(ada, "?limit=3") == (made[::-1], [3, 3, 1])
    assert listed(ada, "?limit=7") == (made[::-1], [7])
    assert listed(ada) == (made[::-1], [7])


def test_what_is_made_and_removed_between_two_pages_hides_and_repeats_nothing(ada):
    made = [ada.upload(("a.txt", b"a")) for _ in range(6)]
    first = ada.get("/api/v1/sessions?limit=3").json

    delete(ada, made[3])  # the last one of the first page
    delete(ada, made[1])
    ada.upload(("a.txt", b"a"))
    second = ada.get(first["next"]).json

    assert [item["id"] for item in second["items"]] == [made[2], made[0]]
    assert second["next"] is None


def test_sessions_of_an_earlier_version_stand_where_their_time_puts_them(ada):
    made = [ada.upload(("a.txt", b"a")) for _ in range(3)]
    owner = ada.get(f"/api/v1/sessions/{made[0]}").json["owner"]
    old = str(uuid.uuid4())
    (settings().sessions / owner / made[1]).rename(settings().sessions / owner / old)
    manifest = settings().sessions / owner / old / "session.json"
    manifest.write_text(manifest.read_text().replace(made[1], old))

    assert listed(ada, "?limit=1") == ([made[2], old, made[0]], [1, 1, 1])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=", "cursor=WzEsMl0", "page=2"]
)
def test_a_page_that_cannot_be_meant_is_refused_by_name(ada, query):
    answer = ada.get(f"/api/v1/sessions?{query}")

    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]
