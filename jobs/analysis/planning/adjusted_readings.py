"""Read questions about two columns with others held equal: "income by gender, adjusting for age".

A number by groups with numbers held equal is compared by an analysis of covariance, two categories are
compared within a third one, and everything else is a model.
"""

from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning import clarify, holding
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import (
    Reading,
    first_explains,
    is_grouping,
    is_measured,
    is_scale,
    unusable,
)
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.events import says_yes

MOST_COVARIATES = 4


def read(linked: Linked, names: Sequence[Column]) -> Plan | None:
    """Return the plan where two columns are named and others are held equal; None for any other question."""
    held = holding.held(linked)
    if held is None or any(mention.ambiguous for mention in linked.mentions):
        return None
    kept = [column for column in names if column.name in held.names]
    others = [column for column in names if column.name not in held.names]
    if len(others) != 2 or any(unusable(column) for column in names):
        return None
    many = any(column.role != "number" and column.distinct > MOST_GROUPS for column in names)
    if many or any(_by_one_value(linked, column) for column in names):
        return None
    found = _readings(others, kept, linked)
    if not found:
        return None
    return settled(found[0], _understood(linked, held), found[1:])


def _by_one_value(linked: Linked, column: Column) -> bool:
    """Return whether a column of several groups is named by one of them alone."""
    own = [m.best.value for m in linked.mentions if m.best.column.name == column.name]
    return None not in own and len(set(own)) < 2 and column.distinct > 2


def _readings(others: Sequence[Column], kept: Sequence[Column], linked: Linked) -> list[Reading]:
    """Return how two columns can be compared with others held equal, the likeliest first."""
    numbers = [column for column in others if is_measured(column) and column.role == "number"]
    groups = [column for column in others if column not in numbers and is_grouping(column)]
    if len(numbers) + len(groups) != 2:
        return []
    effect = _effect(others, linked)
    if len(numbers) == 1 and effect is not groups[0]:
        return _of_number(numbers[0], groups[0], kept)
    if len(groups) == 2:
        return _of_groups(effect or others[1], others, kept)
    if effect is None:  # "are a and b related at equal c": the coefficient of either has the same p-value
        return [_model(others[0], [others[1], *kept])] if len(numbers) == 2 else []
    cause = others[0] if effect is others[1] else others[1]
    return [_model(effect, [cause, *kept])] if effect.distinct == 2 or effect.role == "number" else []


def _effect(others: Sequence[Column], linked: Linked) -> Column | None:
    """Return the column that the other one explains, by the words; None where they do not say."""
    text = linked.without_names()
    explains = first_explains(text, linked.between(others[0], others[1]))
    return None if explains is None else others[1] if explains else others[0]


def _of_number(outcome: Column, group: Column, kept: Sequence[Column]) -> list[Reading]:
    model = _model(outcome, [group, *kept])
    numbers = all(is_measured(column) and (column.role == "number" or is_scale(column)) for column in kept)
    if not numbers or len(kept) > MOST_COVARIATES or group.distinct > MOST_GROUPS:
        return [model]
    columns = {"outcome": outcome.name, "group": group.name}
    columns |= {f"covariate_{place}": column.name for place, column in enumerate(kept, start=1)}
    because = f"'{outcome.name}' is compared by '{group.name}' with {_listed(kept)} held equal"
    return [Reading("ancova", columns, because), model]


def _of_groups(effect: Column, others: Sequence[Column], kept: Sequence[Column]) -> list[Reading]:
    cause = next(column for column in others if column is not effect)
    models = [_model(effect, [cause, *kept])] if effect.distinct == 2 else []
    if len(kept) != 1 or not is_grouping(kept[0]) or kept[0].distinct > MOST_GROUPS:
        return models
    if any(column.distinct > MOST_GROUPS for column in others):
        return models
    return [in_strata(others[0], others[1], kept[0]), *models]


def in_strata(row: Column, column: Column, stratum: Column, *, differing: bool = False) -> Reading:
    """Return the association of two categories within a third; the odds are of what says yes.

    `differing` asks whether it differs between the values of the third, not what it is at equal ones.
    """
    if says_yes(row.levels) and not says_yes(column.levels):
        row, column = column, row
    because = (
        f"'{row.name}' and '{column.name}' are categories and are compared within the values of "
        f"'{stratum.name}'"
    )
    columns = {"row": row.name, "column": column.name, "stratum": stratum.name}
    if not differing:
        return Reading("cochran_mantel_haenszel", columns, because)
    many = next((one for one in (row, column, stratum) if one.distinct > MOST_GROUPS), None)
    problem = None if many is None else f"column '{many.name}' has {many.distinct} values, too many"
    because = (
        f"whether how '{row.name}' and '{column.name}' go together differs between the values of "
        f"'{stratum.name}' is tested"
    )
    return Reading("cochran_mantel_haenszel", columns, because, problem, params={"focus": "interaction"})


def _model(outcome: Column, predictors: Sequence[Column]) -> Reading:
    columns = {"outcome": outcome.name}
    columns |= {f"predictor_{place}": column.name for place, column in enumerate(predictors, start=1)}
    method = "logistic_regression" if outcome.distinct == 2 else "linear_regression"
    because = f"'{outcome.name}' is modelled by {_listed(predictors)} together, so that each is held equal"
    return Reading(method, columns, because)


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(f"'{column.name}'" for column in columns)


def _understood(linked: Linked, held: holding.Held) -> Linked:
    """Return the question with the words that hold columns equal as a mention, so that they count as read."""
    inside = [i for i, t in enumerate(linked.tokens) if held.start <= t.start < held.end]
    own = [m for m in linked.mentions if m.best.column.name in held.names and m.first in inside]
    if not own:
        return linked
    wide = replace(own[0], first=inside[0], last=inside[-1] + 1)
    kept = [m for m in linked.mentions if m.first not in inside]
    more = [replace(one, first=wide.first, last=wide.last) for one in own[1:]]
    return clarify.with_mentions(linked, (*kept, wide, *more))
