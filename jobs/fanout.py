"""One job on many workers: it is handed over to batches, and a last run puts together what they made.

The job's own run says how many batches there are (`Batches`) and ends; the job stays as it is. A few batches
at a time stand in the queue, as messages of the same task with the ids `<job>.0`, `<job>.1`..., so that a job
of sixty thousand files never stands before somebody else's. The end of each queues the next; the end of the
last queues the run that finishes the job, under the job's own id.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import redis

from jobs import fleet, records
from jobs.backend import JobBackend, JobStopped
from jobs.keys import busy_key, live_key, meta_key, parent_of, record_key, tally_key
from jobs.progress import SECONDS_BETWEEN_REPORTS, Progress
from jobs.records import Record
from jobs.settings import settings
from jobs.transitions import END_BATCH, NEXT_BATCHES, SPREAD, TICK

FEWEST_AT_ONCE = 2
# Members of a PROGRESS result whose numbers Redis fills in, and what the marks are called that stand in their
# place in the JSON that Python makes.
MARKS: Mapping[str, str] = {
    "percent": "percent",
    "processed": "processed",
    "total": "total",
    "counts": "counts",
    "eta_seconds": "eta",
}


@dataclass(frozen=True)
class Batches:
    """What a kind's body returns instead of a result when its work goes to batches.

    Parameters
    ----------
    count : int, at least 1
        Number of batches.
    total : int
        Things to do in all of the job, those counted in `processed` included.
    processed : int
        Things that are done already.
    counts : mapping of str to int
        Their outcomes by name.
    """

    count: int
    total: int
    processed: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


def spread(backend: JobBackend, job_id: str, fence: int, batches: Batches) -> None:
    """Hand a job over to its batches.

    Raises
    ------
    JobStopped
        It has ended, was deleted, or a newer attempt runs it.
    """
    counted = {"processed": batches.processed, **batches.counts}
    numbers = [item for pair in counted.items() for item in pair]
    refusal = backend.outlasting_redis(
        backend.client.register_script(SPREAD),
        keys=[record_key(job_id), tally_key(job_id)],
        args=[fence, batches.count, batches.total, *numbers],
    )
    if refusal:
        raise JobStopped(refusal.decode())


def next_batches(client: redis.Redis, record: Record) -> list[str]:
    """Return the ids of the batches that are to be queued now, as many as the workers can begin soon."""
    script = client.register_script(NEXT_BATCHES)
    now = time.time()
    workers = fleet.read(client, now=now, silent_seconds=settings().visibility_timeout_seconds)
    at_once = max(FEWEST_AT_ONCE, workers.slots(record.queue) + 1)
    numbers = script(keys=[record_key(record.id)], args=[at_once, now])
    return [f"{record.id}.{number}" for number in cast("list[int]", numbers)]


def end_batch(client: redis.Redis, batch: Record) -> int:
    """Note that a batch has ended; return how many of its job are left, or -1 if the job has ended."""
    job_id, _, number = batch.id.partition(".")
    script = client.register_script(END_BATCH)
    keys = [record_key(job_id), tally_key(job_id), busy_key(job_id), live_key(job_id)]
    return int(script(keys=keys, args=[number]))


def ended_batches(client: redis.Redis, record: Record) -> set[str]:
    """Return the ids of a job's batches whose end was counted."""
    if not record.batches:
        return set()
    marks = [f"{number}:ended" for number in range(record.batches)]
    counted = client.hmget(tally_key(record.id), marks)
    return {batch for batch, mark in zip(records.batch_ids(record), counted, strict=True) if mark}


class Ticker:
    """Takes the reports of one batch and makes them the progress of its job."""

    def __init__(self, backend: JobBackend, request: Any, *, live_seconds: int, percent: tuple[float, float]):
        self._backend = backend
        self._request = request
        self._live_seconds = live_seconds
        self._percent = percent
        self._script = backend.client.register_script(TICK)
        self._mark = secrets.token_hex(8)  # what no file can be called by chance or on purpose
        self._job_id, _, self._number = str(request.id).partition(".")

    def __call__(
        self, progress: Progress, /, *, seconds_between: float = SECONDS_BETWEEN_REPORTS
    ) -> Progress | None:
        """Count what the batch has done so far; publish the whole, and return it, if it is time.

        Parameters
        ----------
        seconds_between : float
            Publish if the last time is so long ago, whichever batch it was.

        Raises
        ------
        JobStopped
            The job has ended or was deleted, or a newer attempt runs the batch.
        """
        counted = {"processed": progress.processed or 0, **progress.counts}
        shown = {
            **progress.as_json(),
            **{member: self._mark + mark for member, mark in MARKS.items()},
        }
        meta = self._backend._get_result_meta(shown, "PROGRESS", None, self._request)
        meta |= {"task_id": self._job_id, "status": "PROGRESS", "date_done": None}
        meta["task_id"] = self._job_id
        job, batch = self._job_id, str(self._request.id)
        refusal, published = self._backend.outlasting_redis(
            self._script,
            keys=[meta_key(job), record_key(job), live_key(job), tally_key(job), record_key(batch)],
            args=[
                self._number,
                self._request.fence,
                self._request.hostname,
                self._live_seconds,
                seconds_between,
                self._backend.expires or 0,
                self._backend.encode(meta),
                orjson.dumps(shown),
                self._mark,
                *self._percent,
                *(item for pair in counted.items() for item in pair),
            ],
        )
        if refusal:
            raise JobStopped(f"{batch}: {refusal.decode()}")
        return progress_of(orjson.loads(published)) if published else None


def progress_of(shown: Mapping[str, Any]) -> Progress:
    """Return the progress that a stored result shows."""
    return Progress(**{name: value for name, value in shown.items() if name != "eta_seconds"})


def is_batch(record: Record) -> bool:
    """Return whether a record is of a batch, not of a job."""
    return parent_of(record.id) != record.id
