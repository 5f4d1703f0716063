"""Where an indexing job takes documents from, over HTTP."""

import uuid

import pytest

from jobs.settings import settings


@pytest.fixture
def shelf():
    """Return a function that writes files below a server folder; its name and the function."""
    name = f"sources-{uuid.uuid4().hex[:8]}"
    folder = settings().folder_roots["shelf"] / name

    def write(path, text):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    return f"shelf/{name}", write


def files(ada, job, **query):
    arguments = "&".join(f"{name}={value}" for name, value in query.items())
    return ada.get(f"{job['links']['files']}?{arguments}").json["items"]


def paths(ada, job, **query):
    return [(file["source"].partition(":")[0], file["path"]) for file in files(ada, job, **query)]


def found(ada, index, query):
    return sorted(hit["path"] for hit in ada.get(f"/api/v1/indexes/{index}/search?q={query}").json["items"])


def test_several_sources_are_one_run_with_one_account(worker, ada, shelf):
    folder, write = shelf
    write("a.txt", "albatross on the shelf")
    session = ada.upload(("a.txt", b"albatross uploaded"), ("b.xyz", b"what"))

    job = ada.run("indexing", index="both", sources=[{"folder": folder}, {"session": session}])

    assert (job["results"]["total"], job["results"]["indexed"], job["results"]["skipped"]) == (3, 2, 1)
    assert paths(ada, job) == [("folder", "a.txt"), ("session", "a.txt"), ("session", "b.xyz")]
    assert found(ada, "both", "albatross") == ["a.txt", "a.txt"]
    again = ada.run("indexing", index="both", folder=folder)
    assert (again["results"]["total"], again["results"]["unchanged"]) == (1, 1)
    assert found(ada, "both", "uploaded") == ["a.txt"]


def test_all_sessions_are_indexed_and_deleted_ones_leave(worker, ada, eve):
    eve.upload(("hers.txt", b"albatross of somebody else"))
    first, second = (ada.upload((f"{name}.txt", f"albatross {name}".encode())) for name in ("one", "two"))
    job = ada.run("indexing", index="mine", all_sessions=True)
    assert (job["status"], job["results"]["indexed"]) == ("completed", 2)

    third = ada.upload(("three.txt", b"albatross three"))
    assert ada.http.delete(f"/api/v1/sessions/{second}", headers=ada.headers).status_code == 204
    again = ada.run("indexing", index="mine", all_sessions=True)

    assert (again["results"]["indexed"], again["results"]["unchanged"]) == (1, 1)
    assert found(ada, "mine", "albatross") == ["one.txt", "three.txt"]
    for session in (first, third):
        ada.http.delete(f"/api/v1/sessions/{session}", headers=ada.headers)
    empty = ada.run("indexing", index="mine", all_sessions=True)
    assert (empty["status"], empty["results"]["total"]) == ("completed", 0)
    assert found(ada, "mine", "albatross") == []


def test_patterns_choose_files_and_what_they_leave_out_leaves_the_index(worker, ada, shelf):
    folder, write = shelf
    for path in ("a.txt", "b.md", "drafts/c.txt", "2026/d.txt"):
        write(path, f"albatross {path}")
    ada.run("indexing", index="some", folder=folder)

    job = ada.run(
        "indexing",
        index="some",
        folder=folder,
        include=["*.TXT"],
        exclude=["drafts/"],
        remove_deleted=False,
    )

    assert (job["results"]["total"], job["results"]["removed"]) == (2, 2)
    assert found(ada, "some", "albatross") == ["2026/d.txt", "a.txt"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "one of the four"),
        ({"folder": "examples", "all_sessions": True}, "one of the four"),
        ({"sources": []}, "at least 1"),
        ({"sources": [{"folder": "examples", "session": "x"}]}, "one of the two"),
        ({"sources": [{"folder": "examples/"}, {"folder": "examples"}]}, "more than once"),
        ({"folder": "examples", "include": ["a[b"]}, "/include/0: Value error, 'a[b'"),
        ({"folder": "examples", "exclude": ["x"] * 101}, "at most 100"),
        ({"folder": "examples", "if_running": "hurry"}, "/if_running"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(ada, asked, words):
    answer = ada.post("/api/v1/jobs/indexing", json={"index": "x", **asked})

    assert answer.status_code == 422
    assert words in answer.json["detail"]


def test_somebody_elses_session_is_no_source(ada, eve):
    session = eve.upload(("a.txt", b"hers"))
    body = {"index": "x", "sources": [{"session": session}]}

    assert ada.post("/api/v1/jobs/indexing", json=body).status_code == 404


def test_no_answer_says_where_a_folder_lies(worker, ada, shelf):
    folder, write = shelf
    file = write("a.txt", "albatross")
    refused = ada.post("/api/v1/jobs/indexing", json={"index": "x", "folder": f"{folder}/missing"})
    job = ada.run("indexing", index="secret", folder=folder)
    answers = [
        refused.text,
        *(ada.get(job["links"][link]).text for link in ("self", "results", "files")),
        ada.get("/api/v1/indexes/secret/search?q=albatross").text,
        ada.get("/api/v1/kinds/indexing").text,
    ]
    file.unlink()
    file.parent.rmdir()
    gone = ada.post(job["links"]["retry"], json={})

    assert gone.status_code == 404
    assert not [answer for answer in [*answers, gone.text] if str(settings().data) in answer]
