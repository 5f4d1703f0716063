"""Publishing to RabbitMQ: a message is confirmed in good time, or its publisher is told that it was not.

RabbitMQ takes nothing more while it is short of memory or disk. amqp's own wait for a confirmation then has
no end, and takes a late one, of an earlier message, for that of the next. Here whoever publishes for a user
is told at once, or after some seconds; a worker waits with messages of jobs, and sends no events meanwhile.
"""

import time
from typing import Any

from kombu.transport import pyamqp

CONFIRM_SECONDS = 5.0
NOT_CONFIRMED = "the broker has not taken the message"


class NotConfirmed(OSError):
    """RabbitMQ has not taken a message; to kombu an error of the connection, as if it were away."""


class Channel(pyamqp.Channel):
    """A channel that tells the confirmations of its messages apart."""

    _confirm_selected: bool
    waits_for_room = False  # with the messages of jobs, for as long as RabbitMQ takes none

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._published = 0
        self._open: set[int] = set()
        self._refused: set[int] = set()
        self.events["basic_ack"].add(self._settle)
        self.events["basic_nack"].add(self._refuse)

    def _settle(self, tag: int, multiple: bool) -> None:
        self._open -= {other for other in self._open if other == tag or (multiple and other < tag)}

    def _refuse(self, tag: int, multiple: bool) -> None:
        self._refused |= {other for other in self._open if other == tag or (multiple and other < tag)}
        self._settle(tag, multiple)

    def basic_publish_confirm(self, *args: Any, **kwargs: Any) -> Any:
        """Publish a message and return once RabbitMQ has it.

        Raises
        ------
        NotConfirmed
            It was refused, or RabbitMQ takes none at the moment. It may still be delivered later.
        """
        if not self._confirm_selected:
            self.confirm_select()
            self._confirm_selected = True
        seconds = None if self._waits(**kwargs) else CONFIRM_SECONDS
        if seconds is not None:
            self._hear_what_was_said()
        published = self._basic_publish(*args, **{**kwargs, "confirm_timeout": None})
        self._published += 1
        self._open.add(self._published)
        self._await(self._published, seconds)
        return published

    def _waits(self, exchange: str = "", routing_key: str = "", **_: Any) -> bool:
        """Return whether a message is waited with for as long as it takes, not one that only tells."""
        tells = exchange.endswith(("celeryev", "pidbox")) and routing_key != "task.sent"  # as part of a job's
        return self.waits_for_room and not tells

    def close(self, *args: Any, **kwargs: Any) -> None:
        """Close the channel; with its connection if that is blocked, for there RabbitMQ does not answer."""
        if self.connection is not None and self.connection.is_blocked:
            self.connection.collect()
        else:
            super().close(*args, **kwargs)

    def _hear_what_was_said(self) -> None:
        try:
            while self.connection is not None:
                self.connection.drain_events(timeout=0)
        except TimeoutError:
            pass
        if self.connection is not None and self.connection.is_blocked:
            raise NotConfirmed(NOT_CONFIRMED)

    def _await(self, tag: int, seconds: float | None) -> None:
        deadline = None if seconds is None else time.monotonic() + seconds
        while tag in self._open:
            if self.connection is None:
                raise NotConfirmed(NOT_CONFIRMED)
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and (left <= 0 or self.connection.is_blocked):
                raise NotConfirmed(NOT_CONFIRMED)
            try:
                self.connection.drain_events(timeout=left)
            except TimeoutError as error:
                self.connection.collect()  # to close it, its other end would have to answer
                raise NotConfirmed(NOT_CONFIRMED) from error
        if tag in self._refused:
            self._refused.discard(tag)
            raise NotConfirmed("the broker has refused the message")


class Connection(pyamqp.Connection):
    """A connection that remembers whether RabbitMQ has said that it takes nothing."""

    Channel = Channel
    is_blocked = False

    def _on_blocked(self) -> None:
        self.is_blocked = True

    def _on_unblocked(self) -> None:
        self.is_blocked = False

    def close(self, *args: Any, **kwargs: Any) -> None:
        """Close the connection; without a word if it is blocked, for RabbitMQ does not answer."""
        if self.is_blocked:
            self.collect()
        else:
            super().close(*args, **kwargs)


def install() -> None:
    """Let every connection to RabbitMQ that this process opens from now on confirm in this way."""
    pyamqp.Transport.Connection = Connection


def wait_for_room() -> None:
    """Let this process, and those that it forks, wait with the messages of jobs."""
    Channel.waits_for_room = True
