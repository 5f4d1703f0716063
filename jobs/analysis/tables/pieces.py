"""The columns of a typed table, read in pieces, several at a time, while somebody is told how far it is."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

Found = TypeVar("Found")

CELLS_AT_ONCE = 2_000_000  # read together
MOST_COLUMNS_AT_ONCE = 100  # so that progress is seen in wide tables of few rows
ROWS_AT_WORK = 10_000_000  # of all columns that are in hand: each takes up to 32 bytes a row
MOST_ROWS_IN_ORDER = 12_000_000  # more of them would need more memory than a worker is meant to have
SECONDS_BETWEEN_REPORTS = 0.25


@dataclass(frozen=True)
class Values:
    """One column; iterate over it, more than once if need be, for its pieces as Series.

    `step` is 1, or of a very long table more: then every so-manieth row takes part.
    """

    name: str
    rows: int
    path: Path
    whole: pl.Series | None = None
    step: int = 1

    def __iter__(self) -> Iterator[pl.Series]:
        """Yield the pieces in the order of the rows."""
        if self.whole is not None:
            yield self.whole
            return
        scan = pl.scan_parquet(self.path, glob=False).select(self.name)
        for begin in range(0, self.rows, CELLS_AT_ONCE):
            piece = scan.slice(begin, CELLS_AT_ONCE).collect(engine="streaming").to_series()
            yield piece if self.step == 1 else piece.gather_every(self.step, -begin % self.step)

    @property
    def looked_at(self) -> int:
        """How many rows the pieces have together."""
        return -(-self.rows // self.step)


def rows_of(path: Path) -> int:
    """Return how many rows a typed table has."""
    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect(engine="streaming").item())


def of_each_column(
    path: Path,
    names: Sequence[str],
    rows: int,
    work: Callable[[Values], Found],
    report: Callable[[int], None],
) -> list[Found]:
    """Return what `work` makes of each column, in their order.

    Columns are worked on by as many threads as polars has. `report` is called about four times a second,
    where the caller runs, with the number of columns that are done; when it raises, no further one is begun.
    """
    at_once = min(MOST_COLUMNS_AT_ONCE, max(1, CELLS_AT_ONCE // max(1, rows)))
    blocks = [names[begin : begin + at_once] for begin in range(0, len(names), at_once)]
    workers = max(1, min(pl.thread_pool_size(), ROWS_AT_WORK // max(1, rows)))
    found: list[Found] = []
    waiting: deque[Future[list[Found]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="describe-columns") as pool:
        try:
            waiting.extend(pool.submit(_of_block, path, block, rows, work) for block in blocks)
            while waiting:
                report(len(found))
                wait((waiting[0],), SECONDS_BETWEEN_REPORTS)
                while waiting and waiting[0].done():
                    found += waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    report(len(found))
    return found


def _of_block(path: Path, names: Sequence[str], rows: int, work: Callable[[Values], Found]) -> list[Found]:
    if rows > CELLS_AT_ONCE:
        step = -(-rows // MOST_ROWS_IN_ORDER)
        return [work(Values(name, rows, path, step=step)) for name in names]
    table = pl.read_parquet(path, columns=list(names), glob=False)
    return [work(Values(series.name, rows, path, series)) for series in table.get_columns()]
