"""Two beats at once, as during a deploy: what each of them sends is done once a period."""

import itertools
import os
import subprocess
import sys

import pytest

from tests.support.processes import ROOT
from tests.support.waiting import until

APP, PERIOD_SECONDS = "tests.support.ticking", 2.0
LEAST_SECONDS_BETWEEN = 0.9 * PERIOD_SECONDS  # workers begin a task a little sooner or later than it was sent


@pytest.fixture
def ticks(tmp_path, monkeypatch):
    """Return a function that reads what the periodic task wrote: times at which it ran, and others."""
    path = tmp_path / "ticks"
    monkeypatch.setenv("TICKS_FILE", str(path))

    def read():
        lines = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
        return [float(at) for at, did in lines if did == "ran"], [
            float(at) for at, did in lines if did != "ran"
        ]

    return read


@pytest.fixture
def start_beat(redis_server, tmp_path, ticks):
    started = []

    def start(name):
        files = [f"--schedule={tmp_path / name}-schedule", f"--pidfile={tmp_path / name}.pid"]
        command = [sys.executable, "-m", "celery", "-A", APP, "beat", *files, "-l", "INFO"]
        log = tmp_path / f"{name}.log"
        with log.open("wb") as output:
            started.append(subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=output, stderr=output))
        return started[-1], log

    yield start
    for process in started:
        process.kill()
        process.wait()


def sent(log):
    return log.read_text().count("Sending due task")


def test_of_two_beats_each_sends_a_task_that_runs_once_a_period(start_worker, start_beat, ticks):
    _, one = start_beat("one")
    until(lambda: sent(one) >= 1, what="the first beat is at work")
    _, two = start_beat("two")
    start_worker(queues="ticks", module=APP)

    def both_have_sent_enough():
        ran, left = ticks()
        return sent(two) >= 4 and len(ran) + len(left) >= 7 and len(ran) >= 4

    until(both_have_sent_enough, seconds=20, what="about seven seconds have passed")
    between = seconds_between(ticks()[0])
    assert min(between) >= LEAST_SECONDS_BETWEEN, between
    assert max(between) < 2 * PERIOD_SECONDS, between  # else a period went by without a run


def test_when_one_of_two_beats_dies_no_period_is_left_out(start_worker, start_beat, ticks):
    first, one = start_beat("one")
    _, two = start_beat("two")
    start_worker(queues="ticks", module=APP)
    until(lambda: sent(one) and sent(two) and ticks()[0], what="both are at work")

    first.kill()

    before = len(ticks()[0])
    until(lambda: len(ticks()[0]) >= before + 3, seconds=12, what="the other goes on")
    between = seconds_between(ticks()[0])
    assert min(between) >= LEAST_SECONDS_BETWEEN, between
    # At worst the other had sent its task just too early to be due, and sends the next one period later.
    assert max(between) < LEAST_SECONDS_BETWEEN + PERIOD_SECONDS + 0.5, between


def seconds_between(ran):
    return [later - earlier for earlier, later in itertools.pairwise(ran)]
