"""What was seen: groups, cells, shares and strata, in tables."""

from collections.abc import Sequence

from jobs.analysis.report import cells
from jobs.analysis.report.view import Block, Cell, Head, Pairs, Table
from jobs.analysis.results.result import CrossTable, Descriptive, Findings, Share
from jobs.analysis.results.stratified import Odds, Strata
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import Facts, outcome_decimals

MOST_ROWS = 60


def tables(facts: Facts) -> list[Block]:
    """Return what the method saw of its sample."""
    findings = facts.findings
    return [
        *_descriptives(facts),
        *_adjusted(findings),
        *_crossed(findings.table),
        *_share(findings.share),
        *_strata(findings.strata),
    ]


def _descriptives(facts: Facts) -> list[Block]:
    found = facts.findings.descriptives
    if not found:
        return []
    columns = list(dict.fromkeys(one.column for one in found))
    grouped = any(one.group is not None for one in found)
    one_column = len(columns) == 1
    unit = facts.unit(columns[0]) if one_column else None
    heads = (
        Head("Group" if grouped else "Column"),
        Head("n", numeric=True),
        Head("Mean", numeric=True),
        cells.interval_head(one.mean_interval for one in found),
        *(Head(name, numeric=True) for name in ("SD", "Min", "Q1", "Median", "Q3", "Max", "Skewness")),
    )
    shared = outcome_decimals(found) if one_column else None
    rows, notes = cells.first([_descriptive(one, shared) for one in found], MOST_ROWS, "results.json")
    named = cells.name(columns[0]).text if one_column else "The columns"
    caption = f"{named}{f' ({unit})' if unit else ''}{' by group' if grouped else ' in numbers'}"
    return [cells.filled(Table(caption, heads, tuple(rows), tuple(notes)))]


def _descriptive(found: Descriptive, decimals: int | None) -> tuple[Cell, ...]:
    places = n.decimals_for(found.sd) if decimals is None else decimals
    quantiles = (found.minimum, found.q1, found.median, found.q3, found.maximum)
    return (
        cells.name(found.group if found.group is not None else found.column),
        cells.count(found.n),
        cells.number(found.mean, places),
        cells.interval(found.mean_interval, places),
        cells.number(found.sd, places),
        *(cells.number(value, places) for value in quantiles),
        cells.number(found.skewness),
    )


def _adjusted(findings: Findings) -> list[Block]:
    found = findings.adjusted
    if not found:
        return []
    places = outcome_decimals(findings.descriptives)
    unit = found[0].unit
    heads = (
        Head("Group"),
        Head(f"Adjusted mean ({unit})" if unit else "Adjusted mean", numeric=True),
        cells.interval_head(mean.interval for mean in found),
    )
    rows = tuple(
        (cells.name(mean.name), cells.number(mean.value, places), cells.interval(mean.interval, places))
        for mean in found
    )
    return [Table("Means with the covariates held at their means", heads, rows)]


def _crossed(table: CrossTable | None) -> list[Block]:
    if table is None:
        return []
    row, column = cells.name(table.row).text, cells.name(table.column).text
    levels = [cells.name(level).text for level in table.column_levels]
    totals = [sum(counts) for counts in table.counts]
    rows = tuple(
        (cells.name(level), *(_cell(count, total) for count in counts), cells.count(total))
        for level, counts, total in zip(table.row_levels, table.counts, totals, strict=True)
    )
    heads = (Head(row), *(Head(level, numeric=True) for level in levels), Head("All", numeric=True))
    counted = Table(
        f"Rows by {row} and {column}",
        heads,
        rows,
        (f"Percentages are of the rows with each value of {row}.",),
    )
    far = tuple(
        (cells.name(level), *(cells.number(residual, 1) for residual in residuals))
        for level, residuals in zip(table.row_levels, table.adjusted_residuals, strict=True)
    )
    note = (
        "How far each count lies from what unrelated columns would give, in standard errors: beyond 2 is "
        "rarer than 1 in 20."
    )
    return [counted, Table("Adjusted residuals", heads[:-1], far, (note,))]


def _cell(count: int, total: int) -> Cell:
    return Cell(f"{n.count(count)} ({n.percent(count / total)})" if total else n.count(count), str(count))


def _share(share: Share | None) -> list[Block]:
    if share is None:
        return []
    level = f"{share.interval.level * 100:g}% CI"
    items = (
        ("Value", cells.name(f"{share.column} = {share.level}")),
        ("Rows with it", Cell(f"{n.count(share.hits)} of {n.count(share.n)}")),
        ("Share", cells.percent(share.value)),
        (level, cells.interval(share.interval, 3, below_one=True)),
        ("Compared with", cells.percent(share.against)),
    )
    return [Pairs(items)]


def _strata(found: Strata | None) -> list[Block]:
    if found is None:
        return []
    strata = found.strata
    heads = (
        Head(cells.name(found.stratum).text),
        Head("n", numeric=True),
        Head("Odds ratio", numeric=True),
        cells.interval_head(one.interval for one in strata),
        Head("Cramér's V", numeric=True),
    )
    rows = [
        (
            cells.name(one.level),
            cells.count(one.n),
            cells.text("infinite") if one.infinite else cells.number(one.odds_ratio),
            cells.interval(one.interval),
            cells.bounded(one.cramers_v),
        )
        for one in strata
    ]
    shown, notes = cells.first(rows, MOST_ROWS, "results.json")
    informative = (
        f"In {n.count(found.informative)} of {n.counted(found.values, 'stratum')} both columns vary."
    )
    notes.insert(0, informative.replace("stratums", "strata"))
    return [cells.filled(Table("Stratum by stratum", heads, tuple(shown), tuple(notes))), *_odds(found.odds)]


def _odds(odds: Odds | None) -> Sequence[Block]:
    if odds is None:
        return ()
    heads = (Head("Odds ratio"), Head("Value", numeric=True), cells.interval_head([odds.interval]))
    rows = (
        (cells.text("common to the strata"), cells.number(odds.common), cells.interval(odds.interval)),
        (cells.text("without strata"), cells.number(odds.crude), cells.interval(odds.crude_interval)),
    )
    words = f"Odds of {odds.event} where it is {odds.level}, to those where it is {odds.reference}"
    change = odds.change_percent
    way = "lower" if change is not None and change < 0 else "higher"
    notes = () if change is None else (f"Without strata it is {n.number(abs(change), 0)} % {way}.",)
    return (Table(words, heads, rows, notes),)
