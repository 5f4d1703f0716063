"""Read a question in plain words against the columns of a table, and say how it was read.

Pure and deterministic. When the words leave a doubt the plan describes the table, asks back
(`needs_clarification`) and offers the readings that are possible: no answer is better than one to another
question.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.catalogue import INTENTS, METHOD_ROLES
from jobs.analysis.planning import (
    accounting,
    against,
    asking,
    clarify,
    design_readings,
    doubts,
    foreign,
    moderation,
    named_readings,
    one_level,
    predicting,
    relating,
    restricting,
    selection,
    settled_mentions,
    several,
    shares,
    timely,
    unmet,
    unread,
)
from jobs.analysis.planning.explicit import explicit_plan
from jobs.analysis.planning.linking import Linked, link
from jobs.analysis.planning.method_names import Named, wording
from jobs.analysis.planning.ordered_readings import of_two
from jobs.analysis.planning.readings import Reading, compare, is_grouping, partners, readings
from jobs.analysis.planning.settling import LEAST_CONFIDENCE
from jobs.analysis.planning.spelling import spelled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import is_event

__all__ = ["METHOD_ROLES", "explicit_plan", "plan"]

WITHIN = re.compile(r"(?<!independent )\b(for|in|of|among|amongst|within|at)( the| all| all the)?\W*$")


def plan(question: str | None, columns: Sequence[Column]) -> Plan:
    """Return what to compute for `question`; without one, the description of the table."""
    if question is None or not question.strip():
        return Plan("describe", "profile", {}, 1.0, "Nothing was asked, so every column is described.")
    if (tongue := foreign.language(question, columns)) is not None:
        return clarify.ask(link("", columns), foreign.unread(tongue), (), 0.1)
    asked = wording(spelled(question, columns))
    whole = link(asked.text, columns)
    if asked.named is None and (found := _moderated(whole, columns)) is not None:
        return found
    rows = restricting.read(whole, columns)
    found = _planned(rows.linked, rows.columns, asked.named)
    rows, found = shares.of_values(settled_mentions.without_verbs(whole), rows, found, columns)
    if rows.doubt is None and (other := against.compared(asked.text, rows, found, columns)) is not None:
        return other
    told = one_level.described(whole, rows, found, columns) if rows.doubt is None else None
    if told is not None:
        rows, found = told.rows, told.plan
    if rows.doubt is None and not found.needs_clarification:
        why = unmet.unmet(asked.text, rows.linked, found, rows.conditions, columns)
        found = found if why is None else clarify.rather_ask(found, why)
        found = accounting.held_to(
            one_level.without_rows(settled_mentions.without_verbs(whole), told),
            found,
            rows.conditions,
            columns,
        )
    elif rows.doubt is not None and not found.needs_clarification:
        found = clarify.rather_ask(found, rows.doubt)
    elif rows.doubt is not None:
        found = replace(found, because=rows.doubt)
    return one_level.beside(rows.applied(found), told)


def _moderated(whole: Linked, columns: Sequence[Column]) -> Plan | None:
    """Return the plan for a question whether an effect differs, in which no value selects rows."""
    linked = settled_mentions.without_rows(
        settled_mentions.without_faint(
            settled_mentions.with_sequences(settled_mentions.without_verbs(several.settled(whole)))
        )
    )
    found = moderation.read(linked, settled_mentions.named_columns(linked), columns)
    if found is None or found.needs_clarification:
        return found
    why = unmet.unmet(whole.text, linked, found, (), columns)
    return found if why is None else clarify.rather_ask(found, why)


def _planned(raw: Linked, columns: Sequence[Column], named: Named | None) -> Plan:
    """Return the plan for a question without what says which rows it is about."""
    raw = settled_mentions.without_verbs(several.settled(raw))
    linked = settled_mentions.without_rows(
        settled_mentions.without_faint(settled_mentions.with_sequences(raw))
    )
    names = settled_mentions.named_columns(linked)
    if named is not None and (found := named_readings.read(named, linked, names, columns)) is not None:
        return found
    many = (
        design_readings.read(raw, linked, names, columns)
        or relating.read(linked, names, columns)
        or timely.read(linked, names, columns)
    )
    if many is not None:
        return many
    kind = asking.unavailable(linked)
    if kind is not None:
        return clarify.unavailable(kind, linked, names, columns)
    doubtful = next((mention for mention in linked.mentions if mention.ambiguous), None)
    if doubtful is not None:
        return clarify.ambiguous(doubtful, linked)
    if (model := predicting.read(linked, names, columns)) is not None:
        return model
    if len(names) in (1, 2) and (why := selection.selected_rows(linked)) is not None:
        return clarify.all_rows(why, linked, names, columns)
    if len(names) == 2:
        return _pair(names[0], names[1], linked, columns)
    if len(names) == 1:
        return _single(names[0], linked, columns)
    if not names:
        return _none(linked, columns)
    return clarify.many(names, linked)


def _pair(first: Column, second: Column, linked: Linked, columns: Sequence[Column]) -> Plan:
    text = linked.without_names()
    if (only := doubts.restricted_to(linked)) is not None:
        return clarify.ask(linked, only, clarify.alternatives(readings(first, second, text, "")), 0.4)
    between = linked.between(first, second)
    within = _within(first, second, linked)
    found = of_two(first, second, text, between, within=within)
    best = found[0]
    if within is not None and "row" in best.columns and asking.MATTERS.search(text) and within.distinct > 2:
        unsaid = (
            f"Whether it matters for what is not said: only '{first.name}' and '{second.name}' are named."
        )
        return clarify.ask(linked, unsaid, clarify.alternatives(found), 0.4)
    if best.problem is not None:
        others = clarify.alternatives((*found[1:], *clarify.instead(first, second, columns)))
        return clarify.ask(linked, clarify.sentence(best.problem), others, 0.3)
    if (why := selection.other_statistic(linked, best, between)) is not None:
        return clarify.ask(linked, why, clarify.alternatives(found), 0.4)
    confidence, doubt = doubts.confidence_in(linked)
    if confidence < LEAST_CONFIDENCE:
        return clarify.ask(linked, doubt, clarify.alternatives(found), confidence)
    others = tuple(r.as_alternative(confidence * 0.6) for r in found[1:] if r.problem is None)
    return Plan(
        INTENTS[best.method],
        best.method,
        best.columns,
        round(confidence, 2),
        clarify.sentence(best.because),
        clarify.read_as(linked),
        others,
        notes=_notes(best, linked, text, doubt),
    )


def _notes(best: Reading, linked: Linked, text: str, doubt: str) -> tuple[str, ...]:
    """Say what the method does not do that the words may have promised."""
    said = []
    if best.method == "linear_regression":
        said.append("The slope tells how the two go together, not what causes what.")
    elif asking.REGRESSION.search(text):
        said.append("The two are compared; no prediction is made.")
    elif best.method in ("pearson_correlation", "spearman_correlation") and asking.CAUSE.search(text):
        said.append("This measures how closely they go together, not what causes what.")
    if "outcome" in best.columns and selection.MEDIAN.search(text):
        said.append("The medians are listed; the test compares means, or ranks where those suit better.")
    levels = [m.best for m in linked.mentions if m.best.value is not None]
    group = best.columns.get("group")
    named = {match.value for match in levels if match.column.name == group}
    if (
        group
        and named
        and next(m.column.distinct for m in levels if m.column.name == group) > max(2, len(named))
    ):
        listed = " and ".join(f"'{value}'" for value in sorted(value for value in named if value))
        said.append(f"All groups of '{group}' are compared, {listed} among them.")
    return (*said, *([doubt] if doubt else []))


def _within(first: Column, second: Column, linked: Linked) -> Column | None:
    """Return the column within whose values shares are asked for, told by its place or by a value.

    "Survival of the crew" and "did the crew survive" both ask for a share of the crew.
    """
    if WITHIN.search(linked.between(first, second)):
        return second
    by_value = [
        column
        for column in (first, second)
        if all(m.best.value is not None for m in linked.mentions if m.best.column.name == column.name)
    ]
    if len(by_value) != 1:
        return None
    named, other = by_value[0], second if by_value[0] is first else first
    # "Which treatment has more success": a value of what happened is no group.
    return None if is_event(named.levels) and not is_event(other.levels) else named


def _only_number(group: Column, linked: Linked, columns: Sequence[Column]) -> Plan | None:
    """Return the comparison of groups in the table's only number, when the question names groups alone."""
    values = {mention.best.value for mention in linked.mentions if mention.best.value is not None}
    numbers = [column for column in columns if column.role in ("number", "ordinal")]
    if len(values) < 2 or len(numbers) != 1 or not is_grouping(group) or unread.has_other_content(linked):
        return None
    best = compare(numbers[0], group)
    notes = _notes(best, linked, linked.without_names(), "")
    return Plan(
        INTENTS[best.method],
        best.method,
        best.columns,
        0.6,
        clarify.sentence(best.because),
        clarify.read_as(linked),
        notes=(f"No number is named; '{numbers[0].name}' is the only one in the table.", *notes),
    )


def _single(column: Column, linked: Linked, columns: Sequence[Column]) -> Plan:
    if (only := _only_number(column, linked, columns)) is not None:
        return only
    text = linked.without_names()
    others = clarify.alternatives(partners(column, columns))
    if why := doubts.why_not_described(column, linked, text):
        return clarify.ask(linked, why, others, 0.38, outcome=column)
    confidence = round(max(m.best.strength for m in linked.mentions) * 0.95, 2)
    if confidence < LEAST_CONFIDENCE:
        return clarify.ask(
            linked, f"It is not sure that '{column.name}' is meant.", others, confidence, outcome=column
        )
    because = f"Only '{column.name}' is named, so its values are described."
    return Plan(
        "describe",
        "profile",
        {"outcome": column.name},
        confidence,
        because,
        clarify.read_as(linked),
        others[:3],
    )


def _none(linked: Linked, columns: Sequence[Column]) -> Plan:
    text = linked.without_names()
    lost = unread.unresolved(linked)
    if (asking.OVERVIEW.search(text) or asking.MISSING.search(text)) and not lost:
        because = "The question is about the table as a whole, so every column is described."
        return Plan("describe", "profile", {}, 0.9, because)
    words = ", ".join(f"'{phrase.words}'" for phrase in lost)
    found = (
        f"No column was found for {words}." if words else "No column of the table was found in the question."
    )
    listed = ", ".join(column.name for column in columns[:12]) + (", ..." if len(columns) > 12 else "")
    return clarify.ask(linked, f"{found} The columns are: {listed}.", (), 0.1)
