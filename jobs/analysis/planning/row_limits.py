"""Find limits that may say which rows a question is about: "older than 60", "4 cylinders", "in 2020"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.analysis.planning.amounts import SCALES
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.planning.row_words import (
    AGED,
    DENIED,
    EQUALS,
    GREATER,
    LEADS,
    LIMITS,
    NAME_THAN,
    NUMBER_AND_NAME,
    RANGES,
    SMALLER,
    YEARS,
    comparison_of,
)
from jobs.analysis.planning.timely import is_time
from jobs.analysis.planning.vocabulary import ROW_NOUNS
from jobs.analysis.results.condition import Comparison, Condition, in_words
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of


@dataclass(frozen=True)
class Limit:
    """Conditions on a column of numbers or dates, and the tokens that say them."""

    column: Column
    conditions: tuple[Condition, ...]
    strong: bool
    marked: bool
    first: int
    last: int
    doubt: str | None = None


def limits(linked: Linked, columns: Sequence[Column] = ()) -> tuple[Limit, ...]:
    """Return the limits on columns of numbers, those that overlap an earlier one left out."""
    text = linked.without_names()
    found: list[Limit] = list(_aged(linked, columns))
    for limit in _all(linked, text):
        if not any(limit.first < other.last and other.first < limit.last for other in found):
            found.append(limit)
    return tuple(found)


def _all(linked: Linked, text: str) -> Iterator[Limit]:
    for pattern in RANGES:
        for match in pattern.finditer(text):
            low, high = _number(match["n"], match["k"]), _number(match["m"], match["k"])
            yield from _limit(match, linked, text, (("at_least", low), ("at_most", high)))
    for pattern in LIMITS:
        for match in pattern.finditer(text):
            comparison = comparison_of(match.groupdict())
            yield from _limit(match, linked, text, ((comparison, _number(match["n"], match["k"])),))
    for pattern, or_more in ((NAME_THAN, False), (NUMBER_AND_NAME, True)):
        for match in pattern.finditer(text):
            if (way := _direction(match, linked, or_more=or_more)) is not None:
                yield from _limit(match, linked, text, ((way, _number(match["n"], match["k"])),))
    for pattern in EQUALS:
        for match in pattern.finditer(text):
            yield from _level(match, linked, text)


def _aged(linked: Linked, columns: Sequence[Column]) -> Iterator[Limit]:
    """Find limits of an age that is not named: "mothers under 25"."""
    ages = [c for c in columns if "age" in words_of(c.name) and c.dtype in ("integer", "number")]
    if len(ages) != 1 or any(m.best.column.name == ages[0].name for m in linked.mentions):
        return
    for match in AGED.finditer(linked.text.lower()):
        condition = Condition(
            ages[0].name, comparison_of(match.groupdict()), (_number(match["n"], match["k"]),)
        )
        inside = [i for i, t in enumerate(linked.tokens) if match.start("name") <= t.start < match.end()]
        # The people stay in the question where they are a value: "women over 40".
        first = inside[1] if linked.covered(inside[0]) else inside[0]
        while first > 0 and linked.tokens[first - 1].word in ("only", "just", "among", "for", "the", "all"):
            first -= 1
        yield Limit(
            ages[0], (condition,), True, True, first, inside[-1] + 1, _out_of_range(ages[0], (condition,))
        )


def _direction(match: re.Match[str], linked: Linked, *, or_more: bool) -> Comparison | None:
    """Return the comparison that an adjective makes with a number: "older than 60", "60 and older"."""
    mention = _mention(match, linked)
    words = set(mention.words.lower().split()) if mention else set()
    if words & GREATER:
        return "at_least" if or_more else "more_than"
    if words & SMALLER:
        return "at_most" if or_more else "less_than"
    return None


def _mention(match: re.Match[str], linked: Linked) -> Mention | None:
    """Return the clear mention that stands where a pattern has found a name."""
    for mention in linked.mentions:
        start, end = linked.tokens[mention.first].start, linked.tokens[mention.last - 1].end
        if match.start("name") <= start < match.end("name") or start <= match.start("name") < end:
            return None if mention.ambiguous or mention.best.value is not None else mention
    return None


def _limit(
    match: re.Match[str], linked: Linked, text: str, asked: Sequence[tuple[Comparison, float]]
) -> Iterator[Limit]:
    mention = _mention(match, linked)
    if mention is None or mention.best.column.dtype not in ("integer", "number"):
        return
    column = mention.best.column
    conditions = tuple(Condition(column.name, comparison, (value,)) for comparison, value in asked)
    first, last, led = _span(match, linked, text)
    ahead = _is_ahead(match, text)
    if ahead:
        first, led = 0, True
    doubt = _out_of_range(column, conditions)
    if DENIED.search(text[: match.start()]):
        doubt = f"It is not sure whether rows where {in_words(conditions)} are meant, or all others."
    yield Limit(column, conditions, ahead, led, first, last, doubt)


def _is_ahead(match: re.Match[str], text: str) -> bool:
    """Return whether a limit stands before a colon: "trees older than 100 years: ..."."""
    leads = re.fullmatch(
        r"\W*(?:(?:the|all|for|only) )?(?:_+ |[a-z]+ )?(?:aged |of |with )?", text[: match.start()]
    )
    return leads is not None and re.match(r"(?: [a-z_]+)?\s*:", text[match.end() :]) is not None


def _level(match: re.Match[str], linked: Linked, text: str) -> Iterator[Limit]:
    """Find a level of a column of whole numbers: "4 cylinders", "at dose 2"."""
    mention = _mention(match, linked)
    if mention is None or mention.best.column.dtype not in ("integer", "number"):
        return
    column = mention.best.column
    values = tuple(float(number) for number in re.findall(r"\d+(?:\.\d+)?", match["n"]))
    if not all(f"{value:g}" in column.levels for value in values):
        return
    first, last, led = _span(match, linked, text)
    denied = DENIED.search(text[: match.start()])
    if denied is not None:
        start = next(i for i, token in enumerate(linked.tokens) if token.start >= denied.start())
        conditions = (Condition(column.name, "is_not", values),)
        yield Limit(column, conditions, True, True, min(first, start), last)
    else:
        conditions = (Condition(column.name, "is", values),)
        yield Limit(column, conditions, False, led and len(values) == 1, first, last)


def _span(match: re.Match[str], linked: Linked, text: str) -> tuple[int, int, bool]:
    """Return the tokens of a limit with the words that lead to it, and whether some do."""
    led = LEADS.search(text[: match.start()])
    start = match.start()
    inside = [i for i, token in enumerate(linked.tokens) if start <= token.start < match.end()]
    first = inside[0]
    while first > 0 and led is not None and linked.tokens[first - 1].start >= led.start():
        if linked.covered(first - 1) and linked.tokens[first - 1].word not in ROW_NOUNS:
            break
        first -= 1
    return first, _with_name(inside[-1] + 1, inside[0], linked), led is not None


def _with_name(last: int, first: int, linked: Linked) -> int:
    """Return the end of a limit with the name of its column after it: "24 months of tenure"."""
    own = {m.best.column.name for m in linked.mentions if first <= m.first < last}
    start = last + 1 if last < len(linked.tokens) and linked.tokens[last].word == "of" else last
    return next((m.last for m in linked.mentions if m.first == start and m.best.column.name in own), last)


def _out_of_range(column: Column, conditions: Sequence[Condition]) -> str | None:
    """Return what to say where no value of the column can fulfil the conditions."""
    low, high = column.low, column.high
    if low is None or high is None:
        return None
    for condition in conditions:
        value = float(condition.values[0])
        above, below = condition.comparison in ("at_least", "more_than"), value > high
        if (above and below) or (not above and value < low):
            said = in_words([condition])
            return f"No row is left where {said}: '{column.name}' goes from {low:g} to {high:g}."
        if len(conditions) == 1 and ((above and value < low) or (not above and below)):
            said = in_words([condition])
            return f"In every row {said}: '{column.name}' goes from {low:g} to {high:g}."
    return None


def years(linked: Linked, columns: Sequence[Column]) -> tuple[Limit, ...]:
    """Return limits of years on the only column of dates, or of years."""
    times = [column for column in columns if is_time(column) and (column.role == "date" or _in_years(column))]
    if len(times) != 1:
        return ()
    found = []
    for match in YEARS.finditer(linked.without_names()):
        conditions = _of_years(times[0], match["word"], int(match["year"]), match["last"])
        inside = [i for i, t in enumerate(linked.tokens) if match.start() <= t.start < match.end()]
        found.append(Limit(times[0], conditions, False, True, inside[0], inside[-1] + 1))
    return tuple(found)


def _in_years(column: Column) -> bool:
    return column.low is not None and column.high is not None and 1800 <= column.low <= column.high <= 2200


def _of_years(column: Column, word: str, year: int, last: str | None) -> tuple[Condition, ...]:
    def limit(comparison: Comparison, value: int) -> Condition:
        return Condition(
            column.name, comparison, (f"{value}-01-01" if column.role == "date" else float(value),)
        )

    if word == "after":
        return (limit("at_least", year + 1),)
    if word in ("since", "from") and last is None:
        return (limit("at_least", year),)
    if word == "before":
        return (limit("less_than", year),)
    if word in ("until", "till"):
        return (limit("less_than", year + 1),)
    return (limit("at_least", year), limit("less_than", int(last or year) + 1))


def _number(text: str, scale: str | None) -> float:
    plain = (
        text.replace(",", "")
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text)
        else text.replace(",", ".")
    )
    return float(plain) * SCALES.get(scale or "", 1.0)
