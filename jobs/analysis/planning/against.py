"""Read what is set against selected rows: "when smoke is 1 versus 0", "of smokers minus nonsmokers".

The words after one value select nothing where the other side of the comparison follows: the two are compared.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.catalogue import INTENTS
from jobs.analysis.planning import clarify
from jobs.analysis.planning.adjusted_readings import in_strata
from jobs.analysis.planning.readings import Reading, compare, count, is_measured
from jobs.analysis.planning.restricting import Rows
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan, ReadAs
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import words_of

SET_AGAINST = re.compile(
    r"\b(?:versus|vs\.?|minus|compared (?:with|to)|in comparison (?:with|to)|against|relative to|rather than|"
    r"as opposed to|than|over)\b(?P<tail>[^,;?]*)"
)
OTHERS = re.compile(r"\b(?:non\w+|not|without|others?|rest|the remaining|never|no)\b")
ONE_SIDED = ("profile", "one_sample_t_test", "one_sample_signed_rank", "binomial_test")
SURE = 0.75


def compared(question: str, rows: Rows, found: Plan, columns: Sequence[Column]) -> Plan | None:
    """Return the comparison with the other side, where one of two values was taken to select rows."""
    chosen = [one for one in rows.conditions if one.comparison == "is" and len(one.values) == 1]
    text = re.sub(r"\bnon-", "non", question.lower())
    said = SET_AGAINST.search(text)
    if len(chosen) != 1 or said is None:
        return None
    column = next(one for one in columns if one.name == chosen[0].column)
    if column.distinct != 2 or not _names_other(column, chosen[0], said["tail"]):
        return None
    by_name = {one.name: one for one in columns}
    kept = tuple(one for one in rows.conditions if one is not chosen[0])
    rest = replace(rows, conditions=kept)
    reading = _reading(found, column, by_name)
    if reading is None:
        return None
    because = f"{reading.because}; '{said.group().strip()}' sets its values against each other"
    read_as = (*found.read_as, ReadAs(said.group().strip(), column.name, "the other of its values", None))
    plan = Plan(
        INTENTS[reading.method], reading.method, reading.columns, SURE, clarify.sentence(because), read_as
    )
    if found.method not in ONE_SIDED:
        plan = clarify.rather_ask(
            plan,
            f"The question compares the values of '{column.name}', apart from "
            f"'{_further(found, reading)}'; is the comparison within its values meant?",
        )
    return rest.applied(plan)


def _further(found: Plan, reading: Reading) -> str:
    return reading.columns.get("stratum", next(iter(found.columns.values())))


def _names_other(column: Column, one: Condition, tail: str) -> bool:
    """Return whether the words after "versus" name the other value: whole, by a word of it, or as "non"."""
    words = set(re.findall(r"[^\W_]+", tail))
    taken = one.values[0]
    mine = f"{taken:g}" if isinstance(taken, float) else str(taken)
    others = [level for level in column.levels if level.casefold() != mine.casefold()]
    own = set(words_of(mine))
    return any(words & (set(words_of(level)) - own) for level in others) or OTHERS.search(tail) is not None


def _reading(found: Plan, column: Column, by_name: dict[str, Column]) -> Reading | None:
    """Return the comparison by `column` of what the plan is about."""
    if found.method in ONE_SIDED or (found.needs_clarification and len(found.columns) == 1):
        outcome = by_name.get(found.columns.get("outcome", ""))
        if outcome is None:
            return None
        numeric = is_measured(outcome) and outcome.role == "number"
        reading = compare(outcome, column) if numeric else count(column, outcome)
    elif set(found.columns) == {"row", "column"}:
        first, second = (by_name[found.columns[role]] for role in ("column", "row"))
        reading = in_strata(column, first, second)
    else:
        return None
    return None if reading.problem else reading
