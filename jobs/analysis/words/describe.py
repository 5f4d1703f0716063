"""One column, or the whole table, in words."""

from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.results.result import Dataset, Sentence
from jobs.analysis.words import numbers as n
from jobs.analysis.words import whole
from jobs.analysis.words.facts import Facts, Told, apa, interval, interval_pointers

SKEWED, STRONGLY_SKEWED = 0.5, 1.0  # Bulmer 1979, Principles of Statistics
LISTED = 12


def tell(facts: Facts) -> Told:
    """Describe the outcome; numbers by their moments and quantiles, other columns by their values."""
    name = facts.plan.columns["outcome"]
    column = facts.profile[name]
    if not facts.findings.descriptives:
        sentences = [*_values(column, list(facts.profile).index(name)), *whole.tell(facts.table, name)]
        return Told(headline(facts), tuple(sentences), None)
    found = facts.findings.descriptives[0]
    decimals = n.decimals_for(found.sd)
    unit, at = facts.unit(name), "/findings/descriptives/0"
    spread = f"mean {n.measured(found.mean, decimals, unit)}"
    if found.mean_interval is not None and found.mean_interval.low is not None:
        spread += f" ({interval(found.mean_interval, decimals)})"
    quartiles = [n.number(value, decimals) for value in (found.minimum, found.q1, found.median, found.q3)]
    sentences = [
        Sentence(
            f"{name}: n = {n.count(found.n)}, {spread}, SD {n.number(found.sd, decimals)}.",
            (f"{at}/n", f"{at}/mean", f"{at}/sd", *interval_pointers(f"{at}/mean_interval")),
        ),
        Sentence(
            f"Smallest value {quartiles[0]}, first quartile {quartiles[1]}, median {quartiles[2]}, third "
            f"quartile "
            f"{quartiles[3]}, largest value {n.measured(found.maximum, decimals, unit)}.",
            tuple(f"{at}/{part}" for part in ("minimum", "q1", "median", "q3", "maximum")),
        ),
    ]
    if found.skewness is not None:
        skewness = n.number(n.rounded(found.skewness))
        text = f"The distribution is {shape(found.skewness)} (skewness {skewness})."
        sentences.append(Sentence(text, (f"{at}/skewness",)))
    sentences += whole.tell(facts.table, name)
    return Told(headline(facts), tuple(sentences), apa(facts))


def headline(facts: Facts) -> str:
    """Say the middle, the spread and the shape of a column in one line."""
    name = facts.plan.columns["outcome"]
    column = facts.profile[name]
    if facts.findings.descriptives:
        found = facts.findings.descriptives[0]
        decimals, unit = n.decimals_for(found.sd), facts.unit(name)
        shaped = f" and is {shape(found.skewness)}" if found.skewness is not None else ""
        return (
            f"{name} has mean {n.measured(found.mean, decimals, unit)} and median "
            f"{n.measured(found.median, decimals, unit)}{shaped}"
        )
    if column.top:
        top = column.top[0]
        present = n.counted(column.rows - column.missing, "row")
        return f"The most frequent value of {name} is {top.value} ({n.count(top.count)} of {present})"
    return f"{name} has {n.counted(column.distinct, 'different value')} in {n.counted(column.rows, 'row')}"


def shape(skewness: float) -> str:
    """Name the shape that a skewness stands for."""
    if abs(skewness) < SKEWED:
        return "roughly symmetric"
    strength = "strongly" if abs(skewness) > STRONGLY_SKEWED else "moderately"
    return f"{strength} {'right' if skewness > 0 else 'left'}-skewed"


def _values(column: ColumnProfile, index: int) -> list[Sentence]:
    at = f"/profile/{index}"
    lack = "lacks" if column.missing == 1 else "lack"
    sentences = [
        Sentence(
            f"{column.name} has {n.counted(column.distinct, 'different value')}; "
            f"{n.count(column.missing)} of {n.counted(column.rows, 'row')} {lack} one.",
            (f"{at}/distinct", f"{at}/missing", f"{at}/rows"),
        )
    ]
    if column.minimum is not None and not column.top:
        sentences.append(
            Sentence(
                f"They run from {column.minimum} to {column.maximum}.", (f"{at}/minimum", f"{at}/maximum")
            )
        )
    sentences += [
        Sentence(
            f"{top.value}: {n.counted(top.count, 'row')}.",
            (f"{at}/top/{place}/value", f"{at}/top/{place}/count"),
        )
        for place, top in enumerate(column.top[:LISTED])
    ]
    return sentences


def tell_table(facts: Facts, dataset: Dataset) -> Told:
    """Describe the table column by column."""
    sentences = whole.tell(facts.table)
    sentences += [
        _column(column, index) for index, column in enumerate(facts.profile.values()) if index < LISTED
    ]
    if len(facts.profile) > LISTED:
        sentences.append(Sentence("The profile describes the other columns too."))
    columns = list(facts.profile.values())
    rows = columns[0].rows if columns else dataset.rows  # of the selection, where there is one
    line = table_headline(rows, dataset.columns, columns, selected=rows < dataset.rows)
    return Told(line, tuple(sentences), None)


def table_headline(rows: int, columns: int, profile: list[ColumnProfile], *, selected: bool = False) -> str:
    """Say how large the table is and how complete; or, of `selected` rows, how many they are."""
    gaps = [column for column in profile if column.missing]
    size = f"The table has {n.counted(rows, 'row')} and {n.counted(columns, 'column')}"
    if selected:
        have = "The selected row has" if rows == 1 else f"The {n.count(rows)} selected rows have"
        size = f"{have} {n.counted(columns, 'column')}"
    if not gaps:
        return f"{size}; no value is missing"
    worst = max(gaps, key=lambda column: column.missing)
    share = f"{n.count(worst.missing)} of {n.count(worst.rows)}"
    if len(gaps) == 1:
        return f"{size}; values are missing in {worst.name} alone ({share})"
    return f"{size}; {worst.name} has the most missing values ({share})"


def _column(column: ColumnProfile, index: int) -> Sentence:
    at = f"/profile/{index}"
    parts, pointers = [], []
    if column.mean is not None and column.sd is not None:
        decimals = n.decimals_for(column.sd)
        parts.append(
            f"mean {n.measured(column.mean, decimals, column.unit)}, SD {n.number(column.sd, decimals)}"
        )
        pointers += [f"{at}/mean", f"{at}/sd"]
    elif column.top:
        parts.append(f"most often {column.top[0].value} ({n.count(column.top[0].count)})")
        pointers += [f"{at}/top/0/value", f"{at}/top/0/count"]
    parts.append(n.counted(column.distinct, "different value"))
    if column.missing:
        parts.append(f"{n.count(column.missing)} missing")
    kind = "an identifier" if column.role == "id" else column.role
    # Of an identifier the note would say once more that it is one.
    notes = f"; {', '.join(column.notes)}" if column.notes and column.role != "id" else ""
    pointers += [f"{at}/distinct", f"{at}/missing", f"{at}/notes"]
    return Sentence(f"{column.name} ({kind}): {', '.join(parts)}{notes}.", tuple(pointers))
