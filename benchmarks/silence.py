"""How long an analysis is silent, and how long a cancel takes, for every method.

Usage: python -m benchmarks.silence [rows] [method ...]; a million rows and every method if not told.

Each method analyses the same Parquet table from upload to results, figures and script included. Silence is
the longest time between two reports; the cancel is asked for half a second after the numbers began.
"""

import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from jobs.analysis.catalogue import METHOD_ROLES
from jobs.analysis.run import analyse, preload
from jobs.errors import LonghaulError
from jobs.progress import Progress

ROWS = 1_000_000
PATIENCE = 0.5  # seconds of computing before the cancel
# Columns for roles that a method takes in another sense than most.
OWN: Mapping[str, Mapping[str, str]] = {
    "welch_t_test": {"group": "two"},
    "student_t_test": {"group": "two"},
    "mann_whitney_u": {"group": "two"},
    "logistic_regression": {"outcome": "bought"},
    "poisson_regression": {"outcome": "visits"},
    "negative_binomial_regression": {"outcome": "calls"},
    "binomial_test": {"outcome": "bought"},
}
ROLES: Mapping[str, str] = {
    "outcome": "amount", "group": "five", "x": "first", "y": "amount", "row": "two", "column": "five",
    "first": "first", "second": "second", "time": "day", "factor_1": "two", "factor_2": "five",
    "covariate_1": "first", "predictor_1": "first", "measure_1": "first", "measure_2": "second",
    "measure_3": "amount", "column_1": "first", "column_2": "second", "stratum": "eight",
}  # fmt: skip
FURTHER: Mapping[str, str] = {
    "predictor_1": "predictor_2=second predictor_3=five predictor_4=two",
    "column_1": "column_3=amount column_4=visits",
}
PARAMS: Mapping[str, Mapping[str, float | str]] = {
    "one_sample_t_test": {"mu": 9.9},
    "one_sample_signed_rank": {"mu": 9.9},
    "binomial_test": {"level": "yes", "share": 0.45},
}


class Cancelled(Exception):
    """Raised from a report, as a job that is cancelled does."""


class Watch:
    """Notes the longest time between two reports, and cancels `PATIENCE` after the numbers began if asked."""

    def __init__(self, *, cancel: bool = False) -> None:
        self.longest, self.where, self.asked = 0.0, "", 0.0
        self._cancel = cancel
        self._last = time.perf_counter()
        self._stage, self._computing = "begin", 0.0

    def __call__(self, progress: Progress, /) -> None:
        """Take note of a report."""
        now = time.perf_counter()
        if now - self._last > self.longest:
            self.longest, self.where = now - self._last, self._stage
        self._last, self._stage = now, progress.stage
        if progress.stage == "test" and progress.percent >= 62.0 and not self._computing:
            self._computing = now
        if self._cancel and self._computing and now - self._computing > PATIENCE:
            self.asked = now
            raise Cancelled


def make_table(path: Path, rows: int) -> None:
    """Write the table, the same at every run."""
    source = np.random.default_rng(20)
    first = source.normal(10, 3, rows)
    five = source.integers(0, 5, rows)
    eta = 0.2 + 0.05 * first + 0.1 * five
    letters = np.array(list("abcdefgh"))
    pl.DataFrame(
        {
            "first": first,
            "second": first + source.normal(0.1, 2, rows),
            "amount": first + 0.2 * five + source.lognormal(0, 0.5, rows),
            "two": letters[source.integers(0, 2, rows)],
            "five": letters[five],
            "eight": letters[source.integers(0, 8, rows)],
            "bought": np.array(["no", "yes"])[
                (source.random(rows) < 1 / (1 + np.exp(0.5 - eta))).astype(int)
            ],
            "visits": source.poisson(np.exp(eta)),
            "calls": source.negative_binomial(2, 2 / (2 + np.exp(eta))),
            "day": pl.Series(np.arange(rows) % 36_500).cast(pl.Date),
        }
    ).write_parquet(path)


def columns_of(method: str) -> dict[str, str]:
    """Return a column for each role of a method."""
    own = OWN.get(method, {})
    roles = ("outcome", "predictor_1") if method == "linear_regression" else METHOD_ROLES[method]
    found = {role: own.get(role, ROLES[role]) for role in roles}
    for role, further in FURTHER.items():
        if role in found:
            found.update(pair.split("=") for pair in further.split())
    return found


def measured(method: str, source: Path, cache: Path, watch: Watch) -> float:
    """Analyse once and return the seconds."""
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as project:
        begun = time.perf_counter()
        given = PARAMS.get(method)
        columns = columns_of(method)
        analyse(
            source, Path(project), name=source.name, cache=cache, method=method, columns=columns,
            params=given, report=watch,
        )  # fmt: skip
        return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    rows = int(float(sys.argv[1])) if len(sys.argv) > 1 else ROWS
    methods = sys.argv[2:] or [method for method, roles in METHOD_ROLES.items() if roles]
    preload()
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        source = folder / "table.parquet"
        make_table(source, rows)
        print(f"{rows:,} rows{'seconds':>42}{'silent':>9}  in{'cancel':>14}")
        for method in methods:
            show(method, source, folder / "cache")


def show(method: str, source: Path, cache: Path) -> None:
    """Print one line."""
    whole, stopped = Watch(), Watch(cancel=True)
    try:
        seconds = measured(method, source, cache, whole)
    except LonghaulError as error:
        print(f"  {method:34} refused: {error}", flush=True)
        return
    try:
        measured(method, source, cache, stopped)
        ended = "        -"  # over before it was asked for
    except Cancelled:
        ended = f"{time.perf_counter() - stopped.asked:9.2f}"
    print(f"  {method:34}{seconds:12.2f}{whole.longest:9.2f}  {whole.where:9}{ended}", flush=True)


if __name__ == "__main__":
    main()
