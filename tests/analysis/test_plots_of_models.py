"""Figures of models show what the model tells beside what was observed, with the numbers of the results."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from scipy import stats

from jobs.analysis import methods, plots
from jobs.analysis.plots import counted
from jobs.analysis.plots.chances import roc
from jobs.analysis.plots.counted import expected_counts
from jobs.analysis.plots.fitted import linear_predictor, tenths
from jobs.analysis.plots.glyphs import note, restored, signed, signs
from jobs.analysis.plots.house import families
from jobs.analysis.plots.text import typeset
from jobs.analysis.results.result import Findings, Plan, Plot
from jobs.analysis.sampling.models import Explaining, ModelSample

RNG = np.random.default_rng(20140305)
SIZE = 300
X = RNG.normal(10, 2, SIZE)
GROUP = RNG.integers(0, 3, SIZE).astype(float)
RATE = np.exp(0.1 * X + 0.3 * GROUP - 0.5)
OUTCOMES = {
    "linear_regression": 3 * X + GROUP + RNG.normal(0, 2, SIZE),
    "log_linear_regression": np.exp(0.1 * X + RNG.normal(0, 0.2, SIZE)),
    "logistic_regression": (RNG.random(SIZE) < 1 / (1 + np.exp(10 - X))).astype(float),
    "poisson_regression": RNG.poisson(RATE).astype(float),
    "negative_binomial_regression": RNG.negative_binomial(2, 2 / (2 + RATE)).astype(float),
}


def sample_of(method: str) -> ModelSample:
    events = ("no", "yes") if method == "logistic_regression" else ()
    explaining = (Explaining("x", X), Explaining("team", GROUP, ("a", "b", "c")))
    return ModelSample("y", OUTCOMES[method], explaining, SIZE, {}, events=events)


def drawn(method: str, folder: Path) -> tuple[list[Plot], Findings, ModelSample]:
    sample, plan = sample_of(method), Plan("predict", method, {"outcome": "y"}, 1.0, "", explicit=True)
    findings = methods.run(plan, sample)
    return list(plots.draw(plan, sample, findings, (), folder)), findings, sample


def rows_of(plot: Plot, folder: Path, layer: str) -> list[dict[str, str]]:
    with (folder / plot.data).open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["layer"] == layer]


@pytest.mark.parametrize("method", OUTCOMES)
def test_a_model_has_a_figure_of_its_coefficients_and_one_of_its_fit(method, tmp_path):
    fit = {"logistic_regression": "discrimination"}.get(
        method, "predictions" if method.endswith("linear_regression") else "counts"
    )

    found, _, _ = drawn(method, tmp_path)

    assert [plot.id for plot in found] == ["model", fit]
    assert all((tmp_path / file).stat().st_size > 1_000 for plot in found for file in plot.files.values())
    assert all(len(plot.alt) > 60 for plot in found)


def test_the_area_under_the_drawn_curve_is_the_one_of_the_results(tmp_path):
    found, findings, _ = drawn("logistic_regression", tmp_path)

    curve = rows_of(found[1], tmp_path, "curve")
    false, true = (np.array([float(row[name]) for row in curve]) for name in ("x", "y"))
    # As many points as rows, so that the curve is whole and its area that of DeLong's ranks.
    assert np.trapezoid(true, false) == pytest.approx(findings.effect_sizes[0].value, abs=1e-12)


def test_equal_scores_cross_a_threshold_together():
    false, true = roc(np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.9, 0.5, 0.5, 0.1]))

    assert false.tolist() == [0.0, 0.0, 0.5, 1.0]
    assert true.tolist() == [0.0, 0.5, 1.0, 1.0]


def test_the_linear_predictor_leaves_what_the_fit_tells():
    sample = sample_of("linear_regression")
    findings = methods.run(Plan("predict", "linear_regression", {}, 1.0, "", explicit=True), sample)
    assert findings.model is not None

    left = sample.values - linear_predictor(sample, findings.model)

    spread = np.sqrt(np.sum(left**2) / (SIZE - 4))  # of an intercept, a number and two of three groups
    assert spread == pytest.approx(findings.model.fit["residual_sd"], rel=1e-9)


def test_groups_of_like_rows_hold_each_row_once_and_equal_ones_together():
    told = np.repeat([0.1, 0.2, 0.7], [50, 3, 47])

    groups = tenths(told, (RNG.random(100) < told).astype(float), 0.95)

    assert [(round(group.told, 12), group.rows) for group in groups] == [(0.1, 50), (0.2, 3), (0.7, 47)]
    assert all(group.low <= group.seen <= group.high for group in groups)


@pytest.mark.parametrize("theta", [None, 2.0])
def test_expected_counts_are_the_sums_of_the_chances_of_each_row(theta):
    edges = np.arange(0.0, 12.0) - 0.5
    k = np.arange(11)[:, None]
    chances = (
        stats.poisson.pmf(k, RATE) if theta is None else stats.nbinom.pmf(k, theta, theta / (theta + RATE))
    )

    found = expected_counts(RATE, edges, theta)

    assert found == pytest.approx(chances.sum(axis=1), rel=1e-9)


def test_a_formula_is_set_upright_beside_words_that_its_font_lacks():
    assert typeset("weight  $n$ = 12") == "weight  $n$ = 12"
    assert typeset("体重  $n$ = 12") == "体重  n = 12"
    assert typeset("体重\n$n$ = 12") == "体重\n$n$ = 12"
    assert typeset(r"体重 \$5,  $\omega^2$ = .2,  $R^2$ = .3") == r"体重 \$5,  ω² = .2,  R² = .3"


def test_characters_without_a_picture_are_numbered_and_told_of():
    texts = ["plain", "体重", "รายได้ 1", "กลุ่ม a", "กลุ่ม b"]

    stand_ins = signs(texts, families())

    written = [signed(text, stand_ins) for text in texts]
    assert written == ["plain", "体重", "‹1› 1", "‹2› a", "‹2› b"]
    assert [restored(text, stand_ins) for text in written] == texts
    assert note(stand_ins).startswith("‹1› to ‹2› stand for characters that no font here can draw")
    assert note({}) == ""


def test_a_figure_without_a_picture_for_names_keeps_them_in_words_and_data(tmp_path):
    plan, sample = (
        Plan("predict", "linear_regression", {}, 1.0, "", explicit=True),
        sample_of("linear_regression"),
    )
    thai = replace(sample, outcome="รายได้", predictors=(replace(sample.predictors[0], name="อายุ"),))

    plot = plots.draw(plan, thai, methods.run(plan, thai), (), tmp_path)[0]

    assert "รายได้" in plot.title
    assert "อายุ" in plot.alt
    assert "อายุ" in (tmp_path / plot.data).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("method", "says"),
    [
        ("poisson_regression", "times a Poisson's"),
        ("negative_binomial_regression", "times what the model expects"),
    ],
)
def test_the_spread_of_counts_is_told_beside_what_it_is_held_against(method, says):
    sample, plan = sample_of(method), Plan("predict", method, {"outcome": "y"}, 1.0, "", explicit=True)
    findings = methods.run(plan, sample)

    figure = counted.draw(sample, findings, findings.model).figure

    assert [text.get_text() for text in figure.findobj(Text) if says in text.get_text()] != []
