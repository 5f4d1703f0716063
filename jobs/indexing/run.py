"""Index folders: the whole of an indexing job, from the scan to the last commit."""

from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from jobs.indexing.durable import clear
from jobs.indexing.fencing import take_fence
from jobs.indexing.ledger import RUN, Ledger
from jobs.indexing.limits import Limits
from jobs.indexing.listing import SCAN_PERCENT, list_places
from jobs.indexing.opening import open_index
from jobs.indexing.order import Order
from jobs.indexing.ownership import Holds, exclusive, give_way, no_other, release, working_folder
from jobs.indexing.reading import read_into, reading
from jobs.indexing.result import IndexingResult, Problem, result_of
from jobs.indexing.updates import Updates
from jobs.indexing.work import Known, Work, involved, settle_unread, sort_out
from jobs.journal import Journal, forgetful
from jobs.progress import Progress, Report, silent

__all__ = ["IndexingResult", "Limits", "Order", "Problem", "index_folder"]

EXTRACT_PERCENT, LAST_PERCENT = 95.0, 99.0


def index_folder(
    order: Order,
    *,
    holds: Holds = no_other,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    journal: Journal = forgetful,
    report: Report = silent,
) -> IndexingResult:
    """Bring an index in line with the files of one or several folders.

    A file that cannot be read is a result, counted and listed with its reason. A run that is killed at any
    moment loses at most the work since the last commit; the next one continues, to the same index.

    Parameters
    ----------
    order : Order
        Its `run` is the one of `jobs.indexing.spread.prepare`, should it have been prepared.
    holds : callable
        Whether an earlier run, by its name, still goes on. An index whose owner does not is taken over.
    processes : int, at least 1
        Extraction processes that run at the same time.
    journal : Journal
        Told what is in hand. A file that has killed its worker twice is not read again: it is failed, with
        the reason `worker_lost`. A suspect is read first, alone.
    report : Report
        Told of each file; what it raises stops the run, and the index stays as it was at the last commit.

    Raises
    ------
    BadInput
        A folder cannot be listed.
    IndexBusy
        Another run is writing this index.
    BrokenIndex
        The index is damaged, and `mode` is not full.
    Unavailable
        The disk is full, or extraction processes do not start.
    """
    index = order.index
    index.mkdir(parents=True, exist_ok=True)
    with ExitStack() as resources:
        resources.enter_context(exclusive(index, order.name))
        give_way(order, holds=holds)
        release(index, order.run)
        check, folder = take_fence(index), _empty(working_folder(index, order.run))
        resources.callback(clear, folder)
        ledger = resources.enter_context(Ledger(folder if order.run else None, RUN))
        found = list_places(order, limits, report)
        manifest, writer = open_index(index, order.mode)
        resources.enter_context(closing(manifest))
        resources.enter_context(closing(writer))
        update = Updates(manifest, writer, involved(found, manifest, order), ledger=ledger, check=check)
        cut_short = update.recover()
        known = {part.source: Known(part.rows, cut_short[part.source]) for part in update}
        work = sort_out(found, known, limits, order)
        settle_unread(update, work)
        with reading(processes, limits, journal, folder) as reader:
            tell = partial(_extracting, update, work, ledger, report)
            tell(None)
            read_into(update, reader, work, work.todo, tell)
        report(_closing(update, EXTRACT_PERCENT, "Writing the index"))
        update.finish(order.family)
        ledger.seal(index, order.run)
        writer.close()
        manifest.close()
        report(_closing(update, LAST_PERCENT, "The index is written"))
        return result_of(order, update, removed=update.removed)


def _empty(folder: Path) -> Path:
    clear(folder)
    folder.mkdir(parents=True)
    return folder


def _extracting(update: Updates, work: Work, ledger: Ledger, report: Report, number: int | None) -> None:
    ledger.flush()
    done, total = update.done, work.total
    percent = SCAN_PERCENT + (EXTRACT_PERCENT - SCAN_PERCENT) * (done / total if total else 1.0)
    message = f"Indexing {min(done + 1, total)} of {total}"
    current = None if number is None else work.files[number].path
    report(Progress("extract", percent, message, current, done, total, update.counts))


def _closing(update: Updates, percent: float, message: str) -> Progress:
    done = update.done
    return Progress("commit", percent, message, None, done, done, update.counts)
