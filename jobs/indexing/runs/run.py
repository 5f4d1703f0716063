"""Index folders: the whole of an indexing job, from the scan to the last commit."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jobs.indexing.durable import clear
from jobs.indexing.index.fencing import take_fence
from jobs.indexing.index.ownership import Holds, exclusive, give_way, no_other, release, working_folder
from jobs.indexing.limits import Limits
from jobs.indexing.runs.filling import EXTRACT_PERCENT, Filling, Means, fill, fill_again, sorted_out
from jobs.indexing.runs.ledger import RUN, Ledger
from jobs.indexing.runs.opening import Opening, open_index
from jobs.indexing.runs.plan import Batching, is_planned, work_of
from jobs.indexing.runs.rebuilding import Resolve, complete, nowhere
from jobs.indexing.runs.result import IndexingResult, Problem, result_of
from jobs.indexing.runs.spread import Prepared, planned, prepare
from jobs.indexing.runs.updates import Updates
from jobs.indexing.runs.vectors import WORDS_SHARE, before_vectors, make_vectors
from jobs.indexing.sources.listing import list_places
from jobs.indexing.sources.order import Order
from jobs.indexing.vectors.embedder import Embedder
from jobs.journal import Journal, forgetful
from jobs.progress import Progress, Report, silent

__all__ = ["IndexingResult", "Limits", "Order", "Problem", "index_folder", "index_or_plan"]

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
    with begun(
        order,
        holds=holds,
        processes=processes,
        limits=limits,
        journal=journal,
        report=report,
        embedder=embedder,
    ) as run:
        return run.to_its_end(resolve)


def index_or_plan(
    order: Order,
    *,
    batching: Batching = Batching(),  # noqa: B008 - frozen
    holds: Holds = no_other,
    resolve: Resolve = nowhere,
    processes: int = 2,
    embedder: Embedder | None = None,
    journal: Journal = forgetful,
    report: Report = silent,
) -> IndexingResult | Prepared:
    """Index what is small, like `index_folder`; of what is large only plan the batches, like `prepare`.

    The files are listed once, and the index is opened once, whichever it will be.

    Parameters
    ----------
    batching : Batching
        When to spread, and into how large batches.
    order, holds, resolve, processes, embedder, journal, report
        As for `index_folder`, which also says what is raised.
    """
    if is_planned(order):  # by an attempt before, of which batches may be under way
        return prepare(order, batching=batching, holds=holds, report=report)
    with begun(
        order,
        holds=holds,
        processes=processes,
        limits=Limits(),
        embedder=embedder,
        journal=journal,
        report=report,
    ) as run:
        filling = run.filling
        if batching.is_small(filling.work.todo):
            return run.to_its_end(resolve)
        runs = {part.source: part.run for part in filling.update}
        return planned(run.opening.order, filling.work, filling.known, runs, batching=batching)


@dataclass(frozen=True)
class _Begun:
    """A run that has the index, and knows what is to be read."""

    order: Order
    opening: Opening
    filling: Filling
    means: Means
    embedder: Embedder | None
    report: Report

    def to_its_end(self, resolve: Resolve) -> IndexingResult:
        """Read the files, and write the index."""
        order, opening, update, means = self.order, self.opening, self.filling.update, self.means
        words = before_vectors(self.report, self.embedder)
        fill(self.filling, means, words)
        words(_closing(update, EXTRACT_PERCENT, "Writing the index"))
        update.finish(order.family)
        again = partial(fill_again, opening, means, partial(_rebuilding, update, words))
        warnings = complete(opening, resolve=resolve, again=again, check=means.check)
        percent, check = EXTRACT_PERCENT * WORDS_SHARE, means.check
        warnings += make_vectors(
            order, self.embedder, update=update, check=check, report=self.report, percent=percent
        )
        self.filling.ledger.seal(order.index, order.run)
        self.report(_closing(update, LAST_PERCENT, "The index is written"))
        work = work_of(self.filling.work.todo)
        return result_of(order, update, removed=update.removed, warnings=warnings, work=work)


@contextmanager
def begun(
    order: Order,
    *,
    holds: Holds,
    processes: int,
    limits: Limits,
    embedder: Embedder | None,
    journal: Journal,
    report: Report,
) -> Iterator[_Begun]:
    """Take the index for a run, list the files and open the index; `index_folder` for all of it."""
    index = order.index
    index.mkdir(parents=True, exist_ok=True)
    with ExitStack() as resources:
        resources.enter_context(exclusive(index, order.name))
        give_way(order, holds=holds)
        release(index, order.run)
        check, folder = take_fence(index), _empty(working_folder(index, order.run))
        resources.callback(_clear_unplanned, order)
        ledger = resources.enter_context(Ledger(folder if order.run else None, RUN))
        found = list_places(order, limits, before_vectors(report, embedder))
        opening = resources.enter_context(open_index(order))
        means = Means(processes, limits, journal, folder, check)
        filling = sorted_out(opening, opening.order, found, means, ledger=ledger)
        yield _Begun(order, opening, filling, means, embedder, report)


def _empty(folder: Path) -> Path:
    clear(folder)
    folder.mkdir(parents=True)
    return folder


def _clear_unplanned(order: Order) -> None:
    """Remove what a run needs until its end; a plan is needed beyond this one."""
    if not is_planned(order):
        clear(working_folder(order.index, order.run))


def _rebuilding(update: Updates, report: Report, message: str) -> None:
    """Tell of another source, in the numbers of the run's own."""
    report(_closing(update, EXTRACT_PERCENT, message))


def _closing(update: Updates, percent: float, message: str) -> Progress:
    done = update.done
    return Progress("commit", percent, message, None, done, done, update.counts)
