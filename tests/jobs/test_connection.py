import socket

import pytest
from kombu import Connection

from jobs.connection import reaching_redis
from jobs.errors import Unavailable


def test_a_broker_that_cannot_be_reached_is_said_to_be_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = Connection(f"amqp://127.0.0.1:{listener.getsockname()[1]}//")

    with pytest.raises(Unavailable, match="queue does not answer"), reaching_redis():
        nobody.ensure_connection(max_retries=1, interval_start=0)
