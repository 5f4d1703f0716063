"""The list of methods says what `explicit` accepts, no less and no more."""

from dataclasses import replace

import pytest

from jobs.analysis import catalogue
from jobs.analysis.listing import FAMILIES, PARAMS, Form, Method, fits, methods
from jobs.analysis.planning.explicit import explicit_plan
from jobs.analysis.tables.columns import Column
from jobs.errors import UnsuitableData

LISTED = {method.name: method for method in methods()}
WAYS = [
    pytest.param(method, form, id=f"{method.name}-{place}")
    for method in LISTED.values()
    for place, form in enumerate(method.forms)
]


# A column of each kind, with 2 and with 12 different values; 30 are too many for a category.
class Kind(Column):
    """A column whose name in a test's id is short."""

    def __str__(self) -> str:
        return f"{self.role}-{self.dtype}-{self.distinct}"


KINDS = [
    Kind("kind", role, dtype, None, rows=100, missing=0, invalid=0, distinct=distinct)
    for role, dtype in [
        ("number", "integer"),
        ("number", "number"),
        ("category", "text"),
        ("boolean", "boolean"),
        ("date", "date"),
        ("text", "text"),
    ]
    for distinct in (2, 12, 30)
    if role != "boolean" or distinct == 2
]


def fitting(name: str, takes: str, values: int) -> Column:
    """Return a column that a role takes."""
    role, dtype, distinct = {
        "number": ("number", "number", 80),
        "count": ("number", "integer", 80),
        "category": ("category", "text", values),
        "many_groups": ("category", "text", values),
        "yes_no": ("category", "text", 2),
        "time": ("date", "date", 80),
        "any": ("category", "text", 4),
    }[takes]
    return Column(name, role, dtype, None, rows=100, missing=0, invalid=0, distinct=distinct)


def filled(form: Form, *, most: bool) -> tuple[dict[str, str | tuple[str, ...]], list[Column]]:
    """Return `columns` of a job as somebody fills in a form, and the table that they are of."""
    given: dict[str, str | tuple[str, ...]] = {}
    table = []
    for role in form.roles:
        count = role.most if most else role.least
        made = [
            fitting(f"{role.name} {place}", role.takes[0], role.least_values or 2) for place in range(count)
        ]
        table += made
        names = tuple(column.name for column in made)
        if names:
            given[role.name] = names if role.several else names[0]
    return given, table


def values_for(method: Method) -> dict[str, float | str]:
    samples = {"number": 0.5, "text": "yes"}
    return {
        param.name: param.choices[0] if param.choices else samples[param.takes] for param in method.params
    }


def accepts(method: str, given, table, params=None) -> bool:
    try:
        explicit_plan(method, catalogue.numbered(given), table, params=params)
    except UnsuitableData:
        return False
    return True


def test_every_method_is_listed_under_a_family():
    assert list(LISTED) == list(catalogue.METHOD_ROLES)
    assert {method.family for method in LISTED.values()} == set(FAMILIES.values())


@pytest.mark.parametrize("most", [False, True])
@pytest.mark.parametrize(("method", "form"), WAYS)
def test_a_form_filled_in_as_listed_is_accepted(method, form, most):
    given, table = filled(form, most=most)

    plan = explicit_plan(method.name, catalogue.numbered(given), table, params=values_for(method))

    assert plan.method == method.name


@pytest.mark.parametrize(("method", "form"), WAYS)
def test_a_role_that_is_required_cannot_be_left_out(method, form):
    given, table = filled(form, most=False)

    for role in form.roles:
        less = {name: columns for name, columns in given.items() if name != role.name}
        if role.required:
            assert not accepts(method.name, less, table, values_for(method)), role.name


@pytest.mark.parametrize(("method", "form"), WAYS)
def test_a_list_is_as_long_as_it_says(method, form):
    given, table = filled(form, most=True)

    for role in (role for role in form.roles if role.several):
        more = [replace(table[0], name=f"more {place}") for place in range(role.most + 1)]
        longer = {**given, role.name: tuple(column.name for column in more)}
        shorter = {**given, role.name: tuple(column.name for column in more[: max(0, role.least - 1)])}
        for wrong in (longer, shorter) if role.least else (longer,):
            with pytest.raises(UnsuitableData):
                explicit_plan(
                    method.name, catalogue.numbered(wrong), [*table, *more], params=values_for(method)
                )


def swapped_in(method: Method, form: Form, kind: Column):
    """Yield each required role, whether it takes such a column by the list, and whether it does."""
    given, table = filled(form, most=False)
    for role in (role for role in form.roles if role.required):
        place = next(index for index, column in enumerate(table) if column.name.startswith(role.name))
        other = [*table[:place], replace(kind, name=table[place].name), *table[place + 1 :]]
        listed = bool(set(role.takes) & set(fits(kind)))
        if role.most_values is not None:
            listed = listed and role.least_values <= kind.distinct <= role.most_values
        yield role, listed, accepts(method.name, given, other, values_for(method))


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize(("method", "form"), WAYS)
def test_a_column_that_fits_a_role_is_accepted(method, form, kind):
    for role, listed, accepted in swapped_in(method, form, kind):
        # Whether whole numbers are counts, and not below 0, is seen when they are read.
        assert accepted or not listed or role.takes == ("count",), role.name


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.role != "date"], ids=str
)  # few days are groups too
@pytest.mark.parametrize(("method", "form"), [way for way in WAYS if "subject" not in str(way.values[1])])
def test_a_column_that_does_not_fit_a_role_is_refused(method, form, kind):
    for role, listed, accepted in swapped_in(method, form, kind):
        assert listed or not accepted or role.takes == ("count",), role.name


@pytest.mark.parametrize("column", KINDS, ids=str)
def test_a_column_without_values_fits_nowhere_and_one_with_a_single_value_compares_nothing(column):
    assert fits(replace(column, role="empty", distinct=0)) == ()
    assert fits(replace(column, role="constant", distinct=1)) == ("any",)


def test_every_value_that_a_method_takes_is_described_with_the_limits_that_are_checked():
    for method in LISTED.values():
        assert {param.name for param in method.params} == set(catalogue.params_of(method.name))
        for param in method.params:
            given = values_for(method)
            wrong: list[float | str] = [limit for limit in (param.above, param.below) if limit is not None]
            if param.takes != "text":
                wrong.append("something else")
            for value in wrong:
                with pytest.raises(UnsuitableData, match=param.name):
                    catalogue.check_params(method.name, {**given, param.name: value})
            less = {name: value for name, value in given.items() if name != param.name}
            if param.required:
                with pytest.raises(UnsuitableData, match=param.name):
                    catalogue.check_params(method.name, less)
            else:
                catalogue.check_params(method.name, less)
    assert set(PARAMS) == {param.name for method in LISTED.values() for param in method.params}


def test_a_method_goes_by_its_other_names():
    for method in LISTED.values():
        for other in method.other_names:
            assert catalogue.usual_name(other) == method.name
    assert "anova" in LISTED["one_way_anova"].other_names
