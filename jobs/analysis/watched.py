"""Store a lazy table while telling how far it is."""

import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl

SECONDS_BETWEEN_REPORTS = 0.25


class Stopped(Exception):
    """The one who waits for the table no longer wants it."""


def sink(
    frame: pl.LazyFrame,
    convert: Callable[[pl.DataFrame], pl.DataFrame],
    schema: pl.Schema,
    target: Path,
    *,
    report: Callable[[], None],
) -> None:
    """Write what `convert` makes of each batch of `frame`, which has the types of `schema`, as Parquet.

    `convert` is called by several threads at once. `report` is called about four times a second.

    The query runs in a thread of its own, so that `report` is called where the caller runs; when it raises,
    the query is stopped and the error passed on. Polars' own background queries are no choice: dropping one
    that is under way aborts the whole process.
    """
    stop = threading.Event()
    failures: list[Exception] = []

    def converted(batch: pl.DataFrame) -> pl.DataFrame:
        if stop.is_set():
            raise Stopped
        return convert(batch)

    def work() -> None:
        try:
            # LZ4 packs in half the time of the default, and the next reader unpacks it faster.
            frame.map_batches(converted, streamable=True, schema=schema).sink_parquet(
                target, compression="lz4", statistics=False, engine="streaming"
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised again where the caller waits
            failures.append(error)

    thread = threading.Thread(target=work, name="store-table")
    thread.start()
    try:
        report()
        while thread.is_alive():
            thread.join(SECONDS_BETWEEN_REPORTS)
            report()
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures[0]
