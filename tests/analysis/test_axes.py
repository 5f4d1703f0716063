"""The axes of figures: numbers that can be told apart, and a logarithmic scale for stretched values."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from jobs.analysis.plots import scales, ticks
from jobs.analysis.plots.distribution import bars
from jobs.analysis.plots.drawing import any_wants_logarithm, off_line, wants_logarithm
from tests.analysis.test_legible_figures import figures

RNG = np.random.default_rng(4)
STRETCHED = RNG.lognormal(5, 1.5, 500)


def axes_over(low, high, *, scale="linear"):
    """Return axes whose upright axis goes from `low` to `high`, numbered."""
    axes = Figure().add_subplot()
    axes.set_yscale(scale)
    axes.set_ylim(low, high)
    ticks.thousands(axes, "y")
    axes.figure.draw_without_rendering()
    return axes


def numbers_of(axes):
    """Return the numbers in view along the upright axis."""
    low, high = axes.get_ylim()
    found = zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    return [label.get_text() for at, label in found if low <= at <= high]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5000, "5\u202f000"), (-0.25, "−0.25"), (3e9, "3e9"), (0, "0"), (0.0001, "0.0001"), (2e-7, "2e−7")],
)
def test_numbers_on_axes_are_short(value, expected):
    assert ticks.tick(value) == expected


def test_years_on_axes_stay_whole():
    assert ticks.tick(2007, years=True) == "2007"


@pytest.mark.parametrize(
    ("base", "spread"), [(1.181e21, 1e15), (1e9, 0.001), (-5e12, 3.0), (1000.0, 2e-5), (3e-9, 1e-12)]
)
def test_numbers_far_from_zero_can_be_told_apart_without_a_sum_beside_the_axis(base, spread):
    axes = axes_over(base - spread, base + spread)

    labels = numbers_of(axes)

    assert len(set(labels)) == len(labels) > 2
    assert axes.yaxis.get_offset_text().get_text() == ""
    step = np.diff(axes.get_yticks())[0]
    told = [float(label.replace("\u202f", "").replace("−", "-")) for label in labels]
    assert np.diff(told) == pytest.approx(step, rel=0.05)


def test_digits_that_say_nothing_are_left_out():
    assert numbers_of(axes_over(1000.0, 1000.00004))[1] == "1\u202f000.000005"


@pytest.mark.parametrize(("low", "high"), [(2, 60), (0.3, 9_000), (3e-9, 2e9)])
def test_a_logarithmic_axis_has_three_numbers_and_more(low, high):
    labels = numbers_of(axes_over(low, high, scale="log"))

    assert len(set(labels)) == len(labels) >= 3


def test_a_logarithmic_axis_is_for_stretched_positive_values_only():
    assert wants_logarithm(STRETCHED)
    assert wants_logarithm(STRETCHED[:250], STRETCHED[250:])
    assert not wants_logarithm(RNG.normal(100, 10, 500))
    assert not wants_logarithm(-STRETCHED)


def test_a_single_value_below_zero_among_very_many_keeps_the_axis_linear():
    many = RNG.lognormal(5, 1.5, 200_000)
    many[77_777] = -1.0

    assert not wants_logarithm(many)
    assert not wants_logarithm(STRETCHED, np.array([0.0]))


def test_measures_share_a_logarithmic_axis_where_one_is_stretched_and_all_are_positive():
    even = RNG.normal(100, 10, 500)

    assert any_wants_logarithm(np.column_stack([even, STRETCHED]))
    assert not any_wants_logarithm(np.column_stack([even - 100, STRETCHED]))


def test_bars_on_a_logarithmic_axis_are_equally_wide_and_hold_every_value():
    edges, counts = bars(np.sort(STRETCHED), logarithmic=True)

    ratios = edges[1:] / edges[:-1]
    assert ratios == pytest.approx(ratios[0])
    assert counts.sum() == STRETCHED.size


@pytest.mark.parametrize(("scale", "at", "expected"), [("linear", 50.5, 0.5), ("log", 10, 0.5)])
def test_a_place_along_an_axis_is_that_on_its_scale(scale, at, expected):
    axes = Figure().add_subplot()
    axes.set_xscale(scale)
    axes.set_xlim(1, 100)

    assert scales.share_along(axes, at) == pytest.approx(expected)


@pytest.mark.parametrize(("means", "above"), [([1, 2, 3], False), ([3, 2, 1], True), ([1, 1, 1], True)])
def test_the_number_of_a_mean_stands_off_the_line_to_the_next(means, above):
    right, up = off_line(0, means)

    assert right > 0
    assert (up > 0) is above
    assert off_line(2, means) == (8, 0)


@pytest.mark.parametrize(
    "method",
    [
        "one_sample_t_test",
        "two_way_anova",
        "friedman_test",
        "repeated_measures_anova",
        "ancova",
        "trend_over_time",
        "pearson_correlation",
        "normality",
    ],
)
def test_a_stretched_outcome_has_a_logarithmic_axis_and_the_caption_says_so(method):
    ((_, figure),) = figures("skewed", method)

    caption = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    logarithmic = [axes for axes in figure.axes if "log" in (axes.get_xscale(), axes.get_yscale())]
    assert logarithmic
    assert "Logarithmic" in caption
    for axes in logarithmic:
        low, high = axes.get_ylim() if axes.get_yscale() == "log" else axes.get_xlim()
        assert 0 < low < high < 1e6 * low
