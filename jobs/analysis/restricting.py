"""Read which rows a question is about, and take the words that say so out of it.

What surely selects rows ("among women", "Gentoo only") is taken wherever it stands. What may as well name a
group ("in Sales") is taken only where the rest of the question is whole without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.analysis import asking, holding
from jobs.analysis.columns import Column
from jobs.analysis.linking import Linked, link
from jobs.analysis.readings import is_grouping, is_measured, unusable
from jobs.analysis.result import Alternative, Plan, ReadAs
from jobs.analysis.row_clauses import Clause, value_clauses
from jobs.analysis.row_limits import Limit, limits, years
from jobs.analysis.row_words import COMPARES, DESCRIBES, SELECTING
from jobs.analysis.vocabulary import ROW_NOUNS, is_content, is_plural
from jobs.analysis.where import Comparison, Condition, in_words, narrowed


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
        if found.method == "profile" and not found.columns:
            why = (
                f"A description of the rows where {in_words(self.conditions)} is made of one column of "
                "numbers; name it."
            )
            return replace(
                found,
                needs_clarification=True,
                because=why,
                confidence=0.4,
                alternatives=offered,
                read_as=read_as,
            )
        because = f"{found.because} Only rows where {in_words(self.conditions)} count."
        return replace(found, where=self.conditions, because=because, alternatives=offered, read_as=read_as)

    def _of_rows(self, one: Alternative) -> Alternative:
        reading = f"{one.reading.rstrip('?')}, where {in_words(self.conditions)}?"
        return replace(one, where=self.conditions, reading=reading)


def read(linked: Linked, columns: Sequence[Column]) -> Rows:
    """Return which rows a question is about, and the rest of the question with the columns found in it."""
    found: list[Clause | Limit] = [*value_clauses(linked), *limits(linked, columns), *years(linked, columns)]
    taken = _taken(found, linked)
    text = linked.text
    for clause in taken:
        start, end = linked.tokens[clause.first].start, linked.tokens[clause.last - 1].end
        text = text[:start] + " " * (end - start) + text[end:]
    left = _without_constants(narrowed(columns, _conditions(taken)))
    rest = _without_row_names(link(text, left)) if taken else linked
    compared = _compared(rest, left)
    left = _without_constants(narrowed(left, compared))
    conditions = _merged([*_conditions(taken), *compared])
    rest = _narrowed_mentions(rest, left)
    read_as = tuple(_read_as(clause, linked) for clause in taken)
    doubt = _doubt(taken, conditions, columns) or _unread(rest)
    return Rows(rest, left, conditions, read_as, doubt)


def _without_row_names(linked: Linked) -> Linked:
    """Drop what names the rows that were chosen, as in "days with ozone above 100" beside a column `Day`."""
    kept = tuple(
        m
        for m in linked.mentions
        if m.best.how == "exact name" or m.words.lower() not in ROW_NOUNS or not is_plural(m.words.lower())
    )
    return replace(linked, mentions=kept)


def _narrowed_mentions(linked: Linked, columns: Sequence[Column]) -> Linked:
    """Return the question with the columns of its mentions as they are in the selected rows."""
    by_name = {column.name: column for column in columns}
    mentions = tuple(
        replace(m, matches=tuple(replace(one, column=by_name[one.column.name]) for one in m.matches))
        for m in linked.mentions
    )
    return replace(linked, mentions=mentions)


def _taken(found: Sequence[Clause | Limit], linked: Linked) -> list[Clause | Limit]:
    """Return the clauses that select rows: the sure ones, and others that leave a whole question."""
    taken: list[Clause | Limit] = [one for one in found if one.strong and not _all_levels(one, found)]
    held = holding.held(linked)
    held_names = set(held.names) if held is not None else set()
    marked = [one for one in found if one.marked and not one.strong]
    for one in (*reversed(marked), *(one for one in found if not one.marked)):
        if _overlaps(one, taken) or one.column.name in held_names or _all_levels(one, found):
            continue
        others = _others(one, taken, held_names, linked)
        if _is_whole(one, others, linked):
            taken.append(one)
    return sorted(taken, key=lambda one: one.first)


def _overlaps(one: Clause | Limit, taken: Sequence[Clause | Limit]) -> bool:
    return any(one.first < other.last and other.first < one.last for other in taken)


def _all_levels(one: Clause | Limit, found: Sequence[Clause | Limit]) -> bool:
    """Return whether values of the clause's column are compared with each other."""
    if isinstance(one, Limit):
        return False
    named = {v for c in found if isinstance(c, Clause) and c.column.name == one.column.name for v in c.values}
    mine = [
        c for c in found if isinstance(c, Clause) and c.column.name == one.column.name and c.kind == one.kind
    ]
    if set(one.values) == set(one.column.levels):
        return True
    same = [c for c in mine if c.strong == one.strong]
    return len(named) > len(one.values) and len(same) > 1


def _others(
    one: Clause | Limit, taken: Sequence[Clause | Limit], held: set[str], linked: Linked
) -> list[Column]:
    """Return the columns that the rest of the question names."""
    gone = [*taken, one]
    rest = [
        m.best.column
        for m in linked.mentions
        if not any(clause.first <= m.first < clause.last for clause in gone)
        and m.best.column.name not in held
    ]
    usable = {column.name: column for column in rest if unusable(column) is None or column.role == "date"}
    usable.pop(one.column.name, None)
    return list(usable.values())


def _is_whole(one: Clause | Limit, others: Sequence[Column], linked: Linked) -> bool:
    """Return whether a question can do without the clause: the other columns are enough for an answer."""
    text = linked.without_names()
    again = any(
        m.best.column.name == one.column.name and not one.first <= m.first < one.last for m in linked.mentions
    )
    if again or _beside_another(one, linked):
        return False
    numbers = [column for column in others if is_measured(column) and column.role in ("number", "ordinal")]
    groups = [column for column in others if is_grouping(column) and column not in numbers]
    if len(others) >= 2:
        if not one.marked:
            return _is_compared(groups, linked)
        return bool(groups) or not holding.asks(linked)
    if isinstance(one, Clause) and len(one.values) > 1:
        return False  # "pay of IT and HR": they are compared
    if one.column.role == "date":
        return len(numbers) == 1 and bool(asking.TIMELY.search(text))
    if len(numbers) != 1 or not one.marked:
        return len(numbers) == 1 and bool(asking.TIMELY.search(text)) and not COMPARES.search(text)
    return bool(DESCRIBES.search(text)) or not COMPARES.search(text)


def _beside_another(one: Clause | Limit, linked: Linked) -> bool:
    """Return whether a value of another column stands beside, as in "men vs children"."""
    values = [
        m for m in linked.mentions if m.best.value is not None and m.best.column.name != one.column.name
    ]
    gaps = [(one.last, m.first) for m in values] + [(m.last, one.first) for m in values]
    between = [[token.word for token in linked.tokens[start:end]] for start, end in gaps if start <= end]
    joins = {"vs", "versus", "and", "or", "than", "against"}
    return any(len(words) == 1 and words[0] in joins for words in between)


def _is_compared(groups: Sequence[Column], linked: Linked) -> bool:
    """Return whether two values of one of the columns are named."""
    for group in groups:
        own = {m.best.value for m in linked.mentions if m.best.column.name == group.name}
        if len(own) > 1:
            return True
    return False


def _unread(linked: Linked) -> str | None:
    """Return what to say when words that select rows lead to no value: "among lecturers"."""
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
            kept.append(Condition(column.name, "is", _typed(column, named)))
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
            found[Condition(one.column.name, comparison, _typed(one.column, one.values))] = None
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


def _typed(column: Column, values: Sequence[str]) -> tuple[str | float, ...]:
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
    for column in narrowed(columns, conditions):
        if (
            column.distinct == 0
            and column.levels == ()
            and any(c.name == column.name and c.levels for c in columns)
        ):
            return f"No row is left where {in_words(conditions)}."
    return None
