"""Which method leads, why, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.catalogue import usual_name
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, Sample, SingleSample
from jobs.errors import LonghaulError, TooFewValues, UnknownMethod, UnsuitableData

OPEN = Plan("test", "welch_t_test", {}, confidence=0.9, because="the planner's guess")
STRAIGHT = [4.1, 5.2, 6.3, 5.0, 4.4, 5.9, 6.1, 4.8, 5.5, 5.3]


def grouped(*groups) -> GroupedSample:
    values = tuple(np.array(group, dtype=float) for group in groups)
    levels = tuple("abcdefghijklmnopqrst"[index] for index in range(len(groups)))
    return GroupedSample("score", "arm", levels, values, sum(map(len, groups)), {})


def paired(x, y) -> PairedSample:
    return PairedSample("age", "pay", np.array(x, dtype=float), np.array(y, dtype=float), len(x), {})


def crossed(counts) -> CrossSample:
    table = np.array(counts)
    rows, columns = (tuple(map(str, range(side))) for side in table.shape)
    return CrossSample("row", "column", rows, columns, table, int(table.sum()), {})


def explicit(method: str) -> Plan:
    return replace(OPEN, method=method, explicit=True)


SKEWED = [1.1, 1.2, 1.25, 1.3, 1.4, 1.5, 1.7, 2.2, 4.5, 9.9]
RNG = np.random.default_rng(4)
LINE = np.linspace(0, 10, 40)


@pytest.mark.parametrize(
    ("sample", "method", "reason"),
    [
        (grouped(STRAIGHT, np.array(STRAIGHT) + 1), "welch_t_test", "smallest with 10 values"),
        (grouped(STRAIGHT, STRAIGHT, SKEWED[:5]), "welch_anova", "3 groups"),
        (grouped(STRAIGHT, SKEWED), "mann_whitney_u", "skewed"),
        (grouped(STRAIGHT, SKEWED, SKEWED), "kruskal_wallis", "skewed"),
        (grouped([*STRAIGHT, 60.0], [*STRAIGHT, -50.0]), "mann_whitney_u", "2 extreme outliers"),
        (grouped([1, 2, 3, 4] * 20, [2, 3, 4, 5] * 20), "mann_whitney_u", "5 whole numbers"),
        (grouped(RNG.exponential(size=30), RNG.exponential(size=40)), "welch_t_test", "smallest with 30"),
        (grouped(STRAIGHT, [5.5, 5.5, 5.5], STRAIGHT), "kruskal_wallis", "throughout group b"),
        (paired(LINE, LINE + RNG.normal(size=40)), "pearson_correlation", "40 pairs"),
        (paired(LINE, np.exp(LINE)), "spearman_correlation", "bent"),
        (paired(np.arange(20) % 5, RNG.normal(size=20)), "kendall_correlation", "age takes 5 whole numbers"),
        (paired([*STRAIGHT, 90.0], [*SKEWED, 8.0]), "spearman_correlation", ""),
        (crossed([[30, 20], [25, 40]]), "chi_square_independence", "large enough"),
        (crossed([[3, 2], [2, 4]]), "chi_square_independence", "Fisher"),
        (crossed([[3, 2, 1], [2, 4, 1]]), "chi_square_independence", "permutation"),
        (crossed([[50, 40, 30, 4], [60, 45, 50, 5]]), "chi_square_independence", "hardly any expected count"),
    ],
)
def test_the_data_choose_the_method_and_the_reason_is_told(sample, method, reason):
    chosen = methods.choose(OPEN, sample)

    assert chosen.method == method
    assert reason in chosen.because
    assert methods.run(chosen, sample).tests


@pytest.mark.parametrize("sample", [grouped(STRAIGHT, SKEWED), paired(LINE, np.exp(LINE))])
def test_an_explicit_method_stays_whatever_the_data(sample):
    method = "welch_t_test" if isinstance(sample, GroupedSample) else "pearson"

    chosen = methods.choose(explicit(method), sample)

    assert chosen.method == usual_name(method)
    assert chosen.because == OPEN.because


def test_ranks_that_the_question_asks_for_stay():
    sample = paired(LINE, LINE + RNG.normal(size=40))

    chosen = methods.choose(replace(OPEN, method="spearman_correlation"), sample)

    assert chosen.method == "spearman_correlation"


@pytest.mark.parametrize(
    ("sample", "method"),
    [
        (grouped(STRAIGHT, SKEWED), "welch_t_test"),
        (grouped(STRAIGHT, SKEWED, STRAIGHT), "welch_anova"),
        (paired(LINE, LINE + RNG.normal(size=40)), "pearson_correlation"),
        (crossed([[30, 20], [25, 40]]), "chi_square_independence"),
    ],
)
def test_every_interval_widens_with_its_level(sample, method):
    narrow, wide = (methods.run(explicit(method), sample, level=level) for level in (0.8, 0.99))

    for small, large in zip(narrow.effect_sizes, wide.effect_sizes, strict=True):
        assert (small.interval.level, large.interval.level) == (0.8, 0.99)
        assert large.interval.low <= small.interval.low <= small.interval.high < large.interval.high
    for small, large in zip(narrow.posthoc, wide.posthoc, strict=True):
        assert large.interval.low < small.interval.low < small.interval.high < large.interval.high
    for small, large in zip(narrow.descriptives, wide.descriptives, strict=True):
        assert large.mean_interval.low < small.mean_interval.low


def test_the_primary_test_stands_first_and_the_other_beside_it():
    by_means = methods.run(explicit("welch_anova"), grouped(STRAIGHT, SKEWED, STRAIGHT))
    by_ranks = methods.run(explicit("kruskal_wallis"), grouped(STRAIGHT, SKEWED, STRAIGHT))

    assert [(test.method, test.role) for test in by_means.tests] == [
        ("welch_anova", "primary"),
        ("kruskal_wallis", "sensitivity"),
    ]
    assert [test.method for test in by_ranks.tests] == ["kruskal_wallis", "welch_anova"]
    assert by_means.effect_sizes[0].name == "omega_squared"
    assert by_ranks.effect_sizes[0].name == "rank_epsilon_squared"
    assert {pair.method for pair in by_means.posthoc} == {"games_howell"}
    assert {pair.method for pair in by_ranks.posthoc} == {"dunn_holm"}


def test_fisher_leads_in_a_small_table_unless_chi_square_was_asked_for():
    sample = crossed([[3, 2], [2, 4]])

    chosen = methods.run(methods.choose(OPEN, sample), sample)
    asked = methods.run(explicit("chi_square_independence"), sample)

    assert [test.method for test in chosen.tests] == ["fisher_exact", "chi_square_independence"]
    assert [test.method for test in asked.tests] == ["chi_square_independence", "fisher_exact"]


def test_a_whole_table_profile_needs_no_sample():
    plan = replace(OPEN, method="profile")

    assert methods.choose(plan, None) == plan
    assert methods.run(plan, None).tests == ()


def test_dropped_rows_are_passed_on():
    sample = replace(grouped(STRAIGHT, STRAIGHT[:4]), n_total=99, dropped={"missing score": 85})

    found = methods.run(explicit("welch_t_test"), sample).sample

    assert (found.n_total, found.n_used, found.dropped) == (99, 14, {"missing score": 85})


def test_labels_name_their_rule():
    found = methods.run(explicit("welch_t_test"), grouped(STRAIGHT, np.array(STRAIGHT) + 1))

    hedges, biserial = found.effect_sizes
    assert (hedges.label, hedges.rule) == ("large", "Cohen 1988: .2/.5/.8")
    assert (biserial.label, biserial.rule) == ("large", "Funder & Ozer 2019: .1/.2/.3")


def test_units_follow_the_estimates():
    sample = replace(paired(LINE, LINE + RNG.normal(size=40)), x_unit="years", y_unit="EUR")

    found = methods.run(explicit("linear_regression"), sample)

    assert found.tests[0].estimate.unit == "EUR per years"


def test_complete_separation_has_an_effect_and_no_limits():
    found = methods.run(explicit("mann_whitney_u"), grouped([1.5, 2.5, 3.5], [4.5, 6.0, 7.0]))

    biserial = found.effect_sizes[0]
    assert biserial.value == -1.0
    assert biserial.interval.low is None
    assert "every value" in biserial.interval_method


@pytest.mark.parametrize(
    ("sample", "method", "error", "says"),
    [
        (grouped([5, 5, 5], [5, 5]), None, UnsuitableData, "'score' has the same value 5 in all 5 rows"),
        (grouped([5, 5, 5], [7, 7]), "welch_t_test", UnsuitableData, "throughout group 'a'"),
        (grouped([5, 5, 5], STRAIGHT), "welch_anova", UnsuitableData, "throughout group 'a'"),
        (grouped([1e-30, 2e-30, 4e-30], STRAIGHT, STRAIGHT), "welch_anova", UnsuitableData, "group 'a'"),
        (grouped(STRAIGHT, STRAIGHT, STRAIGHT), "welch_t_test", UnsuitableData, "'arm' has 3"),
        (grouped(STRAIGHT), "welch_t_test", TooFewValues, "one group only"),
        (grouped([1e200, 2e200], [3e200, 4e200]), None, UnsuitableData, "another unit"),
        (paired([1, 2, 3], [4, 4, 4]), None, UnsuitableData, "'pay' has the same value 4"),
        (paired([1, 2, 3, 4], [2, 4, 6, 8]), "linear_regression", UnsuitableData, "exactly on a line"),
        (paired([1, 1, 1, 4], [2, 4, 6, 8.5]), "linear_regression", UnsuitableData, "One row alone"),
        (crossed([[3, 4, 1], [3, 4, 4]]), "fisher_exact", UnsuitableData, "2 x 3"),
        (crossed([[3, 0], [4, 0]]), None, UnsuitableData, "No row has the value '1' of 'column'"),
        (crossed([[1, 0], [0, 2]]), None, TooFewValues, "3 rows"),
        (
            grouped(STRAIGHT, STRAIGHT),
            "pearson_correlation",
            UnsuitableData,
            "does not take a number in groups",
        ),
        (grouped(STRAIGHT, STRAIGHT), "magic", UnknownMethod, "no method 'magic'"),
        (SingleSample("x", np.array([]), 4, {}), "profile", TooFewValues, "'x' has 0 values"),
    ],
)
def test_refusals_say_which_column_and_what_instead(
    sample: Sample, method: str | None, error: type[LonghaulError], says: str
):
    plan = explicit(method) if method else OPEN

    with pytest.raises(error) as refused:
        methods.run(methods.choose(plan, sample), sample)

    assert says in str(refused.value)
