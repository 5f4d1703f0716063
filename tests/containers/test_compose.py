"""The whole service as compose.yaml runs it, used over HTTP."""

import json
import signal
from pathlib import Path

import pytest

from tests.containers.writing import write_documents, write_table
from tests.support.waiting import until

# The first test waits for the image and for every service.
pytestmark = [pytest.mark.containers, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parents[2]
PENGUINS = ROOT / "examples" / "penguins.csv"
QUESTION = "Does body mass differ between the species?"
WORKERS = ["worker-analysis", "worker-indexing", "worker-control"]
OURS = ["api", *WORKERS, "beat", "flower"]
MANY = 10_000  # a few seconds of work


def analyse_penguins(stack):
    session = stack.upload(PENGUINS)
    return stack.finished(stack.submit("analysis", session=session, question=QUESTION))


def analysis_half_way(stack, folder):
    """Start an analysis that is one run of some seconds; return its id when it is half way."""
    session = stack.upload(write_table(folder / "weights.csv"))
    job_id = stack.submit("analysis", session=session, question="Does weight_0 differ between the ports?")

    def half_way():
        job = stack.job(job_id)
        assert not job["done"], f"ended before anything could happen to its worker: {job}"
        return job["state"] == "PROGRESS" and job["progress"] > 0

    until(half_way, seconds=60, what="the middle of the job")
    return job_id


def test_it_is_ready_and_asks_for_a_token(stack):
    ready, refused = stack.http("/readyz", token=""), stack.http("/api/v1/jobs", token="lh_wrong")

    assert ready.status == 200
    assert refused.status == 401


@pytest.mark.parametrize("service", ["redis", *OURS])
def test_every_service_is_healthy(stack, service):
    assert stack.is_healthy(service)


def test_an_analysis_ends_with_figures_that_can_be_fetched(stack):
    job = analyse_penguins(stack)

    assert job["status"] == "completed", job["error"]
    assert job["progress"] == 100
    figures = stack.http(job["links"]["plots"]).json()["items"]
    images = [stack.http(figure["href"]) for figure in figures]
    assert any(image.media_type == "image/png" for image in images)
    assert all(image.status == 200 and image.body for image in images)
    assert stack.http(job["links"]["results"]).json()


def test_uploaded_documents_can_be_searched(stack, tmp_path):
    write_documents(tmp_path, 5)
    session = stack.upload(*sorted(tmp_path.iterdir()))

    job = stack.finished(stack.submit("indexing", index="uploads", session=session))
    found = stack.http("/api/v1/indexes/uploads/search?q=number3").json()

    assert job["status"] == "completed", job["error"]
    assert [hit["path"].rpartition("/")[2] for hit in found["items"]] == ["letter-00003.txt"]


@pytest.mark.parametrize("service", OURS)
def test_it_runs_unprivileged_on_a_root_that_cannot_be_written(stack, service):
    script = "id -u; touch /srv/x /x 2>&1; grep -E 'CapEff|NoNewPrivs' /proc/self/status"

    printed = stack.execute(service, "sh", "-c", script)

    assert printed.startswith("10001\n")
    assert printed.count("Read-only file system") == 2
    assert "CapEff:\t0000000000000000" in printed
    assert "NoNewPrivs:\t1" in printed


def test_what_opens_users_files_has_no_way_out_and_ports_are_open_on_loopback_only(stack):
    networks = {name: set(stack.inspect(name)["NetworkSettings"]["Networks"]) for name in ["redis", *OURS]}
    ports = [stack.inspect(name)["HostConfig"]["PortBindings"] for name in ["redis", *OURS]]

    for name in ["redis", "beat", "worker-analysis", "worker-indexing"]:
        assert networks[name] == {f"{stack.project}_internal"}
    assert f"{stack.project}_outward" in networks["worker-control"], "webhooks must reach their receivers"
    bindings = [binding for port in ports for listed in port.values() for binding in listed]
    assert [binding["HostIp"] for binding in bindings] == ["127.0.0.1"] * 2


def test_an_object_store_is_reached_by_what_needs_it_once_it_is_named(stack):
    files = ["--file", "compose.yaml", "--file", "compose.outside.yaml"]
    printed = stack.compose(*files, "config", "--format", "json", LONGHAUL_STORAGE="s3://bucket/a")

    services = json.loads(printed)["services"]

    for name in ["api", *WORKERS]:
        assert {"internal", "outward"} <= set(services[name]["networks"])
        assert services[name]["environment"]["LONGHAUL_STORAGE"] == "s3://bucket/a"
        assert services[name]["environment"]["LONGHAUL_EMBEDDINGS_URL"] is None, (
            "what is not set is not there"
        )
    assert set(services["redis"]["networks"]) == {"internal"}


def test_flower_shows_the_workers_and_changes_nothing(stack):
    flower = stack.address("flower", 5555)

    def shows_all():
        page = stack.http("/workers", address=flower).body
        return all(name in page for name in (b"analysis@", b"indexing@", b"control@"))

    until(shows_all, what="Flower knows every worker")

    assert stack.http("/healthcheck", address=flower).body == b"OK"
    shutdown = stack.http("/api/worker/shutdown/x", address=flower, method="POST")
    assert shutdown.status in (401, 403)


def test_beat_answers_over_the_broker(stack):
    node = "celerybeat@" + stack.inspect("beat")["Config"]["Hostname"]

    printed = stack.execute("worker-indexing", "celery", "-A", "jobs", "inspect", "ping", "-d", node)

    assert "pong" in printed


def test_finished_jobs_outlive_a_crash_of_redis(stack):
    job = analyse_penguins(stack)

    stack.crash("redis", user="redis")
    until(stack.is_ready, seconds=60, what="the API is ready again")

    assert stack.job(job["id"]) == job
    assert analyse_penguins(stack)["status"] == "completed"


def test_a_job_whose_worker_crashes_is_finished_by_its_next_run(stack, tmp_path):
    job_id = analysis_half_way(stack, tmp_path)

    stack.crash("worker-analysis")
    job = stack.finished(job_id)

    assert (job["status"], job["attempt"]) == ("completed", 2), job["error"]
    assert job["results"]["project"] == "project_001"


def test_a_job_whose_worker_is_stopped_is_given_back_and_finished_later(stack, tmp_path):
    job_id = analysis_half_way(stack, tmp_path)

    stack.compose("stop", "worker-analysis")
    stopped = stack.inspect("worker-analysis")["State"]
    waiting = stack.job(job_id)
    stack.compose("start", "worker-analysis")
    job = stack.finished(job_id)

    assert stopped["ExitCode"] != 128 + signal.SIGKILL, "it had to be killed"
    assert not waiting["done"], "it ended before its worker was stopped"
    assert (job["status"], job["attempt"]) == ("completed", 2), job["error"]
    assert job["results"]["project"] == "project_001"


def test_a_rolling_restart_of_every_worker_loses_no_job_and_repeats_none(stack, tmp_path):
    write_documents(stack.documents, MANY)
    session = stack.upload(PENGUINS)

    def analyse():
        return stack.submit("analysis", session=session, question=QUESTION)

    indexing = stack.submit("indexing", index="rolling", folder="documents")
    analyses = [analyse() for _ in range(4)]
    for service in WORKERS:
        stack.compose("restart", service)
        analyses.append(analyse())
    ended = [stack.finished(job_id) for job_id in analyses]
    indexed = stack.finished(indexing)

    assert {job["status"] for job in (*ended, indexed)} == {"completed"}
    projects = [job["results"]["project"] for job in ended]
    assert len(set(projects)) == len(analyses), "a job was repeated after its end"
    counts = indexed["results"]
    assert counts["total"] == counts["indexed"] + counts["unchanged"] == MANY
    until(lambda: all(map(stack.is_healthy, WORKERS)), seconds=60, what="the workers are healthy again")
