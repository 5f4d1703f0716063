"""Where a formula takes another route, or a search starts badly, the numbers stay those of the definition."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kruskal, rankdata

from jobs.analysis import methods
from jobs.analysis.methods.bends import curve_of
from jobs.analysis.methods.common import extreme_outliers, require_range, shapiro
from jobs.analysis.numerics.change import from_near
from jobs.analysis.numerics.correlation import pearson, spearman
from jobs.analysis.numerics.dispersion import dispersion
from jobs.analysis.numerics.moments import skewness
from jobs.analysis.numerics.normality import anderson_darling
from jobs.analysis.numerics.peaks import _bandwidth, deepest_valley
from jobs.analysis.numerics.ranks import epsilon_squared_interval
from jobs.analysis.numerics.signed_rank import pseudomedian
from jobs.analysis.numerics.stratified import mantel_fleiss
from jobs.analysis.numerics.within import _patterns, concordance_interval
from jobs.errors import UnsuitableData
from tests.analysis.methods.reference import close
from tests.analysis.properties.strategies import a_plan, crossed, one

R = json.loads((Path(__file__).parents[2] / "data/r/corners.json").read_text())

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


def test_the_skewness_is_that_of_r():
    assert skewness(np.array(R["skewness"]["data"])) == close(R["skewness"]["value"])


@pytest.mark.parametrize("case", R["anderson"], ids=lambda case: f"{case['adjusted']:.2f}")
def test_each_piece_of_the_p_value_of_anderson_and_darling_is_that_of_r(case):
    assert anderson_darling(np.array(case["data"])) == close((case["statistic"], case["p"]))


def test_the_r_squared_that_a_parabola_adds_is_that_of_r():
    found = curve_of(np.array(R["bend"]["x"], float), np.array(R["bend"]["y"]))

    assert found.gain == close(R["bend"]["gain"])


def test_how_far_first_cells_could_move_is_that_of_r():
    assert mantel_fleiss(np.array(R["fleiss"]["data"])) == close(R["fleiss"]["value"])


def test_rows_of_one_order_with_ties_always_give_full_concordance():
    ranks = np.tile([1.5, 1.5, 3.0, 4.0], (9, 1))

    assert concordance_interval(ranks, level=0.95, draws=50, seed=3) == pytest.approx((1.0, 1.0), rel=1e-12)


def test_every_different_row_of_ranks_is_a_pattern_of_its_own():
    rows = rankdata(np.array(list(product(range(4), repeat=4))), axis=1)
    distinct, times = np.unique(rows, axis=0, return_counts=True)

    patterns, counts = _patterns(rows)

    assert sorted(zip(patterns.tolist(), counts, strict=True)) == sorted(
        zip(distinct.tolist(), times, strict=True)
    )


def test_one_sample_far_from_zero_gives_the_test_of_its_distances():
    steps = np.array([0.0, 1, 1, 2, 5, 5, 8, 8, 11])  # with a mean that no number near 1e15 can be

    far, near = (
        methods.run(a_plan("one_sample_t_test"), one(offset + steps, offset + 3.0)).tests[0]
        for offset in (1e15, 0.0)
    )

    assert (far.statistic, far.pvalue) == pytest.approx((near.statistic, near.pvalue), rel=1e-12)


def test_nothing_is_extreme_beside_quartiles_that_are_alike():
    assert extreme_outliers(np.array([1.0, 1, 1, 1, 1, 9])) == 0
    assert extreme_outliers(np.array([0.10, 0.11, 0.12, 0.13, 0.14, 9])) == 1


def test_shapiro_and_wilk_are_asked_up_to_five_thousand_values():
    values = np.linspace(-1.0, 1.0, 5_001)

    assert shapiro(values[:-1]) is not None
    assert shapiro(values) is None


def test_expected_counts_of_exactly_five_are_large_enough():
    even = methods.choose(replace(a_plan("fisher_exact"), explicit=False), crossed([[5, 5], [5, 5]]))

    assert even.method == "chi_square_independence"
    assert "every expected count is large enough" in even.because


def test_averages_of_very_many_pairs_lie_within_a_part_in_n_of_their_places():
    differences = np.random.default_rng(8).normal(0.2, 1.0, 1_500)
    first, second = np.triu_indices(differences.size)
    averages = np.sort(differences[first] + differences[second]) / 2.0

    found = pseudomedian(differences, level=0.95)

    # Half of the values beside themselves lie below the middle; other places differ by less than a quarter.
    assert abs(int(np.searchsorted(averages, found.value)) - averages.size / 2) < differences.size / 8


def test_resampled_limits_of_the_share_of_ranks_are_those_of_drawing_the_values():
    random = np.random.default_rng(20140305)
    groups = [random.normal(shift, 1.0, 40) for shift in (0.0, 0.4, 0.9)]

    limits = epsilon_squared_interval(groups, level=0.9, draws=2_000, seed=3)

    again = [kruskal(*(random.choice(group, 40) for group in groups)).statistic / 119 for _ in range(2_000)]
    # The error of such a quantile among 2,000 draws is about 0.003.
    assert limits == pytest.approx(tuple(np.quantile(again, [0.05, 0.95])), abs=0.015)


def test_what_cannot_be_squared_is_refused_and_a_constant_is_not():
    for low, high in ((0.0, 1e-310), (-1e300, 1.0)):
        with pytest.raises(UnsuitableData, match="beyond what can be squared"):
            require_range("x", low, high)
    require_range("x", 2.0, 2.0)
