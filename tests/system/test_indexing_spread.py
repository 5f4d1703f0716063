"""An indexing job that is spread over workers, which are killed: every file is counted and indexed once."""

import os
import time
import uuid
from collections import Counter

import pytest

from jobs import folders
from jobs.celery import app, kinds
from jobs.indexing.runs.account import Wanted, page
from jobs.reconcile import reconcile
from jobs.settings import settings
from tests.support.probe import somebody
from tests.support.waiting import until

FILES, BROKEN_EVERY = 8_000, 100
LOOKS_A_COUNT = 5  # to read the whole account takes so long that a kill could come too late
# What is lost by chance is lost rarely: how often the test that kills is run.
KILL_ROUNDS = int(os.environ.get("KILL_ROUNDS", "1"))


@pytest.fixture(scope="module")
def shelf():
    """Return the name of a server folder with many small documents, some of them broken."""
    name = f"many-{uuid.uuid4().hex[:8]}"
    folder = settings().folder_roots["shelf"] / name
    folder.mkdir(parents=True)
    for number in range(FILES):
        if number % BROKEN_EVERY == 0:
            (folder / f"{number:05}.pdf").write_bytes(b"%PDF-1.7 and nothing more")
        else:
            text = f"Letter {number}\n\nThe word of this letter is w{number}, and it lies on the shelf."
            (folder / f"{number:05}.txt").write_text(text)
    return f"shelf/{name}"


@pytest.fixture
def start_indexer(start_worker):
    return lambda: start_worker(queues="indexing")


def submit(owner, folder, **more):
    kind = kinds()["indexing"]
    return kind.submit(owner, kind.params(index="letters", folder=folder, **more))


def account(owner, job_id, *, ended=False):
    index = folders.index_folder(owner, "letters")
    return page(index, job_id, lambda _: True, Wanted(), limit=FILES + 1, ended=ended).rows


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("_round", range(KILL_ROUNDS))
def test_workers_killed_in_the_middle_of_a_large_index_cost_time_alone(rest, start_indexer, shelf, _round):
    from jobs.indexing.search.hits import search

    owner = somebody()
    workers = [start_indexer(), start_indexer()]
    job_id = submit(owner, shelf)
    looks, rows = [], []

    def enough(done):
        looks.append(rest.read(job_id))
        if len(looks) % LOOKS_A_COUNT == 0:
            rows.append(len(account(owner, job_id)))
        reconcile(app, kinds(), now=time.time())  # as beat does each minute
        is_scanned = looks[-1].total is not None  # before, what was found counts as processed
        return looks[-1].done or (is_scanned and (looks[-1].processed or 0) >= done)

    for kill in range(1, 6):
        until(lambda: enough(kill * FILES // 8), seconds=90, what=f"kill {kill}")  # noqa: B023
        assert not looks[-1].done, f"it has ended before kill {kill}"
        workers.pop(0).kill()
        workers.append(start_indexer())
    until(lambda: enough(FILES + 1), seconds=180, what="the job ends")

    last = rest.ended(job_id)
    assert (last.status, last.processed, last.total) == ("partial", FILES, FILES), last.error
    found = last.results
    assert (found["failed"], found["indexed"]) == (FILES // BROKEN_EVERY, FILES - FILES // BROKEN_EVERY)
    by_status = Counter(row.status for row in account(owner, job_id, ended=True))
    assert by_status == {"failed": found["failed"], "indexed": found["indexed"]}
    assert max(rows) <= FILES
    assert any(0 < number < FILES for number in rows)
    spread = [look.processed or 0 for look in looks if look.stage == "extract"]
    assert spread == sorted(spread)
    index = folders.index_folder(owner, "letters")
    for number in (1, 4_321, FILES - 1):
        hits = search(index, f"w{number}").hits
        assert [hit.path for hit in hits] == [f"{number:05}.txt"]
    assert not list(index.glob("runs/*"))


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("_round", range(KILL_ROUNDS))
def test_workers_killed_while_a_large_folder_is_listed_cost_time_alone(rest, start_indexer, shelf, _round):
    owner = somebody()
    workers = [start_indexer(), start_indexer()]
    job_id = submit(owner, shelf)

    for attempt in range(1, 4):
        until(lambda: rest.read(job_id).attempt == attempt, seconds=30, what=f"attempt {attempt}")  # noqa: B023
        for worker in workers:
            worker.kill()
        assert rest.read(job_id).total is None, "the scan has ended before the kill"
        workers = [start_indexer(), start_indexer()]

    last = rest.ended(job_id, seconds=60)
    assert (last.status, last.processed, last.total, last.attempt) == ("partial", FILES, FILES, 4), last.error


@pytest.mark.timeout(120)
def test_a_cancelled_large_index_is_let_go_of(rest, start_indexer, shelf):
    start_indexer()
    owner = somebody()
    job_id = submit(owner, shelf)
    until(lambda: (rest.read(job_id).processed or 0) > 0, seconds=60, what="files are read")

    rest.post(f"{job_id}/cancel")

    assert rest.ended(job_id, seconds=5).status == "cancelled"
    index = folders.index_folder(owner, "letters")
    until(lambda: not list(index.glob("runs/*")), seconds=5, what="nothing half made is left")
    again = rest.ended(submit(owner, "examples/documents"))
    assert again.status == "completed"


@pytest.mark.timeout(120)
def test_just_the_failed_files_of_a_job_are_read_again(rest, start_indexer, tmp_path):
    start_indexer()
    folder = settings().folder_roots["shelf"] / f"few-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    (folder / "whole.txt").write_text("a whole document about whales")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    owner = somebody()
    first = rest.ended(submit(owner, f"shelf/{folder.name}"))
    (folder / "broken.pdf").unlink()
    (folder / "later.txt").write_text("a document that came later")

    again = rest.post(f"{first.id}/retry", json={"only": "failed"})

    assert first.status == "partial"
    assert again.status_code == 202
    done = rest.ended(again.json["id"])
    assert done.retry_of == first.id
    assert done.results["total"] == 1
    assert done.results["indexed"] == 0
