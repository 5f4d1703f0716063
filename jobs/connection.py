"""This process's connection to the Redis database of records, results and tokens."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import redis
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from jobs.errors import Unavailable
from jobs.measures import measures
from jobs.refusals import ChangeRefused
from jobs.settings import settings

log = logging.getLogger(__name__)

RECORDS_DATABASE = 1

# An answer takes well under a millisecond; a Redis that is frozen for this long is told to the user as 503.
SOCKET_TIMEOUT_SECONDS = 2.0

_AFTERWARDS = threading.BoundedSemaphore(64)  # of threads


@cache
def records_client() -> redis.Redis:
    """Return the client, safe in threads and after a fork.

    The pool blocks when all its connections are in use; redis-py's ordinary pool raises instead.
    """
    pool = redis.BlockingConnectionPool.from_url(
        settings().redis_database(RECORDS_DATABASE),
        max_connections=settings().threads + 3,  # one listens to all changes
        timeout=SOCKET_TIMEOUT_SECONDS,
        socket_timeout=SOCKET_TIMEOUT_SECONDS,
        socket_connect_timeout=SOCKET_TIMEOUT_SECONDS,
        decode_responses=True,
        # One quick second try, for the connection that a restarted server has closed; none after a silence,
        # which would double it.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
    return redis.Redis(connection_pool=pool)


@contextmanager
def reaching_redis() -> Iterator[None]:
    """Turn a Redis or a broker that does not answer into `Unavailable`, whose text is fit for users."""
    try:
        yield
    except ChangeRefused as error:
        measures.add("redis_failures", "change_refused")
        raise Unavailable(
            f"Longhaul's database {error.why}; nothing was changed. Tell its operator, and try again later."
        ) from error
    except (redis.ConnectionError, redis.TimeoutError) as error:
        measures.add("redis_failures", "timeout" if isinstance(error, redis.TimeoutError) else "away")
        raise Unavailable(
            "Longhaul's database does not answer at the moment; try again in a few seconds."
        ) from error
    except OperationalError as error:
        measures.add("redis_failures", "broker_away")
        raise Unavailable(
            "Longhaul's queue does not answer at the moment; try again in a few seconds."
        ) from error


def afterwards(act: Callable[[], object]) -> None:
    """Do beside the answer, which has waited for Redis once, what would have to wait for it again.

    What fails then, or where too many wait like this, is logged: it is done, or expires, some other way.
    """

    def run() -> None:
        try:
            with reaching_redis():
                act()
        except Unavailable as error:
            log.warning("a request could not be tidied up", extra={"reason": repr(error)})
        finally:
            _AFTERWARDS.release()

    if not _AFTERWARDS.acquire(blocking=False):
        log.warning("a request could not be tidied up", extra={"reason": "too many wait for Redis"})
        return
    threading.Thread(target=run, name="afterwards", daemon=True).start()
