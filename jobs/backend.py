"""Celery's Redis result backend, made safe for jobs.

Three things differ from Celery's own: a state is stored with the record in one step, a final state or a newer
attempt is never overwritten, and publishing a job subscribes to nothing.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from celery import states
from celery.backends.redis import RedisBackend
from celery.exceptions import Ignore
from kombu.utils.encoding import bytes_to_str

from jobs import failures
from jobs.records import CLAIM, STORE, live_key, meta_key, record_key

T = TypeVar("T")


class JobStopped(Ignore):
    """Raised out of `update_state`: the job has ended, was deleted, or a newer attempt runs it."""


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
        attempt = getattr(request, "attempt", None)
        refusal = self._store_script(
            keys=[self.get_key_for_task(task_id), record_key(task_id), live_key(task_id)],
            args=[
                self.encode(meta),
                state,
                "" if attempt is None else attempt,
                self.expires or 0,
                time.time(),
                *self._record_fields(result, state),
            ],
        )
        if refusal and attempt is not None and state not in states.READY_STATES:
            raise JobStopped(f"{task_id}: {bytes_to_str(refusal)}")
        return result

    def _record_fields(self, result: Any, state: str) -> list[str | bytes]:
        """Return what a state adds to the record, as a flat list of names and values."""
        if state == "PROGRESS":
            return ["progress", self.encode(result)]
        if state == states.SUCCESS:
            return ["result", self.encode(result)]
        if state == states.FAILURE:
            return ["error", failures.problem(result).model_dump_json()]
        return []

    def outlasting_redis(self, ask: Callable[..., T], *arguments: Any) -> T:
        """Return what `ask` returns; in a worker, ask again for as long as Redis does not answer."""
        answer: T = self._ensure_retryable(ask, *arguments)
        return answer

    def claim(self, task_id: str, request: Any, *, live_seconds: int, most_attempts: int) -> int:
        """Begin an attempt of a job, in one step; see `jobs.records.CLAIM` for the answer."""
        started = self._get_result_meta({"hostname": request.hostname}, states.STARTED, None, request)
        started["task_id"] = task_id
        return int(
            self._ensure_retryable(
                self._claim_script,
                keys=[self.get_key_for_task(task_id), record_key(task_id), live_key(task_id)],
                args=[
                    self.encode(started),
                    self.expires or 0,
                    time.time(),
                    request.hostname,
                    live_seconds,
                    most_attempts,
                ],
            )
        )
