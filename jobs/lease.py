"""The lease: each worker says every few seconds which jobs it runs.

Redis cannot tell a worker that is busy from one that is dead: a message that is not acknowledged within the
visibility timeout is delivered again, to run beside the first. This step of Celery's consumer renews the time
of every message in hand, so that only the silence of a whole worker lets it lapse. RabbitMQ needs none of it;
there only the live marks are kept.
"""

import logging
import time
from typing import Any

from celery import bootsteps
from celery.signals import task_received
from celery.worker import state
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from jobs.records import WITHDRAW, live_key
from jobs.settings import settings

log = logging.getLogger(__name__)

LIVE_SHARE = (
    0.8  # the live mark lapses a little before the message is delivered again, so that it can be claimed
)
BEATS_PER_TIMEOUT = 4
LONGEST_BEAT_SECONDS = 5.0


def live_seconds() -> int:
    """Return how long a job counts as running after its worker was last heard of."""
    return max(1, int(settings().visibility_timeout_seconds * LIVE_SHARE))


class Lease(bootsteps.StartStopStep):
    """Renews the messages and the live marks of what this worker runs."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **kwargs: Any) -> None:
        super().__init__(consumer, **kwargs)
        self._timer: Any = None
        self._received: set[str] = set()
        task_received.connect(self._note_received)

    def _note_received(self, request: Any, **_: Any) -> None:
        """Note a job in hand: Celery forgets what runs before this step is stopped at a shutdown."""
        self._received.add(request.id)

    def start(self, consumer: Any) -> None:
        """Renew at once, for this may be a reconnection, and then regularly."""
        interval = min(LONGEST_BEAT_SECONDS, settings().visibility_timeout_seconds / BEATS_PER_TIMEOUT)
        self._renew(consumer)
        self._timer = consumer.timer.call_repeatedly(interval, self._renew, (consumer,))

    def stop(self, consumer: Any) -> None:
        """Stop renewing. At a shutdown, withdraw the marks of runs that are given back to the queue."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not state.should_terminate:
            return
        withdraw = consumer.app.backend.client.register_script(WITHDRAW)
        try:
            for job_id in self._received:
                withdraw(keys=[live_key(job_id)], args=[consumer.hostname])
        except RedisError as error:  # they lapse by themselves
            log.warning("live marks not withdrawn", extra={"reason": repr(error)})

    def _renew(self, consumer: Any) -> None:
        """Renew once. A fault of the network must not stop the timer: the next beat tries again."""
        if state.should_terminate:  # what runs no more is already forgotten, but must still be given back
            return
        try:
            self._renew_messages(consumer)
            self._renew_live_marks(consumer)
        except (RedisError, OperationalError, OSError) as error:
            log.warning("lease not renewed", extra={"reason": repr(error)})

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
            return
        with consumer.app.backend.client.pipeline(transaction=False) as pipe:
            for job_id in running:
                # Only what the claim has set: a job that has just ended must not look alive again.
                pipe.set(live_key(job_id), consumer.hostname, ex=live_seconds(), xx=True)
            pipe.execute()
