"""Kendall's tau gives R's numbers, with ties and without."""

import json
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.numerics.kendall import kendall, tau_interval
from jobs.analysis.result import Plan
from jobs.analysis.samples import PairedSample
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
