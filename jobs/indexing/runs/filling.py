"""Reads the files of an order into an opened index: the body of a run in one go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from jobs.indexing.limits import Limits
from jobs.indexing.runs.ledger import Ledger, unwritten
from jobs.indexing.runs.opening import Opening
from jobs.indexing.runs.reading import read_into, reading
from jobs.indexing.runs.updates import Updates
from jobs.indexing.runs.work import Known, Work, involved, settle_unread, sort_out
from jobs.indexing.sources.listing import SCAN_PERCENT, list_places
from jobs.indexing.sources.order import Order
from jobs.indexing.sources.scan import Scan
from jobs.journal import Journal
from jobs.progress import Progress, Report

EXTRACT_PERCENT: Final = 95.0


@dataclass(frozen=True)
class Means:
    """With what the files of a run are read: `folder` is the run's own, for what archives hold."""

    processes: int
    limits: Limits
    journal: Journal
    folder: Path
    check: Callable[[], None]


@dataclass(frozen=True)
class Filling:
    """What is to be done with an opened index: the files to read, and what is known of each source's."""

    update: Updates
    work: Work
    known: Mapping[str, Known]
    ledger: Ledger


def sorted_out(
    opening: Opening, order: Order, found: Sequence[Scan], means: Means, *, ledger: Ledger
) -> Filling:
    """Compare what was found with an opened index. Nothing is changed in it for good before a commit."""
    sources = involved(found, opening.manifest, order)
    update = opening.updates(sources, ledger=ledger, check=means.check)
    cut_short = update.recover()
    known = {part.source: Known(part.rows, cut_short[part.source]) for part in update}
    return Filling(update, sort_out(found, known, means.limits, order), known, ledger)


def fill(filling: Filling, means: Means, report: Report) -> None:
    """Bring an opened index in line with what was found, but for the last commit."""
    update, work = filling.update, filling.work
    settle_unread(update, work)
    with reading(means.processes, means.limits, means.journal, means.folder) as reader:
        tell = partial(_extracting, update, work, filling.ledger, report)
        tell(None)
        read_into(update, reader, work, work.todo, tell)


def fill_again(opening: Opening, means: Means, tell: Callable[[str], None], order: Order) -> None:
    """Read the files of another source into an index that is built anew, to its last commit.

    Raises
    ------
    BadInput
        Its folder cannot be listed.
    """

    def report(progress: Progress) -> None:
        tell(f"{order.source} again: {progress.message}")

    found = list_places(order, means.limits, report)
    filling = sorted_out(opening, order, found, means, ledger=unwritten)
    fill(filling, means, report)
    filling.update.finish()


def _extracting(update: Updates, work: Work, ledger: Ledger, report: Report, number: int | None) -> None:
    ledger.flush()
    done, total = update.done, work.total
    percent = SCAN_PERCENT + (EXTRACT_PERCENT - SCAN_PERCENT) * (done / total if total else 1.0)
    message = f"Indexing {min(done + 1, total)} of {total}"
    current = None if number is None else work.files[number].path
    report(Progress("extract", percent, message, current, done, total, update.counts))
