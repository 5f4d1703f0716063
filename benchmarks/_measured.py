"""One measured piece of work on a table: `python benchmarks/_measured.py KIND CSV FOLDER`.

Prints a line of JSON with wall and processor seconds of the work alone; the libraries are loaded before, as
in a warm worker. The comparators run in another environment (requirements/bench.txt), so this file imports
nothing of Longhaul before it knows that it is to measure it.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

Work = Callable[[Path, Path], None]


def scan() -> Work:
    """Polars' streaming scan of the CSV into Parquet, told every type."""
    import polars as pl

    from benchmarks._table import SCHEMA

    return lambda table, folder: pl.scan_csv(table, schema=SCHEMA).sink_parquet(folder / "scan.parquet")


def ours() -> Work:
    """Reading with types found, and describing every column."""
    from jobs.analysis.run import preload
    from jobs.analysis.tables.ingest import ingest
    from jobs.analysis.tables.profile import profile

    preload()
    return lambda table, folder: _ours(profile(ingest(table, folder / "cache", name=table.name)))


def _ours(profiles: tuple[object, ...]) -> None:
    assert len(profiles) > 1


def again() -> Work:
    """The same for the next question: the typed table and its description are there already."""
    from jobs.analysis.tables.ingest import ingest
    from jobs.analysis.tables.profile import profile

    return lambda table, folder: _ours(profile(ingest(table, folder / "kept", name=table.name)))


def data_profiling() -> Work:
    """fg-data-profiling, minimal: reading by pandas and computing, without writing its page."""
    import pandas as pd
    from data_profiling import ProfileReport

    def work(table: Path, _: Path) -> None:
        found = ProfileReport(pd.read_csv(table), minimal=True, progress_bar=False).get_description()
        assert len(found.variables) > 1

    return work


def skrub() -> Work:
    """skrub's TableReport as it comes: reading by polars and computing, with its page."""
    import polars as pl
    from skrub import TableReport

    def work(table: Path, _: Path) -> None:
        report = TableReport(pl.read_csv(table, try_parse_dates=True), verbose=0)
        assert len(report.html()) > 1

    return work


KINDS: dict[str, Callable[[], Work]] = {
    "scan": scan,
    "ours": ours,
    "again": again,
    "data_profiling": data_profiling,
    "skrub": skrub,
}


def main() -> None:
    """Load, work, print."""
    kind, table, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work = KINDS[kind]()
    wall, processor = time.perf_counter(), time.process_time()
    work(table, folder)
    found = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
