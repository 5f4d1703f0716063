"""How work tells that it moves: a value, a protocol, and three small reporters.

The domain packages call `report(Progress(...))` and know nothing else; who listens is the caller's matter.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

Item = TypeVar("Item")

SECONDS_BETWEEN_REPORTS = 0.5  # two updates a second are what a watcher can read; more only loads Redis


@dataclass(frozen=True)
class Progress:
    """One moment of a job.

    Parameters
    ----------
    stage : str
        One lower-case word: what kind of work is being done ("read", "extract", "figures").
    percent : float in [0, 100]
        Share of the whole job, all stages together.
    message : str
        The same for people, in a few words ("Extracting text").
    current_file : str, optional
        What is in hand now, as the user named it.
    processed, total : int, optional
        Things done and things to do; `total` is None until it is known.
    counts : mapping of str to int
        Outcomes so far, by name.
    """

    stage: str
    percent: float
    message: str = ""
    current_file: str | None = None
    processed: int | None = None
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the members as JSON values; what is no valid Unicode, as in a file's name, is spelt out."""
        texts = {
            name: value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
            for name, value in vars(self).items()
        }
        return {**texts, "counts": dict(self.counts)}


class Report(Protocol):
    """Accepts progress. It may raise to stop the work: callers let the exception pass."""

    def __call__(self, progress: Progress, /) -> None:
        """Take note of `progress`."""


def silent(progress: Progress, /) -> None:
    """Take no note: the default of every domain function."""


class Throttled:
    """Passes on at most one report in `interval_seconds`, but always the first and each change of stage;
    `flush` passes on the last.

    Percent never falls: a report below the highest so far is passed on with the highest.
    """

    def __init__(
        self,
        report: Report,
        interval_seconds: float = SECONDS_BETWEEN_REPORTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report = report
        self._interval_seconds = interval_seconds
        self._clock = clock
        self._stage: str | None = None
        self._percent = 0.0
        self._due = float("-inf")
        self._withheld: Progress | None = None

    def __call__(self, progress: Progress, /) -> None:
        """Pass `progress` on if it is due."""
        self._percent = max(self._percent, progress.percent)
        now = self._clock()
        if progress.stage == self._stage and now < self._due and progress.percent < 100:
            self._withheld = progress
            return
        self._stage, self._due, self._withheld = progress.stage, now + self._interval_seconds, None
        self._report(replace(progress, percent=self._percent))

    def flush(self) -> None:
        """Pass on the last report if it was not due."""
        if self._withheld is not None:
            withheld, self._withheld = self._withheld, None
            self._report(replace(withheld, percent=self._percent))


def tracked(
    items: Sequence[Item],
    report: Report,
    *,
    stage: str,
    message: str = "",
    percent: tuple[float, float] = (0.0, 100.0),
    name: Callable[[Item], str] = str,
) -> Iterator[Item]:
    """Yield each item, reporting before it what is in hand and after the last that all are done.

    Parameters
    ----------
    percent : (float, float)
        The part of the whole job that these items are: where it begins and ends.
    name : callable
        How an item is called in `current_file`.
    """
    begin, end = percent
    total = len(items)
    for done, item in enumerate(items):
        share = begin + (end - begin) * done / total
        report(Progress(stage, share, message, name(item), done, total))
        yield item
    report(Progress(stage, end, message, None, total, total))
