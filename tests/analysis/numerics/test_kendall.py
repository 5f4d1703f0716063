"""Kendall's tau gives R's numbers, with ties and without."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from jobs.analysis import methods
from jobs.analysis.numerics.kendall import inversions, kendall, tau_interval
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.samples import PairedSample
from tests.analysis.hand_made_told import told
from tests.analysis.methods.reference import close

CASES = json.loads((Path(__file__).parents[2] / "data/r/kendall.json").read_text())["cases"]


@pytest.mark.agrees("Kendall", "tau-b, p, limits", "cor.test")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_tau_agrees_with_cor_test(case):
    x, y = np.array(case["x"], dtype=float), np.array(case["y"], dtype=float)

    found = kendall(x, y)

    assert (found.value, found.pvalue) == close((case["tau"], case["p"]))
    if x.size > 4:
        assert tau_interval(found.value, x.size, 0.95) == close((case["low"], case["high"]))


@pytest.mark.parametrize("different", [3, 40, 10**9])
def test_tau_of_many_rows_agrees_with_scipy(different):
    source = np.random.default_rng(different)
    x = source.integers(0, different, 3_000).astype(float)
    y = np.round(0.2 * x) + source.integers(0, different, 3_000)

    found = kendall(x, y)

    expected = stats.kendalltau(x, y, method="asymptotic")
    assert found.value == pytest.approx(expected.statistic, rel=1e-12)
    assert found.pvalue == pytest.approx(expected.pvalue, rel=1e-9)


def test_inversions_are_the_pairs_out_of_order():
    places = np.array([3, 1, 1, 0, 2, 3, 0])

    assert inversions(places) == 11  # 5 + 2 + 2 + 0 + 1 + 1 of the first six
    assert inversions(np.arange(1_000)) == 0
    assert inversions(np.arange(1_000)[::-1].copy()) == 499_500


def test_tau_of_a_perfect_order_or_four_rows_has_no_interval():
    assert tau_interval(1.0, 20, 0.95) is None
    assert tau_interval(0.3, 4, 0.95) is None


def test_few_pairs_with_ties_are_told_by_tau():
    values = np.array([1.0, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 60])
    sample = PairedSample("dose", "answer", values, values[::-1].copy(), 12, {})
    asked = Plan("relationship", "pearson_correlation", {"x": "dose", "y": "answer"}, 0.9, "Two numbers.")

    chosen = methods.choose(asked, sample)
    findings = methods.run(chosen, sample)
    answer = told((chosen, findings, ()))

    assert chosen.method == "kendall_correlation"
    assert findings.tests[0].symbol == "tau"
    assert {test.method for test in findings.tests[1:]} == {"pearson_correlation", "spearman_correlation"}
    assert answer.headline.startswith("Higher dose goes with lower answer (rank correlation τ = -")
    assert answer.apa.startswith("τ = -")


def test_many_pairs_or_pairs_without_ties_keep_spearman():
    skewed = np.exp(np.arange(12.0))
    sample = PairedSample("a", "b", skewed, skewed[::-1].copy(), 12, {})
    asked = Plan("relationship", "pearson_correlation", {"x": "a", "y": "b"}, 0.9, "Two numbers.")

    assert methods.choose(asked, sample).method == "spearman_correlation"
