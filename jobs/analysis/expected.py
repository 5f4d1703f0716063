"""How long an analysis takes, told before it begins: by rows, columns and method.

The constants were fitted by `benchmarks/expected.py` on two cores, a warm worker and a table that was read
before. Machines differ: a service that has measured its own analyses goes by these (see `jobs.pace`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.analysis.catalogue import INTENTS
from jobs.analysis.listing import FAMILIES, Family
from jobs.analysis.results.result import Dataset, Plan

# Seconds: of any analysis of a family, for each value that the method uses, for each column and each value of
# the table (the script reads them all), and for each byte of a file that was read before.
BEGIN: Mapping[Family, float] = {
    "association": 1.1,
    "comparison": 0.9,
    "description": 0.7,
    "model": 1.0,
    "relationship": 1.0,
    "single": 0.9,
    "time": 0.8,
}
PER_VALUE_USED: Mapping[Family, float] = {
    "association": 0.0,
    "comparison": 0.0,
    "description": 0.0,
    "model": 1.5e-6,
    "relationship": 1.2e-7,
    "single": 0.0,
    "time": 1.5e-6,
}
PER_COLUMN = 0.026
PER_VALUE = 3.6e-7
PER_BYTE_AGAIN = 6.6e-9
SPREAD = 2.5  # a factor either way, where nothing was measured here: the model's error, and another machine


@dataclass(frozen=True)
class Work:
    """What there is to do: a method on a table, of which it uses some columns."""

    method: str
    rows: int
    columns: int
    used: int


def work_of(plan: Plan, dataset: Dataset) -> Work:
    """Return what there is to do for a plan."""
    return Work(plan.method, dataset.rows, dataset.columns, len(plan.columns))


def seconds(work: Work) -> float:
    """Return how long an analysis takes on the machine of the benchmark, without reading the table."""
    family = FAMILIES[INTENTS[work.method]]
    used = PER_VALUE_USED[family] * work.rows * work.used
    return BEGIN[family] + used + PER_COLUMN * work.columns + PER_VALUE * work.rows * work.columns


def seconds_to_read_again(dataset: Dataset) -> float:
    """Return how long it takes to see that a table was read before."""
    return PER_BYTE_AGAIN * dataset.bytes
