"""How many large downloads go on at once.

Each keeps a thread of the server for as long as its client takes, so they may keep only a share of the
threads, and those of one user only a share of that: who reads slowly, or not at all, harms nobody else.
"""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Final

from jobs.errors import TooManyDownloads
from jobs.settings import settings

ALL_SHARE, USER_SHARE = 4, 8  # one thread in so many
RETRY_SECONDS: Final = 5

_lock = threading.Lock()
_by_user: Counter[str] = Counter()


def taken(user: str) -> Callable[[], None]:
    """Take a place for a large download of `user`; return what gives it back, once however often called.

    Raises
    ------
    TooManyDownloads
        There is none.
    """
    threads = settings().threads
    with _lock:
        if _by_user[user] >= max(1, threads // USER_SHARE):
            raise TooManyDownloads(
                f"{_by_user[user]} large downloads of yours go on already: let one end first.", RETRY_SECONDS
            )
        if _by_user.total() >= max(1, threads // ALL_SHARE):
            raise TooManyDownloads("Too many large downloads go on at the moment.", RETRY_SECONDS)
        _by_user[user] += 1
    left = threading.Lock()

    def leave() -> None:
        if left.acquire(blocking=False):
            with _lock:
                _by_user[user] -= 1
                if not _by_user[user]:
                    del _by_user[user]

    return leave
