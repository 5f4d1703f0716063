"""Reads files with care: what has killed the worker before is read alone, or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from jobs.indexing.children import Children, Task
from jobs.indexing.frames import Answer
from jobs.indexing.limits import Limits
from jobs.indexing.update import Update
from jobs.indexing.work import Work
from jobs.journal import KILLER, Journal

WORKER_LOST: Final = "worker_lost"


class Reader:
    """Reads the files of one attempt of a run."""

    def __init__(self, children: Children, journal: Journal) -> None:
        self._children = children
        self._journal = journal
        self._deaths: Mapping[str, int] | None = None

    def in_hand(self) -> int | None:
        """Give the number of a file that is being read."""
        return self._children.in_hand()

    def read(self, tasks: Sequence[Task]) -> Iterator[Answer | None]:
        """Yield an answer for each file as it is ready, and None every second while there is none."""
        if not tasks:
            return
        if self._deaths is None:  # once: what is in hand from now on is of this attempt
            self._deaths = self._journal.deaths()
        deaths = [self._deaths.get(task.name, 0) for task in tasks]
        for task, count in zip(tasks, deaths, strict=True):
            if count >= KILLER:
                yield lost(task, "its worker died twice while reading it")
        for task, count in zip(tasks, deaths, strict=True):
            if 0 < count < KILLER:
                yield from self._children.extract([task], self._hold)
        rest = [task for task, count in zip(tasks, deaths, strict=True) if not count]
        yield from self._children.extract(rest, self._hold)

    def _hold(self, tasks: Sequence[Task]) -> None:
        self._journal.hold([task.name for task in tasks])


@contextmanager
def reading(processes: int, limits: Limits, journal: Journal) -> Iterator[Reader]:
    """Open a reader, which leaves neither processes nor anything in hand behind."""
    with Children(max(1, processes), limits) as children:
        try:
            yield Reader(children, journal)
        finally:
            journal.hold(())


def lost(task: Task, detail: str) -> Answer:
    """Answer for a file that no worker has survived."""
    return Answer(task.request.number, "failed", task.request.format, WORKER_LOST, detail)


def read_into(
    update: Update,
    reader: Reader,
    work: Work,
    todo: Sequence[Task],
    tell: Callable[[int | None], None],
) -> None:
    """Read files into an index, then those that inherit a content whose indexed path has changed.

    Parameters
    ----------
    work : Work
        All files of the run.
    todo : sequence of Task
        The files to read first.
    tell : callable
        Told at each turn the number of a file in hand.
    """
    while todo := todo or [work.again(path) for path in update.orphans()]:
        for answer in reader.read(todo):
            if answer is not None:
                update.settle(work.files[answer.number], answer)
                update.commit_if_due()
            tell(reader.in_hand())
        todo = ()
