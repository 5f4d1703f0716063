"""A question to a table of counts is asked back: its rows are no cases, and the methods count rows."""

from collections.abc import Sequence

from jobs.analysis.planning import clarify
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column


def rather_ask(found: Plan, columns: Sequence[Column]) -> Plan:
    """Return the plan, or a question back where it leaves out how many cases each row stands for."""
    counting = next((column.name for column in columns if column.weighs), None)
    used = {*found.columns.values(), *(one.column for one in found.where)}
    if counting is None or found.needs_clarification or found.method == "profile" or counting in used:
        return found
    why = (
        f"Each row of this table stands for as many cases as '{counting}' says, and the methods count each "
        "row once; write one row for each case, and ask again."
    )
    return clarify.rather_ask(found, why)
