"""The last step of a run: vectors for the passages that have none, where somebody makes them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from jobs.indexing.index.generations import current
from jobs.indexing.index.space import live_bytes
from jobs.indexing.runs.updates import Updates
from jobs.indexing.sources.order import Order
from jobs.indexing.vectors.embedder import Embedder
from jobs.indexing.vectors.filling import Way, fill
from jobs.indexing.vectors.layout import folder_of, size_of
from jobs.progress import Progress, Report

STAGE: Final = "vectors"
LAST_PERCENT: Final = 99.0
WORDS_SHARE: Final = 0.2  # of the time: making vectors takes far longer than all else


def before_vectors(report: Report, embedder: Embedder | None) -> Report:
    """Give what tells of the work before the vectors: where they are made, that is a part of the whole."""
    if embedder is None:
        return report

    def told(progress: Progress) -> None:
        report(replace(progress, percent=progress.percent * WORDS_SHARE))

    return told


def make_vectors(
    order: Order,
    embedder: Embedder | None,
    *,
    update: Updates,
    check: Callable[[], None],
    report: Report,
    percent: float,
) -> tuple[str, ...]:
    """Make the vectors that an index lacks, once it is written; give what the user is to be told.

    `percent` of the run is done before it.

    Raises
    ------
    IndexBusy
        Another run has taken the index over.
    """
    tell = partial(_making, update, report, percent)
    return fill(order.index, Way(embedder, check, partial(_has_room, order), tell))


def _has_room(order: Order) -> bool:
    if order.most_bytes is None:
        return True
    return live_bytes(current(order.index)) + size_of(folder_of(order.index)) <= order.most_bytes


def _making(update: Updates, report: Report, first: float, made: int, lacked: int) -> None:
    done, message, percent = update.done, "Looking for passages without vectors", first
    if lacked:
        message = f"Making vectors: {made:,} of {lacked:,} passages"
        percent += (LAST_PERCENT - first) * made / lacked
    report(Progress(STAGE, percent, message, None, done, done, update.counts))
