"""The part a column can play is told from its values and its name."""

import pytest

from jobs.analysis.tables.columns import Facts, natural_order, role_of
from jobs.analysis.tables.units import core_words, unit_of, words_of


def facts(name="value", dtype="integer", filled=100, values=(), distinct=None, **more):
    return Facts(
        name, dtype, filled, len(values) if distinct is None else distinct, values=tuple(values), **more
    )


@pytest.mark.parametrize(
    ("column", "role"),
    [
        (facts(filled=0), "empty"),
        (facts(values=["7"]), "constant"),
        (facts(dtype="date", distinct=50), "date"),
        (facts(dtype="boolean", values=["false", "true"]), "boolean"),
        (facts(dtype="text", values=["No", "Yes"]), "boolean"),
        (facts("customer_id", distinct=100), "id"),
        (facts("ID", distinct=10, filled=20), "id"),
        (facts("n", distinct=100, is_sequence=True), "id"),
        (facts("day", distinct=100, is_sequence=True), "number"),
        (facts("height", distinct=15, filled=15), "number"),
        (facts("model", "text", distinct=32, filled=32, mean_length=12.0), "id"),
        (facts("remark", "text", distinct=32, filled=32, mean_length=80.0), "text"),
        (facts("cyl", values=["4", "6", "8"], filled=32), "category"),
        (facts("stars", values=["1", "2", "3", "4", "5"]), "ordinal"),
        (facts("month", values=[str(n) for n in range(1, 13)]), "category"),
        (facts("pain", values=[str(n) for n in range(11)]), "number"),
        (facts("age", distinct=40), "number"),
        (facts("n", values=["1", "2", "3"], filled=9), "number"),
        (facts("class", values=[str(n) for n in range(1, 13)], filled=240), "category"),
        (facts("Klasse", values=[str(n) for n in range(1, 11)]), "category"),
        (facts("ward_no", values=[str(n) for n in range(1, 21)]), "category"),
        (facts("site_id", values=[str(n) for n in range(1, 10)]), "category"),
        (facts("region_code", values=[str(100 * n) for n in range(1, 41)], filled=400), "category"),
        (facts("n_classes", values=[str(n) for n in range(1, 13)]), "number"),
        (facts("class_size", values=[str(n) for n in range(1, 13)]), "number"),
        (facts("MPG.city", values=[str(n) for n in range(15, 36)]), "number"),
        (facts("years_at_company", values=[str(n) for n in range(21)]), "number"),
        (facts("subject_id", values=[str(n) for n in range(1, 21)]), "id"),
        (facts("site", values=[str(n) for n in range(1, 41)], filled=41), "number"),
        (facts("dose", "number", values=["0.5", "1", "2"], filled=60), "ordinal"),
        (facts("weight", "number", distinct=90), "number"),
        (facts("region", "text", values=["North", "South", "East"]), "category"),
        (facts("tension", "text", values=["L", "M", "H"]), "ordinal"),
        (facts("city", "text", distinct=3_000, filled=1_000_000), "category"),
        (facts("name", "text", distinct=90, filled=100, mean_length=15.0), "text"),
    ],
)
def test_the_role_follows_the_stated_rules(column, role):
    assert role_of(column) == role


@pytest.mark.parametrize(
    ("values", "ordered"),
    [
        (["10", "9", "1"], ("1", "9", "10")),
        (["0.5", "2", "1"], ("0.5", "1", "2")),
        (["high", "low", "medium"], ("low", "medium", "high")),
        (["Wed", "Mon", "Sun"], ("Mon", "Wed", "Sun")),
        (["dose 10", "dose 2"], ("dose 2", "dose 10")),
        (["pear", "Apple", "fig"], ("Apple", "fig", "pear")),
    ],
)
def test_levels_stand_in_the_order_that_people_expect(values, ordered):
    assert natural_order(values) == ordered


@pytest.mark.parametrize(
    ("name", "unit", "core"),
    [
        ("body_mass_g", "g", ("body", "mass")),
        ("flipper_length_mm", "mm", ("flipper", "length")),
        ("Weight (kg)", "kg", ("weight",)),
        ("speed [km/h]", "km/h", ("speed",)),
        ("price_eur", "EUR", ("price",)),
        ("temp_c", "°C", ("temp",)),
        ("Discount %", "%", ("discount",)),
        ("AgeYears", "years", ("age",)),
        ("vitamin_c", None, ("vitamin", "c")),
        ("column_m", None, ("column", "m")),
        ("mm", None, ("mm",)),
        ("Length (old method)", None, ("length", "old", "method")),
        ("species", None, ("species",)),
    ],
)
def test_units_are_read_from_the_end_of_a_name(name, unit, core):
    assert (unit_of(name), core_words(name)) == (unit, core)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MonthlyIncome", ("monthly", "income")),
        ("Sepal.Length", ("sepal", "length")),
        ("HTTPStatus", ("http", "status")),
        ("x2", ("x", "2")),
        ("größe_in_cm", ("größe", "in", "cm")),
    ],
)
def test_names_are_cut_into_words(name, words):
    assert words_of(name) == words
