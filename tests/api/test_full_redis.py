"""A Redis that takes nothing more is said to be full; nothing is half done, and running jobs wait for room."""

import time

import pytest

from jobs.connection import records_client
from tests.support.waiting import until


@pytest.fixture
def full_redis(redis_server):
    """Return a function that fills Redis up, and one that makes room again."""
    client = records_client()
    yield lambda: client.config_set("maxmemory", 1), lambda: client.config_set("maxmemory", 0)
    client.config_set("maxmemory", 0)


def test_a_job_cannot_be_submitted_or_cancelled_and_the_reason_is_said(worker, ada, full_redis):
    fill, make_room = full_redis
    waiting = ada.submit("probe", steps=30, seconds_a_step=0.1)

    fill()
    answers = [ada.post("/api/v1/jobs/probe", json={}), ada.post(f"{waiting}/cancel")]
    make_room()

    assert [answer.status_code for answer in answers] == [503, 503]
    assert "full" in answers[0].json["detail"]
    assert len(ada.get("/api/v1/jobs").json["items"]) == 1
    assert ada.wait_for(waiting)["status"] == "completed"


def test_a_running_job_waits_for_room(worker, ada, full_redis):
    fill, make_room = full_redis
    job = ada.submit("probe", steps=20, seconds_a_step=0.2)
    until(lambda: ada.get(job).json["progress"] > 0, what="it runs")

    fill()
    begun = time.monotonic()
    until(lambda: time.monotonic() - begun > 1.5, what="some of its reports were refused")
    seen = ada.get(job).json["progress"]
    make_room()

    done = ada.wait_for(job)
    assert (done["status"], done["attempt"]) == ("completed", 1)
    assert seen < 100
