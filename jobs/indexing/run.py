"""Index a folder: the whole of an indexing job, from the scan to the last commit."""

from contextlib import ExitStack, closing
from functools import partial

from jobs.indexing.limits import Limits
from jobs.indexing.opening import open_index
from jobs.indexing.order import Order
from jobs.indexing.ownership import Holds, exclusive, give_way, no_other, release
from jobs.indexing.reading import read_into, reading
from jobs.indexing.result import IndexingResult, Problem, result_of
from jobs.indexing.scan import Scan, scan
from jobs.indexing.update import Update
from jobs.indexing.work import Work, settle_unread, sort_out
from jobs.journal import Journal, forgetful
from jobs.progress import Progress, Report, silent

__all__ = ["IndexingResult", "Limits", "Order", "Problem", "index_folder"]

SCAN_PERCENT, EXTRACT_PERCENT, LAST_PERCENT = 5.0, 95.0, 99.0


def index_folder(
    order: Order,
    *,
    holds: Holds = no_other,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    journal: Journal = forgetful,
    report: Report = silent,
) -> IndexingResult:
    """Bring an index in line with the files of a folder.

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
        The folder cannot be listed.
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
        found = list_files(order, report)
        manifest, writer = open_index(index, order.mode)
        resources.enter_context(closing(manifest))
        resources.enter_context(closing(writer))
        update = Update(manifest, writer, order.source)
        cut_short = update.recover()
        work = sort_out(found, update.rows, limits, order, cut_short=cut_short)
        settle_unread(update, work)
        with reading(processes, limits, journal) as reader:
            tell = partial(_extracting, update, work, report)
            tell(None)
            read_into(update, reader, work, work.todo, tell)
        report(_closing(update, EXTRACT_PERCENT, "Writing the index"))
        update.finish()
        writer.close()
        manifest.close()
        report(_closing(update, LAST_PERCENT, "The index is written"))
        return result_of(order, update, removed=update.removed)


def list_files(order: Order, report: Report) -> Scan:
    """List the files of the folder, telling how many were found so far."""
    root = order.root.absolute()  # the extraction processes work in another folder
    return scan(root, leave_out=order.index, found=lambda number: report(_scanning(number)))


def _scanning(number: int) -> Progress:
    """Tell how many files were found so far."""
    share = number / (number + 1_000)  # the end is not known: always forward, never beyond
    return Progress("scan", SCAN_PERCENT * share, f"Found {number:,} files", None, number, None)


def _extracting(update: Update, work: Work, report: Report, number: int | None) -> None:
    done, total = len(update.outcomes), work.total
    percent = SCAN_PERCENT + (EXTRACT_PERCENT - SCAN_PERCENT) * (done / total if total else 1.0)
    message = f"Indexing {min(done + 1, total)} of {total}"
    current = None if number is None else work.files[number].path
    report(Progress("extract", percent, message, current, done, total, update.counts))


def _closing(update: Update, percent: float, message: str) -> Progress:
    done = len(update.outcomes)
    return Progress("commit", percent, message, None, done, done, update.counts)
