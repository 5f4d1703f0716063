"""How fast documents are read on the machines of this service, and so how long an indexing job takes.

The size of a job is the bytes that it has to read, and for each file what the smallest costs. The line
through the last jobs says how many seconds that is.
"""

import logging
from contextlib import suppress
from typing import Final, Literal

import redis
from pydantic import BaseModel, Field

from jobs import throughput
from jobs.connection import records_client
from jobs.throughput import Throughput

log = logging.getLogger(__name__)

MEASURED: Final = "indexing:pace"  # no kind of job is called so
# Before anything was measured: two processes on two cores read 45 MB a second of web pages, office files and
# PDF, each file counted as 32 kB more. Pages of pictures are ten times quicker, dense ones as much slower.
BYTES_A_SECOND: Final = 45_000_000.0
LEAST_SECONDS: Final = 0.3  # to list the files and to write the index
SPREAD: Final = 4.0


class Seconds(BaseModel):
    """How long a job is expected to run, without waiting: most end between `low` and `high`."""

    low: float
    likely: float
    high: float
    basis: Literal["measured", "model"] = Field(
        description="On jobs that this service has done, or on none of its own."
    )


def note(size: int, seconds: float) -> None:
    """Remember how long it took to index so much; what had nothing to read tells nothing."""
    if size:
        try:
            throughput.note(records_client(), MEASURED, size, seconds)
        except redis.RedisError as error:  # the documents are indexed, and the next job is measured again
            log.info("pace not noted", extra={"reason": repr(error)})


def expect(size: int) -> Seconds:
    """Return how long it takes to index so much."""
    model = LEAST_SECONDS + size / BYTES_A_SECOND
    pace = Throughput()
    with suppress(redis.RedisError):
        pace = throughput.read(records_client(), MEASURED)
    measured = pace.between(size)
    low, likely, high = measured or (model / SPREAD, model, model * SPREAD)
    return Seconds(
        low=round(low, 2),
        likely=round(likely, 2),
        high=round(high, 2),
        basis="model" if measured is None else "measured",
    )
