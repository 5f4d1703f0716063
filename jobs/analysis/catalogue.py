"""The methods there are and the roles of columns in them. Standard library only: the API process loads it."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from jobs.analysis import design_catalogue
from jobs.errors import UnknownColumn, UnknownMethod, UnsuitableData

MOST_PREDICTORS = 20
PREDICTORS = tuple(f"predictor_{place}" for place in range(1, MOST_PREDICTORS + 1))
MATRIX_COLUMNS = tuple(f"column_{place}" for place in range(1, 51))
MATRIX_ROLES = ("column_1", "column_2")  # and further columns
MODEL_ROLES = ("outcome", "predictor_1")  # and further predictors, as many as there are
LISTS: Mapping[str, tuple[str, ...]] = {
    "predictors": PREDICTORS,
    "columns": MATRIX_COLUMNS,
    "measures": design_catalogue.MEASURES,
    "factors": ("factor_1", "factor_2"),
    "covariates": design_catalogue.COVARIATES,
}
METHOD_ROLES: Mapping[str, tuple[str, ...]] = {
    "welch_t_test": ("outcome", "group"),
    "student_t_test": ("outcome", "group"),
    "mann_whitney_u": ("outcome", "group"),
    "welch_anova": ("outcome", "group"),
    "one_way_anova": ("outcome", "group"),
    "kruskal_wallis": ("outcome", "group"),
    "pearson_correlation": ("x", "y"),
    "spearman_correlation": ("x", "y"),
    "kendall_correlation": ("x", "y"),
    "linear_regression": ("x", "y"),  # of one number on one other; MODEL_ROLES for several predictors
    "log_linear_regression": MODEL_ROLES,
    "logistic_regression": MODEL_ROLES,
    "poisson_regression": MODEL_ROLES,
    "negative_binomial_regression": MODEL_ROLES,
    "trend_over_time": ("outcome", "time"),
    "correlation_matrix": MATRIX_ROLES,
    "rank_correlation_matrix": MATRIX_ROLES,
    "chi_square_independence": ("row", "column"),
    "fisher_exact": ("row", "column"),
    "paired_t_test": ("first", "second"),
    "wilcoxon_signed_rank": ("first", "second"),
    "one_sample_t_test": ("outcome",),
    "one_sample_signed_rank": ("outcome",),
    "binomial_test": ("outcome",),
    **design_catalogue.ROLES,
    "profile": (),
}
# What a method needs besides columns: numbers, and for "level" a value of the outcome.
METHOD_PARAMS: Mapping[str, tuple[str, ...]] = {
    "one_sample_t_test": ("mu",),
    "one_sample_signed_rank": ("mu",),
    "binomial_test": ("level", "share"),
}
YES_NO_METHODS = frozenset({"logistic_regression"})
COUNT_METHODS = frozenset({"poisson_regression", "negative_binomial_regression"})
# The same methods for a table with one measure a row: a number, which measure it is, and of whom.
LONG_ROLES: Mapping[str, tuple[str, ...]] = {
    "paired_t_test": ("outcome", "group", "subject"),
    "wilcoxon_signed_rank": ("outcome", "group", "subject"),
    **design_catalogue.LONG,
}
NUMBER_ROLES = frozenset({*MATRIX_COLUMNS, "outcome", "x", "y", "first", "second"}) | design_catalogue.NUMBERS
# Methods of ranks, and the roles in which they take words that are steps of a scale.
STEP_ROLES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("mann_whitney_u", "kruskal_wallis"), ("outcome",)),
    **dict.fromkeys(("spearman_correlation", "kendall_correlation"), ("x", "y")),
}
OPTIONAL_ROLES: Mapping[str, tuple[str, ...]] = {"profile": ("outcome",), **design_catalogue.OPTIONAL}
METHOD_TITLES: Mapping[str, str] = {
    "welch_t_test": "Welch's t test",
    "student_t_test": "Student's t test",
    "mann_whitney_u": "the Mann-Whitney U test",
    "welch_anova": "Welch's analysis of variance",
    "one_way_anova": "the classic analysis of variance",
    "kruskal_wallis": "the Kruskal-Wallis test",
    "pearson_correlation": "Pearson's correlation",
    "spearman_correlation": "Spearman's rank correlation",
    "kendall_correlation": "Kendall's rank correlation",
    "linear_regression": "linear regression by least squares",
    "log_linear_regression": "linear regression of the logarithm",
    "logistic_regression": "logistic regression",
    "poisson_regression": "Poisson regression",
    "negative_binomial_regression": "negative binomial regression",
    "trend_over_time": "the trend over time",
    "correlation_matrix": "a matrix of Pearson's correlations",
    "rank_correlation_matrix": "a matrix of rank correlations",
    "chi_square_independence": "the chi-square test of independence",
    "fisher_exact": "Fisher's exact test",
    "paired_t_test": "the paired t test",
    "wilcoxon_signed_rank": "Wilcoxon's signed-rank test",
    "one_sample_t_test": "the one-sample t test",
    "one_sample_signed_rank": "the one-sample signed-rank test",
    "binomial_test": "the exact binomial test of a share",
    **design_catalogue.TITLES,
    "profile": "a description of the data",
}
INTENT_OF_ROLES: Mapping[tuple[str, ...], str] = {
    ("outcome", "group"): "compare_groups",
    ("x", "y"): "relationship",
    ("row", "column"): "association",
    ("first", "second"): "compare_paired",
    MODEL_ROLES: "predict",
    ("outcome", "time"): "trend",
    MATRIX_ROLES: "relationship_matrix",
    ("outcome",): "one_sample",
    **design_catalogue.INTENTS,
    (): "describe",
}
INTENTS: Mapping[str, str] = {
    **{method: INTENT_OF_ROLES[roles] for method, roles in METHOD_ROLES.items()},
    **design_catalogue.INTENT_OF_METHOD,
}
# What people call methods besides.
OTHER_NAMES: Mapping[str, str] = {
    "mann_whitney": "mann_whitney_u",
    "wilcoxon_rank_sum": "mann_whitney_u",
    "anova": "one_way_anova",
    "kruskal": "kruskal_wallis",
    "pearson": "pearson_correlation",
    "spearman": "spearman_correlation",
    "regression": "linear_regression",
    "chi_square": "chi_square_independence",
    "chi_squared": "chi_square_independence",
    "wilcoxon": "wilcoxon_signed_rank",
    "mcnemar": "mcnemar_test",
    "cochran_q": "cochran_q_test",
    "kappa": "cohen_kappa",
    "icc": "intraclass_correlation",
    "describe": "profile",
    "describe_numeric": "profile",
}
MOST_GROUPS = 20
MOST_POOLED_GROUPS = 100  # of a comparison: the 20 largest, and the others together
POOLING_METHODS = frozenset({"welch_anova", "one_way_anova", "kruskal_wallis"})
AS_NUMBER = "is a number: it is modelled"  # of an outcome whose model the question does not name
MOST_NAMES_LISTED = 40
ROWS_A_LEVEL = 10


def usual_name(method: str) -> str:
    """Return what a method is called here."""
    return OTHER_NAMES.get(method, method)


def counted_as_number(dtype: str, levels: int, rows: int) -> bool:
    """Return whether a model takes whole numbers as a scale: too few rows for a coefficient of each value."""
    return dtype == "integer" and levels > 2 and rows < ROWS_A_LEVEL * levels


def numbered(given: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """Write lists of columns as numbered roles: "predictors": ["a", "b"] as predictor_1 and predictor_2.

    Raises
    ------
    UnsuitableData
        A list is longer than a method takes, or stands where one column does.
    """
    found: dict[str, str] = {}
    for role, value in given.items():
        if isinstance(value, str):
            found[role] = value
            continue
        roles = LISTS.get(role)
        if roles is None:
            raise UnsuitableData(f"The role {role!r} takes one column; lists go with {' and '.join(LISTS)}.")
        if len(value) > len(roles):
            raise UnsuitableData(f"The role {role!r} takes at most {len(roles)} columns, not {len(value)}.")
        found.update(zip(roles, value, strict=False))
    return found


def check_choice(method: str, given: Mapping[str, str], known: Iterable[str]) -> None:
    """Refuse a method, a role or a column that does not exist, with what is close to it and what there is.

    Parameters
    ----------
    given : mapping of role to column name
    known : names of the table's columns; none when they are not known yet, which leaves the columns unchecked

    Raises
    ------
    UnknownMethod, UnknownColumn
        There is none of that name.
    UnsuitableData
        A role is missing, unknown, or given the column of another.
    """
    if method not in METHOD_ROLES:
        raise UnknownMethod(f"There is no method {method!r}{_close(method, METHOD_ROLES)}")
    _check_roles(method, given)
    require_columns(given.values(), known)
    if len(set(given.values())) < len(given):
        raise UnsuitableData(f"{_title(method)} needs different columns; one of them was given twice.")


def require_columns(wanted: Iterable[str], known: Iterable[str]) -> None:
    """Raise `UnknownColumn` for a name that the table has not, unless its names are not known yet."""
    names = list(known)
    for name in wanted:
        if names and name not in names:
            raise UnknownColumn(f"The table has no column {name!r}{_close(name, names)}")


def check_params(method: str, params: Mapping[str, float | str]) -> None:
    """Refuse values that a method lacks, does not know or cannot use.

    Raises
    ------
    UnsuitableData
        Naming the parameter and what it must be.
    """
    needed, allowed = METHOD_PARAMS.get(method, ()), params_of(method)
    for name in params:
        if name not in allowed:
            raise UnsuitableData(f"{_title(method)} has no parameter {name!r}; it takes {_listed(allowed)}.")
    for name, choices in design_catalogue.CHOICES.items():
        if params.get(name, choices[0]) not in choices:
            listed = " or ".join(map(repr, choices))
            raise UnsuitableData(f"The parameter {name!r} can only be {listed}, not {params[name]!r}.")
    for name in needed:
        if name not in params:
            raise UnsuitableData(f"{_title(method)} needs the parameter {name!r}: give it in `params`.")
        value = params[name]
        if name == "level":
            continue
        if isinstance(value, str | bool) or not isfinite(value):
            raise UnsuitableData(f"The parameter {name!r} must be a finite number, not {value!r}.")
        if name == "share" and not 0.0 < value < 1.0:
            raise UnsuitableData(f"The parameter 'share' must lie between 0 and 1, not {value:g}.")


def params_of(method: str) -> tuple[str, ...]:
    """Return the names of the values that a method takes besides columns: first those that it needs."""
    return (*METHOD_PARAMS.get(method, ()), *design_catalogue.OPTIONAL_PARAMS.get(method, ()))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names)) or "none"


def roles_of(method: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return the roles that a method needs, for a table with one measure a row where a subject is given."""
    if method == "linear_regression" and "x" not in given and not {"outcome", *PREDICTORS}.isdisjoint(given):
        return MODEL_ROLES
    return LONG_ROLES[method] if "subject" in given and method in LONG_ROLES else METHOD_ROLES[method]


def intent_of(method: str, given: Iterable[str]) -> str:
    """Return what kind of question a method answers with columns in the roles `given`."""
    if method in design_catalogue.INTENT_OF_METHOD:
        return design_catalogue.INTENT_OF_METHOD[method]
    return INTENT_OF_ROLES[METHOD_ROLES[method] if "subject" in given else roles_of(method, given)]


def further_roles(method: str, roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles that a method takes besides those that it needs."""
    further: Mapping[tuple[str, ...], tuple[str, ...]] = {
        MODEL_ROLES: PREDICTORS,
        MATRIX_ROLES: MATRIX_COLUMNS,
    }
    found = further.get(roles, OPTIONAL_ROLES.get(method, ()))
    return (*found, design_catalogue.CASES) if method in design_catalogue.OF_CASES else found


def _check_roles(method: str, given: Mapping[str, str]) -> None:
    roles = roles_of(method, given)
    allowed = (*roles, *(role for role in further_roles(method, roles) if role not in roles))
    for role in given:
        if role not in allowed:
            raise UnsuitableData(
                f"{_title(method)} has no role {role!r}; it takes {', '.join(allowed) or 'none'}."
            )
    for role in roles:
        if role not in given:
            raise UnsuitableData(
                f"{_title(method)} needs a column for the role {role!r}: name one in `columns`."
            )


def _title(method: str) -> str:
    title = METHOD_TITLES[method]
    return title[0].upper() + title[1:]


def _close(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...? There are: ..." for a name that is not known."""
    names = list(known)
    lower = {one.lower(): one for one in names}
    close = [lower[one] for one in difflib.get_close_matches(name.lower(), lower, n=3, cutoff=0.6)]
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else "."
    listed = ", ".join(names[:MOST_NAMES_LISTED]) + (", ..." if len(names) > MOST_NAMES_LISTED else "")
    return f"{hint} There are: {listed}"
