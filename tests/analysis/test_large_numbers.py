"""Whole numbers far from zero: told exactly, or refused with the reason, never taken for one and the same."""

from statistics import stdev

import numpy as np
import pytest

from jobs.analysis.plots.drawing import density
from jobs.analysis.run import analyse
from jobs.errors import UnsuitableData

BEYOND = [10**18 + 7 * place for place in range(50)]  # neighbours that are one floating-point number
NEAR = [9 * 10**15 + 7 * place + place * place % 11 for place in range(50)]  # exact, 21 digits of squares


@pytest.fixture
def ask(tmp_path, project):
    """Return what is found in a table of `values`, two groups and 50 days."""

    def asked(values, question=None):
        source = tmp_path / "table.csv"
        rows = [
            f"{value},{'ab'[at % 2]},2020-{1 + at // 28:02d}-{1 + at % 28:02d}"
            for at, value in enumerate(values)
        ]
        source.write_text("big,g,day\n" + "\n".join(rows) + "\n")
        return analyse(source, project, name="table.csv", cache=tmp_path / "cache", question=question)

    return asked


@pytest.mark.parametrize("values", [BEYOND, NEAR], ids=["beyond 2^53", "near 2^53"])
def test_the_spread_of_large_whole_numbers_is_exact_and_the_script_agrees(ask, values):
    found = ask(values)

    assert found.profile[0].sd == pytest.approx(stdev(values), rel=1e-12)
    assert found.script.verified, found.script.reason


def test_numbers_that_floats_cannot_tell_apart_are_refused_for_that_reason(ask):
    with pytest.raises(UnsuitableData, match="differ by less than floating-point numbers of 16 digits"):
        ask(BEYOND, "does big differ by g?")


@pytest.mark.parametrize("question", ["does big differ by g?", "is there a trend in big over day?"])
def test_scripts_agree_on_large_whole_numbers(ask, question):
    found = ask(NEAR, question)

    assert found.script.verified, found.script.reason


def test_a_mean_beside_a_value_has_the_digits_in_which_they_differ(ask):
    found = ask(NEAR, "is the mean of big higher than 9000000000000003?")

    mean, value = found.interpretation.headline.split("is higher than")
    assert value.strip() not in mean
    assert mean.strip().startswith("The mean of big (9\u202f000\u202f000\u202f000\u202f000\u202f175)")


def test_a_density_of_neighbouring_floats_is_drawn():
    values = 9_007_199_254_740_992.0 + 2.0 * np.arange(20)

    _, heights = density(values)

    assert heights.max() == 1.0
    assert np.isfinite(heights).all()


def test_a_figure_that_cannot_be_drawn_is_left_out_and_told(ask, monkeypatch):
    monkeypatch.setattr("jobs.analysis.plots.groups.density", lambda *_, **__: np.linspace(0, 1, -1))

    found = ask(range(50), "does big differ by g?")

    assert "groups" not in [plot.id for plot in found.plots]
    assert "The groups could not be drawn from these numbers." in [
        caveat.text for caveat in found.interpretation.caveats
    ]
