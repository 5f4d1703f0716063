"""Groups compared with covariates held equal, from the question to the figure."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.planning.planner import plan
from jobs.analysis.sampling.adjusting import AdjustedSample
from jobs.analysis.tables.ingest import ingest
from jobs.errors import UnsuitableData
from tests.analysis.methods.reference import a_pvalue, close, explicit, limits
from tests.analysis.whole import answered, table

CASES = json.loads((Path(__file__).parents[1] / "data/r/ancova.json").read_text())["cases"]


def several(numbers: float | list[float]) -> list[float]:
    """R writes a single number without a list."""
    return numbers if isinstance(numbers, list) else [numbers]


@pytest.mark.agrees("ANCOVA", "F, p, partial eta2, slopes, adjusted means, pairs", "lm, emmeans")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_tests_adjusted_means_and_pairs_equal_r(case):
    expected, x = case["expected"], np.array(case["x"], dtype=float)
    levels = tuple(f"g{place}" for place in sorted(set(case["g"])))
    names = tuple(f"x{place}" for place in range(x.shape[1]))
    y, places = np.array(case["y"], dtype=float), np.array(case["g"]) - 1
    sample = AdjustedSample("y", "g", names, levels, y, places, x, y.size, {})

    found = methods.run(explicit("ancova"), sample)

    for test, effect, (f, p, eta) in zip(found.tests, found.effect_sizes, expected["terms"], strict=True):
        assert test.statistic == close(f)
        assert test.pvalue == a_pvalue(p)
        assert effect.value == close(eta)
    assert found.assumptions[0].statistic == close(expected["slopes"][0])
    assert found.assumptions[0].pvalue == a_pvalue(expected["slopes"][1])
    assert [mean.value for mean in found.adjusted] == close(expected["means"])
    ends = [limits(mean.interval) for mean in found.adjusted]
    assert [low for low, _ in ends] == close(expected["low"])
    assert [high for _, high in ends] == close(expected["high"])
    assert [pair.difference for pair in found.posthoc] == close(several(expected["difference"]))
    assert [pair.statistic for pair in found.posthoc] == close(several(expected["t"]))
    assert [pair.pvalue for pair in found.posthoc] == a_pvalue(several(expected["p"]))


@pytest.mark.parametrize(
    ("name", "question", "columns"),
    [
        (
            "employees",
            "Does income differ between departments after controlling for age?",
            {"outcome": "MonthlyIncome", "group": "Department", "covariate_1": "AgeYears"},
        ),
        (
            "birds",
            "body mass by sex, adjusting for flipper length",
            {"outcome": "body_mass_g", "group": "sex", "covariate_1": "flipper_length_mm"},
        ),
        (
            "birds",
            "difference in body mass between species adjusted for flipper length and bill length",
            {
                "outcome": "body_mass_g",
                "group": "species",
                "covariate_1": "flipper_length_mm",
                "covariate_2": "bill_length_mm",
            },
        ),
    ],
)
def test_questions_that_hold_numbers_equal_are_read(name, question, columns, table_cache):
    source = table(name)

    found = plan(question, ingest(source, table_cache, name=source.name).columns)

    assert (found.method, found.columns, found.needs_clarification) == ("ancova", columns, False)


@pytest.mark.parametrize(
    "question",
    [
        "body mass by sex, adjusting for colour",
        "body mass of Gentoo, adjusting for flipper length",
        "median body mass by sex for the first 20 birds, adjusting for flipper length",
    ],
)
def test_what_cannot_be_held_equal_so_is_asked_back(question, table_cache):
    source = table("birds")

    assert plan(question, ingest(source, table_cache, name=source.name).columns).needs_clarification


def test_adjusted_means_are_told_and_drawn(tmp_path):
    found = answered(
        table("employees"),
        tmp_path / "p",
        question="Does income differ between departments after controlling for age?",
    )

    assert "with AgeYears held equal" in found.interpretation.headline
    assert "(adjusted mean " in found.interpretation.headline
    assert [plot.id for plot in found.plots] == ["ancova", "overview"]


@pytest.mark.parametrize("rows", [9, 4_000])
def test_odd_names_and_sizes_stay_whole(rows, tmp_path):
    rng = np.random.default_rng(rows)
    names = (
        "体重 of $x$ after a very long campaign_(kg)",
        "a long group {_^} with words",
        "$dose$ of it",
        "z_2",
    )
    x = rng.normal(50, 9, (rows, 2))
    body = [
        f"{a + b / 9 + rng.normal():.3f},level {n % 3} with a name that is long,{a:.3f},{b:.3f}"
        for n, (a, b) in enumerate(x)
    ]
    source = tmp_path / "odd.csv"
    source.write_text("\n".join([",".join(names), *body, ""]), encoding="utf-8")
    columns = dict(zip(("outcome", "group", "covariate_1", "covariate_2"), names, strict=True))

    found = answered(source, tmp_path / "p", method="ancova", columns=columns)

    assert found.findings.sample.n_used == rows
    assert (tmp_path / "p" / found.plots[0].files["svg"]).stat().st_size < 300_000


def test_a_covariate_that_follows_from_the_groups_is_refused(tmp_path):
    source = tmp_path / "same.csv"
    source.write_text("v,g,x\n" + "".join(f"{n * n % 7}.5,{'ab'[n % 2]},{n % 2 + 1}.5\n" for n in range(20)))

    with pytest.raises(UnsuitableData, match="one of them follows from the others"):
        answered(
            source,
            tmp_path / "p",
            method="ancova",
            columns={"outcome": "v", "group": "g", "covariate_1": "x"},
        )
