"""Read a question in plain words against the columns of a table, and say how it was read.

Pure and deterministic. When the words leave a doubt the plan describes the table, asks back
(`needs_clarification`) and offers the readings that are possible: better no answer than one to another question.
"""

import difflib
from collections.abc import Mapping, Sequence

from jobs.analysis import asking
from jobs.analysis.asking import Unavailable, Unresolved
from jobs.analysis.catalogue import INTENTS, METHOD_ROLES, METHOD_TITLES, MOST_GROUPS, OPTIONAL_ROLES
from jobs.analysis.columns import Column
from jobs.analysis.linking import Linked, Mention, link
from jobs.analysis.readings import Reading, correlate, in_words, is_grouping, is_measured, partners, readings
from jobs.analysis.result import Alternative, Plan, ReadAs
from jobs.errors import UnknownColumn, UnknownMethod, UnsuitableData

LEAST_CONFIDENCE = 0.55  # below, the plan asks back
FAINT = 0.75  # mentions weaker than this yield where two columns are named clearly
MOST_ALTERNATIVES = 5


def plan(question: str | None, columns: Sequence[Column]) -> Plan:
    """Return what to compute for `question`; without one, the description of the table."""
    if question is None or not question.strip():
        return Plan("describe", "profile", {}, 1.0, "Nothing was asked, so every column is described.")
    linked = _without_faint(link(question, columns))
    kind = asking.unavailable(linked)
    names = _named(linked)
    if kind is not None:
        return _unavailable(kind, linked, names, columns)
    doubtful = next((mention for mention in linked.mentions if mention.ambiguous), None)
    if doubtful is not None:
        return _ambiguous(doubtful, linked, columns)
    if len(names) == 2:
        return _pair(names[0], names[1], linked, columns)
    if len(names) == 1:
        return _single(names[0], linked, columns)
    if not names:
        return _none(linked, columns)
    return _many(names, linked)


def explicit_plan(
    method: str, given: Mapping[str, str], columns: Sequence[Column], *, question: str | None = None
) -> Plan:
    """Return the plan for a method and columns that the asker chose; the data will not change the method.

    Parameters
    ----------
    given : mapping of role to column name
        Every role of `METHOD_ROLES[method]`.

    Raises
    ------
    UnknownMethod, UnknownColumn
        With what is close to the name given, and what there is.
    UnsuitableData
        A role is missing or unknown, or a column's type does not fit its role.
    """
    if method not in METHOD_ROLES:
        raise UnknownMethod(f"there is no method '{method}'{_close(method, METHOD_ROLES)}")
    roles = METHOD_ROLES[method]
    title = METHOD_TITLES[method]
    allowed = (*roles, *OPTIONAL_ROLES.get(method, ()))
    for role in given:
        if role not in allowed:
            raise UnsuitableData(
                f"{title} has no role '{role}'; its roles are: {', '.join(allowed) or 'none'}"
            )
    for role in roles:
        if role not in given:
            raise UnsuitableData(
                f"{title} needs a column for the role '{role}'; give one of the table's columns"
            )
    by_name = {column.name: column for column in columns}
    for role, name in given.items():
        if name not in by_name:
            raise UnknownColumn(f"the table has no column '{name}'{_close(name, by_name)}")
        _check_role(method, role, by_name[name])
    if len(set(given.values())) < len(given):
        raise UnsuitableData(
            f"{title} needs different columns; '{next(iter(given.values()))}' was given twice"
        )
    read_as = tuple(ReadAs(name, name, "given") for name in given.values())
    because = (
        f"The method and its columns were given: {title}." if given else f"The method was given: {title}."
    )
    return Plan(INTENTS[method], method, dict(given), 1.0, because, read_as, explicit=True)


def _check_role(method: str, role: str, column: Column) -> None:
    """Raise `UnsuitableData` when a column's type does not fit its role."""
    what = f"column '{column.name}'"
    if method == "profile":
        return
    if column.role in ("empty", "constant"):
        state = "has no values" if column.role == "empty" else "has the same value in every row"
        raise UnsuitableData(f"{what} {state}, so it cannot be the {role} of {METHOD_TITLES[method]}")
    if role in ("outcome", "x", "y"):
        if column.dtype not in ("integer", "number"):
            raise UnsuitableData(
                f"{what} holds {column.dtype}, not numbers; choose a number for the role '{role}'"
            )
        return
    if column.distinct > MOST_GROUPS:
        raise UnsuitableData(
            f"{what} has {column.distinct} different values; the role '{role}' takes at most {MOST_GROUPS}"
        )
    if method in ("welch_t_test", "mann_whitney_u") and column.distinct != 2:
        other = "welch_anova" if method == "welch_t_test" else "kruskal_wallis"
        raise UnsuitableData(
            f"{what} has {column.distinct} groups, {METHOD_TITLES[method]} compares two; choose {other}"
        )


def _close(name: str, known: Mapping[str, object]) -> str:
    """Return "; did you mean ...? There are: ..." for a name that is not known."""
    lower = {one.lower(): one for one in known}
    close = [lower[one] for one in difflib.get_close_matches(name.lower(), lower, n=3, cutoff=0.6)]
    hint = f"; did you mean {' or '.join(repr(one) for one in close)}?" if close else "."
    listed = ", ".join(list(known)[:40]) + (", ..." if len(known) > 40 else "")
    return f"{hint} There are: {listed}"


def _without_faint(linked: Linked) -> Linked:
    """Drop weak mentions when two columns are named clearly: their words count as not understood."""
    clear = {m.best.column.name for m in linked.mentions if m.best.strength >= FAINT}
    if len(clear) < 2:
        return linked
    kept = tuple(m for m in linked.mentions if m.best.strength >= FAINT or m.best.column.name in clear)
    return Linked(linked.text, linked.tokens, kept)


def _named(linked: Linked) -> tuple[Column, ...]:
    """Return the different columns mentioned, in the question's order."""
    return tuple({mention.best.column.name: mention.best.column for mention in linked.mentions}.values())


def _pair(first: Column, second: Column, linked: Linked, columns: Sequence[Column]) -> Plan:
    text = linked.without_names()
    if (only := _filter(linked)) is not None:
        return _ask(linked, only, _alternatives(readings(first, second, text, "")), 0.4)
    found = readings(first, second, text, _between(first, second, linked))
    best = found[0]
    if best.problem is not None:
        others = _alternatives((*found[1:], *_instead(first, second, columns)))
        return _ask(linked, _sentence(best.problem), others, 0.3)
    confidence, doubt = _confidence(linked, best)
    if confidence < LEAST_CONFIDENCE:
        return _ask(linked, doubt, _alternatives(found), confidence)
    because = _sentence(best.because) + _additions(best, linked, text, doubt)
    others = tuple(r.as_alternative(confidence * 0.6) for r in found[1:] if r.problem is None)
    return Plan(
        INTENTS[best.method],
        best.method,
        best.columns,
        round(confidence, 2),
        because,
        _read_as(linked),
        others,
    )


def _additions(best: Reading, linked: Linked, text: str, doubt: str) -> str:
    """Say what the method does not do that the words may have promised."""
    said = []
    if asking.REGRESSION.search(text):
        said.append("A regression is not available yet; the association is shown, and no prediction is made.")
    elif best.method in ("pearson_correlation", "spearman_correlation") and asking.CAUSE.search(text):
        said.append("This measures how closely they go together, not what causes what.")
    levels = [m.best for m in linked.mentions if m.best.value is not None]
    group = best.columns.get("group")
    named = {match.value for match in levels if match.column.name == group}
    if group and named and len(named) < next(m.column.distinct for m in levels if m.column.name == group):
        listed = " and ".join(f"'{value}'" for value in sorted(value for value in named if value))
        said.append(f"All groups of '{group}' are compared, {listed} among them.")
    return "".join(f" {one}" for one in (*said, *([doubt] if doubt else [])))


def _confidence(linked: Linked, reading: Reading) -> tuple[float, str]:
    """Return how sure the reading is, and what makes it less so in words."""
    confidence = min(mention.best.strength for mention in _one_a_column(linked.mentions)) * 0.98
    if asking.REGRESSION.search(linked.without_names()):
        confidence -= 0.2  # the neighbour of what was asked
    lost = asking.unresolved(linked)
    serious = [phrase for phrase in lost if _is_serious(phrase, linked, reading)]
    if serious:
        words = ", ".join(f"'{phrase.words}'" for phrase in serious)
        return 0.4, f"No column was found for {words}."
    compounds = asking.compounds(linked)
    if any(is_part for _, is_part in compounds):
        words = ", ".join(f"'{words}'" for words, is_part in compounds if is_part)
        return 0.45, f"No column is called {words}; only a part of the name was found."
    if lost or compounds:
        words = ", ".join(
            f"'{words}'" for words in (*(phrase.words for phrase in lost), *(w for w, _ in compounds))
        )
        return confidence - 0.1, f"Not every word of {words} was needed to read the question."
    return confidence, ""


def _is_serious(phrase: Unresolved, linked: Linked, reading: Reading) -> bool:
    """Return whether words without a column may have named one that the question is about."""
    if phrase.leads:
        joined = _joined_by_and(linked)
        return joined or not (phrase.plural or phrase.before in ("in", "for", "among"))
    return phrase.before not in asking.CONTEXT or (phrase.before in ("on", "to") and not phrase.plural)


def _joined_by_and(linked: Linked) -> bool:
    """Return whether the last two mentions stand side by side: "by species and sex"."""
    if len(linked.mentions) < 2:
        return False
    left, right = linked.mentions[-2:]
    return [token.word for token in linked.tokens[left.last : right.first]] in (["and"], ["or"])


def _one_a_column(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the clearest mention of each column."""
    best: dict[str, Mention] = {}
    for mention in sorted(mentions, key=lambda mention: -mention.best.strength):
        best.setdefault(mention.best.column.name, mention)
    return tuple(best.values())


def _filter(linked: Linked) -> str | None:
    """Return what to say when a value seems to restrict the rows: "only Gentoo", "among women"."""
    for mention in linked.mentions:
        before = linked.tokens[mention.first - 1].word if mention.first else ""
        after = linked.tokens[mention.last].word if mention.last < len(linked.tokens) else ""
        named = [m for m in linked.mentions if m.best.column.name == mention.best.column.name]
        if mention.best.value is None or len(named) > 1:
            continue
        if before in ("only", "among", "amongst", "within", "just", "excluding", "except") or after == "only":
            return f"The question seems to be about the rows with '{mention.best.value}' only, which is not possible yet."
    return None


def _between(first: Column, second: Column, linked: Linked) -> str:
    """Return the question's text between two columns, names blanked out."""
    one = next(m for m in linked.mentions if m.best.column.name == first.name)
    two = next(m for m in linked.mentions if m.best.column.name == second.name)
    return linked.without_names()[linked.tokens[one.last - 1].end : linked.tokens[two.first].start]


def _single(column: Column, linked: Linked, columns: Sequence[Column]) -> Plan:
    text = linked.without_names()
    others = _alternatives(partners(column, columns))
    if why := _why_not_described(column, linked, text):
        return _ask(linked, why, others, 0.38, outcome=column)
    confidence = round(max(m.best.strength for m in linked.mentions) * 0.95, 2)
    if confidence < LEAST_CONFIDENCE:
        return _ask(
            linked, f"It is not sure that '{column.name}' is meant.", others, confidence, outcome=column
        )
    because = f"Only '{column.name}' is named, so its values are described."
    return Plan(
        "describe", "profile", {"outcome": column.name}, confidence, because, _read_as(linked), others[:3]
    )


def _why_not_described(column: Column, linked: Linked, text: str) -> str | None:
    """Return why a question that names one column may want more than its description, or None."""
    if asking.REGRESSION.search(text):
        return "The question asks which columns explain another, and there is no regression yet."
    lost = asking.unresolved(linked)
    described = asking.DESCRIPTION.search(text)
    doubtful = [phrase for phrase in lost if not described or phrase.before not in asking.CONTEXT]
    if doubtful:
        return f"No column was found for {', '.join(repr(phrase.words) for phrase in doubtful)}."
    compares = asking.COMPARISON.search(text) or asking.RELATION.search(text)
    values = any(mention.best.value for mention in linked.mentions)
    if values or (compares and not described) or (asking.has_other_content(linked) and not described):
        return f"Only '{column.name}' was found in the question; a comparison needs a second column."
    return None


def _none(linked: Linked, columns: Sequence[Column]) -> Plan:
    text = linked.without_names()
    lost = asking.unresolved(linked)
    if (asking.OVERVIEW.search(text) or asking.MISSING.search(text)) and not lost:
        because = "The question is about the table as a whole, so every column is described."
        return Plan("describe", "profile", {}, 0.9, because)
    words = ", ".join(f"'{phrase.words}'" for phrase in lost)
    found = (
        f"No column was found for {words}." if words else "No column of the table was found in the question."
    )
    listed = ", ".join(column.name for column in columns[:12]) + (", ..." if len(columns) > 12 else "")
    return _ask(linked, f"{found} The columns are: {listed}.", (), 0.1)


def _many(names: Sequence[Column], linked: Linked) -> Plan:
    """Ask back when three or more columns are named: each method here takes two."""
    listed = ", ".join(f"'{column.name}'" for column in names)
    why = f"The question names {len(names)} columns ({listed}), and the methods here take two at a time."
    return _ask(linked, why, _alternatives(_pairs(names, linked.without_names())), 0.35)


def _pairs(names: Sequence[Column], text: str) -> tuple[Reading, ...]:
    found = [
        reading
        for place, first in enumerate(names)
        for second in names[place + 1 :]
        for reading in readings(first, second, text, "")[:1]
        if reading.problem is None
    ]
    return tuple(sorted(found, key=lambda reading: "row" in reading.columns))


def _ambiguous(doubtful: Mention, linked: Linked, columns: Sequence[Column]) -> Plan:
    """Ask back when words may mean several columns."""
    options = " or ".join(f"'{match.column.name}'" for match in doubtful.matches[:5])
    others = [m.best.column for m in linked.mentions if m is not doubtful and not m.ambiguous]
    found: list[Reading] = []
    for match in doubtful.matches[:MOST_ALTERNATIVES]:
        if others and others[0].name != match.column.name:
            pair = (
                (match.column, others[0])
                if doubtful.first < _position(others[0], linked)
                else (others[0], match.column)
            )
            found += readings(*pair, linked.without_names(), _between_words(linked))[:1]
        elif not others:
            found += [Reading("profile", {"outcome": match.column.name}, "")]
    del columns
    return _ask(linked, f"'{doubtful.words}' may mean {options}.", _alternatives(found), 0.45)


def _between_words(linked: Linked) -> str:
    text = linked.without_names()
    parts = text.split("_")
    return " ".join(part for part in parts[1:-1] if part)


def _position(column: Column, linked: Linked) -> int:
    return next(m.first for m in linked.mentions if m.best.column.name == column.name)


def _unavailable(
    kind: Unavailable, linked: Linked, names: Sequence[Column], columns: Sequence[Column]
) -> Plan:
    text = linked.without_names()
    offered = _pairs(names, text) if len(names) > 1 else partners(names[0], columns) if names else ()
    outcome = names[0] if len(names) == 1 else None
    if kind.name in ("normality", "outliers") and outcome is not None:
        offered = (Reading("profile", {"outcome": outcome.name}, ""),)
    if kind.name == "matrix" and not offered:
        numbers = [column for column in columns if column.role == "number"][:3]
        offered = tuple(correlate(a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])
    return _ask(linked, kind.explanation + ".", _alternatives(offered), 0.3, outcome=outcome)


def _instead(first: Column, second: Column, columns: Sequence[Column]) -> tuple[Reading, ...]:
    """Return readings with the usable one of two columns."""
    usable = [column for column in (first, second) if is_measured(column) or is_grouping(column)]
    return partners(usable[0], columns) if len(usable) == 1 else ()


def _alternatives(found: Sequence[Reading]) -> tuple[Alternative, ...]:
    """Return the first readings as alternatives, each a little less likely than the one before."""
    usable = [reading for reading in found if reading.problem is None][:MOST_ALTERNATIVES]
    return tuple(reading.as_alternative(0.5 / (place + 1)) for place, reading in enumerate(usable))


def _ask(
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
        read_as=_read_as(linked),
        alternatives=others,
        needs_clarification=True,
    )


def _read_as(linked: Linked) -> tuple[ReadAs, ...]:
    found = []
    for mention in linked.mentions:
        best = mention.best
        how = (
            f"{best.how}: {best.value}"
            if best.value is not None and best.value != mention.words
            else best.how
        )
        if not mention.ambiguous:
            found.append(ReadAs(mention.words, best.column.name, how))
    return tuple(found)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


__all__ = ["METHOD_ROLES", "explicit_plan", "in_words", "plan"]
