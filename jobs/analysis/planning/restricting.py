"""Read which rows a question is about, and take the words that say so out of it.

What surely selects rows ("among women", "Gentoo only") is taken wherever it stands. What may as well name a
group ("in Sales") is taken only where the rest of the question is whole without it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from jobs.analysis.planning import asking
from jobs.analysis.planning.linking import Linked, Mention, link
from jobs.analysis.planning.row_choices import taken_of, unclear
from jobs.analysis.planning.row_clauses import Clause, value_clauses
from jobs.analysis.planning.row_limits import Limit, limits, years
from jobs.analysis.planning.row_words import SELECTING
from jobs.analysis.planning.vocabulary import ROW_NOUNS, is_content, is_plural
from jobs.analysis.planning.where import narrowed
from jobs.analysis.results.condition import Comparison, Condition, in_words
from jobs.analysis.results.result import Alternative, Plan, ReadAs
from jobs.analysis.tables.columns import Column


@dataclass(frozen=True)
class Rows:
    """A question without what selects rows, and the rows that it selects."""

    linked: Linked
    columns: tuple[Column, ...]  # as they are in those rows
    conditions: tuple[Condition, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    doubt: str | None = None  # why it is not sure which rows are meant

    def applied(self, found: Plan) -> Plan:
        """Return a plan for the rest of the question as one about these rows."""
        if not self.conditions:
            return found
        offered = tuple(self._of_rows(one) for one in found.alternatives)
        read_as = (*found.read_as, *self.read_as)
        if found.needs_clarification:
            return replace(found, alternatives=offered, read_as=read_as)
        because = f"{found.because} Only rows where {in_words(self.conditions)} count."
        return replace(found, where=self.conditions, because=because, alternatives=offered, read_as=read_as)

    def _of_rows(self, one: Alternative) -> Alternative:
        reading = f"{one.reading.rstrip('?')}, where {in_words(self.conditions)}?"
        return replace(one, where=self.conditions, reading=reading)


def read(linked: Linked, columns: Sequence[Column]) -> Rows:
    """Return which rows a question is about, and the rest of the question with the columns found in it."""
    found: list[Clause | Limit] = [*value_clauses(linked), *limits(linked, columns), *years(linked, columns)]
    taken = taken_of(found, linked)
    text = linked.text
    for clause in taken:
        start, end = linked.tokens[clause.first].start, linked.tokens[clause.last - 1].end
        text = text[:start] + " " * (end - start) + text[end:]
    text = re.sub(r" {2,}", " ", text).strip(" ")
    left = _without_constants(narrowed(columns, _conditions(taken)))
    rest = _without_row_names(link(text, left)) if taken else linked
    compared = _compared(rest, left)
    rest = _with_numbers(rest, compared)
    left = _without_constants(narrowed(left, compared))
    conditions = _merged([*_conditions(taken), *compared])
    rest = _narrowed_mentions(rest, left)
    read_as = tuple(_read_as(clause, linked) for clause in taken)
    doubt = _doubt(taken, conditions, columns) or _unread(rest) or unclear(rest, taken)
    return Rows(rest, left, conditions, read_as, doubt)


def _without_row_names(linked: Linked) -> Linked:
    """Drop what names the rows that were chosen, as in "days with ozone above 100" beside a column `Day`."""
    kept = tuple(
        m
        for m in linked.mentions
        if m.best.how == "exact name" or m.words.lower() not in ROW_NOUNS or not is_plural(m.words.lower())
    )
    return replace(linked, mentions=kept)


def _with_numbers(linked: Linked, compared: Sequence[Condition]) -> Linked:
    """Return the question with numbers that are compared as a part of their column: "4 or 6 cylinders"."""
    named = {condition.column for condition in compared}
    spans = [
        limit
        for limit in limits(linked)
        if limit.column.name in named and limit.conditions[0].comparison == "is"
    ]

    def wide(mention: Mention) -> Mention:
        own = next((one for one in spans if one.first <= mention.first < one.last), None)
        return mention if own is None else replace(mention, first=own.first, last=own.last)

    return replace(linked, mentions=tuple(map(wide, linked.mentions)))


def _narrowed_mentions(linked: Linked, columns: Sequence[Column]) -> Linked:
    """Return the question with the columns of its mentions as they are in the selected rows."""
    by_name = {column.name: column for column in columns}
    mentions = tuple(
        replace(m, matches=tuple(replace(one, column=by_name[one.column.name]) for one in m.matches))
        for m in linked.mentions
    )
    return replace(linked, mentions=mentions)


def _unread(linked: Linked) -> str | None:
    """Return what to say when words that select rows lead to no value: "among lecturers"."""
    for mention in linked.mentions:
        before = linked.tokens[mention.first - 1].word if mention.first else ""
        after = linked.tokens[mention.last].word if mention.last < len(linked.tokens) else ""
        of_number = mention.best.value is None and mention.best.column.role == "number"
        if of_number and before in ("for", "among", "of", "only") and after in ROW_NOUNS and is_plural(after):
            return f"It is not sure which rows '{mention.words} {after}' are."
    for index, token in enumerate(linked.tokens[:-1]):
        if token.word not in SELECTING or linked.covered(index):
            continue
        for place in range(index + 1, min(index + 4, len(linked.tokens))):
            word = linked.tokens[place].word
            if linked.covered(place) or word in asking.SPLITTERS:
                break
            if is_content(word) and word not in ROW_NOUNS and is_plural(word):
                return f"It is not sure which rows are meant: no column has the value '{word}'."
    return None


def _compared(linked: Linked, columns: Sequence[Column]) -> list[Condition]:
    """Return the conditions for groups of which several, not all, are compared: "Gentoo vs Adelie"."""
    if asking.REMAINING.search(linked.without_names()):
        return []
    names = {m.best.column.name for m in linked.mentions}
    kept = []
    found: list[Clause | Limit] = [*value_clauses(linked), *limits(linked)]
    for column in {one.column.name: one.column for one in found}.values():
        values = [value for one in found if one.column.name == column.name for value in _levels(one)]
        named = tuple(level for level in column.levels if level in values)
        alone = sum(column.role in ("number", "ordinal") for column in columns) == 1
        if 2 <= len(named) < len(column.levels) and (len(names) > 1 or alone):
            kept.append(Condition(column.name, "is", typed(column, named)))
    return kept


def _levels(one: Clause | Limit) -> tuple[str, ...]:
    if isinstance(one, Clause):
        return one.values
    return tuple(
        f"{value:g}" for c in one.conditions if c.comparison == "is" for value in map(float, c.values)
    )


def _conditions(taken: Sequence[Clause | Limit]) -> list[Condition]:
    found: dict[Condition, None] = {}
    for one in taken:
        if isinstance(one, Limit):
            found.update(dict.fromkeys(one.conditions))
        else:
            comparison: Comparison = "is" if one.kind == "keep" else "is_not"
            found[Condition(one.column.name, comparison, typed(one.column, one.values))] = None
    return list(found)


def _merged(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Return the conditions without values that another one leaves out already."""
    dropped = {(c.column, value) for c in conditions if c.comparison == "is_not" for value in c.values}
    kept = {c.column for c in conditions if c.comparison == "is"}
    merged = [
        replace(c, values=tuple(value for value in c.values if (c.column, value) not in dropped))
        if c.comparison == "is"
        else c
        for c in conditions
        if c.comparison != "is_not" or c.column not in kept
    ]
    return tuple(dict.fromkeys(merged))


def typed(column: Column, values: Sequence[str]) -> tuple[str | float, ...]:
    """Return values as a condition has them."""
    if column.dtype in ("integer", "number"):
        return tuple(float(value) for value in values)
    if column.dtype == "boolean":
        return tuple(str(value.lower() == "true") for value in values)
    return tuple(values)


def _without_constants(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return columns with those that have one value left as constants."""
    return tuple(
        replace(column, role="constant", levels=()) if column.distinct == 1 and column.levels else column
        for column in columns
    )


def _read_as(clause: Clause | Limit, linked: Linked) -> ReadAs:
    start, end = linked.tokens[clause.first].start, linked.tokens[clause.last - 1].end
    how = f"which rows: {in_words(_conditions([clause]))}"
    value = clause.values[0] if isinstance(clause, Clause) and len(clause.values) == 1 else None
    return ReadAs(linked.text[start:end], clause.column.name, how, value)


def _contradiction(conditions: Sequence[Condition]) -> str | None:
    """Return what to say where no value lies within all limits on a column: "under 30 ... over 50"."""
    for column in dict.fromkeys(one.column for one in conditions):
        own = [one for one in conditions if one.column == column]
        lows = [one for one in own if one.comparison in ("at_least", "more_than")]
        highs = [one for one in own if one.comparison in ("at_most", "less_than")]
        for low, high in product(lows, highs):
            least, most = low.values[0], high.values[0]
            open_end = "more_than" in low.comparison or "less_than" in high.comparison
            if _above(least, most, or_equal=open_end):
                return (
                    f"No row is both: {in_words([high])}, and {in_words([low])}. If these are two groups to "
                    "compare, make a column that tells them apart and ask for the difference by it."
                )
    return None


def _above(least: str | float, most: str | float, *, or_equal: bool) -> bool:
    """Return whether a lower limit lies above an upper one; dates are text that sorts as they do."""
    if isinstance(least, str) or isinstance(most, str):
        return str(least) > str(most) or (or_equal and str(least) == str(most))
    return least > most or (or_equal and least == most)


def _doubt(
    taken: Sequence[Clause | Limit], conditions: Sequence[Condition], columns: Sequence[Column]
) -> str | None:
    stray = [word for one in taken if isinstance(one, Clause) for word in one.stray]
    if stray:
        listed = ", ".join(f"'{word}'" for word in stray)
        return f"It is not sure which rows are meant: no column was found for {listed}."
    doubts = [one.doubt for one in taken if isinstance(one, Limit) and one.doubt]
    if doubts:
        return doubts[0]
    if contradiction := _contradiction(conditions):
        return contradiction
    for column in narrowed(columns, conditions):
        if (
            column.distinct == 0
            and column.levels == ()
            and any(c.name == column.name and c.levels for c in columns)
        ):
            return f"No row is left where {in_words(conditions)}."
    return None
