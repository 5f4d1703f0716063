"""Read what share of the rows has one of some values: "what proportion got an A or B".

The rows with these values are not what is described; they are a part of all.
"""

from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.planning.held_question import COMPARING
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.operators import SHARE
from jobs.analysis.planning.restricting import Rows
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column


def of_values(whole: Linked, rows: Rows, found: Plan, columns: Sequence[Column]) -> tuple[Rows, Plan]:
    """Return the rows and the plan for a question after a share, as they are for any other question.

    Parameters
    ----------
    whole : Linked
        The question with what selects rows.
    rows, found : Rows, Plan
        How it was read: values of the column that is described were taken to select rows.
    """
    if found.needs_clarification or not SHARE.search(whole.without_names()):
        return rows, found
    role = "group" if found.method in COMPARING else "outcome"
    name = found.columns.get(role)
    own = [one for one in rows.conditions if one.column == name and one.comparison == "is"]
    mentioned = {m.best.column.name for m in whole.mentions if m.best.column.role != "id"}
    named = mentioned - {one.column for one in rows.conditions if one not in own}
    if found.method not in {"profile", *COMPARING} or len(own) != 1 or named != {name}:
        return rows, found
    column = next(one for one in columns if one.name == name)
    if not column.levels:
        return rows, found
    kept = replace(rows, conditions=tuple(one for one in rows.conditions if one not in own))
    values = " and ".join(
        f"'{value:g}'" if isinstance(value, float) else f"'{value}'" for value in own[0].values
    )
    note = (
        f"The share of each value of '{name}' is listed; those of {values} together make what is asked for."
    )
    because = f"The share of {values} among all values of '{name}' is asked for, so these are described."
    plan = Plan("describe", "profile", {"outcome": column.name}, 0.8, because, found.read_as, notes=(note,))
    return kept, plan
