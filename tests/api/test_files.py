"""The files of an indexing job over HTTP, one row a file."""

import fcntl
import uuid

import pytest

from jobs import folders
from jobs.indexing.runs.ledger import FOLDER
from tests.indexing.packing import tarred, zipped
from tests.support.waiting import until

DOCUMENTS = (
    ("a.txt", b"albatross"),
    ("b.txt", b"albatross"),
    ("c.md", b"# Petrel\n\nIt flies."),
    ("d.pdf", b"%PDF-1.7 and nothing"),
    ("e.xyz", b"what"),
)


@pytest.fixture
def indexed(worker, ada):
    session = ada.upload(*DOCUMENTS, ("papers.zip", zipped([("2024/f.txt", b"fulmar"), ("g.zip", b"no")])))
    return ada.run("indexing", index="files", session=session)


def rows(ada, job, query=""):
    return ada.get(f"{job['links']['files']}{query}").json["items"]


def test_every_file_has_a_row_that_says_what_became_of_it(ada, indexed):
    answer = ada.get(indexed["links"]["files"]).json

    by_path = {row["path"]: row for row in answer["items"]}
    assert (answer["origin"], answer["next"]) == ("job", None)
    assert {path: (row["status"], row["reason"]) for path, row in by_path.items()} == {
        "a.txt": ("indexed", None),
        "b.txt": ("duplicate", None),
        "c.md": ("indexed", None),
        "d.pdf": ("failed", "corrupt"),
        "e.xyz": ("skipped", "unsupported_type"),
        "papers.zip/2024/f.txt": ("indexed", None),
        "papers.zip/g.zip": ("skipped", "nested_archive"),
    }
    assert by_path["c.md"]["title"] == "Petrel"
    assert by_path["b.txt"]["detail"] == "the same content as a.txt"
    assert (by_path["a.txt"]["bytes"], by_path["a.txt"]["stage"], by_path["a.txt"]["chunks"]) == (
        9,
        "extract",
        1,
    )
    assert by_path["a.txt"]["hash"] == by_path["b.txt"]["hash"]
    told = indexed["results"]
    statuses = [row["status"] for row in answer["items"]]
    names = ("indexed", "unchanged", "skipped", "failed", "duplicate")
    assert {name: statuses.count(name) for name in names} == {name: told[name] for name in names}


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("?status=skipped", ["e.xyz", "papers.zip/g.zip"]),
        ("?reason=corrupt", ["d.pdf"]),
        ("?ext=.TXT", ["a.txt", "b.txt", "papers.zip/2024/f.txt"]),
        ("?q=PAPERS.zip/2024", ["papers.zip/2024/f.txt"]),
        ("?q=papers&status=failed", []),
    ],
)
def test_rows_are_filtered(ada, indexed, query, paths):
    assert [row["path"] for row in rows(ada, indexed, query)] == paths


def test_pages_are_followed_to_the_end_with_their_filters(ada, indexed):
    address, seen = f"{indexed['links']['files']}?limit=1&ext=txt", []
    while address:
        page = ada.get(address).json
        seen += [row["path"] for row in page["items"]]
        address = page["next"]

    assert seen == ["a.txt", "b.txt", "papers.zip/2024/f.txt"]


@pytest.mark.parametrize("query", ["?cursor=nonsense", "?cursor=WzFd", "?status=odd", "?limit=0", "?page=2"])
def test_a_query_that_cannot_be_meant_is_refused_by_name(ada, indexed, query):
    answer = ada.get(f"{indexed['links']['files']}{query}")

    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == query[1:].partition("=")[0]


def test_a_job_that_waits_has_no_rows_yet_and_then_its_own(worker, ada):
    session = ada.upload(*DOCUMENTS)
    owner = ada.get(f"/api/v1/sessions/{session}").json["owner"]
    index = folders.index_folder(owner, "held")
    index.mkdir(parents=True)
    with (index / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = ada.submit("indexing", index="held", session=session)
        until(lambda: ada.get(address).json["reason"] == "retry_at", what="it met the lock")
        waiting = ada.get(ada.get(address).json["links"]["files"]).json

    job = ada.wait_for(address)

    assert waiting == {"items": [], "next": None, "origin": "live"}
    assert len(rows(ada, job)) == job["results"]["total"] == len(DOCUMENTS)


def test_what_failed_is_tried_again_with_an_account_of_its_own(ada, indexed):
    again = ada.wait_for(ada.post(indexed["links"]["retry"], json={"only": "failed"}).headers["Location"])

    assert [row["path"] for row in rows(ada, again)] == ["d.pdf"]
    assert len(rows(ada, indexed)) == indexed["results"]["total"]


def test_the_account_goes_with_the_job_and_the_names_with_the_session(ada, indexed):
    index = folders.index_folder(indexed["owner"], "files")
    second = ada.run("indexing", index="files", session=indexed["session"])
    assert len(list((index / FOLDER).iterdir())) == 2

    assert ada.http.delete(second["links"]["self"], headers=ada.headers).status_code == 204
    assert [path.stem for path in (index / FOLDER).iterdir()] == [indexed["id"]]
    assert len(rows(ada, indexed)) == indexed["results"]["total"]
    ada.http.delete(f"/api/v1/sessions/{indexed['session']}", headers=ada.headers)
    assert list((index / FOLDER).iterdir()) == []


def test_files_are_their_owners_alone_and_of_jobs_that_index(ada, eve, indexed):
    assert eve.get(indexed["links"]["files"]).status_code == 404
    assert ada.get(f"/api/v1/jobs/{uuid.uuid4()}/files").status_code == 404
    session = ada.upload(("t.csv", b"a,b\n1,2\n3,5\n2,1\n"))
    analysis = ada.submit("analysis", session=session, dry_run=True)
    assert ada.get(f"{analysis}/files").status_code == 404


def test_an_uploaded_archive_is_indexed_and_only_once(worker, ada):
    session = ada.upload(
        ("letters.tar.gz", tarred([("one.txt", b"albatross"), ("deep/two.md", b"# Fulmar")]))
    )

    first, second = (ada.run("indexing", index="letters", session=session) for _ in range(2))

    assert (first["results"]["indexed"], second["results"]["unchanged"]) == (2, 2)
    hits = ada.get("/api/v1/indexes/letters/search?q=fulmar").json["items"]
    assert [hit["path"] for hit in hits] == ["letters.tar.gz/deep/two.md"]
