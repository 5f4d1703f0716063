"""What a typed table holds that is no error and yet may mislead: said once, as warnings of the data set."""

from collections.abc import Iterator, Mapping, Sequence

from jobs.analysis.tables.columns import Column, is_ordered_text
from jobs.analysis.tables.inference import Decision

EXACT = 2**53  # floating-point numbers, in which everything is computed, hold whole numbers up to here
MOST_NOTES = 60  # on columns; a table with more troubles than that is summed up
MOST_NAMED = 3  # groups of levels in one warning


def table_notes(columns: Sequence[Column], rounded: Mapping[str, int]) -> tuple[str, ...]:
    """Return warnings on columns: levels that are almost alike, and `rounded` numbers by column."""
    return (*_alike(columns), *_ordered(columns), *_rounded(rounded))


def _alike(columns: Sequence[Column]) -> Iterator[str]:
    """Name levels that differ in case or spaces alone."""
    for column in columns:
        forms: dict[str, list[str]] = {}
        for level in column.levels:
            forms.setdefault(" ".join(level.casefold().split()), []).append(level)
        alike = [levels for levels in forms.values() if len(levels) > 1]
        if alike:
            named = "; ".join(
                ", ".join(f"'{level[:40]}'" for level in levels) for levels in alike[:MOST_NAMED]
            )
            more = f" and {len(alike) - MOST_NAMED} more" if len(alike) > MOST_NAMED else ""
            yield (
                f"column {column.name}: values that differ only in case or spaces are separate groups: "
                f"{named}{more}; write them alike if they mean the same"
            )


def _ordered(columns: Sequence[Column]) -> Iterator[str]:
    """Say in which order words were taken for steps of a scale."""
    for column in columns:
        if is_ordered_text(column):
            steps = " < ".join(f"'{level[:40]}'" for level in column.levels)
            yield (
                f"column {column.name}: its values were taken for the steps 1 to {len(column.levels)} of a "
                f"scale: {steps}"
            )


def _rounded(rounded: Mapping[str, int]) -> Iterator[str]:
    """Name columns of whole numbers that are rounded when computed with."""
    for name, count in rounded.items():
        if count:
            yield (
                f"column {name}: {count} whole numbers are beyond ±{EXACT:,} and are rounded to about 16 "
                "digits in computations"
            )


def column_notes(decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    """Return what was found while the columns were typed, each with the name of its column."""
    notes = [f"column {name}: {note}" for name, decision in decisions.items() for note in decision.notes]
    if len(notes) <= MOST_NOTES:
        return tuple(notes)
    return (*notes[:MOST_NOTES], f"{len(notes) - MOST_NOTES} more notes on columns were left out")
