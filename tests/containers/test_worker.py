"""A worker in a container of our image, driven as the API drives it."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.containers.watching import wait_for_the_middle, watch
from tests.containers.writing import write_documents, write_table
from tests.support.waiting import until

pytestmark = [pytest.mark.containers, pytest.mark.timeout(240)]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MANY = 10_000  # a few seconds of work


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


def test_a_job_whose_worker_is_killed_is_delivered_again_and_ends_once(worker, service, data, tmp_path):
    session = service.upload(write_table(tmp_path / "weights.csv"))
    job_id = service.submit("analysis", session=session, question="Does weight_0 differ between the ports?")
    wait_for_the_middle(service, job_id)

    worker.kill()
    assert not service.status(job_id)["done"]
    worker.restart()
    last = watch(service, job_id)[-1]

    assert (last["status"], last["attempt"]) == ("completed", 2), last["error"]
    assert [path.name for path in (data / "sessions").glob(f"*/{session}/project_*")] == ["project_001"]


def test_every_file_is_counted_once_when_a_worker_is_killed_between_them(worker, service, documents):
    write_documents(documents, MANY)
    job_id = service.submit("indexing", index="letters", folder="documents")
    wait_for_the_middle(service, job_id)

    worker.kill()
    assert not service.status(job_id)["done"]
    worker.restart()
    seen = watch(service, job_id)

    counts = seen[-1]["results"]
    assert seen[-1]["status"] == "completed", seen[-1]["error"]
    assert counts["total"] == counts["indexed"] + counts["unchanged"] == MANY
    assert counts["failed"] == 0
    assert all(
        earlier["progress"] <= later["progress"]
        for earlier, later in pairwise(seen)
        if earlier["attempt"] == later["attempt"]
    )


def test_a_stopped_worker_gives_its_job_back_and_takes_it_up_again_at_its_next_start(
    worker, service, tmp_path
):
    session = service.upload(write_table(tmp_path / "weights.csv"))
    job_id = service.submit("analysis", session=session, question="Does weight_0 differ between the ports?")
    wait_for_the_middle(service, job_id)

    worker.restart()  # SIGTERM, and SIGKILL only after ten seconds
    begun = until(
        lambda: (job := service.status(job_id))["attempt"] == 2 and job, seconds=5, what="its next run"
    )
    last = watch(service, job_id)[-1]

    assert not begun["done"]
    assert (last["status"], last["attempt"]) == ("completed", 2), last["error"]
