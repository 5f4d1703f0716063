"""A kind of job that is spread over workers: each item leaves a line, is bad, or kills who touches it."""

import os
import signal
import threading
from collections.abc import Iterator

from pydantic import BaseModel

from jobs.celery import app
from jobs.errors import UnsuitableData
from jobs.job import Batches, Job, Params, Run
from jobs.progress import Progress
from jobs.settings import settings

ITEMS_A_BATCH = 200


class ManyParams(Params):
    items: int = 1_000
    seconds_an_item: float = 0.0
    bad_every: int = 0
    poison: tuple[int, ...] = ()
    kills_worker: bool = False
    raises_in_batch: int | None = None
    plans_percent: float = 50.0  # what the planning run claims of the whole, while it takes its time
    seconds_to_plan: float = 0.0
    seconds_to_finish: float = 0.0


class ManyResult(BaseModel):
    items: int
    failed: int


def made(job_id: str) -> list[str]:
    """Return the items that are done, in the order in which they were."""
    lines = []
    for path in sorted(settings().data.glob(f"many-{job_id}-*")):
        lines += path.read_text().splitlines()
    return lines


def finishes(job_id: str) -> int:
    """Return how often the last run was begun."""
    path = settings().data / f"finish-{job_id}"
    return len(path.read_text().split()) if path.exists() else 0


def _path(run: Run[ManyParams]) -> str:
    return str(settings().data / f"many-{run.job_id}-{run.batch:05}")


def _todo(run: Run[ManyParams]) -> Iterator[int]:
    begin = (run.batch or 0) * ITEMS_A_BATCH
    yield from range(begin, min(begin + ITEMS_A_BATCH, run.params.items))


def one_batch(run: Run[ManyParams]) -> None:
    """Do the items of a batch, from where an earlier attempt ended."""
    params, pause = run.params, threading.Event()
    if params.raises_in_batch == run.batch:
        raise UnsuitableData("raised on purpose in a batch")
    killers = {int(item) for item, deaths in run.journal.deaths().items() if deaths >= 2}
    with open(_path(run), "a+", buffering=1) as file:  # noqa: PTH123
        file.seek(0)
        done = {int(line.split()[0]) for line in file}
        failed = sum(1 for item in done if params.bad_every and item % params.bad_every == 0)
        failed += len(done & killers)
        for item in _todo(run):
            if item in done:
                continue
            if item in killers:
                file.write(f"{item} killer\n")
                failed += 1
            else:
                run.journal.hold([str(item)])
                if item in params.poison:
                    os.kill(os.getppid() if params.kills_worker else os.getpid(), signal.SIGKILL)
                    pause.wait(10)
                pause.wait(params.seconds_an_item)
                bad = bool(params.bad_every) and item % params.bad_every == 0
                failed += bad
                file.write(f"{item} {'bad' if bad else 'good'}\n")
            done.add(item)
            run.report(Progress("work", 50, "Working", str(item), len(done), counts={"failed": failed}))


def finish(run: Run[ManyParams]) -> ManyResult:
    """Count what the batches have done."""
    with (settings().data / f"finish-{run.job_id}").open("a") as file:
        file.write("begun\n")
    lines = made(run.job_id)
    run.report(Progress("count", 50, "Counting", None, len(lines), len(lines)))
    threading.Event().wait(run.params.seconds_to_finish)
    return ManyResult(items=len(lines), failed=sum(not line.endswith("good") for line in lines))


def spread(run: Run[ManyParams]) -> Batches:
    """Say how many batches there are."""
    run.report(Progress("plan", run.params.plans_percent, "Planning"))
    threading.Event().wait(run.params.seconds_to_plan)
    return Batches(-(-run.params.items // ITEMS_A_BATCH), run.params.items)


many = app.task(
    base=Job,
    name="jobs.many",
    params=ManyParams,
    queue_name="doomed",
    batch=staticmethod(one_batch),
    finish=staticmethod(finish),
    retries_failed=True,
)(spread)
