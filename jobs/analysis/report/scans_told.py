"""What a look at single columns found: values far out, the shape of a distribution, what is missing."""

from collections.abc import Sequence

from jobs.analysis.report import cells
from jobs.analysis.report.cells import ABSENT
from jobs.analysis.report.view import Block, Bullets, Cell, Head, Pairs, Table
from jobs.analysis.results.gaps import GapLink, Gaps
from jobs.analysis.results.result import Findings
from jobs.analysis.results.scanned import OutlierScan, Shape, Skipped
from jobs.analysis.words import numbers as n

MOST_ROWS = 60
LISTED = 20  # values far out, of each column


def tables(findings: Findings) -> list[Block]:
    """Return what was found in the columns one by one."""
    return [
        *_scans(findings.outliers),
        *_skipped(findings.skipped),
        *_shape(findings.shape),
        *_gaps(findings.gaps),
    ]


def _scans(found: Sequence[OutlierScan]) -> list[Block]:
    if not found:
        return []
    heads = (
        Head("Column"),
        *(Head(name, numeric=True) for name in ("Marked", "Lower fence", "Upper fence", "By fences")),
        *(Head(name, numeric=True) for name in ("Far out", "By modified z", "Mean", "Mean without")),
    )
    rows, notes = cells.first([_scan(one) for one in found], MOST_ROWS, "results.json")
    notes.insert(0, f"{found[0].rules}.")
    told: list[Block] = [cells.filled(Table("Values far out", heads, tuple(rows), tuple(notes)))]
    return [*told, *(_outliers(one) for one in found[:LISTED] if one.outliers)]


def _scan(found: OutlierScan) -> tuple[Cell, ...]:
    places = n.decimals_for(found.everything.sd)
    without = found.without.mean if found.without is not None else None
    marked = f"{n.count(found.marked)} ({n.percent(found.marked_percent / 100)})"
    return (
        cells.name(found.column),
        Cell(marked, str(found.marked)),
        cells.number(found.low, places),
        cells.number(found.high, places),
        cells.count(found.beyond),
        cells.count(found.far_beyond),
        cells.count(found.by_score),
        cells.number(found.everything.mean, places, found.unit),
        cells.number(without, places, found.unit),
    )


def _outliers(found: OutlierScan) -> Table:
    places = n.decimals_for(found.everything.sd)
    heads = (Head("Row"), Head("Value", numeric=True), Head("Fences"), Head("Modified z", numeric=True))
    rows = [
        (
            cells.count(one.row),
            cells.number(one.value, places, found.unit),
            cells.text(one.fence or "inside"),
            cells.number(one.score),
        )
        for one in found.outliers
    ]
    shown, notes = cells.first(rows, LISTED, "results.json")
    caption = f"{cells.name(found.column).text}: the values farthest out"
    return cells.filled(Table(caption, heads, tuple(shown), tuple(notes)))


def _skipped(found: Sequence[Skipped]) -> list[Block]:
    if not found:
        return []
    rows = [(cells.name(one.column), cells.name(one.reason, 200)) for one in found]
    shown, notes = cells.first(rows, MOST_ROWS, "results.json")
    return [Table("Columns not looked at", (Head("Column"), Head("Why")), tuple(shown), tuple(notes))]


def _shape(found: Shape | None) -> list[Block]:
    if found is None:
        return []
    heads = (Head("Measure"), Head("Value", numeric=True), Head("Standard error", numeric=True))
    spread = f"within {found.spreads:g} standard deviations"
    needed = f"rows from which a mean's interval holds ({found.source})"
    rows = (
        (cells.text("skewness"), cells.number(found.skewness), cells.number(found.skewness_error)),
        (cells.text("kurtosis in excess"), cells.number(found.kurtosis), cells.number(found.kurtosis_error)),
        (
            cells.text("mean distance in the QQ plot, in standard deviations"),
            cells.number(found.quantile_distance),
            ABSENT,
        ),
        (cells.text(spread), cells.number(found.within_percent, 1, "%"), ABSENT),
        (cells.text("of a normal distribution"), cells.number(found.normal_percent, 1, "%"), ABSENT),
        (
            cells.text("mean minus median, in standard deviations"),
            cells.number(found.mean_minus_median_sd),
            ABSENT,
        ),
        (cells.text(needed), cells.count(found.rows_needed), ABSENT),
    )
    why = f" ({n.joined(found.departures)})" if found.departures else ""
    return [Table(f"Shape: {found.verdict}{why}", heads, rows)]


def _gaps(found: Gaps | None) -> list[Block]:
    if found is None:
        return []
    cells_missing = f"{n.count(found.missing)} of {n.count(found.cells)}"
    complete = f"{n.count(found.complete_rows)} of {n.count(found.rows)}"
    pairs = Pairs(
        (
            ("Cells missing", Cell(f"{cells_missing} ({n.percent(found.missing_percent / 100)})")),
            ("Complete rows", Cell(f"{complete} ({n.percent(found.complete_percent / 100)})")),
            ("Columns with gaps", Cell(f"{n.count(found.lacking)} of {n.count(found.columns)}")),
        )
    )
    return [pairs, *_columns(found), *_patterns(found), *_links(found)]


def _columns(found: Gaps) -> list[Block]:
    heads = (Head("Column"), Head("Missing", numeric=True), Head("First rows without it"))
    rows = [
        (
            cells.name(gap.column),
            Cell(f"{n.count(gap.missing)} ({n.percent(gap.percent / 100)})", str(gap.missing)),
            cells.text(", ".join(n.count(row) for row in gap.first_rows)),
        )
        for gap in found.gaps
    ]
    shown, notes = cells.first(rows, MOST_ROWS, "results.json")
    return [Table("What is missing", heads, tuple(shown), tuple(notes))] if rows else []


def _patterns(found: Gaps) -> list[Block]:
    heads = (Head("Missing together"), Head("Rows", numeric=True))
    rows = tuple(
        (
            cells.name(", ".join(one.columns) or "nothing", 120),
            Cell(f"{n.count(one.rows)} ({n.percent(one.percent / 100)})", str(one.rows)),
        )
        for one in found.patterns
    )
    left = found.patterns_found - len(rows)
    notes = (f"{n.counted(left, 'further pattern')} not listed.",) if left > 0 else ()
    return [Table("Patterns", heads, rows, notes)] if rows else []


def _links(found: Gaps) -> list[Block]:
    if not found.links:
        return [Bullets((f"{n.counted(found.tested, 'pair')} tested for what gaps go with.",))]
    heads = (
        Head("Where it is missing"),
        Head("Compared in"),
        Head("Missing", numeric=True),
        Head("Present", numeric=True),
        Head("Effect size"),
        Head("p", numeric=True),
        Head("p by Holm", numeric=True),
    )
    rows, notes = cells.first([_link(one) for one in found.links], MOST_ROWS, "results.json")
    return [Table("With what gaps go", heads, tuple(rows), tuple(notes))]


def _link(found: GapLink) -> tuple[Cell, ...]:
    of_number = found.kind == "number"
    sides = (found.where_missing, found.where_present)
    places = max(2, n.decimals_for(abs(sides[0]))) if of_number else 0
    other = found.other if of_number or found.level is None else f"{found.other} = {found.level}"
    effect = cells.number(found.effect)
    return (
        cells.name(found.column),
        cells.name(other),
        *(cells.number(side, places, None if of_number else "%") for side in sides),
        Cell(f"{found.effect_name} {effect.text}", effect.exact),
        cells.probability(found.pvalue),
        cells.probability(found.holm),
    )
