"""Whose turn it is to write an index: one run at a time, across processes and machines.

A lock that the kernel drops with its process guards the writing itself. A run that is spread holds no lock
while its batches are read, for no process lives that long: a file names it as the owner.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson

from jobs.errors import IndexBusy
from jobs.indexing.durable import clear, write_durably
from jobs.indexing.sources.order import Order

OWNER: Final = "owner.json"
LOCK: Final = "writer.lock"
RUNS: Final = "runs"
UNNAMED: Final = "-"  # a run that needs no name, for nobody else looks at it
RESULT_SUFFIX: Final = ".json"

Holds = Callable[[str], bool]


@dataclass(frozen=True)
class Owner:
    """A run that is spread, and the sources that it works on."""

    run: str
    sources: tuple[str, ...]


def no_other(run: str, /) -> bool:  # noqa: ARG001 - the shape of Holds
    """Tell that an earlier run has ended: the default where there is one job at a time."""
    return False


@contextmanager
def exclusive(index: Path, name: str | None = None) -> Iterator[None]:
    """Hold the index for one writer; the kernel lets go of it when the process dies.

    Raises
    ------
    IndexBusy
        Another process is writing it.
    """
    path = index / LOCK
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise busy(name) from error
        if not _is_still(path, lock.fileno()):
            raise busy(name)  # it was deleted or renamed a moment ago: begin again with what is there now
        yield


def _is_still(path: Path, descriptor: int) -> bool:
    """Tell whether an open file is still the one of this name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def busy(name: str | None) -> IndexBusy:
    """Make the error of an index that another job is writing."""
    which = "this index" if name is None else f"the index {name!r}"
    return IndexBusy(f"Another job is writing {which}; try again when it has ended.")


def owner(index: Path) -> Owner | None:
    """Tell which run has the index."""
    try:
        found = orjson.loads((index / OWNER).read_bytes())
        return Owner(found["run"], tuple(found["sources"]))
    except FileNotFoundError:
        return None


def give_way(order: Order, *, holds: Holds) -> None:
    """Leave the index to an owner that still goes on, and clear away what ended ones left behind.

    To be called with the lock held. What the run of `order` itself has left stays.

    Raises
    ------
    IndexBusy
        The owner is another run, which still goes on.
    """
    index, run = order.index, order.run
    found = owner(index)
    if found is not None and found.run != run:
        if holds(found.run):
            raise busy(order.name)
        release(index, found.run)
    for entry in (index / RUNS).glob("*"):
        # A result is read again when its run ended without having told it.
        is_result = entry.suffix == RESULT_SUFFIX
        earlier = entry.name.removesuffix(RESULT_SUFFIX)
        if earlier != run and not (is_result and holds(earlier)):
            clear(entry)


def take(index: Path, taker: Owner) -> None:
    """Note the owner of an index. To be called with the lock held, after `give_way`."""
    write_durably(index / OWNER, orjson.dumps(asdict(taker)))


def release(index: Path, run: str) -> None:
    """Let go of an index, and of the plan for it, if this run has it. To be called with the lock held."""
    found = owner(index)
    if found is not None and found.run == run:
        clear(working_folder(index, run))
        (index / OWNER).unlink(missing_ok=True)


def working_folder(index: Path, run: str) -> Path:
    """Give the folder in which a run keeps what it needs until its end: a plan, answers, its account."""
    return index / RUNS / (run or UNNAMED)


def discard_run(index: Path, run: str) -> None:
    """Remove what a run that was cancelled or failed has left behind, and let go of the index.

    Safe to call again, and for a run that has ended or never began. What a batch still reads then is for
    nobody. Where the index is being written at this moment, the note of its owner is left to the next run.
    """
    with suppress(FileNotFoundError, IndexBusy), exclusive(index):
        release(index, run)
    folder = working_folder(index, run)
    clear(folder)
    clear(folder.with_name(f"{run}{RESULT_SUFFIX}"))
