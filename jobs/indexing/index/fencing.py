"""Keeps a writer that was superseded from writing, where no lock has kept it from being superseded.

The lock on an index is the kernel's. Where the index lies on a file system of the network, a machine that
stood still for long enough may have lost it without knowing. So each writer takes the next number, and looks
before each step of a commit whether it still has the highest.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from jobs.errors import IndexBusy

FENCE: Final = "fence"


def take_fence(index: Path) -> Callable[[], None]:
    """Take the next number of a writer; give what raises once another has taken one. The lock is held.

    Raises
    ------
    IndexBusy
        From what is given: another run has taken the index over.
    """
    number = _number(index) + 1
    temporary = index / f".{FENCE}.{os.getpid()}"
    temporary.write_text(str(number))  # a power cut ends every writer: this need not outlive one
    temporary.replace(index / FENCE)

    def check() -> None:
        if _number(index) != number:
            raise IndexBusy("This run stood still for too long: another has taken the index over.")

    return check


def _number(index: Path) -> int:
    with suppress(FileNotFoundError, ValueError):
        return int((index / FENCE).read_text())
    return 0
