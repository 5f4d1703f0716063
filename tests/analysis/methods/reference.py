"""The reference numbers that R made, and how close to them is close enough."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.results.result import Descriptive, EffectSize, Findings, Interval, Plan, Test
from jobs.analysis.sampling.samples import GroupedSample
from tests.analysis.agreement import Near

REFERENCE = json.loads((Path(__file__).parents[2] / "data/r/reference.json").read_text())
SMALLEST_P = 1e-290  # below it the two libraries leave the range of a float at different places


def cases(kind: str):
    found = [case for case in REFERENCE["cases"] if case["kind"] == kind]
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def explicit(method: str) -> Plan:
    return Plan("test", method, {}, confidence=1.0, because="given", explicit=True)


def grouped(case: Mapping) -> GroupedSample:
    values = tuple(np.array(group, dtype=float) for group in case["data"])
    levels = tuple(f"group {index}" for index in range(len(values)))
    return GroupedSample("outcome", "group", levels, values, sum(map(len, values)), {})


def close(expected, *, rel: float = 1e-9, abs_: float = 1e-13):
    return Near(expected, rel=rel, abs_=abs_)


def a_pvalue(expected: float | list[float]):
    return Near(expected, rel=1e-9, abs_=SMALLEST_P)


def limits(interval: Interval | None) -> list[float | None]:
    assert interval is not None
    return [interval.low, interval.high]


def assert_limits(effect: EffectSize, low: float, high: float, *, abs_: float = 1e-7) -> None:
    """Compare with R's limits: ours reach the estimate; none where they would shrink onto 0 and it."""
    if low == 0.0 and high <= effect.value:
        assert limits(effect.interval) == [None, None]
    else:
        assert limits(effect.interval) == close([low, max(high, effect.value)], rel=1e-6, abs_=abs_)


def test_of(findings: Findings, method: str) -> Test:
    return next(test for test in findings.tests if test.method == method)


test_of.__test__ = False  # a helper, whatever its name says


def effect_of(findings: Findings, name: str) -> EffectSize:
    return next(effect for effect in findings.effect_sizes if effect.name == name)


def assert_described(found: Descriptive, expected: Mapping) -> None:
    assert found.n == expected["n"]
    assert found.mean == close(expected["mean"])
    assert found.sd == close(expected["sd"])
    assert limits(found.mean_interval) == close(expected["interval"])
    quartiles = [found.minimum, found.q1, found.median, found.q3, found.maximum]
    assert quartiles == close(expected["quartiles"])
    if expected.get("skewness") is not None:
        assert found.skewness == close(expected["skewness"], abs_=1e-10)
