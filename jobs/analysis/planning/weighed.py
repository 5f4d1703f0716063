"""Read questions to tables of counts: the cases are counted for which the rows stand, never the rows.

Which column says how many they are stands in the question ("weighted by n"), or is told by its name and by
what stands in the rows. Where it is doubtful, or the method takes no cases, it is asked back.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.design_catalogue import CASES, OF_CASES
from jobs.analysis.planning import clarify
from jobs.analysis.planning.planner import plan
from jobs.analysis.planning.saying import in_words
from jobs.analysis.results.result import Alternative, Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import is_event
from jobs.analysis.tables.weights import can_count, counts, is_clear

ROWS_ONCE = "Read with care: "  # as `subjects.DEPENDENT_ROWS`: told with the finding
_NAME = r"(?:the )?(?:column )?[\"'\u2018\u201c`]?(?P<name>{names})[\"'\u2019\u201d`]?(?: column)?"
_ROWS = r"(?: (?:the )?(?:rows|cases|data|it|them|each row|every row|everything))?"
_COUNTS = r"(?:(?:case|frequency) )?(?:counts?|frequency|frequencies|weights?)"
# "weighted by n", "the counts are in n", "using n as weights", "gewichtet nach Anzahl"
WEIGHTED = (
    rf"\b(?:frequency[- ])?weigh(?:ted|ting|t){_ROWS} (?:by|with|using) {_NAME}\b",
    rf"\bgewichtet (?:nach|mit) {_NAME}\b",
    rf"\b(?:with )?(?:the )?{_COUNTS} (?:are |is |being )?(?:given |held |found |stored )?in {_NAME}\b",
    rf"\b(?:using|taking|with|treating) {_NAME} as (?:the |an? )?{_COUNTS}\b",
)
ANY_WEIGHT = re.compile(r"\b(?:un)?weigh(?:ted|ting)\b|\bgewicht(?:et|ung)\b", re.IGNORECASE)


def read(question: str | None, columns: Sequence[Column]) -> Plan:
    """Return the plan for a question, about cases where the rows of the table stand for several each."""
    text, named = _asked(question, columns)
    counting = named or next((column for column in columns if column.weighs), None)
    if named is not None:
        return _weighted(plan(text, [one for one in columns if one.name != named.name]), named)
    found, weight = plan(question, columns), ANY_WEIGHT.search(question or "")
    if weight is not None and found.method != "cohen_kappa":
        found = _unclear(found, weight.group())
    return found if counting is None else _counted(found, counting, columns)


def warned(found: Plan, columns: Sequence[Column]) -> Plan:
    """Return a plan that was chosen; with a note where a row is taken as one case and a column says more."""
    counting = next((column.name for column in columns if column.weighs), None)
    if counting is None or counting in found.columns.values() or not found.columns:
        return found
    note = (
        f"{ROWS_ONCE}each row is counted once, though '{counting}' seems to say how many cases a row stands "
        f"for; give it in the role '{CASES}' to count the cases."
    )
    return replace(found, notes=(note, *found.notes))


def _asked(question: str | None, columns: Sequence[Column]) -> tuple[str | None, Column | None]:
    """Return the question without the words that name a column of counts, and that column."""
    if question is None:
        return None, None
    by_name = {column.name.casefold(): column for column in columns}
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    for pattern in WEIGHTED if names else ():
        found = re.search(pattern.replace("{names}", names), question, re.IGNORECASE)
        if found is not None:
            rest = f"{question[: found.start()].rstrip(' ,;(')} {question[found.end() :].lstrip(' ,;)')}"
            return rest.strip(), by_name[found["name"].casefold()]
    return question, None


def _weighted(found: Plan, named: Column) -> Plan:
    """Return a plan for a question that says which column weighs the rows."""
    if not can_count(named):
        why = (
            f"'{named.name}' is to weigh the rows, and does not hold whole numbers from 0 in every row: "
            "weights other than counts of cases are not computed with."
        )
        return clarify.rather_ask(found, why)
    if named.weighs or counts(named) or found.needs_clarification:
        return _of_cases(found, named)
    return _asked_back(found, named)


def _unclear(found: Plan, word: str) -> Plan:
    why = (
        f"By '{word}' the question asks for weights; name the column that says how many cases each row "
        "stands for, as in 'weighted by n'. Other weights are not computed with."
    )
    return replace(found, because=why) if found.needs_clarification else clarify.rather_ask(found, why)


def _counted(found: Plan, counting: Column, columns: Sequence[Column]) -> Plan:
    """Return a plan about the cases of a table whose columns say that its rows are none."""
    name = counting.name
    if name in {one.column for one in found.where}:
        back = clarify.rather_ask(found, f"{_stands(name)} It is not sure what rows chosen by it mean.")
        return _of_cases(back, counting)
    if name in found.columns.values():
        return _of_counts(found, counting, columns)
    if found.needs_clarification:
        return replace(found, alternatives=tuple(_offered(one, counting) for one in found.alternatives))
    if found.method == "profile" and not found.columns:
        return found
    if found.method not in OF_CASES or not is_clear(name):
        return _asked_back(found, counting)
    return _of_cases(found, counting)


def _stands(name: str) -> str:
    return f"Each row of this table seems to stand for as many cases as '{name}' says."


def _of_cases(found: Plan, counting: Column) -> Plan:
    """Return a plan that counts cases; one that asks back offers readings that do."""
    if found.needs_clarification:
        return replace(found, alternatives=tuple(_offered(one, counting) for one in found.alternatives))
    if found.method == "profile" and not found.columns:
        return found
    if found.method not in OF_CASES:
        return _asked_back(found, counting)
    rows = Alternative(
        found.method, found.columns, f"{_reading(found)} (each row counted once)", 0.1, found.params
    )
    note = (
        f"Each row of the table stands for as many cases as '{counting.name}' says; these cases are counted, "
        "and where rows are spoken of, each case is one."
    )
    return replace(
        found,
        columns={**found.columns, CASES: counting.name},
        alternatives=(*(_offered(one, counting) for one in found.alternatives), rows),
        notes=(note, *found.notes),
    )


def _reading(found: Plan) -> str:
    return in_words(dict(found.columns), dict(found.params))


def _offered(one: Alternative, counting: Column) -> Alternative:
    """Return a reading that counts cases, where its method does and the counts are not what it is about."""
    if one.method not in OF_CASES or counting.name in one.columns.values() or not one.columns:
        return one
    return replace(one, columns={**one.columns, CASES: counting.name})


def _asked_back(found: Plan, counting: Column) -> Plan:
    """Ask which is meant, offering the cases first where the method takes them."""
    back = clarify.rather_ask(found, "")
    if found.method in OF_CASES:
        cases = _offered(back.alternatives[0], counting)
        rows = replace(back.alternatives[0], reading=f"{_reading(found)} (each row counted once)")
        back = replace(back, alternatives=(cases, rows, *(_offered(o, counting) for o in found.alternatives)))
        why = f"{_stands(counting.name)} Are the cases to be counted, or the rows?"
    else:
        why = (
            f"{_stands(counting.name)} This method takes each row as one; write one row for each case, "
            "and ask again."
        )
    return replace(back, because=why)


def _of_counts(found: Plan, counting: Column, columns: Sequence[Column]) -> Plan:
    """Return a plan about the counts themselves, unless the table tells how cases ended."""
    if found.needs_clarification or found.method == "profile":
        return found
    others = [column for column in columns if column.name != counting.name]
    if counts(counting) and not any(is_event(column.levels) for column in others):
        note = f"The values of '{counting.name}' are compared row by row, each as one measurement."
        return replace(found, notes=(note, *found.notes))
    why = (
        f"{_stands(counting.name)} A test of '{counting.name}' itself would take each row as one "
        "measurement; ask how the other columns go together to have the cases counted."
    )
    return clarify.rather_ask(found, why)
