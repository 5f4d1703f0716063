"""Change over time gives the numbers that R gives (tests/data/r/trend.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.numerics.change import (
    limits_of,
    mann_kendall,
    seasonal_strength,
    sen_interval,
    steady_line,
    theil_sen,
    two_sided,
)
from jobs.analysis.numerics.seasons import seasonal_kendall, seasonal_slopes
from tests.analysis.methods.reference import close

CASES = json.loads((Path(__file__).parents[2] / "data/r/trend.json").read_text())["cases"]


@pytest.mark.agrees(
    "Trend", "Theil-Sen, Mann-Kendall, Hamed-Rao, Newey-West, seasonal strength", "lm, acf, decompose"
)
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_change_over_time_agrees_with_r(case):
    t, y = np.array(case["t"], dtype=float), np.array(case["y"], dtype=float)

    kendall, line = mann_kendall(t, y), steady_line(t, y, level=0.95)
    low, high = sen_interval(t, y, kendall.variance, 0.95)

    expected = case["kendall"]
    assert (kendall.s, kendall.variance) == close((expected["s"], expected["variance"]), rel=1e-12)
    assert kendall.factor == close(expected["factor"])
    assert two_sided(kendall.z(corrected=False)) == close(expected["p"])
    if "corrected_p" in expected and isinstance(expected["corrected_p"], float):
        assert two_sided(kendall.z(corrected=True)) == close(expected["corrected_p"])
    assert theil_sen(t, y) == close(case["sen"]["slope"], rel=1e-12)
    assert (low, high) == close((case["sen"]["low"], case["sen"]["high"]))
    found = (line.slope, line.low, line.high, line.statistic, line.pvalue, line.autocorrelation)
    wanted = [case["line"][name] for name in ("slope", "low", "high", "t", "p", "r1")]
    assert found == close(wanted)
    assert line.lags == case["line"]["lags"]
    if isinstance(case.get("season"), int):
        assert seasonal_strength(y, case["season"]) == close(case["strength"])


@pytest.mark.agrees("Trend", "seasonal Mann-Kendall, its covariances, slope, limits, Newey-West", "lm, sign")
@pytest.mark.parametrize(
    "case",
    [case for case in CASES if isinstance(case.get("season"), int)],
    ids=[case["name"] for case in CASES if isinstance(case.get("season"), int)],
)
def test_change_within_a_season_agrees_with_r(case):
    t, y, season = np.array(case["t"], float), np.array(case["y"], float), case["season"]

    kendall, slopes = seasonal_kendall(y, season), seasonal_slopes(t, y, season)
    line = steady_line(t, y, level=0.95, season=season)

    wanted = case["seasonal"]
    assert (kendall.s, kendall.variance) == close((wanted["s"], wanted["plain"]), rel=1e-12)
    assert kendall.variance * kendall.factor == close(wanted["whole"])
    found = (np.median(slopes), *limits_of(slopes, kendall.variance, 0.95))
    assert found == close((wanted["slope"], wanted["low"], wanted["high"]))
    assert (line.slope, line.statistic, line.pvalue) == close([wanted[name] for name in ("line", "t", "p")])


@pytest.mark.parametrize("sticky", [0.0, 0.4])
@pytest.mark.parametrize("height", [1.0, 4.0])
def test_a_season_without_a_trend_gives_few_false_alarms(height, sticky):
    random = np.random.default_rng(20140305)
    alarms, plain, rounds = 0, 0, 300
    for _ in range(rounds):
        noise = random.normal(size=96)
        for place in range(1, 96):
            noise[place] += sticky * noise[place - 1]
        y = height * np.sin(np.arange(96) * np.pi / 6 + random.uniform(0, 6)) + noise
        alarms += two_sided(seasonal_kendall(y, 12).z(corrected=True)) < 0.05
        plain += two_sided(seasonal_kendall(y, 12).z(corrected=False)) < 0.05

    assert alarms / rounds <= 0.075
    assert sticky == 0.0 or plain / rounds > 0.1  # what the covariances are for
