"""Index folders: the whole of an indexing job, from the scan to the last commit."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

from jobs.indexing.durable import clear
from jobs.indexing.index.fencing import take_fence
from jobs.indexing.index.ownership import Holds, exclusive, give_way, no_other, release, working_folder
from jobs.indexing.limits import Limits
from jobs.indexing.runs.filling import EXTRACT_PERCENT, Means, fill, fill_again
from jobs.indexing.runs.ledger import RUN, Ledger
from jobs.indexing.runs.opening import open_index
from jobs.indexing.runs.rebuilding import Resolve, complete, nowhere
from jobs.indexing.runs.result import IndexingResult, Problem, result_of
from jobs.indexing.runs.updates import Updates
from jobs.indexing.runs.vectors import WORDS_SHARE, before_vectors, make_vectors
from jobs.indexing.sources.listing import list_places
from jobs.indexing.sources.order import Order
from jobs.indexing.vectors.embedder import Embedder
from jobs.journal import Journal, forgetful
from jobs.progress import Progress, Report, silent

__all__ = ["IndexingResult", "Limits", "Order", "Problem", "index_folder"]

LAST_PERCENT = 99.0


def index_folder(
    order: Order,
    *,
    holds: Holds = no_other,
    resolve: Resolve = nowhere,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    embedder: Embedder | None = None,
    journal: Journal = forgetful,
    report: Report = silent,
) -> IndexingResult:
    """Bring an index in line with the files of one or several folders.

    A file that cannot be read is a result, counted and listed with its reason. A run that is killed at any
    moment loses at most the work since the last commit; the next one continues, to the same index.

    Parameters
    ----------
    order : Order
        Its `run` is the one of `jobs.indexing.runs.spread.prepare`, should it have been prepared.
    holds : callable
        Whether an earlier run, by its name, still goes on. An index whose owner does not is taken over.
    resolve : callable
        Gives the folder of another source of the index, None where it cannot be reached: an index that is
        damaged or outdated is built anew as a whole. `warnings` of the result tell of it.
    processes : int, at least 1
        Extraction processes that run at the same time.
    embedder : Embedder, optional
        Makes vectors of the passages, for searches by meaning; what it cannot do is among the warnings.
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
    IndexSpaceUsed
        The index has become larger than it may be.
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
        words = before_vectors(report, embedder)
        found = list_places(order, limits, words)
        opening = resources.enter_context(open_index(order))
        means = Means(processes, limits, journal, folder, check)
        update = fill(opening, opening.order, found, means, ledger=ledger, report=words)
        words(_closing(update, EXTRACT_PERCENT, "Writing the index"))
        update.finish(order.family)
        again = partial(fill_again, opening, means, partial(_rebuilding, update, words))
        warnings = complete(opening, resolve=resolve, again=again, check=check)
        percent = EXTRACT_PERCENT * WORDS_SHARE
        warnings += make_vectors(order, embedder, update=update, check=check, report=report, percent=percent)
        ledger.seal(index, order.run)
        report(_closing(update, LAST_PERCENT, "The index is written"))
        return result_of(order, update, removed=update.removed, warnings=warnings)


def _empty(folder: Path) -> Path:
    clear(folder)
    folder.mkdir(parents=True)
    return folder


def _rebuilding(update: Updates, report: Report, message: str) -> None:
    """Tell of another source, in the numbers of the run's own."""
    report(_closing(update, EXTRACT_PERCENT, message))


def _closing(update: Updates, percent: float, message: str) -> Progress:
    done = update.done
    return Progress("commit", percent, message, None, done, done, update.counts)
