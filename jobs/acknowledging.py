"""Messages whose acknowledgement Redis refuses: the worker lets go of them all the same.

kombu keeps such a message in its hand for as long as its connection lasts, so that a worker of one process
takes nothing more. In Redis the message stays unacknowledged, to be delivered again after the visibility
timeout; the claim then sees that its job has ended.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from kombu.transport import redis as kombu_redis
from kombu.transport.virtual import QoS

log = logging.getLogger(__name__)


class LettingGo(kombu_redis.QoS):
    """What a channel has in hand; install it with `install`."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message, or at least let go of it."""
        with self._letting_go(delivery_tag):
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Put a message back, or drop it, or at least let go of it."""
        with self._letting_go(delivery_tag):
            super().reject(delivery_tag, requeue=requeue)

    def restore_unacked(self, client: object = None) -> None:
        """Put back what is in hand, or let go of it where the connection has been closed meanwhile.

        Its address is unknown then, and kombu's attempt would end the worker. What is let go of is delivered
        again after the visibility timeout.
        """
        if self.channel.connection.client is None:
            log.warning("messages in hand stay unacknowledged", extra={"messages": len(self._delivered)})
            self._delivered.clear()
        else:
            super().restore_unacked(client)

    @contextmanager
    def _letting_go(self, delivery_tag: str) -> Iterator[None]:
        try:
            yield
        except redis.ConnectionError:  # the worker logs it
            QoS.ack(self, delivery_tag)
            self._flush()  # so that nobody renews it any more
            raise


def install() -> None:
    """Let every channel of this process that is opened from now on let go."""
    kombu_redis.Channel.QoS = LettingGo
