"""The numbers of a look at single columns that a program must find again."""

from collections.abc import Iterator, Mapping, Sequence

from jobs.analysis.described import ColumnProfile
from jobs.analysis.result import Findings, Plan
from jobs.analysis.scanned import OutlierScan, Shape

Named = tuple[str, float | None]

METHODS = frozenset({"outliers", "normality"})


def columns(plan: Plan, profile: Sequence[ColumnProfile], *, most: int) -> Mapping[str, str]:
    """Name the columns that the program reads, by role: of many as many as fit in memory."""
    del profile
    return dict(list(plan.columns.items())[: max(1, most)])


def numbers(plan: Plan, findings: Findings) -> Iterator[Named]:
    """Name what was found in the columns of `plan`, which are those that the program reads."""
    read = set(plan.columns.values())
    for scan in findings.outliers:
        if scan.column in read:
            yield from _outliers(scan, rows=not plan.where)
    if findings.shape is not None:
        yield from _shape(findings, findings.shape)


def _outliers(scan: OutlierScan, *, rows: bool) -> Iterator[Named]:
    name = scan.column
    yield f"low of {name}", scan.low
    yield f"high of {name}", scan.high
    yield f"n beyond of {name}", scan.beyond
    yield f"n far beyond of {name}", scan.far_beyond
    yield f"n by score of {name}", scan.by_score
    yield f"n marked of {name}", scan.marked
    yield f"deviation of {name}", scan.deviation
    for place, one in enumerate(scan.outliers):
        if rows:  # of selected rows the program has no numbers
            yield f"row {place} of {name}", one.row
        yield f"value {place} of {name}", one.value
    for which, part in (("all", scan.everything), ("without", scan.without)):
        if part is not None:
            for key in ("n", "mean", "sd", "median"):
                yield f"{key} of {name}, {which}", getattr(part, key)


def _shape(findings: Findings, shape: Shape) -> Iterator[Named]:
    yield "n used", findings.sample.n_used
    for part in ("skewness", "skewness_error", "kurtosis", "kurtosis_error", "within_percent", "rows_needed"):
        yield part, getattr(shape, part)
    for test in findings.tests:
        yield f"{test.method} statistic", test.statistic
        yield f"{test.method} pvalue", test.pvalue
