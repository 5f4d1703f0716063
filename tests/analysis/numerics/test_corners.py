"""Where a formula takes another route, or a search starts badly, the numbers stay those of the definition."""

import numpy as np
import pytest

from jobs.analysis.numerics.change import from_near
from jobs.analysis.numerics.correlation import pearson, spearman
from jobs.analysis.numerics.dispersion import dispersion
from jobs.analysis.numerics.peaks import _bandwidth, deepest_valley

COUNTS = np.random.default_rng(20140305).negative_binomial(4.0, 0.3, size=300).astype(float)


def test_values_far_from_zero_are_taken_less_the_first_and_others_as_they_are():
    near = np.array([3.0, 5.5, 9.25])

    assert from_near(1e15 + np.array([0.0, 1.0, 4.0])).tolist() == [0.0, 1.0, 4.0]
    assert from_near(near).tolist() == near.tolist()


def test_only_an_enumerated_p_value_is_called_exact():
    x, tied = np.array([1.0, 2, 3, 4, 5, 6]), np.array([2.0, 1, 2, 5, 4, 7])

    assert spearman(x, np.array([2.0, 1, 3, 5, 4, 7])).exact
    assert not spearman(x, tied).exact
    assert not pearson(x, tied).exact


@pytest.mark.parametrize("off", [0.05, 0.999, 1.001, 20.0])
def test_the_spread_of_counts_is_found_wherever_the_search_begins(off):
    mean = np.full(COUNTS.size, COUNTS.mean())
    theta = dispersion(COUNTS, mean, 4.0)

    assert dispersion(COUNTS, mean, theta * off, near=1e-4) == pytest.approx(theta, rel=1e-10)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # R 4.2: bw.nrd0(x)
        ([0.3, 1.1, 2.7, 3.2, 3.9, 4.05, 4.6, 5.15, 5.9, 6.35, 7.7, 25.2, -19.4], 1.286764346238443),
        ([2.0] * 10 + [1.5, 2.5, 2.6, 9.5], 1.066125984389103),  # quartiles alike: by the deviation
    ],
)
def test_the_width_of_smoothing_is_that_of_r(values, expected):
    assert _bandwidth(np.sort(np.array(values))) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("side", [-1.0, 1.0])
@pytest.mark.parametrize(("share", "seen"), [(0.07, False), (0.15, True)])
def test_a_hump_of_less_than_a_tenth_of_the_values_is_no_second_peak(side, share, seen):
    n = 1_000
    few = round(share * n)
    broad = np.linspace(-1.0, 1.0, n - few)
    values = side * np.concatenate([broad, 3.0 + np.linspace(-0.01, 0.01, few)])

    assert (deepest_valley(values) is not None) == seen
