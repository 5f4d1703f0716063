"""What follows from an attempt: delivered, again later, or given up. Clock and dice are given."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from jobs.webhooks.models import WebhookState

SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0
# Pauses before the second attempt, the third, ...: the example of the specification, three days in all.
PAUSES_SECONDS: Final = (
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
MOST_ATTEMPTS: Final = len(PAUSES_SECONDS) + 1
LONGEST_RETRY_AFTER_SECONDS: Final = 24 * HOUR
JITTER: Final = 0.1  # so that what failed together does not come back together
GONE: Final = 410


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt. `error` is for the user; `retry_after` is the pause asked for, in s."""

    delivered: bool
    error: str | None = None
    final: bool = False
    retry_after: float | None = None


def judge(status: int, retry_after: float | None = None) -> Outcome:
    """Return what an HTTP answer means."""
    if 200 <= status < 300:
        return Outcome(delivered=True)
    if status == GONE:
        return Outcome(delivered=False, error="it answered 410: it wants no more of these", final=True)
    if 300 <= status < 400:
        return Outcome(delivered=False, error=f"it answered {status}; redirects are not followed")
    return Outcome(delivered=False, error=f"it answered {status}", retry_after=retry_after)


def seconds_to_wait(header: str | None, *, now: float) -> float | None:
    """Return what a `Retry-After` asks for, in seconds from `now` (Unix), or None for nothing usable."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])  # more digits than that are beyond every bound
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, when.timestamp() - now)


def begun(state: WebhookState, *, now: float) -> WebhookState:
    """Return the state with one more attempt, which is counted first in case it ends with its process."""
    return state.model_copy(update={"attempts": state.attempts + 1, "last_attempt_at": _time(now)})


def after(state: WebhookState, outcome: Outcome, *, now: float, chance: float) -> WebhookState:
    """Return the state that follows from the outcome of its last attempt.

    Parameters
    ----------
    now : float
        Unix seconds.
    chance : float in [0, 1)
        How much of the jitter is added to the pause.
    """
    if outcome.delivered:
        return _ended(state, "delivered", None)
    if outcome.final or state.attempts >= MOST_ATTEMPTS:
        return _ended(state, "failed", outcome.error)
    pause = PAUSES_SECONDS[state.attempts - 1] * (1 + JITTER * chance)
    asked = min(outcome.retry_after or 0.0, LONGEST_RETRY_AFTER_SECONDS)
    return state.model_copy(
        update={"next_attempt_at": _time(now + max(pause, asked)), "last_error": outcome.error}
    )


def _ended(state: WebhookState, name: str, error: str | None) -> WebhookState:
    return state.model_copy(update={"state": name, "next_attempt_at": None, "last_error": error})


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
