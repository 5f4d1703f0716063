"""How fast analyses run on the machines of this service, and so how long the next one takes.

Beside the seconds of each analysis stand those that it takes by `jobs.analysis.expected`; the line through
them says how many times slower or quicker than the model the workers are, and how far single analyses stray.
"""

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import redis

from jobs import throughput
from jobs.analysis import expected
from jobs.analysis.dry_run import Seconds
from jobs.connection import records_client
from jobs.throughput import Throughput

if TYPE_CHECKING:
    from jobs.analysis.results.result import Analysis, Dataset, Plan

log = logging.getLogger(__name__)

MEASURED: Final = "analysis:pace"  # no kind of job is called so
READING: Final = "read"  # a stage that the model leaves out: a table may have been read before


def note(found: "Analysis") -> None:
    """Remember how long an analysis took, apart from reading its table."""
    seconds = sum(seconds for stage, seconds in found.timings.items() if stage != READING)
    work = expected.work_of(found.plan, found.dataset)
    try:
        throughput.note(records_client(), MEASURED, expected.seconds(work), seconds)
    except redis.RedisError as error:  # the analysis is done, and the next one is measured again
        log.info("pace not noted", extra={"reason": repr(error)})


def expect(plan: "Plan", dataset: "Dataset") -> Seconds:
    """Return how long an analysis takes from now on, when its table has been read."""
    model = expected.seconds(expected.work_of(plan, dataset))
    pace = Throughput()
    with suppress(redis.RedisError):
        pace = throughput.read(records_client(), MEASURED)
    measured = pace.between(model)
    low, likely, high = measured or (model / expected.SPREAD, model, model * expected.SPREAD)
    again = expected.seconds_to_read_again(dataset)
    return Seconds(
        low=round(low + again, 1),
        likely=round(likely + again, 1),
        high=round(high + again, 1),
        basis="model" if measured is None else "measured",
    )
