"""How long, and how often, a request that came to nothing is sent again."""

import math
import random
import time
from email.utils import parsedate_to_datetime

_RANDOM = random.SystemRandom()
FIRST_CEILING_SECONDS = 0.25
LAST_CEILING_SECONDS = 10.0


def ceiling(attempt: int) -> float:
    """Return the longest pause after an attempt, counted from 0: it doubles up to a bound."""
    return min(LAST_CEILING_SECONDS, FIRST_CEILING_SECONDS * 2.0 ** min(attempt, 32))


def backoff(attempt: int) -> float:
    """Return a pause in seconds: any between nothing and the ceiling, so that clients do not come in step.

    References
    ----------
    "Full jitter": Brooker, Exponential Backoff and Jitter, AWS Architecture Blog 2015.
    """
    return _RANDOM.uniform(0.0, ceiling(attempt))


def retry_after(text: str | None) -> float | None:
    """Return the seconds that a header Retry-After asks for, written as a number or as a date."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _seconds_until(date: str) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


class Patience:
    """The time that is left for attempts at one thing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.renew()

    def renew(self) -> None:
        """Begin anew, as after an attempt that got further."""
        self._end = time.monotonic() + self.seconds
        self._attempt = 0

    def pause(self, asked: float | None) -> bool:
        """Wait before the next attempt, as long as the service `asked` at least; False where time is up."""
        seconds = backoff(self._attempt) + (asked or 0.0)
        self._attempt += 1
        if time.monotonic() + seconds > self._end:
            return False
        time.sleep(seconds)
        return True
