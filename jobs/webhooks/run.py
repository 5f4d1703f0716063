"""One run over the deliveries that are due: many at once, bounded in time, and never long for one receiver.

Only the sending itself happens in threads; all that is asked of Redis is asked in one.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

import redis

from jobs.errors import NotReady
from jobs.webhooks import due, schedule
from jobs.webhooks.due import Lease
from jobs.webhooks.models import Webhook, WebhookState
from jobs.webhooks.schedule import Outcome
from jobs.webhooks.sending import Message, Rules, send

log = logging.getLogger(__name__)

AT_ONCE = 32
AT_ONCE_TO_A_HOST = 8  # a receiver that hangs leaves room for all others
AT_ONCE_OF_AN_OWNER = 16  # and so does a user whose receivers all hang, whatever their names
TAKING_SECONDS = 20.0  # then a run takes nothing more and waits, at most 15 s, for what it has sent
LOOK_SECONDS = 0.25  # a job that ends during a run is found by it within this
PUT_OFF_SECONDS = 1.0

# From a job's id to the body of its message; None when the job is gone, NotReady while it has not ended.
Body = Callable[[str], bytes | None]
Send = Callable[[Webhook, Message, Rules], Outcome]


@dataclass
class Sent:
    """What a run did."""

    delivered: int = 0
    again: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Attempt:
    """A delivery that is being made."""

    lease: Lease
    host: str
    owner: str
    standing: WebhookState


def _nothing(_seconds: float) -> None:
    """Start no other run."""


@dataclass
class Run:
    """One run.

    Parameters
    ----------
    again : callable
        Starts another run in so many seconds: this one's time is over, or something is due soon after it.
    clock, chance : callable
        Give Unix seconds, and numbers in [0, 1).
    """

    client: redis.Redis
    body: Body
    rules: Rules
    again: Callable[[float], None] = _nothing
    send: Send = send
    clock: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    taking_seconds: float = TAKING_SECONDS
    sent: Sent = field(default_factory=Sent)

    def __post_init__(self) -> None:
        self._id = uuid.uuid4().hex
        self._flying: dict[Future[Outcome], Attempt] = {}

    def deliver(self) -> Sent:
        """Send what is due and what becomes due meanwhile; do nothing while another run does.

        A run that is killed leaves nothing behind: its leases lapse, and the next run takes up what it held.
        """
        due.answer_nudges(self.client)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            self._take_until_the_time_is_over(pool)
            while self._flying:
                self._settle_what_is_done()
        return self.sent

    def _take_until_the_time_is_over(self, pool: ThreadPoolExecutor) -> None:
        end = time.monotonic() + self.taking_seconds
        while time.monotonic() < end:
            idle = not self._flying
            room = AT_ONCE - len(self._flying)
            leases = due.claim(self.client, self._id, now=self.clock(), limit=room, last=idle)
            if leases is None:
                return
            if idle and not leases:
                self._have_the_next_made_in_time()
                return
            for lease in leases:
                self._begin(lease, pool)
            self._settle_what_is_done()
        due.release(self.client, self._id)
        self.again(0.0)

    def _have_the_next_made_in_time(self) -> None:
        seconds = due.seconds_to_next(self.client, now=self.clock())
        if seconds is not None and seconds <= due.SOON_SECONDS:
            self.again(seconds)

    def _begin(self, lease: Lease, pool: ThreadPoolExecutor) -> None:
        """Send a delivery in a thread, put it off, or drop what needs no delivery any more."""
        delivery = due.delivery(self.client, lease.job_id)
        if delivery is None or delivery.standing.state != "pending":
            due.settle(self.client, lease, next_at=None)
            return
        attempt = Attempt(lease, delivery.webhook.host, delivery.owner, delivery.standing)
        if not self._has_room_for(attempt):
            self._put_off(lease)
            return
        try:
            body = self.body(lease.job_id)
        except NotReady:
            self._put_off(lease)
            return
        if body is None:
            due.settle(self.client, lease, next_at=None)
            return
        self._send(attempt, delivery.webhook, body, pool)

    def _has_room_for(self, attempt: Attempt) -> bool:
        flying = self._flying.values()
        to_host = sum(other.host == attempt.host for other in flying)
        of_owner = sum(other.owner == attempt.owner for other in flying)
        return to_host < AT_ONCE_TO_A_HOST and of_owner < AT_ONCE_OF_AN_OWNER

    def _put_off(self, lease: Lease) -> None:
        due.settle(self.client, lease, next_at=self.clock() + PUT_OFF_SECONDS)

    def _send(self, attempt: Attempt, webhook: Webhook, body: bytes, pool: ThreadPoolExecutor) -> None:
        job_id = attempt.lease.job_id
        if attempt.standing.attempts >= schedule.MOST_ATTEMPTS:  # the last one ended with its process
            self._settle(attempt, Outcome(delivered=False, error="no attempt is left", final=True))
            return
        attempt = replace(attempt, standing=schedule.begun(attempt.standing, now=self.clock()))
        due.note(self.client, job_id, attempt.standing)
        message = Message(f"msg_{job_id}", body)
        self._flying[pool.submit(self.send, webhook, message, self.rules)] = attempt

    def _settle_what_is_done(self) -> None:
        done, _ = wait(self._flying, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            attempt = self._flying.pop(future)
            if (defect := future.exception()) is not None:
                log.error("a webhook could not be sent", exc_info=defect)
                self._settle(attempt, Outcome(delivered=False, error="Longhaul failed to send it"))
            else:
                self._settle(attempt, future.result())

    def _settle(self, attempt: Attempt, outcome: Outcome) -> None:
        """Note what became of an attempt: first in the record, so that a death in between loses nothing."""
        standing = schedule.after(attempt.standing, outcome, now=self.clock(), chance=self.chance())
        due.note(self.client, attempt.lease.job_id, standing)
        next_at = standing.next_attempt_at
        due.settle(self.client, attempt.lease, next_at=next_at.timestamp() if next_at else None)
        if standing.state == "delivered":
            self.sent.delivered += 1
            return
        if standing.state == "failed":
            self.sent.failed += 1
        else:
            self.sent.again += 1
        log.warning(
            "webhook not delivered",
            extra={
                "webhook_of": attempt.lease.job_id,
                "attempts": standing.attempts,
                "standing": standing.state,
                "reason": standing.last_error,
            },
        )
