"""Two categories counted together, in words.

Shares are taken within each row level: a count at a sentence's pointer divided by the sum of its row.
"""

from jobs.analysis.results.result import CrossTable, Sentence
from jobs.analysis.tables.events import event_of
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import (
    Facts,
    Told,
    apa,
    effect_sentences,
    effect_text,
    estimate_sentence,
    interval_pointers,
    sensitivity_sentences,
    test_sentence,
)

NOTABLE = 2.0  # an adjusted residual beyond it is rarer than 1 in 20 where the two are unrelated
LISTED = 8


def tell(facts: Facts) -> Told:
    """Say where the shares differ, or that the data do not show it."""
    row, column = facts.plan.columns["row"], facts.plan.columns["column"]
    verdict = f"the data show that {row} and {column} are associated"
    if facts.hardly:
        verdict = "with so many rows even a negligible association is detected"
    elif not facts.shown:
        verdict = "the data do not show an association"
    sentences = [test_sentence(facts, verdict)]
    if not facts.shown and not facts.hardly:
        sentences += _still_compatible(facts)
    estimate = estimate_sentence(facts, 2)
    sentences += [estimate] if estimate else []
    sentences += effect_sentences(facts)
    sentences += _shares(facts)
    sentences += _cells(facts)
    sentences += sensitivity_sentences(facts)
    return Told(headline(facts), tuple(sentences), apa(facts))


def _still_compatible(facts: Facts) -> list[Sentence]:
    """Say how strong an association the data do not exclude."""
    effect = facts.effect
    if effect is None or effect.interval.low is None or effect.interval.high is None or _is_odd(facts):
        return [Sentence("An association may still exist: how strong, these data do not tell.")]
    low, high = n.bounded(effect.interval.low), n.bounded(effect.interval.high)
    text = f"Associations with {effect.title} between {low} and {high} remain compatible with them."
    at = "/findings/effect_sizes/0"
    return [Sentence(text, (*interval_pointers(f"{at}/interval"), f"{at}/title"))]


def _is_odd(facts: Facts) -> bool:
    """Tell whether chi-squared is smaller than chance makes it: its limits are then near 0, whatever n."""
    test = facts.test
    return test.symbol == "chi2" and bool(test.df) and test.statistic < test.df[0]


def headline(facts: Facts) -> str:
    """Say the finding in one line; where one row level was asked about, its share first."""
    row, column, table = facts.plan.columns["row"], facts.plan.columns["column"], facts.findings.table
    effect = facts.effect
    strength = f" ({effect_text(effect)})" if effect else ""
    share = _asked_share(facts)
    if not facts.shown:
        asked = f"; {share}" if share else ""
        if facts.hardly:
            return f"{row} and {column} are hardly associated{strength}{asked}"
        return f"The data do not show an association between {row} and {column}{strength}{asked}"
    if table is None or not (found := _shares_of_highlighted(table)):
        return f"{row} and {column} are associated{strength}"
    level = table.column_levels[highlighted(table)]
    (low, lowest), (high, highest) = min(found), max(found)
    less, more = n.percents(low, high)
    most, least = f"{table.row_levels[highest]} ({more})", f"{table.row_levels[lowest]} ({less})"
    if share and len(found) == 2:
        other = next(end for end in found if end[1] not in _asked_levels(facts, table))
        return f"{share}, and in {n.percent(other[0])} where it is {table.row_levels[other[1]]}"
    if share:
        return f"{share}; most frequent where it is {most} and least where it is {least}"
    return f"{column} = {level} is most frequent where {row} is {most} and least where it is {least}"


def _shares_of_highlighted(table: CrossTable) -> list[tuple[float, int]]:
    """Return the share of the highlighted level in each row level that has rows, with its place."""
    level = highlighted(table)
    shares = [(share_of(table, index, level), index) for index in range(len(table.row_levels))]
    return [(share, index) for share, index in shares if share is not None]


def _asked_share(facts: Facts) -> str | None:
    """Say the share within the one row level that the question names; None where it names none or several."""
    table = facts.findings.table
    if table is None:
        return None
    places = _asked_levels(facts, table)
    level = highlighted(table)
    share = share_of(table, places[0], level) if len(places) == 1 else None
    if share is None:
        return None
    where = f"where {table.row} is {table.row_levels[places[0]]}"
    return f"{table.column} = {table.column_levels[level]} in {n.percent(share)} of the rows {where}"


def _asked_levels(facts: Facts, table: CrossTable) -> list[int]:
    """Return the places of the row levels that the question names."""
    named = {read.value for read in facts.plan.read_as if read.column == table.row}
    return [index for index, level in enumerate(table.row_levels) if level in named]


def highlighted(table: CrossTable) -> int:
    """Choose the column level that the figure and the headline follow.

    Of two, the event of a 2 x 2 table, else the one that says yes, else the rarer; of more, the one that
    departs most from the expected counts.
    """
    levels = table.column_levels
    if table.event in levels:
        return levels.index(table.event)
    totals = [sum(row[index] for row in table.counts) for index in range(len(levels))]
    if len(levels) == 2:
        return event_of(levels, totals)
    departures = [
        sum((row[index] or 0.0) ** 2 for row in table.adjusted_residuals) for index in range(len(levels))
    ]
    return departures.index(max(departures))


def share_of(table: CrossTable, row: int, column: int) -> float | None:
    """Return the share of a column level within a row level; None for an empty row."""
    total = sum(table.counts[row])
    return table.counts[row][column] / total if total else None


def _shares(facts: Facts) -> list[Sentence]:
    table = facts.findings.table
    if table is None:
        return []
    level = highlighted(table)
    rows = [index for index in range(len(table.row_levels)) if sum(table.counts[index])]
    if len(rows) > LISTED:
        rows.sort(key=lambda index: share_of(table, index, level) or 0.0)
        rows = [rows[-1], rows[0]]
    return [
        Sentence(
            f"Where {table.row} is {table.row_levels[index]}, {table.column} is "
            f"{table.column_levels[level]} in "
            f"{n.count(table.counts[index][level])} of {n.counted(sum(table.counts[index]), 'row')} "
            f"({n.percent(share_of(table, index, level) or 0.0)}).",
            (
                f"/findings/table/counts/{index}",
                f"/findings/table/row_levels/{index}",
                f"/findings/table/column_levels/{level}",
            ),
        )
        for index in rows
    ]


def _cells(facts: Facts) -> list[Sentence]:
    """Tell the cells that depart most from what unrelated columns would give."""
    table = facts.findings.table
    if table is None or not facts.shown:
        return []
    cells = [
        (residual, row, column)
        for row, residuals in enumerate(table.adjusted_residuals)
        for column, residual in enumerate(residuals)
        if residual is not None and abs(residual) > NOTABLE
    ]
    cells.sort(key=lambda cell: -abs(cell[0]))
    return [
        Sentence(
            f"{table.row_levels[row]} with {table.column_levels[column]}: "
            f"{n.counted(table.counts[row][column], 'row')}, {'more' if residual > 0 else 'fewer'} than the "
            f"{n.number(table.expected[row][column], 1)} "
            f"expected if the two were unrelated (adjusted residual {n.number(residual, 1)}).",
            (
                f"/findings/table/row_levels/{row}",
                f"/findings/table/column_levels/{column}",
                f"/findings/table/counts/{row}/{column}",
                f"/findings/table/expected/{row}/{column}",
                f"/findings/table/adjusted_residuals/{row}/{column}",
            ),
        )
        for residual, row, column in cells[:4]
    ]
