"""A program and all that it starts, measured."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.02
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock and of the processors; peak memory in bytes of the program and its children.

    Memory is what is resident in all of them together at one moment, pages that they share counted again.
    """

    wall: float
    processor: float
    memory: int

    def best(self, other: "Spent | None") -> "Spent":
        """Return the smaller of each."""
        if other is None:
            return self
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Spent(*(min(pair) for pair in pairs))


def run(command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None) -> Spent:
    """Run a program to its end, and tell what it and its children spent.

    Raises
    ------
    RuntimeError
        It failed; the error carries the end of what it printed.
    """
    begun = time.perf_counter()
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, stdout=output, stderr=output, env=dict(os.environ) | dict(environment or {})
        )
        peak = _Peak(child.pid)
        _, code, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(code)
        memory = peak.end()
    if child.returncode:
        raise RuntimeError(f"{command[0]} failed: {log.read_text(errors='replace')[-2000:]}")
    return Spent(wall, used.ru_utime + used.ru_stime, memory)


class _Peak:
    """Looks at a process and its children again and again, from a thread."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> int:
        """Stop looking; return the most that was seen."""
        self._over.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._most = max(self._most, _resident(self._pid))


def _resident(pid: int) -> int:
    """Add up the resident memory of a process and all that came from it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):  # it has ended meanwhile
        return 0
    return pages * PAGE_BYTES + sum(_resident(int(child)) for child in children)
