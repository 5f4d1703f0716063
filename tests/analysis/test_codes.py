"""Whole numbers of few values are compared as groups or taken as steps of a scale, by words and name."""

import pytest

from jobs.analysis.planning.codes import is_code, is_steps
from jobs.analysis.planning.planner import plan
from tests.analysis.hand_made_columns import column


def steps(name, most=5):
    return column(name, "ordinal", "integer", tuple(str(value) for value in range(1, most + 1)))


WEIGHT, SMOKES = column("weight"), column("smokes", "boolean", levels=("no", "yes"))


@pytest.mark.parametrize(
    "name", ["race", "region_code", "treatment_arm", "site no", "Hospital", "pooled.stratum", "JobType"]
)
def test_names_of_kinds_make_codes(name):
    assert is_code(steps(name))
    assert not is_steps(steps(name))


@pytest.mark.parametrize(
    "name",
    [
        "job satisfaction",
        "region_size",
        "n_sites",
        "site_visits",
        "bedrooms",
        "score",
        "Haushaltsgröße",
        "dose",
    ],
)
def test_names_of_scales_and_counts_make_steps(name):
    assert is_steps(steps(name))
    assert not is_code(steps(name))


def test_two_values_are_no_code_of_kinds():
    assert not is_code(steps("site", 2))


@pytest.mark.parametrize("words", ["by", "across", "between the values of"])
@pytest.mark.parametrize("name", ["satisfaction", "race", "q7"])
def test_words_of_groups_compare_groups_whatever_the_code_means(words, name):
    found = plan(f"weight {words} {name}", (WEIGHT, steps(name)))

    assert (found.method, found.columns) == ("welch_anova", {"outcome": "weight", "group": name})


def test_per_is_asked_about_where_it_may_mean_a_quotient():
    assert plan("weight per satisfaction", (WEIGHT, steps("satisfaction"))).needs_clarification
    assert plan("weight per race", (WEIGHT, steps("race"))).method == "welch_anova"


@pytest.mark.parametrize(
    ("question", "method"),
    [
        ("weight vs satisfaction", "spearman_correlation"),
        ("weight and satisfaction, correlated?", "spearman_correlation"),
        ("weight vs race", "welch_anova"),
        ("is weight correlated with race", "welch_anova"),  # codes have no order
        ("effect of race on weight", "welch_anova"),
        ("is weight related to q7", "spearman_correlation"),
    ],
)
def test_without_them_the_name_decides(question, method):
    found = plan(question, (WEIGHT, steps("satisfaction"), steps("race"), steps("q7")))

    assert (found.method, found.needs_clarification) == (method, False)


@pytest.mark.parametrize("question", ["weight vs q7", "weight and q7", "effect of q7 on weight"])
def test_where_neither_says_it_is_asked_back_with_both_readings(question):
    found = plan(question, (WEIGHT, steps("q7")))

    assert found.needs_clarification
    assert "steps of a scale or codes of groups" in found.because
    assert [one.method for one in found.alternatives] == ["welch_anova", "spearman_correlation"]


def test_few_steps_are_compared_as_groups():
    assert plan("weight vs q7", (WEIGHT, steps("q7", 4))).method == "welch_anova"


def test_two_ratings_are_compared_as_groups_where_the_words_say_so():
    columns = (steps("liking", 7), steps("bitterness", 7))

    assert plan("liking by bitterness", columns).method == "welch_anova"
    assert plan("liking vs bitterness", columns).method == "spearman_correlation"


def test_codes_are_counted_and_not_averaged():
    found = plan("region by smokes", (steps("region"), SMOKES))

    assert found.method == "chi_square_independence"


def test_codes_are_no_covariate_on_a_scale():
    columns = (WEIGHT, SMOKES, steps("race"), column("age"))

    by_race = plan("weight by smokes, adjusting for race", columns)
    by_age = plan("weight by smokes, adjusting for age", columns)

    assert (by_race.method, by_age.method) == ("linear_regression", "ancova")


def test_codes_are_left_out_of_a_matrix_and_never_correlated_unasked():
    columns = (WEIGHT, column("age"), column("height"), steps("race"))

    every, named = plan("correlation matrix", columns), plan("correlations of age, race and weight", columns)

    assert "race" not in every.columns.values()
    assert any("'race'" in note for note in every.notes)
    assert named.needs_clarification
