"""The last phase of a run that is spread: one writer puts what the batches have read into the index."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from jobs.indexing.durable import clear, write_durably
from jobs.indexing.limits import Limits
from jobs.indexing.opening import open_index
from jobs.indexing.order import Order
from jobs.indexing.ownership import (
    RESULT_SUFFIX,
    exclusive,
    owner,
    release,
    working_folder,
)
from jobs.indexing.plan import Planned, read_head, read_work
from jobs.indexing.reading import Reader, lost, read_into, reading
from jobs.indexing.result import IndexingResult, decode_result, encode_result, result_of
from jobs.indexing.shards import Place, answers, gone, places
from jobs.indexing.update import Update
from jobs.indexing.work import Work, settle_unread
from jobs.journal import Journal, forgetful
from jobs.progress import Progress, Report, silent

READ_PERCENT, MERGED_PERCENT, LAST_PERCENT = 80.0, 95.0, 99.0
LOST: Final = "the worker that was to read it is gone"


def finish(
    order: Order,
    *,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
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
    processes, limits, journal
        As for `index_folder`: the few documents whose indexed path has changed are read here.
    report : Report
        Told percents from 80 to 99; every file counts as processed.

    Raises
    ------
    NotFound
        The run was given up, or another has taken the index over.
    IndexBusy
        An earlier attempt of the same is still writing.
    BrokenIndex
        The index is damaged, and `mode` is not full.
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
            spread = _read(order)
            with ExitStack() as resources:
                manifest, writer = open_index(index, order.mode)
                resources.enter_context(closing(manifest))
                resources.enter_context(closing(writer))
                update = Update(manifest, writer, order.source, run=spread.number)
                with reading(processes, limits, journal) as reader:
                    _merge(spread, update, reader, report)
            result = result_of(order, update, removed=spread.removed)
            write_durably(kept, encode_result(result))
        clear(folder)
        release(index, run)
        return result


@dataclass(frozen=True)
class _Spread:
    """What is on disk of a run: its plan, and where the answers stand."""

    folder: Path
    number: int
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
    work, batches = read_work(folder, head)
    found = [places(folder, batch) for batch in range(len(batches))]
    counts = Counter(head.counts)
    for batch, places_of in zip(batches, found, strict=True):
        counts.update(place.outcome for place in places_of.values())
        counts["failed"] += len(batch) - len(places_of)
    if order.remove_deleted:
        return _Spread(folder, head.number, head.removed, work, batches, found, dict(counts))
    return _Spread(folder, head.number, 0, replace(work, gone=()), batches, found, dict(counts))


def _merge(spread: _Spread, update: Update, reader: Reader, report: Report) -> None:
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
            if answer.status == "same" and work.files[answer.number].path not in update.rows:
                again.append(answer.number)  # it was in doubt after an attempt of this that was killed
            else:
                update.settle(work.files[answer.number], answer)
                update.commit_if_due()
            tell(answer.number)
        for number, one in unanswered.items():
            update.settle(work.files[number], lost(one.task, LOST))
    read_into(update, reader, work, [work.again(work.files[number].path) for number in again], tell)
    report(_closing(update, MERGED_PERCENT, "Writing the index"))
    update.finish()
    report(_closing(update, LAST_PERCENT, "The index is written"))


def _merging(spread: _Spread, update: Update, number: int | None) -> Progress:
    done, total = len(update.outcomes), spread.work.total
    percent = READ_PERCENT + (MERGED_PERCENT - READ_PERCENT) * (done / total)
    current = None if number is None else spread.work.files[number].path
    message = f"Putting together {min(done + 1, total)} of {total}"
    # All have been read: what the batches have told stays true, but for duplicates, which show at the end.
    return Progress("merge", percent, message, current, total, total, spread.counts)


def _closing(update: Update, percent: float, message: str) -> Progress:
    total = len(update.outcomes)
    return Progress("commit", percent, message, None, total, total, update.counts)
