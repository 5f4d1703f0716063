"""Celery's Redis result backend, made safe for jobs.

Three things differ from Celery's own: a state is stored with the record in one step, a final state or a newer
attempt is never overwritten, and publishing a job subscribes to nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from celery import states
from celery.backends.redis import RedisBackend
from celery.exceptions import Ignore
from celery.utils.dispatch import Signal
from kombu.utils.encoding import bytes_to_str

from jobs import failures
from jobs.keys import busy_key, live_key, meta_key, parent_of, record_key
from jobs.settings import settings
from jobs.transitions import CLAIM, LEAVE, STORE, WITHDRAW

T = TypeVar("T")

# Sent with `job_id` by the process that has stored a job's final state. What follows from it lies above this
# module: jobs/celery.py connects it.
job_ended = Signal(name="job_ended", providing_args={"job_id"})


class JobStopped(Ignore):
    """Raised out of `update_state`: the job has ended, was deleted, or a newer attempt runs it."""


@dataclass(frozen=True)
class Step:
    """What a message asks for: the whole of a job, one of its batches, or the run that puts them together."""

    name: str = "whole"
    batch: int | None = None


@dataclass(frozen=True)
class Claim:
    """A run's right to a job: `fence` is positive, or tells why there is none; see `transitions.CLAIM`."""

    fence: int
    attempt: int


class JobBackend(RedisBackend):
    """Results whose final states are final."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._store_script = self.client.register_script(STORE)
        self._claim_script = self.client.register_script(CLAIM)

    def on_task_call(self, producer: object, task_id: str) -> None:
        """Subscribe to nothing: Longhaul reads results, it never waits for them on a channel of its own.

        Celery's subscription would fill the API's connection until Redis cuts it off.
        """

    def get_key_for_task(self, task_id: str | bytes, key: bytes = b"") -> bytes:
        """Return the key of a result; its braces keep it in the slot of the record."""
        return meta_key(bytes_to_str(task_id)).encode() + key

    def _store_result(
        self,
        task_id: str,
        result: Any,
        state: str,
        traceback: str | None = None,
        request: Any = None,
        **_: Any,
    ) -> Any:
        """Store `state` unless the job has ended or this attempt is not its newest.

        Raises
        ------
        JobStopped
            This is a running attempt whose progress nobody wants any more.
        """
        meta = self._get_result_meta(result=result, state=state, traceback=traceback, request=request)
        meta["task_id"] = bytes_to_str(task_id)
        fence = getattr(request, "fence", None)
        refusal = self._store_script(
            keys=[self.get_key_for_task(task_id), record_key(task_id), live_key(task_id)],
            args=[
                self.encode(meta),
                state,
                "" if fence is None else fence,
                self.expires or 0,
                time.time(),
                str(result.get("stage") or "") if state == "PROGRESS" else "",
                getattr(request, "hostname", None) or "",
                *self._record_fields(result, state),
            ],
        )
        self._after_storing(bytes_to_str(task_id), state, bytes_to_str(refusal), request)
        return result

    def _after_storing(self, task_id: str, state: str, refusal: str, request: Any) -> None:
        """Stop a run whose reports nobody wants; let go of a job whose end came before this one's.

        Raises
        ------
        JobStopped
            See `_store_result`.
        """
        fence, hostname = getattr(request, "fence", None), getattr(request, "hostname", None)
        is_end = state in states.READY_STATES or state == states.RETRY
        if refusal and fence is not None and not is_end:
            raise JobStopped(f"{task_id}: {refusal}")
        if refusal and fence is not None:
            self.let_go(task_id, fence)
        elif refusal in states.READY_STATES and refusal != state and hostname:  # its process was killed
            self.outlasting_redis(
                self.client.register_script(WITHDRAW),
                keys=[live_key(task_id), record_key(task_id)],
                args=[hostname],
            )
        # Also when it was stored before, and only the answer was lost.
        if (refusal and is_end) or state in states.READY_STATES:
            job_ended.send(sender=self, job_id=task_id)

    def let_go(self, run_id: str, fence: int) -> bool:
        """Withdraw the live mark of a run that was stopped from outside; return whether it was this run's."""
        job_id, _, number = run_id.partition(".")
        keys = [record_key(run_id), live_key(run_id)]
        if number:
            keys += [live_key(job_id), busy_key(job_id)]
        script = self.client.register_script(LEAVE)
        return bool(self.outlasting_redis(script, keys=keys, args=[fence, number]))

    def _record_fields(self, result: Any, state: str) -> list[str | bytes | float]:
        """Return what a state adds to the record, as a flat list of names and values."""
        if state == "PROGRESS":
            return ["progress", self.encode(result)]
        if state == states.SUCCESS:
            return ["result", self.encode(result)]
        if state == states.FAILURE:
            return ["error", failures.problem(result).model_dump_json()]
        if state == states.REVOKED:
            return ["reason", failures.reason_of_revocation(result)]
        if state == states.RETRY:
            return ["retry_at", time.time() + settings().retry_seconds]
        return []

    def outlasting_redis(self, ask: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Return what `ask` returns; in a worker, ask again for as long as Redis does not answer."""
        answer: T = self._ensure_retryable(ask, *arguments, **named)
        return answer

    def claim(
        self, task_id: str, request: Any, step: Step, *, live_seconds: int, most_attempts: int, token: str
    ) -> Claim:
        """Begin a run of a job, in one step; the same `token` gives the same answer."""
        started = self._get_result_meta({"hostname": request.hostname}, states.STARTED, None, request)
        started["task_id"] = task_id
        keys = [self.get_key_for_task(task_id), record_key(task_id), live_key(task_id)]
        if step.batch is not None:
            parent = parent_of(task_id)
            keys += [record_key(parent), live_key(parent), busy_key(parent)]
        fence, attempt = self._ensure_retryable(
            self._claim_script,
            keys=keys,
            args=[
                self.encode(started),
                self.expires or 0,
                time.time(),
                request.hostname,
                live_seconds,
                most_attempts,
                step.name,
                "" if step.batch is None else step.batch,
                token,
            ],
        )
        return Claim(int(fence), int(attempt))
