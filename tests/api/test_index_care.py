"""Indexes as wholes over HTTP: what is told of them, rename, remove, and how much room there is."""

import fcntl
import uuid

import orjson
import pytest

from jobs import folders, index_care, records
from jobs.connection import records_client
from jobs.indexing.search.hits import search
from jobs.records import NewJob
from jobs.settings import settings

DOCUMENTS = (
    ("a.txt", b"albatross of the southern sea"),
    ("b.md", b"# Petrel\n\nsmall"),
    ("c.docx", b"no document"),
)


@pytest.fixture
def birds(worker, ada):
    """An index of three uploads, one of which cannot be read."""
    ada.session = ada.upload(*DOCUMENTS)
    ada.run("indexing", index="birds", session=ada.session)
    ada.folder = folders.index_folder(_owner(ada), "birds")
    return ada


def _owner(client) -> str:
    return client.get(f"/api/v1/sessions/{client.session}").json["owner"]


def patch(client, path, **body):
    return client.http.patch(path, headers=client.headers, json=body)


def delete(client, path):
    return client.http.delete(path, headers=client.headers)


def test_an_index_tells_its_state_and_its_numbers(birds):
    found = birds.get("/api/v1/indexes/birds").json

    assert (found["state"], found["detail"]) == ("ok", None)
    assert (found["documents"], found["chunks"], found["problems"]) == (2, 2, 1)
    assert found["by_type"] == {"markdown": 1, "text": 1}
    assert sum(found["by_language"].values()) == 2
    assert found["bytes"] > 1_000
    assert found["vectors"] is None
    (source,) = found["sources"]
    assert source["source"] == f"session:{birds.session}"
    assert (source["documents"], source["problems"]) == (2, 1)
    assert source["updated_at"] == found["updated_at"]


def test_a_damaged_index_says_so_and_what_to_do_and_an_indexing_run_mends_it(birds):
    (birds.folder / "manifest.db").write_bytes(b"rubbish")
    damaged = birds.get("/api/v1/indexes/birds")
    listed = birds.get("/api/v1/indexes")

    job = birds.run("indexing", index="birds", session=birds.session)

    assert damaged.status_code == 200
    assert damaged.json["state"] == "damaged"
    assert "Start an indexing job on it" in damaged.json["detail"]
    assert damaged.json["documents"] is None
    assert [item["documents"] for item in listed.json["items"]] == [None]
    assert job["results"]["indexed"] == 2
    assert "has been built anew" in job["results"]["warnings"][0]
    assert birds.get("/api/v1/indexes/birds").json["state"] == "ok"


def test_an_outdated_index_is_searched_until_a_job_has_built_it_anew_with_all_its_sources(birds):
    birds.run("indexing", index="birds", folder="examples/documents", exclude=["*.pdf"])
    before = birds.get("/api/v1/indexes/birds").json
    stamp = birds.folder / "stamp.json"
    stamp.write_bytes(orjson.dumps(orjson.loads(stamp.read_bytes()) | {"fingerprint": "of another version"}))

    outdated = birds.get("/api/v1/indexes/birds").json
    found = birds.get("/api/v1/indexes/birds/search?q=albatross").json["total"]
    job = birds.run("indexing", index="birds", session=birds.session)
    after = birds.get("/api/v1/indexes/birds").json

    assert (outdated["state"], found) == ("outdated", 1)
    assert "It can be searched." in outdated["detail"]
    assert len(job["results"]["warnings"]) == 1
    assert after["state"] == "ok"
    assert (after["documents"], after["by_type"]) == (before["documents"], before["by_type"])
    assert birds.get("/api/v1/indexes/birds/search?q=albatross").json["total"] == 1


def test_an_index_is_renamed_with_all_that_is_in_it(birds):
    answer = patch(birds, "/api/v1/indexes/birds", name="seabirds")

    assert answer.status_code == 200
    assert answer.json["name"] == "seabirds"
    assert birds.get("/api/v1/indexes/birds/search?q=albatross").status_code == 404
    assert birds.get("/api/v1/indexes/seabirds/search?q=albatross").json["total"] == 1
    again = birds.run("indexing", index="seabirds", session=birds.session)
    assert (again["results"]["unchanged"], again["results"]["indexed"]) == (2, 0)


def test_a_name_that_is_taken_or_cannot_be_is_refused(birds):
    birds.run("indexing", index="fish", session=birds.session)

    taken = patch(birds, "/api/v1/indexes/birds", name="fish")
    impossible = patch(birds, "/api/v1/indexes/birds", name="../fish")
    unknown = patch(birds, "/api/v1/indexes/birds", title="fish")
    same = patch(birds, "/api/v1/indexes/birds", name="birds")

    assert (taken.status_code, taken.json["type"]) == (409, "/problems/index-exists")
    assert (impossible.status_code, impossible.json["errors"][0]["pointer"]) == (422, "/name")
    assert unknown.status_code == 422
    assert same.status_code == 200
    assert birds.get("/api/v1/indexes/birds").json["documents"] == 2


def test_an_index_is_removed_and_this_process_lets_go_of_its_files(birds):
    birds.get("/api/v1/indexes/birds/search?q=albatross")

    answer = delete(birds, "/api/v1/indexes/birds")

    assert answer.status_code == 204
    assert not birds.folder.exists()
    assert birds.get("/api/v1/indexes").json["items"] == []
    assert birds.get("/api/v1/indexes/birds").status_code == 404
    assert delete(birds, "/api/v1/indexes/birds").status_code == 404
    with open("/proc/self/maps") as maps:  # noqa: PTH123 - no file of the disk
        assert str(birds.folder) not in maps.read()


def test_an_index_that_is_being_written_is_neither_removed_nor_renamed(birds):
    with (birds.folder / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        removed = delete(birds, "/api/v1/indexes/birds")
        renamed = patch(birds, "/api/v1/indexes/birds", name="seabirds")
        source = delete(birds, f"/api/v1/indexes/birds/sources/session:{birds.session}")

    assert {answer.status_code for answer in (removed, renamed, source)} == {409}
    assert {answer.json["type"] for answer in (removed, renamed, source)} == {"/problems/index-busy"}
    assert len(search(birds.folder, "albatross").hits) == 1


def test_an_index_that_a_job_waits_to_write_is_neither_removed_nor_renamed_nor_overwritten(birds):
    params = orjson.dumps({"index": "birds", "session": birds.session}).decode()
    job = NewJob(str(uuid.uuid4()), _owner(birds), "indexing", params, None, "of nobody")
    records.create(records_client(), job, expires_seconds=60)
    birds.run("indexing", index="fish", session=birds.session)

    removed = delete(birds, "/api/v1/indexes/birds")
    renamed = patch(birds, "/api/v1/indexes/birds", name="seabirds")
    replaced = patch(birds, "/api/v1/indexes/fish", name="birds")
    records.remove(records_client(), job)

    assert {answer.status_code for answer in (removed, renamed, replaced)} == {409}
    assert "cancel it, or wait" in removed.json["detail"]
    assert delete(birds, "/api/v1/indexes/birds").status_code == 204


def test_one_source_leaves_an_index(birds):
    birds.run("indexing", index="birds", folder="examples/documents")
    address = f"/api/v1/indexes/birds/sources/session:{birds.session}"

    answer = delete(birds, address)

    assert answer.status_code == 204
    assert birds.get("/api/v1/indexes/birds/search?q=albatross").json["total"] == 0
    sources = birds.get("/api/v1/indexes/birds").json["sources"]
    assert [one["source"] for one in sources] == ["folder:examples/documents"]
    assert delete(birds, address).status_code == 404
    assert delete(birds, "/api/v1/indexes/birds/sources/folder:examples/documents").status_code == 204


def test_an_index_is_its_owners_alone(birds, eve):
    answers = [
        eve.get("/api/v1/indexes/birds"),
        patch(eve, "/api/v1/indexes/birds", name="mine"),
        delete(eve, "/api/v1/indexes/birds"),
        delete(eve, f"/api/v1/indexes/birds/sources/session:{birds.session}"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert birds.get("/api/v1/indexes/birds").json["documents"] == 2


def test_no_job_begins_beyond_the_room_that_a_user_has(birds, monkeypatch):
    few = settings().model_copy(update={"index_bytes_per_user": 1_000, "indexes_per_user": 1})
    monkeypatch.setattr(index_care, "settings", lambda: few)

    full = birds.post("/api/v1/jobs/indexing", json={"index": "birds", "session": birds.session})

    assert (full.status_code, full.json["type"]) == (413, "/problems/index-space-used")
    assert "of 1,000 that they may" in full.json["detail"]


def test_a_job_that_fills_the_room_stops_at_a_commit_and_says_what_to_do(birds):
    ballast = folders.index_folder(_owner(birds), "ballast") / "segments" / "large"
    ballast.parent.mkdir(parents=True)
    with ballast.open("wb") as file:
        file.truncate(settings().index_bytes_per_user - 60_000)  # a hole: takes nothing of this disk
    session = birds.upload(*((f"{n}.txt", f"albatross {n} {n * 7919 % 10_007}".encode()) for n in range(300)))

    stopped = birds.run("indexing", index="birds", session=session)
    state = birds.get("/api/v1/indexes/birds").json["state"]
    ballast.unlink()
    again = birds.run("indexing", index="birds", session=session)

    assert (stopped["status"], stopped["error"]["type"]) == ("failed", "/problems/index-space-used")
    assert "can be searched" in stopped["error"]["detail"]
    assert state == "ok"
    assert again["status"] == "completed"
    assert again["results"]["total"] == 300
    assert birds.get("/api/v1/indexes/birds/search?q=albatross").json["total"] == 301


def test_no_index_is_made_beyond_the_number_that_a_user_may_have(birds, monkeypatch):
    few = settings().model_copy(update={"indexes_per_user": 1})
    monkeypatch.setattr(index_care, "settings", lambda: few)

    another = birds.post("/api/v1/jobs/indexing", json={"index": "fish", "session": birds.session})
    same = birds.post("/api/v1/jobs/indexing", json={"index": "birds", "session": birds.session})

    assert (another.status_code, another.json["type"]) == (409, "/problems/too-many-indexes")
    assert same.status_code == 202


def test_the_list_says_how_much_room_there_is(birds):
    found = birds.get("/api/v1/indexes").json

    assert found["bytes"] == sum(item["bytes"] for item in found["items"]) > 0
    assert (found["most_bytes"], found["most_indexes"]) == (20_000_000_000, 100)
