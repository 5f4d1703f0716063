"""A kind of job for tests: it takes as long, fails or dies as its parameters say, and counts its runs."""

import os
import signal
import threading

from kombu import Queue
from pydantic import BaseModel

from jobs import errors
from jobs.celery import app
from jobs.job import Job, Params, Run
from jobs.progress import Progress
from jobs.settings import settings

app.conf.task_queues = (*app.conf.task_queues, Queue("probe"))
app.conf.task_routes = {**app.conf.task_routes, "jobs.probe": {"queue": "probe"}}


class ProbeParams(Params):
    steps: int = 1
    seconds_a_step: float = 0.0
    raises: str | None = None
    dies_in_attempts: int = 0
    slow_attempts: int = 99


class ProbeResult(BaseModel):
    steps: int
    attempt: int


def runs(job_id: str) -> list[str]:
    """Return the process ids of the attempts of a job so far, in their order."""
    path = settings().data / f"probe-{job_id}"
    return path.read_text().split() if path.exists() else []


@app.task(base=Job, name="jobs.probe", params=ProbeParams)
def probe(run: Run[ProbeParams]) -> ProbeResult:
    with (settings().data / f"probe-{run.job_id}").open("a") as file:
        file.write(f"{os.getpid()}\n")
    pause = threading.Event()
    for step in range(run.params.steps):
        percent = 100 * step / run.params.steps
        run.report(Progress("work", percent, "Working", f"step-{step}", step, run.params.steps))
        if run.attempt <= run.params.dies_in_attempts and step == run.params.steps // 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if run.attempt <= run.params.slow_attempts:
            pause.wait(run.params.seconds_a_step)
    if run.params.raises:
        raise getattr(errors, run.params.raises, RuntimeError)(f"raised on purpose: {run.params.raises}")
    return ProbeResult(steps=run.params.steps, attempt=run.attempt)
