"""Turn columns that a question names into readings: a method, and which column plays which part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.analysis.catalogue import MOST_GROUPS, MOST_POOLED_GROUPS
from jobs.analysis.planning.asking import (
    CAUSE,
    CORRELATION,
    RANKS,
    REGRESSION,
    RELATED,
)
from jobs.analysis.planning.codes import is_code, is_steps
from jobs.analysis.planning.directions import ABOUT_AMOUNTS, asks_which, first_follows, set_against
from jobs.analysis.planning.directions import first_explains as first_explains
from jobs.analysis.planning.saying import in_words, in_words_of_scan
from jobs.analysis.planning.series import same_two, twins
from jobs.analysis.results.result import Alternative
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import is_event
from jobs.analysis.tables.units import core_words

COUNTED = re.compile(
    r"\b(?:how (?:many|often)|shares?|proportions?|percent\w*|rates?(?! (?:the |their |its )?_)|"
    r"frequen\w+|common|distribut\w+|associat\w+|"
    r"independen\w+|likely)\b"
)
# From one of two measures to the other.
CHANGED = re.compile(
    r"\b(?:chang|improv|increas|decreas|declin|drop|ris(?:e|es|ing|en)\b|rose|fall|fell|gain|differ)\w*|"
    r"\bmore\b.*\bthan\b|\bfewer\b.*\bthan\b|\bless\b.*\bthan\b|\bfrom\b.*\bto\b"
)
# Between a number and a scale: its values name groups.
GROUPED = re.compile(r"\b(?:by|across|per|between|among|amongst|each|every|differs?|from)\b")
LIKERT_LEVELS = 5  # from here on an ordinal outcome is compared by its size rather than counted


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


def _comparable(first: Column, second: Column, *, asked_which: bool) -> bool:
    """Return whether two numbers measure the same kind of thing, so that one can be larger."""
    if first.unit or second.unit:
        return first.unit == second.unit
    if set(core_words(first.name)) & set(core_words(second.name)):
        return True
    lows, highs = (first.low, second.low), (first.high, second.high)
    if asked_which is False or None in lows or None in highs:
        return False
    # Whoever asks which of two is larger says that they are of one kind; their ranges must allow for it.
    return max(one for one in lows if one is not None) < min(one for one in highs if one is not None)


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


def readings(
    first: Column, second: Column, text: str, between: str, *, within: Column | None = None
) -> tuple[Reading, ...]:
    """Return how two columns can answer a question, the likeliest first.

    Parameters
    ----------
    first, second : Column
        In the order of the question.
    text, between : str
        The question, and the part of it between the two, in lower case with names blanked out.
    within : Column, optional
        That of two categories within whose values shares are asked for, where the words between do not say
        what explains what.
    """
    for column in (first, second):
        if problem := unusable(column):
            return (Reading("profile", {}, "", problem),)
    explains_first = first_explains(text, between)
    named = all(is_grouping(column) and not is_scale(column) for column in (first, second))
    if explains_first is None and within is not None and named:
        return (count(within, second if within is first else first),)
    cause, effect = (first, second) if explains_first else (second, first)
    numbers = [column for column in (first, second) if column.role == "number"]
    if len(numbers) == 2:
        return _two_numbers(first, second, text, between, explains_first=explains_first)
    if len(numbers) == 1:
        return _number_and_group(numbers[0], second if numbers[0] is first else first, text, between)
    against = set_against(text, between) or (CHANGED.search(text) and twins(first, second) is not None)
    if against and same_two((first, second)):
        return (pair(first, second), count(first, second))
    if all(map(is_scale, (first, second))) and set_against(text, between):
        return (_rate(first, second), correlate(first, second, ranks=True))
    if all(map(is_scale, (first, second))) and GROUPED.search(between):
        return (compare(effect, cause), correlate(cause, effect, ranks=True))
    return _two_groups(cause, effect, text, ordered=explains_first is not None, pair=(first, second))


def _two_numbers(
    first: Column, second: Column, text: str, between: str, *, explains_first: bool | None
) -> tuple[Reading, ...]:
    follows = explains_first is not False and first_follows(text, between)
    x, y = (second, first) if explains_first is False or follows else (first, second)
    found = correlate(x, y, ranks=bool(RANKS.search(text)))
    joined = not RELATED.search(text) and not CAUSE.search(text) and not REGRESSION.search(text)
    if joined and twins(first, second) is not None:
        return (pair(first, second), found)
    if set_against(text, between):
        if _comparable(first, second, asked_which=asks_which(between)):
            return (pair(first, second), found)
        problem = (
            f"'{first.name}' and '{second.name}' are two numbers of the same rows; which of them is larger "
            "asks for a paired method, and that for two numbers of one kind and unit"
        )
        return (Reading("profile", {}, "", problem), found, pair(first, second))
    if explains_first is not None and CAUSE.search(text) and not (RELATED.search(text) or RANKS.search(text)):
        return (regress(x, y), found)
    return (found,)


def _rate(first: Column, second: Column) -> Reading:
    """Return the comparison of two ratings of the same rows, where both are given in the same steps."""
    if first.levels != second.levels and (first.low, first.high) != (second.low, second.high):
        problem = (
            f"'{first.name}' and '{second.name}' are rated in different steps; which is larger says nothing"
        )
        return Reading("profile", {}, "", problem)
    because = f"'{first.name}' and '{second.name}' are ratings of the same rows: which is higher is tested"
    return Reading("wilcoxon_signed_rank", {"first": first.name, "second": second.name}, because)


def _number_and_group(number: Column, group: Column, text: str, between: str) -> tuple[Reading, ...]:
    compared = compare(number, group)
    if not is_measured(group) or is_code(group):
        return (compared,)
    together = correlate(group, number, ranks=group.distinct < 10)
    if group.distinct > 2 and (CORRELATION.search(text) or (is_scale(group) and RELATED.search(text))):
        return (together, compared)
    if group.unit is not None and group.distinct > 2 and ABOUT_AMOUNTS.search(text):
        return (together, compared)  # a discount of 0, 5, 10 or 15 % is an amount
    if not is_scale(group) or GROUPED.search(between):
        return (compared, together)
    if is_steps(group):
        return (together, compared)
    problem = (
        f"'{group.name}' holds {group.distinct} whole numbers, steps of a scale or codes of groups; "
        f"ask for '{number.name}' by '{group.name}' to compare groups, or for the correlation of the two"
    )
    return (Reading("profile", {}, "", problem), compared, together)


def _two_groups(
    cause: Column, effect: Column, text: str, *, ordered: bool, pair: tuple[Column, Column]
) -> tuple[Reading, ...]:
    # Shares of an event within groups, not of groups within an event, where the words leave it open.
    turned = not ordered and is_event(pair[0].levels) and not is_event(pair[1].levels)
    counted = count(cause, effect) if ordered else count(*(reversed(pair) if turned else pair))
    scale = effect if ordered else next((c for c in pair if is_scale(c)), effect)
    other = pair[0] if scale is pair[1] else pair[1]
    if not is_scale(scale):
        return (counted,)
    compared = compare(scale, other)
    if is_scale(other):
        return (correlate(other, scale, ranks=True), counted)
    return (counted, compared) if COUNTED.search(text) and not ordered else (compared, counted)


def is_scale(column: Column) -> bool:
    """Return whether a few whole numbers are a rating of five steps and more, and no codes of kinds."""
    few = column.distinct < LIKERT_LEVELS
    return column.role == "ordinal" and is_measured(column) and not few and not is_code(column)


def partners(column: Column, columns: Sequence[Column]) -> tuple[Reading, ...]:
    """Return readings that join a column with each of the others, groups before numbers."""
    found: list[Reading] = []
    for other in columns:
        if other.name == column.name or unusable(other):
            continue
        if is_measured(column) and is_grouping(other):
            found.append(compare(column, other))
        elif is_grouping(column) and is_measured(other) and other.role == "number":
            found.append(compare(other, column))
        elif is_grouping(column) and is_grouping(other):
            found.append(count(column, other))
    if column.role == "number":
        numbers = [other for other in columns if other.role == "number" and other.name != column.name]
        found.extend(correlate(other, column) for other in numbers)
    return tuple(reading for reading in found if reading.problem is None)
