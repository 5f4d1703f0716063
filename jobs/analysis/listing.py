"""The methods as a form needs them: what each answers, which columns and values it takes, with their limits.

Everything is read off the catalogue; here stand only the words that people read. Nothing that computes is
loaded: the API process loads it.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from jobs.analysis import catalogue
from jobs.analysis.design_catalogue import CASES, CHOICES, RATED
from jobs.analysis.planning.explicit import FOR_MORE_GROUPS
from jobs.analysis.tables.columns import Column

Family = Literal["comparison", "relationship", "association", "model", "time", "single", "description"]
Takes = Literal["number", "count", "category", "many_groups", "yes_no", "time", "any"]

FAMILIES: Mapping[str, Family] = {
    "compare_groups": "comparison",
    "compare_paired": "comparison",
    "compare_repeated": "comparison",
    "compare_adjusted": "comparison",
    "factorial": "comparison",
    "relationship": "relationship",
    "relationship_matrix": "relationship",
    "agreement": "relationship",
    "association": "association",
    "association_in_strata": "association",
    "predict": "model",
    "trend": "time",
    "one_sample": "single",
    "normality": "single",
    "outliers": "description",
    "missing": "description",
    "describe": "description",
}
ANSWERS: Mapping[str, str] = {
    "compare_groups": "Does a number differ between groups?",
    "compare_paired": "Do two measures of the same rows or subjects differ?",
    "compare_repeated": "Do three or more measures of the same rows or subjects differ?",
    "compare_adjusted": "Does a number differ between groups when other numbers are held equal?",
    "factorial": "Does a number differ by two factors, alone and together?",
    "relationship": "Do two numbers go together?",
    "relationship_matrix": "Which of many numbers go together?",
    "agreement": "How far do raters agree on the same cases?",
    "association": "Do two categories go together?",
    "association_in_strata": "Do two categories go together within the values of a third?",
    "predict": "What goes with an outcome, each column with the others held equal?",
    "trend": "Does a number change over time?",
    "normality": "How far is a number from a normal distribution?",
    "outliers": "Which values lie far out?",
    "missing": "What is missing, where together, and with what does it go?",
    "one_sample": "Does one column differ from a given value or share?",
    "describe": "What do the columns hold?",
}
MEANINGS: Mapping[str, str] = {
    "outcome": "What is measured, counted or told apart.",
    "group": "What tells the groups or the measures apart.",
    "subject": "Who or what was measured more than once.",
    "x": "One of two numbers; in a regression, the one that predicts.",
    "y": "The other number; in a regression, the one that is predicted.",
    "row": "One of two categories.",
    "column": "The other category.",
    "stratum": "Within whose values the two categories are compared.",
    "first": "One of two measures of a row.",
    "second": "The other measure.",
    "time": "When each value was measured.",
    "predictors": "What may go with the outcome.",
    "columns": "Numbers of which every pair is correlated.",
    "measures": "Numbers of the same kind, measured one after the other.",
    "factors": "What tells the groups apart, in two ways at once.",
    "covariates": "Numbers that are held equal.",
    "count": "How many cases a row stands for, in a table of counts.",
}
TWO_MEASURES = frozenset(  # of each subject
    {"paired_t_test", "wilcoxon_signed_rank", "mcnemar_test", "cohen_kappa"}
)


class Listed(BaseModel):
    """What is served as it stands, with its schema: hence a model of the edge, not a plain value."""

    model_config = ConfigDict(frozen=True)


class Role(Listed):
    """A part that a column plays in a method; `columns` of a job gives it a name, or a list of names."""

    name: str = Field(description="The key in `columns`.")
    meaning: str
    takes: tuple[Takes, ...] = Field(
        description="What a column may hold. Each column in the results of a dry run says what it `fits`."
    )
    required: bool
    several: bool = Field(description="Whether it takes a list of columns.")
    least: int = Field(description="How many columns it needs; 0 where it may be left out.")
    most: int
    least_values: int | None = Field(None, description="How many different values a category needs.")
    most_values: int | None = Field(None, description="How many it may have.")


class Form(Listed):
    """One way to give a method its columns. No two roles may have the same column."""

    roles: tuple[Role, ...]


class Param(Listed):
    """A value that a method takes besides columns, a member of `params` of a job."""

    name: str
    meaning: str
    takes: Literal["number", "text", "choice"]
    required: bool
    above: float | None = Field(None, description="A number must be larger than this.")
    below: float | None = Field(None, description="A number must be smaller than this.")
    choices: tuple[str, ...] = ()


class Method(Listed):
    """A way to answer a question."""

    name: str = Field(description="What `method` of a job is set to.")
    title: str
    other_names: tuple[str, ...] = Field(description="These are understood too.")
    family: Family = Field(description="What it is listed under.")
    intent: str = Field(description="What kind of question it answers.")
    answers: str = Field(description="Such a question.")
    forms: tuple[Form, ...] = Field(
        description="The ways to give it columns, of which a job uses one: such as measures side by side, "
        "or one below the other."
    )
    params: tuple[Param, ...]


PARAMS: Mapping[str, Param] = {
    "mu": Param(
        name="mu", meaning="The value that the column is compared with.", takes="number", required=True
    ),
    "level": Param(
        name="level", meaning="The value of the column whose share is tested.", takes="text", required=True
    ),
    "share": Param(
        name="share",
        meaning="The share to compare with.",
        takes="number",
        required=True,
        above=0.0,
        below=1.0,
    ),
    "focus": Param(
        name="focus",
        meaning="What the answer is about: whether an effect differs by the other column; without it, the "
        "effects themselves.",
        takes="choice",
        required=False,
        choices=CHOICES["focus"],
    ),
    "weights": Param(
        name="weights",
        meaning="How much ratings that lie apart still agree; without it, not at all.",
        takes="choice",
        required=False,
        choices=CHOICES["weights"],
    ),
}


def methods() -> tuple[Method, ...]:
    """Return every method, in the order of the catalogue."""
    return tuple(_method(name) for name in catalogue.METHOD_ROLES)


def fits(column: Column) -> tuple[Takes, ...]:
    """Return what roles may take of a column."""
    if column.role == "empty":
        return ()
    if column.role == "constant":
        return ("any",)
    found: list[Takes] = []
    if column.dtype in ("integer", "number"):
        found.append("number")
    if column.dtype == "integer":
        found.append("count")
    if 2 <= column.distinct <= catalogue.MOST_GROUPS and column.role != "date":
        found.append("category")
    if 2 <= column.distinct <= catalogue.MOST_POOLED_GROUPS and column.role != "date":
        found.append("many_groups")
    if column.distinct == 2:
        found.append("yes_no")
    if column.dtype in ("date", "datetime"):
        found.append("time")
    return (*found, "any")


def _method(name: str) -> Method:
    intent = catalogue.INTENTS[name]
    return Method(
        name=name,
        title=catalogue.METHOD_TITLES[name],
        other_names=tuple(other for other, usual in catalogue.OTHER_NAMES.items() if usual == name),
        family=FAMILIES[intent],
        intent=intent,
        answers=ANSWERS[intent],
        forms=tuple(_form(name, roles) for roles in _ways(name)),
        params=tuple(PARAMS[param] for param in catalogue.params_of(name)),
    )


def _ways(method: str) -> list[tuple[str, ...]]:
    """Return the roles that a method needs, for each way in which they may be given."""
    ways = [catalogue.METHOD_ROLES[method]]
    if method == "linear_regression":
        ways.append(catalogue.MODEL_ROLES)
    if method in catalogue.LONG_ROLES:
        ways.append(catalogue.LONG_ROLES[method])
    return ways


def _form(method: str, needed: Sequence[str]) -> Form:
    further = () if "subject" in needed else catalogue.further_roles(method, tuple(needed))
    found: dict[str, list[str]] = {}
    for role in (*needed, *(role for role in further if role not in needed)):
        found.setdefault(_listed(role), []).append(role)
    return Form(roles=tuple(_role(method, name, roles, needed) for name, roles in found.items()))


def _listed(role: str) -> str:
    """Return the list that a numbered role belongs to, or the role itself."""
    return next((name for name, roles in catalogue.LISTS.items() if role in roles), role)


def _role(method: str, name: str, roles: Sequence[str], needed: Sequence[str]) -> Role:
    takes = _takes(method, roles[0])
    least, most = _values(method, name) if takes in (("category",), ("many_groups",)) else (None, None)
    required = [role for role in roles if role in needed]
    return Role(
        name=name,
        meaning=MEANINGS[name],
        takes=takes,
        required=bool(required),
        several=name in catalogue.LISTS,
        least=len(required),
        most=len(roles),
        least_values=least,
        most_values=most,
    )


def _takes(method: str, role: str) -> tuple[Takes, ...]:
    """Return what a column may hold, as `jobs.analysis.planning.explicit` and the methods check it."""
    if role == CASES:
        return ("count",)
    if method in ("profile", "missing_values", "binomial_test") or role in ("subject", "stratum"):
        return ("any",)
    if method in RATED and role != "group":
        return ("category",) if method == "cohen_kappa" else ("yes_no",)
    if role == "outcome" and method in catalogue.YES_NO_METHODS:
        return ("yes_no",)
    if role == "outcome" and method in catalogue.COUNT_METHODS:
        return ("count",)
    if role in catalogue.NUMBER_ROLES:
        return ("number",)
    if role == "time":
        return ("time", "number")
    if method in catalogue.POOLING_METHODS and role == "group":
        return ("many_groups",)
    return ("number", "category") if role in catalogue.PREDICTORS else ("category",)


def _values(method: str, role: str) -> tuple[int, int]:
    if method in FOR_MORE_GROUPS or (method in TWO_MEASURES and role == "group"):
        return 2, 2
    if method in catalogue.POOLING_METHODS:
        return 2, catalogue.MOST_POOLED_GROUPS
    measures = method in catalogue.LONG_ROLES and role == "group"
    most = len(catalogue.LISTS["measures"]) if measures else catalogue.MOST_GROUPS
    return 2, most
