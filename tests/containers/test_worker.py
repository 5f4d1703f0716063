"""A worker in a container of our image, driven as the API drives it."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.containers.writing import write_documents
from tests.support.waiting import until

pytestmark = [pytest.mark.containers, pytest.mark.timeout(240)]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MANY = 10_000  # a few seconds of work


def watch(service, job_id, seconds=90):
    """Return the job's different looks until it has ended."""
    seen = []

    def ended():
        now = service.status(job_id)
        if not seen or seen[-1] != now:
            seen.append(now)
        return now["done"]

    until(ended, seconds=seconds, what=f"the end of {job_id}")
    return seen


def test_an_analysis_is_seen_to_advance_and_leaves_its_results(worker, service, data):
    session = service.upload(EXAMPLES / "penguins.csv")

    job_id = service.submit(
        "analysis", session=session, question="Does body mass differ between the species?"
    )
    seen = watch(service, job_id)

    last = seen[-1]
    assert (last["status"], last["state"], last["attempt"]) == ("completed", "SUCCESS", 1), last["error"]
    assert last["results"]["plots"]
    assert any(0 < look["progress"] < 100 for look in seen if look["state"] == "PROGRESS")
    assert all(earlier["progress"] <= later["progress"] for earlier, later in pairwise(seen))
    project = next((data / "sessions").glob(f"*/{session}/{last['results']['project']}"))
    assert (project / "results.json").is_file()


def test_an_indexing_job_reports_the_file_in_hand_and_counts_every_file(worker, service, documents, data):
    write_documents(documents, MANY)

    seen = watch(service, service.submit("indexing", index="letters", folder="documents"))

    last = seen[-1]
    assert (last["status"], last["state"]) == ("completed", "SUCCESS"), last["error"]
    assert last["results"]["total"] == last["results"]["indexed"] == MANY
    assert any(look["current_file"] for look in seen if look["state"] == "PROGRESS")
    assert next((data / "indexes").glob("*/letters")).is_dir()


def test_a_job_whose_worker_is_killed_is_delivered_again_and_ends_once(worker, service, documents):
    write_documents(documents, MANY)
    job_id = service.submit("indexing", index="letters", folder="documents")

    def half_way():
        now = service.status(job_id)
        assert not now["done"], f"ended before it could be killed: {now}"
        return now["total"] and 0 < now["processed"] < now["total"]

    until(half_way, seconds=60, what="the middle of the job")
    worker.kill()
    assert not service.status(job_id)["done"]
    worker.restart()
    last = watch(service, job_id)[-1]

    assert (last["status"], last["attempt"]) == ("completed", 2), last["error"]
    counts = last["results"]
    assert counts["total"] == counts["indexed"] + counts["unchanged"] == MANY
    assert counts["failed"] == 0
