"""The base of every kind of job: from a submission to a recorded end.

A kind is a task of this class. Its body takes a `Run` and returns its result model; everything else that a
job needs - the claim, the session, progress, the record - is done here.
"""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Generic, TypeVar

import redis
from celery import Task
from celery.exceptions import Ignore, Reject
from celery.result import denied_join_result
from kombu.exceptions import OperationalError
from pydantic import BaseModel, ConfigDict

from jobs import records, sessions
from jobs.connection import reaching_redis, records_client
from jobs.errors import GaveUp, LonghaulError, NotFound, Unavailable
from jobs.lease import live_seconds
from jobs.progress import Progress, Report, Throttled
from jobs.records import NewJob, Record
from jobs.sessions import Session

NAME_PREFIX = "jobs."
MOST_ATTEMPTS = 5  # a job that has brought down five workers will bring down the sixth

P = TypeVar("P", bound="Params")


class Params(BaseModel):
    """What a user may say to a kind; unknown members are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    session: str | None = None


@dataclass(frozen=True)
class Run(Generic[P]):
    """One attempt of a job, as its task's body sees it."""

    job_id: str
    owner: str
    params: P
    attempt: int
    report: Report

    @property
    def session(self) -> Session:
        """The session that the job works in."""
        return sessions.find(self.owner, self.params.session or "")


class Job(Task):
    """A kind of job. Set `params` in the task's decorator; the function's name after `jobs.` is the kind."""

    abstract = True
    params: ClassVar[type[Params]]
    # Looks at parameters before a job is recorded, so that what cannot work is refused at once.
    check: ClassVar[Callable[[Any, str], None] | None] = None
    # "module:function" that a worker of this kind calls before it forks, so that its processes share it.
    preload: ClassVar[str | None] = None

    typing = False  # a message carries ids only: the body's one argument is made here, in `__call__`
    resultrepr_maxsize = 1  # Flower and events show that there is a result, not what it says
    max_retries = 3  # of a run whose process was killed
    throws = (LonghaulError,)  # expected: logged as a line, without a traceback

    @property
    def kind(self) -> str:
        """What users call this kind of job."""
        return str(self.name).removeprefix(NAME_PREFIX)

    def submit(self, owner: str, params: Params) -> str:
        """Record a job and queue it; return its id.

        Raises
        ------
        LonghaulError
            The parameters cannot work.
        Unavailable
            The job could not be queued; nothing was recorded.
        """
        if self.check is not None:
            type(self).check(params, owner)  # type: ignore[misc]  # not None: seen one line above
        job = NewJob(str(uuid.uuid4()), owner, self.kind, params.model_dump_json(), params.session)
        with reaching_redis():
            records.create(records_client(), job, expires_seconds=self.backend.expires)
        try:
            if job.session:
                sessions.find(owner, job.session)  # from now on it is kept for the job; it may just have gone
            self.publish(job)
            records.mark_published(records_client(), job.id)
        except (OperationalError, redis.RedisError, NotFound) as error:
            with suppress(redis.RedisError):  # when Redis is gone too, the reconciliation removes the record
                records.remove(records_client(), job)
            if isinstance(error, NotFound):
                raise
            raise Unavailable(
                "The queue does not answer at the moment; nothing was started, try again."
            ) from error
        return job.id

    def publish(self, job: NewJob | Record) -> None:
        """Queue a recorded job. However many messages of it there are, the claim lets one at a time run."""
        with denied_join_result():  # nobody waits for this result on a channel
            self.apply_async(task_id=job.id, kwargs={"session": job.session} if job.session else {})

    def before_start(self, task_id: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Claim the job for this attempt.

        Raises
        ------
        Ignore
            It must not run: it has ended, runs elsewhere, or was begun often enough.
        """
        attempt = self.backend.claim(
            task_id, self.request, live_seconds=live_seconds(), most_attempts=MOST_ATTEMPTS
        )
        if attempt == records.RUNS_ELSEWHERE:
            # The other worker may have died a moment ago: look again when its mark has lapsed.
            again = self.signature_from_request(
                self.request, args, kwargs, countdown=live_seconds() + 1, retries=self.request.retries
            )
            try:
                again.apply_async()
            except (OperationalError, redis.RedisError) as error:
                raise Reject("it could not be parked", requeue=True) from error
            raise Ignore("another worker runs this job")
        if attempt == records.NO_ATTEMPT_LEFT:
            reason = GaveUp(
                f"The job was begun {MOST_ATTEMPTS} times and never ended; its worker died each time."
            )
            self.backend.mark_as_failure(task_id, reason, request=self.request)
            raise Ignore("no attempt is left")
        if attempt == records.HAS_ENDED:
            raise Ignore("the job has ended or was deleted")
        self.request.attempt = attempt

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        """Run the body and return its result as JSON values. The parameters come from the record."""
        record = self.backend.outlasting_redis(records.read, records_client(), self.request.id)
        if record is None:
            raise Ignore("the job was deleted")
        run = Run(
            job_id=record.id,
            owner=record.owner,
            params=self.params.model_validate_json(record.params),
            attempt=self.request.attempt,
            report=Throttled(self._publish),
        )
        result: BaseModel = self.run(run)
        return result.model_dump(mode="json")

    def _publish(self, progress: Progress) -> None:
        """Tell everybody who watches: pollers by Celery's result, Flower by an event."""
        self.update_state(state="PROGRESS", meta=asdict(progress))
        try:
            self.send_event("task-progress", retry=False, result=describe(progress))
        except (OperationalError, redis.RedisError, OSError):
            return  # an event is for watching only; a job never fails for it


def describe(progress: Progress) -> str:
    """Return progress in a line, for lists that have room for no more."""
    parts = [f"{progress.percent:.0f} %", progress.message or progress.stage, progress.current_file]
    return " · ".join(part for part in parts if part)
