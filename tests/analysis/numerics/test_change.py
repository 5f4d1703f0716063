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
