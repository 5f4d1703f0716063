"""A Redis that answers and takes no changes is as good as one that is away, and is treated as such.

redis-py makes of most such answers an ordinary error of the command, with which kombu ends a worker and a run
its job. Here they become connection errors, by the classes that redis-py's parser looks up: a worker waits
and asks again, over a new connection, for after a failover another server may answer; the API says 503.

Importing this module does it. `jobs/connection.py` does so in every process.
"""

from typing import Final

import redis
from redis._parsers.base import BaseParser  # no public way leads to the classes of errors


class ChangeRefused(redis.ConnectionError):
    """Redis takes no changes at the moment; `why` is said to users."""

    why = "refuses changes"


class Full(ChangeRefused):
    """It has no memory left, and must not evict what may be a queued job."""

    why = "is full"


class CannotSave(ChangeRefused):
    """It could not write its snapshot or its append-only file: its disk is full or broken."""

    why = "cannot write to its disk"


class Replica(ChangeRefused):
    """It follows another server, as after a failover, or has lost those that follow it."""

    why = "is a replica that takes no changes, or has lost its own replicas"


REFUSALS: Final = {"OOM": Full, "MISCONF": CannotSave, "READONLY": Replica, "NOREPLICAS": Replica}

BaseParser.EXCEPTION_CLASSES.update(REFUSALS)


def error_of(answer: str) -> redis.RedisError:
    """Return the error that redis-py makes of an answer of Redis."""
    error = BaseParser.parse_error(answer)  # type: ignore[no-untyped-call]  # redis-py has no types there
    return error if isinstance(error, redis.RedisError) else redis.ResponseError(answer)
