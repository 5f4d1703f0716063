"""Checks that a plan carries out what its question wants counted: shares, quotients, each column of a "
"list."""

import re

from jobs.analysis.planning import operators
from jobs.analysis.planning.codes import is_code
from jobs.analysis.planning.held_question import COMPARING, CORRELATING, COUNTING, MODELS, Question
from jobs.analysis.planning.readings import is_grouping, is_measured
from jobs.analysis.planning.timely import is_time
from jobs.analysis.planning.vocabulary import ROW_NOUNS, is_content
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of

DESCRIBED = re.compile(r"\b(?:mean|average|averages|typical|median)\b")


def share(asked: Question) -> str | None:
    """Compare means where a share is asked for, or describe no more than the rows that make it."""
    said = operators.SHARE.search(asked.text) or operators.RATE.search(asked.text)
    found = asked.found
    if said is None or found.method in COUNTING or found.params or found.explicit:
        return None
    if found.method not in COMPARING | CORRELATING | {"profile", "paired_t_test"}:
        return None
    outcome = asked.column(found.columns.get("outcome"))
    names = [asked.column(name) for name in found.columns.values()]
    is_rate = any(one is not None and _is_share(one) for one in names)
    if is_rate or (found.method == "profile" and (outcome is None or is_grouping(outcome))):
        return None
    if said.group() in ("rate", "rates") and _is_no_count(outcome):
        return None
    return (
        f"By '{said.group()}' the question asks for a share or a quotient, and the plan that was found "
        f"compares values "
        "as they are; make a column of the quotient, or name a yes or no whose share is meant."
    )


def _is_share(column: Column) -> bool:
    words = words_of(column.name)
    return column.unit == "%" or any(
        word in ("rate", "rates", "pct", "percent", "share", "ratio", "proportion", "anteil", "quote")
        for word in words
    )


def _is_no_count(column: Column | None) -> bool:
    """Return whether "rate" may be a word for a column itself: a pulse rate, a murder rate of 13.2."""
    return (
        column is None
        or column.dtype != "integer"
        or bool({"pulse", "bpm", "heart"} & set(words_of(column.name)))
    )


def unit_price(asked: Question) -> str | None:
    """Take values as they are where those of one unit are asked for."""
    said = operators.UNIT.search(asked.text)
    if said is None or any("unit" in words_of(name) for name in asked.found.columns.values()):
        return None
    return (
        "By 'unit' the question asks for a quotient, which is not computed; make a column of it, and ask "
        "about that."
    )


def quotient(asked: Question) -> str | None:
    """Group by what a quotient is asked of: "revenue per seller" beside a column of numbers of sellers."""
    said = operators.PER.search(asked.text)
    mention = None if said is None else asked.after(said.end())
    if said is None or mention is None or asked.found.method in MODELS or DESCRIBED.search(asked.text):
        return None
    column = mention.best.column
    counts = column.dtype == "integer" and is_measured(column) and mention.best.value is None
    if not counts or is_code(column) or is_time(column) or column.distinct == 2:
        return None
    if column.name not in asked.found.columns.values():
        return None
    return (
        f"By '{said.group().strip()}' the question may ask for a quotient by '{column.name}', which is not "
        f"computed, or "
        f"for a comparison of the groups that have the same '{column.name}'. Which is meant?"
    )


def each_of_a_list(asked: Question) -> str | None:
    """Leave out one of the columns that are listed for a model: "from reading and absence and meals"."""
    if asked.found.method not in MODELS:
        return None
    for said in operators.LIST_ITEM.finditer(asked.text):
        words = re.findall(r"[a-z]+", said["words"])
        if len(words) > 3 or "_" in said["words"]:
            continue
        named = [word for word in words if is_content(word) or word in ("absence", "growth", "level", "rate")]
        if named and not any(word in ROW_NOUNS for word in named):
            return f"No column was found for '{' '.join(words)}', which is listed beside others."
    return None
