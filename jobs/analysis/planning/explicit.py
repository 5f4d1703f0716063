"""Plan what the asker chose: a method and its columns."""

from collections.abc import Mapping, Sequence

from jobs.analysis.catalogue import (
    METHOD_TITLES,
    MOST_GROUPS,
    MOST_POOLED_GROUPS,
    NUMBER_ROLES,
    POOLING_METHODS,
    PREDICTORS,
    STEP_ROLES,
    YES_NO_METHODS,
    check_choice,
    check_params,
    intent_of,
    usual_name,
)
from jobs.analysis.design_catalogue import CASES, NUMBERS_TO_SCAN, RATED
from jobs.analysis.planning.where import narrowed
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan, ReadAs
from jobs.analysis.tables.columns import Column, is_ordered_text
from jobs.errors import UnsuitableData

OF_TWO_VALUES = frozenset({"mcnemar_test", "cochran_q_test"})  # but for the subject, which is any column
ANY_COLUMN = frozenset({"profile", "missing_values"})  # methods that take a column of any kind
# What compares several groups as the method compares two.
FOR_MORE_GROUPS: Mapping[str, str] = {
    "welch_t_test": "welch_anova",
    "student_t_test": "one_way_anova",
    "mann_whitney_u": "kruskal_wallis",
}


def explicit_plan(
    method: str,
    given: Mapping[str, str],
    columns: Sequence[Column],
    *,
    question: str | None = None,
    params: Mapping[str, float | str] | None = None,
    where: Sequence[Condition] = (),
) -> Plan:
    """Return the plan for a method and columns that the asker chose; the data will not change the method.

    Parameters
    ----------
    given : mapping of role to column name
        Every role of `METHOD_ROLES[method]`.
    question : str, optional
        Kept for the caller's record only: the choice was made, so it is not read.
    params : mapping of name to value, optional
        What `METHOD_PARAMS` asks for: the value that a column is compared with.
    where : sequence of Condition
        Which rows it is about; a group that they leave out does not count as one.

    Raises
    ------
    UnknownMethod, UnknownColumn
        With what is close to the name given, and what there is.
    UnsuitableData
        A role is missing or unknown, or a column's type does not fit its role.
    """
    del question
    method = usual_name(method)
    by_name = {column.name: column for column in narrowed(columns, where)}
    check_choice(method, given, by_name)
    check_params(method, params or {})
    title = METHOD_TITLES[method]
    for role, name in given.items():
        if role == CASES:
            _check_cases(by_name[name])
        else:
            _check_role(method, role, by_name[name])
    read_as = tuple(ReadAs(name, name, "given") for name in given.values())
    scanned = every_number(columns) if method == "outliers" and not given else dict(given)
    because = (
        f"The method and its columns were given: {title}." if given else f"The method was given: {title}."
    )
    return Plan(
        intent_of(method, given),
        method,
        scanned,
        1.0,
        because,
        read_as,
        explicit=True,
        params=dict(params or {}),
        where=tuple(where),
    )


def every_number(columns: Sequence[Column]) -> dict[str, str]:
    """Give a role to each column of numbers, as many as can be looked through at once."""
    names = [column.name for column in columns if column.role == "number"]
    return dict(zip(NUMBERS_TO_SCAN, names, strict=False))


def _check_role(method: str, role: str, column: Column) -> None:
    """Raise `UnsuitableData` when a column's type does not fit its role."""
    what = f"Column '{column.name}'"
    if method in ANY_COLUMN:
        return
    if method == "binomial_test" and column.role != "empty":
        return
    if column.role in ("empty", "constant"):
        state = "has no values" if column.role == "empty" else "has the same value in every row"
        raise UnsuitableData(f"{what} {state}, so it cannot be the {role} of {METHOD_TITLES[method]}")
    if (role == "outcome" and method in YES_NO_METHODS) or (
        role not in ("group", "subject") and method in OF_TWO_VALUES
    ):
        _check_yes_no(column)
        return
    if role in NUMBER_ROLES and method not in RATED:
        in_steps = role in STEP_ROLES.get(method, ()) and is_ordered_text(column)
        if column.dtype not in ("integer", "number") and not in_steps:
            raise UnsuitableData(
                f"{what} holds {column.dtype}, not numbers; choose a number for the role '{role}'"
            )
        return
    if role in (*PREDICTORS, "time", "subject", "stratum"):
        _check_free(role, column)
        return
    if column.distinct > (most := MOST_POOLED_GROUPS if method in POOLING_METHODS else MOST_GROUPS):
        raise UnsuitableData(
            f"{what} has {column.distinct} different values; the role '{role}' takes at most {most}"
        )
    if method in FOR_MORE_GROUPS and column.distinct != 2:
        other = FOR_MORE_GROUPS[method]
        raise UnsuitableData(
            f"{what} has {column.distinct} groups, {METHOD_TITLES[method]} compares two; choose {other}"
        )


def _check_cases(column: Column) -> None:
    """Raise `UnsuitableData` when a column cannot say how many cases each row stands for."""
    if column.dtype != "integer" or column.missing or column.invalid or (column.low or 0.0) < 0.0:
        raise UnsuitableData(
            f"Column '{column.name}' cannot say how many cases a row stands for: that takes whole numbers "
            "from 0 in every row"
        )


def _check_yes_no(column: Column) -> None:
    """Raise `UnsuitableData` when a column has not exactly two values."""
    if column.distinct != 2:
        raise UnsuitableData(
            f"Column '{column.name}' has {column.distinct} different values; a yes/no outcome has two"
        )


def _check_free(role: str, column: Column) -> None:
    """Raise `UnsuitableData` when a column says nothing of time, or is no number and no small category.

    A subject or a stratum may be anything.
    """
    if role == "time" and column.dtype not in ("date", "datetime", "integer", "number"):
        raise UnsuitableData(f"Column '{column.name}' holds {column.dtype}, no dates and no numbers")
    if role in ("time", "subject", "stratum"):
        return
    if column.role == "date":
        raise UnsuitableData(f"Column '{column.name}' holds dates, which no model takes as a predictor")
    if column.dtype not in ("integer", "number") and column.distinct > MOST_GROUPS:
        raise UnsuitableData(
            f"Column '{column.name}' has {column.distinct} different values; a category in a model takes at "
            f"most {MOST_GROUPS}"
        )
