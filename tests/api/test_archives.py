"""A session as one ZIP file: what is in it, under which names, and what becomes of one that breaks off."""

import io
import os
import zipfile

import pytest

from api.archives import portable
from jobs import sessions
from jobs.contents import LIST
from tests.support.client import EXAMPLES
from tests.support.server import ask, head_of, serving


def archive_of(client, session, **headers):
    return client.get(f"/api/v1/sessions/{session}/archive", headers=headers)


def contents_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def folder_of(client, session):
    owner = client.get(f"/api/v1/sessions/{session}").json["owner"]
    return sessions.find(owner, session).folder


def test_an_archive_holds_what_was_uploaded_and_what_jobs_have_left(worker, ada):
    session = ada.upload(EXAMPLES / "penguins.csv")
    ada.run("analysis", session=session)

    answer = archive_of(ada, session)

    assert answer.status_code == 200
    assert answer.content_type == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="penguins.csv.zip"'
    found = contents_of(answer)
    listed = ada.get(f"/api/v1/sessions/{session}/files").json
    names = {f"files/{file['name']}" for file in listed["items"]}
    names |= {f"project_001/{file['name']}" for file in listed["projects"][0]["items"]}
    assert set(found) == names
    assert found["files/penguins.csv"] == (EXAMPLES / "penguins.csv").read_bytes()
    assert not [name for name in found if name.endswith((LIST, "session.json")) or "/." in name]


def test_head_tells_the_length_before_anything_is_read(ada):
    session = ada.upload(("a.csv", b"x" * 1000), ("b.csv", b"y"))

    looked = ada.http.head(f"/api/v1/sessions/{session}/archive", headers=ada.headers)
    got = archive_of(ada, session)

    assert (looked.status_code, looked.data) == (200, b"")
    assert int(looked.headers["Content-Length"]) == len(got.data)
    assert looked.headers["ETag"] == got.headers["ETag"]


def test_a_download_that_broke_off_goes_on_where_it_stopped(ada):
    session = ada.upload(("a.bin", os.urandom(50_000)), ("b.bin", os.urandom(50_000)))
    whole = archive_of(ada, session)

    first = archive_of(ada, session, Range="bytes=0-59999")
    rest = archive_of(ada, session, Range="bytes=60000-", **{"If-Range": whole.headers["ETag"]})

    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.data + rest.data == whole.data


def test_an_archive_is_not_sent_again_until_something_changes(ada):
    session = ada.upload(("a.csv", b"a"))
    etag = archive_of(ada, session).headers["ETag"]

    same = archive_of(ada, session, **{"If-None-Match": etag})
    ada.put(f"/api/v1/sessions/{session}/files/a.csv", b"b")
    other = archive_of(ada, session, **{"If-None-Match": etag})

    assert (same.status_code, other.status_code) == (304, 200)
    assert contents_of(other) == {"files/a.csv": b"b"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.csv", "a.csv"),
        ("Größe 数据.csv", "Größe 数据.csv"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("a:b|c?.csv", "a_b_c_.csv"),
        ('"<a>*".csv', "__a___.csv"),
        ("a. . .", "a"),
        (" a ", "a"),
        ("...", ""),
    ],
)
def test_a_name_is_one_that_every_system_takes(name, safe):
    assert portable(name) == safe


def test_names_that_some_systems_take_for_the_same_are_told_apart(ada):
    names = ["a.csv", "A.csv", "a?.csv", "a_.csv", "a*.csv"]
    session = ada.upload(*((name, name.encode()) for name in names))

    found = contents_of(archive_of(ada, session))

    assert len({name.casefold() for name in found}) == 5
    assert sorted(found.values()) == sorted(name.encode() for name in names)


def test_what_a_link_leads_to_is_in_no_archive(ada, tmp_path):
    session = ada.upload(("a.csv", b"a"), ("b.csv", b"b"))
    (tmp_path / "secret").write_bytes(b"secret")
    files = folder_of(ada, session) / "files"
    (files / "link").symlink_to(tmp_path / "secret")
    (files / "unlisted").write_bytes(b"secret")

    assert contents_of(archive_of(ada, session)) == {"files/a.csv": b"a", "files/b.csv": b"b"}


def test_an_archive_that_cannot_be_whole_is_seen_to_be_cut_short(redis_server, client_of, tmp_path):
    """The place of a listed file is taken by a link once the length was told."""
    client = client_of("cut-short")
    session = client.upload(("a.csv", b"a" * 100))
    client.put(f"/api/v1/sessions/{session}/files/b.csv", b"b" * 2_000_000)
    files = folder_of(client, session) / "files"
    (files / "b.csv").unlink()
    (files / "b.csv").symlink_to("/etc/passwd")

    with serving(tmp_path / "log") as (port, _):
        cut = ask(port, head_of(b"GET", f"/api/v1/sessions/{session}/archive".encode(), client.token))

    told = int(cut.head.partition("content-length: ")[2].partition("\r\n")[0])
    assert len(cut.body) < told
    assert b"root:" not in cut.body


def test_a_title_is_no_way_into_the_headers(ada):
    data = {"title": 'a"\r\nSet-Cookie: x=1\r\n/../b', "file": [(io.BytesIO(b"x"), "a.csv")]}
    session = ada.post("/api/v1/sessions", data=data).json["id"]

    headers = archive_of(ada, session).headers

    assert "Set-Cookie" not in headers
    assert "\n" not in headers["Content-Disposition"]
    assert "/" not in headers["Content-Disposition"].partition("filename*")[0]


def test_somebody_elses_session_has_no_archive(ada, eve):
    assert archive_of(eve, ada.upload(("a.csv", b"a"))).status_code == 404
