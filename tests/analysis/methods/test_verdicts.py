"""What a method says of its assumptions, on both sides of every limit."""

import dataclasses

import numpy as np
import pytest
from scipy import special, stats

from jobs.analysis import methods
from jobs.analysis.results.result import Assumption, Findings
from jobs.analysis.sampling.models import Explaining
from jobs.analysis.sampling.strata import StrataSample
from tests.analysis.properties import strategies as made

RNG = np.random.default_rng(11)
EVEN = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
RISING = np.array([0.1, 0.2, 0.3, 0.5, 0.8, 1.3, 2.1, 30.0])


def assumption(found: Findings, name: str) -> Assumption:
    return next(one for one in found.assumptions if name in one.name)


def run(method: str, sample, **params: str) -> Findings:
    return methods.run(made.a_plan(method, **params), sample)


@pytest.mark.parametrize(
    ("values", "verdict", "words"),
    [
        (EVEN, "holds", "much the same"),
        (RISING, "doubtful", "to the right"),
        (-RISING, "doubtful", "to the left"),
    ],
)
def test_a_description_names_the_side_of_a_strong_skew(values, verdict, words):
    found = assumption(run("profile", made.single(values)), "normality")

    assert (found.verdict, words in found.consequence) == (verdict, True)
    assert np.sign(found.magnitude) == (
        -1 if "left" in words else found.magnitude and np.sign(found.magnitude)
    )


@pytest.mark.parametrize(("factor", "verdict"), [(1.9, "holds"), (2.1, "doubtful")])
def test_cells_of_more_than_four_times_the_variance_are_told(factor, verdict):
    cells = np.ravel(np.column_stack([EVEN, EVEN + 1, factor * EVEN, EVEN + 3]))

    found = assumption(run("two_way_anova", made.factorial(cells, 2, 2)), "equal variances")

    assert (found.verdict, found.test) == (verdict, "Brown-Forsythe")
    assert found.magnitude == pytest.approx(factor**2, rel=1e-12)
    assert found.statistic is not None


@pytest.mark.parametrize("method", ["student_t_test", "welch_t_test", "mann_whitney_u"])
@pytest.mark.parametrize("factor", [1.1, 5.0])
def test_groups_of_unequal_variance_matter_to_the_classic_and_the_rank_test(method, factor):
    found = assumption(run(method, made.grouped([EVEN, factor * EVEN + 0.5])), "equal variances")

    assert found.magnitude == pytest.approx(factor**2, rel=1e-12)
    if method == "welch_t_test":
        assert found.verdict == "not needed"
    else:
        assert found.verdict == ("holds" if factor < 2 else "doubtful")
        assert ("instead" in found.consequence or "differently" in found.consequence) == (factor > 2)


@pytest.mark.parametrize(("own", "verdict"), [(0.0, "holds"), (3.0, "doubtful")])
def test_slopes_that_differ_between_groups_are_told(own, verdict):
    x, group = np.tile(EVEN, 3), np.repeat([0, 1, 2], 8)
    y = x * (1 + own * group) + RNG.normal(size=24)
    sample = dataclasses.replace(made.adjusted(np.column_stack([y, x]), 3), places=group)

    found = assumption(run("ancova", sample), "slopes")

    assert found.verdict == verdict
    assert (found.pvalue < 0.05) == (verdict == "doubtful")


def test_slopes_are_not_checked_with_too_few_rows():
    values = np.array([[1.0, 2], [3, 1], [2, 5], [5, 4]])

    found = assumption(run("ancova", made.adjusted(values, 2)), "slopes")

    assert (found.verdict, found.statistic) == ("not checked", None)


@pytest.mark.parametrize(("bend", "verdict"), [(0.0, "holds"), (0.5, "doubtful")])
def test_a_bent_relation_is_told(bend, verdict):
    x, z = np.tile(EVEN, 5), np.repeat(np.arange(5.0), 8)
    y = x + z + bend * x**2 + RNG.normal(0, 0.5, 40)

    found = assumption(run("linear_regression", made.modelled(y, [x, z])), "straight")

    assert found.verdict == verdict
    assert (found.magnitude >= 0.02) == (verdict == "doubtful")


def test_the_rows_of_the_rarer_outcome_are_counted_a_predictor():
    x, z = RNG.normal(size=90), RNG.normal(size=90)
    y = (x + RNG.normal(0, 2, 90) > 1).astype(float)

    found = assumption(run("logistic_regression", made.modelled(y, [x, z])), "enough rows")

    assert found.magnitude == pytest.approx(min(y.sum(), 90 - y.sum()) / 2, rel=1e-12)


def test_the_rows_of_counts_are_counted_a_coefficient():
    x = RNG.normal(size=60)

    found = assumption(
        run("poisson_regression", made.modelled(RNG.poisson(3, 60).astype(float), [x])), "enough rows"
    )

    assert found.magnitude == pytest.approx(60 / 2, rel=1e-12)


@pytest.mark.parametrize(("shape", "verdict"), [(200.0, "holds"), (0.5, "doubtful")])
def test_counts_that_spread_more_than_a_poissons_are_told(shape, verdict):
    x = RNG.normal(size=200)
    y = RNG.poisson(5 * RNG.gamma(shape, 1 / shape, 200)).astype(float)

    found = assumption(run("poisson_regression", made.modelled(y, [x])), "Poisson")

    assert found.verdict == verdict
    assert ("errors are too small" in found.consequence) == (verdict == "doubtful")


def test_only_ratings_are_told_to_have_equal_steps():
    rating, yes, amount = RNG.integers(1, 6, 60), RNG.integers(0, 2, 60), RNG.normal(size=60)
    y = amount + RNG.normal(size=60)

    found = run("linear_regression", made.modelled(y, [rating.astype(float), yes.astype(float), amount]))

    assert assumption(found, "equal steps").consequence.startswith("x0:")


def test_predictors_that_nearly_tell_each_other_are_named_by_the_worst():
    a, b = RNG.normal(size=60), RNG.normal(size=60)
    close = run(
        "linear_regression", made.modelled(RNG.normal(size=60), [b, a, a + 0.1 * RNG.normal(size=60)])
    )
    apart = run("linear_regression", made.modelled(RNG.normal(size=60), [b, a]))

    assert assumption(close, "overlap").verdict == "doubtful"
    assert not assumption(close, "overlap").consequence.startswith("x0 ")
    assert assumption(apart, "overlap").verdict == "holds"


@pytest.mark.parametrize("counts", [[[8, 2], [3, 9]], [[2, 8], [9, 3]]])
def test_phi_runs_the_way_of_the_larger_share(counts):
    fisher = next(
        test for test in run("chi_square_independence", made.crossed(counts)).tests if test.symbol == "phi"
    )
    counts = np.array(counts, dtype=float)

    # phi is Pearson's r of two columns of 0 and 1
    rows, columns = (np.repeat(values, counts.ravel().astype(int)) for values in ([1, 1, 0, 0], [1, 0, 1, 0]))
    assert fisher.statistic == pytest.approx(abs(np.corrcoef(rows, columns)[0, 1]), rel=1e-12)
    assert fisher.df == ()


@pytest.mark.parametrize("method", ["ancova", "two_way_anova", "repeated_measures_anova"])
def test_limits_of_pairs_hold_for_all_of_them_together(method):
    values = RNG.normal([0.0, 0.5, 1.0], size=(24, 3))
    sample = {
        "ancova": made.adjusted(values, 3),
        "two_way_anova": made.factorial(values.ravel(), 3, 2),
        "repeated_measures_anova": made.repeated(values),
    }[method]

    found = run(method, sample).posthoc

    # Bonferroni: each at 1 - .05 / the number of pairs; the error is the difference over its t
    for pair in found:
        reach = stats.t.ppf(1 - 0.025 / len(found), pair.df) * abs(pair.difference / pair.statistic)
        limits = (pair.difference - reach, pair.difference + reach)
        assert (pair.interval.low, pair.interval.high) == pytest.approx(limits, rel=1e-9)


def test_limits_of_effects_of_ancova_are_those_of_the_noncentral_f():
    found = run(
        "ancova", made.adjusted(RNG.normal(size=(30, 2)) + np.tile([[0.0, 0], [1.5, 0], [3, 0]], (10, 1)), 3)
    )

    assert [effect.name[-2:] for effect in found.effect_sizes] == ["_0", "_1"]
    assert [test.method for test in found.tests] == ["ancova_group", "ancova_covariate_1"]
    for test, effect in zip(found.tests, found.effect_sizes, strict=True):
        df, error = test.df
        for limit, tail in ((effect.interval.low, 0.975), (effect.interval.high, 0.025)):
            if limit > 0:
                below = special.ncfdtr(df, error, limit / (1 - limit) * error, test.statistic)
                assert below == pytest.approx(tail, rel=1e-6)


@pytest.mark.parametrize(
    ("values", "verdict"), [(EVEN, "holds"), (RISING, "doubtful"), (-RISING, "doubtful")]
)
def test_small_groups_are_held_to_their_skew(values, verdict):
    found = assumption(run("welch_t_test", made.grouped([EVEN + 0.5, values])), "normality")

    assert found.verdict == verdict


@pytest.mark.parametrize(("size", "words"), [(29, "but small groups are neither"), (30, "enough for means")])
def test_the_reason_for_means_says_whether_groups_are_small(size, words):
    even = np.linspace(-1.0, 1.0, size)
    plan = dataclasses.replace(made.a_plan("welch_t_test"), explicit=False)

    assert words in methods.choose(plan, made.grouped([even, even + 0.3])).because


@pytest.mark.parametrize(("levels", "told"), [(("1", "2", "5"), 1), (("1", "2", "other"), 0)])
def test_only_levels_that_are_all_numbers_are_told_as_codes(levels, told):
    places = np.tile([0.0, 1.0, 2.0], 8)
    sample = made.modelled(RNG.normal(size=24), [])
    sample = dataclasses.replace(sample, predictors=(Explaining("code", places, levels),))
    plan = dataclasses.replace(made.a_plan("linear_regression"), explicit=True)

    notes = methods.choose(plan, sample).notes

    assert sum("holds the whole numbers" in note for note in notes) == told


@pytest.mark.parametrize(("pairs", "turns"), [(19, False), (20, True)])
def test_a_turn_is_told_from_twenty_pairs_on(pairs, turns):
    x = np.linspace(-3.0, 3.0, pairs)
    y = x**2 + np.tile([0.1, -0.1], 10)[:pairs]

    found = run("pearson_correlation", made.paired(np.column_stack([x, y])))

    assert (found.parabola is not None) == turns


def test_limits_of_the_share_of_ranks_lie_on_either_side_of_it():
    found = run("kruskal_wallis", made.grouped([EVEN, EVEN + 1.3, EVEN + 2.1]))

    effect = next(one for one in found.effect_sizes if one.name == "rank_epsilon_squared")
    assert effect.interval.low < effect.value < effect.interval.high


def test_only_the_binomial_test_of_a_share_is_exact():
    found = run("binomial_test", made.share((7, 20, 0.5)))

    assert [(test.role, test.exact) for test in found.tests] == [("primary", True), ("sensitivity", False)]


@pytest.mark.parametrize(("subject", "n"), [({}, 12), ({"subject": "who"}, 24)])
def test_subjects_told_apart_by_a_column_have_two_rows_each(subject, n):
    plan = dataclasses.replace(made.a_plan("paired_t_test"), columns=subject)

    found = methods.run(plan, made.repeated(RNG.normal(size=(12, 2))))

    assert found.sample.n_used == n


@pytest.mark.parametrize("side", [-1.0, 1.0])
@pytest.mark.parametrize(("stretch", "method"), [(3.0, "spearman_correlation"), (0.1, "pearson_correlation")])
def test_few_pairs_that_are_skewed_either_way_are_correlated_by_ranks(side, stretch, method):
    x = side * np.exp(np.linspace(0.0, stretch, 20))
    plan = dataclasses.replace(made.a_plan("pearson_correlation"), explicit=False)

    chosen = methods.choose(plan, made.paired(np.column_stack([x, 2.0 * x + 1e-3 * RNG.normal(size=20)])))

    assert (chosen.method, "is skewed" in chosen.because) == (method, stretch > 1.0)


@pytest.mark.parametrize(("sticky", "words"), [(0.0, "hardly alike"), (0.9, "tell less than their number")])
def test_neighbouring_points_are_called_alike_where_they_are(sticky, words):
    noise = np.random.default_rng(20140305).normal(size=100)
    for place in range(1, 100):
        noise[place] += sticky * noise[place - 1]

    found = assumption(run("trend_over_time", made.series(noise)), "independent points")

    assert words in found.consequence
    assert found.verdict == ("doubtful" if sticky else "holds")


@pytest.mark.parametrize(("rows", "verdict"), [(1, "doubtful"), (9, "holds")])
def test_strata_with_little_room_are_told(rows, verdict):
    counts = rows * np.array([[[2, 1], [1, 2]], [[1, 2], [2, 1]]])
    levels = ("a", "b"), ("a", "b"), ("a", "b")
    sample = StrataSample("r", "c", "s", *levels, counts, int(counts.sum()), {})

    found = assumption(run("cochran_mantel_haenszel", sample), "enough rows")

    assert (found.verdict, "chi-squared is rough" in found.consequence) == (verdict, verdict == "doubtful")
