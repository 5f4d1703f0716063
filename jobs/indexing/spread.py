"""Index a large folder as many batches, on several processes or machines that share the data folder.

`prepare` takes the index and plans the run; `extract_batch` reads the files of one batch, anywhere; `finish`,
the one writer, puts what they made into the index. Each can be killed at any moment and called again. What
the batches have on disk is what counts: a file without an answer is a failed file of the result.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from jobs.indexing.children import Task
from jobs.indexing.finishing import finish
from jobs.indexing.frames import Answer
from jobs.indexing.limits import Limits
from jobs.indexing.manifest import Row
from jobs.indexing.opening import open_index
from jobs.indexing.order import Order
from jobs.indexing.ownership import (
    Holds,
    Owner,
    discard_run,
    exclusive,
    give_way,
    no_other,
    release,
    take,
    working_folder,
)
from jobs.indexing.plan import Batching, Head, Planned, read_batch, read_head, write_plan
from jobs.indexing.reading import reading
from jobs.indexing.result import IndexingResult
from jobs.indexing.run import list_files
from jobs.indexing.scan import Scan
from jobs.indexing.shards import Shard, gone, places
from jobs.indexing.sources import remove_source
from jobs.indexing.update import STATUSES
from jobs.indexing.work import Work, sort_out
from jobs.journal import Journal, forgetful
from jobs.progress import Progress, Report, silent

__all__ = [
    "BatchResult",
    "Batching",
    "IndexingResult",
    "Order",
    "Prepared",
    "discard_run",
    "extract_batch",
    "finish",
    "prepare",
    "remove_source",
]


@dataclass(frozen=True)
class Prepared:
    """What a run will have to do.

    `batches` is 0 where the run is small: then nothing was planned, and `index_folder` does it in one go.
    `total` counts all files of the run, `processed` those that need no reading, `counts` their outcomes.
    """

    batches: int
    total: int
    processed: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchResult:
    """What became of the files of a batch. Duplicates are not known before the end: they count as indexed."""

    processed: int
    counts: Mapping[str, int]


def prepare(
    order: Order,
    *,
    batching: Batching = Batching(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
    holds: Holds = no_other,
    report: Report = silent,
) -> Prepared:
    """Take the index for a run, and plan what is to be read, if that is much.

    Called again it gives the same plan: batches of it may be under way. A small run leaves no plan, and the
    index to whoever comes. Nothing is changed in the index yet, but for one that mode full builds anew.

    Parameters
    ----------
    batching : Batching
        When to spread, and into how large batches.
    order, limits, holds, report
        As for `index_folder`.

    Raises
    ------
    BadInput
        The folder cannot be listed.
    IndexBusy
        Another run is writing this index, or has it and still goes on.
    BrokenIndex
        The index is damaged, and `mode` is not full.
    Unavailable
        The disk is full.
    """
    index, run = order.index, order.run
    index.mkdir(parents=True, exist_ok=True)
    with exclusive(index, order.name):
        give_way(order, holds=holds)
        take(index, Owner(run, order.source))
        if (head := read_head(working_folder(index, run))) is not None:
            return _prepared(head)
        try:
            prepared = _plan(order, list_files(order, report), batching=batching, limits=limits)
        except BaseException:
            release(index, run)
            raise
        if not prepared.batches:
            release(index, run)
        return prepared


def extract_batch(
    index: Path,
    run: str,
    number: int,
    *,
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    journal: Journal = forgetful,
    report: Report = silent,
) -> BatchResult:
    """Read the files of one batch, going on where an earlier attempt ended.

    Parameters
    ----------
    index, run
        As given to `prepare`, on any machine that has the same folders in the same places.
    number : int
        Counts the batches from 0.
    processes, limits, journal
        As for `index_folder`.
    report : Report
        Told what this batch has done, earlier attempts included: `processed` and `counts` never fall.

    Raises
    ------
    NotFound
        The run has ended or was given up.
    Unavailable
        The disk is full, or extraction processes do not start.
    """
    folder = working_folder(index, run)
    if (head := read_head(folder)) is None:
        raise gone()
    files = {one.number: one for one in read_batch(folder, head, number)}
    outcomes = {file: place.outcome for file, place in places(folder, number).items()}
    counts = Counter(dict.fromkeys(STATUSES, 0))
    counts.update(outcomes.values())
    todo = [one.task for one in files.values() if one.number not in outcomes]
    report(_extracting(counts, files, None))
    if todo:
        with Shard(folder, number) as shard, reading(processes, limits, journal) as reader:
            for answer in reader.read(todo):
                if answer is not None:
                    outcome = _outcome(answer, files[answer.number])
                    shard.write(answer, outcome)
                    counts[outcome] += 1
                report(_extracting(counts, files, reader.in_hand()))
    return BatchResult(counts.total(), dict(counts))


def _outcome(answer: Answer, known: Planned) -> str:
    if answer.status == "same":
        return known.known_outcome
    return "indexed" if answer.status == "extracted" else answer.status


def _extracting(counts: Counter[str], files: Mapping[int, Planned], number: int | None) -> Progress:
    done, total = counts.total(), len(files)
    current = None if number is None else files[number].file.path
    message = f"Reading {min(done + 1, total)} of {total}"
    return Progress("extract", 100 * done / total, message, current, done, total, dict(counts))


def _plan(order: Order, found: Scan, *, batching: Batching, limits: Limits) -> Prepared:
    manifest, writer = open_index(order.index, order.mode)  # a damaged one shows here, before the long work
    with closing(manifest), closing(writer):
        rows, cut_short = manifest.rows(order.source), manifest.pending(order.source)
        for path in cut_short:
            rows.pop(path, None)
        work = sort_out(found, rows, limits, order, cut_short=cut_short)
        counts = _settled(work, rows)
        if batching.is_small(work.todo):
            return Prepared(0, work.total, sum(counts.values()), counts)
        number = manifest.begin_run(order.source)
    batches = [[_planned(one, work, rows) for one in batch] for batch in batching.split(work.todo)]
    removed = sum(rows[path].hash is not None for path in work.gone)
    head = Head(number, work.total, removed, counts)
    return _prepared(write_plan(working_folder(order.index, order.run), head, work, batches))


def _prepared(head: Head) -> Prepared:
    return Prepared(len(head.places), head.total, sum(head.counts.values()), head.counts)


def _settled(work: Work, rows: Mapping[str, Row]) -> dict[str, int]:
    """Count the outcomes of what needs no reading."""
    outcomes = [refusal.status for refusal in work.refused]
    outcomes += [_known_outcome(rows[work.files[number].path]) for number in work.kept]
    return dict.fromkeys(STATUSES, 0) | Counter(outcomes)


def _planned(one: Task, work: Work, rows: Mapping[str, Row]) -> Planned:
    file = work.files[one.request.number]
    known = _known_outcome(rows[file.path]) if file.path in rows else "unchanged"
    return Planned(one.request.number, file, one.request.known_hash, known)


def _known_outcome(row: Row) -> str:
    return "unchanged" if row.status == "indexed" else row.status
