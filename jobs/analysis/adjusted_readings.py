"""Read questions about groups compared with numbers held equal: "income by gender, adjusting for age"."""

import re
from collections.abc import Sequence

from jobs.analysis import clarify, doubts, selection
from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.columns import Column
from jobs.analysis.linking import Linked
from jobs.analysis.readings import Reading, compare, is_grouping, is_measured
from jobs.analysis.result import Plan

LEAST_CONFIDENCE = 0.55
MOST_COVARIATES = 4
HELD = re.compile(r"\b(?:control\w*|adjust\w*|account\w*|correct\w*|allow\w*) for\b")


def read(linked: Linked, names: Sequence[Column]) -> Plan | None:
    """Return the plan where a number, one grouping and then the numbers held equal are named; else None."""
    held = list(HELD.finditer(linked.without_names()))
    if len(held) != 1 or any(mention.ambiguous for mention in linked.mentions):
        return None
    start = held[0].start()
    before, after = _around(linked, names, start)
    outcomes = [column for column in before if column.role == "number" and is_measured(column)]
    groups = [column for column in before if column not in outcomes and is_grouping(column)]
    numbers = [column for column in after if column.role == "number" and is_measured(column)]
    if len(outcomes) != 1 or len(groups) != 1 or len(before) != 2:
        return None
    if not after or len(numbers) != len(after) or len(after) > MOST_COVARIATES:
        return None
    if groups[0].distinct > MOST_GROUPS or _by_one_value(linked, groups[0]):
        return None
    columns = {"outcome": outcomes[0].name, "group": groups[0].name}
    columns |= {f"covariate_{place}": column.name for place, column in enumerate(after, start=1)}
    listed = ", ".join(f"'{column.name}'" for column in after)
    because = f"'{outcomes[0].name}' is compared by '{groups[0].name}' with {listed} held equal"
    return _settled(Reading("ancova", columns, because), linked, compare(outcomes[0], groups[0]))


def _around(linked: Linked, names: Sequence[Column], start: int) -> tuple[list[Column], list[Column]]:
    """Part the columns by where they are first named."""
    first: dict[str, int] = {}
    for mention in linked.mentions:
        first.setdefault(mention.best.column.name, linked.tokens[mention.first].start)
    before = [column for column in names if first[column.name] < start]
    return before, [column for column in names if first[column.name] > start]


def _by_one_value(linked: Linked, group: Column) -> bool:
    own = [m.best.value for m in linked.mentions if m.best.column.name == group.name]
    return None not in own and len(set(own)) < 2


def _settled(reading: Reading, linked: Linked, other: Reading) -> Plan:
    offered = clarify.alternatives((reading, other))
    why = doubts.restricted_to(linked) or selection.selected_rows(linked)
    why = why or selection.other_statistic(linked, reading, "")
    if why is not None:
        return clarify.ask(linked, why, offered, 0.4)
    confidence, doubt = doubts.confidence_in(linked)
    if confidence < LEAST_CONFIDENCE:
        return clarify.ask(linked, doubt, offered, confidence)
    return Plan(
        "compare_adjusted",
        reading.method,
        reading.columns,
        round(confidence, 2),
        clarify.sentence(reading.because),
        clarify.read_as(linked),
        (other.as_alternative(confidence * 0.4),) if other.problem is None else (),
        notes=(doubt,) if doubt else (),
    )
