"""A Redis that takes no changes: said to whoever submits, and outlasted by workers until it does."""

import shutil
import time
from pathlib import Path

import pytest

from jobs.connection import records_client
from tests.support.probe import ProbeParams, doomed, linger, runs, somebody
from tests.support.waiting import until

SECONDS_BETWEEN_LOOKS = 10  # of a worker for messages of dead ones: each finds a lost connection too


def saves_nothing(client):
    """Whether neither a snapshot nor a shorter append-only file is being written: a second is refused."""
    seen = client.info("persistence")
    return not seen["rdb_bgsave_in_progress"] and not seen["aof_rewrite_in_progress"]


class Full:
    """It has reached its limit of memory and must not evict."""

    word = "full"

    def begin(self, client):
        client.config_set("maxmemory", 1)

    def end(self, client):
        client.config_set("maxmemory", 0)


class CannotSave:
    """Its disk takes no snapshot: here, because a folder stands where the file should be."""

    word = "disk"

    def begin(self, client):
        folder, name = (client.config_get(option)[option] for option in ("dir", "dbfilename"))
        self._obstacle = Path(folder) / name
        until(lambda: saves_nothing(client))
        self._obstacle.unlink(missing_ok=True)  # what a save that nothing stood in the way of left
        (self._obstacle / "not-empty").mkdir(parents=True)
        client.config_set("save", "3600 1000000")
        client.bgsave()
        until(lambda: saves_nothing(client))
        assert client.info("persistence")["rdb_last_bgsave_status"] == "err"

    def end(self, client):
        client.config_set("save", "")
        until(lambda: saves_nothing(client))
        shutil.rmtree(self._obstacle, ignore_errors=True)


class Replica:
    """A failover has made it follow another server."""

    word = "replica"

    def begin(self, client):
        client.replicaof("127.0.0.1", 1)

    def end(self, client):
        client.replicaof("NO", "ONE")


@pytest.fixture(params=[Full, CannotSave, Replica])
def refusal(request, redis_server):
    """A reason for which Redis takes no changes, to begin and to end."""
    return request.param()


@pytest.fixture
def refuse(refusal):
    """Return a function that makes Redis take no changes, and one that makes it take them again."""
    client = records_client()
    yield lambda: refusal.begin(client), lambda: refusal.end(client)
    refusal.end(client)


def pass_seconds(seconds):
    begun = time.monotonic()
    until(lambda: time.monotonic() - begun > seconds, what="changes were refused for a while")


def test_a_job_cannot_be_submitted_or_cancelled_and_the_reason_is_said(rest, refusal, refuse):
    begin, end = refuse
    waiting = doomed.submit(somebody(), ProbeParams())

    begin()
    answers = [rest.post("doomed", json={}), rest.post(f"{waiting}/cancel")]
    end()

    assert [answer.status_code for answer in answers] == [503, 503]
    assert all(answer.headers["Retry-After"] for answer in answers)
    assert refusal.word in answers[0].json["detail"]
    assert rest.read(waiting).status == "queued"
    rest.post(f"{waiting}/cancel")


def test_jobs_can_still_be_read_while_the_service_says_that_it_is_not_ready(app, rest, refuse):
    begin, end = refuse
    job_id = doomed.submit(somebody(), ProbeParams())
    asked = app.test_client()

    begin()
    seen, not_ready = rest.read(job_id), asked.get("/readyz")
    end()

    assert seen.status == "queued"
    assert (not_ready.status_code, asked.get("/readyz").status_code) == (503, 200)
    rest.post(f"{job_id}/cancel")


def test_running_jobs_and_their_worker_wait(start_worker, rest, refuse):
    begin, end = refuse
    worker = start_worker()
    owner = somebody()
    running = doomed.submit(owner, ProbeParams(steps=20, seconds_a_step=0.2))
    waiting = doomed.submit(owner, ProbeParams())
    rest.running(running)

    begin()
    pass_seconds(5)  # reports, renewals and the end are refused
    assert not rest.read(running).done
    end()

    for job_id in (running, waiting):
        done = rest.ended(job_id)
        assert (done.status, done.attempt, len(runs(job_id))) == ("completed", 1, 1)
    assert worker.process.poll() is None


def test_a_worker_that_takes_a_job_meanwhile_lives_on(start_worker, rest, refuse):
    begin, end = refuse
    worker = start_worker()
    for _ in range(3):
        doomed.submit(somebody(), ProbeParams())
        begin()
        pass_seconds(0.5)
        end()

    last = doomed.submit(somebody(), ProbeParams())

    assert rest.ended(last).status == "completed"
    assert worker.process.poll() is None


@pytest.mark.parametrize("refusal", [CannotSave(), Replica()])  # one that is full takes acknowledgements
def test_a_worker_whose_acknowledgement_was_refused_takes_the_next_job(
    start_worker, rest, refuse, tmp_path, monkeypatch
):
    begin, end = refuse
    monkeypatch.setenv("LONGHAUL_VISIBILITY_TIMEOUT_SECONDS", str(6 * SECONDS_BETWEEN_LOOKS))
    worker = start_worker()
    gate = tmp_path / "gate"
    linger.apply_async([str(gate)], queue="doomed")
    until(Path(f"{gate}.begun").exists)

    begin()
    gate.touch()
    until(lambda: "Couldn't ack" in worker.log.read_text(), what="the acknowledgement is refused")
    end()

    assert rest.ended(doomed.submit(somebody(), ProbeParams())).status == "completed"
    assert worker.process.poll() is None
