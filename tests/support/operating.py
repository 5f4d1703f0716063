"""What an operator has in hand: the `celery` command, its events, Flower, and jobs as users see them."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from celery.bin.celery import celery as celery_command
from click.testing import CliRunner

from jobs.connection import records_client
from jobs.keys import OPEN_KEY, busy_key, live_key, turns_key, waiting_key
from tests.support.probe import doomed, somebody
from tests.support.processes import ROOT
from tests.support.waiting import until

NODE = "watched@test"


def celery(*arguments, exit_code=0):
    """Run a `celery` command as its program does, without the second that a process of its own takes.

    Returns what it printed, or the error that ended it where another exit code is expected.
    """
    ran = CliRunner().invoke(celery_command, ["-A", "tests.support.probe", "-C", *arguments])
    assert ran.exit_code == exit_code, (ran.output, ran.exception)
    return ran.output if exit_code == 0 else repr(ran.exception)


def inspect(command, *arguments):
    """Ask the watched worker."""
    return celery("inspect", "--destination", NODE, command, *arguments)


def control(command, *arguments):
    """Tell the watched worker."""
    return celery("control", "--destination", NODE, command, *arguments)


def listed(group):
    """Return the names of a group's commands, as the installed Celery lists them."""
    lines = celery(group, "--list").splitlines()
    return {line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")}


class Seen:
    """A job of a user of its own, as REST shows it."""

    def __init__(self, client_of, params):
        self.owner = somebody()
        self.http = client_of(self.owner)
        self.id = doomed.submit(self.owner, params)

    def look(self):
        return self.http.get(f"/api/v1/jobs/{self.id}").json

    def wait_for(self, name):
        """Return the job once it is in a status."""
        return until(lambda: (job := self.look())["status"] == name and job, what=f"the job is {name}")

    def wait_for_end(self, name):
        """Return the job once it has ended and its worker has heard of it from the process that ran it."""
        ended = self.wait_for(name)
        until(lambda: self.id not in inspect("active"), seconds=5, what="the worker knows of the end")
        return ended

    def cancel(self):
        assert self.http.post(f"/api/v1/jobs/{self.id}/cancel").status_code == 202

    def leaves(self):
        """Return where Redis still knows the job, beside its record and its result."""
        redis = records_client()
        places = [OPEN_KEY, waiting_key("doomed"), turns_key("doomed", self.owner)]
        left = [place for place in places if redis.zscore(place, self.id) is not None]
        return left + [key for key in (live_key(self.id), busy_key(self.id)) if redis.exists(key)]


@contextmanager
def _in_background(log, *arguments, **environment) -> Iterator[None]:
    command = [sys.executable, "-u", "-m", "celery", "-A", "tests.support.probe", *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


class Events:
    """What `celery events --dump` prints."""

    def __init__(self, log):
        self._log = log

    def text(self):
        return self._log.read_text()

    def tell(self, end, job_id):
        """Return whether it was told that a job has come to an end such as "failed"."""
        return any(f"task {end}" in line and job_id in line for line in self.text().splitlines())


@contextmanager
def listening(log) -> Iterator[Events]:
    """Run `celery events --dump`."""
    with _in_background(log, "events", "--dump"):
        events = Events(log)
        until(lambda: "heartbeat:" in events.text(), what="events are received")
        yield events


class Flower:
    """Flower's pages."""

    def __init__(self, port):
        self._port = port

    def get(self, path):
        """Return a page, or "" while Flower does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def tasks(self):
        """Return what Flower knows of every task, by id."""
        return json.loads(self.get("/api/tasks") or "{}")


@contextmanager
def watching(log) -> Iterator[Flower]:
    """Run Flower, until it knows the watched worker."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    options = ["--address=127.0.0.1", f"--port={port}"]
    with _in_background(log, "flower", *options, FLOWER_UNAUTHENTICATED_API="true"):
        flower = Flower(port)
        until(lambda: NODE in flower.get("/api/workers"), what=f"Flower knows the worker: {log}")
        yield flower
