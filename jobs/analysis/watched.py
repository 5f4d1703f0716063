"""Store a lazy table while telling how far it is."""

import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl

SECONDS_BETWEEN_REPORTS = 0.25


class Stopped(Exception):
    """The one who waits for the table no longer wants it."""


def sink(
    frame: pl.LazyFrame, keep: pl.Expr, typed: list[pl.Expr], target: Path, *, report: Callable[[int], None]
) -> None:
    """Write `typed` expressions over the rows of `frame` to `keep` as Parquet.

    `report` hears the rows done about four times a second.

    The query runs in a thread of its own, so that `report` is called where the caller runs; when it raises,
    the query is stopped and the error passed on. Polars' own background queries are no choice: dropping one
    that is under way aborts the whole process.
    """
    rows = 0
    stop = threading.Event()
    failures: list[Exception] = []

    def count(batch: pl.DataFrame) -> pl.DataFrame:
        nonlocal rows
        if stop.is_set():
            raise Stopped
        # Here and not in the query, which plans a condition over 2,000 columns for half a minute.
        kept = batch.filter(keep)
        rows += len(kept)
        return kept

    def work() -> None:
        try:
            frame.map_batches(count, streamable=True).select(typed).sink_parquet(target, engine="streaming")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised again where the caller waits
            failures.append(error)

    thread = threading.Thread(target=work, name="store-table")
    thread.start()
    try:
        report(0)
        while thread.is_alive():
            thread.join(SECONDS_BETWEEN_REPORTS)
            report(rows)
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures[0]
