"""How long analyses take by rows, columns and method: the constants of `jobs.analysis.expected`.

Makes tables of random numbers and categories and analyses each by methods of every family, as a warm worker
does with a table that was read before, a few times. Prints the constants that fit the quickest times, and how
far those in use are off for tables of sizes between, which take no part in the fit.
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import nnls

from jobs.analysis import expected
from jobs.analysis.catalogue import INTENTS
from jobs.analysis.listing import FAMILIES, Family
from jobs.analysis.results.result import Analysis
from jobs.analysis.run import analyse, preload

ASKED: dict[str, dict[str, str]] = {
    "profile": {},
    "welch_anova": {"outcome": "number_0", "group": "level_0"},
    "two_way_anova": {"outcome": "number_0", "factor_1": "level_0", "factor_2": "level_1"},
    "pearson_correlation": {"x": "number_0", "y": "number_1"},
    "correlation_matrix": {f"column_{place + 1}": f"number_{place}" for place in range(4)},
    "chi_square_independence": {"row": "level_0", "column": "level_1"},
    "linear_regression": {
        "outcome": "number_0",
        **{f"predictor_{place}": f"number_{place}" for place in range(1, 4)},
    },
    "logistic_regression": {"outcome": "yes", "predictor_1": "number_0", "predictor_2": "number_1"},
    "trend_over_time": {"outcome": "number_0", "time": "second"},
    "one_sample_t_test": {"outcome": "number_0"},
}
PARAMS: dict[str, dict[str, float | str]] = {"one_sample_t_test": {"mu": 20.0}}
FITTED = [(rows, columns) for rows in (300, 10_000, 200_000) for columns in (8, 40)]
HELD_OUT = [(3_000, 20), (60_000, 12)]
ROUNDS = 2  # of which the quicker counts: whatever else the machine did meanwhile is no part of the work


@dataclass(frozen=True)
class Measured:
    """One analysis of a table that had been read before."""

    work: expected.Work
    seconds: float
    ready_seconds: float  # of reading what was read before
    file_bytes: int


def make_table(path: Path, rows: int, columns: int) -> None:
    """Write a table, the same at every run: a time, yes or no, two categories, and numbers."""
    source = np.random.default_rng(rows + columns)
    levels = np.array(["north", "south", "east", "west"])
    made: dict[str, pl.Series] = {
        "second": pl.Series(np.arange(rows)),
        "yes": pl.Series(np.where(source.random(rows) < 0.3, "yes", "no")),
        "level_0": pl.Series(levels[source.integers(0, 4, rows)]),
        "level_1": pl.Series(levels[source.integers(0, 3, rows)]),
    }
    for number in range(columns - len(made)):
        made[f"number_{number}"] = pl.Series(np.round(source.lognormal(3, 0.3, rows), 4))
    pl.DataFrame(made).write_csv(path)


def analysed(path: Path, folder: Path, method: str) -> Analysis:
    """Analyse a table by a method into a new project."""
    project = Path(tempfile.mkdtemp(dir=folder))
    return analyse(
        path,
        project,
        name=path.name,
        cache=folder / "tables",
        method=method,
        columns=ASKED[method],
        params=PARAMS.get(method),
    )


def measure(folder: Path, sizes: list[tuple[int, int]]) -> list[Measured]:
    """Analyse a table of each size by every method."""
    for rows, columns in sizes:
        make_table(folder / f"{rows}-{columns}.csv", rows, columns)
        analysed(folder / f"{rows}-{columns}.csv", folder, "profile")
    return [
        min(
            (measured(folder / f"{rows}-{columns}.csv", folder, method) for _ in range(ROUNDS)),
            key=lambda one: one.seconds,
        )
        for rows, columns in sizes
        for method in ASKED
    ]


def measured(path: Path, folder: Path, method: str) -> Measured:
    """Analyse a table that was read before."""
    done = analysed(path, folder, method)
    timings = dict(done.timings)
    ready = timings.pop("read")
    work = expected.work_of(done.plan, done.dataset)
    return Measured(work, sum(timings.values()), ready, path.stat().st_size)


def features(work: expected.Work, families: list[Family]) -> list[float]:
    """Return what the seconds of an analysis are a sum of."""
    own = [float(FAMILIES[INTENTS[work.method]] == family) for family in families]
    used = work.rows * work.used
    return [*own, *(is_one * used for is_one in own), float(work.columns), float(work.rows * work.columns)]


def fit(measured: list[Measured]) -> None:
    """Print the constants that fit best, each analysis weighing the same whatever its size."""
    families = sorted(set(FAMILIES.values()))
    matrix = np.array([features(one.work, families) for one in measured])
    seconds = np.array([one.seconds for one in measured])
    scale = np.maximum(matrix.max(axis=0), 1e-12)  # one size for all columns, or the small ones are lost
    found = nnls(matrix / scale / seconds[:, None], np.ones(len(seconds)))[0] / scale
    begins, useds = found[: len(families)], found[len(families) : 2 * len(families)]
    print("BEGIN =", {family: round(float(value), 2) for family, value in zip(families, begins, strict=True)})
    print("PER_VALUE_USED =", {f: float(f"{value:.2g}") for f, value in zip(families, useds, strict=True)})
    print(f"PER_COLUMN = {found[-2]:.2g}")
    print(f"PER_VALUE = {found[-1]:.2g}")
    per_byte = np.median([one.ready_seconds / one.file_bytes for one in measured if one.file_bytes > 1 << 20])
    print(f"PER_BYTE_AGAIN = {per_byte:.2g}")


def judge(measured: list[Measured]) -> None:
    """Print how far the constants in use are off, as factors."""
    off = np.array([one.seconds / expected.seconds(one.work) for one in measured])
    low, middle, high = np.quantile(off, (0.1, 0.5, 0.9))
    print(f"  measured / expected: {low:.2f} to {high:.2f} in eight of ten, {middle:.2f} in the middle")
    for one, factor in zip(measured, off, strict=True):
        print(
            f"  {one.work.method:26} {one.work.rows:8,} rows {one.work.columns:3} columns"
            f"  {one.seconds:6.2f} s  {factor:5.2f} times"
        )


def main() -> None:
    """Measure, fit and judge."""
    preload()
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        everything = measure(Path(name), sorted([*FITTED, *HELD_OUT]))
    fitted = [one for one in everything if (one.work.rows, one.work.columns) in FITTED]
    held_out = [one for one in everything if one not in fitted]
    seconds = time.perf_counter() - begun
    print(f"{len(everything)} analyses, {ROUNDS} times, in {seconds:.0f} s. What fits best:")
    fit(fitted)
    print("With the constants in use, for sizes that took no part in the fit:")
    judge(held_out)


if __name__ == "__main__":
    main()
