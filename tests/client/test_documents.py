"""Documents that are sent, indexed and found, by the client."""

import pytest
from longhaul import Invalid, NotFound, UnusableData
from longhaul.uploads import documents


@pytest.fixture
def shelf(tmp_path):
    """A folder with documents in it, and below it."""
    (tmp_path / "shelf" / "2026").mkdir(parents=True)
    (tmp_path / "shelf" / ".hidden").mkdir()
    (tmp_path / "shelf" / "fox.txt").write_text("The quick brown fox jumps.")
    (tmp_path / "shelf" / "2026" / "dog.md").write_text("# Lazy\n\nThe lazy dog sleeps & <b>dreams</b>.")
    (tmp_path / "shelf" / ".hidden" / "secret.txt").write_text("fox")
    return tmp_path / "shelf"


def test_a_folder_becomes_an_index_that_is_searched(worker, client, shelf):
    told = []

    job = client.indexes.create("pets", shelf, told=lambda *said: told.append(said)).wait(timeout=60)

    assert (job.status, job.state.summary["indexed"]) == ("completed", 2)
    assert [name for *_, name in told] == ["fox.txt", "2026__dog.md"]
    assert {file["path"]: file["status"] for file in job.files()} == {
        "2026__dog.md": "indexed",
        "fox.txt": "indexed",
    }
    page = client.search("lazy", "pets")
    assert (page.total, [hit.path for hit in page]) == (1, ["2026__dog.md"])
    assert "<mark>" in page.hits[0].highlights[0]


def test_what_is_sent_again_comes_to_what_was_there_and_unchanged_files_are_not_sent(worker, client, shelf):
    client.indexes.create("pets", shelf).wait(timeout=60)
    (shelf / "cat.txt").write_text("A cat.")
    requests = []
    send = client._transport.send
    client._transport.send = lambda call, **more: requests.append(call) or send(call, **more)

    job = client.indexes.create("pets", [shelf / "cat.txt", shelf / "fox.txt"]).wait(timeout=60)

    assert job.state.summary["indexed"] == 1
    assert [call.path.rpartition("/")[2] for call in requests if call.method == "PUT"] == ["cat.txt"]
    assert client.search("dog").total == 1  # in all indexes
    assert client.indexes.get("pets").documents == 3
    assert len(client.sessions.list()) == 1


def test_a_search_is_narrowed_ordered_counted_and_continued(worker, client):
    client.indexes.create("station", folder="examples/documents").wait(timeout=60)

    page = client.search("penguins", "station", limit=1, facets="ext", ext=["md", "pdf"])

    assert len(page) == 1 < page.total
    assert sum(page.facets["ext"].values()) == page.total
    following = client.indexes.next_page(page)
    assert following.hits[0].path != page.hits[0].path
    client.indexes.delete("station")
    with pytest.raises(NotFound):
        client.indexes.get("station")


def test_a_query_that_cannot_be_parsed_is_told_with_the_place(worker, client):
    client.indexes.create("station", folder="examples/documents").wait(timeout=60)

    with pytest.raises(Invalid) as refusal:
        client.search('"penguins', "station")

    assert refusal.value.faults[0].position is not None


def test_jobs_are_listed_newest_first_and_narrowed(worker, client):
    probe = client.jobs.create("probe", {}).wait(timeout=60)
    other = client.jobs.create("probe", {"raises": "BadInput"})
    list(other.changes(timeout=60))

    assert [job.id for job in client.jobs.list()] == [other.id, probe.id]
    assert [job.id for job in client.jobs.list(status="failed")] == [other.id]
    assert [job.id for job in client.jobs.list(kind="indexing")] == []
    assert [job.id for job in client.jobs.list(created_after=probe.state.created_at)] == [other.id]


def test_a_job_is_tried_again_and_removed(worker, client):
    first = client.jobs.create("probe", {}).wait(timeout=60)

    again = first.retry().wait(timeout=60)

    assert again.state.retry_of == first.id
    first.delete()
    with pytest.raises(NotFound):
        client.jobs.get(first.id)


@pytest.mark.parametrize("paths", ["nowhere.txt", []])
def test_nothing_to_send_is_told_before_anything_is_sent(client, paths):
    with pytest.raises(UnusableData):
        client.indexes.create("none", paths)

    assert list(client.jobs.list()) == []


def test_without_an_index_there_is_nothing_to_search(client):
    with pytest.raises(UnusableData, match="no index"):
        client.search("penguins")


def test_long_and_odd_names_become_names_that_a_session_takes(tmp_path):
    deep = tmp_path / "root" / ("a" * 120) / ("b" * 120)
    deep.mkdir(parents=True)
    (deep / "c.txt").write_text("c")
    (tmp_path / "root" / "line\nbreak.txt").write_text("d")

    names = [upload.name for upload in documents([tmp_path / "root"])]

    assert all(len(name.encode()) <= 200 and name.isprintable() for name in names)
    assert sorted(name[-9:] for name in names) == ["bbb__c.txt"[-9:], "break.txt"]


def test_two_files_of_one_name_are_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(folder)

    with pytest.raises(UnusableData, match="one name"):
        documents([tmp_path / "a", tmp_path / "b"])
