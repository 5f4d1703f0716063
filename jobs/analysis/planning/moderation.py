"""Read questions whether an effect differs, or holds, by another column: "does it help more at low doses".

They are read before any value in them is taken to select rows: in "is the pay gap bigger in discipline B"
both disciplines are compared. Two groupings and a number are answered by the interaction in an analysis of
variance by two factors; for all else it is asked back, with what comes nearest.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning import clarify
from jobs.analysis.planning.adjusted_readings import in_strata
from jobs.analysis.planning.interplay import MOST_OFFERED
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.operators import COMPARES, EACH, EFFECT_VERB, MODERATED, MOVES, OTHERS, RELATES
from jobs.analysis.planning.readings import Reading, compare, is_grouping, is_measured, is_scale, unusable
from jobs.analysis.planning.restricting import typed
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.condition import Condition, in_words
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import is_event, says_yes

OUTCOMES_OFFERED = 3
_FILLERS = (
    r"(?:\W+(?:the|a|an|those|people|all|our|other|each|every|both|any|either|older|more|of|single|one|ones|"
    r"who|that|are|is|\w{3,}s|people|women|men|children|\w+ of))*\W*$"
)
AFTER_PLACE = re.compile(
    r"\b(?P<place>in|for|with|at|on|among|amongst|under|when|if|than|during|across|by|between|over|within)"
    + _FILLERS
)


def read(linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the plan for such a question, often one that asks back; None for any other question.

    Parameters
    ----------
    linked : Linked
        The whole question, with what may select rows.
    names : sequence of Column
        The different columns of `linked`.
    columns : sequence of Column
        All columns of the table.
    """
    text = linked.without_names()
    over = _moderator(linked, text)
    if over is None or any(mention.ambiguous for mention in linked.mentions):
        return None
    rest = [column for column in names if column.name != over.name]
    if not rest or any(unusable(column) for column in (*rest, over)):
        return None
    return _read(rest, over, linked, columns)


def _moderator(linked: Linked, text: str) -> Column | None:
    """Return the column by whose values an effect is to differ, or in each of which it is to hold."""
    each = EACH.search(text)
    whole = linked.text.lower()  # "are males heavier": the column is named by the comparison
    told_apart = COMPARES.search(whole) or EFFECT_VERB.search(text) or RELATES.search(text)
    if each is not None and told_apart and not each.group().startswith("within"):
        return next((m.best.column for m in linked.mentions if _start(m, linked) == each.end()), None)
    moderated = MODERATED.search(text)
    if moderated is None:
        return None
    if (against := _set_against(linked, text)) is not None:
        return against
    later = [m for m in linked.mentions if _start(m, linked) > moderated.start()]
    placed = [m for m in later if _is_placed(m, linked, text)]
    elsewhere = [m for m in placed if not text[: _start(m, linked)].rstrip().endswith(" on")]
    placed = elsewhere or placed  # "the same for men and women on infection": that is what it acts on
    return placed[-1].best.column if placed else None


def _is_placed(mention: Mention, linked: Linked, text: str) -> bool:
    """Return whether words before a mention say where an effect is; "in maths" names what is measured."""
    found = AFTER_PLACE.search(text[: _start(mention, linked)])
    measured = not is_grouping(mention.best.column)
    return found is not None and not (measured and found["place"] in ("in", "on", "for", "than"))


def _set_against(linked: Linked, text: str) -> Column | None:
    """Return the column of which two values are set against each other: "boys more than girls"."""
    values = [m for m in linked.mentions if m.best.value is not None]
    for one, other in pairwise(values):
        between = text[linked.tokens[one.last - 1].end : _start(other, linked)]
        if one.best.column.name == other.best.column.name and re.search(r"\bthan\b", between):
            return one.best.column
    return None


def _start(mention: Mention, linked: Linked) -> int:
    return linked.tokens[mention.first].start


def _read(rest: Sequence[Column], over: Column, linked: Linked, columns: Sequence[Column]) -> Plan | None:
    text = linked.without_names()
    if _has_values(over, linked) and OTHERS.search(text):
        return _unclear(rest, over, linked)
    numbers = [
        column for column in rest if (is_measured(column) and column.role == "number") or is_scale(column)
    ]
    groups = [column for column in rest if column not in numbers and is_grouping(column)]
    if (
        re.search(r"\bboth (?=_)", linked.without_names())
        and over.distinct != 2
        and not _has_values(over, linked)
    ):
        why = (
            f"By 'both' the question speaks of two values, and '{over.name}' has {over.distinct}; name them."
        )
        return clarify.ask(linked, why, (), 0.4)
    if not is_grouping(over):
        return _over_number(numbers, groups, over, linked)
    if len(numbers) == 1 and len(groups) == 1:
        if _is_effect(groups[0], numbers[0], linked):
            return _of_event(groups[0], numbers[0], over, linked)
        return _tested(two_way(numbers[0], groups[0], over), (groups[0], over), linked)
    if len(groups) == 1 and not numbers:
        return _of_unsaid(groups[0], over, linked, columns)
    if len(groups) == 2 and not numbers:
        return _tested(in_strata(groups[0], groups[1], over, differing=True), (*groups, over), linked)
    if len(numbers) == 2 and not groups:
        return _of_slopes(numbers, over, linked)
    if len(numbers) == 1 and not groups:
        return _of_one_number(numbers[0], over, linked, columns, moves=MOVES.search(text) is not None)
    return _unclear(rest, over, linked)


def _has_values(column: Column, linked: Linked) -> bool:
    return any(m.best.value for m in linked.mentions if m.best.column.name == column.name)


def two_way(outcome: Column, cause: Column, over: Column) -> Reading:
    """Return the test of whether the difference of a number by one grouping depends on another one."""
    many = next((one for one in (cause, over) if one.distinct > MOST_GROUPS), None)
    if many is not None:
        problem = f"column '{many.name}' has {many.distinct} groups, too many for a factor"
        return Reading("profile", {}, "", problem)
    because = f"whether how '{outcome.name}' differs by '{cause.name}' depends on '{over.name}' is tested"
    given = {"outcome": outcome.name, "factor_1": cause.name, "factor_2": over.name}
    return Reading("two_way_anova", given, because, params={"focus": "interaction"})


def _tested(
    reading: Reading, factors: Sequence[Column], linked: Linked, *, notes: Sequence[str] = ()
) -> Plan:
    """Return the test of an interaction, among the levels that are named where several are."""
    said, conditions = list(notes), []
    for factor in factors:
        own = {m.best.value for m in linked.mentions if m.best.column.name == factor.name and m.best.value}
        named = tuple(level for level in factor.levels if level in own)
        if len(named) == 1 and factor.distinct > 2:
            said.append(f"All groups of '{factor.name}' are compared, '{named[0]}' among them.")
        if 1 < len(named) < factor.distinct:
            conditions.append(Condition(factor.name, "is", typed(factor, named)))
    if EACH.search(linked.without_names()) and reading.method == "two_way_anova":
        said.append(
            f"It is tested whether the difference depends on '{factors[-1].name}'; how large it is at each "
            f"of its "
            "values is told by the means, without a test of its own."
        )
    found = settled(reading, linked, notes=said)
    if not conditions or found.needs_clarification:
        return found
    because = f"{found.because} Only rows where {in_words(conditions)} count."
    return replace(found, where=tuple(conditions), because=because)


def _is_effect(group: Column, number: Column, linked: Linked) -> bool:
    """Return whether a yes or no is what a number acts on: "the effect of the fee on churn"."""
    if group.distinct != 2 or not (
        says_yes(group.levels) or is_event(group.levels) or group.dtype == "boolean"
    ):
        return False
    text = linked.without_names()
    if linked.mention_of(group).first < linked.mention_of(number).first:
        return False
    between = linked.between(number, group)
    if re.search(r"\bmatter\w*\b[^,;?]*\bfor\b|\bhelp\w*\b", between):
        return True
    return re.search(r"\b(?:with|by|between|for|among|under|from|in|at)\b", between) is None and (
        EFFECT_VERB.search(between) is not None or " on " in f"{between} " or "effect" in text
    )


def _of_event(event: Column, number: Column, over: Column, linked: Linked) -> Plan:
    given = {"outcome": event.name, "predictor_1": number.name, "predictor_2": over.name}
    why = (
        f"The question asks whether the effect of '{number.name}' on '{event.name}' differs between values "
        f"of "
        f"'{over.name}', which no method here tests; what is offered takes the effect as the same for all of "
        f"them."
    )
    return clarify.ask(linked, why, clarify.alternatives((Reading("logistic_regression", given, ""),)), 0.4)


def _of_slopes(numbers: Sequence[Column], over: Column, linked: Linked) -> Plan:
    """Ask back about the relation of two numbers; the analysis of covariance looks at the slopes on its "
    "way."""
    first, second = numbers
    readings = [_adjusted(second, over, first), _adjusted(first, over, second)]
    why = (
        f"The question asks whether how '{first.name}' and '{second.name}' go together differs between "
        f"values of "
        f"'{over.name}'. The analysis of covariance that is offered compares the groups, and tells beside it "
        f"by an F "
        "test of slopes whether they differ."
    )
    return clarify.ask(linked, why, clarify.alternatives(readings), 0.4)


def _adjusted(outcome: Column, group: Column, covariate: Column) -> Reading:
    given = {"outcome": outcome.name, "group": group.name, "covariate_1": covariate.name}
    problem = None if group.distinct <= MOST_GROUPS else f"column '{group.name}' has too many groups"
    return Reading("ancova", given, "", problem)


def _of_unsaid(cause: Column, over: Column, linked: Linked, columns: Sequence[Column]) -> Plan:
    """Take the table's only number where it is not said on what the effect is, or ask back."""
    others = [c for c in columns if c.name not in (cause.name, over.name) and unusable(c) is None]
    numbers = [column for column in others if is_measured(column) and column.role == "number"]
    events = [c for c in others if c.distinct == 2 and (says_yes(c.levels) or c.dtype == "boolean")]
    found = [two_way(outcome, cause, over) for outcome in numbers[:OUTCOMES_OFFERED]]
    if len(numbers) == 1 and not events:
        note = f"No number is named; '{numbers[0].name}' is the only one in the table."
        return _tested(found[0], (cause, over), linked, notes=[note])
    offered = clarify.alternatives(
        (*found, *(in_strata(cause, c, over, differing=True) for c in events))[:MOST_OFFERED]
    )
    why = (
        f"The question asks whether an effect of '{cause.name}' depends on '{over.name}', and not on what; "
        f"name "
        "the column that it may have an effect on."
    )
    return clarify.ask(linked, why, offered, 0.4)


def _over_number(
    numbers: Sequence[Column], groups: Sequence[Column], over: Column, linked: Linked
) -> Plan | None:
    """Ask back whether a difference goes with a number: "does the pay gap shrink with seniority"."""
    if not is_measured(over) or len(numbers) != 1 or len(groups) != 1:
        return None if len(numbers) + len(groups) < 2 else _unclear((*numbers, *groups), over, linked)
    why = (
        f"The question asks whether the difference of '{numbers[0].name}' by '{groups[0].name}' changes with "
        f"'{over.name}'. The analysis of covariance that is offered compares the groups at the same "
        f"'{over.name}', and tells beside it by an F test of slopes whether the difference changes."
    )
    return clarify.ask(linked, why, clarify.alternatives((_adjusted(numbers[0], groups[0], over),)), 0.4)


def _of_one_number(
    number: Column, over: Column, linked: Linked, columns: Sequence[Column], *, moves: bool
) -> Plan | None:
    if moves:
        why = (
            f"The question asks whether how '{number.name}' rises or falls differs between the groups of "
            f"'{over.name}', and not with which column; over time within the same subjects that takes a "
            "comparison within and between them at once, which is not among the methods."
        )
        return clarify.ask(linked, why, clarify.alternatives((compare(number, over),)), 0.35)
    others = [c for c in columns if c.name not in (number.name, over.name) and unusable(c) is None]
    outcomes = [column for column in others if is_measured(column) and column.role == "number"]
    found = [_adjusted(outcome, over, number) for outcome in outcomes[:OUTCOMES_OFFERED]]
    why = (
        f"The question asks whether '{number.name}' has an effect that depends on '{over.name}', and not on "
        f"what; name "
        "the column that it may have an effect on."
    )
    return clarify.ask(linked, why, clarify.alternatives(found), 0.35)


def _unclear(rest: Sequence[Column], over: Column, linked: Linked) -> Plan:
    listed = ", ".join(f"'{column.name}'" for column in rest)
    why = (
        f"The question asks whether an effect differs between values of '{over.name}', and it is not sure "
        f"which "
        f"part {listed} {'play' if len(rest) > 1 else 'plays'} in it; name one number and two groupings."
    )
    groups = [column for column in rest if is_grouping(column)]
    found = [two_way(n, g, over) for n in rest if n.role == "number" and is_measured(n) for g in groups]
    return clarify.ask(linked, why, clarify.alternatives(found), 0.35)
