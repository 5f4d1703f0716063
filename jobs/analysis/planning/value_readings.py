"""Read questions that compare one column with a fixed number: "is the mean above 100?", "is it half?".

Where the number, its unit, or what is compared with it leaves a doubt the plan asks back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.analysis.planning import clarify, doubts, selection
from jobs.analysis.planning.amounts import DIGITS, NOT_CUT, SCALE, SCALES, UNREAD, in_scaled_unit
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading, is_grouping, is_measured
from jobs.analysis.planning.settling import LEAST_CONFIDENCE
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import UNITS, listed, words_of

NUMBER = re.compile(
    r"(?P<before>\b(?:equals?(?: to)?|(?:different|differs?|deviates?) (?:from|of|to|than)|"
    r"(?:greater|more|less|fewer|larger|higher|lower|smaller|other|bigger|[a-z]{3,}er) than|above|below|over|"
    r"under|exceeds?|at least|at most|close to|near|against|vs\.?|versus|is|are|was|were|be|not)|[=<>≥≤]+)"
    r"\s*(?:(?:about|exactly|really|just|a|an|the|value|of|target|scale|mid.?point|middle|mark|level|"
    r"threshold|"
    r"norm|limit|reference|population|national|usual|official|claimed|advertised|expected) )*"
    r"(?P<sign>[-−]?)(?P<money>[$€£¥])?\s?"
    rf"(?P<number>{DIGITS})\s?(?P<scale>{SCALE}|%|percent|per cent)?{NOT_CUT}"
)
# "Is the median of the score 5?"
LAST = re.compile(
    r"^\W*(?:is|was|are|were|test)\b.*_ (?:(?:rate|share|proportion|percentage) )?"
    r"(?:on average |about |exactly |equal to )?(?P<sign>)(?P<money>[$€£¥])?\s?"
    rf"(?P<number>{DIGITS})\s?(?P<scale>{SCALE}|%|percent|per cent)?(?=(?: ?[a-z°_]+(?:/[a-z]+)?)?\W*$)"
)
ONE_IN = re.compile(
    r"\b(?:one|1) (?:[a-z]+ )?(?:in|out of) (?P<many>two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
)
COUNTED = {
    word: place for place, word in enumerate(listed("two three four five six seven eight nine ten"), start=2)
}
HALF = re.compile(
    r"\b(?:50 ?[/:-] ?50|fifty.fifty|(?:a |one |exactly |equal to )?half|majority|fair coin)\b(?! of the "
    r"(?:rows|data))"
)
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
PLAIN = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")
UNSURE = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+,\d+(?:,\d+)*")
SHARES = re.compile(
    r"\b(?:shares?|proportions?|percent|percentages?|fractions?|rates?|half|majority|fair|probability|"
    r"chance)\b|%"
)
COUNTS = re.compile(r"\b(?:how many|how often|which|who|whose|number of|count|counts|sum|total)\b")
MEANS = re.compile(r"\b(?:mean|average|averages|averaged|typical|typically|expected|expectation)\b")
STATES = re.compile(r"\b(?:is|are|was|were|does|do|did|test|can|could|lies?)\b")
YES = ("yes", "true", "1", "y", "ja", "oui", "si", "sí")
PERCENT = {"%": 0.01, "percent": 0.01, "per cent": 0.01}


@dataclass(frozen=True)
class _Value:
    """A number of the question, where it stands, and whether it is a percentage or in thousands."""

    value: float
    start: int
    end: int
    percent: bool
    scaled: bool = False


def read(
    linked: Linked, names: Sequence[Column], columns: Sequence[Column], *, method: str | None = None
) -> Plan | None:
    """Return the plan for a question that compares a column with a number; None for any other question.

    `method` is the one that the question names.
    """
    text = linked.without_names()
    if len(names) > 1 or any(mention.ambiguous for mention in linked.mentions):
        return None
    value = _value(text)
    if value is None:
        return None
    if isinstance(value, str):
        return clarify.ask(linked, value, (), 0.3, outcome=names[0] if names else None)
    column, level = _column(linked, names, columns, text)
    if column is None:
        return None
    reading = _reading(column, level, value, text)
    if reading is not None and method is not None and method != reading.method:
        if "binomial_test" in (method, reading.method):
            return None
        reading = replace(reading, method=method)
    found = None if reading is None else _settled(reading, column, value, linked)
    return (
        found if found is None or method is None else replace(found, explicit=not found.needs_clarification)
    )


def _value(text: str) -> _Value | str | None:
    """Return the number that is compared with; why it is not clear; None where there is none."""
    found = list(NUMBER.finditer(text))
    found = found or list(LAST.finditer(text))
    if (one := ONE_IN.search(text)) is not None:
        many = COUNTED.get(one["many"]) or int(one["many"])
        return _Value(1 / max(many, 1), one.start(), one.end(), percent=True)
    if not found:
        half = HALF.search(text)
        return _Value(0.5, half.start(), half.end(), percent=True) if half else None
    if len(found) > 1:
        return None
    number, scale = found[0]["number"], found[0]["scale"]
    if GROUPED.fullmatch(number):
        number = number.replace(",", "")
    elif UNSURE.fullmatch(number):
        return (
            f"It is not sure what number '{number}' is; write it with a point before decimals and no commas."
        )
    if not PLAIN.fullmatch(number):
        return f"It is not sure what number '{number}' is; write it in digits."
    if UNREAD.match(text[found[0].end() :]):
        return f"It is not sure what number '{number}' and the word after it are; write it in digits."
    value = float(number) * (SCALES | PERCENT).get(scale or "", 1.0) * (-1.0 if found[0]["sign"] else 1.0)
    start, end = found[0].span()
    return _Value(round(value, 10), start, end, percent=scale in PERCENT, scaled=scale in SCALES)


def _column(
    linked: Linked, names: Sequence[Column], columns: Sequence[Column], text: str
) -> tuple[Column | None, str | None]:
    """Return the column that is asked about, and the level of it, where one is named."""
    said = [level for word, level in (("yes", "yes"), ("no", "no")) if re.search(rf"\b{word}\b", text)]
    if names:
        level = next((m.best.value for m in linked.mentions if m.best.value is not None), None)
        own = [one for one in names[0].levels if one.casefold() in said]
        return names[0], level or (own[0] if own else None)
    having = [(column, level) for column in columns for level in column.levels if level.casefold() in said]
    return having[0] if len(having) == 1 else (None, None)


def _reading(column: Column, level: str | None, value: _Value, text: str) -> Reading | None:
    """Return how the column can be compared with the number; None where it cannot."""
    if is_measured(column) and level is None and not (value.percent and column.unit != "%"):
        if (
            column.role == "category"
            or (COUNTS.search(text) and not MEANS.search(text))
            or SHARES.search(_without(text, value))
        ):
            return None
        if not (MEANS.search(text) or selection.MEDIAN.search(text) or STATES.search(text)):
            return None
        mu = round(value.value * 100, 10) if value.percent else value.value
        ranks = selection.MEDIAN.search(text) is not None
        because = f"the {'middle' if ranks else 'mean'} of '{column.name}' is compared with {mu:g}"
        method = "one_sample_signed_rank" if ranks else "one_sample_t_test"
        return Reading(method, {"outcome": column.name}, because, params={"mu": mu})
    shares = value.percent or SHARES.search(text)
    if not is_grouping(column) or not 0.0 < value.value < 1.0 or not shares:
        return None
    if level is None:
        yes = [one for one in column.levels if one.casefold() in YES]
        if column.distinct != 2 or len(yes) != 1:
            return None
        level = yes[0]
    because = f"the share of '{column.name}' = '{level}' is compared with {value.value:g}"
    params: dict[str, float | str] = {"level": level, "share": round(value.value, 10)}
    return Reading("binomial_test", {"outcome": column.name}, because, params=params)


def _without(text: str, value: _Value) -> str:
    return text[: value.start] + " " * (value.end - value.start) + text[value.end :]


def _settled(reading: Reading, column: Column, value: _Value, linked: Linked) -> Plan:
    """Return the reading as a plan, or ask back where words were not understood."""
    text = linked.without_names()
    offered = clarify.alternatives((reading,))
    why = _other_unit(column, text[value.end :])
    if value.scaled and in_scaled_unit(words_of(column.name)):
        why = f"It is not sure what number is meant in the unit of '{column.name}'; write it in digits."
    if why is not None:
        return clarify.ask(linked, why, (), 0.3, outcome=column)
    rest = selection.NO_SELECTION.sub(" ", HALF.sub(" ", _without(text, value)))
    if (some := selection.SELECTION.search(rest)) is not None:
        why = (
            f"By '{some.group()}' the question seems to be about some of the rows, and it is not clear which."
        )
        return clarify.ask(linked, why, offered, 0.4)
    if (why := doubts.restricted_to(linked) or selection.other_statistic(linked, reading, "")) is not None:
        return clarify.ask(linked, why, offered, 0.4)
    confidence, doubt = doubts.confidence_in(linked) if linked.mentions else (0.6, "")
    if confidence < LEAST_CONFIDENCE:
        return clarify.ask(linked, doubt, offered, confidence)
    notes = [doubt] if doubt else []
    if not MEANS.search(text) and reading.method == "one_sample_t_test":
        notes.append("Single values lie on both sides; it is their mean that is compared.")
    return Plan(
        "one_sample",
        reading.method,
        reading.columns,
        round(confidence, 2),
        clarify.sentence(reading.because),
        clarify.read_as(linked),
        params=reading.params,
        notes=tuple(notes),
    )


def _other_unit(column: Column, after: str) -> str | None:
    """Return what to say when the number has a unit that is not the column's: "above 4 kg" of grams."""
    word = re.match(r"\W{0,2}([^\W\d_]+(?:/[^\W\d_]+)?)", after)
    unit = UNITS.get(word.group(1).replace("/", "")) if word else None
    attached = re.match(r"([a-z]+)\W*$", after)
    if attached and unit != column.unit:
        return f"It is not sure what '{attached.group(1)}' after the number is; give it as a plain number."
    if unit is None or column.unit is None or unit == column.unit:
        return None
    return (
        f"The number is in {unit}, and '{column.name}' in {column.unit}; give it in the unit of the column."
    )
