"""A tour of the kind `indexing`, as somebody with a pile of documents sees it."""

import pytest

from tests.support.client import EXAMPLES

DOCUMENTS = EXAMPLES / "documents"


@pytest.fixture(scope="module")
def indexed(worker, client_of):
    """Index the example documents once; return the client and the finished job."""
    client = client_of("librarian")
    job = client.run("indexing", index="station", folder="examples/documents")
    assert job["status"] == "completed", (job["error"], job["results"])
    return client, job


def test_every_file_of_a_folder_is_accounted_for(indexed):
    client, job = indexed

    files = client.get(job["links"]["files"]).json["items"]

    total = len([path for path in DOCUMENTS.iterdir() if path.is_file()])
    counts = job["results"]
    assert counts["total"] == total == len(files)
    assert sum(counts[name] for name in ("indexed", "unchanged", "skipped", "failed", "duplicate")) == total
    assert {file["path"].rpartition(".")[2] for file in files} >= {"txt", "md", "html", "pdf", "docx"}


def test_what_a_document_says_is_found_and_marked(indexed):
    client, job = indexed

    found = client.get(f"{job['links']['search']}?q=penguins").json

    assert found["total"] >= 1
    assert all("<mark>" in highlight for hit in found["items"] for highlight in hit["highlights"])


def test_a_hit_in_a_pdf_says_on_which_page(indexed):
    client, job = indexed

    found = client.get(f"{job['links']['search']}?q=census").json

    assert any(hit["path"].endswith(".pdf") and hit["page"] for hit in found["items"])


def test_a_second_run_reads_nothing_that_has_not_changed(indexed):
    client, first = indexed

    again = client.run("indexing", index="station", folder="examples/documents")

    assert again["results"]["unchanged"] == first["results"]["total"]
    assert again["results"]["indexed"] == 0


def test_uploaded_documents_become_an_index(worker, ada):
    session = ada.upload(
        ("notes.txt", b"The quick brown fox."), ("page.html", b"<h1>Lazy dog</h1><p>It sleeps.")
    )

    job = ada.run("indexing", index="notes", session=session)

    assert job["results"]["indexed"] == 2
    hits = ada.get("/api/v1/indexes/notes/search?q=sleep").json["items"]
    assert [hit["path"] for hit in hits] == ["page.html"]


def test_a_broken_document_costs_one_row_and_its_reason(worker, ada):
    session = ada.upload(("broken.pdf", b"%PDF-1.7 and then nothing"), ("good.txt", b"good words"))

    job = ada.run("indexing", index="mixed", session=session)

    assert job["status"] == "partial"
    assert (job["progress"], job["results"]["indexed"], job["results"]["failed"]) == (100, 1, 1)
    assert [problem["path"] for problem in job["results"]["problems"]] == ["broken.pdf"]
    failed = ada.get(f"{job['links']['files']}?status=failed").json["items"]
    assert [(file["path"], file["reason"]) for file in failed] == [("broken.pdf", "corrupt")]


def test_an_index_is_its_owners_alone(indexed, eve):
    assert eve.get("/api/v1/indexes/station/search?q=penguins").status_code == 404
    assert eve.get("/api/v1/indexes").json["items"] == []


def test_a_query_that_cannot_be_read_says_where(indexed):
    client, job = indexed

    answer = client.get(f"{job['links']['search']}?q=%22%22&mode=phrase")

    assert answer.status_code == 422
    assert answer.json["type"] == "/problems/unusable-query"
