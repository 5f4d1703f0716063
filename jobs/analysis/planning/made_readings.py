"""Make readings: a method, and which column plays which part in it, or why the columns do not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.analysis.catalogue import MOST_GROUPS, MOST_POOLED_GROUPS
from jobs.analysis.planning.saying import in_words, in_words_of_scan
from jobs.analysis.planning.series import same_two, twins
from jobs.analysis.results.result import Alternative
from jobs.analysis.tables.columns import Column


@dataclass(frozen=True)
class Reading:
    """One way to answer: method and columns, or why the two columns cannot be put together."""

    method: str
    columns: dict[str, str]
    because: str
    problem: str | None = None  # when set, there is no method
    params: dict[str, float | str] = field(default_factory=dict)

    def as_alternative(self, confidence: float) -> Alternative:
        """Return the reading as one that the asker can choose."""
        asked = in_words_of_scan(self.method, self.columns) or in_words(self.columns, self.params)
        return Alternative(self.method, self.columns, asked, round(confidence, 2), self.params)


def is_measured(column: Column) -> bool:
    """Return whether a mean of the column makes sense."""
    return column.dtype in ("integer", "number") and column.role in ("number", "ordinal", "category")


def is_grouping(column: Column) -> bool:
    """Return whether the column names groups."""
    return column.role in ("category", "ordinal", "boolean") and column.distinct >= 2


def unusable(column: Column) -> str | None:
    """Return why a column cannot take part in a comparison, or None."""
    reasons = {
        "id": "identifies the rows and has no values to compare",
        "constant": "has the same value in every row",
        "empty": "has no values",
        "text": "is free text",
        "date": "holds dates; ask for the trend over time",
    }
    if column.role in ("id", "text") and column.left_as_text is not None:
        return f"column '{column.name}' is text, because {column.left_as_text}"
    if column.role in ("id", "text") and column.amount is not None:
        return (
            f"column '{column.name}' looks like amounts written as text: '{column.amount}'; "
            "write plain numbers to compare them"
        )
    reason = reasons.get(column.role)
    return f"column '{column.name}' {reason}" if reason else None


def compare(outcome: Column, group: Column) -> Reading:
    """Return the comparison of a number between groups; too many groups are a problem."""
    columns = {"outcome": outcome.name, "group": group.name}
    if group.distinct > MOST_POOLED_GROUPS:
        problem = (
            f"column '{group.name}' has {group.distinct} groups; at most {MOST_GROUPS} can be compared, and "
            f"up to {MOST_POOLED_GROUPS} with the smaller ones joined. Join its values into fewer groups"
        )
        return Reading("profile", {}, "", problem)
    groups = "two" if group.distinct == 2 else str(group.distinct)
    because = f"'{outcome.name}' is a number and '{group.name}' has {groups} groups: their means are compared"
    return Reading("welch_t_test" if group.distinct == 2 else "welch_anova", columns, because)


def correlate(x: Column, y: Column, *, ranks: bool = False) -> Reading:
    """Return the correlation of two numbers."""
    method = "spearman_correlation" if ranks else "pearson_correlation"
    because = f"'{x.name}' and '{y.name}' are both numbers: how closely they go together is measured"
    return Reading(method, {"x": x.name, "y": y.name}, because)


def regress(x: Column, y: Column) -> Reading:
    """Return the line of one number over another, whose slope says by how much it differs."""
    because = f"how '{y.name}' depends on '{x.name}' is asked: the slope of a line tells by how much"
    return Reading("linear_regression", {"x": x.name, "y": y.name}, because)


def pair(first: Column, second: Column) -> Reading:
    """Return the comparison of two measures of the same rows, the earlier one first where their names say."""
    found = twins(first, second)
    one, other = found.columns if found else (first, second)
    if same_two((one, other)):
        because = (
            f"'{one.name}' and '{other.name}' hold the same two values of the same rows: whether they "
            "change is "
            "tested"
        )
        return Reading("mcnemar_test", {"first": one.name, "second": other.name}, because)
    because = f"'{one.name}' and '{other.name}' stand in the same rows: the change within the rows is tested"
    return Reading("paired_t_test", {"first": one.name, "second": other.name}, because)


def repeat(columns: Sequence[Column]) -> Reading:
    """Return the comparison of three and more measures of the same rows."""
    listed = ", ".join(f"'{column.name}'" for column in columns)
    because = f"{listed} stand in the same rows: what differs within the rows is tested"
    given = {f"measure_{place}": column.name for place, column in enumerate(columns, start=1)}
    if same_two(columns):
        because = f"{listed} hold the same two values of the same rows: whether they change is tested"
        return Reading("cochran_q_test", given, because)
    return Reading("repeated_measures_anova", given, because)


def count(row: Column, column: Column) -> Reading:
    """Return the association of two categories."""
    for one in (row, column):
        if one.distinct > MOST_GROUPS:
            problem = (
                f"column '{one.name}' has {one.distinct} values; at most {MOST_GROUPS} can be cross-tabulated"
            )
            return Reading("profile", {}, "", problem)
    because = (
        f"'{row.name}' and '{column.name}' are both categories: how often they occur together is compared"
    )
    return Reading("chi_square_independence", {"row": row.name, "column": column.name}, because)
