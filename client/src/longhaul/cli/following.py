"""A job's way to its end, on stderr: a bar that moves on a terminal, else a line now and then."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from longhaul.cli.plain import is_drawn_on, safe, tell
from longhaul.jobs import Job
from longhaul.models import JobState

PERCENT_A_LINE = 5.0
Also = Callable[[JobState], object]


class Display(Protocol):
    """Where progress is shown."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""

    def show(self, state: JobState) -> None:
        """Show how the job looks now."""

    def trouble(self, words: str) -> None:
        """Show that the service does not answer."""


def message(state: JobState) -> str:
    """Return in a few words what the job does, or what it waits for."""
    if state.status != "queued":
        parts = [state.message or state.status]
        if state.processed is not None and state.total:
            parts.append(f"{state.processed} of {state.total}")
        return safe(" · ".join([*parts, *([state.current_file] if state.current_file else [])]))
    words = "Waiting"
    if state.queue is not None:
        place = f" as number {state.queue.position}" if state.queue.position else ""
        words = f"Waiting in the queue {state.queue.name}{place}"
        if state.queue.workers == 0:
            words += "; no worker serves it"
    return safe(words)


class Lines:
    """Progress as lines: one for each stage, and for every few percent."""

    def __init__(self) -> None:
        self._shown: tuple[str, str | None] | None = None
        self._percent = 0.0
        self._in_trouble = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left to do."""

    def show(self, state: JobState) -> None:
        """Write a line if it says something new."""
        self._in_trouble = False
        step = (state.status, state.stage)
        if step != self._shown or state.progress >= self._percent + PERCENT_A_LINE:
            self._shown, self._percent = step, state.progress
            tell(f"{state.progress:6.1f} %  {safe(state.status):<9}  {message(state)}")

    def trouble(self, words: str) -> None:
        """Write a line when the trouble begins."""
        if not self._in_trouble:
            tell(f"          waiting    {safe(words)}")
        self._in_trouble = True


class Bar:
    """Progress as a bar that is drawn anew in its place."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        self._progress = Progress(
            TextColumn("{task.percentage:5.1f} %", markup=False),
            BarColumn(bar_width=24, complete_style="cyan", finished_style="green"),
            TimeElapsedColumn(),
            TextColumn(
                "{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")
            ),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("Waiting", total=100.0)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bar as it is and give the cursor back."""
        self._progress.stop()

    def show(self, state: JobState) -> None:
        """Move the bar."""
        left = f" · {state.eta_seconds} s left" if state.eta_seconds else ""
        self._progress.update(self._task, completed=state.progress, description=message(state) + left)

    def trouble(self, words: str) -> None:
        """Say what is wrong where the job's words were."""
        self._progress.update(self._task, description=safe(words))


def display() -> Display:
    """Return where progress is shown in this process."""
    return Bar() if is_drawn_on(sys.stderr) else Lines()


def follow(job: Job, timeout: float | None, also: Also | None = None) -> Job:
    """Wait for a job's end and show its progress; return it.

    Parameters
    ----------
    also : callable, optional
        Is given each state too.

    Raises
    ------
    JobFailed, WaitTimeout
        As for `Job.wait`.
    KeyboardInterrupt
        Ctrl-C: it is told that the job goes on, and how to look again.
    """

    def seen(state: JobState) -> None:
        shown.show(state)
        if also is not None:
            also(state)

    try:
        with display() as shown:
            return job.wait(seen, timeout, trouble=shown.trouble)
    except KeyboardInterrupt:
        tell(f"\nThe job goes on. Watch it again: longhaul watch {job.id}\nStop it: longhaul cancel {job.id}")
        raise
