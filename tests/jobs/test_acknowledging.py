"""What a worker does with messages in its hand when its connection to Redis goes."""

import uuid

import pytest
from kombu import Connection, Queue

from jobs import acknowledging
from jobs.settings import settings


@pytest.fixture
def in_hand(redis_server):
    """A channel with a message in hand, and the queue that it came from."""
    acknowledging.install()
    queue = Queue(f"test-{uuid.uuid4().hex}")
    with Connection(settings().celery_broker) as connection:
        channel = connection.channel()
        bound = queue.bind(channel)
        bound.declare()
        connection.Producer(channel).publish("held", routing_key=queue.name)
        assert bound.get() is not None
        yield channel, bound
        bound.delete()


def test_what_is_in_hand_goes_back_when_a_channel_ends(in_hand):
    channel, queue = in_hand

    channel.qos.restore_unacked_once()

    assert queue.get(no_ack=True).payload == "held"


def test_where_the_connection_was_closed_before_it_is_let_go_of_and_the_worker_lives_on(in_hand, monkeypatch):
    channel, queue = in_hand
    tags = list(channel.qos._delivered)

    with monkeypatch.context() as closed:
        closed.setattr(channel.connection, "client", None)
        channel._pool = None  # as after the connection to Redis was lost
        channel.qos.restore_unacked_once()

    assert list(channel.qos._delivered) == []
    assert queue.get(no_ack=True) is None, "it waits for the visibility timeout"
    channel.qos.restore_by_tag(tags[0])
    assert queue.get(no_ack=True).payload == "held"
