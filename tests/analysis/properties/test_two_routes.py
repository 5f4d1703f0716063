"""Numbers that two routes must both lead to: counting and ranks, exact and in the limit, F and t squared."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special

from jobs.analysis.numerics.contingency import chi_square, odds_ratio
from jobs.analysis.numerics.correlation import pearson
from jobs.analysis.numerics.factorial import cells_of, type_three, type_two
from jobs.analysis.numerics.families import Logistic, Poisson
from jobs.analysis.numerics.general_model import fit_general
from jobs.analysis.numerics.kendall import kendall
from jobs.analysis.numerics.least_squares import fit
from jobs.analysis.numerics.linear_model import fit_model, joint_test
from jobs.analysis.numerics.means import decompose, student, t_two_sided, welch, welch_anova
from jobs.analysis.numerics.moments import moments
from jobs.analysis.numerics.noncentral import chi2_limits, f_limits, t_limits
from jobs.analysis.numerics.ranks import kruskal_wallis, mann_whitney, rank_sum_distribution, rank_sum_sd
from jobs.analysis.numerics.shift import hodges_lehmann
from jobs.analysis.numerics.signed_rank import signed_rank, signed_rank_distribution, signed_rank_sd
from jobs.analysis.numerics.within import friedman, within
from tests.analysis.properties.strategies import thorough

integers = st.integers(-30, 30).map(float)
samples = st.lists(integers, min_size=2, max_size=14).map(np.array)
counts = st.lists(st.integers(1, 60), min_size=4, max_size=4).map(lambda cells: np.array(cells).reshape(2, 2))


@thorough
@given(samples, samples)
def test_u_counts_the_pairs_in_which_the_first_is_larger(a, b):
    assume(np.ptp(np.concatenate([a, b])) > 0)
    differences = np.subtract.outer(a, b)

    found = mann_whitney(np.sort(a), np.sort(b))

    assert found.statistic == np.sum(differences > 0) + np.sum(differences == 0) / 2
    assert hodges_lehmann(np.sort(a), np.sort(b), level=0.9).value == pytest.approx(
        np.median(differences), abs=1e-12
    )


@thorough
@given(st.lists(integers.filter(bool), min_size=1, max_size=12).map(np.array))
def test_signed_ranks_count_the_averages_of_pairs_above_zero(differences):
    first, second = np.triu_indices(differences.size)
    averages = differences[first] + differences[second]

    found = signed_rank(differences, level=0.95)

    assert found.statistic == np.sum(averages > 0) + np.sum(averages == 0) / 2


@pytest.mark.parametrize(("n", "m"), [(3, 4), (6, 2), (5, 5)])
def test_the_exact_distribution_of_u_counts_all_deals(n, m):
    deals = [sum(deal) - n * (n - 1) // 2 for deal in combinations(range(n + m), n)]

    assert rank_sum_distribution(n, m) == pytest.approx(np.bincount(deals) / len(deals), rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_the_exact_distribution_of_signed_ranks_counts_all_signs(n):
    sums = [sum(r for r in range(1, n + 1) if signs >> (r - 1) & 1) for signs in range(2**n)]

    assert signed_rank_distribution(n) == pytest.approx(np.bincount(sums) / 2**n, rel=1e-12)


@pytest.mark.parametrize("n", [20, 49])
def test_exact_distributions_have_the_spread_and_nearly_the_tails_of_the_normal(n):
    for chances, sd in (
        (rank_sum_distribution(n, n), rank_sum_sd(n, n, 0.0)),
        (signed_rank_distribution(n), signed_rank_sd(n, 0.0)),
    ):
        places = np.arange(chances.size)
        middle = float(np.dot(chances, places))
        below = np.cumsum(chances)[int(middle - 1.5 * sd)]

        assert np.dot(chances, (places - middle) ** 2) == pytest.approx(sd**2, rel=1e-10)
        assert below == pytest.approx(special.ndtr((int(middle - 1.5 * sd) + 0.5 - middle) / sd), abs=2e-3)


@thorough
@given(samples, samples)
def test_two_groups_give_one_answer_by_t_f_and_a_line(a, b):
    first, second = moments(a), moments(b)
    assume(first.squares > 0 and second.squares > 0)
    t = student(first, second, level=0.95)
    dummy, both = np.repeat([1.0, 0.0], [a.size, b.size]), np.concatenate([a, b])
    assume(np.ptp(both) > 0)

    f, line, r = decompose([first, second]).ratio, fit_model([dummy], both), pearson(dummy, both)

    assert f.statistic == pytest.approx(t.statistic**2, rel=1e-9, abs=1e-12)
    assert f.pvalue == pytest.approx(t.pvalue, rel=1e-9)
    assert line.coefficients[1] == pytest.approx(t.difference, rel=1e-9, abs=1e-11)
    assert line.coefficients[1] / line.errors[1] == pytest.approx(t.statistic, rel=1e-8, abs=1e-10)
    assert r.pvalue == pytest.approx(t.pvalue, rel=1e-7)
    assert joint_test(line, [1], robust=False).pvalue == pytest.approx(t.pvalue, rel=1e-7)


@thorough
@given(samples, samples)
def test_welch_of_two_groups_is_his_anova_and_students_t_where_groups_are_alike(a, b):
    first, second = moments(a), moments(b)
    assume(first.squares > 0 and second.squares > 0)

    t, f = welch(first, second, level=0.95), welch_anova([first, second])
    mirrored = moments(a.mean() * 2 + 3 - a)

    assert (f.statistic, f.df[1]) == pytest.approx((t.statistic**2, t.df), rel=1e-8, abs=1e-12)
    alike, classic = (test(first, mirrored, level=0.95) for test in (welch, student))
    assert (alike.statistic, alike.df, alike.pvalue) == pytest.approx(
        (classic.statistic, classic.df, classic.pvalue), rel=1e-8
    )


@thorough
@given(samples, samples)
def test_kruskal_wallis_of_two_groups_is_u_without_continuity(a, b):
    both = np.concatenate([a, b])
    assume(np.ptp(both) > 0)
    u = mann_whitney(np.sort(a), np.sort(b)).statistic
    ties = np.unique(both, return_counts=True)[1].astype(float)

    h = kruskal_wallis([a, b])

    z = (u - a.size * b.size / 2) / rank_sum_sd(a.size, b.size, float(np.sum(ties**3 - ties)))
    assert h.statistic == pytest.approx(z * z, rel=1e-9, abs=1e-12)
    assert h.pvalue == pytest.approx(2 * special.ndtr(-abs(z)), rel=1e-8)


@thorough
@given(counts)
def test_chi2_of_four_cells_is_the_squared_z_of_two_shares(table):
    (a, b), (c, d) = table.astype(float)
    n, m = a + b, c + d
    pooled = (a + c) / (n + m)

    found = chi_square(table)

    z = (a / n - c / m) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    assert found.statistic == pytest.approx(z * z, rel=1e-9, abs=1e-12)
    assert found.pvalue == pytest.approx(2 * special.ndtr(-abs(z)), rel=1e-9)


@thorough
@given(counts)
def test_models_of_one_yes_or_no_give_the_ratios_of_the_four_cells(table):
    (a, b), (c, d) = table
    x, y = np.repeat([1.0, 1, 0, 0], [a, b, c, d]), np.repeat([1.0, 0, 1, 0], [a, b, c, d])
    odds, low, high = odds_ratio(table, 0.95)

    model = fit_general([x], y, Logistic())
    rates = fit_general([x], y, Poisson())

    assert model.coefficients[1] == pytest.approx(np.log(odds), rel=1e-8, abs=1e-9)
    assert 3.919927969 * model.errors[1] == pytest.approx(np.log(high / low), rel=1e-8)
    assert rates.coefficients[1] == pytest.approx(np.log((a / (a + b)) / (c / (c + d))), rel=1e-8, abs=1e-9)


@thorough
@given(st.lists(st.tuples(integers, integers), min_size=3, max_size=14))
def test_a_line_has_the_slope_of_r_and_both_solvers_agree(points):
    x, y = (np.array(values) for values in zip(*points, strict=True))
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)

    line, model, r = fit([x], y), fit_model([x], y), pearson(x, y)

    assert line.slopes[0] == pytest.approx(r.value * moments(y).sd / moments(x).sd, rel=1e-9, abs=1e-12)
    assert (line.intercept, *line.slopes) == pytest.approx(model.coefficients, rel=1e-9, abs=1e-9)
    assert line.r_squared == pytest.approx(r.value**2, rel=1e-9, abs=1e-9)


@thorough
@given(st.permutations(list(range(9))))
def test_tau_counts_pairs_in_order_less_those_out_of_order(order):
    x, y = np.arange(9.0), np.array(order, dtype=float)
    signs = [np.sign(y[j] - y[i]) for i, j in combinations(range(9), 2)]

    assert kendall(x, y).value == pytest.approx(np.mean(signs), abs=1e-12)


@thorough
@given(st.lists(integers, min_size=12, max_size=12).map(lambda values: np.array(values).reshape(2, 2, 3)))
def test_balanced_cells_give_the_same_tests_of_type_two_and_three(values):
    cells = cells_of([[moments(values[i, j]) for j in range(2)] for i in range(2)])
    assume(cells.error > 0)

    two, three = type_two(cells), type_three(cells)

    for term in two:
        assert two[term].statistic == pytest.approx(three[term].statistic, rel=1e-8, abs=1e-9)


@thorough
@given(st.lists(st.tuples(integers, integers), min_size=3, max_size=12).map(np.array))
def test_two_measures_within_rows_give_the_squared_paired_t(values):
    changes = moments(values[:, 1] - values[:, 0])
    assume(changes.squares > 0)
    t = changes.mean / changes.sd * np.sqrt(changes.n)

    found = within(values)

    assert found.epsilon == 1.0
    assert found.statistic == pytest.approx(t * t, rel=1e-9, abs=1e-12)
    assert found.pvalue == pytest.approx(t_two_sided(t, changes.n - 1), rel=1e-8)


@thorough
@given(st.lists(st.tuples(integers, integers), min_size=3, max_size=12).map(np.array))
def test_friedman_of_two_measures_is_the_sign_test(values):
    up, down = int(np.sum(values[:, 0] < values[:, 1])), int(np.sum(values[:, 0] > values[:, 1]))
    assume(up + down > 0)

    assert friedman(values).statistic == pytest.approx((up - down) ** 2 / (up + down), rel=1e-9, abs=1e-12)


@thorough
@given(st.floats(-30, 30), st.integers(2, 400), st.sampled_from([0.5, 0.95, 0.999]))
def test_noncentral_limits_of_t_are_where_the_tails_are(t, df, level):
    low, high = t_limits(t, df, level)

    assert special.nctdtr(df, low, t) == pytest.approx((1 + level) / 2, abs=1e-7)
    assert special.nctdtr(df, high, t) == pytest.approx((1 - level) / 2, abs=1e-7)
    assert t_limits(-t, df, level) == pytest.approx((-high, -low), rel=1e-9, abs=1e-9)


@thorough
@given(st.floats(0.01, 200), st.integers(1, 12), st.integers(3, 300))
def test_noncentral_limits_of_f_and_chi2_are_where_the_tails_are(statistic, df, df_error):
    for limits, below in (
        (f_limits(statistic, df, df_error, 0.95), lambda ncp: special.ncfdtr(df, df_error, ncp, statistic)),
        (chi2_limits(statistic, df, 0.95), lambda ncp: special.chndtr(statistic, df, ncp)),
    ):
        for limit, tail in zip(limits, (0.975, 0.025), strict=True):
            assert below(limit) == pytest.approx(tail, abs=1e-7) if limit > 0 else below(0.0) <= tail
