"""Index a large folder as many batches, on several processes or machines that share the data folder.

`prepare` takes the index and plans the run; `extract_batch` reads the files of one batch, anywhere; `finish`,
the one writer, puts what they made into the index. Each can be killed at any moment and called again. What
the batches have on disk is what counts: a file without an answer is a failed file of the result.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from jobs.indexing.extraction.children import Task
from jobs.indexing.extraction.frames import Answer
from jobs.indexing.index.manifest import Manifest, Row
from jobs.indexing.index.ownership import (
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
from jobs.indexing.limits import Limits
from jobs.indexing.runs.finishing import finish
from jobs.indexing.runs.ledger import BATCH, Ledger, LedgerRow, told
from jobs.indexing.runs.opening import open_index
from jobs.indexing.runs.plan import Batching, Head, Planned, read_batch, read_head, write_plan
from jobs.indexing.runs.reading import reading
from jobs.indexing.runs.removal import remove_source
from jobs.indexing.runs.result import IndexingResult
from jobs.indexing.runs.shards import Shard, gone, places
from jobs.indexing.runs.update import STATUSES, refused_row, row_of
from jobs.indexing.runs.work import Known, Work, involved, sort_out
from jobs.indexing.sources.listing import list_places
from jobs.indexing.sources.order import Order
from jobs.indexing.sources.scan import Scan
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
    index to whoever comes. Nothing is changed in the index yet.

    Parameters
    ----------
    batching : Batching
        When to spread, and into how large batches.
    order, limits, holds, report
        As for `index_folder`.

    Raises
    ------
    BadInput
        A folder cannot be listed.
    IndexBusy
        Another run is writing this index, or has it and still goes on.
    Unavailable
        The disk is full.
    """
    index, run = order.index, order.run
    index.mkdir(parents=True, exist_ok=True)
    with exclusive(index, order.name):
        give_way(order, holds=holds)
        take(index, _owner(order))
        if (head := read_head(working_folder(index, run))) is not None:
            return _prepared(head)
        try:
            prepared = _plan(order, list_places(order, limits, report), batching=batching, limits=limits)
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
    roots: Mapping[str, Path] = MappingProxyType({}),
    processes: int = 2,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    journal: Journal = forgetful,
    report: Report = silent,
) -> BatchResult:
    """Read the files of one batch, going on where an earlier attempt ended.

    Parameters
    ----------
    index, run
        As given to `prepare`, on any machine that has the same folders.
    number : int
        Counts the batches from 0.
    roots : mapping of str to Path
        The folders of the sources, of those that lie elsewhere than where the run was prepared.
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
    files = {one.number: one for one in read_batch(folder, head, number, head.rooted(roots))}
    outcomes = {file: place.outcome for file, place in places(folder, number).items()}
    counts = Counter(dict.fromkeys(STATUSES, 0))
    counts.update(outcomes.values())
    todo = [one.task for one in files.values() if one.number not in outcomes]
    report(_extracting(counts, files, None))
    if todo:
        with (
            Shard(folder, number) as shard,
            Ledger(folder, f"{BATCH}-{number}") as ledger,
            reading(processes, limits, journal, folder) as reader,
        ):
            for answer in reader.read(todo):
                if answer is not None:
                    planned = files[answer.number]
                    outcome = _outcome(answer, planned)
                    shard.write(answer, outcome)
                    ledger.note(_read_row(planned, answer, outcome))
                    counts[outcome] += 1
                ledger.flush()
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


def planned(
    order: Order, work: Work, known: Mapping[str, Known], runs: Mapping[str, int], *, batching: Batching
) -> Prepared:
    """Plan what a run will have to do, and take the index for it. To be called with the lock held.

    Parameters
    ----------
    order : Order
        As the index was opened with it.
    runs : mapping of str to int
        The numbers of the run in the manifest, by source.

    Raises
    ------
    Unavailable
        The disk is full.
    """
    settled = list(_settled(work, known))
    counts = dict.fromkeys(STATUSES, 0) | Counter(row.status for row in settled)
    batches = [[_planned(one, work, known) for one in batch] for batch in batching.split(work.todo)]
    removed = sum(known[source].rows[path].hash is not None for source, path in work.gone)
    roots = {place.source: os.fsencode(place.root).decode("latin-1") for place in order.places}
    head = Head(dict(runs), work.total, removed, counts, roots=roots)
    take(order.index, _owner(order))
    try:
        return _prepared(write_plan(working_folder(order.index, order.run), head, work, batches, settled))
    except BaseException:
        release(order.index, order.run)
        raise


def _owner(order: Order) -> Owner:
    return Owner(order.run, tuple(place.source for place in order.places))


def _plan(order: Order, found: Sequence[Scan], *, batching: Batching, limits: Limits) -> Prepared:
    with open_index(order) as opening:  # a damaged one shows here, before the long work
        order, manifest = opening.order, opening.manifest
        known = {source: _known(manifest, source) for source in involved(found, manifest, order)}
        work = sort_out(found, known, limits, order)
        if batching.is_small(work.todo):
            counts = dict.fromkeys(STATUSES, 0) | Counter(row.status for row in _settled(work, known))
            return Prepared(0, work.total, sum(counts.values()), counts)
        runs = {source: manifest.begin_run(source) for source in known}
        return planned(order, work, known, runs, batching=batching)


def _known(manifest: Manifest, source: str) -> Known:
    rows, cut_short = manifest.rows(source), manifest.pending(source)
    for path in cut_short:
        rows.pop(path, None)
    return Known(rows, cut_short)


def _prepared(head: Head) -> Prepared:
    return Prepared(len(head.places), head.total, sum(head.counts.values()), head.counts)


def _settled(work: Work, known: Mapping[str, Known]) -> Iterator[LedgerRow]:
    """Yield the rows of what needs no reading."""
    for one in work.refused:
        yield told(one.file.source, refused_row(one, 0), one.status, one.detail, None)
    for number in work.kept:
        file = work.files[number]
        row = known[file.source].rows[file.path]
        yield told(file.source, row, _known_outcome(row), row.detail, None)


def _read_row(planned: Planned, answer: Answer, outcome: str) -> LedgerRow:
    """Make the row of a file that a batch has read; duplicates show at the end."""
    return told(planned.file.source, row_of(planned.file, answer, 0), outcome, answer.detail, answer)


def _planned(one: Task, work: Work, known: Mapping[str, Known]) -> Planned:
    file = work.files[one.request.number]
    row = known[file.source].rows.get(file.path)
    outcome = "unchanged" if row is None else _known_outcome(row)
    return Planned(one.request.number, file, one.request.known_hash, outcome)


def _known_outcome(row: Row) -> str:
    return "unchanged" if row.status == "indexed" else row.status
