"""Kinds of job for tests: they take as long, fail or die as their parameters say, and count their runs.

`probe` is for workers that live as long as the tests, `doomed` for those that a test starts and kills itself.
"""

import hashlib
import os
import signal
import threading
import uuid
from pathlib import Path

from kombu import Queue
from pydantic import BaseModel

from jobs import errors
from jobs.celery import app
from jobs.connection import records_client
from jobs.job import Job, Params, Run
from jobs.keys import OPEN_KEY, busy_key, live_key, turns_key
from jobs.progress import Progress
from jobs.settings import settings

for _name in ("probe", "doomed"):
    app.conf.task_queues = (*app.conf.task_queues, Queue(_name, routing_key=_name))


HASHES_A_SECOND = 1_500_000  # about


class ProbeParams(Params):
    steps: int = 1
    seconds_a_step: float = 0.0
    raises: str | None = None
    dies_in_attempts: int = 0
    slow_attempts: int = 99
    kills_worker_in_attempts: int = 0
    busy_seconds: float = 0.0


class ProbeResult(BaseModel):
    steps: int
    attempt: int


def somebody() -> str:
    """Return the name of a user who has no jobs yet."""
    return f"user-{uuid.uuid4().hex[:8]}"


def runs(job_id: str) -> list[str]:
    """Return the process ids of the attempts of a job so far, in their order."""
    path = settings().data / f"probe-{job_id}"
    return path.read_text().split() if path.exists() else []


def left_of(job_id: str, owner: str) -> list[str]:
    """Return where Redis still knows a job, beside its record and its result."""
    redis = records_client()
    left = [key for key in (OPEN_KEY, turns_key("doomed", owner)) if redis.zscore(key, job_id) is not None]
    return left + [key for key in (live_key(job_id), busy_key(job_id)) if redis.exists(key)]


def work(run: Run[ProbeParams]) -> ProbeResult:
    with (settings().data / f"probe-{run.job_id}").open("a") as file:
        file.write(f"{os.getpid()}\n")
    pause = threading.Event()
    for step in range(run.params.steps):
        percent = 100 * step / run.params.steps
        run.report(Progress("work", percent, "Working", f"step-{step}", step, run.params.steps))
        if run.attempt <= run.params.dies_in_attempts and step == run.params.steps // 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if run.attempt <= run.params.kills_worker_in_attempts and step == run.params.steps // 2:
            os.kill(os.getppid(), signal.SIGKILL)
            pause.wait(10)  # the kernel ends this process with its parent
        if run.params.busy_seconds:  # deep in C, where nothing of Python's runs
            hashlib.pbkdf2_hmac("sha256", b"", b"", int(run.params.busy_seconds * HASHES_A_SECOND))
        if run.attempt <= run.params.slow_attempts:
            pause.wait(run.params.seconds_a_step)
    if run.params.raises:
        raise getattr(errors, run.params.raises, RuntimeError)(f"raised on purpose: {run.params.raises}")
    return ProbeResult(steps=run.params.steps, attempt=run.attempt)


def measure(params: ProbeParams, owner: str) -> float:
    return float(params.steps)


measured = {"base": Job, "params": ProbeParams, "measure": staticmethod(measure)}
probe = app.task(name="jobs.probe", queue_name="probe", **measured)(work)
doomed = app.task(name="jobs.doomed", queue_name="doomed", **measured)(work)


@app.task(name="tests.linger", ignore_result=True)
def linger(gate: str) -> None:
    """Take as long as there is no file `gate`, and keep nothing: no record and no result."""
    Path(f"{gate}.begun").touch()
    while not Path(gate).exists():
        threading.Event().wait(0.05)


# Beside them, a kind that is spread over workers; it needs the queues that were declared above.
import tests.support.many  # noqa: E402, F401
