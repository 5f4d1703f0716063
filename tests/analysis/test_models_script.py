"""The scripts of models of several columns find their numbers again, and notice a changed one."""

from dataclasses import replace

import pytest

from jobs.analysis import methods, script
from jobs.analysis.sampling import samples
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.ingest import ingest
from jobs.analysis.tables.profile import profile
from jobs.progress import silent
from tests.analysis.test_models import TABLES, model_plan

SCRIPTS = [
    ("mtcars", "linear_regression", "mpg", ("wt", "hp", "cyl", "am")),
    ("houses", "log_linear_regression", "price_usd", ("sqft", "neighbourhood", "has_garage")),
    ("birds", "linear_regression", "body_mass_g", ("species", "sex", "bill_length_mm", "year")),
    ("titanic", "logistic_regression", "Survived", ("Class", "Sex", "Age")),
    ("birthwt", "logistic_regression", "low", ("age", "lwt", "race", "smoke")),
    ("orders_de", "logistic_regression", "Kunde zufrieden", ("Region", "Umsatz_eur")),
    ("warpbreaks", "poisson_regression", "breaks", ("wool", "tension")),
    ("quine", "negative_binomial_regression", "Days", ("Eth", "Sex", "Lrn")),
    ("orders_de", "linear_regression", "Umsatz_eur", ("Region", "Rabatt %", "Artikel")),
]


@pytest.mark.parametrize(("table", "method", "outcome", "predictors"), SCRIPTS)
def test_the_script_finds_the_numbers_of_a_model_again(
    table, method, outcome, predictors, table_cache, tmp_path
):
    source = next(TABLES.glob(f"{table}.?sv"))
    read = ingest(source, table_cache, name=source.name)
    plan = model_plan(method, outcome, *predictors)
    findings = methods.run(plan, samples.load(plan, read.path))
    path = tmp_path / "script.py"

    script.write(
        script.Recipe(read.dataset, read.dialect, read.columns, plan, findings, profile(read, report=silent)),
        path,
    )
    found = script.verify(path, source)

    assert found.verified, found.reason
    assert found.max_relative_difference < 1e-7


def test_a_changed_number_is_noticed_by_the_script(table_cache, tmp_path):
    source = TABLES / "mtcars.csv"
    read = ingest(source, table_cache, name=source.name)
    plan = model_plan("linear_regression", "mpg", "wt", "hp")
    findings = methods.run(plan, samples.load(plan, read.path))
    wrong = replace(findings.model.coefficients[1], estimate=findings.model.coefficients[1].estimate * 1.001)
    model = replace(
        findings.model, coefficients=(findings.model.coefficients[0], wrong, *findings.model.coefficients[2:])
    )
    path = tmp_path / "script.py"

    columns: tuple[Column, ...] = read.columns
    script.write(
        script.Recipe(
            read.dataset,
            read.dialect,
            columns,
            plan,
            replace(findings, model=model),
            profile(read, report=silent),
        ),
        path,
    )
    found = script.verify(path, source)

    assert not found.verified
    assert "wt estimate" in (found.reason or "")
