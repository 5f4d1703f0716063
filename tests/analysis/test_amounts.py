"""Amounts of money and percent are numbers with a unit, when they are written with one sign alone."""

import polars as pl
import pytest

from jobs.analysis.run import analyse
from jobs.analysis.tables.ingest import Table


def numbers(table: Table) -> list[object]:
    return pl.read_parquet(table.path).get_column("x").to_list()


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        (["$1,200.50", "$3", "-$5.25", "($1,300.00)"], "$", [1200.5, 3, -5.25, -1300]),
        (["1.200,50 €", "3,00 €", "-0,5 €"], "€", [1200.5, 3, -0.5]),
        (["€1,200", "€3,400", "€17"], "€", [1200, 3400, 17]),
        (["1.200 EUR", "3.400 EUR", "17 EUR"], "EUR", [1200, 3400, 17]),
        (["CHF 1'200.50", "CHF 3.00", "CHF −4.00"], "CHF", [1200.5, 3, -4]),
        (["12.5%", "7 %", "-3.25%"], "%", [12.5, 7, -3.25]),
        (["12,5 %", "7 %", "n/a", "3,25 %"], "%", [12.5, 7, None, 3.25]),
        (["0.125%", "0.250%", "1.500%"], "%", [0.125, 0.25, 1.5]),
        (["$5", "0", "$7.50"], "$", [5, 0, 7.5]),
    ],
)
def test_amounts_become_numbers_and_their_sign_the_unit(read, values, unit, expected):
    table = read(*values)

    assert numbers(table) == expected
    assert (table.columns[1].dtype, table.columns[1].unit) == ("number", unit)
    assert f"column x: amounts with '{unit}' were read as numbers in that unit" in table.dataset.warnings


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["(1,234.50)", "2,500.00", "7", "(3)"], [-1234.5, 2500, 7, -3]),
        (["(1.234,50)", "2.500,25", "7,5"], [-1234.5, 2500.25, 7.5]),
    ],
)
def test_numbers_in_brackets_are_negative_and_said_to_be(read, values, expected):
    table = read(*values)

    assert numbers(table) == expected
    assert table.columns[1].unit is None
    assert "column x: numbers in brackets were read as negative ones" in table.dataset.warnings


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["−5", "3", "−1.5"], [-5, 3, -1.5]),
        (["–5", "3", "– 1.5"], [-5, 3, -1.5]),
        (["−1,234.5", "3", "-2"], [-1234.5, 3, -2]),
    ],
)
def test_a_long_minus_is_a_minus_and_said_to_be(read, values, expected):
    table = read(*values)

    assert numbers(table) == expected
    assert any(f"the long minus of '{values[0]}' was read as a minus" in w for w in table.dataset.warnings)


def test_ranges_of_numbers_stay_text(read):
    table = read("5–7", "8–10", "11–13", "8–10")

    assert numbers(table) == ["5–7", "8–10", "11–13", "8–10"]


@pytest.mark.parametrize("values", [["(1)", "(2)"], ["(030)", "040"], ["(a)", "7"]])
def test_codes_in_brackets_stay_text(read, values):
    assert numbers(read(*values)) == values


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        ("ERR", "is text, because only 91 of its 100 values are numbers; leave the others empty or correct"),
        ("EUR 7.50", "their signs differ (91 with '$', 9 with 'EUR' among the first 100 values)"),
    ],
)
def test_a_column_that_is_nearly_numbers_is_refused_with_what_keeps_it_from_being_one(
    odd, says, project, tmp_path, table_cache
):
    sign = "$" if odd.startswith("EUR") else ""
    rows = [f"{odd if i < 9 else f'{sign}{i}.25'},{'RGB'[i % 3]}" for i in range(100)]
    source = tmp_path / "amounts.csv"
    source.write_text("\n".join(["price,team", *rows]), encoding="utf-8")

    found = analyse(source, project, name="amounts.csv", cache=table_cache, question="price by team")

    assert found.plan.needs_clarification
    assert says in found.plan.because


@pytest.mark.parametrize("values", [["$5", "€6", "$7"], ["5 kg", "6 lb", "7 kg"], ["$5", "about $6", "$7"]])
def test_what_is_no_amount_with_one_sign_stays_text(read, values):
    assert numbers(read(*values)) == values


def test_amounts_that_do_not_fit_are_counted_with_examples(read):
    table = read(*(f"${n}.50" for n in range(60)), "on request", "$x")

    assert (table.columns[1].invalid, numbers(table)[-2:]) == (2, [None, None])
    assert "column x: 2 of 62 values are not numbers and count as missing: 'on request', '$x'" in (
        table.dataset.warnings
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1 234", "12 345 678", "7"], [1234, 12345678, 7]),
        (["1\u202f234,5", "7,25"], [1234.5, 7.25]),
        (["1'234.50", "12’345", "7"], [1234.5, 12345, 7]),
    ],
)
def test_spaces_and_apostrophes_between_thousands_are_read_and_said(read, values, expected):
    table = read(*values)

    assert numbers(table) == expected
    assert any("between thousands" in warning for warning in table.dataset.warnings)


@pytest.mark.parametrize("values", [["020 1234", "020 5678"], ["1 2", "3 4"], ["10 000 0", "1 000 00"]])
def test_digits_in_other_groups_stay_text(read, values):
    assert numbers(read(*values)) == values


@pytest.mark.parametrize(
    ("question", "column", "unit"), [("price by team", "price", "$"), ("growth by team", "growth", "%")]
)
def test_amounts_with_a_sign_are_compared_in_their_unit(
    question, column, unit, project, tmp_path, table_cache
):
    rows = [("7.5%", '"$13,559.10"', "R")]
    rows += [(f"{i}.{i % 10}%", f'"${i},{500 + i}.10"', "RGB"[i % 3]) for i in range(1, 40)]
    source = tmp_path / "amounts.csv"
    source.write_text("growth,price,team\n" + "\n".join(map(",".join, rows)), encoding="utf-8")

    found = analyse(source, project, name="amounts.csv", cache=table_cache, question=question)

    assert found.plan.columns == {"outcome": column, "group": "team"}
    assert next(described.unit for described in found.profile if described.name == column) == unit
    assert f"column {column}: amounts with '{unit}' were read as numbers in that unit" in (
        found.dataset.warnings
    )
    assert found.script is not None
    assert found.script.verified, found.script.reason


def test_amounts_with_several_signs_stay_text_and_are_named_as_such(project, tmp_path, table_cache):
    rows = [f"{'$€'[i % 2]}{i}.50,{'RGB'[i % 3]}" for i in range(1, 40)]
    source = tmp_path / "amounts.csv"
    source.write_text("\n".join(["price,team", *rows]), encoding="utf-8")

    found = analyse(source, project, name="amounts.csv", cache=table_cache, question="price by team")

    assert found.plan.needs_clarification
    assert "looks like amounts written as text: '€1.50'" in found.plan.because
