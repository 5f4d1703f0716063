"""A shape is judged by more than skewness: by tails, by its QQ plot, and by whether there are two peaks."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from jobs.analysis import methods
from jobs.analysis.numerics.normality import quantile_distance
from jobs.analysis.numerics.peaks import deepest_valley
from jobs.analysis.sampling.shapes import ShapeSample
from tests.analysis.methods.reference import close, explicit
from tests.analysis.whole import answered

REFERENCE = json.loads((Path(__file__).parents[1] / "data/r/shape.json").read_text())
EVEN = (np.arange(400) + 0.5) / 400
NORMAL = special.ndtri(EVEN)
HUMPS = np.concatenate([NORMAL[::2], NORMAL[1::2] + 8.0])


def shape(values):
    return methods.run(explicit("normality"), ShapeSample("x", values, values.size, {})).shape


@pytest.mark.parametrize("case", REFERENCE, ids=[case["name"] for case in REFERENCE])
def test_the_valley_between_two_peaks_lies_where_the_density_of_r_has_it(case):
    values = np.array(case["data"], dtype=float)
    (first, _, second), (left, bottom, right) = case["places"], case["heights"]

    found = deepest_valley(values)

    # R spreads each value over two cells of its grid, and both search peaks on a grid.
    assert found.share == close(bottom / min(left, right), rel=1e-3)
    assert (found.first, found.second) == close((first, second), rel=5e-3)
    assert quantile_distance(values) == close(case["distance"])


@pytest.mark.parametrize(
    ("values", "verdict", "departures"),
    [
        (HUMPS, "far from normal", ("two peaks", "light tails")),
        (np.array(REFERENCE[0]["data"], dtype=float), "far from normal", ("two peaks", "light tails")),
        (EVEN, "far from normal", ("light tails",)),
        (np.exp(NORMAL), "far from normal", ("heavy tails", "skewed to the right")),
        (-np.exp(NORMAL), "far from normal", ("heavy tails", "skewed to the left")),
        (NORMAL, "close to normal", ()),
        (np.round(NORMAL), "not far from normal", ("quantiles far off",)),
    ],
    ids=["two humps", "waiting", "uniform", "lognormal", "lognormal mirrored", "normal", "whole numbers"],
)
def test_the_verdict_names_what_departs(values, verdict, departures):
    found = shape(values)

    assert (found.verdict, found.departures) == (verdict, departures)


def test_few_values_have_no_two_peaks():
    found = shape(HUMPS[::20])

    assert found.peaks is None
    assert found.verdict == "far from normal"


def test_samples_of_a_normal_distribution_hardly_ever_have_two_peaks():
    rng = np.random.default_rng(3)

    found = [shape(rng.normal(size=40)).peaks for _ in range(200)]

    assert sum(peaks is not None for peaks in found) <= 12


def test_peaks_follow_a_change_of_unit():
    first, second = shape(HUMPS), shape(1e6 + 1e-3 * HUMPS)

    assert second.peaks == pytest.approx(tuple(1e6 + 1e-3 * place for place in first.peaks), abs=1e-8)
    assert second.valley_share == pytest.approx(first.valley_share, rel=1e-2)


def test_the_answer_its_figure_and_its_report_say_that_there_are_two_peaks(tmp_path):
    (tmp_path / "files").mkdir()
    source = tmp_path / "files/humps.csv"
    source.write_text("\n".join(["x,n", *(f"{value:.4f},{n}" for n, value in enumerate(HUMPS))]) + "\n")

    found = answered(source, tmp_path / "p", method="normality", columns={"outcome": "x"})

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    headline = "x is far from normal in shape: two peaks and light tails (skewness"
    assert found.interpretation.headline.startswith(headline)
    assert found.plots[0].title.startswith(headline)
    assert "far from normal (two peaks and light tails)" in found.plots[0].alt
    assert "The values of x gather around two places, 0.0 and 8.0" in said
