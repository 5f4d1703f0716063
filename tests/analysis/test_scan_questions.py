"""Questions about what lies far out in columns and about their shape: how they are read."""

import pytest

from jobs.analysis.planning.planner import explicit_plan, plan
from tests.analysis.hand_made_columns import COLUMNS, column


@pytest.mark.parametrize(
    ("question", "method", "outcome"),
    [
        ("outliers in body mass", "outliers", "body_mass_g"),
        ("any weird values in mass?", "outliers", "body_mass_g"),
        ("are there any outliers in flipper length", "outliers", "flipper_length_mm"),
        ("does body mass contain extreme values?", "outliers", "body_mass_g"),
        ("which body masses are unusual?", "outliers", "body_mass_g"),
        ("detect anomalies in flipper length", "outliers", "flipper_length_mm"),
        ("do any weights look suspicious?", "outliers", "body_mass_g"),
        ("are some of the body mass values implausible", "outliers", "body_mass_g"),
        ("do any values stand out in body mass?", "outliers", "body_mass_g"),
        ("is body mass normally distributed", "normality", "body_mass_g"),
        ("is body mass normal?", "normality", "body_mass_g"),
        ("does flipper length follow a normal distribution?", "normality", "flipper_length_mm"),
        ("is body mass bell shaped", "normality", "body_mass_g"),
        ("test body mass for normality", "normality", "body_mass_g"),
        ("shapiro wilk test of flipper length", "normality", "flipper_length_mm"),
        ("is the distribution of body mass gaussian?", "normality", "body_mass_g"),
        ("q-q plot of body mass", "normality", "body_mass_g"),
    ],
)
def test_questions_about_one_column_are_read(question, method, outcome):
    found = plan(question, COLUMNS)

    assert (found.method, found.columns, found.needs_clarification) == (method, {"outcome": outcome}, False)
    assert found.notes == ()


@pytest.mark.parametrize(
    "question", ["any outliers?", "are there strange values in this table", "find the anomalies"]
)
def test_without_a_column_every_number_is_looked_through(question):
    found = plan(question, COLUMNS)

    assert (found.method, found.needs_clarification) == ("outliers", False)
    assert found.columns == {"column_1": "body_mass_g", "column_2": "flipper_length_mm"}
    assert explicit_plan("outliers", {}, COLUMNS).columns == found.columns


def test_is_it_bell_shaped_means_the_only_number():
    only = plan("is it bell shaped?", (COLUMNS[0], column("body_mass_g"), *COLUMNS[5:]))

    assert (only.method, only.columns) == ("normality", {"outcome": "body_mass_g"})
    assert plan("is it bell shaped?", COLUMNS).needs_clarification


@pytest.mark.parametrize(
    "question",
    [
        "mean body mass without outliers",
        "does body mass differ by sex ignoring outliers?",
        "outliers in income",
        "is income normally distributed?",
        "is species normally distributed?",
        "outliers in body mass by sex",
        "is body mass normally distributed for males?",
        "outliers in body mass of Gentoo",
        "outliers in body mass above 5000",
    ],
)
def test_what_leaves_rows_out_or_has_no_column_is_not_taken_for_a_scan(question):
    found = plan(question, COLUMNS)

    is_scan_of_all_rows = found.method in ("outliers", "normality") and not found.where
    assert found.needs_clarification or not is_scan_of_all_rows


def test_words_that_may_mean_two_columns_are_asked_back_with_a_reading_for_each():
    bills = (column("bill_length_mm"), column("bill_depth_mm"))

    found = plan("is the bill normally distributed?", bills)

    assert found.needs_clarification
    assert [other.method for other in found.alternatives] == ["normality", "normality"]
    assert found.alternatives[0].reading == "Is bill_length_mm normally distributed?"
