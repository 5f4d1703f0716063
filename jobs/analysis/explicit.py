"""Plan what the asker chose: a method and its columns."""

import difflib
from collections.abc import Mapping, Sequence

from jobs.analysis.catalogue import INTENTS, METHOD_ROLES, METHOD_TITLES, MOST_GROUPS, OPTIONAL_ROLES
from jobs.analysis.columns import Column
from jobs.analysis.result import Plan, ReadAs
from jobs.errors import UnknownColumn, UnknownMethod, UnsuitableData


def explicit_plan(
    method: str, given: Mapping[str, str], columns: Sequence[Column], *, question: str | None = None
) -> Plan:
    """Return the plan for a method and columns that the asker chose; the data will not change the method.

    Parameters
    ----------
    given : mapping of role to column name
        Every role of `METHOD_ROLES[method]`.
    question : str, optional
        Kept for the caller's record only: the choice was made, so it is not read.

    Raises
    ------
    UnknownMethod, UnknownColumn
        With what is close to the name given, and what there is.
    UnsuitableData
        A role is missing or unknown, or a column's type does not fit its role.
    """
    del question
    if method not in METHOD_ROLES:
        raise UnknownMethod(f"there is no method '{method}'{_close(method, METHOD_ROLES)}")
    title = METHOD_TITLES[method]
    _check_names(method, given)
    by_name = {column.name: column for column in columns}
    for role, name in given.items():
        if name not in by_name:
            raise UnknownColumn(f"the table has no column '{name}'{_close(name, by_name)}")
        _check_role(method, role, by_name[name])
    if len(set(given.values())) < len(given):
        raise UnsuitableData(
            f"{title} needs different columns; '{next(iter(given.values()))}' was given twice"
        )
    read_as = tuple(ReadAs(name, name, "given") for name in given.values())
    because = (
        f"The method and its columns were given: {title}." if given else f"The method was given: {title}."
    )
    return Plan(INTENTS[method], method, dict(given), 1.0, because, read_as, explicit=True)


def _check_names(method: str, given: Mapping[str, str]) -> None:
    """Raise `UnsuitableData` when a role is missing, or is not one of the method."""
    roles = METHOD_ROLES[method]
    title = METHOD_TITLES[method]
    allowed = (*roles, *OPTIONAL_ROLES.get(method, ()))
    for role in given:
        if role not in allowed:
            raise UnsuitableData(
                f"{title} has no role '{role}'; its roles are: {', '.join(allowed) or 'none'}"
            )
    for role in roles:
        if role not in given:
            raise UnsuitableData(
                f"{title} needs a column for the role '{role}'; give one of the table's columns"
            )


def _check_role(method: str, role: str, column: Column) -> None:
    """Raise `UnsuitableData` when a column's type does not fit its role."""
    what = f"column '{column.name}'"
    if method == "profile":
        return
    if column.role in ("empty", "constant"):
        state = "has no values" if column.role == "empty" else "has the same value in every row"
        raise UnsuitableData(f"{what} {state}, so it cannot be the {role} of {METHOD_TITLES[method]}")
    if role in ("outcome", "x", "y"):
        if column.dtype not in ("integer", "number"):
            raise UnsuitableData(
                f"{what} holds {column.dtype}, not numbers; choose a number for the role '{role}'"
            )
        return
    if column.distinct > MOST_GROUPS:
        raise UnsuitableData(
            f"{what} has {column.distinct} different values; the role '{role}' takes at most {MOST_GROUPS}"
        )
    if method in ("welch_t_test", "mann_whitney_u") and column.distinct != 2:
        other = "welch_anova" if method == "welch_t_test" else "kruskal_wallis"
        raise UnsuitableData(
            f"{what} has {column.distinct} groups, {METHOD_TITLES[method]} compares two; choose {other}"
        )


def _close(name: str, known: Mapping[str, object]) -> str:
    """Return "; did you mean ...? There are: ..." for a name that is not known."""
    lower = {one.lower(): one for one in known}
    close = [lower[one] for one in difflib.get_close_matches(name.lower(), lower, n=3, cutoff=0.6)]
    hint = f"; did you mean {' or '.join(repr(one) for one in close)}?" if close else "."
    listed = ", ".join(list(known)[:40]) + (", ..." if len(known) > 40 else "")
    return f"{hint} There are: {listed}"
