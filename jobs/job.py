"""The base of every kind of job: from a submission to a recorded end.

A kind is a task of this class. Its body takes a `Run` and returns its result model; everything else that a
job needs - its turn, the claim, the session, progress, the record - is done here.
"""

import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

import redis
from celery import Task
from celery.exceptions import Ignore, Reject
from celery.result import denied_join_result
from kombu.exceptions import OperationalError
from pydantic import BaseModel

from jobs import fanout, logs, projects, records, submitting, transitions, turns
from jobs.backend import JobStopped, Step, job_ended
from jobs.connection import records_client
from jobs.errors import GaveUp, LonghaulError, WorkerLost
from jobs.fanout import Batches
from jobs.hand import Hand
from jobs.idempotency import Once
from jobs.keys import parent_of, waiting_key
from jobs.lease import live_seconds
from jobs.passing import may_pass
from jobs.records import NewJob, Only, Record
from jobs.reporting import Reporter
from jobs.run import Params, Run
from jobs.settings import settings
from jobs.submitting import Submission

__all__ = ["Batches", "Job", "Params", "Run"]

log = logging.getLogger(__name__)

NAME_PREFIX = "jobs."
MOST_ATTEMPTS = 5  # a job that has brought down five workers will bring down the sixth
MOST_ATTEMPTS_OF_KILLED_PROCESS = 4  # its worker lives and sees it die: no need to try as often
# A batch is minutes of work at most; one that hangs must not hold its worker for as long as a whole job may.
BATCH_SOFT_SECONDS, BATCH_SECONDS = 1740, 1800


class Job(Task):
    """A kind of job. Set `params` in the task's decorator; the function's name after `jobs.` is the kind."""

    abstract = True
    params: ClassVar[type[Params]]
    # The queue that jobs of this kind wait in, one of `task_queues`: no long ones where short ones wait.
    queue_name: ClassVar[str] = "analysis"
    # Looks at parameters before a job is recorded, so that what cannot work is refused at once.
    check: ClassVar[Callable[[Any, str], None] | None] = None
    # What the kind offers to a form for its parameters: must be quick, and load nothing that computes.
    about: ClassVar[Callable[[], BaseModel] | None] = None
    # Looks at a job that is recorded, not queued yet: may remove it, and refuse it or name another instead.
    enter: ClassVar[Callable[[NewJob, Any], str | None] | None] = None
    # How much a job has to work on, in any unit: how long it will take is told from others of its size.
    measure: ClassVar[Callable[[Any, str], float | None] | None] = None
    # The body of one batch, and of the run that puts them together; for kinds whose body returns `Batches`.
    batch: ClassVar[Callable[[Run[Any]], object] | None] = None
    finish: ClassVar[Callable[[Run[Any]], BaseModel] | None] = None
    batches_percent: ClassVar[tuple[float, float]] = (5.0, 80.0)
    # Removes what the runs of a job that has ended needed, or have left half made.
    tidy: ClassVar[Callable[[Record], None]] = staticmethod(projects.tidy)
    # Removes what a job has made, when its user deletes the job.
    discard: ClassVar[Callable[[Record], None]] = staticmethod(projects.discard)
    # What an attempt may raise because an earlier one, thought dead, still holds something: it is begun anew.
    retry_on: ClassVar[tuple[type[LonghaulError], ...]] = ()
    # Whether a job waits for what another job has and it does not get, as it was asked to.
    waits: ClassVar[Callable[[Record, int], bool] | None] = None
    # Whether a job of this kind can try again just what failed: its body looks at `run.only`.
    retries_failed: ClassVar[bool] = False
    # "module:function" that a worker of this kind calls before it forks, so that its processes share it.
    preload: ClassVar[str | None] = None

    typing = False  # a message carries ids only: the body's one argument is made here, in `__call__`
    resultrepr_maxsize = 1  # Flower and events show that there is a result, not what it says
    max_retries = None  # of a run whose process was killed: the claim counts
    throws = (LonghaulError,)  # expected: logged as a line, without a traceback

    @property
    def kind(self) -> str:
        """What users call this kind of job."""
        return str(self.name).removeprefix(NAME_PREFIX)

    def submit(
        self,
        owner: str,
        params: Params,
        *,
        retry_of: str | None = None,
        only: Only = "all",
        once: Once | None = None,
    ) -> str:
        """Record a job and queue it; return its id, or that of another which does the same already.

        Raises
        ------
        LonghaulError
            The parameters cannot work.
        TooManyJobs
            As many jobs of the owner wait as may; nothing was recorded.
        KeyInUse
            `once` was taken over by another request; nothing was recorded.
        Unavailable
            The job could not be queued; nothing was recorded.
        """
        return submitting.submit(self, Submission(owner, params, retry_of, only, once))

    def publish_in_turn(self, job: NewJob | Record) -> None:
        """Queue a recorded job, or hold it back while its owner has enough in the queue."""
        if turns.admit(records_client(), job):
            self.publish(job)

    def publish(self, job: NewJob | Record, *, run_id: str = "", step: str = "whole") -> None:
        """Queue a recorded job, one of its batches, or the run that puts them together.

        However many messages of it there are, the claim lets one at a time run.
        """
        run_id = run_id or job.id
        kwargs: dict[str, object] = {"session": job.session} if job.session else {}
        limits: dict[str, int] = {}
        if step == "batch":
            kwargs["batch"] = int(run_id.rpartition(".")[2])
            limits = {"soft_time_limit": BATCH_SOFT_SECONDS, "time_limit": BATCH_SECONDS}
        elif step == "finish":
            kwargs["step"] = step
        records.note_waiting(records_client(), job.queue, run_id)
        with denied_join_result():  # nobody waits for this result on a channel
            # It is nobody's child, even when the end of another job publishes it.
            self.apply_async(
                task_id=run_id,
                queue=job.queue,
                kwargs=kwargs,
                root_id=job.id,
                parent_id=job.id,
                add_to_parent=False,
                headers={"request_id": logs.request_id.get()},
                **limits,
            )

    def publish_batches(self, record: Record) -> None:
        """Queue the next batches of a job that is spread, as many as may be in the queue at once.

        If Redis goes away meanwhile, the reconciliation queues them: the job goes on.
        """
        try:
            for batch_id in fanout.next_batches(records_client(), record):
                self.publish(record, run_id=batch_id, step="batch")
        except (OperationalError, redis.RedisError) as error:
            log.warning("batches not queued", extra={"job_id": record.id, "reason": repr(error)})

    def before_start(self, task_id: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Claim the job for this run.

        Raises
        ------
        Ignore
            It must not run: it has ended, runs elsewhere, or was begun often enough.
        """
        number = kwargs.get("batch")
        step = Step("batch" if number is not None else kwargs.get("step", "whole"), number)
        killed = bool(self.request.retries)
        most = MOST_ATTEMPTS_OF_KILLED_PROCESS if killed else MOST_ATTEMPTS
        claim = self.backend.claim(
            task_id,
            self.request,
            step,
            live_seconds=live_seconds(),
            most_attempts=most,
            token=uuid.uuid4().hex,
        )
        if claim.fence == transitions.RUNS_ELSEWHERE:
            self._park(args, kwargs)
            raise Ignore("another worker runs this job")
        self.backend.outlasting_redis(records_client().zrem, waiting_key(self.queue_name), task_id)
        if claim.fence == transitions.NO_ATTEMPT_LEFT:
            self._give_up(task_id, killed=killed)
            raise Ignore("no attempt is left")
        if claim.fence == transitions.IS_SPREAD:
            if (record := self._record(task_id)) is not None:
                self.publish_batches(record)
            raise Ignore("the job runs in batches")
        if claim.fence == transitions.HAS_ENDED:
            ended = self._record(parent_of(task_id))
            if ended is not None and (number is not None or ended.state == "REVOKED"):
                self._tell_revoked()
            if number is not None:
                job_ended.send(sender=self, job_id=task_id)  # the last of its job's to be stopped, perhaps
            raise Ignore("the job has ended or was deleted")
        self.request.fence, self.request.attempt, self.request.step = claim.fence, claim.attempt, step

    def _park(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Look again when the other worker's mark has lapsed: it may have died a moment ago."""
        again = self.signature_from_request(
            self.request, args, kwargs, countdown=live_seconds() + 1, retries=self.request.retries
        )
        try:
            again.apply_async()
        except (OperationalError, redis.RedisError) as error:
            raise Reject("it could not be parked", requeue=True) from error

    def _give_up(self, task_id: str, *, killed: bool) -> None:
        if killed:
            reason: LonghaulError = WorkerLost(
                "The process that ran the job died each time it was tried, most likely because it needed "
                "more memory than there is; try it with less data."
            )
        else:
            reason = GaveUp(
                f"The job was begun {MOST_ATTEMPTS} times and never ended; its worker died each time."
            )
        self.backend.mark_as_failure(task_id, reason, request=self.request)
        with suppress(OperationalError, redis.RedisError, OSError):  # for watching only
            self.send_event("task-failed", retry=False, exception=repr(reason), traceback="")

    def _record(self, job_id: str) -> Record | None:
        found: Record | None = self.backend.outlasting_redis(records.read, records_client(), job_id)
        return found

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        """Run the body and return its result as JSON values. The parameters come from the record."""
        record = self._record(self.request.id)
        if record is None:
            raise Ignore("the job was deleted")
        try:
            return self._run(record)
        except JobStopped:
            self._let_go(record)
            raise
        except LonghaulError as error:
            if not may_pass(self, record, error):
                raise
            self.backend.outlasting_redis(records.note_given_back, records_client(), record.id)
            raise self.retry(exc=error, countdown=settings().retry_seconds) from error

    def _run(self, record: Record) -> Any:
        """Do what the message asked for."""
        step: Step = self.request.step
        hand = Hand(records_client(), record, self.request.fence, ask=self.backend.outlasting_redis)
        reporter = Reporter(self, record, step)
        run = Run(
            job_id=parent_of(record.id),
            owner=record.owner,
            params=self.params.model_validate_json(record.params),
            attempt=self.request.attempt,
            only=record.only,
            retry_of=record.retry_of,
            report=reporter,
            journal=hand,
            batch=step.batch,
        )
        body = {"whole": self.run, "batch": type(self).batch, "finish": type(self).finish}[step.name]
        try:
            result = body(run)
            reporter.flush()
        finally:
            hand.empty()  # a job that was cancelled meanwhile is stopped, however its run has ended
        if isinstance(result, Batches):
            fanout.spread(self.backend, record.id, self.request.fence, result)
            self.publish_batches(record)
            raise Ignore("handed over to its batches")
        return result.model_dump(mode="json") if step.name != "batch" else None

    def _let_go(self, record: Record) -> None:
        """Tell everybody that a run has stopped because the job was cancelled or has ended elsewhere."""
        if self.backend.let_go(record.id, self.request.fence):
            self._tell_revoked()
        job_ended.send(sender=self, job_id=record.id)

    def _tell_revoked(self) -> None:
        """Tell those who watch events; without it Flower would show a cancelled job as started for ever."""
        with suppress(OperationalError, redis.RedisError, OSError):  # for watching only
            self.send_event("task-revoked", retry=False, terminated=False, signum=None, expired=False)
