"""Choose the readings of two columns that a question names, the likeliest first."""

import re
from collections.abc import Sequence

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
from jobs.analysis.planning.made_readings import (
    Reading,
    compare,
    correlate,
    count,
    is_grouping,
    is_measured,
    pair,
    regress,
    unusable,
)
from jobs.analysis.planning.made_readings import repeat as repeat
from jobs.analysis.planning.series import same_two, twins
from jobs.analysis.tables.columns import TIME_WORDS, Column
from jobs.analysis.tables.events import is_event
from jobs.analysis.tables.units import core_words, words_of

__all__ = [
    "COUNTED",
    "GROUPED",
    "LIKERT_LEVELS",
    "Reading",
    "alike",
    "compare",
    "correlate",
    "count",
    "first_explains",
    "is_grouping",
    "is_measured",
    "is_scale",
    "pair",
    "partners",
    "readings",
    "regress",
    "repeat",
    "unusable",
]

COUNTED = re.compile(
    r"\b(?:how (?:many|often)|shares?|proportions?|percent\w*|rates?(?! (?:the |their |its )?_)|"
    r"frequen\w+|common|distribut\w+|associat\w+|"
    r"independen\w+|likely|(?:more|less|most|least) often)\b"
)
# From one of two measures to the other.
CHANGED = re.compile(
    r"\b(?:chang|improv|increas|decreas|declin|drop|ris(?:e|es|ing|en)\b|rose|fall|fell|gain|differ)\w*|"
    r"\bmore\b.*\bthan\b|\bfewer\b.*\bthan\b|\bless\b.*\bthan\b|\bfrom\b.*\bto\b"
)
# Between a number and a scale: its values name groups.
GROUPED = re.compile(r"\b(?:by|across|per|between|among|amongst|each|every|differs?|from)\b")
AGAINST = re.compile(r"\b(?:vs|v|versus|or|against|than|compared)\b")
# "Which ward has the most falls": the groups come first.
WHICH_GROUP = re.compile(r"^\W*(?:which|what) (?:\w+ )?_")
LIKERT_LEVELS = 5  # from here on an ordinal outcome is compared by its size rather than counted
LEAST_STEPS = 4  # the same for whole numbers whose name says that they are steps, or were counted
# What only numbers have: more of it, a mean. "More often" counts rows.
ORDERED = re.compile(
    r"\b(?:more|less|fewer|most|least)\b(?! (?:often|likely|common|commonly|frequent|frequently|usual))|"
    r"\b(?:mean|average|averages|median|higher|lower|highest|lowest|better|worse|best|worst|numbers? of|"
    r"amount of|how (?:many|much|high|low)|(?:great|larg|small|bigg|strong|weak)(?:er|est))\b"
)


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
    sized = ORDERED.search(text) is not None
    named = all(
        is_grouping(column) and not is_scale(column) and not (sized and _is_whole(column))
        for column in (first, second)
    )
    if explains_first is None and within is not None and named:
        return (count(within, second if within is first else first),)
    cause, effect = (first, second) if explains_first else (second, first)
    numbers = [column for column in (first, second) if column.role == "number"]
    if len(numbers) == 2:
        return _two_numbers(first, second, text, between, explains_first=explains_first)
    if len(numbers) == 1:
        explains = explains_first is not None and (explains_first == (numbers[0] is first))
        other = second if numbers[0] is first else first
        return _number_and_group(numbers[0], other, text, between, number_explains=explains)
    against = set_against(text, between) or (CHANGED.search(text) and twins(first, second) is not None)
    if against and same_two((first, second)):
        return (pair(first, second), count(first, second))
    if all(map(is_scale, (first, second))) and set_against(text, between):
        return (_rate(first, second), correlate(first, second, ranks=True))
    if all(map(is_scale, (first, second))) and WHICH_GROUP.search(text) and ORDERED.search(text):
        return (compare(second, first), correlate(first, second, ranks=True))
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
    if joined and AGAINST.search(between) and alike(first, second):
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


def alike(first: Column, second: Column) -> bool:
    """Return whether the names of two numbers differ by one word: `left_ear_db` and `right_ear_db`."""
    one, other = words_of(first.name), words_of(second.name)
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) > 1 and differing == 1 and first.unit == second.unit


def _rate(first: Column, second: Column) -> Reading:
    """Return the comparison of two ratings of the same rows, where both are given in the same steps."""
    if first.levels != second.levels and (first.low, first.high) != (second.low, second.high):
        problem = (
            f"'{first.name}' and '{second.name}' are rated in different steps; which is larger says nothing"
        )
        return Reading("profile", {}, "", problem)
    because = f"'{first.name}' and '{second.name}' are ratings of the same rows: which is higher is tested"
    return Reading("wilcoxon_signed_rank", {"first": first.name, "second": second.name}, because)


def _number_and_group(
    number: Column, group: Column, text: str, between: str, *, number_explains: bool = False
) -> tuple[Reading, ...]:
    compared = compare(number, group)
    if not is_measured(group) or is_code(group):
        return (compared,)
    together = correlate(group, number, ranks=group.distinct < 10)
    if group.distinct > 2 and (CORRELATION.search(text) or (is_scale(group) and RELATED.search(text))):
        return (together, compared)
    if group.unit is not None and group.distinct > 2 and ABOUT_AMOUNTS.search(text):
        return (together, compared)  # a discount of 0, 5, 10 or 15 % is an amount
    caused = number_explains and group.distinct > 2 and group.role == "ordinal"
    if caused or (_is_unsure(group) and RELATED.search(text)):
        return (together, compared)
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
    scale = effect if ordered else next((c for c in pair if is_scale(c)), None)
    scale = scale or next((c for c in pair if _is_whole(c)), effect)
    other = pair[0] if scale is pair[1] else pair[1]
    compared = compare(scale, other)
    if not is_scale(scale) and _is_whole(scale) and not is_measured(other) and ORDERED.search(text):
        return (compared, counted)
    if not is_scale(scale):
        return (
            (counted,)
            if not _is_unsure(scale) or COUNTED.search(text)
            else (_unsure(scale, other), compared, counted)
        )
    if is_scale(other):
        return (correlate(other, scale, ranks=True), counted)
    return (counted, compared) if COUNTED.search(text) and not ordered else (compared, counted)


def is_scale(column: Column) -> bool:
    """Return whether a few whole numbers are a rating of five steps and more, and no codes of kinds.

    Four are enough where the name says that they are steps, or were counted: "nurses".
    """
    few = column.distinct < (LEAST_STEPS if is_steps(column) else LIKERT_LEVELS)
    return column.role == "ordinal" and is_measured(column) and not few and not is_code(column)


def _is_whole(column: Column) -> bool:
    """Return whether a column holds few whole numbers that may be more or less, and are no codes by name."""
    return (
        column.role == "ordinal" and column.dtype == "integer" and column.distinct > 2 and not is_code(column)
    )


def _is_unsure(column: Column) -> bool:
    """Return whether nothing tells steps of a scale from codes of groups."""
    return (
        _is_whole(column)
        and column.distinct >= LEAST_STEPS
        and not TIME_WORDS.intersection(words_of(column.name))
    )


def _unsure(scale: Column, other: Column) -> Reading:
    problem = (
        f"'{scale.name}' holds {scale.distinct} whole numbers, steps of a scale or codes of groups; ask "
        "for the "
        f"mean or median of '{scale.name}' by '{other.name}' to compare them by size, or how often each "
        "occurs"
    )
    return Reading("profile", {}, "", problem)


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
