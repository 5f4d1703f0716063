"""Read questions about change over time: "has it risen over the years?", "trend of sales"."""

import re
from collections.abc import Sequence

from jobs.analysis.planning import asking, clarify, doubts, selection, unread
from jobs.analysis.planning.compounds import compounds
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading, compare, is_grouping, is_measured, partners, unusable
from jobs.analysis.planning.vocabulary import FUNCTION_WORDS
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import listed, words_of

TREND = re.compile(
    r"\b(as|while) (the )?(years|months|weeks|days|time|seasons) (go|goes|went|passe[sd]|pass)( by| on)?\b|"
    r"\btrend(s|ed|ing)?\b|\b(over|through|with|throughout) (the )?(course of )?time\b|\btime.?series\b|"
    r"\b(ris(e|es|en|ing)|rose|grow(s|n|ing)?|grew|fall(s|en|ing)?|fell|declin(e|es|ed|ing)|"
    r"increas(e|es|ed|ing)|decreas(e|es|ed|ing)|chang(e|es|ed|ing)|evolv(e|es|ed|ing)|develop(s|ed|ing)?|"
    r"go(es|ne|ing)? (up|down)|went (up|down))\b.*"
    r"\b(over|through|throughout|during|in|with|across) (the |these |all )?"
    r"(last |past |coming )?(years?|months?|weeks?|days?|decades?|time|_+)"
)
# Of one number alone: "are incomes going up?", "is it getting worse?".
PROGRESS = re.compile(
    r"\b(?:is|are|was|were|has|have|keeps?|kept|been)\b.*\b(?:(?:going|gone|creeping|trending|climbing|"
    r"heading) "
    r"(?:up|down)|rising|risen|growing|grown|falling|fallen|declining|declined|increasing|increased|"
    r"decreasing|"
    r"decreased|shrinking|shrunk|dropping|dropped|improving|improved|worsening|worsened|climbing|sinking|"
    r"getting (?:\w+er|better|worse|more|less|up|down))\b(?! (?:with|by|when|as|in|for|among|on|under)\b)|"
    r"\b(?:do|does|did) [^?]*_+ (?:go (?:up|down)|rise|fall|grow|decline|increase|decrease|improve|drop)\W*$"
)
FURTHER = re.compile(
    r"\bforecast|\bpredict|\bseason|\bautocorrel|\byear.(on|over).year\b|\bnext (year|month|week)"
)
PLAIN_TIME = frozenset(listed("year month week day date time timestamp datetime quarter decade yr"))
GENERIC = frozenset(
    listed(
        "year years month months week weeks day days time times decade decades trend trends course last past "
        "series long term past history general overall risen rise rising rose grown grow growing fallen fall "
        "falling fell declined decline declining increased increase decreased decrease changed change went "
        "gone up down evolved evolve developed develop steadily"
    )
)
LEAST_POINTS = 5


def read(linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the trend that a question asks for, None where it asks for something else."""
    whole, text = linked.text.lower(), linked.without_names()
    progress = _goes_on(linked, names)
    asks = asking.OVER_TIME.search(whole) or TREND.search(text) or progress
    if not asks or FURTHER.search(whole) or any(m.ambiguous or m.best.value for m in linked.mentions):
        return None
    time = _time(names, columns)
    outcome = _outcome(names, columns, time)
    if time is None and progress and outcome is not None:
        return _timeless(linked, outcome, columns)
    if time is None or outcome is None:
        return None
    lost = [phrase.words for phrase in unread.unresolved(linked) if not _generic(phrase.words)]
    others = [words for words, another in compounds(linked) if another and not _generic(words.split()[-1])]
    trouble = selection.selected_rows(linked) or doubts.restricted_to(linked)
    if trouble is None and (lost or others):
        trouble = f"No column was found for {', '.join(repr(words) for words in (*lost, *others))}."
    if trouble is not None:
        return clarify.ask(linked, trouble, (), 0.4, outcome=outcome)
    if time.distinct < LEAST_POINTS:
        return _few(linked, outcome, time)
    named = outcome in names
    notes = () if named else (f"No number is named; '{outcome.name}' is the only one in the table.",)
    return Plan(
        "trend",
        "trend_over_time",
        {"outcome": outcome.name, "time": time.name},
        0.9 if named else 0.7,
        f"'{outcome.name}' is a number and '{time.name}' the time: how it rises or falls is measured.",
        clarify.read_as(linked),
        notes=notes,
    )


def _goes_on(linked: Linked, names: Sequence[Column]) -> bool:
    """Return whether one number alone is asked to rise or fall: "are incomes going up?"."""
    measured = [column for column in names if not is_time(column)]
    return (
        len(measured) == 1
        and is_measured(measured[0])
        and PROGRESS.search(linked.without_names()) is not None
    )


def _timeless(linked: Linked, outcome: Column, columns: Sequence[Column]) -> Plan:
    """Ask back where something rises or falls, and the table has not exactly one column of times."""
    times = [column for column in columns if is_time(column)]
    listed_names = " and ".join(f"'{column.name}'" for column in times)
    why = f"Whether '{outcome.name}' rises or falls takes a column of times, and the table has none."
    if times:
        why = f"Whether '{outcome.name}' rises or falls takes one column of times: {listed_names}; name one."
    found = [Reading("trend_over_time", {"outcome": outcome.name, "time": one.name}, "") for one in times]
    offered = clarify.alternatives(found or partners(outcome, columns))
    return clarify.ask(linked, why, offered, 0.4, outcome=outcome)


def is_time(column: Column) -> bool:
    """Return whether a column says when: a date, or a number called year, month, day and the like."""
    if column.role in ("empty", "constant"):
        return False
    plain = set(words_of(column.name)) <= PLAIN_TIME and column.dtype in ("integer", "number")
    return column.dtype in ("date", "datetime") or (plain and bool(words_of(column.name)))


def _time(names: Sequence[Column], columns: Sequence[Column]) -> Column | None:
    """Return the one column of times, a named one before the others; None where there is not exactly one."""
    named = [column for column in names if is_time(column)]
    found = named or [column for column in columns if is_time(column)]
    return found[0] if len(found) == 1 else None


def _outcome(names: Sequence[Column], columns: Sequence[Column], time: Column | None) -> Column | None:
    named = [column for column in names if column is not time and column.name != (time.name if time else "")]
    numbers = [
        column
        for column in (named or columns)
        if not is_time(column) and is_measured(column) and unusable(column) is None
    ]
    if len(named) > 1 or len(numbers) != 1:
        return None
    return numbers[0]


def _few(linked: Linked, outcome: Column, time: Column) -> Plan:
    why = f"'{time.name}' has {time.distinct} different times; a trend needs at least {LEAST_POINTS}."
    offered = (compare(outcome, time),) if is_grouping(time) else ()
    return clarify.ask(linked, why, clarify.alternatives(offered), 0.4, outcome=outcome)


def _generic(words: str) -> bool:
    found = re.findall(r"[^\W_]+", words.lower())
    return all(word in GENERIC or word in FUNCTION_WORDS for word in found)
