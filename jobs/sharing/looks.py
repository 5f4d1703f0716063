"""When each folder was last compared with the store, so that readers who ask again at once need not wait."""

import time
from collections.abc import Hashable
from typing import Final

MOST_REMEMBERED: Final = 10_000  # then all is forgotten, which costs one look more each


class Looks:
    """The times of this process's last looks, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._at: dict[Hashable, float] = {}

    def younger_than(self, seconds: float, name: Hashable) -> bool:
        """Tell whether there was a look at `name` in the last `seconds`; 0 wants a new one in any case."""
        return seconds > 0 and time.monotonic() - self._at.get(name, -seconds) < seconds

    def remember(self, name: Hashable, at: float) -> None:
        """Note a look that began at `at`."""
        if len(self._at) >= MOST_REMEMBERED:
            self._at.clear()
        self._at[name] = at
