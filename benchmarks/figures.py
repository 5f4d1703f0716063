"""What figures cost: each kind in three formats, and a comparison of groups with tests and all its figures.

The figures are those of 100,000 rows. The comparison is of a million rows in five groups that are already in
memory: choosing the method, tests, effect sizes, pairs, and four figures as PNG, JPG and SVG.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.silence import PARAMS, columns_of, make_table
from jobs.analysis import methods, plots
from jobs.analysis.catalogue import METHOD_ROLES, intent_of
from jobs.analysis.plots import due, house
from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling import samples
from jobs.analysis.sampling.samples import GroupedSample
from jobs.analysis.tables.ingest import ingest
from jobs.analysis.tables.profile import profile
from jobs.errors import LonghaulError

ROWS, MANY_ROWS = 100_000, 1_000_000
REPEATS = 3


def plan_of(method: str) -> Plan:
    """Return the plan of a method for the columns of the table."""
    roles = columns_of(method)
    params = dict(PARAMS.get(method, {}))
    return Plan(intent_of(method, roles), method, roles, 1.0, "", explicit=True, params=params)


def costs(method: str, table: Path, folder: Path) -> dict[str, float]:
    """Return the milliseconds of each figure of a method, the least of some repeats."""
    plan = plan_of(method)
    sample = samples.load(plan, table)
    findings = methods.run(plan, sample)
    found: dict[str, float] = {}
    for _ in range(REPEATS):
        for name, make in due.figures(plan, sample, findings, ()):
            begun = time.perf_counter()
            with house.style():
                make().save(folder)
            spent = 1000 * (time.perf_counter() - begun)
            found[name] = min(spent, found.get(name, spent))
    return found


def compared(described: tuple[ColumnProfile, ...], folder: Path) -> tuple[float, float, int]:
    """Return the seconds of tests and of figures for a million rows in five groups, and how many figures."""
    source = np.random.default_rng(20)
    values = tuple(source.lognormal(2 + place / 20, 0.4, MANY_ROWS // 5) for place in range(5))
    sample = GroupedSample("amount", "five", tuple("abcde"), values, MANY_ROWS, {})
    plan = Plan("compare_groups", "welch_anova", {"outcome": "amount", "group": "five"}, 1.0, "")
    begun = time.perf_counter()
    chosen = methods.choose(plan, sample)
    findings = methods.run(chosen, sample)
    computed = time.perf_counter()
    drawn = plots.draw(chosen, sample, findings, described, folder)
    return computed - begun, time.perf_counter() - computed, len(drawn)


def main() -> None:
    """Measure and print."""
    plots.preload()
    with tempfile.TemporaryDirectory(prefix="longhaul-bench-") as name:
        folder = Path(name)
        table = folder / "table.parquet"
        make_table(table, ROWS)
        read = ingest(table, folder / "cache", name=table.name)
        tests, figures, count = compared(profile(read), folder)
        print(f"{MANY_ROWS:,} rows in five groups: tests {tests:.2f} s, {count} figures {figures:.2f} s")
        print(f"{ROWS:,} rows, milliseconds a figure in three formats:")
        for method in sys.argv[1:] or [method for method, roles in METHOD_ROLES.items() if roles]:
            try:
                told = [f"{figure} {spent:.0f}" for figure, spent in costs(method, table, folder).items()]
            except LonghaulError as error:
                told = [f"refused: {error}"]
            print(f"  {method:34}{', '.join(told)}", flush=True)


if __name__ == "__main__":
    main()
