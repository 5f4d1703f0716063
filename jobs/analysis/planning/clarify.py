"""Ask back: describe the table, say what was not understood, and offer the readings that are possible."""

import re
from collections.abc import Sequence

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning.asking import Unavailable
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.readings import (
    Reading,
    correlate,
    is_grouping,
    is_measured,
    partners,
    readings,
    repeat,
)
from jobs.analysis.planning.saying import in_words
from jobs.analysis.results.result import Alternative, Plan, ReadAs
from jobs.analysis.tables.columns import Column

MOST_ALTERNATIVES = 5
MOST_MEASURES = 10
CHANGES = re.compile(
    r"\b(?:change|improvement|increase|decrease|gain|course|development|trajector\w+|drop|decline)s?\b.*"
    r"\b(?:differ|different|depend|larger|smaller|greater|more|less|same|between|by)\w*\b"
)


def many(names: Sequence[Column], linked: Linked) -> Plan:
    """Ask back when three or more columns are named, and the words do not say how they go together."""
    listed = ", ".join(f"'{column.name}'" for column in names)
    changes = CHANGES.search(linked.without_names()) is not None
    why = f"The question names {len(names)} columns ({listed}), and it is not sure which part each plays."
    if changes:
        why = (
            f"Whether a change differs between groups, told by {listed}, takes a comparison within and "
            f"between "
            "the subjects at once, which is not among the methods; make a column of the changes to compare."
        )
    found = (*(() if changes else together(names)), *_pairs(names, linked.without_names()))
    return ask(linked, why, alternatives(found), 0.35)


def together(names: Sequence[Column]) -> tuple[Reading, ...]:
    """Return the readings of three and more columns at once, as far as their kinds allow."""
    numbers = [column for column in names if is_measured(column) and column.role == "number"]
    groups = [c for c in names if c not in numbers and is_grouping(c) and c.distinct <= MOST_GROUPS]
    if len(names) != len(numbers) + len(groups):
        return ()
    if len(numbers) >= 3 and not groups:
        one_kind = len({column.unit for column in numbers}) == 1 and numbers[0].unit is not None
        return (repeat(numbers),) if one_kind and len(numbers) <= MOST_MEASURES else ()
    if len(numbers) == 1 and len(groups) == 2:
        because = f"'{numbers[0].name}' is compared by '{groups[0].name}' and '{groups[1].name}' together"
        given = {"outcome": numbers[0].name, "factor_1": groups[0].name, "factor_2": groups[1].name}
        return (Reading("two_way_anova", given, because),)
    if len(numbers) == 2 and len(groups) == 1:
        given = {"outcome": numbers[0].name, "group": groups[0].name, "covariate_1": numbers[1].name}
        because = f"'{numbers[0].name}' is compared by '{groups[0].name}' with '{numbers[1].name}' held equal"
        return (Reading("ancova", given, because),)
    if len(groups) == 3 and not numbers:
        given = {"row": groups[0].name, "column": groups[1].name, "stratum": groups[2].name}
        return (Reading("cochran_mantel_haenszel", given, "two categories are compared within a third"),)
    return ()


def offered(names: Sequence[Column], linked: Linked) -> tuple[Alternative, ...]:
    """Return the readings of the columns that are named, two at a time."""
    return alternatives(_pairs(names, linked.without_names()))


def _pairs(names: Sequence[Column], text: str) -> tuple[Reading, ...]:
    found = [
        reading
        for place, first in enumerate(names)
        for second in names[place + 1 :]
        for reading in readings(first, second, text, "")[:1]
        if reading.problem is None
    ]
    return tuple(sorted(found, key=lambda reading: "row" in reading.columns))


def ambiguous(doubtful: Mention, linked: Linked) -> Plan:
    """Ask back when words may mean several columns."""
    options = " or ".join(f"'{match.column.name}'" for match in doubtful.matches[:5])
    others = [m.best.column for m in linked.mentions if m is not doubtful and not m.ambiguous]
    found: list[Reading] = []
    for match in doubtful.matches[:MOST_ALTERNATIVES]:
        if others and others[0].name != match.column.name:
            pair = [match.column, others[0]]
            if doubtful.first > _position(others[0], linked):
                pair.reverse()
            found += readings(pair[0], pair[1], linked.without_names(), _between_words(linked))[:1]
        elif not others:
            found += [Reading("profile", {"outcome": match.column.name}, "")]
    return ask(linked, f"'{doubtful.words}' may mean {options}.", alternatives(found), 0.45)


def all_rows(why: str, linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan:
    """Ask back where it is not clear which rows are meant, offering the readings of all rows."""
    if len(names) == 2:
        return ask(linked, why, alternatives(readings(names[0], names[1], linked.without_names(), "")), 0.4)
    described = Reading("profile", {"outcome": names[0].name}, "")
    offered = alternatives((described, *partners(names[0], columns)))
    return ask(linked, why, offered, 0.4, outcome=names[0])


def _between_words(linked: Linked) -> str:
    text = linked.without_names()
    parts = text.split("_")
    return " ".join(part for part in parts[1:-1] if part)


def _position(column: Column, linked: Linked) -> int:
    return next(m.first for m in linked.mentions if m.best.column.name == column.name)


def unavailable(
    kind: Unavailable, linked: Linked, names: Sequence[Column], columns: Sequence[Column]
) -> Plan:
    """Ask back about a kind of question without a method, offering its neighbours."""
    text = linked.without_names()
    offered = _pairs(names, text) if len(names) > 1 else partners(names[0], columns) if names else ()
    outcome = names[0] if len(names) == 1 else None
    if kind.name in ("normality", "outliers") and outcome is not None:
        offered = (Reading("profile", {"outcome": outcome.name}, ""),)
    if kind.name == "matrix" and not offered:
        numbers = [column for column in columns if column.role == "number"][:3]
        offered = tuple(correlate(a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])
    return ask(linked, kind.explanation + ".", alternatives(offered), 0.3, outcome=outcome)


def instead(first: Column, second: Column, columns: Sequence[Column]) -> tuple[Reading, ...]:
    """Return readings with the usable one of two columns."""
    usable = [column for column in (first, second) if is_measured(column) or is_grouping(column)]
    return partners(usable[0], columns) if len(usable) == 1 else ()


def alternatives(found: Sequence[Reading]) -> tuple[Alternative, ...]:
    """Return the first readings as alternatives, each a little less likely than the one before."""
    usable = [reading for reading in found if reading.problem is None][:MOST_ALTERNATIVES]
    return tuple(reading.as_alternative(0.5 / (place + 1)) for place, reading in enumerate(usable))


def with_mentions(linked: Linked, mentions: Sequence[Mention]) -> Linked:
    """Return a question with these mentions, in its order."""
    return Linked(linked.text, linked.tokens, tuple(sorted(mentions, key=lambda mention: mention.first)))


def rather_ask(found: Plan, why: str) -> Plan:
    """Return a plan as the first of the alternatives that are offered in its place."""
    asked = in_words(dict(found.columns), dict(found.params))
    first = Alternative(found.method, found.columns, asked, 0.4, found.params)
    return Plan(
        intent="describe",
        method="profile",
        columns=dict(found.columns) if found.method == "profile" else {},
        confidence=0.4,
        because=why,
        read_as=found.read_as,
        alternatives=(first, *found.alternatives),
        needs_clarification=True,
    )


def ask(
    linked: Linked,
    why: str,
    others: tuple[Alternative, ...],
    confidence: float,
    *,
    outcome: Column | None = None,
) -> Plan:
    """Return the plan that describes the table and asks back."""
    columns = {"outcome": outcome.name} if outcome is not None else {}
    return Plan(
        intent="describe",
        method="profile",
        columns=columns,
        confidence=round(min(confidence, 0.5), 2),
        because=why,
        read_as=read_as(linked),
        alternatives=others,
        needs_clarification=True,
    )


def read_as(linked: Linked) -> tuple[ReadAs, ...]:
    """Return how the words of a question were understood."""
    found = []
    for mention in linked.mentions:
        best = mention.best
        how = (
            f"{best.how}: {best.value}"
            if best.value is not None and best.value != mention.words
            else best.how
        )
        if not mention.ambiguous:
            found.append(ReadAs(mention.words, best.column.name, how, best.value))
    return tuple(found)


def sentence(text: str) -> str:
    """Return `text` with a capital letter and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
