"""Read questions that name their method: it is taken, where the columns that are named can play its parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from jobs.analysis.catalogue import METHOD_ROLES, METHOD_TITLES, MOST_GROUPS
from jobs.analysis.planning import (
    agreement_readings,
    asking,
    clarify,
    holding,
    predicting,
    relating,
    repeated_readings,
    strata_readings,
    value_readings,
)
from jobs.analysis.planning.adjusted_readings import in_strata
from jobs.analysis.planning.explicit import FOR_MORE_GROUPS
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.method_names import Named
from jobs.analysis.planning.readings import Reading, compare, count, is_grouping, is_measured, pair, repeat
from jobs.analysis.planning.settling import settled
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column

MODELS = frozenset(
    {
        "linear_regression",
        "log_linear_regression",
        "logistic_regression",
        "poisson_regression",
        "negative_binomial_regression",
    }
)
ONE_SAMPLE = frozenset({"one_sample_t_test", "one_sample_signed_rank", "binomial_test"})
REPEATED = frozenset({"paired_t_test", "wilcoxon_signed_rank", "repeated_measures_anova", "friedman_test"})
MATRICES: Mapping[str, str] = {
    "pearson_correlation": "correlation_matrix",
    "spearman_correlation": "rank_correlation_matrix",
}


def read(named: Named, linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the plan for a question that names its method; None where columns are left to be found.

    The plan asks back where the method does not go with the columns.
    """
    methods = [method for method in named.methods if method in METHOD_ROLES]
    if not methods or any(mention.ambiguous for mention in linked.mentions):
        return None
    method = methods[0]
    if method in agreement_readings.METHODS:
        return agreement_readings.named(named, linked, names, columns)
    if method in MODELS:
        return predicting.named(method, linked, names, columns)
    if method in ONE_SAMPLE:
        return value_readings.read(linked, names, columns, method=method)
    if method in MATRICES and len(names) != 2:
        return relating.read(linked, names, columns, method=MATRICES[method])
    if method in REPEATED and (found := repeated_readings.named(method, linked, columns)) is not None:
        return found
    found_parts = (
        _PARTS.get(METHOD_ROLES[one], _nothing)(_alike(one, methods), linked, names) for one in methods
    )
    reading = next((one for one in found_parts if one is not None), None)
    if reading is None:
        return _misfit(method, linked, names)
    if named.words.lower().startswith("breslow") and reading.problem is None:
        reading = replace(reading, params={"focus": "interaction"})
    return settled(reading, linked, explicit=True)


def _alike(method: str, methods: Sequence[str]) -> list[str]:
    """Return the methods with the parts of one of them, that one first."""
    return [method, *(one for one in methods if one != method and METHOD_ROLES[one] == METHOD_ROLES[method])]


def _nothing(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    del methods, linked, names
    return None


def _misfit(method: str, linked: Linked, names: Sequence[Column]) -> Plan:
    listed = ", ".join(f"'{column.name}'" for column in names) or "no columns"
    roles = ", ".join(METHOD_ROLES[method]).replace("_", " ")
    title = METHOD_TITLES[method]
    why = f"{title[0].upper()}{title[1:]} takes {roles}, and the question names {listed}."
    return clarify.ask(linked, why, clarify.offered(names, linked), 0.35)


def _groups(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    """A number by groups; where the name leaves two methods, the one that suits the number of groups."""
    del linked
    if len(names) != 2:
        return None
    numbers = [column for column in names if is_measured(column) and column.role != "category"]
    if len(numbers) == 2:
        numbers = [column for column in numbers if column.role == "number"]
    groups = [column for column in names if column not in numbers and is_grouping(column)]
    if len(numbers) != 1 or len(groups) != 1:
        return None
    found = compare(numbers[0], groups[0])
    two = groups[0].distinct == 2
    method = next((m for m in methods if two != (m in METHOD_ROLES and m not in FOR_MORE_GROUPS)), methods[0])
    if found.problem is None and not two and method in FOR_MORE_GROUPS:
        other = METHOD_TITLES[FOR_MORE_GROUPS[method]]
        problem = (
            f"'{groups[0].name}' has {groups[0].distinct} groups, and {METHOD_TITLES[method]} compares two; "
            f"ask for {other}"
        )
        return Reading("profile", {}, "", problem)
    return _by_name(method, found)


def _by_name(method: str, found: Reading) -> Reading:
    if found.problem is not None:
        return found
    because = f"{found.because}; the question names {METHOD_TITLES[method]}"
    return Reading(method, found.columns, because, params=found.params)


def _numbers(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    del linked
    if len(names) != 2 or not all(is_measured(column) and column.distinct > 2 for column in names):
        return None
    x, y = names
    because = f"'{x.name}' and '{y.name}' are both numbers; the question names {METHOD_TITLES[methods[0]]}"
    return Reading(methods[0], {"x": x.name, "y": y.name}, because)


def _categories(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    del linked
    if len(names) != 2 or not all(is_grouping(column) for column in names):
        return None
    return _by_name(methods[0], count(*names))


def _pair(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    del linked
    if len(names) != 2 or not all(is_measured(column) and column.role != "category" for column in names):
        return None
    return _by_name(methods[0], pair(*names))


def _repeat(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    del linked
    if not 3 <= len(names) <= repeated_readings.MOST_MEASURES:
        return None
    if not all(is_measured(column) and column.role != "category" for column in names):
        return None
    return _by_name(methods[0], repeat(names))


def _two_way(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    numbers = [column for column in names if column.role == "number" and is_measured(column)]
    groups = [column for column in names if column not in numbers and is_grouping(column)]
    if len(numbers) != 1 or len(groups) != 2 or any(group.distinct > MOST_GROUPS for group in groups):
        return None
    columns = {"outcome": numbers[0].name, "factor_1": groups[0].name, "factor_2": groups[1].name}
    because = f"'{numbers[0].name}' is compared by '{groups[0].name}' and '{groups[1].name}' together"
    params: dict[str, float | str] = (
        {"focus": "interaction"} if asking.INTERACTION.search(linked.text.lower()) else {}
    )
    return Reading(methods[0], columns, because, params=params)


def _adjusted(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    numbers = [column for column in names if column.role == "number" and is_measured(column)]
    groups = [column for column in names if column not in numbers and is_grouping(column)]
    held = holding.held(linked)
    kept = [column for column in numbers if held is not None and column.name in held.names]
    outcomes = [column for column in numbers if column not in kept] if kept else numbers[:1]
    kept = kept or numbers[1:]
    if len(groups) != 1 or len(outcomes) != 1 or not 1 <= len(kept) <= 4:
        return None
    columns = {"outcome": outcomes[0].name, "group": groups[0].name}
    columns |= {f"covariate_{place}": column.name for place, column in enumerate(kept, start=1)}
    listed = ", ".join(f"'{column.name}'" for column in kept)
    because = f"'{outcomes[0].name}' is compared by '{groups[0].name}' with {listed} held equal"
    return Reading(methods[0], columns, because)


def _stratified(methods: Sequence[str], linked: Linked, names: Sequence[Column]) -> Reading | None:
    del methods
    held = holding.held(linked)
    if len(names) != 3 or not all(is_grouping(column) for column in names):
        return None
    apart = [column for column in names if held is not None and column.name in held.names]
    if not apart and (stratum := strata_readings.set_apart(linked, names)) is not None:
        apart = [stratum]
    rest = [column for column in names if column not in apart]
    if len(apart) != 1:
        return None
    return in_strata(rest[0], rest[1], apart[0])


_PARTS: Mapping[tuple[str, ...], Callable[[Sequence[str], Linked, Sequence[Column]], Reading | None]] = {
    ("outcome", "group"): _groups,
    ("x", "y"): _numbers,
    ("row", "column"): _categories,
    ("row", "column", "stratum"): _stratified,
    ("first", "second"): _pair,
    ("measure_1", "measure_2", "measure_3"): _repeat,
    ("outcome", "factor_1", "factor_2"): _two_way,
    ("outcome", "group", "covariate_1"): _adjusted,
}
