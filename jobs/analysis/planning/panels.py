"""Ask back where a few things were followed over many times, and the plan mixes their rows: shops by month.

What differs between the things can turn round what goes together within each of them (Simpson 1951), and
rows of one thing at times that follow each other are alike. The same for one of them is offered, or a model
with them.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jobs.analysis.planning.clarify import rather_ask
from jobs.analysis.planning.repeated_rows import occasions
from jobs.analysis.planning.saying import in_words
from jobs.analysis.planning.timely import is_time
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.condition import in_words as where_in_words
from jobs.analysis.results.result import Alternative, Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.kinds import head_of
from jobs.analysis.tables.units import listed

MOST_OFFERED = 3
DONE = frozenset(
    listed(
        "shift schicht treatment trt arm condition cond group grp gruppe behandlung bedingung phase period "
        "session "
        "daytime half part time drug dose diet"
    )
)


def heeded(plan: Plan, columns: Sequence[Column], parquet: Path) -> Plan:
    """Return the plan, asked back where it takes all rows of a panel as independent.

    Parameters
    ----------
    plan : Plan
        One with a p-value, that compares nothing within subjects.
    columns : sequence of Column
        Of the table.
    parquet : Path
        The typed table.
    """
    for time in columns:
        things = occasions(time, columns, parquet) if is_time(time) and time.distinct < time.rows else None
        if things is None or not things.levels or things.name in plan.columns.values() or _is_done(things):
            continue
        if any(one.column == things.name and len(one.values) == 1 for one in plan.where):
            continue
        told = (
            f"Each of the {things.distinct} values of '{things.name}' has one row for each '{time.name}', "
            "and the "
            f"method takes all rows as independent and alike: what differs between the values of "
            f"'{things.name}' "
            "may hide or turn round what goes together within each."
        )
        if plan.explicit:
            return replace(plan, notes=(f"Read with care: {told}", *plan.notes))
        return _asked_back(plan, things, told)
    return plan


def _is_done(column: Column) -> bool:
    """Return whether two values say what was done to one thing, as day and night do, rather than name two."""
    return column.distinct == 2 and head_of(column.name) in DONE


def _asked_back(plan: Plan, things: Column, told: str) -> Plan:
    back = rather_ask(plan, f"{told} Choose one of them, or a model that has '{things.name}' in it.")
    all_rows = replace(back.alternatives[0], confidence=0.1, where=plan.where)
    return replace(back, alternatives=(*_with(plan, things), *_within(plan, things), all_rows))


def _with(plan: Plan, things: Column) -> tuple[Alternative, ...]:
    """Return the plan with the things as a further factor or predictor, where there is one."""
    given = dict(plan.columns)
    if set(given) == {"x", "y"}:
        method = "linear_regression"
        named = {"outcome": given["y"], "predictor_1": given["x"], "predictor_2": things.name}
    elif set(given) == {"outcome", "group"}:
        method = "two_way_anova"
        named = {"outcome": given["outcome"], "factor_1": given["group"], "factor_2": things.name}
    elif "predictor_1" in given:
        method, named = plan.method, {**given, f"predictor_{len(given)}": things.name}
    else:
        return ()
    return (Alternative(method, named, in_words(named, {}), 0.5, {}, plan.where),)


def _within(plan: Plan, things: Column) -> tuple[Alternative, ...]:
    offered = []
    asked = in_words(dict(plan.columns), dict(plan.params)).rstrip("?")
    for place, level in enumerate(things.levels[:MOST_OFFERED]):
        where = (*plan.where, Condition(things.name, "is", (level,)))
        reading = f"{asked}, where {where_in_words(where)}?"
        confidence = round(0.4 / (place + 1), 2)
        offered.append(Alternative(plan.method, plan.columns, reading, confidence, plan.params, where))
    return tuple(offered)
