"""Read questions whether a thing matters more in one group: "does dose matter more for OJ than VC".

Two values of one column are set against each other, and what is compared is the effect of another one. That
is an interaction of the two; how often the two columns occur together answers nothing.
"""

import re
from collections.abc import Sequence

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning import clarify
from jobs.analysis.planning.adjusted_readings import in_strata
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading, is_grouping, is_measured, unusable
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import says_yes

_EFFECT = (
    r"(?:matter(?:s|ed)?|work(?:s|ed|ing)?|help(?:s|ed)?|effects?|effective(?:ness)?|(?:up)?lifts?|impacts?|"
    r"influences?|benefits?|benefit(?:s|ed)? from|advantages?|affects?|pays? off|makes? (?:a|more of a|"
    r"less of a|"
    r"any) difference|success(?:ful)?|respon(?:d|ds|se)|hurts?|harms?)"
)
EFFECT = re.compile(rf"\b{_EFFECT}\b")
DEGREE = re.compile(
    r"\b(?:more|less|better|worse|stronger|strongly|weaker|larger|bigger|smaller|greater|same|equal(?:ly)?|"
    r"as (?:much|well|strongly|big|large|good)|different(?:ly)?|differs?|only|alike)\b"
)
MOST_OFFERED = 4


def read(linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the plan for such a question, which asks back where its outcome is unsaid; None for others."""
    text = linked.without_names()
    if any(mention.ambiguous for mention in linked.mentions) or not (
        EFFECT.search(text) and DEGREE.search(text)
    ):
        return None
    over = next((column for column in names if _set_side_by_side(column, linked)), None)
    if over is None:
        return None
    rest = [column for column in names if column is not over]
    causes = [column for column in rest if is_grouping(column)]
    numbers = [column for column in rest if is_measured(column) and column.role == "number"]
    if len(causes) == 2 and not numbers:
        return _of_two(causes, over, linked)
    if len(causes) != 1 or len(numbers) > 1 or len(rest) != len(causes) + len(numbers):
        return None
    return _of_number(causes[0], over, numbers, linked, columns)


def _set_side_by_side(column: Column, linked: Linked) -> bool:
    """Return whether two values of a column are set against each other: "on mobile than on desktop"."""
    own = [m for m in linked.mentions if m.best.column.name == column.name and m.best.value is not None]
    if len({m.best.value for m in own}) < 2:
        return False
    between = linked.text[linked.tokens[own[0].last - 1].end : linked.tokens[own[-1].first].start].lower()
    return re.search(r"\b(?:than|and|as|vs|versus|or|but not)\b", between) is not None


def _of_number(
    cause: Column, over: Column, named: Sequence[Column], linked: Linked, columns: Sequence[Column]
) -> Plan:
    others = [c for c in columns if c.name not in (cause.name, over.name) and unusable(c) is None]
    numbers = [column for column in others if is_measured(column) and column.role == "number"]
    outcomes = list(named) or numbers
    found = [_two_way(outcome, cause, over) for outcome in outcomes]
    yes_no = [] if named else [c for c in others if c.distinct == 2 and (says_yes(c.levels) or _is_flag(c))]
    if named or (len(found) == 1 and not yes_no):
        notes = [] if named else [f"No number is named; '{outcomes[0].name}' is the only one in the table."]
        return settled(found[0], linked, notes=notes)
    strata = (in_strata(cause, c, over, differing=True) for c in yes_no)
    offered = clarify.alternatives((*strata, *found)[:MOST_OFFERED])
    why = (
        f"The question asks whether the effect of '{cause.name}' differs between values of "
        f"'{over.name}', and "
        "not on what; name the column that it may have an effect on."
    )
    return clarify.ask(linked, why, offered, 0.4)


def _is_flag(column: Column) -> bool:
    return tuple(column.levels) == ("0", "1") or column.dtype == "boolean"


def _of_two(causes: Sequence[Column], over: Column, linked: Linked) -> Plan:
    """Return the test whether the association of two categories differs between the values of a third."""
    return settled(in_strata(causes[0], causes[1], over, differing=True), linked)


def differing(row: str, column: str, stratum: str) -> str:
    """Say what the test within strata tells about a difference between them."""
    return (
        f"The question asks whether the association of '{row}' and '{column}' differs between values of "
        f"'{stratum}'. The test offered is about the association that they have in common; beside it "
        f"stands the "
        "Breslow-Day test of whether it differs."
    )


def _two_way(outcome: Column, cause: Column, over: Column) -> Reading:
    many = next((one for one in (cause, over) if one.distinct > MOST_GROUPS), None)
    if many is not None:
        return Reading(
            "profile", {}, "", f"column '{many.name}' has {many.distinct} groups, too many for a factor"
        )
    because = f"whether how '{outcome.name}' differs by '{cause.name}' depends on '{over.name}' is tested"
    given = {"outcome": outcome.name, "factor_1": cause.name, "factor_2": over.name}
    return Reading("two_way_anova", given, because, params={"focus": "interaction"})
