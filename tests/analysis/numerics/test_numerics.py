"""The arithmetic against R, and its own definition written out."""

import json
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.analysis.numerics import noncentral, studentized
from jobs.analysis.numerics.contingency import fisher_exact, permutation_pvalue
from jobs.analysis.numerics.corrections import holm
from jobs.analysis.numerics.least_squares import fit, hc3_error
from jobs.analysis.numerics.means import t_two_sided
from jobs.analysis.numerics.moments import moments, quartiles, skewness
from jobs.analysis.numerics.ranks import epsilon_squared_interval, kruskal_wallis, rank_sum_distribution
from jobs.analysis.numerics.shift import hodges_lehmann, kth_difference

REFERENCE = json.loads((Path(__file__).parents[2] / "data/r/reference.json").read_text())


def test_polynomial_survives_badly_scaled_columns():
    x = 1e6 + np.arange(21.0)

    found = fit([x, (x - 1e6) ** 2], 3.0 + 0.5 * x + 0.25 * (x - 1e6) ** 2)

    assert found.slopes == pytest.approx((0.5, 0.25), rel=1e-8)


def test_moments_of_values_that_differ_in_their_last_digits():
    values = 1e12 + np.array([0.25, 0.5, 0.75])  # exact in binary

    found, lower = moments(values), moments(values - 0.25)

    assert found.variance == pytest.approx(0.0625, rel=1e-12)
    assert found.minus(lower) == pytest.approx(0.25, rel=1e-12)


def test_constant_has_no_spread_and_no_skewness():
    values = np.full(7, 0.1)

    assert moments(values).squares == 0.0
    assert moments(values).mean == 0.1
    assert skewness(values) is None
    assert quartiles(values) == (0.1, 0.1, 0.1, 0.1, 0.1)


@pytest.mark.parametrize("groups", [2, 3, 5, 10, 20])
def test_studentized_range_equals_r(groups):
    rows = [row for row in REFERENCE["studentized_range"] if row["groups"] == groups and row["df"] <= 1000]
    q, df, expected = (np.array([row[key] for row in rows], dtype=float) for key in ("q", "df", "p"))

    found = studentized.upper_tail(q, groups, df)

    # With 20 groups R's own 12- and 16-point rules are 5e-8 off; see the next test for who is right.
    assert found == pytest.approx(expected, rel=0, abs=6e-8 if groups == 20 else 5e-9)


@pytest.mark.parametrize("groups", [3, 20])
@pytest.mark.parametrize("df", [3.0, 37.5, 1e4])
def test_studentized_range_equals_a_far_finer_quadrature(monkeypatch, groups, df):
    q = np.array([0.3, 2.5, 4.0])
    found = studentized.upper_tail(q, groups, np.full(3, df))
    monkeypatch.setattr(studentized, "_INNER", np.polynomial.legendre.leggauss(200))
    monkeypatch.setattr(studentized, "_OUTER", np.polynomial.legendre.leggauss(200))

    finer = studentized.upper_tail(q, groups, np.full(3, df))

    assert found == pytest.approx(finer, rel=0, abs=1e-10)


@pytest.mark.parametrize("df", [1.5, 2.0, 8.0, 300.0])
def test_studentized_range_of_two_groups_is_students_t(df):
    q = np.array([0.1, 1.0, 3.0, 6.0])

    found = studentized.upper_tail(q, 2, np.full(4, df))

    assert found == pytest.approx([t_two_sided(value / np.sqrt(2.0), df) for value in q], rel=1e-8)


def test_critical_ranges_are_interpolated_without_loss():
    df = np.geomspace(2.0, 300.0, 50)

    found = studentized.critical_values(0.95, 8, df)

    assert studentized.upper_tail(found, 8, df) == pytest.approx(0.05, rel=1e-5)


@pytest.mark.parametrize(("t", "df"), [(1.3, 8), (-2.7, 58), (30.0, 40), (300.0, 1e6), (1e9, 5)])
def test_limits_of_t_are_where_the_tails_say(t, df):
    low, high = noncentral.t_limits(t, df, 0.95)

    # R: pt(t, df, ncp = low) = .975, pt(t, df, ncp = high) = .025; far out by simulation of the definition
    spread = np.sqrt(np.random.default_rng(1).chisquare(df, 400_000) / df)
    below = [float(np.mean(scipy.special.ndtr(t * spread - limit))) for limit in (low, high)]
    assert below == pytest.approx([0.975, 0.025], abs=2e-3)
    assert low < t < high


def test_limits_of_f_and_chi2_are_zero_where_chance_alone_gives_more():
    assert noncentral.f_limits(0.001, 3, 40, 0.95) == (0.0, 0.0)
    assert noncentral.chi2_limits(0.0, 2, 0.95) == (0.0, 0.0)


def test_rank_sum_distribution_counts_all_orders():
    found = rank_sum_distribution(3, 4)

    # the first 6 of 35 orders by hand: 1, 1, 2, 3, 4, 4 (Mann & Whitney 1947, table for n = 4)
    assert found[:6] * 35 == pytest.approx([1, 1, 2, 3, 4, 4], rel=1e-12)
    assert found.sum() == pytest.approx(1.0, rel=1e-12)


def test_holm_equals_r_p_adjust():
    adjusted = holm(np.array([0.01, 0.04, 0.03, 0.005]))

    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02], rel=1e-12)  # R: p.adjust(..., "holm")


values = st.one_of(st.integers(-4, 4).map(float), st.floats(-1e9, 1e9, allow_nan=False))
samples = st.lists(values, min_size=1, max_size=40).map(lambda found: np.sort(np.array(found)))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(samples, samples, st.floats(0, 1))
def test_every_ordered_difference_is_found_by_counting(a, b, share):
    differences = np.sort(np.subtract.outer(a, b).ravel())
    k = 1 + int(share * (differences.size - 1))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jobs.analysis.numerics.shift._ENUMERATED", 5)  # so that small samples are searched too
        found = kth_difference(a, b, k)

    scale = max(np.abs(a).max(), np.abs(b).max())
    assert found == pytest.approx(differences[k - 1], rel=1e-13, abs=1e-14 * scale)


@pytest.mark.parametrize("decimals", [0, 2, 15])
def test_shift_of_large_samples_is_found_without_forming_the_pairs(decimals):
    rng = np.random.default_rng(11)
    a, b = (
        np.sort(np.round(rng.normal(3, 9, 40_000), decimals)),
        np.sort(np.round(rng.normal(1, 5, 30_000), decimals)),
    )

    found = hodges_lehmann(a, b, level=0.95)

    # The median is where half of the 1.2e9 differences lie on each side.
    assert found.low <= found.value <= found.high
    tolerance = 1e-9 + 0.5 * 10.0**-decimals if decimals < 3 else 1e-9
    below = np.searchsorted(b, a - found.value - tolerance, side="right").sum()
    above = np.searchsorted(b, a - found.value + tolerance, side="left").sum()
    assert a.size * b.size - below >= a.size * b.size / 2 >= a.size * b.size - above
    assert found.value == pytest.approx(2.0, abs=0.2)


def test_one_point_that_decides_the_slope_has_no_robust_error():
    x, y = np.array([1.0, 1.0, 1.0, 5.0]), np.array([1.0, 2.0, 4.0, 9.0])

    assert hc3_error(x, fit([x], y).residuals) is None


def test_permuted_tables_agree_with_the_exact_test():
    counts = np.array([[8, 2], [3, 9]])
    chi2 = scipy.stats.chi2_contingency(counts, correction=False).statistic

    found = permutation_pvalue(counts, chi2, draws=20_000, seed=5)

    # In this table the two-sided sets of both tests are the same; five standard errors of 20,000 draws.
    assert found == pytest.approx(fisher_exact(counts), abs=0.01)


def test_epsilon_squared_lies_in_its_interval_whether_binned_or_not():
    rng = np.random.default_rng(2)
    for size in (12, 3000):
        groups = [rng.normal(shift, 1, size) for shift in (0.0, 0.5, 1.0)]

        low, high = epsilon_squared_interval(groups, level=0.95, draws=500, seed=1)

        assert 0 <= low < kruskal_wallis(groups).statistic / (3 * size - 1) < high <= 1
