"""Every number of the methods against R 4.2's, made by tests/data/r/reference.R; no R is needed to run these.

Tolerances, unless a comment says otherwise: statistics and p-values 1e-9 relative (p-values of pairs by the
studentized range 5e-9 absolute, where R's `ptukey` is exact), limits of effect sizes 1e-6.
"""

from collections.abc import Mapping

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.sampling.samples import PairedSample
from tests.analysis.methods.reference import (
    a_pvalue,
    assert_described,
    assert_limits,
    cases,
    close,
    effect_of,
    explicit,
    grouped,
    limits,
    test_of,
)


@pytest.mark.agrees("Welch's and Student's t", "t, df, p, difference, limits", "t.test")
@cases("two_groups")
def test_welch_and_student_equal_r_t_test(case):
    expected = case["expected"]

    found = methods.run(explicit("student_t_test"), grouped(case))

    for method, key in (("welch_t_test", "welch"), ("student_t_test", "student")):
        test = test_of(found, method)
        assert test.statistic == close(expected[key]["t"])
        assert test.df[0] == close(expected[key]["df"])
        assert test.pvalue == a_pvalue(expected[key]["p"])
        assert limits(test.estimate.interval) == close(expected[key]["interval"])
    assert test_of(found, "welch_t_test").estimate.value == close(expected["welch"]["difference"])


@pytest.mark.agrees("Mann-Whitney", "U, p, exact or not", "wilcox.test")
@cases("two_groups")
def test_mann_whitney_equals_r_wilcox_test(case):
    expected = case["expected"]["rank"]

    test = methods.run(explicit("mann_whitney_u"), grouped(case)).tests[0]

    assert test.statistic == close(expected["u"])
    assert test.pvalue == a_pvalue(expected["p"])
    assert test.exact is expected["exact"]


@pytest.mark.agrees("Hodges-Lehmann shift", "estimate, limits", "wilcox.test")
@cases("two_groups")
def test_hodges_lehmann_equals_r_where_r_is_exact_and_its_root_search_otherwise(case):
    expected = case["expected"]["rank"]
    spread = float(np.ptp(np.concatenate([np.array(group) for group in case["data"]])))

    estimate = methods.run(explicit("mann_whitney_u"), grouped(case)).tests[0].estimate

    assert estimate.value == close(expected["shift"])
    # Beyond the exact case R's uniroot stops within 1e-4 in the unit of the data.
    tolerance = 1e-12 * spread if expected["exact"] else max(2e-4, 1e-12 * spread)
    assert limits(estimate.interval) == close(expected["interval"], rel=1e-12, abs_=tolerance)


@pytest.mark.agrees("Effect sizes of two groups", "Hedges' g, rank-biserial r, limits", "effectsize, pt")
@cases("two_groups")
def test_effect_sizes_of_two_groups_equal_effectsize(case):
    expected = case["expected"]

    found = methods.run(explicit("welch_t_test"), grouped(case))

    hedges, biserial = effect_of(found, "hedges_g"), effect_of(found, "rank_biserial")
    assert hedges.value == close(expected["g"]["value"])
    assert limits(hedges.interval) == close(expected["g"]["interval"], rel=1e-6, abs_=1e-9)
    # effectsize itself stops a simplex search after three or four digits
    assert limits(hedges.interval) == close(expected["g"]["effectsize"], rel=5e-3, abs_=5e-3)
    assert biserial.value == close(expected["rank_biserial"]["value"])
    if abs(biserial.value) < 1:
        assert limits(biserial.interval) == close(expected["rank_biserial"]["interval"])
    else:
        assert limits(biserial.interval) == [None, None]


@pytest.mark.agrees(
    "Descriptives and checks of two groups",
    "mean, sd, limits, quartiles, skewness, Brown-Forsythe, Shapiro-Wilk",
    "car, shapiro.test",
)
@cases("two_groups")
def test_descriptives_and_checks_of_two_groups_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("welch_t_test"), grouped(case))

    for described, group in zip(found.descriptives, expected["groups"], strict=True):
        assert_described(described, group)
    variances, normality = found.assumptions[:2]
    if max(len(group) for group in case["data"]) > 2:  # of two values both are as far from their median
        assert variances.statistic == close(expected["brown_forsythe"]["f"])
        assert variances.pvalue == close(expected["brown_forsythe"]["p"])
    else:
        assert variances.statistic is None
    assert normality.statistic == close(expected["shapiro"]["statistic"])
    # scipy evaluates the same polynomials (Royston 1995) from coefficients in single precision
    assert normality.pvalue == close(expected["shapiro"]["p.value"], rel=1e-5)


@pytest.mark.agrees(
    "Welch's and classic ANOVA, Kruskal-Wallis",
    "statistic, df, p, Brown-Forsythe",
    "oneway.test, aov, kruskal.test, car",
)
@cases("many_groups")
def test_tests_of_many_groups_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("one_way_anova"), grouped(case))

    for method, key in (("welch_anova", "welch"), ("one_way_anova", "classic")):
        test = test_of(found, method)
        assert test.statistic == close(expected[key]["f"])
        assert list(test.df) == close(expected[key]["df"])
        assert test.pvalue == a_pvalue(expected[key]["p"])
    rank = test_of(found, "kruskal_wallis")
    assert rank.statistic == close(expected["rank"]["h"])
    assert rank.pvalue == a_pvalue(expected["rank"]["p"])
    assert found.assumptions[0].statistic == close(expected["brown_forsythe"]["f"])


@pytest.mark.agrees("Effect sizes of many groups", "omega2, eta2, epsilon2, limits", "effectsize, pf")
@cases("many_groups")
def test_effect_sizes_of_many_groups_equal_effectsize(case):
    expected = case["expected"]

    found = methods.run(explicit("welch_anova"), grouped(case))

    for name, key in (("omega_squared", "omega"), ("eta_squared", "eta")):
        effect = effect_of(found, name)
        assert effect.value == close(expected[key]["value"])
        # effectsize lets both limits be 0 below an estimate just above it; then ours are none
        assert_limits(effect, *expected[key]["interval"], abs_=1e-9)
        if effect.interval.high is not None:
            assert limits(effect.interval) == close(expected[key]["effectsize"][-2:], rel=2e-2, abs_=2e-3)
    assert effect_of(found, "rank_epsilon_squared").value == close(expected["epsilon"])


@pytest.mark.agrees("Games-Howell", "t, df, p, limits", "ptukey, rstatix")
@cases("many_groups")
def test_games_howell_equals_r(case):
    expected = case["expected"]["games_howell"]

    pairs = methods.run(explicit("welch_anova"), grouped(case)).posthoc

    assert [pair.statistic for pair in pairs] == close(expected["t"])
    assert [pair.df for pair in pairs] == close(expected["df"])
    # R's ptukey loses digits below 10 degrees of freedom (1e-4 at 2), and some with 20 groups
    tolerance = 5e-6 if min(expected["df"]) < 10 else 6e-8 if len(case["data"]) > 10 else 5e-9
    assert [pair.pvalue for pair in pairs] == close(expected["p"], rel=0, abs_=tolerance)
    # rstatix has second minus first; R's qtukey stops at 1e-4
    assert [-pair.interval.high for pair in pairs] == close(expected["low"], rel=1e-3, abs_=1e-3)
    assert [-pair.interval.low for pair in pairs] == close(expected["high"], rel=1e-3, abs_=1e-3)


@pytest.mark.agrees("Tukey, Dunn-Holm", "z, p, limits", "TukeyHSD, rstatix")
@cases("many_groups")
def test_tukey_and_dunn_equal_r(case):
    expected = case["expected"]

    tukey = methods.run(explicit("one_way_anova"), grouped(case)).posthoc
    dunn = methods.run(explicit("kruskal_wallis"), grouped(case)).posthoc

    assert [pair.pvalue for pair in tukey] == close(expected["tukey"]["p"], rel=0, abs_=2e-6)
    assert [pair.interval.low for pair in tukey] == close(expected["tukey"]["low"], rel=1e-4, abs_=1e-3)
    assert [pair.statistic for pair in dunn] == close(expected["dunn"]["z"])
    assert [pair.pvalue for pair in dunn] == close(expected["dunn"]["p"])


def paired(case: Mapping) -> PairedSample:
    x, y = (np.array(values, dtype=float) for values in case["data"])
    return PairedSample("x", "y", x, y, x.size, {})


@pytest.mark.agrees("Pearson, Spearman", "r, rho, p, limits", "cor.test")
@cases("paired")
def test_correlations_equal_r_cor_test(case):
    expected = case["expected"]

    found = methods.run(explicit("pearson_correlation"), paired(case))

    straight, ranked = found.tests
    assert straight.statistic == close(expected["pearson"]["r"])
    assert straight.pvalue == a_pvalue(expected["pearson"]["p"])
    assert limits(straight.estimate.interval) == close(expected["pearson"]["interval"])
    assert ranked.statistic == close(expected["spearman"]["rho"])
    assert ranked.pvalue == close(expected["spearman"]["p"], abs_=1e-15)
    if abs(ranked.statistic) < 1:
        assert limits(ranked.estimate.interval) == close(expected["spearman"]["interval"])


@pytest.mark.agrees("Line", "intercept, slope, R2, HC3 limits, t, p", "lm, car::hccm")
@cases("paired")
def test_line_equals_r_lm_with_hc3(case):
    expected = case["expected"]["line"]

    found = methods.run(explicit("linear_regression"), paired(case))

    assert found.line.intercept == close(expected["intercept"])
    assert found.line.slope == close(expected["slope"])
    assert found.line.r_squared == close(expected["r_squared"])
    assert limits(found.line.slope_interval) == close(expected["interval"])
    assert found.tests[0].statistic == close(expected["t"])
    assert found.tests[0].pvalue == close(expected["p"])
