"""The lease: each worker says every few seconds which jobs it runs.

Redis cannot tell a worker that is busy from one that is dead: a message that is not acknowledged within the
visibility timeout is delivered again, to run beside the first. This step of Celery's consumer renews the time
of every message in hand, so that only the silence of a whole worker lets it lapse. RabbitMQ needs none of it;
there only the live marks are kept.

The same beat tells which queues this worker serves, and ends the process of a run that was cancelled and does
not stop by itself.
"""

import logging
import threading
import time
from typing import Any

from celery import bootsteps
from celery.signals import task_received, task_revoked
from celery.worker import state
from kombu.exceptions import OperationalError
from kombu.utils.encoding import bytes_to_str
from redis.exceptions import RedisError

from jobs import fleet, records
from jobs.backend import job_ended
from jobs.keys import live_key, parent_of, record_key
from jobs.records import FINAL_STATES
from jobs.settings import settings
from jobs.transitions import WITHDRAW

log = logging.getLogger(__name__)

# Renews a live mark if it is this worker's. One that has lapsed is set again while the job is this worker's:
# a long silence of Redis or of the machine ends no run. KEYS: the mark, the record. ARGV: worker, seconds.
RENEW = """
local mark = redis.call('GET', KEYS[1])
if mark and mark ~= ARGV[1] then return 0 end
local state, worker = unpack(redis.call('HMGET', KEYS[2], 'state', 'worker'))
local is_begun = state == 'STARTED' or state == 'PROGRESS'
if not mark and (worker ~= ARGV[1] or not is_begun) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
LIVE_SHARE = (
    0.8  # the live mark lapses a little before the message is delivered again, so that it can be claimed
)
BEATS_PER_TIMEOUT = 4
LONGEST_BEAT_SECONDS = 2.0  # so soon is it seen that a job was cancelled


def live_seconds() -> int:
    """Return how long a job counts as running after its worker was last heard of."""
    return max(1, int(settings().visibility_timeout_seconds * LIVE_SHARE))


def _beat_seconds() -> float:
    """Return how often a worker renews what it runs."""
    return min(LONGEST_BEAT_SECONDS, settings().visibility_timeout_seconds / BEATS_PER_TIMEOUT)


class Lease(bootsteps.StartStopStep):
    """Renews the messages and the live marks of what this worker runs."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **kwargs: Any) -> None:
        super().__init__(consumer, **kwargs)
        self._timer: Any = None
        self._consumer = consumer
        self._received: set[str] = set()
        self._unwanted_since: dict[str, float] = {}
        self._started_again = threading.Event()
        task_received.connect(self._note_received)
        task_revoked.connect(self._let_go)

    def _note_received(self, request: Any, **_: Any) -> None:
        """Note a job in hand: Celery forgets what runs before this step is stopped at a shutdown."""
        self._received.add(request.id)

    def start(self, consumer: Any) -> None:
        """Renew at once, for this may be a reconnection, and then regularly."""
        self._started_again.set()
        self._renew(consumer)
        self._timer = consumer.timer.call_repeatedly(_beat_seconds(), self._renew, (consumer,))

    def stop(self, consumer: Any) -> None:
        """Stop renewing. At a shutdown, withdraw the marks of runs that are given back to the queue.

        A shutdown that waits for its runs puts their messages back at once; so that nobody begins them anew
        their marks are renewed until they have ended, by a thread, as the worker's loop has stopped.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not state.should_terminate:
            self._started_again.clear()
            threading.Thread(target=self._outlast_loop, args=(consumer,), daemon=True).start()
            return
        try:
            fleet.withdraw(consumer.app.backend.client, consumer.hostname)
            for job_id in self._received:
                self._give_back(job_id)
        except RedisError as error:  # they lapse by themselves
            log.warning("live marks not withdrawn", extra={"reason": repr(error)})

    def _outlast_loop(self, consumer: Any) -> None:
        """Renew the marks of what still runs, until the loop is there again or nothing runs any more."""
        while state.active_requests and not self._started_again.wait(_beat_seconds()):
            try:
                self._renew_live_marks(consumer)
            except RedisError as error:
                log.warning("lease not renewed", extra={"reason": repr(error)})

    def _give_back(self, job_id: str) -> None:
        """Withdraw the mark of a run whose message goes back to its queue, and note that it waits there."""
        client = self._consumer.app.backend.client
        queue = client.hget(record_key(job_id), "queue")
        if self._withdraw(job_id) and queue:
            records.note_waiting(client, bytes_to_str(queue), job_id)

    def _withdraw(self, job_id: str) -> bool:
        """Withdraw the mark of a run; return whether it was this worker's."""
        withdraw = self._consumer.app.backend.client.register_script(WITHDRAW)
        return bool(withdraw(keys=[live_key(job_id), record_key(job_id)], args=[self._consumer.hostname]))

    def _let_go(self, request: Any, terminated: bool, **_: Any) -> None:
        """Withdraw the mark of a run whose process was ended, here or by the `celery` command."""
        if not terminated:
            return
        try:
            self._withdraw(request.id)
        except RedisError as error:
            log.warning("live mark not withdrawn", extra={"job_id": request.id, "reason": repr(error)})
        job_ended.send(sender=self, job_id=request.id)

    def _renew(self, consumer: Any) -> None:
        """Renew once. A fault of the network must not stop the timer: the next beat tries again."""
        if state.should_terminate:  # what runs no more is already forgotten, but must still be given back
            return
        self._look_for_dead(consumer)
        try:
            self._renew_messages(consumer)
            self._renew_live_marks(consumer)
            self._announce(consumer)
        except (RedisError, OperationalError, OSError) as error:
            log.warning("lease not renewed", extra={"reason": repr(error)})

    def _look_for_dead(self, consumer: Any) -> None:
        """Let the pool see a process that was killed; on its own it may take five seconds to see it.

        The pool is told of the death while the process is not quite gone, does not find it dead, and looks
        again at its leisure.
        """
        pool: Any = getattr(consumer.pool, "_pool", None)
        if hasattr(pool, "maintain_pool"):
            pool.maintain_pool()

    def _renew_messages(self, consumer: Any) -> None:
        channel = consumer.task_consumer.channel
        if not hasattr(channel, "unacked_index_key"):  # not Redis
            return
        tags = set(channel.qos._delivered)
        # Also those of runs that began before a reconnection, whose tags the new channel does not know.
        tags |= {request.message.delivery_tag for request in list(state.active_requests)}
        if tags:
            now = time.time()
            with channel.conn_or_acquire() as client:
                client.zadd(channel.unacked_index_key, dict.fromkeys(tags, now), xx=True)

    def _renew_live_marks(self, consumer: Any) -> None:
        running = [request.id for request in list(state.active_requests)]
        self._received = {request.id for request in list(state.reserved_requests)} | set(running)
        if not running:
            self._unwanted_since.clear()
            return
        client = consumer.app.backend.client
        renew = client.register_script(RENEW)
        with client.pipeline(transaction=False) as pipe:
            for job_id in running:
                # A job that has just ended must not look alive again.
                keys = [live_key(job_id), record_key(job_id)]
                renew(keys=keys, args=[consumer.hostname, live_seconds()], client=pipe)
                pipe.expire(live_key(parent_of(job_id)), live_seconds())
                pipe.hget(record_key(job_id), "state")
                pipe.hget(record_key(parent_of(job_id)), "state")
            answers = pipe.execute()
        states = dict(zip(running, zip(answers[2::4], answers[3::4], strict=True), strict=True))
        self._revoke_spread(consumer, states)
        self._end_unwanted(consumer, states)

    def _revoke_spread(self, consumer: Any, states: dict[str, tuple[Any, Any]]) -> None:
        """Cancel spread jobs that the `celery` command has revoked: Celery knows only their batches."""
        spread = {parent_of(run_id) for run_id in states if parent_of(run_id) != run_id}
        for job_id in spread & set(state.revoked):
            consumer.app.backend.mark_as_revoked(job_id, "revoked")

    def _end_unwanted(self, consumer: Any, states: dict[str, tuple[Any, Any]]) -> None:
        """End the processes of runs that nobody wants and that had time enough to stop by themselves."""
        now = time.monotonic()
        unwanted = {run_id for run_id, found in states.items() if _is_unwanted(run_id, *found)}
        self._unwanted_since = {job_id: self._unwanted_since.get(job_id, now) for job_id in unwanted}
        for request in list(state.active_requests):
            if now - self._unwanted_since.get(request.id, now) >= settings().cancel_seconds:
                log.warning("run does not stop; its process is ended", extra={"job_id": request.id})
                request.terminate(consumer.pool, signal="KILL")

    def _announce(self, consumer: Any) -> None:
        fleet.announce(
            consumer.app.backend.client,
            fleet.Worker(
                hostname=consumer.hostname,
                queues=tuple(consumer.app.amqp.queues.consume_from),
                slots=_slots(consumer.pool),
                running=tuple(request.id for request in list(state.active_requests)),
                at=time.time(),
            ),
        )


def _slots(pool: Any) -> int:
    """Return how many runs a pool takes at once; none when it has closed, of which its count would fail."""
    return getattr(pool, "num_processes", 0)


def _is_unwanted(run_id: str, state: bytes | str | None, state_of_job: bytes | str | None) -> bool:
    """Return whether a run's job was cancelled, or has ended otherwise while the run is but a part of it."""
    states = [bytes_to_str(one) if one else None for one in (state, state_of_job)]
    is_part = parent_of(run_id) != run_id
    return "REVOKED" in states or (is_part and (states[1] is None or states[1] in FINAL_STATES))
