"""Decide which clauses select rows: the sure ones, and those without which the question is still whole."""

from collections.abc import Sequence

from jobs.analysis.planning import asking, holding
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.readings import is_grouping, is_measured, unusable
from jobs.analysis.planning.row_clauses import Clause, value_clauses
from jobs.analysis.planning.row_limits import Limit
from jobs.analysis.planning.row_words import COMPARES, DESCRIBES, GREATER, SMALLER, SPANS, WITH_NUMBER
from jobs.analysis.tables.columns import Column


def taken_of(found: Sequence[Clause | Limit], linked: Linked) -> list[Clause | Limit]:
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


def unclear(rest: Linked, taken: Sequence[Clause | Limit]) -> str | None:
    """Return what to say where it is not sure which of two values selects rows, or that two are a range."""
    clauses = [one for one in value_clauses(rest) if isinstance(one, Clause)]
    weak = [one for one in taken if isinstance(one, Clause) and not one.strong]
    for one in clauses:
        alone = len({v for c in clauses if c.column.name == one.column.name for v in c.values}) == 1
        if alone and one.marked and not one.strong and weak:
            other = weak[0]
            return (
                f"It is not sure whether the rows with {other.column.name} = {other.values[0]} or those with "
                f"{one.column.name} = {one.values[0]} are to be compared with others."
            )
    for first, second in zip(rest.mentions, rest.mentions[1:], strict=False):
        between = rest.text[rest.tokens[first.last - 1].end : rest.tokens[second.first].start].lower()
        same = first.best.column.name == second.best.column.name and first.best.column.dtype == "integer"
        if same and first.best.value and second.best.value and between.strip() in SPANS:
            return (
                f"It is not sure whether '{first.words} to {second.words}' means the two or all between them."
            )
    return None


def _overlaps(one: Clause | Limit, taken: Sequence[Clause | Limit]) -> bool:
    return any(one.first < other.last and other.first < one.last for other in taken)


def _all_levels(one: Clause | Limit, found: Sequence[Clause | Limit]) -> bool:
    """Return whether values of the clause's column are compared with each other."""
    if isinstance(one, Limit):
        return False
    clauses = [c for c in found if isinstance(c, Clause) and c.column.name == one.column.name]
    if set(one.values) == set(one.column.levels):
        return True
    alike = [c for c in clauses if c.kind == one.kind and c.strong == one.strong]
    return any(set(c.values) != set(one.values) for c in alike)


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
    if any(_names_again(one, m) for m in linked.mentions) or _beside_another(one, linked):
        return False
    text = linked.without_names()
    text = text[: linked.tokens[one.first].start] + " " + text[linked.tokens[one.last - 1].end :]
    numbers = [column for column in others if is_measured(column) and column.role in ("number", "ordinal")]
    groups = [column for column in others if is_grouping(column) and column not in numbers]
    if len(others) >= 2:
        if not one.marked:
            return _is_compared(groups, linked)
        return bool(groups) or not holding.asks(linked)
    if isinstance(one, Clause) and len(one.values) > 1:
        return False  # "pay of IT and HR": they are compared
    if len(numbers) != 1:
        return False
    if one.column.role == "date" or not one.marked:
        described = asking.TIMELY.search(text) or (one.marked and DESCRIBES.search(text))
        return bool(described) and not COMPARES.search(text)
    if _names_more(one, linked) and not WITH_NUMBER.search(text):
        return False
    return bool(DESCRIBES.search(text) or WITH_NUMBER.search(text)) or not COMPARES.search(text)


def _names_more(one: Clause | Limit, linked: Linked) -> bool:
    """Return whether the rest names a column by a comparison: "older" in "people with tinnitus: older?"."""
    rest = (m.words.lower() for m in linked.mentions if not one.first <= m.first < one.last)
    return any(word in GREATER or word in SMALLER for words in rest for word in words.split())


def _names_again(one: Clause | Limit, mention: Mention) -> bool:
    """Return whether a mention outside the clause names its column, other than by the same value."""
    if mention.best.column.name != one.column.name or one.first <= mention.first < one.last:
        return False
    return not (isinstance(one, Clause) and mention.best.value in one.values)


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
