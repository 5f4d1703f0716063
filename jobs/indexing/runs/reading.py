"""Reads files with care: what has killed the worker before is read alone, or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from jobs.indexing.extraction.children import Children, Task
from jobs.indexing.extraction.frames import Answer
from jobs.indexing.limits import Limits
from jobs.indexing.runs.updates import Updates
from jobs.indexing.runs.work import Work
from jobs.indexing.sources.archives import unpack, unpacking_place
from jobs.journal import KILLER, Journal

WORKER_LOST: Final = "worker_lost"


class Reader:
    """Reads the files of one attempt of a run."""

    def __init__(self, children: Children, journal: Journal, limits: Limits, folder: Path) -> None:
        self._children = children
        self._limits = limits
        self._folder = folder  # where members of archives are unpacked
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
        suspects = [task for task in tasks if task.name in self._deaths]
        for task in suspects:
            if self._deaths[task.name] >= KILLER:
                yield lost(task, "its worker died twice while reading it")
        for task in suspects:
            if self._deaths[task.name] < KILLER:
                yield from self._extract([task])
        yield from self._extract([task for task in tasks if task.name not in self._deaths])

    def _extract(self, tasks: Sequence[Task]) -> Iterator[Answer | None]:
        """Read plain files, then the members of one archive after the other."""
        yield from self._children.extract([task for task in tasks if task.member is None], self._hold)
        members = sorted(
            (task for task in tasks if task.member is not None), key=lambda task: task.request.path
        )
        for location, group in groupby(members, key=lambda task: task.request.path):
            yield from self._members(location, list(group))

    def _members(self, location: bytes, tasks: Sequence[Task]) -> Iterator[Answer | None]:
        wanted = {task.member: task.size for task in tasks if task.member is not None}
        with unpacking_place(self._folder) as place:
            unpacked = yield from unpack(location, wanted, place, self._limits)
            todo = []
            for task in tasks:
                why = unpacked.why(task.member or 0)
                if why is None:
                    path = bytes(place / str(task.member))
                    todo.append(replace(task, request=replace(task.request, path=path), member=None))
                else:
                    status, reason, detail = why
                    yield Answer(task.request.number, status, task.request.format, reason, detail)
            for answer in self._children.extract(todo, self._hold):
                # Its size and time are those that the archive gives it.
                yield answer and replace(answer, size=None, mtime_ns=None)

    def _hold(self, tasks: Sequence[Task]) -> None:
        self._journal.hold([task.name for task in tasks])


@contextmanager
def reading(processes: int, limits: Limits, journal: Journal, folder: Path) -> Iterator[Reader]:
    """Open a reader, which leaves neither processes nor files nor anything in hand behind.

    Parameters
    ----------
    folder : Path
        Where members of archives are unpacked while they are read; made when it does not exist.
    """
    with Children(max(1, processes), limits) as children:
        try:
            yield Reader(children, journal, limits, folder)
        finally:
            journal.hold(())


def lost(task: Task, detail: str) -> Answer:
    """Answer for a file that no worker has survived."""
    return Answer(task.request.number, "failed", task.request.format, WORKER_LOST, detail)


def read_into(
    update: Updates,
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
    while todo := todo or [work.again(key) for key in update.orphans()]:
        for answer in reader.read(todo):
            if answer is not None:
                update.settle(work.files[answer.number], answer)
            tell(reader.in_hand())
        todo = ()
