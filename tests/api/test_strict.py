"""JSON that means one thing: what could be read in several ways is refused, and said so."""

import pytest

BAD_JSON = {
    "no JSON": b"{session: 1}",
    "nothing": b"",
    "a member twice": b'{"session": "a", "session": "b"}',
    "a member twice further down": b'{"session": "a", "where": {"x": 1, "x": 2}}',
    "not a number": b'{"session": "a", "confidence": NaN}',
    "infinity": b'{"session": "a", "confidence": Infinity}',
    "too large a number": b'{"session": "a", "confidence": 1e999}',
    "too long a number": b'{"session": "a", "confidence": ' + b"9" * 5_000 + b"}",
    "too deep": b'{"session": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "too deep and never closed": b"[" * 200_000,
    "two values": b'{"session": "a"} {}',
    "a mark before": b"\xef\xbb\xbf{}",
    "no UTF-8": b'{"session": "\xff"}',
    "another encoding": '{"session": "a"}'.encode("utf-16"),
}


def post(client, content, path="/api/v1/jobs/analysis", content_type="application/json"):
    headers = client.headers | {"Content-Type": content_type}
    return client.http.post(path, headers=headers, data=content)


@pytest.mark.parametrize("content", BAD_JSON.values(), ids=BAD_JSON)
def test_what_is_no_plain_json_is_refused(ada, content):
    answer = post(ada, content)

    assert answer.status_code == 400
    assert answer.json["type"] == "/problems/malformed-json"


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (b'{"session": 5}', "/session"),
        (b'{"session": "a", "dry_run": "true"}', "/dry_run"),
        (b'{"session": "a", "dry_run": 1}', "/dry_run"),
        (b'{"session": "a", "confidence": "0.9"}', "/confidence"),
        (b'{"session": "a", "confidence": true}', "/confidence"),
        (b'{"session": "a", "a/b~c": 1}', "/a~1b~0c"),
        (b'{"session": "\\ud800"}', ""),
        (b"[]", ""),
        (b"null", ""),
        (b"{}", "/session"),
    ],
)
def test_what_is_of_another_type_or_unknown_is_refused_by_its_place(ada, content, pointer):
    answer = post(ada, content)

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_another_type_of_content_is_refused(ada, content_type):
    assert post(ada, b"{}", content_type=content_type).status_code == 415


def test_a_whole_number_may_be_written_with_a_point(ada):
    session = ada.upload(("a.csv", b"a,b\n1,2\n"))

    assert post(ada, b'{"days": 90.0}', f"/api/v1/sessions/{session}/keep").status_code == 200
    assert post(ada, b'{"days": 90.5}', f"/api/v1/sessions/{session}/keep").status_code == 422


def test_of_very_many_faults_the_first_are_told(ada):
    many = b",".join(b'"m%d": 1' % number for number in range(5_000))

    answer = post(ada, b'{"session": "a", ' + many + b"}")

    assert answer.status_code == 422
    assert len(answer.json["errors"]) == 50
    assert len(answer.data) < 20_000


def test_a_body_of_parameters_may_not_be_as_large_as_a_file(ada):
    assert post(ada, b'{"session": "' + b"a" * 2_000_000 + b'"}').status_code == 413


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/api/v1/sessions", "/api/v1/kinds/analysis"])
def test_options_tell_the_methods_to_anybody(app, path):
    answer = app.test_client().options(path)

    assert answer.status_code == 204
    assert "GET" in answer.headers["Allow"]
    assert "DELETE" not in answer.headers["Allow"]


def test_head_is_answered_like_get_without_the_body(ada):
    answer = ada.http.head("/api/v1/jobs", headers=ada.headers)

    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.content_type == "application/json"
