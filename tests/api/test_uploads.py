"""Raw uploads: what their headers promise is held to, and what cannot be kept leaves nothing."""

import base64
import hashlib
import io
import os
import subprocess
import threading

import pytest

from jobs.settings import settings

BODY = b"a,b\n1,2\n"
DIGEST = "sha-256=:" + base64.b64encode(hashlib.sha256(BODY).digest()).decode() + ":"
OTHER = "sha-256=:" + base64.b64encode(hashlib.sha256(b"").digest()).decode() + ":"
ETAG = f'"{hashlib.sha256(BODY).hexdigest()}"'


@pytest.fixture
def files(ada):
    return f"/api/v1/sessions/{ada.upload(('first.csv', b'first'))}/files"


def put(client, path, body=BODY, **headers):
    return client.http.put(
        path,
        headers=client.headers | {name.replace("_", "-"): value for name, value in headers.items()},
        data=body,
    )


def names(client, files):
    return sorted(file["name"] for file in client.get(files).json["items"])


def leftovers():
    return sorted(settings().sessions.glob(".part-*"))


@pytest.mark.parametrize("name", ["a.csv", "a%2541%20%3F%23.csv"])
def test_an_upload_is_answered_with_its_digest_and_address(ada, files, name):
    answer = put(ada, f"{files}/{name}")

    assert answer.status_code == 201
    assert answer.headers["ETag"] == ETAG
    assert answer.headers["Location"] == f"{files}/{name}"
    assert set(answer.json) == {"name", "bytes", "sha256", "media_type"}
    assert ada.get(answer.headers["Location"]).data == BODY


@pytest.mark.parametrize(
    "digest",
    [
        DIGEST,
        f"sha-512=:AAAA:, {DIGEST}",
        f"{DIGEST};x=1",
        DIGEST.replace("sha", "SHA"),
        "sha-512=:AAAA:",
        "",
    ],
)
@pytest.mark.parametrize("header", ["Content-Digest", "Repr-Digest"])
def test_an_upload_that_is_what_its_digest_says_is_kept(ada, files, header, digest):
    assert put(ada, f"{files}/a.csv", **{header: digest}).status_code == 201


@pytest.mark.parametrize("digest", [OTHER, f"{DIGEST}, {OTHER}"])
def test_an_upload_that_is_not_what_its_digest_says_leaves_nothing(ada, files, digest):
    answer = put(ada, f"{files}/a.csv", Content_Digest=digest)

    assert (answer.status_code, answer.json["type"]) == (422, "/problems/digest-differs")
    assert hashlib.sha256(BODY).hexdigest() in answer.json["detail"]
    assert names(ada, files) == ["first.csv"]
    assert leftovers() == []


@pytest.mark.parametrize(
    "digest", ["sha-256=abc", "sha-256=:abc:", "sha-256=:****:", "sha-256=", "sha-256=:YWJj:"]
)
def test_a_digest_that_cannot_be_read_is_refused(ada, files, digest):
    answer = put(ada, f"{files}/a.csv", Content_Digest=digest)

    assert answer.status_code == 400
    assert "sha-256=:" in answer.json["detail"]


def test_a_file_is_only_added_where_that_is_asked(ada, files):
    first = put(ada, f"{files}/a.csv", If_None_Match="*")
    second = put(ada, f"{files}/a.csv", b"other", If_None_Match="*")

    assert (first.status_code, second.status_code) == (201, 412)
    assert second.json["type"] == "/problems/precondition-failed"
    assert ada.get(f"{files}/a.csv").data == BODY


@pytest.mark.parametrize(
    ("condition", "status"), [(ETAG, 200), ("*", 200), (f"W/{ETAG}", 412), ('"other"', 412), ("", 412)]
)
def test_a_file_is_only_replaced_where_it_is_as_the_client_knows_it(ada, files, condition, status):
    put(ada, f"{files}/a.csv")

    answer = put(ada, f"{files}/a.csv", b"newer", If_Match=condition)

    assert answer.status_code == status
    assert ada.get(f"{files}/a.csv").data == (b"newer" if status == 200 else BODY)


def test_nothing_is_replaced_where_nothing_is(ada, files):
    assert put(ada, f"{files}/a.csv", If_Match="*").status_code == 412
    assert names(ada, files) == ["first.csv"]


def test_of_two_who_add_the_same_file_at_once_one_is_refused(ada, files, app):
    answers = []

    def add(n):
        http = app.test_client()
        headers = ada.headers | {"If-None-Match": "*"}
        answers.append(http.put(f"{files}/same.csv", headers=headers, data=b"%d" % n * 100_000).status_code)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [201, 412, 412, 412, 412]


def test_of_two_uploads_of_one_name_at_once_one_is_there_whole(ada, files, app):
    bodies = [bytes([65 + n]) * 300_000 for n in range(5)]
    threads = [
        threading.Thread(
            target=lambda body=body: app.test_client().put(
                f"{files}/same.csv", headers=ada.headers, data=body
            )
        )
        for body in bodies
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    answer = ada.get(f"{files}/same.csv")
    assert answer.data in bodies
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'
    assert names(ada, files) == ["first.csv", "same.csv"]
    assert leftovers() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Range": "bytes 0-7/100"}, 400),
        ({"Content-Type": "text/csv"}, 201),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 201),  # what curl --data-binary says
        ({"Content-Encoding": "identity"}, 201),
    ],
)
def test_what_is_no_file_by_itself_is_refused(ada, files, headers, status):
    answer = put(ada, f"{files}/a.csv", **headers)

    assert answer.status_code == status
    assert names(ada, files) == (["a.csv", "first.csv"] if status == 201 else ["first.csv"])


def test_an_empty_file_is_a_file(ada, files):
    assert put(ada, f"{files}/empty.csv", b"").status_code == 201
    assert ada.get(f"{files}/empty.csv").data == b""


@pytest.fixture
def full_disk():
    """Sessions on a disk of two megabytes, as long as a test runs."""
    folder = settings().sessions
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may mount nothing")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_told_and_leaves_what_was_there(ada, full_disk):
    session = ada.upload(("first.csv", b"first"))
    files = f"/api/v1/sessions/{session}/files"

    raw = put(ada, f"{files}/large.bin", b"x" * 3_000_000)
    replaced = put(ada, f"{files}/first.csv", b"x" * 3_000_000)

    for answer in (raw, replaced):
        assert (answer.status_code, answer.json["type"]) == (507, "/problems/disk-full")
        assert "disk is full" in answer.json["detail"]
    assert names(ada, files) == ["first.csv"]
    assert ada.get(f"{files}/first.csv").data == b"first"
    assert leftovers() == []
    assert put(ada, f"{files}/small.csv").status_code == 201


def test_a_form_that_a_full_disk_cannot_take_leaves_no_session(ada, full_disk):
    parts = [(io.BytesIO(os.urandom(200_000)), f"{n}.bin") for n in range(12)]
    body = (
        b"".join(
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % name.encode()
            + part.read()
            + b"\r\n"
            for part, name in parts
        )
        + b"--b--\r\n"
    )

    answer = ada.post("/api/v1/sessions", data=body, content_type="multipart/form-data; boundary=b")

    assert (answer.status_code, answer.json["type"]) == (507, "/problems/disk-full")
    assert ada.get("/api/v1/sessions").json["items"] == []
    assert not [path for path in full_disk.rglob("*") if path.is_file() and path.name != ".lock"]
