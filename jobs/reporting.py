"""From a report of the domain to what everybody sees: Celery's result for pollers, an event for Flower."""

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import redis
from kombu.exceptions import OperationalError

from jobs.backend import Step
from jobs.eta import Eta
from jobs.fanout import Ticker
from jobs.keys import parent_of
from jobs.lease import live_seconds
from jobs.progress import Progress, Throttled
from jobs.records import Record


class Reporter:
    """Takes the reports of one run, at most two a second of each stage.

    What a batch reports becomes the progress of its job. The run that puts batches together reports shares of
    the whole job, as its first run does; percent never falls below where the batches have ended.

    Parameters
    ----------
    task : jobs.job.Job
        The task, which knows its request.
    """

    def __init__(self, task: Any, record: Record, step: Step) -> None:
        self._task = task
        self._record = record
        self._begin = _begin(task, record) if step.name == "finish" else 0.0
        self._eta = Eta()
        self._last: Progress | None = None
        self._tick = (
            Ticker(task.backend, task.request, live_seconds=live_seconds(), percent=task.batches_percent)
            if step.name == "batch"
            else None
        )
        self._throttled = Throttled(self._publish if self._tick is None else self._count)

    def __call__(self, progress: Progress, /) -> None:
        """Pass a report on if it is due.

        Raises
        ------
        JobStopped
            The job has ended, was deleted, or a newer attempt runs it.
        """
        self._last = progress
        self._throttled(progress)

    def flush(self) -> None:
        """Pass the last report on if it was held back; of a batch, whatever else was published just now."""
        if self._tick is None:
            self._throttled.flush()
        elif self._last is not None:
            self._tick(self._last, seconds_between=0)

    def _publish(self, progress: Progress) -> None:
        now = replace(progress, percent=max(self._begin, progress.percent))
        self._eta.note(time.monotonic(), now.percent)
        left = self._eta.seconds(time.monotonic())
        self._task.update_state(state="PROGRESS", meta=now.as_json() | {"eta_seconds": left})
        self._tell(self._task.request.id, describe(now))

    def _count(self, progress: Progress) -> None:
        assert self._tick is not None  # noqa: S101 - see where this method is chosen
        whole = self._tick(progress)
        self._tell(self._task.request.id, describe(progress))
        if whole is not None:
            self._tell(parent_of(self._record.id), describe(whole))

    def _tell(self, uuid: str, line: str) -> None:
        """Send an event; it is for watching only, and a job never fails for it."""
        with (
            suppress(OperationalError, redis.RedisError, OSError),
            self._task.app.events.default_dispatcher(hostname=self._task.request.hostname) as dispatcher,
        ):
            dispatcher.send("task-progress", uuid=uuid, retry=False, result=line)


def _begin(task: Any, record: Record) -> float:
    """Return the percent where the batches have ended."""
    reached = float(orjson.loads(record.progress)["percent"]) if record.progress else 0.0
    return max(float(task.batches_percent[1]), reached)


def describe(progress: Progress) -> str:
    """Return progress in a line, for lists that have room for no more."""
    parts = [f"{progress.percent:.0f} %", progress.message or progress.stage, progress.current_file]
    return " · ".join(part for part in parts if part)
