"""How a series runs between its ends: change by what was observed, and bends that one slope does not tell."""

from datetime import date

import numpy as np
import pytest

from jobs.analysis import methods
from tests.analysis.hand_made_told import told
from tests.analysis.test_trend import ASKED, found, months, written
from tests.analysis.whole import answered, table

RNG = np.random.default_rng(1)
GROWTH = 100.0 * 1.01 ** np.arange(120)  # a month


def answer(path, times, values):
    sample, findings = found(written(path, times, values))
    plan = methods.choose(ASKED, sample)
    return told((plan, findings, ())), findings


def test_growth_is_told_between_the_means_at_the_ends_and_a_year(tmp_path):
    values = GROWTH + RNG.normal(0, 0.5, 120)

    said, findings = answer(tmp_path / "t.parquet", months(120), values)

    course = findings.trend.course
    expected = 100 * (values[-12:].mean() / values[:12].mean() - 1)
    assert course.change_percent == pytest.approx(expected, rel=1e-12)
    # months differ in length, so that nine years are not exactly 108 of them
    assert course.percent_a_year == pytest.approx(100 * (1.01**12 - 1), abs=0.1)
    assert "(12.7 % a year)" in said.headline
    assert any("mean of the first 12 points to that of the last 12" in one.text for one in said.paragraphs)


def test_a_bent_course_is_told_by_both_halves(tmp_path):
    said, findings = answer(tmp_path / "t.parquet", months(120), GROWTH + RNG.normal(0, 0.5, 120))

    course = findings.trend.course
    assert course.bent
    assert course.early_slope < course.late_slope
    assert "in the first half and" in said.headline
    assert any("One slope does not tell how the values ran" in one.text for one in said.caveats)


def test_what_turns_round_is_not_called_level(tmp_path):
    times = list(range(1980, 2021))
    values = 50 + (np.arange(41) - 20.0) ** 2 / 10 + RNG.normal(0, 1, 41)

    said, findings = answer(tmp_path / "t.parquet", times, values)

    course = findings.trend.course
    assert course.early_slope < 0 < course.late_slope
    assert said.headline.startswith(
        "The data do not show that y $k$ rose or fell all along from 1980 to 2020, "
    )


def test_noise_about_a_line_is_seldom_called_bent(tmp_path):
    runs = [
        found(written(tmp_path / f"{run}.parquet", months(96), np.arange(96) + RNG.normal(0, 5, 96)))[1]
        for run in range(60)
    ]

    assert sum(run.trend.course.bent for run in runs) <= 3  # 1 % of 60 and chance


def test_values_that_reach_zero_have_no_change_in_percent(tmp_path):
    _, findings = answer(tmp_path / "t.parquet", months(24), np.arange(24) - 3.0 + RNG.normal(0, 0.1, 24))

    assert findings.trend.course.change_percent is None
    assert findings.trend.course.percent_a_year is None


def test_ends_less_than_a_year_apart_give_no_percent_a_year(tmp_path):
    days = [date(2020, 1, 1 + place) for place in range(28)]

    _, findings = answer(tmp_path / "t.parquet", days, 100 + np.arange(28) + RNG.normal(0, 1, 28))

    assert findings.trend.course.change_percent > 15
    assert findings.trend.course.percent_a_year is None


def test_neighbours_that_take_turns_are_not_called_alike(tmp_path):
    values = np.arange(40) * 0.1 + 5 * (-1.0) ** np.arange(40) + RNG.normal(0, 0.3, 40)

    said, findings = answer(tmp_path / "t.parquet", list(range(1980, 2020)), values)

    assert findings.trend.autocorrelation < -0.8
    caveats = " ".join(one.text for one in said.caveats)
    assert "Neighbouring points take turns" in caveats
    assert "are alike" not in caveats


def test_a_trend_of_mostly_equal_values_is_told_by_the_test_not_by_its_slope_of_zero(tmp_path):
    values = np.zeros(60)
    values[30:] = np.random.default_rng(3).random(30) < 0.45

    said, findings = answer(tmp_path / "t.parquet", list(range(1950, 2010)), values)

    assert findings.trend.slope == 0.0
    assert findings.tests[0].pvalue < 0.05
    assert said.headline.startswith(
        "y $k$ rose more often than not from 1950 to 2009, though the middle of all"
    )


def test_passengers_grow_by_what_their_first_and_last_year_say(tmp_path):
    found_ = answered(table("air_passengers"), tmp_path / "p", question="is there a trend in passengers")

    course = found_.findings.trend.course
    # yearly means of 1949 and 1960: 126.67 and 476.17 (Box & Jenkins 1976)
    assert (course.first_mean, course.last_mean) == (
        pytest.approx(1520 / 12, rel=1e-12),
        pytest.approx(5714 / 12, rel=1e-12),
    )
    assert "12.8 % a year" in found_.interpretation.headline
