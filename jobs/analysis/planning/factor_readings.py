"""Read questions about one number by two groupings, with or without how the two work together.

Only where no more than a number and two groupings are named, and none of them by single values; else the plan
asks back.
"""

import re
from collections.abc import Sequence

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning import asking
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading, compare, is_grouping, is_measured
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column

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
    first = linked.between(names[0], names[1])
    goes_by = numbers[0] is not names[0] and asking.EXPLAINS_SECOND.search(first)
    if not together and (goes_by or asking.EXPLAINS_FIRST.search(first)):
        return (
            None  # "churn by plan and income" is about churn; "does smoking affect a and b" about two things
        )
    if not together and not (JOINED.search(text) and MARKERS.search(text)):
        return None
    others = tuple(compare(numbers[0], group) for group in groups)
    return settled(_reading(numbers[0], groups, together=together), linked, others)


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
