"""Two measures a row, and one sample against a value, against R 4.2's numbers of tests/data/r/paired.R.

Tolerances as in `test_methods_against_r`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.sampling.designs import RepeatedSample
from tests.analysis.methods.reference import a_pvalue, close, effect_of, explicit, limits, test_of

REFERENCE = json.loads((Path(__file__).parents[2] / "data/r/paired.json").read_text())
PAIRS = [case for case in REFERENCE["cases"] if case["kind"] == "paired"]
pairs = pytest.mark.parametrize("case", PAIRS, ids=[case["name"] for case in PAIRS])


def repeated(case: Mapping) -> RepeatedSample:
    values = np.array(case["data"], dtype=float).T
    return RepeatedSample(None, ("before", "after"), values, len(values), {})


@pytest.mark.agrees("Paired t", "t, df, p, difference, limits", "t.test")
@pairs
def test_paired_t_equals_r(case):
    expected = case["expected"]["t"]

    test = test_of(methods.run(explicit("paired_t_test"), repeated(case)), "paired_t_test")

    assert test.statistic == close(expected["statistic"])
    assert test.df == (expected["df"],)
    assert test.pvalue == a_pvalue(expected["p"])
    assert test.estimate.value == close(expected["difference"])
    assert limits(test.estimate.interval) == close(expected["interval"])


@pytest.mark.agrees("Signed rank", "V, p, shift, limits", "wilcox.test")
@pairs
def test_signed_rank_equals_r(case):
    expected = case["expected"]["rank"]

    test = methods.run(explicit("wilcoxon_signed_rank"), repeated(case)).tests[0]

    assert (test.method, test.role) == ("wilcoxon_signed_rank", "primary")
    assert test.statistic == close(expected["v"])
    assert test.pvalue == a_pvalue(expected["p"])
    assert test.exact is expected["exact"]
    assert test.estimate.value == close(expected["shift"])
    if len(case["data"][0]) > 3:  # of three rows R gives an interval of less coverage, with a warning
        # Beyond the exact case R's uniroot stops within 1e-4 in the unit of the data.
        tolerance = 1e-9 if expected["exact"] else 2e-4
        assert limits(test.estimate.interval) == close(expected["interval"], rel=0, abs_=tolerance)


@pytest.mark.agrees("Effect sizes of changes", "dz, g, rank-biserial r, limits", "effectsize, pt")
@pairs
def test_effect_sizes_of_changes_equal_effectsize(case):
    expected = case["expected"]

    found = methods.run(explicit("paired_t_test"), repeated(case))

    for name, key in (("cohen_dz", "dz"), ("hedges_g", "g")):
        effect = effect_of(found, name)
        assert effect.value == close(expected[key]["value"])
        assert limits(effect.interval) == close(expected[key]["interval"], rel=1e-6, abs_=1e-9)
        # effectsize itself stops a simplex search after three or four digits; two with three rows
        assert limits(effect.interval) == close(expected[key]["effectsize"], rel=5e-3, abs_=1e-2)
    biserial = effect_of(found, "rank_biserial")
    assert biserial.value == close(expected["biserial"]["value"])
    if abs(biserial.value) < 1:
        assert limits(biserial.interval) == close(expected["biserial"]["interval"])
        if 0 not in np.subtract(*case["data"]):
            assert limits(biserial.interval) == close(expected["biserial"]["effectsize"])


@pytest.mark.agrees("Shapiro-Wilk", "W, p", "shapiro.test")
@pairs
def test_the_shape_of_changes_equals_r(case):
    expected = case["expected"]["shapiro"]

    normality = methods.run(explicit("paired_t_test"), repeated(case)).assumptions[0]

    assert normality.statistic == close(expected["statistic"], rel=1e-7)
    # scipy evaluates the same polynomials (Royston 1995) from coefficients in single precision
    assert normality.pvalue == close(expected["p.value"], rel=1e-5)
