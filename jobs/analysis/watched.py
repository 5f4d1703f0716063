"""Long work that is told of while it lasts, and that ends when it is no longer wanted."""

import math
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import polars as pl

from jobs.analysis.numerics.blocks import Stopped, stopped_by
from jobs.progress import Progress, Report

Found = TypeVar("Found")

SECONDS_BETWEEN_REPORTS = 0.25
SECONDS_TO_HALF = 4.0  # after which a percentage is half way to where the work's part ends


def moving(work: Callable[[], Found], report: Report, told: Progress, *, until: float) -> Found:
    """Return what `work` returns, reporting `told` at once and about four times a second while it lasts.

    Sorting or decomposing ten million rows is one call that tells nothing from inside. Its percentage rises
    from that of `told`, ever slower, and stays below `until`.

    Raises
    ------
    Whatever `work` or `report` raises; the work then ends at its next checkpoint (see `numerics.blocks`).
    """
    begin = told.percent

    def tell(seconds: float) -> None:
        left = (until - begin) * math.exp2(-seconds / SECONDS_TO_HALF)
        report(replace(told, percent=until - left))

    return _awaited(work, tell, threading.Event())


def _awaited(work: Callable[[], Found], tell: Callable[[float], None], stop: threading.Event) -> Found:
    """Do `work` in a thread of its own; `tell` is called where the caller runs, with the seconds since.

    When `tell` raises, `stop` is set and the error passed on once the work has ended.
    """
    found: list[Found] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with stopped_by(stop):
                found.append(work())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised again where the caller waits
            failures.append(error)

    thread = threading.Thread(target=copy_context().run, args=(run,), name="analysis")
    begun = time.monotonic()
    thread.start()
    try:
        tell(0.0)
        while thread.is_alive():
            thread.join(SECONDS_BETWEEN_REPORTS)
            if thread.is_alive():
                tell(time.monotonic() - begun)
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures.pop()  # not kept in this frame, which the error keeps
    return found.pop()


def sink(
    frame: pl.LazyFrame,
    convert: Callable[[pl.DataFrame], pl.DataFrame],
    schema: pl.Schema,
    target: Path,
    *,
    report: Callable[[], None],
) -> None:
    """Write what `convert` makes of each batch of `frame`, which has the types of `schema`, as Parquet.

    `convert` is called by several threads at once. `report` is called about four times a second; when it
    raises, the query is stopped. Polars' own background queries are no choice: dropping one that is under way
    aborts the whole process.
    """
    stop = threading.Event()

    def converted(batch: pl.DataFrame) -> pl.DataFrame:
        if stop.is_set():  # polars' threads know nothing of the caller's context, and so of its checkpoints
            raise Stopped
        return convert(batch)

    def work() -> None:
        # Packing (LZ4) would save a third of the disk and cost as long as casting all values.
        frame.map_batches(converted, streamable=True, schema=schema).sink_parquet(
            target, compression="uncompressed", statistics=False, engine="streaming"
        )

    _awaited(work, lambda _: report(), stop)
    report()
