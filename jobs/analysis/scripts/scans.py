"""The numbers of a look at single columns that a program must find again."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.gaps import GapLink, GapPattern, Gaps
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.results.scanned import OutlierScan, Shape

Named = tuple[str, float | None]

METHODS = frozenset({"outliers", "normality", "missing_values"})


def columns(plan: Plan, profile: Sequence[ColumnProfile], *, most: int) -> Mapping[str, str]:
    """Name the columns that the program reads, by role: of many as many as fit in memory."""
    if plan.method != "missing_values":
        return dict(list(plan.columns.items())[: max(1, most)])
    asked = plan.columns.get("outcome")
    order = sorted(profile, key=lambda column: (column.name != asked, column.missing == 0))
    names = [column.name for column in order[: max(1, most)]]
    return {f"column {place}": name for place, name in enumerate(names, 1)}


def literals(gaps: Gaps, columns: Mapping[str, str]) -> list[str]:
    """Write what the program of missing values needs besides the columns that it reads."""
    read = set(columns.values())
    links = [f"    {(link.column, link.other)!r}," for link in _links(gaps, read)]
    patterns = [f"    {list(one.columns)!r}," for one in _patterns(gaps, read)]
    return [
        f"PATTERNS_OF = {list(gaps.patterns_of)!r}",
        "\n".join(["PATTERNS = [", *patterns, "]"]),
        "\n".join(["LINKS = [  # rows that lack a value of the first, compared in the second", *links, "]"]),
    ]


def _links(gaps: Gaps, read: Collection[str]) -> list[GapLink]:
    return [link for link in gaps.links if {link.column, link.other} <= set(read)]


def _patterns(gaps: Gaps, read: Collection[str]) -> tuple[GapPattern, ...]:
    return gaps.patterns if set(gaps.patterns_of) <= set(read) else ()


def numbers(plan: Plan, findings: Findings) -> Iterator[Named]:
    """Name what was found in the columns of `plan`, which are those that the program reads."""
    read = set(plan.columns.values())
    for scan in findings.outliers:
        if scan.column in read:
            yield from _outliers(scan, rows=not plan.where)
    if findings.gaps is not None:
        yield from _gaps(findings.gaps, read, rows=not plan.where)
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


def _gaps(gaps: Gaps, read: Collection[str], *, rows: bool) -> Iterator[Named]:
    yield "rows", gaps.rows
    if gaps.columns == len(read):
        yield "n complete", gaps.complete_rows
    for gap in gaps.gaps:
        if gap.column in read:
            yield f"n missing of {gap.column}", gap.missing
            for place, row in enumerate(gap.first_rows if rows else ()):
                yield f"row {place} of {gap.column}", row
    for place, pattern in enumerate(_patterns(gaps, read)):
        yield f"n of pattern {place}", pattern.rows
    links = _links(gaps, read)
    for place, link in enumerate(links):
        yield f"link {place} statistic", link.statistic
        yield f"link {place} pvalue", link.pvalue
        if len(links) == gaps.tested:
            yield f"link {place} holm pvalue", link.holm


def _shape(findings: Findings, shape: Shape) -> Iterator[Named]:
    yield "n used", findings.sample.n_used
    for part in (
        "skewness",
        "skewness_error",
        "kurtosis",
        "kurtosis_error",
        "within_percent",
        "rows_needed",
        "quantile_distance",
    ):
        yield part, getattr(shape, part)
    for test in findings.tests:
        yield f"{test.method} statistic", test.statistic
        yield f"{test.method} pvalue", test.pvalue
