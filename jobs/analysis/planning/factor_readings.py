"""Read questions about one number by two groupings, with or without how the two work together.

Only where no more than a number and two groupings are named, and none of them by single values; else the plan
asks back.
"""

import re
from collections.abc import Sequence

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning import asking, clarify, doubts, selection
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading, compare, is_grouping, is_measured
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column

LEAST_CONFIDENCE = 0.55
# Both groupings stand as what the number may differ by.
JOINED = re.compile(
    r"_\W*(?:and|&|x|×|\*|as well as|,|or|,? and (?:by|on|between))(?: (?:the|by|on|between))*\W*_"
)
MARKERS = re.compile(
    r"\bby\b|\bacross\b|\bdepend|\bdiffer|\bvar(?:y|ies)\b|\bbetween\b|\beffects? of\b|\binfluence|\baffect|"
    r"\bcompar|\banova\b|\bfunction of\b|\bfactorial\b|\bmatter|\bimpact"
)
COUNTED = re.compile(r"\b(?:how many|number of|count of|counts of)\b")


def read(linked: Linked, names: Sequence[Column]) -> Plan | None:
    """Return the plan for a question about a number by two groupings; None for any other question."""
    if len(names) != 3 or any(mention.ambiguous for mention in linked.mentions):
        return None
    numbers = [column for column in names if column.role == "number" and is_measured(column)]
    groups = [column for column in names if column not in numbers and is_grouping(column)]
    if len(numbers) != 1 or len(groups) != 2 or _by_values(linked, groups):
        return None
    if COUNTED.search(linked.text.lower()):
        return None  # a count is modelled by its own methods
    kind = asking.unavailable(linked)
    together = kind is not None and kind.name == "interaction"
    if kind is not None and not together:
        return None
    text = linked.without_names()
    if not together and not (JOINED.search(text) and MARKERS.search(text)):
        return None
    return _settled(_reading(numbers[0], groups, together=together), linked, numbers[0], groups)


def _by_values(linked: Linked, groups: Sequence[Column]) -> bool:
    """Return whether a grouping is named by one of its values alone, which selects rows."""
    for group in groups:
        own = [m.best for m in linked.mentions if m.best.column.name == group.name]
        if all(match.value is not None for match in own) and len({match.value for match in own}) < 2:
            return True
    return False


def _reading(number: Column, groups: Sequence[Column], *, together: bool) -> Reading:
    first, second = groups
    columns = {"outcome": number.name, "factor_1": first.name, "factor_2": second.name}
    for group in groups:
        if group.distinct > MOST_GROUPS:
            problem = (
                f"column '{group.name}' has {group.distinct} groups; a factor takes at most {MOST_GROUPS}"
            )
            return Reading("profile", {}, "", problem)
    because = f"'{number.name}' is compared by '{first.name}' and '{second.name}' together"
    if together:
        because = (
            f"whether how '{number.name}' differs by '{first.name}' depends on '{second.name}' is tested"
        )
    return Reading("two_way_anova", columns, because, params={"focus": "interaction"} if together else {})


def _settled(reading: Reading, linked: Linked, number: Column, groups: Sequence[Column]) -> Plan:
    others = tuple(compare(number, group) for group in groups)
    if reading.problem is not None:
        return clarify.ask(linked, clarify.sentence(reading.problem), clarify.alternatives(others), 0.3)
    offered = clarify.alternatives((reading, *others))
    why = doubts.restricted_to(linked) or selection.selected_rows(linked)
    why = why or selection.other_statistic(linked, reading, "")
    if why is not None:
        return clarify.ask(linked, why, offered, 0.4)
    confidence, doubt = doubts.confidence_in(linked)
    if confidence < LEAST_CONFIDENCE:
        return clarify.ask(linked, doubt, offered, confidence)
    return Plan(
        "factorial",
        reading.method,
        reading.columns,
        round(confidence, 2),
        clarify.sentence(reading.because),
        clarify.read_as(linked),
        tuple(one.as_alternative(confidence * 0.4) for one in others if one.problem is None),
        params=reading.params,
        notes=(doubt,) if doubt else (),
    )
