"""Change over time gives the numbers that R gives (tests/data/r/trend.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.numerics.change import (
    mann_kendall,
    seasonal_strength,
    sen_interval,
    steady_line,
    theil_sen,
    two_sided,
)

CASES = json.loads((Path(__file__).parents[2] / "data/r/trend.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_change_over_time_agrees_with_r(case):
    t, y = np.array(case["t"], dtype=float), np.array(case["y"], dtype=float)

    kendall, line = mann_kendall(t, y), steady_line(t, y, level=0.95)
    low, high = sen_interval(t, y, kendall.variance, 0.95)

    expected = case["kendall"]
    assert (kendall.s, kendall.variance) == pytest.approx((expected["s"], expected["variance"]), rel=1e-12)
    assert kendall.factor == pytest.approx(expected["factor"], rel=1e-9)
    assert two_sided(kendall.z(corrected=False)) == pytest.approx(expected["p"], rel=1e-9)
    if "corrected_p" in expected and isinstance(expected["corrected_p"], float):
        assert two_sided(kendall.z(corrected=True)) == pytest.approx(expected["corrected_p"], rel=1e-9)
    assert theil_sen(t, y) == pytest.approx(case["sen"]["slope"], rel=1e-12)
    assert (low, high) == pytest.approx((case["sen"]["low"], case["sen"]["high"]), rel=1e-9)
    found = (line.slope, line.low, line.high, line.statistic, line.pvalue, line.autocorrelation)
    wanted = [case["line"][name] for name in ("slope", "low", "high", "t", "p", "r1")]
    assert found == pytest.approx(wanted, rel=1e-9)
    assert line.lags == case["line"]["lags"]
    if isinstance(case.get("season"), int):
        assert seasonal_strength(y, case["season"]) == pytest.approx(case["strength"], rel=1e-9)
