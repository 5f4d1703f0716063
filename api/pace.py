"""How fast somebody may ask, counted in this process: it guards what a process has, threads and time."""

import threading
import time
from collections.abc import Callable
from typing import Final

MOST_KNOWN: Final = (
    10_000  # of whom a pace is remembered; those who have rested for long enough are forgotten
)


class Pace:
    """A share for everybody, by name: `quota` in any `window_seconds`, by the generic cell rate algorithm."""

    def __init__(
        self, quota: float, window_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each = window_seconds / quota
        self._window = window_seconds
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, name: str) -> float:
        """Take one of a name's share; return 0, or, with nothing taken, the seconds until there is one."""
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(name, now), now) + self._each
            early = full_at - self._window - now
            if early > 0:
                return early
            if len(self._full_at) >= MOST_KNOWN and name not in self._full_at:
                self._forget(now)
            self._full_at[name] = full_at
            return 0.0

    def _forget(self, now: float) -> None:
        """Forget all who have rested; if that is nobody, everybody: who is over the limit soon is again."""
        self._full_at = {name: when for name, when in self._full_at.items() if when > now}
        if len(self._full_at) >= MOST_KNOWN:
            self._full_at.clear()
