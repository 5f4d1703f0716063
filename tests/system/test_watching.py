"""What operators watch with: the `celery` command, Flower, and beat's housekeeping."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

import celeryconfig
from jobs import sessions, status
from jobs.celery import app
from tests.support.probe import ProbeParams, probe
from tests.support.processes import ROOT
from tests.support.waiting import until


@pytest.fixture
def start_celery(worker, tmp_path):
    """Start a `celery` command in the background; end it with the test."""
    started = []

    def start(*arguments):
        log = tmp_path / f"{arguments[0]}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-u", "-m", "celery", "-A", "tests.support.probe", *arguments],
                cwd=ROOT,
                env=os.environ | {"FLOWER_UNAUTHENTICATED_API": "true"},
                stdout=output,
                stderr=output,
            )
        started.append(process)
        return log

    yield start
    for process in started:
        process.send_signal(signal.SIGKILL)
        process.wait()


def celery(*arguments):
    """Run a `celery` command to its end; return what it printed."""
    command = [sys.executable, "-m", "celery", "-A", "tests.support.probe", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_celery_command_sees_a_running_job_under_its_id(worker):
    job_id = probe.submit("ada", ProbeParams(steps=40, seconds_a_step=0.2))
    until(lambda: status.read(job_id).status == "running")

    active = celery("inspect", "active", "--json")

    assert job_id in active
    assert "1 node online" in celery("status")
    until(lambda: status.read(job_id).done)
    assert "'steps': 40" in celery("result", job_id)


def test_events_tell_the_percent_of_a_running_job(start_celery):
    log = start_celery("events", "--dump")
    until(lambda: "heartbeat:" in log.read_text(), what="events are received")

    probe.submit("ada", ProbeParams(steps=4, seconds_a_step=0.3))

    until(lambda: "50 % · Working · step-2" in log.read_text(), what="progress is told as an event")


def test_flower_shows_percent_and_file_of_a_running_job(start_celery):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    log = start_celery("flower", "--address=127.0.0.1", f"--port={port}")

    def tasks():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/tasks", timeout=5) as answer:
                return json.load(answer)
        except OSError:
            return None

    until(lambda: tasks() is not None, what=f"Flower answers: {log}")
    job_id = probe.submit("ada", ProbeParams(steps=100, seconds_a_step=0.1))

    shown = until(lambda: "step-" in str((tasks() or {}).get(job_id, {}).get("result")) and tasks()[job_id])

    assert shown["state"] == "PROGRESS"
    assert " % · Working · step-" in shown["result"]


def test_what_beat_starts_exists_and_removes_an_expired_session(worker):
    app.loader.import_default_modules()
    scheduled = [entry["task"] for entry in celeryconfig.beat_schedule.values()]
    session = sessions.create("ada", "old")
    expired = session.manifest().model_copy(update={"expires_at": 1.0})
    (session.folder / sessions.MANIFEST).write_text(expired.model_dump_json())

    for name in scheduled:
        assert name in app.tasks
        app.send_task(name)

    until(lambda: not session.folder.exists(), what="the session is removed")
