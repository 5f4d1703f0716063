"""How many wrong tokens an address may send before it is told to wait."""

from functools import cache
from typing import Final

from api.pace import Pace
from jobs.settings import settings

MINUTE_SECONDS: Final = 60


@cache
def _pace() -> Pace | None:
    quota = settings().refusals_per_minute
    return Pace(quota, MINUTE_SECONDS) if quota else None


def refusals(address: str) -> float:
    """Count a wrong token; return the seconds to wait where there were too many from this address, else 0."""
    pace = _pace()
    return 0.0 if pace is None else pace.wait(address)
