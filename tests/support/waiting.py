"""Waiting with a deadline: a test never sleeps for a time that somebody guessed."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_SECONDS = 0.02


def until(look: Callable[[], T], *, seconds: float = 30.0, what: str = "") -> T:
    """Return what `look` returns once that is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        seen = look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"not within {seconds} s: {what or look}; last seen: {seen!r}"
        pause.wait(LOOK_SECONDS)
