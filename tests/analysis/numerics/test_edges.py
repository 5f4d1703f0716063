"""Where a formula changes its route: far offsets, many degrees of freedom, resampling that cannot vary."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import special

from jobs.analysis.methods.centred import hedges_correction
from jobs.analysis.numerics.ancova import adjusted
from jobs.analysis.numerics.change import autocorrelations, mann_kendall, seasonal_strength
from jobs.analysis.numerics.contingency import share_difference, wilson
from jobs.analysis.numerics.families import Logistic, Poisson
from jobs.analysis.numerics.general_model import NoMaximum, fit_general, profile_interval
from jobs.analysis.numerics.moments import moments
from jobs.analysis.numerics.ranks import epsilon_squared_interval
from jobs.analysis.numerics.shift import hodges_lehmann
from jobs.analysis.numerics.signed_rank import pseudomedian
from jobs.analysis.numerics.within import concordance_interval


@pytest.mark.parametrize("offset", [0.0, 1e9, 1e13])
def test_a_difference_of_means_far_from_zero_is_exact(offset):
    rng = np.random.default_rng(4)
    a, b = offset + rng.normal(size=31), offset + rng.normal(size=17)

    found = moments(a).minus(moments(b))

    exactly = sum(map(Fraction, a)) / 31 - sum(map(Fraction, b)) / 17
    assert found == pytest.approx(float(exactly), rel=1e-12, abs=1e-17 * offset)


@pytest.mark.parametrize("df", [2, 9, 99_999, 100_001, 10**7])
def test_the_correction_of_hedges_is_the_ratio_of_gamma_functions_for_any_size(df):
    # Hedges (1981): gamma(df / 2) / (sqrt(df / 2) gamma((df - 1) / 2)), here by the Pochhammer symbol
    exactly = special.poch(df / 2 - 0.5, 0.5) / np.sqrt(df / 2)

    assert hedges_correction(df) == pytest.approx(exactly, rel=1e-9)


def test_resampling_groups_that_never_overlap_always_gives_the_same_size_of_effect():
    low, high = epsilon_squared_interval([np.zeros(6), np.ones(6)], level=0.95, draws=200, seed=3)

    assert (low, high) == pytest.approx((1.0, 1.0), rel=1e-12)


def test_resampling_rows_of_one_order_always_gives_full_concordance():
    ranks = np.tile([2.0, 1.0, 3.0, 4.0], (9, 1))

    assert concordance_interval(ranks, level=0.95, draws=200, seed=3) == pytest.approx((1.0, 1.0), rel=1e-12)


def test_resampled_concordance_lies_about_that_of_the_rows():
    rng = np.random.default_rng(2)
    ranks = np.argsort(np.argsort(rng.normal([0.0, 0.4, 0.8], size=(400, 3)), axis=1), axis=1) + 1.0
    spread = np.sum((ranks.sum(axis=0) - 400 * 2.0) ** 2)
    w = 12.0 * spread / (400**2 * (3**3 - 3))

    low, high = concordance_interval(ranks, level=0.95, draws=2_000, seed=3)

    # The error of W by the definition of the bootstrap: a normal interval is near for 400 rows.
    again = []
    for _ in range(2_000):
        drawn = ranks[rng.integers(0, 400, 400)]
        again.append(12.0 * np.sum((drawn.sum(axis=0) - 800.0) ** 2) / (400**2 * 24))
    assert low < w < high
    assert (low, high) == pytest.approx(tuple(np.quantile(again, [0.025, 0.975])), abs=0.02)


def test_two_seasons_and_a_point_are_needed_for_the_strength_of_a_season():
    values = np.array([1.0, 5.0, 2.0, 7.0, 1.5, 5.5, 2.2, 7.4, 1.1])

    assert seasonal_strength(values, 4) is not None
    assert seasonal_strength(values[:8], 4) is None
    assert seasonal_strength(np.arange(9.0), 4) is None  # a straight line leaves nothing


def test_a_constant_series_has_no_autocorrelation_at_any_lag():
    assert autocorrelations(np.full(6, 2.5)).tolist() == [0.0] * 5


def test_no_rise_and_no_fall_is_no_deviation():
    found = mann_kendall(np.arange(4.0), np.array([1.0, 3.0, 3.0, 1.0]))

    assert (found.s, found.z(corrected=False), found.z(corrected=True)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (7, 7), (0, 1), (1, 1)])
def test_limits_of_a_share_of_none_or_all_stay_between_0_and_1(hits, n):
    low, high = wilson(hits, n, 0.95)

    assert 0.0 <= low <= hits / n <= high <= 1.0
    assert high - low > 0.3


def test_the_difference_of_opposite_shares_is_one_and_ends_there():
    value, low, high = share_difference(np.array([[8, 0], [0, 8]]), 0.95)

    assert (value, high) == (1.0, 1.0)
    assert 0.5 < low < 1.0


def test_too_few_differences_have_no_limits_beside_ties():
    found = hodges_lehmann(np.array([1.0, 1.0]), np.array([2.0, 3.0]), level=0.95)

    assert (found.value, found.low, found.high) == (-1.5, None, None)


def test_rows_told_without_doubt_do_not_stop_the_fit_of_the_others():
    x = np.array([-2.0, -1, -1, 0, 0, 1, 1, 2, 4000.0])
    y = np.array([0.0, 0, 1, 1, 0, 1, 0, 1, 1])

    found = fit_general([x], y, Logistic())

    assert found.fitted[-1] == 1.0
    assert np.isfinite([found.pearson, *found.coefficients, *found.errors]).all()


def test_a_likelihood_that_rises_for_ever_has_no_maximum():
    x = np.arange(8.0)

    with pytest.raises(NoMaximum):
        fit_general([(x > 3).astype(float)], np.where(x > 3, 5.0, 0.0), Poisson())


def test_a_limit_that_is_never_reached_is_none():
    x, y = np.array([0.0, 0, 0, 0, 1, 1, 1, 1]), np.array([0.0, 0, 1, 0, 1, 1, 1, 0])
    model = fit_general([x], y, Logistic())

    low, high = profile_interval([x], y, Logistic(), model, place=1, level=0.95)
    wide = profile_interval([x], y, Logistic(), model, place=1, level=0.999999)

    assert low is not None
    assert high is not None
    assert low < model.coefficients[1] < high
    assert wide[0] is None or wide[0] < low


def test_averages_of_very_many_pairs_are_found_without_writing_them_out():
    differences = np.random.default_rng(8).normal(0.2, 1.0, 1_500)
    first, second = np.triu_indices(differences.size)

    found = pseudomedian(differences, level=0.95)

    averages = (differences[first] + differences[second]) / 2
    # The 1,500 values with themselves are counted by half: three parts in a thousand of the ordered averages.
    assert found.value == pytest.approx(np.median(averages), abs=5e-3)
    assert found.low < found.value < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * 1.02 / np.sqrt(1_500), rel=0.1)


def test_slopes_are_not_told_where_a_covariate_does_not_vary_within_a_group():
    groups = np.repeat([0, 1], 8)
    covariate = np.where(groups == 0, np.arange(16.0), 3.0)
    y = np.random.default_rng(5).normal(size=16)

    found = adjusted(y, groups, covariate[:, None])

    assert found is not None
    assert found.slopes is None
