"""What to say of the columns that a model was given."""

from collections.abc import Sequence

from jobs.analysis.catalogue import MOST_GROUPS, MOST_PREDICTORS
from jobs.analysis.planning.outcomes import holds_counts
from jobs.analysis.planning.readings import unusable
from jobs.analysis.tables.columns import Column

NONE_NAMED = "No predictors were named"  # begins the note of a model of all columns
MOSTLY_MISSING = 0.4


def notes(
    outcome: Column, used: Sequence[Column], left_out: Sequence[Column], *, everything: bool
) -> tuple[str, ...]:
    """Return what to say of a model: which columns were taken, and which were not."""
    said = []
    if everything:
        said.append(f"{NONE_NAMED}, so all columns that can be used were taken: {listed(used)}.")
    if left_out:
        said.append(f"Left out as predictors: {'; '.join(_why(column) for column in left_out[:12])}.")
    if outcome.role == "ordinal" and not holds_counts(outcome):
        said.append(f"'{outcome.name}' is a rating; its steps are taken as equal.")
    said.append("A model tells what goes together where the other columns are equal, not what changes what.")
    return tuple(said)


def _why(column: Column) -> str:
    problem = unusable(column)
    if problem is not None:
        return problem.removeprefix("column ")
    if column.role == "category" and column.distinct > MOST_GROUPS:
        return f"'{column.name}' has {column.distinct} values"
    if column.missing > MOSTLY_MISSING * column.rows:
        return f"'{column.name}' is missing in {column.missing} of {column.rows} rows"
    return f"'{column.name}', since a model takes {MOST_PREDICTORS} columns"


def listed(columns: Sequence[Column]) -> str:
    """Return the names of columns as one phrase."""
    names = [f"'{column.name}'" for column in columns]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
