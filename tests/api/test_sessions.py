import io

import pytest

from jobs.settings import settings


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
