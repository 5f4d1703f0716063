"""Read two columns of which one at least holds ordered words, low < medium < high: ranks answer then."""

import re
from dataclasses import replace

from jobs.analysis.planning.directions import first_explains, set_against
from jobs.analysis.planning.readings import (
    COUNTED,
    GROUPED,
    Reading,
    compare,
    correlate,
    count,
    is_scale,
    readings,
    unusable,
)
from jobs.analysis.tables.columns import Column, is_ordered_text

# How two scales go together, rather than which group is higher.
_TOGETHER = re.compile(
    r"\b(?:correlat|relat|associat|link|connect|tied|go(?:es)? (?:up|down|together|with|hand)|rising|"
    r"ris(?:e|es)|increas|decreas|grow|fall|drop|depend|the more|the higher|trend|steig|sink|zusammenhang)"
)


def of_two(
    first: Column, second: Column, text: str, between: str, *, within: Column | None = None
) -> tuple[Reading, ...]:
    """Return how two columns can answer a question, the likeliest first; see `readings.readings`."""
    return _of_steps(first, second, text, between) or readings(first, second, text, between, within=within)


def rank(outcome: Column, group: Column) -> Reading:
    """Return the comparison of groups by the ranks of an ordered outcome."""
    found = compare(outcome, group)
    method = "mann_whitney_u" if group.distinct == 2 else "kruskal_wallis"
    order = " < ".join(outcome.levels)
    because = f"the values of '{outcome.name}' are steps in the order {order}: their ranks are compared"
    return found if found.problem else replace(found, method=method, because=because)


def rank_together(x: Column, y: Column) -> Reading:
    """Return the rank correlation of two columns of which one at least holds ordered words."""
    orders = " and ".join(
        f"the values of '{one.name}' are steps in the order {' < '.join(one.levels)}"
        for one in (x, y)
        if is_ordered_text(one)
    )
    because = f"{orders}: how closely the ranks go together is measured"
    return replace(correlate(x, y, ranks=True), because=because)


def _of_steps(first: Column, second: Column, text: str, between: str) -> tuple[Reading, ...]:
    """Return the readings by ranks; () where no column holds ordered words, or their counts are asked for."""
    steps = any(is_ordered_text(one) and one.distinct > 2 for one in (first, second))  # two are no order
    if not steps or unusable(first) or unusable(second):
        return ()
    explains = first_explains(text, between)
    cause, effect = (first, second) if explains else (second, first)
    if explains is None and _is_step(first) != _is_step(second):  # "do remote workers feel more valued"
        cause, effect = (second, first) if _is_step(first) else (first, second)
    number = next((one for one in (first, second) if one.role == "number"), None)
    if number is not None:
        return _number(number, second if number is first else first, text, between)
    if COUNTED.search(text) and not _TOGETHER.search(text):
        return ()
    if _is_step(cause) and _is_step(effect) and set_against(text, between):
        problem = (
            f"which of '{first.name}' and '{second.name}' is higher takes a paired comparison of numbers, "
            "and their "
            "steps are words; write them as numbers"
        )
        return (Reading("profile", {}, "", problem), rank_together(first, second), count(first, second))
    if _is_step(cause) and _is_step(effect):
        return _both_steps(cause, effect, between)
    return _one_step(cause, effect)


def _is_step(column: Column) -> bool:
    return is_ordered_text(column) or is_scale(column)


def _number(number: Column, steps: Column, text: str, between: str) -> tuple[Reading, ...]:
    """Return the readings of a number and ordered words: how they go together only where that is asked."""
    ranked, compared = rank_together(steps, number), compare(number, steps)
    together = bool(_TOGETHER.search(text)) and not GROUPED.search(between)
    return (ranked, compared) if together else (compared, ranked)


def _both_steps(cause: Column, effect: Column, between: str) -> tuple[Reading, ...]:
    together = rank_together(cause, effect)
    ranked = rank(effect, cause) if is_ordered_text(effect) else compare(effect, cause)
    counted = count(cause, effect)
    return (ranked, together, counted) if GROUPED.search(between) else (together, ranked, counted)


def _one_step(cause: Column, effect: Column) -> tuple[Reading, ...]:
    """Return the comparison of ranks between groups; counts where the steps are the groups."""
    counted = count(cause, effect)
    return (rank(effect, cause), counted) if is_ordered_text(effect) else (counted, rank(cause, effect))
