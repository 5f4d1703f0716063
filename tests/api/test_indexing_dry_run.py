"""A dry run of an indexing job over HTTP: what it would do, before it does."""

import base64
import os
import uuid

import pytest

from jobs import folders, reading_pace, throughput
from jobs.connection import records_client
from jobs.settings import settings
from tests.indexing.contents import documents, rows
from tests.indexing.packing import zipped

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def shelf():
    folder = settings().folder_roots["shelf"] / f"dry-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    for name in ("same", "touched", "changed", "gone"):
        (folder / f"{name}.txt").write_text(f"albatross {name}")
    (folder / "odd.xyz").write_text("of no kind")
    (folder / "papers.zip").write_bytes(zipped([("a.txt", b"petrel"), ("b.xyz", b"what")]))
    return folder


def look(ada, shelf, **more):
    job = ada.run("indexing", index="dry", folder=f"shelf/{shelf.name}", dry_run=True, **more)
    assert job["status"] == "completed", job["error"]
    return job


def test_before_the_first_run_everything_would_be_added_and_nothing_is_made(worker, ada, shelf):
    job = look(ada, shelf)

    told = job["results"]
    assert (told["exists"], told["total"], told["added"]["files"]) == (False, 7, 5)
    assert told["added"]["first"] == [
        "changed.txt",
        "gone.txt",
        "papers.zip/a.txt",
        "same.txt",
        "touched.txt",
    ]
    assert (told["refused"]["files"], told["refused"]["reasons"]) == (2, {"unsupported_type": 2})
    expected = told["expected_seconds"]
    assert 0 < expected["low"] <= expected["likely"] <= expected["high"]
    assert not folders.index_folder(job["owner"], "dry").exists()
    assert ada.get("/api/v1/indexes").json["items"] == []
    assert {"files", "search"}.isdisjoint(job["links"])
    assert ada.get(f"{job['links']['self']}/files").status_code == 404


def test_afterwards_it_tells_what_has_changed_and_the_run_does_that(worker, ada, shelf):
    first = ada.run("indexing", index="dry", folder=f"shelf/{shelf.name}")
    index = folders.index_folder(first["owner"], "dry")
    before = documents(index), rows(index)
    (shelf / "changed.txt").write_text("albatross, changed")
    (shelf / "new.txt").write_text("albatross new")
    (shelf / "gone.txt").unlink()
    os.utime(shelf / "touched.txt", (1, 1))

    told = look(ada, shelf)["results"]

    assert told["exists"]
    assert {name: told[name]["first"] for name in ("added", "changed", "removed", "unchanged")} == {
        "added": ["new.txt"],
        "changed": ["changed.txt", "touched.txt"],
        "removed": ["gone.txt"],
        "unchanged": ["papers.zip/a.txt", "same.txt"],
    }
    assert told["added"]["bytes"] == len("albatross new")
    assert (documents(index), rows(index)) == before
    done = ada.run("indexing", index="dry", folder=f"shelf/{shelf.name}")["results"]
    assert (done["total"], done["indexed"], done["removed"]) == (told["total"], 2, 1)
    assert done["unchanged"] == 3  # that of which only the time had changed is the same


def test_patterns_and_removal_are_looked_at_too(worker, ada, shelf):
    ada.run("indexing", index="dry", folder=f"shelf/{shelf.name}")
    (shelf / "gone.txt").unlink()

    told = look(ada, shelf, exclude=["same.*"], remove_deleted=False)["results"]

    assert told["removed"]["first"] == ["same.txt"]


def test_once_jobs_were_measured_the_time_is_told_by_them(worker, ada, shelf):
    client = records_client()
    key = throughput.throughput_key(reading_pace.MEASURED)
    client.delete(key)
    for size in (1e5, 2e5, 3e5):
        throughput.note(client, reading_pace.MEASURED, size, 100 * size / 1e5)  # very slow workers

    expected = look(ada, shelf)["results"]["expected_seconds"]
    client.delete(key)
    ada.run("indexing", index="dry", folder=f"shelf/{shelf.name}")
    again = ada.run("indexing", index="dry", folder=f"shelf/{shelf.name}")

    assert expected["basis"] == "measured"
    assert expected["likely"] > 100
    assert again["results"]["indexed"] == 0
    assert client.llen(key) == 1  # a run that had nothing to read measures nothing


def test_a_dry_run_goes_without_a_webhook(ada):
    body = {"index": "x", "folder": "examples", "dry_run": True}
    webhook = {"url": "https://example.com/hook", "secret": SECRET}

    answer = ada.post("/api/v1/jobs/indexing", json={**body, "webhook": webhook})

    assert (answer.status_code, "calls no webhook" in answer.json["detail"]) == (422, True)
