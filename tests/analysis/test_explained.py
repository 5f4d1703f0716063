"""What is to be explained, and by what: slopes, yes or no by several columns, counts in words."""

from dataclasses import replace

import pytest

from jobs.analysis.planning.planner import plan
from tests.analysis.hand_made_columns import COLUMNS, column
from tests.analysis.questions import Tables

CLICKS = replace(column("clicks"), dtype="integer", low=0.0, high=90.0)
SPEND, CHANNEL = column("spend"), column("channel", "category", levels=("mail", "search", "shop"))
MARKET = column("market", "category", levels=("DE", "FR"))
BOUGHT = column("bought", "boolean", levels=("no", "yes"))
SALES = (CLICKS, SPEND, CHANNEL, MARKET, BOUGHT)


@pytest.fixture(scope="module")
def columns_of(tmp_path_factory):
    return Tables(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize(
    "question",
    [
        "how does flipper length affect body mass",
        "does body mass depend on flipper length",
        "what is the effect of flipper length on body mass?",
        "what is the effect on body mass of flipper length?",
        "the dependence of body mass on flipper length",
        "is body mass influenced by flipper length",
        "what impact does flipper length have on body mass",
    ],
)
def test_how_a_number_depends_on_another_is_a_slope(question):
    found = plan(question, COLUMNS)

    assert (found.method, found.intent, found.needs_clarification) == (
        "linear_regression",
        "relationship",
        False,
    )
    assert found.columns == {"x": "flipper_length_mm", "y": "body_mass_g"}
    assert found.alternatives[0].method == "pearson_correlation"
    assert "The slope tells how the two go together, not what causes what." in found.notes


@pytest.mark.parametrize(
    "question",
    [
        "how are flipper length and body mass related",
        "does body mass increase with flipper length",  # what depends on what is not said by "increase"
        "is there an effect between flipper length and body mass",
        "correlation of flipper length and body mass: does one affect the other",
    ],
)
def test_without_a_direction_two_numbers_are_correlated(question):
    assert plan(question, COLUMNS).method in ("pearson_correlation", "profile")


@pytest.mark.parametrize(
    "question",
    [
        "bought by channel and market",
        "share that bought across channel and market",
        "did bought depend on channel and market?",
        "does bought differ between channel and market",
    ],
)
def test_a_yes_or_no_by_two_categories_is_modelled(question):
    found = plan(question, SALES)

    assert (found.method, found.needs_clarification) == ("logistic_regression", False)
    assert found.columns == {"outcome": "bought", "predictor_1": "channel", "predictor_2": "market"}


def test_a_yes_or_no_may_go_by_a_number_too():
    found = plan("bought by channel and spend", SALES)

    assert found.columns == {"outcome": "bought", "predictor_1": "channel", "predictor_2": "spend"}


@pytest.mark.parametrize(
    "question",
    [
        "channel by market and bought",  # no yes or no is explained
        "channel by spend and market",
        "bought by channel and loyalty",  # no such column
        "total bought by channel and market",
        "bought by channel and body mass",
    ],
)
def test_other_questions_about_three_columns_are_still_asked_back(question):
    assert plan(question, SALES).needs_clarification


def test_within_the_values_of_a_third_two_categories_are_compared():
    found = plan("bought by channel within each market", SALES)

    assert found.method == "cochran_mantel_haenszel"


@pytest.mark.parametrize(
    ("question", "predictors"),
    [
        ("number of clicks by channel", ["channel"]),
        ("how many clicks per channel and market", ["channel", "market"]),
        ("how many clicks does the spend lead to", ["spend"]),
        ("how many clicks does each channel bring", ["channel"]),
        ("does the spend affect the number of clicks", ["spend"]),
        ("does the number of clicks depend on the spend", ["spend"]),
        ("GLM for the count of clicks with spend and channel", ["spend", "channel"]),
    ],
)
def test_a_count_in_words_is_modelled_as_a_count(question, predictors):
    found = plan(question, SALES)

    assert (found.method, found.needs_clarification) == ("poisson_regression", False)
    assert list(found.columns.values()) == ["clicks", *predictors]


@pytest.mark.parametrize(
    ("question", "method"),
    [
        ("spend by number of clicks", "pearson_correlation"),  # the count is no outcome
        ("does the number of clicks affect the spend", "linear_regression"),
        ("mean number of clicks by channel", "welch_anova"),
        ("does the number of clicks differ by market", "welch_t_test"),
        ("number of clicks and spend, related?", "pearson_correlation"),
        ("how many bought by market", "chi_square_independence"),
        ("how many clicks per spend", "profile"),  # a quotient
        ("how many clicks in total per channel", "profile"),
    ],
)
def test_a_count_that_is_not_asked_for_as_such_stays_a_number(question, method):
    found = plan(question, SALES)

    assert found.method == method
    assert found.needs_clarification == (method == "profile")


@pytest.mark.parametrize(
    ("table", "question", "method"),
    [
        ("salaries", "number of years since phd by rank", "welch_anova"),
        ("ward_infections", "number of days in hospital by ward", "profile"),
        ("quine", "number of days absent by sex", "poisson_regression"),
        ("houses", "number of days on market by neighbourhood", "welch_anova"),
    ],
)
def test_what_is_measured_in_whole_numbers_is_no_count(columns_of, table, question, method):
    found = plan(question, columns_of(table))

    assert found.method == method


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("support_tickets", "how many tickets does each team close"),  # rows, and not hours to close
        ("customer_churn", "number of months as customer by plan"),  # not the monthly fee
        ("mtcars", "is the correlation of hp and mpg affected by cyl"),
        ("customer_churn", "plan by income and gender"),
    ],
)
def test_what_would_be_answered_by_another_column_is_asked_back(columns_of, table, question):
    assert plan(question, columns_of(table)).needs_clarification


def test_of_a_yes_or_no_by_a_number_the_number_is_not_explained(columns_of):
    found = plan("churn by plan and income", columns_of("customer_churn"))

    assert (found.method, found.columns["outcome"]) == ("logistic_regression", "churned")
