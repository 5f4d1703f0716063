"""The last phase of a run that is spread: one writer puts what the batches have read into the index."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from jobs.indexing.durable import clear, write_durably
from jobs.indexing.extraction.children import Task
from jobs.indexing.index.fencing import take_fence
from jobs.indexing.index.ownership import (
    RESULT_SUFFIX,
    exclusive,
    owner,
    release,
    working_folder,
)
from jobs.indexing.limits import Limits
from jobs.indexing.runs.filling import Means, fill_again
from jobs.indexing.runs.ledger import MERGE, Ledger
from jobs.indexing.runs.opening import open_index, warnings_of
from jobs.indexing.runs.plan import Planned, read_head, read_work, work_of
from jobs.indexing.runs.reading import Reader, lost, read_into, reading
from jobs.indexing.runs.rebuilding import Resolve, complete, nowhere
from jobs.indexing.runs.result import IndexingResult, decode_result, encode_result, result_of
from jobs.indexing.runs.shards import Place, answers, gone, places
from jobs.indexing.runs.updates import Updates
from jobs.indexing.runs.vectors import make_vectors
from jobs.indexing.runs.work import Work, settle_unread
from jobs.indexing.sources.order import Order
from jobs.indexing.vectors.embedder import Embedder
from jobs.journal import Journal, forgetful
from jobs.progress import Progress, Report, silent

READ_PERCENT, MERGED_PERCENT, LAST_PERCENT = 80.0, 95.0, 99.0
LOST: Final = "the worker that was to read it is gone"


def finish(
    order: Order,
    *,
    resolve: Resolve = nowhere,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    embedder: Embedder | None = None,
    journal: Journal = forgetful,
    report: Report = silent,
) -> IndexingResult:
    """Put what the batches read into the index, remove the working folder, and let go of the index.

    The result is that of `index_folder` on the same files. A file that no batch has an answer for is failed,
    with the reason `worker_lost`. Called again after it was killed, it goes on from the last commit; called
    again after its end, it gives the same result.

    Parameters
    ----------
    order
        As given to `prepare`.
    resolve, processes, limits, embedder, journal
        As for `index_folder`: the few documents whose indexed path has changed are read here.
    report : Report
        Told percents from 80 to 99; every file counts as processed.

    Raises
    ------
    NotFound
        The run was given up, or another has taken the index over.
    IndexBusy
        An earlier attempt of the same is still writing.
    IndexSpaceUsed
        The index has become larger than it may be.
    Unavailable
        The disk is full, or extraction processes do not start.
    """
    index, run = order.index, order.run
    folder = working_folder(index, run)
    if not folder.parent.exists():
        raise gone()
    kept = folder.with_name(f"{run}{RESULT_SUFFIX}")
    with exclusive(index, order.name):
        if kept.exists():
            result = decode_result(kept.read_bytes())
        else:
            spread, check = _read(order), take_fence(index)
            with ExitStack() as resources:
                ledger = resources.enter_context(Ledger(folder, MERGE))
                opening = resources.enter_context(open_index(order))
                update = opening.updates(spread.runs, runs=spread.runs, ledger=ledger, check=check)
                with reading(processes, limits, journal, folder) as reader:
                    _merge(spread, update, reader, report)
                report(_closing(update, MERGED_PERCENT, "Writing the index"))
                update.finish(order.family)
                means = Means(processes, limits, journal, folder, check)
                again = partial(fill_again, opening, means, partial(_rebuilding, update, report))
                complete(opening, resolve=resolve, again=again, check=check)
                said = make_vectors(
                    order, embedder, update=update, check=check, report=report, percent=MERGED_PERCENT
                )
                report(_closing(update, LAST_PERCENT, "The index is written"))
                ledger.seal(index, run)
            warnings = (*warnings_of(order), *said)
            result = result_of(
                order, update, removed=spread.removed, warnings=warnings, work=work_of(spread.work.todo)
            )
            write_durably(kept, encode_result(result))
        clear(folder)
        release(index, run)
        return result


@dataclass(frozen=True)
class _Spread:
    """What is on disk of a run: its plan, and where the answers stand."""

    folder: Path
    runs: Mapping[str, int]
    removed: int
    work: Work
    batches: Sequence[Sequence[Planned]]
    places: Sequence[Mapping[int, Place]]
    counts: Mapping[str, int]


def _read(order: Order) -> _Spread:
    folder = working_folder(order.index, order.run)
    head, taken_by = read_head(folder), owner(order.index)
    if head is None or taken_by is None or taken_by.run != order.run:
        raise gone()
    roots = head.rooted({place.source: place.root for place in order.places})
    work, batches = read_work(folder, head, roots)
    found = [places(folder, batch) for batch in range(len(batches))]
    counts = Counter(head.counts)
    for batch, places_of in zip(batches, found, strict=True):
        counts.update(place.outcome for place in places_of.values())
        counts["failed"] += len(batch) - len(places_of)
    return _Spread(folder, head.runs, head.removed, work, batches, found, dict(counts))


def _merge(spread: _Spread, update: Updates, reader: Reader, report: Report) -> None:
    """Bring the index in line with the answers; what is in doubt, or inherits a content, is read here."""

    def tell(number: int | None) -> None:
        report(_merging(spread, update, number))

    work = spread.work
    update.recover()
    again = settle_unread(update, work)
    tell(None)
    for batch, planned in enumerate(spread.batches):
        unanswered = {one.number: one for one in planned}
        for answer in answers(spread.folder, batch, spread.places[batch]):
            del unanswered[answer.number]
            file = work.files[answer.number]
            if answer.status == "same" and file.path not in update.part(file.source).rows:
                again.append(answer.number)  # it was in doubt after an attempt of this that was killed
            else:
                update.settle(file, answer)
            tell(answer.number)
        for number, one in unanswered.items():
            update.settle(work.files[number], lost(one.task, LOST))
    read_into(update, reader, work, [_again(work, number) for number in again], tell)


def _again(work: Work, number: int) -> Task:
    return work.again((work.files[number].source, work.files[number].path))


def _merging(spread: _Spread, update: Updates, number: int | None) -> Progress:
    done, total = update.done, spread.work.total
    percent = READ_PERCENT + (MERGED_PERCENT - READ_PERCENT) * (done / total)
    current = None if number is None else spread.work.files[number].path
    message = f"Putting together {min(done + 1, total)} of {total}"
    # All have been read: what the batches have told stays true, but for duplicates, which show at the end.
    return Progress("merge", percent, message, current, total, total, spread.counts)


def _rebuilding(update: Updates, report: Report, message: str) -> None:
    report(_closing(update, MERGED_PERCENT, message))


def _closing(update: Updates, percent: float, message: str) -> Progress:
    total = update.done
    return Progress("commit", percent, message, None, total, total, update.counts)
